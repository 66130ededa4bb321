//! Departure: what the watchers' acts add up to, who leaves for where, and what is remembered. Serial, block by block in order of room and number:
//! memories are made here, hoppers are on their way to their next room, and each block settles while it is at hand.

use super::crowd::Crowd;
use super::memory::{Memories, Note};
use super::observe::Recorder;
use super::population::{Census, ConsumerId, MemoryOf};
use super::rank::Followers;
use super::room::{RoomIndex, RoomView};
use super::seats::{BlockId, Busy, SeatBlock, Vacancies};
use super::tally::Tally;
use super::time::{Now, Plot};
use super::wander::{Wanderer, Wanderers};
use super::watch::{exposure_of, settle};
use crate::scenario::Id;
use bevy_ecs::prelude::*;

/// Blocks in which something happened in the tick: room, number, entity. Empty between ticks, kept for its capacity.
#[derive(Resource, Debug, Default)]
pub struct Leaving(Vec<(Id, u32, Entity)>);

/// Counts deeds, remembers, and sends leavers on their way.
#[allow(clippy::too_many_arguments)] // a system's arguments are the list of what it touches
pub fn depart(
    (plot, now): (Res<Plot>, Res<Now>),
    census: Res<Census>,
    rooms: Res<RoomIndex>,
    mut memories: ResMut<Memories>,
    mut wanderers: ResMut<Wanderers>,
    mut tally: ResMut<Tally>,
    mut followers: ResMut<Followers>,
    mut columns: Query<&mut MemoryOf>,
    views: Query<&RoomView>,
    mut crowds: Query<&mut Crowd>,
    mut blocks: Query<(Entity, &mut Busy, &BlockId, &mut SeatBlock)>,
    mut leaving: ResMut<Leaving>,
    mut vacancies: ResMut<Vacancies>,
    mut recorder: ResMut<Recorder>,
) {
    let in_order = &mut leaving.0;
    let happened = blocks.iter().filter(|(_, busy, ..)| busy.0);
    in_order.extend(happened.map(|(entity, _, id, _)| (id.room, id.number, entity)));
    in_order.sort_unstable();
    for (room, _, entity) in in_order.drain(..) {
        let Ok((_, mut busy, _, mut block)) = blocks.get_mut(entity) else {
            continue;
        };
        busy.0 = false;
        let block = block.bypass_change_detection();
        let room = room as usize;
        if let Ok(mut crowd) = crowds.get_mut(rooms.0[room]) {
            count(&mut crowd, &mut tally, room as Id, block);
        }
        for logged in block.log.drain(..) {
            recorder.view.watcher(room as Id, now.day, &logged);
        }
        if !block.leavers.is_empty() {
            vacancies.0[room] = vacancies.0[room].min(block.number);
        }
        let mut keep =
            |who: ConsumerId, memories: &mut Memories| memories.open(&census, &mut columns, who);
        for (who, note) in block.notes.drain(..) {
            if let Note::Follows { anchor } = note {
                followers.gain(anchor);
            }
            let memory = keep(who, &mut memories);
            memories.note(memory, note);
        }
        let Ok(view) = views.get(rooms.0[room]) else {
            continue;
        };
        for leaver in &block.leavers {
            let seat = &block.seats[leaver.slot as usize];
            tally.visited(seat);
            if let Some(exposure) = exposure_of(block, leaver, view) {
                let memory = keep(seat.consumer, &mut memories);
                memories.set_exposure(memory, exposure);
            }
            if let Some(time) = leaver.hops_until {
                wanderers.0.add(Wanderer {
                    time,
                    consumer: seat.consumer,
                    visits: seat.visit,
                    looks: seat.looks,
                    session_end: Some(seat.session_end),
                    called_to: None,
                });
            }
        }
        settle(&plot, view, block);
    }
}

/// Adds a block's deeds to its room and to the totals.
fn count(crowd: &mut Crowd, tally: &mut Tally, room: Id, block: &mut SeatBlock) {
    let deeds = std::mem::take(&mut block.deeds);
    let left = block.leavers.len() as u64;
    crowd.real.views += deeds.entries;
    crowd.real.likes += deeds.likes;
    crowd.real.comments += deeds.comments;
    crowd.real.follows += deeds.follows;
    crowd.real.cart_clicks += deeds.looks + deeds.refreshes;
    crowd.looks += deeds.looks;
    crowd.left += left;
    crowd.seated = crowd.seated + deeds.entries - left;
    crowd.real_viewers = crowd.seated + crowd.background;
    let totals = &mut tally.rooms[room as usize];
    totals.real_views += deeds.entries;
    totals.looks += deeds.looks;
    totals.searches += deeds.searches;
    totals.search_time_cost += deeds.search_cost;
}
