//! Seats: the audience of a room, in blocks. What a look needs travels into the seat when somebody enters; a seat that is free costs
//! nothing. A block is an entity; a room has one, and one more for every further [`BLOCK`] viewers, so that threads can share a room.
//!
//! During a tick a block is worked on by one thread at a time and writes only to itself: what concerns others goes to its outboxes,
//! which `checkout` and `depart` empty in a fixed order.

use super::decide::{Intent, Look, Taste};
use super::exposure::Exposure;
use super::issue::Claim;
use super::memory::Note;
use super::platform_view::Logged;
use super::population::ConsumerId;
use super::trace::TraceRow;
use super::wallet::Skill;
use super::wheel::Wheel;
use crate::detect::event::Source;
use crate::draws::Identity;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Seats in a block, at most.
pub const BLOCK: usize = 1_024;

/// Buckets of a block's wheel, and seconds of room clock in each.
const BUCKETS: usize = 256;
const BUCKET_SECONDS: f64 = 2.0;

/// No product: not refreshing.
pub const NOTHING: u32 = u32::MAX;

/// A watcher. Rates are per second of the room's hazard clock; traits are as MODEL section 6 names them.
///
/// Four cache lines, in the order in which they are needed: to act, to think of a product, to weigh it, and the rest. Seats are met in the
/// order in which they act, which is any order, so the lines that are not there yet are most of what a look costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct Seat {
    /// Identity of this visit: draws of the visit are keyed by it.
    pub visit_key: Identity,
    /// Second of entry.
    pub entered: f64,
    /// Second at which it goes offline.
    pub session_end: f64,
    /// Sum of all rates, refreshing included.
    pub rate: f64,
    /// Cumulative rates: look, leave, like, comment, follow.
    pub marks: [f32; 5],
    /// Acts of this visit so far.
    pub acts: u32,
    /// Looks of the day so far.
    pub looks: u32,
    /// Product it keeps refreshing; [`NOTHING`] if none.
    pub refreshing: u32,

    /// What it thinks of the product it looked at last.
    pub taste: Taste,
    /// Bits of products it has ordered all it wants of, by product index modulo 64: a set bit means "ask the memory".
    pub ordered: u64,
    /// Who.
    pub consumer: ConsumerId,
    /// Its segment.
    pub segment: u32,

    /// psi.
    pub susceptibility: f32,
    /// theta.
    pub bargain_weight: f32,
    /// lambda.
    pub loss_aversion: f32,
    /// alpha.
    pub anchoring: f32,
    /// 1 - kappa * literacy.
    pub keep: f32,
    /// Belief in a cue of a class never seen before: trust times the anchor's reputation, at most 1.
    pub belief: f32,
    /// s as a share of the market price.
    pub taste_scale: f32,
    /// chi, per second of facing an offer.
    pub search_rate: f32,
    /// Staged cues seen.
    pub exposure: Exposure,
    /// Yuan it may still order for this evening.
    pub budget_left: f32,
    /// Yuan per hour.
    pub value_of_time: f32,

    /// Its stable identity.
    pub key: Identity,
    /// Impulse clock of the room at entry.
    pub impulse_at_entry: f64,
    /// Categories that arousal made it need, in this visit or before, by index (at most 64 in a scenario).
    pub impulses: u64,
    /// Second at which it gives up refreshing.
    pub refresh_until: f64,
    /// Its memory when it came; notes of this visit are not in it yet unless the memory was there.
    pub memory: u32,
    /// Number of the visit in the day, from 1.
    pub visit: u32,
    /// Looks of the day when it came.
    pub looks_at_entry: u32,
    /// Whether it counts as vulnerable.
    pub vulnerable: bool,
    /// Whether it wants to order in this tick: then it goes back on the wheel only when checkout has answered.
    pub asks: bool,
    /// What it makes of coupons.
    pub skill: Skill,
    /// How many of the coupons that knowing is enough for it knows.
    pub aware: u8,
    /// Whether it was given or used coupons, so that it has to reckon for itself.
    pub own_coupons: bool,
    /// Number of the room's last issue of coupons that it asked for.
    pub asked_for: u16,
    /// Number of the room's last giveaway that it met.
    pub met_giveaway: u16,
    /// What it expects to save by coupons on the offer that it looks at, yuan a unit.
    pub saving: f32,
    /// The terms for which it reckoned that with coupons of its own; 0: it has to reckon.
    pub saving_for: u32,
}

impl Seat {
    /// Has the first three lines brought near, for a look that comes in a moment.
    #[inline(always)]
    pub fn fetch(&self) {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        for line in 0..3 {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            // SAFETY: `line` cache lines of 64 bytes after the seat's begin lie within its 256 bytes; a prefetch never faults, and changes
            // nothing that the program can see.
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(self).cast::<i8>().add(64 * line))
            }
        }
    }
}

const _: () = assert!(size_of::<Seat>() == 256);

/// What is to be done with a seat after checkout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reply {
    /// Its order was taken: money ordered for, yuan.
    Taken {
        /// Seat.
        slot: u32,
        /// Product.
        product: Id,
        /// Yuan.
        yuan: f32,
        /// Its memory, in which the order is noted.
        memory: u32,
        /// Whether coupons were used.
        used_coupons: bool,
    },
    /// It met a sold-out link and keeps refreshing.
    SoldOut {
        /// Seat.
        slot: u32,
        /// Product.
        product: Id,
        /// Second at which it gives up.
        until: f64,
    },
}

/// Somebody who leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaver {
    /// Seat.
    pub slot: u32,
    /// Second.
    pub time: f64,
    /// Second at which it chooses another room; `None`: it goes offline.
    pub hops_until: Option<f64>,
}

/// Somebody who comes in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Who.
    pub consumer: ConsumerId,
    /// Second.
    pub time: f64,
    /// Number of the visit in the day, from 1.
    pub visit: u32,
    /// Looks of the day so far.
    pub looks: u32,
    /// Second at which it goes offline; `None`: it has just come online.
    pub session_end: Option<f64>,
    /// By which way: a room of its own choice is one that it follows, or had an appointment for.
    pub source: Source,
    /// Which room.
    pub room: Id,
}

/// A block of seats of one room.
#[derive(Component, Debug, Clone)]
pub struct SeatBlock {
    /// Which room.
    pub room: Id,
    /// Which of its blocks, from 0.
    pub number: u32,
    /// The seats; a free one keeps what it held last.
    pub seats: Vec<Seat>,
    /// Hazard clock at which each seat acts next; infinite for a free seat.
    pub due: Vec<f64>,
    /// Free seats, the last to be taken first.
    pub free: Vec<u32>,
    /// Which seat acts when.
    pub wheel: Wheel,
    /// Who comes in in this tick.
    pub incoming: Vec<Entry>,
    /// Seats that have acted in this tick, stay, and wait for checkout's answer: they go back on the wheel when the tick settles.
    pub acted: Vec<u32>,
    /// Looks of this tick.
    pub looks: Vec<Look>,
    /// Orders that are wanted.
    pub intents: Vec<Intent>,
    /// Coupons that are asked for.
    pub claims: Vec<Claim>,
    /// Who leaves.
    pub leavers: Vec<Leaver>,
    /// What is to be remembered.
    pub notes: Vec<(ConsumerId, Note)>,
    /// What checkout answered.
    pub replies: Vec<Reply>,
    /// What was done in this tick.
    pub deeds: Deeds,
    /// Acts of the traced consumer.
    pub trace: Vec<TraceRow>,
    /// What the platform sees of this tick.
    pub log: Vec<Logged>,
}

/// What the watchers of a block did in a tick.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Deeds {
    /// Entries.
    pub entries: u64,
    /// Looks.
    pub looks: u64,
    /// Refreshes.
    pub refreshes: u64,
    /// Likes.
    pub likes: u64,
    /// Comments.
    pub comments: u64,
    /// Follows.
    pub follows: u64,
    /// Searches elsewhere.
    pub searches: u64,
    /// The worth of the time they took, yuan.
    pub search_cost: f64,
}

/// The part of a block that lasts from tick to tick, for the snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedBlock<'a> {
    room: Id,
    number: u32,
    seats: Cow<'a, [Seat]>,
    due: Cow<'a, [f64]>,
    free: Cow<'a, [u32]>,
    wheel: Cow<'a, Wheel>,
}

impl SeatBlock {
    /// An empty block.
    pub fn new(room: Id, number: u32) -> Self {
        Self::restored(SavedBlock {
            room,
            number,
            seats: Cow::Owned(Vec::new()),
            due: Cow::Owned(Vec::new()),
            free: Cow::Owned(Vec::new()),
            wheel: Cow::Owned(Wheel::new(BUCKETS, BUCKET_SECONDS)),
        })
    }

    /// The part that lasts.
    pub fn saved(&self) -> SavedBlock<'_> {
        SavedBlock {
            room: self.room,
            number: self.number,
            seats: Cow::Borrowed(&self.seats),
            due: Cow::Borrowed(&self.due),
            free: Cow::Borrowed(&self.free),
            wheel: Cow::Borrowed(&self.wheel),
        }
    }

    /// A block from its lasting part.
    pub fn restored(saved: SavedBlock) -> Self {
        Self {
            room: saved.room,
            number: saved.number,
            seats: saved.seats.into_owned(),
            due: saved.due.into_owned(),
            free: saved.free.into_owned(),
            wheel: saved.wheel.into_owned(),
            incoming: Vec::new(),
            acted: Vec::new(),
            looks: Vec::new(),
            intents: Vec::new(),
            claims: Vec::new(),
            leavers: Vec::new(),
            notes: Vec::new(),
            replies: Vec::new(),
            deeds: Deeds::default(),
            trace: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Seats that can still be taken, those to come included.
    pub fn room_left(&self) -> usize {
        BLOCK - (self.seats.len() - self.free.len()) - self.incoming.len()
    }

    /// Watchers.
    pub fn seated(&self) -> usize {
        self.seats.len() - self.free.len()
    }

    /// Puts somebody on a seat; the seat acts first at `due` of the hazard clock.
    pub fn seat(&mut self, seat: Seat, due: f64) -> u32 {
        let slot = match self.free.pop() {
            Some(slot) => {
                self.seats[slot as usize] = seat;
                self.due[slot as usize] = due;
                slot
            }
            None => {
                self.seats.push(seat);
                self.due.push(due);
                self.wheel.reserve(self.seats.len());
                self.seats.len() as u32 - 1
            }
        };
        self.wheel.insert(slot, due);
        slot
    }

    /// The components of a block's entity.
    pub fn with_columns(self, busy: bool) -> (Self, Busy, BlockId) {
        let id = BlockId {
            room: self.room,
            number: self.number,
        };
        (self, Busy(busy), id)
    }

    /// Whether anything was done in this tick.
    pub fn happened(&self) -> bool {
        !self.leavers.is_empty() || self.deeds != Deeds::default() || !self.notes.is_empty()
    }

    /// Puts those who acted back on the wheel, while they are at hand; whoever asks for something waits for the answer.
    pub fn wait_again(&mut self) {
        let Self {
            acted,
            seats,
            wheel,
            due,
            ..
        } = self;
        acted.retain(|slot| {
            let asks = seats[*slot as usize].asks;
            if !asks {
                wheel.insert(*slot, due[*slot as usize]);
            }
            asks
        });
    }

    /// Frees a seat that is not on the wheel.
    pub fn release(&mut self, slot: u32) {
        self.due[slot as usize] = f64::INFINITY;
        self.free.push(slot);
    }
}

/// Whether anything happens in a block in this tick: somebody comes in, acts or leaves. It lies beside the block in a column of its own, so
/// that passing over the idle ones costs a byte each.
#[derive(Component, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Busy(pub bool);

/// Which block it is, beside it in a column of its own for the same reason.
#[derive(Component, Debug, Clone, Copy)]
pub struct BlockId {
    /// Of which room.
    pub room: Id,
    /// Which of its blocks, from 0.
    pub number: u32,
}

/// By room, a lower bound on the number of the first block with a seat left. It saves looking, and decides nothing: 0 will always do.
#[derive(Resource, Debug, Default)]
pub struct Vacancies(pub Vec<u32>);

/// Blocks of each room, in order of number.
#[derive(Resource, Debug, Default)]
pub struct BlockIndex(pub Vec<Vec<Entity>>);

#[cfg(test)]
mod tests {
    use super::{NOTHING, Seat, SeatBlock};

    fn seat(consumer: u32) -> Seat {
        Seat {
            visit_key: u64::from(consumer),
            entered: 0.0,
            session_end: 1.0,
            rate: 1.0,
            marks: [1.0; 5],
            acts: 0,
            looks: 0,
            refreshing: NOTHING,
            taste: Default::default(),
            ordered: 0,
            consumer,
            segment: 0,
            susceptibility: 1.0,
            bargain_weight: 0.0,
            loss_aversion: 1.0,
            anchoring: 0.0,
            keep: 1.0,
            belief: 1.0,
            taste_scale: 1.0,
            search_rate: 0.0,
            exposure: Default::default(),
            budget_left: 1.0,
            value_of_time: 0.0,
            key: 0,
            impulse_at_entry: 0.0,
            impulses: 0,
            refresh_until: 0.0,
            memory: 0,
            visit: 1,
            looks_at_entry: 0,
            vulnerable: false,
            asks: false,
            skill: Default::default(),
            aware: 0,
            own_coupons: false,
            asked_for: 0,
            met_giveaway: 0,
            saving: 0.0,
            saving_for: 0,
        }
    }

    #[test]
    fn whoever_asks_waits_for_the_answer_and_the_others_wait_again_at_once() {
        let mut block = SeatBlock::new(0, 0);
        for consumer in 0..4 {
            block.seat(seat(consumer), 5.0 + f64::from(consumer));
        }
        block.seats.shrink_to_fit();
        let mut acted = Vec::new();
        block.wheel.take_due(0.0, 20.0, &block.due, &mut acted);
        acted.sort_unstable();
        assert_eq!(acted, [0, 1, 2, 3]);
        for slot in &acted {
            block.seats[*slot as usize].fetch();
            block.due[*slot as usize] = 30.0;
        }
        block.seats[2].asks = true;
        block.acted = acted;
        block.wait_again();
        assert_eq!(block.acted, [2]);
        let mut again = Vec::new();
        block.wheel.take_due(20.0, 40.0, &block.due, &mut again);
        again.sort_unstable();
        assert_eq!(again, [0, 1, 3]);
    }
}
