//! Balances of presales, and filler that is sent back (MODEL section 7).
//!
//! The deposit is sunk. On balance day a buyer, no longer in the room, knows what the product is worth to it and what it needs to be worth
//! (value less taste threshold, without displays), and does what is best: it pays the balance with the coupons that it then has, forfeits the
//! deposit and buys from a shelf, or quits. Whoever does not come in time has forgotten, and forfeits.

use super::aftermath::{Paid, Told};
use super::bargain::Purchase;
use super::calendar::{Calendar, Due};
use super::ledger::Purpose;
use super::offers::Offers;
use super::register::{Buyer, FromShelf, Register};
use super::room::RoomIndex;
use super::rows::{Account, PaymentEvent, PaymentRow, Role};
use super::sale::{PaidLine, refunds_of};
use super::tally::Sold;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::promotion::{CouponId, Line};
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

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
    told: Told,
    sold: Sold,
}

impl Due for Owed {
    fn time(&self) -> f64 {
        self.time
    }
}

/// Balances that are owed.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Balances(Calendar<Owed>);

impl Balances {
    /// The second of the next event.
    pub fn next_event(&self) -> Option<f64> {
        self.0.next_event()
    }

    /// A deposit has been paid. A balance that is due after the scenario's end stays open.
    pub fn owe(
        &mut self,
        plot: &Scenario,
        order: u64,
        room: Id,
        (presale, told): (Presale, Told),
        sold: Sold,
    ) {
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
        let owed = Owed {
            time,
            order,
            room,
            comes,
            presale,
            told,
            sold,
        };
        self.0.enter(owed, plot.clock.tick, 0);
    }
}

/// Filler of a purchase on its way back.
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

impl Due for SentBack {
    fn time(&self) -> f64 {
        self.time
    }
}

/// Filler on its way back.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Returns(pub Calendar<SentBack>);

/// Lets everybody whose time has come pay a balance, or not.
pub fn settle_balances(
    rooms: Res<RoomIndex>,
    mut balances: ResMut<Balances>,
    mut register: Register,
    mut offers: Query<&mut Offers>,
) {
    let tick = register.now.tick;
    for owed in balances.0.take_due(tick) {
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
    let Some((place, owed)) = balances.0.find(mine) else {
        return false;
    };
    let owed = Owed {
        time,
        comes: true,
        ..*owed
    };
    match choose(register, &owed, memory) {
        Choice::Pay(purchase) if purchase.coupons().any(|used| used == coupon) => {
            balances.0.remove(place);
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
    let (role, whose) = (Role::Balance, (owed.presale.key, owed.told));
    register.pay(&bought, &buyer, owed.time, (role, Fen::ZERO), whose);
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
    let lost = Paid {
        order: owed.order,
        room: owed.room,
        buyer: owed.presale.buyer,
        key: owed.presale.key,
        line: PaidLine::plain(line.product, owed.room, line.units, Fen::ZERO),
        forfeited: deposit,
        time: owed.time,
        by_coupon: false,
    };
    register.parcels.forfeited(&plot, lost, owed.told);
}

fn buy_instead(register: &mut Register, owed: &Owed, memory: u32, posted: u32, purchase: Purchase) {
    let presale = owed.presale.line;
    let lost = Fen(presale.deposit.0 * i64::from(presale.units));
    let (buyer, at) = (owed.presale.buyer, (owed.room, owed.time));
    register.buy_from_shelf(
        &buyer,
        memory,
        (posted, purchase),
        at,
        FromShelf::Instead(lost),
        (
            owed.presale.key,
            Told {
                harm: 0.0,
                shares: Default::default(),
                ..owed.told
            },
        ),
    );
}

/// Refunds filler whose time has come, and puts it back on the shelf.
pub fn take_back(mut register: Register) {
    let plot = register.plot.clone();
    let tick = register.now.tick;
    for back in register.returns.0.take_due(tick) {
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
