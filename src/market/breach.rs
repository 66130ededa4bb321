//! Breaches: what in a room's cues is false, whoever may find it (the ground truth). Inspectors find of it what evidence still shows (`aftermath::supervise`);
//! sanctions are true or false by it.

use super::reference::allowed_claim;
use super::rows::Account;
use super::time::{Now, Plot};
use crate::scenario::file::{PromiseScope, Service};
use crate::scenario::{Act, Breach, Cue, Id, Regime, Scenario, Substantiation};
use bevy_ecs::prelude::*;
use std::collections::BTreeSet;

/// Something false that a room does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Violation {
    /// What.
    pub breach: Breach,
    /// Second.
    pub at: f64,
    /// From when it can be seen to be false: a promise from when it is broken.
    pub evident_from: f64,
    /// The product it is about.
    pub product: Option<Id>,
    /// The farm that delivers.
    pub farm: Option<Id>,
}

/// What every room does that is false, in order of time; of the scenario alone, whatever the rules are. With it, who does anything of the kind.
#[derive(Resource, Debug, Default)]
pub struct Violations {
    by_room: Vec<Vec<Violation>>,
    /// Anchors and brands in whose rooms anything false is done.
    dishonest: BTreeSet<Account>,
    promises_broken: u64,
}

impl Violations {
    /// Those of a scenario.
    pub fn of(plot: &Scenario) -> Self {
        let mut found = Self::default();
        for room in &plot.rooms {
            let cues = room.cues.iter();
            let done: Vec<Violation> = cues.filter_map(|cue| violation(plot, cue)).collect();
            if !done.is_empty() {
                found.dishonest.insert(Account::Anchor(room.anchor));
                found
                    .dishonest
                    .extend(room.brands(plot).map(Account::Brand));
            }
            found.by_room.push(done);
        }
        found
    }

    /// Adds what the cues of a room that has just been staged do.
    pub fn add(&mut self, plot: &Scenario, room: Id) {
        let staged = &plot.rooms[room as usize];
        let cues = staged.cues.iter();
        let done: Vec<Violation> = cues.filter_map(|cue| violation(plot, cue)).collect();
        if !done.is_empty() {
            self.is_dishonest(plot, room);
        }
        self.by_room[room as usize].extend(done);
    }

    /// A promise that a room gave is broken by a price that is asked from a second on.
    pub fn promise_broken(&mut self, plot: &Scenario, (room, product): (Id, Id), second: f64) {
        self.is_dishonest(plot, room);
        self.promises_broken += 1;
        self.by_room[room as usize].push(Violation {
            breach: Breach::FalsePromise,
            at: plot.rooms[room as usize].on_air,
            evident_from: second,
            product: Some(product),
            farm: None,
        });
    }

    /// Promises that were broken by what was staged later.
    pub fn promises_broken(&self) -> u64 {
        self.promises_broken
    }

    fn is_dishonest(&mut self, plot: &Scenario, room: Id) {
        let room = &plot.rooms[room as usize];
        self.dishonest.insert(Account::Anchor(room.anchor));
        self.dishonest.extend(room.brands(plot).map(Account::Brand));
    }

    /// Whether an account is that of an anchor or brand that sells in rooms where nothing false is done, whatever the rules are.
    pub fn is_honest_seller(&self, account: Account) -> bool {
        let sells = matches!(account, Account::Anchor(_) | Account::Brand(_));
        sells && !self.dishonest.contains(&account)
    }

    /// Those of a room that a rule in force forbids.
    pub fn forbidden<'a>(
        &'a self,
        regime: &'a Regime,
        room: Id,
    ) -> impl Iterator<Item = &'a Violation> {
        let done = self.by_room[room as usize].iter();
        done.filter(|done| forbids(regime, done.breach) && regime.holds_at(done.at))
    }
}

/// Rooms that have been on air and broke a rule in force.
pub fn rooms_in_breach(world: &World) -> u64 {
    let (plot, now) = (world.resource::<Plot>(), world.resource::<Now>());
    let violations = world.resource::<Violations>();
    let rooms = 0..plot.rooms.len() as Id;
    let breaking = rooms.filter(|room| {
        let done = violations.forbidden(&plot.regime, *room);
        done.into_iter().any(|done| done.at <= now.end)
    });
    breaking.count() as u64
}

/// Whether a regime forbids something.
pub fn forbids(regime: &Regime, breach: Breach) -> bool {
    match breach {
        Breach::FakeViewers => regime.ban_fake_viewers,
        Breach::FakeOrders => regime.ban_fake_orders,
        Breach::FakeReviews => regime.ban_fake_reviews,
        Breach::InflatedReference => regime.claim_substantiation != Substantiation::None,
        Breach::FalsePromise => regime.false_promise_is_fraud || regime.price_promise_enforceable,
        Breach::RefusedRedress | Breach::DeletedReplay => true,
    }
}

/// Whether a cue deceives those who see it: what it shows or says is false, bought or staged.
pub fn deceives(plot: &Scenario, cue: &Cue) -> bool {
    let staged = match cue.act {
        Act::StagedQuarrel { .. } | Act::Misbid { .. } | Act::FarmCoupons { .. } => true,
        Act::Excite { staged, .. } => staged,
        Act::Subsidy { real, .. } => !real,
        Act::Countdown { genuine, .. } => !genuine,
        Act::WrongQuantity {
            extra_units,
            delivered_units,
            ..
        } => delivered_units < extra_units,
        Act::OpenLink {
            stock, shown_stock, ..
        } => shown_stock.is_some_and(|shown| shown < stock),
        _ => false,
    };
    staged || violation(plot, cue).is_some()
}

fn violation(plot: &Scenario, cue: &Cue) -> Option<Violation> {
    let mut evident_from = cue.at;
    let (breach, farm) = match cue.act {
        Act::Buy { service, farm, .. } => match service {
            Service::Likes | Service::Comments => (Breach::FakeReviews, Some(farm)),
            Service::Views | Service::Follows | Service::CartClicks => {
                (Breach::FakeViewers, Some(farm))
            }
        },
        Act::BrushOrders { farm, .. } => (Breach::FakeOrders, Some(farm)),
        Act::ShoutOrders { .. } | Act::ClaimSales { .. } => (Breach::FakeOrders, None),
        Act::ClaimPrice { product, price } if price > allowed_claim(plot, product, cue.at) => {
            (Breach::InflatedReference, None)
        }
        Act::Promise {
            product,
            price,
            until,
            scope,
            undercut_from,
            ..
        } => {
            let scheduled =
                price.and_then(|price| broken_from(plot, product, price, (cue.at, until), scope));
            let broken = undercut_from.into_iter().chain(scheduled);
            evident_from = broken.reduce(f64::min)?.max(cue.at);
            (Breach::FalsePromise, None)
        }
        _ => return None,
    };
    Some(Violation {
        breach,
        at: cue.at,
        evident_from,
        product: cue.act.product(),
        farm,
    })
}

/// From when something that is scheduled sells the product below a promised price while the promise holds (`window`): stores of the brand, any room,
/// and, beyond the scope of the brand, whoever sells it elsewhere.
pub(super) fn broken_from(
    plot: &Scenario,
    product: Id,
    promised: f64,
    (since, until): (f64, f64),
    scope: PromiseScope,
) -> Option<f64> {
    let below = |price: f64| price < promised - 0.005;
    let stores = plot.own_store_prices.iter().filter(|later| {
        later.product == product && below(later.price) && later.from < until && later.until > since
    });
    let rooms = plot.scheduled_prices[product as usize].iter();
    let rooms = rooms.filter(|(at, price)| *at > since && *at < until && below(*price));
    // A product has one brand, so every room that sells it sells for that brand: both scopes see the same rooms.
    let elsewhere =
        scope != PromiseScope::Brand && below(plot.products[product as usize].market_price);
    let times = stores.map(|later| later.from.max(since));
    let times = times.chain(rooms.map(|(at, _)| *at));
    times.chain(elsewhere.then_some(since)).reduce(f64::min)
}
