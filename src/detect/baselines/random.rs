//! Guesses: what a detector has to be better than in putting one thing before another.

use crate::detect::{Detector, Event, Scores, TokenMap, What, keep, recall};
use crate::draws::{Draws, Identity, Mechanism, identity_of_name, identity_of_pair};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The detector whose scores are uniform in (0, 1) and keyed: of a room a new one at every frame, of an account one when it first enters, of an order
/// one, of an offer one, at each of its prices.
#[derive(Debug, Clone)]
pub struct Random {
    draws: Draws,
    met: Met,
}

/// What it has met.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Met {
    /// Frames of each room.
    rooms: BTreeMap<Id, u32>,
    accounts: TokenMap<()>,
}

impl Random {
    /// The guesses of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            draws: Draws::new(seed),
            met: Met::default(),
        }
    }

    fn guess(&self, kind: &str, number: u64, ordinal: u32) -> f64 {
        let identity: Identity = identity_of_pair(identity_of_name(kind), number);
        let words = self.draws.at(Mechanism::Detectors, identity, ordinal);
        words.uniform(0)
    }
}

impl Default for Random {
    /// The guesses of seed 0.
    fn default() -> Self {
        Self::new(0)
    }
}

impl Detector for Random {
    fn name(&self) -> &str {
        "random"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::Frame(frame) => {
                let frames = self.met.rooms.entry(frame.room).or_default();
                let ordinal = *frames;
                *frames = frames.wrapping_add(1);
                let guess = self.guess("random room", u64::from(frame.room), ordinal);
                scores.room(frame.room, guess);
            }
            What::Enter(enter) if self.met.accounts.insert(enter.account, ()).is_none() => {
                let guess = self.guess("random account", enter.account.number(), 0);
                scores.account(enter.account, guess);
            }
            What::Order(order) => {
                let guess = self.guess("random order", order.order.number(), 0);
                scores.order(order.order, guess);
            }
            What::Price { room, product, .. } => {
                let offer = u64::from(room) << 32 | u64::from(product);
                scores.offer(room, product, self.guess("random offer", offer, 0));
            }
            _ => (),
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&self.met)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut self.met, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Frame;

    fn guesses(random: &mut Random, frames: usize) -> Vec<f64> {
        let mut scores = Scores::default();
        let what = What::Frame(Frame::default());
        for _ in 0..frames {
            random.observe(&Event { at: 0, what }, &mut scores);
        }
        scores.take().map(|said| said.score).collect()
    }

    #[test]
    fn guesses_are_uniform_and_the_same_for_a_seed() {
        let all = guesses(&mut Random::new(1), 10_000);
        assert_eq!(all, guesses(&mut Random::new(1), 10_000));
        assert_ne!(all, guesses(&mut Random::new(2), 10_000));
        // Standard errors are 0.0029 and 0.0043.
        let mean = all.iter().sum::<f64>() / 1e4;
        let low = all.iter().filter(|guess| **guess < 0.25).count();
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!(low.abs_diff(2_500) < 150, "{low}");
    }

    #[test]
    fn what_is_taken_up_goes_on_like_what_was_saved() {
        let mut random = Random::new(1);
        guesses(&mut random, 5);
        let mut other = Random::new(1);
        other.restore(&random.save().unwrap()).unwrap();
        assert_eq!(guesses(&mut random, 5), guesses(&mut other, 5));
    }
}
