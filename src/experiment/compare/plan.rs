//! What a comparison consists of: the scenario, the arms, the seeds, and which run is which. A plan is all that is needed to do it, or to do it
//! again; it is checked completely before anything is simulated.

use super::uncertainty::redraw;
use crate::draws::{identity_of_name, seed_of};
use crate::experiment::{Metric, VERSION, metrics_in, no_metric};
use crate::scenario::file::{Moment, RegimeFile};
use crate::scenario::{Bundle, Fault, Faults, Request, Scenario, load, load_regime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Metrics declared primary unless the user says otherwise: the first that a run has.
const PRIMARY: [&str; 2] = ["net_detriment", "deception_harm"];

/// Replications, at most.
pub const MOST: u32 = 10_000;

/// What the user asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Name of a shipped scenario, or a path.
    pub what: &'a str,
    /// Changes to the scenario, each `path.to.key=value`.
    pub changes: &'a [String],
    /// Seed from which those of the replications come; the scenario's by default.
    pub seed: Option<u64>,
    /// Regimes, by name or path.
    pub regimes: &'a [String],
    /// The regime that the others are compared with; the first by default.
    pub baseline: Option<&'a str>,
    /// Replications.
    pub replications: u32,
    /// Key of the primary metric.
    pub primary: Option<&'a str>,
    /// Seeds for each draw of the assumptions; `None`: they are not redrawn.
    pub seeds_per_draw: Option<u32>,
    /// The moment from which the arms differ, such as "2020-11-01 20:00" or "2020-11-01".
    pub from: Option<&'a str>,
}

/// A regime as an arm has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ruled {
    /// Its name.
    pub name: String,
    /// Its rules.
    pub regime: RegimeFile,
}

/// A change of the command line, and the scenario without it: whether it changes anything is found out by a run of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Without {
    /// The change.
    pub change: String,
    /// Scenario and baseline regime without it.
    pub bundle: Bundle,
}

/// What a comparison consists of. One that is read back is checked, since anybody may have changed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// Version of the program.
    pub version: String,
    /// The scenario, under the baseline's regime; its seed is the base seed.
    pub bundle: Bundle,
    /// The arms, the baseline first.
    pub arms: Vec<Ruled>,
    /// Replications.
    pub replications: u32,
    /// The moment from which the arms differ.
    pub from: Option<Moment>,
    /// Seeds for each draw of the assumptions, where they are redrawn.
    pub seeds_per_draw: Option<u32>,
    /// Key of the primary metric.
    pub primary: String,
    /// Every metric, in order.
    pub metrics: Vec<Metric>,
    /// Changes of the command line that may turn out to change nothing.
    pub without: Vec<Without>,
}

/// A run of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// An arm in a replication.
    Arm {
        /// The replication, from 0.
        replication: u32,
        /// The arm, from 0.
        arm: usize,
    },
    /// The baseline in a replication without one of the changes.
    Without {
        /// The replication, from 0.
        replication: u32,
        /// The change, from 0.
        change: usize,
    },
}

/// Makes a plan of what is wanted.
///
/// # Errors
/// Everything that is wrong with scenario and regimes, or the first thing that is wrong with the rest.
pub fn plan(wanted: &Wanted) -> Result<Plan, Faults> {
    let regimes = in_order(wanted)?;
    let from = wanted.from.map(moment).transpose()?;
    let (bundle, arms) = loaded(wanted, &regimes, from)?;
    named_apart(&arms, &regimes)?;
    let scenario = bundle.resolve().map_err(Faults::one)?;
    if let Some(from) = from {
        within(&scenario, from)?;
    }
    divides(wanted)?;
    let metrics = metrics_in(scenario);
    Ok(Plan {
        version: VERSION.to_owned(),
        primary: primary_of(wanted.primary, &metrics)?,
        without: without_each(wanted, regimes[0], &bundle),
        bundle,
        arms,
        replications: wanted.replications,
        from,
        seeds_per_draw: wanted.seeds_per_draw,
        metrics,
    })
}

fn wrong<T>(message: String, help: &str) -> Result<T, Faults> {
    let fault = Fault::of(message);
    Err(Faults(vec![match help {
        "" => fault,
        help => fault.help(help),
    }]))
}

/// The regimes asked for, the baseline first.
fn in_order<'a>(wanted: &Wanted<'a>) -> Result<Vec<&'a str>, Faults> {
    let mut regimes: Vec<&str> = wanted.regimes.iter().map(String::as_str).collect();
    if regimes.len() < 2 {
        let help = "for example --regimes none,disclosure; yellowcart list names what is shipped";
        return wrong("a comparison needs two regimes or more".to_owned(), help);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = regimes.iter().find(|regime| !seen.insert(**regime)) {
        return wrong(format!("regime `{twice}` is given twice"), "");
    }
    if let Some(baseline) = wanted.baseline {
        let is_it = |regime: &&str| *regime == baseline || name_of(regime) == baseline;
        let Some(at) = regimes.iter().position(is_it) else {
            let message = format!("the baseline `{baseline}` is not among the regimes");
            return wrong(message, &format!("the regimes are {}", regimes.join(", ")));
        };
        let baseline = regimes.remove(at);
        regimes.insert(0, baseline);
    }
    Ok(regimes)
}

/// The scenario under the baseline, and every arm.
fn loaded(
    wanted: &Wanted,
    regimes: &[&str],
    from: Option<Moment>,
) -> Result<(Bundle, Vec<Ruled>), Faults> {
    let mut faults = Faults::default();
    let bundle = bundle_with(wanted, wanted.changes, regimes[0]);
    let mut arms = Vec::new();
    for regime in &regimes[1..] {
        match load_regime(regime, None) {
            Ok(file) => arms.push(Ruled {
                name: name_of(regime),
                regime: later(file, from),
            }),
            Err(found) => faults.0.extend(found.0),
        }
    }
    match bundle {
        Ok(bundle) if faults.is_empty() => {
            let baseline = Ruled {
                name: bundle.regime_name.clone(),
                regime: bundle.regime.clone(),
            };
            arms.insert(0, baseline);
            Ok((bundle, arms))
        }
        Ok(_) => Err(faults),
        Err(mut found) => {
            found.0.append(&mut faults.0);
            Err(found)
        }
    }
}

fn bundle_with(wanted: &Wanted, changes: &[String], baseline: &str) -> Result<Bundle, Faults> {
    load(&Request {
        what: wanted.what,
        overrides: changes,
        seed: wanted.seed,
        regime: Some(baseline),
        ..Request::default()
    })
}

/// The name of a regime: a file's without its ending.
fn name_of(regime: &str) -> String {
    let stem = Path::new(regime).file_stem();
    stem.map_or(regime.to_owned(), |stem| {
        stem.to_string_lossy().into_owned()
    })
}

/// A moment, or a day, which stands for its midnight.
fn moment(text: &str) -> Result<Moment, Faults> {
    let found = Moment::parse(text).or_else(|| Moment::parse(&format!("{text} 00:00")));
    found.map_or_else(
        || {
            let message = format!("`{text}` is not a moment");
            wrong(
                message,
                "write --from \"2020-11-01 20:00\", or a day: --from 2020-11-01",
            )
        },
        Ok,
    )
}

/// A regime that comes into force at a moment. Where its file names one, the later of the two holds.
fn later(mut regime: RegimeFile, from: Option<Moment>) -> RegimeFile {
    regime.from = regime.from.max(from);
    regime
}

/// Two files of one name would be one arm in every table.
fn named_apart(arms: &[Ruled], regimes: &[&str]) -> Result<(), Faults> {
    for (at, arm) in arms.iter().enumerate() {
        if let Some(before) = arms[..at].iter().position(|other| other.name == arm.name) {
            let (one, other) = (regimes[before], regimes[at]);
            let message = format!("`{one}` and `{other}` are both called {}", arm.name);
            return wrong(message, "rename one of the files");
        }
    }
    Ok(())
}

fn within(scenario: &Scenario, from: Moment) -> Result<(), Faults> {
    let second = second_of(scenario, from);
    let (start, end) = (
        scenario.market_time(0.0),
        scenario.market_time(scenario.clock.end),
    );
    if second < 0.0 || second >= scenario.clock.end {
        let message = format!("--from {from} lies outside of the scenario");
        return wrong(message, &format!("it goes from {start} to {end}"));
    }
    Ok(())
}

/// Seconds after the scenario's start.
pub fn second_of(scenario: &Scenario, moment: Moment) -> f64 {
    (moment.0 - scenario.clock.start).num_milliseconds() as f64 / 1_000.0
}

/// Draws of assumptions must have the same number of seeds, so that neither is mistaken for the other, and there must be two.
fn divides(wanted: &Wanted) -> Result<(), Faults> {
    let Some(seeds) = wanted.seeds_per_draw else {
        return Ok(());
    };
    let replications = wanted.replications;
    if replications.is_multiple_of(seeds) && replications > seeds {
        return Ok(());
    }
    let below = replications / seeds * seeds;
    let help = match below > seeds {
        true => format!("choose {below} or {} replications", below + seeds),
        false => format!("choose {} replications or more", 2 * seeds),
    };
    let message = format!(
        "{replications} replications cannot be shared out over two or more draws of {seeds} seeds each"
    );
    wrong(message, &help)
}

fn primary_of(asked: Option<&str>, metrics: &[Metric]) -> Result<String, Faults> {
    let has = |key: &str| metrics.iter().any(|metric| metric.key == key);
    match asked {
        Some(key) if has(key) => Ok(key.to_owned()),
        Some(key) => Err(no_metric(key, metrics)),
        None => {
            let first = metrics.first().map(|metric| metric.key.as_str());
            let declared = PRIMARY.into_iter().find(|key| has(key)).or(first);
            Ok(declared.unwrap_or_default().to_owned())
        }
    }
}

/// Changes whose effect is worth a run of its own. The size of the market, its clock and what is recorded change what everything costs: a run
/// without those could take much longer than all others together. A change without which the scenario is none has an effect.
fn without_each(wanted: &Wanted, baseline: &str, bundle: &Bundle) -> Vec<Without> {
    let structural = |change: &str| {
        let path = change.trim_start();
        [
            "population.consumers",
            "clock.",
            "recording.",
            "seed",
            "generate.rooms",
        ]
        .iter()
        .any(|prefix| path.starts_with(prefix))
    };
    let seed = Some(bundle.seed);
    let wanted = Wanted {
        seed,
        ..wanted.clone()
    };
    let left_out = |at: usize| {
        let mut changes = wanted.changes.to_vec();
        let change = changes.remove(at);
        let bundle = bundle_with(&wanted, &changes, baseline).ok()?;
        Some(Without { change, bundle })
    };
    let changes = wanted.changes.iter().enumerate();
    changes
        .filter(|(_, change)| !structural(change))
        .filter_map(|(at, _)| left_out(at))
        .collect()
}

impl Plan {
    /// Checks what was read back from a file.
    ///
    /// # Errors
    /// A sentence.
    pub fn check(&self) -> Result<(), String> {
        let plain = |name: &str| !name.is_empty() && !name.contains(['/', '\\']) && name != "..";
        let good = self.arms.len() > 1
            && self.arms.iter().all(|arm| plain(&arm.name))
            && (1..=MOST).contains(&self.replications)
            && self.seeds_per_draw.is_none_or(|seeds| seeds > 0)
            && self.metrics.iter().any(|metric| metric.key == self.primary);
        match good {
            true => Ok(()),
            false => Err("it holds no plan of a comparison".to_owned()),
        }
    }

    /// Which regimes never hold within the scenario, a sentence each.
    pub fn never_in_force(&self) -> Vec<String> {
        let arms = 0..self.arms.len();
        let scenarios = arms.filter_map(|arm| self.bundle_of(arm).resolve().ok());
        scenarios
            .filter_map(|scenario| scenario.never_in_force())
            .collect()
    }

    /// Seed of a replication, the same in all arms.
    pub fn seed_of(&self, replication: u32) -> u64 {
        seed_of(self.bundle.seed, identity_of_name("seed"), replication)
    }

    /// The draw of the assumptions that a replication belongs to.
    pub fn draw_of(&self, replication: u32) -> Option<u32> {
        self.seeds_per_draw.map(|seeds| replication / seeds.max(1))
    }

    /// Draws of the assumptions; 0 where they are not redrawn.
    pub fn draws(&self) -> u32 {
        self.draw_of(self.replications.saturating_sub(1))
            .map_or(0, |last| last + 1)
    }

    /// Every run that is needed in any case, in the order in which they are done: replication by replication, so that an interrupted comparison has
    /// the same of each arm; then the first replication without each change, after which [`super::further_jobs`] says what is still needed.
    pub fn jobs(&self) -> Vec<Job> {
        let arms = 0..self.arms.len();
        let without = (0..self.without.len()).map(|change| Job::Without {
            replication: 0,
            change,
        });
        let mut jobs: Vec<Job> = (0..self.replications)
            .flat_map(|replication| arms.clone().map(move |arm| Job::Arm { replication, arm }))
            .collect();
        jobs.extend(without);
        jobs
    }

    /// Whether there is such a run.
    pub fn has(&self, job: Job) -> bool {
        match job {
            Job::Arm { replication, arm } => {
                replication < self.replications && arm < self.arms.len()
            }
            Job::Without {
                replication,
                change,
            } => replication < self.replications && change < self.without.len(),
        }
    }

    /// Runs in the order in which they are taken, in groups that are done together: of arms that branch from a shared state those of a replication, else each by itself.
    pub fn together<'a>(&self, jobs: &'a [Job]) -> Vec<&'a [Job]> {
        let shared = self.from.is_some();
        let together = |one: &Job, other: &Job| match (one, other) {
            (Job::Arm { replication: a, .. }, Job::Arm { replication: b, .. }) => shared && a == b,
            _ => false,
        };
        jobs.chunk_by(together).collect()
    }

    /// The scenario of an arm as it is run, but for the seed and redrawn assumptions.
    pub fn bundle_of(&self, arm: usize) -> Bundle {
        Bundle {
            regime_name: self.arms[arm].name.clone(),
            regime: self.arms[arm].regime.clone(),
            ..self.bundle.clone()
        }
    }

    /// The scenario of a run, ready to be simulated.
    ///
    /// # Errors
    /// A sentence.
    pub fn scenario_of(&self, job: Job) -> Result<Arc<Scenario>, String> {
        let (bundle, replication) = match job {
            Job::Arm { replication, arm } => (self.bundle_of(arm), replication),
            Job::Without {
                replication,
                change,
            } => (self.without[change].bundle.clone(), replication),
        };
        let mut bundle = match self.draw_of(replication) {
            Some(draw) => redraw(&bundle, self.bundle.seed, draw)?,
            None => bundle,
        };
        bundle.seed = self.seed_of(replication);
        let mut scenario = bundle.resolve()?;
        // Nobody reads them here.
        scenario.recording.orders = false;
        Ok(Arc::new(scenario))
    }
}
