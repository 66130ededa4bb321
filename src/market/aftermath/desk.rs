//! The desk: what the systems of the aftermath share. Everything that happens to a parcel is counted, paid and written down here.

use super::collective::Cases;
use super::parcel::Parcels;
use super::replay::Replays;
use super::totals::AftermathTotals;
use crate::market::enforce::Enforcement;
use crate::market::ledger::{Ledger, Purpose};
use crate::market::memory::{Memories, Note};
use crate::market::observe::Recorder;
use crate::market::population::{Census, MemoryOf};
use crate::market::rows::{Account, AftermathRow};
use crate::market::tally::Tally;
use crate::market::time::{Now, Plot, day_of};
use crate::money::Fen;
use crate::scenario::Id;
use bevy_ecs::prelude::*;

use super::claim::{Grievance, Rung};

/// What the systems of the aftermath share.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Desk<'w, 's> {
    /// The scenario.
    pub plot: Res<'w, Plot>,
    /// The day that has just ended.
    pub now: Res<'w, Now>,
    /// Parcels.
    pub parcels: ResMut<'w, Parcels>,
    /// Complaints by brand.
    pub cases: ResMut<'w, Cases>,
    /// Replays.
    pub replays: ResMut<'w, Replays>,
    /// Money.
    pub ledger: ResMut<'w, Ledger>,
    /// Totals.
    pub tally: ResMut<'w, Tally>,
    /// Whoever records.
    pub recorder: ResMut<'w, Recorder>,
    /// When rules first acted.
    pub enforcement: ResMut<'w, Enforcement>,
    /// What people remember.
    pub memories: ResMut<'w, Memories>,
    census: Res<'w, Census>,
    columns: Query<'w, 's, &'static mut MemoryOf>,
}

/// What moved in a day beyond the totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Movement {
    /// Complaints beyond the seller, and joinings, so far.
    pub complaints: u64,
    /// Refunds of differences, damages and compensation so far.
    pub redress: Fen,
}

impl Desk<'_, '_> {
    /// The second at which the day that is worked up has ended.
    pub fn second(&self) -> f64 {
        self.now.end
    }

    /// The day so many days from now, tomorrow at the earliest.
    pub fn day_in(&self, days: f64) -> u32 {
        let day = day_of(&self.plot.clock, self.second() + 86_400.0 * days);
        day.max(self.now.day + 1)
    }

    /// Whether the regime is in force.
    pub fn in_force(&self) -> bool {
        self.plot.regime.holds_at(self.second())
    }

    /// A rule changed something.
    pub fn acted(&mut self, rule: &str) {
        let second = self.second();
        self.enforcement.acted(rule, second);
    }

    /// Totals of the aftermath.
    pub fn totals(&mut self) -> &mut AftermathTotals {
        &mut self.tally.aftermath
    }

    /// What the days' totals are made of.
    pub fn totals_day(&mut self) -> &mut Movement {
        &mut self.tally.movement
    }

    /// A line has a problem; it is counted once.
    pub fn problem(&mut self, number: u32) {
        let parcel = &mut self.parcels.list[number as usize];
        if !parcel.has_problem {
            parcel.has_problem = true;
            self.tally.aftermath.problems += 1;
        }
    }

    /// Writes down what happened to a parcel.
    pub fn tell(
        &mut self,
        number: u32,
        event: &'static str,
        rung: Option<Rung>,
        amount: Fen,
        detail: &'static str,
    ) {
        let parcel = &self.parcels.list[number as usize];
        self.recorder.aftermath(&AftermathRow {
            day: self.now.day,
            order: parcel.order,
            consumer: u64::from(parcel.buyer.consumer),
            segment: parcel.buyer.segment,
            product: parcel.line.product,
            room: parcel.room,
            event,
            rung: rung.map_or("", Rung::name),
            amount,
            detail,
        });
    }

    /// Pays a buyer for a claim, or without one.
    pub fn pays(&mut self, number: u32, from: Account, purpose: Purpose, amount: Fen) {
        let parcel = &mut self.parcels.list[number as usize];
        let quality = parcel
            .claim()
            .is_some_and(|claim| claim.grievance == Grievance::Quality);
        let for_promise = parcel.was_misled() && !quality;
        parcel.redress += amount;
        parcel.redress_from = Some(from);
        if purpose == Purpose::Damages {
            parcel.damages += amount;
        }
        self.tally.movement.redress += amount;
        let totals = &mut self.tally.aftermath;
        match purpose {
            Purpose::Damages => totals.damages += amount,
            Purpose::Compensation => totals.compensation += amount,
            Purpose::PriceProtection => totals.protected += amount,
            _ => totals.refunds += amount,
        }
        self.ledger.post(from, Account::Consumers, purpose, amount);
        if for_promise {
            self.recorder.paid_for_promise(from, amount);
        }
    }

    /// The account of the brand that sold a parcel.
    pub fn seller_of(&self, number: u32) -> Account {
        Account::Brand(self.brand_of(number))
    }

    /// The brand that sold a parcel.
    pub fn brand_of(&self, number: u32) -> Id {
        self.parcels.list[number as usize].brand(&self.plot)
    }

    /// A buyer trusts the anchor of a parcel's room less.
    pub fn loses_trust(&mut self, number: u32) {
        let parcel = &self.parcels.list[number as usize];
        let Some(room) = self.plot.rooms.get(parcel.room as usize) else {
            return;
        };
        let anchor = room.anchor;
        let who = parcel.buyer.consumer;
        let memory = self.memories.open(&self.census, &mut self.columns, who);
        self.memories.note(memory, Note::Wronged { anchor });
    }
}
