//! The runs of a comparison, on workers (`experiment::workers`). With `--from` the arms of a replication are a task: a worker holds the state that
//! they branch from.

use super::branch::state_before;
use super::plan::{Job, Plan, second_of};
use crate::experiment::metrics_of;
use crate::experiment::workers::{Halt, RunsDone, Worker, Workers};
use crate::market::{DayTotals, Summary};
use crate::record::hash_of;
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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

/// Keeps what a run came to.
pub type Keep<'a> = dyn Fn(Job, &Outcome) -> Result<(), String> + Sync + 'a;

/// Does these runs of a comparison, on so many threads; of `total` runs in all the others have been done before.
///
/// # Errors
/// Why they halted.
pub fn work_off(
    plan: &Plan,
    (jobs, total): (&[Job], usize),
    threads: usize,
    keep: &Keep,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<(), Halt> {
    let tasks = plan.together(jobs);
    let before = total.saturating_sub(jobs.len());
    let runs = Runs { plan, keep };
    let one = |task: &&[Job], worker: &Worker| runs.task(task, worker);
    Workers::new(threads, progress).work(&tasks, (before, total), &one)
}

struct Runs<'a> {
    plan: &'a Plan,
    keep: &'a Keep<'a>,
}

impl Runs<'_> {
    /// Does runs that belong together: arms of one replication that branch from a shared state, or a single run.
    fn task(&self, task: &[Job], worker: &Worker) -> Result<(), Halt> {
        let mut shared: Option<Option<Vec<u8>>> = None;
        for job in task {
            worker.stopped()?;
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
                        shared = Some(state_before(&baseline, second, worker)?);
                    }
                    shared.as_ref().and_then(Option::as_deref)
                }
                _ => None,
            };
            let summary = worker.simulate(scenario.clone(), state)?;
            let outcome = outcome_of(&scenario, &summary, self.plan).map_err(Halt::Failed)?;
            (self.keep)(*job, &outcome).map_err(Halt::Failed)?;
            worker.done();
        }
        Ok(())
    }

    fn scenario(&self, job: Job) -> Result<Arc<Scenario>, Halt> {
        self.plan.scenario_of(job).map_err(Halt::Failed)
    }
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
    let (summary_sha256, states_sha256) = hashes_of(summary)?;
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
        summary_sha256,
        states_sha256,
    })
}

/// SHA-256 of a summary without rules and state hashes, and of the state hashes of all days.
///
/// # Errors
/// A sentence, if it cannot be written as JSON.
pub fn hashes_of(summary: &Summary) -> Result<(String, String), String> {
    let states = serde_json::to_vec(&summary.state_hashes).map_err(|why| why.to_string())?;
    let counted = Summary {
        rules: Vec::new(),
        state_hashes: Vec::new(),
        ..summary.clone()
    };
    let counted = serde_json::to_vec(&counted).map_err(|why| why.to_string())?;
    Ok((hash_of(&counted), hash_of(&states)))
}
