//! The tally: what the evening comes to, counted as it happens.

use super::aftermath::{AftermathTotals, Movement};
use super::ledger::Ledger;
use super::register::Buyer;
use super::room::RoomIndex;
use super::rows::{Account, NO_ROOM};
use super::seats::{BlockIndex, Seat, SeatBlock};
use super::summary::{DayTotals, Earned, HarmTotal, PricePaid, Summary, Totals, TotalsOf};
use super::time::{Now, Plot};
use super::wallet::Skill;
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use crate::welfare::Harm;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an order sold, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sold {
    /// Where.
    pub room: Id,
    /// What.
    pub product: Id,
    /// Segment of the buyer.
    pub segment: Id,
    /// Whether the buyer counts as vulnerable.
    pub vulnerable: bool,
    /// Units.
    pub units: u32,
    /// Price of all units.
    pub price: Fen,
}

/// Totals so far.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// By room.
    pub rooms: Vec<Totals>,
    /// By segment.
    pub segments: Vec<Totals>,
    /// What goes with no room.
    pub elsewhere: Totals,
    /// Consumers counted as vulnerable.
    pub vulnerable: Totals,
    /// Consumers who paid at least once.
    pub buyers: u64,
    /// Consumers who went online.
    pub online: u64,
    /// Units by product, effective price of a unit and skill, where there are coupons; filler is not among them.
    pub prices: BTreeMap<(Id, Fen, Skill), u64>,
    /// The aftermath.
    pub aftermath: AftermathTotals,
    /// What moves from day to day.
    pub movement: Movement,
    /// The market at the end of each day.
    pub days: Vec<DayTotals>,
    /// Hash of the world's state at the end of each day.
    pub state_hashes: Vec<String>,
}

impl Tally {
    /// Nothing yet.
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            rooms: vec![Totals::default(); scenario.rooms.len()],
            segments: vec![Totals::default(); scenario.population.segments.len()],
            ..Self::default()
        }
    }

    /// Totals of the market: its rooms, and what goes with none.
    fn market(&self) -> Totals {
        let mut market = Totals::default();
        for totals in self.rooms.iter().chain([&self.elsewhere]) {
            add_totals(&mut market, totals);
        }
        market.distinct_buyers = self.buyers;
        market
    }

    /// The totals that a sale belongs to beside its room's.
    fn groups(&mut self, sold: &Sold) -> impl Iterator<Item = &mut Totals> + use<'_> {
        let vulnerable = sold.vulnerable.then_some(&mut self.vulnerable);
        let room = match sold.room {
            NO_ROOM => Some(&mut self.elsewhere),
            room => self.rooms.get_mut(room as usize),
        };
        [
            room,
            self.segments.get_mut(sold.segment as usize),
            vulnerable,
        ]
        .into_iter()
        .flatten()
    }

    /// An order of a consumer.
    pub fn ordered(&mut self, sold: &Sold, harm: &Harm, unbiased: &Harm) {
        for totals in self.groups(sold) {
            totals.real_orders += 1;
            add_harm(&mut totals.harm, harm);
            add_harm(&mut totals.unbiased_harm, unbiased);
        }
    }

    /// A payment: `first`, the buyer's first of all; `first_here`, its first in this room.
    pub fn paid(
        &mut self,
        sold: &Sold,
        due_now: Fen,
        balance: Fen,
        harm: &Harm,
        first: bool,
        first_here: bool,
    ) {
        self.buyers += u64::from(first);
        if first {
            self.segments[sold.segment as usize].distinct_buyers += 1;
            self.vulnerable.distinct_buyers += u64::from(sold.vulnerable);
        }
        self.rooms[sold.room as usize].distinct_buyers += u64::from(first_here);
        for totals in self.groups(sold) {
            totals.paid_orders += 1;
            totals.paid_sales += due_now;
            totals.balances_open += balance;
            add_harm(&mut totals.harm_paid, harm);
        }
    }

    /// A reservation that lapsed.
    pub fn lapsed(&mut self, sold: &Sold) {
        for totals in self.groups(sold) {
            totals.lapsed_orders += 1;
        }
    }

    /// A purchase with coupons was paid: everything off, and what the filler in it cost.
    pub fn bought(&mut self, buyer: &Buyer, room: Id, off: Fen, filler: Fen) {
        for totals in self.groups(&sold_by(buyer, room)) {
            totals.coupon_discounts += off;
            totals.filler_sales += filler;
        }
    }

    /// Something was bought from a shelf for its own sake.
    pub fn bought_from_shelf(&mut self, buyer: &Buyer, room: Id, paid: Fen) {
        for totals in self.groups(&sold_by(buyer, room)) {
            totals.shelf_orders += 1;
            totals.shelf_sales += paid;
        }
    }

    /// Filler was sent back.
    pub fn sent_back(&mut self, buyer: &Buyer, room: Id, refund: Fen) {
        for totals in self.groups(&sold_by(buyer, room)) {
            totals.filler_refunds += refund;
        }
    }

    /// Units were paid at an effective price.
    pub fn priced(&mut self, product: Id, unit: Fen, skill: Skill, units: u32) {
        *self.prices.entry((product, unit, skill)).or_default() += u64::from(units);
    }

    /// A balance that was open was paid, with less than it where coupons were used.
    pub fn balance_paid(&mut self, sold: &Sold, open: Fen, paid: Fen) {
        for totals in self.groups(sold) {
            totals.balances_paid += 1;
            totals.balances_open += -open;
            totals.paid_sales += paid;
        }
    }

    /// A balance that was open will not be paid, and the deposit is lost.
    pub fn forfeited(&mut self, sold: &Sold, open: Fen, deposit: Fen) {
        for totals in self.groups(sold) {
            totals.forfeited_orders += 1;
            totals.balances_open += -open;
            totals.forfeited_deposits += deposit;
        }
    }

    /// The day is over: keeps what the market has come to. `unresolved`: what open and failed claims ask for, yuan.
    pub fn close_day(&mut self, day: u32, unresolved: f64) {
        let mut totals = DayTotals {
            day,
            ..DayTotals::default()
        };
        for room in &self.rooms {
            totals.paid_orders += room.paid_orders;
            totals.paid_sales += room.paid_sales;
            totals.harm += room.harm_paid.total;
        }
        let after = &self.aftermath;
        totals.returned_orders = after.returned.iter().sum();
        totals.claims = after.claims;
        totals.complaints = self.movement.complaints;
        totals.redress = self.movement.redress;
        totals.unresolved = unresolved;
        self.days.push(totals);
    }

    /// Brushed orders, and the sales on display by them.
    pub fn brushed(&mut self, room: Id, count: u64, sales: Fen) {
        let totals = &mut self.rooms[room as usize];
        totals.brushed_orders += count;
        totals.displayed_sales += sales;
    }

    /// Brushed orders were refunded.
    pub fn brushed_refunded(&mut self, room: Id, count: u64, amount: Fen) {
        let totals = &mut self.rooms[room as usize];
        totals.brushed_refunded += count;
        totals.brushed_refunds += amount;
    }

    /// A visit that has ended.
    pub fn visited(&mut self, seat: &Seat) {
        let looks = u64::from(seat.looks - seat.looks_at_entry);
        let vulnerable = seat.vulnerable.then_some(&mut self.vulnerable);
        for totals in [self.segments.get_mut(seat.segment as usize), vulnerable]
            .into_iter()
            .flatten()
        {
            totals.real_views += 1;
            totals.looks += looks;
        }
    }
}

/// Whose totals a purchase belongs to.
fn sold_by(buyer: &Buyer, room: Id) -> Sold {
    Sold {
        room,
        product: 0,
        segment: buyer.segment,
        vulnerable: buyer.vulnerable,
        units: 0,
        price: Fen::ZERO,
    }
}

fn add_harm(total: &mut HarmTotal, harm: &Harm) {
    if harm.total == 0.0 {
        return;
    }
    total.induced_orders += 1;
    total.total += harm.total;
    for (sum, share) in total.by_channel.iter_mut().zip(harm.shares) {
        *sum += share;
    }
}

fn add_totals(sum: &mut Totals, part: &Totals) {
    sum.displayed_views += part.displayed_views;
    sum.real_views += part.real_views;
    sum.peak_displayed_viewers = sum.peak_displayed_viewers.max(part.peak_displayed_viewers);
    sum.peak_real_viewers = sum.peak_real_viewers.max(part.peak_real_viewers);
    sum.looks += part.looks;
    sum.displayed_orders += part.displayed_orders;
    sum.real_orders += part.real_orders;
    sum.brushed_orders += part.brushed_orders;
    sum.brushed_refunded += part.brushed_refunded;
    sum.brushed_refunds += part.brushed_refunds;
    sum.distinct_buyers += part.distinct_buyers;
    sum.paid_orders += part.paid_orders;
    sum.lapsed_orders += part.lapsed_orders;
    sum.sold_out_tries += part.sold_out_tries;
    sum.displayed_sales += part.displayed_sales;
    sum.paid_sales += part.paid_sales;
    sum.balances_open += part.balances_open;
    sum.balances_paid += part.balances_paid;
    sum.forfeited_orders += part.forfeited_orders;
    sum.forfeited_deposits += part.forfeited_deposits;
    sum.coupon_discounts += part.coupon_discounts;
    sum.shelf_orders += part.shelf_orders;
    sum.shelf_sales += part.shelf_sales;
    sum.filler_sales += part.filler_sales;
    sum.filler_refunds += part.filler_refunds;
    sum.searches += part.searches;
    sum.search_time_cost += part.search_time_cost;
    for (sum, part) in [
        (&mut sum.harm, &part.harm),
        (&mut sum.harm_paid, &part.harm_paid),
        (&mut sum.unbiased_harm, &part.unbiased_harm),
    ] {
        sum.induced_orders += part.induced_orders;
        sum.total += part.total;
        for (sum, part) in sum.by_channel.iter_mut().zip(part.by_channel) {
            *sum += part;
        }
    }
}

/// Totals of the market so far.
pub fn market_of(world: &World) -> Totals {
    let mut tally = world.resource::<Tally>().clone();
    complete(world, &mut tally);
    tally.market()
}

/// What the evening has come to so far.
pub fn summarise(world: &World) -> Summary {
    let plot = world.resource::<Plot>();
    let mut tally = world.resource::<Tally>().clone();
    complete(world, &mut tally);
    let market = tally.market();
    let mut anchors = vec![Totals::default(); plot.anchors.len()];
    for (totals, room) in tally.rooms.iter().zip(&plot.rooms) {
        add_totals(&mut anchors[room.anchor as usize], totals);
    }
    let named = |totals: Vec<Totals>, names: Vec<&String>| {
        totals
            .into_iter()
            .zip(names)
            .zip(0..)
            .map(|((totals, name), id)| TotalsOf {
                id,
                name: name.clone(),
                totals,
            })
            .collect()
    };
    let regime = &plot.regime;
    let prices = prices_of(&tally);
    tally.aftermath.rooms_in_breach = super::breach::rooms_in_breach(world);
    Summary {
        market,
        rooms: named(
            tally.rooms,
            plot.rooms.iter().map(|room| &room.name).collect(),
        ),
        anchors: named(
            anchors,
            plot.anchors.iter().map(|anchor| &anchor.name).collect(),
        ),
        segments: named(
            tally.segments,
            plot.population
                .segments
                .iter()
                .map(|segment| &segment.name)
                .collect(),
        ),
        vulnerable: tally.vulnerable,
        earned: earned(world),
        sellers_freight: world.resource::<Ledger>().sellers_freight(),
        online_consumers: tally.online,
        ticks: world.resource::<Now>().simulated,
        prices,
        aftermath: tally.aftermath,
        harm: super::aftermath::account(world),
        collective: super::aftermath::collective(world),
        days: tally.days,
        season: world.get_resource::<super::strategy::Seasons>().cloned(),
        rules: world
            .resource::<super::enforce::Enforcement>()
            .report(regime),
        state_hashes: tally.state_hashes,
    }
}

fn prices_of(tally: &Tally) -> Vec<PricePaid> {
    let prices = tally.prices.iter();
    prices
        .map(|((product, unit, skill), units)| PricePaid {
            product: *product,
            unit: *unit,
            skill: *skill,
            units: *units,
        })
        .collect()
}

/// Adds what is counted elsewhere: counters on display, and the visits that go on.
fn complete(world: &World, tally: &mut Tally) {
    let (plot, now) = (world.resource::<Plot>(), world.resource::<Now>());
    for (entity, room) in world.resource::<RoomIndex>().0.iter().zip(0_u32..) {
        let Some(offers) = world.get::<super::offers::Offers>(*entity) else {
            continue;
        };
        let totals = &mut tally.rooms[room as usize];
        let off_air = plot.rooms[room as usize].off_air;
        let discloses = plot.regime.discloses_at(now.start.min(off_air));
        if let Some(display) = world.get::<super::display::Display>(*entity) {
            totals.peak_displayed_viewers = display.peak_displayed_viewers;
            totals.peak_real_viewers = display.peak_real_viewers;
        }
        if let Some(crowd) = world.get::<super::crowd::Crowd>(*entity) {
            let fake = if discloses { 0 } else { crowd.fake.views };
            totals.displayed_views = crowd.real_views() + fake;
        }
        for offer in &offers.0 {
            if discloses {
                totals.displayed_orders += offer.real_orders;
                totals.displayed_sales += offer.real_sales;
                continue;
            }
            totals.displayed_orders += offer.displayed_orders();
            // Shouted orders are said to be at the price in force; real ones are counted at the price of each below.
            let shouted = i64::try_from(offer.shouted_orders).unwrap_or(i64::MAX);
            let sales = Fen::from_yuan(offer.price).checked_mul(shouted);
            totals.displayed_sales += sales.unwrap_or(Fen(i64::MAX)) + offer.real_sales;
        }
    }
    for entity in world.resource::<BlockIndex>().0.iter().flatten() {
        let Some(block) = world.get::<SeatBlock>(*entity) else {
            continue;
        };
        for (seat, due) in block.seats.iter().zip(&block.due) {
            if due.is_finite() {
                tally.visited(seat);
            }
        }
    }
}

fn earned(world: &World) -> Vec<Earned> {
    let plot = world.resource::<Plot>();
    let violations = world.resource::<super::breach::Violations>();
    world
        .resource::<Ledger>()
        .balances()
        .map(|(account, net)| Earned {
            account: account_name(account, plot),
            net,
            honest_seller: violations.is_honest_seller(account),
        })
        .collect()
}

/// An account in words.
pub fn account_name(account: Account, plot: &Scenario) -> String {
    match account {
        Account::Consumers => "consumers".to_owned(),
        Account::Brand(id) => format!("brand {}", plot.brands[id as usize].name),
        Account::Anchor(id) => format!("anchor {}", plot.anchors[id as usize].name),
        Account::Platform => "platform".to_owned(),
        Account::Escrow => "escrow".to_owned(),
        Account::Farm(id) => format!("farm {}", plot.farms[id as usize].name),
        Account::Suppliers => "suppliers".to_owned(),
        Account::Carriers => "carriers".to_owned(),
        Account::State => "state".to_owned(),
    }
}
