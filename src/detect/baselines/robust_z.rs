//! Modified z-scores of each series of a room: how far a refresh lies above the last thirty, by median and median absolute deviation.
//!
//! Iglewicz and Hoaglin 1993 (How to Detect and Handle Outliers): 0.6745 (x - median) / MAD, an outlier from 3.5 on. The window is that
//! of the thirty refreshes before; a lasting rise is therefore none after two and a half minutes, when it fills half the window.

use super::charts::{Chart, Charts};
use super::robust::{OUTLIER, Spread};
use serde::{Deserialize, Serialize};

/// Refreshes looked back on.
const WINDOW: usize = 30;

/// The detector: suspects rooms with a series that is far above what it was, relative to the outlier's score.
pub type RobustZ = Charts<RobustZChart>;

/// The chart of one series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RobustZChart {
    /// The last values, the oldest at `next`.
    window: [f64; WINDOW],
    next: usize,
    full: bool,
}

impl RobustZChart {
    /// Puts a value into the place of the oldest.
    fn remember(&mut self, value: f64) {
        if let Some(oldest) = self.window.get_mut(self.next) {
            *oldest = value;
        }
        self.next = (self.next + 1) % WINDOW;
        self.full |= self.next == 0;
    }
}

impl Chart for RobustZChart {
    const NAME: &'static str = "robust_z";

    fn see(&mut self, value: f64) -> Option<f64> {
        let score = self.full.then(|| {
            let mut before = self.window;
            (Spread::of(&mut before).score(value) / OUTLIER).max(0.0)
        });
        self.remember(value);
        score
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_is_compared_with_the_thirty_before() {
        let mut chart = RobustZChart::default();
        // 0 to 29: median 14.5, MAD 7.5.
        for number in 0..30 {
            assert_eq!(chart.see(f64::from(number)), None);
        }
        let score = chart.see(100.0).unwrap();
        assert!((score - 0.6745 * 85.5 / 7.5 / 3.5).abs() < 1e-12, "{score}");
        // Now 1 to 29 and 100: median 15.5, and again 7.5.
        let score = chart.see(15.5 + 7.5).unwrap();
        assert!((score - 0.6745 / 3.5).abs() < 1e-12, "{score}");
        assert_eq!(chart.see(-1_000.0), Some(0.0), "falls are none");
    }

    #[test]
    fn a_lasting_rise_is_soon_the_usual() {
        let mut chart = RobustZChart::default();
        let mut last = |value| (0..30).filter_map(|_| chart.see(value)).last();
        assert_eq!(last(5.0), None);
        assert_eq!(last(5.0), Some(0.0));
        assert_eq!(last(9.0), Some(0.0));
    }
}
