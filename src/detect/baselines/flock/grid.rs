//! FLOCK's grid of when views start and how long they stay, and what a model of honest views expects on it.

use crate::detect::Millis;
use serde::{Deserialize, Serialize};

/// Classes of starts: ten minutes each, the last without end.
const STARTS: usize = 24;

/// Milliseconds of a class of starts.
const START: Millis = 600_000;

/// Classes of stays: under a second, under two, four and so on; the last from over two hours on.
pub(super) const STAYS: usize = 15;

/// Views of a class of starts below which the model does not know it.
const LEAST_MODEL: f64 = 200.0;

/// What is added to every cell of the model, so that none is impossible.
const PSEUDO_VIEWS: f64 = 0.5;

/// Counts on the grid of starts and stays, start by start.
pub(super) type Cells = Vec<f64>;

/// Nothing in any cell.
pub(super) fn empty() -> Cells {
    vec![0.0; STARTS * STAYS]
}

/// The class of a start, by how long the room had been on air.
pub(super) fn start_class(since_air: Millis) -> usize {
    ((since_air / START) as usize).min(STARTS - 1)
}

/// The class of a stay.
pub(super) fn stay_class(stay: Millis) -> usize {
    ((stay / 1_000 + 1).ilog2() as usize).min(STAYS - 1)
}

/// Views of rooms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Model {
    pub(super) cells: Cells,
    /// Milliseconds on air, for each class of starts, of all rooms together.
    pub(super) on_air: Vec<f64>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            cells: empty(),
            on_air: vec![0.0; STARTS],
        }
    }
}

impl Model {
    /// Adds another, `times` times.
    pub(super) fn add(&mut self, other: &Model, times: f64) {
        let cells = self.cells.iter_mut().zip(&other.cells);
        for (sum, count) in cells.chain(self.on_air.iter_mut().zip(&other.on_air)) {
            // What is taken away again may leave a rounding error below zero.
            *sum = (*sum + times * count).max(0.0);
        }
    }

    /// As a distribution over the starts that it knows, for a room that has been on air for so long in each class of them.
    pub(super) fn distribution(&self, on_air: &[f64]) -> Cells {
        let mut shares = empty();
        let starts = self
            .cells
            .chunks_exact(STAYS)
            .zip(shares.chunks_exact_mut(STAYS));
        for ((counts, shares), (all, own)) in starts.zip(self.on_air.iter().zip(on_air)) {
            if *all > 0.0 && counts.iter().sum::<f64>() >= LEAST_MODEL {
                for (share, count) in shares.iter_mut().zip(counts) {
                    *share = (count + PSEUDO_VIEWS) * own / all;
                }
            }
        }
        let total = shares.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        shares.iter_mut().for_each(|share| *share /= total);
        shares
    }
}

/// Milliseconds of each class of starts that a room has been on air for so long has spent in it.
pub(super) fn time_in_classes(since_air: Millis) -> Vec<f64> {
    let spent = |class: usize| {
        let before = class as Millis * START;
        let spent = since_air.saturating_sub(before);
        if class + 1 == STARTS {
            spent
        } else {
            spent.min(START)
        }
    };
    (0..STARTS).map(|class| spent(class) as f64).collect()
}

/// Kullback-Leibler divergence of counts from a distribution, in nats, less what chance brings: (cells - 1) / (2 views); not below 0.
pub(super) fn deviance(seen: &[f64], shares: &[f64], views: f64) -> f64 {
    let (mut divergence, mut cells) = (0.0, 0.0);
    for (count, share) in seen.iter().zip(shares) {
        if *share > 0.0 && *count > 0.0 {
            divergence += count / views * libm::log(count / views / share);
            cells += 1.0;
        }
    }
    (divergence - (cells - 1.0) / (2.0 * views)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_and_stays_fall_into_their_classes() {
        assert_eq!(
            [0, 599_999, 600_000, 99_000_000].map(start_class),
            [0, 0, 1, 23]
        );
        assert_eq!(
            [0, 999, 1_000, 3_000, 7_000, 99_000_000].map(stay_class),
            [0, 0, 1, 2, 3, 14]
        );
    }

    #[test]
    fn the_deviance_is_a_divergence_without_its_bias() {
        // 60 and 40 views where the model has a half each: 0.6 ln 1.2 + 0.4 ln 0.8, less 1 / 200.
        let expected = 0.6 * libm::log(1.2) + 0.4 * libm::log(0.8) - 0.005;
        let found = deviance(&[60.0, 40.0], &[0.5, 0.5], 100.0);
        assert!((found - expected).abs() < 1e-12, "{found}");
        assert_eq!(deviance(&[50.0, 50.0], &[0.5, 0.5], 100.0), 0.0);
    }

    #[test]
    fn of_a_class_that_has_just_begun_less_is_expected() {
        let mut model = Model::default();
        (model.cells[0], model.cells[STAYS]) = (300.0, 300.0);
        (model.on_air[0], model.on_air[1]) = (1_200_000.0, 1_200_000.0);
        let shares = model.distribution(&time_in_classes(750_000));
        let first: f64 = shares[..STAYS].iter().sum();
        assert!((first - 0.8).abs() < 1e-12, "{first}");
        // The third class is not known.
        model.cells[2 * STAYS] = 10.0;
        assert_eq!(shares, model.distribution(&time_in_classes(750_000)));
    }
}
