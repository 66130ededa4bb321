//! Rumours: how buyers come to know that others paid less (MODEL section 8).
//!
//! Two ways: a buyer looks again by itself and finds what is posted, and word of mouth, a contact process among the buyers of a product. Word of
//! mouth runs on a clock of the product, the integral of contact_rate * told / owners, where the told are those who paid least and those who
//! have learned of it; everybody draws one exponential when it buys, and hears once the clock has passed it. So nothing is done for whoever does not
//! hear on a day, and nothing at all while everybody has paid the same.

use super::desk::Desk;
use super::diary::Diary;
use super::parcel::Parcel;
use super::prices_paid::{Low, LowsSince};
use crate::draws::{Draws, Mechanism};
use crate::market::time::day_of;
use crate::money::Fen;
use crate::scenario::{Act, Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What gets about of a product's price.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Rumour {
    /// The lowest price paid so far.
    low: Option<Low>,
    /// What was paid in the brand's own shops and rooms, by coupon or not.
    own: LowsSince,
    /// The same without a coupon.
    own_without_coupon: LowsSince,
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
        if parcel.line.own {
            rumour.own.paid(Low::of(parcel));
            if !parcel.by_coupon {
                rumour.own_without_coupon.paid(Low::of(parcel));
            }
        }
        match rumour.low {
            Some(low) if low.unit < unit => {}
            Some(low) if low.unit == unit => rumour.lowest += 1,
            _ => {
                rumour.lowest = 1;
                rumour.low = Some(Low::of(parcel));
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

    /// What somebody who hears that others paid less can complain of: the lowest price of the brand's own since its price was guaranteed or promised.
    fn lowest_to_complain_of(&self, parcel: &Parcel) -> Option<Low> {
        let since = parcel.complains_of_lows_since();
        let low = self.lowest_since(parcel.line.product, since, true);
        low.filter(|low| low.unit < parcel.unit())
    }

    /// The lowest price paid in the brand's own shops and rooms since a second, those by coupon counted or not.
    pub fn lowest_since(&self, product: Id, second: f64, coupons: bool) -> Option<Low> {
        let rumour = &self.by_product[product as usize];
        match coupons {
            true => rumour.own.since(second),
            false => rumour.own_without_coupon.since(second),
        }
    }
}

fn draw(plot: &Scenario, parcel: &Parcel) -> crate::draws::Words {
    let ordinal = (parcel.heard << 1) | parcel.ordinal();
    Draws::new(plot.seed).at(Mechanism::Rumour, parcel.pair(plot), ordinal)
}

/// Where the product is posted below what was paid, whenever, and can be bought: presales have closed when their balances are paid.
fn posted_below<'a>(
    plot: &'a Scenario,
    parcel: &'a Parcel,
) -> impl Iterator<Item = &'a crate::promotion::Posted> {
    let unit = parcel.unit();
    let posted = plot.campaign.posted.iter();
    posted.filter(move |posted| {
        posted.product == parcel.line.product && posted.price < unit && posted.deposit == Fen::ZERO
    })
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
        if parcel.has_ground || !parcel.is_kept() {
            continue;
        }
        // What the brand itself asks can be complained of, what others ask cannot.
        let found = posted_below(&plot, parcel)
            .filter(|posted| posted.window.holds(second as i64))
            .min_by_key(|posted| (!posted.own, posted.price));
        let found = found.map(|posted| Low {
            unit: posted.price,
            by_coupon: false,
            own: posted.own,
            at: second,
        });
        if let Some(low) = found {
            rumours.by_product[parcel.line.product as usize].told += u32::from(!parcel.aware);
            desk.learns(number, low);
        }
        let parcel = &mut desk.parcels.list[number as usize];
        if !parcel.has_ground {
            parcel.heard += 1;
            let parcel = parcel.clone();
            rumours.plan_search(&plot, number, &parcel, second);
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
            if parcel.has_ground || !parcel.is_kept() {
                continue;
            }
            if parcel.unit() > low.unit {
                rumours.by_product[product].told += u32::from(!parcel.aware);
                let low = rumours.lowest_to_complain_of(parcel).unwrap_or(low);
                desk.learns(number, low);
            }
            // Whoever paid as little as anybody, or has nothing to complain of, may hear again, when others have paid less.
            let parcel = &mut desk.parcels.list[number as usize];
            if !parcel.has_ground {
                parcel.heard += 1;
                let parcel = parcel.clone();
                rumours.wait(&plot, number, &parcel);
            }
        }
    }
}
