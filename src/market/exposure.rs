//! Exposure: how often somebody has seen each class of staged cue, and what that leaves of belief (MODEL section 5).
//!
//! A room counts the cues of each class that have fallen in it. A seat remembers the count at entry and what its owner had seen
//! before, so being there costs nothing per cue. Times are counted before the cue in question: the first one is believed in full.

use crate::scenario::Act;
use serde::{Deserialize, Serialize};

/// Classes of cues that doubt grows with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Class {
    /// A claimed counter price.
    CounterClaim = 0,
    /// A lowest-price promise.
    Promise = 1,
    /// A misbid.
    Misbid = 2,
    /// A wrong quantity.
    WrongQuantity = 3,
    /// A staged quarrel.
    Quarrel = 4,
    /// A countdown.
    Countdown = 5,
    /// A subsidy.
    Subsidy = 6,
    /// A claimed sales figure.
    ClaimedSales = 7,
}

/// Number of classes.
pub const CLASSES: usize = 8;

/// The class of an act; `None` for acts that nobody learns to doubt.
pub fn class_of(act: &Act) -> Option<Class> {
    match act {
        Act::ClaimPrice { .. } => Some(Class::CounterClaim),
        Act::Promise { .. } => Some(Class::Promise),
        Act::Misbid { .. } => Some(Class::Misbid),
        Act::WrongQuantity { .. } => Some(Class::WrongQuantity),
        Act::StagedQuarrel { .. } => Some(Class::Quarrel),
        Act::Countdown { .. } => Some(Class::Countdown),
        Act::Subsidy { .. } => Some(Class::Subsidy),
        Act::ClaimSales { .. } => Some(Class::ClaimedSales),
        _ => None,
    }
}

/// Cues of each class that have fallen in a room since it went on air.
pub type Fallen = [u16; CLASSES];

/// What one person has seen: before this visit, and the room's count when it came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Times seen before this visit, by class (255 means 255 or more).
    pub before: [u8; CLASSES],
    /// The room's count at entry.
    pub at_entry: Fallen,
}

impl Exposure {
    /// Times that a cue of `class`, the `ordinal`-th of the room (from 1), had been preceded by others that this person saw.
    #[inline]
    pub fn times_before(&self, class: Class, ordinal: u16) -> u32 {
        let class = class as usize;
        let here = ordinal
            .saturating_sub(1)
            .saturating_sub(self.at_entry[class]);
        u32::from(self.before[class]) + u32::from(here)
    }

    /// Whether this person was there when the `ordinal`-th cue of `class` fell.
    #[inline]
    pub fn saw(&self, class: Class, ordinal: u16) -> bool {
        ordinal > self.at_entry[class as usize]
    }

    /// What is taken along when leaving a room in which `fallen` cues have fallen.
    pub fn on_leaving(&self, fallen: &Fallen) -> [u8; CLASSES] {
        std::array::from_fn(|class| {
            let here = fallen[class].saturating_sub(self.at_entry[class]);
            self.before[class].saturating_add(here.min(255) as u8)
        })
    }
}

/// What is left of belief after seeing `times` cues of a class: keep^times, keep = 1 - kappa * literacy.
#[inline]
pub fn belief_left(keep: f64, times: u32) -> f64 {
    let mut left = 1.0;
    // Beyond 64 times nothing measurable is left unless keep is 1, where the product is exact anyway.
    for _ in 0..times.min(64) {
        left *= keep;
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cues_that_somebody_was_there_to_see_count() {
        let mut exposure = Exposure::default();
        exposure.before[0] = 2;
        exposure.at_entry[0] = 3;
        // Three had fallen before it came: it saw the fourth first.
        assert!(!exposure.saw(Class::CounterClaim, 3));
        assert!(exposure.saw(Class::CounterClaim, 4));
        assert_eq!(exposure.times_before(Class::CounterClaim, 3), 2);
        assert_eq!(exposure.times_before(Class::CounterClaim, 4), 2);
        assert_eq!(exposure.times_before(Class::CounterClaim, 6), 4);
        assert_eq!(exposure.on_leaving(&[5, 0, 0, 0, 0, 0, 0, 0])[0], 4);
    }

    #[test]
    fn belief_falls_geometrically() {
        assert_eq!(belief_left(0.5, 0), 1.0);
        assert_eq!(belief_left(0.5, 3), 0.125);
        assert_eq!(belief_left(1.0, 1_000), 1.0);
    }
}
