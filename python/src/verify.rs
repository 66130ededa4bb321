//! Whether a results folder holds what its manifest says, and whether doing it again gives the same values.

use crate::errors::{Ended, input};
use crate::results::{kind, show_evening, show_runs};
use crate::work::{self, Work, threads_of_a_market, threads_of_runs};
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use yellowcart::experiment::compare::{ComparisonHashed, rerun};
use yellowcart::experiment::detection::{BoardHashed, StreamsHashed};
use yellowcart::experiment::study::StudyHashed;
use yellowcart::experiment::validate::{ValidationHashed, revalidate};
use yellowcart::experiment::workers::{Halt, RunsDone};
use yellowcart::experiment::{Progress, RunError, rerun_evening, rerun_study};
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

/// What is told where a second run does not end.
fn unfinished(why: RunError) -> Ended {
    Ended::keeping_nothing(why, INTERRUPTED_RERUN)
}

/// Differences, and those of a second run where one is wanted, on threads as `threads` gives them.
fn with_second(
    py: Python<'_>,
    mut differences: Vec<String>,
    again: Option<Again>,
    threads: impl Fn(Option<usize>) -> PyResult<usize>,
    second: impl FnOnce(&Work, &Again, usize) -> Result<Vec<String>, Ended> + Send,
) -> PyResult<Vec<String>> {
    if let Some(again) = again {
        let threads = threads(again.threads)?;
        let found = work::carry_out(py, again.progress.as_ref(), |work| {
            second(work, &again, threads)
        })?;
        differences.extend(found);
    }
    Ok(differences)
}

fn run(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = RunManifest::read(folder).map_err(input)?;
    let differences = manifest.differences(folder);
    with_second(
        py,
        differences,
        again,
        threads_of_a_market,
        |work, _, threads| {
            let show = &mut |so_far: &Progress| show_evening(work, so_far);
            rerun_evening(folder, &manifest, threads, show).map_err(unfinished)
        },
    )
}

fn validation(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = manifest::<ValidationHashed>(folder)?;
    let differences = manifest.differences(folder);
    with_second(
        py,
        differences,
        again,
        threads_of_runs,
        |work, _, threads| {
            let show = |done: &RunsDone| show_runs(work, done);
            let found = revalidate(&manifest, threads, &show).map_err(unfinished)?;
            Ok(found.into_iter().collect())
        },
    )
}

fn study(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = manifest::<StudyHashed>(folder)?;
    let differences = manifest.differences(folder);
    with_second(
        py,
        differences,
        again,
        threads_of_runs,
        |work, _, threads| {
            let show = |done: &RunsDone| show_runs(work, done);
            rerun_study(folder, &manifest, threads, &show).map_err(unfinished)
        },
    )
}

fn comparison(py: Python<'_>, folder: &Path, again: Option<Again>) -> PyResult<Vec<String>> {
    let manifest = manifest::<ComparisonHashed>(folder)?;
    let differences = manifest.differences(folder);
    with_second(
        py,
        differences,
        again,
        threads_of_runs,
        |work, again, threads| {
            let all = manifest.hashed.plan.replications;
            let show = |done: &RunsDone| show_runs(work, done);
            let found = rerun(&manifest, again.replications.unwrap_or(all), threads, &show);
            found.map_err(|halt| match halt {
                Halt::Failed(why) | Halt::Refused(why) => Ended::Input(why),
                Halt::Interrupted | Halt::Another => {
                    Ended::Interrupted(INTERRUPTED_RERUN.to_owned())
                }
            })
        },
    )
}
