//! Herding rooms in krABMaga: an agent a consumer, repeating in the schedule, and the rooms in the simulation's state.
//!
//! The state works out the display once a tick, in `before_step`, and agents act on it; orders and viewers are counted beside it, so the order in
//! which the schedule calls them does not matter. Draws come from a generator of the crate's own dependency `rand_pcg`, kept in the state:
//! faster than the thread's generator that its examples use, and seeded. The crate's `parallel` feature is not used: it holds one lock on
//! the whole state while an agent steps, so a second thread only waits.

use crate::strategy::{Anchor, EVENING, begin_evening};
use krabmaga::engine::{agent::Agent, schedule::Schedule, state::State};
use krabmaga::rand::{Rng, SeedableRng};
use krabmaga::rand_pcg::Pcg64Mcg;
use std::any::Any;

const ENTER: f64 = 0.02;
const LEAVE: f64 = 0.05;

/// Price in a room.
pub fn price(room: usize) -> f64 {
    0.8 + 0.1 * (room % 5) as f64
}

/// Somebody, in a room or outside.
#[derive(Clone, Copy)]
struct Consumer {
    room: Option<u32>,
}

impl Agent for Consumer {
    fn step(&mut self, state: &mut dyn State) {
        let market: &mut Market = state.as_any_mut().downcast_mut().expect("the market");
        let luck: f64 = market.random.random();
        match self.room.map(|room| room as usize) {
            None if luck < ENTER => {
                let all = market.weights[market.weights.len() - 1];
                let draw = market.random.random::<f64>() * all;
                let room = market.weights.partition_point(|weight| *weight <= draw);
                market.viewers[room] += 1;
                self.room = Some(room as u32);
            }
            Some(room) if luck < market.buys_below[room] => market.orders[room] += 1,
            Some(room) if luck < market.acts_below[room] => {
                market.viewers[room] -= 1;
                self.room = None;
            }
            _ => {}
        }
    }
}

/// The rooms, and what is on display in them.
pub struct Market {
    consumers: u64,
    seed: u64,
    strategy: bool,
    ticks: u64,
    random: Pcg64Mcg,
    pub viewers: Vec<u64>,
    pub orders: Vec<u64>,
    anchors: Vec<Anchor>,
    weights: Vec<f64>,
    buys_below: Vec<f64>,
    acts_below: Vec<f64>,
}

impl Market {
    pub fn new(consumers: u64, seed: u64, strategy: bool) -> Self {
        let rooms = (consumers / 5_000).max(1) as usize;
        Self {
            consumers,
            seed,
            strategy,
            ticks: 0,
            random: Pcg64Mcg::seed_from_u64(seed),
            viewers: vec![0; rooms],
            orders: vec![0; rooms],
            anchors: vec![Anchor::default(); rooms],
            weights: vec![0.0; rooms],
            buys_below: vec![0.0; rooms],
            acts_below: vec![0.0; rooms],
        }
    }

    /// Viewers that anchors have bought for the evening.
    pub fn bought(&self) -> impl Iterator<Item = u64> {
        self.anchors.iter().map(Anchor::bought)
    }

    /// Works out what is on display.
    fn show(&mut self) {
        let mut sum = 0.0;
        for room in 0..self.viewers.len() {
            sum += 1.0 + (self.viewers[room] + self.anchors[room].bought()) as f64;
            self.weights[room] = sum;
            let liking = -3.5 + 0.1 * (self.orders[room] as f64 / 100.0).ln_1p() - price(room);
            let buying = 1.0 / (1.0 + (-liking).exp());
            self.buys_below[room] = buying;
            self.acts_below[room] = buying + (1.0 - buying) * LEAVE;
        }
    }
}

impl State for Market {
    fn init(&mut self, schedule: &mut Schedule) {
        for _ in 0..self.consumers {
            schedule.schedule_repeating(Box::new(Consumer { room: None }), 0.0, 0);
        }
    }

    fn reset(&mut self) {
        *self = Self::new(self.consumers, self.seed, self.strategy);
    }

    fn before_step(&mut self, _schedule: &mut Schedule) {
        if self.strategy && self.ticks.is_multiple_of(EVENING) {
            let first = self.ticks == 0;
            begin_evening(&mut self.anchors, &self.orders, first, &mut self.random);
        }
        self.ticks += 1;
        self.show();
    }

    /// Nothing: it is called after the last tick too, when no evening begins.
    fn update(&mut self, _step: u64) {}

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
}
