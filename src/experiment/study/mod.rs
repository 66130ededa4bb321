//! Studies: a scenario at many points of its factors.
//!
//! A study file says what is varied, by which design, how often each point is run and what is measured. In five steps:
//!
//! 1. the file is loaded and checked (`scenario::load_study`), and becomes a [`Plan`] (`plan.rs`), from which every point follows by its number
//!    (`design.rs`, `factor.rs`);
//! 2. a [`Session`] says which runs are wanted (`session.rs`): [`sweep`] does them on threads here, others may do them elsewhere ([`work_off`]); of a calibration
//!    they follow from the runs before (`calibration.rs`, `smc.rs`);
//! 3. what each run came to is kept in a log (`outcome.rs`): an interrupted study has the same of each point, and goes on where it was;
//! 4. means over replications and what each factor accounts for are worked out (`result.rs`: elementary effects in `morris.rs`, shares of variance in
//!    `sobol.rs`, their intervals in `bootstrap.rs`);
//! 5. tables, figures and a manifest are written (`table.rs`, `finish.rs`); shards of a study are put together (`merge.rs`).
//!
//! A run depends on the plan, its point's number and its replication's, and on nothing else: not on the machine, nor on the order in which runs are done.

mod bootstrap;
mod calibration;
mod design;
mod factor;
mod finish;
mod merge;
mod morris;
mod outcome;
mod plan;
mod ready;
mod result;
mod session;
mod smc;
mod sobol;
mod table;

pub use bootstrap::{Index, bootstrap};
pub use calibration::{CalibrationFacts, Posterior, RoundFacts, weighted_quantile};
pub use design::{Point, Use, middles, part_of};
pub use factor::{Factor, Spread, Value};
pub use finish::FinishedStudy;
pub use merge::merge;
pub use morris::{Effects, effects};
pub use outcome::{Job, Outcome, Task};
pub use plan::Plan;
pub use ready::Ready;
pub use result::{Difference, MetricFacts, PointFacts, StudyResult};
pub use session::{Session, Shard, StudyHashed, StudyManifest, half_width, is_study};
pub use smc::{Ended, Particle, Round, Settings, Smc};
pub use sobol::{Shares, shares};

use crate::experiment::workers::{Halt, RunsDone, Worker, Workers};
use crate::experiment::{RunError, RunOptions, peak_memory};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Does a study, or a shard of it, into a results folder.
///
/// # Errors
/// Why it did not end. Whatever was done is then in a folder that says it is incomplete.
pub fn sweep(
    plan: Plan,
    shard: Shard,
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedStudy, RunError> {
    let session = Session::begin(plan, shard, &options.out, options.force, options.figures)?;
    carry_out(session, options, progress)
}

/// Continues an interrupted study with the runs that are not done.
///
/// # Errors
/// Why it did not end.
pub fn resume_study(
    whole: &Path,
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedStudy, RunError> {
    carry_out(Session::open(whole)?, options, progress)
}

fn carry_out(
    session: Session,
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedStudy, RunError> {
    let begun = Instant::now();
    let before = session.kept();
    let whole = session.whole().display().to_string();
    let plan = session.plan.clone();
    let session = Mutex::new(session);
    let lock = || session.lock().unwrap_or_else(PoisonError::into_inner);
    let keep = |outcome: &Outcome| lock().keep(outcome);
    loop {
        let wanted = lock().wanted();
        let kept = lock().kept();
        if wanted.is_empty() {
            break;
        }
        let total = kept + wanted.len();
        let worked = work_off(&plan, (&wanted, total), options.threads, &keep, progress);
        worked.map_err(|halt| match halt {
            Halt::Interrupted | Halt::Another => RunError::Interrupted(whole.clone()),
            Halt::Refused(why) => RunError::Input(why),
            Halt::Failed(why) => {
                RunError::Disk(format!("{why}\ncontinue with: yellowcart resume {whole}"))
            }
        })?;
    }
    let session = session.into_inner().unwrap_or_else(PoisonError::into_inner);
    let timing = serde_json::json!({
        "seconds": begun.elapsed().as_secs_f64(),
        "runs": session.kept(),
        "runs_in_these_seconds": session.kept() - before,
        "peak_memory_kib": peak_memory(),
    });
    session.finish(options.unhashed(), &format!("{timing:#}\n"))
}

/// Does these runs of a study, on so many threads; of `total` runs in all the others have been done before. What each comes to is handed to `keep`.
///
/// # Errors
/// Why they halted.
pub fn work_off(
    plan: &Plan,
    (tasks, total): (&[Task], usize),
    threads: usize,
    keep: &(dyn Fn(&Outcome) -> Result<(), String> + Sync),
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<(), Halt> {
    let ready = Ready::of(plan).map_err(Halt::Failed)?;
    let one = |task: &Task, worker: &Worker| {
        worker.stopped()?;
        let scenario = ready.scenario_of(task);
        let refused = |why| Halt::Refused(format!("this point cannot be run: {why}"));
        let scenario = scenario.map_err(refused)?;
        let seed = scenario.seed;
        let summary = worker.simulate(scenario, None)?;
        let outcome = Outcome::of(plan, task.job, seed, &summary).map_err(Halt::Failed)?;
        keep(&outcome).map_err(Halt::Failed)?;
        worker.done();
        Ok(())
    };
    let before = total.saturating_sub(tasks.len());
    Workers::new(threads, progress).work(tasks, (before, total), &one)
}
