//! Errands: whoever was given a coupon goes to the shelf with it before it ends, or forgets (MODEL section 7); and ordinary shoppers, a share of those
//! in need, look there once in the campaign without any room.
//!
//! At its errand somebody weighs what the coupon is for, needs and has not ordered yet, without any display, and buys the best of it, if that is
//! worth its price with the coupon. Whoever owes the balance of a presale that the coupon is for may pay that instead.

use super::aftermath::Told;
use super::balance::{Balances, pay_with_coupon};
use super::bargain::Purchase;
use super::calendar::{Calendar, Due};
use super::decide::value_and_threshold;
use super::population::{Census, ConsumerId, Traits, needs};
use super::register::{Buyer, FromShelf, Register};
use super::rows::NO_ROOM;
use super::wallet::{Known, Skill};
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Somebody who will go to the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Errand {
    time: f64,
    /// The coupon that it was given; `None`: an ordinary shopper.
    coupon: Option<Id>,
    /// The room where it was given one; [`NO_ROOM`] for an ordinary shopper.
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
            coupon: Some(coupon),
            room,
            key,
            buyer,
        };
        self.0.enter(errand, plot.clock.tick, 0);
    }

    /// Plans the ordinary shopping of the whole campaign: everybody in need of something on the shelf goes there once, or not, by one draw.
    pub fn plan_ordinary(&mut self, plot: &Scenario, census: &Census, known: &Known) {
        let share = plot.aftermath.ordinary_shoppers;
        let mut categories: Vec<Id> = plot
            .shelf()
            .map(|(_, posted)| plot.products[posted.product as usize].category)
            .collect();
        categories.sort_unstable();
        categories.dedup();
        if share <= 0.0 || categories.is_empty() {
            return;
        }
        let draws = Draws::new(plot.seed);
        for consumer in 0..census.consumers as ConsumerId {
            let key = census.key_of(consumer);
            let words = draws.at(Mechanism::OrdinaryShopping, key, 0);
            if words.uniform(0) >= share {
                continue;
            }
            let (segment, _) = census.segment_of(consumer);
            let about = &plot.population.segments[segment as usize];
            let in_need = categories.iter().any(|category| {
                let (index, name) = (*category as usize, &plot.categories[*category as usize]);
                needs(about, index, name.key, key, draws)
            });
            if in_need {
                let traits = Traits::of(&about.traits, key, draws);
                let buyer = Buyer {
                    consumer,
                    segment,
                    vulnerable: traits.vulnerable,
                    skill: Skill::of(traits.literacy, &plot.behaviour),
                    aware: known.count(plot, draws, key) as u8,
                };
                let errand = Errand {
                    time: words.uniform(1) * plot.clock.end,
                    coupon: None,
                    room: NO_ROOM,
                    key,
                    buyer,
                };
                self.0.enter(errand, plot.clock.tick, 0);
            }
        }
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
    if let Some(coupon) = errand.coupon
        && pay_with_coupon(
            balances,
            register,
            memory,
            &errand.buyer,
            coupon,
            errand.time,
        )
    {
        return;
    }
    let plot = register.plot.clone();
    let budget = register.budget_of(&errand.buyer, memory);
    let mut best: Option<(f64, u32, Purchase)> = None;
    for (index, posted) in plot.shelf() {
        let line = plot.campaign.line(posted, 1);
        let second = errand.time as i64;
        let covered = errand
            .coupon
            .is_none_or(|coupon| plot.campaign.coupons[coupon as usize].covers(&line));
        let open = posted.window.holds(second) && posted.deposit == Fen::ZERO;
        if !open || !covered || !register.shelf.has(index, 1) {
            continue;
        }
        let Some(worth) = worth_of(register, errand, memory, line.product) else {
            continue;
        };
        let within = (errand.time, budget);
        let purchase = register.bargain_within((line, Some(index)), &errand.buyer, memory, within);
        let uses_it = errand
            .coupon
            .is_none_or(|coupon| purchase.coupons().any(|used| used == coupon));
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
    if !wanted || register.memories.units_ordered(memory, product, 1) > 0 {
        return None;
    }
    let traits = Traits::of(&segment.traits, errand.key, draws);
    let scale = traits.taste_scale as f32;
    let (value, threshold) = value_and_threshold(plot, draws, errand.key, product, scale);
    Some(value - threshold - about.freight)
}
