//! `yellowcart sweep`, `yellowcart sensitivity`, `yellowcart calibrate` and `yellowcart merge`: a study's runs, what its factors account for, which values fit, and shards put together.

use super::runs::{ResultArguments, RunsArguments};
use super::{Format, Outcome, bar, ended_early, print, print_json, refused, show_runs};
use crate::experiment::RunError;
use crate::experiment::study::{FinishedStudy, Plan, Shard, Use, merge, sweep};
use crate::report::{points_csv, study_table};
use crate::scenario::load_study;
use std::path::PathBuf;

/// Runs a study: a scenario at many points of its factors, with tables, figures and a report.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart sweep what_moves_the_coat
  yellowcart sweep my_study.toml --set population.consumers=20000 --threads 2
  yellowcart sweep my_study.toml --shard 3/16 --out shard-3       (one of sixteen, say of a Slurm array)
  yellowcart merge shard-* --out whole                            (the same bytes as one machine would have made)

A study file names a scenario, factors (parameters or regimes), a design (grid, latin_hypercube, sobol, morris, one_at_a_time), replications and, if asked for,
how narrow an interval has to be. Replication r has the same seed at every point. Points are numbered: a run's bytes depend on its point and replication alone.
Interrupted, it is continued with `yellowcart resume`; nothing that is done is done again.
Exit codes: 0 done, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct Arguments {
    /// A shipped study (see `yellowcart list`) or a file
    study: String,
    /// A change to the study's scenario, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// Only this share of the points, such as 2/8; `yellowcart merge` puts shards together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    #[command(flatten)]
    runs: RunsArguments,
}

/// Which parameter drives a result: runs a study whose design is of trajectories (elementary effects) or a Sobol sequence (shares of variance), and tells what each factor accounts for.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart sensitivity what_moves_the_coat
  yellowcart sensitivity my_study.toml --set population.consumers=20000

With the design morris: mean, mean size and deviation of elementary effects, over the whole range of each factor. With sobol: first-order and total indices, from
points x (factors + 2) points of the design. Intervals are by bootstrap. Interrupted, it is continued with `yellowcart resume`.
Exit codes: 0 done, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct SensitivityArguments {
    #[command(flatten)]
    study: Arguments,
}

/// Which parameters fit what was observed: approximate Bayesian computation by sequential Monte Carlo over a study's factors, until runs are as near to its targets as asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart calibrate conversion_of_an_evening
  yellowcart calibrate my_study.toml --out output/my_calibration

A study's [targets.NAME] tables say what was observed: a metric, its value and a tolerance. Factors are as likely beforehand as their ranges and distributions say.
Every round asks for runs nearer to the targets than the round before, until all are within tolerance or as many rounds or runs were done as [calibration] allows.
The result is a weighted set of values (posterior.csv), with intervals and figures. Interrupted, it is continued with `yellowcart resume`.
Exit codes: 0 done, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct CalibrateArguments {
    /// A shipped study with targets (see `yellowcart list`) or a file
    study: String,
    /// A change to the study's scenario, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    #[command(flatten)]
    runs: RunsArguments,
}

/// Runs `yellowcart sweep`.
pub fn run(arguments: &Arguments) -> Outcome {
    of_design(arguments, Use::Sweep)
}

/// Runs `yellowcart sensitivity`.
pub fn run_sensitivity(arguments: &SensitivityArguments) -> Outcome {
    of_design(&arguments.study, Use::Sensitivity)
}

/// Runs `yellowcart calibrate`.
pub fn run_calibrate(arguments: &CalibrateArguments) -> Outcome {
    let (what, changes) = (&arguments.study, &arguments.changes);
    study(
        what,
        changes,
        &arguments.runs,
        (Use::Calibration, Shard::WHOLE),
    )
}

fn of_design(arguments: &Arguments, of: Use) -> Outcome {
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    let (what, changes) = (&arguments.study, &arguments.changes);
    study(what, changes, &arguments.runs, (of, shard))
}

/// Runs a study.
fn study(
    what: &str,
    changes: &[String],
    runs: &RunsArguments,
    (of, shard): (Use, Shard),
) -> Outcome {
    // Planning builds a world already: the number of its threads is set before.
    let threads = super::use_threads_for_runs(runs.threads);
    let study = load_study(what, changes).map_err(refused)?;
    let plan = Plan::of(study, of).map_err(refused)?;
    let name = match shard {
        Shard::WHOLE => plan.study.clone(),
        Shard { number, of } => format!("{}-shard-{number}-of-{of}", plan.study),
    };
    let options = runs.result.options(&name, threads);
    super::listen_for_interrupt();
    let bar = bar();
    let finished = sweep(plan, shard, &options, &|progress| show_runs(&bar, progress));
    bar.finish_and_clear();
    end(finished, runs.result.format)
}

/// Prints the study, or why there is none.
pub fn end(finished: Result<FinishedStudy, RunError>, format: Format) -> Outcome {
    let finished = finished.map_err(ended_early)?;
    let folder = finished.folder.display();
    let Some(result) = finished.result else {
        super::say!("a shard: {folder}; put all together with: yellowcart merge DIR...");
        return Ok(());
    };
    match format {
        Format::Table => print(&study_table(&result)),
        Format::Json => print_json(&result)?,
        Format::Csv => print(&points_csv(&result)),
    }
    super::say!("runs.parquet, tables, report.html and manifest: {folder}");
    Ok(())
}

/// Puts shards of a study together: what machines did apart becomes the study that one would have made.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart merge shard-* --out whole

Every shard has to be there once, of the same study and version.
Exit codes: 0 done, 2 a shard is missing, there twice or not as it was written, 3 could not finish")]
pub struct MergeArguments {
    /// The shards' folders
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    result: ResultArguments,
}

/// Runs `yellowcart merge`.
pub fn run_merge(arguments: &MergeArguments) -> Outcome {
    let options = arguments.result.options("merged", 1);
    end(merge(&arguments.folders, &options), arguments.result.format)
}
