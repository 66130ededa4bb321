//! `--uncertainty`: the assumptions redrawn within what is plausible.
//!
//! What the registry marks as an assumption (evidence A) and gives a sweep ([`Sweep`]) is redrawn, once for each draw of the assumptions and
//! identically in all arms: a range uniformly, a factor uniformly on the log scale. A parameter has one draw for all segments (or whatever
//! stands under names of the user's own), so what sets segments apart stays. 0 stays 0: what is switched off is not switched on. Results stay
//! within what is allowed, and whole numbers whole. A draw is keyed by the base seed, the parameter's path and the number of the draw, so a
//! comparison with more replications begins with those of a smaller one, and a parameter that is added later changes no other.
//!
//! A rule of a regime that is an assumption names its range in its own file (`sweep`), and is redrawn in it, be it 0 or not. The draw of a rule is one
//! quantile for all arms: where arms have the same range they have the same value; where they do not, each takes that quantile of its own range, so
//! that what is uncertain alike moves alike, and no difference between arms comes from having drawn twice.

use crate::draws::{Draws, Mechanism, identity_of_name};
use crate::scenario::Bundle;
use crate::scenario::file::{RegimeFile, ScenarioFile};
use crate::scenario::registry::{Sweep, parameters};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// An assumption that is redrawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// Its path in the registry.
    pub path: String,
    /// Within what it is plausible.
    pub sweep: Sweep,
    /// What is allowed.
    bounds: [f64; 2],
}

/// What an assumption was redrawn to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Redrawn {
    /// Path of the parameter in the registry.
    pub path: String,
    /// Regimes in which it was, for a rule; empty for a parameter of the scenario, which all arms share.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regimes: Vec<String>,
    /// Within what it is plausible.
    pub sweep: Sweep,
    /// By draw: the value of a range, else the factor on the scenario's own value or its odds.
    pub drawn: Vec<f64>,
}

/// Every assumption that can be redrawn, in order of path.
pub fn assumptions() -> Vec<Assumption> {
    parameters()
        .into_iter()
        .filter(|parameter| parameter.evidence == "A")
        .filter_map(|parameter| {
            let low = parameter.lowest.unwrap_or(f64::NEG_INFINITY);
            let high = parameter.highest.unwrap_or(f64::INFINITY);
            Some(Assumption {
                path: parameter.path,
                sweep: parameter.sweep?,
                bounds: [low, high],
            })
        })
        .collect()
}

impl Assumption {
    /// The value of a range, else the factor, in a draw of the assumptions.
    pub fn drawn(&self, base_seed: u64, draw: u32) -> f64 {
        at_quantile(self.sweep, quantile(&self.path, base_seed, draw))
    }

    /// What becomes of the scenario's own value.
    fn applied(&self, own: f64, drawn: f64) -> f64 {
        let value = match self.sweep {
            _ if own == 0.0 => own,
            Sweep::Range(_) => drawn,
            Sweep::Factor(_) => own * drawn,
            Sweep::Odds(_) => own * drawn / (1.0 + own * (drawn - 1.0)),
        };
        value.clamp(self.bounds[0], self.bounds[1])
    }
}

/// Where a parameter lies in its sweep in a draw of the assumptions, 0 to 1: the same for all arms.
fn quantile(path: &str, base_seed: u64, draw: u32) -> f64 {
    let identity = identity_of_name(&format!("parameter {path}"));
    let words = Draws::new(base_seed).at(Mechanism::Replication, identity, draw);
    words.uniform(0)
}

/// What lies at a quantile of a sweep: a value, or a factor.
fn at_quantile(sweep: Sweep, quantile: f64) -> f64 {
    match sweep {
        Sweep::Range([low, high]) => low + quantile * (high - low),
        Sweep::Factor([low, high]) | Sweep::Odds([low, high]) => {
            low * libm::exp(quantile * libm::log(high / low))
        }
    }
}

/// The assumptions that a scenario with these regimes, each with its name, has, with what they are redrawn to in `draws` draws.
///
/// # Errors
/// A sentence, if the scenario or a regime cannot be written as JSON.
pub fn redrawn_in(
    bundle: &Bundle,
    regimes: &[(&str, &RegimeFile)],
    base_seed: u64,
    draws: u32,
) -> Result<Vec<Redrawn>, String> {
    let mut scenario = json_of(&bundle.scenario)?;
    let mut found = Vec::new();
    for assumption in assumptions() {
        let mut there = false;
        let mut look = |own: f64| {
            there = true;
            own
        };
        each_number(&mut scenario, &assumption.path, &mut look);
        if there {
            let drawn = (0..draws).map(|draw| assumption.drawn(base_seed, draw));
            found.push(Redrawn {
                drawn: drawn.collect(),
                path: assumption.path,
                regimes: Vec::new(),
                sweep: assumption.sweep,
            });
        }
    }
    found.extend(rules_redrawn(regimes, base_seed, draws)?);
    Ok(found)
}

/// The rules of some regimes that are redrawn, in order of path: one entry for each range that a rule has in any of them.
fn rules_redrawn(
    regimes: &[(&str, &RegimeFile)],
    base_seed: u64,
    draws: u32,
) -> Result<Vec<Redrawn>, String> {
    let mut found: Vec<Redrawn> = Vec::new();
    for (name, regime) in regimes {
        for_each_swept_rule(&mut json_of(regime)?, &mut |path, range, _| {
            let sweep = Sweep::Range(range);
            let same = |one: &&mut Redrawn| one.path == path && one.sweep == sweep;
            if let Some(one) = found.iter_mut().find(same) {
                one.regimes.push((*name).to_owned());
                return;
            }
            let drawn = (0..draws).map(|draw| at_quantile(sweep, quantile(path, base_seed, draw)));
            found.push(Redrawn {
                drawn: drawn.collect(),
                path: path.to_owned(),
                regimes: vec![(*name).to_owned()],
                sweep,
            });
        });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Calls `with` for every rule of a regime that is an assumption and names a range: path in the registry, range, value.
fn for_each_swept_rule(regime: &mut Json, with: &mut dyn FnMut(&str, [f64; 2], &mut Json)) {
    for (name, rule) in regime.as_object_mut().into_iter().flatten() {
        let end = |at: usize| rule.get("sweep")?.get(at)?.as_f64();
        let is_assumption = rule.get("evidence").and_then(Json::as_str) == Some("A");
        let (Some(low), Some(high), true) = (end(0), end(1), is_assumption) else {
            continue;
        };
        with(&format!("regime.{name}"), [low, high], &mut rule["value"]);
    }
}

/// A number in the place of another: whole where that was.
fn in_place_of(own: &Json, number: f64) -> Json {
    match own.is_u64() {
        true => Json::from(number.round() as u64),
        false => Json::from(number),
    }
}

/// A bundle with its assumptions redrawn, its regime's among them.
///
/// # Errors
/// A sentence, if what comes of it is no scenario.
pub fn redraw(bundle: &Bundle, base_seed: u64, draw: u32) -> Result<Bundle, String> {
    let mut scenario = json_of(&bundle.scenario)?;
    let mut regime = json_of(&bundle.regime)?;
    for assumption in assumptions() {
        let drawn = assumption.drawn(base_seed, draw);
        let mut apply = |own: f64| assumption.applied(own, drawn);
        each_number(&mut scenario, &assumption.path, &mut apply);
    }
    for_each_swept_rule(&mut regime, &mut |path, range, value| {
        let drawn = at_quantile(Sweep::Range(range), quantile(path, base_seed, draw));
        *value = in_place_of(value, drawn);
    });
    Ok(Bundle {
        scenario: from_json::<ScenarioFile>(scenario)?,
        regime: from_json::<RegimeFile>(regime)?,
        ..bundle.clone()
    })
}

fn json_of(value: &impl Serialize) -> Result<Json, String> {
    serde_json::to_value(value).map_err(|why| why.to_string())
}

fn from_json<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(|why| format!("redrawn assumptions: {why}"))
}

/// Calls `with` for every number at a path of the registry (`*` stands for any name, `[]` for any entry) and puts what it gives in its place.
/// What is not there, or no number, is passed over.
fn each_number(json: &mut Json, path: &str, with: &mut dyn FnMut(f64) -> f64) {
    let (step, rest) = match path.split_once('.') {
        Some((step, rest)) => (step, Some(rest)),
        None => (path, None),
    };
    let (key, of_entries) = match step.strip_suffix("[]") {
        Some(key) => (key, true),
        None => (step, false),
    };
    let members: Vec<&mut Json> = match json {
        Json::Object(members) if key == "*" => members.values_mut().collect(),
        Json::Object(members) => members.get_mut(key).into_iter().collect(),
        _ => Vec::new(),
    };
    for member in members {
        let entries: Vec<&mut Json> = match member {
            Json::Array(entries) if of_entries => entries.iter_mut().collect(),
            member => vec![member],
        };
        for entry in entries {
            match rest {
                Some(rest) => each_number(entry, rest, with),
                None => {
                    if let Some(own) = entry.as_f64() {
                        *entry = in_place_of(entry, with(own));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sweep: Sweep) -> Assumption {
        Assumption {
            path: "behaviour.scepticism".to_owned(),
            sweep,
            bounds: [0.0, 1.0],
        }
    }

    #[test]
    fn what_is_drawn_lies_in_the_sweep_and_fills_it() {
        for sweep in [
            Sweep::Range([0.2, 0.4]),
            Sweep::Factor([0.5, 2.0]),
            Sweep::Odds([0.25, 4.0]),
        ] {
            let (Sweep::Range([low, high]) | Sweep::Factor([low, high]) | Sweep::Odds([low, high])) =
                sweep;
            let mut drawn: Vec<f64> = (0..2_000).map(|draw| of(sweep).drawn(7, draw)).collect();
            drawn.sort_by(f64::total_cmp);
            assert!(low < drawn[0] && drawn[1_999] < high);
            assert!(drawn[0] < low * 1.01 && drawn[1_999] > high * 0.99);
            // Factors are as often below 1 as above where their ends are each other's inverse.
            let middle = match sweep {
                Sweep::Range(_) => 0.3,
                _ => 1.0,
            };
            assert!(
                (drawn[1_000] / middle - 1.0).abs() < 0.1,
                "{}",
                drawn[1_000]
            );
        }
    }

    #[test]
    fn a_share_stays_a_share_and_nothing_stays_nothing() {
        let odds = of(Sweep::Odds([0.5, 2.0]));
        assert!((odds.applied(0.6, 2.0) - 0.75).abs() < 1e-12);
        assert_eq!(odds.applied(1.0, 2.0), 1.0);
        assert_eq!(odds.applied(0.0, 2.0), 0.0);
        assert_eq!(of(Sweep::Range([0.2, 0.4])).applied(0.9, 0.3), 0.3);
        assert_eq!(of(Sweep::Range([0.2, 0.4])).applied(0.0, 0.3), 0.0);
        assert_eq!(of(Sweep::Factor([0.5, 2.0])).applied(0.8, 2.0), 1.0);
    }

    #[test]
    fn names_and_entries_stand_for_all_of_theirs() {
        let mut json = serde_json::json!({
            "a": {"x": {"n": 1.0}, "y": {"n": 2, "m": 5.0}}, "list": [{"n": 3.0}, {"n": null}], "text": "4"
        });
        let mut double = |own: f64| 2.0 * own;
        for path in ["a.*.n", "list[].n", "text", "nowhere.n"] {
            each_number(&mut json, path, &mut double);
        }
        let expected = serde_json::json!({
            "a": {"x": {"n": 2.0}, "y": {"n": 4, "m": 5.0}}, "list": [{"n": 6.0}, {"n": null}], "text": "4"
        });
        assert_eq!(json, expected);
        // Whole numbers stay whole.
        each_number(&mut json, "a.y.n", &mut |own| 0.4 * own);
        assert_eq!(json["a"]["y"]["n"].as_u64(), Some(2));
    }
}
