//! Arrival: who comes in this tick, and into which room (MODEL section 4).
//!
//! Somebody who comes online follows its plan; somebody who hops comes back after a pause. It joins the room of an anchor it follows
//! with some probability, else a room drawn by exposure. Entries keep their exact times, and seats are taken in order of
//! (time, consumer).

use super::agenda::Timed;
use super::memory::Memories;
use super::plan::{Plan, appointment_now, previews_of};
use super::population::{Census, Cohort, ConsumerId, MemoryOf, NO_MEMORY, Traits};
use super::rank::{Exposures, Followers};
use super::sanction::Patrols;
use super::seats::{BlockIndex, Busy, Entry, SeatBlock, Vacancies};
use super::time::{Now, Plot, Windows};
use super::wander::{Wanderer, Wanderers};
use crate::detect::event::Source;
use crate::draws::{Draws, FEW, Identity, LANES, Mechanism, identity_of_pair, poisson};
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use bevy_tasks::ComputeTaskPool;

/// Anchors that somebody follows from the start, at most.
const FOLLOWS: u32 = 8;

/// Ordinal of a room choice's own draw; the tree uses the ordinals below it.
const CHOICE: u32 = 15;

/// Arrivals that one task lets choose. A choice is its own, so the size changes nothing but the work per task.
const CHOOSERS: usize = 256;

/// A room, and by which way; `None` if nothing is on air.
type Choice = Option<(Id, Source)>;

/// Arrivals of the tick and their choices; kept for their capacity.
#[derive(Resource, Debug, Default)]
pub struct Arrivals {
    who: Vec<Wanderer>,
    choices: Vec<Choice>,
}

/// Lets everybody whose time has come choose a room.
pub fn arrive(world: &mut World) {
    let mut arrivals = std::mem::take(&mut *world.resource_mut::<Arrivals>());
    gather(world, &mut arrivals.who);
    arrivals.choices.clear();
    arrivals.choices.resize(arrivals.who.len(), None);
    choose_all(world, &arrivals.who, &mut arrivals.choices);
    let plot = world.resource::<Plot>().clone();
    for (wanderer, choice) in arrivals.who.drain(..).zip(&arrivals.choices) {
        match *choice {
            Some((room, source)) => admit(world, &wanderer, room, source),
            None => wait(world, &plot, wanderer),
        }
    }
    *world.resource_mut::<Arrivals>() = arrivals;
}

/// Lets the arrivals choose, side by side: nobody's choice depends on another's in the same tick.
fn choose_all(world: &World, who: &[Wanderer], choices: &mut [Choice]) {
    let plot = world.resource::<Plot>();
    let now = world.resource::<Now>();
    let previews = previews_of(plot, now);
    let chooser = Chooser {
        plot,
        draws: Draws::new(plot.seed),
        now,
        previews: &previews,
        census: world.resource::<Census>(),
        exposures: world.resource::<Exposures>(),
        followers: world.resource::<Followers>(),
        memories: world.resource::<Memories>(),
    };
    let choose = |who: &[Wanderer], choices: &mut [Choice]| chooser.choose_for(world, who, choices);
    let pool = ComputeTaskPool::get();
    // With one thread in the pool several markets may run side by side, each on a thread of its own: none waits for another's tasks.
    if who.len() <= 2 * CHOOSERS || pool.thread_num() <= 1 {
        choose(who, choices);
        return;
    }
    let choose = &choose;
    pool.scope(|scope| {
        for (who, choices) in who.chunks(CHOOSERS).zip(choices.chunks_mut(CHOOSERS)) {
            scope.spawn(async move { choose(who, choices) });
        }
    });
}

/// Everybody whose time lies in this tick, in order of (time, consumer).
fn gather(world: &mut World, arrivals: &mut Vec<Wanderer>) {
    let plot = world.resource::<Plot>().clone();
    let now = world.resource::<Now>().clone();
    let begin = now.day_begin(&plot.clock);
    let mut plans = world.query::<(&Cohort, &mut Plan)>();
    for (cohort, mut plan) in plans.iter_mut(world) {
        // Reading first leaves a cohort in which nobody comes untouched.
        plan.bypass_change_detection()
            .due(now.end - begin, |second, row| {
                arrivals.push(Wanderer {
                    time: begin + second,
                    consumer: cohort.first + row as u32,
                    visits: 0,
                    looks: 0,
                    session_end: None,
                    called_to: None,
                });
            });
    }
    world.resource_mut::<Wanderers>().0.due(now.end, arrivals);
    let patrols = world.resource::<Patrols>();
    arrivals.retain(|wanderer| !patrols.keeps_out(wanderer.consumer));
    still_there(world, &plot, &now, arrivals);
    arrivals.sort_unstable_by(Wanderer::order);
}

/// Whoever came online while the clock jumped over a gap, in which nothing was on air, is here only if its session lasts until now.
fn still_there(world: &World, plot: &Scenario, now: &Now, arrivals: &mut Vec<Wanderer>) {
    arrivals.retain_mut(|wanderer| {
        if wanderer.time < now.start {
            let end = session_end_of(world, plot, wanderer);
            wanderer.session_end = Some(end);
            wanderer.time = now.start;
            return end > now.start;
        }
        true
    });
}

/// When somebody goes offline.
fn session_end_of(world: &World, plot: &Scenario, wanderer: &Wanderer) -> f64 {
    wanderer.session_end.unwrap_or_else(|| {
        let census = world.resource::<Census>();
        let (segment, _) = census.segment_of(wanderer.consumer);
        let table = &plot.population.segments[segment as usize].traits;
        let key = census.key_of(wanderer.consumer);
        let traits = Traits::of(table, key, Draws::new(plot.seed));
        wanderer.time + traits.session_seconds
    })
}

/// What a choice of room depends on.
struct Chooser<'a> {
    plot: &'a Scenario,
    draws: Draws,
    now: &'a Now,
    previews: &'a [Id],
    census: &'a Census,
    exposures: &'a Exposures,
    followers: &'a Followers,
    memories: &'a Memories,
}

impl Chooser<'_> {
    /// The rooms that some people go to. Those who take what the platform exposes walk down its tree side by side.
    fn choose_for(&self, world: &World, who: &[Wanderer], choices: &mut [Choice]) {
        let (mut places, mut keys, mut visits) = ([0; LANES], [0; LANES], [0; LANES]);
        let mut count = 0;
        for (place, wanderer) in who.iter().enumerate() {
            let key = self.census.key_of(wanderer.consumer);
            let day_key = identity_of_pair(key, u64::from(self.now.day));
            choices[place] = self.in_mind(world, key, day_key, wanderer);
            if choices[place].is_none() {
                (places[count], keys[count], visits[count]) = (place, day_key, wanderer.visits);
                count += 1;
            }
            if count == LANES || (count > 0 && place + 1 == who.len()) {
                let rooms = self.exposed(&keys, &visits, count);
                for (place, room) in places.iter().zip(rooms).take(count) {
                    choices[*place] = room.map(|room| (room as Id, Source::Feed));
                }
                count = 0;
            }
        }
    }

    /// The rooms that the platform shows to the first `count` of these.
    fn exposed(
        &self,
        keys: &[Identity; LANES],
        visits: &[u32; LANES],
        count: usize,
    ) -> [Option<usize>; LANES] {
        let (tree, mechanism) = (&self.exposures.tree, Mechanism::RoomChoice);
        if count > FEW {
            return tree.choose_each(self.draws, mechanism, keys, visits);
        }
        let mut rooms = [None; LANES];
        for lane in 0..count {
            rooms[lane] = tree.choose(self.draws, mechanism, keys[lane], visits[lane]);
        }
        rooms
    }

    /// The room that somebody has in mind: for an appointment, or because it follows the anchor.
    fn in_mind(
        &self,
        world: &World,
        key: Identity,
        day_key: Identity,
        wanderer: &Wanderer,
    ) -> Choice {
        if let Some((room, source)) = wanderer.called_to
            && self.exposures.on_air[room as usize]
        {
            return Some((room, source));
        }
        if wanderer.visits == 0
            && let Some(room) = self.appointment(key, wanderer)
        {
            return Some((room, Source::Follow));
        }
        let ordinal = wanderer.visits * 16 + CHOICE;
        let words = self.draws.at(Mechanism::RoomChoice, day_key, ordinal);
        if words.uniform(0) >= self.plot.behaviour.join_followed {
            return None;
        }
        let room = self.followed(world, key, day_key, wanderer);
        room.map(|room| (room, Source::Follow))
    }

    fn appointment(&self, key: Identity, wanderer: &Wanderer) -> Option<Id> {
        let (segment, _) = self.census.segment_of(wanderer.consumer);
        appointment_now(self.plot, self.draws, key, segment, self.previews)
            .filter(|room| self.exposures.on_air[*room as usize])
    }

    /// Among rooms on air of anchors that it follows: the one with the smallest keyed draw, so that others change nothing.
    fn followed(
        &self,
        world: &World,
        key: Identity,
        day_key: Identity,
        wanderer: &Wanderer,
    ) -> Option<Id> {
        let (segment, _) = self.census.segment_of(wanderer.consumer);
        let mean = self.plot.population.segments[segment as usize]
            .traits
            .anchors_followed;
        let count = poisson(
            mean,
            self.draws.at(Mechanism::Follows, key, u32::MAX).uniform(0),
        );
        let from_start = (0..count.min(FOLLOWS)).filter_map(|nth| {
            self.followers
                .tree
                .choose(self.draws, Mechanism::Follows, key, nth)
                .map(|anchor| anchor as Id)
        });
        let memory = memory_of(world, self.census, wanderer.consumer);
        let since = self.memories.followed(memory);
        let visit = identity_of_pair(day_key, u64::from(wanderer.visits));
        let mut best: Option<(f64, Id)> = None;
        for anchor in from_start.chain(since) {
            let Some(room) = self.exposures.room_of[anchor as usize] else {
                continue;
            };
            let pair = identity_of_pair(visit, self.plot.rooms[room as usize].key);
            let draw = self
                .draws
                .at(Mechanism::RoomChoice, pair, CHOICE)
                .uniform(1);
            if best.is_none_or(|(least, _)| draw < least) {
                best = Some((draw, room));
            }
        }
        best.map(|(_, room)| room)
    }
}

/// The memory of a consumer; [`NO_MEMORY`] if it has none.
pub fn memory_of(world: &World, census: &Census, consumer: ConsumerId) -> u32 {
    let (cohort, row) = census.place_of(consumer);
    world
        .get::<MemoryOf>(cohort)
        .map_or(NO_MEMORY, |column| column.0[row])
}

/// Gives an entry to the first block of the room with a seat left, spawning one if there is none.
fn admit(world: &mut World, wanderer: &Wanderer, room: Id, source: Source) {
    let entry = Entry {
        consumer: wanderer.consumer,
        time: wanderer.time,
        visit: wanderer.visits + 1,
        looks: wanderer.looks,
        session_end: wanderer.session_end,
        source,
        room,
    };
    let blocks = world.resource::<BlockIndex>().0[room as usize].len();
    let first = world.resource::<Vacancies>().0[room as usize] as usize;
    for number in first..blocks {
        let entity = world.resource::<BlockIndex>().0[room as usize][number];
        if let Some(mut block) = world.get_mut::<SeatBlock>(entity)
            && block.room_left() > 0
        {
            block.incoming.push(entry);
            if let Some(mut busy) = world.get_mut::<Busy>(entity) {
                busy.0 = true;
            }
            world.resource_mut::<Vacancies>().0[room as usize] = number as u32;
            return;
        }
    }
    let mut block = SeatBlock::new(room, blocks as u32);
    block.incoming.push(entry);
    let entity = world.spawn(block.with_columns(true)).id();
    world.resource_mut::<BlockIndex>().0[room as usize].push(entity);
    world.resource_mut::<Vacancies>().0[room as usize] = blocks as u32;
}

/// Nothing is on air: somebody whose session lasts until the next room opens waits for it. Nothing of this depends on which ticks of a gap are
/// simulated.
fn wait(world: &mut World, plot: &Scenario, mut wanderer: Wanderer) {
    let session_end = session_end_of(world, plot, &wanderer);
    let opens = world.resource::<Windows>().next_on_air(wanderer.time);
    if let Some(opens) = opens.filter(|opens| *opens < session_end) {
        wanderer.time = opens;
        wanderer.session_end = Some(session_end);
        world.resource_mut::<Wanderers>().0.add(wanderer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Market, Nobody};
    use crate::scenario::{Request, load};
    use std::sync::Arc;

    #[test]
    fn many_arrivals_choose_what_each_would_alone() {
        let change = ["population.consumers=20000".to_owned()];
        let bundle = load(&Request {
            what: "double11_evening",
            overrides: &change,
            ..Request::default()
        });
        let plot = bundle.expect("shipped").resolve().expect("shipped");
        let mut market = Market::new(Arc::new(plot), Box::new(Nobody));
        while market.time() < 9_000.0 {
            market.step();
        }
        let who: Vec<Wanderer> = (0..5_003)
            .map(|consumer| Wanderer {
                time: 9_000.0,
                consumer,
                visits: consumer % 4,
                looks: 0,
                session_end: None,
                called_to: None,
            })
            .collect();
        let world = &market.world;
        let mut together = vec![None; who.len()];
        choose_all(world, &who, &mut together);
        let alone: Vec<Choice> = who
            .iter()
            .map(|one| {
                let mut choice = [None];
                choose_all(world, std::slice::from_ref(one), &mut choice);
                choice[0]
            })
            .collect();
        assert_eq!(together, alone);
        let chosen = alone
            .iter()
            .flatten()
            .filter(|(_, source)| *source == Source::Follow)
            .count();
        assert!(chosen > 100 && chosen < alone.len() / 2, "{chosen}");
        assert!(alone.iter().all(Option::is_some));
    }
}
