//! The register: what `checkout`, `balance` and `errand` share. Coupons are taken and given back here, filler is ordered, and a paid purchase moves its
//! money, is counted and written down.

use super::aftermath::{Paid, Parcels, Rumours, Told};
use super::balance::{Returns, SentBack};
use super::bargain::{Purchase, ShelfStock, Shop};
use super::checkout::Reservations;
use super::ledger::Ledger;
use super::memory::{Memories, Note};
use super::observe::Recorder;
use super::population::{Census, ConsumerId, MemoryOf, Traits};
use super::rows::{
    Decision, NO_ROOM, OrderOrigin, OrderRow, PaymentEvent, PaymentRow, PurchaseRow, Role,
};
use super::sale::{PaidLine, lost_shares};
use super::tally::Tally;
use super::time::{Now, Plot};
use super::trace::{TraceAct, TraceRow, Traced};
use super::wallet::{self, Coupons, Known, Skill};
use crate::draws::{Draws, Identity};
use crate::money::Fen;
use crate::promotion::{Issuer, Line};
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Somebody at the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// Who.
    pub consumer: ConsumerId,
    /// Its segment.
    pub segment: Id,
    /// Whether it counts as vulnerable.
    pub vulnerable: bool,
    /// What it makes of coupons.
    pub skill: Skill,
    /// How many of the coupons that knowing is enough for it knows.
    pub aware: u8,
}

/// A purchase with the numbers of its orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// What was bought.
    pub purchase: Purchase,
    /// Number of the order of what was wanted.
    pub order: u64,
    /// Number of the first order of filler; the others follow.
    pub filler_from: u64,
    /// The room that it goes with.
    pub room: Id,
}

/// Why somebody buys from the shelf for its own sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromShelf {
    /// Instead of paying the balance of a presale, whose deposit is lost.
    Instead(Fen),
    /// Because of a coupon from a room.
    Errand,
}

/// Everything that a purchase moves.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Register<'w, 's> {
    /// The scenario.
    pub plot: Res<'w, Plot>,
    /// The tick.
    pub now: Res<'w, Now>,
    /// Consumers.
    pub census: Res<'w, Census>,
    /// Who is traced.
    pub traced: Res<'w, Traced>,
    /// Coupons by reach.
    pub known: Res<'w, Known>,
    /// Orders that are not paid yet, and the next order's number.
    pub reservations: ResMut<'w, Reservations>,
    /// What people remember.
    pub memories: ResMut<'w, Memories>,
    /// How many coupons are left.
    pub coupons: ResMut<'w, Coupons>,
    /// What is left on the shelf.
    pub shelf: ResMut<'w, ShelfStock>,
    /// Filler on its way back.
    pub returns: ResMut<'w, Returns>,
    /// Totals.
    pub tally: ResMut<'w, Tally>,
    /// Money.
    pub ledger: ResMut<'w, Ledger>,
    /// What was paid for and is to be delivered.
    pub parcels: ResMut<'w, Parcels>,
    /// What gets about of prices.
    pub rumours: ResMut<'w, Rumours>,
    /// Whoever records.
    pub recorder: ResMut<'w, Recorder>,
    columns: Query<'w, 's, &'static mut MemoryOf>,
}

impl Register<'_, '_> {
    /// The memory of a consumer, made if it has none.
    pub fn memory_of(&mut self, who: ConsumerId) -> u32 {
        self.memories.open(&self.census, &mut self.columns, who)
    }

    /// What somebody pays for a line with the coupons that it can use at a second.
    /// `from` is the posted price of a line from the shelf.
    pub fn bargain(
        &self,
        line: (Line, Option<usize>),
        buyer: &Buyer,
        memory: u32,
        second: i64,
    ) -> Purchase {
        let holder = (&*self.memories, memory);
        let aware = usize::from(buyer.aware);
        let plot = &self.plot;
        let usable = wallet::usable(plot, &self.known, &self.coupons, holder, aware, second);
        let shop = Shop {
            plot,
            shelf: &self.shelf,
        };
        shop.buy(line, &usable, buyer.skill, second)
    }

    /// The same within a budget of yuan: whoever cannot pay for the filler buys without it.
    pub fn bargain_within(
        &self,
        line: (Line, Option<usize>),
        buyer: &Buyer,
        memory: u32,
        (time, budget): (f64, f32),
    ) -> Purchase {
        let purchase = self.bargain(line, buyer, memory, time as i64);
        if purchase.filler.is_empty() || purchase.quote.total.yuan() <= f64::from(budget) {
            return purchase;
        }
        let unpadded = Buyer {
            skill: buyer.skill.min(Skill::Stacks),
            ..*buyer
        };
        self.bargain(line, &unpadded, memory, time as i64)
    }

    /// What somebody may still spend, yuan.
    pub fn budget_of(&self, buyer: &Buyer, memory: u32) -> f32 {
        let segment = &self.plot.population.segments[buyer.segment as usize];
        let key = self.census.key_of(buyer.consumer);
        let traits = Traits::of(&segment.traits, key, Draws::new(self.plot.seed));
        (traits.budget - self.memories.spent(memory).yuan()) as f32
    }

    /// Uses the coupons of a purchase, takes its filler off the shelf and orders it.
    pub fn take(
        &mut self,
        purchase: Purchase,
        buyer: &Buyer,
        memory: u32,
        (order, room, time): (u64, Id, f64),
    ) -> Bought {
        let plot = self.plot.clone();
        for coupon in purchase.coupons() {
            self.memories.note(memory, Note::Used { coupon });
            self.coupons.count_use(&plot, coupon, true);
        }
        let filler_from = self.reservations.orders;
        for (index, posted) in purchase.filler.iter().enumerate() {
            let line = purchase.basket.0[index + 1];
            self.shelf.take(&plot, *posted, line.units, false);
            let paid = purchase.quote.lines[index + 1].paid;
            self.order_of_shelf(buyer, &line, paid, room, time, OrderOrigin::Filler);
        }
        Bought {
            purchase,
            order,
            filler_from,
            room,
        }
    }

    /// Somebody buys at a posted price of the shelf, by index in the campaign, and pays at once.
    pub fn buy_from_shelf(
        &mut self,
        buyer: &Buyer,
        memory: u32,
        (posted, purchase): (u32, Purchase),
        (room, time): (Id, f64),
        why: FromShelf,
        whose: (Identity, Told),
    ) {
        let plot = self.plot.clone();
        let line = purchase.basket.0[0];
        let paid = purchase.quote.lines[0].paid;
        let (origin, role, forfeited) = match why {
            FromShelf::Instead(deposit) => (OrderOrigin::Shelf, Role::Instead, deposit),
            FromShelf::Errand => (OrderOrigin::Errand, Role::Errand, Fen::ZERO),
        };
        let order = self.order_of_shelf(buyer, &line, paid, room, time, origin);
        self.shelf.take(&plot, posted, line.units, false);
        // The presale has been remembered as an order of the same product.
        if role == Role::Errand {
            let note = Note::Ordered {
                product: line.product,
                room,
                units: line.units,
            };
            self.memories.note(memory, note);
        }
        self.memories.spend(memory, purchase.quote.total);
        let bought = self.take(purchase, buyer, memory, (order, room, time));
        let event = (order, time, PaymentEvent::Paid, paid);
        self.tell_payment(buyer.consumer, room, event);
        self.pay(&bought, buyer, time, (role, forfeited), whose);
    }

    /// Writes an order down that no look made; its number.
    fn order_of_shelf(
        &mut self,
        buyer: &Buyer,
        line: &Line,
        paid: Fen,
        room: Id,
        time: f64,
        origin: OrderOrigin,
    ) -> u64 {
        let order = self.reservations.orders;
        self.reservations.orders += 1;
        self.recorder.order(&OrderRow {
            order,
            time,
            room,
            product: line.product,
            consumer: Some(u64::from(buyer.consumer)),
            segment: buyer.segment,
            vulnerable: buyer.vulnerable,
            origin,
            units: line.units,
            price: paid,
            due_now: paid,
            decision: Decision::default(),
            harm: 0.0,
            harm_shares: Default::default(),
            unbiased_harm: 0.0,
            unbiased_shares: Default::default(),
        });
        order
    }

    /// Undoes [`Self::take`] for an order that lapsed.
    pub fn put_back(&mut self, bought: &Bought, memory: u32, time: f64) {
        let plot = self.plot.clone();
        for coupon in bought.purchase.coupons() {
            self.memories.note(memory, Note::Regained { coupon });
            self.coupons.count_use(&plot, coupon, false);
        }
        for (index, posted) in bought.purchase.filler.iter().enumerate() {
            let units = bought.purchase.basket.0[index + 1].units;
            self.shelf.take(&plot, *posted, units, true);
            self.recorder.payment(&PaymentRow {
                order: bought.filler_from + index as u64,
                time,
                event: PaymentEvent::Lapsed,
                amount: Fen::ZERO,
            });
        }
    }

    /// A purchase is paid: its money moves, it is counted and written down, and what goes back is put on the calendar.
    pub fn pay(
        &mut self,
        bought: &Bought,
        buyer: &Buyer,
        time: f64,
        (role, forfeited): (Role, Fen),
        (key, told): (Identity, Told),
    ) {
        let plot = self.plot.clone();
        let purchase = &bought.purchase;
        let mut back = Vec::new();
        for (index, line) in purchase.basket.0.iter().enumerate() {
            let paid = PaidLine::of(&plot, line, &purchase.quote, index);
            paid.sell(&mut self.ledger, &plot);
            let role = if index == 0 { role } else { Role::Filler };
            let forfeited = if index == 0 { forfeited } else { Fen::ZERO };
            self.write_line(bought, buyer, time, index, (role, forfeited));
            if index == 0 {
                let paid = Paid {
                    order: bought.order,
                    room: bought.room,
                    buyer: *buyer,
                    key,
                    line: paid,
                    forfeited,
                    time,
                    by_coupon: purchase.quote.discount() > Fen::ZERO,
                };
                self.send(paid, told);
                continue;
            }
            self.recorder.payment(&PaymentRow {
                order: bought.filler_from + index as u64 - 1,
                time,
                event: PaymentEvent::Paid,
                amount: paid.paid,
            });
            back.push(paid);
        }
        let quote = &purchase.quote;
        let filler: Fen = quote.lines[1..].iter().map(|line| line.paid).sum();
        self.tally
            .bought(buyer, bought.room, quote.discount(), filler);
        if matches!(role, Role::Instead | Role::Errand) {
            let paid = quote.lines[0].paid;
            self.tally.bought_from_shelf(buyer, bought.room, paid);
        }
        if purchase.sends_back {
            let days = plot.behaviour.filler_return_days;
            let back = SentBack {
                time: time + 86_400.0 * days,
                orders_from: bought.filler_from,
                lines: back,
                posted: purchase.filler.clone(),
                taken_back: lost_shares(&plot, purchase),
                refund: purchase.refund,
                buyer: *buyer,
                room: bought.room,
            };
            self.returns.0.enter(back, plot.clock.tick, 0);
        }
    }

    /// Something paid for its own sake goes to its buyer.
    pub fn send(&mut self, paid: Paid, told: Told) {
        let plot = self.plot.clone();
        self.tally.aftermath.parcels(paid.line.room.is_none())[0] += 1;
        self.parcels.paid(&plot, &mut self.rumours, paid, told);
    }

    fn write_line(
        &mut self,
        bought: &Bought,
        buyer: &Buyer,
        time: f64,
        index: usize,
        (role, forfeited): (Role, Fen),
    ) {
        let plot = self.plot.clone();
        let purchase = &bought.purchase;
        let line = purchase.basket.0[index];
        let quoted = purchase.quote.lines[index];
        let mut row = PurchaseRow {
            order: match index {
                0 => bought.order,
                _ => bought.filler_from + index as u64 - 1,
            },
            time,
            consumer: u64::from(buyer.consumer),
            segment: buyer.segment,
            vulnerable: buyer.vulnerable,
            skill: buyer.skill.name(),
            role,
            product: line.product,
            channel: line.channel,
            units: line.units,
            listed: Fen(
                plot.campaign.goods[line.product as usize].list_price.0 * i64::from(line.units)
            ),
            posted: quoted.gross,
            paid: quoted.paid,
            deposit: quoted.deposit,
            forfeited,
            off_seller: Fen::ZERO,
            off_platform: Fen::ZERO,
            off_anchors: Fen::ZERO,
            coupons: Vec::new(),
            sent_back: role == Role::Filler && purchase.sends_back,
        };
        for step in &purchase.quote.steps {
            let share = step.shares[index];
            if share == Fen::ZERO {
                continue;
            }
            row.coupons.push(step.coupon);
            match plot.campaign.coupons[step.coupon as usize].issuer {
                Issuer::Platform => row.off_platform += share,
                Issuer::Anchor(_) => row.off_anchors += share,
                Issuer::Store(_) => row.off_seller += share,
            }
        }
        if role != Role::Filler {
            let unit = Fen((quoted.paid + forfeited).0 / i64::from(line.units.max(1)));
            self.tally
                .priced(line.product, unit, buyer.skill, line.units);
        }
        self.recorder.purchase(&row);
    }

    /// Tells what happened to an order.
    pub fn tell_payment(
        &mut self,
        who: ConsumerId,
        room: Id,
        (order, time, event, amount): (u64, f64, PaymentEvent, Fen),
    ) {
        self.recorder.view.paid(who, (order, time, event, amount));
        self.recorder.payment(&PaymentRow {
            order,
            time,
            event,
            amount,
        });
        if self.traced.is(who) {
            self.recorder.later(TraceRow {
                time,
                room: (room != NO_ROOM).then_some(room),
                act: TraceAct::Payment {
                    order,
                    event,
                    amount,
                },
            });
        }
    }
}
