//! Checkout: orders are served by (event time, consumer), and stock is held for those who have not paid yet (MODEL section 4).
//!
//! Serial on purpose: what one buyer takes another cannot have. Payments and lapses are merged with orders by time, so a unit that
//! lapses at 20:31:07 goes to whoever refreshes first after that.

use super::decide::Intent;
use super::ledger::{Ledger, Purpose};
use super::memory::{Memories, Note};
use super::observe::Recorder;
use super::offers::{Offer, Offers};
use super::population::{Census, ConsumerId, MemoryOf};
use super::room::RoomIndex;
use super::rows::{Account, OrderOrigin, OrderRow, PaymentEvent, PaymentRow, TraceAct, TraceRow};
use super::seats::{Busy, Reply, SeatBlock};
use super::tally::{Sold, Tally};
use super::time::{Now, Plot};
use super::trace::Traced;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::scenario::file::Payer;
use crate::scenario::{Id, Scenario};
use crate::welfare::Harm;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// A true subsidy: who pays, and how much in all.
    subsidy: Option<(Payer, Fen)>,
    /// Harm against honest displays, and against the unbiased benchmark.
    harm: (f64, f64),
    /// Shapley shares of the former.
    shares: [f64; crate::welfare::CHANNELS],
}

/// Reservations by tick of their event.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reservations {
    by_tick: BTreeMap<u64, Vec<Reservation>>,
    /// Orders placed so far, brushed ones included: the next order's number.
    pub orders: u64,
}

impl Reservations {
    /// The second of the tick in which something is paid or lapses next.
    pub fn next_event(&self) -> Option<f64> {
        let first = self.by_tick.values().next()?;
        first.iter().map(|event| event.time).reduce(f64::min)
    }
}

/// Everything that checkout moves.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Till<'w, 's> {
    plot: Res<'w, Plot>,
    now: Res<'w, Now>,
    census: Res<'w, Census>,
    traced: Res<'w, Traced>,
    rooms: Res<'w, RoomIndex>,
    reservations: ResMut<'w, Reservations>,
    memories: ResMut<'w, Memories>,
    tally: ResMut<'w, Tally>,
    ledger: ResMut<'w, Ledger>,
    recorder: ResMut<'w, Recorder>,
    columns: Query<'w, 's, &'static mut MemoryOf>,
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
    let mut events = till.events_of_tick().into_iter().peekable();
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
    /// Reservations whose event falls in this tick, in order of (time, order).
    fn events_of_tick(&mut self) -> Vec<Reservation> {
        let mut events = Vec::new();
        while let Some(entry) = self.reservations.by_tick.first_entry() {
            if *entry.key() > self.now.tick {
                break;
            }
            events.extend(entry.remove());
        }
        events.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.order.cmp(&b.order)));
        events
    }

    /// Takes an order if there is stock; the answer goes to the seat. `None`: it has ordered all it wants in this same tick.
    fn serve(&mut self, room: Id, intent: &Intent) -> Option<Reply> {
        let plot = self.plot.clone();
        let memory = self
            .memories
            .open(&self.census, &mut self.columns, intent.consumer);
        let ordered = self.memories.units_ordered(memory, intent.product);
        let product = &plot.products[intent.product as usize];
        let (mut offers, mut crowd) = self.offers.get_mut(self.rooms.0[room as usize]).ok()?;
        let offer = offers.find(intent.product)?;
        let wanted = offer
            .limit
            .min(product.units_wanted)
            .saturating_sub(ordered)
            .min(intent.units);
        if wanted == 0 || !offer.open {
            return None;
        }
        if offer.stock == 0 {
            self.tally.rooms[room as usize].sold_out_tries += 1;
            self.tally.segments[intent.segment as usize].sold_out_tries += 1;
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
        offer.stock -= units;
        offer.reserved += units;
        offer.real_orders += 1;
        crowd.real.orders += 1;
        let terms = Terms::of(offer, units);
        offer.real_sales += terms.price;
        let note = Note::Ordered {
            product: intent.product,
            room,
            units,
        };
        self.memories.note(memory, note);
        self.memories.spend(memory, terms.price);
        self.place(&plot, room, intent, units, &terms);
        Some(Reply::Taken {
            slot: intent.slot,
            product: intent.product,
            yuan: terms.price.yuan() as f32,
            memory,
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

    /// Writes the order down and holds its stock.
    fn place(&mut self, plot: &Scenario, room: Id, intent: &Intent, units: u32, terms: &Terms) {
        let number = self.reservations.orders;
        self.reservations.orders += 1;
        let (harm, unbiased) = (
            intent.honest.harm().of_units(units),
            intent.unbiased.harm().of_units(units),
        );
        let sold = Sold {
            room,
            product: intent.product,
            segment: intent.segment,
            vulnerable: intent.vulnerable,
            units,
            price: terms.price,
        };
        self.recorder.order(&OrderRow {
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
        self.tally.ordered(&sold, &harm, &unbiased);
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
        let tick = ((time / plot.clock.tick).floor() as u64).max(self.now.tick + 1);
        self.reservations
            .by_tick
            .entry(tick)
            .or_default()
            .push(Reservation {
                time,
                order: number,
                paid,
                consumer: intent.consumer,
                sold,
                due_now: terms.due_now,
                balance: terms.price - terms.due_now,
                subsidy: terms.subsidy,
                harm: (harm.total, unbiased.total),
                shares: harm.shares,
            });
    }

    /// A reservation is paid, or lapses and its units go back on sale.
    fn settle_reservation(&mut self, event: &Reservation) {
        let plot = self.plot.clone();
        let room = event.sold.room;
        if let Ok((mut offers, _)) = self.offers.get_mut(self.rooms.0[room as usize])
            && let Some(offer) = offers.find(event.sold.product)
        {
            offer.reserved -= event.sold.units;
            if event.paid {
                offer.sold += event.sold.units;
            } else {
                offer.stock += event.sold.units;
            }
        }
        let memory = self
            .memories
            .open(&self.census, &mut self.columns, event.consumer);
        let (kind, amount) = match (event.paid, event.balance > Fen::ZERO) {
            (false, _) => (PaymentEvent::Lapsed, Fen::ZERO),
            (true, false) => (PaymentEvent::Paid, event.due_now),
            (true, true) => (PaymentEvent::DepositPaid, event.due_now),
        };
        if event.paid {
            let first = !self
                .memories
                .notes(memory)
                .any(|note| matches!(note, Note::PaidIn { .. }));
            let paid_here = Note::PaidIn { room };
            let first_here = !self.memories.knows(memory, paid_here);
            self.memories.note(memory, paid_here);
            let harm = Harm {
                total: event.harm.0,
                shares: event.shares,
            };
            self.tally.paid(
                &event.sold,
                event.due_now,
                event.balance,
                &harm,
                first,
                first_here,
            );
            self.move_money(&plot, event);
        } else {
            self.memories.spend(memory, -event.sold.price);
            self.tally.lapsed(&event.sold);
        }
        self.recorder.payment(&PaymentRow {
            order: event.order,
            time: event.time,
            event: kind,
            amount,
        });
        if self.traced.is(event.consumer) {
            self.recorder.later(TraceRow {
                time: event.time,
                room: Some(room),
                act: TraceAct::Payment {
                    order: event.order,
                    event: kind,
                    amount,
                },
            });
        }
    }

    /// Money of a paid order. A presale's deposit waits in escrow until its balance is settled.
    fn move_money(&mut self, plot: &Scenario, event: &Reservation) {
        let brand = plot.products[event.sold.product as usize].brand;
        if event.balance > Fen::ZERO {
            self.ledger.post(
                Account::Consumers,
                Account::Escrow,
                Purpose::Deposit,
                event.due_now,
            );
            return;
        }
        let room = &plot.rooms[event.sold.room as usize];
        let anchor = &plot.anchors[room.anchor as usize];
        let (seller, price) = (Account::Brand(brand), event.due_now);
        self.ledger
            .post(Account::Consumers, seller, Purpose::Sale, price);
        self.ledger.post(
            seller,
            Account::Anchor(room.anchor),
            Purpose::AnchorCommission,
            price.share(anchor.commission),
        );
        self.ledger.post(
            seller,
            Account::Platform,
            Purpose::PlatformCommission,
            price.share(plot.platform.commission),
        );
        let product = &plot.products[event.sold.product as usize];
        let units = i64::from(event.sold.units);
        let goods = product.cost.checked_mul(units).unwrap_or(Fen::ZERO);
        self.ledger
            .post(seller, Account::Suppliers, Purpose::Goods, goods);
        let freight = Fen::from_yuan(product.freight * f64::from(event.sold.units));
        self.ledger.post(
            Account::Consumers,
            Account::Carriers,
            Purpose::Freight,
            freight,
        );
        if let Some((payer, amount)) = event.subsidy {
            let from = match payer {
                Payer::Anchor => Account::Anchor(room.anchor),
                Payer::Brand => return,
                Payer::Platform => Account::Platform,
            };
            self.ledger.post(from, seller, Purpose::Subsidy, amount);
        }
    }

    fn tell(&mut self, intent: &Intent, room: Id, act: TraceAct) {
        if self.traced.is(intent.consumer) {
            self.recorder.later(TraceRow {
                time: intent.time,
                room: Some(room),
                act,
            });
        }
    }
}

/// Money of an order.
struct Terms {
    price: Fen,
    due_now: Fen,
    subsidy: Option<(Payer, Fen)>,
}

impl Terms {
    fn of(offer: &Offer, units: u32) -> Self {
        let all = |fen: Fen| fen.checked_mul(i64::from(units)).unwrap_or(Fen(i64::MAX));
        let price = all(Fen::from_yuan(offer.price));
        let deposit = offer.deposit.map(|yuan| all(Fen::from_yuan(yuan)));
        Self {
            price,
            due_now: deposit.map_or(price, |deposit| deposit.min(price)),
            subsidy: offer.subsidy.map(|(payer, amount)| (payer, all(amount))),
        }
    }
}

/// Whether and when an order is paid: some never are, and lapse when the reservation ends; so do those who are too slow.
fn payment_of(plot: &Scenario, key: Identity, product: Identity, time: f64) -> (f64, bool) {
    let words = Draws::new(plot.seed).at(Mechanism::Payment, identity_of_pair(key, product), 0);
    let lapse = time + 60.0 * plot.platform.reservation_minutes;
    if words.uniform(0) < plot.behaviour.unpaid_share {
        return (lapse, false);
    }
    let pays = time + plot.behaviour.payment_seconds * words.exponential(1);
    if pays < lapse {
        (pays, true)
    } else {
        (lapse, false)
    }
}
