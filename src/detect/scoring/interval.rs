//! A figure over test streams: its value in each, the mean, and an interval for the mean. Touches nothing.

use serde::{Deserialize, Serialize};

/// Quantile of Student's t: for a probability in (0, 1) and degrees of freedom above 0.
pub type Quantile = fn(f64, f64) -> f64;

/// Values that a share can have.
pub const SHARE: [f64; 2] = [0.0, 1.0];

/// Values that a rate, a count or a time can have.
pub const NOT_NEGATIVE: [f64; 2] = [0.0, f64::MAX];

/// Upper end, as a probability, of an interval of 95 %.
const UPPER: f64 = 0.975;

/// A figure over test streams.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its value in each test stream, in their order; `None` where it is not defined.
    pub values: Vec<Option<f64>>,
    /// Mean over the streams in which it is defined; `None` if there are none.
    pub mean: Option<f64>,
    /// Interval of 95 % for the mean by Student's t over streams, cut to the values that the figure can have; `None` for fewer than two values.
    pub interval: Option<[f64; 2]>,
}

impl Figure {
    /// The figure with these values, all within `range`.
    pub fn of(values: Vec<Option<f64>>, range: [f64; 2], quantile: Quantile) -> Self {
        let defined: Vec<f64> = values.iter().flatten().copied().collect();
        let count = defined.len() as f64;
        let mean = (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / count);
        let interval = mean.filter(|_| defined.len() >= 2).map(|mean| {
            let squares: f64 = defined.iter().map(|value| (value - mean).powi(2)).sum();
            let error = (squares / (count - 1.0) / count).sqrt();
            let half_width = quantile(UPPER, count - 1.0) * error;
            let [least, most] = range;
            [
                (mean - half_width).max(least),
                (mean + half_width).min(most),
            ]
        });
        Self {
            values,
            mean,
            interval,
        }
    }

    /// A share in each test stream.
    pub fn share(values: Vec<Option<f64>>, quantile: Quantile) -> Self {
        Self::of(values, SHARE, quantile)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    /// The quantile of another library.
    pub fn quantile(probability: f64, freedom: f64) -> f64 {
        StudentsT::new(0.0, 1.0, freedom)
            .unwrap()
            .inverse_cdf(probability)
    }

    #[test]
    fn the_interval_is_that_of_the_textbook() {
        // Mean 0.5, standard deviation 0.1, three values: 0.5 +- 4.302653 x 0.1 / sqrt 3.
        let values = vec![Some(0.4), None, Some(0.5), Some(0.6)];
        let figure = Figure::share(values, quantile);
        assert!((figure.mean.unwrap() - 0.5).abs() < 1e-12);
        let [low, high] = figure.interval.unwrap();
        assert!((low - 0.251_586).abs() < 1e-6, "{low}");
        assert!((high - 0.748_414).abs() < 1e-6, "{high}");
    }

    #[test]
    fn it_stays_within_what_is_possible_and_needs_two_values() {
        let wide = Figure::share(vec![Some(0.0), Some(1.0)], quantile);
        assert_eq!(wide.interval, Some([0.0, 1.0]));
        let one = Figure::share(vec![Some(0.3), None], quantile);
        assert_eq!((one.mean, one.interval), (Some(0.3), None));
        assert_eq!(Figure::share(Vec::new(), quantile), Figure::default());
        let rate = Figure::of(vec![Some(0.0), Some(8.0)], NOT_NEGATIVE, quantile);
        assert!(rate.interval.unwrap()[1] > 8.0);
    }
}
