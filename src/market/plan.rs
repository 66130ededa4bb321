//! The evening's plan: who goes online today and when (MODEL section 4, arrive). Drawn once a day, cohort by cohort, and sorted by time,
//! so that nothing is done in a tick for those who do not come in it.
//!
//! Whoever saw a room's catalogue beforehand and needs something in it has an appointment: it goes online for that room, late by an
//! exponential time, and this replaces its ordinary plan of the day.

use super::population::{Census, Cohort, Traits, needs};
use super::time::{Now, Plot};
use crate::draws::{Draws, Identity, LANES, Mechanism, Words, identity_of_pair};
use crate::scenario::{Id, Room, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Who of a cohort goes online today, in order of (time, row). Columns: milliseconds after the day's begin, and the row in the cohort.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Milliseconds after the simulated day's begin.
    at: Vec<u32>,
    /// Row in the cohort.
    who: Vec<u16>,
    /// How many have come.
    come: usize,
}

/// Ordinals of the plan's draws: one address for going online, one for the session, per day.
const SESSION: u32 = 1 << 16;

/// What somebody plans for a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evening {
    /// Second at which it goes online.
    pub online: f64,
    /// The room it comes for; `None`: no room in particular.
    pub appointment: Option<Id>,
}

/// The evening that a consumer plans for a day; `None`: it stays offline.
pub fn evening_of(
    plot: &Scenario,
    draws: Draws,
    key: Identity,
    segment: u32,
    now: &Now,
    previews: &[Id],
) -> Option<Evening> {
    let words = draws.at(Mechanism::EveningPlan, key, now.day);
    appointment_of(plot, draws, key, segment, previews)
        .or_else(|| ordinary_evening(plot, segment, now, words))
}

/// The evening of somebody without an appointment, from its draw of the day.
fn ordinary_evening(plot: &Scenario, segment: u32, now: &Now, words: Words) -> Option<Evening> {
    let traits = &plot.population.segments[segment as usize].traits;
    if words.uniform(0) >= traits.online_probability {
        return None;
    }
    // The peak's distance from the hour at which days begin, on the clock's face.
    let hours = (traits.online_peak_hour - begin_hour(plot)).rem_euclid(24.0);
    let spread = 60.0 * traits.online_spread_minutes;
    let online = now.day_begin(&plot.clock) + 3_600.0 * hours + spread * words.normal(1);
    Some(Evening {
        online,
        appointment: None,
    })
}

/// Hour of the day at which simulated days begin.
fn begin_hour(plot: &Scenario) -> f64 {
    use chrono::Timelike;
    let start = plot.clock.start.time().num_seconds_from_midnight();
    ((f64::from(start) + plot.clock.first_day_end) / 3_600.0).rem_euclid(24.0)
}

fn appointment_of(
    plot: &Scenario,
    draws: Draws,
    key: Identity,
    segment: u32,
    previews: &[Id],
) -> Option<Evening> {
    let mut earliest: Option<Evening> = None;
    for &id in previews {
        let room = &plot.rooms[id as usize];
        let Some(preview) = &room.preview else {
            continue;
        };
        let words = draws.at(Mechanism::Preview, identity_of_pair(key, room.key), 0);
        if words.uniform(0) >= preview.reach {
            continue;
        }
        let segment = &plot.population.segments[segment as usize];
        let wanted = preview
            .products
            .iter()
            .filter(|(product, _)| {
                let category = plot.products[*product as usize].category as usize;
                needs(segment, category, plot.categories[category].key, key, draws)
            })
            .map(|(_, opens)| *opens)
            .fold(f64::INFINITY, f64::min);
        let online = wanted + preview.lateness * words.exponential(1);
        if online < earliest.map_or(f64::INFINITY, |evening| evening.online) {
            earliest = Some(Evening {
                online,
                appointment: Some(id),
            });
        }
    }
    earliest
}

/// The rooms of a day that showed their catalogue beforehand.
pub fn previews_of(plot: &Scenario, now: &Now) -> Vec<Id> {
    let day = now.day_begin(&plot.clock)..now.day_end(&plot.clock);
    plot.rooms
        .iter()
        .zip(0..)
        .filter(|(room, _)| room.preview.is_some() && day.contains(&room.on_air))
        .map(|(_, id)| id)
        .collect()
}

/// Seconds before a room opens within which somebody may come online and wait for it.
const LONGEST_WAIT: f64 = 6.0 * 3_600.0;

/// Draws the plans of the day that `Now` stands at the beginning of. Where nobody is on air on the day or soon after, nobody plans anything.
pub fn plan_day(world: &mut World) {
    let plot = world.resource::<Plot>().clone();
    let now = world.resource::<Now>().clone();
    let (begin, end) = (now.day_begin(&plot.clock), now.day_end(&plot.clock));
    let on_air = |room: &Room| room.on_air < end + LONGEST_WAIT && room.off_air > begin;
    if !plot.rooms.iter().any(on_air) {
        let mut plans = world.query::<&mut Plan>();
        plans
            .iter_mut(world)
            .for_each(|mut plan| *plan = Plan::default());
        return;
    }
    let previews = previews_of(&plot, &now);
    let planning = Planning {
        plot: &plot,
        now: &now,
        previews: &previews,
        draws: Draws::new(plot.seed),
    };
    let mut cohorts = world.query::<(&Cohort, &mut Plan)>();
    cohorts
        .par_iter_mut(world)
        .for_each(|(cohort, mut plan)| planning.plan_cohort(cohort, &mut plan));
}

/// What the plans of a day depend on beside the consumer.
struct Planning<'a> {
    plot: &'a Scenario,
    now: &'a Now,
    previews: &'a [Id],
    draws: Draws,
}

impl Planning<'_> {
    /// Plans a cohort, as many members side by side as draws have lanes.
    fn plan_cohort(&self, cohort: &Cohort, plan: &mut Plan) {
        let group = self.plot.population.segments[cohort.segment as usize].key;
        let mut planned: Vec<(u32, u16)> = Vec::new();
        for first in (0..cohort.count).step_by(LANES) {
            let index = cohort.first_in_segment + u64::from(first);
            let keys = std::array::from_fn(|lane| identity_of_pair(group, index + lane as u64));
            let words = self
                .draws
                .at_each(Mechanism::EveningPlan, &keys, &[self.now.day; LANES]);
            let members = keys.into_iter().zip(words).zip(first..cohort.count);
            for ((key, words), row) in members {
                let evening = self.evening(cohort.segment, key, words);
                let at =
                    evening.and_then(|evening| self.milliseconds(cohort.segment, key, &evening));
                planned.extend(at.map(|at| (at, row as u16)));
            }
        }
        planned.sort_unstable();
        plan.at = planned.iter().map(|entry| entry.0).collect();
        plan.who = planned.iter().map(|entry| entry.1).collect();
        plan.come = 0;
    }

    /// [`evening_of`], with the draw of the day at hand.
    fn evening(&self, segment: u32, key: Identity, words: Words) -> Option<Evening> {
        appointment_of(self.plot, self.draws, key, segment, self.previews)
            .or_else(|| ordinary_evening(self.plot, segment, self.now, words))
    }

    /// When somebody with this evening comes, in milliseconds after the day's begin; `None`: not on this day, or before the scenario starts.
    fn milliseconds(&self, segment: u32, key: Identity, evening: &Evening) -> Option<u32> {
        let clock = &self.plot.clock;
        let (begin, first) = (self.now.day_begin(clock), self.first());
        if evening.online >= self.now.day_end(clock) {
            return None;
        }
        let online = if evening.online >= first {
            evening.online
        } else if self.still_online(segment, key, evening) {
            // Whoever was online before the scenario starts comes in during the first minute, spread by its own draw.
            let ordinal = SESSION + self.now.day;
            let words = self.draws.at(Mechanism::EveningPlan, key, ordinal);
            first + 60.0 * words.uniform(0)
        } else {
            return None;
        };
        Some(((online - begin) * 1_000.0).clamp(0.0, f64::from(u32::MAX)) as u32)
    }

    /// The day's first second in the scenario. Which ticks are simulated has no part in it: a plan does not depend on events.
    fn first(&self) -> f64 {
        self.now.day_begin(&self.plot.clock).max(0.0)
    }

    /// Whether somebody who came online before the first second is still there.
    fn still_online(&self, segment: u32, key: Identity, evening: &Evening) -> bool {
        let segment = &self.plot.population.segments[segment as usize];
        let session = Traits::of(&segment.traits, key, self.draws).session_seconds;
        evening.online + session > self.first()
    }
}

impl Plan {
    /// Calls `come` for everybody whose time lies before `until` (seconds after the day's begin) and who has not come yet.
    #[inline]
    pub fn due(&mut self, until: f64, mut come: impl FnMut(f64, usize)) {
        while let Some(&at) = self.at.get(self.come) {
            let second = f64::from(at) / 1_000.0;
            if second >= until {
                break;
            }
            come(second, usize::from(self.who[self.come]));
            self.come += 1;
        }
    }
}

/// How many consumers have come online today.
pub fn come_online(world: &mut World) -> u64 {
    let mut plans = world.query::<&Plan>();
    plans.iter(world).map(|plan| plan.come as u64).sum()
}

/// The plan of one consumer today, for the trace.
pub fn plan_of(world: &World, consumer: u32) -> Option<Evening> {
    let plot = world.resource::<Plot>();
    let census = world.resource::<Census>();
    let (segment, _) = census.segment_of(consumer);
    let draws = Draws::new(plot.seed);
    let now = world.resource::<Now>();
    let previews = previews_of(plot, now);
    evening_of(
        plot,
        draws,
        census.key_of(consumer),
        segment,
        now,
        &previews,
    )
}

/// The room for which a consumer comes online today; `None`: it has no appointment.
pub fn appointment_now(
    plot: &Scenario,
    draws: Draws,
    key: Identity,
    segment: u32,
    previews: &[Id],
) -> Option<Id> {
    if previews.is_empty() {
        return None;
    }
    appointment_of(plot, draws, key, segment, previews).and_then(|evening| evening.appointment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Market, Nobody};
    use crate::scenario::{Request, load};
    use std::sync::Arc;

    /// Brute force: one consumer at a time, by `evening_of`.
    #[test]
    fn the_days_plan_has_everybody_who_plans_to_come_later_that_day() {
        for what in ["diamond_necklace", "guess_coat"] {
            let change = ["population.consumers=40003".to_owned()];
            let bundle = load(&Request {
                what,
                overrides: &change,
                ..Request::default()
            });
            let plot = bundle.expect("shipped").resolve().expect("shipped");
            let market = Market::new(Arc::new(plot), Box::new(Nobody));
            let world = &market.world;
            let (plot, now) = (world.resource::<Plot>(), world.resource::<Now>());
            let census = world.resource::<Census>();
            let (begin, end) = (now.day_begin(&plot.clock), now.day_end(&plot.clock));
            let mut planned = 0;
            for consumer in 0..census.consumers as u32 {
                let (cohort, row) = census.place_of(consumer);
                let plan = world.get::<Plan>(cohort).expect("cohorts have plans");
                let place = plan.who.iter().position(|who| usize::from(*who) == row);
                let found = place.map(|place| plan.at[place]);
                let expected = plan_of(world, consumer).filter(|evening| evening.online < end);
                match expected {
                    // Whoever was online before the scenario starts may have gone, and comes spread over a minute.
                    Some(evening) if evening.online < now.start => {}
                    Some(evening) => {
                        planned += 1;
                        assert_eq!(found, Some(((evening.online - begin) * 1_000.0) as u32));
                    }
                    None => assert_eq!(found, None, "consumer {consumer}"),
                }
            }
            assert!(planned > 1_000, "{planned} in {what}");
        }
    }
}
