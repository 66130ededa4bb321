//! The roster: which rooms a day is about. Rooms of other days lie in a table of their own (a marker component), so that no system of a tick meets them, and
//! seats of rooms that are over are taken away: cost follows what is on air, not how many rooms there have been or will be.

use super::room::{Air, RoomIndex};
use super::seats::{BlockIndex, Vacancies};
use super::time::{Now, Plot};
use crate::scenario::{Id, Room};
use bevy_ecs::prelude::*;

/// A room that has nothing to do with today.
#[derive(Component, Debug)]
pub struct Dormant;

/// Rooms of today, in order of index.
#[derive(Resource, Debug, Default)]
pub struct Roster(pub Vec<Id>);

/// Calls up the rooms of the day that `Now` stands at the beginning of.
///
/// Systems meet rooms in the order in which they lie in their table, which has to be that of their index: so all leave the table, and those of today come
/// back in order, unless they are the same as yesterday's.
pub fn call_up(world: &mut World) {
    let today = rooms_of_today(world);
    if world
        .get_resource::<Roster>()
        .is_some_and(|roster| roster.0 == today)
    {
        return;
    }
    let entities = world.resource::<RoomIndex>().0.clone();
    let before: Vec<Id> = match world.remove_resource::<Roster>() {
        Some(Roster(rooms)) => rooms,
        None => (0..entities.len() as Id).collect(),
    };
    for room in before {
        world.entity_mut(entities[room as usize]).insert(Dormant);
        clear_seats(world, room, entities[room as usize]);
    }
    for room in &today {
        world
            .entity_mut(entities[*room as usize])
            .remove::<Dormant>();
    }
    world.insert_resource(Roster(today));
}

/// Rooms whose time on air touches the day, with a few ticks to empty.
fn rooms_of_today(world: &World) -> Vec<Id> {
    let (plot, now) = (world.resource::<Plot>(), world.resource::<Now>());
    let slack = 4.0 * plot.clock.tick;
    let (begin, end) = (now.day_begin(&plot.clock), now.day_end(&plot.clock));
    // The first day has no beginning before the scenario's.
    let begin = if now.day == 0 {
        f64::NEG_INFINITY
    } else {
        begin
    };
    let is_today = |room: &Room| room.on_air < end + slack && room.off_air + slack >= begin;
    let rooms = plot.rooms.iter().zip(0..);
    rooms
        .filter(|(room, _)| is_today(room))
        .map(|(_, id)| id)
        .collect()
}

/// Nobody sits in a room that is over.
fn clear_seats(world: &mut World, room: Id, entity: Entity) {
    if world.get::<Air>(entity) != Some(&Air::After) {
        return;
    }
    let blocks = std::mem::take(&mut world.resource_mut::<BlockIndex>().0[room as usize]);
    world.resource_mut::<Vacancies>().0[room as usize] = 0;
    for block in blocks {
        world.despawn(block);
    }
}
