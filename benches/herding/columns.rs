//! Herding rooms by hand, with the same draws as on Yellowcart's world: plain columns and rayon, and everybody asked at every tick whether
//! its time has come. What a careful programmer would write without a calendar.

use super::law::{
    Changes, Deed, Herding, OUTSIDE, Setting, Terms, Totals, Waits, deed, room_key, segment,
    together,
};
use super::strategy::Anchors;
use rayon::prelude::*;
use yellowcart::draws::{Draws, Identity, LANES, Mechanism, identity_of_pair};
use yellowcart::market::ExposureTree;

/// Consumers that one task takes.
const CHUNK: usize = 8_192;

/// Everything there is.
pub struct Columns {
    place: Vec<u16>,
    /// Tick of the next event.
    due: Vec<u32>,
    /// Events so far.
    events: Vec<u32>,
    /// Identity of the group in which consumers are counted.
    key: Identity,
    draws: Draws,
    waits: Waits,
    tree: ExposureTree,
    now: u32,
    totals: Totals,
    anchors: Option<Anchors>,
}

impl Columns {
    /// Everybody outside.
    pub fn new(setting: &Setting) -> Self {
        let keys: Vec<u64> = (0..setting.rooms()).map(room_key).collect();
        let count = setting.consumers as usize;
        let mut herd = Self {
            place: vec![OUTSIDE; count],
            due: vec![0; count],
            events: vec![0; count],
            key: segment(),
            draws: Draws::new(setting.seed),
            waits: Waits::of(setting),
            tree: ExposureTree::new(&keys),
            now: 0,
            totals: Totals::none(setting.rooms()),
            anchors: Anchors::of(setting),
        };
        for index in 0..count {
            let words = herd.draws.at(
                Mechanism::Reference,
                identity_of_pair(herd.key, index as u64),
                0,
            );
            let wait = herd.waits.outside.wait(words.0[0]);
            herd.due[index] = wait - 1;
        }
        herd
    }
}

/// A task's part of the columns.
struct Part<'a> {
    first: usize,
    place: &'a mut [u16],
    due: &'a mut [u32],
    events: &'a mut [u32],
}

/// What a task needs beside its part.
struct Board<'a> {
    key: Identity,
    draws: Draws,
    waits: &'a Waits,
    tree: &'a ExposureTree,
    terms: &'a [Terms],
    now: u32,
}

impl Board<'_> {
    /// Asks everybody; those whose time has come act, as many side by side as draws have lanes.
    fn ask(&self, part: &mut Part, changes: &mut Changes) {
        let (mut entering, mut others) = (Vec::with_capacity(CHUNK), Vec::with_capacity(CHUNK));
        for row in 0..part.place.len() {
            if part.due[row] == self.now {
                let list = if part.place[row] == OUTSIDE {
                    &mut entering
                } else {
                    &mut others
                };
                list.push(row);
            }
        }
        for rows in entering.chunks(LANES) {
            self.enter(part, rows, changes);
        }
        for rows in others.chunks(LANES) {
            self.act(part, rows, changes);
        }
    }

    fn events(&self, part: &Part, rows: &[usize]) -> ([Identity; LANES], [u32; LANES]) {
        let (mut keys, mut numbers) = ([0; LANES], [0; LANES]);
        for (lane, row) in rows.iter().enumerate() {
            keys[lane] = identity_of_pair(self.key, (part.first + row) as u64);
            numbers[lane] = part.events[*row] + 1;
        }
        (keys, numbers)
    }

    fn enter(&self, part: &mut Part, rows: &[usize], changes: &mut Changes) {
        let (keys, numbers) = self.events(part, rows);
        let words = self.draws.columns(Mechanism::Reference, &keys, &numbers);
        let rooms = self
            .tree
            .choose_each(self.draws, Mechanism::RoomChoice, &keys, &numbers);
        for (lane, row) in rows.iter().enumerate() {
            let room = rooms[lane].expect("every room has weight");
            changes.0[room] += 1;
            part.place[*row] = room as u16;
            let wait = self.waits.inside.wait(words[0][lane]);
            part.due[*row] = self.now + wait;
            part.events[*row] = numbers[lane];
        }
    }

    fn act(&self, part: &mut Part, rows: &[usize], changes: &mut Changes) {
        let (keys, numbers) = self.events(part, rows);
        let words = self.draws.columns(Mechanism::Reference, &keys, &numbers);
        for (lane, row) in rows.iter().enumerate() {
            let row = *row;
            let room = usize::from(part.place[row]);
            match deed(words[1][lane], self.terms[room]) {
                Deed::Buys => changes.1[room] += 1,
                Deed::Leaves => {
                    part.place[row] = OUTSIDE;
                    changes.0[room] -= 1;
                }
                Deed::Nothing => {}
            }
            let wait = self.waits.at(part.place[row]).wait(words[0][lane]);
            part.due[row] = self.now + wait;
            part.events[row] = numbers[lane];
        }
    }
}

impl Herding for Columns {
    fn tick(&mut self) {
        if let Some(anchors) = &mut self.anchors {
            anchors.begin_tick(u64::from(self.now), &mut self.totals);
        }
        for (room, viewers) in self.totals.displayed().enumerate() {
            self.tree.set(room, 1.0 + viewers as f64);
        }
        self.tree.refresh();
        let orders = self.totals.orders.iter().enumerate();
        let terms: Vec<Terms> = orders
            .map(|(room, count)| Terms::of(room, *count))
            .collect();
        let board = Board {
            key: self.key,
            draws: self.draws,
            waits: &self.waits,
            tree: &self.tree,
            terms: &terms,
            now: self.now,
        };
        let none = || self.totals.unchanged();
        let changes = self
            .place
            .par_chunks_mut(CHUNK)
            .zip(self.due.par_chunks_mut(CHUNK))
            .zip(self.events.par_chunks_mut(CHUNK))
            .enumerate()
            .fold(none, |mut changes, (chunk, ((place, due), events))| {
                let mut part = Part {
                    first: chunk * CHUNK,
                    place,
                    due,
                    events,
                };
                board.ask(&mut part, &mut changes);
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
