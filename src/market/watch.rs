//! Watching: leave, hop, look, like, comment, follow, refresh, as competing risks of one draw (MODEL sections 2 and 4).
//!
//! A seat acts when its room's hazard clock has advanced by an exponential draw over the sum of its rates. What it does is a second
//! word of the same draw, thinned where the room's factor applies to looks only. So an excited room wakes those who wait
//! under the old hazard, and a finer tick changes nothing.

use super::aftermath::News;
use super::decide::{self, Look};
use super::exposure::CLASSES;
use super::issue::Claim;
use super::memory::{Memories, Note};
use super::observe::Recorder;
use super::platform_view::{CONSUMERS_TEXTS, text_of};
use super::platform_view::{Deed, Logged};
use super::population::{Census, ConsumerId, MemoryOf, NO_MEMORY};
use super::promoted::Promotions;
use super::room::{RoomIndex, RoomView};
use super::sanction::Patrols;
use super::seats::{Busy, Leaver, NOTHING, Reply, Seat, SeatBlock};
use super::sit;
use super::time::{Now, Plot};
use super::trace::{TraceAct, TraceRow, Traced};
use crate::detect::event::Text;
use crate::draws::{Draws, LANES, Mechanism, Words};
use crate::scenario::Scenario;
use bevy_ecs::batching::BatchingStrategy;
use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;

/// What a seat does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Look,
    Leave,
    Like,
    Comment,
    Follow,
    Refresh,
}

/// What the audience of a room needs beside its seats.
#[derive(SystemParam)]
pub struct Audience<'w, 's> {
    pub(super) plot: Res<'w, Plot>,
    pub(super) now: Res<'w, Now>,
    pub(super) traced: Res<'w, Traced>,
    pub(super) census: Res<'w, Census>,
    pub(super) memories: Res<'w, Memories>,
    pub(super) promotions: Promotions<'w>,
    pub(super) news: Res<'w, News>,
    recorder: Res<'w, Recorder>,
    patrols: Res<'w, Patrols>,
    rooms: Res<'w, RoomIndex>,
    views: Query<'w, 's, &'static RoomView>,
    columns: Query<'w, 's, &'static MemoryOf>,
}

impl Audience<'_, '_> {
    /// The draws of the run.
    pub fn draws(&self) -> Draws {
        Draws::new(self.plot.seed)
    }

    /// Whether the platform's view is wanted.
    pub fn is_watched(&self) -> bool {
        self.recorder.view.is_wanted()
    }

    /// The memory of a consumer; [`NO_MEMORY`] if it has none.
    pub fn memory_of(&self, consumer: ConsumerId) -> u32 {
        let (cohort, row) = self.census.place_of(consumer);
        let column = self.columns.get(cohort);
        column.map_or(NO_MEMORY, |column| column.0[row])
    }
}

/// The audiences' part of a tick, block by block and side by side: those who came in sit down, every seat acts whose time has come, and
/// looks are decided. Blocks do not touch each other here.
pub fn attend(audience: Audience, mut blocks: Query<(&mut Busy, &mut SeatBlock)>) {
    let several = BatchingStrategy::new().batches_per_thread(16);
    let blocks = blocks.par_iter_mut().batching_strategy(several);
    blocks.for_each(|(mut busy, mut block)| {
        let block = &mut *block;
        if block.seated() == 0 && block.incoming.is_empty() {
            return;
        }
        let room = audience.rooms.0[block.room as usize];
        let Ok(view) = audience.views.get(room) else {
            return;
        };
        sit::sit(&audience, view, block);
        watch(&audience, view, block);
        busy.0 |= block.happened() || !block.acted.is_empty();
        block.wait_again();
    });
}

/// Lets every seat of a block act whose time has come in this tick, and decides the looks.
fn watch(audience: &Audience, view: &RoomView, block: &mut SeatBlock) {
    let watching = Watching {
        audience,
        plot: &audience.plot,
        now: &audience.now,
        traced: &audience.traced,
        view,
        draws: audience.draws(),
    };
    if view.closing {
        watching.everybody_leaves(block);
    } else if view.on {
        watching.those_due_act(block);
    }
}

struct Watching<'a> {
    audience: &'a Audience<'a, 'a>,
    plot: &'a Scenario,
    now: &'a Now,
    traced: &'a Traced,
    view: &'a RoomView,
    draws: Draws,
}

impl Watching<'_> {
    /// The room has gone off air; whoever has time left goes on to another one.
    fn everybody_leaves(&self, block: &mut SeatBlock) {
        block.wheel.clear();
        for slot in 0..block.seats.len() as u32 {
            if block.due[slot as usize].is_finite() {
                let hops = self.now.start < block.seats[slot as usize].session_end;
                self.leave(block, slot, self.now.start, hops);
            }
        }
    }

    fn those_due_act(&self, block: &mut SeatBlock) {
        let (from, to) = (self.view.clock_from, self.view.clock_to);
        let mut acting = std::mem::take(&mut block.acted);
        block.wheel.take_due(from, to, &block.due, &mut acting);
        let mut stay = 0;
        for first in (0..acting.len()).step_by(LANES) {
            let lanes = LANES.min(acting.len() - first);
            for soon in acting.iter().skip(first + LANES).take(LANES) {
                block.seats[*soon as usize].fetch();
            }
            let words = self.first_draws(block, &acting[first..first + lanes]);
            for (lane, words) in words.into_iter().enumerate().take(lanes) {
                let slot = acting[first + lane];
                if self.acts_until(block, slot, to, words) {
                    acting[stay] = slot;
                    stay += 1;
                }
            }
            // While those who look are at hand.
            decide::decide(self.audience, self.view, block);
        }
        acting.truncate(stay);
        block.acted = acting;
    }

    /// The draws of the next act of each of these seats, side by side.
    fn first_draws(&self, block: &SeatBlock, slots: &[u32]) -> [Words; LANES] {
        let (mut keys, mut acts) = ([0; LANES], [0; LANES]);
        for (lane, slot) in slots.iter().enumerate() {
            let seat = &block.seats[*slot as usize];
            (keys[lane], acts[lane]) = (seat.visit_key, seat.acts + 1);
        }
        let count = slots.len();
        self.draws.at_some(Mechanism::Waiting, &keys, &acts, count)
    }

    /// Lets a seat act as often as its clock says, with the draws of its first act at hand; false if it has left.
    fn acts_until(&self, block: &mut SeatBlock, slot: u32, to: f64, mut words: Words) -> bool {
        let index = slot as usize;
        loop {
            let clock = block.due[index];
            let time = self.second_of(clock).max(block.seats[index].entered);
            let seat = &mut block.seats[index];
            seat.acts += 1;
            let tired = seat.refreshing != NOTHING && time >= seat.refresh_until;
            if tired {
                seat.rate -= self.refresh_rate();
                seat.refreshing = NOTHING;
            }
            let is_out = self.audience.patrols.keeps_out(seat.consumer);
            let goes = is_out || time >= seat.session_end && seat.refreshing == NOTHING;
            let wait = words.exponential(0) / seat.rate;
            block.due[index] = clock + wait;
            if goes {
                self.leave(block, slot, time, false);
                return false;
            }
            let (mark, which, thin) = (words.uniform(1), words.uniform(2), words.uniform(3));
            if !self.act(block, slot, time, mark, which, thin) {
                return false;
            }
            if block.due[index] > to {
                return true;
            }
            let seat = &block.seats[index];
            words = self
                .draws
                .at(Mechanism::Waiting, seat.visit_key, seat.acts + 1);
        }
    }

    fn refresh_rate(&self) -> f64 {
        self.plot.behaviour.refreshes_per_minute / 60.0
    }

    /// The second at which the hazard clock stands at `clock`.
    fn second_of(&self, clock: f64) -> f64 {
        let share = (clock - self.view.clock_from) / (self.view.clock_to - self.view.clock_from);
        self.now.start + share.clamp(0.0, 1.0) * self.now.length()
    }

    /// One act; false if it is leaving.
    fn act(
        &self,
        block: &mut SeatBlock,
        slot: u32,
        time: f64,
        mark: f64,
        which: f64,
        thin: f64,
    ) -> bool {
        if self.view.giveaway.number != 0 {
            self.meet_giveaway(block, slot, time);
        }
        let Some(mark) = self.mark(block, slot, mark, thin) else {
            return true;
        };
        let consumer = block.seats[slot as usize].consumer;
        match mark {
            Mark::Leave => {
                let hops = which < self.plot.behaviour.hop_share;
                self.leave(block, slot, time, hops);
                return false;
            }
            Mark::Look => {
                let offers = self.view.offers.len();
                let offer = ((which * offers as f64) as usize).min(offers - 1);
                self.look(block, slot, time, offer as u32, false);
            }
            Mark::Refresh => {
                let product = block.seats[slot as usize].refreshing;
                let mut offers = self.view.offers.iter();
                if let Some(offer) = offers.position(|offer| offer.product == product) {
                    self.look(block, slot, time, offer as u32, true);
                }
            }
            Mark::Like => {
                block.deeds.likes += 1;
                self.log(block, (time, consumer), Deed::Liked);
            }
            Mark::Comment => {
                block.deeds.comments += 1;
                let text = self.text(&block.seats[slot as usize]);
                self.log(block, (time, consumer), Deed::Commented(text));
            }
            Mark::Follow => {
                block.deeds.follows += 1;
                self.log(block, (time, consumer), Deed::Followed);
                let anchor = self.view.anchor;
                block.notes.push((consumer, Note::Follows { anchor }));
            }
        }
        let told = match mark {
            Mark::Like => Some(TraceAct::Liked),
            Mark::Comment => Some(TraceAct::Commented),
            Mark::Follow => Some(TraceAct::Followed),
            _ => None,
        };
        if let Some(act) = told.filter(|_| self.traced.is(consumer)) {
            self.tell(block, time, act);
        }
        true
    }

    /// Which act it is, by its share of the rates. With something on sale the room's factor is that of looks, and other acts are thinned;
    /// with nothing on sale it is that of leaving, and there is nothing to look at. Somebody who refreshes does not leave.
    fn mark(&self, block: &SeatBlock, slot: u32, uniform: f64, thin: f64) -> Option<Mark> {
        let seat = &block.seats[slot as usize];
        let position = uniform * seat.rate;
        let passed = seat
            .marks
            .iter()
            .position(|mark| position < f64::from(*mark));
        let mark = match passed {
            Some(0) => Mark::Look,
            Some(1) => Mark::Leave,
            Some(2) => Mark::Like,
            Some(3) => Mark::Comment,
            Some(_) => Mark::Follow,
            None if seat.refreshing != NOTHING => Mark::Refresh,
            // The marks are rounded to single precision: the last sliver belongs to the last act.
            None => Mark::Follow,
        };
        let idle = self.view.offers.is_empty();
        let kept = match mark {
            Mark::Look => !idle,
            Mark::Leave if seat.refreshing != NOTHING => false,
            Mark::Leave if idle => true,
            _ => thin * self.view.factor < 1.0,
        };
        kept.then_some(mark)
    }

    fn look(&self, block: &mut SeatBlock, slot: u32, time: f64, offer: u32, refresh: bool) {
        let seat = &mut block.seats[slot as usize];
        seat.looks += 1;
        let number = seat.looks;
        if seat.asked_for < self.view.issues {
            seat.asked_for = self.view.issues;
            let consumer = seat.consumer;
            block.claims.push(Claim {
                time,
                consumer,
                slot,
            });
        }
        let (consumer, product) = (seat.consumer, self.view.offers[offer as usize].product);
        self.log(block, (time, consumer), Deed::Clicked(product));
        block.deeds.looks += u64::from(!refresh);
        block.deeds.refreshes += u64::from(refresh);
        block.looks.push(Look {
            slot,
            time,
            offer,
            refresh,
            number,
        });
    }

    fn leave(&self, block: &mut SeatBlock, slot: u32, time: f64, hops: bool) {
        let seat = &block.seats[slot as usize];
        let hops_until = hops
            .then(|| time + self.pause(seat))
            .filter(|until| *until < seat.session_end);
        let consumer = seat.consumer;
        block.leavers.push(Leaver {
            slot,
            time,
            hops_until,
        });
        self.log(block, (time, consumer), Deed::Left);
        if self.traced.is(consumer) {
            let hops = hops_until.is_some();
            self.tell(block, time, TraceAct::Left { hops });
        }
    }

    /// Seconds between two rooms: short, or long where something else comes in between. Pauses of one length would tell consumers from bots.
    fn pause(&self, seat: &Seat) -> f64 {
        let behaviour = &self.plot.behaviour;
        let words = self.draws.at(Mechanism::Hop, seat.visit_key, 0);
        if words.uniform(1) < behaviour.away_share {
            return behaviour.hop_seconds + 60.0 * behaviour.away_minutes * words.exponential(2);
        }
        behaviour.hop_seconds * (1.0 + words.uniform(0))
    }

    /// Whoever stirs for the first time since a giveaway began types its word, or does not.
    fn meet_giveaway(&self, block: &mut SeatBlock, slot: u32, time: f64) {
        let giveaway = self.view.giveaway;
        let seat = &mut block.seats[slot as usize];
        if seat.met_giveaway >= giveaway.number {
            return;
        }
        seat.met_giveaway = giveaway.number;
        let number = u32::from(giveaway.number);
        let words = self.draws.at(Mechanism::Giveaway, seat.visit_key, number);
        if words.uniform(0) < giveaway.share {
            let consumer = seat.consumer;
            block.deeds.comments += 1;
            let word = Deed::Commented(Text::Password);
            self.log(block, (time, consumer), word);
        }
    }

    /// What a comment is about, as the platform's classifier sees it.
    fn text(&self, seat: &Seat) -> Text {
        let words = self.draws.at(Mechanism::Tokens, seat.visit_key, seat.acts);
        text_of(CONSUMERS_TEXTS, words.uniform(0))
    }

    fn log(&self, block: &mut SeatBlock, (time, consumer): (f64, ConsumerId), deed: Deed) {
        if self.audience.is_watched() {
            block.log.push(Logged {
                time,
                consumer,
                deed,
            });
        }
    }

    fn tell(&self, block: &mut SeatBlock, time: f64, act: TraceAct) {
        block.trace.push(TraceRow {
            time,
            room: Some(self.view.room),
            act,
        });
    }
}

/// Ends the tick in a block: takes in what checkout answered, frees the seats of those who left, and puts those who asked back on the wheel.
pub fn settle(plot: &Scenario, view: &RoomView, block: &mut SeatBlock) {
    let refresh_rate = plot.behaviour.refreshes_per_minute / 60.0;
    let mut replies = std::mem::take(&mut block.replies);
    for reply in replies.drain(..) {
        take_in(block, reply, refresh_rate, view.clock_to);
    }
    block.replies = replies;
    let mut leavers = std::mem::take(&mut block.leavers);
    for leaver in leavers.drain(..) {
        block.release(leaver.slot);
    }
    block.leavers = leavers;
    let mut acted = std::mem::take(&mut block.acted);
    for slot in acted.drain(..) {
        block.seats[slot as usize].asks = false;
        let due = block.due[slot as usize];
        block.wheel.insert(slot, due);
    }
    block.acted = acted;
}

fn take_in(block: &mut SeatBlock, reply: Reply, refresh_rate: f64, clock: f64) {
    match reply {
        Reply::Taken {
            slot,
            product,
            yuan,
            memory,
            used_coupons,
        } => {
            let seat = &mut block.seats[slot as usize];
            seat.memory = memory;
            seat.ordered |= 1 << (product % 64);
            seat.budget_left -= yuan;
            // A coupon that was used makes it reckon for itself from now on.
            seat.own_coupons |= used_coupons;
            seat.saving_for = 0;
            if seat.refreshing == product {
                seat.refresh_until = 0.0;
            }
        }
        Reply::SoldOut {
            slot,
            product,
            until,
        } => {
            let due = block.due[slot as usize];
            let seat = &mut block.seats[slot as usize];
            if seat.refreshing != NOTHING || !due.is_finite() {
                return;
            }
            // The wait that is left belongs to the old rate; it shrinks with the new one (a hazard has no memory).
            let rate = seat.rate + refresh_rate;
            let left = (due - clock).max(0.0) * seat.rate / rate;
            seat.rate = rate;
            seat.refreshing = product;
            seat.refresh_until = until;
            block.due[slot as usize] = clock + left;
        }
    }
}

/// What a leaver has seen, for its memory; `None` where there is nothing new.
pub fn exposure_of(block: &SeatBlock, leaver: &Leaver, view: &RoomView) -> Option<[u8; CLASSES]> {
    let exposure = &block.seats[leaver.slot as usize].exposure;
    let after = exposure.on_leaving(&view.fallen);
    (after != exposure.before).then_some(after)
}
