//! Takings: what everybody who chooses earned in a day, and what was done to it. Reads the day's ledger before it is closed, and what was told of enforcement,
//! of promises that were paid for and of goods that came back.

use super::blame::is_anchors_deed;
use crate::market::ledger::{Ledger, Purpose};
use crate::market::observe::Recorder;
use crate::market::rows::Account;
use crate::market::time::Plot;
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;

/// The reason of what somebody paid a buyer because a promise did not hold: no fine, but what breaking it cost.
pub const PAID_FOR_PROMISE: &str = "paid for a promise";

/// What a day brought beside sales.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Felt {
    /// What was done to anybody.
    pub punished: Vec<Punishment>,
    /// What was sold in rooms and has come back.
    pub came_back: Vec<CameBack>,
}

/// Something that was sold in a room and has come back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameBack {
    /// The room's anchor.
    pub anchor: Id,
    /// The room.
    pub room: Id,
    /// The commission on it, which the anchor has given back.
    pub commission: Fen,
}

/// Something that was done to somebody, or that it had to pay for what it had done.
#[derive(Debug, Clone, PartialEq)]
pub struct Punishment {
    /// To whom.
    pub party: Account,
    /// The room that it is about; `None`: no single one.
    pub room: Option<Id>,
    /// For what: a breach, or what a detector said.
    pub reason: String,
    /// A fine, or what was paid.
    pub amount: Fen,
    /// Days for which its rooms stay closed.
    pub closed_days: f64,
}

/// The day's takings. Empty in the course of a day.
#[derive(Resource, Debug, Default)]
pub struct Takings {
    anchors: Vec<Fen>,
    brands: Vec<Fen>,
    farms: Vec<Fen>,
    felt: Felt,
}

impl Takings {
    /// Room for everybody in a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            anchors: vec![Fen::ZERO; scenario.anchors.len()],
            brands: vec![Fen::ZERO; scenario.brands.len()],
            farms: vec![Fen::ZERO; scenario.farms.len()],
            felt: Felt::default(),
        }
    }

    /// What an anchor earned today: commissions and fees; what it paid to farms and in fines, and what came back of earlier evenings, is not in it.
    pub fn anchor(&self, anchor: Id) -> Fen {
        self.anchors[anchor as usize]
    }

    /// What a brand earned today: sales, less goods, commissions, returns and redress; fees, fines and what it paid for promises that did not hold are not in
    /// it.
    pub fn brand(&self, brand: Id) -> Fen {
        self.brands[brand as usize]
    }

    /// What a farm was paid today for its services.
    pub fn farm(&self, farm: Id) -> Fen {
        self.farms[farm as usize]
    }

    /// What was done to somebody today.
    pub fn punished(&self, party: Account) -> impl Iterator<Item = &Punishment> {
        let punished = &self.felt.punished;
        let from = punished.partition_point(|done| done.party < party);
        let of = move |done: &&Punishment| done.party == party;
        punished[from..].iter().take_while(of)
    }

    /// What came back today that an anchor had sold: once for each room, in order.
    pub fn came_back(&self, anchor: Id) -> impl Iterator<Item = &CameBack> {
        let all = &self.felt.came_back;
        let from = all.partition_point(|back| back.anchor < anchor);
        all[from..]
            .iter()
            .take_while(move |back| back.anchor == anchor)
    }

    fn add(&mut self, account: Account, amount: Fen) {
        let total = match account {
            Account::Anchor(anchor) => self.anchors.get_mut(anchor as usize),
            Account::Brand(brand) => self.brands.get_mut(brand as usize),
            Account::Farm(farm) => self.farms.get_mut(farm as usize),
            _ => None,
        };
        if let Some(total) = total {
            *total += amount;
        }
    }
}

/// Adds up the day.
pub fn settle(
    plot: Res<Plot>,
    ledger: Res<Ledger>,
    mut recorder: ResMut<Recorder>,
    mut takings: ResMut<Takings>,
) {
    let takings = &mut *takings;
    for totals in [
        &mut takings.anchors,
        &mut takings.brands,
        &mut takings.farms,
    ] {
        totals.fill(Fen::ZERO);
    }
    for (from, to, purpose, amount) in ledger.today() {
        if counts(from, purpose) {
            takings.add(from, -amount);
        }
        if counts(to, purpose) {
            takings.add(to, amount);
        }
    }
    takings.felt = recorder.take_felt();
    let mut punished = std::mem::take(&mut takings.felt.punished);
    for done in &mut punished {
        if done.closed_days > 0.0 {
            done.closed_days = plot.regime.suspension_days;
        }
        // It is in the ledger, and reckoned apart.
        if done.reason == PAID_FOR_PROMISE {
            takings.add(done.party, done.amount);
        }
        done.party = answers_for(&plot, done);
    }
    // Found by party, again and again.
    punished.sort_by_key(|done| done.party);
    takings.felt.punished = punished;
    let came_back = &mut takings.felt.came_back;
    came_back.sort_by_key(|back| (back.anchor, back.room));
    came_back.dedup_by(|next, one| {
        let same = next.room == one.room;
        if same {
            one.commission += next.commission;
        }
        same
    });
}

/// Who reckons with what was done to a party: what a brand is fined for in a room where its goods were shown, but for promises and redress, its anchor had
/// said or bought. It is the brand's own, or was hired and has to answer for it.
fn answers_for(plot: &Scenario, done: &Punishment) -> Account {
    match (done.party, done.room) {
        (Account::Brand(_), Some(room)) if is_anchors_deed(&done.reason) => {
            Account::Anchor(plot.rooms[room as usize].anchor)
        }
        (party, _) => party,
    }
}

/// Whether money for a purpose is part of what somebody's own choice of goods, shows and promises earns. Fees, fines and commissions given back are reckoned
/// apart, and goods that a farm's accounts order are not its own.
fn counts(account: Account, purpose: Purpose) -> bool {
    match account {
        Account::Anchor(_) => !matches!(
            purpose,
            Purpose::Bots | Purpose::Fine | Purpose::Course | Purpose::CommissionBack
        ),
        Account::Brand(_) => !matches!(
            purpose,
            Purpose::SlotFee | Purpose::Fine | Purpose::BrushedSale | Purpose::BrushedRefund
        ),
        Account::Farm(_) => purpose == Purpose::Bots,
        _ => false,
    }
}
