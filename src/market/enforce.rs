//! Enforcement: when each rule of the regime first changed something (contract 2). The rules themselves act where what they forbid or demand would
//! happen: `display` corrects counters, `script` caps claimed prices, `patrol` sanctions rooms, the aftermath answers claims and fines.

use crate::scenario::Regime;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The second at which each rule first acted, by the rule's name in a regime file.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Enforcement(BTreeMap<String, f64>);

impl Enforcement {
    /// A rule changed something.
    pub fn acted(&mut self, rule: &str, second: f64) {
        if !self.0.contains_key(rule) {
            self.0.insert(rule.to_owned(), second);
        }
    }

    /// The rules in force, each with the second at which it first acted.
    pub fn report(&self, regime: &Regime) -> Vec<(String, Option<f64>)> {
        let rules = regime.rules().into_iter();
        rules
            .map(|name| (name.to_owned(), self.0.get(name).copied()))
            .collect()
    }
}
