//! The controls of the page: what a scenario offers to be moved, and how a moved one changes the scenario's text. Declared in controls.toml; what a control
//! means for the market is the business of the parameters behind it.

mod bots;
mod script;
mod segments;

use super::edit::Draft;
use super::settings::{PaneSettings, Refusal, Setting, Text};
use crate::scenario::registry::parameter_at;
use crate::scenario::{Bundle, Scenario, Shelf, names, title_of};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use toml_edit::Value;

/// What a control holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number within a range.
    Number,
    /// One of some choices.
    Choice,
}

/// How a slider divides its range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,
    /// By factors.
    Log,
}

/// A choice of a control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// What is set.
    pub value: String,
    /// What it is called.
    pub label: Text,
}

/// A control, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Control {
    /// Key, as in settings.
    pub key: String,
    /// What it holds.
    pub kind: Kind,
    /// What it belongs to.
    pub group: String,
    /// What it is called.
    pub label: Text,
    /// What it means, in plain words.
    pub meaning: Text,
    /// Its unit; empty where there is none.
    pub unit: Text,
    /// Lowest number.
    pub low: f64,
    /// Highest number.
    pub high: f64,
    /// Step between numbers.
    pub step: f64,
    /// How the slider divides them.
    pub scale: Scale,
    /// Where the scenario has it.
    pub value: Setting,
    /// Choices, of one that has any.
    pub choices: Vec<Choice>,
    /// Where value and range come from.
    pub source: String,
    /// Evidence code.
    pub evidence: String,
    /// What is allowed in a file, in words.
    pub range: String,
    /// What it changes in the scenario file.
    pub path: String,
}

/// controls.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    control: Vec<Declaration>,
    parameter: Vec<script::Parameter>,
}

/// A control as it is declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    /// Key of one that changes several values; else its path is its key.
    key: Option<String>,
    path: Option<String>,
    group: String,
    label: Text,
    meaning: Text,
    #[serde(default)]
    unit: Text,
    #[serde(default)]
    low: f64,
    #[serde(default)]
    high: f64,
    #[serde(default)]
    step: f64,
    #[serde(default)]
    scale: Scale,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    after: bool,
    beside: Option<String>,
    #[serde(default)]
    rivals: bool,
    #[serde(default)]
    source: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    changes: String,
}

static DECLARED: LazyLock<Declared> = LazyLock::new(|| {
    // A declaration that cannot be read is found by the first test that asks for it.
    toml::from_str(include_str!("controls.toml")).unwrap_or(Declared {
        control: Vec::new(),
        parameter: Vec::new(),
    })
});

impl Declaration {
    fn key(&self) -> &str {
        let key = self.key.as_deref().or(self.path.as_deref());
        key.unwrap_or_default()
    }

    /// The control at a value; source and range of a path are those of its declaration.
    fn at(&self, value: Setting) -> Control {
        let parameter = self.path.as_deref().and_then(parameter_at);
        let said = |own: &str, of: fn(&crate::scenario::registry::Parameter) -> &String| {
            let of = parameter.as_ref().map(of).cloned();
            of.unwrap_or_else(|| own.to_owned())
        };
        let covered = format!("{} to {}", self.low, self.high);
        let path = self.path.as_deref().unwrap_or(&self.changes);
        Control {
            key: self.key().to_owned(),
            kind: Kind::Number,
            group: self.group.clone(),
            label: self.label.clone(),
            meaning: self.meaning.clone(),
            unit: self.unit.clone(),
            low: self.low,
            high: self.high,
            step: self.step,
            scale: self.scale,
            value,
            choices: Vec::new(),
            source: said(&self.source, |parameter| &parameter.source),
            evidence: said(&self.evidence, |parameter| &parameter.evidence),
            range: said(&covered, |parameter| &parameter.range),
            path: path.to_owned(),
        }
    }
}

/// The controls that a scenario offers in a pane, at the values that it has.
pub fn offered(draft: &Draft, bundle: &Bundle, pane: &PaneSettings) -> Vec<Control> {
    let facts = Facts::of(bundle);
    let mut found = Vec::new();
    for declaration in &DECLARED.control {
        let needed = declaration.needs.is_empty()
            || declaration
                .needs
                .iter()
                .any(|act| facts.acts.contains(act.as_str()));
        let alone = declaration
            .beside
            .as_ref()
            .is_some_and(|path| !facts.has(path));
        let idle = declaration.after && !facts.goes_on || declaration.rivals && !facts.rivals;
        if !needed || alone || idle {
            continue;
        }
        let control = match declaration.key.as_deref() {
            Some("script") => {
                if let Some(control) = script::control(declaration, draft, bundle) {
                    found.push(control);
                }
                found.extend(script::parameters(draft, bundle, pane));
                None
            }
            Some("retention") => Some(retention(declaration, bundle)),
            Some("bot_budget") => Some(declaration.at(Setting::Number(bots::budget(bundle)))),
            Some("bot_price") => {
                bots::price(bundle).map(|price| declaration.at(Setting::Number(price)))
            }
            Some("sceptics") => segments::share_of_sceptics(bundle)
                .map(|share| declaration.at(Setting::Number(share))),
            _ => declaration.path.as_deref().and_then(|path| {
                let number = facts.number(path)?;
                Some(declaration.at(Setting::Number(number)))
            }),
        };
        found.extend(control.map(wide_enough));
    }
    found
}

/// A slider that covers the scenario's own value, whatever it is.
fn wide_enough(mut control: Control) -> Control {
    if let Setting::Number(value) = control.value {
        control.low = control.low.min(value);
        control.high = control.high.max(value);
    }
    control
}

/// What decides which controls there are.
struct Facts {
    acts: std::collections::BTreeSet<String>,
    goes_on: bool,
    rivals: bool,
    file: serde_json::Value,
}

/// Seconds after the last show from which a scenario counts as going on.
const GOES_ON: f64 = 86_400.0;

impl Facts {
    fn of(bundle: &Bundle) -> Self {
        let scenario = bundle.resolve().ok();
        let rooms = scenario.iter().flat_map(|scenario| &scenario.rooms);
        let cues = rooms.clone().flat_map(|room| &room.cues);
        let last = rooms.map(|room| room.off_air).fold(0.0, f64::max);
        let end = scenario.as_ref().map_or(0.0, |scenario| scenario.clock.end);
        Self {
            acts: cues.map(|cue| cue.act.name().to_owned()).collect(),
            goes_on: end - last > GOES_ON,
            rivals: scenario.as_ref().is_some_and(has_rivals),
            file: serde_json::to_value(&bundle.scenario).unwrap_or_default(),
        }
    }

    /// What stands at a path of the file, defaults filled in.
    fn at(&self, path: &str) -> Option<&serde_json::Value> {
        let mut steps = path.split('.');
        steps.try_fold(&self.file, |value, step| value.get(step))
    }

    fn has(&self, path: &str) -> bool {
        self.at(path).is_some_and(|value| !value.is_null())
    }

    fn number(&self, path: &str) -> Option<f64> {
        self.at(path)?.as_f64()
    }
}

/// Whether two rooms are on air at once.
fn has_rivals(scenario: &Scenario) -> bool {
    let mut windows: Vec<(f64, f64)> = scenario
        .rooms
        .iter()
        .map(|room| (room.on_air, room.off_air))
        .collect();
    windows.sort_by(|a, b| a.0.total_cmp(&b.0));
    windows.windows(2).any(|pair| pair[1].0 < pair[0].1)
}

/// The rule on replays as a choice: those that differ in nothing else, and the rules as they are.
fn retention(declaration: &Declaration, bundle: &Bundle) -> Control {
    let own = &bundle.regime_name;
    let shipped = names(Shelf::Retention);
    let others = shipped
        .iter()
        .filter(|name| *name != own)
        .map(|name| Choice {
            value: (*name).to_owned(),
            label: Text::new(title_of(Shelf::Retention, name), ""),
        });
    let as_it_is = Choice {
        value: own.clone(),
        label: Text::new("as the rules say", "按规则"),
    };
    Control {
        kind: Kind::Choice,
        choices: std::iter::once(as_it_is).chain(others).collect(),
        range: "shipped rules on replays".to_owned(),
        ..declaration.at(Setting::Choice(own.clone()))
    }
}

/// Moves controls: changes the scenario's text.
///
/// # Errors
/// A control that is not there, or a value outside of its range.
pub fn apply(draft: &mut Draft, bundle: &Bundle, pane: &PaneSettings) -> Result<(), Refusal> {
    if pane.controls.is_empty() {
        return Ok(());
    }
    let offered = offered(draft, bundle, pane);
    for (key, setting) in &pane.controls {
        let control = offered.iter().find(|control| control.key == *key);
        let control = control.ok_or_else(|| {
            let known: Vec<&str> = offered.iter().map(|control| control.key.as_str()).collect();
            let known = known.join(", ");
            Refusal::of(format!(
                "this scenario has no control `{key}`; it has: {known}"
            ))
        })?;
        in_range(control, setting)?;
    }
    // The script comes first: its values belong to it.
    if let Some(chosen) = script::chosen(pane) {
        script::choose(draft, bundle, chosen);
    }
    if let Some(Setting::Choice(rule)) = pane.controls.get("retention") {
        draft.set_regime(rule);
    }
    bots::apply(draft, bundle, &pane.controls);
    for (key, setting) in &pane.controls {
        let Setting::Number(number) = setting else {
            continue;
        };
        if let Some(parameter) = key.strip_prefix("script.") {
            script::give(draft, bundle, pane, parameter, *number);
        } else if key == "sceptics" {
            segments::apply(draft, bundle, *number);
        } else if let Some(declaration) = with_path(key) {
            draft.set(key, as_value(*number, declaration.whole));
        }
    }
    Ok(())
}

fn with_path(key: &str) -> Option<&'static Declaration> {
    let mut declared = DECLARED.control.iter();
    declared.find(|declaration| declaration.path.as_deref() == Some(key))
}

/// A number as TOML, whole where only whole ones are allowed.
fn as_value(number: f64, whole: bool) -> Value {
    match whole {
        true => Value::from(number.round() as i64),
        false => Value::from(number),
    }
}

fn in_range(control: &Control, setting: &Setting) -> Result<(), Refusal> {
    let (key, low, high) = (&control.key, control.low, control.high);
    match (control.kind, setting) {
        (Kind::Number, Setting::Number(number)) if (low..=high).contains(number) => Ok(()),
        (Kind::Number, _) => Err(Refusal::of(format!(
            "`{key}` is a number from {low} to {high}"
        ))),
        (Kind::Choice, Setting::Choice(word))
            if control.choices.iter().any(|choice| choice.value == *word) =>
        {
            Ok(())
        }
        (Kind::Choice, _) => {
            let known: Vec<&str> = control
                .choices
                .iter()
                .map(|choice| choice.value.as_str())
                .collect();
            Err(Refusal::of(format!(
                "`{key}` is one of: {}",
                known.join(", ")
            )))
        }
    }
}

/// Numbers among moved controls.
fn number(controls: &BTreeMap<String, Setting>, key: &str) -> Option<f64> {
    match controls.get(key) {
        Some(Setting::Number(number)) => Some(*number),
        _ => None,
    }
}
