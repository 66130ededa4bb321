//! `yellowcart detect bench`.

use super::{Stages, Streams, ended};
use crate::cli::{Format, Outcome, bad_input, print, print_json};
use crate::detect::outside::{self, Manner};
use crate::experiment::RunOptions;
use crate::experiment::detection::{Board, Wanted, bench, entrants, keep_board};
use crate::record::Dossier;
use crate::report::{board_csv, board_table};
use std::path::PathBuf;

/// Tries detectors on the streams of a suite: how much they find, how late, at how many false alarms, and what harm their alerts avert.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart detect bench
  yellowcart detect bench --suite surges --detectors silent_crowd,robust_z,flock
  yellowcart detect bench --external 'python3 my.py' --detectors oracle,best_single_feature
  yellowcart detect bench --suite adaptive                       farms that learn

Thresholds are fixed on development streams; everything reported is measured on test streams, whose seeds, operators and one tactic are others.
Exit codes: 0 done, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct Arguments {
    /// Name of a shipped suite, or the path of one
    #[arg(long, default_value = "static")]
    suite: String,
    /// Baselines, by name and parted by commas; all by default
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    detectors: Vec<String>,
    /// A program to try too: it reads events from its standard input and writes scores; may be given often
    #[arg(long, value_name = "COMMAND")]
    external: Vec<String>,
    /// In which form events are given to programs
    #[arg(long, value_enum, default_value_t = Wire::Jsonl)]
    wire: Wire,
    #[command(flatten)]
    streams: Streams,
    /// Do not put detectors into the platform's hands: no paired runs, no harm averted
    #[arg(long)]
    no_enforcement: bool,
    /// Try them in the platform's hands at a fifth and at five times the suite's budget of false alarms too: three times as many paired runs
    #[arg(long, conflicts_with = "no_enforcement")]
    curve: bool,
    /// Results folder; output/bench-<suite> by default
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace an existing result
    #[arg(long)]
    force: bool,
    /// Jobs at a time; all cores by default. Nothing but run times depends on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// How the leaderboard is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Wire {
    /// JSON lines
    Jsonl,
    /// an Arrow IPC stream
    Arrow,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let threads = crate::cli::use_threads_for_runs(arguments.threads);
    let suite = arguments.streams.suite(&arguments.suite)?;
    let manner = Manner {
        format: match arguments.wire {
            Wire::Jsonl => outside::Format::JsonLines,
            Wire::Arrow => outside::Format::Arrow,
        },
        ..Manner::default()
    };
    let named = (!arguments.detectors.is_empty()).then_some(arguments.detectors.as_slice());
    let entrants = entrants(named, Vec::new(), &arguments.external, &manner).map_err(bad_input)?;
    let default = || PathBuf::from("output").join(format!("bench-{}", suite.name));
    let options = RunOptions {
        out: arguments.out.clone().unwrap_or_else(default),
        force: arguments.force,
        figures: true,
        threads,
        command: crate::cli::command_line(),
        ..RunOptions::default()
    };
    let begun = Dossier::begin(&options.out, options.force);
    let dossier = begun.map_err(|why| ended(why.into()))?;
    crate::cli::listen_for_interrupt();
    let stages = Stages::new();
    let wanted = Wanted {
        suite: &suite,
        entrants: &entrants,
        threads,
        enforce: !arguments.no_enforcement,
        curve: arguments.curve,
    };
    let show = |stage: &str, done: usize, of: usize| stages.show(stage, done, of);
    let board = bench(&wanted, &show);
    stages.0.finish_and_clear();
    let board = match board {
        Ok(board) => board,
        Err(why) => {
            dossier.abandon();
            return Err(ended(why));
        }
    };
    answer(&board, arguments.format)?;
    let folder = keep_board(dossier, &board, &options);
    let folder = folder.map_err(ended)?;
    crate::cli::say!("tables, figures and report.html: {}", folder.display());
    Ok(())
}

fn answer(board: &Board, format: Format) -> Outcome {
    match format {
        Format::Table => print(&board_table(board)),
        Format::Json => print_json(board)?,
        Format::Csv => print(&board_csv(board)),
    }
    Ok(())
}
