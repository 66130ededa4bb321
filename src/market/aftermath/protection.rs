//! Automatic price protection: where a rule demands it, the platform has the guaranteed difference paid without anybody asking.

use super::claim::Status;
use super::desk::Desk;
use super::diary::Diary;
use super::rumour::Rumours;
use crate::market::ledger::Purpose;
use crate::market::time::day_of;
use crate::money::Fen;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Parcels by the day on which their protection ends.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Protections {
    ends: Diary,
    /// Parcels entered so far.
    entered: usize,
}

/// Pays the differences of parcels whose protection ends today.
pub fn protect(mut desk: Desk, mut protections: ResMut<Protections>, rumours: Res<Rumours>) {
    let plot = desk.plot.clone();
    let days = plot.aftermath.price_protection_days;
    if days <= 0.0 || !plot.regime.auto_price_protection {
        return;
    }
    for number in protections.entered..desk.parcels.list.len() {
        let until = desk.parcels.list[number].paid_at + 86_400.0 * days;
        protections
            .ends
            .enter(day_of(&plot.clock, until), number as u32);
    }
    protections.entered = desk.parcels.list.len();
    let by_terms = plot.aftermath.protection_counts_coupons;
    let counts = by_terms || plot.regime.counts_coupons_at(desk.second());
    for number in protections.ends.take(desk.now.day) {
        let parcel = &desk.parcels.list[number as usize];
        let low = rumours.lowest_that_counts(parcel.line.product, counts);
        let Some(low) = low.filter(|low| *low < parcel.unit()) else {
            continue;
        };
        if !desk.in_force() || parcel.is_settled() || !parcel.is_kept() {
            continue;
        }
        let difference = parcel.still_above(low);
        if difference == Fen::ZERO {
            continue;
        }
        desk.pays(
            number,
            desk.seller_of(number),
            Purpose::PriceProtection,
            difference,
        );
        desk.acted("auto_price_protection");
        desk.tell(number, "protected", None, difference, "");
        desk.settles_claim(number);
    }
}

impl Desk<'_, '_> {
    /// A claim that is still open, or was given up, has got what it asked for by other means.
    pub fn settles_claim(&mut self, number: u32) {
        let today = self.now.day;
        if let Some(claim) = &mut self.parcels.list[number as usize].claim {
            claim.status = Status::Granted;
            claim.since = today;
        }
    }
}
