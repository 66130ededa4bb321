//! Call: people who are told from outside to come into a room, at about the same time: a celebrity's public, a fan club, an advertisement.
//!
//! Whoever goes online on that day by its own plan keeps to the plan: a call brings only those who would not have come at all. So who comes by itself
//! is the same with and without a call.

use super::arrive::{Wanderer, Wanderers};
use super::plan::{evening_of, previews_of};
use super::population::{Census, ConsumerId};
use super::time::{Now, Plot};
use crate::detect::event::Source;
use crate::draws::{Draws, Mechanism, identity_of_pair};
use crate::scenario::file::CalledBy;
use crate::scenario::{Act, Id};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Calls, and who has followed one today.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// Made in this tick: room, and place of the cue in its list.
    made: Vec<(Id, usize)>,
    /// The day that `today` is about.
    day: u32,
    /// Who has followed a call today.
    today: BTreeSet<ConsumerId>,
}

impl Calls {
    /// A cue calls people.
    pub fn call(&mut self, room: Id, cue: usize) {
        self.made.push((room, cue));
    }
}

/// Sends on their way those who follow the calls of this tick.
pub fn answer(world: &mut World) {
    let made = std::mem::take(&mut world.resource_mut::<Calls>().made);
    for (room, cue) in made {
        follow(world, room, cue);
    }
}

fn follow(world: &mut World, room: Id, cue: usize) {
    let plot = world.resource::<Plot>().clone();
    let now = world.resource::<Now>().clone();
    let called = plot.rooms[room as usize].cues.get(cue);
    let Some(Act::Call {
        segment,
        reach,
        over,
        by,
        number,
    }) = called.map(|cue| &cue.act)
    else {
        return;
    };
    let mut calls = std::mem::take(&mut *world.resource_mut::<Calls>());
    if calls.day != now.day {
        (calls.day, calls.today) = (now.day, BTreeSet::new());
    }
    let source = match by {
        CalledBy::Advertisement => Source::Advertisement,
        CalledBy::Link => Source::Link,
    };
    let census = world.resource::<Census>();
    let draws = Draws::new(plot.seed);
    let previews = previews_of(&plot, &now);
    let mut coming = Vec::new();
    for consumer in 0..census.consumers as ConsumerId {
        let (whose, _) = census.segment_of(consumer);
        if segment.is_some_and(|segment| segment != whose) {
            continue;
        }
        let key = census.key_of(consumer);
        let pair = identity_of_pair(key, plot.rooms[room as usize].key);
        let words = draws.at(Mechanism::Call, pair, *number);
        if words.uniform(0) >= *reach
            || calls.today.contains(&consumer)
            || evening_of(&plot, draws, key, whose, &now, &previews).is_some()
        {
            continue;
        }
        calls.today.insert(consumer);
        coming.push(Wanderer {
            time: now.start + over * words.exponential(1),
            consumer,
            visits: 0,
            looks: 0,
            session_end: None,
            called_to: Some((room, source)),
        });
    }
    coming.sort_unstable_by(|a, b| a.time.total_cmp(&b.time).then(a.consumer.cmp(&b.consumer)));
    world.resource_mut::<Wanderers>().waiting.extend(coming);
    *world.resource_mut::<Calls>() = calls;
}
