//! Factors of a study: what a coordinate between 0 and 1 stands for, and how it is put into a scenario. Touches plain data only.

use super::design::part_of;
use crate::scenario::Bundle;
use crate::scenario::file::{LevelValue, RegimeFile, ScenarioFile};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Standard deviations at which normal and lognormal distributions are cut.
const CUT: f64 = 4.0;

/// What begins the path of a regime's rule.
const REGIME: &str = "regime";

/// How a factor's values are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Evenly between two values.
    Range([f64; 2]),
    /// Evenly in the logarithm between two values.
    LogRange([f64; 2]),
    /// Each value as likely as the others.
    Values(Vec<LevelValue>),
    /// Mean and standard deviation.
    Normal([f64; 2]),
    /// Median, and standard deviation of the logarithm.
    Lognormal([f64; 2]),
    /// Lowest, likeliest and highest value.
    Triangular([f64; 3]),
    /// Each regime as likely as the others.
    Regimes(Vec<String>),
}

/// Something that is varied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Its name: that of its column.
    pub name: String,
    /// What it is called in figures.
    pub label: String,
    /// The parameter's path; empty for regimes.
    pub path: String,
    /// The parameter's unit; empty where there is none.
    pub unit: String,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// How its values are spread.
    pub spread: Spread,
}

/// A value of a factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// One of its values, or the name of a regime.
    Level(LevelValue),
}

impl Value {
    /// As a number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) | Value::Level(LevelValue::Number(number)) => Some(*number),
            Value::Level(LevelValue::Whole(whole)) => Some(*whole as f64),
            Value::Level(LevelValue::Flag(_) | LevelValue::Text(_)) => None,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) | Value::Level(LevelValue::Number(number)) => {
                write!(out, "{number}")
            }
            Value::Level(LevelValue::Whole(whole)) => write!(out, "{whole}"),
            Value::Level(LevelValue::Flag(flag)) => write!(out, "{flag}"),
            Value::Level(LevelValue::Text(text)) => write!(out, "{text}"),
        }
    }
}

impl Spread {
    /// How many values there are; 0 of what is spread over a range.
    pub fn levels(&self) -> u32 {
        match self {
            Spread::Values(values) => values.len() as u32,
            Spread::Regimes(regimes) => regimes.len() as u32,
            _ => 0,
        }
    }

    /// The value at a coordinate, 0 to 1.
    pub fn at(&self, coordinate: f64) -> Value {
        let level = |count: usize| part_of(coordinate, count);
        Value::Number(match self {
            Spread::Values(values) => return Value::Level(values[level(values.len())].clone()),
            Spread::Regimes(regimes) => {
                let regime = regimes[level(regimes.len())].clone();
                return Value::Level(LevelValue::Text(regime));
            }
            Spread::Range([low, high]) => low + coordinate * (high - low),
            Spread::LogRange([low, high]) => log_between(*low, *high, coordinate),
            Spread::Normal([mean, deviation]) => mean + deviation * normal_at(coordinate),
            Spread::Lognormal([median, spread]) => {
                median * libm::exp(spread * normal_at(coordinate))
            }
            Spread::Triangular(corners) => triangular_at(*corners, coordinate),
        })
    }
}

impl Factor {
    /// The value at a coordinate, 0 to 1.
    pub fn at(&self, coordinate: f64) -> Value {
        match (&self.spread, self.spread.at(coordinate)) {
            // Every whole number of a range is as likely as the others.
            (Spread::Range([low, high]), _) if self.whole => {
                let (low, high) = (low.ceil(), high.floor());
                let number = low + libm::floor(coordinate * (high - low + 1.0));
                Value::Number(number.min(high))
            }
            (_, Value::Number(number)) if self.whole => Value::Number(number.round()),
            (_, value) => value,
        }
    }

    /// Puts a value in its place. A regime is put there by the plan, which knows its rules.
    ///
    /// # Errors
    /// A sentence, if there is no such place.
    pub fn put(&self, value: &Value, scenario: &mut Json, regime: &mut Json) -> Result<(), String> {
        let missing = || format!("the scenario has nothing at `{}`", self.path);
        let place = match self.path.split_once('.') {
            Some((REGIME, rule)) => {
                let rule = regime.get_mut(rule).and_then(|rule| rule.get_mut("value"));
                rule.ok_or_else(|| format!("the regime says nothing of `{}`", self.path))?
            }
            _ => place_at(scenario, &self.path).ok_or_else(missing)?,
        };
        *place = match value {
            Value::Number(number) if self.whole => Json::from(*number as i64),
            Value::Number(number) => Json::from(*number),
            Value::Level(level) => serde_json::to_value(level).map_err(|why| why.to_string())?,
        };
        Ok(())
    }
}

/// The place at a path: keys joined by dots, positions in arrays counted from 0. The last key need not be there yet.
fn place_at<'a>(json: &'a mut Json, path: &str) -> Option<&'a mut Json> {
    path.split('.')
        .map(str::trim)
        .try_fold(json, |json, step| match json {
            Json::Object(members) => Some(members.entry(step).or_insert(Json::Null)),
            Json::Array(entries) => entries.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        })
}

fn log_between(low: f64, high: f64, coordinate: f64) -> f64 {
    match coordinate {
        // Rounding must not carry an end outside.
        0.0 => low,
        1.0 => high,
        _ => low * libm::exp(coordinate * libm::log(high / low)),
    }
}

/// The standard normal at a quantile, cut: by bisection of the distribution function, which has the same bits everywhere.
pub(super) fn normal_at(quantile: f64) -> f64 {
    let below = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    let (mut low, mut high) = (-CUT, CUT);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < quantile {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

fn triangular_at([low, mode, high]: [f64; 3], quantile: f64) -> f64 {
    let whole = high - low;
    let turn = (mode - low) / whole;
    match quantile < turn {
        true => low + libm::sqrt(quantile * whole * (mode - low)),
        false => high - libm::sqrt((1.0 - quantile) * whole * (high - mode)),
    }
}

/// A bundle's scenario and regime as JSON, to put values into.
///
/// # Errors
/// A sentence, if they cannot be written.
pub fn json_of(bundle: &Bundle) -> Result<(Json, Json), String> {
    let json = |value: serde_json::Result<Json>| value.map_err(|why| why.to_string());
    let scenario = json(serde_json::to_value(&bundle.scenario))?;
    Ok((scenario, json(serde_json::to_value(&bundle.regime))?))
}

/// A bundle with this scenario and this regime.
///
/// # Errors
/// A sentence, if they are none.
pub fn bundle_with(bundle: &Bundle, scenario: Json, regime: Json) -> Result<Bundle, String> {
    let scenario: ScenarioFile = serde_json::from_value(scenario).map_err(|why| why.to_string())?;
    let regime: RegimeFile = serde_json::from_value(regime).map_err(|why| why.to_string())?;
    Ok(Bundle {
        scenario,
        regime,
        ..bundle.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(spread: &Spread, coordinate: f64) -> f64 {
        spread.at(coordinate).number().expect("a number")
    }

    #[test]
    fn a_coordinate_is_a_quantile() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} and {b}");
        near(number(&Spread::Range([2.0, 4.0]), 0.25), 2.5);
        near(number(&Spread::LogRange([1.0, 100.0]), 0.5), 10.0);
        assert_eq!(number(&Spread::LogRange([0.3, 0.7]), 1.0), 0.7);
        near(number(&Spread::Normal([5.0, 2.0]), 0.5), 5.0);
        // 97.5 % of a standard normal lie below 1.959964.
        near(number(&Spread::Normal([0.0, 1.0]), 0.975), 1.959_964);
        assert!((number(&Spread::Normal([0.0, 1.0]), 0.0) + 4.0).abs() < 1e-9);
        near(number(&Spread::Lognormal([3.0, 0.5]), 0.5), 3.0);
        near(number(&Spread::Triangular([0.0, 1.0, 2.0]), 0.125), 0.5);
        near(number(&Spread::Triangular([0.0, 1.0, 2.0]), 0.875), 1.5);
        let whole = Factor {
            name: "people".to_owned(),
            label: String::new(),
            path: String::new(),
            unit: String::new(),
            whole: true,
            spread: Spread::Range([1.5, 4.0]),
        };
        let at = [0.0, 0.3, 0.34, 0.66, 0.67, 1.0].map(|at| whole.at(at).to_string());
        assert_eq!(at, ["2", "2", "3", "3", "4", "4"]);
        let names = Spread::Regimes(vec!["none".to_owned(), "disclosure".to_owned()]);
        assert_eq!(names.at(0.49).to_string(), "none");
        assert_eq!(names.at(1.0).to_string(), "disclosure");
    }
}
