//! Time: which tick it is, which simulated day, and how the clock jumps over gaps in which nobody is on air.
//!
//! Ticks lie on a fixed grid: tick `n` covers the seconds `[n * dt, (n + 1) * dt)` after the scenario's start.

use super::balance::{Balances, Returns};
use super::checkout::Reservations;
use super::errand::Errands;
use super::ledger::Refunds;
use crate::scenario::{Clock, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The scenario, for every system to read.
#[derive(Resource, Clone)]
pub struct Plot(pub Arc<Scenario>);

impl std::ops::Deref for Plot {
    type Target = Scenario;
    fn deref(&self) -> &Scenario {
        &self.0
    }
}

/// The current tick.
#[derive(Resource, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Now {
    /// Number of the tick on the grid.
    pub tick: u64,
    /// Its first second.
    pub start: f64,
    /// The first second after it.
    pub end: f64,
    /// Simulated day, from 0.
    pub day: u32,
    /// Whether displayed counters and ranks refresh in this tick.
    pub refresh: bool,
    /// Ticks simulated so far (gaps that were jumped over do not count).
    pub simulated: u64,
}

impl Now {
    /// The first tick.
    pub fn first(clock: &Clock) -> Self {
        let mut now = Now {
            tick: 0,
            start: 0.0,
            end: 0.0,
            day: 0,
            refresh: true,
            simulated: 0,
        };
        now.move_to(0, clock);
        now
    }

    /// Seconds in a tick.
    pub fn length(&self) -> f64 {
        self.end - self.start
    }

    fn move_to(&mut self, tick: u64, clock: &Clock) {
        let per_refresh = (clock.display_period / clock.tick).round().max(1.0) as u64;
        self.tick = tick;
        self.start = tick as f64 * clock.tick;
        self.end = (tick + 1) as f64 * clock.tick;
        self.refresh = tick.is_multiple_of(per_refresh);
    }

    /// The second at which the current simulated day ends: the day's hour, or the scenario's end if that comes first.
    pub fn day_end(&self, clock: &Clock) -> f64 {
        (clock.first_day_end + f64::from(self.day) * 86_400.0).min(clock.end)
    }

    /// The second at which the current simulated day began; before 0 for the first day.
    pub fn day_begin(&self, clock: &Clock) -> f64 {
        clock.first_day_end + (f64::from(self.day) - 1.0) * 86_400.0
    }

    /// Whether the day is over once this tick is.
    pub fn day_is_over(&self, clock: &Clock) -> bool {
        self.end >= self.day_end(clock)
    }

    /// Whether the scenario is over once this tick is.
    pub fn is_last(&self, clock: &Clock) -> bool {
        self.end >= clock.end
    }
}

/// The simulated day in which a second lies.
pub fn day_of(clock: &Clock, second: f64) -> u32 {
    let after = (second - clock.first_day_end) / 86_400.0;
    if after < 0.0 { 0 } else { 1 + after as u32 }
}

/// Seconds at which something is bound to happen, for the clock to jump to.
#[derive(Resource, Debug)]
pub struct Windows {
    /// On-air windows, merged and in order.
    merged: Vec<(f64, f64)>,
}

impl Windows {
    /// The merged on-air windows of all rooms. A window is kept open two ticks longer, so that closing rooms empty.
    pub fn new(scenario: &Scenario) -> Self {
        let slack = 2.0 * scenario.clock.tick;
        let mut windows: Vec<_> = scenario
            .rooms
            .iter()
            .map(|room| (room.on_air, room.off_air + slack))
            .collect();
        windows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut merged: Vec<(f64, f64)> = Vec::new();
        for (from, until) in windows {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        Self { merged }
    }

    /// The first second at or after `second` at which somebody is on air.
    pub fn next_on_air(&self, second: f64) -> Option<f64> {
        let index = self.merged.partition_point(|window| window.1 <= second);
        self.merged.get(index).map(|window| window.0.max(second))
    }
}

/// Moves the clock to the next tick in which something can happen. A day's last tick is always simulated, so that days end in order.
pub fn advance(world: &mut World) {
    let plot = world.resource::<Plot>().clone();
    let clock = &plot.clock;
    let now = world.resource::<Now>().clone();
    let mut day = now.day;
    if now.day_is_over(clock) {
        day += 1;
    }
    let after = now.tick + 1;
    let second = after as f64 * clock.tick;
    let day_end = (clock.first_day_end + f64::from(day) * 86_400.0).min(clock.end);
    let last_of_day = ((day_end / clock.tick).ceil() as u64).saturating_sub(1);
    let wanted = [
        world.resource::<Windows>().next_on_air(second),
        world.resource::<Reservations>().held.next_event(),
        world.resource::<Refunds>().next_event(),
        world.resource::<Balances>().next_event(),
        world.resource::<Returns>().0.next_event(),
        world.resource::<Errands>().next_event(),
    ]
    .into_iter()
    .flatten()
    .fold(f64::INFINITY, f64::min);
    let wanted_tick = if wanted.is_finite() {
        (wanted / clock.tick).floor() as u64
    } else {
        last_of_day
    };
    let next = wanted_tick.min(last_of_day).max(after);
    let mut now = world.resource_mut::<Now>();
    now.day = day;
    now.simulated += 1;
    now.move_to(next, clock);
}
