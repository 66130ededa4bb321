//! `yellowcart explain`.

use super::{Failure, Outcome, bad_input, print, print_json, tell};
use crate::scenario::registry::{Parameter, find, hint_for, markdown, parameters};
use crate::scenario::{Provision, Shelf, load_regime, names, shipped, shipped_provisions};
use std::fmt::Write as _;

/// Explains a parameter (meaning, unit, default, range, source, evidence code), or a regime (every value with its article).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart explain scepticism
  yellowcart explain segments.*.anchoring.median
  yellowcart explain cues
  yellowcart explain regime.cooling_off_days
  yellowcart explain china-2021
  yellowcart explain --all --format csv
Evidence codes: SEED the article the project starts from; V read in a page; VS a statute; S second-hand; D derived; R recalled,
not verified; A assumption. Allowed is what is accepted, plausible that within which `compare --uncertainty` redraws an assumption.")]
pub struct Arguments {
    /// Path of the parameter, or its last part; or a regime, by name or file
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
        if shipped(Shelf::Regimes, asked).is_some() || asked.ends_with(".toml") {
            return regime(asked, arguments.format);
        }
        tell(&format!("there is no parameter `{asked}`"));
        let regimes = [Shelf::Regimes, Shelf::Retention].map(names).concat();
        let all = || "`yellowcart explain --all` explains every parameter".to_owned();
        super::say!("{}", hint_for(asked, &regimes).unwrap_or_else(all));
        return Err(Failure::Input);
    }
    match arguments.format {
        Style::Table => {
            let shipped = shipped_provisions();
            let one = |parameter| one_in_words(parameter, &shipped);
            print(&found.iter().map(one).collect::<String>());
        }
        Style::Json => print_json(&found)?,
        Style::Csv => print(&csv(&found)),
        Style::Markdown => print(&markdown()),
    }
    Ok(())
}

/// A parameter; for a rule of regimes also what the shipped ones say.
fn one_in_words(parameter: &Parameter, shipped: &[(&str, Vec<Provision>)]) -> String {
    let mut out = format!("{}\n  {}\n", parameter.path, parameter.meaning);
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
            let _ = writeln!(out, "  {name:9} {value}");
        }
    }
    let key = parameter.path.strip_prefix("regime.").unwrap_or_default();
    let of_rule = |provisions: &[Provision]| {
        let mut found = provisions.iter();
        found.find(|provision| provision.key == key).cloned()
    };
    let said: Vec<(&str, Provision)> = shipped
        .iter()
        .filter_map(|(name, provisions)| Some((*name, of_rule(provisions)?)))
        .collect();
    if !said.is_empty() {
        out.push_str("  shipped\n");
    }
    let wide = |text: fn(&(&str, Provision)) -> usize| said.iter().map(text).max().unwrap_or(0);
    let (name_width, value_width) = (
        wide(|(name, _)| name.len()),
        wide(|(_, provision)| provision.value.len()),
    );
    for (name, provision) in &said {
        let (value, code) = (&provision.value, provision.evidence.code());
        let sweep = swept(provision).map_or(String::new(), |range| format!("; sweep {range}"));
        let _ = writeln!(
            out,
            "    {name:name_width$}  {value:value_width$}  [{code}] {}{sweep}",
            provision.article
        );
    }
    out.push('\n');
    out
}

/// Every value of a regime with its article.
fn regime(name: &str, style: Style) -> Outcome {
    let loaded = load_regime(name, None).map_err(bad_input)?;
    let provisions = loaded.provisions();
    match style {
        Style::Json => print_json(&provisions)?,
        Style::Table => {
            let mut out = format!("{name}: {}\n{}\n\n", loaded.title, loaded.story.trim());
            for provision in &provisions {
                let amount = format!("{} {}", provision.value, provision.unit);
                let _ = writeln!(out, "{}\n  {}", provision.key, amount.trim_end());
                let code = provision.evidence.code();
                let _ = writeln!(out, "  [{code}] {}", provision.article);
                if let Some(range) = swept(provision) {
                    let _ = writeln!(out, "  sweep {range}");
                }
            }
            print(&out);
        }
        Style::Csv => print(&rows(&provisions, "", ",", |cell| {
            format!("\"{}\"", cell.replace('"', "\"\""))
        })),
        Style::Markdown => {
            let cell = |cell: &str| cell.replace('|', "\\|");
            print(&rows(&provisions, "| ", " | ", cell));
        }
    }
    Ok(())
}

/// The range to sweep an assumption over.
fn swept(provision: &Provision) -> Option<String> {
    let [low, high] = provision.sweep?;
    Some(format!("{low} to {high}"))
}

/// Provisions as rows of cells.
fn rows(provisions: &[Provision], edge: &str, between: &str, cell: fn(&str) -> String) -> String {
    let end = edge.chars().rev().collect::<String>();
    let mut out = format!("{edge}{}{end}\n", COLUMNS.join(between));
    if !edge.is_empty() {
        let _ = writeln!(out, "|{}", "---|".repeat(COLUMNS.len()));
    }
    for provision in provisions {
        let sweep = swept(provision).unwrap_or_default();
        let cells = [
            &provision.key,
            &provision.value,
            &provision.unit,
            provision.evidence.code(),
            &provision.article,
            &sweep,
        ];
        let cells = cells.map(cell);
        let _ = writeln!(out, "{edge}{}{end}", cells.join(between));
    }
    out
}

const COLUMNS: [&str; 6] = ["rule", "value", "unit", "evidence", "article", "sweep"];

fn csv(found: &[Parameter]) -> String {
    let mut out =
        String::from("path,meaning,holds,unit,default,allowed,plausible,source,evidence\n");
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
        let _ = writeln!(out, "{}", cells.join(","));
    }
    out
}
