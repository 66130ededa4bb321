//! How varied the gaps between the acts of an account and the entries into a room are: a script's are of one or two kinds.
//!
//! The Shannon entropy of the gaps' binary orders of magnitude (0 to 1 ms, 2 to 3, 4 to 7, ...), in bits, plus (m - 1) / (2 n ln 2) for m kinds seen
//! among n gaps, because few gaps look less varied than they are (Miller 1955, "Note on the bias of information estimates"). That
//! bots' gaps have less entropy than people's was found by Gianvecchio, Xie, Wu and Wang 2008 (USENIX Security, "Measurement and classification of
//! humans and bots in internet chat"). The score is the entropy, negated: 0 for a clock, the lower the more varied.

use super::gaps::{GapWatch, Gaps};
use crate::detect::Millis;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// Kinds of gaps told apart; the last one has all of 2^23 ms (140 minutes) and more.
const KINDS: usize = 24;

/// The detector: suspects accounts and rooms with gaps of few kinds.
pub type GapEntropy = GapWatch<Histogram>;

/// Numbers of gaps by binary order of magnitude.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    counts: [u32; KINDS],
    total: u32,
}

impl Histogram {
    /// The number of gaps of this one's kind.
    fn kind(&mut self, gap: Millis) -> Option<&mut u32> {
        let order = gap.checked_ilog2().unwrap_or(0) as usize;
        self.counts.get_mut(order.min(KINDS - 1))
    }
}

impl Gaps for Histogram {
    const NAME: &'static str = "gap_entropy";
    // The largest entropy is log2(24) with a correction below 1.
    const UNJUDGED: f64 = -6.0;

    fn add(&mut self, gap: Millis) {
        self.total = self.total.saturating_add(1);
        if let Some(count) = self.kind(gap) {
            *count = count.saturating_add(1);
        }
    }

    fn remove(&mut self, gap: Millis) {
        self.total = self.total.saturating_sub(1);
        if let Some(count) = self.kind(gap) {
            *count = count.saturating_sub(1);
        }
    }

    fn count(&self) -> u32 {
        self.total
    }

    fn suspicion(&self) -> Option<f64> {
        let total = f64::from(self.total);
        let (mut entropy, mut kinds) = (0.0, 0.0);
        for count in self.counts.into_iter().filter(|count| *count > 0) {
            let share = f64::from(count) / total;
            entropy -= share * libm::log2(share);
            kinds += 1.0;
        }
        (kinds > 0.0).then(|| -(entropy + (kinds - 1.0) / (2.0 * total * LN_2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(gaps: &[Millis]) -> Histogram {
        let mut histogram = Histogram::default();
        for gap in gaps {
            histogram.add(*gap);
        }
        histogram
    }

    #[test]
    fn a_clock_has_no_entropy_and_four_kinds_have_two_bits() {
        assert_eq!(histogram(&[1_000; 9]).suspicion(), Some(0.0));
        let found = histogram(&[1, 3, 5, 9, 0, 2, 7, 15]).suspicion().unwrap();
        let expected = -(2.0 + 3.0 / (16.0 * LN_2));
        assert!((found - expected).abs() < 1e-12, "{found}");
        // Three of one kind, one of another: 2 - 3/4 log2 3 bits.
        let found = histogram(&[1_500, 1_100, 1_900, 60_000]).suspicion();
        let expected = -(2.0 - 0.75 * 3.0_f64.log2() + 1.0 / (8.0 * LN_2));
        assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn what_is_removed_no_longer_counts_and_nothing_has_no_entropy() {
        let mut left = histogram(&[u64::MAX, 1, 4]);
        left.remove(u64::MAX);
        assert_eq!(left, histogram(&[4, 1]));
        assert_eq!(Histogram::default().suspicion(), None);
    }
}
