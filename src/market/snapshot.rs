//! Snapshots: the whole state of a market as bytes, and back (contract 1).
//!
//! State lives in the components and resources listed here and nowhere else; entities are named by their dense index, never by their
//! number in the ECS. What is rebuilt from the scenario (views, trees' shapes, keys) is not saved. The hash of these bytes is the day's
//! state hash.

use super::aftermath::SavedAftermath;
use super::arousal::Arousal;
use super::balance::{Balances, Returns};
use super::bargain::ShelfStock;
use super::bots::{Farm, FarmIndex};
use super::call::Calls;
use super::checkout::Reservations;
use super::crew::Crew;
use super::crowd::Crowd;
use super::display::Display;
use super::enforce::Enforcement;
use super::errand::Errands;
use super::issue::Issues;
use super::ledger::{Ledger, Refunds};
use super::memory::Memories;
use super::observe::Recorder;
use super::offers::Offers;
use super::patrol::Detection;
use super::plan::Plan;
use super::platform_view::Witnessed;
use super::population::{Census, MemoryOf};
use super::rank::{Exposures, Followers, Heat};
use super::room::{Air, RoomClock, RoomIndex, Show};
use super::roster;
use super::sanction::Patrols;
use super::seats::{BlockIndex, SavedBlock, SeatBlock, Vacancies};
use super::strategy::SavedSeason;
use super::tally::Tally;
use super::time::{Now, Plot};
use super::wallet::Coupons;
use super::wander::Wanderers;
use crate::detect::Millis;
use crate::scenario::Scenario;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::{self, BufReader, BufWriter, Read, Write};

/// Bytes of text that a state holds at most, all together: names and hashes. Memory that is not needed is not touched.
const MOST_TEXT: usize = 1 << 28;

/// Bytes of a state that are written at a time.
const WRITTEN_AT_ONCE: usize = 1 << 16;

/// A room's state.
#[derive(Serialize, Deserialize)]
struct SavedRoom<'a> {
    air: Air,
    show: Show,
    offers: Offers,
    arousal: Arousal,
    crowd: Crowd,
    crew: Crew,
    display: Display,
    heat: Heat,
    clock: RoomClock,
    blocks: Vec<SavedBlock<'a>>,
}

/// The state of a market. What grows with the population is borrowed while it is written: a market of 10^8 has no room for a copy.
#[derive(Serialize, Deserialize)]
struct Saved<'a> {
    /// Which scenario the state belongs to.
    scenario: u64,
    now: Now,
    rooms: Vec<SavedRoom<'a>>,
    farms: Vec<Farm>,
    cohorts: Vec<(Cow<'a, [u32]>, Cow<'a, Plan>)>,
    memories: Cow<'a, Memories>,
    wanderers: Wanderers,
    reservations: Reservations,
    refunds: Refunds,
    balances: Balances,
    returns: Returns,
    errands: Errands,
    issues: Issues,
    coupons: Coupons,
    shelf: ShelfStock,
    ledger: Ledger,
    tally: Tally,
    enforcement: Enforcement,
    aftermath: SavedAftermath<'a>,
    calls: Calls,
    patrols: Patrols,
    /// What the platform saw and has not handed over.
    view: (Vec<Witnessed>, Millis),
    /// What the detector remembers.
    detection: Option<Vec<u8>>,
    followers: Vec<u64>,
    season: Option<SavedSeason>,
}

/// The state, to be written.
fn state(world: &World) -> Saved<'_> {
    Saved {
        scenario: identity(world.resource::<Plot>()),
        now: world.resource::<Now>().clone(),
        rooms: save_rooms(world),
        farms: each(world, &world.resource::<FarmIndex>().0),
        cohorts: save_cohorts(world),
        memories: Cow::Borrowed(world.resource::<Memories>()),
        wanderers: world.resource::<Wanderers>().clone(),
        reservations: world.resource::<Reservations>().clone(),
        refunds: world.resource::<Refunds>().clone(),
        balances: world.resource::<Balances>().clone(),
        returns: world.resource::<Returns>().clone(),
        errands: world.resource::<Errands>().clone(),
        issues: world.resource::<Issues>().clone(),
        coupons: world.resource::<Coupons>().clone(),
        shelf: world.resource::<ShelfStock>().clone(),
        ledger: world.resource::<Ledger>().clone(),
        tally: world.resource::<Tally>().clone(),
        enforcement: world.resource::<Enforcement>().clone(),
        aftermath: SavedAftermath::of(world),
        calls: world.resource::<Calls>().clone(),
        patrols: world.resource::<Patrols>().clone(),
        view: world.resource::<Recorder>().view.saved(),
        detection: world.resource::<Detection>().detector.save(),
        followers: world.resource::<Followers>().gained.clone(),
        season: SavedSeason::of(world),
    }
}

/// The state as bytes.
pub fn save(world: &World) -> Vec<u8> {
    // Writing plain data to memory cannot fail; an empty snapshot would be refused by `load`.
    postcard::to_allocvec(&state(world)).unwrap_or_default()
}

/// Writes the bytes that [`save`] gives, without holding them all.
///
/// # Errors
/// Where they cannot be written.
pub fn write(world: &World, to: &mut dyn Write) -> io::Result<()> {
    let attempt = Attempt { to, failed: None };
    // Fields come by the byte.
    let mut attempt = BufWriter::with_capacity(WRITTEN_AT_ONCE, attempt);
    let written = postcard::to_io(&state(world), &mut attempt).map(|_| ());
    // Postcard says that it failed, not why.
    written.map_err(|error| {
        let failed = attempt.get_mut().failed.take();
        failed.unwrap_or_else(|| io::Error::other(error))
    })
}

/// A writer that remembers why it failed.
struct Attempt<'a> {
    to: &'a mut dyn Write,
    failed: Option<io::Error>,
}

impl Write for Attempt<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes);
        written.inspect_err(|why| {
            let again = why.raw_os_error().map(io::Error::from_raw_os_error);
            self.failed = Some(again.unwrap_or_else(|| why.kind().into()));
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// SHA-256 of the bytes that [`save`] gives, in hex, without holding them all.
pub fn hash(world: &World) -> String {
    let mut digest = Sha256::new();
    // Hashing plain data cannot fail; the hash of less than all of it would be noticed by `verify`.
    let _ = write(world, &mut digest);
    let digest = digest.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What tells scenarios apart: seed, rooms, products, segments and their sizes.
fn identity(plot: &Scenario) -> u64 {
    let rooms = plot.rooms.iter().map(|room| room.key);
    let products = plot.products.iter().map(|product| product.key);
    let segments = plot.population.segments.iter();
    let segments = segments.flat_map(|segment| [segment.key, segment.count]);
    rooms
        .chain(products)
        .chain(segments)
        .fold(plot.seed, crate::draws::identity_of_pair)
}

fn each<C: Component + Clone>(world: &World, entities: &[Entity]) -> Vec<C> {
    entities
        .iter()
        .filter_map(|entity| world.get::<C>(*entity).cloned())
        .collect()
}

fn save_rooms(world: &World) -> Vec<SavedRoom<'_>> {
    let blocks = &world.resource::<BlockIndex>().0;
    let rooms = &world.resource::<RoomIndex>().0;
    rooms
        .iter()
        .zip(blocks)
        .filter_map(|(room, blocks)| {
            Some(SavedRoom {
                air: *world.get(*room)?,
                show: world.get::<Show>(*room)?.clone(),
                offers: world.get::<Offers>(*room)?.clone(),
                arousal: *world.get(*room)?,
                crowd: world.get::<Crowd>(*room)?.clone(),
                crew: world.get::<Crew>(*room)?.clone(),
                display: world.get::<Display>(*room)?.clone(),
                heat: *world.get(*room)?,
                clock: *world.get(*room)?,
                blocks: blocks
                    .iter()
                    .filter_map(|block| world.get::<SeatBlock>(*block).map(SeatBlock::saved))
                    .collect(),
            })
        })
        .collect()
}

fn save_cohorts(world: &World) -> Vec<(Cow<'_, [u32]>, Cow<'_, Plan>)> {
    let cohorts = &world.resource::<Census>().cohorts;
    cohorts
        .iter()
        .filter_map(|cohort| {
            Some((
                Cow::Borrowed(world.get::<MemoryOf>(*cohort)?.0.as_slice()),
                Cow::Borrowed(world.get::<Plan>(*cohort)?),
            ))
        })
        .collect()
}

/// Takes up a state in a world that was built from the same scenario.
///
/// # Errors
/// A sentence that says why the bytes do not fit.
pub fn load(world: &mut World, bytes: &[u8]) -> Result<(), String> {
    take_up(world, postcard::from_bytes(bytes).map_err(unreadable)?)
}

/// The same, as it is read: a large state would not fit in memory twice.
///
/// # Errors
/// A sentence that says why the bytes do not fit.
pub fn load_from(world: &mut World, from: impl Read) -> Result<(), String> {
    let mut texts = vec![0; MOST_TEXT];
    let (saved, _) =
        postcard::from_io((BufReader::new(from), &mut texts[..])).map_err(unreadable)?;
    take_up(world, saved)
}

fn unreadable(why: postcard::Error) -> String {
    format!("the checkpoint cannot be read: {why}")
}

fn take_up(world: &mut World, saved: Saved) -> Result<(), String> {
    let fits = saved.scenario == identity(world.resource::<Plot>())
        && saved.rooms.len() == world.resource::<RoomIndex>().0.len()
        && saved.farms.len() == world.resource::<FarmIndex>().0.len()
        && saved.cohorts.len() == world.resource::<Census>().cohorts.len();
    if !fits {
        return Err("the checkpoint belongs to another scenario".to_owned());
    }
    world.insert_resource(saved.now);
    world.insert_resource(saved.memories.into_owned());
    world.insert_resource(saved.wanderers);
    world.insert_resource(saved.reservations);
    world.insert_resource(saved.refunds);
    world.insert_resource(saved.balances);
    world.insert_resource(saved.returns);
    world.insert_resource(saved.errands);
    world.insert_resource(saved.issues);
    world.insert_resource(saved.coupons);
    world.insert_resource(saved.shelf);
    world.insert_resource(saved.ledger);
    world.insert_resource(saved.tally);
    world.insert_resource(saved.enforcement);
    saved.aftermath.take_up(world);
    world.insert_resource(saved.calls);
    world.insert_resource(saved.patrols);
    world.resource_mut::<Recorder>().view.restore(saved.view);
    let detector = &mut world.resource_mut::<Detection>().detector;
    detector.restore(saved.detection.as_deref().unwrap_or_default())?;
    world.resource_mut::<Followers>().gained = saved.followers;
    if let Some(season) = saved.season {
        season.take_up(world)?;
    }
    load_rooms(world, saved.rooms);
    roster::call_up(world);
    let farms = world.resource::<FarmIndex>().0.clone();
    for (entity, farm) in farms.into_iter().zip(saved.farms) {
        world.entity_mut(entity).insert(farm);
    }
    let cohorts = world.resource::<Census>().cohorts.clone();
    for (entity, (memory, plan)) in cohorts.into_iter().zip(saved.cohorts) {
        let (memory, plan) = (MemoryOf(memory.into_owned()), plan.into_owned());
        world.entity_mut(entity).insert((memory, plan));
    }
    Ok(())
}

fn load_rooms(world: &mut World, rooms: Vec<SavedRoom>) {
    let plot = world.resource::<Plot>().clone();
    let entities = world.resource::<RoomIndex>().0.clone();
    let old: Vec<Entity> = world
        .resource::<BlockIndex>()
        .0
        .iter()
        .flatten()
        .copied()
        .collect();
    for entity in old {
        world.despawn(entity);
    }
    // Whoever was on air in the market that takes up the state is so no longer.
    world.insert_resource(Exposures::new(&plot));
    for (index, (entity, saved)) in entities.into_iter().zip(rooms).enumerate() {
        let anchor = plot.rooms[index].anchor;
        if saved.air == Air::On {
            world
                .resource_mut::<Exposures>()
                .set_on_air(index as u32, anchor, true);
        }
        world.entity_mut(entity).insert((
            saved.air,
            saved.show,
            saved.offers,
            saved.arousal,
            saved.crowd,
            saved.crew,
            saved.display,
            saved.heat,
            saved.clock,
        ));
        let blocks: Vec<Entity> = saved
            .blocks
            .into_iter()
            .map(|block| {
                world
                    .spawn(SeatBlock::restored(block).with_columns(false))
                    .id()
            })
            .collect();
        world.resource_mut::<BlockIndex>().0[index] = blocks;
        world.resource_mut::<Vacancies>().0[index] = 0;
    }
}
