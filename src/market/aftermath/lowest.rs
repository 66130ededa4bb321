//! Lowest prices, in three versions (FACTS D.2): the lowest at which anybody got the product, the lowest that a given buyer could have had, and the lowest
//! that the order page guarantees.

use super::parcel::Parcel;
use super::prices_paid::{PricesPaid, Which};
use crate::market::bargain::{ShelfStock, Shop};
use crate::market::wallet::{Known, Skill};
use crate::money::Fen;
use crate::promotion::{CouponId, Posted, usable_at};
use crate::scenario::Scenario;
use std::collections::BTreeMap;

/// What lowest prices are found in.
pub struct Lowest<'a> {
    plot: &'a Scenario,
    shop: Shop<'a>,
    known: &'a Known,
    paid: PricesPaid,
    /// Price of a unit at a posted price, second, skill and number of known coupons.
    bargains: BTreeMap<(usize, i64, Skill, u8), Fen>,
}

impl<'a> Lowest<'a> {
    /// Those of a market.
    pub fn new(
        plot: &'a Scenario,
        parcels: &[Parcel],
        shelf: &'a ShelfStock,
        known: &'a Known,
    ) -> Self {
        Self {
            plot,
            shop: Shop { plot, shelf },
            known,
            paid: PricesPaid::of(plot, parcels),
            bargains: BTreeMap::new(),
        }
    }

    /// Seconds before and after a purchase within which prices are compared.
    fn reach(&self) -> f64 {
        let table = &self.plot.aftermath;
        86_400.0
            * match table.price_protection_days > 0.0 {
                true => table.price_protection_days,
                false => table.comparison_days,
            }
    }

    /// The lowest price in the rooms and shelves of the brand, or paid by anybody, within the days of comparison before and after: all units, yuan.
    pub fn offered(&self, parcel: &Parcel) -> f64 {
        let reach = 86_400.0 * self.plot.aftermath.comparison_days;
        let window = (parcel.paid_at - reach, parcel.paid_at + reach);
        let posted = posted_in(self.plot, parcel, window).map(|(_, posted)| posted.price);
        let which = Which {
            by_coupon: true,
            of_others: true,
        };
        let paid = self.paid.lowest(parcel.line.product, window, which);
        self.of_all_units(parcel, posted.chain(paid))
    }

    /// The lowest price that this buyer could have had within the days of protection (else of comparison) after its purchase, all units, yuan: posted
    /// prices with the coupons that it knew of and its skill; what the order page guarantees to whoever asks; and, if it heard a promise that nothing
    /// would be cheaper, everything that was cheaper, for that is what it was promised. Other coupons that it was not given are not accessible.
    pub fn accessible(&mut self, parcel: &Parcel) -> f64 {
        let window = (parcel.paid_at, parcel.paid_at + self.reach());
        let posted: Vec<(usize, &Posted)> = posted_in(self.plot, parcel, window).collect();
        let mut best = parcel.unit();
        for (index, posted) in posted {
            for second in self.turns(posted, window) {
                best = best.min(self.bargain(index, posted, second, parcel));
            }
        }
        let posted = self.of_all_units(parcel, [best].into_iter());
        posted
            .min(self.guaranteed(parcel, false))
            .min(self.promised(parcel))
    }

    /// The lowest price of the brand, by coupon or not, while a promise holds that its buyer heard. All units, yuan.
    fn promised(&self, parcel: &Parcel) -> f64 {
        let promise = parcel.told.promise;
        let paid = promise.and_then(|promise| {
            let window = (promise.since, promise.until);
            self.paid
                .lowest(parcel.line.product, window, Which::own(true))
        });
        self.of_all_units(parcel, paid.into_iter())
    }

    /// The lowest price of the brand's own within the days for which the order page guarantees the price of what was bought there. All units, yuan.
    pub fn guaranteed(&self, parcel: &Parcel, coupons: bool) -> f64 {
        let window = (parcel.guaranteed_from, parcel.guaranteed_until(self.plot));
        if self.plot.aftermath.price_protection_days <= 0.0 || !parcel.line.own {
            return self.of_all_units(parcel, [parcel.unit()].into_iter());
        }
        let posted = posted_in(self.plot, parcel, window)
            .filter(|(_, posted)| posted.own)
            .map(|(_, posted)| posted.price);
        let paid = self
            .paid
            .lowest(parcel.line.product, window, Which::own(coupons));
        self.of_all_units(parcel, posted.chain(paid))
    }

    fn of_all_units(&self, parcel: &Parcel, prices: impl Iterator<Item = Fen>) -> f64 {
        let unit = prices.fold(parcel.unit(), Fen::min);
        unit.yuan() * f64::from(parcel.line.units)
    }

    /// Seconds at which a posted price may come cheaper: when it or a coupon begins, within a window.
    fn turns(&self, posted: &Posted, window: (f64, f64)) -> Vec<i64> {
        let first = posted.window.from.max(window.0 as i64);
        let last = posted.window.until.min(window.1 as i64);
        let begins = self
            .plot
            .campaign
            .coupons
            .iter()
            .map(|coupon| coupon.window.from);
        let mut turns: Vec<i64> = begins
            .filter(|second| (first..last).contains(second))
            .chain([first])
            .collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    fn bargain(&mut self, index: usize, posted: &Posted, second: i64, parcel: &Parcel) -> Fen {
        if self.plot.campaign.coupons.is_empty() {
            return posted.price;
        }
        let buyer = &parcel.buyer;
        // Which coupons hold matters, not the very second: purchases of one day are alike.
        let open = usable_at(&self.plot.campaign.coupons, second);
        let key = (index, signature(&open), buyer.skill, buyer.aware);
        if let Some(known) = self.bargains.get(&key) {
            return *known;
        }
        let aware = &self.known.0[..usize::from(buyer.aware)];
        let usable: Vec<CouponId> = open
            .into_iter()
            .filter(|coupon| aware.contains(coupon))
            .collect();
        let line = self.plot.campaign.line(posted, 1);
        let shelf = (index >= self.plot.rooms.len()).then_some(index);
        let net = self
            .shop
            .buy((line, shelf), &usable, buyer.skill, second)
            .net;
        self.bargains.insert(key, net);
        net
    }
}

/// A number that tells sets of coupons apart: the first 63 by a bit each.
fn signature(coupons: &[CouponId]) -> i64 {
    coupons
        .iter()
        .fold(0, |bits, coupon| bits | 1 << (coupon % 63))
}

/// Posted prices of a parcel's product that hold at some time within a window, and can be paid at once.
fn posted_in<'a>(
    plot: &'a Scenario,
    parcel: &Parcel,
    (from, until): (f64, f64),
) -> impl Iterator<Item = (usize, &'a Posted)> + use<'a> {
    let (product, units) = (parcel.line.product, parcel.line.units);
    let posted = plot.campaign.posted.iter().enumerate();
    posted.filter(move |(_, posted)| {
        posted.product == product
            && posted.deposit == Fen::ZERO
            && posted.limit >= units
            && (posted.window.from as f64) <= until
            && posted.window.until as f64 > from
    })
}
