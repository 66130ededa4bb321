//! Survival: how long claims stay unresolved (FACTS D.7), by the product-limit estimator, since some are still open when the run ends.

use serde::{Deserialize, Serialize};

/// A survival curve.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Survival {
    /// (time, share not resolved by then), at every time at which some were resolved.
    pub steps: Vec<(f64, f64)>,
}

impl Survival {
    /// That of spans: how long each has lasted, and whether it was resolved then (else it was still open).
    pub fn of(spans: &[(f64, bool)]) -> Self {
        let mut spans = spans.to_vec();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut steps: Vec<(f64, f64)> = Vec::new();
        let (mut share, mut index) = (1.0, 0);
        while index < spans.len() {
            let time = spans[index].0;
            let at_risk = spans.len() - index;
            let here = spans[index..].iter().take_while(|span| span.0 == time);
            let (all, resolved) = here.fold((0, 0), |(all, resolved), span| {
                (all + 1, resolved + usize::from(span.1))
            });
            if resolved > 0 {
                share *= 1.0 - resolved as f64 / at_risk as f64;
                steps.push((time, share));
            }
            index += all;
        }
        Self { steps }
    }
}
