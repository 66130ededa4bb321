//! What a run of a study comes to, and the log in which it is kept: a line of JSON a run, in the order in which runs were done.

use super::design::Point;
use super::plan::Plan;
use crate::experiment::compare::hashes_of;
use crate::experiment::metrics_of;
use crate::market::Summary;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

/// A run of a study: a point and a replication, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Job {
    /// Number of the point.
    pub point: u32,
    /// Number of the replication.
    pub replication: u32,
}

/// A run that is wanted: which, and at which point. With the plan it is all that is needed to do it anywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Which run.
    #[serde(flatten)]
    pub job: Job,
    /// Coordinates of its point.
    #[serde(rename = "coordinates")]
    pub point: Point,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which run.
    #[serde(flatten)]
    pub job: Job,
    /// Its seed.
    pub seed: u64,
    /// Values of the plan's metrics, in order; `None` where the run has none.
    pub values: Vec<Option<f64>>,
    /// SHA-256 of the summary without rules and state hashes: runs that agree in it came to the same in everything that is counted.
    pub summary_sha256: String,
    /// SHA-256 of the state hashes of all days.
    pub states_sha256: String,
}

impl Outcome {
    /// Of a run that has come to its end.
    ///
    /// # Errors
    /// A sentence, if its summary cannot be written as JSON.
    pub fn of(plan: &Plan, job: Job, seed: u64, summary: &Summary) -> Result<Self, String> {
        let measured: BTreeMap<String, Option<f64>> = metrics_of(summary)
            .into_iter()
            .map(|(metric, value)| (metric.key, value))
            .collect();
        let value = |key: &str| {
            measured
                .get(key)
                .copied()
                .flatten()
                .filter(|value| value.is_finite())
        };
        let values = plan.metrics.iter().map(|metric| value(&metric.key));
        let hashes = hashes_of(summary)?;
        Ok(Self {
            job,
            seed,
            values: values.collect(),
            summary_sha256: hashes.0,
            states_sha256: hashes.1,
        })
    }
}

/// A log of outcomes, and where in it each run is: what is kept in memory of a run.
#[derive(Debug)]
pub struct Log {
    file: File,
    end: u64,
    places: BTreeMap<Job, u64>,
}

impl Drop for Log {
    /// Processes that were forked meanwhile hold the file too: the lock is given back by name, not by closing.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Log {
    /// Opens a log of outcomes of so many metrics, or makes one. What was cut off in the middle of a line is dropped with all that follows: those runs are done again.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    pub fn open(
        path: &Path,
        metrics: usize,
        each: &mut dyn FnMut(&Outcome),
    ) -> Result<Self, String> {
        let why = |why: std::io::Error| format!("cannot read {}: {why}", path.display());
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(why)?;
        // Two who write one log would lose runs of each other.
        file.try_lock().map_err(|_| {
            format!(
                "another process is working on this: {} is locked; wait until it has ended",
                path.display()
            )
        })?;
        let mut places = BTreeMap::new();
        let (mut end, mut line) = (0, String::new());
        let mut reader = BufReader::new(&mut file);
        loop {
            line.clear();
            let read = reader.read_line(&mut line).map_err(why)?;
            let outcome = line
                .strip_suffix('\n')
                .and_then(|line| serde_json::from_str::<Outcome>(line).ok());
            let Some(outcome) = outcome.filter(|of| of.values.len() == metrics) else {
                break;
            };
            places.entry(outcome.job).or_insert_with(|| {
                each(&outcome);
                end
            });
            end += read as u64;
        }
        file.set_len(end).map_err(why)?;
        file.seek(SeekFrom::Start(end)).map_err(why)?;
        Ok(Self { file, end, places })
    }

    /// Whether a run is kept.
    pub fn has(&self, job: Job) -> bool {
        self.places.contains_key(&job)
    }

    /// How many runs are kept.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Keeps an outcome; one that is kept already is passed over.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn keep(&mut self, outcome: &Outcome) -> Result<(), String> {
        if self.has(outcome.job) {
            return Ok(());
        }
        let mut line = serde_json::to_vec(outcome).map_err(|why| why.to_string())?;
        line.push(b'\n');
        self.file
            .write_all(&line)
            .map_err(|why| format!("cannot keep a run: {why}"))?;
        self.places.insert(outcome.job, self.end);
        self.end += line.len() as u64;
        Ok(())
    }

    /// Every outcome in order of point and replication, one at a time.
    ///
    /// # Errors
    /// What cannot be read, or what `each` says.
    pub fn each(
        &mut self,
        each: &mut dyn FnMut(Outcome) -> Result<(), String>,
    ) -> Result<(), String> {
        for (job, place) in &self.places {
            self.file
                .seek(SeekFrom::Start(*place))
                .map_err(|why| why.to_string())?;
            let mut line = String::new();
            BufReader::new(&mut self.file)
                .read_line(&mut line)
                .map_err(|why| why.to_string())?;
            let outcome: Outcome = serde_json::from_str(&line)
                .map_err(|why| format!("a run was kept wrongly: {why}"))?;
            if outcome.job != *job {
                return Err("a run was kept in the place of another".to_owned());
            }
            each(outcome)?;
        }
        self.file
            .seek(SeekFrom::Start(self.end))
            .map_err(|why| why.to_string())?;
        Ok(())
    }
}
