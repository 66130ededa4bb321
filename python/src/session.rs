//! Studies, and comparisons and studies that are going on: which runs are wanted, what was kept of those that are done, and the runs themselves, wherever they are done.
//!
//! A worker (a process of a pool, a node of a cluster) is given the plan and some tasks, and gives back what each came to. All of them cross as JSON: a worker may be on another machine.

use crate::bundle::Bundle;
use crate::errors::{Ended, disk, input, refused};
use crate::results::{Compared, Destination, plan_of, show_runs};
use crate::work::{self, threads_of_runs};
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use yellowcart::experiment::compare as comparing;
use yellowcart::experiment::study::{self, Shard, Use};
use yellowcart::experiment::workers::Halt;
use yellowcart::experiment::{RunOptions, VERSION};
use yellowcart::scenario::load_study;

/// What a worker has to know.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Plan {
    Study(Box<study::Plan>),
    Comparison(Box<comparing::Plan>),
}

impl Plan {
    /// The version in a line of its own, so that it is seen before the rest is read, which another version may write otherwise.
    fn written(&self) -> PyResult<Vec<u8>> {
        let mut text = format!("{VERSION}\n").into_bytes();
        serde_json::to_writer(&mut text, self).map_err(input)?;
        Ok(text)
    }

    fn read(text: &[u8]) -> PyResult<Self> {
        let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let (version, json) = text.split_at(end);
        if version != VERSION.as_bytes() {
            let theirs = String::from_utf8_lossy(version);
            return Err(input(format!(
                "this worker has version {VERSION} of yellowcart, and the plan is of version {theirs}: install the same everywhere"
            )));
        }
        serde_json::from_slice(json).map_err(input)
    }
}

/// What a run of a comparison came to.
#[derive(Serialize, Deserialize)]
struct Compares {
    job: comparing::Job,
    outcome: comparing::Outcome,
}

enum Going {
    Study(Box<study::Session>),
    Comparison(Box<comparing::Session>),
}

/// A study or a comparison that is going on: whoever does its runs asks for what is wanted, keeps what it comes to, and finishes when nothing more is.
#[pyclass(frozen)]
pub struct Session {
    going: Mutex<Option<Going>>,
    options: RunOptions,
}

impl Session {
    fn new(going: Going, options: RunOptions) -> Self {
        let going = Mutex::new(Some(going));
        Self { going, options }
    }

    /// Looks into what is going on.
    fn within<T>(&self, look: impl FnOnce(&mut Going) -> PyResult<T>) -> PyResult<T> {
        let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        let going = going.as_mut().ok_or_else(|| input("it is finished"))?;
        look(going)
    }
}

#[pymethods]
impl Session {
    /// Begins a study, or a shard of it.
    #[staticmethod]
    fn study(py: Python<'_>, of: Studied, to: Destination) -> PyResult<Self> {
        let options = to.options(threads_of_runs(None)?);
        let session = work::carry_out(py, None, |_| {
            let (plan, shard) = of.plan()?;
            let (out, force, figures) = (&options.out, options.force, options.figures);
            Ok(study::Session::begin(plan, shard, out, force, figures)?)
        })?;
        Ok(Self::new(Going::Study(Box::new(session)), options))
    }

    /// Begins a comparison; beside it come the plan's notes.
    #[staticmethod]
    fn comparison(
        py: Python<'_>,
        bundle: &Bundle,
        of: Compared,
        to: Destination,
    ) -> PyResult<(Self, Vec<String>)> {
        let options = to.options(threads_of_runs(None)?);
        let (session, notes) = work::carry_out(py, None, |_| {
            let plan = plan_of(&of, &bundle.inner)?;
            let notes = plan.never_in_force();
            let (out, force, figures) = (&options.out, options.force, options.figures);
            let session = comparing::Session::begin(plan, out, force, figures)?;
            Ok((session, notes))
        })?;
        Ok((
            Self::new(Going::Comparison(Box::new(session)), options),
            notes,
        ))
    }

    /// Opens what was begun in a folder.
    #[staticmethod]
    fn open(py: Python<'_>, folder: PathBuf, command: Vec<String>) -> PyResult<Self> {
        let options = RunOptions {
            out: folder,
            threads: threads_of_runs(None)?,
            command,
            ..RunOptions::default()
        };
        let going = work::carry_out(py, None, |_| match study::is_study(&options.out) {
            true => {
                let session = study::Session::open(&options.out)?;
                Ok(Going::Study(Box::new(session)))
            }
            false => {
                let session = comparing::Session::open(&options.out)?;
                Ok(Going::Comparison(Box::new(session)))
            }
        })?;
        Ok(Self::new(going, options))
    }

    /// The plan, for workers.
    fn plan(&self) -> PyResult<Vec<u8>> {
        self.within(|going| {
            let plan = match going {
                Going::Study(session) => Plan::Study(Box::new(session.plan.clone())),
                Going::Comparison(session) => Plan::Comparison(Box::new(session.plan.clone())),
            };
            plan.written()
        })
    }

    /// How many runs are kept.
    fn kept(&self) -> PyResult<usize> {
        self.within(|going| {
            Ok(match going {
                Going::Study(session) => session.kept(),
                Going::Comparison(session) => session.kept(),
            })
        })
    }

    /// Tasks that are wanted and not kept, in the order in which they are best done, with the number of runs in each. None: it can be finished.
    fn wanted(&self) -> PyResult<Vec<(Vec<u8>, usize)>> {
        fn tasks<T: Serialize>(groups: &[&[T]]) -> PyResult<Vec<(Vec<u8>, usize)>> {
            let json = |group: &&[T]| Ok((serde_json::to_vec(group).map_err(input)?, group.len()));
            groups.iter().map(json).collect()
        }
        self.within(|going| match going {
            Going::Study(session) => tasks(&session.wanted().chunks(1).collect::<Vec<_>>()),
            Going::Comparison(session) => tasks(&session.plan.together(&session.wanted())),
        })
    }

    /// Keeps what runs came to, as [`do_tasks`] gives it; what is kept already counts once.
    fn keep(&self, outcomes: &[u8]) -> PyResult<()> {
        self.within(|going| match going {
            Going::Study(session) => {
                let outcomes: Vec<study::Outcome> =
                    serde_json::from_slice(outcomes).map_err(input)?;
                let mut each = outcomes.iter();
                each.try_for_each(|outcome| session.keep(outcome))
                    .map_err(disk)
            }
            Going::Comparison(session) => {
                let outcomes: Vec<Compares> = serde_json::from_slice(outcomes).map_err(input)?;
                let mut each = outcomes.iter();
                each.try_for_each(|of| session.keep(of.job, &of.outcome))
                    .map_err(disk)
            }
        })
    }

    /// Lets go of the folder, so that it can be continued from elsewhere while this object still lives.
    fn close(&self) {
        *self.going.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes the result and returns its folder; `timing` is JSON outside of every hash.
    fn finish(&self, py: Python<'_>, timing: &str) -> PyResult<PathBuf> {
        let going = {
            let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
            going.take().ok_or_else(|| input("it is finished"))?
        };
        let unhashed = self.options.unhashed();
        work::carry_out(py, None, |_| match going {
            Going::Study(session) => Ok(session.finish(unhashed, timing)?.folder),
            Going::Comparison(session) => Ok(session.finish(unhashed, timing)?.folder),
        })
    }
}

/// What a study is, and what it is for.
#[derive(FromPyObject)]
pub struct Studied {
    what: String,
    changes: Vec<String>,
    purpose: String,
    shard: Option<(u32, u32)>,
}

impl Studied {
    fn plan(&self) -> Result<(study::Plan, Shard), Ended> {
        let of = match self.purpose.as_str() {
            "sensitivity" => Use::Sensitivity,
            "calibrate" => Use::Calibration,
            _ => Use::Sweep,
        };
        let shard = match self.shard {
            None => Shard::WHOLE,
            Some((number, of)) => format!("{number}/{of}").parse().map_err(Ended::Input)?,
        };
        let study = load_study(&self.what, &self.changes)?;
        Ok((study::Plan::of(study, of)?, shard))
    }
}

/// Does a study, or a shard of it, on threads here.
#[pyfunction]
#[pyo3(signature = (of, to, threads=None, progress=None))]
pub fn sweep(
    py: Python<'_>,
    of: Studied,
    to: Destination,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let options = to.options(threads_of_runs(threads)?);
    work::carry_out(py, progress.as_ref(), |work| {
        let (plan, shard) = of.plan()?;
        let finished = study::sweep(plan, shard, &options, &|done| show_runs(work, done))?;
        Ok(finished.folder)
    })
}

/// Puts shards of a study together.
#[pyfunction]
pub fn merge(py: Python<'_>, folders: Vec<PathBuf>, to: Destination) -> PyResult<PathBuf> {
    let options = to.options(threads_of_runs(None)?);
    work::carry_out(py, None, |_| Ok(study::merge(&folders, &options)?.folder))
}

/// A study's file as JSON, with its name.
#[pyfunction]
pub fn read_study(what: &str, changes: Vec<String>) -> PyResult<(String, String)> {
    let study = load_study(what, &changes).map_err(refused)?;
    Ok((
        study.name,
        serde_json::to_string(&study.file).map_err(input)?,
    ))
}

/// A study's file, given as JSON, as TOML.
#[pyfunction]
pub fn study_in_toml(json: &str) -> PyResult<String> {
    let value: toml::Value = serde_json::from_str(json).map_err(input)?;
    toml::to_string(&value).map_err(input)
}

/// Does tasks of a plan and returns what each run came to. Any number of them go on at a time, each on the thread that calls.
#[pyfunction]
pub fn do_tasks(py: Python<'_>, plan: &[u8], tasks: Vec<Vec<u8>>) -> PyResult<Vec<u8>> {
    let plan = Plan::read(plan)?;
    threads_of_runs(Some(1))?;
    let done = work::carry_out_beside(py, || match &plan {
        Plan::Study(plan) => do_studied(plan, &tasks),
        Plan::Comparison(plan) => do_compared(plan, &tasks),
    })?;
    Ok(done)
}

fn all_of<T: for<'a> Deserialize<'a>>(tasks: &[Vec<u8>]) -> Result<Vec<T>, Ended> {
    let mut all = Vec::new();
    for task in tasks {
        let group: Vec<T> =
            serde_json::from_slice(task).map_err(|why| Ended::Input(why.to_string()))?;
        all.extend(group);
    }
    Ok(all)
}

fn written<T: Serialize>(outcomes: Mutex<Vec<T>>) -> Result<Vec<u8>, Ended> {
    let outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    serde_json::to_vec(&outcomes).map_err(|why| Ended::Input(why.to_string()))
}

fn do_studied(plan: &study::Plan, tasks: &[Vec<u8>]) -> Result<Vec<u8>, Ended> {
    plan.check().map_err(Ended::Input)?;
    let tasks: Vec<study::Task> = all_of(tasks)?;
    let outcomes = Mutex::new(Vec::with_capacity(tasks.len()));
    let keep = |outcome: &study::Outcome| {
        let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.push(outcome.clone());
        Ok(())
    };
    study::work_off(plan, (&tasks, tasks.len()), 1, &keep, &|_| ()).map_err(halted)?;
    written(outcomes)
}

fn do_compared(plan: &comparing::Plan, tasks: &[Vec<u8>]) -> Result<Vec<u8>, Ended> {
    plan.check().map_err(Ended::Input)?;
    let jobs: Vec<comparing::Job> = all_of(tasks)?;
    let outcomes = Mutex::new(Vec::with_capacity(jobs.len()));
    let keep = |job: comparing::Job, outcome: &comparing::Outcome| {
        let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.push(Compares {
            job,
            outcome: outcome.clone(),
        });
        Ok(())
    };
    comparing::work_off(plan, (&jobs, jobs.len()), 1, &keep, &|_| ()).map_err(halted)?;
    written(outcomes)
}

fn halted(halt: Halt) -> Ended {
    match halt {
        Halt::Failed(why) | Halt::Refused(why) => Ended::Input(why),
        Halt::Interrupted | Halt::Another => Ended::Interrupted("interrupted".to_owned()),
    }
}
