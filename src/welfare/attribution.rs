//! Harm of one order and its Shapley shares (MODEL section 6).

use super::CHANNELS;

/// One decision as a game over the channels: what each term of the decision utility is worth with honest and with manipulated displays, yuan.
///
/// The terms of the channels `ClaimedQuality` to `Arousal` add up; the bargain term theta (G - lambda L) depends on the claimed
/// price and on what the consumer knows of the market price (which a false promise keeps it from searching) together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Game {
    /// What no channel touches: private value minus expected price (and goods really delivered beside), yuan.
    pub base: f64,
    /// Terms under honest displays, of the channels 1 to 6 in order of [`super::Channel`].
    pub honest: [f64; 6],
    /// The same under the displays as they were.
    pub displayed: [f64; 6],
    /// theta (G - lambda L) by [reference price manipulated][promise manipulated].
    pub bargain: [[f64; 2]; 2],
    /// Taste threshold s * logit(u), yuan.
    pub threshold: f64,
}

/// Harm of one order, yuan, and its Shapley shares by channel, which sum to it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Harm {
    /// max(0, threshold - D*) where the order was made under D, else 0.
    pub total: f64,
    /// Shares by [`super::Channel`].
    pub shares: [f64; CHANNELS],
}

impl Game {
    /// Utility when the channels in the bit set `manipulated` (bit = channel index) are as displayed and the others honest.
    /// Terms are added in one order, so equal terms give equal bits.
    #[inline]
    pub fn utility(&self, manipulated: u8) -> f64 {
        let bit = |channel: usize| usize::from(manipulated >> channel & 1);
        let mut sum = self.base + self.bargain[bit(0)][bit(7)];
        for term in 0..6 {
            sum += if bit(term + 1) == 1 {
                self.displayed[term]
            } else {
                self.honest[term]
            };
        }
        sum
    }

    /// Harm against the honest displays and its Shapley shares.
    pub fn harm(&self) -> Harm {
        todo!()
    }
}
