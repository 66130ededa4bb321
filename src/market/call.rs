//! Call: people who are told from outside to come into a room, at about the same time: a celebrity's public, a fan club, an advertisement.
//!
//! Whoever goes online on that day by its own plan keeps to the plan: a call brings only those who would not have come at all. So who comes by itself
//! is the same with and without a call.
//!
//! Everybody who may be called is reached with the same probability, whatever becomes of others. Who is reached is found by the gaps between them, which
//! are geometric, so a call costs what it brings and not what the market holds.

use super::plan::{evening_of, previews_of};
use super::population::{Census, ConsumerId};
use super::time::{Now, Plot};
use super::wander::{Wanderer, Wanderers};
use crate::detect::event::Source;
use crate::draws::{Draws, Identity, Mechanism, Words, identity_of_pair};
use crate::scenario::file::CalledBy;
use crate::scenario::{Act, Id};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

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
    let call = identity_of_pair(plot.rooms[room as usize].key, u64::from(*number));
    let mut coming = Vec::new();
    for (consumer, words) in reached(draws, call, *reach, census.members(*segment)) {
        let (whose, _) = census.segment_of(consumer);
        let key = census.key_of(consumer);
        if calls.today.contains(&consumer)
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
    let mut wanderers = world.resource_mut::<Wanderers>();
    for wanderer in coming {
        wanderers.0.add(wanderer);
    }
    *world.resource_mut::<Calls>() = calls;
}

/// Those of some consumers whom a call reaches, in order, each with the words of its own that it has drawn: a share `reach` of them, independently.
fn reached(
    draws: Draws,
    call: Identity,
    reach: f64,
    among: Range<u64>,
) -> impl Iterator<Item = (ConsumerId, Words)> {
    let missed = libm::log1p(-reach);
    let mut next = among.start;
    (0..).map_while(move |ordinal| {
        let words = draws.at(Mechanism::Call, call, ordinal);
        // As many are passed over as fail before the first success.
        let gap = libm::floor(libm::log1p(-words.uniform(0)) / missed);
        let found = next.saturating_add(gap as u64);
        next = found.saturating_add(1);
        (reach > 0.0 && found < among.end).then_some((found as ConsumerId, words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(call: Identity, reach: f64, among: Range<u64>) -> Vec<ConsumerId> {
        let reached = reached(Draws::new(1), call, reach, among);
        reached.map(|(consumer, _)| consumer).collect()
    }

    #[test]
    fn everybody_is_reached_with_the_same_probability() {
        assert_eq!(who(1, 1.0, 10..20), (10..20).collect::<Vec<_>>());
        assert!(who(1, 0.0, 10..20).is_empty());
        let (calls, reach) = (20_000, 0.03);
        let mut times = [0_u32; 40];
        let mut pairs = 0;
        for call in 0..calls {
            let reached = who(call, reach, 100..140);
            assert!(reached.is_sorted_by(|one, next| one < next));
            reached
                .iter()
                .for_each(|consumer| times[*consumer as usize - 100] += 1);
            pairs += u32::from(reached.contains(&104) && reached.contains(&105));
        }
        let within = |found: u32, share: f64| {
            let expected = calls as f64 * share;
            (f64::from(found) - expected).abs() < 5.0 * expected.sqrt()
        };
        assert!(times.iter().all(|found| within(*found, reach)), "{times:?}");
        assert!(within(pairs, reach * reach), "{pairs}");
    }

    #[test]
    fn more_people_change_nothing_for_those_before_them() {
        let few = who(7, 0.1, 0..1_000);
        let many = who(7, 0.1, 0..2_000);
        assert_eq!(many[..few.len()], few);
        assert!(many.len() > few.len());
    }
}
