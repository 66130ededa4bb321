//! A sample: what was observed at each seed in each run of a pattern.

use super::observe::Observed;
use super::pattern::Measured;
use std::sync::Arc;

/// What was observed at each seed in each run of a pattern: `by_seed[seed][variant]`.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The runs, in order of the pattern's variants, seed by seed.
    pub by_seed: Vec<Vec<Arc<Observed>>>,
}

impl Sample {
    /// A value at each seed.
    pub fn each(&self, value: impl Fn(&[Arc<Observed>]) -> Option<f64>) -> Measured {
        let values = self.by_seed.iter().map(|runs| value(runs));
        // What is not a number is no value.
        Measured::BySeed(
            values
                .map(|value| value.filter(|value| value.is_finite()))
                .collect(),
        )
    }

    /// Rare events of one of the runs, and the exposure to them.
    pub fn rare(&self, variant: usize, of: impl Fn(&Observed) -> (u64, f64)) -> Measured {
        let pairs: Vec<(u64, f64)> = self.by_seed.iter().map(|runs| of(&runs[variant])).collect();
        Measured::Rare {
            events: pairs.iter().map(|(events, _)| *events).collect(),
            exposure: pairs.iter().map(|(_, exposure)| *exposure).collect(),
        }
    }
}

/// A share; `None` of nothing.
pub fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
