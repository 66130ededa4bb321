//! What a file shows itself to be by its keys: a scenario, a campaign, a script, a regime, a suite, a study or a lesson.

use super::faults::nearest;
use super::load::{schema_of_regime, schema_of_scenario};
use super::node::{Entry, Kind, Node};

/// What a file shows itself to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A scenario.
    Scenario,
    /// A campaign without consumers.
    Campaign,
    /// A script.
    Script,
    /// A regime.
    Regime,
    /// A suite.
    Suite,
    /// A study.
    Study,
    /// A lesson.
    Lesson,
}

/// A suite has threats, mixtures or benign twins; a study has factors; a lesson asks a question and has something predicted; a script has cues; a campaign has a shelf and neither a clock nor consumers nor rooms; a regime has rules, however they are spelt, or nothing but
/// what regimes have, or stands in a folder of regimes; all else is a scenario.
pub(super) fn found_in(document: &Node) -> Found {
    let Kind::Table(entries) = &document.kind else {
        return Found::Scenario;
    };
    let has = |key: &str| document.entry(key).is_some();
    let of_regimes = |entry: &Entry| known(schema_of_regime(), &entry.key);
    if has("clock") || has("population") || has("rooms") || entries.is_empty() {
        Found::Scenario
    } else if has("threats") || has("twins") || has("mixtures") {
        Found::Suite
    } else if has("factors") {
        Found::Study
    } else if has("predict") || has("question") {
        Found::Lesson
    } else if has("cues") {
        Found::Script
    } else if has("shelf") || has("coupons") || has("promises") {
        Found::Campaign
    } else if entries.iter().any(is_rule)
        || entries.iter().all(of_regimes)
        || stands_among_regimes(&document.place.source.name)
    {
        Found::Regime
    } else {
        Found::Scenario
    }
}

fn known(schema: &serde_json::Value, key: &str) -> bool {
    schema["properties"].get(key).is_some()
}

/// A key that only regimes have, or a value with its article, however its key is spelt.
fn is_rule(entry: &Entry) -> bool {
    let only_there = known(schema_of_regime(), &entry.key)
        && !known(schema_of_scenario(), &entry.key)
        && entry.key != "jurisdiction";
    only_there && entry.key != "from"
        || entry.node.entry("article").is_some()
        || is_meant_as_rule(&entry.key)
}

/// Whether a key that neither scenarios nor regimes have is most like one that only regimes have.
fn is_meant_as_rule(key: &str) -> bool {
    let (rules, others) = (schema_of_regime(), schema_of_scenario());
    if key == "from_date" {
        return true;
    }
    let keys = [rules, others].map(|schema| schema["properties"].as_object());
    let keys = keys
        .into_iter()
        .flatten()
        .flatten()
        .map(|(key, _)| key.as_str());
    let unknown = !known(rules, key) && !known(others, key);
    let meant = nearest(key, keys).filter(|_| unknown);
    meant.is_some_and(|meant| meant != "from" && !known(others, meant))
}

/// Whether a file's folder is called like those of regimes.
fn stands_among_regimes(file: &str) -> bool {
    let folder = std::path::Path::new(file).parent();
    folder.is_some_and(|folder| {
        folder
            .components()
            .any(|part| part.as_os_str() == "regimes")
    })
}
