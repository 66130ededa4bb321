//! Changes from the command line: `--set path.to.key=value` puts a value into the document before it is checked.

use super::faults::nearest;
use super::faults::{Fault, Place, Source};
use super::load::schema_of_regime;
use super::node::{Entry, Kind, Node};
use std::sync::Arc;

/// Applies `path.to.key=value` to the document; errors inside it point at the change itself.
pub fn apply(root: &mut Node, change: &str) -> Result<(), Box<Fault>> {
    let source = Arc::new(Source {
        name: format!("--set {change}"),
        text: change.to_owned(),
    });
    let everything = Place::new(&source, 0..change.len());
    let wrong =
        |message: &str, help: &str| Box::new(Fault::at(&everything, message, "here").help(help));
    let example = "for example --set population.consumers=20000";
    let (path, value) = change
        .split_once('=')
        .ok_or_else(|| wrong("a change is written path.to.key=value", example))?;
    let steps: Vec<&str> = path.trim().split('.').map(str::trim).collect();
    if steps.iter().any(|step| step.is_empty()) || steps.len() > 16 {
        return Err(wrong("the path before `=` is not a path", example));
    }
    if let ["regime", rule, ..] = steps[..] {
        let message = format!("--set cannot change `{rule}`: it is a matter of the regime's file");
        return Err(wrong(&message, &how_to_change(rule)));
    }
    let node = value_of(value.trim(), &source, &everything);
    put(root, &steps, node, &everything).ok_or_else(|| {
        let message = format!("the scenario has nothing at `{path}`");
        wrong(&message, "positions in arrays are counted from 0")
    })
}

/// How a rule of a regime is changed, and which one may be meant.
fn how_to_change(rule: &str) -> String {
    let rules = schema_of_regime()["properties"].as_object();
    let names: Vec<&str> = rules
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    let known = match names.contains(&rule) {
        true => Some(rule),
        false => nearest(rule, names.iter().copied()),
    };
    let how = "write a regime of your own, as in scenarios/regimes/blank.toml, and name it: --regime ./my_regime.toml (or --regimes, to compare)";
    match known {
        Some(name) if name == rule => {
            format!("{how}; `yellowcart explain regime.{name}` says what is known of it")
        }
        Some(name) => format!("did you mean `{name}`? {how}"),
        None => format!("there is no such rule: `yellowcart explain regime` explains all; {how}"),
    }
}

/// A value as TOML; what is not TOML is taken as a text, so that quotes need not be escaped in a shell.
fn value_of(value: &str, source: &Arc<Source>, place: &Place) -> Node {
    let inner = Arc::new(Source {
        name: source.name.clone(),
        text: format!("value = {value}"),
    });
    let (document, syntax) = Node::parse(&inner);
    let parsed = match (&document.kind, syntax.as_slice()) {
        (Kind::Table(entries), []) if entries.len() == 1 => Some(entries[0].node.clone()),
        _ => None,
    };
    let mut node = parsed.unwrap_or_else(|| Node {
        place: place.clone(),
        kind: Kind::Text(value.to_owned()),
    });
    move_to(&mut node, place);
    node
}

fn move_to(node: &mut Node, place: &Place) {
    node.place = place.clone();
    match &mut node.kind {
        Kind::Table(entries) => {
            for entry in entries {
                entry.key_place = place.clone();
                move_to(&mut entry.node, place);
            }
        }
        Kind::Array(items) => items.iter_mut().for_each(|item| move_to(item, place)),
        _ => {}
    }
}

fn put(node: &mut Node, steps: &[&str], value: Node, place: &Place) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return Some(());
    };
    match &mut node.kind {
        Kind::Array(items) => put(
            items.get_mut(step.parse::<usize>().ok()?)?,
            rest,
            value,
            place,
        ),
        Kind::Table(entries) => {
            let index = entries.iter().position(|entry| entry.key == *step);
            let index = index.unwrap_or_else(|| {
                entries.push(Entry {
                    key: (*step).to_owned(),
                    key_place: place.clone(),
                    node: Node {
                        place: place.clone(),
                        kind: Kind::Table(Vec::new()),
                    },
                });
                entries.len() - 1
            });
            put(&mut entries[index].node, rest, value, place)
        }
        _ => None,
    }
}
