//! Takings: what everybody who chooses earned in a day, and what was done to it. Reads the day's ledger before it is closed, and what was told of enforcement.

use crate::market::ledger::{Ledger, Purpose};
use crate::market::observe::Recorder;
use crate::market::rows::Account;
use crate::market::time::Plot;
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;

/// Something that was done to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Punishment {
    /// To whom.
    pub party: Account,
    /// For what: a breach, or what a detector said.
    pub reason: String,
    /// A fine.
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
    punished: Vec<Punishment>,
}

impl Takings {
    /// Room for everybody in a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            anchors: vec![Fen::ZERO; scenario.anchors.len()],
            brands: vec![Fen::ZERO; scenario.brands.len()],
            farms: vec![Fen::ZERO; scenario.farms.len()],
            punished: Vec::new(),
        }
    }

    /// What an anchor earned today: commissions and fees, less commissions given back; what it paid to farms and in fines is not in it.
    pub fn anchor(&self, anchor: Id) -> Fen {
        self.anchors[anchor as usize]
    }

    /// What a brand earned today: sales, less goods, commissions, returns, redress and damages; fees and fines are not in it.
    pub fn brand(&self, brand: Id) -> Fen {
        self.brands[brand as usize]
    }

    /// What a farm was paid today for its services.
    pub fn farm(&self, farm: Id) -> Fen {
        self.farms[farm as usize]
    }

    /// What was done to somebody today.
    pub fn punished(&self, party: Account) -> impl Iterator<Item = &Punishment> {
        self.punished.iter().filter(move |done| done.party == party)
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
    takings.punished.clear();
    for mut done in recorder.take_punished() {
        if done.closed_days > 0.0 {
            done.closed_days = plot.regime.suspension_days;
        }
        takings.punished.push(done);
    }
    // Found by party, again and again.
    takings.punished.sort_by_key(|done| done.party);
}

/// Whether money for a purpose is part of what somebody's own choice of goods, shows and promises earns. Fees and fines are reckoned apart, and goods that
/// a farm's accounts order are not its own.
fn counts(account: Account, purpose: Purpose) -> bool {
    match account {
        Account::Anchor(_) => !matches!(purpose, Purpose::Bots | Purpose::Fine | Purpose::Course),
        Account::Brand(_) => !matches!(
            purpose,
            Purpose::SlotFee | Purpose::Fine | Purpose::BrushedSale | Purpose::BrushedRefund
        ),
        Account::Farm(_) => purpose == Purpose::Bots,
        _ => false,
    }
}
