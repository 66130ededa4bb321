//! Herding rooms: a small reference market, and what all its implementations share.
//!
//! N consumers, N / 5000 rooms, ticks. At each tick everybody acts on what is on display, the viewers V and orders O of each room at the
//! tick's start. Whoever is outside enters with probability `enter` a room drawn in proportion to 1 + V. Whoever is inside buys with
//! probability p = logistic(-3.5 + 0.1 ln(1 + O / 100) - price), and stays; who does not buy leaves with probability 0.05.
//!
//! The same law as events: nothing can happen to somebody inside at a tick with probability (1 - 0.05)(1 - p'), where p' = 0.04 bounds p, so the
//! waiting time to the next tick in which something can happen is geometric, and what happens then is drawn against p (thinning). Outside
//! the waiting time to entry is geometric too. So one keyed draw serves an event, and nobody is asked in a tick in which nothing can
//! happen to it. A wait longer than the calendar is cut there and drawn again: a geometric wait has no memory.

use yellowcart::draws::{Identity, identity_of_name, logistic};

/// Probability of leaving at a tick, for whoever does not buy.
pub const LEAVE: f64 = 0.05;

/// Bound on the probability of buying at a tick: log orders grow too slowly to reach it within a run, and that is checked.
const MOST: f64 = 0.04;

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
}

impl Setting {
    /// How many rooms: below [`OUTSIDE`].
    pub fn rooms(&self) -> usize {
        let rooms = (self.consumers / PER_ROOM).max(1) as usize;
        assert!(rooms < usize::from(OUTSIDE), "at most {OUTSIDE} rooms");
        rooms
    }

    /// Ticks that the calendar reaches ahead: long enough that few waits are cut.
    pub fn reach(&self) -> usize {
        ((4.0 / self.enter) as usize)
            .next_power_of_two()
            .clamp(256, 16_384)
    }
}

/// Price in a room, hundreds of yuan.
fn price(room: usize) -> f64 {
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
            outside: Geometric::new(setting.enter, setting.reach()),
            inside: Geometric::new(event_inside(), setting.reach()),
        }
    }
}

/// A geometric waiting time of at least one tick, cut at a number of ticks, by a table that one word is looked up in.
pub struct Geometric {
    /// Probability, as a bound on a word, that it lasts longer than index + 1 ticks; falling.
    longer: Vec<u32>,
    /// For each value of a word's first eight bits, the index at which the search begins.
    guide: Vec<u16>,
}

/// The bit beside a count of events that says that the wait for the next was cut.
pub const CUT: u32 = 1 << 31;

/// A wait, and whether it was cut: then nothing happens at its end but another draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Ticks, at least one.
    pub ticks: u32,
    /// Whether it was cut.
    pub cut: bool,
}

impl Wait {
    /// [`CUT`] if it was, else 0.
    pub fn mark(&self) -> u32 {
        if self.cut { CUT } else { 0 }
    }
}

impl Geometric {
    /// Waits for something of this probability a tick, cut at `reach` - 1 ticks.
    pub fn new(probability: f64, reach: usize) -> Self {
        let mut left = 1.0;
        let longer: Vec<u32> = (1..reach)
            .map(|_| {
                left *= 1.0 - probability;
                bound(left)
            })
            .collect();
        let guide = (0..256_u32)
            .map(|first| {
                let highest = (first << 24) | 0x00ff_ffff;
                longer.partition_point(|bound| *bound > highest) as u16
            })
            .collect();
        Self { longer, guide }
    }

    /// The wait of a word.
    #[inline]
    pub fn wait(&self, word: u32) -> Wait {
        let mut index = usize::from(self.guide[(word >> 24) as usize]);
        while index < self.longer.len() && word < self.longer[index] {
            index += 1;
        }
        let cut = index == self.longer.len();
        Wait {
            ticks: (index + usize::from(!cut)) as u32,
            cut,
        }
    }
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Viewers of each room at the end.
    pub viewers: Vec<u64>,
    /// Orders of each room.
    pub orders: Vec<u64>,
}

impl Totals {
    /// People inside.
    pub fn inside(&self) -> u64 {
        self.viewers.iter().sum()
    }

    /// Orders in all rooms.
    pub fn ordered(&self) -> u64 {
        self.orders.iter().sum()
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
