//! A study that is going on: which runs are wanted next, and what was kept of those that are done. Whoever does the runs (threads here, processes elsewhere) asks for
//! what is wanted, keeps what it comes to, and finishes when nothing more is.
//!
//! | file | holds |
//! |---|---|
//! | runs.parquet | one row a run: point, replication, seed, factors, metrics |
//! | points.csv | one row a point and metric: mean over replications with its interval |
//! | indices.csv | what each factor accounts for, where the design tells |
//! | posterior.csv | of a calibration the particles of the last round |
//! | study.json | what it comes to ([`super::StudyResult`]) |
//! | figures/ | the figures, as SVG and PNG, unless they are not wanted |
//! | manifest.json | the plan, and the hash of every file |
//! | timing.json | wall time and memory, outside of every hash |
//!
//! A shard has runs.jsonl instead of all but the manifest: `yellowcart merge` puts shards together.

use super::calibration::Calibration;
use super::design::{Point, Use};
use super::outcome::{Job, Log, Outcome, Task};
use super::plan::Plan;
use crate::experiment::RunError;
use crate::experiment::compare::statistics::{LEVEL, Moments, critical};
use crate::record::{BEGUN, Folder, Identity, Manifest, Part};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// The log of runs, in the incomplete folder.
pub(super) const LOG: &str = "runs.log";

/// The runs of a shard, in order.
pub const SHARD_RUNS: &str = "runs.jsonl";

/// A share of a study's points: every `of`-th, beginning with `number` (from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether a point is in it.
    pub const fn has(self, point: u32) -> bool {
        point % self.of == self.number - 1
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no shard: write 2/8 for the second of eight");
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let (number, of) = (number.parse::<u32>(), of.parse::<u32>());
        match (number, of) {
            (Ok(number), Ok(of)) if (1..=of).contains(&number) && of <= 1_000_000 => {
                Ok(Self { number, of })
            }
            _ => Err(wrong()),
        }
    }
}

/// What was begun.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    study: Plan,
    shard: Shard,
    figures: bool,
}

/// The part that a study is identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StudyHashed {
    /// All that is needed to do it again.
    pub study: Plan,
    /// Which share of it.
    pub shard: Shard,
    /// Runs.
    pub runs: u64,
    /// Files with their hashes.
    pub files: Vec<Part>,
}

/// manifest.json of a study.
pub type StudyManifest = Manifest<StudyHashed>;

impl Identity for StudyHashed {
    const OWN_FIELD: &'static str = "study";

    fn files(&self) -> Vec<Part> {
        self.files.clone()
    }

    fn check(&self) -> Result<(), String> {
        self.study.check()
    }
}

/// Whether an interrupted result is one of a study.
pub fn is_study(whole: &Path) -> bool {
    let begun = fs::read(Folder::of(whole).partial.join(BEGUN)).unwrap_or_default();
    let begun: serde_json::Value = serde_json::from_slice(&begun).unwrap_or_default();
    begun.get(StudyHashed::OWN_FIELD).is_some() && begun.get("shard").is_some()
}

/// The points that are known.
#[derive(Debug)]
pub(super) enum Points {
    /// Those of a design: all.
    Designed(Vec<Point>),
    /// Those of a calibration: the candidates so far.
    Proposed(Box<Calibration>),
}

impl Points {
    fn count(&self) -> u32 {
        match self {
            Points::Designed(points) => points.len() as u32,
            Points::Proposed(calibration) => calibration.candidates() as u32,
        }
    }

    fn at(&self, number: u32) -> Point {
        match self {
            Points::Designed(points) => points[number as usize].clone(),
            Points::Proposed(calibration) => calibration.point(number as usize),
        }
    }

    /// All of them, in order.
    pub(super) fn all(self) -> Vec<Point> {
        match self {
            Points::Designed(points) => points,
            Points::Proposed(calibration) => calibration.points(),
        }
    }
}

/// What is watched while a study goes on: values of the stopping rule's metric, by point and replication. `None` is not done, not a number has no value.
#[derive(Debug, Default)]
struct Watched {
    /// Place of the metric among the plan's; `None` without a rule.
    place: Option<usize>,
    values: Vec<Vec<Option<f64>>>,
}

impl Watched {
    fn of(plan: &Plan, points: u32) -> Self {
        let stop = plan.file.stop.as_ref();
        let stop = stop.filter(|_| plan.of != Use::Calibration);
        let mut metrics = plan.metrics.iter();
        let place = stop.and_then(|stop| metrics.position(|metric| metric.key == stop.metric));
        let count = place.map_or(0, |_| points as usize);
        Self {
            place,
            values: vec![Vec::new(); count],
        }
    }

    fn note(&mut self, outcome: &Outcome) {
        let of_point = self.values.get_mut(outcome.job.point as usize);
        let (Some(place), Some(values)) = (self.place, of_point) else {
            return;
        };
        let replication = outcome.job.replication as usize;
        if values.len() <= replication {
            values.resize(replication + 1, None);
        }
        // Of what has no value no interval becomes narrow.
        values[replication] = Some(outcome.values[place].unwrap_or(f64::NAN));
    }

    /// The first replications of a point; `None` while any is not done.
    fn first(&self, point: u32, count: u32) -> Option<Vec<f64>> {
        let values = self.values[point as usize].get(..count as usize)?;
        values.iter().copied().collect()
    }
}

/// A study that is going on.
#[derive(Debug)]
pub struct Session {
    /// What it consists of.
    pub plan: Plan,
    /// Which share of it is done here.
    pub shard: Shard,
    figures: bool,
    points: Points,
    folder: Folder,
    log: Log,
    watched: Watched,
}

/// What a study is finished with.
pub(super) struct Parts {
    pub plan: Plan,
    pub shard: Shard,
    pub figures: bool,
    pub points: Points,
    pub folder: Folder,
    pub log: Log,
}

impl Session {
    /// Begins a study in a folder.
    ///
    /// # Errors
    /// What is in the way.
    pub fn begin(
        plan: Plan,
        shard: Shard,
        out: &Path,
        force: bool,
        figures: bool,
    ) -> Result<Self, RunError> {
        if plan.of == Use::Calibration && shard != Shard::WHOLE {
            return Err(RunError::Input(
                "a calibration has no shards: its candidates follow from the runs before"
                    .to_owned(),
            ));
        }
        let folder = Folder::begin(out, force)?;
        let begun = Begun {
            study: plan,
            shard,
            figures,
        };
        let json =
            serde_json::to_vec_pretty(&begun).map_err(|why| RunError::Disk(why.to_string()))?;
        folder.write(BEGUN, &json).map_err(RunError::Disk)?;
        Self::of(folder, begun)
    }

    /// Opens what was begun.
    ///
    /// # Errors
    /// Why it cannot be continued.
    pub fn open(whole: &Path) -> Result<Self, RunError> {
        let folder = Folder::go_on(whole)?;
        let path = folder.partial.join(BEGUN);
        let read = fs::read(&path).map_err(|why| why.to_string());
        let begun = read
            .and_then(|json| serde_json::from_slice::<Begun>(&json).map_err(|why| why.to_string()))
            .and_then(|begun| begun.study.check().map(|()| begun))
            .map_err(|why| RunError::Input(format!("cannot read {}: {why}", path.display())))?;
        let version = crate::experiment::VERSION;
        if begun.study.version != version {
            let (whole, begun) = (whole.display(), &begun.study.version);
            return Err(RunError::Input(format!(
                "{whole} was begun by version {begun}; this is {version}"
            )));
        }
        Self::of(folder, begun)
    }

    fn of(folder: Folder, begun: Begun) -> Result<Self, RunError> {
        let Begun {
            study: plan,
            shard,
            figures,
        } = begun;
        folder.mark_partial().map_err(RunError::Disk)?;
        let mut points = match plan.of {
            Use::Calibration => Points::Proposed(Box::new(Calibration::of(&plan))),
            Use::Sweep | Use::Sensitivity => Points::Designed(plan.designed_points()),
        };
        let mut watched = Watched::of(&plan, points.count());
        let metrics = plan.metrics.len();
        let log = Log::open(&folder.partial.join(LOG), metrics, &mut |outcome| {
            note(&mut points, &mut watched, outcome);
        });
        let log = log.map_err(RunError::Disk)?;
        Ok(Self {
            plan,
            shard,
            figures,
            points,
            folder,
            log,
            watched,
        })
    }

    pub(super) fn into_parts(self) -> Parts {
        Parts {
            plan: self.plan,
            shard: self.shard,
            figures: self.figures,
            points: self.points,
            folder: self.folder,
            log: self.log,
        }
    }

    fn points_here(&self) -> impl Iterator<Item = u32> {
        let shard = self.shard;
        (0..self.points.count()).filter(move |point| shard.has(*point))
    }

    /// Where the result will be.
    pub fn whole(&self) -> &Path {
        &self.folder.whole
    }

    /// Runs that are kept.
    pub fn kept(&self) -> usize {
        self.log.len()
    }

    /// Runs that are wanted and not kept, replication by replication, so that an interrupted study has the same of each point. None: the study can be finished. When all are kept, more may be wanted:
    /// of points that are not narrow enough yet, or of candidates that follow from these.
    pub fn wanted(&self) -> Vec<Task> {
        let mut wanted: Vec<Job> = self
            .points_here()
            .flat_map(|point| {
                (0..self.replications_of(point)).map(move |replication| Job { point, replication })
            })
            .filter(|job| !self.log.has(*job))
            .collect();
        wanted.sort_by_key(|job| (job.replication, job.point));
        let task = |job: Job| Task {
            job,
            point: self.points.at(job.point),
        };
        wanted.into_iter().map(task).collect()
    }

    /// How many replications of a point are known to be needed: the least number, or, while the interval over them is not as narrow as asked, half as many more. It is looked at after fixed numbers of replications, in
    /// their order, so it does not matter who did them when.
    fn replications_of(&self, point: u32) -> u32 {
        let least = self.plan.file.replications;
        let (Some(_), Some(stop)) = (self.watched.place, &self.plan.file.stop) else {
            return least;
        };
        let mut count = least;
        while count < stop.at_most {
            // While any of them is not done, no more are known to be needed.
            let Some(values) = self.watched.first(point, count) else {
                break;
            };
            let narrow = half_width(&values).is_some_and(|(half, mean)| match stop.half_width {
                Some(width) => half <= width,
                None => half <= stop.relative_half_width.unwrap_or(0.0) * mean.abs(),
            });
            if narrow {
                break;
            }
            count = count.saturating_add((count / 2).max(1)).min(stop.at_most);
        }
        count
    }

    /// Keeps what a run came to; one that is kept already counts once.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn keep(&mut self, outcome: &Outcome) -> Result<(), String> {
        if outcome.values.len() != self.plan.metrics.len()
            || outcome.job.point >= self.points.count()
        {
            return Err("a run of another study cannot be kept in this one".to_owned());
        }
        if self.log.has(outcome.job) {
            return Ok(());
        }
        self.log.keep(outcome)?;
        note(&mut self.points, &mut self.watched, outcome);
        Ok(())
    }
}

/// Whatever follows from an outcome.
fn note(points: &mut Points, watched: &mut Watched, outcome: &Outcome) {
    watched.note(outcome);
    if let Points::Proposed(calibration) = points {
        calibration.note(outcome);
    }
}

/// Half of the 95 % interval of a mean, and the mean.
pub fn half_width(values: &[f64]) -> Option<(f64, f64)> {
    let moments = Moments::of(values);
    let freedom = moments
        .count
        .checked_sub(1)
        .filter(|freedom| *freedom > 0)? as f64;
    let error = libm::sqrt(moments.variance / moments.count as f64);
    Some((critical(LEVEL, freedom) * error, moments.mean))
}
