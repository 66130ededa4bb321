//! The script of the leading room, the one that deceives first, and the values that it is given.

use super::super::edit::{Draft, HONEST};
use super::super::settings::{PaneSettings, Setting, Text};
use super::{Choice, Control, DECLARED, Declaration, Kind, Scale, as_value};
use crate::scenario::file::{PlayTable, Value as Given};
use crate::scenario::{Bundle, ScriptTemplate, Shelf, load_script, names, title_of};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml_edit::{Item, TableLike, Value, value};

/// How far a claimed counter price is above the price elsewhere where a script needs one and the scenario has none: assumption.
const CLAIMED_OVER_MARKET: f64 = 3.0;

/// Halvings by which the end of a slider is found within which a scenario holds together.
const HALVINGS: usize = 10;

/// Steps of a slider over a script's value.
const STEPS: f64 = 100.0;

/// A value of scripts as controls.toml declares it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    name: String,
    label: Text,
    unit: Text,
    /// Range as multiples of the scenario's value.
    times: Option<[f64; 2]>,
    /// Range.
    range: Option<[f64; 2]>,
    #[serde(default)]
    whole: bool,
    source: String,
}

/// The leading room: the first that plays a script which deceives, else the first that plays any.
pub struct Lead {
    /// The room.
    pub room: String,
    /// The script.
    pub script: String,
    /// When it is first played, seconds after the room went on air.
    pub at: f64,
    /// What it is given then.
    with: BTreeMap<String, Given>,
}

/// The leading room of a scenario; `None` where none plays a script.
pub fn lead(bundle: &Bundle) -> Option<Lead> {
    let rooms = &bundle.scenario.rooms;
    let plays = || {
        let plays = |(name, room): (&String, &'_ crate::scenario::file::RoomTable)| {
            let plays = room.play.iter().map(|play| (name.clone(), play.clone()));
            plays.collect::<Vec<(String, PlayTable)>>()
        };
        rooms.iter().flat_map(plays)
    };
    let deceives = |play: &PlayTable| play.script != HONEST;
    let found = plays()
        .find(|(_, play)| deceives(play))
        .or_else(|| plays().next());
    found.map(|(room, play)| Lead {
        room,
        script: play.script,
        at: play.at.seconds(),
        with: play.with,
    })
}

/// The script that a pane chose.
pub fn chosen(pane: &PaneSettings) -> Option<&str> {
    match pane.controls.get("script") {
        Some(Setting::Choice(script)) => Some(script),
        _ => None,
    }
}

/// The script as a choice among the shipped ones that the scenario can play.
pub fn control(declaration: &Declaration, draft: &Draft, bundle: &Bundle) -> Option<Control> {
    let lead = lead(bundle)?;
    let mut choices: Vec<Choice> = names(Shelf::Scripts)
        .into_iter()
        .filter(|script| *script == lead.script || can_play(draft, bundle, script))
        .map(|script| Choice {
            value: script.to_owned(),
            label: Text::new(title_of(Shelf::Scripts, script), ""),
        })
        .collect();
    if !choices.iter().any(|choice| choice.value == lead.script) {
        choices.push(Choice {
            value: lead.script.clone(),
            label: Text::new(lead.script.clone(), ""),
        });
    }
    Some(Control {
        kind: Kind::Choice,
        choices,
        range: "scripts that the scenario can play".to_owned(),
        ..declaration.at(Setting::Choice(lead.script))
    })
}

/// Whether a scenario holds together with another script.
fn can_play(draft: &Draft, bundle: &Bundle, script: &str) -> bool {
    let mut changed = draft.clone();
    choose(&mut changed, bundle, script);
    super::super::settings::makes_sense(&changed)
}

/// Values of the script, chosen or not, as controls: those that are numbers.
pub fn parameters(draft: &Draft, bundle: &Bundle, pane: &PaneSettings) -> Vec<Control> {
    let Some(lead) = lead(bundle) else {
        return Vec::new();
    };
    let script = chosen(pane).unwrap_or(&lead.script);
    let Some(template) = template_of(bundle, script) else {
        return Vec::new();
    };
    let given = with_of(bundle, &lead, script, &template);
    let known = template.parameters();
    let mut draft = draft.clone();
    choose(&mut draft, bundle, script);
    let declared = DECLARED.parameter.iter();
    declared
        .filter_map(|parameter| {
            let default = known.get(parameter.name.as_str())?;
            let own = given.get(&parameter.name).and_then(number_of);
            let number = own.or_else(|| default.and_then(serde_json::Value::as_f64))?;
            let control = parameter.control(number, &template);
            // Where a market is generated and has no coupons, looking whether it holds together costs more than it tells.
            let plain = bundle.scenario.coupons.is_empty() && bundle.scenario.generate.is_some();
            Some(match plain {
                true => control,
                false => within_reach(control, number, &draft, bundle, pane),
            })
        })
        .collect()
}

/// Narrows a slider to where the scenario holds together: stock that is not shown above what there is, coupons that can be reached.
fn within_reach(
    mut control: Control,
    number: f64,
    draft: &Draft,
    bundle: &Bundle,
    pane: &PaneSettings,
) -> Control {
    let name = control.key.trim_start_matches("script.").to_owned();
    let holds = |end: f64| {
        let mut changed = draft.clone();
        give(&mut changed, bundle, pane, &name, end);
        super::super::settings::makes_sense(&changed)
    };
    let whole = control.step >= 1.0;
    for end in [&mut control.low, &mut control.high] {
        if holds(*end) {
            continue;
        }
        let (mut bad, mut good) = (*end, number);
        for _ in 0..HALVINGS {
            let middle = (bad + good) / 2.0;
            let middle = if whole { middle.round() } else { middle };
            match holds(middle) {
                true => good = middle,
                false => bad = middle,
            }
        }
        *end = good;
    }
    control
}

impl Parameter {
    fn control(&self, number: f64, template: &ScriptTemplate) -> Control {
        let [low, high] = match (self.range, self.times) {
            (Some(range), _) => range,
            (None, times) => times.unwrap_or([0.0, 2.0]).map(|times| times * number),
        };
        let (low, high) = match self.whole {
            true => (low.ceil(), high.floor().max(1.0)),
            false => (low, high),
        };
        let rough = (high - low) / STEPS;
        let step = 10.0_f64.powf(rough.max(1e-6).log10().floor());
        let meaning = &template.0["parameters"][&self.name]["meaning"];
        Control {
            key: format!("script.{}", self.name),
            kind: Kind::Number,
            group: "script".to_owned(),
            label: self.label.clone(),
            meaning: Text::new(meaning.as_str().unwrap_or_default(), self.label.zh.clone()),
            unit: self.unit.clone(),
            low: low.min(number),
            high: high.max(number),
            step: if self.whole { step.max(1.0) } else { step },
            scale: Scale::Linear,
            value: Setting::Number(number),
            choices: Vec::new(),
            source: self.source.clone(),
            evidence: if self.source.contains("(F") {
                "SEED"
            } else {
                "A"
            }
            .to_owned(),
            range: format!("{low} to {high}"),
            path: format!("rooms.*.play[].with.{}", self.name),
        }
    }
}

fn template_of(bundle: &Bundle, script: &str) -> Option<ScriptTemplate> {
    let own = bundle.scripts.get(script).cloned();
    own.or_else(|| load_script(script).ok())
}

/// What a script is given in the place of the leading one: what both take, and what it cannot do without.
fn with_of(
    bundle: &Bundle,
    lead: &Lead,
    script: &str,
    template: &ScriptTemplate,
) -> BTreeMap<String, Given> {
    if script == lead.script {
        return lead.with.clone();
    }
    let mut with = BTreeMap::new();
    for (name, default) in template.parameters() {
        let own = lead.with.get(name).cloned();
        let needed = || default.is_none().then(|| needed_by(bundle, lead)).flatten();
        if let Some(value) = own.or_else(needed) {
            with.insert(name.to_owned(), value);
        }
    }
    with
}

/// A counter price for a script that claims one, by the product's price elsewhere.
fn needed_by(bundle: &Bundle, lead: &Lead) -> Option<Given> {
    let Some(Given::Text(product)) = lead.with.get("product") else {
        return None;
    };
    let product = bundle.scenario.products.get(product)?;
    Some(Given::Number(CLAIMED_OVER_MARKET * product.market_price))
}

fn number_of(given: &Given) -> Option<f64> {
    match given {
        Given::Whole(whole) => Some(*whole as f64),
        Given::Number(number) => Some(*number),
        Given::Flag(_) | Given::Text(_) => None,
    }
}

/// Lets the leading room play another script in the place of its own.
pub fn choose(draft: &mut Draft, bundle: &Bundle, script: &str) {
    let Some(lead) = lead(bundle).filter(|lead| lead.script != script) else {
        return;
    };
    let Some(template) = template_of(bundle, script) else {
        return;
    };
    let given = with_of(bundle, &lead, script, &template);
    let takes = template.parameters();
    draft.each_play(|room, play| {
        if room != lead.room || script_of(play) != Some(&lead.script) {
            return;
        }
        play.insert("script", value(script));
        let Some(with) = play.get_mut("with").and_then(Item::as_table_like_mut) else {
            return;
        };
        let own: Vec<String> = with.iter().map(|(key, _)| key.to_owned()).collect();
        for key in own.iter().filter(|key| !takes.contains_key(key.as_str())) {
            with.remove(key);
        }
        for (key, given) in &given {
            if with.get(key).is_none()
                && let Some(number) = number_of(given)
            {
                with.insert(key, value(number));
            }
        }
    });
}

fn script_of(play: &dyn TableLike) -> Option<&str> {
    play.get("script").and_then(Item::as_str)
}

/// Gives the leading room's script another number, in proportion at each play where these differ.
pub fn give(draft: &mut Draft, bundle: &Bundle, pane: &PaneSettings, name: &str, number: f64) {
    let Some(lead) = lead(bundle) else {
        return;
    };
    let script = chosen(pane).unwrap_or(&lead.script);
    let Some(template) = template_of(bundle, script) else {
        return;
    };
    let first = with_of(bundle, &lead, script, &template)
        .get(name)
        .and_then(number_of);
    let whole = DECLARED
        .parameter
        .iter()
        .any(|parameter| parameter.name == name && parameter.whole);
    draft.each_play(|room, play| {
        if room != lead.room || script_of(play) != Some(script) {
            return;
        }
        let Some(with) = with_table(play) else {
            return;
        };
        let own = with.get(name).and_then(super::super::edit::number_in);
        let times = match (own, first) {
            (Some(own), Some(first)) if first != 0.0 => own / first,
            _ => 1.0,
        };
        let new: Value = as_value(number * times, whole);
        with.insert(name, value(new));
    });
}

/// What a play gives its script, made if it gives nothing.
fn with_table(play: &mut dyn TableLike) -> Option<&mut dyn TableLike> {
    if play.get("with").is_none() {
        play.insert("with", value(toml_edit::InlineTable::new()));
    }
    play.get_mut("with").and_then(Item::as_table_like_mut)
}
