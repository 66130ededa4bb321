//! `yellowcart validate`.

use super::runs::RunsArguments;
use super::{Failure, Format, Outcome, bar, ended_early_or, print, print_json, refused, show_runs};
use crate::experiment::validate::{Validation, chosen, validate};
use crate::report::{validation_csv, validation_table};

/// Holds the market against the patterns that are known of real ones: statistic, band, verdict, pattern by pattern.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart validate
  yellowcart validate --pattern P8 --pattern P19 --seeds 10
  yellowcart validate --pattern P8 --set behaviour.social_orders=0    (the mechanism off: the pattern must go)

Each pattern is measured in named reference scenarios at every seed. It is reproduced if the 95 % interval of the mean over seeds lies in its
band, not reproduced if it lies outside, and inconclusive if it does both: then more seeds would tell. What was put in is said to be by
construction. P10, P18 and P20 are kept back for checks out of sample.
Exit codes: 0 no hard pattern fails, 1 one does, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct Arguments {
    /// Seeds of each run
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000))]
    seeds: u32,
    /// The first seed; the others follow
    #[arg(long, default_value_t = 20_201_111)]
    seed: u64,
    /// Only this pattern, such as P8; may be given often
    #[arg(long = "pattern", value_name = "PATTERN")]
    patterns: Vec<String>,
    /// A change to every reference scenario, such as behaviour.arousal=0; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    #[command(flatten)]
    runs: RunsArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let threads = super::use_threads_for_runs(arguments.runs.threads);
    let patterns = chosen(&arguments.patterns).map_err(refused)?;
    let last = arguments.seed.saturating_add(u64::from(arguments.seeds));
    let seeds: Vec<u64> = (arguments.seed..last).collect();
    let name = format!("validation-seed{}", arguments.seed);
    let options = arguments.runs.result.options(&name, threads);
    super::listen_for_interrupt();
    let bar = bar();
    let show = |progress: &_| show_runs(&bar, progress);
    let finished = validate(&patterns, &seeds, &arguments.changes, &options, &show);
    bar.finish_and_clear();
    let interrupted = "interrupted: nothing is kept; a validation is started anew";
    let finished = finished.map_err(ended_early_or(interrupted))?;
    answer(&finished.validation, arguments.runs.result.format)?;
    super::say!("tables, figure and manifest: {}", finished.folder.display());
    match finished.validation.failed().next() {
        Some(_) => Err(Failure::No),
        None => Ok(()),
    }
}

fn answer(validation: &Validation, format: Format) -> Outcome {
    match format {
        Format::Table => print(&validation_table(validation)),
        Format::Json => print_json(validation)?,
        Format::Csv => print(&validation_csv(validation)),
    }
    Ok(())
}
