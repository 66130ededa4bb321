//! Calendars: what is bound to happen at a second, kept by the tick of that second, so that the clock can jump to the next of it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that happens at a second.
pub trait Due {
    /// The second.
    fn time(&self) -> f64;

    /// What puts those of one second in order; where it is the same, they keep the order in which they were entered.
    fn number(&self) -> u64 {
        0
    }
}

/// What will happen, by tick.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Calendar<T>(BTreeMap<u64, Vec<T>>);

/// Where something stands in a calendar, as long as nothing else is entered or taken out.
#[derive(Debug, Clone, Copy)]
pub struct Place(u64, usize);

impl<T> Default for Calendar<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Due> Calendar<T> {
    /// Enters something in the tick of its second, of which there is one every `length` seconds, or in a later one if that is not to be earlier
    /// than `first`.
    pub fn enter(&mut self, due: T, length: f64, first: u64) {
        let tick = (due.time() / length).floor() as u64;
        self.0.entry(tick.max(first)).or_default().push(due);
    }

    /// The second of the next.
    pub fn next_event(&self) -> Option<f64> {
        let first = self.0.values().next()?;
        first.iter().map(Due::time).reduce(f64::min)
    }

    /// Takes out everything up to a tick, in order of (time, number).
    pub fn take_due(&mut self, tick: u64) -> Vec<T> {
        let mut due = Vec::new();
        while let Some(entry) = self.0.first_entry() {
            if *entry.key() > tick {
                break;
            }
            due.extend(entry.remove());
        }
        due.sort_by(|a, b| {
            let by_time = a.time().total_cmp(&b.time());
            by_time.then(a.number().cmp(&b.number()))
        });
        due
    }

    /// The first, in order of ticks and entry, for which `wanted` holds, and its place.
    pub fn find(&self, wanted: impl Fn(&T) -> bool) -> Option<(Place, &T)> {
        self.0.iter().find_map(|(tick, due)| {
            let index = due.iter().position(&wanted)?;
            Some((Place(*tick, index), &due[index]))
        })
    }

    /// Takes out what is at a place; the others keep their order.
    pub fn remove(&mut self, Place(tick, index): Place) {
        if let Some(due) = self.0.get_mut(&tick) {
            due.remove(index);
            if due.is_empty() {
                self.0.remove(&tick);
            }
        }
    }
}
