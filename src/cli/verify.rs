//! `yellowcart verify`.

use super::{Failure, Outcome, bad_input, bar, ended_early_or, print, show_runs, tell};
use crate::experiment::compare::{self, ComparisonManifest};
use crate::experiment::detection::{BoardManifest, StreamsManifest};
use crate::experiment::study::StudyManifest;
use crate::experiment::validate::{ValidationManifest, revalidate};
use crate::experiment::workers::Halt;
use crate::experiment::{rerun_evening, rerun_study};
use crate::record::{Folder, Identity, Manifest, RunManifest};
use std::path::PathBuf;

/// What is told when a second run is interrupted.
const INTERRUPTED_RERUN: &str = "interrupted: nothing is verified";

/// Verifies that a results folder holds what its manifest says.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart verify output/diamond_necklace-seed20201111
  yellowcart verify output/diamond_necklace-seed20201111 --rerun
  yellowcart verify output/guess_coat-compared-seed20201111 --rerun --replications 2")]
pub struct Arguments {
    /// The results folder
    folder: PathBuf,
    /// Also run the scenario or study again and compare the values of every table; of a comparison: what every run came to
    #[arg(long)]
    rerun: bool,
    /// Of a comparison only so many replications are run again; all by default
    #[arg(long, requires = "rerun", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    replications: Option<u32>,
    /// Threads for --rerun; all cores by default
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    if let Some(unfinished) = Folder::unfinished(&arguments.folder) {
        return Err(bad_input(unfinished));
    }
    let comparison = ComparisonManifest::find(&arguments.folder).map_err(bad_input)?;
    if let Some(manifest) = comparison {
        return verify_comparison(arguments, &manifest);
    }
    let validation = ValidationManifest::find(&arguments.folder).map_err(bad_input)?;
    if let Some(manifest) = validation {
        return verify_validation(arguments, &manifest);
    }
    let study = StudyManifest::find(&arguments.folder).map_err(bad_input)?;
    if let Some(manifest) = study {
        let differences = match arguments.rerun {
            true => rerun_the_study(arguments, &manifest)?,
            false => Vec::new(),
        };
        return verify_files(arguments, &manifest, &differences);
    }
    let bench = BoardManifest::find(&arguments.folder).map_err(bad_input)?;
    if let Some(manifest) = bench {
        not_again(arguments, "bench")?;
        return verify_files(arguments, &manifest, &[]);
    }
    let streams = StreamsManifest::find(&arguments.folder).map_err(bad_input)?;
    if let Some(manifest) = streams {
        not_again(arguments, "generate")?;
        return verify_files(arguments, &manifest, &[]);
    }
    let manifest = RunManifest::read(&arguments.folder).map_err(bad_input)?;
    let mut differences = manifest.differences(&arguments.folder);
    if arguments.rerun {
        differences.extend(rerun(arguments, &manifest)?);
    }
    no_difference(&differences)?;
    let files: usize = manifest
        .hashed
        .tables
        .values()
        .map(|table| table.files.len())
        .sum();
    let again = again(arguments);
    print(&format!(
        "ok: {files} table files and {} figures are as written{again}\n",
        manifest.hashed.figures.len()
    ));
    Ok(())
}

/// Tells every difference; the answer is "no" if there is one.
fn no_difference(differences: &[String]) -> Outcome {
    for difference in differences {
        print(&format!("{difference}\n"));
    }
    match differences.is_empty() {
        true => Ok(()),
        false => Err(Failure::No),
    }
}

/// What a second run adds to the answer.
fn again(arguments: &Arguments) -> &'static str {
    match arguments.rerun {
        true => ", and a second run gives the same values",
        false => "",
    }
}

/// The same of a validation.
fn verify_validation(arguments: &Arguments, manifest: &ValidationManifest) -> Outcome {
    let rerun = match arguments.rerun {
        true => rerun_validation(arguments, manifest)?,
        false => None,
    };
    verify_files(arguments, manifest, rerun.as_slice())
}

/// Results of `yellowcart detect` are not made again here: programs outside may be gone, and it takes long.
fn not_again(arguments: &Arguments, what: &str) -> Outcome {
    match arguments.rerun {
        true => Err(bad_input(format!(
            "this is not made again by verify: run `yellowcart detect {what}` with another --out and compare the hashes in manifest.json"
        ))),
        false => Ok(()),
    }
}

/// Verifies the files of a result, beside what a second run has found to differ.
fn verify_files<H: Identity>(
    arguments: &Arguments,
    manifest: &Manifest<H>,
    rerun: &[String],
) -> Outcome {
    let mut differences = manifest.differences(&arguments.folder);
    differences.extend_from_slice(rerun);
    no_difference(&differences)?;
    let again = again(arguments);
    let files = manifest.hashed.files().len();
    print(&format!("ok: {files} files are as written{again}\n"));
    Ok(())
}

fn rerun_validation(
    arguments: &Arguments,
    manifest: &ValidationManifest,
) -> Result<Option<String>, Failure> {
    warn_of_version(&manifest.hashed.version);
    let threads = super::use_threads_for_runs(arguments.threads);
    super::listen_for_interrupt();
    let bar = bar();
    let show = |progress: &_| show_runs(&bar, progress);
    let found = revalidate(manifest, threads, &show);
    bar.finish_and_clear();
    found.map_err(ended_early_or(INTERRUPTED_RERUN))
}

/// The same of a comparison.
fn verify_comparison(arguments: &Arguments, manifest: &ComparisonManifest) -> Outcome {
    let mut differences = manifest.differences(&arguments.folder);
    let plan = &manifest.hashed.plan;
    let mut again = String::new();
    if arguments.rerun {
        let replications = arguments.replications.unwrap_or(plan.replications);
        differences.extend(rerun_comparison(arguments, manifest, replications)?);
        let replications = replications.min(plan.replications);
        let noun = if replications == 1 {
            "replication"
        } else {
            "replications"
        };
        again = format!(", and a second run of {replications} {noun} gives the same values");
    }
    no_difference(&differences)?;
    print(&format!(
        "ok: {} files are as written{again}\n",
        manifest.hashed.files.len()
    ));
    Ok(())
}

fn rerun_comparison(
    arguments: &Arguments,
    manifest: &ComparisonManifest,
    replications: u32,
) -> Result<Vec<String>, Failure> {
    warn_of_version(&manifest.hashed.plan.version);
    let threads = super::use_threads_for_runs(arguments.threads);
    super::listen_for_interrupt();
    let bar = bar();
    let show = |progress: &_| show_runs(&bar, progress);
    let differences = compare::rerun(manifest, replications, threads, &show);
    bar.finish_and_clear();
    differences.map_err(|halt| match halt {
        Halt::Failed(why) | Halt::Refused(why) => bad_input(why),
        Halt::Interrupted | Halt::Another => {
            tell(&INTERRUPTED_RERUN);
            Failure::Interrupted
        }
    })
}

/// Does a study again beside the folder and compares its tables.
fn rerun_the_study(
    arguments: &Arguments,
    manifest: &StudyManifest,
) -> Result<Vec<String>, Failure> {
    warn_of_version(&manifest.hashed.study.version);
    let threads = super::use_threads_for_runs(arguments.threads);
    super::listen_for_interrupt();
    let bar = bar();
    let show = |progress: &_| show_runs(&bar, progress);
    let differences = rerun_study(&arguments.folder, manifest, threads, &show);
    bar.finish_and_clear();
    differences.map_err(ended_early_or(INTERRUPTED_RERUN))
}

/// Another version may come to something else.
fn warn_of_version(theirs: &str) {
    let version = crate::experiment::VERSION;
    if theirs != version {
        tell(&format!(
            "the result was made by version {theirs}; this is {version}: it may differ"
        ));
    }
}

/// Runs the manifest's bundle again beside the folder and compares.
fn rerun(arguments: &Arguments, manifest: &RunManifest) -> Result<Vec<String>, Failure> {
    warn_of_version(&manifest.hashed.version);
    let threads = super::use_threads(arguments.threads);
    let bar = bar();
    let show = &mut |progress: &_| super::show(&bar, progress);
    let differences = rerun_evening(&arguments.folder, manifest, threads, show);
    bar.finish_and_clear();
    differences.map_err(ended_early_or(INTERRUPTED_RERUN))
}
