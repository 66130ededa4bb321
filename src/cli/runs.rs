//! Arguments of every command that does many runs into a results folder.

use super::Format;
use crate::experiment::RunOptions;
use std::path::{Path, PathBuf};

/// How many at a time, and where results go.
#[derive(Debug, clap::Args)]
pub struct RunsArguments {
    /// Runs at a time; all cores by default. Results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub result: ResultArguments,
}

/// Where results go, and how they are printed.
#[derive(Debug, clap::Args)]
pub struct ResultArguments {
    /// Results folder; by default one in output/, named after what is run
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Replace an existing result
    #[arg(long)]
    pub force: bool,
    /// Draw no figures
    #[arg(long)]
    pub no_figures: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

impl ResultArguments {
    /// The options of results that are called so unless the user says otherwise, made on so many threads.
    pub fn options(&self, name: &str, threads: usize) -> RunOptions {
        let here = || Path::new("output").join(name);
        RunOptions {
            out: self.out.clone().unwrap_or_else(here),
            force: self.force,
            figures: !self.no_figures,
            threads,
            command: super::command_line(),
            ..RunOptions::default()
        }
    }
}
