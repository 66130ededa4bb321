//! What is shipped, and what parameters mean.

use crate::errors::input;
use pyo3::prelude::*;
use yellowcart::scenario::registry::{find, hint_for, parameters};
use yellowcart::scenario::{Shelf, load_regime, names, shipped, title_of};

/// Name and title of everything on a shelf: `scenarios`, `scripts`, `regimes`, `retention`, `suites`, `studies` or `lessons`.
#[pyfunction]
pub fn shelf(name: &str) -> PyResult<Vec<(&'static str, String)>> {
    let shelf = match name {
        "scenarios" => Shelf::Scenarios,
        "scripts" => Shelf::Scripts,
        "regimes" => Shelf::Regimes,
        "retention" => Shelf::Retention,
        "suites" => Shelf::Suites,
        "studies" => Shelf::Studies,
        "lessons" => Shelf::Lessons,
        _ => return Err(input(format!("there is no shelf `{name}`"))),
    };
    let all = names(shelf).into_iter();
    Ok(all.map(|name| (name, title_of(shelf, name))).collect())
}

/// The parameters that a path, or its last part, names, as JSON; all of them without one; the provisions of a regime that is named.
#[pyfunction]
#[pyo3(signature = (asked=None))]
pub fn explain(asked: Option<&str>) -> PyResult<String> {
    let found = asked.map_or_else(parameters, find);
    if !found.is_empty() {
        return serde_json::to_string(&found).map_err(input);
    }
    let asked = asked.unwrap_or_default();
    if shipped(Shelf::Regimes, asked).is_some() || asked.ends_with(".toml") {
        let regime = load_regime(asked, None).map_err(crate::errors::refused)?;
        return serde_json::to_string(&regime.provisions()).map_err(input);
    }
    let regimes = [Shelf::Regimes, Shelf::Retention].map(names).concat();
    let hint = hint_for(asked, &regimes);
    let hint =
        hint.unwrap_or_else(|| "`yellowcart explain --all` explains every parameter".to_owned());
    Err(input(format!("there is no parameter `{asked}`\n{hint}")))
}
