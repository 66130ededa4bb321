//! `yellowcart audit`.

use super::{Failure, Outcome, bad_input, bar, print, print_json, refused, tell};
use crate::promotion::audit;
use crate::report::{audit_json, audit_table, write_audit_figures};
use crate::scenario::{Request, load_campaign};
use std::path::{Path, PathBuf};

/// Searches for a way below every price that was promised to be the lowest: channels, dates, coupons, stacks, padded baskets.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart audit guess_coat
  yellowcart audit my_campaign.toml --out output/audit     (table, audit.json and a figure for each promise)
  yellowcart audit my_campaign.toml --format json | jq .promises
  yellowcart audit guess_coat --set coupons.president.except.products=[\"down_coat\"]

It needs no simulation: a file with nothing but products, a shelf, coupons and promises is enough (yellowcart schema --of campaign).
Exit codes: 0 no promise was found broken, 1 a promise is broken, 2 bad input, 3 could not write")]
pub struct Arguments {
    /// A shipped scenario (see `yellowcart list`), a scenario file or a campaign file
    file: String,
    /// A change to the file, such as coupons.president.quantity=10; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// Writes audit.json, audit.txt and the figures into this folder
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace an existing folder's audit
    #[arg(long)]
    force: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Style::Table)]
    format: Style,
}

/// How an audit is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Style {
    /// for people
    Table,
    /// for programs
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let request = Request {
        what: &arguments.file,
        overrides: &arguments.changes,
        ..Request::default()
    };
    let campaign = load_campaign(&request).map_err(refused)?;
    if let Some(out) = arguments.out.as_ref().filter(|out| out.exists())
        && !arguments.force
    {
        return Err(bad_input(format!(
            "{} is there already: choose another --out, or add --force",
            out.display()
        )));
    }
    let bar = bar();
    let audited = audit(&campaign, &mut |done, steps| {
        bar.set_length(steps as u64);
        bar.set_position(done as u64);
        bar.set_message("searching");
    });
    bar.finish_and_clear();
    let audited = audited.map_err(bad_input)?;
    let table = audit_table(&campaign, &audited);
    let json = audit_json(&campaign, &audited);
    match arguments.format {
        Style::Table => print(&table),
        Style::Json => print_json(&json)?,
    }
    if let Some(out) = &arguments.out {
        let written = write(out, &table, &json)
            .and_then(|()| write_audit_figures(out, &campaign, &audited, None).map(|_| ()));
        if let Err(why) = written {
            tell(&format!("cannot write {}: {why}", out.display()));
            return Err(Failure::Unfinished);
        }
        super::say!("table, JSON and figures: {}", out.display());
    }
    match audited.none_broken() {
        true => Ok(()),
        false => Err(Failure::No),
    }
}

fn write(out: &Path, table: &str, json: &serde_json::Value) -> std::io::Result<()> {
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join("audit.txt"), table)?;
    std::fs::write(out.join("audit.json"), format!("{json:#}\n"))
}
