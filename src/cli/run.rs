//! `yellowcart run`.

use super::{Format, Outcome, bad_input, bar, ended_early, load_or_tell, print_summary, warn};
use crate::experiment::{Finished, RunError, RunOptions, estimate, run_evening};
use std::path::PathBuf;

/// Runs a scenario and writes tables, figures and a manifest.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart run diamond_necklace
  yellowcart run ./my_room.toml --seed 7 --out output/my_room_7
  yellowcart run bought_views --regime disclosure --set population.consumers=50000
  yellowcart run honest_evening --format json > summary.json")]
pub struct Arguments {
    /// A shipped scenario (see `yellowcart list`) or a file
    scenario: String,
    /// Seed of every random draw; the scenario's own by default
    #[arg(long)]
    seed: Option<u64>,
    /// Results folder; output/<scenario>-seed<seed> by default
    #[arg(long)]
    out: Option<PathBuf>,
    /// Threads; all cores by default. Results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// A change to the scenario, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// Regime instead of the scenario's: name or file
    #[arg(long)]
    regime: Option<String>,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write tables as CSV beside Parquet
    #[arg(long)]
    csv: bool,
    /// Draw no figures
    #[arg(long)]
    no_figures: bool,
    /// Replace an existing result
    #[arg(long)]
    force: bool,
}

/// Seconds from which on a run says beforehand what it will take.
const LONG: f64 = 60.0;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let bundle = load_or_tell(&crate::scenario::Request {
        what: &arguments.scenario,
        overrides: &arguments.changes,
        seed: arguments.seed,
        regime: arguments.regime.as_deref(),
        ..crate::scenario::Request::default()
    })?;
    let scenario = bundle.resolve().map_err(bad_input)?;
    scenario.never_in_force().iter().for_each(|why| warn(why));
    let estimate = estimate(&scenario, arguments.csv);
    drop(scenario);
    if estimate.seconds > LONG {
        super::say!("{}: {}", bundle.name, estimate.sentence());
    }
    let threads = super::use_threads(arguments.threads);
    let out = arguments.out.clone().unwrap_or_else(|| {
        PathBuf::from("output").join(format!("{}-seed{}", bundle.name, bundle.seed))
    });
    let options = RunOptions {
        out,
        force: arguments.force,
        csv: arguments.csv,
        figures: !arguments.no_figures,
        threads,
        command: super::command_line(),
    };
    super::listen_for_interrupt();
    let bar = bar();
    let finished = run_evening(&bundle, &options, &mut |progress| {
        super::show(&bar, progress)
    });
    bar.finish_and_clear();
    end(finished, arguments.format)
}

/// Prints the summary, or why there is none.
pub fn end(finished: Result<Finished, RunError>, format: Format) -> Outcome {
    match finished {
        Ok(finished) => {
            print_summary(&finished, format)?;
            let rules = &finished.summary.rules;
            if !rules.is_empty() && rules.iter().all(|(_, first)| first.is_none()) {
                let regime = &finished.scenario.regime.name;
                super::say!("regime {regime} changed nothing in this run");
            }
            super::say!(
                "tables, figures and manifest: {}",
                finished.folder.display()
            );
            Ok(())
        }
        Err(error) => Err(ended_early(error)),
    }
}
