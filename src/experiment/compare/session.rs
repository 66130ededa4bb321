//! A comparison that is going on: which runs are wanted next, and what was kept of those that are done. Whoever does the runs (threads here, processes elsewhere) asks for what is wanted, keeps what
//! it comes to, and finishes when nothing more is.

use super::FinishedComparison;
use super::gather::{Outcomes, further_jobs, gather};
use super::plan::{Job, Plan};
use super::run::Outcome;
use super::store::Store;
use crate::experiment::RunError;
use crate::record::Unhashed;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A comparison that is going on.
#[derive(Debug)]
pub struct Session {
    /// What it consists of.
    pub plan: Plan,
    store: Store,
    /// What is kept in the store.
    kept: Mutex<Outcomes>,
    figures: bool,
}

impl Session {
    /// Begins a comparison in a folder.
    ///
    /// # Errors
    /// What is in the way.
    pub fn begin(plan: Plan, out: &Path, force: bool, figures: bool) -> Result<Self, RunError> {
        let store = Store::begin(&plan, out, force, figures)?;
        Ok(Self {
            plan,
            store,
            kept: Mutex::default(),
            figures,
        })
    }

    /// Opens what was begun.
    ///
    /// # Errors
    /// Why it cannot be continued.
    pub fn open(whole: &Path) -> Result<Self, RunError> {
        let (store, plan, figures) = Store::open(whole)?;
        Ok(Self {
            kept: Mutex::new(store.kept(&plan)),
            plan,
            store,
            figures,
        })
    }

    fn outcomes(&self) -> MutexGuard<'_, Outcomes> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the result will be.
    pub fn whole(&self) -> &Path {
        self.store.whole()
    }

    /// How many runs are kept.
    pub fn kept(&self) -> usize {
        self.outcomes().len()
    }

    /// Runs that are wanted and not kept, in the order in which they are taken. None: the comparison can be finished. When all are kept, more may be wanted: those that tell whether a change has
    /// an effect.
    pub fn wanted(&self) -> Vec<Job> {
        let kept = self.outcomes();
        let left = |jobs: Vec<Job>| -> Vec<Job> {
            let left = jobs.into_iter().filter(|job| !kept.contains_key(job));
            left.collect()
        };
        let first = left(self.plan.jobs());
        match first.is_empty() {
            true => left(further_jobs(&self.plan, &kept)),
            false => first,
        }
    }

    /// Keeps what a run came to.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn keep(&self, job: Job, outcome: &Outcome) -> Result<(), String> {
        if outcome.values.len() != self.plan.metrics.len() || !self.plan.has(job) {
            return Err("a run of another comparison cannot be kept in this one".to_owned());
        }
        self.store.keep(job, outcome)?;
        self.outcomes().insert(job, outcome.clone());
        Ok(())
    }

    /// The disk does not let us: what to do.
    pub fn disk(&self, why: &str) -> RunError {
        self.store.disk(why)
    }

    /// Writes the results and their manifest, and gives the folder its name. With `timing` in JSON, outside of every hash.
    ///
    /// # Errors
    /// That runs are still wanted, or what the disk did not let us do.
    pub fn finish(self, unhashed: Unhashed, timing: &str) -> Result<FinishedComparison, RunError> {
        let left = self.wanted().len();
        if left > 0 {
            let whole = self.whole().display();
            return Err(RunError::Input(format!(
                "{left} runs of {whole} are not done: continue with: yellowcart resume {whole}"
            )));
        }
        let Self {
            plan,
            store,
            kept,
            figures,
        } = self;
        let outcomes = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        let comparison = gather(&plan, &outcomes).map_err(|why| store.disk(&why))?;
        let folder = store.finish(&plan, &outcomes, &comparison, unhashed, timing, figures)?;
        Ok(FinishedComparison { folder, comparison })
    }
}
