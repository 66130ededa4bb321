//! Supervision: the authority inspects hosts, looks into brands about which many complain, and decides some days later (MODEL section 9).
//!
//! An inspection finds what a room did that a rule in force forbids, as far as it can still be shown: traffic and orders from the platform's records,
//! what was said from replays that are kept for the authority. Fines fall on the party and the base that the regime names. An inspector may also err.

use super::claim::{Grievance, Rung};
use super::desk::Desk;
use super::diary::Diary;
use super::fines::{Case, amount_of, fines_for};
use super::news::News;
use super::prices_paid::{PricesPaid, Which};
use crate::draws::{Draws, Mechanism, identity_of_pair};
use crate::market::breach::{Violation, Violations};
use crate::market::ledger::Purpose;
use crate::market::rows::{Account, EnforcementRow, NO_ROOM};
use crate::market::time::day_of;
use crate::money::Fen;
use crate::scenario::{Breach, Fine, Id, Party, Scenario, word};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days after a show within which its host can be inspected for it.
const RECENT_DAYS: f64 = 30.0;

/// Whom an inquiry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Subject {
    /// An anchor, whose rooms are inspected.
    Anchor(Id),
    /// A brand, about which many have complained.
    Brand(Id),
}

impl Subject {
    /// The brand, where it is about one.
    fn brand(self) -> Option<Id> {
        match self {
            Subject::Brand(brand) => Some(brand),
            Subject::Anchor(_) => None,
        }
    }
}

/// The authority's docket.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Docket {
    /// Decisions to come.
    pending: Diary<Subject>,
    /// What has been decided: who was fined for which breach in which room, about which product, by which of the fines.
    decided: BTreeSet<Decided>,
}

/// A decision: party, room, breach, product, number of the fine in the regime.
type Decided = (Account, Id, Breach, Option<Id>, usize);

/// What supervision moves beside the desk.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Bench<'w> {
    docket: ResMut<'w, Docket>,
    violations: Res<'w, Violations>,
    news: ResMut<'w, News>,
}

/// Opens inquiries and decides those whose day it is.
pub fn supervise(mut desk: Desk, mut bench: Bench) {
    if !desk.in_force() {
        return;
    }
    bench.inspect(&mut desk);
    bench.investigate(&mut desk);
    for subject in bench.docket.pending.take(desk.now.day) {
        bench.decide(&mut desk, subject);
    }
}

impl Docket {
    /// Other rooms for which a party has been fined.
    fn rooms_before(&self, party: Account, room: Id) -> u32 {
        let decided = self.decided.iter();
        let others = decided.filter(|(who, other, ..)| *who == party && *other != room);
        let rooms: BTreeSet<Id> = others.map(|(_, other, ..)| *other).collect();
        rooms.len() as u32
    }
}

impl Bench<'_> {
    /// Random inspections: every host that was on air in the last month, at the rate that the regime states.
    fn inspect(&mut self, desk: &mut Desk) {
        let plot = desk.plot.clone();
        if plot.regime.q_state <= 0.0 {
            return;
        }
        let daily = 1.0 - libm::pow(1.0 - plot.regime.q_state, 1.0 / 365.0);
        let second = desk.second();
        for anchor in recent_anchors(&plot, second) {
            let key = plot.anchors[anchor as usize].key;
            let words = Draws::new(plot.seed).at(Mechanism::Enforcement, key, 1 + desk.now.day);
            if words.uniform(0) < daily {
                desk.acted("q_state");
                self.open(desk, Subject::Anchor(anchor));
            }
        }
    }

    /// Investigations of brands about which enough have complained.
    fn investigate(&mut self, desk: &mut Desk) {
        let from = desk.plot.regime.investigates_from_complaints;
        if from == 0 {
            return;
        }
        for brand in 0..desk.plot.brands.len() as Id {
            let case = &mut desk.cases.by_brand[brand as usize];
            if case.investigated.is_none() && case.at_authority >= from {
                case.investigated = Some(desk.now.day);
                desk.acted("investigates_from_complaints");
                self.open(desk, Subject::Brand(brand));
            }
        }
    }

    fn open(&mut self, desk: &mut Desk, subject: Subject) {
        let days = desk.plot.regime.enforcement_delay_days;
        let day = day_of(&desk.plot.clock, desk.second() + 86_400.0 * days);
        let day = day.max(desk.now.day);
        self.docket.pending.enter(day, subject);
        desk.totals().inspected += 1;
    }

    fn decide(&mut self, desk: &mut Desk, subject: Subject) {
        let plot = desk.plot.clone();
        let found = self.found(desk, subject);
        let mut sanctioned = false;
        for (room, violation) in &found {
            for fine in fines_for(desk, *room, violation) {
                sanctioned |= self.impose(desk, subject, *room, violation, fine);
            }
        }
        let misled = found
            .iter()
            .any(|(_, violation)| violation.breach == Breach::FalsePromise);
        if let (true, true, Subject::Brand(brand)) = (plot.regime.redress_order, misled, subject) {
            self.order_redress(desk, brand);
        }
        if sanctioned {
            desk.totals().true_sanctions += 1;
        } else if found.is_empty() {
            self.may_err(desk, subject);
        }
    }

    /// What an inquiry finds, one of a kind for each room and product; about a brand nothing that others said of their goods.
    fn found(&self, desk: &Desk, subject: Subject) -> Vec<(Id, Violation)> {
        let plot = &desk.plot;
        let mut found: Vec<(Id, Violation)> = Vec::new();
        for room in rooms_of(plot, desk.second(), subject) {
            for violation in self.violations.forbidden(&plot.regime, room) {
                let known = found.iter().any(|(other, known)| {
                    *other == room
                        && (known.breach, known.product) == (violation.breach, violation.product)
                });
                let others = match (subject.brand(), seller_of(plot, violation)) {
                    (Some(about), Some(seller)) => about != seller,
                    _ => false,
                };
                let is_done = violation.evident_from <= desk.second();
                if is_done && !known && !others && is_shown(desk, room, violation) {
                    found.push((room, *violation));
                }
            }
            let missing = desk
                .replays
                .is_unlawfully_missing(plot, room, desk.second());
            if missing {
                found.push((room, of_kind(Breach::DeletedReplay, plot, room)));
            }
        }
        if let Subject::Brand(brand) = subject
            && let Some(room) = refused_unlawfully(desk, brand)
        {
            found.push((room, of_kind(Breach::RefusedRedress, plot, room)));
        }
        found
    }

    /// Fines a party, unless there is none to fine or it has been fined for this before. Returns whether it has now.
    fn impose(
        &mut self,
        desk: &mut Desk,
        subject: Subject,
        room: Id,
        violation: &Violation,
        (number, fine): (usize, Fine),
    ) -> bool {
        let plot = desk.plot.clone();
        let brand = seller_of(&plot, violation).or(subject.brand());
        let anchor = plot.rooms[room as usize].anchor;
        let party = match fine.party {
            Party::Anchor => Some(Account::Anchor(anchor)),
            Party::Brand => brand.map(Account::Brand),
            Party::Platform => Some(Account::Platform),
            Party::Farm => violation.farm.map(Account::Farm),
        };
        let Some(party) = party else {
            return false;
        };
        let nth = 1 + self.docket.rooms_before(party, room);
        let decision = (party, room, violation.breach, violation.product, number);
        if !self.docket.decided.insert(decision) {
            return false;
        }
        let farm = violation.farm;
        let amount = amount_of(desk, &fine, Case { room, brand, farm }, nth);
        self.charge(
            desk,
            party,
            Some(room),
            amount,
            &word(violation.breach),
            true,
        );
        if let Some(ban) = ban_of(violation.breach) {
            desk.acted(ban);
        }
        if fine.party == Party::Farm {
            desk.acted("bot_supplier_liable");
        }
        let key = identity_of_pair(plot.anchors[anchor as usize].key, u64::from(desk.now.day));
        self.news
            .report(&plot, anchor, key, plot.regime.publicity_shock);
        true
    }

    fn charge(
        &mut self,
        desk: &mut Desk,
        party: Account,
        room: Option<Id>,
        amount: Fen,
        reason: &str,
        is_true: bool,
    ) {
        desk.acted("fines");
        desk.ledger
            .post(party, Account::State, Purpose::Fine, amount);
        desk.totals().fines += amount;
        let time = desk.second();
        desk.recorder.enforcement(&EnforcementRow {
            time,
            by: "authority",
            room,
            party,
            action: "fined".to_owned(),
            reason: reason.to_owned(),
            is_true,
            amount,
        });
    }

    /// Where there is nothing to find, an inspector may find something all the same.
    fn may_err(&mut self, desk: &mut Desk, subject: Subject) {
        let plot = desk.plot.clone();
        let (key, party) = match subject {
            Subject::Anchor(id) => (plot.anchors[id as usize].key, Account::Anchor(id)),
            Subject::Brand(id) => (plot.brands[id as usize].key, Account::Brand(id)),
        };
        let words = Draws::new(plot.seed).at(Mechanism::Enforcement, key, 1 + desk.now.day);
        if words.uniform(1) >= plot.regime.false_positive_rate {
            return;
        }
        let fitting = plot.regime.fines.iter().find(|fine| {
            matches!(
                (fine.party, party),
                (Party::Anchor, Account::Anchor(_)) | (Party::Brand, Account::Brand(_))
            )
        });
        let room = rooms_of(&plot, desk.second(), subject).first().copied();
        if let (Some(fine), Some(room)) = (fitting, room) {
            let case = Case {
                room,
                brand: subject.brand(),
                farm: None,
            };
            let amount = amount_of(desk, fine, case, 1);
            desk.totals().false_sanctions += 1;
            self.charge(desk, party, None, amount, &word(fine.breach), false);
        }
    }

    /// Everybody to whom the brand's promise was false gets the difference to the lowest price while it held, whether it complained or not.
    fn order_redress(&self, desk: &mut Desk, brand: Id) {
        let plot = desk.plot.clone();
        let prices = PricesPaid::of(&plot, &desk.parcels.list);
        for number in 0..desk.parcels.list.len() as u32 {
            let parcel = &desk.parcels.list[number as usize];
            let broken = parcel.told.promise.filter(|promise| !promise.kept);
            let Some(promise) = broken.filter(|_| parcel.brand(&plot) == brand) else {
                continue;
            };
            if !parcel.is_kept() {
                continue;
            }
            let window = (promise.since, promise.until);
            let low = prices.lowest(parcel.line.product, window, Which::own(true));
            let owed = low.map_or(Fen::ZERO, |low| parcel.still_above(low));
            if owed > Fen::ZERO {
                desk.acted("redress_order");
                let from = Account::Brand(brand);
                desk.pays(number, from, Purpose::Redress, owed);
                desk.tell(number, "compensated", None, owed, "by order");
                desk.lessens_claim(number);
            }
        }
    }
}

/// The brand of the product that a violation is about, if it is about one.
fn seller_of(plot: &Scenario, violation: &Violation) -> Option<Id> {
    let product = violation.product?;
    Some(plot.products[product as usize].brand)
}

/// The rule that a breach is one of.
fn ban_of(breach: Breach) -> Option<&'static str> {
    match breach {
        Breach::FakeViewers => Some("ban_fake_viewers"),
        Breach::FakeOrders => Some("ban_fake_orders"),
        Breach::FakeReviews => Some("ban_fake_reviews"),
        Breach::InflatedReference => Some("claim_substantiation"),
        Breach::FalsePromise | Breach::RefusedRedress | Breach::DeletedReplay => None,
    }
}

fn of_kind(breach: Breach, plot: &Scenario, room: Id) -> Violation {
    Violation {
        breach,
        at: plot.rooms[room as usize].off_air,
        evident_from: plot.rooms[room as usize].off_air,
        product: None,
        farm: None,
    }
}

/// Hosts who were on air in the last month.
fn recent_anchors(plot: &Scenario, second: f64) -> Vec<Id> {
    let recent = plot.rooms.iter().filter(|room| {
        let ago = second - room.off_air;
        (0.0..RECENT_DAYS * 86_400.0).contains(&ago)
    });
    let mut anchors: Vec<Id> = recent.map(|room| room.anchor).collect();
    anchors.sort_unstable();
    anchors.dedup();
    anchors
}

/// The rooms that an inquiry looks into: those that have been on air by now.
fn rooms_of(plot: &Scenario, second: f64, subject: Subject) -> Vec<Id> {
    let mine = |room: &crate::scenario::Room| match subject {
        Subject::Anchor(anchor) => room.anchor == anchor,
        Subject::Brand(brand) => room.brands(plot).any(|other| other == brand),
    };
    let rooms = (0..).zip(&plot.rooms);
    rooms
        .filter(|(_, room)| room.off_air <= second && mine(room))
        .map(|(id, _)| id)
        .collect()
}

/// Whether something can still be shown: what was said by a replay, traffic and orders by the platform's records.
fn is_shown(desk: &Desk, room: Id, violation: &Violation) -> bool {
    let (plot, second) = (&desk.plot, desk.second());
    match violation.breach {
        Breach::InflatedReference | Breach::FalsePromise => {
            desk.replays.is_kept(plot, room, second)
        }
        _ => {
            let days = plot.aftermath.record_days.max(plot.regime.txn_record_days);
            (second - violation.at) / 86_400.0 <= days
        }
    }
}

/// A room for which the brand refused what was due by the terms or the law, if there is one.
fn refused_unlawfully(desk: &Desk, brand: Id) -> Option<Id> {
    let mine = desk.parcels.list.iter().filter(|parcel| {
        let of_a_room = parcel.room != NO_ROOM;
        let open = parcel.is_kept() && !parcel.is_settled();
        of_a_room && open && parcel.brand(&desk.plot) == brand
    });
    mine.filter_map(|parcel| Some((parcel, parcel.claim()?)))
        .find(|(parcel, claim)| {
            let kind = claim.grievance != Grievance::Quality;
            kind && desk.law_upholds(parcel, claim, Rung::Authority).is_ok()
        })
        .map(|(parcel, _)| parcel.room)
}
