//! How much work a market has done, and the unit in which the work of each step is counted.

use super::steps::Step;
use serde::{Deserialize, Serialize};
use yellowcart::market::Market;
use yellowcart::market::parts::{Crowd, Plot};

/// Work done so far.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Work {
    /// Consumers in the world.
    pub consumers: f64,
    /// Ticks.
    pub ticks: f64,
    /// Ticks of all rooms, on air or not.
    pub room_ticks: f64,
    /// Ticks of rooms on air.
    pub on_air_ticks: f64,
    /// Entries of consumers.
    pub arrivals: f64,
    /// Acts of consumers that came to something: looks, refreshes, likes, comments, follows, leaving.
    pub acts: f64,
    /// Looks.
    pub looks: f64,
    /// Orders of consumers.
    pub orders: f64,
    /// Bots that came.
    pub bots: f64,
}

impl Work {
    /// What a market has done.
    pub fn of(market: &mut Market) -> Self {
        let summary = market.summary();
        let totals = &summary.market;
        let ticks = summary.ticks as f64;
        let until = market.time();
        let world = market.world_mut();
        let plot = world.resource::<Plot>().clone();
        let on_air = plot.rooms.iter().map(|room| {
            let seconds = room.off_air.min(until) - room.on_air.min(until);
            seconds / plot.clock.tick
        });
        let mut crowds = world.query::<&Crowd>();
        let acts = crowds.iter(world).map(|crowd| {
            let real = &crowd.real;
            real.cart_clicks + real.likes + real.comments + real.follows + crowd.left
        });
        Self {
            consumers: plot.population.consumers as f64,
            ticks,
            room_ticks: ticks * plot.rooms.len() as f64,
            on_air_ticks: on_air.sum(),
            arrivals: totals.real_views as f64,
            acts: acts.sum::<u64>() as f64,
            looks: totals.looks as f64,
            orders: totals.real_orders as f64,
            bots: (totals.displayed_views - totals.real_views) as f64,
        }
    }

    /// What has been done since.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            consumers: self.consumers,
            ticks: self.ticks - before.ticks,
            room_ticks: self.room_ticks - before.room_ticks,
            on_air_ticks: self.on_air_ticks - before.on_air_ticks,
            arrivals: self.arrivals - before.arrivals,
            acts: self.acts - before.acts,
            looks: self.looks - before.looks,
            orders: self.orders - before.orders,
            bots: self.bots - before.bots,
        }
    }

    /// The work of a step, and its unit.
    pub fn at(&self, step: Step) -> (f64, &'static str) {
        match step {
            Step::World | Step::DayEnd => (self.consumers, "consumer"),
            Step::Clock => (self.ticks, "tick"),
            Step::Script | Step::Bots | Step::Observe => (self.room_ticks, "room and tick"),
            Step::Prepare | Step::Rank => (self.on_air_ticks, "room on air and tick"),
            Step::Arrive => (self.arrivals, "arrival"),
            Step::Attend | Step::Depart => (self.acts, "act"),
            Step::Checkout => (self.orders, "order"),
        }
    }
}
