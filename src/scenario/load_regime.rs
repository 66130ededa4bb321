//! Loading regimes: from a name or a path to a checked file of rules, or to everything that is wrong with it.

use super::check::Checker;
use super::faults::{Faults, Source};
use super::file::{Moment, RegimeFile};
use super::library::{self, Reach, Shelf};
use super::load::{found_at, nowhere, schema_of_regime, second_net, typed};
use super::meaning::Rules;
use super::node::{Kind, Node};
use std::path::PathBuf;
use std::sync::Arc;

/// Loads a regime by name or path.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load_regime(name: &str, beside: Option<&PathBuf>) -> Result<RegimeFile, Faults> {
    regime_within(name, Reach::Files(beside.map(PathBuf::as_path)))
}

fn regime_within(name: &str, reach: Reach<'_>) -> Result<RegimeFile, Faults> {
    let source = library::open_within(Shelf::Regimes, name, reach)?;
    regime_from_source(&source)
}

/// Loads a regime from a text.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn regime_from_source(source: &Arc<Source>) -> Result<RegimeFile, Faults> {
    let mut document = Node::parse(source);
    plain_from(&mut document.0);
    let written = document.0.clone();
    let (root, file, mut faults) = typed::<RegimeFile>(document, schema_of_regime(), &[])?;
    if faults.is_empty() {
        second_net(&file, &root, &mut faults);
    }
    let mut deeper = Faults::default();
    Rules::new(&root, &written, &file, &faults).check(&mut deeper);
    deeper.without_those_at(&faults);
    faults.0.append(&mut deeper.0);
    if faults.is_empty() {
        return Ok(file);
    }
    faults.sort();
    Err(faults)
}

/// Writes the moment from which a regime holds as it is kept: `from_date` is the same key under the name that the literature gives it, and a day stands
/// for its midnight in market time.
fn plain_from(root: &mut Node) {
    let both = root.entry("from").is_some();
    let Kind::Table(entries) = &mut root.kind else {
        return;
    };
    for entry in entries {
        if entry.key == "from_date" && !both {
            entry.key = "from".to_owned();
        }
        if let ("from", Kind::Text(text)) = (entry.key.as_str(), &mut entry.node.kind)
            && let midnight = format!("{text} 00:00")
            && Moment::parse(&midnight).is_some()
        {
            *text = midnight;
        }
    }
}

/// Checks what was loaded once, written as JSON and read back.
///
/// # Errors
/// Everything that is wrong, in one sentence each.
pub(super) fn check_again(file: &RegimeFile) -> Result<(), String> {
    let json = serde_json::to_value(file).map_err(|why| why.to_string())?;
    let mut root = Node::of_json(&json, &nowhere());
    let mut faults = Faults::default();
    Checker::new(schema_of_regime()).check(&mut root, &mut faults);
    if faults.is_empty() {
        let good = Faults::default();
        Rules::new(&root, &root, file, &good).check(&mut faults);
    }
    faults.sentences()
}

/// The regime of a scenario: the one that was asked for, else the one that it names.
pub(super) fn regime_of(
    name: &str,
    root: &Node,
    asked_for: bool,
    reach: Reach<'_>,
    faults: &mut Faults,
) -> Option<RegimeFile> {
    let reach = match reach {
        Reach::Files(_) if asked_for => Reach::Files(None),
        _ => reach,
    };
    match regime_within(name, reach) {
        Ok(regime) => Some(regime),
        Err(found) => {
            let placed = match root.at(&["regime"]) {
                Some(node) if !asked_for => found_at(found, &node.place),
                _ => found,
            };
            faults.0.extend(placed.0);
            None
        }
    }
}
