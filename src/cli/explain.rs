//! `yellowcart explain`.

use super::{Failure, Outcome, bad_input, print_json, tell};
use crate::scenario::registry::{Parameter, find, markdown, parameters};
use crate::scenario::{Provision, Shelf, load_regime, names, shipped, shipped_provisions};

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
        let all = parameters();
        let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
        let last_parts: Vec<String> = all.iter().map(|parameter| last(&parameter.path)).collect();
        let known = last_parts.iter().map(String::as_str);
        if let Some(name) = crate::scenario::nearest(asked, known.chain(names(Shelf::Regimes))) {
            eprintln!("did you mean `{name}`?");
        }
        return Err(Failure::Input);
    }
    match arguments.format {
        Style::Table => {
            let shipped = shipped_provisions();
            found
                .iter()
                .for_each(|parameter| print_one(parameter, &shipped));
        }
        Style::Json => print_json(&found)?,
        Style::Csv => print_csv(&found),
        Style::Markdown => print!("{}", markdown()),
    }
    Ok(())
}

/// A parameter; for a rule of regimes also what the shipped ones say.
fn print_one(parameter: &Parameter, shipped: &[(&str, Vec<Provision>)]) {
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
        println!("  shipped");
    }
    let wide = |text: fn(&(&str, Provision)) -> usize| said.iter().map(text).max().unwrap_or(0);
    let (name_width, value_width) = (
        wide(|(name, _)| name.len()),
        wide(|(_, provision)| provision.value.len()),
    );
    for (name, provision) in &said {
        let (value, code) = (&provision.value, provision.evidence.code());
        let sweep = swept(provision).map_or(String::new(), |range| format!("; sweep {range}"));
        println!(
            "    {name:name_width$}  {value:value_width$}  [{code}] {}{sweep}",
            provision.article
        );
    }
    println!();
}

/// Every value of a regime with its article.
fn regime(name: &str, style: Style) -> Outcome {
    let loaded = load_regime(name, None).map_err(bad_input)?;
    let provisions = loaded.provisions();
    match style {
        Style::Json => print_json(&provisions)?,
        Style::Table => {
            println!("{name}: {}\n{}\n", loaded.title, loaded.story.trim());
            for provision in &provisions {
                println!("{}", provision.key);
                let amount = format!("{} {}", provision.value, provision.unit);
                println!("  {}", amount.trim_end());
                println!("  [{}] {}", provision.evidence.code(), provision.article);
                if let Some(range) = swept(provision) {
                    println!("  sweep {range}");
                }
            }
        }
        Style::Csv => print_rows(&provisions, "", ",", |cell| {
            format!("\"{}\"", cell.replace('"', "\"\""))
        }),
        Style::Markdown => print_rows(&provisions, "| ", " | ", |cell| cell.replace('|', "\\|")),
    }
    Ok(())
}

/// The range to sweep an assumption over.
fn swept(provision: &Provision) -> Option<String> {
    let [low, high] = provision.sweep?;
    Some(format!("{low} to {high}"))
}

/// Provisions as rows of cells.
fn print_rows(provisions: &[Provision], edge: &str, between: &str, cell: fn(&str) -> String) {
    let end = edge.chars().rev().collect::<String>();
    let row = |cells: [&str; 6]| {
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        println!("{edge}{}{end}", cells.join(between));
    };
    println!("{edge}{}{end}", COLUMNS.join(between));
    if !edge.is_empty() {
        println!("|{}", "---|".repeat(COLUMNS.len()));
    }
    for provision in provisions {
        let sweep = swept(provision).unwrap_or_default();
        row([
            &provision.key,
            &provision.value,
            &provision.unit,
            provision.evidence.code(),
            &provision.article,
            &sweep,
        ]);
    }
}

const COLUMNS: [&str; 6] = ["rule", "value", "unit", "evidence", "article", "sweep"];

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
