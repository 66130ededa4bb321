//! Diaries: what is bound to happen on a simulated day; to parcels, which are named by their number, if nothing else is said.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Things by the day on which something happens to them, in the order of entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Diary<T = u32>(BTreeMap<u32, Vec<T>>);

impl<T> Default for Diary<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Diary<T> {
    /// Enters something on a day.
    pub fn enter(&mut self, day: u32, due: T) {
        self.0.entry(day).or_default().push(due);
    }

    /// Takes out everything up to a day, earlier days first.
    pub fn take(&mut self, today: u32) -> Vec<T> {
        let later = self.0.split_off(&(today + 1));
        let due = std::mem::replace(&mut self.0, later);
        due.into_values().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_in_order_and_nothing_comes_twice() {
        let mut diary = Diary::default();
        for (day, parcel) in [(3, 30), (1, 10), (2, 20), (1, 11), (4, 40)] {
            diary.enter(day, parcel);
        }
        assert_eq!(diary.take(2), [10, 11, 20]);
        assert_eq!(diary.take(2), [0; 0]);
        assert_eq!(diary.take(9), [30, 40]);
    }
}
