//! A TOML document as a tree in which every value and key knows its place, so that any error can point at it.

use super::faults::{Fault, Place, Source};
use serde_json::{Map, Number, Value as Json};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A table: entries in order of the file.
    Table(Vec<Entry>),
    /// An array.
    Array(Vec<Node>),
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// true or false
    Flag(bool),
    /// A TOML date or time, which scenarios do not use.
    Datetime(String),
}

/// An entry of a table.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

/// Deepest nesting that is read; scenarios need eight.
const DEEPEST: usize = 32;

impl Node {
    /// Reads a text: what could be read of it, and every syntax error with its place.
    pub fn parse(source: &Arc<Source>) -> (Node, Vec<Fault>) {
        let everything = Place::new(source, 0..0);
        if too_deep(&source.text) {
            let fault = Fault::of(format!(
                "{} nests brackets more than {DEEPEST} deep",
                source.name
            ));
            let nothing = Node {
                place: everything,
                kind: Kind::Table(Vec::new()),
            };
            return (nothing, vec![fault]);
        }
        let (document, errors) = DeTable::parse_recoverable(&source.text);
        let faults = errors
            .iter()
            .map(|error| {
                let place = Place::new(source, error.span().unwrap_or(0..0));
                let message = error.message().trim().replace('\n', "; ");
                Fault::at(&place, format!("not valid TOML: {message}"), "here")
            })
            .collect();
        let node = Node {
            place: everything,
            kind: of_table(document.get_ref(), source),
        };
        (node, faults)
    }

    /// Whether it is a table without entries.
    pub fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Table(entries) if entries.is_empty())
    }

    /// The entry of a key, if this is a table that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Table(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The value at a path of keys and array positions.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| match &node.kind {
            Kind::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => node.entry(step).map(|entry| &entry.node),
        })
    }

    /// The place of the value at a path, or of the deepest part of the path that is there.
    pub fn place_of(&self, path: &[&str]) -> Place {
        (0..=path.len())
            .rev()
            .find_map(|length| self.at(&path[..length]))
            .map_or_else(|| self.place.clone(), |node| node.place.clone())
    }

    /// The place of the key at the end of a path, or of its value.
    pub fn key_place_of(&self, path: &[&str]) -> Place {
        let (last, front) = match path.split_last() {
            Some(parts) => parts,
            None => return self.place.clone(),
        };
        self.at(front)
            .and_then(|node| node.entry(last))
            .map_or_else(|| self.place_of(path), |entry| entry.key_place.clone())
    }

    /// The same as JSON, for serde.
    pub fn json(&self) -> Json {
        match &self.kind {
            Kind::Table(entries) => Json::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.node.json()))
                    .collect::<Map<_, _>>(),
            ),
            Kind::Array(items) => Json::Array(items.iter().map(Node::json).collect()),
            Kind::Text(text) | Kind::Datetime(text) => Json::String(text.clone()),
            Kind::Whole(whole) => Json::Number((*whole).into()),
            Kind::Number(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Kind::Flag(flag) => Json::Bool(*flag),
        }
    }

    /// JSON as nodes that all stand at one place; entries that are null are left out.
    pub fn of_json(json: &Json, place: &Place) -> Node {
        let kind = match json {
            Json::Object(entries) => {
                let given = entries.iter().filter(|(_, value)| !value.is_null());
                let entry = |(key, value): (&String, &Json)| Entry {
                    key: key.clone(),
                    key_place: place.clone(),
                    node: Node::of_json(value, place),
                };
                Kind::Table(given.map(entry).collect())
            }
            Json::Array(items) => Kind::Array(
                items
                    .iter()
                    .map(|item| Node::of_json(item, place))
                    .collect(),
            ),
            Json::String(text) => Kind::Text(text.clone()),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Kind::Whole(whole),
                None => Kind::Number(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::Bool(flag) => Kind::Flag(*flag),
            Json::Null => Kind::Text(String::new()),
        };
        Node {
            place: place.clone(),
            kind,
        }
    }

    /// What it is, in words.
    pub fn is_a(&self) -> &'static str {
        match &self.kind {
            Kind::Table(_) => "a table",
            Kind::Array(_) => "an array",
            Kind::Text(_) => "a text",
            Kind::Whole(_) => "a whole number",
            Kind::Number(_) => "a number",
            Kind::Flag(_) => "true or false",
            Kind::Datetime(_) => "a TOML date",
        }
    }
}

/// Whether brackets outside of texts and comments nest too deep: the parser and everything after it would recurse as deep.
fn too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth < 3 => depth = 0,
            _ => {}
        }
        depth > DEEPEST
    }) || text
        .lines()
        .any(|line| line.split('=').next().unwrap_or("").matches('.').count() > DEEPEST)
}

fn of_table(table: &DeTable, source: &Arc<Source>) -> Kind {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue>)| Entry {
        key: AsRef::<str>::as_ref(key.get_ref()).to_owned(),
        key_place: Place::new(source, key.span()),
        node: of_value(value, key.span(), source),
    };
    Kind::Table(table.iter().map(entry).collect())
}

/// A value; a table stands where its key stands, since its own span may be its whole text.
fn of_value(value: &Spanned<DeValue>, key: Range<usize>, source: &Arc<Source>) -> Node {
    let own = value.span();
    let (kind, span) = match value.get_ref() {
        DeValue::String(text) => (Kind::Text(text.as_ref().to_owned()), own),
        DeValue::Integer(whole) => (whole_of(whole), own),
        DeValue::Float(number) => (
            Kind::Number(number.as_str().parse().unwrap_or(f64::NAN)),
            own,
        ),
        DeValue::Boolean(flag) => (Kind::Flag(*flag), own),
        DeValue::Datetime(datetime) => (Kind::Datetime(datetime.to_string()), own),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| of_value(item, item.span(), source));
            (Kind::Array(items.collect()), key)
        }
        DeValue::Table(table) => (of_table(table, source), key),
    };
    Node {
        place: Place::new(source, span),
        kind,
    }
}

/// A whole number; one too large for 64 bits is a number that no range allows.
fn whole_of(whole: &DeInteger) -> Kind {
    i64::from_str_radix(whole.as_str(), whole.radix()).map_or(Kind::Number(f64::NAN), Kind::Whole)
}
