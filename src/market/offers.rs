//! Offers: what a room has on sale, and what has been said about it. Stock moves only in `checkout` and by cues.

use super::exposure::Class;
use crate::money::Fen;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// The offers of a room: one for every product that a cue has named so far, in order of naming.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Offers(pub Vec<Offer>);

/// Something said, and the number of the cue in its class (from 1): whoever came later did not see it fall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// Number of the cue in its class; 0 where its kind is not counted.
    pub ordinal: u16,
}

/// A promise of a lowest price, as far as it touches an offer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Promised {
    /// From this second ...
    pub since: f64,
    /// ... until this one.
    pub until: f64,
    /// Whether what is scheduled keeps it.
    pub kept: bool,
    /// The price that is promised to be the lowest, yuan.
    pub price: f64,
}

/// A countdown on an open link.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Countdown {
    /// When it began.
    pub from: f64,
    /// When it ends.
    pub until: f64,
    /// Whether the offer then really gets worse.
    pub genuine: bool,
}

/// Staff calling out orders: the displayed counter climbs from one figure to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shout {
    /// First second.
    pub start: f64,
    /// How long it takes, seconds.
    pub over: f64,
    /// First figure.
    pub from: u64,
    /// Last figure.
    pub to: u64,
}

/// A product in a room: terms, stock, and what has been said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The product.
    pub product: Id,
    /// Whether its link is open.
    pub open: bool,
    /// Price, yuan, as cues set it.
    pub price: f64,
    /// Deposit of a presale, yuan.
    pub deposit: Option<f64>,
    /// From when the balance can be paid.
    pub balance_due: Option<f64>,
    /// Until when, where the link says so.
    pub balance_until: Option<f64>,
    /// Units one buyer may order.
    pub limit: u32,
    /// Units with which it opened, restocks added.
    pub opening_stock: u32,
    /// Units that can be ordered.
    pub stock: u32,
    /// Units reserved and unpaid.
    pub reserved: u32,
    /// Units paid for.
    pub sold: u32,
    /// Units that the page shows where it shows fewer than there are: the shown opening stock.
    pub shown_stock: Option<u32>,
    /// Since when viewers face it: pitched or opened, whichever came first.
    pub facing_since: f64,
    /// Claimed counter price, yuan.
    pub claimed: Option<Said<f64>>,
    /// Last price announced before the present one, yuan: what buyers expected to pay.
    pub announced: Option<f64>,
    /// Worth claimed in the pitch, yuan.
    pub claimed_worth: Option<f64>,
    /// A quarrel over its price: intensity.
    pub quarrel: Option<Said<f64>>,
    /// A reduction posted "by mistake", yuan.
    pub misbid: Option<Said<f64>>,
    /// Units sent "by mistake": said, delivered.
    pub wrong_quantity: Option<Said<(u32, u32)>>,
    /// A lowest-price promise.
    pub promise: Option<Said<Promised>>,
    /// A countdown.
    pub countdown: Option<Said<Countdown>>,
    /// A true subsidy: who pays, and how much a unit.
    pub subsidy: Option<(crate::scenario::file::Payer, Fen)>,
    /// Whether the platform has struck out what is claimed of it: nothing more can be claimed.
    pub struck_out: bool,
    /// Staff calling out orders.
    pub shout: Option<Shout>,
    /// Orders of consumers.
    pub real_orders: u64,
    /// Price of those.
    pub real_sales: Fen,
    /// Orders of a farm's accounts.
    pub brushed_orders: u64,
    /// How far the shouted counter is above the others.
    pub shouted_orders: u64,
}

impl Offer {
    /// A product that has just been named.
    pub fn named(product: Id, second: f64, expected_price: f64) -> Self {
        Self {
            product,
            open: false,
            price: expected_price,
            deposit: None,
            balance_due: None,
            balance_until: None,
            limit: 1,
            opening_stock: 0,
            stock: 0,
            reserved: 0,
            sold: 0,
            shown_stock: None,
            facing_since: second,
            claimed: None,
            announced: None,
            claimed_worth: None,
            quarrel: None,
            misbid: None,
            wrong_quantity: None,
            promise: None,
            countdown: None,
            subsidy: None,
            struck_out: false,
            shout: None,
            real_orders: 0,
            real_sales: Fen::ZERO,
            brushed_orders: 0,
            shouted_orders: 0,
        }
    }

    /// Orders on display.
    pub fn displayed_orders(&self) -> u64 {
        self.real_orders + self.brushed_orders + self.shouted_orders
    }

    /// Units on display: the truth, or the shown stock less what was really ordered of it.
    pub fn displayed_stock(&self) -> u32 {
        match self.shown_stock {
            Some(shown) => {
                let taken = self.opening_stock.saturating_sub(self.stock);
                shown.saturating_sub(taken).min(self.stock)
            }
            None => self.stock,
        }
    }

    /// The price that is said to be usual: the claimed one, else the one announced last.
    pub fn claim(&self) -> Option<Said<f64>> {
        let announced = self.announced.map(|value| Said { value, ordinal: 0 });
        self.claimed.or(announced)
    }
}

impl Offers {
    /// The offer of a product, made if it had not been named yet.
    pub fn of(&mut self, product: Id, second: f64, expected_price: f64) -> &mut Offer {
        let index = match self.0.iter().position(|offer| offer.product == product) {
            Some(index) => index,
            None => {
                self.0.push(Offer::named(product, second, expected_price));
                self.0.len() - 1
            }
        };
        &mut self.0[index]
    }

    /// The offer whose link opened last and is open.
    pub fn on_sale(&self) -> Option<&Offer> {
        self.0.iter().rev().find(|offer| offer.open)
    }

    /// The offer of a product that has been named.
    pub fn find(&mut self, product: Id) -> Option<&mut Offer> {
        self.0.iter_mut().find(|offer| offer.product == product)
    }
}

/// The class whose belief a claimed price takes: claims are doubted like claims, announcements like nothing (ordinal 0).
pub const CLAIM_CLASS: Class = Class::CounterClaim;
