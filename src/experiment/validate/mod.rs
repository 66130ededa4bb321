//! Validation: does the market show the patterns that are known of real ones (MODEL section 13, FACTS E)?
//!
//! Each [`Pattern`] names the runs that it is measured in, the band in which each of its [`Statistic`]s should lie, and the mechanism that is to bring
//! it about, with the changes that switch that mechanism off: with those the pattern must go, or it was not the mechanism (tests/validate.rs). In four
//! steps:
//!
//! 1. every run that some pattern needs is done at every seed, several side by side (`run.rs`, watched by `observe.rs`);
//! 2. each pattern is measured in its runs (`demand.rs`, `crowds.rs`, `sales.rs`, `influence.rs`, `returns.rs`, `complaints.rs`, `breaches.rs`);
//! 3. the mean over seeds is held against the band (`judge.rs`);
//! 4. what it all came to is written into a results folder with a figure (`store.rs`, `report::validation`).

mod breaches;
mod complaints;
mod crowds;
mod demand;
mod influence;
mod judge;
mod observe;
mod pattern;
mod returns;
mod run;
mod sales;
mod sample;
mod store;

pub use judge::{JudgedPattern, JudgedStatistic, Verdict, judge, poisson_interval};
pub use observe::{Observed, Parcels, People, Placed, Sold};
pub use pattern::{Kind, Measured, Pattern, Rules, Standing, Statistic, Variant};
pub use sales::ten_of_hundred;
pub use sample::Sample;
pub use store::{ValidationHashed, ValidationManifest};

use crate::experiment::workers::RunsDone;
use crate::experiment::{RunError, RunOptions, VERSION};
use crate::record::Dossier;
use crate::scenario::{Fault, Faults, suggest};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Patterns that no calibration has looked at: for checks out of sample.
pub const HELD_BACK: [&str; 3] = ["P10", "P18", "P20"];

/// Every pattern, in order of number.
pub fn patterns() -> [&'static Pattern; 17] {
    [
        &returns::LIVE,
        &returns::INTERACTION,
        &returns::BRUSHED,
        &sales::TOP_HEAVY,
        &sales::PER_VIEW,
        &crowds::DISPLAYED,
        &crowds::BOUGHT,
        &demand::COUNTER,
        &influence::INFLUENCE,
        &complaints::BURST,
        &complaints::FUNNEL,
        &complaints::CHANNEL,
        &complaints::UNCLAIMED,
        &breaches::FESTIVAL,
        &breaches::BASE_RATE,
        &breaches::DETECTION,
        &demand::PRICE,
    ]
}

/// Patterns by number, in order; all if none is named.
///
/// # Errors
/// A number that is none, or is held back.
pub fn chosen(keys: &[String]) -> Result<Vec<&'static Pattern>, Faults> {
    let known: Vec<&str> = patterns().iter().map(|pattern| pattern.key).collect();
    for key in keys {
        if HELD_BACK.contains(&key.as_str()) {
            let help = "it is kept back for checks out of sample, so that no calibration can have looked at it";
            let fault = Fault::of(format!("pattern {key} is not measured")).help(help);
            return Err(Faults(vec![fault]));
        }
        if !known.contains(&key.as_str()) {
            let help = suggest(key, known.iter().copied()).unwrap_or_default();
            let fault = Fault::of(format!("there is no pattern `{key}`"));
            let all = format!("{help}\npatterns: {}", known.join(", "));
            return Err(Faults(vec![fault.help(all.trim())]));
        }
    }
    let wanted =
        |pattern: &&'static Pattern| keys.is_empty() || keys.iter().any(|key| key == pattern.key);
    Ok(patterns().into_iter().filter(wanted).collect())
}

/// What a validation came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Version of the program.
    pub version: String,
    /// Seeds of the runs.
    pub seeds: Vec<u64>,
    /// Changes that all scenarios were given.
    pub changes: Vec<String>,
    /// Patterns, in order of number.
    pub patterns: Vec<JudgedPattern>,
    /// Numbers of the patterns that are kept back for checks out of sample.
    pub held_back: Vec<String>,
}

impl Validation {
    /// Hard patterns that are not met.
    pub fn failed(&self) -> impl Iterator<Item = &JudgedPattern> {
        self.patterns.iter().filter(|pattern| pattern.fails())
    }
}

/// Measures patterns at seeds, with changes to every scenario.
///
/// # Errors
/// Interrupted, or a change that a scenario does not take.
pub fn examine(
    patterns: &[&Pattern],
    seeds: &[u64],
    changes: &[String],
    threads: usize,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<Validation, RunError> {
    let samples = run::observe(patterns, seeds, changes, threads, progress)?;
    let pairs = patterns.iter().zip(&samples);
    Ok(Validation {
        version: VERSION.to_owned(),
        seeds: seeds.to_vec(),
        changes: changes.to_vec(),
        patterns: pairs
            .map(|(pattern, sample)| judge(pattern, (pattern.measure)(sample)))
            .collect(),
        held_back: HELD_BACK.map(str::to_owned).to_vec(),
    })
}

/// Measures what a manifest says again: a sentence if it comes to something else.
///
/// # Errors
/// Interrupted, or a manifest that names what there is not.
pub fn revalidate(
    manifest: &ValidationManifest,
    threads: usize,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<Option<String>, RunError> {
    let hashed = &manifest.hashed;
    let patterns = chosen(&hashed.validated)
        .map_err(|faults| RunError::Input(faults.render(false).trim_end().to_owned()))?;
    let again = examine(&patterns, &hashed.seeds, &hashed.changes, threads, progress)?;
    let bytes = store::bytes_of(&again).map_err(RunError::Disk)?;
    let written = hashed
        .files
        .iter()
        .find(|file| file.path == "validation.json");
    let same = written.is_some_and(|file| file.sha256 == crate::record::hash_of(&bytes));
    Ok((!same).then(|| "validation.json: a second run gives other values".to_owned()))
}

/// A validation that ended.
#[derive(Debug)]
pub struct FinishedValidation {
    /// The results folder.
    pub folder: PathBuf,
    /// What it came to.
    pub validation: Validation,
}

/// Measures patterns into a results folder. Of the options `csv` has no meaning here.
///
/// # Errors
/// Why it did not end. Nothing is left behind then.
pub fn validate(
    patterns: &[&Pattern],
    seeds: &[u64],
    changes: &[String],
    options: &RunOptions,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<FinishedValidation, RunError> {
    let dossier = Dossier::begin(&options.out, options.force)?;
    let examined = examine(patterns, seeds, changes, options.threads, progress);
    let validation = match examined {
        Ok(validation) => validation,
        Err(why) => {
            dossier.abandon();
            return Err(why);
        }
    };
    let folder = store::keep(dossier, &validation, options)?;
    Ok(FinishedValidation { folder, validation })
}
