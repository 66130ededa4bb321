//! Rooms whose crowd does far less, or far more, than the crowds of other rooms.
//!
//! The rule of thumb of those who audit influencers, from no paper: likes, comments, clicks and orders per viewer, compared with what is usual. Here
//! over the last minute, as a logarithm, and against all rooms on air at the same beat: the modified z-score of Iglewicz and Hoaglin 1993, in both
//! directions, relative to their 3.5. Rooms that are too small, or that have too few others beside them, are given 0.

use super::counters::{LastMinute, Step};
use super::robust::{OUTLIER, Spread};
use crate::detect::{Detector, Event, Millis, Scores, Subject, What, keep, recall};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rooms below which there is nothing to compare with.
const LEAST_ROOMS: usize = 5;

/// Viewer-minutes within the last minute below which a room is too small to be judged.
const LEAST_VIEWER_MINUTES: f64 = 20.0;

/// The rule.
#[derive(Debug, Clone, Default)]
pub struct EngagementRatios {
    rooms: BTreeMap<Id, Room>,
}

/// What is remembered of a room.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Room {
    minute: LastMinute,
    /// What it showed since the last beat.
    shown: Shown,
}

/// What a room showed at a refresh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Shown {
    /// Nothing, or its first minute is not over.
    #[default]
    Nothing,
    /// Too few viewers.
    Few,
    /// So much done per viewer-minute, as a logarithm.
    Ratio(f64),
}

impl Shown {
    /// Of what came within a minute. Half an act more, so that silence has a logarithm.
    fn of(step: &Step) -> Self {
        let viewer_minutes = step.viewer_minutes();
        if viewer_minutes < LEAST_VIEWER_MINUTES {
            return Shown::Few;
        }
        let acts = [step.likes, step.comments, step.cart_clicks, step.orders];
        let acts: f64 = acts.into_iter().map(|count| count as f64).sum();
        Shown::Ratio(libm::log((acts + 0.5) / viewer_minutes))
    }

    fn ratio(self) -> Option<f64> {
        match self {
            Shown::Ratio(ratio) => Some(ratio),
            _ => None,
        }
    }
}

/// How far a room lies from the others, and in what direction.
fn judge(ratio: f64, spread: &Spread) -> (f64, &'static str) {
    let score = spread.score(ratio) / OUTLIER;
    let reason = match score {
        low if low <= -1.0 => "its crowd does far less than others",
        high if high >= 1.0 => "its crowd does far more than others",
        _ => "",
    };
    (score.abs(), reason)
}

impl Detector for EngagementRatios {
    fn name(&self) -> &str {
        "engagement_ratios"
    }

    fn sees_accounts(&self) -> bool {
        false
    }

    fn observe(&mut self, event: &Event, _scores: &mut Scores) {
        if let What::Frame(frame) = event.what {
            let room = self.rooms.entry(frame.room).or_default();
            if let Some(step) = room.minute.step(event.at, &frame) {
                room.shown = Shown::of(&step);
            }
        }
    }

    fn beat(&mut self, _at: Millis, scores: &mut Scores) {
        let shown = self.rooms.values().map(|room| room.shown);
        let mut ratios: Vec<f64> = shown.filter_map(Shown::ratio).collect();
        let spread = (ratios.len() >= LEAST_ROOMS).then(|| Spread::of(&mut ratios));
        for (id, room) in &mut self.rooms {
            let shown = std::mem::take(&mut room.shown);
            if shown == Shown::Nothing {
                continue;
            }
            let judged = shown.ratio().zip(spread.as_ref());
            let (score, reason) = judged.map_or((0.0, ""), |(ratio, all)| judge(ratio, all));
            scores.say(Subject::Room(*id), score, reason);
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
    use crate::detect::{Frame, hand_over};

    /// What is said of rooms with 100 viewers each and so many likes per minute, after `refreshes`.
    fn said(
        rule: &mut EngagementRatios,
        likes: &[u64],
        refreshes: u64,
    ) -> Vec<(f64, &'static str)> {
        let mut scores = Scores::default();
        for refresh in 0..=refreshes {
            scores.take();
            let at = 10_000 * refresh;
            for (room, likes) in (0..).zip(likes) {
                let frame = Frame {
                    room,
                    viewers: if *likes == 1 { 3 } else { 100 },
                    likes: likes * refresh / 6,
                    ..Frame::default()
                };
                let what = What::Frame(frame);
                hand_over(rule, &Event { at, what }, &mut scores);
            }
            let what = What::Beat;
            hand_over(rule, &Event { at, what }, &mut scores);
        }
        let said = scores.take().map(|said| (said.score, said.reason));
        said.collect()
    }

    #[test]
    fn silent_and_hectic_rooms_stand_out() {
        let mut rule = EngagementRatios::default();
        assert_eq!(said(&mut rule, &[60; 7], 5), vec![], "a first minute");
        let mut rule = EngagementRatios::default();
        let said = said(&mut rule, &[0, 48, 54, 60, 66, 72, 6_000, 1], 6);
        // By hand: the median of the seven ratios is that of 60 likes, the MAD that of 72: ln(72.5 / 60.5).
        let unit = 0.6745 / libm::log(72.5 / 60.5) / 3.5;
        assert!((said[0].0 - unit * libm::log(60.5 / 0.5)).abs() < 1e-12);
        assert_eq!(said[0].1, "its crowd does far less than others");
        assert_eq!((said[3], said[7]), ((0.0, ""), (0.0, "")));
        assert!((said[6].0 - unit * libm::log(6_000.5 / 60.5)).abs() < 1e-12);
        assert_eq!(said[6].1, "its crowd does far more than others");
    }

    #[test]
    fn few_rooms_are_not_compared_and_rooms_off_air_are_not_spoken_of() {
        let mut rule = EngagementRatios::default();
        assert_eq!(said(&mut rule, &[0, 60, 60], 6), vec![(0.0, ""); 3]);
        let mut other = EngagementRatios::default();
        other.restore(&rule.save().unwrap()).unwrap();
        assert_eq!(rule.rooms, other.rooms);
        let mut scores = Scores::default();
        other.beat(70_000, &mut scores);
        assert_eq!(scores.take().count(), 0);
    }
}
