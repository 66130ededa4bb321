//! `yellowcart explain`.

use super::{Failure, Outcome, print_json, tell};
use crate::scenario::registry::{Parameter, find, markdown, parameters};

/// Explains a parameter: meaning, unit, default, range, source and evidence code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart explain scepticism
  yellowcart explain segments.*.anchoring.median
  yellowcart explain cues
  yellowcart explain --all --format csv
Evidence codes: SEED the article the project starts from; V read in a page; VS a statute; S second-hand; D derived; R recalled,
not verified; A assumption.")]
pub struct Arguments {
    /// Path of the parameter, or its last part
    #[arg(required_unless_present = "all")]
    parameter: Option<String>,
    /// Explain every parameter
    #[arg(long)]
    all: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Style::Table)]
    format: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Style {
    /// for people
    Table,
    /// for programs
    Json,
    /// for spreadsheets
    Csv,
    /// for documents
    Markdown,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let found = match &arguments.parameter {
        Some(asked) if !arguments.all => find(asked),
        _ => parameters(),
    };
    if found.is_empty() {
        let asked = arguments.parameter.as_deref().unwrap_or_default();
        tell(&format!("there is no parameter `{asked}`"));
        let all = parameters();
        let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
        let names: Vec<String> = all.iter().map(|parameter| last(&parameter.path)).collect();
        if let Some(name) = crate::scenario::nearest(asked, names.iter().map(String::as_str)) {
            eprintln!("did you mean `{name}`?");
        }
        return Err(Failure::Input);
    }
    match arguments.format {
        Style::Table => found.iter().for_each(print_one),
        Style::Json => print_json(&found)?,
        Style::Csv => print_csv(&found),
        Style::Markdown => print!("{}", markdown()),
    }
    Ok(())
}

fn print_one(parameter: &Parameter) {
    println!("{}", parameter.path);
    println!("  {}", parameter.meaning);
    for (name, value) in [
        ("holds", &parameter.kind),
        ("unit", &parameter.unit),
        ("default", &parameter.default),
        ("allowed", &parameter.range),
        ("plausible", &parameter.sweep_in_words()),
        ("source", &parameter.source),
        ("evidence", &parameter.evidence),
    ] {
        if !value.is_empty() {
            println!("  {name:9} {value}");
        }
    }
    println!();
}

fn print_csv(found: &[Parameter]) {
    println!("path,meaning,holds,unit,default,allowed,plausible,source,evidence");
    for parameter in found {
        let cells = [
            &parameter.path,
            &parameter.meaning,
            &parameter.kind,
            &parameter.unit,
            &parameter.default,
            &parameter.range,
            &parameter.sweep_in_words(),
            &parameter.source,
            &parameter.evidence,
        ];
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        println!("{}", cells.join(","));
    }
}
