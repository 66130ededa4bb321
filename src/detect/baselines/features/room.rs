//! What is remembered of a room: its last minute, and everything before it.

use super::account::SHORT_STAY;
use super::{commonest_share, log_plus_one};
use crate::detect::event::{Enter, Source, Text};
use crate::detect::{Frame, Millis, Token};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The numbers in a room's vector. "Against its past": to what would be expected from all that came before the last minute.
pub const ROOM: [&str; 34] = [
    "viewers, ln(1 + x)",
    "growth of viewers in the minute, ln x",
    "entries in the minute, ln(1 + x)",
    "entries against its past, ln x",
    "median stay of those who left, octaves of a quarter second",
    "spread of stays (interquartile), octaves",
    "median stay less that of its past, octaves",
    "spread of stays less that of its past, octaves",
    "share of stays under 3 seconds",
    "the same less that of its past",
    "likes per viewer-minute, ln(1 + x)",
    "comments per viewer-minute, ln(1 + x)",
    "follows per viewer-minute, ln(1 + x)",
    "clicks per viewer-minute, ln(1 + x)",
    "orders per viewer-minute, ln(1 + x)",
    "likes against its past, ln x",
    "comments against its past, ln x",
    "follows against its past, ln x",
    "clicks against its past, ln x",
    "orders against its past, ln x",
    "share of entrants whose device or address is shared",
    "the same less that of its past",
    "share of entrants seen before",
    "the same less that of its past",
    "share of comments of the commonest class",
    "the same less that of its past",
    "share of entrants from the feed",
    "share of entrants who follow",
    "share of entrants from advertisements",
    "share of entrants from links",
    "share from advertisements less that of its past",
    "orders on display to clicks, ln x",
    "orders on display to orders placed, ln x",
    "viewers per entry in the minute, ln(1 + x)",
];

/// Milliseconds that count as now.
const WINDOW: Millis = 60_000;

/// Milliseconds after which a visit is a long one.
const LONG_STAY: Millis = 300_000;

/// Classes of stays: half octaves from a quarter second to four and a half hours.
const STAYS: usize = 32;

/// Somebody who came, and when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Entrant {
    pub(super) account: Token,
    pub(super) since: Millis,
}

/// Counts over some time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Counts {
    /// Viewer-milliseconds.
    watched: u64,
    milliseconds: u64,
    entries: u64,
    sources: [u64; 4],
    shared: u64,
    known: u64,
    ended: u64,
    short: u64,
    stays: [u64; STAYS],
    texts: [u64; 8],
    /// Likes, comments, follows, clicks and orders on display.
    acts: [u64; 5],
    placed: u64,
}

/// What is remembered of a room.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct RoomPast {
    first: Option<Millis>,
    last: (Millis, Frame),
    /// Since the last frame.
    open: Counts,
    /// The last minute, frame by frame: when it ended, viewers then, and what happened.
    recent: VecDeque<(Millis, u64, Counts)>,
    /// Viewers when the last minute began.
    viewers_before: u64,
    past: Counts,
    entrants: VecDeque<Entrant>,
}

/// The class of a stay.
fn stay_class(stay: Millis) -> usize {
    let quarters = stay / 250 + 1;
    let octave = quarters.ilog2() as usize;
    let upper_half = octave > 0 && (quarters >> (octave - 1)) & 1 == 1;
    (2 * octave + usize::from(upper_half)).min(STAYS - 1)
}

/// The stay below which a share of all lie, in octaves of a quarter second.
fn quantile(stays: &[u64; STAYS], share: f64) -> f64 {
    let mut left = share * stays.iter().sum::<u64>() as f64;
    for (class, count) in stays.iter().enumerate() {
        let count = *count as f64;
        if count > 0.0 && left <= count {
            return (class as f64 + left / count) / 2.0;
        }
        left -= count;
    }
    0.0
}

/// ln((seen + 1) / (expected + 1)): near 0 while both are small.
fn surprise(seen: f64, expected: f64) -> f64 {
    libm::log((seen + 1.0) / (expected + 1.0))
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Shares now and before, from counts of a part and a whole: the share now, and how far it lies above that of the past, 0 where either is unknown.
fn share_and_rise(now: (u64, u64), past: (u64, u64)) -> [f64; 2] {
    let here = share(now.0, now.1);
    let rise = if now.1 == 0 || past.1 == 0 {
        0.0
    } else {
        here - share(past.0, past.1)
    };
    [here, rise]
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        fn all<const LENGTH: usize>(sums: &mut [u64; LENGTH], more: &[u64; LENGTH]) {
            for (sum, count) in sums.iter_mut().zip(more) {
                *sum = sum.saturating_add(*count);
            }
        }
        self.watched = self.watched.saturating_add(other.watched);
        self.milliseconds = self.milliseconds.saturating_add(other.milliseconds);
        self.entries += other.entries;
        self.shared += other.shared;
        self.known += other.known;
        self.ended += other.ended;
        self.short += other.short;
        self.placed += other.placed;
        all(&mut self.sources, &other.sources);
        all(&mut self.stays, &other.stays);
        all(&mut self.texts, &other.texts);
        all(&mut self.acts, &other.acts);
    }

    fn viewer_minutes(&self) -> f64 {
        self.watched as f64 / 60_000.0
    }

    /// Median and interquartile range of stays, in octaves.
    fn stay(&self) -> (f64, f64) {
        let spread = quantile(&self.stays, 0.75) - quantile(&self.stays, 0.25);
        (quantile(&self.stays, 0.5), spread)
    }

    fn commonest(&self) -> (u64, u64) {
        let most = self.texts.iter().copied().max().unwrap_or(0);
        (most, self.texts.iter().sum())
    }
}

impl RoomPast {
    pub(super) fn enter(&mut self, at: Millis, enter: &Enter, shared: bool, known: bool) {
        self.open.entries += 1;
        self.open.sources[enter.source as usize] += 1;
        self.open.shared += u64::from(shared);
        self.open.known += u64::from(known);
        self.entrants.push_back(Entrant {
            account: enter.account,
            since: at,
        });
    }

    pub(super) fn leave(&mut self, stay: Millis) {
        self.open.ended += 1;
        self.open.short += u64::from(stay < SHORT_STAY);
        self.open.stays[stay_class(stay)] += 1;
    }

    pub(super) fn wrote(&mut self, text: Text) {
        self.open.texts[text as usize] += 1;
    }

    pub(super) fn ordered(&mut self) {
        self.open.placed += 1;
    }

    /// The next of those who came five minutes ago or earlier, each once.
    pub(super) fn long_stay(&mut self, at: Millis) -> Option<Entrant> {
        let first = *self.entrants.front()?;
        (first.since + LONG_STAY <= at).then(|| self.entrants.pop_front())?
    }

    /// Counters at a refresh: its vector, once a minute has been seen.
    pub(super) fn frame(&mut self, at: Millis, frame: &Frame) -> Option<[f64; ROOM.len()]> {
        let Some(first) = self.first else {
            self.first = Some(at);
            self.last = (at, *frame);
            self.viewers_before = frame.viewers;
            return None;
        };
        self.close(at, frame);
        if first + WINDOW > at {
            return None;
        }
        let mut now = Counts::default();
        for (_, _, counts) in &self.recent {
            now.add(counts);
        }
        Some(self.vector(frame, &now))
    }

    /// Files what happened since the last frame, and moves what is older than a minute to the past.
    fn close(&mut self, at: Millis, frame: &Frame) {
        let (last_at, last) = self.last;
        let mut counts = std::mem::take(&mut self.open);
        counts.milliseconds = at.saturating_sub(last_at);
        counts.watched = frame.viewers.saturating_mul(counts.milliseconds);
        counts.acts = [
            frame.likes.saturating_sub(last.likes),
            frame.comments.saturating_sub(last.comments),
            frame.follows.saturating_sub(last.follows),
            frame.cart_clicks.saturating_sub(last.cart_clicks),
            frame.orders.saturating_sub(last.orders),
        ];
        self.last = (at, *frame);
        self.recent.push_back((at, frame.viewers, counts));
        while self
            .recent
            .front()
            .is_some_and(|(end, _, _)| end + WINDOW <= at)
        {
            if let Some((_, viewers, counts)) = self.recent.pop_front() {
                self.viewers_before = viewers;
                self.past.add(&counts);
            }
        }
    }

    fn vector(&self, frame: &Frame, now: &Counts) -> [f64; ROOM.len()] {
        let mut values = [0.0; ROOM.len()];
        let parts = self
            .crowd(frame, now)
            .into_iter()
            .chain(self.stays(now))
            .chain(self.activity(now))
            .chain(self.make_up(now))
            .chain([
                surprise(now.acts[4] as f64, now.acts[3] as f64),
                surprise(now.acts[4] as f64, now.placed as f64),
                log_plus_one(frame.viewers as f64 / now.entries.max(1) as f64),
            ]);
        for (value, number) in values.iter_mut().zip(parts) {
            *value = number;
        }
        values
    }

    fn crowd(&self, frame: &Frame, now: &Counts) -> [f64; 4] {
        let usual = self.past.entries as f64 / self.past.milliseconds.max(1) as f64;
        let expected = usual * now.milliseconds as f64;
        let against = if self.past.milliseconds == 0 {
            0.0
        } else {
            surprise(now.entries as f64, expected)
        };
        [
            log_plus_one(frame.viewers as f64),
            surprise(frame.viewers as f64, self.viewers_before as f64),
            log_plus_one(now.entries as f64),
            against,
        ]
    }

    fn stays(&self, now: &Counts) -> [f64; 6] {
        let (median, spread) = now.stay();
        let (usual, usual_spread) = self.past.stay();
        let both_known = now.ended > 0 && self.past.ended > 0;
        let rise = |here: f64, usual: f64| if both_known { here - usual } else { 0.0 };
        let short = share_and_rise((now.short, now.ended), (self.past.short, self.past.ended));
        [
            median,
            spread,
            rise(median, usual),
            rise(spread, usual_spread),
            short[0],
            short[1],
        ]
    }

    /// What is done per viewer-minute, and against the past.
    fn activity(&self, now: &Counts) -> [f64; 10] {
        let (minutes, past_minutes) = (now.viewer_minutes(), self.past.viewer_minutes());
        let mut values = [0.0; 10];
        for (kind, (count, before)) in now.acts.iter().zip(&self.past.acts).enumerate() {
            let expected = *before as f64 / past_minutes.max(1.0) * minutes;
            values[kind] = log_plus_one(*count as f64 / minutes.max(1.0));
            if past_minutes > 0.0 {
                values[5 + kind] = surprise(*count as f64, expected);
            }
        }
        values
    }

    /// Who comes, and what they write.
    fn make_up(&self, now: &Counts) -> [f64; 11] {
        let past = &self.past;
        let entrants = |now_part: u64, past_part: u64| {
            share_and_rise((now_part, now.entries), (past_part, past.entries))
        };
        let shared = entrants(now.shared, past.shared);
        let known = entrants(now.known, past.known);
        let text = share_and_rise(now.commonest(), past.commonest());
        let source = |source: Source| share(now.sources[source as usize], now.entries);
        let bought = Source::Advertisement as usize;
        let bought = entrants(now.sources[bought], past.sources[bought]);
        [
            shared[0],
            shared[1],
            known[0],
            known[1],
            commonest_share(&now.texts),
            text[1],
            source(Source::Feed),
            source(Source::Follow),
            bought[0],
            source(Source::Link),
            bought[1],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_fall_into_half_octaves() {
        // 0 s, 0.25 s (2 quarters), 0.5 s (3: upper half of the octave from 2), 0.75 s (4), 2.75 s (12), 5 hours.
        let classes = [0, 250, 500, 750, 2_750, 18_000_000].map(stay_class);
        assert_eq!(classes, [0, 2, 3, 4, 7, 31]);
    }

    #[test]
    fn quantiles_are_interpolated_within_a_class() {
        let mut stays = [0; STAYS];
        assert_eq!(quantile(&stays, 0.5), 0.0);
        stays[4] = 3;
        stays[8] = 1;
        assert_eq!(quantile(&stays, 0.5), (4.0 + 2.0 / 3.0) / 2.0);
        assert_eq!(quantile(&stays, 1.0), 4.5);
    }
}
