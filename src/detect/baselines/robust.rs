//! How far a value lies from others, by medians, so that a few outliers among them do not hide it.

/// Score from which Iglewicz and Hoaglin would call a value an outlier.
pub const OUTLIER: f64 = 3.5;

/// Scale where all others are the same: the standard deviation of sqrt(x + 3/8) of a Poisson count (Anscombe 1948).
const LEAST_DEVIATION: f64 = 0.5;

/// The median of values in order; 0 of none.
fn median(ordered: &[f64]) -> f64 {
    let half = ordered.len() / 2;
    let upper = ordered.get(half).copied().unwrap_or(0.0);
    if ordered.len() % 2 == 1 {
        return upper;
    }
    let lower = half.checked_sub(1).and_then(|below| ordered.get(below));
    lower.map_or(upper, |lower| (lower + upper) / 2.0)
}

/// Where others lie and how far they spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    median: f64,
    /// Of a normal law: its standard deviation.
    deviation: f64,
}

impl Spread {
    /// Of these values, which are left in disorder.
    ///
    /// The deviation is the median absolute deviation over 0.6745; where that is 0, 1.2533 times the mean absolute deviation (Iglewicz and Hoaglin
    /// 1993, How to Detect and Handle Outliers; both around the median). Where all values are the same it is 1/2.
    pub fn of(values: &mut [f64]) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let middle = median(values);
        for value in values.iter_mut() {
            *value = (*value - middle).abs();
        }
        values.sort_unstable_by(f64::total_cmp);
        let typical = median(values) / 0.6745;
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let deviation = [typical, 1.253_314 * mean, LEAST_DEVIATION];
        Self {
            median: middle,
            deviation: deviation
                .into_iter()
                .find(|some| *some > 0.0)
                .unwrap_or(1.0),
        }
    }

    /// The modified z-score of a value: 0.6745 (x - median) / MAD (Iglewicz and Hoaglin 1993).
    pub fn score(&self, value: f64) -> f64 {
        (value - self.median) / self.deviation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_that_of_the_book() {
        // Median 3, absolute deviations 2 1 0 1 97: their median is 1.
        let score = Spread::of(&mut [1.0, 2.0, 3.0, 4.0, 100.0]).score(100.0);
        assert!((score - 0.6745 * 97.0).abs() < 1e-9, "{score}");
        // Of an even number: median 2.5, deviations 1.5 0.5 0.5 1.5.
        let score = Spread::of(&mut [4.0, 1.0, 3.0, 2.0]).score(4.5);
        assert!((score - 0.6745 * 2.0).abs() < 1e-12, "{score}");
    }

    #[test]
    fn where_most_values_are_the_same_the_mean_deviation_serves() {
        // Median 0, MAD 0, mean absolute deviation 10 / 5.
        let score = Spread::of(&mut [0.0, 0.0, 10.0, 0.0, 0.0]).score(10.0);
        assert!((score - 10.0 / (1.253_314 * 2.0)).abs() < 1e-12, "{score}");
        assert_eq!(Spread::of(&mut [7.0; 4]).score(8.0), 2.0);
        assert_eq!(Spread::of(&mut []).score(1.0), 2.0);
    }
}
