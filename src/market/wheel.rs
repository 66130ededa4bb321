//! A hashed timing wheel: which seat of a block acts when, on its room's hazard clock.
//!
//! Buckets hold linked lists through the seats themselves, so nothing is allocated once a block has its size. A bucket holds the seats of
//! every lap; those of later laps stay in it when it is emptied.

use serde::{Deserialize, Serialize};

/// No seat.
const END: u32 = u32::MAX;

/// A timing wheel over slots 0.. of a block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wheel {
    /// First slot of each bucket.
    heads: Vec<u32>,
    /// The slot after each slot in its bucket.
    next: Vec<u32>,
    /// Seconds of room clock in a bucket.
    width: f64,
}

impl Wheel {
    /// An empty wheel of `buckets` (rounded up to a power of two), each `width` (> 0) wide.
    pub fn new(buckets: usize, width: f64) -> Self {
        Self {
            heads: vec![END; buckets.next_power_of_two()],
            next: Vec::new(),
            width,
        }
    }

    /// Makes room for slots below `slots`.
    pub fn reserve(&mut self, slots: usize) {
        if self.next.len() < slots {
            self.next.resize(slots, END);
        }
    }

    /// Forgets everybody.
    pub fn clear(&mut self) {
        self.heads.fill(END);
    }

    fn turn(&self, clock: f64) -> u64 {
        // Negative or infinite clocks do not occur; `as` saturates if they did.
        (clock / self.width) as u64
    }

    fn bucket(&self, turn: u64) -> usize {
        turn as usize & (self.heads.len() - 1)
    }

    /// Puts a slot that is not on the wheel on it.
    pub fn insert(&mut self, slot: u32, due: f64) {
        let bucket = self.bucket(self.turn(due));
        self.next[slot as usize] = self.heads[bucket];
        self.heads[bucket] = slot;
    }

    /// Takes off every slot that is due at or before `to` and appends it to `out`. Everything due before `from` has been taken already;
    /// `due[slot]` is what the slot was inserted with.
    pub fn take_due(&mut self, from: f64, to: f64, due: &[f64], out: &mut Vec<u32>) {
        let buckets = self.heads.len() as u64;
        let (first, last) = (self.turn(from), self.turn(to));
        for turn in first..=last.min(first + buckets - 1) {
            self.empty(self.bucket(turn), to, due, out);
        }
    }

    fn empty(&mut self, bucket: usize, to: f64, due: &[f64], out: &mut Vec<u32>) {
        let mut slot = std::mem::replace(&mut self.heads[bucket], END);
        let mut kept = END;
        while slot != END {
            let next = self.next[slot as usize];
            if due[slot as usize] <= to {
                out.push(slot);
            } else {
                self.next[slot as usize] = kept;
                kept = slot;
            }
            slot = next;
        }
        self.heads[bucket] = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::Wheel;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_gives_what_a_scan_gives(
            waits in prop::collection::vec(0.0..200.0_f64, 1..60),
            steps in prop::collection::vec(0.0..90.0_f64, 1..20),
            buckets in 1_usize..12,
        ) {
            let mut wheel = Wheel::new(buckets, 3.0);
            wheel.reserve(waits.len());
            let mut due = waits.clone();
            for (slot, wait) in (0..).zip(&waits) {
                wheel.insert(slot, *wait);
            }
            let mut clock = 0.0;
            for step in steps {
                let to = clock + step;
                let mut taken = Vec::new();
                wheel.take_due(clock, to, &due, &mut taken);
                taken.sort_unstable();
                let scan: Vec<u32> = (0..due.len() as u32)
                    .filter(|slot| due[*slot as usize] <= to)
                    .collect();
                prop_assert_eq!(&taken, &scan);
                for slot in taken {
                    due[slot as usize] = to + 0.5 + waits[slot as usize];
                    wheel.insert(slot, due[slot as usize]);
                }
                clock = to;
            }
        }
    }
}
