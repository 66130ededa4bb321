//! Ranks by literacy within all consumers: what a concentration index needs, though nearly all of them bear nothing.
//!
//! Nobody's literacy is kept: each consumer's is drawn again, once, when the account is worked out, and counted into the gaps between those that are
//! asked for. So it takes no memory but theirs, and nothing while the market runs.

use crate::draws::{Draws, identity_of_pair};
use crate::market::population::literacy_of;
use crate::scenario::Scenario;

/// Ranks within all consumers, 0 to 1, of some literacies: the share of consumers below, and half the share of those who are equal.
pub fn ranks_by_literacy(plot: &Scenario, wanted: &[f64]) -> Vec<f64> {
    let mut gaps = Gaps::between(wanted);
    if wanted.is_empty() {
        return Vec::new();
    }
    let draws = Draws::new(plot.seed);
    for segment in &plot.population.segments {
        for index in 0..segment.count {
            let key = identity_of_pair(segment.key, index);
            gaps.count(literacy_of(&segment.traits, key, draws));
        }
    }
    let ranks = gaps.ranks();
    let rank = |value: &f64| ranks[gaps.place(*value)];
    wanted.iter().map(rank).collect()
}

/// Counts of values in the gaps between some, and of those that are equal to one of them.
struct Gaps {
    /// The values, in order, each once.
    values: Vec<f64>,
    /// Counted between the value before and each.
    below: Vec<u64>,
    /// Counted equal to each.
    equal: Vec<u64>,
    counted: u64,
}

impl Gaps {
    fn between(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values.dedup();
        Self {
            below: vec![0; values.len() + 1],
            equal: vec![0; values.len()],
            values,
            counted: 0,
        }
    }

    fn place(&self, value: f64) -> usize {
        self.values.partition_point(|other| *other < value)
    }

    fn count(&mut self, value: f64) {
        let place = self.place(value);
        self.counted += 1;
        match self.values.get(place) {
            Some(other) if *other == value => self.equal[place] += 1,
            _ => self.below[place] += 1,
        }
    }

    /// The rank of each value among all that were counted.
    fn ranks(&self) -> Vec<f64> {
        let mut before = 0;
        let places = self.below.iter().zip(&self.equal);
        places
            .map(|(below, equal)| {
                before += below;
                let rank = (before as f64 + 0.5 * *equal as f64) / self.counted as f64;
                before += equal;
                rank
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_what_counting_gives(all in prop::collection::vec(0..20_u8, 1..80), wanted in prop::collection::vec(0..20_u8, 1..20)) {
            let wanted: Vec<f64> = wanted.into_iter().map(f64::from).collect();
            let mut gaps = Gaps::between(&wanted);
            all.iter().for_each(|value| gaps.count(f64::from(*value)));
            let ranks = gaps.ranks();
            for value in wanted {
                let among = |test: &dyn Fn(f64) -> bool| all.iter().filter(|other| test(f64::from(**other))).count() as f64;
                let expected = (among(&|other| other < value) + 0.5 * among(&|other| other == value)) / all.len() as f64;
                prop_assert!((ranks[gaps.place(value)] - expected).abs() < 1e-12);
            }
        }
    }
}
