//! Comparison of regimes over paired replications.
//!
//! Every replication has a seed, the same in all arms, so the same people have the same luck under every regime (common random numbers) and
//! differences between regimes are told from far fewer replications than unpaired runs would need. In five steps:
//!
//! 1. [`plan`] checks what is wanted, completely, and makes a [`Plan`] of it (`plan.rs`; `uncertainty.rs` redraws assumptions);
//! 2. the runs are done, several at once, replication by replication (`run.rs`; with `--from` each branches from a shared state: `branch.rs`);
//! 3. a [`Session`] says which are wanted (`session.rs`), and what each came to is kept at once (`store.rs`), so an interrupted comparison has the same of each arm and goes on where it was;
//! 4. means, paired differences and their intervals are worked out (`gather.rs`, `statistics.rs`) into a [`Comparison`] (`result.rs`);
//! 5. tables, figures and a manifest are written, and the folder gets its name.

mod branch;
mod gather;
mod plan;
mod result;
mod run;
mod session;
pub mod statistics;
mod store;
mod uncertainty;

pub use gather::{Outcomes, further_jobs, gather};
pub use plan::{Job, Plan, Ruled, Wanted, Without, plan};
pub use result::{Arm, Compared, Comparison, Difference, Mean, Path, Verdict, Waiting};
pub use run::{Keep, Outcome, hashes_of, work_off};
pub use session::Session;
pub use store::{ComparisonHashed, ComparisonManifest, is_comparison};
pub use uncertainty::{Assumption, Redrawn, assumptions, redraw, redrawn_in};

use crate::experiment::workers::{Halt, RunsDone};
use crate::experiment::{RunError, RunOptions, peak_memory};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use store::{Store, hash_of_outcome};

/// A comparison that ended.
#[derive(Debug)]
pub struct FinishedComparison {
    /// The results folder.
    pub folder: PathBuf,
    /// What it came to.
    pub comparison: Comparison,
}

/// Does what is planned, into a results folder. Of the options `csv` has no meaning here.
///
/// # Errors
/// Why it did not end. Whatever was done is then in a folder that says it is incomplete.
pub fn compare(
    plan: &Plan,
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedComparison, RunError> {
    let session = Session::begin(plan.clone(), &options.out, options.force, options.figures)?;
    carry_out(session, options, progress)
}

/// Continues an interrupted comparison with the runs that are not done.
///
/// # Errors
/// Why it did not end.
pub fn resume_comparison(
    whole: &std::path::Path,
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedComparison, RunError> {
    if let Some((folder, comparison)) = Store::finish_written(whole)? {
        return Ok(FinishedComparison { folder, comparison });
    }
    carry_out(Session::open(whole)?, options, progress)
}

fn carry_out(
    session: Session,
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedComparison, RunError> {
    let begun = Instant::now();
    let before = session.kept();
    let keep = |job: Job, outcome: &Outcome| session.keep(job, outcome);
    loop {
        let wanted = session.wanted();
        if wanted.is_empty() {
            break;
        }
        let of = (wanted.as_slice(), session.kept() + wanted.len());
        let ran = work_off(&session.plan, of, options.threads, &keep, progress);
        ran.map_err(|halt| match halt {
            Halt::Interrupted | Halt::Another => {
                RunError::Interrupted(session.whole().display().to_string())
            }
            Halt::Failed(why) | Halt::Refused(why) => session.disk(&why),
        })?;
    }
    let runs = session.kept();
    let timing = timing(begun.elapsed().as_secs_f64(), runs - before, runs);
    session.finish(options.unhashed(), &timing)
}

/// Wall time and memory: outside of every hash.
fn timing(seconds: f64, ran: usize, runs: usize) -> String {
    let json = serde_json::json!({
        "seconds": seconds,
        "runs": runs,
        "runs_in_these_seconds": ran,
        "peak_memory_kib": peak_memory(),
    });
    format!("{json:#}\n")
}

/// Does the first `replications` of a comparison again and compares each run's outcome with the manifest: a sentence for every difference.
///
/// # Errors
/// Why the runs halted.
pub fn rerun(
    manifest: &ComparisonManifest,
    replications: u32,
    threads: usize,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<Vec<String>, Halt> {
    let plan = &manifest.hashed.plan;
    let wanted = |job: &Job| {
        let (Job::Arm { replication, .. } | Job::Without { replication, .. }) = job;
        *replication < replications
    };
    let again = Mutex::new(Outcomes::new());
    let keep = |job: Job, outcome: &Outcome| {
        let mut again = again.lock().unwrap_or_else(PoisonError::into_inner);
        again.insert(job, outcome.clone());
        Ok(())
    };
    let again_all = |jobs: &[Job]| {
        let jobs: Vec<Job> = jobs.iter().copied().filter(wanted).collect();
        work_off(plan, (&jobs, jobs.len()), threads, &keep, progress)
    };
    let mut all = plan.jobs();
    again_all(&all)?;
    let further = further_jobs(plan, &again.lock().unwrap_or_else(PoisonError::into_inner));
    again_all(&further)?;
    all.extend(further);
    let again = again.into_inner().unwrap_or_else(PoisonError::into_inner);
    let hash_again = |job: &Job| again.get(job).map(hash_of_outcome);
    let runs = all.iter().zip(&manifest.hashed.runs);
    Ok(runs
        .filter(|(job, hash)| hash_again(job).is_some_and(|other| other != **hash))
        .map(|(job, _)| differs(plan, *job))
        .collect())
}

fn differs(plan: &Plan, job: Job) -> String {
    match job {
        Job::Arm { replication, arm } => {
            let (name, seed) = (&plan.arms[arm].name, plan.seed_of(replication));
            format!(
                "regime {name}, replication {replication} (seed {seed}): a second run gives other values"
            )
        }
        Job::Without {
            replication,
            change,
        } => format!(
            "the run without {}, replication {replication}: a second run gives other values",
            plan.without[change].change
        ),
    }
}
