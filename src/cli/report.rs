//! `yellowcart report`.

use super::{Failure, Outcome, bad_input, print, tell};
use crate::record::write_whole;
use crate::report::html_report;
use std::path::PathBuf;

/// Makes one HTML file of a result: figures, tables, what it was made from, and how to make it again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart report output/diamond_necklace-seed20201111
  yellowcart report output/guess_coat-compared-seed20201111 --out guess_coat.html

The file needs nothing beside it: no network, no script. It can be mailed, archived with a paper, and printed.
Exit codes: 0 done, 2 bad input, 3 could not write")]
pub struct Arguments {
    /// The results folder of a run or of a comparison
    folder: PathBuf,
    /// Where the report goes; report.html in the results folder by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an existing report
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let in_folder = || arguments.folder.join("report.html");
    let out = arguments.out.clone().unwrap_or_else(in_folder);
    if std::fs::symlink_metadata(&out).is_ok() && !arguments.force {
        return Err(bad_input(format!(
            "{} exists: choose another --out, or replace it with --force",
            out.display()
        )));
    }
    let report = html_report(&arguments.folder).map_err(bad_input)?;
    if !report.changed.is_empty() {
        let changed = report.changed.join("\n");
        tell(&format!(
            "{changed}\nthis folder is not as its manifest says, and the report says so: what it holds may not be what was simulated; see yellowcart verify, or make the result again"
        ));
    }
    write_whole(&out, report.html.as_bytes()).map_err(|why| {
        tell(&why);
        Failure::Unfinished
    })?;
    print(&format!("{}\n", out.display()));
    Ok(())
}
