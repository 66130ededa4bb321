//! A rule: crowds that come at once and do nothing, and orders that nobody clicked on, are bought.
//!
//! People who come also like, comment and click at about the rate of those who were there before; bought accounts do not, or do what was paid for alone.
//! The rule compares the last minute with what the room has done so far. It knows nothing of farms, scripts or truth, and can be wrong: a quiet crowd
//! that comes for a celebrity looks bought, and a farm that also sells likes and comments looks alive.

use crate::detect::{Detector, Event, Frame, Millis, Scores, Subject, What, keep, recall};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// Milliseconds that the rule looks back.
const WINDOW: Millis = 60_000;

/// Viewers below which a room is too small to be judged.
const LEAST_VIEWERS: u64 = 200;

/// What it says of a crowd,
pub const SILENT: &str = "a crowd came at once and is silent";
/// and of orders.
pub const UNCLICKED: &str = "more orders than clicks on the cart";

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
struct Silence {
    /// Observations within the window, and the last before it.
    recent: VecDeque<(Millis, Frame)>,
    /// Viewer-milliseconds before the window.
    watched: u64,
    /// Likes, comments and clicks before the window.
    acts: u64,
}

/// A suspicion, and what it rests on.
type Suspicion = (f64, &'static str);

fn acts(seen: &Frame) -> u64 {
    seen.likes + seen.comments + seen.cart_clicks
}

impl Silence {
    /// Judges a room at a refresh; `None`: nothing to say yet.
    fn judge(&mut self, at: Millis, seen: &Frame) -> Option<Suspicion> {
        self.recent.push_back((at, *seen));
        while let (Some((first_at, first)), Some((second_at, second))) =
            (self.recent.front(), self.recent.get(1))
            && second_at + WINDOW <= at
        {
            self.watched += first.viewers * (second_at - first_at);
            self.acts += acts(second).saturating_sub(acts(first));
            self.recent.pop_front();
        }
        let (before_at, before) = *self.recent.front()?;
        if before_at + WINDOW > at {
            return None;
        }
        let nothing = (0.0, "");
        [self.silent_surge(&before, seen), unclicked(&before, seen)]
            .into_iter()
            .flatten()
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .or(Some(nothing))
    }

    /// A surge of viewers without the likes, comments and clicks that so many people would bring.
    fn silent_surge(&self, before: &Frame, seen: &Frame) -> Option<Suspicion> {
        let grown = seen.viewers.saturating_sub(before.viewers);
        if seen.viewers < LEAST_VIEWERS || grown == 0 || self.watched == 0 || self.acts == 0 {
            return None;
        }
        let growth = grown as f64 / (before.viewers + 1) as f64;
        let usual = self.acts as f64 / self.watched as f64;
        let steps = self.recent.iter().zip(self.recent.iter().skip(1));
        let watched: u64 = steps
            .map(|((from, first), (to, _))| first.viewers * (to - from))
            .sum();
        let now = acts(seen).saturating_sub(acts(before)) as f64 / watched.max(1) as f64;
        let silence = (1.0 - now / usual).clamp(0.0, 1.0);
        let score = (growth / SURGE).min(1.0) * silence;
        (score > 0.0).then_some((score, SILENT))
    }
}

/// Orders on display rise by more than anybody clicked on the cart.
fn unclicked(before: &Frame, seen: &Frame) -> Option<Suspicion> {
    let orders = seen.orders.saturating_sub(before.orders);
    if orders < LEAST_ORDERS {
        return None;
    }
    let clicks = seen.cart_clicks.saturating_sub(before.cart_clicks);
    let score = 1.0 - clicks as f64 / orders as f64;
    (score > 0.0).then_some((score, UNCLICKED))
}

impl Detector for SilentCrowd {
    fn name(&self) -> &str {
        "silent_crowd"
    }

    fn sees_accounts(&self) -> bool {
        false
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let What::Frame(seen) = event.what else {
            return;
        };
        let silence = self.rooms.entry(seen.room).or_default();
        if let Some((score, reason)) = silence.judge(event.at, &seen) {
            scores.say(Subject::Room(seen.room), score, reason);
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&self.rooms)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut self.rooms, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(rule: &mut SilentCrowd, second: u64, frame: Frame) -> Option<f64> {
        let event = Event {
            at: 1_000 * second,
            what: What::Frame(frame),
        };
        let mut scores = Scores::default();
        rule.observe(&event, &mut scores);
        let said = scores.take().next();
        said.map(|said| said.score)
    }

    fn room(minutes: u64, surge_at: u64, bots: u64, alive: bool) -> f64 {
        let mut rule = SilentCrowd::default();
        let mut seen = Frame {
            room: 3,
            ..Frame::default()
        };
        let mut worst: f64 = 0.0;
        for second in (0..60 * minutes).step_by(10) {
            let come = if second == surge_at { bots } else { 0 };
            let staying = if second >= surge_at { bots } else { 0 };
            seen.viewers = 1_000 + staying;
            seen.views += 5 + come;
            let lively = if alive { seen.viewers } else { 1_000 };
            seen.likes += lively / 50;
            seen.cart_clicks += lively / 100;
            worst = worst.max(show(&mut rule, second, seen).unwrap_or(0.0));
        }
        worst
    }

    #[test]
    fn a_silent_crowd_is_told_from_a_lively_one() {
        let (silent, lively) = (room(10, 300, 6_000, false), room(10, 300, 6_000, true));
        assert!(silent > 0.8, "{silent}");
        assert!(lively < 0.2, "{lively}");
        assert_eq!(room(10, 300, 0, true), 0.0);
    }

    #[test]
    fn orders_without_clicks_are_suspicious() {
        let mut rule = SilentCrowd::default();
        let mut worst: f64 = 0.0;
        for second in (0..300).step_by(10) {
            let seen = Frame {
                viewers: 500,
                orders: if second > 200 { 2_000 } else { 0 },
                cart_clicks: second / 2,
                ..Frame::default()
            };
            worst = worst.max(show(&mut rule, second, seen).unwrap_or(0.0));
        }
        assert!(worst > 0.95, "{worst}");
    }

    #[test]
    fn its_memory_can_be_saved_and_taken_up() {
        let mut rule = SilentCrowd::default();
        for second in (0..100).step_by(10) {
            let seen = Frame {
                viewers: 300,
                likes: second,
                ..Frame::default()
            };
            show(&mut rule, second, seen);
        }
        let mut other = SilentCrowd::default();
        other.restore(&rule.save().unwrap()).unwrap();
        assert_eq!(rule.rooms, other.rooms);
        let refused = other.restore(&[0xff]).unwrap_err();
        assert!(
            refused.starts_with("the detector's memory cannot be read"),
            "{refused}"
        );
    }
}
