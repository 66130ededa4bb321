//! Strategy in herding rooms: what each room's anchor does in an evening, and what it learns from it.
//!
//! An evening is [`EVENING`] ticks. As it begins every anchor chooses how many viewers to buy, none, some or many, by logit choice over what it
//! expects of each, its attractions, nought at first. Bought viewers stand on display beside the true ones all evening. Once it is over an
//! anchor's pay-off is its commission on the evening's orders, less the price of what it bought, less a fine where it bought and an
//! inspection came. Its attraction of what it did moves a step towards that; then, for everything that anybody did, the attractions of
//! all anchors move a smaller step towards the mean pay-off of those who did it. Then the next evening begins.

use super::law::{Setting, Totals, price, room_key};
use bevy_ecs::prelude::{Component, Resource};
use yellowcart::draws::{Draws, Identity, Mechanism, Words};

/// Ticks in an evening.
pub const EVENING: u64 = 10;

/// Viewers that each action buys.
const BOUGHT: [u64; 3] = [0, 300, 1_000];

/// The anchor's share of a price.
const COMMISSION: f64 = 0.2;

/// Price of a bought viewer for an evening, hundreds of yuan as everything here.
const BOT: f64 = 0.01;

/// Probability that somebody looks closely at a room in an evening.
const INSPECTED: f64 = 0.1;

/// Fine for bought viewers that were found.
const FINE: f64 = 60.0;

/// Step of an attraction towards the anchor's own pay-off.
const OWN_STEP: f64 = 0.3;

/// Step of an attraction towards the mean pay-off of all who did the same.
const OTHERS_STEP: f64 = 0.1;

/// How much choice goes by attractions.
const PRECISION: f64 = 0.15;

/// Attractions or pay-offs, by action.
type ByAction = [f64; BOUGHT.len()];

/// Who runs a room: what it does this evening, and what it expects of each action.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct Anchor {
    attractions: ByAction,
    action: usize,
    /// Orders of its room as the evening began.
    orders: u64,
}

/// What an evening came to: by action, the sum of pay-offs and how many acted so. Summed room by room in order, so that it has the same bits
/// everywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen([(f64, u32); BOUGHT.len()]);

impl Anchor {
    /// Viewers that it has on display for this evening's money.
    pub fn bought(&self) -> u64 {
        BOUGHT[self.action]
    }

    /// The evening's pay-off, from the orders of its room so far.
    fn pay_off(&self, room: usize, orders: u64, inspection: f64) -> f64 {
        let commission = COMMISSION * price(room) * (orders - self.orders) as f64;
        let is_fined = self.action > 0 && inspection < INSPECTED;
        let fine = if is_fined { FINE } else { 0.0 };
        commission - BOT * self.bought() as f64 - fine
    }

    fn move_attraction(&mut self, action: usize, pay_off: f64, step: f64) {
        self.attractions[action] += step * (pay_off - self.attractions[action]);
    }

    fn learn_from(&mut self, seen: &Seen) {
        for (action, (sum, count)) in seen.0.into_iter().enumerate() {
            if count > 0 {
                self.move_attraction(action, sum / f64::from(count), OTHERS_STEP);
            }
        }
    }

    /// Logit choice by one uniform.
    fn choose(&mut self, uniform: f64) {
        let most = self.attractions.into_iter().fold(f64::MIN, f64::max);
        let mut sum = 0.0;
        let sums = self.attractions.map(|attraction| {
            sum += libm::exp(PRECISION * (attraction - most));
            sum
        });
        let action = sums.partition_point(|part| *part <= uniform * sum);
        self.action = action.min(BOUGHT.len() - 1);
    }
}

/// Whose draws anchors use.
#[derive(Resource)]
pub struct Strategy {
    draws: Draws,
    keys: Vec<Identity>,
}

impl Strategy {
    /// That of a setting, if anchors have any in it.
    pub fn of(setting: &Setting) -> Option<Self> {
        setting.strategy.then(|| Self {
            draws: Draws::new(setting.seed),
            keys: (0..setting.rooms()).map(room_key).collect(),
        })
    }

    /// The evening that begins with a tick, from nought.
    pub fn evening_at(tick: u64) -> Option<u32> {
        tick.is_multiple_of(EVENING)
            .then_some((tick / EVENING) as u32)
    }

    /// An anchor's draws for an evening: what to do, and whether it is inspected.
    fn words(&self, evening: u32, room: usize) -> Words {
        self.draws
            .at(Mechanism::Reference, self.keys[room], evening)
    }

    /// Before an evening begins: an anchor takes stock of the last, if there was one, and lets others see it.
    pub fn look_back(
        &self,
        evening: u32,
        (room, orders): (usize, u64),
        anchor: &mut Anchor,
        seen: &mut Seen,
    ) {
        if let Some(last) = evening.checked_sub(1) {
            let inspection = self.words(last, room).uniform(1);
            let pay_off = anchor.pay_off(room, orders, inspection);
            anchor.move_attraction(anchor.action, pay_off, OWN_STEP);
            seen.0[anchor.action].0 += pay_off;
            seen.0[anchor.action].1 += 1;
        }
        anchor.orders = orders;
    }

    /// When all have looked back: an anchor learns from the others, and chooses what to do in the evening that begins.
    pub fn begin(&self, evening: u32, room: usize, anchor: &mut Anchor, seen: &Seen) {
        anchor.learn_from(seen);
        anchor.choose(self.words(evening, room).uniform(0));
    }
}

/// The anchors of all rooms as a plain column, for those who have no world to keep them in.
pub struct Anchors {
    strategy: Strategy,
    anchors: Vec<Anchor>,
}

impl Anchors {
    /// Those of a setting, if they have a strategy in it.
    pub fn of(setting: &Setting) -> Option<Self> {
        Strategy::of(setting).map(|strategy| Self {
            strategy,
            anchors: vec![Anchor::default(); setting.rooms()],
        })
    }

    /// A tick begins, and maybe an evening: viewers are bought.
    pub fn begin_tick(&mut self, tick: u64, totals: &mut Totals) {
        let Some(evening) = Strategy::evening_at(tick) else {
            return;
        };
        let mut seen = Seen::default();
        let rooms = self.anchors.iter_mut().zip(&totals.orders).enumerate();
        for (room, (anchor, orders)) in rooms {
            self.strategy
                .look_back(evening, (room, *orders), anchor, &mut seen);
        }
        let rooms = self.anchors.iter_mut().zip(&mut totals.bought).enumerate();
        for (room, (anchor, bought)) in rooms {
            self.strategy.begin(evening, room, anchor, &seen);
            *bought = anchor.bought();
        }
    }
}
