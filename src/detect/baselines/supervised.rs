//! What detectors share that learn from development streams with their truth: vectors go in, one model per kind of subject judges them.

use super::examples::{Table, examples};
use super::features::Features;
use crate::detect::scoring::Track;
use crate::detect::{Detector, Event, Labelled, Scores, keep, recall};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A model that learns to tell two kinds of rows apart.
pub trait Learner: Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name of the detector that uses it.
    const NAME: &'static str;

    /// Learns from rows of equal `width`, one after another in `values`, with a label each; both labels occur. Deterministic.
    fn learn(width: usize, values: &[f64], labels: &[bool]) -> Self;

    /// Log-odds that a row is positive; finite.
    fn log_odds(&self, row: &[f64]) -> f64;
}

/// A detector that judges by what it has learned; before it has learned it says nothing.
///
/// It says of rooms at each frame from a minute after their first, and of accounts, orders and offers whenever [`Features`] tells their vectors, how
/// large it holds the log-odds of a deception to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Supervised<Model: Learner> {
    features: Features,
    /// In the order of [`Track::ALL`]; none where there was nothing to learn from.
    models: [Option<Model>; 4],
}

impl<Model: Learner> Detector for Supervised<Model> {
    fn name(&self) -> &str {
        Model::NAME
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let models = &self.models;
        if models.iter().all(Option::is_none) {
            return;
        }
        self.features.observe(event, &mut |about, values| {
            if let Some(model) = &models[Track::of(&about) as usize] {
                scores.say(about, model.log_odds(values), "");
            }
        });
    }

    fn learn(&mut self, streams: &[&Labelled]) {
        let learn = |table: &Table| Model::learn(table.width, &table.values, &table.labels);
        self.models = examples(streams).map(|table| table.has_both().then(|| learn(&table)));
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(self)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(self, memory)
    }
}
