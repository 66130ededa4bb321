//! Bootstrap intervals: what a figure comes to when the independent parts of a design are drawn again, with replacement (Efron 1979, percentiles).

use crate::draws::{Draws, Mechanism, identity_of_name, identity_of_pair};
use serde::{Deserialize, Serialize};

/// Samples of a bootstrap.
const SAMPLES: u32 = 1_000;

/// A figure with the ends of its interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The figure; `None` where it cannot be told.
    pub value: Option<f64>,
    /// Ends of the 95 % interval; `None` where it cannot be told, or there are fewer than two parts.
    pub interval: Option<[f64; 2]>,
}

/// A figure of so many independent parts, and its interval. `figure` is given the parts that are drawn, some more than once; draws are keyed by the seed and a name.
pub fn bootstrap(
    (seed, name): (u64, &str),
    parts: usize,
    figure: impl Fn(&[usize]) -> Option<f64>,
) -> Index {
    let known = |rows: &[usize]| figure(rows).filter(|value| value.is_finite());
    let all: Vec<usize> = (0..parts).collect();
    let value = known(&all);
    if value.is_none() || parts < 2 {
        let interval = None;
        return Index { value, interval };
    }
    let draws = Draws::new(seed);
    let mut rows = all;
    let mut values: Vec<f64> = Vec::with_capacity(SAMPLES as usize);
    for sample in 0..SAMPLES {
        let identity = identity_of_pair(identity_of_name(name), u64::from(sample));
        for (quarter, ordinal) in rows.chunks_mut(4).zip(0..) {
            let words = draws.at(Mechanism::Bootstrap, identity, ordinal);
            for (slot, row) in quarter.iter_mut().enumerate() {
                *row = (words.uniform(slot) * parts as f64) as usize;
            }
        }
        values.extend(known(&rows));
    }
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| Some(*values.get((share * (values.len() - 1) as f64).round() as usize)?);
    let interval = (!values.is_empty()).then(|| Some([at(0.025)?, at(0.975)?]));
    Index {
        value,
        interval: interval.flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_central_limit() {
        let values: Vec<f64> = (0..400).map(|at| f64::from(at % 20)).collect();
        let mean = |rows: &[usize]| {
            Some(rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64)
        };
        let index = bootstrap((7, "mean"), values.len(), mean);
        assert_eq!(index.value, Some(9.5));
        let [low, high] = index.interval.expect("many parts");
        // Standard deviation of 0 to 19 is 5.77; over 400, 1.96 standard errors are 0.565.
        assert!(
            (9.5 - low - 0.565).abs() < 0.06 && (high - 9.5 - 0.565).abs() < 0.06,
            "{low} {high}"
        );
        assert_eq!(bootstrap((7, "mean"), values.len(), mean), index);
        assert_ne!(
            bootstrap((8, "mean"), values.len(), mean).interval,
            index.interval
        );
    }

    #[test]
    fn of_one_part_there_is_no_interval_and_of_none_nothing() {
        let first = |rows: &[usize]| rows.first().map(|row| *row as f64);
        assert_eq!(bootstrap((1, "x"), 1, first).interval, None);
        assert_eq!(bootstrap((1, "x"), 0, first), Index::default());
    }
}
