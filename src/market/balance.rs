//! Balances of presales, and filler that is sent back (MODEL section 7).
//!
//! The deposit is sunk. On balance day a buyer, no longer in the room, knows what the product is worth to it and what it needs to be worth
//! (value less taste threshold, without displays), and does what is best: it pays the balance with the coupons that it then has, forfeits the
//! deposit and buys from a shelf, or quits. Whoever does not come in time has forgotten, and forfeits.

use super::bargain::Purchase;
use super::ledger::Purpose;
use super::offers::Offers;
use super::register::{Bought, Buyer, Register};
use super::room::RoomIndex;
use super::rows::{Account, OrderOrigin, PaymentEvent, PaymentRow, Role};
use super::sale::{PaidLine, refunds_of};
use super::tally::Sold;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::promotion::{CouponId, Line};
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A presale as its buyer remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Presale {
    /// From when the balance can be paid.
    pub due: f64,
    /// Until when.
    pub until: f64,
    /// The line as it was ordered, with its deposit.
    pub line: Line,
    /// What the product is worth to the buyer, less what it needs to be worth, yuan a unit.
    pub surplus: f64,
    /// Identity of the buyer.
    pub key: Identity,
    /// The buyer.
    pub buyer: Buyer,
}

/// A balance that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Owed {
    time: f64,
    order: u64,
    room: Id,
    comes: bool,
    presale: Presale,
    sold: Sold,
}

/// Balances by tick of their event.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Balances(BTreeMap<u64, Vec<Owed>>);

impl Balances {
    /// The second of the next event.
    pub fn next_event(&self) -> Option<f64> {
        first_time(&self.0, |owed| owed.time)
    }

    /// A deposit has been paid. A balance that is due after the scenario's end stays open.
    pub fn owe(&mut self, plot: &Scenario, order: u64, room: Id, presale: Presale, sold: Sold) {
        if presale.due >= plot.clock.end {
            return;
        }
        let product = plot.products[sold.product as usize].key;
        let pair = identity_of_pair(presale.key, product);
        let words = Draws::new(plot.seed).at(Mechanism::Balance, pair, 0);
        let wait = 3_600.0 * plot.behaviour.balance_hours * words.exponential(0);
        let time = presale.due + wait;
        let comes = time < presale.until;
        let time = time.min(presale.until);
        if time >= plot.clock.end {
            return;
        }
        self.0.entry(tick_of(plot, time)).or_default().push(Owed {
            time,
            order,
            room,
            comes,
            presale,
            sold,
        });
    }
}

/// Filler on its way back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentBack {
    /// When it has been refunded.
    pub time: f64,
    /// Number of the first order; the others follow.
    pub orders_from: u64,
    /// The lines.
    pub lines: Vec<PaidLine>,
    /// Their posted prices, by index in the campaign.
    pub posted: Vec<u32>,
    /// What the buyer loses of the discount on what it keeps, and to whom.
    pub taken_back: Vec<(Account, Fen)>,
    /// What the buyer gets in the end.
    pub refund: Fen,
    /// Who.
    pub buyer: Buyer,
    /// The room that it went with.
    pub room: Id,
}

/// Filler on its way back, by tick of its refund.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Returns {
    promised: Vec<SentBack>,
    by_tick: BTreeMap<u64, Vec<SentBack>>,
}

impl Returns {
    /// The second of the next refund.
    pub fn next_event(&self) -> Option<f64> {
        first_time(&self.by_tick, |back| back.time)
    }

    /// Puts a refund on the calendar.
    pub fn promise(&mut self, back: SentBack) {
        self.promised.push(back);
    }

    /// Sorts what was promised in this tick into the calendar.
    fn sort_in(&mut self, plot: &Scenario) {
        for back in self.promised.drain(..) {
            let tick = tick_of(plot, back.time);
            self.by_tick.entry(tick).or_default().push(back);
        }
    }
}

/// The tick of a second.
pub(super) fn tick_of(plot: &Scenario, time: f64) -> u64 {
    (time / plot.clock.tick).floor() as u64
}

/// The time of the first event.
pub(super) fn first_time<T>(
    by_tick: &BTreeMap<u64, Vec<T>>,
    time: impl Fn(&T) -> f64,
) -> Option<f64> {
    let first = by_tick.values().next()?;
    first.iter().map(time).reduce(f64::min)
}

/// Events up to a tick, in order of time; those of one time in the order in which they were entered.
pub(super) fn up_to<T>(
    by_tick: &mut BTreeMap<u64, Vec<T>>,
    tick: u64,
    time: impl Fn(&T) -> f64,
) -> Vec<T> {
    let mut events = Vec::new();
    while let Some(entry) = by_tick.first_entry() {
        if *entry.key() > tick {
            break;
        }
        events.extend(entry.remove());
    }
    events.sort_by(|a, b| time(a).total_cmp(&time(b)));
    events
}

/// Lets everybody whose time has come pay a balance, or not.
pub fn settle_balances(
    rooms: Res<RoomIndex>,
    mut balances: ResMut<Balances>,
    mut register: Register,
    mut offers: Query<&mut Offers>,
) {
    let tick = register.now.tick;
    for owed in up_to(&mut balances.0, tick, |owed| owed.time) {
        let memory = register.memory_of(owed.presale.buyer.consumer);
        match choose(&register, &owed, memory) {
            Choice::Pay(purchase) => {
                pay(&mut register, &owed, memory, purchase);
                continue;
            }
            Choice::Instead(posted, purchase) => {
                forfeit(&mut register, &owed);
                buy_instead(&mut register, &owed, memory, posted, purchase);
            }
            Choice::Quit => forfeit(&mut register, &owed),
        }
        // Its units are for sale again.
        if let Ok(mut offers) = offers.get_mut(rooms.0[owed.room as usize])
            && let Some(offer) = offers.find(owed.sold.product)
        {
            offer.sold = offer.sold.saturating_sub(owed.sold.units);
            offer.stock += owed.sold.units;
        }
    }
}

/// What somebody does on balance day.
enum Choice {
    Pay(Purchase),
    /// A posted price, by index in the campaign, and what is bought at it.
    Instead(u32, Purchase),
    Quit,
}

fn choose(register: &Register, owed: &Owed, memory: u32) -> Choice {
    if !owed.comes {
        return Choice::Quit;
    }
    let plot = &register.plot;
    let (presale, second) = (&owed.presale, owed.time as i64);
    let line = presale.line;
    let units = f64::from(line.units);
    let worth = units * (presale.surplus - plot.products[line.product as usize].freight);
    let budget = register.budget_of(&presale.buyer, memory);
    let within = (owed.time, budget + line.price.yuan() as f32);
    let paying = register.bargain_within((line, None), &presale.buyer, memory, within);
    let deposit = line.deposit.yuan() * units;
    let mut best = (worth - (paying.net.yuan() - deposit), Choice::Pay(paying));
    let others = plot.shelf().filter(|(index, posted)| {
        posted.product == line.product
            && posted.window.holds(second)
            && posted.deposit == Fen::ZERO
            && posted.limit >= line.units
            && register.shelf.has(*index, line.units)
    });
    for (index, posted) in others {
        let other = plot.campaign.line(posted, line.units);
        let purchase =
            register.bargain_within((other, Some(index)), &presale.buyer, memory, within);
        let surplus = worth - purchase.net.yuan();
        if surplus > best.0 {
            best = (surplus, Choice::Instead(index as u32, purchase));
        }
    }
    if best.0 >= 0.0 { best.1 } else { Choice::Quit }
}

/// Lets somebody who owes a balance pay it with a coupon that it was given, if the coupon is for it and paying is best; whether it did.
pub(super) fn pay_with_coupon(
    balances: &mut Balances,
    register: &mut Register,
    memory: u32,
    buyer: &Buyer,
    coupon: CouponId,
    time: f64,
) -> bool {
    let mine = |owed: &Owed| {
        owed.presale.buyer.consumer == buyer.consumer
            && owed.presale.due <= time
            && owed.time > time
    };
    let mut days = balances.0.iter();
    let place = days.find_map(|(tick, owing)| Some((*tick, owing.iter().position(mine)?)));
    let Some((tick, index)) = place else {
        return false;
    };
    let Some(owing) = balances.0.get_mut(&tick) else {
        return false;
    };
    let owed = Owed {
        time,
        comes: true,
        ..owing[index]
    };
    match choose(register, &owed, memory) {
        Choice::Pay(purchase) if purchase.coupons().any(|used| used == coupon) => {
            owing.remove(index);
            if owing.is_empty() {
                balances.0.remove(&tick);
            }
            pay(register, &owed, memory, purchase);
            true
        }
        _ => false,
    }
}

fn pay(register: &mut Register, owed: &Owed, memory: u32, purchase: Purchase) {
    let buyer = owed.presale.buyer;
    let at = (owed.order, owed.room, owed.time);
    let line = purchase.quote.lines[0];
    let due = line.paid - line.deposit;
    let bought = register.take(purchase, &buyer, memory, at);
    let event = (owed.order, owed.time, PaymentEvent::BalancePaid, due);
    register.tell_payment(buyer.consumer, owed.room, event);
    register.pay(&bought, &buyer, owed.time, Role::Balance, Fen::ZERO);
    let more = bought.purchase.quote.total - line.gross;
    register.memories.spend(memory, more);
    register
        .tally
        .balance_paid(&owed.sold, line.gross - line.deposit, due);
}

fn forfeit(register: &mut Register, owed: &Owed) {
    let line = owed.presale.line;
    let units = i64::from(line.units);
    let deposit = Fen(line.deposit.0 * units);
    let plot = register.plot.clone();
    let brand = Account::Brand(plot.products[line.product as usize].brand);
    register
        .ledger
        .post(Account::Escrow, brand, Purpose::Forfeit, deposit);
    let event = (
        owed.order,
        owed.time,
        PaymentEvent::DepositForfeited,
        deposit,
    );
    register.tell_payment(owed.presale.buyer.consumer, owed.room, event);
    let balance = Fen(line.price.0 * units) - deposit;
    register.tally.forfeited(&owed.sold, balance, deposit);
    let memory = register.memory_of(owed.presale.buyer.consumer);
    register.memories.spend(memory, -balance);
}

fn buy_instead(register: &mut Register, owed: &Owed, memory: u32, posted: u32, purchase: Purchase) {
    let buyer = owed.presale.buyer;
    let line = purchase.basket.0[0];
    let paid = purchase.quote.lines[0].paid;
    let (room, time) = (owed.room, owed.time);
    let order = register.order_of_shelf(&buyer, &line, paid, room, time, OrderOrigin::Shelf);
    let plot = register.plot.clone();
    register.shelf.take(&plot, posted, line.units, false);
    let total = purchase.quote.total;
    register.memories.spend(memory, total);
    let bought: Bought = register.take(purchase, &buyer, memory, (order, room, time));
    let event = (order, time, PaymentEvent::Paid, paid);
    register.tell_payment(buyer.consumer, room, event);
    let presale = owed.presale.line;
    let lost = Fen(presale.deposit.0 * i64::from(presale.units));
    register.pay(&bought, &buyer, time, Role::Instead, lost);
}

/// Refunds filler whose time has come, and puts it back on the shelf.
pub fn take_back(mut register: Register) {
    let plot = register.plot.clone();
    register.returns.sort_in(&plot);
    let tick = register.now.tick;
    for back in up_to(&mut register.returns.by_tick, tick, |back| back.time) {
        let refunds = refunds_of(&back.lines, back.refund);
        for (index, (line, refund)) in back.lines.iter().zip(refunds).enumerate() {
            line.take_back(&mut register.ledger, &plot);
            let posted = back.posted[index];
            register.shelf.take(&plot, posted, line.units, true);
            register.recorder.payment(&PaymentRow {
                order: back.orders_from + index as u64,
                time: back.time,
                event: PaymentEvent::Refunded,
                amount: refund,
            });
        }
        for (bearer, lost) in &back.taken_back {
            let from = Account::Consumers;
            register
                .ledger
                .post(from, *bearer, Purpose::DiscountBack, *lost);
        }
        register
            .tally
            .sent_back(&back.buyer, back.room, back.refund);
    }
}
