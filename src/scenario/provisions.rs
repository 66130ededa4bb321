//! What a regime file provides: every value that it sets, with its unit, its article and its evidence code, for reports and `explain`.

use super::file::{Evidence, FineTable, RegimeFile};
use super::{FineBase, Shelf, load_regime, names, registry};
use crate::money::Fen;
use crate::promotion::yuan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value that a regime sets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provision {
    /// The rule; `fines[0]` for the first fine.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// Its unit; empty where the value says it all.
    pub unit: String,
    /// The article that it stands in, or "assumption: " and the reason.
    pub article: String,
    /// How far that was checked.
    pub evidence: Evidence,
    /// For an assumption: the least and the most that it may reasonably be, where the file says so.
    pub sweep: Option<[f64; 2]>,
}

/// Any rule of a file.
#[derive(Deserialize)]
struct AnyRule {
    value: toml::Value,
    article: String,
    evidence: Evidence,
    sweep: Option<[f64; 2]>,
}

impl RegimeFile {
    /// Every value that the file sets: rules in the order in which they are declared, then fines.
    pub fn provisions(&self) -> Vec<Provision> {
        let units = units();
        // A TOML table keeps the order of the declarations, and every rule is a table with an article.
        let table = toml::Table::try_from(self).unwrap_or_default();
        let of_rules = table.into_iter().filter_map(|(key, rule)| {
            let AnyRule {
                value,
                article,
                evidence,
                sweep,
            } = rule.try_into().ok()?;
            let unit = match value {
                toml::Value::Integer(_) | toml::Value::Float(_) => units.get(&key).cloned(),
                _ => None,
            };
            Some(Provision {
                unit: unit.unwrap_or_default(),
                value: in_words(&value),
                key,
                article,
                evidence,
                sweep,
            })
        });
        let of_fines = self.fines.iter().enumerate().map(of_fine);
        of_rules.chain(of_fines).collect()
    }
}

/// Every shipped regime with what it provides, in order of name, those of retention last.
pub fn shipped_provisions() -> Vec<(&'static str, Vec<Provision>)> {
    let regimes = [Shelf::Regimes, Shelf::Retention].map(names).concat();
    regimes
        .into_iter()
        .filter_map(|name| Some((name, load_regime(name, None).ok()?.provisions())))
        .collect()
}

/// Units of the rules, by key.
fn units() -> BTreeMap<String, String> {
    let of_regimes = registry::parameters().into_iter().filter_map(|parameter| {
        let key = parameter.path.strip_prefix("regime.")?.to_owned();
        Some((key, parameter.unit))
    });
    of_regimes.collect()
}

fn in_words(value: &toml::Value) -> String {
    match value {
        toml::Value::Boolean(true) => "yes".to_owned(),
        toml::Value::Boolean(false) => "no".to_owned(),
        toml::Value::String(choice) => choice.clone(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A choice as it is written in files.
pub fn word(choice: impl Serialize) -> String {
    let json = serde_json::to_value(choice).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn of_fine((index, fine): (usize, &FineTable)) -> Provision {
    let who = format!("{}, {}", word(fine.breach), word(fine.party));
    Provision {
        key: format!("fines[{index}]"),
        value: format!("{who}: {}", amount_in_words(fine)),
        unit: "yuan".to_owned(),
        article: fine.article.clone(),
        evidence: fine.evidence,
        sweep: None,
    }
}

fn amount_in_words(fine: &FineTable) -> String {
    let plain = |amount: f64| yuan(Fen::from_yuan(amount));
    let (rate, most) = (fine.rate, fine.max.map(plain));
    let mut words = match (fine.base, &most) {
        (FineBase::Fixed, Some(most)) => {
            format!("{} to {most}, at {rate} between them", plain(fine.min))
        }
        (FineBase::PerViolation, _) => format!("{} for each violation", plain(rate)),
        (base, _) => format!("{rate} times the {}", word(base).replace('_', " ")),
    };
    if fine.base != FineBase::Fixed {
        if fine.min > 0.0 {
            words.push_str(&format!(", at least {}", plain(fine.min)));
        }
        if let Some(most) = most {
            words.push_str(&format!(", at most {most}"));
        }
    }
    if fine.repeat_mult > 1.0 {
        words.push_str(&format!(", {} times that when repeated", fine.repeat_mult));
    }
    words
}
