//! What is remembered of an order.

use super::account::{ACCOUNT, Visit};
use super::log_plus_one;
use crate::detect::event::{Order, Outcome};
use crate::detect::{Millis, Token};
use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// The numbers that are the order's own; its account's follow.
const OWN: usize = 12;

/// The numbers in an order's vector.
pub const ORDER: [&str; OWN + ACCOUNT.len()] = names();

const fn names() -> [&'static str; OWN + ACCOUNT.len()] {
    let mut names = [""; OWN + ACCOUNT.len()];
    let own = [
        "yuan for a unit, ln(1 + x)",
        "units, ln(1 + x)",
        "price of a unit to that on the link, ln x",
        "seconds from coming to ordering, ln(1 + x)",
        "whether it was seen to come into the room",
        "clicks in the visit before, ln(1 + x)",
        "orders to the same delivery address, ln(1 + x)",
        "accounts with the same payer, ln(1 + x)",
        "refunds to the payer, ln(1 + x)",
        "seconds to payment, ln(1 + x)",
        "whether it is paid",
        "whether it is refunded",
    ];
    let mut place = 0;
    while place < names.len() {
        names[place] = if place < OWN {
            own[place]
        } else {
            ACCOUNT[place - OWN]
        };
        place += 1;
    }
    names
}

/// What is remembered of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct OrderPast {
    pub(super) account: Token,
    pub(super) delivery: Token,
    pub(super) payer: Option<Token>,
    pub(super) refunded: bool,
    placed: Millis,
    paid: Option<Millis>,
    units: u32,
    /// Yuan for a unit.
    unit: f64,
    /// Price of a unit to that on the link, as a logarithm.
    discount: f64,
    /// Milliseconds since it came into the room, where it was seen to come.
    waited: Option<Millis>,
    clicks: u32,
}

impl OrderPast {
    /// An order just placed, in a visit, at a price on the link.
    pub(super) fn new(
        at: Millis,
        order: &Order,
        visit: Option<&Visit>,
        price: Option<Fen>,
    ) -> Self {
        let unit = order.price.yuan().max(0.0) / f64::from(order.units.max(1));
        let link = price.map_or(unit, |price| price.yuan().max(0.0));
        Self {
            account: order.account,
            delivery: order.delivery,
            payer: None,
            refunded: false,
            placed: at,
            paid: None,
            units: order.units,
            unit,
            discount: libm::log((unit + 1.0) / (link + 1.0)),
            waited: visit.map(|visit| at.saturating_sub(visit.since)),
            clicks: visit.map_or(0, |visit| visit.clicks),
        }
    }

    /// What was owed is paid, or not.
    pub(super) fn paid(&mut self, at: Millis, outcome: Outcome, payer: Token) {
        self.payer = Some(payer);
        if !matches!(outcome, Outcome::Lapsed | Outcome::Forfeited) {
            self.paid.get_or_insert(at);
        }
    }

    /// Its vector, given orders to its delivery address, accounts and refunds of its payer, and its account's vector.
    pub(super) fn vector(
        &self,
        shared: [f64; 3],
        account: &[f64; ACCOUNT.len()],
    ) -> [f64; ORDER.len()] {
        let [delivery, payer, refunds] = shared;
        let seconds = |span: Millis| log_plus_one(span as f64 / 1_000.0);
        let own = [
            log_plus_one(self.unit),
            log_plus_one(f64::from(self.units)),
            self.discount,
            self.waited.map_or(0.0, seconds),
            f64::from(u8::from(self.waited.is_some())),
            log_plus_one(f64::from(self.clicks)),
            log_plus_one(delivery),
            log_plus_one(payer),
            log_plus_one(refunds),
            self.paid
                .map_or(0.0, |paid| seconds(paid.saturating_sub(self.placed))),
            f64::from(u8::from(self.paid.is_some())),
            f64::from(u8::from(self.refunded)),
        ];
        let mut values = [0.0; ORDER.len()];
        for (value, number) in values.iter_mut().zip(own.iter().chain(account)) {
            *value = *number;
        }
        values
    }
}
