//! The bench: detectors tried on the streams of a suite, scored on test streams at thresholds that development streams have fixed, and put into the
//! platform's hands.

use super::adapt::adapt;
use super::averted::put_to_work;
use super::board::{Board, ReviewCosts, StreamFacts, Tried};
use super::generate::StreamList;
use super::jobs::side_by_side;
use super::stream::record;
use super::trial::{Entrant, Heard, Lesson};
use super::troubles::troubles;
use crate::detect::scoring::{Budget, Figure, Judged, Thresholds, Track, Universe, Verdict};
use crate::detect::suite::{Split, seeds};
use crate::detect::{Labelled, Score};
use crate::experiment::compare::statistics::critical;
use crate::experiment::{RunError, VERSION};
use crate::market;
use crate::scenario::Suite;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Budgets of false alarms, as multiples of the suite's own.
const CURVE: [f64; 3] = [0.2, 1.0, 5.0];

/// Which of them is the suite's own.
const MIDDLE: usize = 1;

/// What is wanted.
pub struct Wanted<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// Who is tried.
    pub entrants: &'a [Entrant],
    /// Jobs at a time.
    pub threads: usize,
    /// Whether detectors are put into the platform's hands too.
    pub enforce: bool,
    /// Whether they are at a fifth and at five times the suite's budget of false alarms too.
    pub curve: bool,
}

impl Wanted<'_> {
    /// Budgets of false alarms, from the least.
    pub(super) fn budgets(&self) -> Vec<Budget> {
        let terms = &self.suite.file.enforcement;
        let factors = if self.curve {
            &CURVE[..]
        } else {
            &CURVE[MIDDLE..=MIDDLE]
        };
        let budgets = factors.iter().map(|factor| Budget {
            alarms_per_room_hour: factor * terms.false_alarms_per_room_hour,
            false_positive_rate: factor * terms.false_positive_rate,
        });
        budgets.collect()
    }

    /// Share of a sale that its seller earns.
    pub(super) fn margin(&self) -> f64 {
        let generate = self.suite.market.scenario.generate.as_ref();
        generate.map_or(0.5, |table| 1.0 - table.cost_over_price)
    }

    /// Which of them is the suite's own.
    const fn main_budget(&self) -> usize {
        if self.curve { MIDDLE } else { 0 }
    }
}

/// How far a bench is: what is being done, how many of it are done, and of how many.
pub type Stage<'a> = dyn Fn(&str, usize, usize) + Sync + 'a;

/// Student's t, as the figures need it.
pub(super) fn quantile(probability: f64, freedom: f64) -> f64 {
    critical(2.0 * (1.0 - probability), freedom)
}

/// Everything that later steps go back to.
pub(super) struct Ground<'a> {
    pub wanted: &'a Wanted<'a>,
    pub development: Vec<Labelled>,
    pub test: Vec<Labelled>,
}

/// An entrant with what it has learnt and the thresholds that are its own.
pub(super) struct Ready<'a> {
    pub entrant: &'a Entrant,
    pub lesson: Lesson,
    pub thresholds: Thresholds,
}

/// Tries detectors on a suite.
///
/// # Errors
/// Why it did not come to its end: a market that cannot be made, or an interruption.
pub fn bench(wanted: &Wanted, stage: &Stage) -> Result<Board, RunError> {
    let ground = record_all(wanted, stage)?;
    let budgets = wanted.budgets();
    let lessons = learn_all(&ground, stage)?;
    let checks = check_all(&ground, &lessons, stage)?;
    let trials = try_all(&ground, &lessons, stage)?;
    let tell = |done: usize, of: usize| stage("verdicts", done, of);
    let verdicts = side_by_side(wanted.threads, trials.len(), &tell, |who| {
        let trials = &trials[who];
        let (mut tried, thresholds) = tried(&wanted.entrants[who], trials, &ground, &budgets);
        tried.trouble.extend(checks[who].clone());
        Ok((tried, thresholds))
    })?;
    let (mut detectors, thresholds): (Vec<Tried>, Vec<Thresholds>) = verdicts.into_iter().unzip();
    let all = wanted.entrants.iter().zip(lessons).zip(thresholds);
    let ready: Vec<Ready> = all
        .map(|((entrant, lessons), thresholds)| Ready {
            entrant,
            lesson: lessons.whole,
            thresholds,
        })
        .collect();
    let harm_unwatched = match wanted.enforce {
        true => put_to_work(&ground, &ready, &mut detectors, stage)?,
        false => Figure::default(),
    };
    let adaptive = match (&wanted.suite.file.adaptive, wanted.enforce) {
        (Some(terms), true) => {
            let main = wanted.main_budget();
            Some(adapt(&ground, terms, (&ready, &detectors), main, stage)?)
        }
        _ => None,
    };
    Ok(board(&ground, budgets, harm_unwatched, detectors, adaptive))
}

fn board(
    ground: &Ground,
    budgets: Vec<Budget>,
    harm_unwatched: Figure,
    detectors: Vec<Tried>,
    adaptive: Option<super::board::Payoffs>,
) -> Board {
    let suite = ground.wanted.suite;
    let development = ground
        .development
        .iter()
        .map(|stream| (stream, Split::Development));
    let test = ground.test.iter().map(|stream| (stream, Split::Test));
    let costs = &suite.file.enforcement;
    Board {
        version: VERSION.to_owned(),
        suite: suite.name.clone(),
        changes: suite.changes.clone(),
        title: suite.file.title.clone(),
        story: suite.file.story.clone(),
        streams: development
            .chain(test)
            .map(|(stream, split)| facts_of(stream, split))
            .collect(),
        budgets,
        main_budget: ground.wanted.main_budget(),
        costs: ReviewCosts {
            room: costs.review_room,
            account: costs.review_account,
            order: costs.review_order,
            offer: costs.review_offer,
        },
        margin: ground.wanted.margin(),
        harm_unwatched,
        detectors,
        adaptive,
    }
}

fn record_all<'a>(wanted: &'a Wanted, stage: &Stage) -> Result<Ground<'a>, RunError> {
    let development = seeds(wanted.suite, Split::Development);
    let jobs: Vec<(u64, Split)> = development
        .iter()
        .map(|seed| (*seed, Split::Development))
        .chain(
            seeds(wanted.suite, Split::Test)
                .into_iter()
                .map(|seed| (seed, Split::Test)),
        )
        .collect();
    let tell = |done: usize, of: usize| stage("streams", done, of);
    let mut streams = side_by_side(wanted.threads, jobs.len(), &tell, |number| {
        let (seed, split) = jobs[number];
        record(wanted.suite, seed, split, None)
    })?;
    let test = streams.split_off(development.len());
    Ok(Ground {
        wanted,
        development: streams,
        test,
    })
}

/// What an entrant has learnt: from all development streams, and, where it learns at all, from all but one, for each of them.
#[derive(Default)]
struct Lessons {
    whole: Lesson,
    without: Option<Vec<Lesson>>,
}

/// Lets everybody learn. What is said of a development stream comes from one who has not seen it, where there is more than one: a threshold that is fixed
/// on what was learnt by heart would let through too much.
fn learn_all(ground: &Ground, stage: &Stage) -> Result<Vec<Lessons>, RunError> {
    let streams = &ground.development;
    let entrants = ground.wanted.entrants;
    let tell = |done: usize, of: usize| stage("lessons", done, of);
    side_by_side(ground.wanted.threads, entrants.len(), &tell, |number| {
        let entrant = &entrants[number];
        let all: Vec<&Labelled> = streams.iter().collect();
        let Some(whole) = entrant.learn(&all) else {
            return Ok(Lessons::default());
        };
        let without = (streams.len() > 1).then(|| {
            let leave_out = |out: usize| {
                let rest = streams.iter().enumerate();
                let rest: Vec<&Labelled> = rest
                    .filter(|(place, _)| *place != out)
                    .map(|(_, stream)| stream)
                    .collect();
                entrant.learn(&rest).unwrap_or_default()
            };
            (0..streams.len()).map(leave_out).collect()
        });
        Ok(Lessons { whole, without })
    })
}

/// Whether anybody looks ahead: what is wrong, by entrant.
fn check_all(
    ground: &Ground,
    lessons: &[Lessons],
    stage: &Stage,
) -> Result<Vec<Option<String>>, RunError> {
    let entrants = ground.wanted.entrants;
    let tell = |done: usize, of: usize| stage("checks", done, of);
    side_by_side(ground.wanted.threads, entrants.len(), &tell, |who| {
        let stream = ground.development.first();
        let checked = stream.map(|stream| entrants[who].check(&lessons[who].whole, stream));
        Ok(checked.and_then(Result::err))
    })
}

/// What became of one entrant on one stream.
struct Trial {
    judged: Judged,
    about: About,
}

/// The same beside what it said.
struct About {
    /// Whether it said anything, by track.
    said: [bool; 4],
    seconds: f64,
    memory: Option<u64>,
    trouble: Option<String>,
}

/// What became of one entrant on all streams.
struct Trials {
    development: Vec<Judged>,
    test: Vec<Judged>,
    about: Vec<About>,
}

/// Tries everybody on every stream; by entrant, then development streams and test streams.
fn try_all(ground: &Ground, lessons: &[Lessons], stage: &Stage) -> Result<Vec<Trials>, RunError> {
    let streams: Vec<&Labelled> = ground.development.iter().chain(&ground.test).collect();
    let universes = side_by_side(ground.wanted.threads, streams.len(), &|_, _| {}, |number| {
        let stream = streams[number];
        Ok(Arc::new(Universe::of(&stream.events, &stream.truth)))
    })?;
    let entrants = ground.wanted.entrants;
    let tell = |done: usize, of: usize| stage("trials", done, of);
    let jobs = entrants.len() * streams.len();
    let mut trials = side_by_side(ground.wanted.threads, jobs, &tell, |job| {
        let (who, which) = (job / streams.len(), job % streams.len());
        let lessons = &lessons[who];
        let left_out = lessons
            .without
            .as_ref()
            .and_then(|without| without.get(which));
        let heard = entrants[who].hear(left_out.unwrap_or(&lessons.whole), streams[which]);
        Ok(trial_of(heard, Arc::clone(&universes[which])))
    })?
    .into_iter();
    let mut of_one = || {
        let trials = trials.by_ref().take(streams.len());
        let (mut judged, about): (Vec<Judged>, Vec<About>) =
            trials.map(|trial| (trial.judged, trial.about)).unzip();
        let test = judged.split_off(ground.development.len());
        Trials {
            development: judged,
            test,
            about,
        }
    };
    Ok((0..entrants.len()).map(|_| of_one()).collect())
}

fn trial_of(heard: Heard, universe: Arc<Universe>) -> Trial {
    Trial {
        about: About {
            said: said_of(&heard.scores),
            seconds: heard.seconds,
            memory: heard.memory,
            trouble: heard.trouble,
        },
        judged: Judged::of(universe, &heard.scores),
    }
}

fn said_of(scores: &[Score]) -> [bool; 4] {
    let mut said = [false; 4];
    for score in scores {
        said[Track::of(&score.about) as usize] = true;
    }
    said
}

/// What an entrant's trials come to, and its thresholds.
fn tried(
    entrant: &Entrant,
    trials: &Trials,
    ground: &Ground,
    budgets: &[Budget],
) -> (Tried, Thresholds) {
    let streams = || ground.development.iter().chain(&ground.test);
    let events: usize = streams().map(|stream| stream.events.len()).sum();
    let millions = (events as f64 / 1.0e6).max(f64::MIN_POSITIVE);
    let about = || trials.about.iter();
    let seconds: f64 = about().map(|trial| trial.seconds).sum();
    let memory: Option<Vec<u64>> = about().map(|trial| trial.memory).collect();
    let memory = memory.map(|bytes| bytes.iter().sum::<u64>() as f64 / millions);
    let silent = !about().any(|trial| trial.said.contains(&true));
    // Who says nothing at all is scored as such, in everything.
    let said = |track: Track| silent || about().any(|trial| trial.said[track as usize]);
    let tracks = Track::ALL.into_iter().filter(|track| said(*track));
    let thresholds = Thresholds::fix(&trials.development, budgets);
    let name = entrant.name();
    let verdict = |track| Verdict::of(&name, track, &trials.test, &thresholds, quantile);
    let (family, looks_at, source) = match entrant {
        Entrant::Baseline(it) => (it.family.name(), it.looks_at, it.source),
        Entrant::Outside(program) => ("yours", "", program.command.as_str()),
        Entrant::Yours { source, .. } => ("yours", "", source.as_str()),
    };
    let told: Vec<(u64, Option<&str>)> = streams()
        .zip(about())
        .map(|(stream, about)| (stream.seed, about.trouble.as_deref()))
        .collect();
    let passed_over = trials.test.iter().map(|judged| judged.disregarded).sum();
    let tried = Tried {
        name: name.clone(),
        family: family.to_owned(),
        looks_at: looks_at.to_owned(),
        source: source.to_owned(),
        verdicts: tracks.map(verdict).collect(),
        averted: Vec::new(),
        seconds_per_million_events: Some(seconds / millions),
        bytes_per_million_events: memory,
        trouble: troubles(&told, passed_over),
    };
    (tried, thresholds)
}

/// What somebody's scores of streams come to, at the usual budget of false alarms; of each stream what it is for, and what was said of it.
pub fn score_streams(
    name: &str,
    list: &StreamList,
    heard: &[(Split, Labelled, Vec<Score>)],
) -> Board {
    let judged = |split: Split| -> Vec<Judged> {
        let those = heard.iter().filter(|(its, ..)| *its == split);
        those
            .map(|(_, stream, scores)| {
                let universe = Universe::of(&stream.events, &stream.truth);
                Judged::of(Arc::new(universe), scores)
            })
            .collect()
    };
    let budgets = vec![Budget::default()];
    let thresholds = Thresholds::fix(&judged(Split::Development), &budgets);
    let test = judged(Split::Test);
    let said = |track: Track| {
        heard
            .iter()
            .any(|(.., scores)| said_of(scores)[track as usize])
    };
    let passed_over = test.iter().map(|judged| judged.disregarded).sum();
    let tracks = Track::ALL.into_iter().filter(|track| said(*track));
    let verdict = |track| Verdict::of(name, track, &test, &thresholds, quantile);
    let tried = Tried {
        name: name.to_owned(),
        family: "yours".to_owned(),
        looks_at: String::new(),
        source: "a file of scores".to_owned(),
        verdicts: tracks.map(verdict).collect(),
        averted: Vec::new(),
        seconds_per_million_events: None,
        bytes_per_million_events: None,
        trouble: troubles(&[], passed_over),
    };
    Board {
        version: list.version.clone(),
        suite: list.suite.clone(),
        changes: Vec::new(),
        title: format!("Scores of streams of the suite {}", list.suite),
        story: "A file of scores cannot be checked for looking ahead.".to_owned(),
        streams: heard
            .iter()
            .map(|(split, stream, _)| facts_of(stream, *split))
            .collect(),
        budgets,
        main_budget: 0,
        costs: ReviewCosts::default(),
        margin: 0.5,
        harm_unwatched: Figure::default(),
        detectors: vec![tried],
        adaptive: None,
    }
}

/// The thresholds of a budget, as the platform needs them.
pub(super) fn thresholds_of(fixed: &Thresholds, budget: usize) -> market::Thresholds {
    let of = |track: Track| {
        let threshold = fixed.of(track).get(budget).copied().flatten();
        threshold.unwrap_or(f64::INFINITY)
    };
    market::Thresholds {
        room: of(Track::Rooms),
        account: of(Track::Accounts),
        order: of(Track::Orders),
        offer: of(Track::Offers),
    }
}

/// A figure over streams that may be anything.
pub(super) fn figure(values: Vec<Option<f64>>) -> Figure {
    Figure::of(values, [f64::MIN, f64::MAX], quantile)
}

/// A stream in numbers.
pub fn facts_of(stream: &Labelled, split: Split) -> StreamFacts {
    let truth = &stream.truth;
    let universe = Universe::of(&stream.events, truth);
    let count = |track: Track| universe.items(track).labels.len() as u64;
    let mut campaigns = BTreeMap::new();
    for campaign in &truth.campaigns {
        *campaigns.entry(campaign.tactic.clone()).or_insert(0) += 1;
    }
    let mut twins = BTreeMap::new();
    for twin in &truth.twins {
        *twins.entry(twin.twin.name().to_owned()).or_insert(0) += 1;
    }
    let on_air = truth.rooms.iter().map(|room| room.until - room.from);
    StreamFacts {
        seed: stream.seed,
        split: split.name().to_owned(),
        events: stream.events.len() as u64,
        rooms: truth.rooms.len() as u64,
        room_hours: on_air.sum::<u64>() as f64 / 3.6e6,
        accounts: count(Track::Accounts),
        false_accounts: truth.actors.len() as u64,
        orders: count(Track::Orders),
        false_orders: truth.orders.len() as u64,
        campaigns,
        twins,
    }
}
