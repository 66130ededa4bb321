//! `yellowcart resume`.

use super::{Format, Outcome, bar};
use crate::experiment::{RunOptions, resume_evening};
use std::path::PathBuf;

/// Continues an interrupted run from the end of its last simulated day.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  yellowcart resume output/double11_evening-seed20201111")]
pub struct Arguments {
    /// The results folder that the run was to make
    folder: PathBuf,
    /// Threads; all cores by default. Results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let threads = super::use_threads(arguments.threads);
    let options = RunOptions {
        out: arguments.folder.clone(),
        threads,
        command: std::env::args().collect(),
        ..RunOptions::default()
    };
    super::listen_for_interrupt();
    let bar = bar();
    let finished = resume_evening(&arguments.folder, options, &mut |progress| {
        super::show(&bar, progress);
    });
    bar.finish_and_clear();
    super::run::end(finished, arguments.format)
}
