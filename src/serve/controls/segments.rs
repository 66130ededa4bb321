//! The share of sceptical consumers: a segment that takes its share from all others in proportion.

use super::super::edit::Draft;
use crate::scenario::Bundle;
use toml_edit::{Item, Value};

/// The segment, in every shipped scenario that has one.
const SCEPTICS: &str = "sceptics";

/// Literacy and trust of sceptics, as in the shipped scenarios: assumption.
const TRAITS: [(&str, f64, f64); 2] = [("literacy", 0.85, 0.6), ("trust", 0.35, 0.6)];

/// Their share; `None` where there is nobody else to take it from.
pub fn share_of_sceptics(bundle: &Bundle) -> Option<f64> {
    let segments = &bundle.scenario.population.segments;
    let share = segments.get(SCEPTICS).map_or(0.0, |segment| segment.share);
    (share < 1.0).then_some(share)
}

/// Gives them a share.
pub fn apply(draft: &mut Draft, bundle: &Bundle, share: f64) {
    let Some(before) = share_of_sceptics(bundle) else {
        return;
    };
    let segments = &bundle.scenario.population.segments;
    let path = |segment: &str, key: &str| format!("population.segments.{segment}.{key}");
    if !segments.contains_key(SCEPTICS) {
        // They are like the largest group in all but what makes them sceptical.
        let largest = segments
            .iter()
            .max_by(|a, b| a.1.share.total_cmp(&b.1.share));
        if let Some((largest, _)) = largest {
            draft.copy_table("population.segments", largest, SCEPTICS);
        }
        for (key, median, spread) in TRAITS {
            draft.set(&path(SCEPTICS, key), spread_out(median, spread));
        }
    }
    draft.set(&path(SCEPTICS, "share"), Value::from(share));
    let others = segments.iter().filter(|(name, _)| *name != SCEPTICS);
    for (name, segment) in others {
        let left = segment.share * (1.0 - share) / (1.0 - before);
        draft.set(&path(name, "share"), Value::from(left));
    }
}

/// A trait as TOML.
fn spread_out(median: f64, spread: f64) -> Value {
    let mut table = toml_edit::InlineTable::new();
    table.insert("median", Value::from(median));
    table.insert("spread", Value::from(spread));
    Value::InlineTable(table)
}

impl Draft {
    /// Copies a table beside itself under another name.
    fn copy_table(&mut self, holder: &str, from: &str, to: &str) {
        let Some(holder) = self.table_mut(holder) else {
            return;
        };
        if let Some(Item::Table(table)) = holder.get(from) {
            let mut copy = table.clone();
            copy.set_position(None);
            holder.insert(to, Item::Table(copy));
        } else if let Some(item) = holder.get(from).cloned() {
            holder.insert(to, item);
        }
    }
}
