//! `yellowcart compare`.

use super::runs::RunsArguments;
use super::{Format, Outcome, bar, ended_early, print, print_json, refused, show_runs, warn};
use crate::experiment::RunError;
use crate::experiment::compare::{FinishedComparison, Wanted, compare, plan};
use crate::report::{comparison_table, differences_csv};

/// Seeds of each draw of the assumptions, unless the user says otherwise.
const SEEDS_PER_DRAW: u32 = 2;

/// Compares regimes over replications that are paired by seed: what each does to sales, harm and redress, with intervals.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart compare guess_coat --regimes none,disclosure --replications 40
  yellowcart compare guess_coat --regimes none,disclosure --from 2020-11-01    (both branch from one state)
  yellowcart compare guess_coat --regimes none,disclosure --uncertainty --seeds-per-draw 4
  yellowcart compare my_evening.toml --regimes none,./my_regime.toml --primary unbiased_harm --all

Replication r has the same seed in every arm, so differences are told from far fewer runs than unpaired ones would need. The primary metric is
corrected for the number of arms, all other metrics together for their number (Bonferroni): intervals, p and how many more replications would
tell, in every table and figure. Interrupted, it is continued with `yellowcart resume`; nothing that is done is done again.
With --from every arm goes on from the baseline's state at that moment; where a regime's file names a moment too, the later of the two holds.
With --uncertainty assumptions are redrawn within what is plausible (`yellowcart explain`), identically in all arms, and what seeds and what
assumptions account for is reported apart.
Exit codes: 0 done, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct Arguments {
    /// A shipped scenario (see `yellowcart list`) or a file
    scenario: String,
    /// Regimes, by name or file, with commas between; the first is the baseline
    #[arg(long, required = true, value_delimiter = ',', value_name = "NAMES")]
    regimes: Vec<String>,
    /// Another baseline than the first regime
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
    /// Replications of every arm
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replications: u32,
    /// The metric that decides, by its key in metrics.csv; net_detriment by default, or deception_harm where a run has no such
    #[arg(long, value_name = "METRIC")]
    primary: Option<String>,
    /// The moment from which the arms differ, such as "2020-11-01 20:00" or 2020-11-01
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Redraw assumptions within what is plausible
    #[arg(long)]
    uncertainty: bool,
    /// Seeds for each draw of the assumptions; 2 by default
    #[arg(long, requires = "uncertainty", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    seeds_per_draw: Option<u32>,
    /// Seed from which those of the replications come; the scenario's own by default
    #[arg(long)]
    seed: Option<u64>,
    /// A change to the scenario, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    #[command(flatten)]
    runs: RunsArguments,
    /// Show every metric in the table
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    // Planning builds a world already: the number of its threads is set before.
    let threads = super::use_threads_for_runs(arguments.runs.threads);
    let seeds = arguments.seeds_per_draw.unwrap_or(SEEDS_PER_DRAW);
    let wanted = Wanted {
        what: &arguments.scenario,
        changes: &arguments.changes,
        seed: arguments.seed,
        regimes: &arguments.regimes,
        baseline: arguments.baseline.as_deref(),
        replications: arguments.replications,
        primary: arguments.primary.as_deref(),
        seeds_per_draw: arguments.uncertainty.then_some(seeds),
        from: arguments.from.as_deref(),
    };
    let plan = plan(&wanted).map_err(refused)?;
    plan.never_in_force().iter().for_each(|why| warn(why));
    let name = format!("{}-compared-seed{}", plan.bundle.name, plan.bundle.seed);
    let options = arguments.runs.result.options(&name, threads);
    super::listen_for_interrupt();
    let bar = bar();
    let finished = compare(&plan, &options, &|progress| show_runs(&bar, progress));
    bar.finish_and_clear();
    end(finished, arguments.runs.result.format, arguments.all)
}

/// Prints the comparison, or why there is none.
pub fn end(finished: Result<FinishedComparison, RunError>, format: Format, all: bool) -> Outcome {
    let finished = finished.map_err(ended_early)?;
    match format {
        Format::Table => print(&comparison_table(&finished.comparison, all)),
        Format::Json => print_json(&finished.comparison)?,
        Format::Csv => print(&differences_csv(&finished.comparison)),
    }
    let figures = match finished.folder.join("figures").is_dir() {
        true => ", figures",
        false => "",
    };
    super::say!(
        "tables{figures} and manifest: {}",
        finished.folder.display()
    );
    Ok(())
}
