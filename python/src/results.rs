//! Runs, comparisons and validations, and the folders that they leave: opened, resumed, reported on, verified.

use crate::bundle::Bundle;
use crate::errors::{Ended, disk, input, refused};
use crate::work::{self, Work, threads_of_a_market, threads_of_runs};
use pyo3::prelude::*;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use yellowcart::experiment::compare::{self as comparing, Comparison, ComparisonManifest, Wanted};
use yellowcart::experiment::detection::{BoardManifest, StreamsManifest, read_board};
use yellowcart::experiment::study::{StudyManifest, StudyResult, is_study, resume_study};
use yellowcart::experiment::validate::{self as validating, Validation, ValidationManifest};
use yellowcart::experiment::workers::RunsDone;
use yellowcart::experiment::{Progress, RunOptions, metrics_of, resume_evening, run_evening};
use yellowcart::market::Summary;
use yellowcart::record::{Folder, RunManifest, write_whole};
use yellowcart::report::{
    board_table, comparison_table, html_report, study_table, summary_table, validation_table,
};

/// Where a result goes and how it is recorded; the same for all kinds.
#[derive(FromPyObject)]
pub struct Destination {
    out: PathBuf,
    force: bool,
    csv: bool,
    figures: bool,
    command: Vec<String>,
}

impl Destination {
    /// As the library takes it.
    pub fn options(self, threads: usize) -> RunOptions {
        RunOptions {
            out: self.out,
            force: self.force,
            csv: self.csv,
            figures: self.figures,
            threads,
            command: self.command,
        }
    }
}

/// Tells how far an evening is.
pub fn show_evening(work: &Work, progress: &Progress) {
    work.tell("seconds", progress.time, progress.end);
}

/// Tells how far runs are.
pub fn show_runs(work: &Work, progress: &RunsDone) {
    work.tell(
        "runs",
        progress.thousandths as f64 / 1e3,
        f64::from(progress.total),
    );
}

/// Runs a scenario into a results folder.
#[pyfunction]
#[pyo3(signature = (bundle, to, threads=None, progress=None))]
pub fn run(
    py: Python<'_>,
    bundle: &Bundle,
    to: Destination,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let options = to.options(threads_of_a_market(threads)?);
    let inner = &bundle.inner;
    work::carry_out(py, progress.as_ref(), |work| {
        let finished = run_evening(inner, &options, &mut |so_far| show_evening(work, so_far));
        finished
            .map(|finished| finished.folder)
            .map_err(Ended::from)
    })
}

/// What a comparison is of.
#[derive(FromPyObject)]
pub struct Compared {
    what: String,
    changes: Vec<String>,
    seed: Option<u64>,
    regimes: Vec<String>,
    baseline: Option<String>,
    replications: u32,
    primary: Option<String>,
    seeds_per_draw: Option<u32>,
    moment: Option<String>,
}

/// Compares regimes into a results folder; `bundle` is the scenario as it was loaded. Beside the folder come the plan's notes.
#[pyfunction]
#[pyo3(signature = (bundle, of, to, threads=None, progress=None))]
pub fn compare(
    py: Python<'_>,
    bundle: &Bundle,
    of: Compared,
    to: Destination,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<(PathBuf, Vec<String>)> {
    let options = to.options(threads_of_runs(threads)?);
    let loaded = &bundle.inner;
    work::carry_out(py, progress.as_ref(), |work| {
        let plan = plan_of(&of, loaded)?;
        let finished = comparing::compare(&plan, &options, &|done| show_runs(work, done))?;
        Ok((finished.folder, plan.never_in_force()))
    })
}

/// The plan of a comparison of the scenario that was loaded.
pub fn plan_of(
    of: &Compared,
    loaded: &yellowcart::scenario::Bundle,
) -> Result<comparing::Plan, Ended> {
    let plan = comparing::plan(&Wanted {
        what: &of.what,
        changes: &of.changes,
        seed: of.seed,
        regimes: &of.regimes,
        baseline: of.baseline.as_deref(),
        replications: of.replications,
        primary: of.primary.as_deref(),
        seeds_per_draw: of.seeds_per_draw,
        from: of.moment.as_deref(),
    })?;
    match same_but_for_the_regime(&plan.bundle, loaded) {
        true => Ok(plan),
        false => {
            let why = format!("{} has changed since it was loaded: load it again", of.what);
            Err(Ended::Input(why))
        }
    }
}

/// A comparison loads its scenario once more, under the regimes that it compares: it has to be the one that was loaded before.
fn same_but_for_the_regime(
    one: &yellowcart::scenario::Bundle,
    other: &yellowcart::scenario::Bundle,
) -> bool {
    let parts = |bundle: &yellowcart::scenario::Bundle| {
        serde_json::to_value((bundle.seed, &bundle.scenario, &bundle.scripts)).ok()
    };
    parts(one) == parts(other)
}

/// Holds the market against known patterns, into a results folder.
#[pyfunction]
#[pyo3(signature = (patterns, seeds, changes, to, threads=None, progress=None))]
pub fn validate(
    py: Python<'_>,
    patterns: Vec<String>,
    seeds: Vec<u64>,
    changes: Vec<String>,
    to: Destination,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let options = to.options(threads_of_runs(threads)?);
    let patterns = validating::chosen(&patterns).map_err(refused)?;
    work::carry_out(py, progress.as_ref(), |work| {
        let show = |done: &RunsDone| show_runs(work, done);
        let finished = validating::validate(&patterns, &seeds, &changes, &options, &show);
        let told = "interrupted: nothing is kept; a validation is started anew";
        let finished = finished.map_err(|why| Ended::keeping_nothing(why, told))?;
        Ok(finished.folder)
    })
}

/// Continues what was interrupted.
#[pyfunction]
#[pyo3(signature = (folder, command, threads=None, progress=None))]
pub fn resume(
    py: Python<'_>,
    folder: PathBuf,
    command: Vec<String>,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    if let Some(why) = Folder::cannot_go_on(&folder) {
        return Err(input(why));
    }
    let study = is_study(&folder);
    let comparison = comparing::is_comparison(&folder);
    let threads = match comparison || study {
        true => threads_of_runs(threads)?,
        false => threads_of_a_market(threads)?,
    };
    let options = RunOptions {
        out: folder.clone(),
        threads,
        command,
        ..RunOptions::default()
    };
    work::carry_out(py, progress.as_ref(), |work| {
        let show = |done: &RunsDone| show_runs(work, done);
        if study {
            return Ok(resume_study(&folder, &options, &show)?.folder);
        }
        if comparison {
            return Ok(comparing::resume_comparison(&folder, &options, &show)?.folder);
        }
        let show = &mut |so_far: &Progress| show_evening(work, so_far);
        Ok(resume_evening(&folder, options, show)?.folder)
    })
}

/// What kind of result a folder holds: `run`, `comparison`, `validation`, `study`, `bench` or `streams`.
#[pyfunction]
pub fn kind(folder: PathBuf) -> PyResult<&'static str> {
    if let Some(unfinished) = Folder::unfinished(&folder) {
        return Err(input(unfinished));
    }
    let is = |found: Result<bool, String>| found.map_err(input);
    if is(ComparisonManifest::find(&folder).map(|found| found.is_some()))? {
        return Ok("comparison");
    }
    if is(ValidationManifest::find(&folder).map(|found| found.is_some()))? {
        return Ok("validation");
    }
    if is(StudyManifest::find(&folder).map(|found| found.is_some()))? {
        return Ok("study");
    }
    if is(BoardManifest::find(&folder).map(|found| found.is_some()))? {
        return Ok("bench");
    }
    if is(StreamsManifest::find(&folder).map(|found| found.is_some()))? {
        return Ok("streams");
    }
    RunManifest::read(&folder).map_err(input)?;
    Ok("run")
}

fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> PyResult<T> {
    let path = folder.join(name);
    let json = std::fs::read(&path).map_err(|why| why.to_string());
    let read = json.and_then(|json| serde_json::from_slice(&json).map_err(|why| why.to_string()));
    read.map_err(|why| input(format!("cannot read {}: {why}", path.display())))
}

/// Every metric of a run with its value, as JSON.
#[pyfunction]
pub fn metrics(folder: PathBuf) -> PyResult<String> {
    let summary: Summary = read_json(&folder, "summary.json")?;
    let measured = metrics_of(&summary);
    serde_json::to_string(&measured).map_err(input)
}

/// A result as the command line prints it; of a comparison all metrics, or those of the usual table.
#[pyfunction]
#[pyo3(signature = (folder, all=false))]
pub fn in_words(folder: PathBuf, all: bool) -> PyResult<String> {
    match kind(folder.clone())? {
        "comparison" => {
            let comparison: Comparison = read_json(&folder, "comparison.json")?;
            Ok(comparison_table(&comparison, all))
        }
        "validation" => {
            let validation: Validation = read_json(&folder, "validation.json")?;
            Ok(validation_table(&validation))
        }
        "study" => {
            let study: StudyResult = read_json(&folder, "study.json")?;
            Ok(study_table(&study))
        }
        "bench" => Ok(board_table(&read_board(&folder).map_err(input)?)),
        "run" => {
            let manifest = RunManifest::read(&folder).map_err(input)?;
            let scenario = manifest.hashed.bundle.resolve().map_err(input)?;
            Ok(summary_table(
                &scenario,
                &read_json(&folder, "summary.json")?,
            ))
        }
        other => Err(input(format!(
            "{} holds a result of another kind: {other}",
            folder.display()
        ))),
    }
}

/// Writes the report of a results folder, and returns what in the folder is not as its manifest says.
#[pyfunction]
pub fn report(folder: PathBuf, out: PathBuf, force: bool) -> PyResult<Vec<String>> {
    if std::fs::symlink_metadata(&out).is_ok() && !force {
        return Err(input(format!(
            "{} exists: choose another --out, or replace it with --force",
            out.display()
        )));
    }
    let report = html_report(&folder).map_err(input)?;
    write_whole(&out, report.html.as_bytes()).map_err(disk)?;
    Ok(report.changed)
}
