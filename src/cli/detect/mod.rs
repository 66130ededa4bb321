//! `yellowcart detect`: labelled streams, and detectors tried on them.

mod bench;
mod generate;
mod list;
mod score;

use super::{Failure, Outcome, bad_input, bar, refused};
use crate::experiment::RunError;
use crate::experiment::detection::refuse_seeds;
use crate::scenario::{Suite, load_suite};
use clap::Subcommand;
use indicatif::ProgressBar;

/// Labelled streams of a market, and detectors tried on them: how well they find what is bought and staged, and what harm that averts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart detect list                                     suites and baselines
  yellowcart detect bench                                    all baselines on the suite `static`
  yellowcart detect bench --suite surges --detectors silent_crowd,flock
  yellowcart detect bench --external 'python3 my.py'         your program among them
  yellowcart detect generate static --out streams            the streams as files, with the truth and a data card
  yellowcart detect score streams                            scores that you have put beside them
How to write a detector: docs/detectors.md")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(list::Arguments),
    Generate(generate::Arguments),
    Bench(Box<bench::Arguments>),
    Score(score::Arguments),
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    match &arguments.what {
        What::List(arguments) => list::run(arguments),
        What::Generate(arguments) => generate::run(arguments),
        What::Bench(arguments) => bench::run(arguments),
        What::Score(arguments) => score::run(arguments),
    }
}

/// Which streams of which suite.
#[derive(Debug, clap::Args)]
struct Streams {
    /// A change to the suite's market, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// Development streams instead of as many as the suite says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    development: Option<u32>,
    /// Test streams instead of as many as the suite says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    test: Option<u32>,
}

impl Streams {
    fn suite(&self, name: &str) -> Result<Suite, Failure> {
        refuse_seeds(&self.changes).map_err(bad_input)?;
        let mut suite = load_suite(name, &self.changes).map_err(refused)?;
        let file = &mut suite.file;
        file.development_streams = self.development.unwrap_or(file.development_streams);
        file.test_streams = self.test.unwrap_or(file.test_streams);
        Ok(suite)
    }
}

/// A progress bar that shows stages one after the other.
struct Stages(ProgressBar);

impl Stages {
    fn new() -> Self {
        Self(bar())
    }

    fn show(&self, stage: &str, done: usize, of: usize) {
        if self.0.is_hidden() {
            return;
        }
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
        self.0.set_message(format!("{stage}: {done} of {of}"));
    }
}

/// Nothing is kept of what was interrupted.
fn ended(error: RunError) -> Failure {
    super::ended_early_or("interrupted: nothing is kept; start it anew")(error)
}
