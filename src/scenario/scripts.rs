//! Playing scripts: a script is a template in which `"$name"` stands for a parameter; a room that plays it gives the values.

use super::file::{CueTable, Name, PlayTable, RoomTable, ScriptFile, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A script as written, parameters not filled in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScriptTemplate(pub Json);

impl JsonSchema for ScriptTemplate {
    fn schema_name() -> Cow<'static, str> {
        "ScriptTemplate".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // Tells the check that values may be parameters here.
        let mut schema = generator.subschema_for::<ScriptFile>();
        schema.insert("x-template".to_owned(), Json::Bool(true));
        schema
    }
}

/// Where a cue of a room comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The n-th script that the room plays.
    Play(usize),
    /// The n-th cue of its own.
    Own(usize),
}

/// A cue of a room, with its second after going on air.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Seconds after the room went on air.
    pub at: f64,
    /// Script; `None` for a cue of the room's own.
    pub script: Option<String>,
    /// Where it is written.
    pub origin: Origin,
    /// The cue.
    pub cue: CueTable,
}

impl ScriptTemplate {
    /// Names of its parameters, each with its default.
    pub fn parameters(&self) -> BTreeMap<&str, Option<&Json>> {
        let table = self.0.get("parameters").and_then(Json::as_object);
        table
            .into_iter()
            .flatten()
            .map(|(name, about)| (name.as_str(), about.get("default").filter(|d| !d.is_null())))
            .collect()
    }

    /// The script with its parameters filled in, as JSON.
    ///
    /// # Errors
    /// A sentence for each parameter that is missing or not declared.
    pub fn fill(&self, with: &BTreeMap<Name, Value>) -> Result<Json, Vec<String>> {
        let parameters = self.parameters();
        let mut wrong = Vec::new();
        for name in with.keys() {
            if !parameters.contains_key(name.as_str()) {
                let valid = parameters.keys().copied().collect::<Vec<_>>().join(", ");
                wrong.push(format!("it has no parameter `{name}`; it has: {valid}"));
            }
        }
        let mut values = BTreeMap::new();
        for (name, default) in parameters {
            let given = with
                .get(name)
                .and_then(|value| serde_json::to_value(value).ok());
            match given.or_else(|| default.cloned()) {
                Some(value) => {
                    values.insert(name, value);
                }
                None => wrong.push(format!("its parameter `{name}` needs a value")),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut filled = self.0.clone();
        if let Some(cues) = filled.get_mut("cues") {
            substitute(cues, &values);
        }
        Ok(filled)
    }
}

/// Puts values in the place of `"$name"`.
fn substitute(json: &mut Json, values: &BTreeMap<&str, Json>) {
    match json {
        Json::String(text) => {
            if let Some(value) = text.strip_prefix('$').and_then(|name| values.get(name)) {
                *json = value.clone();
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| substitute(item, values)),
        Json::Object(entries) => entries
            .values_mut()
            .for_each(|value| substitute(value, values)),
        _ => {}
    }
}

/// The cues of one play of a script, in order of the script.
///
/// # Errors
/// A sentence for each thing that is wrong.
pub fn cues_of_play(
    play: &PlayTable,
    number: usize,
    scripts: &BTreeMap<String, ScriptTemplate>,
) -> Result<Vec<Staged>, Vec<String>> {
    let template = scripts
        .get(&play.script)
        .ok_or_else(|| vec![format!("there is no script `{}`", play.script)])?;
    let filled = template.fill(&play.with)?;
    let script: ScriptFile =
        serde_json::from_value(filled).map_err(|error| vec![error.to_string()])?;
    Ok(script
        .cues
        .into_iter()
        .map(|cue| Staged {
            at: play.at.seconds() + cue.at.seconds(),
            script: Some(play.script.clone()),
            origin: Origin::Play(number),
            cue,
        })
        .collect())
}

/// All cues of a room, in order of time; those of one moment in order of writing, scripts first. With them, a sentence for each thing that
/// is wrong with a play, whose cues are then not among them.
pub fn cues_of_room(
    room: &RoomTable,
    scripts: &BTreeMap<String, ScriptTemplate>,
) -> (Vec<Staged>, Vec<String>) {
    let mut staged = Vec::new();
    let mut wrong = Vec::new();
    for (number, play) in room.play.iter().enumerate() {
        match cues_of_play(play, number, scripts) {
            Ok(cues) => staged.extend(cues),
            Err(sentences) => wrong.extend(sentences),
        }
    }
    staged.extend(room.cues.iter().enumerate().map(|(number, cue)| Staged {
        at: cue.at.seconds(),
        script: None,
        origin: Origin::Own(number),
        cue: cue.clone(),
    }));
    staged.sort_by(|a, b| a.at.total_cmp(&b.at));
    (staged, wrong)
}
