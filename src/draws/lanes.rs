//! Many addresses at once: the same words as [`Draws::at`], drawn side by side so that one instruction serves several identities.
//!
//! Philox is integer arithmetic, so the wide path cannot differ from the narrow one by rounding; tests compare them bit by bit, with and
//! without the wide instructions. Those are chosen when the program runs, so nobody has to compile for his own processor.

use super::{Draws, Identity, Mechanism, Words, philox_round, weyl};

/// Addresses that are drawn side by side.
pub const LANES: usize = 16;

/// Addresses that are drawn one by one rather than side by side.
pub const FEW: usize = 3;

/// Counters or words in columns: word by lane.
pub type Columns = [[u32; LANES]; 4];

impl Draws {
    /// What [`Draws::at`] gives for each identity with its ordinal, at one mechanism.
    #[inline]
    pub fn at_each(
        self,
        mechanism: Mechanism,
        identities: &[Identity; LANES],
        ordinals: &[u32; LANES],
    ) -> [Words; LANES] {
        let words = self.columns(mechanism, identities, ordinals);
        std::array::from_fn(|lane| Words(std::array::from_fn(|word| words[word][lane])))
    }

    /// What [`Self::at_each`] gives in the first `count` lanes; nothing in the others. A few are drawn one by one, which costs less than a whole
    /// set of lanes.
    #[inline]
    pub fn at_some(
        self,
        mechanism: Mechanism,
        identities: &[Identity; LANES],
        ordinals: &[u32; LANES],
        count: usize,
    ) -> [Words; LANES] {
        if count > FEW {
            return self.at_each(mechanism, identities, ordinals);
        }
        let mut words = [Words([0; 4]); LANES];
        for lane in 0..count {
            words[lane] = self.at(mechanism, identities[lane], ordinals[lane]);
        }
        words
    }

    /// The same as [`Self::at_each`] in columns: `[slot][lane]`.
    #[inline]
    pub fn columns(
        self,
        mechanism: Mechanism,
        identities: &[Identity; LANES],
        ordinals: &[u32; LANES],
    ) -> Columns {
        let counters = [
            identities.map(|identity| identity as u32),
            identities.map(|identity| (identity >> 32) as u32),
            *ordinals,
            [mechanism as u32; LANES],
        ];
        wide(counters, self.key)
    }
}

/// Ten rounds in every lane, with the widest instructions that this processor has.
#[inline]
fn wide(counters: Columns, key: [u32; 2]) -> Columns {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: `ten_rounds_avx2` is `ten_rounds` compiled for AVX2, and has no other precondition than that the processor has AVX2,
        // which has just been detected.
        return unsafe { ten_rounds_avx2(counters, key) };
    }
    ten_rounds(counters, key)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn ten_rounds_avx2(counters: Columns, key: [u32; 2]) -> Columns {
    ten_rounds(counters, key)
}

/// Ten rounds in every lane. Inlined into each caller, so that it is compiled for the caller's instructions.
#[inline(always)]
fn ten_rounds(mut counters: Columns, mut key: [u32; 2]) -> Columns {
    for round in 0..10 {
        if round > 0 {
            key = weyl(key);
        }
        let [first, second, third, fourth] = &mut counters;
        let lanes = first.iter_mut().zip(second).zip(third).zip(fourth);
        for (((a, b), c), d) in lanes {
            [*a, *b, *c, *d] = philox_round([*a, *b, *c, *d], key);
        }
    }
    counters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{identity_of_pair, philox};

    fn counters(first: u64) -> Columns {
        let identities: [Identity; LANES] =
            std::array::from_fn(|lane| identity_of_pair(first, lane as u64));
        [
            identities.map(|identity| identity as u32),
            identities.map(|identity| (identity >> 32) as u32),
            [first as u32; LANES],
            [3; LANES],
        ]
    }

    /// The reference: one address at a time.
    fn narrow(counters: Columns, key: [u32; 2]) -> Columns {
        let mut words = counters;
        for lane in 0..LANES {
            let one = philox(std::array::from_fn(|word| counters[word][lane]), key);
            for word in 0..4 {
                words[word][lane] = one[word];
            }
        }
        words
    }

    #[test]
    fn lanes_give_the_words_of_single_draws_with_and_without_wide_instructions() {
        for case in 0..500 {
            let counters = counters(case);
            let key = [case as u32 ^ 0xdead_beef, 77 * case as u32];
            let expected = narrow(counters, key);
            assert_eq!(ten_rounds(counters, key), expected, "portable, case {case}");
            assert_eq!(wide(counters, key), expected, "dispatched, case {case}");
        }
    }

    #[test]
    fn each_identity_gets_its_own_words() {
        let draws = Draws::new(11);
        let identities = std::array::from_fn(|lane| identity_of_pair(5, lane as u64));
        let ordinals = std::array::from_fn(|lane| 9 + lane as u32);
        let many = draws.at_each(Mechanism::EveningPlan, &identities, &ordinals);
        for (lane, words) in many.into_iter().enumerate() {
            let one = draws.at(Mechanism::EveningPlan, identities[lane], ordinals[lane]);
            assert_eq!(words, one);
            for count in [0, 1, FEW, FEW + 1, LANES] {
                let some = draws.at_some(Mechanism::EveningPlan, &identities, &ordinals, count);
                assert!(lane >= count || some[lane] == one, "{count}, lane {lane}");
            }
        }
    }
}
