//! Farms that learn (MODEL section 12): after every evening a farm sees which of its jobs were caught, knows what each tactic earns and costs, and offers
//! more of what pays.
//!
//! A tactic's return on money is what it earned less what was laid out, over what was laid out. A job that is caught is not paid for, and the accounts
//! that came for it are lost. Farms choose among tactics by logit choice over returns as they remember them.

use super::bench::{Ground, Ready, Stage, figure, thresholds_of};
use super::board::{Learnt, Payoffs, Remix, Tried};
use super::enforced::{self, Enforced, Watch};
use super::jobs::side_by_side;
use super::remixed::{Remixed, remixed};
use super::stream::record;
use super::trial::Entrant;
use crate::detect::scoring::{Figure, Track, Verdict};
use crate::detect::suite::{Mix, Part, Planned, Split};
use crate::detect::truth::Threat;
use crate::experiment::RunError;
use crate::scenario::Farm;
use crate::scenario::file::AdaptiveTable;

/// Detectors that farms are let learn against, at most: every one of them costs tactics x streams runs, and as many as evenings x streams.
const MOST: usize = 8;

/// What the column is called in which nobody watches: what tactics are worth by themselves.
pub const NOBODY: &str = "no detector";

/// What the mixes of tactics are called beside the tactics.
const SUITES_MIX: &str = "mix_before";
const LEARNT_MIX: &str = "mix_after";

/// Against whom farms play: a detector, or nobody.
pub(super) type Player<'a> = Option<&'a Ready<'a>>;

fn name_of(player: Player) -> String {
    player.map_or_else(|| NOBODY.to_owned(), |one| one.entrant.name())
}

/// What a tactic's jobs came to in one run.
#[derive(Debug, Clone, Copy, Default)]
struct Takings {
    jobs: f64,
    caught: f64,
    earned: f64,
    laid_out: f64,
}

impl Takings {
    fn add(&mut self, other: Takings) {
        self.jobs += other.jobs;
        self.caught += other.caught;
        self.earned += other.earned;
        self.laid_out += other.laid_out;
    }

    fn share_caught(&self) -> Option<f64> {
        (self.jobs > 0.0).then(|| self.caught / self.jobs)
    }

    fn gain(&self) -> Option<f64> {
        (self.laid_out > 0.0).then(|| (self.earned - self.laid_out) / self.laid_out)
    }
}

struct Game<'a> {
    ground: &'a Ground<'a>,
    terms: &'a AdaptiveTable,
    tactics: Vec<String>,
    budget: usize,
}

/// Those against whom farms are let learn: nobody, then programs and detectors of one's own, who knows the truth, and of the others those that rank best;
/// in the order of the list.
fn players<'a>(ready: &'a [Ready<'a>], detectors: &[Tried], budget: usize) -> Vec<Player<'a>> {
    let acts =
        |one: &Ready| thresholds_of(&one.thresholds, budget) != crate::market::Thresholds::NEVER;
    let rank = |one: &Ready, tried: &Tried| match one.entrant {
        Entrant::Baseline(baseline) if baseline.told.is_none() => {
            let of_farms = tried
                .verdicts
                .iter()
                .filter(|verdict| verdict.track != Track::Offers);
            of_farms
                .filter_map(|verdict| verdict.average_precision.mean)
                .sum()
        }
        _ => f64::INFINITY,
    };
    let all = ready.iter().zip(detectors).enumerate();
    let mut ranked: Vec<(f64, usize)> = all
        .filter(|(_, (one, _))| acts(one))
        .map(|(place, (one, tried))| (rank(one, tried), place))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(MOST);
    ranked.sort_by_key(|(_, place)| *place);
    let chosen = ranked.into_iter().map(|(_, place)| Some(&ready[place]));
    std::iter::once(None).chain(chosen).collect()
}

/// Plays the game of tactics against detectors, given what they have come to on streams.
///
/// # Errors
/// Why it did not come to its end.
pub(super) fn adapt(
    ground: &Ground,
    terms: &AdaptiveTable,
    (ready, detectors): (&[Ready], &[Tried]),
    budget: usize,
    stage: &Stage,
) -> Result<Payoffs, RunError> {
    let suite = ground.wanted.suite;
    let threats = suite.file.threats.iter();
    let by_farms = threats.filter(|(_, threat)| !threat.farms.is_empty());
    let game = Game {
        ground,
        terms,
        tactics: by_farms.map(|(name, _)| name.clone()).collect(),
        budget,
    };
    let players = players(ready, detectors, budget);
    let cells = game.cells(&players, stage)?;
    let tell = |done: usize, of: usize| stage("farms that learn", done, of);
    let learnt = side_by_side(ground.wanted.threads, players.len(), &tell, |who| {
        game.learn(players[who])
    })?;
    let table = |value: &dyn Fn(&[Run]) -> Figure| -> Vec<Vec<Figure>> {
        cells
            .iter()
            .map(|row| row.iter().map(|runs| value(runs)).collect())
            .collect()
    };
    let mut payoffs = Payoffs {
        tactics: game.tactics.clone(),
        detectors: players.iter().map(|one| name_of(*one)).collect(),
        farm_return: table(&|runs| figure(runs.iter().map(|run| run.all.gain()).collect())),
        caught: table(&|runs| figure(runs.iter().map(|run| run.all.share_caught()).collect())),
        harm: table(&|runs| figure(runs.iter().map(|run| Some(run.harm)).collect())),
        learnt,
    };
    let alone = (0..game.tactics.len()).map(|one| game.only(one)).collect();
    let settled = payoffs.learnt.iter().map(|learnt| learnt.mix.last());
    let settled = settled.map(|mix| mix.map_or_else(Mix::new, |shares| game.mix_of(shares)));
    let remixed = remixed(ground, &players, (alone, settled.collect()), stage)?;
    for (who, (learnt, remixed)) in payoffs.learnt.iter_mut().zip(remixed).enumerate() {
        let alone = game.tactics.iter().zip(&payoffs.caught);
        learnt.worst_caught = worst(alone.map(|(tactic, row)| (tactic.as_str(), &row[who])));
        learnt.precision = precision(&game.tactics, detectors, &learnt.detector, &remixed);
    }
    Ok(payoffs)
}

/// The name with the least mean, and its figure; nothing where there is no mean at all.
fn worst<'a>(figures: impl Iterator<Item = (&'a str, &'a Figure)>) -> (String, Figure) {
    let known = figures.filter_map(|one| one.1.mean.map(|mean| (mean, one)));
    let least = known.min_by(|a, b| a.0.total_cmp(&b.0));
    let (name, figure) = least.map(|(_, one)| one).unzip();
    (
        name.unwrap_or_default().to_owned(),
        figure.cloned().unwrap_or_default(),
    )
}

/// Average precision by track: on the suite's own mix, on that which farms have come to, and on the worst of these and of every tactic alone.
fn precision(tactics: &[String], detectors: &[Tried], name: &str, remixed: &Remixed) -> Vec<Remix> {
    let mut tried = detectors.iter();
    let verdicts = tried.find(|tried| tried.name == name);
    let verdicts = verdicts.map_or(&[][..], |tried| &tried.verdicts);
    let by_farms = verdicts.iter().filter(|of| of.track != Track::Offers);
    let remix = |before: &Verdict| {
        let track = before.track as usize;
        let after = &remixed.settled[track];
        let alone = tactics.iter().zip(&remixed.alone);
        let alone =
            alone.map(|(tactic, verdicts)| (tactic.as_str(), &verdicts[track].average_precision));
        let mixes = [
            (SUITES_MIX, &before.average_precision),
            (LEARNT_MIX, &after.average_precision),
        ];
        Remix {
            track: before.track,
            static_chance: before.prevalence.clone(),
            static_precision: before.average_precision.clone(),
            adapted_chance: after.prevalence.clone(),
            adapted_precision: after.average_precision.clone(),
            worst_precision: worst(mixes.into_iter().chain(alone)),
        }
    };
    by_farms.map(remix).collect()
}

/// A run of one market.
struct Run {
    /// By tactic.
    takings: Vec<Takings>,
    all: Takings,
    harm: f64,
}

impl Game<'_> {
    /// Every tactic alone against every detector: rows are tactics.
    fn cells(&self, players: &[Player], stage: &Stage) -> Result<Vec<Vec<Vec<Run>>>, RunError> {
        let (rows, columns) = (self.tactics.len(), players.len());
        let streams = self.ground.test.len();
        let tell = |done: usize, of: usize| stage("tactics against detectors", done, of);
        let jobs = rows * columns * streams;
        let threads = self.ground.wanted.threads;
        let mut runs = side_by_side(threads, jobs, &tell, |job| {
            let (row, rest) = (job / (columns * streams), job % (columns * streams));
            let mix = self.only(row);
            self.run(players[rest / streams], rest % streams, &mix)
        })?
        .into_iter();
        let mut cell = || runs.by_ref().take(streams).collect::<Vec<Run>>();
        Ok((0..rows)
            .map(|_| (0..columns).map(|_| cell()).collect())
            .collect())
    }

    /// The share of rooms that buy, all tactics together.
    fn whole(&self) -> f64 {
        let threats = &self.ground.wanted.suite.file.threats;
        let shares = self.tactics.iter().filter_map(|name| threats.get(name));
        shares.map(|threat| threat.rooms).sum()
    }

    /// Factors on the suite's shares by which tactics have these shares of all jobs.
    fn mix_of(&self, shares: &[f64]) -> Mix {
        let threats = &self.ground.wanted.suite.file.threats;
        let whole = self.whole();
        let tactics = self.tactics.iter().zip(shares);
        tactics
            .filter_map(|(name, share)| {
                let rooms = threats.get(name)?.rooms;
                (rooms > 0.0).then(|| (name.clone(), share * whole / rooms))
            })
            .collect()
    }

    fn only(&self, tactic: usize) -> Mix {
        let shares = (0..self.tactics.len()).map(|one| f64::from(u8::from(one == tactic)));
        self.mix_of(&shares.collect::<Vec<f64>>())
    }

    fn run(&self, player: Player, stream: usize, mix: &Mix) -> Result<Run, String> {
        let suite = self.ground.wanted.suite;
        let stream = &self.ground.test[stream];
        // Who knows the truth has to know that of this market.
        let told = player.and_then(|one| one.entrant.told());
        let own = told.map(|_| record(suite, stream.seed, Split::Test, Some(mix)));
        let own = own.transpose()?;
        let stream = own.as_ref().unwrap_or(stream);
        let watch = player.map(|one| Watch {
            entrant: one.entrant,
            lesson: &one.lesson,
            thresholds: thresholds_of(&one.thresholds, self.budget),
            stream,
        });
        let of = (stream.seed, Split::Test, Some(mix));
        let enforced = enforced::run(suite, of, watch.as_ref())?;
        let takings = self.takings(&enforced);
        let mut all = Takings::default();
        takings.iter().for_each(|one| all.add(*one));
        Ok(Run {
            takings,
            all,
            harm: enforced.harm,
        })
    }

    /// What the jobs of a run came to, by tactic.
    fn takings(&self, run: &Enforced) -> Vec<Takings> {
        let mut takings = vec![Takings::default(); self.tactics.len()];
        for planned in &run.plan.all {
            let tactic = self.tactics.iter().position(|name| *name == planned.name);
            let (Some(tactic), Part::Threat { threat, farm, .. }) = (tactic, &planned.part) else {
                continue;
            };
            let Some(farm) = farm else { continue };
            let farm = &run.scenario.farms[*farm as usize];
            takings[tactic].add(self.job(run, planned, (*threat, farm)));
        }
        takings
    }

    /// What one job earned, and what was laid out for it. All of it is caught where its room is; else the share of the room's bought accounts that were.
    fn job(&self, run: &Enforced, planned: &Planned, (threat, farm): (Threat, &Farm)) -> Takings {
        let sent = run.delivered.get(planned.room as usize);
        let sent = sent.copied().unwrap_or(0) as f64;
        let accounts = (planned.count as f64).min(sent);
        if accounts <= 0.0 {
            // A job that never came to anything is not paid for.
            return Takings::default();
        }
        // Everybody who likes does so more than once; else there is one of each.
        let count = match threat {
            Threat::LikesAndComments => planned.count as f64,
            _ => accounts,
        };
        let taken = run.caught.taken.get(&planned.room).copied().unwrap_or(0) as f64;
        let caught = match run.caught.rooms.contains(&planned.room) {
            true => 1.0,
            false => (taken / sent).min(1.0),
        };
        let per_10_000 = |place: usize| farm.price_per_10_000[place].yuan() / 10_000.0;
        let price = match threat {
            Threat::BrushedOrders => farm.brushed_order_price.yuan(),
            Threat::LikesAndComments => per_10_000(1),
            Threat::Followers => per_10_000(3),
            _ => per_10_000(0),
        };
        let is_real = farm.crew.per_device == 1;
        let (running, account) = match is_real {
            true => (self.terms.real_running_cost, self.terms.real_account_cost),
            false => (self.terms.running_cost, self.terms.account_cost),
        };
        let fee = count * price;
        Takings {
            jobs: 1.0,
            caught,
            earned: (1.0 - caught) * fee,
            laid_out: running * fee + caught * accounts * account,
        }
    }

    /// Evening after evening farms see what was caught, and change their mix.
    fn learn(&self, player: Player) -> Result<Learnt, String> {
        let threats = &self.ground.wanted.suite.file.threats;
        let rooms = |name: &String| threats.get(name).map_or(0.0, |threat| threat.rooms);
        let whole = self.whole().max(f64::MIN_POSITIVE);
        let mut shares: Vec<f64> = self
            .tactics
            .iter()
            .map(|name| rooms(name) / whole)
            .collect();
        let mut remembered: Vec<Option<f64>> = vec![None; self.tactics.len()];
        let mut learnt = Learnt {
            detector: name_of(player),
            mix: Vec::new(),
            caught: Vec::new(),
            harm: Vec::new(),
            farm_return: Vec::new(),
            static_caught: Figure::default(),
            adapted_caught: Figure::default(),
            worst_caught: <(String, Figure)>::default(),
            precision: Vec::new(),
        };
        for _ in 0..=self.terms.rounds {
            let mix = self.mix_of(&shares);
            let runs = (0..self.ground.test.len()).map(|stream| self.run(player, stream, &mix));
            let runs = runs.collect::<Result<Vec<Run>, String>>()?;
            learnt.mix.push(shares.clone());
            let over =
                |value: &dyn Fn(&Run) -> Option<f64>| figure(runs.iter().map(value).collect());
            learnt.caught.push(over(&|run| run.all.share_caught()));
            learnt.farm_return.push(over(&|run| run.all.gain()));
            learnt.harm.push(over(&|run| Some(run.harm)));
            self.remember(&runs, &mut remembered);
            shares = self.choose(&shares, &remembered);
        }
        learnt.static_caught = learnt.caught.first().cloned().unwrap_or_default();
        learnt.adapted_caught = learnt.caught.last().cloned().unwrap_or_default();
        Ok(learnt)
    }

    fn remember(&self, runs: &[Run], remembered: &mut [Option<f64>]) {
        for (tactic, known) in remembered.iter_mut().enumerate() {
            let mut all = Takings::default();
            runs.iter().for_each(|run| all.add(run.takings[tactic]));
            if let Some(gain) = all.gain() {
                let weight = known.map_or(1.0, |_| self.terms.learning);
                *known = Some(weight * gain + (1.0 - weight) * known.unwrap_or(0.0));
            }
        }
    }

    /// Logit choice over returns, from the mix of the suite; of what was never tried nothing is known, and it keeps its share.
    fn choose(&self, shares: &[f64], remembered: &[Option<f64>]) -> Vec<f64> {
        let threats = &self.ground.wanted.suite.file.threats;
        let most = remembered.iter().flatten().copied().fold(0.0, f64::max);
        let weights: Vec<f64> = self
            .tactics
            .iter()
            .zip(remembered)
            .map(|(name, gain)| {
                let rooms = threats.get(name).map_or(0.0, |threat| threat.rooms);
                let gain = gain.unwrap_or(0.0) - most;
                rooms * libm::exp(self.terms.keenness * gain)
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            return shares.to_vec();
        }
        weights.iter().map(|weight| weight / sum).collect()
    }
}
