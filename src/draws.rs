//! Every random draw in the program.
//!
//! A draw is a pure function of (seed, mechanism, stable identity, ordinal, slot): a Philox4x32-10 block cipher
//! (Salmon, Moraes, Dror, Shaw 2011) applied to that address. There is no generator state, so results do not depend on
//! threads, and two runs that differ in one rule give the same consumer the same value (common random numbers).
//!
//! * The **mechanism** says what the draw is for; two mechanisms never share a draw.
//! * The **identity** is the hash of a name, or of (segment, index in it), or of a pair of such; never a running index.
//! * The **ordinal** counts the identity's own visits, looks or events; never ticks.
//! * The **slot** is one of the four words that one address gives.
//!
//! The regime is never part of an address. Transforms to distributions are here too, on `libm`, so that the bits are the
//! same on every platform; golden values and comparisons with `rand_distr` are in the tests.

mod lanes;

pub use lanes::{Columns, FEW, LANES};

use std::f64::consts::TAU;

/// What a draw is for. The number is part of the address: never reuse or renumber one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Mechanism {
    /// Traits of a consumer (several blocks, by ordinal).
    Traits = 1,
    /// Whether and when a consumer goes online on an evening.
    EveningPlan = 2,
    /// Which anchors a consumer follows from the start.
    Follows = 3,
    /// Which room a consumer joins.
    RoomChoice = 4,
    /// Need of a category.
    Need = 5,
    /// Private value and taste threshold of (consumer, product).
    Taste = 6,
    /// Waiting time to the next act of a visit.
    Waiting = 7,
    /// What the act is.
    Mark = 8,
    /// Search threshold of (consumer, product).
    Search = 9,
    /// Impulse threshold of (consumer, category).
    Impulse = 10,
    /// Payment of a reservation.
    Payment = 11,
    /// Preview of a room's catalogue.
    Preview = 12,
    /// The generated market.
    Generate = 13,
    /// Refreshing of a sold-out link.
    Refresh = 14,
    /// For tests and reference models.
    Reference = 15,
    /// Which coupons a consumer knows of.
    Awareness = 16,
    /// A lottery of coupons, by (consumer, coupon); the ordinal is the number of the cue.
    Lottery = 17,
    /// When the balance of a presale is paid.
    Balance = 18,
    /// When somebody goes to the shelf with a coupon that it was given, by (consumer, coupon).
    Errand = 19,
    /// Delivery and quality of what somebody bought, by (consumer, product).
    Delivery = 20,
    /// What it takes somebody to complain, and whether it has a recording of its own; answers to its claims.
    Grievance = 21,
    /// When a buyer looks for lower prices, and hears of them, by (consumer, product); the ordinal counts the times.
    Rumour = 22,
    /// Patrols, inspections and their errors, by room or anchor.
    Enforcement = 23,
    /// What a replication is: its seed (by its number, and in a calibration by its candidate), and the values of redrawn assumptions (by parameter and draw).
    Replication = 24,
    /// Whether somebody hears of a case in the news, by (consumer, brand or anchor).
    News = 25,
    /// When somebody in need looks for something on the shelf without any room.
    OrdinaryShopping = 26,
    /// What accounts of a farm do, by (farm, delivery).
    Bots = 27,
    /// Which device, address and wallet go with an account.
    Tokens = 28,
    /// What a suite puts into the market of a seed, by (suite, thing).
    Suite = 29,
    /// Who comes when it is called from outside, by (consumer, cue).
    Call = 30,
    /// Who types the word of a giveaway, by visit; the ordinal is the giveaway's number.
    Giveaway = 33,
    /// How long somebody is between two rooms, by visit.
    Hop = 34,
    /// Choices of detectors that need any (trees, random scores).
    Detectors = 31,
    /// Resampling of results.
    Bootstrap = 32,
    /// Points of a study, by (design, factor or trajectory), and candidates of a calibration.
    Study = 35,
    /// What anchors, brands and farms choose and whom they hear of, by (who, evening).
    Strategy = 36,
}

/// The stable identity of a thing: a 64-bit hash.
pub type Identity = u64;

/// Finalizer of SplitMix64: a bijection that mixes all bits.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Identity of a named thing (FNV-1a, then mixed).
pub fn identity_of_name(name: &str) -> Identity {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(hash)
}

/// Identity of the `index`-th member of a group, or of a pair of things.
pub fn identity_of_pair(group: Identity, index: u64) -> Identity {
    mix(group ^ mix(index.wrapping_add(0x9e37_79b9_7f4a_7c15)))
}

/// Seed of a replication: a function of the base seed, of what is replicated and of the replication's number. It has 53 bits, so that it survives programs that take every number for a
/// floating-point one.
pub fn seed_of(base: u64, identity: Identity, replication: u32) -> u64 {
    let draws = Draws::new(base);
    let [a, b, ..] = draws.at(Mechanism::Replication, identity, replication).0;
    u64::from(a) << 21 | u64::from(b) >> 11
}

/// The four words at one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub [u32; 4]);

impl Words {
    /// A uniform number in the open interval (0, 1) from word `slot` (0..4): 32 bits, never 0 or 1.
    #[inline]
    pub fn uniform(self, slot: usize) -> f64 {
        uniform(self.0[slot])
    }

    /// A standard exponential from word `slot`.
    #[inline]
    pub fn exponential(self, slot: usize) -> f64 {
        exponential(self.uniform(slot))
    }

    /// Four standard normals from the four words (Box-Muller, both halves of each pair).
    #[inline]
    pub fn normals(self) -> [f64; 4] {
        let pair = |slot: usize| {
            let radius = libm::sqrt(2.0 * self.exponential(slot));
            let (sine, cosine) = libm::sincos(TAU * self.uniform(slot + 1));
            (radius * cosine, radius * sine)
        };
        let ((a, b), (c, d)) = (pair(0), pair(2));
        [a, b, c, d]
    }

    /// A standard normal from words `slot` and `slot + 1` (Box-Muller).
    #[inline]
    pub fn normal(self, slot: usize) -> f64 {
        let radius = libm::sqrt(2.0 * self.exponential(slot));
        radius * libm::cos(TAU * self.uniform(slot + 1))
    }
}

/// The source of all draws of a run: the seed, expanded to a key.
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    key: [u32; 2],
}

impl Draws {
    /// The draws of a seed.
    pub fn new(seed: u64) -> Self {
        let key = mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
        Self {
            key: [key as u32, (key >> 32) as u32],
        }
    }

    /// The four words at (mechanism, identity, ordinal).
    #[inline]
    pub fn at(self, mechanism: Mechanism, identity: Identity, ordinal: u32) -> Words {
        let counter = [
            identity as u32,
            (identity >> 32) as u32,
            ordinal,
            mechanism as u32,
        ];
        Words(philox(counter, self.key))
    }
}

/// Philox4x32 with ten rounds.
#[inline]
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key = weyl(key);
        }
        counter = philox_round(counter, key);
    }
    counter
}

/// The key of the next round: Weyl sequences.
#[inline(always)]
fn weyl(key: [u32; 2]) -> [u32; 2] {
    [
        key[0].wrapping_add(0x9e37_79b9),
        key[1].wrapping_add(0xbb67_ae85),
    ]
}

/// One round of Philox4x32.
#[inline(always)]
fn philox_round(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let first = u64::from(counter[0]) * 0xd251_1f53;
    let second = u64::from(counter[2]) * 0xcd9e_8d57;
    [
        (second >> 32) as u32 ^ counter[1] ^ key[0],
        second as u32,
        (first >> 32) as u32 ^ counter[3] ^ key[1],
        first as u32,
    ]
}

/// A uniform number in the open interval (0, 1) from a word: 32 bits, never 0 or 1.
#[inline]
pub fn uniform(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// Standard exponential of a uniform in (0, 1): -ln u.
#[inline]
pub fn exponential(uniform: f64) -> f64 {
    -libm::log(uniform)
}

/// ln(u / (1 - u)): the logistic threshold of a uniform in (0, 1).
#[inline]
pub fn logit(uniform: f64) -> f64 {
    libm::log(uniform / (1.0 - uniform))
}

/// 1 / (1 + e^-x).
#[inline]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Lognormal with the given median: median * exp(spread * z).
#[inline]
pub fn lognormal(median: f64, spread: f64, normal: f64) -> f64 {
    median * libm::exp(spread * normal)
}

/// A share: logistic(logit(median) + spread * z); a median of 0 or 1 stays there.
#[inline]
pub fn share(median: f64, spread: f64, normal: f64) -> f64 {
    if median <= 0.0 {
        return 0.0;
    }
    if median >= 1.0 {
        return 1.0;
    }
    logistic(logit(median) + spread * normal)
}

/// Pareto with the given minimum and exponent: minimum * u^(-1/alpha).
#[inline]
pub fn pareto(minimum: f64, alpha: f64, uniform: f64) -> f64 {
    minimum * libm::pow(uniform, -1.0 / alpha)
}

/// Poisson by inversion of one uniform; for means up to a few tens. The result is at most 1,000.
pub fn poisson(mean: f64, uniform: f64) -> u32 {
    let mut probability = libm::exp(-mean);
    let mut cumulative = probability;
    let mut count = 0;
    while uniform > cumulative && count < 1_000 {
        count += 1;
        probability *= mean / f64::from(count);
        cumulative += probability;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_known_answers() {
        // Random123's kat_vectors for philox4x32-10.
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
