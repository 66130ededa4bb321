//! Parcels: every line that a consumer paid for its own sake, and what becomes of it. Filler that pads a basket is not among them: it is kept at a
//! share of its price, or sent back (`balance`).

use super::claim::{Claim, Status};
use super::diary::Diary;
use super::rumour::Rumours;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::market::offers::Promised;
use crate::market::register::Buyer;
use crate::market::rows::Account;
use crate::market::sale::PaidLine;
use crate::market::time::day_of;
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use crate::welfare::CHANNELS;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an order leaves behind in its buyer's mind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What a unit is worth to the buyer at home, less what it needs to be worth (v - s logit u), yuan.
    pub surplus: f64,
    /// Harm H of the order, yuan.
    pub harm: f64,
    /// Its Shapley shares.
    pub shares: [f64; CHANNELS],
    /// A promise of the lowest price that it heard.
    pub promise: Option<Promised>,
    /// How far the claimed price was above the honest prior one, all units, yuan.
    pub false_saving: f64,
}

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Not delivered yet.
    OnTheWay,
    /// Kept, so far.
    Kept,
    /// Sent back, not refunded yet.
    SentBack,
    /// Refunded.
    Returned,
    /// A presale whose balance was not paid: nothing was delivered and the deposit is lost.
    Forfeited,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    /// Number of the order.
    pub order: u64,
    /// The room that it goes with, be it bought there or from the shelf.
    pub room: Id,
    /// Who bought it.
    pub buyer: Buyer,
    /// Identity of the buyer.
    pub key: Identity,
    /// What was paid, to whom.
    pub line: PaidLine,
    /// Deposit that was forfeited for it, beside what was paid.
    pub forfeited: Fen,
    /// When it was paid, second.
    pub paid_at: f64,
    /// When its price was agreed on: a presale's while its show was on air, second.
    pub agreed_at: f64,
    /// From when a guarantee of its price holds: a presale's from when its balance fell due, second.
    pub guaranteed_from: f64,
    /// Whether a coupon was used on it.
    pub by_coupon: bool,
    /// What the order left behind.
    pub told: Told,
    /// Where it is.
    pub fate: Fate,
    /// Day of delivery.
    pub delivered: u32,
    /// Whether its buyer knows of a lower price.
    pub aware: bool,
    /// Whether it knows of one that it can complain of.
    pub has_ground: bool,
    /// Times that its buyer has searched or heard of prices.
    pub heard: u32,
    /// Whether it has been counted among those with a problem.
    pub has_problem: bool,
    /// What its buyer claims, or claimed and gave up; a claim that was only thought of is not here. Few parcels have one.
    pub claim: Option<Box<Claim>>,
    /// Worth of the buyer's time spent on returning and claiming, yuan.
    pub time_cost: f64,
    /// Freight of a return that the buyer bore.
    pub freight: Fen,
    /// Refunds of differences, damages and compensation.
    pub redress: Fen,
    /// The damages among them.
    pub damages: Fen,
    /// Who paid the last of it.
    pub redress_from: Option<Account>,
    /// What delivered quality lacks of the worth reckoned with, all units, yuan.
    pub shortfall: f64,
}

impl Parcel {
    /// What was paid for all units, a forfeited deposit included.
    pub fn paid(&self) -> Fen {
        self.line.paid + self.forfeited
    }

    /// The same for a unit.
    pub fn unit(&self) -> Fen {
        Fen(self.paid().0 / i64::from(self.line.units.max(1)))
    }

    /// How much more was paid for all units than a price of a unit would have come to.
    pub fn above(&self, unit: Fen) -> Fen {
        Fen((self.unit() - unit).0 * i64::from(self.line.units))
    }

    /// The same, less what has been paid back already.
    pub fn still_above(&self, unit: Fen) -> Fen {
        (self.above(unit) - self.paid_back()).max(Fen::ZERO)
    }

    /// What has been paid back of its price.
    pub fn paid_back(&self) -> Fen {
        self.redress - self.damages
    }

    /// Whether its buyer heard a promise of the lowest price that does not hold.
    pub fn was_misled(&self) -> bool {
        self.told.promise.is_some_and(|promise| !promise.kept)
    }

    /// What its buyer claims.
    pub fn claim(&self) -> Option<Claim> {
        self.claim.as_deref().copied()
    }

    /// The same, to be moved on.
    pub fn claim_mut(&mut self) -> Option<&mut Claim> {
        self.claim.as_deref_mut()
    }

    /// Whether its buyer got what it claims.
    pub fn is_settled(&self) -> bool {
        self.claim()
            .is_some_and(|claim| claim.status == Status::Granted)
    }

    /// Whether its buyer, who hears of the collective complaint, may still join it with a claim: it has the goods, waits for no answer, and has not got by
    /// other means what it would ask for.
    pub fn may_join(&self, claim: &Claim) -> bool {
        let waits_or_has = self
            .claim()
            .is_some_and(|own| own.status != Status::Abandoned || own.joined);
        self.is_kept() && !waits_or_has && self.left_of(claim) > Fen::ZERO
    }

    /// What is left to be asked for by a claim, when part of it has been paid by other means.
    pub fn left_of(&self, claim: &Claim) -> Fen {
        claim
            .low
            .map_or(claim.amount, |low| self.still_above(low.unit))
    }

    /// Until when its price is guaranteed, second.
    pub fn guaranteed_until(&self, plot: &Scenario) -> f64 {
        self.guaranteed_from + 86_400.0 * plot.aftermath.price_protection_days
    }

    /// From when a lower price is one that the buyer can complain of: while its price is guaranteed, or since it was promised to be the lowest.
    pub fn complains_of_lows_since(&self) -> f64 {
        let promised = self.told.promise.map(|promise| promise.since);
        promised.map_or(self.guaranteed_from, |since| {
            since.min(self.guaranteed_from)
        })
    }

    /// Identity of (buyer, product).
    pub fn pair(&self, plot: &Scenario) -> Identity {
        identity_of_pair(self.key, plot.products[self.line.product as usize].key)
    }

    /// What tells a purchase in a room from one on the shelf where draws are keyed by (buyer, product).
    pub fn ordinal(&self) -> u32 {
        u32::from(self.line.room.is_none())
    }

    /// The brand that sold it.
    pub fn brand(&self, plot: &Scenario) -> Id {
        plot.products[self.line.product as usize].brand
    }

    /// Whether the goods are with the buyer, or on their way there.
    pub fn is_kept(&self) -> bool {
        matches!(self.fate, Fate::OnTheWay | Fate::Kept)
    }
}

/// All parcels, in order of payment.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Parcels {
    /// The parcels.
    pub list: Vec<Parcel>,
    /// Deliveries to come.
    pub deliveries: Diary,
    /// Sales so far, by brand.
    pub sales: Vec<Fen>,
    /// By room and brand: what was paid for parcels bought there that have not come back.
    held: BTreeMap<(Id, Id), Fen>,
}

/// What a paid line says of itself.
pub struct Paid {
    /// Number of the order.
    pub order: u64,
    /// The room that it goes with.
    pub room: Id,
    /// Who.
    pub buyer: Buyer,
    /// Its identity.
    pub key: Identity,
    /// What was paid.
    pub line: PaidLine,
    /// Deposit forfeited for it.
    pub forfeited: Fen,
    /// Second.
    pub time: f64,
    /// Whether a coupon was used.
    pub by_coupon: bool,
}

impl Parcels {
    /// Nothing bought yet.
    pub fn new(plot: &Scenario) -> Self {
        Self {
            sales: vec![Fen::ZERO; plot.brands.len()],
            ..Self::default()
        }
    }

    /// A line has been paid: it will be delivered, and its price gets about.
    pub fn paid(&mut self, plot: &Scenario, rumours: &mut Rumours, paid: Paid, told: Told) {
        let mut parcel = new_parcel(plot, paid, told, Fate::OnTheWay);
        let draw =
            Draws::new(plot.seed).at(Mechanism::Delivery, parcel.pair(plot), 2 * parcel.ordinal());
        let mean = plot.aftermath.delivery_days;
        let days = mean.min(1.0) + (mean - 1.0).max(0.0) * draw.exponential(0);
        parcel.delivered = day_of(&plot.clock, parcel.paid_at + 86_400.0 * days);
        let number = self.list.len() as u32;
        self.deliveries.enter(parcel.delivered, number);
        self.sales[parcel.brand(plot) as usize] += parcel.line.paid;
        if let Some(held) = self.held_with(plot, &parcel) {
            *held += parcel.line.paid;
        }
        rumours.bought(plot, number, &parcel);
        self.list.push(parcel);
    }

    /// A parcel goes back.
    pub fn send_back(&mut self, plot: &Scenario, number: u32) {
        let parcel = self.list[number as usize].clone();
        if let Some(held) = self.held_with(plot, &parcel).filter(|_| parcel.is_kept()) {
            *held += -parcel.line.paid;
        }
        self.list[number as usize].fate = Fate::SentBack;
    }

    /// What was paid in a room and has not come back: for a brand's goods, or for all.
    pub fn held(&self, room: Id, brand: Option<Id>) -> Fen {
        match brand {
            Some(brand) => self.held.get(&(room, brand)).copied().unwrap_or_default(),
            None => self
                .held
                .range((room, 0)..=(room, Id::MAX))
                .map(|(_, held)| *held)
                .sum(),
        }
    }

    /// What is held of a room and brand, where a parcel was bought in a room.
    fn held_with(&mut self, plot: &Scenario, parcel: &Parcel) -> Option<&mut Fen> {
        parcel.line.room?;
        let of = (parcel.room, parcel.brand(plot));
        Some(self.held.entry(of).or_default())
    }

    /// Promises were broken after goods had been bought on them: rooms with products. Orders stay as they were placed; what their buyers were told is
    /// not true any more.
    pub fn promises_broken(&mut self, broken: &BTreeSet<(Id, Id)>) {
        if broken.is_empty() {
            return;
        }
        for parcel in &mut self.list {
            if let Some(promise) = &mut parcel.told.promise
                && broken.contains(&(parcel.room, parcel.line.product))
            {
                promise.kept = false;
            }
        }
    }

    /// What claims ask for that have not been granted, yuan.
    pub fn unresolved(&self) -> f64 {
        let claims = self.list.iter().filter_map(Parcel::claim);
        let open = claims.filter(|claim| claim.status != Status::Granted);
        open.map(|claim| claim.amount).sum::<Fen>().yuan()
    }

    /// The deposit of a presale is lost.
    pub fn forfeited(&mut self, plot: &Scenario, paid: Paid, told: Told) {
        self.list
            .push(new_parcel(plot, paid, told, Fate::Forfeited));
    }
}

/// When the price of a presale was agreed on whose balance is paid at a second, at the latest, and when that fell due.
fn agreed_and_due(plot: &Scenario, line: &PaidLine, second: f64) -> Option<(f64, f64)> {
    let room = line.room.filter(|_| line.deposit > Fen::ZERO)?;
    let posted = plot.campaign.posted.iter();
    let due = posted
        .filter(|posted| (posted.product, posted.channel) == (line.product, room))
        .filter(|posted| posted.deposit > Fen::ZERO)
        .map(|posted| posted.window.from as f64);
    let due = due.filter(|due| *due <= second).reduce(f64::max)?;
    Some((plot.rooms[room as usize].off_air.min(due), due))
}

fn new_parcel(plot: &Scenario, paid: Paid, told: Told, fate: Fate) -> Parcel {
    let presale = agreed_and_due(plot, &paid.line, paid.time);
    let (agreed_at, guaranteed_from) = presale.unwrap_or((paid.time, paid.time));
    Parcel {
        agreed_at,
        guaranteed_from,
        order: paid.order,
        room: paid.room,
        buyer: paid.buyer,
        key: paid.key,
        line: paid.line,
        forfeited: paid.forfeited,
        paid_at: paid.time,
        by_coupon: paid.by_coupon,
        told,
        fate,
        delivered: 0,
        aware: false,
        has_ground: false,
        heard: 0,
        has_problem: false,
        claim: None,
        time_cost: 0.0,
        freight: Fen::ZERO,
        redress: Fen::ZERO,
        damages: Fen::ZERO,
        redress_from: None,
        shortfall: 0.0,
    }
}
