//! `yellowcart sweep`, `yellowcart sensitivity` and `yellowcart merge`: a study's runs, what its factors account for, and shards put together.

use super::{Format, Outcome, bar, ended_early, print, print_json, refused, show_runs};
use crate::experiment::study::{FinishedStudy, Plan, Shard, Use, merge, sweep};
use crate::experiment::{RunError, RunOptions};
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
    /// Runs at a time; all cores by default. Results do not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Results folder; output/<study> by default
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace an existing result
    #[arg(long)]
    force: bool,
    /// Draw no figures
    #[arg(long)]
    no_figures: bool,
    /// How the study is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Which parameter drives a result: runs a study whose design is of trajectories (elementary effects) or a Sobol sequence (shares of variance), and tells what each factor accounts for.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart sensitivity what_moves_the_coat
  yellowcart sensitivity my_study.toml --set population.consumers=20000

With the design morris: mean, mean size and deviation of elementary effects, over the whole range of each factor. With sobol: first-order and total indices, from
points x (factors + 2) points of the design. Intervals are by bootstrap.
Exit codes: 0 done, 2 bad input, 3 could not finish, 130 interrupted")]
pub struct SensitivityArguments {
    #[command(flatten)]
    study: Arguments,
}

/// Runs `yellowcart sensitivity`.
pub fn run_sensitivity(arguments: &SensitivityArguments) -> Outcome {
    run(&arguments.study, Use::Sensitivity)
}

/// Runs a study.
pub fn run(arguments: &Arguments, of: Use) -> Outcome {
    // Planning builds a world already: the number of its threads is set before.
    let threads = super::use_threads_for_runs(arguments.threads);
    let study = load_study(&arguments.study, &arguments.changes).map_err(refused)?;
    let plan = Plan::of(study, of).map_err(refused)?;
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    let out = arguments.out.clone().unwrap_or_else(|| {
        let part = match shard {
            Shard::WHOLE => String::new(),
            Shard { number, of } => format!("-shard-{number}-of-{of}"),
        };
        PathBuf::from("output").join(format!("{}{part}", plan.study))
    });
    let options = RunOptions {
        out,
        force: arguments.force,
        figures: !arguments.no_figures,
        threads,
        command: std::env::args().collect(),
        ..RunOptions::default()
    };
    super::listen_for_interrupt();
    let bar = bar();
    let finished = sweep(plan, shard, &options, &|progress| show_runs(&bar, progress));
    bar.finish_and_clear();
    end(finished, arguments.format)
}

/// Prints the study, or why there is none.
pub fn end(finished: Result<FinishedStudy, RunError>, format: Format) -> Outcome {
    let finished = finished.map_err(ended_early)?;
    let folder = finished.folder.display();
    let Some(result) = finished.result else {
        eprintln!("a shard: {folder}; put all together with: yellowcart merge DIR...");
        return Ok(());
    };
    match format {
        Format::Table => print(&study_table(&result)),
        Format::Json => print_json(&result)?,
        Format::Csv => print(&points_csv(&result)),
    }
    eprintln!("runs.parquet, tables, report.html and manifest: {folder}");
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
    /// Results folder; output/<study> by default
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace an existing result
    #[arg(long)]
    force: bool,
    /// Draw no figures
    #[arg(long)]
    no_figures: bool,
    /// How the study is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs `yellowcart merge`.
pub fn run_merge(arguments: &MergeArguments) -> Outcome {
    let options = RunOptions {
        out: arguments
            .out
            .clone()
            .unwrap_or_else(|| PathBuf::from("output/merged")),
        force: arguments.force,
        figures: !arguments.no_figures,
        threads: 1,
        command: std::env::args().collect(),
        ..RunOptions::default()
    };
    end(merge(&arguments.folders, &options), arguments.format)
}
