//! `yellowcart check`.

use super::{Failure, Outcome, print, warn};
use crate::report::checked_in_words;
use crate::scenario::{Faults, Request, check};

/// Checks scenarios, campaigns, scripts, regimes, suites, studies and lessons, and reports every error at once, each with its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart check my_evening.toml
  yellowcart check scenarios/*.toml
  yellowcart check my_evening.toml --format json   (for editors and scripts)")]
pub struct Arguments {
    /// Files, or names of shipped scenarios, scripts, regimes, suites, studies and lessons
    #[arg(required = true)]
    files: Vec<String>,
    /// A change to each scenario, such as population.consumers=20000; may be given often
    #[arg(long = "set", value_name = "PATH=VALUE")]
    changes: Vec<String>,
    /// How faults are printed
    #[arg(long, value_enum, default_value_t = Style::Text)]
    format: Style,
}

/// How faults are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Style {
    /// for people
    Text,
    /// for programs
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let mut good = true;
    let mut json = Vec::new();
    for file in &arguments.files {
        let checked = check(&Request {
            what: file,
            overrides: &arguments.changes,
            ..Request::default()
        })
        .and_then(|checked| checked_in_words(&checked).map_err(Faults::one));
        match (checked, arguments.format) {
            (Ok((about, notes)), style) => {
                notes.iter().for_each(|note| warn(note));
                if style == Style::Text {
                    print(&format!("ok  {file}: {about}\n"));
                }
            }
            (Err(faults), style) => {
                good = false;
                match style {
                    Style::Text => {
                        super::say!("{file}:");
                        super::show_faults(&faults);
                    }
                    Style::Json => json.extend(faults.0.iter().map(|fault| {
                        let place = fault.place.as_ref();
                        let (line, column) = place.map_or((0, 0), |place| place.line_and_column());
                        serde_json::json!({
                            "file": place.map_or(file.as_str(), |place| place.source.name.as_str()),
                            "line": line,
                            "column": column,
                            "message": fault.message,
                            "help": fault.help,
                        })
                    })),
                }
            }
        }
    }
    if arguments.format == Style::Json {
        super::print_json(&json)?;
    }
    if good { Ok(()) } else { Err(Failure::Input) }
}
