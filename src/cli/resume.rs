//! `yellowcart resume`.

use super::{Format, Outcome, bar, show_runs};
use crate::experiment::compare::{is_comparison, resume_comparison};
use crate::experiment::study::{is_study, resume_study};
use crate::experiment::{RunOptions, resume_evening};
use crate::record::Folder;
use std::path::PathBuf;

/// Continues an interrupted run from the end of its last simulated day, or an interrupted comparison or study with the runs that are not done.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart resume output/double11_evening-seed20201111
  yellowcart resume output/guess_coat-compared-seed20201111")]
pub struct Arguments {
    /// The results folder that the run, comparison or study was to make, or the .partial that stands for it until then
    folder: PathBuf,
    /// Threads; all cores by default. Results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Show every metric in the table of a comparison
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let folder = Folder::whole_of(&arguments.folder);
    if let Some(why) = Folder::cannot_go_on(&folder) {
        return Err(super::bad_input(why));
    }
    let comparison = is_comparison(&folder);
    let study = is_study(&folder);
    let threads = match comparison || study {
        true => super::use_threads_for_runs(arguments.threads),
        false => super::use_threads(arguments.threads),
    };
    let options = RunOptions {
        out: folder.clone(),
        threads,
        command: super::command_line(),
        ..RunOptions::default()
    };
    super::listen_for_interrupt();
    let bar = bar();
    if study {
        let show = |progress: &_| show_runs(&bar, progress);
        let finished = resume_study(&folder, &options, &show);
        bar.finish_and_clear();
        return super::sweep::end(finished, arguments.format);
    }
    if comparison {
        let show = |progress: &_| show_runs(&bar, progress);
        let finished = resume_comparison(&folder, &options, &show);
        bar.finish_and_clear();
        return super::compare::end(finished, arguments.format, arguments.all);
    }
    let finished = resume_evening(&folder, options, &mut |progress| {
        super::show(&bar, progress);
    });
    bar.finish_and_clear();
    super::run::end(finished, arguments.format)
}
