//! Patrols: a platform that watches some of its rooms through a detector and acts on what it is told (MODEL sections 4 and 9).
//!
//! Which rooms are patrolled is a keyed draw, more often for key rooms; an alert that scores high enough is acted on with the diligence that the regime
//! states. Then the room's counters are corrected and its exposure is throttled for the rest of the evening, and an anchor that is sanctioned again is
//! suspended: its rooms stay closed. A sanction is true if the room had bought or shouted by then; false ones harm honest rooms.

use super::crowd::Crowd;
use super::display::Display;
use super::enforce::Enforcement;
use super::offers::Offers;
use super::rank::Heat;
use super::room::{Air, RoomIndex};
use super::rows::{Account, EnforcementRow};
use super::tally::Tally;
use super::time::{Now, Plot};
use crate::detect::{Detector, Event, Frame, Score, Scores, SilentCrowd, Subject, What, hand_over};
use crate::draws::{Draws, Mechanism};
use crate::money::Fen;
use crate::scenario::{Id, Regime, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// The detector in use.
#[derive(Resource)]
pub struct Detection(pub Box<dyn Detector>);

impl Default for Detection {
    fn default() -> Self {
        Self(Box::new(SilentCrowd::default()))
    }
}

/// What the platform has done so far.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Patrols {
    /// By room: whether it has been counted as patrolled.
    counted: Vec<bool>,
    /// By room: whether it has been sanctioned.
    sanctioned: Vec<bool>,
    /// By anchor: sanctions so far, and the second until which it is suspended.
    anchors: Vec<(u32, f64)>,
}

impl Patrols {
    /// None yet.
    pub fn new(plot: &Scenario) -> Self {
        Self {
            counted: vec![false; plot.rooms.len()],
            sanctioned: vec![false; plot.rooms.len()],
            anchors: vec![(0, f64::NEG_INFINITY); plot.anchors.len()],
        }
    }

    /// Whether an anchor may not open a room at a second.
    pub fn is_suspended(&self, anchor: Id, second: f64) -> bool {
        second < self.anchors[anchor as usize].1
    }
}

/// Whether a regime patrols at all.
pub fn patrols(regime: &Regime) -> bool {
    regime.platform_patrol_small > 0.0 || regime.platform_patrol_key > 0.0
}

/// The rooms that the platform patrols, and whether it would act on an alert there: drawn once, since neither changes in a run.
#[derive(Resource, Debug, Default)]
pub struct Rounds(Vec<(Id, bool)>);

impl Rounds {
    /// Those of a scenario.
    pub fn of(plot: &Scenario) -> Self {
        let rooms = 0..plot.rooms.len() as Id;
        Self(
            rooms
                .filter_map(|room| Some((room, acts_if_watched(plot, room)?)))
                .collect(),
        )
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

/// What patrols move.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Beat<'w> {
    plot: Res<'w, Plot>,
    now: Res<'w, Now>,
    index: Res<'w, RoomIndex>,
    rounds: Res<'w, Rounds>,
    detection: ResMut<'w, Detection>,
    patrols: ResMut<'w, Patrols>,
    enforcement: ResMut<'w, Enforcement>,
    tally: ResMut<'w, Tally>,
    recorder: ResMut<'w, super::observe::Recorder>,
}

/// Shows the rooms that are patrolled to the detector when displays refresh, and acts on its alerts.
pub fn patrol(mut beat: Beat, mut rooms: Query<(&Air, &Crowd, &Offers, &mut Display, &mut Heat)>) {
    if !beat.now.refresh || !beat.plot.regime.holds_at(beat.now.start) {
        return;
    }
    let plot = beat.plot.clone();
    let mut scores = Scores::default();
    for at in 0..beat.rounds.0.len() {
        let (id, acts) = beat.rounds.0[at];
        let entity = beat.index.0[id as usize];
        let Ok((air, crowd, offers, mut display, mut heat)) = rooms.get_mut(entity) else {
            continue;
        };
        if *air != Air::On {
            continue;
        }
        if !beat.patrols.counted[id as usize] {
            beat.patrols.counted[id as usize] = true;
            beat.tally.aftermath.patrolled += 1;
        }
        let seen = Event {
            at: (1_000.0 * beat.now.start).round() as u64,
            what: What::Frame(frame_of(id, &display)),
        };
        hand_over(beat.detection.0.as_mut(), &seen, &mut scores);
        let about_it = |said: &Score| said.about == Subject::Room(id);
        let Some(alert) = scores.take().rfind(about_it) else {
            continue;
        };
        if alert.score < plot.regime.detector_threshold || beat.patrols.sanctioned[id as usize] {
            continue;
        }
        beat.tally.aftermath.alerts += 1;
        if acts {
            display.corrected = plot.regime.correct_counters;
            heat.curbed = 1.0 - plot.regime.throttle;
            let fake = crowd.fake != Default::default()
                || offers
                    .0
                    .iter()
                    .any(|offer| offer.displayed_orders() > offer.real_orders);
            beat.sanction(id, &alert, fake);
        }
    }
}

fn frame_of(room: Id, display: &Display) -> Frame {
    let shown = display.displayed;
    Frame {
        room,
        viewers: display.displayed_viewers,
        views: shown.views,
        orders: shown.orders,
        likes: shown.likes,
        comments: shown.comments,
        follows: shown.follows,
        cart_clicks: shown.cart_clicks,
    }
}

impl Beat<'_> {
    fn sanction(&mut self, room: Id, alert: &Score, is_true: bool) {
        let plot = self.plot.clone();
        let anchor = plot.rooms[room as usize].anchor;
        self.patrols.sanctioned[room as usize] = true;
        self.enforcement.acted("platform_patrol", self.now.start);
        let totals = &mut self.tally.aftermath;
        match is_true {
            true => totals.true_sanctions += 1,
            false => totals.false_sanctions += 1,
        }
        let (times, until) = &mut self.patrols.anchors[anchor as usize];
        *times += 1;
        let suspends = *times > 1 && plot.regime.suspension_days > 0.0;
        if suspends {
            *until = self.now.start + 86_400.0 * plot.regime.suspension_days;
        }
        let mut done = Vec::new();
        for (does, what) in [
            (plot.regime.correct_counters, "counters corrected"),
            (plot.regime.throttle < 1.0, "throttled"),
            (suspends, "suspended"),
        ] {
            if does {
                done.push(what);
            }
        }
        let done = if done.is_empty() {
            "warned".to_owned()
        } else {
            done.join(", ")
        };
        self.recorder.enforcement(&EnforcementRow {
            time: self.now.start,
            by: "platform",
            room: Some(room),
            party: Account::Anchor(anchor),
            action: done,
            reason: alert.reason.to_owned(),
            is_true,
            amount: Fen::ZERO,
        });
    }
}
