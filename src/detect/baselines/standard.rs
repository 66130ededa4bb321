//! A series in units of its own standard deviation, from what it was at first: what control charts are drawn of.

use serde::{Deserialize, Serialize};

/// Values from which mean and standard deviation are estimated: five minutes of a display that refreshes every ten seconds. Control charts are
/// customarily set up from 20 samples or more (Montgomery 2013, Introduction to Statistical Quality Control, chapter 6).
pub const FIRST: u32 = 30;

/// Weight of a later value: the estimate follows a series within about 180 values, half an hour.
const WEIGHT: f64 = 1.0 / 180.0;

/// Least standard deviation: that of sqrt(x + 3/8) of a Poisson count (Anscombe 1948). Without it the first like in a silent room would be an alarm.
const LEAST_DEVIATION: f64 = 0.5;

/// Mean and variance of a series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Standard {
    count: u32,
    mean: f64,
    variance: f64,
}

impl Standard {
    /// The value in standard deviations from the mean; `None` for the first [`FIRST`] values, from which both are estimated.
    pub fn see(&mut self, value: f64) -> Option<f64> {
        if self.count >= FIRST {
            return Some((value - self.mean) / self.variance.sqrt().max(LEAST_DEVIATION));
        }
        // Welford 1962, Technometrics 4: running mean and unbiased variance.
        let before = f64::from(self.count);
        self.count += 1;
        let difference = value - self.mean;
        self.mean += difference / (before + 1.0);
        if before > 0.0 {
            self.variance *= (before - 1.0) / before;
            self.variance += difference * difference / (before + 1.0);
        }
        None
    }

    /// Takes a later value into mean and variance, with little weight. For values that are in control only.
    pub fn follow(&mut self, value: f64) {
        let difference = value - self.mean;
        self.mean += WEIGHT * difference;
        self.variance = (1.0 - WEIGHT) * (self.variance + WEIGHT * difference * difference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_values_give_mean_and_unbiased_deviation() {
        let mut standard = Standard::default();
        let values: Vec<f64> = (0..FIRST).map(|number| f64::from(number % 6)).collect();
        for value in &values {
            assert_eq!(standard.see(*value), None);
        }
        // The mean of 0..=5 is 2.5, the sum of squares around it 17.5; five of each.
        let deviation = (5.0 * 17.5 / 29.0_f64).sqrt();
        let far = standard.see(7.5).unwrap();
        assert!((far - 5.0 / deviation).abs() < 1e-12, "{far}");
    }

    #[test]
    fn a_constant_series_has_the_least_deviation_and_is_followed_slowly() {
        let mut standard = Standard::default();
        for _ in 0..FIRST {
            standard.see(3.0);
        }
        assert_eq!(standard.see(4.0), Some(2.0));
        standard.follow(4.0);
        assert!((standard.mean - (3.0 + 1.0 / 180.0)).abs() < 1e-15);
        for _ in 0..2_000 {
            standard.follow(4.0);
        }
        assert!(standard.see(4.0).unwrap().abs() < 1e-3);
    }
}
