//! The check of shape: walks a document along the JSON Schema of what it should be and finds every unknown key, wrong type, value out of
//! range and missing key at once. The schema comes from the declarations in `scenario::file`, so nothing is said twice.

use super::faults::{Fault, Faults, suggest};
use super::file::{Moment, Offset};
use super::node::{Entry, Kind, Node};
use serde_json::{Map, Value as Json};

/// Checks nodes against one root schema.
pub struct Checker<'a> {
    root: &'a Json,
    /// In a script any value may be a parameter `"$name"`: these are the names.
    parameters: Option<Vec<String>>,
}

impl<'a> Checker<'a> {
    /// A checker of a document.
    pub fn new(root: &'a Json) -> Self {
        Self {
            root,
            parameters: None,
        }
    }

    /// A checker of a script with these parameters.
    pub fn of_script(root: &'a Json, parameters: Vec<String>) -> Self {
        Self {
            root,
            parameters: Some(parameters),
        }
    }

    /// Checks a whole document.
    pub fn check(&self, node: &Node, faults: &mut Faults) {
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

    fn walk(&self, said: &Json, schema: &Json, node: &Node, faults: &mut Faults) {
        let schema = self.solid(schema);
        if self.is_parameter(node, faults) {
            return;
        }
        if let Some(choices) = choices(schema) {
            return self.choice(&choices, node, faults);
        }
        if schema.get("anyOf").is_some() {
            return self.scalar(node, faults);
        }
        match type_of(schema) {
            "object" => self.table(schema, node, faults),
            "array" => self.array(schema, node, faults),
            "number" | "integer" => self.number(said, schema, node, faults),
            "boolean" if !matches!(node.kind, Kind::Flag(_)) => {
                faults.push(wrong_type(node, "true or false"));
            }
            "string" => self.text(schema, node, faults),
            _ => {}
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

    fn choice(&self, choices: &[&str], node: &Node, faults: &mut Faults) {
        let Kind::Text(text) = &node.kind else {
            faults.push(wrong_type(node, "a text"));
            return;
        };
        if !choices.contains(&text.as_str()) {
            let mut fault = Fault::at(
                &node.place,
                format!("`{text}` is not valid here"),
                "not one of the choices",
            );
            fault.help = Some(
                match super::faults::nearest(text, choices.iter().copied()) {
                    Some(name) => {
                        format!("did you mean `{name}`? valid here: {}", choices.join(", "))
                    }
                    None => format!("valid here: {}", choices.join(", ")),
                },
            );
            faults.push(fault);
        }
    }

    fn scalar(&self, node: &Node, faults: &mut Faults) {
        if matches!(
            node.kind,
            Kind::Table(_) | Kind::Array(_) | Kind::Datetime(_)
        ) {
            faults.push(wrong_type(node, "a number, a text, or true or false"));
        }
    }

    fn table(&self, schema: &Json, node: &Node, faults: &mut Faults) {
        let Kind::Table(entries) = &node.kind else {
            faults.push(wrong_type(node, "a table"));
            return;
        };
        let nothing = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Json::as_object)
            .unwrap_or(&nothing);
        let others = schema.get("additionalProperties").filter(|s| s.is_object());
        for entry in entries {
            match (properties.get(&entry.key), others) {
                (Some(property), _) => self.walk(property, property, &entry.node, faults),
                (None, Some(other)) => {
                    check_name(entry, faults);
                    self.walk(schema, other, &entry.node, faults);
                }
                (None, None) => faults.push(unknown_key(entry, properties)),
            }
        }
        self.missing(schema, node, entries, faults);
        self.count(
            schema,
            "minProperties",
            "maxProperties",
            entries.len(),
            node,
            faults,
        );
    }

    fn missing(&self, schema: &Json, node: &Node, entries: &[Entry], faults: &mut Faults) {
        let required = schema.get("required").and_then(Json::as_array);
        for key in required.into_iter().flatten().filter_map(Json::as_str) {
            if !entries.iter().any(|entry| entry.key == key) {
                let property = &schema["properties"][key];
                let meaning = property["description"].as_str().unwrap_or("");
                faults.push(
                    Fault::at(&node.place, format!("`{key}` is missing"), "in this table")
                        .help(format!("{key}: {meaning}")),
                );
            }
        }
    }

    fn array(&self, schema: &Json, node: &Node, faults: &mut Faults) {
        let Kind::Array(items) = &node.kind else {
            faults.push(wrong_type(node, "an array"));
            return;
        };
        for item in items {
            self.walk(&schema["items"], &schema["items"], item, faults);
        }
        self.count(schema, "minItems", "maxItems", items.len(), node, faults);
    }

    fn count(
        &self,
        schema: &Json,
        least: &str,
        most: &str,
        count: usize,
        node: &Node,
        faults: &mut Faults,
    ) {
        let least = schema.get(least).and_then(Json::as_u64).unwrap_or(0);
        let most = schema.get(most).and_then(Json::as_u64).unwrap_or(u64::MAX);
        if (count as u64) < least || count as u64 > most {
            faults.push(
                Fault::at(
                    &node.place,
                    format!("{count} entries"),
                    "wrong number of entries",
                )
                .help(format!("allowed: {least} to {most}")),
            );
        }
    }

    fn number(&self, said: &Json, schema: &Json, node: &Node, faults: &mut Faults) {
        let whole = type_of(schema) == "integer";
        let value = match &node.kind {
            Kind::Whole(value) => *value as f64,
            Kind::Number(value) if !whole => *value,
            Kind::Number(value) if value.fract() == 0.0 && value.abs() < 9.0e15 => {
                faults.push(
                    wrong_type(node, "a whole number").help(format!("write {}", *value as i64)),
                );
                return;
            }
            _ => {
                faults.push(wrong_type(
                    node,
                    if whole { "a whole number" } else { "a number" },
                ));
                return;
            }
        };
        let low = bound(said, schema, "minimum").unwrap_or(f64::NEG_INFINITY);
        let high = bound(said, schema, "maximum").unwrap_or(f64::INFINITY);
        if !value.is_finite() || value < low || value > high {
            let unit = said["x-unit"].as_str().or(schema["x-unit"].as_str());
            faults.push(
                Fault::at(
                    &node.place,
                    format!("{value} is out of range"),
                    "out of range",
                )
                .help(format!("allowed: {}", range_in_words(low, high, unit))),
            );
        }
    }

    fn text(&self, schema: &Json, node: &Node, faults: &mut Faults) {
        let Kind::Text(text) = &node.kind else {
            let fault = wrong_type(node, "a text");
            let quoted = matches!(node.kind, Kind::Datetime(_));
            faults.push(if quoted {
                fault.help("put it in quotes: \"2020-11-11 20:00\"")
            } else {
                fault
            });
            return;
        };
        match schema.get("format").and_then(Json::as_str) {
            Some("yellowcart-moment") if Moment::parse(text).is_none() => faults.push(
                Fault::at(
                    &node.place,
                    format!("`{text}` is not a moment"),
                    "not a moment",
                )
                .help("write market time as \"2020-11-11 20:00\" or \"2020-11-11 20:00:30\""),
            ),
            Some("yellowcart-offset") if Offset::parse(text).is_none() => faults.push(
                Fault::at(
                    &node.place,
                    format!("`{text}` is not a time after going on air"),
                    "not h:mm:ss",
                )
                .help("write hours, minutes and seconds as \"0:12:30\""),
            ),
            _ => {}
        }
        let length = text.chars().count() as u64;
        let least = schema.get("minLength").and_then(Json::as_u64).unwrap_or(0);
        let most = schema
            .get("maxLength")
            .and_then(Json::as_u64)
            .unwrap_or(10_000);
        if length < least || length > most {
            faults.push(
                Fault::at(
                    &node.place,
                    format!("a text of {length} characters"),
                    "wrong length",
                )
                .help(format!("allowed: {least} to {most} characters")),
            );
        }
    }
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

fn wrong_type(node: &Node, wanted: &str) -> Fault {
    Fault::at(
        &node.place,
        format!("expected {wanted}, found {}", node.is_a()),
        format!("should be {wanted}"),
    )
}

fn unknown_key(entry: &Entry, properties: &Map<String, Json>) -> Fault {
    let mut fault = Fault::at(
        &entry.key_place,
        format!("unknown key `{}`", entry.key),
        "not known here",
    );
    fault.help = if entry.key == "coupon_lottery" {
        Some("coupons are not yet available: a coupon lottery cannot be played".to_owned())
    } else {
        suggest(&entry.key, properties.keys().map(String::as_str))
    };
    fault
}

/// Names of things are lower-case letters, digits and underscores, so that they can be file names and parts of `--set` paths.
fn check_name(entry: &Entry, faults: &mut Faults) {
    let good = !entry.key.is_empty()
        && entry.key.len() <= 60
        && entry
            .key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !good {
        faults.push(
            Fault::at(&entry.key_place, format!("`{}` is not a name", entry.key), "not a name").help(
                "names are up to 60 lower-case letters, digits and underscores, such as `red_room_2`",
            ),
        );
    }
}
