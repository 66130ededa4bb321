//! What can be said about rooms, accounts, orders and offers from the events seen so far, as vectors of numbers: what the learning baselines learn
//! from.
//!
//! Everything is causal and incremental: a vector rests on events that have been handed over, costs a bounded number of steps and, for each account,
//! a bounded amount of memory. A vector is told
//! * of a room at each of its frames, from a minute after its first;
//! * of an account when it leaves a room, and once in every visit that has lasted for five minutes;
//! * of an order when it is placed, paid (or not) and refunded;
//! * of an offer when its price or reference changes, and when a mistake or a quarrel is spoken of.
//!
//! Vectors hold logarithms of counts and ratios, shares and small counts: finite always, and of a size fit for linear models.

mod account;
mod offer;
mod order;
mod room;

pub use account::{ACCOUNT, Act};
pub use offer::OFFER;
pub use order::ORDER;
pub use room::ROOM;

use crate::detect::event::{Enter, Order, Outcome};
use crate::detect::scoring::Track;
use crate::detect::{Event, Frame, Millis, Subject, Token, TokenMap, What};
use crate::market::NO_ROOM;
use crate::scenario::Id;
use account::AccountPast;
use offer::Offers;
use order::OrderPast;
use room::{Entrant, RoomPast};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The names of the numbers in its vectors, in order.
pub const fn names_of(track: Track) -> &'static [&'static str] {
    match track {
        Track::Rooms => &ROOM,
        Track::Accounts => &ACCOUNT,
        Track::Orders => &ORDER,
        Track::Offers => &OFFER,
    }
}

/// Takes vectors: about what, and the numbers in the order of [`names_of`].
pub type Take<'a> = &'a mut dyn FnMut(Subject, &[f64]);

/// What is remembered of the events seen so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    rooms: BTreeMap<Id, RoomPast>,
    accounts: TokenMap<AccountPast>,
    /// Accounts seen on each device.
    devices: TokenMap<u32>,
    /// Accounts seen on each network address.
    addresses: TokenMap<u32>,
    /// Orders to each delivery address.
    deliveries: TokenMap<u32>,
    payers: TokenMap<PayerPast>,
    orders: TokenMap<OrderPast>,
    offers: Offers,
}

/// What is remembered of a payer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct PayerPast {
    /// Accounts that have paid with it.
    accounts: u32,
    /// Refunds of what it paid.
    refunds: u32,
}

/// ln(1 + x), for counts and amounts of either sign's zero and above.
fn log_plus_one(count: f64) -> f64 {
    libm::log1p(count.max(0.0))
}

/// The commonest class's share; 0 where there is nothing.
fn commonest_share<Count: Copy + Into<u64>>(classes: &[Count]) -> f64 {
    let total: u64 = classes.iter().map(|count| (*count).into()).sum();
    let most: u64 = classes
        .iter()
        .map(|count| (*count).into())
        .max()
        .unwrap_or(0);
    most as f64 / total.max(1) as f64
}

impl Features {
    /// Sees an event, and tells the vectors that it changes.
    pub fn observe(&mut self, event: &Event, take: Take) {
        let at = event.at;
        match event.what {
            What::Beat => {}
            What::Air { room, anchor, on } => {
                self.offers.air(room, anchor);
                if on {
                    self.rooms.entry(room).or_default();
                }
            }
            What::Frame(frame) => self.frame(at, &frame, take),
            What::Enter(enter) => self.enter(at, &enter),
            What::Leave { room, account } => self.leave(at, room, account, take),
            What::Like { room, account } => self.act(room, account, Act::Like),
            What::Comment {
                room,
                account,
                text,
            } => {
                self.act(room, account, Act::Comment);
                self.accounts.entry(account).or_default().wrote(text);
                if let Some(past) = self.rooms.get_mut(&room) {
                    past.wrote(text);
                }
            }
            What::Follow { room, account } => self.act(room, account, Act::Follow),
            What::CartClick { room, account, .. } => self.act(room, account, Act::Click),
            What::Coupon { account, .. } => self.accounts.entry(account).or_default().coupons += 1,
            What::Order(order) => self.order(at, &order, take),
            What::Payment {
                order,
                outcome,
                payer,
                ..
            } => self.payment(at, order, outcome, payer, take),
            What::Refund { order, .. } => self.refund(at, order, take),
            _ => self.offers.observe(at, &event.what, take),
        }
    }

    /// A room's counters: the room's vector, and those of accounts that have stayed for long.
    fn frame(&mut self, at: Millis, frame: &Frame, take: Take) {
        let past = self.rooms.entry(frame.room).or_default();
        if let Some(values) = past.frame(at, frame) {
            take(Subject::Room(frame.room), &values);
        }
        while let Some(entrant) = self
            .rooms
            .get_mut(&frame.room)
            .and_then(|past| past.long_stay(at))
        {
            self.still_there(at, frame.room, entrant, take);
        }
    }

    /// Tells an account's vector if it has not left since it came.
    fn still_there(&self, at: Millis, room: Id, entrant: Entrant, take: Take) {
        if let Some(past) = self.accounts.get(&entrant.account)
            && past
                .visit(room)
                .is_some_and(|visit| visit.since == entrant.since)
        {
            let values = self.account_vector(past, at);
            take(Subject::Account(entrant.account), &values);
        }
    }

    fn enter(&mut self, at: Millis, enter: &Enter) {
        let past = self.accounts.entry(enter.account).or_default();
        let known = past.visits > 0;
        if past.device != Some(enter.device) {
            past.device = Some(enter.device);
            *self.devices.entry(enter.device).or_default() += 1;
        }
        if past.address != Some(enter.address) {
            past.address = Some(enter.address);
            *self.addresses.entry(enter.address).or_default() += 1;
        }
        past.enter(at, enter.room);
        let shared = count(&self.devices, Some(enter.device)) > 1.0
            || count(&self.addresses, Some(enter.address)) > 1.0;
        let room = self.rooms.entry(enter.room).or_default();
        room.enter(at, enter, shared, known);
    }

    fn leave(&mut self, at: Millis, room: Id, account: Token, take: Take) {
        let Some(stay) = self
            .accounts
            .get_mut(&account)
            .and_then(|past| past.leave(at, room))
        else {
            return;
        };
        if let Some(past) = self.rooms.get_mut(&room) {
            past.leave(stay);
        }
        if let Some(past) = self.accounts.get(&account) {
            take(Subject::Account(account), &self.account_vector(past, at));
        }
    }

    fn act(&mut self, room: Id, account: Token, act: Act) {
        self.accounts.entry(account).or_default().act(room, act);
    }

    fn order(&mut self, at: Millis, order: &Order, take: Take) {
        self.act(order.room, order.account, Act::Order);
        *self.deliveries.entry(order.delivery).or_default() += 1;
        if order.room != NO_ROOM
            && let Some(past) = self.rooms.get_mut(&order.room)
        {
            past.ordered();
        }
        let visit = self
            .accounts
            .get(&order.account)
            .and_then(|past| past.visit(order.room));
        let price = self.offers.price(order.room, order.product);
        let past = OrderPast::new(at, order, visit, price);
        self.orders.insert(order.order, past);
        self.tell_order(at, order.order, take);
    }

    fn payment(&mut self, at: Millis, order: Token, outcome: Outcome, payer: Token, take: Take) {
        let Some(past) = self.orders.get_mut(&order) else {
            return;
        };
        past.paid(at, outcome, payer);
        let account = self.accounts.entry(past.account).or_default();
        if account.payer != Some(payer) {
            account.payer = Some(payer);
            self.payers.entry(payer).or_default().accounts += 1;
        }
        self.tell_order(at, order, take);
    }

    fn refund(&mut self, at: Millis, order: Token, take: Take) {
        let Some(past) = self.orders.get_mut(&order) else {
            return;
        };
        past.refunded = true;
        self.accounts.entry(past.account).or_default().refunds += 1;
        if let Some(payer) = past.payer {
            self.payers.entry(payer).or_default().refunds += 1;
        }
        self.tell_order(at, order, take);
    }

    fn tell_order(&self, at: Millis, order: Token, take: Take) {
        let Some(past) = self.orders.get(&order) else {
            return;
        };
        let payer = past.payer.and_then(|payer| self.payers.get(&payer));
        let account = self.accounts.get(&past.account);
        let account = account.map_or([0.0; ACCOUNT.len()], |seen| self.account_vector(seen, at));
        let shared = [
            count(&self.deliveries, Some(past.delivery)),
            payer.map_or(0.0, |payer| f64::from(payer.accounts)),
            payer.map_or(0.0, |payer| f64::from(payer.refunds)),
        ];
        take(Subject::Order(order), &past.vector(shared, &account));
    }

    fn account_vector(&self, past: &AccountPast, at: Millis) -> [f64; ACCOUNT.len()] {
        past.vector(
            at,
            count(&self.devices, past.device),
            count(&self.addresses, past.address),
        )
    }
}

fn count(counts: &TokenMap<u32>, token: Option<Token>) -> f64 {
    let counted = token.and_then(|token| counts.get(&token));
    counted.map_or(0.0, |counted| f64::from(*counted))
}

#[cfg(test)]
mod tests {
    use super::super::staged::{bot, brushed, market};
    use super::*;
    use crate::money::Fen;

    fn all(events: &[Event]) -> Vec<(Millis, Subject, Vec<f64>)> {
        let mut features = Features::default();
        let mut told = Vec::new();
        for event in events {
            features.observe(event, &mut |about, values| {
                told.push((event.at, about, values.to_vec()));
            });
        }
        told
    }

    fn number(kind: Track, values: &[f64], name: &str) -> f64 {
        let place = names_of(kind).iter().position(|other| *other == name);
        values[place.unwrap()]
    }

    #[test]
    fn nothing_seen_nothing_told_and_vectors_are_finite_and_repeatable() {
        assert!(all(&[]).is_empty());
        let stream = market(3, true);
        let told = all(&stream.events);
        assert!(told.iter().all(|(_, about, values)| {
            values.len() == names_of(Track::of(about)).len() && values.iter().all(|x| x.is_finite())
        }));
        assert_eq!(told, all(&stream.events));
    }

    #[test]
    fn a_bot_is_seen_as_what_it_did() {
        let stream = market(3, true);
        let told = all(&stream.events);
        let about =
            |(_, about, _): &&(Millis, Subject, Vec<f64>)| *about == Subject::Account(bot(40));
        let (at, _, values) = told.iter().rfind(about).unwrap();
        // Its third visit, from 36 minutes on: 420 s each, no act, ten accounts on its device.
        assert_eq!(*at, 2_160_000 + 150 * 40 + 420_000);
        let value = |name: &str| number(Track::Accounts, values, name);
        assert_eq!(value("visits, ln(1 + x)"), libm::log1p(3.0));
        assert_eq!(value("different rooms, ln(1 + x)"), libm::log1p(3.0));
        assert!((value("mean of ln(1 + seconds of stay)") - libm::log1p(420.0)).abs() < 1e-12);
        assert!(value("standard deviation of ln(1 + seconds of stay)") < 1e-6);
        assert_eq!(
            value("accounts on its device, ln(1 + x)"),
            libm::log1p(10.0)
        );
        assert_eq!(
            value("minutes watched without any act, ln(1 + x)"),
            libm::log1p(21.0)
        );
    }

    #[test]
    fn an_order_is_seen_as_what_became_of_it() {
        let told = all(&market(3, true).events);
        let about =
            |(_, about, _): &&(Millis, Subject, Vec<f64>)| *about == Subject::Order(brushed(29));
        let (_, _, values) = told.iter().rfind(about).unwrap();
        let value = |name: &str| number(Track::Orders, values, name);
        assert_eq!(value("yuan for a unit, ln(1 + x)"), libm::log1p(99.0));
        assert_eq!(
            value("seconds from coming to ordering, ln(1 + x)"),
            libm::log1p(60.0)
        );
        assert_eq!(value("clicks in the visit before, ln(1 + x)"), 0.0);
        assert_eq!(
            value("orders to the same delivery address, ln(1 + x)"),
            libm::log1p(30.0)
        );
        assert_eq!(
            value("accounts with the same payer, ln(1 + x)"),
            libm::log1p(30.0)
        );
        assert_eq!(value("refunds to the payer, ln(1 + x)"), libm::log1p(30.0));
        assert_eq!(value("seconds to payment, ln(1 + x)"), libm::log1p(5.0));
        assert_eq!(value("whether it is refunded"), 1.0);
    }

    #[test]
    fn an_offer_is_measured_by_what_the_goods_were_sold_at() {
        let (room, product) = (7, 9);
        let at = |at: Millis, what: What| Event { at, what };
        let sold = |days_ago: u16, fen: i64| What::SoldBefore {
            product,
            days_ago,
            price: Fen(fen),
        };
        let price = |fen: i64| What::Price {
            room,
            product,
            price: Fen(fen),
            stock: 9,
        };
        let reference = What::Reference {
            room,
            product,
            price: Fen(40_000),
        };
        let events = [
            at(0, sold(30, 10_000)),
            at(0, sold(2, 12_000)),
            at(0, sold(31, 1)),
            at(5, reference),
            at(9, price(10_000)),
        ];
        let told = all(&events);
        assert_eq!(told.len(), 2);
        let value = |name: &str| number(Track::Offers, &told[1].2, name);
        let ratio = value("reference to the lowest price of 30 days, ln x");
        assert!((ratio - libm::log(4.0)).abs() < 1e-3, "{ratio}");
        assert_eq!(value("price to the lowest price of 30 days, ln x"), 0.0);
        assert_eq!(value("drop from the reference to the price, a share"), 0.75);
    }

    #[test]
    fn a_mistake_put_right_is_told_from_one_that_is_kept() {
        let told = all(&market(3, true).events);
        let last = |room: Id| {
            let about = Subject::Offer {
                room,
                product: room,
            };
            let (_, _, values) = told.iter().rfind(|(_, other, _)| *other == about).unwrap();
            let kept = "whether the price is still that of the mistake, ten seconds or more later";
            (
                number(
                    Track::Offers,
                    values,
                    "rise of the price since the mistake, ln x",
                ),
                number(Track::Offers, values, kept),
            )
        };
        assert_eq!(last(4), (0.0, 1.0));
        let (rise, kept) = last(5);
        assert!(
            (rise - libm::log(10.0)).abs() < 1e-2 && kept == 0.0,
            "{rise}"
        );
    }

    #[test]
    fn a_room_is_compared_with_its_own_past() {
        let told = all(&market(3, true).events);
        let at = |wanted: Millis| {
            let about = |(at, about, _): &&(Millis, Subject, Vec<f64>)| {
                *at == wanted && *about == Subject::Room(1)
            };
            let (_, _, values) = told.iter().find(about).unwrap();
            values
        };
        let entries = "entries against its past, ln x";
        let shared = "share of entrants whose device or address is shared";
        let (calm, farmed) = (at(1_190_000), at(1_220_000));
        assert!(number(Track::Rooms, calm, entries) < 0.5);
        assert!(number(Track::Rooms, farmed, entries) > 0.9);
        assert_eq!(number(Track::Rooms, calm, shared), 0.0);
        assert!(number(Track::Rooms, farmed, shared) > 0.6);
        let first = told.iter().find(|(_, about, _)| *about == Subject::Room(1));
        assert_eq!(first.map(|(at, _, _)| *at), Some(70_000));
    }
}
