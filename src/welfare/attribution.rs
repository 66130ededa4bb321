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

impl Harm {
    /// Harm with these shares.
    pub fn of_shares(shares: [f64; CHANNELS]) -> Self {
        Self {
            total: shares.iter().sum(),
            shares,
        }
    }

    /// The same for several units.
    pub fn of_units(&self, units: u32) -> Self {
        Self::of_shares(self.shares.map(|share| share * f64::from(units)))
    }
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

    /// Harm against the honest displays and its Shapley shares: those of the game `w(S) = H * 1[D_S > threshold]`, S the channels
    /// left manipulated. Nothing was ordered under D, or it would have been anyway: no harm.
    ///
    /// The total is the sum of the shares, in order of channel, so they agree to the last bit; it is within rounding of threshold - D*.
    /// An untouched channel has exactly 0.
    pub fn harm(&self) -> Harm {
        let honest = self.utility(0);
        let ordered = self.utility(u8::MAX) > self.threshold;
        if !ordered || honest > self.threshold {
            return Harm::default();
        }
        let total = self.threshold - honest;
        if total <= 0.0 {
            return Harm::default();
        }
        Harm::of_shares(self.power().map(|power| power * total))
    }

    /// Channels whose display differs from the honest one.
    fn touched(&self) -> ([u8; CHANNELS], usize) {
        let mut touched = [0; CHANNELS];
        let mut count = 0;
        let mut add = |channel: usize, differs: bool| {
            if differs {
                touched[count] = channel as u8;
                count += 1;
            }
        };
        let differ = |a: f64, b: f64| a.to_bits() != b.to_bits();
        let bargain = &self.bargain;
        add(
            0,
            differ(bargain[0][0], bargain[1][0]) || differ(bargain[0][1], bargain[1][1]),
        );
        for term in 0..6 {
            add(term + 1, differ(self.honest[term], self.displayed[term]));
        }
        add(
            7,
            differ(bargain[0][0], bargain[0][1]) || differ(bargain[1][0], bargain[1][1]),
        );
        (touched, count)
    }

    /// The Shapley value of the simple game "does this set of manipulated channels bring the order?", by enumeration of all sets of
    /// touched channels: at most 256 sums of eight numbers.
    fn power(&self) -> [f64; CHANNELS] {
        let (touched, count) = self.touched();
        let mut power = [0.0; CHANNELS];
        let sets = 1_usize << count;
        let mut wins = [0_u64; 4];
        for set in 0..sets {
            let mask = (0..count)
                .filter(|player| set >> player & 1 == 1)
                .fold(0_u8, |mask, player| mask | 1 << touched[player]);
            if self.utility(mask) > self.threshold {
                wins[set / 64] |= 1 << (set % 64);
            }
        }
        let won = |set: usize| wins[set / 64] >> (set % 64) & 1 == 1;
        for set in 0..sets {
            let weight = WEIGHTS[count][(set as u32).count_ones() as usize];
            for (player, channel) in touched.iter().enumerate().take(count) {
                let with = set | 1 << player;
                if with != set && won(with) != won(set) {
                    // A term may also speak against the order; then it has negative power.
                    let sign = if won(with) { 1.0 } else { -1.0 };
                    power[*channel as usize] += sign * weight;
                }
            }
        }
        power
    }
}

/// |S|! (n - |S| - 1)! / n!, by n and |S|.
const WEIGHTS: [[f64; CHANNELS + 1]; CHANNELS + 1] = weights();

const fn weights() -> [[f64; CHANNELS + 1]; CHANNELS + 1] {
    let mut factorial = [1.0; CHANNELS + 2];
    let mut n = 1;
    while n < CHANNELS + 2 {
        factorial[n] = factorial[n - 1] * n as f64;
        n += 1;
    }
    let mut weights = [[0.0; CHANNELS + 1]; CHANNELS + 1];
    n = 1;
    while n <= CHANNELS {
        let mut size = 0;
        while size < n {
            weights[n][size] = factorial[size] * factorial[n - size - 1] / factorial[n];
            size += 1;
        }
        n += 1;
    }
    weights
}
