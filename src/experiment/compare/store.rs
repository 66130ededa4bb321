//! Where a comparison is kept: every run's outcome at once, in a file of its own of the incomplete folder; in the end the results, and a
//! manifest from which they can be verified and made again.
//!
//! | file | holds |
//! |---|---|
//! | comparison.json | what it comes to ([`Comparison`]) |
//! | differences.csv | metric by metric and arm by arm: means, paired difference, intervals, p, correlation, saving |
//! | metrics.csv | every metric of every run |
//! | days.csv | the daily paths of every run |
//! | survival.csv | how long claims stay unresolved, by arm and days since they were made |
//! | parameters.csv | what the assumptions were redrawn to, where they were |
//! | figures/ | the figures, as SVG and PNG, unless they are not wanted |
//! | arms/*.json | scenario and regime of each arm as run |
//! | manifest.json | what it was made from, and the hash of every file and run |
//! | timing.json | wall time and memory, outside of every hash |

use super::gather::{Outcomes, further_jobs};
use super::plan::{Job, Plan};
use super::result::Comparison;
use super::run::Outcome;
use crate::experiment::RunError;
use crate::record::{BEGUN, FIGURES, Folder, Identity, Manifest, Part, Unhashed, hash_of};
use crate::report::{
    days_csv, differences_csv, metrics_csv, parameters_csv, survival_csv, write_comparison_figures,
};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Folder of the outcomes; goes when the result is whole.
const RUNS: &str = "runs";

/// What was begun.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    comparison: Plan,
    figures: bool,
}

/// The part that a comparison is identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComparisonHashed {
    /// Scenario, arms, seeds: all that is needed to do it again.
    pub plan: Plan,
    /// SHA-256 of each run's outcome, in order of [`Plan::jobs`], then of `further_jobs`.
    pub runs: Vec<String>,
    /// Files with their hashes.
    pub files: Vec<Part>,
}

/// manifest.json of a comparison.
pub type ComparisonManifest = Manifest<ComparisonHashed>;

impl Identity for ComparisonHashed {
    const OWN_FIELD: &'static str = "plan";

    fn files(&self) -> Vec<Part> {
        self.files.clone()
    }

    fn check(&self) -> Result<(), String> {
        self.plan.check()
    }
}

/// Whether an interrupted result is one of a comparison.
pub fn is_comparison(whole: &Path) -> bool {
    let partial = Folder::of(whole).partial;
    let of_json = |name: &str, keys: &[&str]| {
        let json = fs::read(partial.join(name)).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
        let inner = keys.iter().try_fold(&value, |value, key| value.get(key));
        inner.is_some()
    };
    of_json(BEGUN, &["comparison"])
        || of_json("manifest.json", &["hashed", ComparisonHashed::OWN_FIELD])
}

/// The folder of a comparison.
#[derive(Debug)]
pub struct Store {
    folder: Folder,
}

impl Store {
    /// Begins a comparison.
    ///
    /// # Errors
    /// What is in the way.
    pub fn begin(plan: &Plan, out: &Path, force: bool, figures: bool) -> Result<Self, RunError> {
        let folder = Folder::begin(out, force)?;
        let begun = Begun {
            comparison: plan.clone(),
            figures,
        };
        let store = Self { folder };
        store.write_json(BEGUN, &begun)?;
        store.folder.mark_partial().map_err(RunError::Disk)?;
        store.make_folder(RUNS)?;
        Ok(store)
    }

    /// Opens what was begun; with it the plan, and whether figures are drawn.
    ///
    /// # Errors
    /// Why it cannot be continued.
    pub fn open(whole: &Path) -> Result<(Self, Plan, bool), RunError> {
        let folder = Folder::go_on(whole)?;
        let path = folder.partial.join(BEGUN);
        let read = fs::read(&path).map_err(|why| why.to_string());
        let begun = read
            .and_then(|json| serde_json::from_slice::<Begun>(&json).map_err(|why| why.to_string()))
            .and_then(|begun| begun.comparison.check().map(|()| begun))
            .map_err(|why| RunError::Input(format!("cannot read {}: {why}", path.display())))?;
        let (plan, version) = (begun.comparison, crate::experiment::VERSION);
        if plan.version != version {
            return Err(RunError::Input(format!(
                "{} was begun by version {}; this is {version}",
                whole.display(),
                plan.version
            )));
        }
        let store = Self { folder };
        store.folder.mark_partial().map_err(RunError::Disk)?;
        store.make_folder(RUNS)?;
        Ok((store, plan, begun.figures))
    }

    /// Finishes a result of which everything was written before the program was ended; `None` if that is not so.
    ///
    /// # Errors
    /// Why it cannot be finished.
    pub fn finish_written(whole: &Path) -> Result<Option<(PathBuf, Comparison)>, RunError> {
        let folder = Folder::go_on(whole)?;
        if !folder.is_written() {
            return Ok(None);
        }
        let path = folder.partial.join("comparison.json");
        let read = fs::read(&path).map_err(|why| why.to_string());
        let comparison = read
            .and_then(|json| serde_json::from_slice(&json).map_err(|why| why.to_string()))
            .map_err(|why| RunError::Disk(format!("cannot read {}: {why}", path.display())))?;
        let whole = Self { folder }.close()?;
        Ok(Some((whole, comparison)))
    }

    /// The folder as it will be called.
    pub fn whole(&self) -> &Path {
        &self.folder.whole
    }

    /// Keeps what a run came to.
    ///
    /// # Errors
    /// A sentence.
    pub fn keep(&self, job: Job, outcome: &Outcome) -> Result<(), String> {
        let json = serde_json::to_vec(outcome).map_err(|why| why.to_string())?;
        self.folder.write(&file_of(job), &json)
    }

    /// What was kept of a plan's runs. A file that cannot be read is as good as none: the run is done again.
    pub fn kept(&self, plan: &Plan) -> Outcomes {
        let read = |job: Job| {
            let json = fs::read(self.folder.partial.join(file_of(job))).ok()?;
            let outcome: Outcome = serde_json::from_slice(&json).ok()?;
            (outcome.values.len() == plan.metrics.len()).then_some((job, outcome))
        };
        let mut kept: Outcomes = plan.jobs().into_iter().filter_map(read).collect();
        let further = further_jobs(plan, &kept).into_iter();
        kept.extend(further.filter_map(read));
        kept
    }

    /// Writes the results and their manifest, and gives the folder its name. With `timing` in JSON, outside of every hash.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub fn finish(
        self,
        plan: &Plan,
        outcomes: &Outcomes,
        comparison: &Comparison,
        unhashed: Unhashed,
        timing: &str,
        figures: bool,
    ) -> Result<PathBuf, RunError> {
        let mut files = Vec::new();
        let mut write = |name: &str, bytes: &[u8]| {
            files.push(Part::of_bytes(name, bytes));
            self.write(name, bytes)
        };
        write("comparison.json", &pretty(comparison)?)?;
        write("differences.csv", differences_csv(comparison).as_bytes())?;
        write("metrics.csv", metrics_csv(comparison).as_bytes())?;
        write(
            "days.csv",
            days_csv(comparison, &days_of(outcomes)).as_bytes(),
        )?;
        write("survival.csv", survival_csv(comparison).as_bytes())?;
        if comparison.uncertainty {
            write("parameters.csv", parameters_csv(comparison).as_bytes())?;
        }
        self.make_folder("arms")?;
        for (at, arm) in plan.arms.iter().enumerate() {
            write(
                &format!("arms/{}.json", arm.name),
                &pretty(&plan.bundle_of(at))?,
            )?;
        }
        if figures {
            files.extend(self.draw(comparison)?);
        }
        let hashed = ComparisonHashed {
            plan: plan.clone(),
            runs: run_hashes(plan, outcomes)?,
            files,
        };
        let manifest = ComparisonManifest::new(hashed, unhashed).map_err(RunError::Disk)?;
        self.write("timing.json", timing.as_bytes())?;
        self.write_json("manifest.json", &manifest)?;
        self.close()
    }

    /// Draws the figures and returns them with their hashes.
    fn draw(&self, comparison: &Comparison) -> Result<Vec<Part>, RunError> {
        self.make_folder(FIGURES)?;
        let folder = self.folder.partial.join(FIGURES);
        let cannot = |path: &Path, why: &dyn std::fmt::Display| {
            self.disk(&format!("cannot write {}: {why}", path.display()))
        };
        let drawn = write_comparison_figures(&folder, comparison);
        let drawn = drawn.map_err(|why| cannot(&folder, &why))?;
        let part = |path: &PathBuf| Part::of_figure(path).map_err(|why| cannot(path, &why));
        drawn.iter().map(part).collect()
    }

    /// Takes the scaffolding away and gives the folder its name.
    fn close(self) -> Result<PathBuf, RunError> {
        let runs = self.folder.partial.join(RUNS);
        if runs.exists() {
            fs::remove_dir_all(&runs).map_err(|why| {
                RunError::Disk(format!("cannot remove {}: {why}", runs.display()))
            })?;
        }
        self.folder.finish().map_err(RunError::Disk)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), RunError> {
        let written = self.folder.write(name, bytes);
        written.map_err(|why| self.disk(&why))
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), RunError> {
        self.write(name, &pretty(value)?)
    }

    fn make_folder(&self, name: &str) -> Result<(), RunError> {
        let path = self.folder.partial.join(name);
        let made = fs::create_dir_all(&path);
        made.map_err(|why| self.disk(&format!("cannot create {}: {why}", path.display())))
    }

    /// The disk does not let us: what to do.
    pub fn disk(&self, why: &str) -> RunError {
        RunError::Disk(format!(
            "{why}\nwhat there is so far is in {}; continue with: yellowcart resume {}",
            self.folder.partial.display(),
            self.folder.whole.display()
        ))
    }
}

fn file_of(job: Job) -> String {
    match job {
        Job::Arm { replication, arm } => {
            format!("{RUNS}/replication-{replication:05}-arm-{arm:02}.json")
        }
        Job::Without {
            replication,
            change,
        } => format!("{RUNS}/replication-{replication:05}-without-{change:02}.json"),
    }
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, RunError> {
    let json = serde_json::to_vec_pretty(value);
    json.map_err(|why| RunError::Disk(why.to_string()))
}

/// SHA-256 of each run's outcome, in order of the plan.
fn run_hashes(plan: &Plan, outcomes: &Outcomes) -> Result<Vec<String>, RunError> {
    let hash = |job: &Job| {
        let outcome = outcomes.get(job)?;
        Some(hash_of_outcome(outcome))
    };
    let further = further_jobs(plan, outcomes);
    let hashes: Option<Vec<String>> = plan.jobs().iter().chain(&further).map(hash).collect();
    hashes.ok_or_else(|| RunError::Disk("a run of the comparison is missing".to_owned()))
}

/// SHA-256 of an outcome as compact JSON.
pub fn hash_of_outcome(outcome: &Outcome) -> String {
    hash_of(&serde_json::to_vec(outcome).unwrap_or_default())
}

/// Daily totals by arm and replication.
fn days_of(outcomes: &Outcomes) -> Vec<((usize, u32), &[crate::market::DayTotals])> {
    let mut days: Vec<_> = outcomes
        .iter()
        .filter_map(|(job, outcome)| match job {
            Job::Arm { replication, arm } => Some(((*arm, *replication), outcome.days.as_slice())),
            Job::Without { .. } => None,
        })
        .collect();
    days.sort_by_key(|(at, _)| *at);
    days
}
