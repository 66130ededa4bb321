//! An exponentially weighted moving average of each series of a room, and whether it leaves its control limits.
//!
//! Roberts 1959 (Technometrics 1, "Control chart tests based on geometric moving averages"); Lucas and Saccucci 1990 (Technometrics 32). By default
//! lambda = 0.2 and L = 3, and limits by the exact variance at every step. The average goes on after an alarm, as the chart's does.

use super::charts::{Chart, Charts};
use super::standard::Standard;
use serde::{Deserialize, Serialize};

/// Weight of the latest value (lambda).
const WEIGHT: f64 = 0.2;

/// Control limits, in standard deviations of the average (L).
const LIMIT: f64 = 3.0;

/// The detector: suspects rooms with a series whose moving average is high, relative to the upper control limit.
pub type Ewma = Charts<EwmaChart>;

/// The chart of one series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EwmaChart {
    standard: Standard,
    average: Average,
}

/// The moving average of a standardised series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Average {
    value: f64,
    /// (1 - lambda)^(2 i) after i values.
    left: f64,
}

impl Default for Average {
    fn default() -> Self {
        Self {
            value: 0.0,
            left: 1.0,
        }
    }
}

impl Average {
    /// Takes a value in. Gives the average and its standard deviation at this step (Lucas and Saccucci 1990): the square root of
    /// lambda / (2 - lambda) * (1 - (1 - lambda)^(2 i)).
    fn step(&mut self, value: f64, weight: f64) -> (f64, f64) {
        self.value += weight * (value - self.value);
        self.left *= (1.0 - weight) * (1.0 - weight);
        let variance = weight / (2.0 - weight) * (1.0 - self.left);
        (self.value, variance.sqrt())
    }
}

impl Chart for EwmaChart {
    const NAME: &'static str = "ewma";

    fn see(&mut self, value: f64) -> Option<f64> {
        let standardised = self.standard.see(value)?;
        let (average, deviation) = self.average.step(standardised, WEIGHT);
        let statistic = average / (LIMIT * deviation);
        if statistic.abs() <= 1.0 {
            self.standard.follow(value);
        }
        Some(statistic.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_that_of_the_handbook() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.4: target 50, lambda 0.3, s = 2.0539, upper limit 52.5884.
        let values = [
            52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3,
            47.8, 51.2, 52.6, 52.4, 53.6, 52.1,
        ];
        let expected = [
            50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36,
            49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
        ];
        let mut average = Average::default();
        let mut deviation = 0.0;
        for (value, expected) in values.into_iter().zip(expected) {
            let seen = average.step(value - 50.0, 0.3);
            assert!((seen.0 + 50.0 - expected).abs() < 0.0051, "{seen:?}");
            deviation = seen.1;
        }
        let limit = 50.0 + 3.0 * 2.0539 * deviation;
        assert!((limit - 52.5884).abs() < 1e-3, "{limit}");
    }

    #[test]
    fn the_first_value_has_the_limits_of_a_single_one() {
        // At the first step the average is 0.2 z and its deviation 0.2.
        let mut chart = EwmaChart::default();
        for _ in 0..30 {
            assert_eq!(chart.see(10.0), None);
        }
        // Three least deviations of 1/2 are the limit.
        let score = chart.see(11.5).unwrap();
        assert!((score - 1.0).abs() < 1e-12, "{score}");
    }

    #[test]
    fn a_lasting_rise_stays_an_alarm_and_a_fall_is_none() {
        let mut chart = EwmaChart::default();
        let mut see = |value, times: usize| -> Vec<f64> {
            (0..times).filter_map(|_| chart.see(value)).collect()
        };
        assert!(see(10.0, 100).iter().all(|score| *score == 0.0));
        let risen = see(13.0, 50);
        assert!(risen.iter().skip(1).all(|score| *score > 1.0), "{risen:?}");
        assert_eq!(see(5.0, 20).last(), Some(&0.0));
    }
}
