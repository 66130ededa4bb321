//! What is remembered of an account: a bounded number of counts, whatever it does.

use super::{commonest_share, log_plus_one};
use crate::detect::event::Text;
use crate::detect::{Millis, Token};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};

/// The numbers in an account's vector.
pub const ACCOUNT: [&str; 19] = [
    "visits, ln(1 + x)",
    "different rooms, ln(1 + x)",
    "mean of ln(1 + seconds of stay)",
    "standard deviation of ln(1 + seconds of stay)",
    "share of visits under 3 seconds",
    "likes per visit, ln(1 + x)",
    "comments per visit, ln(1 + x)",
    "follows per visit, ln(1 + x)",
    "clicks per visit, ln(1 + x)",
    "orders per visit, ln(1 + x)",
    "acts per minute watched, ln(1 + x)",
    "accounts on its device, ln(1 + x)",
    "accounts on its address, ln(1 + x)",
    "comments, ln(1 + x)",
    "share of its commonest class of comment",
    "orders, ln(1 + x)",
    "coupons, ln(1 + x)",
    "refunds, ln(1 + x)",
    "minutes watched without any act, ln(1 + x)",
];

/// Stays below this are too short for a look.
pub(super) const SHORT_STAY: Millis = 3_000;

/// Visits that an account may have open at a time; of more, the oldest are forgotten.
const MOST_OPEN: usize = 8;

/// Something that an account does in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A like.
    Like,
    /// A comment.
    Comment,
    /// A follow.
    Follow,
    /// A click on the cart link.
    Click,
    /// An order.
    Order,
}

/// A visit that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Visit {
    pub(super) room: Id,
    pub(super) since: Millis,
    pub(super) clicks: u32,
}

/// What is remembered of an account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct AccountPast {
    pub(super) device: Option<Token>,
    pub(super) address: Option<Token>,
    pub(super) payer: Option<Token>,
    pub(super) visits: u32,
    pub(super) coupons: u32,
    pub(super) refunds: u32,
    /// A bit for each room, by its number modulo 64: how many different ones, with few errors up to a dozen.
    rooms: u64,
    ended: u32,
    short: u32,
    /// Sum of ln(1 + seconds) of stays that ended, and of its square.
    stays: (f64, f64),
    watched: Millis,
    acts: [u32; 5],
    texts: [u32; 8],
    open: Vec<Visit>,
}

fn log_seconds(stay: Millis) -> f64 {
    log_plus_one(stay as f64 / 1_000.0)
}

impl AccountPast {
    /// The visit that it pays to a room.
    pub(super) fn visit(&self, room: Id) -> Option<&Visit> {
        self.open.iter().find(|visit| visit.room == room)
    }

    pub(super) fn enter(&mut self, at: Millis, room: Id) {
        self.visits += 1;
        self.rooms |= 1 << (room % 64);
        self.open.retain(|visit| visit.room != room);
        if self.open.len() == MOST_OPEN {
            self.open.remove(0);
        }
        self.open.push(Visit {
            room,
            since: at,
            clicks: 0,
        });
    }

    /// The stay that has ended; `None` if it was not seen to come.
    pub(super) fn leave(&mut self, at: Millis, room: Id) -> Option<Millis> {
        let place = self.open.iter().position(|visit| visit.room == room)?;
        let stay = at.saturating_sub(self.open.remove(place).since);
        let logarithm = log_seconds(stay);
        self.ended += 1;
        self.short += u32::from(stay < SHORT_STAY);
        self.stays.0 += logarithm;
        self.stays.1 += logarithm * logarithm;
        self.watched = self.watched.saturating_add(stay);
        Some(stay)
    }

    pub(super) fn act(&mut self, room: Id, act: Act) {
        self.acts[act as usize] += 1;
        if act == Act::Click
            && let Some(visit) = self.open.iter_mut().find(|visit| visit.room == room)
        {
            visit.clicks += 1;
        }
    }

    pub(super) fn wrote(&mut self, text: Text) {
        self.texts[text as usize] += 1;
    }

    /// Mean and standard deviation of ln(1 + seconds of stay); visits not yet over count with the time that they have lasted.
    fn stay(&self, at: Millis) -> (f64, f64) {
        let (mut sum, mut squares) = self.stays;
        for visit in &self.open {
            let logarithm = log_seconds(at.saturating_sub(visit.since));
            sum += logarithm;
            squares += logarithm * logarithm;
        }
        let count = (self.ended as usize + self.open.len()).max(1) as f64;
        let mean = sum / count;
        (mean, (squares / count - mean * mean).max(0.0).sqrt())
    }

    /// Its vector, given how many accounts there are on its device and on its address.
    pub(super) fn vector(&self, at: Millis, device: f64, address: f64) -> [f64; ACCOUNT.len()] {
        let visits = f64::from(self.visits.max(1));
        let open: Millis = self
            .open
            .iter()
            .map(|visit| at.saturating_sub(visit.since))
            .sum();
        let minutes = (self.watched + open) as f64 / 60_000.0;
        let acts: u32 = self.acts.iter().sum();
        let per_visit = |act: Act| log_plus_one(f64::from(self.acts[act as usize]) / visits);
        let (mean, deviation) = self.stay(at);
        [
            log_plus_one(f64::from(self.visits)),
            log_plus_one(f64::from(self.rooms.count_ones())),
            mean,
            deviation,
            f64::from(self.short) / f64::from(self.ended.max(1)),
            per_visit(Act::Like),
            per_visit(Act::Comment),
            per_visit(Act::Follow),
            per_visit(Act::Click),
            per_visit(Act::Order),
            log_plus_one(f64::from(acts) / minutes.max(1.0)),
            log_plus_one(device),
            log_plus_one(address),
            log_plus_one(f64::from(self.acts[Act::Comment as usize])),
            commonest_share(&self.texts),
            log_plus_one(f64::from(self.acts[Act::Order as usize])),
            log_plus_one(f64::from(self.coupons)),
            log_plus_one(f64::from(self.refunds)),
            if acts == 0 {
                log_plus_one(minutes)
            } else {
                0.0
            },
        ]
    }
}
