//! Errands: whoever was given a coupon goes to the shelf with it before it ends, or forgets (MODEL section 7).
//!
//! At its errand somebody weighs what the coupon is for, needs and has not ordered yet, without any display, and buys the best of it, if that is
//! worth its price with the coupon. Whoever owes the balance of a presale that the coupon is for may pay that instead.

use super::aftermath::Told;
use super::balance::{Balances, pay_with_coupon};
use super::bargain::Purchase;
use super::calendar::{Calendar, Due};
use super::decide::value_and_threshold;
use super::population::{Traits, needs};
use super::register::{Buyer, FromShelf, Register};
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Somebody who will go to the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Errand {
    time: f64,
    coupon: Id,
    room: Id,
    key: Identity,
    buyer: Buyer,
}

impl Due for Errand {
    fn time(&self) -> f64 {
        self.time
    }
}

/// Errands to come.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Errands(Calendar<Errand>);

impl Errands {
    /// The second of the next errand.
    pub fn next_event(&self) -> Option<f64> {
        self.0.next_event()
    }

    /// Somebody was given a coupon in a room.
    pub fn plan(
        &mut self,
        plot: &Scenario,
        (room, coupon, time): (Id, Id, f64),
        key: Identity,
        buyer: Buyer,
    ) {
        let pair = identity_of_pair(key, plot.coupon_ways[coupon as usize].key);
        let words = Draws::new(plot.seed).at(Mechanism::Errand, pair, 0);
        let wait = 3_600.0 * plot.behaviour.errand_hours * words.exponential(0);
        let time = time + wait;
        let window = plot.campaign.coupons[coupon as usize].window;
        if time >= window.until as f64 || time >= plot.clock.end {
            return;
        }
        let errand = Errand {
            time: time.max(window.from as f64),
            coupon,
            room,
            key,
            buyer,
        };
        self.0.enter(errand, plot.clock.tick, 0);
    }
}

/// Lets everybody whose time has come go to the shelf.
pub fn run_errands(
    mut errands: ResMut<Errands>,
    mut balances: ResMut<Balances>,
    mut register: Register,
) {
    let tick = register.now.tick;
    for errand in errands.0.take_due(tick) {
        run(&errand, &mut balances, &mut register);
    }
}

fn run(errand: &Errand, balances: &mut Balances, register: &mut Register) {
    let memory = register.memory_of(errand.buyer.consumer);
    if pay_with_coupon(
        balances,
        register,
        memory,
        &errand.buyer,
        errand.coupon,
        errand.time,
    ) {
        return;
    }
    let plot = register.plot.clone();
    let budget = register.budget_of(&errand.buyer, memory);
    let mut best: Option<(f64, u32, Purchase)> = None;
    for (index, posted) in plot.shelf() {
        let line = plot.campaign.line(posted, 1);
        let second = errand.time as i64;
        let coupon = &plot.campaign.coupons[errand.coupon as usize];
        let open = posted.window.holds(second) && posted.deposit == Fen::ZERO;
        if !open || !coupon.covers(&line) || !register.shelf.has(index, 1) {
            continue;
        }
        let Some(worth) = worth_of(register, errand, memory, line.product) else {
            continue;
        };
        let within = (errand.time, budget);
        let purchase = register.bargain_within((line, Some(index)), &errand.buyer, memory, within);
        let uses_it = purchase.coupons().any(|used| used == errand.coupon);
        if !uses_it || purchase.quote.total.yuan() > f64::from(budget) {
            continue;
        }
        let surplus = worth - purchase.net.yuan();
        if surplus > best.as_ref().map_or(0.0, |(best, ..)| *best) {
            best = Some((surplus, index as u32, purchase));
        }
    }
    let Some((_, posted, purchase)) = best else {
        return;
    };
    let product = purchase.basket.0[0].product;
    let worth = worth_of(register, errand, memory, product).unwrap_or_default();
    let told = Told {
        surplus: worth + plot.products[product as usize].freight,
        ..Told::default()
    };
    let at = (errand.room, errand.time);
    register.buy_from_shelf(
        &errand.buyer,
        memory,
        (posted, purchase),
        at,
        FromShelf::Errand,
        (errand.key, told),
    );
}

/// What a product is worth to somebody beyond what it needs to be worth, freight taken off; `None`: it does not need one, or has one.
fn worth_of(register: &Register, errand: &Errand, memory: u32, product: Id) -> Option<f64> {
    let plot = &register.plot;
    let draws = Draws::new(plot.seed);
    let about = &plot.products[product as usize];
    let segment = &plot.population.segments[errand.buyer.segment as usize];
    let category = about.category as usize;
    let wanted = needs(
        segment,
        category,
        plot.categories[category].key,
        errand.key,
        draws,
    );
    if !wanted || register.memories.units_ordered(memory, product) > 0 {
        return None;
    }
    let traits = Traits::of(&segment.traits, errand.key, draws);
    let scale = traits.taste_scale as f32;
    let (value, threshold) = value_and_threshold(plot, draws, errand.key, product, scale);
    Some(value - threshold - about.freight)
}
