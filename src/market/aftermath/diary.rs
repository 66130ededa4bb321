//! Diaries: what is bound to happen on a simulated day, named by the number of a parcel.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parcels by the day on which something happens to them, in the order of entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Diary(BTreeMap<u32, Vec<u32>>);

impl Diary {
    /// Enters a parcel on a day.
    pub fn enter(&mut self, day: u32, parcel: u32) {
        self.0.entry(day).or_default().push(parcel);
    }

    /// Takes out everything up to a day, earlier days first.
    pub fn take(&mut self, today: u32) -> Vec<u32> {
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
