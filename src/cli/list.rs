//! `yellowcart list`.

use super::{Format, Outcome, print, print_json};
use crate::scenario::{Shelf, names, title_of};
use std::fmt::Write as _;

/// Lists the shipped scenarios, scripts, regimes, suites, studies and lessons.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart list
  yellowcart list --format json")]
pub struct Arguments {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let shelves = [
        Shelf::Scenarios,
        Shelf::Scripts,
        Shelf::Regimes,
        Shelf::Retention,
        Shelf::Suites,
        Shelf::Studies,
        Shelf::Lessons,
    ];
    let all: Vec<(&str, &str, String)> = shelves
        .into_iter()
        .flat_map(|shelf| {
            names(shelf)
                .into_iter()
                .map(move |name| (shelf.noun(), name, title_of(shelf, name)))
        })
        .collect();
    let width = all.iter().map(|(_, name, _)| name.len()).max().unwrap_or(0);
    match arguments.format {
        Format::Table => {
            let (mut out, mut last) = (String::new(), "");
            for (noun, name, title) in &all {
                if *noun != last {
                    let gap = if last.is_empty() { "" } else { "\n" };
                    let _ = writeln!(out, "{gap}{}", plural(noun));
                    last = noun;
                }
                let _ = writeln!(out, "  {name:width$}  {title}");
            }
            print(&out);
            Ok(())
        }
        Format::Json => print_json(
            &all.iter()
                .map(|(kind, name, title)| serde_json::json!({"kind": kind, "name": name, "title": title}))
                .collect::<Vec<_>>(),
        ),
        Format::Csv => {
            let mut out = String::from("kind,name,title\n");
            for (kind, name, title) in &all {
                let title = title.replace('"', "\"\"");
                let _ = writeln!(out, "{kind},{name},\"{title}\"");
            }
            print(&out);
            Ok(())
        }
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}
