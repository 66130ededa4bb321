//! What a look expects to save: worked out once for each open offer, skill and number of known coupons, whenever a price, a coupon or the shelf
//! changes, so that a look reads one number. Whoever was given coupons of its own works it out at the look (`decide`).

use super::bargain::{ShelfStock, Shop};
use super::offers::Offer;
use super::time::Now;
use super::wallet::{Coupons, Known, Skill};
use crate::money::Fen;
use crate::promotion::{CouponId, Line, Window};
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;

/// No savings: nothing is granted on this offer to anybody.
pub const UNPROMOTED: u32 = u32::MAX;

/// Seconds at which a coupon or a price on the shelf begins or ends.
#[derive(Resource, Debug, Clone, Default)]
pub struct Turns(Vec<i64>);

impl Turns {
    /// Those of a scenario.
    pub fn of(plot: &Scenario) -> Self {
        if !plot.has_promotions() {
            return Self::default();
        }
        Self(plot.campaign.turns(Window::ALWAYS))
    }

    fn passed(&self, second: f64) -> usize {
        self.0.partition_point(|turn| *turn as f64 <= second)
    }
}

/// Savings of a room's offers. They follow from the scenario and from what is in the snapshot, so they are not in it themselves.
#[derive(Component, Debug, Clone, Default)]
pub struct Promoted {
    /// What the savings were worked out for: turns passed, changes of coupons.
    stamp: Option<(usize, u64)>,
    offers: Vec<Savings>,
}

/// Savings on one offer.
#[derive(Debug, Clone)]
struct Savings {
    product: Id,
    price: f64,
    deposit: Option<f64>,
    /// By skill and number of known coupons, yuan a unit.
    table: Vec<f32>,
}

/// What savings depend on beside the offer.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Promotions<'w> {
    /// Coupons by reach.
    pub known: Res<'w, Known>,
    /// How many are left.
    pub coupons: Res<'w, Coupons>,
    /// What is on the shelf.
    pub shelf: Res<'w, ShelfStock>,
    turns: Res<'w, Turns>,
}

impl Promotions<'_> {
    /// Where the savings on an open offer begin in `savings`, to which they are added; [`UNPROMOTED`] where nobody saves anything.
    pub fn savings(
        &self,
        plot: &Scenario,
        now: &Now,
        room: Id,
        promoted: &mut Promoted,
        offer: &Offer,
        savings: &mut Vec<f32>,
    ) -> u32 {
        let stamp = Some((self.turns.passed(now.start), self.coupons.changes));
        if promoted.stamp != stamp {
            promoted.stamp = stamp;
            promoted.offers.clear();
        }
        let found = promoted.offers.iter().position(|known| {
            known.product == offer.product
                && known.price == offer.price
                && known.deposit == offer.deposit
        });
        let index = found.unwrap_or_else(|| {
            promoted
                .offers
                .retain(|known| known.product != offer.product);
            promoted.offers.push(self.work_out(plot, now, room, offer));
            promoted.offers.len() - 1
        });
        let table = &promoted.offers[index].table;
        if table.is_empty() {
            return UNPROMOTED;
        }
        let begin = savings.len() as u32;
        savings.extend(table);
        begin
    }

    /// Empty where no coupon is for the offer, not even one that rooms give out.
    fn work_out(&self, plot: &Scenario, now: &Now, room: Id, offer: &Offer) -> Savings {
        let line = line_of(plot, room, offer, 1);
        let second = moment_of_payment(offer, now.start);
        let mut savings = Savings {
            product: offer.product,
            price: offer.price,
            deposit: offer.deposit,
            table: Vec::new(),
        };
        let coupons = plot.campaign.coupons.iter();
        let covers = |id: CouponId| plot.campaign.coupons[id as usize].covers(&line);
        if !(0..).zip(coupons).any(|(id, _)| covers(id)) {
            return savings;
        }
        let shop = Shop {
            plot,
            shelf: &self.shelf,
        };
        let in_time = |id: &CouponId| {
            let coupon = &plot.campaign.coupons[*id as usize];
            coupon.window.holds(second) && self.coupons.are_left(plot, *id)
        };
        for skill in Skill::ALL {
            for aware in 0..=self.known.0.len() {
                let usable: Vec<CouponId> = self.known.0[..aware]
                    .iter()
                    .copied()
                    .filter(in_time)
                    .collect();
                let purchase = shop.buy(line, &usable, skill, second);
                savings
                    .table
                    .push((line.price - purchase.net).max(Fen::ZERO).yuan() as f32);
            }
        }
        savings
    }

    /// Place of a skill and a number of known coupons in an offer's savings.
    pub fn place(known: &Known, skill: Skill, aware: usize) -> usize {
        skill as usize * (known.0.len() + 1) + aware
    }
}

/// Units of an offer as a line of a basket; its channel is the room.
pub fn line_of(plot: &Scenario, room: Id, offer: &Offer, units: u32) -> Line {
    let product = &plot.products[offer.product as usize];
    let price = Fen::from_yuan(offer.price);
    Line {
        product: offer.product,
        store: product.brand,
        category: product.category,
        channel: room,
        units,
        price,
        deposit: offer.deposit.map_or(Fen::ZERO, Fen::from_yuan).min(price),
    }
}

/// When coupons count: now, or when a presale's balance can be paid.
pub fn moment_of_payment(offer: &Offer, now: f64) -> i64 {
    let due = offer.deposit.and(offer.balance_due);
    due.unwrap_or(now) as i64
}
