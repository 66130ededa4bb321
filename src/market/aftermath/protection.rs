//! Automatic price protection: where a rule demands it, the platform has the guaranteed difference paid without anybody asking, on the day on which somebody
//! pays less.
//!
//! Guaranteed parcels are kept in order of what has been paid for a unit, so a day looks at those above its lowest price alone.

use super::claim::{Grievance, Status};
use super::desk::Desk;
use super::parcel::Parcel;
use super::prices_paid::Low;
use super::rumour::Rumours;
use crate::market::ledger::Purpose;
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Parcels whose price is guaranteed.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Protections {
    /// By product: what has been paid for a unit, less what was paid back, and the parcel.
    by_product: Vec<BTreeSet<(Fen, u32)>>,
    /// Parcels entered so far.
    entered: usize,
    /// Second up to which prices have been looked at, and whether those by coupon counted.
    looked: Option<(f64, bool)>,
}

/// Pays the differences to today's lowest prices.
pub fn protect(mut desk: Desk, mut protections: ResMut<Protections>, rumours: Res<Rumours>) {
    let plot = desk.plot.clone();
    let demanded = plot.regime.auto_price_protection && desk.in_force();
    if plot.aftermath.price_protection_days <= 0.0 || !demanded {
        return;
    }
    protections.enter(&plot, &desk.parcels.list);
    let coupons =
        plot.aftermath.protection_counts_coupons || plot.regime.counts_coupons_at(desk.second());
    // Where coupons have just begun to count, what was paid before is looked at again.
    let looked = protections
        .looked
        .filter(|(_, counted)| *counted == coupons);
    let since = looked.map_or(f64::NEG_INFINITY, |(second, _)| second);
    for product in 0..plot.products.len() as Id {
        let Some(low) = rumours.lowest_since(product, since, coupons) else {
            continue;
        };
        for number in protections.above(product, low.unit) {
            let parcel = &desk.parcels.list[number as usize];
            let from = parcel.guaranteed_from.max(since);
            let is_over = desk.second() > parcel.guaranteed_until(&plot);
            if let Some(low) = rumours.lowest_since(product, from, coupons)
                && !is_over
                && parcel.is_kept()
            {
                desk.protects(number, low);
            }
            if !is_over {
                let parcel = &desk.parcels.list[number as usize];
                protections.insert(parcel, number);
            }
        }
    }
    protections.looked = Some((desk.second(), coupons));
}

impl Protections {
    /// Enters what has been bought since it was last looked at.
    fn enter(&mut self, plot: &Scenario, parcels: &[Parcel]) {
        self.by_product
            .resize_with(plot.products.len(), BTreeSet::new);
        for (number, parcel) in (0..).zip(parcels).skip(self.entered) {
            if parcel.line.own && parcel.is_kept() {
                self.insert(parcel, number);
            }
        }
        self.entered = parcels.len();
    }

    fn insert(&mut self, parcel: &Parcel, number: u32) {
        let units = i64::from(parcel.line.units.max(1));
        let unit = Fen((parcel.paid() - parcel.redress).0 / units);
        self.by_product[parcel.line.product as usize].insert((unit, number));
    }

    /// Takes those out who have paid more than a price.
    fn above(&mut self, product: Id, unit: Fen) -> Vec<u32> {
        let of_product = &mut self.by_product[product as usize];
        let above = of_product.split_off(&(unit, u32::MAX));
        above.into_iter().map(|(_, number)| number).collect()
    }
}

impl Desk<'_, '_> {
    /// Pays what a buyer paid more than a price, if there is anything left of it.
    fn protects(&mut self, number: u32, low: Low) {
        let difference = self.parcels.list[number as usize].still_above(low.unit);
        if difference == Fen::ZERO {
            return;
        }
        let seller = self.seller_of(number);
        self.pays(number, seller, Purpose::PriceProtection, difference);
        self.acted("auto_price_protection");
        if low.by_coupon && !self.plot.aftermath.protection_counts_coupons {
            self.acted("coupon_counts_in_price_guarantee");
        }
        self.tell(number, "protected", None, difference, "");
        self.lessens_claim(number);
    }

    /// A difference has been paid by other means than a claim for it: the claim is for what is left, and settled where nothing is.
    pub fn lessens_claim(&mut self, number: u32) {
        let parcel = &mut self.parcels.list[number as usize];
        let about_price = parcel
            .claim()
            .filter(|claim| claim.grievance == Grievance::LowerPrice);
        let Some(left) = about_price.map(|claim| parcel.left_of(&claim)) else {
            return;
        };
        if left == Fen::ZERO {
            self.settles_claim(number);
        } else if let Some(claim) = parcel.claim_mut()
            && claim.status != Status::Granted
        {
            claim.amount = left;
        }
    }

    /// A claim that is still open, or was given up, has got what it asked for by other means.
    pub fn settles_claim(&mut self, number: u32) {
        let today = self.now.day;
        if let Some(claim) = &mut self.parcels.list[number as usize].claim
            && claim.status != Status::Granted
        {
            claim.status = Status::Granted;
            claim.since = today;
        }
    }
}
