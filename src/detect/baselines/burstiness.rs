//! How bursty the acts of an account and the entries into a room are: people come and act in bursts, simple scripts too regularly.
//!
//! Goh and Barabasi 2008 (EPL 81, 48002) measure burstiness by r, the standard deviation of the gaps over their mean: (r - 1) / (r + 1) is -1 for a
//! clock, 0 for a Poisson process and towards 1 for bursts. Kim and Jo 2016 (Physical Review E 94, 032311) correct it for sequences of few events.
//! The score is the corrected burstiness, negated: 1 for a clock, 0 for pure chance, -1 for a single burst, and -1 too for rooms that nobody has
//! entered.

use super::gaps::{GapWatch, Gaps};
use crate::detect::Millis;
use serde::{Deserialize, Serialize};

/// The detector: suspects accounts and rooms of too regular a rhythm.
pub type Burstiness = GapWatch<Moments>;

/// Sums of gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    count: u32,
    sum: u128,
    squares: u128,
}

/// The burstiness of n gaps of which r is the standard deviation over the mean (Kim and Jo 2016), for n above 3:
///
/// `(sqrt(n + 1) r - sqrt(n - 1)) / ((sqrt(n + 1) - 2) r + sqrt(n - 1))`.
///
/// The least r is 0, of a clock, the largest sqrt(n - 1), where all of the time is in one gap.
fn burstiness(count: f64, variation: f64) -> f64 {
    let (more, less) = ((count + 1.0).sqrt(), (count - 1.0).sqrt());
    (more * variation - less) / ((more - 2.0) * variation + less)
}

impl Gaps for Moments {
    const NAME: &'static str = "burstiness";
    const UNJUDGED: f64 = -1.0;

    fn add(&mut self, gap: Millis) {
        let gap = u128::from(gap);
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(gap);
        self.squares = self.squares.saturating_add(gap * gap);
    }

    fn remove(&mut self, gap: Millis) {
        let gap = u128::from(gap);
        self.count = self.count.saturating_sub(1);
        self.sum = self.sum.saturating_sub(gap);
        self.squares = self.squares.saturating_sub(gap * gap);
    }

    fn count(&self) -> u32 {
        self.count
    }

    fn suspicion(&self) -> Option<f64> {
        let count = f64::from(self.count);
        let mean = self.sum as f64 / count;
        let variance = (self.squares as f64 / count - mean * mean).max(0.0);
        // Where everything happens at once there is no rhythm.
        (mean > 0.0).then(|| -burstiness(count, variance.sqrt() / mean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Mechanism};

    fn suspicion(gaps: &[Millis]) -> f64 {
        let mut moments = Moments::default();
        for gap in gaps {
            moments.add(*gap);
        }
        moments.suspicion().unwrap()
    }

    #[test]
    fn a_clock_and_a_single_burst_are_the_ends_of_the_scale() {
        assert_eq!(suspicion(&[1_000; 9]), 1.0);
        let burst = suspicion(&[0, 0, 0, 0, 60_000, 0, 0]);
        assert!((burst + 1.0).abs() < 1e-12, "{burst}");
        // r = 1/3 of 8 gaps: (3/3 - sqrt 7) / ((3 - 2)/3 + sqrt 7).
        let expected = (1.0 - 7.0_f64.sqrt()) / (1.0 / 3.0 + 7.0_f64.sqrt());
        let found = suspicion(&[200, 400, 200, 400, 200, 400, 200, 400]);
        assert!((found + expected).abs() < 1e-12, "{found}");
    }

    #[test]
    fn pure_chance_is_near_zero_even_of_few_gaps() {
        // Six uniform points on a circle: the setting of the paper, in which r tends to sqrt((n - 1) / (n + 1)).
        let draws = Draws::new(1);
        let mut sum = 0.0;
        for round in 0..2_000 {
            let word = |slot| draws.at(Mechanism::Reference, round, slot).0[0];
            let mut times: Vec<Millis> = (0..6).map(|slot| u64::from(word(slot))).collect();
            times.sort_unstable();
            let mut gaps: Vec<Millis> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
            gaps.push((1 << 32) - times[5] + times[0]);
            sum += suspicion(&gaps);
        }
        assert!((sum / 2_000.0).abs() < 0.06, "{}", sum / 2_000.0);
    }

    #[test]
    fn what_is_removed_no_longer_counts() {
        let mut moments = Moments::default();
        for gap in [9_999, 5, 7, 1, 8, 3] {
            moments.add(gap);
        }
        moments.remove(9_999);
        assert_eq!(moments.suspicion(), Some(suspicion(&[5, 7, 1, 8, 3])));
        assert_eq!(Moments::default().suspicion(), None);
    }
}
