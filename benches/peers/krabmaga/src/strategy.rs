//! Strategy in herding rooms: the anchors of all rooms, kept in the simulation's state as the rooms are. When an evening begins they look back on
//! the last one, learn from each other, and choose how many viewers to buy.

use crate::model::price;
use krabmaga::rand::Rng;
use krabmaga::rand_pcg::Pcg64Mcg;

/// Ticks in an evening.
pub const EVENING: u64 = 10;
/// Viewers, by action.
const BOUGHT: [u64; 3] = [0, 300, 1_000];
/// Of a price.
const COMMISSION: f64 = 0.2;
/// Price of a bought viewer for an evening, hundreds of yuan as everything here.
const BOT: f64 = 0.01;
/// Probability, of an evening in a room.
const INSPECTED: f64 = 0.1;
const FINE: f64 = 60.0;
const OWN_STEP: f64 = 0.3;
const OTHERS_STEP: f64 = 0.1;
const PRECISION: f64 = 0.15;

/// Who runs a room.
#[derive(Clone, Copy, Default)]
pub struct Anchor {
    attractions: [f64; 3],
    action: usize,
    /// Orders of its room as the evening began.
    orders: u64,
}

impl Anchor {
    pub fn bought(&self) -> u64 {
        BOUGHT[self.action]
    }

    fn pay_off(&self, room: usize, orders: u64, random: &mut Pcg64Mcg) -> f64 {
        let commission = COMMISSION * price(room) * (orders - self.orders) as f64;
        let is_fined = self.action > 0 && random.random::<f64>() < INSPECTED;
        let fine = if is_fined { FINE } else { 0.0 };
        commission - BOT * self.bought() as f64 - fine
    }

    fn move_attraction(&mut self, action: usize, pay_off: f64, step: f64) {
        self.attractions[action] += step * (pay_off - self.attractions[action]);
    }

    fn choose(&mut self, random: &mut Pcg64Mcg) {
        let most = self.attractions.into_iter().fold(f64::MIN, f64::max);
        let weights = self.attractions.map(|a| (PRECISION * (a - most)).exp());
        let mut draw = random.random::<f64>() * weights.iter().sum::<f64>();
        self.action = 0;
        while self.action < 2 && draw >= weights[self.action] {
            draw -= weights[self.action];
            self.action += 1;
        }
    }
}

/// An evening begins; those before it have come to these orders.
pub fn begin_evening(anchors: &mut [Anchor], orders: &[u64], first: bool, random: &mut Pcg64Mcg) {
    let mut seen = [(0.0, 0_u32); 3];
    for (room, anchor) in anchors.iter_mut().enumerate().filter(|_| !first) {
        let pay_off = anchor.pay_off(room, orders[room], random);
        anchor.move_attraction(anchor.action, pay_off, OWN_STEP);
        seen[anchor.action].0 += pay_off;
        seen[anchor.action].1 += 1;
    }
    for (anchor, orders) in anchors.iter_mut().zip(orders) {
        for (action, (sum, count)) in seen.into_iter().enumerate() {
            if count > 0 {
                anchor.move_attraction(action, sum / f64::from(count), OTHERS_STEP);
            }
        }
        anchor.choose(random);
        anchor.orders = *orders;
    }
}
