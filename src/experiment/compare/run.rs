//! The runs of a comparison: several at once, each on one thread of its own, taken in order.
//!
//! A run's market looks for help in a pool of one thread (`market::use_threads(1)`), which means: it helps itself. So runs do not disturb each
//! other, and as many go on as there are threads. A worker holds one market, and with `--from` the state that its arms branch from.

use super::branch::state_before;
use super::plan::{Job, Plan, second_of};
use crate::experiment::{INTERRUPTED, metrics_of};
use crate::market::{DayTotals, Market, Nobody, Pace, Summary};
use crate::record::hash_of;
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Ticks between two looks at how far a run is.
const LOOK_EVERY: u64 = 256;

/// A run's share of the progress, in thousandths.
const WHOLE: u32 = 1_000;

/// What a run came to: what is kept of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Seed of the run.
    pub seed: u64,
    /// Values of the plan's metrics, in order; `None` where the run has none.
    pub values: Vec<Option<f64>>,
    /// The market at the end of each day.
    pub days: Vec<DayTotals>,
    /// Share of claims not resolved, by days since they were made (`HarmAccount::survival`); `None` where nobody claimed.
    pub survival: Option<Vec<(f64, f64)>>,
    /// Rules of the regime with the second at which each first acted.
    pub rules: Vec<(String, Option<f64>)>,
    /// SHA-256 of the summary without rules and state hashes: runs that agree in it came to the same in everything that is counted.
    pub summary_sha256: String,
    /// SHA-256 of the state hashes of all days.
    pub states_sha256: String,
}

/// How far a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunsDone {
    /// Runs that are done.
    pub done: u32,
    /// Of how many.
    pub total: u32,
    /// The same with the parts of those that go on, in thousandths of a run.
    pub thousandths: u64,
}

/// Why runs halted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// The user interrupted.
    Interrupted,
    /// Something is wrong; a sentence.
    Failed(String),
    /// Another worker halted, and has said why.
    Another,
}

/// Keeps what a run came to.
pub type Keep<'a> = dyn Fn(Job, &Outcome) -> Result<(), String> + Sync + 'a;

/// Does the runs of a comparison.
pub struct Runner<'a> {
    plan: &'a Plan,
    keep: &'a Keep<'a>,
    progress: &'a (dyn Fn(&RunsDone) + Sync),
    halted: AtomicBool,
    done: AtomicU32,
    total: u32,
    parts: Vec<AtomicU32>,
}

impl<'a> Runner<'a> {
    /// A runner on so many threads, one run on each. `market::use_threads(1)` comes before the first market of the process, else markets share
    /// the threads of a common pool, which makes them slower and changes nothing else.
    pub fn new(
        plan: &'a Plan,
        threads: usize,
        keep: &'a Keep<'a>,
        progress: &'a (dyn Fn(&RunsDone) + Sync),
    ) -> Self {
        Self {
            plan,
            keep,
            progress,
            halted: AtomicBool::new(false),
            done: AtomicU32::new(0),
            total: 0,
            parts: (0..threads.max(1)).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// Does these runs, of `total` in all.
    ///
    /// # Errors
    /// Why they halted.
    pub fn run(mut self, jobs: &[Job], total: usize) -> Result<(), Halt> {
        self.total = u32::try_from(total).unwrap_or(u32::MAX);
        let before = total.saturating_sub(jobs.len());
        self.done = AtomicU32::new(u32::try_from(before).unwrap_or(u32::MAX));
        let tasks = tasks_of(jobs, self.plan.from.is_some());
        let next = AtomicUsize::new(0);
        let why: Mutex<Option<Halt>> = Mutex::new(None);
        self.tell();
        std::thread::scope(|scope| {
            for worker in 0..self.parts.len().min(tasks.len()) {
                let (this, tasks, next, why) = (&self, &tasks, &next, &why);
                scope.spawn(move || {
                    while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let Err(halt) = this.task(task, worker) else {
                            continue;
                        };
                        this.halted.store(true, Ordering::Relaxed);
                        let mut why = why.lock().unwrap_or_else(PoisonError::into_inner);
                        if halt != Halt::Another {
                            why.get_or_insert(halt);
                        }
                        break;
                    }
                });
            }
        });
        let why = why.into_inner().unwrap_or_else(PoisonError::into_inner);
        why.map_or(Ok(()), Err)
    }

    /// Whether to stop now.
    pub(super) fn stopped(&self) -> Result<(), Halt> {
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Err(Halt::Interrupted);
        }
        match self.halted.load(Ordering::Relaxed) {
            true => Err(Halt::Another),
            false => Ok(()),
        }
    }

    fn tell(&self) {
        let done = self.done.load(Ordering::Relaxed);
        let parts = self.parts.iter();
        let parts: u32 = parts.map(|part| part.load(Ordering::Relaxed)).sum();
        (self.progress)(&RunsDone {
            done,
            total: self.total,
            thousandths: u64::from(done) * u64::from(WHOLE) + u64::from(parts),
        });
    }

    /// Does runs that belong together: arms of one replication that branch from a shared state, or a single run.
    fn task(&self, task: &[Job], worker: usize) -> Result<(), Halt> {
        let mut shared: Option<Option<Vec<u8>>> = None;
        for job in task {
            self.stopped()?;
            let scenario = self.scenario(*job)?;
            let state = match (self.plan.from, *job) {
                (Some(from), Job::Arm { replication, .. }) => {
                    if shared.is_none() {
                        let baseline = Job::Arm {
                            replication,
                            arm: 0,
                        };
                        let baseline = self.scenario(baseline)?;
                        let second = second_of(&baseline, from);
                        shared = Some(state_before(&baseline, second, self)?);
                    }
                    shared.as_ref().and_then(Option::as_deref)
                }
                _ => None,
            };
            let summary = self.simulate(scenario.clone(), state, worker)?;
            let outcome = outcome_of(&scenario, &summary, self.plan).map_err(Halt::Failed)?;
            (self.keep)(*job, &outcome).map_err(Halt::Failed)?;
            self.parts[worker].store(0, Ordering::Relaxed);
            self.done.fetch_add(1, Ordering::Relaxed);
            self.tell();
        }
        Ok(())
    }

    fn scenario(&self, job: Job) -> Result<Arc<Scenario>, Halt> {
        self.plan.scenario_of(job).map_err(Halt::Failed)
    }

    fn simulate(
        &self,
        scenario: Arc<Scenario>,
        state: Option<&[u8]>,
        worker: usize,
    ) -> Result<Summary, Halt> {
        let end = scenario.clock.end;
        let mut market = Market::new(scenario, Box::new(Nobody));
        if let Some(state) = state {
            market.restore(state).map_err(Halt::Failed)?;
        }
        let mut ticks = 0_u64;
        while market.step() != Pace::Finished {
            self.stopped()?;
            ticks += 1;
            if ticks.is_multiple_of(LOOK_EVERY) {
                let part = f64::from(WHOLE) * market.time() / end;
                self.parts[worker].store(part as u32, Ordering::Relaxed);
                self.tell();
            }
        }
        Ok(market.summary())
    }
}

/// Runs in the order in which they are taken. With a shared state the arms of a replication go together.
fn tasks_of(jobs: &[Job], shared: bool) -> Vec<&[Job]> {
    let together = |one: &Job, other: &Job| match (one, other) {
        (Job::Arm { replication: a, .. }, Job::Arm { replication: b, .. }) => shared && a == b,
        _ => false,
    };
    jobs.chunk_by(together).collect()
}

/// What is kept of a run.
fn outcome_of(scenario: &Scenario, summary: &Summary, plan: &Plan) -> Result<Outcome, String> {
    let measured = metrics_of(summary);
    let value_of = |key: &str| {
        let found = measured.iter().find(|(metric, _)| metric.key == key);
        // What is not a number is no value: JSON has none.
        found
            .and_then(|(_, value)| *value)
            .filter(|value| value.is_finite())
    };
    let states = serde_json::to_vec(&summary.state_hashes).map_err(|why| why.to_string())?;
    let counted = Summary {
        rules: Vec::new(),
        state_hashes: Vec::new(),
        ..summary.clone()
    };
    let counted = serde_json::to_vec(&counted).map_err(|why| why.to_string())?;
    Ok(Outcome {
        seed: scenario.seed,
        values: plan
            .metrics
            .iter()
            .map(|metric| value_of(&metric.key))
            .collect(),
        days: summary.days.clone(),
        survival: (summary.aftermath.claims > 0).then(|| summary.harm.survival.clone()),
        rules: summary.rules.clone(),
        summary_sha256: hash_of(&counted),
        states_sha256: hash_of(&states),
    })
}
