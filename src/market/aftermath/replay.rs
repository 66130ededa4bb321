//! Replays: what was said in a room can be shown as long as its replay is kept and open (MODEL section 8). Kept is not open: the platform's archive
//! serves the authority alone.

use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Replays that are deleted before their time: the second, by room; it may still be to come.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Replays(Vec<Option<f64>>);

impl Replays {
    /// None deleted.
    pub fn new(plot: &Scenario) -> Self {
        Self(vec![None; plot.rooms.len()])
    }

    /// Whether buyers can see a room's replay at a second.
    pub fn is_open(&self, plot: &Scenario, room: Id, second: f64) -> bool {
        let days = duty(plot, second, |regime| regime.replay_public_days);
        self.is_open_for(days.max(plot.aftermath.replay_days), plot, room, second)
    }

    /// Whether buyers could see it without any rule.
    pub fn is_open_by_itself(&self, plot: &Scenario, room: Id, second: f64) -> bool {
        self.is_open_for(plot.aftermath.replay_days, plot, room, second)
    }

    fn is_open_for(&self, days: f64, plot: &Scenario, room: Id, second: f64) -> bool {
        self.age(plot, room, second) <= days && !self.is_deleted(room, second)
    }

    /// Whether the authority could see it without any rule.
    pub fn is_kept_by_itself(&self, plot: &Scenario, room: Id, second: f64) -> bool {
        self.is_archived_for(plot.aftermath.archive_days, plot, room, second)
    }

    fn is_archived_for(&self, days: f64, plot: &Scenario, room: Id, second: f64) -> bool {
        let archive = plot.aftermath.archive_outlasts_deletion || !self.is_deleted(room, second);
        archive && self.age(plot, room, second) <= days
    }

    /// Whether the authority can see what was said in a room at a second.
    pub fn is_kept(&self, plot: &Scenario, room: Id, second: f64) -> bool {
        let days = kept_for_authority(plot, room, second).max(plot.aftermath.archive_days);
        self.is_archived_for(days, plot, room, second) || self.is_open(plot, room, second)
    }

    /// Whether the room's replay has to be there for buyers or the authority at a second and is not.
    pub fn is_unlawfully_missing(&self, plot: &Scenario, room: Id, second: f64) -> bool {
        let open = duty(plot, second, |regime| regime.replay_public_days);
        let kept = kept_for_authority(plot, room, second);
        self.age(plot, room, second) <= open.max(kept) && !self.is_kept(plot, room, second)
    }

    fn is_deleted(&self, room: Id, second: f64) -> bool {
        let deleted = self.0.get(room as usize).copied().flatten();
        deleted.is_some_and(|deleted| deleted <= second)
    }

    fn age(&self, plot: &Scenario, room: Id, second: f64) -> f64 {
        let off_air = plot.rooms.get(room as usize).map(|room| room.off_air);
        off_air.map_or(f64::INFINITY, |off_air| (second - off_air) / 86_400.0)
    }

    /// A complaint has come for which a room's replay would be evidence: whoever gains by it has it deleted a day later, unless a rule says that it
    /// has to be open at that time. Returns whether it will be.
    pub fn complained(&mut self, plot: &Scenario, room: Id, second: f64) -> bool {
        let at = second + 86_400.0;
        let must_be_open = duty(plot, at, |regime| regime.replay_public_days);
        let forbidden = self.age(plot, room, at) <= must_be_open;
        let doomed = self.is_deleted(room, at);
        if forbidden || doomed || !self.is_open(plot, room, at) {
            return false;
        }
        self.0[room as usize] = Some(at);
        true
    }
}

fn duty(plot: &Scenario, second: f64, days: impl Fn(&crate::scenario::Regime) -> f64) -> f64 {
    match plot.regime.holds_at(second) {
        true => days(&plot.regime),
        false => 0.0,
    }
}

/// Days for which the rules demand that a room's replay is kept for the authority: longer for key rooms.
fn kept_for_authority(plot: &Scenario, room: Id, second: f64) -> f64 {
    duty(plot, second, |regime| {
        let room = plot.rooms.get(room as usize);
        let followers = room.map_or(0.0, |room| plot.anchors[room.anchor as usize].followers);
        let is_key = followers >= regime.key_room_followers;
        regime.replay_authority_days
            + if is_key {
                regime.key_room_extra_days
            } else {
                0.0
            }
    })
}
