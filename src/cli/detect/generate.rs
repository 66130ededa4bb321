//! `yellowcart detect generate`.

use super::{Stages, Streams, ended};
use crate::cli::Outcome;
use crate::experiment::RunOptions;
use crate::experiment::detection::{Gate, generate};
use std::path::PathBuf;

/// Writes the streams of a suite as files: what the platform sees, the truth apart from it, and a data card.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart detect generate static --out streams
  yellowcart detect generate surges --development 1 --test 1 --set population.consumers=20000 --jsonl

Each stream has a folder: events.parquet (and events.jsonl with --jsonl), and truth/ with campaigns, twins, actors, orders, events and rooms.
card.md says what is in them, how they were made, and what the leak gate found.")]
pub struct Arguments {
    /// Name of a shipped suite, or the path of one
    suite: String,
    /// Folder; output/<suite>-streams by default
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    streams: Streams,
    /// Write events as JSON lines too
    #[arg(long)]
    jsonl: bool,
    /// Replace an existing folder
    #[arg(long)]
    force: bool,
    /// Streams at a time; all cores by default. Nothing depends on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// What the leak gate found, where it is not simply that nothing leaks.
fn tell_of(gate: &Gate) {
    if gate.untested > 0 {
        crate::cli::say!(
            "leak gate: {} fields tested, {} not, for want of false events or campaigns (see card.md); more streams test more",
            gate.tested,
            gate.untested
        );
    }
    if !gate.leaking.is_empty() {
        crate::cli::say!(
            "take care: single fields tell false events from real ones by more than the leak gate lets through: {}; see card.md",
            gate.leaking.join(", ")
        );
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let threads = crate::cli::use_threads_for_runs(arguments.threads);
    let suite = arguments.streams.suite(&arguments.suite)?;
    let default = || PathBuf::from("output").join(format!("{}-streams", suite.name));
    let options = RunOptions {
        out: arguments.out.clone().unwrap_or_else(default),
        force: arguments.force,
        threads,
        command: crate::cli::command_line(),
        ..RunOptions::default()
    };
    crate::cli::listen_for_interrupt();
    let stages = Stages::new();
    let show = |stage: &str, done: usize, of: usize| stages.show(stage, done, of);
    let written = generate(&suite, arguments.jsonl, &options, &show);
    stages.0.finish_and_clear();
    let written = written.map_err(ended)?;
    crate::cli::say!("streams, truth and card.md: {}", written.folder.display());
    tell_of(&written.gate);
    Ok(())
}
