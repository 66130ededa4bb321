//! What a detector said of a stream, set against what there was to be told apart.

use super::alarms::{Held, Step};
use super::curve::Curve;
use super::track::{PerTrack, Track};
use super::universe::{Label, MINUTE, Show, Universe};
use crate::detect::event::Millis;
use crate::detect::score::{Score, Subject};
use std::sync::Arc;

/// Something said of an account, an order or an offer that is positive.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Said {
    item: usize,
    at: Millis,
    score: f64,
}

/// What a detector said of a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// What there was to be told apart.
    pub universe: Arc<Universe>,
    /// Scores that count for nothing: not finite, or about something that the stream does not have.
    pub disregarded: u64,
    /// Of each show, its score over time.
    held: Vec<Held>,
    /// Of each item of a track, its score; minus infinity where nothing was said.
    scores: PerTrack<Vec<f64>>,
    /// All that was said of positives, by item and in order of saying; nothing for rooms.
    said: PerTrack<Vec<Said>>,
}

impl Judged {
    /// Takes up what a detector said, in order of saying.
    pub fn of(universe: Arc<Universe>, said: &[Score]) -> Self {
        let silence = |track| vec![f64::NEG_INFINITY; universe.items(track).labels.len()];
        let mut judged = Self {
            scores: PerTrack::of(silence),
            universe,
            ..Self::default()
        };
        let mut steps = vec![Vec::new(); judged.universe.shows.len()];
        for score in said {
            if !judged.take_up(score, &mut steps) {
                judged.disregarded += 1;
            }
        }
        judged.held = steps.into_iter().map(Held::of).collect();
        for track in Track::ALL {
            judged.said.get_mut(track).sort_by_key(|said| said.item);
        }
        judged.scores.rooms = judged.minutes();
        judged
    }

    /// Takes up one score; `false`: it counts for nothing.
    fn take_up(&mut self, score: &Score, steps: &mut [Vec<Step>]) -> bool {
        let &Score {
            at, about, score, ..
        } = score;
        if !score.is_finite() {
            return false;
        }
        if let Subject::Room(room) = about {
            let show = self.universe.show(room);
            let steps = show.and_then(|show| steps.get_mut(show));
            return steps.map(|steps| steps.push(Step { at, score })).is_some();
        }
        let Some((track, item)) = self.universe.entity(about) else {
            return false;
        };
        if let Some(last) = self.scores.get_mut(track).get_mut(item) {
            *last = score;
        }
        if self.universe.items(track).labels.get(item) == Some(&Label::Positive) {
            self.said.get_mut(track).push(Said { item, at, score });
        }
        true
    }

    /// Of each minute of each show, the largest score held.
    fn minutes(&self) -> Vec<f64> {
        let of_show = |(show, held): (&Show, &Held)| -> Vec<f64> {
            let count = show.minutes.len() as u64;
            let minutes = show.first_minute..show.first_minute + count;
            let largest = |minute: u64| held.largest(minute * MINUTE, (minute + 1) * MINUTE);
            minutes.map(largest).collect()
        };
        self.shows().flat_map(of_show).collect()
    }

    /// A show's score over time.
    pub fn held(&self, show: usize) -> Option<&Held> {
        self.held.get(show)
    }

    /// The shows, each with its score over time.
    pub fn shows(&self) -> impl Iterator<Item = (&Show, &Held)> {
        self.universe.shows.iter().zip(&self.held)
    }

    /// The shows without any campaign, each with its score over time.
    pub fn honest_shows(&self) -> impl Iterator<Item = (&Show, &Held)> {
        self.shows().filter(|(show, _)| show.honest)
    }

    /// Hours on air of the shows without any campaign.
    pub fn honest_hours(&self) -> f64 {
        self.honest_shows().map(|(show, _)| show.hours()).sum()
    }

    /// The scores of a track's items, by place; minus infinity where nothing was said.
    pub fn scores(&self, track: Track) -> &[f64] {
        self.scores.get(track)
    }

    /// The items of a track that count: place, score, and whether it is positive.
    pub fn placed(&self, track: Track) -> impl Iterator<Item = (usize, f64, bool)> {
        let labels = &self.universe.items(track).labels;
        let all = self.scores(track).iter().zip(labels).enumerate();
        all.filter(|(_, (_, label))| **label != Label::Ignored)
            .map(|(place, (score, label))| (place, *score, *label == Label::Positive))
    }

    /// The items of a track that count: score, and whether it is positive.
    pub fn items(&self, track: Track) -> impl Iterator<Item = (f64, bool)> {
        self.placed(track)
            .map(|(_, score, positive)| (score, positive))
    }

    /// The ranking of entities: of rooms by their largest score of any minute, of accounts, orders and offers as they are. A room is positive if any
    /// of its minutes is, negative if it has no campaign, and does not count otherwise, nor if it was never on air for a whole minute.
    pub fn entities(&self, track: Track) -> Curve {
        if track != Track::Rooms {
            return Curve::of(self.items(track));
        }
        let labels = &self.universe.items(track).labels;
        let rooms = self.universe.shows.iter().filter_map(|show| {
            let minutes = labels.get(show.minutes.clone())?;
            let scores = self.scores(track).get(show.minutes.clone())?;
            let positive = minutes.contains(&Label::Positive);
            let counts = positive || show.honest;
            let largest = scores.iter().copied().reduce(f64::max)?;
            counts.then_some((largest, positive))
        });
        Curve::of(rooms)
    }

    /// Since when a positive account, order or offer has stood at `threshold` or above until the stream's end; `None` if it does not at the end. What
    /// was raised and taken back does not count, just as it does not count as a false positive.
    pub fn stands_since(&self, track: Track, item: usize, threshold: f64) -> Option<Millis> {
        let all = self.said.get(track);
        let first = all.partition_point(|said| said.item < item);
        let end = all.partition_point(|said| said.item <= item);
        let said = all.get(first..end).unwrap_or_default();
        let standing = said.iter().rev().take_while(|said| said.score >= threshold);
        standing.last().map(|said| said.at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{judged, oracle, said, token};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_about_nothing_or_not_a_number_is_disregarded() {
        let known = Subject::Account(token(3));
        let judged = judged(&[
            said(0, known, 0.5),
            said(1, known, f64::NAN),
            said(2, known, f64::INFINITY),
            said(3, Subject::Account(token(99)), 1.0),
            said(4, Subject::Room(9), 1.0),
            said(5, Subject::Room(1), f64::NEG_INFINITY),
        ]);
        assert_eq!(judged.disregarded, 5);
        assert_eq!(judged.scores(Track::Accounts)[3], 0.5);
        assert_eq!(judged.scores(Track::Accounts)[4], f64::NEG_INFINITY);
    }

    #[test]
    fn what_is_taken_back_does_not_stand() {
        let bot = Subject::Account(token(11));
        let flickers = judged(&[
            said(10, bot, 0.9),
            said(20, bot, 0.1),
            said(30, bot, 0.7),
            said(40, bot, 0.6),
        ]);
        let since = |threshold| flickers.stands_since(Track::Accounts, 11, threshold);
        assert_eq!(since(0.6), Some(30));
        assert_eq!(since(0.1), Some(10));
        assert_eq!(since(0.7), None);
        assert_eq!(flickers.stands_since(Track::Accounts, 12, 0.0), None);
        assert_eq!(flickers.scores(Track::Accounts)[11], 0.6);
    }

    #[test]
    fn rooms_are_ranked_by_their_worst_minute() {
        let rooms = judged(&oracle()).entities(Track::Rooms);
        assert_eq!((rooms.positives(), rooms.negatives()), (1, 1));
        assert_eq!(rooms.precision_at(1), Some(1.0));
    }

    proptest! {
        #[test]
        fn minutes_hold_the_largest_score_of_any_moment(
            steps in prop::collection::vec((0_u64..240, -3_i8..3), 0..40),
        ) {
            // Time in quarters of a minute, so that the beginning of minutes is often hit.
            let mut steps = steps;
            steps.sort_by_key(|(quarter, _)| *quarter);
            let said: Vec<Score> = steps
                .iter()
                .map(|(quarter, score)| said(quarter * 15_000, Subject::Room(3), f64::from(*score)))
                .collect();
            let judged = judged(&said);
            let at = |quarter: u64| {
                let last = steps.iter().rfind(|(begun, _)| *begun <= quarter);
                last.map_or(f64::NEG_INFINITY, |(_, score)| f64::from(*score))
            };
            for minute in 0..60_usize {
                let quarters = 4 * minute as u64..4 * minute as u64 + 4;
                let largest = quarters.map(at).fold(f64::NEG_INFINITY, f64::max);
                prop_assert_eq!(judged.scores(Track::Rooms)[120 + minute], largest);
            }
        }
    }
}
