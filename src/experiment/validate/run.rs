//! The runs of a validation: several at once, each on one thread of its own. A run that several patterns are measured in is done once.

use super::observe::{Observed, Watcher};
use super::pattern::{Pattern, Variant};
use super::sample::Sample;
use crate::experiment::workers::RunsDone;
use crate::experiment::{INTERRUPTED, RunError};
use crate::market::{Market, Pace};
use crate::scenario::{Request, Scenario, load};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Ticks between two looks at how far a run is.
const LOOK_EVERY: u64 = 256;

/// A run's share of the progress, in thousandths.
const WHOLE: u32 = 1_000;

/// The runs that patterns need, each once, in the order in which they are first needed.
pub fn variants_of(patterns: &[&Pattern]) -> Vec<Variant> {
    let mut wanted: Vec<Variant> = Vec::new();
    for variant in patterns.iter().flat_map(|pattern| pattern.variants) {
        if !wanted.iter().any(|known| known.is(variant)) {
            wanted.push(*variant);
        }
    }
    wanted
}

/// Does every run at every seed and gives, for each pattern, what was observed.
///
/// # Errors
/// Interrupted, or a change that a scenario does not take.
pub fn observe(
    patterns: &[&Pattern],
    seeds: &[u64],
    changes: &[String],
    threads: usize,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<Vec<Sample>, RunError> {
    let variants = variants_of(patterns);
    let mut scenarios = Vec::new();
    for variant in &variants {
        for seed in seeds {
            scenarios.push(scenario_of(variant, *seed, changes)?);
        }
    }
    let crew = Crew::new(scenarios, threads, progress);
    let observed = crew.work()?;
    let sample_of = |pattern: &&Pattern| {
        let at = |variant: &Variant| variants.iter().position(|known| known.is(variant));
        let places: Vec<usize> = pattern.variants.iter().filter_map(at).collect();
        let runs_at = |seed: usize| {
            let places = places.iter();
            places
                .map(|place| Arc::clone(&observed[place * seeds.len() + seed]))
                .collect()
        };
        Sample {
            by_seed: (0..seeds.len()).map(runs_at).collect(),
        }
    };
    Ok(patterns.iter().map(sample_of).collect())
}

/// The scenario of a run: its own changes first, then those that go for all.
fn scenario_of(variant: &Variant, seed: u64, changes: &[String]) -> Result<Scenario, RunError> {
    let own = variant.changes.iter().map(|change| (*change).to_owned());
    let all: Vec<String> = own.chain(changes.iter().cloned()).collect();
    let bundle = load(&Request {
        what: variant.scenario,
        overrides: &all,
        seed: Some(seed),
        regime: None,
        ..Request::default()
    })
    .map_err(|faults| {
        let sentence = format!("scenario {}: {}", variant.scenario, faults.render(false));
        RunError::Input(sentence.trim_end().to_owned())
    })?;
    let mut scenario = bundle.resolve().map_err(RunError::Input)?;
    if let Some(rules) = variant.rules {
        rules.name.clone_into(&mut scenario.regime.name);
        (rules.set)(&mut scenario.regime);
    }
    scenario.recording.orders = true;
    Ok(scenario)
}

/// Those who do the runs.
struct Crew<'a> {
    scenarios: Vec<Mutex<Option<Scenario>>>,
    done: Vec<Mutex<Option<Arc<Observed>>>>,
    parts: Vec<AtomicU32>,
    finished: AtomicU32,
    next: AtomicUsize,
    stopped: AtomicBool,
    progress: &'a (dyn Fn(&RunsDone) + Sync),
}

impl<'a> Crew<'a> {
    fn new(
        scenarios: Vec<Scenario>,
        threads: usize,
        progress: &'a (dyn Fn(&RunsDone) + Sync),
    ) -> Self {
        Self {
            done: scenarios.iter().map(|_| Mutex::new(None)).collect(),
            scenarios: scenarios
                .into_iter()
                .map(|scenario| Mutex::new(Some(scenario)))
                .collect(),
            parts: (0..threads.max(1)).map(|_| AtomicU32::new(0)).collect(),
            finished: AtomicU32::new(0),
            next: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            progress,
        }
    }

    fn work(self) -> Result<Vec<Arc<Observed>>, RunError> {
        self.tell();
        std::thread::scope(|scope| {
            for worker in 0..self.parts.len() {
                let this = &self;
                scope.spawn(move || this.toil(worker));
            }
        });
        let done = self.done.into_iter();
        let done: Option<Vec<Arc<Observed>>> = done
            .map(|run| run.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect();
        done.ok_or_else(|| RunError::Interrupted(String::new()))
    }

    fn toil(&self, worker: usize) {
        while !self.stopped.load(Ordering::Relaxed) {
            let run = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(scenario) = self.scenarios.get(run) else {
                return;
            };
            let scenario = scenario
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            let Some(observed) = scenario.and_then(|scenario| self.simulate(scenario, worker))
            else {
                self.stopped.store(true, Ordering::Relaxed);
                return;
            };
            *self.done[run]
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(observed));
            self.parts[worker].store(0, Ordering::Relaxed);
            self.finished.fetch_add(1, Ordering::Relaxed);
            self.tell();
        }
    }

    /// Runs a scenario to its end; `None` if the user interrupted.
    fn simulate(&self, scenario: Scenario, worker: usize) -> Option<Observed> {
        let scenario = Arc::new(scenario);
        let mut market = Market::new(Arc::clone(&scenario), Box::new(Watcher::default()));
        let mut ticks = 0_u64;
        while market.step() != Pace::Finished {
            if INTERRUPTED.load(Ordering::Relaxed) {
                return None;
            }
            ticks += 1;
            if ticks.is_multiple_of(LOOK_EVERY) {
                let part = f64::from(WHOLE) * market.time() / scenario.clock.end;
                self.parts[worker].store(part as u32, Ordering::Relaxed);
                self.tell();
            }
        }
        let summary = market.summary();
        let watcher = market.into_observer()?.into_any().downcast::<Watcher>();
        Some(watcher.ok()?.observed(scenario, summary))
    }

    fn tell(&self) {
        let finished = self.finished.load(Ordering::Relaxed);
        let parts: u32 = self
            .parts
            .iter()
            .map(|part| part.load(Ordering::Relaxed))
            .sum();
        (self.progress)(&RunsDone {
            done: finished,
            total: u32::try_from(self.scenarios.len()).unwrap_or(u32::MAX),
            thousandths: u64::from(finished) * u64::from(WHOLE) + u64::from(parts),
        });
    }
}
