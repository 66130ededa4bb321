//! Rumours: how buyers come to know that others paid less (MODEL section 8).
//!
//! Two ways: a buyer looks again by itself and finds what is posted, and word of mouth, a contact process among the buyers of a product. Word of
//! mouth runs on a clock of the product, the integral of contact_rate * told / owners, where the told are those who paid least and those who
//! have learned of it; everybody draws one exponential when it buys, and hears once the clock has passed it. So nothing is done for whoever does not
//! hear on a day, and nothing at all while everybody has paid the same.

use super::desk::Desk;
use super::diary::Diary;
use super::parcel::Parcel;
use crate::draws::{Draws, Mechanism};
use crate::market::time::day_of;
use crate::money::Fen;
use crate::scenario::{Act, Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A price that was lower than all before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Low {
    /// Price of a unit.
    pub unit: Fen,
    /// Whether a coupon brought it about.
    pub by_coupon: bool,
    /// Whether the brand's own shops and rooms had it.
    pub own: bool,
}

/// What gets about of a product's price.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Rumour {
    /// The lowest price paid so far.
    low: Option<Low>,
    /// The lowest paid without a coupon.
    low_without_coupon: Option<Fen>,
    /// The highest.
    high: Fen,
    /// Owners.
    owners: u32,
    /// Those of them who paid least.
    lowest: u32,
    /// Those who have learned of it.
    told: u32,
    /// Integral of contacts.
    clock: f64,
    /// Owners who have not heard, by the bits of the clock's time at which they do (positive numbers, so bits are in order).
    waiting: BTreeSet<(u64, u32)>,
}

/// Rumours by product, and who looks for prices when.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rumours {
    by_product: Vec<Rumour>,
    searches: Diary,
}

impl Rumours {
    /// Nothing is known yet.
    pub fn new(plot: &Scenario) -> Self {
        Self {
            by_product: vec![Rumour::default(); plot.products.len()],
            searches: Diary::default(),
        }
    }

    /// Somebody bought something: its price gets about, and it may look and hear.
    pub fn bought(&mut self, plot: &Scenario, number: u32, parcel: &Parcel) {
        let rumour = &mut self.by_product[parcel.line.product as usize];
        let unit = parcel.unit();
        rumour.owners += 1;
        rumour.high = rumour.high.max(unit);
        if !parcel.by_coupon {
            let low = rumour.low_without_coupon.get_or_insert(unit);
            *low = unit.min(*low);
        }
        match rumour.low {
            Some(low) if low.unit < unit => {}
            Some(low) if low.unit == unit => rumour.lowest += 1,
            _ => {
                rumour.lowest = 1;
                rumour.low = Some(Low {
                    unit,
                    by_coupon: parcel.by_coupon,
                    own: true,
                });
            }
        }
        self.wait(plot, number, parcel);
        self.plan_search(plot, number, parcel, parcel.paid_at);
    }

    /// Puts an owner among those who may hear.
    fn wait(&mut self, plot: &Scenario, number: u32, parcel: &Parcel) {
        let rumour = &mut self.by_product[parcel.line.product as usize];
        let at = rumour.clock + draw(plot, parcel).exponential(0);
        rumour.waiting.insert((at.to_bits(), number));
    }

    /// The day on which an owner looks again, if there is going to be anything to find.
    fn plan_search(&mut self, plot: &Scenario, number: u32, parcel: &Parcel, since: f64) {
        let rate = plot.aftermath.own_search_per_day;
        let to_be_found =
            || posted_below(plot, parcel).any(|posted| posted.window.until > since as i64);
        if rate <= 0.0 || !to_be_found() {
            return;
        }
        let wait = 86_400.0 * draw(plot, parcel).exponential(1) / rate;
        let second = since + wait;
        if second < plot.clock.end {
            self.searches.enter(day_of(&plot.clock, second), number);
        }
    }

    /// The lowest price paid for a product so far, those by coupon counted or not.
    pub fn lowest_that_counts(&self, product: Id, coupons: bool) -> Option<Fen> {
        let rumour = &self.by_product[product as usize];
        match coupons {
            true => rumour.low.map(|low| low.unit),
            false => rumour.low_without_coupon,
        }
    }
}

fn draw(plot: &Scenario, parcel: &Parcel) -> crate::draws::Words {
    let ordinal = (parcel.heard << 1) | parcel.ordinal();
    Draws::new(plot.seed).at(Mechanism::Rumour, parcel.pair(plot), ordinal)
}

/// Where the product is posted below what was paid, whenever.
fn posted_below<'a>(
    plot: &'a Scenario,
    parcel: &'a Parcel,
) -> impl Iterator<Item = &'a crate::promotion::Posted> {
    let unit = parcel.unit();
    let posted = plot.campaign.posted.iter();
    posted.filter(move |posted| posted.product == parcel.line.product && posted.price < unit)
}

/// Whether a buyer was told at its purchase that others pay less: its room had begun to give out a coupon for what it bought.
pub fn saw_the_coupon(plot: &Scenario, parcel: &Parcel) -> bool {
    let Some(room) = parcel.line.room else {
        return false;
    };
    let campaign = &plot.campaign;
    let is_for_it = |coupon: Id| {
        let posted = campaign.posted.iter();
        posted
            .filter(|posted| posted.product == parcel.line.product && posted.channel == room)
            .any(|posted| campaign.coupons[coupon as usize].covers(&campaign.line(posted, 1)))
    };
    let bought = parcel.paid_at.min(plot.rooms[room as usize].off_air);
    let before = plot.rooms[room as usize].cues.iter();
    before
        .take_while(|cue| cue.at <= bought)
        .any(|cue| matches!(cue.act, Act::IssueCoupon { coupon, .. } if is_for_it(coupon)))
}

/// Lets buyers look for lower prices whose day it is.
pub fn search(mut rumours: ResMut<Rumours>, mut desk: Desk) {
    let plot = desk.plot.clone();
    let second = desk.second();
    for number in rumours.searches.take(desk.now.day) {
        let parcel = &mut desk.parcels.list[number as usize];
        if parcel.aware || !parcel.is_kept() {
            continue;
        }
        let found = posted_below(&plot, parcel)
            .filter(|posted| posted.window.holds(second as i64))
            .min_by_key(|posted| posted.price);
        let found = found.map(|posted| Low {
            unit: posted.price,
            by_coupon: false,
            own: posted.own,
        });
        match found {
            Some(low) => {
                rumours.by_product[parcel.line.product as usize].told += 1;
                desk.learns(number, low);
            }
            None => {
                parcel.heard += 1;
                let parcel = parcel.clone();
                rumours.plan_search(&plot, number, &parcel, second);
            }
        }
    }
}

/// Lets word of mouth run for a day.
pub fn spread(mut rumours: ResMut<Rumours>, mut desk: Desk) {
    let plot = desk.plot.clone();
    for product in 0..rumours.by_product.len() {
        let rumour = &mut rumours.by_product[product];
        let Some(low) = rumour.low.filter(|low| low.unit < rumour.high) else {
            continue;
        };
        let told = f64::from(rumour.lowest + rumour.told);
        rumour.clock += plot.aftermath.contact_rate * told / f64::from(rumour.owners);
        let later = rumour
            .waiting
            .split_off(&(rumour.clock.to_bits(), u32::MAX));
        let hear = std::mem::replace(&mut rumour.waiting, later);
        for (_, number) in hear {
            let parcel = &mut desk.parcels.list[number as usize];
            if parcel.unit() > low.unit {
                if !parcel.aware {
                    rumours.by_product[product].told += 1;
                    desk.learns(number, low);
                }
                continue;
            }
            // It paid as little as anybody: it may hear again, when others have paid less.
            parcel.heard += 1;
            let parcel = parcel.clone();
            rumours.wait(&plot, number, &parcel);
        }
    }
}
