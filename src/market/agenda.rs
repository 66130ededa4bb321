//! Agendas: what is bound to happen at a moment of an evening, by the second in which it lies. Touches nothing but its own lists.
//!
//! Lists are put in order when their second comes: an evening of millions is met from front to back, where a heap of them would be met all over.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Something with a moment.
pub trait Timed {
    /// When, second.
    fn time(&self) -> f64;

    /// Which of two comes first: by moment, then by whatever tells them apart. No two that differ are equal in it.
    fn order(&self, other: &Self) -> Ordering;
}

/// Things by the second in which they happen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Agenda<T> {
    by_second: BTreeMap<u64, Vec<T>>,
    /// Emptied lists, to be filled again.
    #[serde(skip)]
    spare: Vec<Vec<T>>,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            by_second: BTreeMap::new(),
            spare: Vec::new(),
        }
    }
}

/// Equal in what is still to happen.
impl<T: PartialEq> PartialEq for Agenda<T> {
    fn eq(&self, other: &Self) -> bool {
        self.by_second == other.by_second
    }
}

impl<T: Timed> Agenda<T> {
    /// Something will happen.
    pub fn add(&mut self, thing: T) {
        // Whatever lies before the first second stands in it.
        let second = thing.time() as u64;
        let spare = &mut self.spare;
        let list = self.by_second.entry(second);
        list.or_insert_with(|| spare.pop().unwrap_or_default())
            .push(thing);
    }

    /// Hands over what happens before a second, in order.
    pub fn due(&mut self, until: f64, happening: &mut Vec<T>) {
        while let Some(mut first) = self.by_second.first_entry()
            && (*first.key() as f64) < until
        {
            let list = first.get_mut();
            list.sort_unstable_by(T::order);
            let due = list.partition_point(|thing| thing.time() < until);
            happening.extend(list.drain(..due));
            if !list.is_empty() {
                break;
            }
            self.spare.push(first.remove());
        }
    }

    /// Takes everything off, in order, and keeps no room for more: most agendas are done with then.
    pub fn take_all(&mut self) -> Vec<T> {
        let mut all = Vec::new();
        self.due(f64::INFINITY, &mut all);
        self.spare = Vec::new();
        all
    }

    /// Takes off what is not to happen.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        for list in self.by_second.values_mut() {
            list.retain(&mut keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Thing(f64, u32);

    impl Timed for Thing {
        fn time(&self) -> f64 {
            self.0
        }

        fn order(&self, other: &Self) -> Ordering {
            let by_time = self.0.total_cmp(&other.0);
            by_time.then(self.1.cmp(&other.1))
        }
    }

    proptest! {
        #[test]
        fn all_come_once_in_order_and_in_time(
            times in prop::collection::vec(-1.0..60.0, 0..80),
            steps in prop::collection::vec(0.1..7.0, 1..40),
            struck_off in 1..8_u32,
        ) {
            let mut agenda = Agenda::default();
            let things = times.iter().zip(0..).map(|(time, number)| Thing(*time, number));
            let keep = |thing: &Thing| !thing.1.is_multiple_of(struck_off) || struck_off == 1;
            things.clone().for_each(|thing| agenda.add(thing));
            agenda.retain(keep);
            let mut expected: Vec<Thing> = things.filter(keep).collect();
            expected.sort_by(Thing::order);
            let (mut until, mut happened) = (0.0, Vec::new());
            for step in steps {
                until += step;
                agenda.due(until, &mut happened);
                let due = expected.partition_point(|thing| thing.0 < until);
                prop_assert_eq!(&happened, &expected[..due]);
            }
            happened.extend(agenda.take_all());
            prop_assert_eq!(happened, expected);
        }
    }
}
