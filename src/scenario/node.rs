//! A TOML document as a tree in which every value and key knows its place, so that any error can point at it.

use super::faults::{Fault, Place, Source};
use serde_json::{Map, Number, Value as Json};
use std::sync::Arc;
use toml_edit::{Document, Item, Key, Table, TableLike, Value};

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
    /// Reads a text.
    ///
    /// # Errors
    /// The first syntax error, with its place.
    pub fn parse(source: &Arc<Source>) -> Result<Node, Fault> {
        if too_deep(&source.text) {
            return Err(Fault::of(format!(
                "{} nests brackets more than {DEEPEST} deep",
                source.name
            )));
        }
        let document = Document::parse(source.text.as_str()).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().trim().replace('\n', "; ");
            Fault::at(
                &Place::new(source, span),
                format!("not valid TOML: {message}"),
                "here",
            )
        })?;
        Ok(of_table(
            document.as_table(),
            &Place::new(source, 0..0),
            source,
        ))
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

fn of_table(table: &Table, place: &Place, source: &Arc<Source>) -> Node {
    let entries = table
        .iter()
        .filter_map(|(name, item)| of_entry(table, name, item, place, source))
        .collect();
    Node {
        place: place_of(table.span(), place, source),
        kind: Kind::Table(entries),
    }
}

fn of_entry(
    table: &dyn TableLike,
    name: &str,
    item: &Item,
    parent: &Place,
    source: &Arc<Source>,
) -> Option<Entry> {
    let key_place = place_of(table.key(name).and_then(Key::span), parent, source);
    Some(Entry {
        key: name.to_owned(),
        node: of_item(item, &key_place, source)?,
        key_place,
    })
}

fn of_item(item: &Item, key_place: &Place, source: &Arc<Source>) -> Option<Node> {
    Some(match item {
        Item::None => return None,
        Item::Value(value) => of_value(value, key_place, source),
        Item::Table(table) => of_table(table, key_place, source),
        Item::ArrayOfTables(tables) => Node {
            place: key_place.clone(),
            kind: Kind::Array(
                tables
                    .iter()
                    .map(|table| of_table(table, key_place, source))
                    .collect(),
            ),
        },
    })
}

fn of_value(value: &Value, parent: &Place, source: &Arc<Source>) -> Node {
    let place = place_of(value.span(), parent, source);
    let kind = match value {
        Value::String(text) => Kind::Text(text.value().clone()),
        Value::Integer(whole) => Kind::Whole(*whole.value()),
        Value::Float(number) => Kind::Number(*number.value()),
        Value::Boolean(flag) => Kind::Flag(*flag.value()),
        Value::Datetime(datetime) => Kind::Datetime(datetime.value().to_string()),
        Value::Array(items) => Kind::Array(
            items
                .iter()
                .map(|item| of_value(item, &place, source))
                .collect(),
        ),
        Value::InlineTable(table) => Kind::Table(
            table
                .iter()
                .map(|(name, value)| {
                    let key = table.key(name).and_then(Key::span);
                    let key_place = place_of(key, &place, source);
                    Entry {
                        key: name.to_owned(),
                        node: of_value(value, &key_place, source),
                        key_place,
                    }
                })
                .collect(),
        ),
    };
    Node { place, kind }
}

fn place_of(span: Option<std::ops::Range<usize>>, parent: &Place, source: &Arc<Source>) -> Place {
    span.map_or_else(|| parent.clone(), |span| Place::new(source, span))
}
