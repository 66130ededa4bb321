//! Regimes: read, and written anew with other rules.

use crate::errors::{input, refused};
use pyo3::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use yellowcart::scenario::file::RegimeFile;
use yellowcart::scenario::{Shelf, Source, load_regime, open, regime_from_source};

/// A regime as Python keeps it: its file as TOML; rules with their values as JSON; provisions, each with its article, as JSON.
type Read = (String, String, String);

/// Reads a regime by name or path.
#[pyfunction]
pub fn read_regime(what: &str) -> PyResult<Read> {
    let file = load_regime(what, None).map_err(refused)?;
    let source = open(Shelf::Regimes, what, None).map_err(refused)?;
    read(source.text.clone(), &file)
}

fn read(text: String, file: &RegimeFile) -> PyResult<Read> {
    let rules = serde_json::to_string(file).map_err(input)?;
    let provisions = serde_json::to_string(&file.provisions()).map_err(input)?;
    Ok((text, rules, provisions))
}

/// A regime with other rules, given as a JSON object: a value, or a table as it stands in a file (value, article, evidence); null takes a rule out.
/// It is checked as a file of its own would be.
#[pyfunction]
pub fn change_regime(name: &str, text: &str, rules: &str) -> PyResult<Read> {
    let file = from_text(name, text)?;
    let changes: Map<String, Value> = serde_json::from_str(rules).map_err(input)?;
    let mut table = toml::Table::try_from(file).map_err(input)?;
    for (rule, change) in changes {
        match change {
            Value::Null => {
                table.remove(&rule);
            }
            change => {
                let value = toml::Value::try_from(sourced(&rule, change)).map_err(input)?;
                table.insert(rule, value);
            }
        }
    }
    let text = toml::to_string(&table).map_err(input)?;
    let file = from_text(name, &text)?;
    read(text, &file)
}

fn from_text(name: &str, text: &str) -> PyResult<RegimeFile> {
    let source = Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    regime_from_source(&Arc::new(source)).map_err(refused)
}

/// A rule as it stands in a file: a value that comes without an article is an assumption. Title, story and fines are no rules.
fn sourced(rule: &str, change: Value) -> Value {
    let plain = [
        "title",
        "story",
        "jurisdiction",
        "from",
        "from_date",
        "fines",
    ]
    .contains(&rule);
    if plain || change.get("value").is_some() {
        return change;
    }
    json!({"value": change, "article": "assumption: set in Python", "evidence": "A"})
}
