//! Herding rooms by hand, to the letter: plain columns and rayon, and a draw for everybody at every tick, many side by side. The ceiling for
//! programs that touch everyone every tick. Its draws are keyed by (consumer, tick), so it agrees with the others in law, not in totals.

use super::law::{
    Changes, Herding, LEAVE, OUTSIDE, Setting, Totals, bound, buying, segment, together,
};
use super::strategy::Anchors;
use rayon::prelude::*;
use yellowcart::draws::{Draws, Identity, LANES, Mechanism, identity_of_pair};

/// Consumers that one task takes.
const CHUNK: usize = 8_192;

/// Everything there is.
pub struct EveryTick {
    place: Vec<u16>,
    /// Identity of the group in which consumers are counted.
    key: Identity,
    draws: Draws,
    enter: u32,
    now: u32,
    totals: Totals,
    anchors: Option<Anchors>,
}

impl EveryTick {
    /// Everybody outside.
    pub fn new(setting: &Setting) -> Self {
        Self {
            place: vec![OUTSIDE; setting.consumers as usize],
            key: segment(),
            draws: Draws::new(setting.seed),
            enter: bound(setting.enter),
            now: 0,
            totals: Totals::none(setting.rooms()),
            anchors: Anchors::of(setting),
        }
    }
}

/// What everybody sees.
struct Board {
    key: Identity,
    draws: Draws,
    enter: u32,
    now: u32,
    /// Sums of 1 + viewers up to each room.
    sums: Vec<f64>,
    /// Bounds on a word: buys, leaves.
    terms: Vec<(u32, u32)>,
}

impl Board {
    fn act(&self, first: usize, places: &mut [u16], changes: &mut Changes) {
        for (group, places) in places.chunks_mut(LANES).enumerate() {
            let keys = std::array::from_fn(|lane| {
                identity_of_pair(self.key, (first + group * LANES + lane) as u64)
            });
            let words = self
                .draws
                .at_each(Mechanism::Reference, &keys, &[self.now; LANES]);
            for (place, words) in places.iter_mut().zip(words) {
                if *place == OUTSIDE {
                    if words.0[0] < self.enter {
                        let room = self.room(words.uniform(1));
                        *place = room as u16;
                        changes.0[room] += 1;
                    }
                    continue;
                }
                let room = usize::from(*place);
                let (buys, leaves) = self.terms[room];
                if words.0[0] < buys {
                    changes.1[room] += 1;
                } else if words.0[0] < leaves {
                    *place = OUTSIDE;
                    changes.0[room] -= 1;
                }
            }
        }
    }

    /// The room whose sum a uniform falls under.
    fn room(&self, uniform: f64) -> usize {
        let all = self.sums[self.sums.len() - 1];
        let room = self.sums.partition_point(|sum| *sum <= uniform * all);
        room.min(self.sums.len() - 1)
    }
}

impl Herding for EveryTick {
    fn tick(&mut self) {
        if let Some(anchors) = &mut self.anchors {
            anchors.begin_tick(u64::from(self.now), &mut self.totals);
        }
        let mut sum = 0.0;
        let sums = self.totals.displayed().map(|viewers| {
            sum += 1.0 + viewers as f64;
            sum
        });
        let orders = self.totals.orders.iter().enumerate();
        let board = Board {
            key: self.key,
            draws: self.draws,
            enter: self.enter,
            now: self.now,
            sums: sums.collect(),
            terms: orders
                .map(|(room, orders)| {
                    let buys = buying(room, *orders);
                    (bound(buys), bound(buys + (1.0 - buys) * LEAVE))
                })
                .collect(),
        };
        let none = || self.totals.unchanged();
        let changes = self
            .place
            .par_chunks_mut(CHUNK)
            .enumerate()
            .fold(none, |mut changes, (chunk, places)| {
                board.act(chunk * CHUNK, places, &mut changes);
                changes
            })
            .reduce(none, together);
        self.totals.take_in(changes);
        self.now += 1;
    }

    fn totals(&mut self) -> Totals {
        self.totals.clone()
    }
}
