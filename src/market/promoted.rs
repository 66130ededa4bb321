//! What a look expects to save: worked out once for each open offer, skill and number of known coupons, whenever a price, a coupon or the shelf
//! changes, so that a look reads one number. Whoever was given coupons of its own works it out at the look (`decide`), and keeps the answer on its
//! seat as long as the offer's terms and its own coupons stay what they are.

use super::bargain::{ShelfStock, Shop};
use super::offers::Offer;
use super::time::Now;
use super::wallet::{Coupons, Known, Skill};
use crate::draws::identity_of_pair;
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
    /// What the savings were worked out for: turns passed, changes of coupons, changes of the shelf.
    stamp: Option<(usize, u64, u64)>,
    offers: Vec<Savings>,
}

/// Savings on one offer.
#[derive(Debug, Clone)]
struct Savings {
    product: Id,
    price: f64,
    deposit: Option<f64>,
    /// A number for all this: see [`Promotions::terms`].
    terms: u32,
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
    /// A number for the terms of an offer: others whenever its price, a coupon or the shelf has changed. It follows from the state of the
    /// market alone, so that it is the same in a market that was saved and restored.
    fn terms(&self, plot: &Scenario, now: &Now, offer: &Offer) -> u32 {
        let parts = [
            offer.price.to_bits(),
            offer.deposit.unwrap_or(0.0).to_bits(),
            self.turns.passed(now.start) as u64,
            self.coupons.changes,
            self.shelf.changes,
        ];
        let key = plot.products[offer.product as usize].key;
        parts.into_iter().fold(key, identity_of_pair) as u32 | 1
    }

    /// Where the savings on an open offer begin in `savings`, to which they are added, and the number of its terms; [`UNPROMOTED`] where nobody saves
    /// anything.
    pub fn savings(
        &self,
        plot: &Scenario,
        now: &Now,
        room: Id,
        promoted: &mut Promoted,
        offer: &Offer,
        savings: &mut Vec<f32>,
    ) -> (u32, u32) {
        let turns = self.turns.passed(now.start);
        let stamp = Some((turns, self.coupons.changes, self.shelf.changes));
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
        let Savings { terms, table, .. } = &promoted.offers[index];
        if table.is_empty() {
            return (UNPROMOTED, *terms);
        }
        let begin = savings.len() as u32;
        savings.extend(table);
        (begin, *terms)
    }

    /// Empty where no coupon is for the offer, not even one that rooms give out.
    fn work_out(&self, plot: &Scenario, now: &Now, room: Id, offer: &Offer) -> Savings {
        let line = line_of(plot, room, offer, 1);
        let second = moment_of_payment(offer, now.start);
        let mut savings = Savings {
            product: offer.product,
            price: offer.price,
            deposit: offer.deposit,
            terms: self.terms(plot, now, offer),
            table: Vec::new(),
        };
        let mut coupons = plot.campaign.coupons.iter();
        if !coupons.any(|coupon| coupon.covers(&line)) {
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
                let purchase = shop.buy((line, None), &usable, skill, second);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::room::{RoomIndex, RoomView};
    use crate::market::time::Plot;
    use crate::market::{Market, Nobody};
    use crate::scenario::{Request, load};
    use bevy_ecs::system::SystemState;
    use std::sync::Arc;

    /// What a look reads is what a purchase worked out anew comes to.
    #[test]
    fn savings_are_those_of_the_purchase_itself() {
        // Some of the shelf sells out on the way.
        let change = [
            "population.consumers=20000",
            "shelf.cable.stock=20",
            "shelf.soap.stock=10",
            "shelf.towels.stock=5",
        ]
        .map(str::to_owned);
        let bundle = load(&Request {
            what: "coupon_maze",
            overrides: &change,
            ..Request::default()
        });
        let plot = bundle.expect("shipped").resolve().expect("shipped");
        let mut market = Market::new(Arc::new(plot), Box::new(Nobody));
        let (mut compared, mut saved) = (0, 0);
        while market.time() < 15_000.0 {
            market.step();
            if !market.world.resource::<Now>().tick.is_multiple_of(60) {
                continue;
            }
            let mut promotions = SystemState::<Promotions>::new(&mut market.world);
            let world = &market.world;
            let promotions = promotions.get(world).expect("the world has promotions");
            let plot = world.resource::<Plot>();
            for room in &world.resource::<RoomIndex>().0 {
                let view = world.get::<RoomView>(*room).expect("rooms have views");
                for offer in &view.offers {
                    assert_ne!(
                        offer.savings_at, UNPROMOTED,
                        "the platform's coupon is for all"
                    );
                    for (skill, aware) in Skill::ALL.into_iter().flat_map(|skill| {
                        (0..=promotions.known.0.len()).map(move |aware| (skill, aware))
                    }) {
                        let usable = promotions.known.0[..aware].iter().copied();
                        let in_time = |id: &CouponId| {
                            plot.campaign.coupons[*id as usize]
                                .window
                                .holds(offer.pays_at)
                                && promotions.coupons.are_left(plot, *id)
                        };
                        let usable: Vec<CouponId> = usable.filter(in_time).collect();
                        let shop = Shop {
                            plot,
                            shelf: &promotions.shelf,
                        };
                        let net = shop
                            .buy((offer.line, None), &usable, skill, offer.pays_at)
                            .net;
                        let place = Promotions::place(&promotions.known, skill, aware);
                        let read = view.savings[offer.savings_at as usize + place];
                        assert_eq!(read, (offer.line.price - net).max(Fen::ZERO).yuan() as f32);
                        compared += 1;
                        saved += u32::from(read > 0.0);
                    }
                }
            }
        }
        assert!(market.world.resource::<ShelfStock>().changes > 0);
        assert!(
            compared > 1_000 && saved > compared / 4,
            "{saved} of {compared}"
        );
    }
}
