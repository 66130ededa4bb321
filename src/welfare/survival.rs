//! Survival: how long claims stay unresolved (FACTS D.7), by the product-limit estimator, since some are still open when the run ends.

use serde::{Deserialize, Serialize};

/// A survival curve.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Survival {
    /// (time, share not resolved by then), at every time at which some were resolved.
    pub steps: Vec<(f64, f64)>,
}

impl Survival {
    /// That of spans (Kaplan and Meier 1958): S(t) is the product over times t_j <= t of 1 - d_j / n_j, d_j resolved at t_j of n_j that had lasted as
    /// long. One that was still open at t_j counts among the n_j. Without open ones S(t) is the share not resolved by t.
    ///
    /// A span is how long it has lasted, and whether it was resolved then (else it was still open).
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

    /// The share not resolved by a time: 1 before the first step.
    pub fn at(&self, time: f64) -> f64 {
        let by_then = self.steps.partition_point(|step| step.0 <= time);
        by_then
            .checked_sub(1)
            .map_or(1.0, |last| self.steps[last].1)
    }

    /// The time by which half are resolved; `None` if more than half are still open at the end.
    pub fn median(&self) -> Option<f64> {
        let half = self.steps.iter().find(|step| step.1 <= 0.5);
        half.map(|step| step.0)
    }
}
