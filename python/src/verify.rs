//! Whether a results folder holds what its manifest says, and whether doing it again gives the same values.

use crate::errors::{Ended, input};
use crate::results::{kind, show_evening, show_runs};
use crate::work::{self, threads_of_a_market, threads_of_runs};
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use yellowcart::experiment::compare::{ComparisonHashed, rerun};
use yellowcart::experiment::detection::{BoardHashed, StreamsHashed};
use yellowcart::experiment::study::StudyHashed;
use yellowcart::experiment::validate::{ValidationHashed, revalidate};
use yellowcart::experiment::workers::{Halt, RunsDone};
use yellowcart::experiment::{Progress, rerun_evening, rerun_study};
use yellowcart::record::{Identity, Manifest, RunManifest};

/// What is told when a second run is interrupted.
const INTERRUPTED_RERUN: &str = "interrupted: nothing is verified";

/// How a second run is made.
#[derive(FromPyObject)]
pub struct Again {
    replications: Option<u32>,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
}

/// A sentence for every difference between a folder and its manifest; with `again`, also between the result and a second one.
#[pyfunction]
#[pyo3(signature = (folder, again=None))]
pub fn verify(py: Python<'_>, folder: PathBuf, again: Option<Again>) -> PyResult<Vec<String>> {
    let folder = folder.as_path();
    match kind(folder.to_owned())? {
        "comparison" => comparison(py, folder, again),
        "validation" => validation(py, folder, again),
        "study" => study(py, folder, again),
        "bench" => once::<BoardHashed>(folder, again, "detect bench"),
        "streams" => once::<StreamsHashed>(folder, again, "detect generate"),
        _ => run(py, folder, again),
    }
}

/// The manifest of a folder that is known to have one of this kind.
fn manifest<H: Identity>(folder: &Path) -> PyResult<Manifest<H>> {
    let found = Manifest::find(folder).map_err(input)?;
    found.ok_or_else(|| input(format!("{} has changed meanwhile", folder.display())))
}

/// What is not made again here.
fn once<H: Identity>(folder: &Path, again: Option<Again>, command: &str) -> PyResult<Vec<String>> {
    match again {
        Some(_) => Err(input(format!(
            "this is not made again by verify: run `yellowcart {command}` with another --out and compare the hashes in manifest.json"
        ))),
        None => Ok(manifest::<H>(folder)?.differences(folder)),
    }
}

fn run(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = RunManifest::read(folder).map_err(input)?;
    let mut differences = manifest.differences(folder);
    if let Some(again) = again {
        let threads = threads_of_a_market(again.threads)?;
        differences.extend(work::carry_out(py, again.progress.as_ref(), |work| {
            let show = &mut |so_far: &Progress| show_evening(work, so_far);
            let found = rerun_evening(folder, &manifest, threads, show);
            found.map_err(|why| Ended::keeping_nothing(why, INTERRUPTED_RERUN))
        })?);
    }
    Ok(differences)
}

fn validation(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = manifest::<ValidationHashed>(folder)?;
    let mut differences = manifest.differences(folder);
    if let Some(again) = again {
        let threads = threads_of_runs(again.threads)?;
        differences.extend(work::carry_out(py, again.progress.as_ref(), |work| {
            let show = |done: &RunsDone| show_runs(work, done);
            let found = revalidate(&manifest, threads, &show);
            found.map_err(|why| Ended::keeping_nothing(why, INTERRUPTED_RERUN))
        })?);
    }
    Ok(differences)
}

fn study(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = manifest::<StudyHashed>(folder)?;
    let mut differences = manifest.differences(folder);
    if let Some(again) = again {
        let threads = threads_of_runs(again.threads)?;
        differences.extend(work::carry_out(py, again.progress.as_ref(), |work| {
            let show = |done: &RunsDone| show_runs(work, done);
            let found = rerun_study(folder, &manifest, threads, &show);
            found.map_err(|why| Ended::keeping_nothing(why, INTERRUPTED_RERUN))
        })?);
    }
    Ok(differences)
}

fn comparison(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = manifest::<ComparisonHashed>(folder)?;
    let mut differences = manifest.differences(folder);
    if let Some(again) = again {
        let threads = threads_of_runs(again.threads)?;
        let replications = again
            .replications
            .unwrap_or(manifest.hashed.plan.replications);
        differences.extend(work::carry_out(py, again.progress.as_ref(), |work| {
            let show = |done: &RunsDone| show_runs(work, done);
            let found = rerun(&manifest, replications, threads, &show);
            found.map_err(|halt| match halt {
                Halt::Failed(why) => Ended::Input(why),
                Halt::Interrupted | Halt::Another => {
                    Ended::Interrupted(INTERRUPTED_RERUN.to_owned())
                }
            })
        })?);
    }
    Ok(differences)
}
