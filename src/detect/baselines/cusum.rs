//! A cumulative sum of each series of a room, upwards only.
//!
//! Page 1954 (Biometrika 41, "Continuous inspection schemes"): S = max(0, S + z - k), an alarm where S > h, and then a fresh start from 0. By default
//! k = 0.5 and h = 5 standard deviations, made for rises of one standard deviation (Montgomery 2013, Introduction to Statistical Quality
//! Control, section 9.1).

use super::charts::{Chart, Charts};
use super::standard::Standard;
use serde::{Deserialize, Serialize};

/// What a value may lie above the mean without adding to the sum (k), in standard deviations.
const SLACK: f64 = 0.5;

/// The sum above which there is an alarm (h), in standard deviations.
const LIMIT: f64 = 5.0;

/// The detector: suspects rooms with a series whose sum is high, relative to h.
pub type Cusum = Charts<CusumChart>;

/// The chart of one series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CusumChart {
    standard: Standard,
    sum: f64,
}

/// The next sum.
fn next(sum: f64, value: f64, slack: f64) -> f64 {
    (sum + value - slack).max(0.0)
}

impl Chart for CusumChart {
    const NAME: &'static str = "cusum";

    fn see(&mut self, value: f64) -> Option<f64> {
        let standardised = self.standard.see(value)?;
        let sum = next(self.sum, standardised, SLACK);
        if sum > LIMIT {
            self.sum = 0.0;
        } else {
            self.sum = sum;
            self.standard.follow(value);
        }
        Some(sum / LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_handbook() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.3.1: target 325, k = 0.3175.
        let values = [
            324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225,
            324.600, 324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775,
            326.875, 328.350,
        ];
        let expected = [
            0.0, 0.0, 0.0, 0.0, 0.03, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.01, 4.94, 7.45, 10.63,
            11.99, 14.44, 16.00, 19.04,
        ];
        let mut sum = 0.0;
        for (value, expected) in values.into_iter().zip(expected) {
            sum = next(sum, value - 325.0, 0.3175);
            assert!((sum - expected).abs() < 0.0076, "{sum} for {expected}");
        }
    }

    #[test]
    fn an_alarm_starts_the_sum_again() {
        let mut chart = CusumChart::default();
        for _ in 0..30 {
            assert_eq!(chart.see(10.0), None);
        }
        // Two least deviations above the mean add 1.5 each: 1.5, 3, 4.5, and 6 is an alarm; the mean has hardly followed.
        let said: Vec<f64> = (0..5).filter_map(|_| chart.see(11.0)).collect();
        for (said, expected) in said.iter().zip([0.3, 0.6, 0.9, 1.2, 0.3]) {
            assert!((said - expected).abs() < 0.03, "{said} for {expected}");
        }
        assert!(said[3] > 1.0);
        let mut calm = CusumChart::default();
        let said: Vec<f64> = (0..99).filter_map(|_| calm.see(10.0)).collect();
        assert_eq!(said, vec![0.0; 69]);
    }
}
