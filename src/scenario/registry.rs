//! The registry of parameters: every one that a scenario, script, regime, suite, study or lesson can set, with meaning, unit, default, range, source and
//! evidence code. It is read off the JSON Schema, which is read off the declarations, so it cannot drift from what is checked.

use super::check::{range_in_words, type_of};
use super::faults::nearest;
use super::load::{schema_of_regime, schema_of_scenario};
use super::load_lesson::schema_of_lesson;
use super::load_study::schema_of_study;
use super::load_suite::schema_of_suite;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Within what an assumption is plausible: what `compare --uncertainty` redraws it in. All are declared beside the parameter
/// (`scenario::file`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sweep {
    /// A value between two, whatever the scenario says (but 0, which switches a mechanism off, stays 0).
    Range([f64; 2]),
    /// The scenario's own value times a factor between two.
    Factor([f64; 2]),
    /// A share of which the odds, share / (1 - share), are multiplied by a factor between two.
    Odds([f64; 2]),
}

impl std::fmt::Display for Sweep {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Sweep::Range([low, high]) => write!(out, "{low} to {high}"),
            Sweep::Factor([low, high]) => write!(out, "{low} to {high} times"),
            Sweep::Odds([low, high]) => write!(out, "odds {low} to {high} times"),
        }
    }
}

/// What a parameter holds of which only whole numbers are allowed.
const WHOLE: &str = "whole number";

/// A parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Where it stands: keys joined by dots; `*` for a name of the user's, `[]` for an entry of an array.
    pub path: String,
    /// What it means.
    pub meaning: String,
    /// What it holds.
    pub kind: String,
    /// Unit; empty where there is none.
    pub unit: String,
    /// Value where none is given; empty where one must be.
    pub default: String,
    /// Allowed values.
    pub range: String,
    /// Where default or range come from.
    pub source: String,
    /// Evidence code of FACTS.md: SEED, V, VS, S, D, R, or A for an assumption.
    pub evidence: String,
    /// Lowest allowed number; `None` where there is no bound or it is no number.
    pub lowest: Option<f64>,
    /// Highest allowed number; the same.
    pub highest: Option<f64>,
    /// Within what it is plausible, where it is an assumption and that can be said.
    pub sweep: Option<Sweep>,
}

impl Parameter {
    /// Whether only whole numbers are allowed.
    pub fn is_whole(&self) -> bool {
        self.kind == WHOLE
    }

    /// [`Self::sweep`] in words; empty where there is none.
    pub fn sweep_in_words(&self) -> String {
        self.sweep.map_or(String::new(), |sweep| sweep.to_string())
    }
}

/// Every parameter, in order of path.
pub fn parameters() -> Vec<Parameter> {
    let mut found = Vec::new();
    for (prefix, root) in [
        ("", schema_of_scenario()),
        ("regime", schema_of_regime()),
        ("suite", schema_of_suite()),
        ("study", schema_of_study()),
        ("lesson", schema_of_lesson()),
    ] {
        let walker = Walker { root };
        walker.walk(prefix, root, &Said::default(), &mut found, 0);
    }
    // Cues of a script are those of a room: they are told once.
    found.retain(|parameter: &Parameter| !parameter.path.starts_with("scripts.*.cues[]"));
    found.sort_by(|a: &Parameter, b| a.path.cmp(&b.path));
    found
}

/// What was said on the way down: the parts of a trait take their unit and source from the trait.
#[derive(Debug, Clone, Default)]
struct Said {
    unit: Option<String>,
    source: Option<String>,
    evidence: Option<String>,
    default: Option<Json>,
    sweep: Option<Sweep>,
    /// What an array says of its entries, which say nothing themselves.
    meaning: Option<String>,
}

impl Said {
    fn below(&self, schema: &Json, key: Option<&str>) -> Self {
        let text = |name: &str| schema.get(name).and_then(Json::as_str).map(str::to_owned);
        let from_above = key.and_then(|key| self.default.as_ref()?.get(key).cloned());
        Self {
            unit: text("x-unit").or_else(|| self.unit.clone()),
            source: text("x-source").or_else(|| self.source.clone()),
            evidence: text("x-evidence").or_else(|| self.evidence.clone()),
            default: from_above.or_else(|| schema.get("default").cloned()),
            sweep: sweep_in(schema).or_else(|| self.sweep.filter(|_| passes_on(key))),
            meaning: None,
        }
    }
}

/// The sweep that a schema declares.
fn sweep_in(schema: &Json) -> Option<Sweep> {
    let range = |name: &str| {
        let ends = schema.get(name)?.as_array()?;
        Some([ends.first()?.as_f64()?, ends.get(1)?.as_f64()?])
    };
    range("x-sweep")
        .map(Sweep::Range)
        .or_else(|| range("x-sweep-factor").map(Sweep::Factor))
        .or_else(|| range("x-sweep-odds").map(Sweep::Odds))
}

/// Of a trait the median is swept and the spread is not; what stands under names of the user's own is swept like what holds it.
fn passes_on(key: Option<&str>) -> bool {
    key.is_none_or(|key| key == "median")
}

struct Walker<'a> {
    root: &'a Json,
}

impl Walker<'_> {
    fn solid<'s>(&'s self, mut schema: &'s Json) -> &'s Json {
        for _ in 0..8 {
            if let Some(name) = schema.get("$ref").and_then(Json::as_str) {
                schema = &self.root["$defs"][name.trim_start_matches("#/$defs/")];
            } else if let Some(sides) = schema.get("anyOf").and_then(Json::as_array)
                && let [side, other] = sides.as_slice()
                && other.get("type").and_then(Json::as_str) == Some("null")
            {
                schema = side;
            } else {
                break;
            }
        }
        schema
    }

    fn walk(
        &self,
        path: &str,
        schema: &Json,
        said: &Said,
        found: &mut Vec<Parameter>,
        depth: usize,
    ) {
        let solid = self.solid(schema);
        let join = |key: &str| {
            if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            }
        };
        // Scripts hold cues like rooms do; the tree ends well before this depth.
        if depth > 12 {
            return;
        }
        // A rule of a regime is one parameter: its article and its evidence are said of it, not beside it.
        if solid.get("x-sourced").is_some() {
            let said = Said {
                default: Some(Json::Null),
                ..said.clone()
            };
            let value = self.solid(&solid["properties"]["value"]);
            found.push(self.parameter(path, schema, value, &said));
            return;
        }
        match type_of(solid) {
            "object" => {
                let properties = solid.get("properties").and_then(Json::as_object);
                for (key, property) in properties.into_iter().flatten() {
                    let said = said.below(property, Some(key));
                    self.walk(&join(key), property, &said, found, depth + 1);
                }
                if let Some(other) = solid.get("additionalProperties").filter(|s| s.is_object()) {
                    let said = said.below(other, None);
                    self.walk(&join("*"), other, &said, found, depth + 1);
                }
            }
            "array" => {
                let items = &solid["items"];
                let described = [schema, solid]
                    .into_iter()
                    .find_map(|schema| schema.get("description"));
                let meaning = described.and_then(Json::as_str).map(str::to_owned);
                let said = Said {
                    meaning,
                    ..said.below(items, None)
                };
                self.walk(&format!("{path}[]"), items, &said, found, depth + 1);
            }
            _ => found.push(self.parameter(path, schema, solid, said)),
        }
    }

    fn parameter(&self, path: &str, schema: &Json, solid: &Json, said: &Said) -> Parameter {
        let meaning = [schema, solid]
            .iter()
            .find_map(|schema| schema.get("description").and_then(Json::as_str))
            .or(said.meaning.as_deref())
            .unwrap_or_default();
        let bound = |which: &str| {
            let of = |schema: &Json| schema.get(which).and_then(Json::as_f64);
            of(solid).or_else(|| of(schema))
        };
        let kind = type_of(solid);
        let numeric = matches!(kind, "number" | "integer");
        let unit = said
            .unit
            .clone()
            .or_else(|| {
                solid
                    .get("x-unit")
                    .and_then(Json::as_str)
                    .map(str::to_owned)
            })
            .filter(|unit| unit != "none")
            .unwrap_or_default();
        let (lowest, highest) = match numeric {
            true => (bound("minimum"), bound("maximum")),
            false => (None, None),
        };
        let range = if numeric {
            let low = lowest.unwrap_or(f64::NEG_INFINITY);
            let high = highest.unwrap_or(f64::INFINITY);
            range_in_words(low, high, None)
        } else {
            choices(solid)
        };
        let default = match &said.default {
            None => String::new(),
            Some(Json::Null) => "left out".to_owned(),
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) if number.is_f64() => number
                .as_f64()
                .map_or(String::new(), |value| value.to_string()),
            Some(value) => value.to_string(),
        };
        Parameter {
            path: path.to_owned(),
            meaning: meaning.replace('\n', " "),
            kind: match kind {
                "number" => "number",
                "integer" => WHOLE,
                "boolean" => "true or false",
                "string" => "text",
                _ => "one of several",
            }
            .to_owned(),
            unit,
            default,
            range,
            source: said.source.clone().unwrap_or_default(),
            evidence: said.evidence.clone().unwrap_or_default(),
            lowest,
            highest,
            sweep: said.sweep.filter(|_| numeric),
        }
    }
}

fn choices(schema: &Json) -> String {
    let sides = schema.get("oneOf").and_then(Json::as_array);
    let names: Vec<&str> = sides
        .into_iter()
        .flatten()
        .filter_map(|side| side.get("const")?.as_str())
        .collect();
    names.join(", ")
}

/// The declaration of the parameter at a path as `--set` has it: names of the user's own and positions in arrays are filled in.
pub fn parameter_at(path: &str) -> Option<Parameter> {
    let steps: Vec<&str> = path.split('.').map(str::trim).collect();
    let fits = |declared: &str| {
        let mut left = steps.iter();
        let every = declared.split('.').all(|step| {
            let (key, is_array) = match step.strip_suffix("[]") {
                Some(key) => (key, true),
                None => (step, false),
            };
            let named = left.next().is_some_and(|own| key == "*" || key == *own);
            let mut placed = || left.next().is_some_and(|own| own.parse::<usize>().is_ok());
            named && (!is_array || placed())
        });
        every && left.next().is_none()
    };
    parameters()
        .into_iter()
        .find(|parameter| fits(&parameter.path))
}

/// Parameters that a user may mean: those whose path ends in what is asked for, else those in which it occurs.
pub fn find(asked: &str) -> Vec<Parameter> {
    let all = parameters();
    // Names of the user's own may be left out: coupons.after for coupons.*.after[].
    let plain = |path: &str| {
        let plain = path.replace("[]", "");
        match asked.contains('*') {
            true => plain,
            false => plain.replace(".*", ""),
        }
    };
    let ends: Vec<Parameter> = all
        .iter()
        .filter(|parameter| {
            let path = plain(&parameter.path);
            path == asked || path.ends_with(&format!(".{asked}"))
        })
        .cloned()
        .collect();
    if !ends.is_empty() {
        return ends;
    }
    all.into_iter()
        .filter(|parameter| {
            let path = plain(&parameter.path);
            path.contains(&format!(".{asked}.")) || path.starts_with(&format!("{asked}."))
        })
        .collect()
}

/// What to ask instead of what is not found: the nearest of the same table, or of all parameters and `others` where no table is named; `None` where
/// nothing is near.
pub fn hint_for(asked: &str, others: &[&str]) -> Option<String> {
    let plain = |parameter: &Parameter| parameter.path.replace("[]", "").replace(".*", "");
    let paths: Vec<String> = parameters().iter().map(plain).collect();
    let Some((table, last)) = asked.rsplit_once('.') else {
        let last_parts = paths.iter().filter_map(|path| path.rsplit('.').next());
        let name = nearest(asked, last_parts.chain(others.iter().copied()))?;
        return Some(format!("did you mean `{name}`?"));
    };
    let beginning = format!("{table}.");
    let within: Vec<&str> = paths
        .iter()
        .filter_map(|path| path.strip_prefix(&beginning))
        .collect();
    if within.is_empty() {
        let tables = paths.iter().filter_map(|path| path.rsplit_once('.'));
        let near = nearest(table, tables.map(|(table, _)| table))?;
        return hint_for(&format!("{near}.{last}"), others);
    }
    Some(match nearest(last, within.iter().copied()) {
        Some(name) => format!("did you mean `{table}.{name}`?"),
        None => format!("`yellowcart explain {table}` explains all that begins with `{table}.`"),
    })
}

/// The table of all parameters as Markdown, for docs/odd.md.
pub fn markdown() -> String {
    let mut text = String::from(
        "| parameter | meaning | unit | default | range | plausible | source | evidence |\n|---|---|---|---|---|---|---|---|\n",
    );
    let cell = |cell: &str| cell.replace('|', "\\|");
    for parameter in parameters() {
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} | {} | {} |\n",
            parameter.path,
            cell(&parameter.meaning),
            cell(&parameter.unit),
            cell(&parameter.default),
            cell(&parameter.range),
            parameter.sweep_in_words(),
            cell(&parameter.source),
            parameter.evidence
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_unit_a_source_and_an_evidence_code() {
        let codes = ["SEED", "V", "VS", "S", "D", "R", "A"];
        let bare: Vec<String> = parameters()
            .into_iter()
            .filter(|parameter| matches!(parameter.kind.as_str(), "number" | "whole number"))
            .filter(|parameter| {
                let unit = !parameter.unit.is_empty() || parameter.path == "seed";
                !(unit
                    && !parameter.source.is_empty()
                    && codes.contains(&parameter.evidence.as_str()))
            })
            .map(|parameter| parameter.path)
            .collect();
        assert!(bare.is_empty(), "{bare:#?}");
    }

    #[test]
    fn only_assumptions_are_swept_and_within_what_is_allowed() {
        let swept: Vec<Parameter> = parameters()
            .into_iter()
            .filter(|parameter| parameter.sweep.is_some())
            .collect();
        assert!(swept.len() > 60, "{}", swept.len());
        for parameter in swept {
            let path = &parameter.path;
            assert_eq!(parameter.evidence, "A", "{path}");
            assert!(
                ["number", "whole number"].contains(&parameter.kind.as_str()),
                "{path}"
            );
            let (Some(lowest), Some(highest)) = (parameter.lowest, parameter.highest) else {
                panic!("{path} has no bounds");
            };
            match parameter.sweep {
                Some(Sweep::Range([low, high])) => {
                    assert!(lowest <= low && low < high && high <= highest, "{path}");
                    let default: f64 = parameter.default.parse().expect("a number");
                    assert!((low..=high).contains(&default), "{path}");
                }
                Some(Sweep::Factor([low, high])) => assert!(0.0 < low && low < 1.0 && 1.0 < high),
                Some(Sweep::Odds([low, high])) => {
                    assert!(0.0 < low && low < 1.0 && 1.0 < high, "{path}");
                    assert!(lowest >= 0.0 && highest <= 1.0, "{path} is no share");
                }
                None => unreachable!("filtered"),
            }
        }
    }

    #[test]
    fn every_number_assumed_of_the_aftermath_is_swept_unless_it_is_a_term_or_a_definition() {
        let unswept: Vec<String> = parameters()
            .into_iter()
            .filter(|parameter| parameter.path.starts_with("aftermath."))
            .filter(|parameter| parameter.evidence == "A" && parameter.sweep.is_none())
            .filter(|parameter| parameter.kind != "true or false")
            .map(|parameter| parameter.path)
            .collect();
        let expected = [
            "aftermath.complaint_hassle.spread",
            "aftermath.harm_line",
            "aftermath.price_protection_days",
        ];
        assert_eq!(unswept, expected);
        assert_eq!(
            find("seller.hours")[0].sweep,
            Some(Sweep::Factor([0.5, 2.0]))
        );
    }

    #[test]
    fn of_a_trait_the_median_is_swept() {
        let of = |asked: &str| find(asked)[0].sweep;
        assert_eq!(of("anchoring.median"), Some(Sweep::Odds([0.33, 1.6])));
        assert_eq!(of("anchoring.spread"), None);
        assert_eq!(of("segments.needs"), Some(Sweep::Odds([0.67, 1.5])));
        assert_eq!(of("unpaid_share"), Some(Sweep::Range([0.05, 0.3])));
        assert_eq!(of("clock.tick_seconds"), None);
        assert_eq!(find("unpaid_share")[0].sweep_in_words(), "0.05 to 0.3");
    }

    #[test]
    fn a_parameter_is_found_by_its_last_parts() {
        let found = find("scepticism");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "behaviour.scepticism");
        assert_eq!(found[0].range, "0 to 1");
        assert_eq!(found[0].default, "0.6");
        assert_eq!(found[0].evidence, "A");
        assert_eq!(find("anchoring.median")[0].default, "0.25");
        assert_eq!(find("coupons.after"), find("coupons.*.after"));
        assert!(
            find("coupons.after")[0]
                .meaning
                .starts_with("Coupons after which")
        );
        assert!(find("nothing_of_the_kind").is_empty());
    }
}
