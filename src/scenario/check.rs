//! The check of shape: walks a document along the JSON Schema of what it should be and finds every unknown key, wrong type, value out of
//! range and missing key at once. The schema comes from the declarations in `scenario::file`, so nothing is said twice. What is wrong is
//! mended with a stand-in after it has been reported, so that the check of meaning can go on and report the rest in the same run.

use super::faults::{Fault, Faults, Place, nearest, suggest};
use super::file::{Moment, Offset};
use super::node::{Entry, Kind, Node};
use serde_json::{Map, Value as Json};

/// Checks nodes against one root schema.
pub struct Checker<'a> {
    root: &'a Json,
    /// In a script any value may be a parameter `"$name"`: these are the names.
    parameters: Option<Vec<String>>,
    /// Part of the document could not be read: what is missing may be there.
    partial: bool,
}

impl<'a> Checker<'a> {
    /// A checker of a document.
    pub fn new(root: &'a Json) -> Self {
        Self {
            root,
            parameters: None,
            partial: false,
        }
    }

    /// A checker of a script whose parameters are not filled in.
    pub fn of_template(root: &'a Json, script: &Node) -> Self {
        Self::new(root).as_template(script)
    }

    /// Says whether part of the document could not be read: then nothing is reported as missing.
    #[must_use]
    pub fn partial(self, partial: bool) -> Self {
        Self { partial, ..self }
    }

    /// Checks a whole document, and mends it.
    pub fn check(&self, node: &mut Node, faults: &mut Faults) {
        self.walk(self.root, self.root, node, faults);
    }

    /// Follows references and takes the other side of "or null". `said` keeps what is said at the reference itself (unit, default).
    fn solid<'s>(&'s self, schema: &'s Json) -> &'s Json {
        let mut schema = schema;
        // A chain of references is short; the bound guards against a circle.
        for _ in 0..8 {
            if let Some(name) = schema.get("$ref").and_then(Json::as_str) {
                let name = name.trim_start_matches("#/$defs/");
                schema = &self.root["$defs"][name];
            } else if let Some(sides) = optional_sides(schema) {
                schema = sides;
            } else {
                break;
            }
        }
        schema
    }

    fn walk(&self, said: &Json, schema: &Json, node: &mut Node, faults: &mut Faults) {
        let schema = self.solid(schema);
        if self.is_parameter(node, faults) {
            return;
        }
        if said.get("x-template").is_some() && self.parameters.is_none() {
            return self.as_template(node).walk(schema, schema, node, faults);
        }
        let found = match (choices(schema), type_of(schema)) {
            (Some(choices), _) => choice(&choices, node),
            _ if schema.get("anyOf").is_some() => scalar(node),
            (_, "object") => {
                fill(said, schema, node);
                self.table(schema, node, faults)
            }
            (_, "array") => self.array(schema, node, faults),
            (_, "number" | "integer") => number(said, schema, node),
            (_, "boolean") => flag(node),
            (_, "string") => text(schema, node),
            _ => Ok(()),
        };
        if let Err(fault) = found {
            faults.push(*fault);
            *node = self.stand_in(said, schema, &node.place);
        }
    }

    /// The same schema for a script written in the scenario, whose values may be its parameters.
    fn as_template(&self, script: &Node) -> Self {
        let names = match script.at(&["parameters"]).map(|node| &node.kind) {
            Some(Kind::Table(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
            _ => Vec::new(),
        };
        Self {
            root: self.root,
            parameters: Some(names),
            partial: self.partial,
        }
    }

    /// Whether the value is a parameter of the script; one that the script does not declare is a fault.
    fn is_parameter(&self, node: &Node, faults: &mut Faults) -> bool {
        let (Some(parameters), Kind::Text(text)) = (&self.parameters, &node.kind) else {
            return false;
        };
        let Some(name) = text.strip_prefix('$') else {
            return false;
        };
        if !parameters.iter().any(|known| known == name) {
            let mut fault = Fault::at(
                &node.place,
                format!("the script has no parameter `{name}`"),
                "not declared",
            );
            fault.help = suggest(name, parameters.iter().map(String::as_str));
            faults.push(fault);
        }
        true
    }

    fn table(&self, schema: &Json, node: &mut Node, faults: &mut Faults) -> Found {
        let Kind::Table(entries) = &mut node.kind else {
            let fault = wrong_type(node, "a table");
            return Err(match schema.get("x-sourced") {
                Some(_) => Box::new(fault.help(HOW_A_RULE_IS_WRITTEN)),
                None => fault,
            });
        };
        let nothing = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Json::as_object)
            .unwrap_or(&nothing);
        let others = schema.get("additionalProperties").filter(|s| s.is_object());
        let given = entries.len();
        let mut meant = Vec::new();
        entries.retain_mut(|entry| match (properties.get(&entry.key), others) {
            (Some(property), _) => {
                self.walk(property, property, &mut entry.node, faults);
                true
            }
            (None, Some(other)) => {
                match schema.get("x-dotted") {
                    Some(_) => check_dotted_name(entry, faults),
                    None => check_name(entry, faults),
                }
                self.walk(other, other, &mut entry.node, faults);
                true
            }
            (None, None) => {
                meant.extend(nearest(&entry.key, properties.keys().map(String::as_str)));
                faults.push(unknown_key(entry, properties));
                false
            }
        });
        self.missing(schema, &node.place, entries, &meant, faults);
        count(schema, "minProperties", "maxProperties", given, &node.place)
    }

    /// Reports keys that must be there and are not, but for those that a misspelt key was `meant` to be.
    fn missing(
        &self,
        schema: &Json,
        place: &Place,
        entries: &mut Vec<Entry>,
        meant: &[&str],
        faults: &mut Faults,
    ) {
        let required = schema.get("required").and_then(Json::as_array);
        for key in required.into_iter().flatten().filter_map(Json::as_str) {
            if entries.iter().any(|entry| entry.key == key) {
                continue;
            }
            let property = &schema["properties"][key];
            let meaning = property["description"].as_str().unwrap_or("");
            if !self.partial && !meant.contains(&key) {
                let fault = Fault::at(place, format!("`{key}` is missing"), "in this table");
                faults.push(fault.help(format!("{key}: {meaning}")));
            }
            entries.push(Entry {
                key: key.to_owned(),
                key_place: place.clone(),
                node: self.stand_in(property, property, place),
            });
        }
    }

    fn array(&self, schema: &Json, node: &mut Node, faults: &mut Faults) -> Found {
        let Kind::Array(items) = &mut node.kind else {
            return Err(wrong_type(node, "an array"));
        };
        for item in items.iter_mut() {
            self.walk(&schema["items"], &schema["items"], item, faults);
        }
        count(schema, "minItems", "maxItems", items.len(), &node.place)
    }

    /// A value that the schema allows, in the place of one that is wrong or missing.
    fn stand_in(&self, said: &Json, schema: &Json, place: &Place) -> Node {
        let schema = self.solid(schema);
        let default = said.get("default").or(schema.get("default"));
        if let Some(default) = default.filter(|default| !default.is_null()) {
            return Node::of_json(default, place);
        }
        let text = |text: &str| Kind::Text(text.to_owned());
        let least = |key: &str| schema.get(key).and_then(Json::as_u64).unwrap_or(0);
        let kind = match (choices(schema), type_of(schema)) {
            (Some(choices), _) => text(choices.first().unwrap_or(&"")),
            (_, "object") => {
                let mut entries = Vec::new();
                let mut unsaid = Faults::default();
                self.missing(schema, place, &mut entries, &[], &mut unsaid);
                Kind::Table(entries)
            }
            (_, "array") => {
                let item = || self.stand_in(&schema["items"], &schema["items"], place);
                Kind::Array((0..least("minItems")).map(|_| item()).collect())
            }
            (_, "boolean") => Kind::Flag(false),
            (_, "string") => match schema.get("format").and_then(Json::as_str) {
                Some("yellowcart-moment") => text("2020-11-11 20:00"),
                Some("yellowcart-offset") => text("0:00:00"),
                _ => Kind::Text("x".repeat(least("minLength") as usize)),
            },
            (_, kind) => {
                let (low, high) = bounds(said, schema);
                match kind {
                    "integer" => Kind::Whole(0.0_f64.clamp(low, high) as i64),
                    _ => Kind::Number(0.0_f64.clamp(low, high)),
                }
            }
        };
        Node {
            place: place.clone(),
            kind,
        }
    }
}

const HOW_A_RULE_IS_WRITTEN: &str =
    "write { value = ..., article = \"Consumer Law art 25\", evidence = \"VS\" }";

/// Nothing, or the fault.
type Found = Result<(), Box<Fault>>;

fn choice(choices: &[&str], node: &Node) -> Found {
    let Kind::Text(text) = &node.kind else {
        return Err(wrong_type(node, "a text"));
    };
    if choices.contains(&text.as_str()) {
        return Ok(());
    }
    let valid = format!("valid here: {}", choices.join(", "));
    let help = match nearest(text, choices.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? {valid}"),
        None => valid,
    };
    let message = format!("`{text}` is not valid here");
    wrong(node, message, "not one of the choices", help)
}

fn scalar(node: &Node) -> Found {
    match node.kind {
        Kind::Table(_) | Kind::Array(_) | Kind::Datetime(_) => {
            Err(wrong_type(node, "a number, a text, or true or false"))
        }
        _ => Ok(()),
    }
}

fn flag(node: &Node) -> Found {
    match node.kind {
        Kind::Flag(_) => Ok(()),
        _ => Err(wrong_type(node, "true or false")),
    }
}

fn count(schema: &Json, least: &str, most: &str, count: usize, place: &Place) -> Found {
    let least = schema.get(least).and_then(Json::as_u64).unwrap_or(0);
    let most = schema.get(most).and_then(Json::as_u64).unwrap_or(u64::MAX);
    if (least..=most).contains(&(count as u64)) {
        return Ok(());
    }
    let fault = Fault::at(place, format!("{count} entries"), "wrong number of entries");
    Err(Box::new(fault.help(format!("allowed: {least} to {most}"))))
}

fn number(said: &Json, schema: &Json, node: &Node) -> Found {
    let whole = type_of(schema) == "integer";
    let value = match &node.kind {
        Kind::Whole(value) => *value as f64,
        Kind::Number(value) if !whole => *value,
        Kind::Number(value) if value.fract() == 0.0 && value.abs() < 9.0e15 => {
            let fault = wrong_type(node, "a whole number");
            return Err(Box::new(fault.help(format!("write {}", *value as i64))));
        }
        _ if whole => return Err(wrong_type(node, "a whole number")),
        _ => return Err(wrong_type(node, "a number")),
    };
    let (low, high) = bounds(said, schema);
    if value >= low && value <= high && value.is_finite() {
        return Ok(());
    }
    let unit = said["x-unit"].as_str().or(schema["x-unit"].as_str());
    let message = format!("{value} is out of range");
    let help = format!("allowed: {}", range_in_words(low, high, unit));
    wrong(node, message, "out of range", help)
}

fn text(schema: &Json, node: &Node) -> Found {
    let Kind::Text(text) = &node.kind else {
        let fault = wrong_type(node, "a text");
        return Err(match node.kind {
            Kind::Datetime(_) => Box::new(fault.help("put it in quotes: \"2020-11-11 20:00\"")),
            _ => fault,
        });
    };
    match schema.get("format").and_then(Json::as_str) {
        Some("yellowcart-moment") if Moment::parse(text).is_none() => {
            let help = "write market time as \"2020-11-11 20:00\" or \"2020-11-11 20:00:30\"";
            return wrong(
                node,
                format!("`{text}` is not a moment"),
                "not a moment",
                help,
            );
        }
        Some("yellowcart-offset") if Offset::parse(text).is_none() => {
            let message = format!("`{text}` is not a time after going on air");
            let help = "write hours, minutes and seconds as \"0:12:30\"";
            return wrong(node, message, "not h:mm:ss", help);
        }
        _ => {}
    }
    let hidden = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if text.contains(hidden) {
        let message = "a text with control characters".to_owned();
        return wrong(node, message, "control characters", "leave them out");
    }
    let length = text.chars().count() as u64;
    let limit = |key: &str| schema.get(key).and_then(Json::as_u64);
    let (least, most) = (
        limit("minLength").unwrap_or(0),
        limit("maxLength").unwrap_or(10_000),
    );
    if (least..=most).contains(&length) {
        return Ok(());
    }
    let message = format!("a text of {length} characters");
    let help = format!("allowed: {least} to {most} characters");
    wrong(node, message, "wrong length", help)
}

fn wrong(node: &Node, message: String, label: &str, help: impl Into<String>) -> Found {
    Err(Box::new(Fault::at(&node.place, message, label).help(help)))
}

/// The allowed range; what has no bound is infinite.
fn bounds(said: &Json, schema: &Json) -> (f64, f64) {
    let low = bound(said, schema, "minimum").unwrap_or(f64::NEG_INFINITY);
    (low, bound(said, schema, "maximum").unwrap_or(f64::INFINITY))
}

fn bound(said: &Json, schema: &Json, which: &str) -> Option<f64> {
    let own = schema.get(which).and_then(Json::as_f64);
    own.or_else(|| said.get(which).and_then(Json::as_f64))
}

/// A range with its unit, in words.
pub fn range_in_words(low: f64, high: f64, unit: Option<&str>) -> String {
    let unit = match unit {
        None | Some("none") => String::new(),
        Some(unit) => format!(" ({unit})"),
    };
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{low} to {high}{unit}"),
        (true, false) => format!("{low} and more{unit}"),
        (false, true) => format!("at most {high}{unit}"),
        (false, false) => format!("any finite number{unit}"),
    }
}

/// The solid side of "this or null".
fn optional_sides(schema: &Json) -> Option<&Json> {
    let sides = schema.get("anyOf")?.as_array()?;
    let solid: Vec<&Json> = sides
        .iter()
        .filter(|side| side.get("type").and_then(Json::as_str) != Some("null"))
        .collect();
    (solid.len() == 1 && sides.len() == 2).then(|| solid[0])
}

/// The texts of a choice.
fn choices(schema: &Json) -> Option<Vec<&str>> {
    let of = |key: &str| schema.get(key).and_then(Json::as_array);
    if let Some(values) = of("enum") {
        return Some(values.iter().filter_map(Json::as_str).collect());
    }
    let sides = of("oneOf")?;
    Some(
        sides
            .iter()
            .filter_map(|side| side.get("const")?.as_str())
            .collect(),
    )
}

/// The type that a schema asks for, "null" left aside.
pub fn type_of(schema: &Json) -> &str {
    match schema.get("type") {
        Some(Json::String(name)) => name,
        Some(Json::Array(names)) => names
            .iter()
            .filter_map(Json::as_str)
            .find(|name| *name != "null")
            .unwrap_or(""),
        _ => "",
    }
}

fn wrong_type(node: &Node, wanted: &str) -> Box<Fault> {
    let message = format!("expected {wanted}, found {}", node.is_a());
    Box::new(Fault::at(
        &node.place,
        message,
        format!("should be {wanted}"),
    ))
}

fn unknown_key(entry: &Entry, properties: &Map<String, Json>) -> Fault {
    let mut fault = Fault::at(
        &entry.key_place,
        format!("unknown key `{}`", entry.key),
        "not known here",
    );
    fault.help = if entry.key == "coupon_lottery" {
        Some("a lottery is one way to give coupons out: issue_coupon = { coupon = \"NAME\", by = \"lottery\", count = 1000 }".to_owned())
    } else {
        suggest(&entry.key, properties.keys().map(String::as_str))
    };
    fault
}

/// Names of things are lower-case letters, digits and underscores, so that they can be file names and parts of `--set` paths.
fn check_name(entry: &Entry, faults: &mut Faults) {
    if !is_name(&entry.key) {
        faults.push(
            Fault::at(&entry.key_place, format!("`{}` is not a name", entry.key), "not a name").help(
                "names are up to 60 lower-case letters, digits and underscores, such as `red_room_2`",
            ),
        );
    }
}

fn is_name(key: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !key.is_empty() && key.len() <= 60 && key.bytes().all(good)
}

/// Keys of controls are names joined by dots.
fn check_dotted_name(entry: &Entry, faults: &mut Faults) {
    if !entry.key.split('.').all(is_name) {
        faults.push(
            Fault::at(
                &entry.key_place,
                format!("`{}` is not the key of a control", entry.key),
                "not a key",
            )
            .help("keys are names joined by dots, such as `archive_days` or \"script.price\""),
        );
    }
}

/// Puts what a table leaves out of the default that was declared for the whole of it: `{ median = 5 }` changes the median of a trait and leaves its spread.
fn fill(said: &Json, schema: &Json, node: &mut Node) {
    let Some(default) = said.get("default").and_then(Json::as_object) else {
        return;
    };
    let Kind::Table(entries) = &mut node.kind else {
        return;
    };
    for (key, value) in default {
        let known = schema["properties"].get(key).is_some();
        if known && !value.is_null() && entries.iter().all(|entry| entry.key != *key) {
            entries.push(Entry {
                key: key.clone(),
                key_place: node.place.clone(),
                node: Node::of_json(value, &node.place),
            });
        }
    }
}
