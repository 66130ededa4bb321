//! Herding rooms: a small reference market, and what all its implementations share.
//!
//! N consumers, N / 5000 rooms, ticks. At each tick everybody acts on what is on display, the viewers V and orders O of each room at the
//! tick's start. Whoever is outside enters with probability `enter` a room drawn in proportion to 1 + V. Whoever is inside buys with
//! probability p = logistic(-3.5 + 0.1 ln(1 + O / 100) - price), and stays; who does not buy leaves with probability 0.05. With strategy
//! (`strategy`) V is what anchors put on display: true viewers, and those that they have bought for the evening.
//!
//! The same law as events: nothing can happen to somebody inside at a tick with probability (1 - 0.05)(1 - p'), where p' = 0.025 bounds p, so the
//! waiting time to the next tick in which something can happen is geometric, and what happens then is drawn against p (thinning). Outside
//! the waiting time to entry is geometric too. So one keyed draw serves an event, and nobody is asked in a tick in which nothing can
//! happen to it.

use yellowcart::draws::{Identity, identity_of_name, logistic};

/// Probability of leaving at a tick, for whoever does not buy.
pub const LEAVE: f64 = 0.05;

/// Bound on the probability of buying at a tick: log orders grow too slowly to reach it within a run, and that is checked.
const MOST: f64 = 0.025;

/// Consumers per room.
pub const PER_ROOM: u64 = 5_000;

/// Where somebody is who is in no room.
pub const OUTSIDE: u16 = u16::MAX;

/// What a run is made of.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// How many consumers.
    pub consumers: u64,
    /// Seed of all draws.
    pub seed: u64,
    /// Probability of entering at a tick.
    pub enter: f64,
    /// Whether anchors buy viewers and learn what pays.
    pub strategy: bool,
}

impl Setting {
    /// How many rooms: below [`OUTSIDE`].
    pub fn rooms(&self) -> usize {
        let rooms = (self.consumers / PER_ROOM).max(1) as usize;
        assert!(rooms < usize::from(OUTSIDE), "at most {OUTSIDE} rooms");
        rooms
    }
}

/// Stable identity of a room.
pub fn room_key(room: usize) -> Identity {
    identity_of_name(&format!("room {room}"))
}

/// Price in a room, hundreds of yuan.
pub fn price(room: usize) -> f64 {
    0.8 + 0.1 * (room % 5) as f64
}

/// Probability of buying at a tick in a room with these orders.
pub fn buying(room: usize, orders: u64) -> f64 {
    logistic(-3.5 + 0.1 * libm::log1p(orders as f64 / 100.0) - price(room))
}

/// The stable identity of the market's one segment, in which consumers are counted.
pub fn segment() -> Identity {
    identity_of_name("segment all")
}

/// What everybody meets in a room at a tick, as bounds on a 32-bit word: below the first it buys, below the second it leaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    buys: u32,
    leaves: u32,
}

/// A probability as a bound on a 32-bit word.
pub fn bound(probability: f64) -> u32 {
    (probability * 4_294_967_296.0) as u32
}

impl Terms {
    /// The terms of events that come at a tick with probability 1 - (1 - LEAVE)(1 - MOST).
    pub fn of(room: usize, orders: u64) -> Self {
        let buys = buying(room, orders);
        assert!(buys < MOST, "room {room} sold more than the bound allows");
        let event = event_inside();
        Self {
            buys: bound(buys / event),
            leaves: bound((buys + (1.0 - buys) * LEAVE) / event),
        }
    }
}

fn event_inside() -> f64 {
    1.0 - (1.0 - LEAVE) * (1.0 - MOST)
}

/// What comes of an event inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It orders, and stays.
    Buys,
    /// It goes.
    Leaves,
    /// Neither.
    Nothing,
}

/// What comes of an event inside: a word against the room's terms.
#[inline]
pub fn deed(word: u32, terms: Terms) -> Deed {
    match word {
        word if word < terms.buys => Deed::Buys,
        word if word < terms.leaves => Deed::Leaves,
        _ => Deed::Nothing,
    }
}

/// Waiting times, outside and inside.
pub struct Waits {
    /// To an entry.
    pub outside: Geometric,
    /// To something that can happen inside.
    pub inside: Geometric,
}

impl Waits {
    /// The waits of somebody in a room, or outside.
    #[inline]
    pub fn at(&self, place: u16) -> &Geometric {
        if place == OUTSIDE {
            &self.outside
        } else {
            &self.inside
        }
    }

    /// The waiting times of a setting.
    pub fn of(setting: &Setting) -> Self {
        Self {
            outside: Geometric::new(setting.enter),
            inside: Geometric::new(event_inside()),
        }
    }
}

/// Bits of a word that say where in the table to look.
const GUIDE: u32 = 11;

/// A geometric waiting time of at least one tick, by a table that one word is looked up in. Nearly always two comparisons do, without a branch
/// that could be guessed wrong.
pub struct Geometric {
    /// Probability, as a bound on a word, that it lasts longer than index + 1 ticks; falling, then two noughts.
    longer: Vec<u32>,
    /// By a word's first bits: how many bounds lie above all words that begin so.
    guide: Vec<u32>,
}

impl Geometric {
    /// Waits for something of this probability a tick.
    pub fn new(probability: f64) -> Self {
        let next = |left: &f64| Some(left * (1.0 - probability));
        let left = std::iter::successors(next(&1.0), next);
        let mut longer: Vec<u32> = left.map(bound).take_while(|bound| *bound > 0).collect();
        longer.extend([0; 2]);
        let highest = |cell: u32| (cell << (32 - GUIDE)) | (u32::MAX >> GUIDE);
        let above = |word: u32| longer.partition_point(|bound| *bound > word) as u32;
        let guide = (0..1 << GUIDE).map(|cell| above(highest(cell))).collect();
        Self { longer, guide }
    }

    /// The wait of a word, in ticks.
    #[inline]
    pub fn wait(&self, word: u32) -> u32 {
        let from = self.guide[(word >> (32 - GUIDE)) as usize];
        let next = &self.longer[from as usize..];
        let passed = u32::from(word < next[0]) + u32::from(word < next[1]);
        if passed < 2 {
            return 1 + from + passed;
        }
        1 + from + next.partition_point(|bound| *bound > word) as u32
    }
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Viewers of each room at the end.
    pub viewers: Vec<u64>,
    /// Orders of each room.
    pub orders: Vec<u64>,
    /// Viewers that each room's anchor has bought for the evening.
    pub bought: Vec<u64>,
}

/// Changes of viewers and orders in a tick, room by room.
pub type Changes = (Vec<i64>, Vec<u64>);

/// Changes of two parts of the consumers together.
pub fn together(mut one: Changes, other: Changes) -> Changes {
    one.0.iter_mut().zip(other.0).for_each(|(a, b)| *a += b);
    one.1.iter_mut().zip(other.1).for_each(|(a, b)| *a += b);
    one
}

impl Totals {
    /// Nobody has come yet.
    pub fn none(rooms: usize) -> Self {
        Self {
            viewers: vec![0; rooms],
            orders: vec![0; rooms],
            bought: vec![0; rooms],
        }
    }

    /// Viewers on display, room by room.
    pub fn displayed(&self) -> impl Iterator<Item = u64> {
        let rooms = self.viewers.iter().zip(&self.bought);
        rooms.map(|(viewers, bought)| viewers + bought)
    }

    /// No changes yet.
    pub fn unchanged(&self) -> Changes {
        (vec![0; self.viewers.len()], vec![0; self.orders.len()])
    }

    /// Takes in the changes of a tick.
    pub fn take_in(&mut self, (left, bought): Changes) {
        for room in 0..self.viewers.len() {
            self.viewers[room] = self.viewers[room].wrapping_add_signed(left[room]);
            self.orders[room] += bought[room];
        }
    }

    /// People inside.
    pub fn inside(&self) -> u64 {
        self.viewers.iter().sum()
    }

    /// Orders in all rooms.
    pub fn ordered(&self) -> u64 {
        self.orders.iter().sum()
    }

    /// Share of anchors who have bought viewers for the evening.
    pub fn buying(&self) -> f64 {
        let buying = self.bought.iter().filter(|bought| **bought > 0).count();
        buying as f64 / self.bought.len() as f64
    }

    /// Standard deviation of viewers over rooms, as a share of their mean.
    pub fn spread(&self) -> f64 {
        let rooms = self.viewers.len() as f64;
        let mean = self.inside() as f64 / rooms;
        let squares = self.viewers.iter();
        let squares: f64 = squares.map(|v| (*v as f64 - mean).powi(2)).sum();
        (squares / rooms).sqrt() / mean.max(1e-12)
    }
}

/// A market of herding rooms that can be moved.
pub trait Herding {
    /// One tick.
    fn tick(&mut self);
    /// What it has come to.
    fn totals(&mut self) -> Totals;
}
