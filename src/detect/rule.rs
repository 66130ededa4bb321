//! A rule: crowds that come at once and do nothing, and orders that nobody clicked on, are bought.
//!
//! People who come also like, comment and click at about the rate of those who were there before; bought accounts do not, or do what was paid for alone.
//! The rule compares the last minute with what the room has done so far. It knows nothing of farms, scripts or truth, and can be wrong: a quiet crowd
//! that comes for a celebrity looks bought, and a farm that also sells likes and comments looks alive.

use super::{Alert, Detector, RoomObservation};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// Seconds that the rule looks back.
const WINDOW: u64 = 60;

/// Viewers below which a room is too small to be judged.
const LEAST_VIEWERS: u64 = 200;

/// Growth within the window, relative to the viewers before, at which a surge is certain to be one.
const SURGE: f64 = 0.5;

/// Orders within the window below which they are not judged.
const LEAST_ORDERS: u64 = 50;

/// The rule.
#[derive(Debug, Clone, Default)]
pub struct SilentCrowd {
    rooms: BTreeMap<u32, Silence>,
}

/// What the rule remembers of a room.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// Observations within the window, and the last before it.
    recent: VecDeque<RoomObservation>,
    /// Viewer-seconds before the window.
    watched: u64,
    /// Likes, comments and clicks before the window.
    acts: u64,
}

fn acts(seen: &RoomObservation) -> u64 {
    seen.likes + seen.comments + seen.cart_clicks
}

impl Silence {
    fn judge(&mut self, seen: &RoomObservation) -> Option<Alert> {
        self.recent.push_back(*seen);
        while let (Some(first), Some(second)) = (self.recent.front(), self.recent.get(1))
            && second.second + WINDOW <= seen.second
        {
            self.watched += first.viewers * (second.second - first.second);
            self.acts += acts(second).saturating_sub(acts(first));
            self.recent.pop_front();
        }
        let before = *self.recent.front()?;
        if before.second + WINDOW > seen.second {
            return None;
        }
        [self.silent_surge(&before, seen), unclicked(&before, seen)]
            .into_iter()
            .flatten()
            .max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// A surge of viewers without the likes, comments and clicks that so many people would bring.
    fn silent_surge(&self, before: &RoomObservation, seen: &RoomObservation) -> Option<Alert> {
        let grown = seen.viewers.saturating_sub(before.viewers);
        if seen.viewers < LEAST_VIEWERS || grown == 0 || self.watched == 0 || self.acts == 0 {
            return None;
        }
        let growth = grown as f64 / (before.viewers + 1) as f64;
        let usual = self.acts as f64 / self.watched as f64;
        let (mut watched, mut last) = (0, before);
        for next in self.recent.iter().skip(1) {
            watched += last.viewers * (next.second - last.second);
            last = next;
        }
        let now = acts(seen).saturating_sub(acts(before)) as f64 / watched.max(1) as f64;
        let silence = (1.0 - now / usual).clamp(0.0, 1.0);
        let score = (growth / SURGE).min(1.0) * silence;
        (score > 0.0).then_some(Alert {
            score,
            reason: "a crowd came at once and is silent",
        })
    }
}

/// Orders on display rise by more than anybody clicked on the cart.
fn unclicked(before: &RoomObservation, seen: &RoomObservation) -> Option<Alert> {
    let orders = seen.orders.saturating_sub(before.orders);
    if orders < LEAST_ORDERS {
        return None;
    }
    let clicks = seen.cart_clicks.saturating_sub(before.cart_clicks);
    let score = 1.0 - clicks as f64 / orders as f64;
    (score > 0.0).then_some(Alert {
        score,
        reason: "more orders than clicks on the cart",
    })
}

impl Detector for SilentCrowd {
    fn name(&self) -> &'static str {
        "silent_crowd"
    }

    fn observe(&mut self, seen: &RoomObservation) -> Option<Alert> {
        self.rooms.entry(seen.room).or_default().judge(seen)
    }

    fn save(&self) -> Vec<u8> {
        // Writing plain data to memory cannot fail.
        postcard::to_allocvec(&self.rooms).unwrap_or_default()
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        self.rooms = postcard::from_bytes(memory)
            .map_err(|why| format!("the detector's memory cannot be read: {why}"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(minutes: u64, surge_at: u64, bots: u64, alive: bool) -> Vec<f64> {
        let mut rule = SilentCrowd::default();
        let mut seen = RoomObservation {
            room: 3,
            ..RoomObservation::default()
        };
        let mut scores = Vec::new();
        for second in (0..60 * minutes).step_by(10) {
            let come = if second == surge_at { bots } else { 0 };
            seen.second = second;
            seen.viewers = if second >= surge_at {
                1_000 + bots
            } else {
                1_000
            };
            seen.views += 5 + come;
            let lively = if alive { seen.viewers } else { 1_000 };
            seen.likes += lively / 50;
            seen.cart_clicks += lively / 100;
            scores.extend(rule.observe(&seen).map(|alert| alert.score));
        }
        scores
    }

    #[test]
    fn a_silent_crowd_is_told_from_a_lively_one() {
        let silent = room(10, 300, 6_000, false);
        let lively = room(10, 300, 6_000, true);
        assert!(
            silent.iter().copied().fold(0.0, f64::max) > 0.8,
            "{silent:?}"
        );
        assert!(
            lively.iter().copied().fold(0.0, f64::max) < 0.2,
            "{lively:?}"
        );
        assert!(room(10, 300, 0, true).is_empty());
    }

    #[test]
    fn orders_without_clicks_are_suspicious() {
        let mut rule = SilentCrowd::default();
        let mut worst: f64 = 0.0;
        for second in (0..300).step_by(10) {
            let seen = RoomObservation {
                second,
                viewers: 500,
                orders: if second > 200 { 2_000 } else { 0 },
                cart_clicks: second / 2,
                ..RoomObservation::default()
            };
            worst = worst.max(rule.observe(&seen).map_or(0.0, |alert| alert.score));
        }
        assert!(worst > 0.95, "{worst}");
    }

    #[test]
    fn its_memory_can_be_saved_and_taken_up() {
        let mut rule = SilentCrowd::default();
        for second in (0..100).step_by(10) {
            rule.observe(&RoomObservation {
                second,
                viewers: 300,
                likes: second,
                ..RoomObservation::default()
            });
        }
        let mut other = SilentCrowd::default();
        other.restore(&rule.save()).unwrap();
        assert_eq!(rule.rooms, other.rooms);
        let refused = other.restore(&[0xff]).unwrap_err();
        assert!(
            refused.starts_with("the detector's memory cannot be read"),
            "{refused}"
        );
    }
}
