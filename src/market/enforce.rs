//! Enforcement in the live phase: when each rule of the regime first changed something (contract 2). The rules themselves act where
//! what they forbid would happen: `display` corrects counters, `script` caps claimed prices.

use crate::scenario::Substantiation;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// The second at which each rule first acted.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Enforcement {
    disclosed: Option<f64>,
    substantiated: Option<f64>,
}

impl Enforcement {
    /// A displayed counter was replaced by the real one.
    pub fn disclosed(&mut self, second: f64) {
        self.disclosed.get_or_insert(second);
    }

    /// A claimed price was replaced by the honest prior price.
    pub fn substantiated(&mut self, second: f64) {
        self.substantiated.get_or_insert(second);
    }

    /// The rules in force, each with the second at which it first acted.
    pub fn report(&self, regime: &crate::scenario::Regime) -> Vec<(String, Option<f64>)> {
        let rules = [
            (
                regime.disclose_real_counters,
                "disclose_real_counters",
                self.disclosed,
            ),
            (
                regime.claim_substantiation == Substantiation::Shown,
                "claim_substantiation",
                self.substantiated,
            ),
        ];
        rules
            .into_iter()
            .filter(|(in_force, ..)| *in_force)
            .map(|(_, name, first)| (name.to_owned(), first))
            .collect()
    }
}
