//! Patrols: a platform that watches rooms through a detector and acts on what it is told (MODEL sections 4 and 9).
//!
//! Which rooms are patrolled is a keyed draw, more often for key rooms; an alert that scores high enough is acted on with the diligence that the regime
//! states. What follows from an alert is in `sanction`. The detector sees what the platform sees of the rooms on patrol: counters at every refresh, and, if
//! it asks for them, all events.

use super::display::Display;
use super::observe::Recorder;
use super::offers::Offers;
use super::platform_view::millis;
use super::room::{Air, RoomIndex};
use super::roster::Roster;
use super::sanction::{Bench, Patrols};
use super::tally::Tally;
use super::time::{Now, Plot};
use crate::detect::baselines::{Null, baseline};
use crate::detect::{Detector, Event, Frame, Scores, What, hand_over};
use crate::draws::{Draws, Mechanism};
use crate::scenario::{Id, Regime, Scenario};
use bevy_ecs::prelude::*;

/// From which score on the platform acts, by what the score is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// About a room.
    pub room: f64,
    /// About an account.
    pub account: f64,
    /// About an order.
    pub order: f64,
    /// About an offer.
    pub offer: f64,
}

impl Thresholds {
    /// Acts on nothing.
    pub const NEVER: Self = Self {
        room: f64::INFINITY,
        account: f64::INFINITY,
        order: f64::INFINITY,
        offer: f64::INFINITY,
    };
}

/// The detector in use.
#[derive(Resource)]
pub struct Detection {
    /// The detector.
    pub detector: Box<dyn Detector>,
    /// From which score on the platform acts.
    pub thresholds: Thresholds,
    scores: Scores,
}

impl Detection {
    /// A detector, and from which score on the platform acts on what it says.
    pub fn by(detector: Box<dyn Detector>, thresholds: Thresholds) -> Self {
        Self {
            detector,
            thresholds,
            scores: Scores::default(),
        }
    }

    /// The one that a regime states.
    pub fn of(regime: &Regime) -> Self {
        let thresholds = Thresholds {
            room: regime.detector_threshold,
            ..Thresholds::NEVER
        };
        let detector = baseline(regime.detector.name());
        let detector = detector.map_or_else(|| Box::new(Null) as Box<_>, |one| (one.make)());
        Self::by(detector, thresholds)
    }
}

/// Whether a regime patrols at all.
pub fn patrols(regime: &Regime) -> bool {
    regime.platform_patrol_small > 0.0 || regime.platform_patrol_key > 0.0
}

/// By room, whether the platform patrols it, and whether it would act on an alert there: drawn once, since neither changes in a run.
#[derive(Resource, Debug, Default)]
pub struct Rounds(Vec<Option<bool>>);

impl Rounds {
    /// Those of a scenario.
    pub fn of(plot: &Scenario) -> Self {
        let rooms = 0..plot.rooms.len() as Id;
        Self(rooms.map(|room| acts_if_watched(plot, room)).collect())
    }

    /// Whether a room is patrolled.
    fn patrols(&self, room: Id) -> bool {
        self.0.get(room as usize).copied().flatten().is_some()
    }

    /// Whether an alert about a room is acted on.
    pub fn acts(&self, room: Id) -> bool {
        self.0.get(room as usize).copied().flatten() == Some(true)
    }
}

/// Whether the platform would act on an alert in a room; `None`: it does not patrol it.
fn acts_if_watched(plot: &Scenario, room: Id) -> Option<bool> {
    let regime = &plot.regime;
    let (key, anchor) = (
        plot.rooms[room as usize].key,
        plot.rooms[room as usize].anchor,
    );
    let is_key = plot.anchors[anchor as usize].followers >= regime.key_room_followers;
    let share = match is_key {
        true => regime.platform_patrol_key,
        false => regime.platform_patrol_small,
    };
    let words = Draws::new(plot.seed).at(Mechanism::Enforcement, key, 0);
    (words.uniform(0) < share).then(|| words.uniform(1) < regime.q_platform)
}

/// When displays refresh, hands over what the platform has seen since the last time, and every room's counters: to whoever observes, and to the detector
/// as far as it is on patrol.
#[allow(clippy::too_many_arguments)] // a system's arguments are the list of what it touches
pub fn look(
    plot: Res<Plot>,
    now: Res<Now>,
    (index, roster): (Res<RoomIndex>, Res<Roster>),
    rounds: Res<Rounds>,
    mut detection: ResMut<Detection>,
    mut recorder: ResMut<Recorder>,
    mut patrols: ResMut<Patrols>,
    mut tally: ResMut<Tally>,
    rooms: Query<(&Air, &Display, &Offers)>,
) {
    if !now.refresh {
        return;
    }
    let at = millis(now.start);
    let patrolling = self::patrols(&plot.regime) && plot.regime.holds_at(now.start);
    recorder.hand_over_view(at, |seen| {
        if patrolling && room_of(&seen.event.what).is_none_or(|room| rounds.patrols(room)) {
            detection.see(&seen.event);
        }
    });
    for room in roster.0.iter().copied() {
        let entity = &index.0[room as usize];
        let Ok((Air::On, display, offers)) = rooms.get(*entity) else {
            continue;
        };
        let what = What::Frame(frame_of(room, display, offers));
        recorder.hand_over_one(at, what);
        if patrolling && rounds.patrols(room) {
            tally.aftermath.patrolled += u64::from(patrols.count(room));
            detection.see(&Event { at, what });
        }
    }
    recorder.hand_over_one(at, What::Beat);
    if patrolling {
        let beat = Event {
            at,
            what: What::Beat,
        };
        detection.see(&beat);
    }
}

impl Detection {
    fn see(&mut self, event: &Event) {
        hand_over(self.detector.as_mut(), event, &mut self.scores);
    }
}

/// Acts on what the detector has said since the last refresh.
pub fn act(now: Res<Now>, mut detection: ResMut<Detection>, mut bench: Bench) {
    if !now.refresh {
        return;
    }
    let thresholds = detection.thresholds;
    for said in detection.scores.take() {
        bench.hear(&said, &thresholds);
    }
    bench.shut_out();
}

/// The room that an event is about.
fn room_of(what: &What) -> Option<Id> {
    match *what {
        What::Air { room, .. }
        | What::Leave { room, .. }
        | What::Like { room, .. }
        | What::Comment { room, .. }
        | What::Follow { room, .. }
        | What::CartClick { room, .. }
        | What::Price { room, .. }
        | What::Close { room, .. }
        | What::Reference { room, .. }
        | What::Coupon { room, .. }
        | What::Speech { room, .. } => Some(room),
        What::Frame(frame) => Some(frame.room),
        What::Enter(enter) => Some(enter.room),
        What::Order(order) => Some(order.room),
        What::Beat | What::Payment { .. } | What::Refund { .. } | What::SoldBefore { .. } => None,
    }
}

/// A room's counters as they would be on display if nothing had been corrected: a detector must not learn from what was found before. What staff only
/// call out the platform has not counted.
fn frame_of(room: Id, display: &Display, offers: &Offers) -> Frame {
    let shown = display.counted;
    let called_out: u64 = offers.0.iter().map(|offer| offer.shouted_orders).sum();
    Frame {
        room,
        viewers: display.counted_viewers,
        views: shown.views,
        orders: shown.orders.saturating_sub(called_out),
        likes: shown.likes,
        comments: shown.comments,
        follows: shown.follows,
        cart_clicks: shown.cart_clicks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::PatrolDetector;

    #[test]
    fn every_detector_of_a_regime_is_a_baseline_that_looks_at_counters_and_can_be_saved() {
        let all = [
            PatrolDetector::SilentCrowd,
            PatrolDetector::RobustZ,
            PatrolDetector::Ewma,
            PatrolDetector::Cusum,
            PatrolDetector::PageHinkley,
            PatrolDetector::BayesianChangePoint,
            PatrolDetector::EngagementRatios,
        ];
        for detector in all {
            let regime = Regime {
                detector,
                ..Regime::default()
            };
            let detection = Detection::of(&regime);
            assert_eq!(detection.detector.name(), detector.name());
            assert!(!detection.detector.sees_accounts(), "{detector:?}");
            assert!(detection.detector.save().is_some(), "{detector:?}");
        }
    }
}
