//! Terms of an order: who orders, at what price, what is due when, and whether and when it is paid.

use super::aftermath::Told;
use super::balance::Presale;
use super::decide::Intent;
use super::offers::Offer;
use super::register::Buyer;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::promotion::Line;
use crate::scenario::Scenario;
use crate::scenario::file::Payer;

/// Who orders.
pub fn buyer_of(intent: &Intent) -> Buyer {
    Buyer {
        consumer: intent.consumer,
        segment: intent.segment,
        vulnerable: intent.vulnerable,
        skill: intent.skill,
        aware: intent.aware,
    }
}

/// The presale that an offer with a deposit is; `None`: it is paid at once.
pub fn presale_of(plot: &Scenario, offer: &Offer, intent: &Intent, line: Line) -> Option<Presale> {
    let due = offer.deposit.and(offer.balance_due)?;
    let days = plot.platform.balance_days;
    Some(Presale {
        due,
        until: offer.balance_until.unwrap_or(due + 86_400.0 * days),
        line,
        surplus: intent.decision.private_value - intent.decision.threshold,
        key: intent.key,
        buyer: buyer_of(intent),
    })
}

/// What an offer says at an order: a promise that stands, and how far the claimed price is above the honest prior one.
pub fn said_of(plot: &Scenario, offer: &Offer, units: u32) -> Told {
    let prior = plot.products[offer.product as usize].honest_prior_price;
    let claimed = offer.claimed.map_or(0.0, |claimed| claimed.value);
    Told {
        promise: offer.promise.map(|promise| promise.value),
        false_saving: f64::from(units) * (claimed - prior).max(0.0),
        ..Told::default()
    }
}

/// Money of an order.
pub struct Terms {
    /// Price of all units.
    pub price: Fen,
    /// What is due now.
    pub due_now: Fen,
    /// A true subsidy: who pays, and how much in all.
    pub subsidy: Option<(Payer, Fen)>,
}

impl Terms {
    /// Those of so many units.
    pub fn of(offer: &Offer, units: u32) -> Self {
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
pub fn payment_of(plot: &Scenario, key: Identity, product: Identity, time: f64) -> (f64, bool) {
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
