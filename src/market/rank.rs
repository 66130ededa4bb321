//! Rank: the platform's exposure of rooms (MODEL section 4). Heat is made of displayed figures only, as averages with a half-life, so
//! bought views earn real traffic; exposure is heat to the power eta, times promotion, for rooms on air.

use super::crowd::Counts;
use super::display::Display;
use super::room::{Air, RoomId};
use super::roster::Dormant;
use super::time::Now;
use super::tree::ExposureTree;
use crate::scenario::file::RankingTable;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Averages that a room's heat is made of.
#[derive(Component, Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Heat {
    /// Displayed viewers.
    viewers: f64,
    /// Displayed likes a minute.
    likes: f64,
    /// Displayed comments a minute.
    comments: f64,
    /// Displayed orders a minute.
    orders: f64,
    /// Displayed cart clicks a minute.
    cart_clicks: f64,
    /// Displayed counters at the last refresh.
    last: Counts,
    /// Heat when the weight was worked out.
    weighed: f64,
    /// Its weight among all rooms on air: heat to the power eta, times promotion, less what it is curbed by.
    weight: f64,
    /// Share of its exposure that the platform has taken away.
    pub curbed: f64,
}

/// Exposure of rooms, and who is on air.
#[derive(Resource, Debug)]
pub struct Exposures {
    /// Rooms by exposure.
    pub tree: ExposureTree,
    /// By room.
    pub on_air: Vec<bool>,
    /// By anchor: its room on air.
    pub room_of: Vec<Option<Id>>,
}

impl Exposures {
    /// Nobody on air yet.
    pub fn new(scenario: &Scenario) -> Self {
        let keys: Vec<u64> = scenario.rooms.iter().map(|room| room.key).collect();
        Self {
            tree: ExposureTree::new(&keys),
            on_air: vec![false; scenario.rooms.len()],
            room_of: vec![None; scenario.anchors.len()],
        }
    }

    /// A room goes on or off air.
    pub fn set_on_air(&mut self, room: Id, anchor: Id, on: bool) {
        self.on_air[room as usize] = on;
        let current = &mut self.room_of[anchor as usize];
        if on {
            *current = Some(room);
        } else {
            if *current == Some(room) {
                *current = None;
            }
            self.tree.set(room as usize, 0.0);
        }
    }
}

/// Followers of anchors: those of the real world, and those gained.
#[derive(Resource, Debug)]
pub struct Followers {
    /// Anchors by their followers at the start: whom consumers follow from the start.
    pub tree: ExposureTree,
    /// Gained in this run, by anchor.
    pub gained: Vec<u64>,
}

impl Followers {
    /// Followers at the start.
    pub fn new(scenario: &Scenario) -> Self {
        let keys: Vec<u64> = scenario.anchors.iter().map(|anchor| anchor.key).collect();
        let mut tree = ExposureTree::new(&keys);
        for (anchor, index) in scenario.anchors.iter().zip(0..) {
            tree.set(index, anchor.followers);
        }
        tree.refresh();
        Self {
            tree,
            gained: vec![0; scenario.anchors.len()],
        }
    }

    /// Followers of an anchor now, in the real world.
    pub fn of(&self, plot: &Scenario, anchor: Id) -> f64 {
        let gained = self.gained[anchor as usize] as f64;
        plot.anchors[anchor as usize].followers + gained * plot.population.represents
    }

    /// Somebody follows an anchor.
    pub fn gain(&mut self, anchor: Id) {
        self.gained[anchor as usize] += 1;
    }
}

/// Puts the heat of the rooms on air into the tree from which people choose; a room that has just gone on or off air is ranked at once.
pub fn rank(
    mut exposures: ResMut<Exposures>,
    rooms: Query<(&RoomId, &Air, &Heat), Without<Dormant>>,
) {
    for (id, air, heat) in &rooms {
        if *air == Air::On {
            exposures.tree.set(id.0 as usize, heat.weight);
        }
    }
    exposures.tree.refresh();
}

impl Heat {
    /// Recomputes the room's heat; its averages move when displays refresh.
    pub fn follow(
        &mut self,
        plot: &Scenario,
        now: &Now,
        followers: &Followers,
        room: Id,
        display: &Display,
    ) {
        if now.refresh {
            self.warm(display, plot);
        }
        let room = &plot.rooms[room as usize];
        let bought = display
            .displayed
            .follows
            .saturating_sub(display.real.follows);
        let fans = followers.of(plot, room.anchor) + bought as f64;
        let heat = self.level(&plot.ranking, fans);
        // Between refreshes heat moves only when somebody has followed.
        if heat != self.weighed {
            self.weighed = heat;
            let full = libm::pow(heat, plot.ranking.heat_exponent) * room.promotion;
            self.weight = full * (1.0 - self.curbed);
        }
    }

    /// The room's share of the platform's exposure.
    pub fn share(&self, exposures: &Exposures) -> f64 {
        let total = exposures.tree.total();
        if total > 0.0 {
            self.weight / total
        } else {
            0.0
        }
    }

    /// Moves the averages by one display period.
    fn warm(&mut self, display: &Display, plot: &Scenario) {
        let period = plot.clock.display_period;
        let keep = libm::exp2(-period / plot.ranking.half_life_seconds);
        let now = display.displayed;
        let mix = |average: &mut f64, value: f64| *average = keep * *average + (1.0 - keep) * value;
        let rate = |now: u64, last: u64| now.saturating_sub(last) as f64 * 60.0 / period;
        mix(&mut self.viewers, display.displayed_viewers as f64);
        mix(&mut self.likes, rate(now.likes, self.last.likes));
        mix(&mut self.comments, rate(now.comments, self.last.comments));
        mix(&mut self.orders, rate(now.orders, self.last.orders));
        mix(
            &mut self.cart_clicks,
            rate(now.cart_clicks, self.last.cart_clicks),
        );
        self.last = now;
    }

    fn level(&self, ranking: &RankingTable, followers: f64) -> f64 {
        ranking.base_heat
            + ranking.viewers_weight * self.viewers
            + ranking.likes_weight * self.likes
            + ranking.comments_weight * self.comments
            + ranking.orders_weight * self.orders
            + ranking.cart_clicks_weight * self.cart_clicks
            + ranking.followers_weight * followers / 1_000.0
    }
}
