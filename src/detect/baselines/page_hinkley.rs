//! The Page-Hinkley test on each series of a room: a cumulative sum of what lies above the series' own running mean.
//!
//! Page 1954 (Biometrika 41), Hinkley 1971 (Biometrika 58), with the forgetting factor and the defaults that scikit-multiflow and river have: delta =
//! 0.005, lambda = 50, alpha = 0.9999, at least 30 values, and a fresh start after an alarm. The scale: values are in standard deviations of the
//! series' first 30 values, so lambda is 50 of them; it takes a rise by five about ten refreshes to raise the alarm.

use super::charts::{Chart, Charts};
use super::standard::Standard;
use serde::{Deserialize, Serialize};

/// What a value may lie above the mean without adding to the sum (delta).
const SLACK: f64 = 0.005;

/// The sum above which there is an alarm (lambda).
const LIMIT: f64 = 50.0;

/// What is left of the sum from one value to the next (alpha).
const LEFT: f64 = 0.9999;

/// Values of the test's own mean below which it says nothing but 0.
const LEAST_VALUES: u32 = 30;

/// The detector: suspects rooms with a series whose sum is high, relative to lambda.
pub type PageHinkley = Charts<PageHinkleyChart>;

/// The chart of one series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageHinkleyChart {
    standard: Standard,
    test: Test,
}

/// The test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Test {
    count: u32,
    mean: f64,
    sum: f64,
}

impl Test {
    /// Takes a value in; gives the sum.
    fn step(&mut self, value: f64) -> f64 {
        self.count += 1;
        self.mean += (value - self.mean) / f64::from(self.count);
        self.sum = (LEFT * self.sum + (value - self.mean - SLACK)).max(0.0);
        self.sum
    }
}

impl Chart for PageHinkleyChart {
    const NAME: &'static str = "page_hinkley";

    fn see(&mut self, value: f64) -> Option<f64> {
        let standardised = self.standard.see(value)?;
        let sum = self.test.step(standardised);
        if self.test.count < LEAST_VALUES {
            return Some(0.0);
        }
        if sum > LIMIT {
            self.test = Test::default();
        }
        Some(sum / LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_follows_the_recursion_by_hand() {
        let mut test = Test::default();
        assert_eq!(test.step(1.0), 0.0, "the mean is 1 itself");
        // The mean of 1 and 3 is 2: 3 - 2 - 0.005.
        assert!((test.step(3.0) - 0.995).abs() < 1e-12);
        // The mean of 1, 3 and 5 is 3: 0.9999 * 0.995 + 5 - 3 - 0.005.
        assert!((test.step(5.0) - (0.994_900_5 + 1.995)).abs() < 1e-12);
        assert_eq!(test.step(-20.0), 0.0, "the sum is never below 0");
    }

    #[test]
    fn a_rise_by_five_deviations_takes_about_ten_refreshes() {
        let mut chart = PageHinkleyChart::default();
        let calm: Vec<f64> = (0..230).filter_map(|_| chart.see(10.0)).collect();
        assert_eq!(calm, vec![0.0; 200]);
        let risen: Vec<f64> = (0..20).filter_map(|_| chart.see(12.5)).collect();
        let alarm = risen.iter().position(|score| *score > 1.0).unwrap();
        assert!((9..=11).contains(&alarm), "{risen:?}");
        assert_eq!(risen[alarm + 1], 0.0, "a fresh start");
    }
}
