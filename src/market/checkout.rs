//! Checkout: orders are served by (event time, consumer), and stock is held for those who have not paid yet (MODEL section 4).
//!
//! Serial on purpose: what one buyer takes another cannot have. Payments and lapses are merged with orders by time, so a unit that
//! lapses at 20:31:07 goes to whoever refreshes first after that.

use super::aftermath::{Paid, Told};
use super::balance::{Balances, Presale};
use super::bargain::Purchase;
use super::calendar::{Calendar, Due};
use super::decide::Intent;
use super::errand::Errands;
use super::issue::{self, Issues};
use super::ledger::Purpose;
use super::memory::Note;
use super::offers::Offers;
use super::population::ConsumerId;
use super::promoted::line_of;
use super::register::{Bought, Buyer, Register};
use super::room::RoomIndex;
use super::rows::{Account, OrderOrigin, OrderRow, PaymentEvent, Role};
use super::sale::PaidLine;
use super::sanction::Patrols;
use super::seats::{Busy, Reply, SeatBlock};
use super::tally::Sold;
use super::terms::{Terms, buyer_of, payment_of, presale_of, said_of};
use super::trace::{TraceAct, TraceRow};
use super::wallet;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::scenario::file::Payer;
use crate::scenario::{Id, Scenario};
use crate::welfare::Harm;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// An order whose stock is held until it is paid or lapses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reservation {
    /// Second of the event.
    time: f64,
    /// Number of the order.
    order: u64,
    /// Payment, or lapse.
    paid: bool,
    /// Who.
    consumer: ConsumerId,
    /// What was sold, for the tally.
    sold: Sold,
    /// What is due now.
    due_now: Fen,
    /// Price less what is due now: the balance of a presale.
    balance: Fen,
    /// What a presale's balance will be decided by.
    presale: Option<Presale>,
    /// The purchase with coupons, and who makes it.
    bought: Option<(Bought, Buyer)>,
    /// A true subsidy: who pays, and how much in all.
    subsidy: Option<(Payer, Fen)>,
    /// Identity of the buyer.
    key: Identity,
    /// Who buys.
    buyer: Buyer,
    /// What the order leaves behind in the buyer's mind, harm with it.
    told: Told,
}

/// Reservations.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reservations {
    /// Those not yet paid or lapsed.
    pub held: Calendar<Reservation>,
    /// Orders placed so far, brushed ones included: the next order's number.
    pub orders: u64,
}

impl Due for Reservation {
    fn time(&self) -> f64 {
        self.time
    }
    fn number(&self) -> u64 {
        self.order
    }
}

/// Everything that checkout moves.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Till<'w, 's> {
    register: Register<'w, 's>,
    rooms: Res<'w, RoomIndex>,
    issues: ResMut<'w, Issues>,
    balances: ResMut<'w, Balances>,
    errands: ResMut<'w, Errands>,
    patrols: Res<'w, Patrols>,
    offers: Query<'w, 's, (&'static mut Offers, &'static mut super::crowd::Crowd)>,
}

/// An intent with the block and seat to answer.
struct Waiting {
    block: Entity,
    room: Id,
    intent: Intent,
}

/// Intents of the tick; kept for its capacity.
#[derive(Resource, Default)]
pub struct Queue(Vec<Waiting>);

/// Serves the tick's orders, payments and lapses in order of time.
pub fn checkout(
    mut till: Till,
    mut queue: ResMut<Queue>,
    mut blocks: Query<(Entity, &Busy, &mut SeatBlock)>,
) {
    let mut waiting = std::mem::take(&mut queue.0);
    for (entity, busy, mut block) in &mut blocks {
        if !busy.0 {
            continue;
        }
        let room = block.room;
        waiting.extend(block.intents.drain(..).map(|intent| Waiting {
            block: entity,
            room,
            intent,
        }));
    }
    waiting.sort_by(|a, b| {
        let (a, b) = (&a.intent, &b.intent);
        a.time.total_cmp(&b.time).then(a.key.cmp(&b.key))
    });
    let tick = till.register.now.tick;
    let events = till.register.reservations.held.take_due(tick);
    let mut events = events.into_iter().peekable();
    for waiting in waiting.drain(..) {
        while let Some(event) = events.next_if(|event| event.time <= waiting.intent.time) {
            till.settle_reservation(&event);
        }
        if let Some(reply) = till.serve(waiting.room, &waiting.intent)
            && let Ok((_, _, mut block)) = blocks.get_mut(waiting.block)
        {
            block.replies.push(reply);
        }
    }
    for event in events {
        till.settle_reservation(&event);
    }
    queue.0 = waiting;
}

impl Till<'_, '_> {
    /// Takes an order if there is stock; the answer goes to the seat. `None`: it has ordered all it wants in this same tick.
    fn serve(&mut self, room: Id, intent: &Intent) -> Option<Reply> {
        let plot = self.register.plot.clone();
        let memory = self.register.memory_of(intent.consumer);
        let product = &plot.products[intent.product as usize];
        let (mut offers, mut crowd) = self.offers.get_mut(self.rooms.0[room as usize]).ok()?;
        let offer = offers.find(intent.product)?;
        let most = offer.limit.min(product.units_wanted);
        let memories = &self.register.memories;
        let ordered = memories.units_ordered(memory, intent.product, most);
        let wanted = most.saturating_sub(ordered).min(intent.units);
        if wanted == 0 || !offer.open {
            return None;
        }
        if offer.stock == 0 {
            self.register.tally.rooms[room as usize].sold_out_tries += 1;
            self.register.tally.segments[intent.segment as usize].sold_out_tries += 1;
            self.tell(
                intent,
                room,
                TraceAct::SoldOut {
                    product: intent.product,
                },
            );
            return Some(self.sold_out(&plot, intent));
        }
        let units = wanted.min(offer.stock);
        let line = line_of(&plot, room, offer, units);
        let presale = presale_of(&plot, offer, intent, line);
        let buyer = buyer_of(intent);
        let purchase = (presale.is_none() && !plot.campaign.coupons.is_empty()).then(|| {
            self.register
                .bargain_within((line, None), &buyer, memory, (intent.time, intent.budget))
        });
        let total = |purchase: &Purchase| purchase.quote.total.yuan();
        if purchase.as_ref().map_or(0.0, total) > f64::from(intent.budget) {
            // At the till it cannot pay: it had reckoned with filler that it would send back.
            return None;
        }
        offer.stock -= units;
        offer.reserved += units;
        offer.real_orders += 1;
        crowd.real.orders += 1;
        let mut terms = Terms::of(offer, units);
        if let Some(purchase) = &purchase {
            terms.price = purchase.quote.lines[0].paid;
            terms.due_now = terms.price;
        }
        offer.real_sales += terms.price;
        let note = Note::Ordered {
            product: intent.product,
            room,
            units,
        };
        self.register.memories.note(memory, note);
        let total = purchase
            .as_ref()
            .map_or(terms.price, |purchase| purchase.quote.total);
        self.register.memories.spend(memory, total);
        let used_coupons = purchase
            .as_ref()
            .is_some_and(|purchase| purchase.coupons().next().is_some());
        let said = said_of(&plot, offer, units);
        let mut reservation = self.place(&plot, room, intent, (units, said), &terms);
        reservation.presale = presale;
        reservation.bought = purchase.map(|purchase| {
            let at = (reservation.order, room, intent.time);
            let bought = self.register.take(purchase, &buyer, memory, at);
            (bought, buyer)
        });
        self.hold(&plot, reservation);
        Some(Reply::Taken {
            slot: intent.slot,
            product: intent.product,
            yuan: total.yuan() as f32,
            memory,
            used_coupons,
        })
    }

    fn sold_out(&self, plot: &Scenario, intent: &Intent) -> Reply {
        let pair = identity_of_pair(intent.key, plot.products[intent.product as usize].key);
        let patience = Draws::new(plot.seed)
            .at(Mechanism::Refresh, pair, 0)
            .exponential(0);
        Reply::SoldOut {
            slot: intent.slot,
            product: intent.product,
            until: intent.time + 60.0 * plot.behaviour.refresh_minutes * patience,
        }
    }

    /// Writes the order down; its reservation.
    fn place(
        &mut self,
        plot: &Scenario,
        room: Id,
        intent: &Intent,
        (units, said): (u32, Told),
        terms: &Terms,
    ) -> Reservation {
        let number = self.register.reservations.orders;
        self.register.reservations.orders += 1;
        let (harm, unbiased) = (
            intent.honest.harm().of_units(units),
            intent.unbiased.harm().of_units(units),
        );
        let told = Told {
            surplus: intent.decision.private_value - intent.decision.threshold,
            harm: harm.total,
            shares: harm.shares,
            ..said
        };
        let sold = Sold {
            room,
            product: intent.product,
            segment: intent.segment,
            vulnerable: intent.vulnerable,
            units,
            price: terms.price,
        };
        self.register.recorder.order(&OrderRow {
            order: number,
            time: intent.time,
            room,
            product: intent.product,
            consumer: Some(u64::from(intent.consumer)),
            segment: intent.segment,
            vulnerable: intent.vulnerable,
            origin: if intent.refresh {
                OrderOrigin::Refresh
            } else {
                OrderOrigin::Look
            },
            units,
            price: terms.price,
            due_now: terms.due_now,
            decision: intent.decision,
            harm: harm.total,
            harm_shares: harm.shares,
            unbiased_harm: unbiased.total,
            unbiased_shares: unbiased.shares,
        });
        self.register.tally.ordered(&sold, &harm, &unbiased);
        self.tell(
            intent,
            room,
            TraceAct::Ordered {
                order: number,
                product: intent.product,
                price: terms.price,
                harm: harm.total,
            },
        );
        let key = plot.products[intent.product as usize].key;
        let (time, paid) = payment_of(plot, intent.key, key, intent.time);
        Reservation {
            time,
            order: number,
            paid,
            consumer: intent.consumer,
            sold,
            due_now: terms.due_now,
            balance: terms.price - terms.due_now,
            presale: None,
            bought: None,
            subsidy: terms.subsidy,
            key: intent.key,
            buyer: buyer_of(intent),
            told,
        }
    }

    /// Holds an order's stock until it is paid or lapses.
    fn hold(&mut self, plot: &Scenario, reservation: Reservation) {
        let next = self.register.now.tick + 1;
        let held = &mut self.register.reservations.held;
        held.enter(reservation, plot.clock.tick, next);
    }

    /// A reservation is paid, or lapses and its units go back on sale.
    fn settle_reservation(&mut self, event: &Reservation) {
        let plot = self.register.plot.clone();
        let paid = event.paid && !self.patrols.cancels(event.order);
        let room = event.sold.room;
        if let Ok((mut offers, _)) = self.offers.get_mut(self.rooms.0[room as usize])
            && let Some(offer) = offers.find(event.sold.product)
        {
            offer.reserved -= event.sold.units;
            if paid {
                offer.sold += event.sold.units;
            } else {
                offer.stock += event.sold.units;
            }
        }
        let memory = self.register.memory_of(event.consumer);
        let (kind, amount) = match (paid, event.balance > Fen::ZERO) {
            (false, _) => (PaymentEvent::Lapsed, Fen::ZERO),
            (true, false) => (PaymentEvent::Paid, event.due_now),
            (true, true) => (PaymentEvent::DepositPaid, event.due_now),
        };
        if paid {
            let first = !self.register.memories.has_paid(memory);
            let paid_here = Note::PaidIn { room };
            let first_here = !self.register.memories.knows(memory, paid_here);
            self.register.memories.note(memory, paid_here);
            let harm = Harm {
                total: event.told.harm,
                shares: event.told.shares,
            };
            self.register.tally.paid(
                &event.sold,
                event.due_now,
                event.balance,
                &harm,
                first,
                first_here,
            );
            self.move_money(&plot, event);
            self.reward(&plot, event, memory);
        } else {
            let total = match &event.bought {
                Some((bought, _)) => bought.purchase.quote.total,
                None => event.sold.price,
            };
            self.register.memories.spend(memory, -total);
            self.register.tally.lapsed(&event.sold);
            if let Some((bought, _)) = &event.bought {
                self.register.put_back(bought, memory, event.time);
            }
        }
        let told = (event.order, event.time, kind, amount);
        self.register.tell_payment(event.consumer, room, told);
    }

    /// Money of a paid order. A presale's deposit waits in escrow until its balance is settled.
    fn move_money(&mut self, plot: &Scenario, event: &Reservation) {
        let ledger = &mut self.register.ledger;
        if event.balance > Fen::ZERO {
            let (from, to) = (Account::Consumers, Account::Escrow);
            ledger.post(from, to, Purpose::Deposit, event.due_now);
            if let Some(presale) = event.presale {
                let (order, room) = (event.order, event.sold.room);
                self.balances
                    .owe(plot, order, room, (presale, event.told), event.sold);
            }
            return;
        }
        let (room, product) = (event.sold.room, event.sold.product);
        match &event.bought {
            Some((bought, buyer)) => {
                let whose = (event.key, event.told);
                self.register
                    .pay(bought, buyer, event.time, (Role::Wanted, Fen::ZERO), whose)
            }
            None => {
                let line = PaidLine::plain(product, room, event.sold.units, event.due_now);
                line.sell(ledger, plot);
                let paid = Paid {
                    order: event.order,
                    room,
                    buyer: event.buyer,
                    key: event.key,
                    line,
                    forfeited: Fen::ZERO,
                    time: event.time,
                    by_coupon: false,
                };
                self.register.send(paid, event.told);
            }
        }
        if let Some((payer, amount)) = event.subsidy {
            let from = match payer {
                Payer::Anchor => Account::Anchor(plot.rooms[room as usize].anchor),
                Payer::Brand => return,
                Payer::Platform => Account::Platform,
            };
            let seller = Account::Brand(plot.products[product as usize].brand);
            self.register
                .ledger
                .post(from, seller, Purpose::Subsidy, amount);
        }
    }

    /// Gives the buyer of a paid order the coupons that come with it.
    fn reward(&mut self, plot: &Scenario, event: &Reservation, memory: u32) {
        if plot.campaign.coupons.is_empty() {
            return;
        }
        let Some((_, buyer)) = event.bought.as_ref() else {
            return;
        };
        let (room, time) = (event.sold.room, event.time);
        let order = (room, event.sold.price, time);
        let Self {
            register,
            issues,
            errands,
            ..
        } = self;
        let key = register.census.key_of(event.consumer);
        let mut given = Vec::new();
        let memories = &register.memories;
        let has = |coupon| wallet::given(memories, memory, coupon);
        let give = |coupon| given.push(coupon);
        issue::reward(issues, &mut register.coupons, plot, order, has, give);
        for coupon in given {
            register.memories.note(memory, Note::Given { coupon });
            errands.plan(plot, (room, coupon, time), key, *buyer);
        }
    }

    fn tell(&mut self, intent: &Intent, room: Id, act: TraceAct) {
        if self.register.traced.is(intent.consumer) {
            self.register.recorder.later(TraceRow {
                time: intent.time,
                room: Some(room),
                act,
            });
        }
    }
}
