//! False alarms at a threshold: by hour, by what is honest and looks like a deception, and by the size of rooms.
//!
//! Everything here is of one stream. Thresholds are numbers: infinity raises no alarm.

use super::curve::ratio;
use super::delay::window;
use super::judged::Judged;
use super::track::Track;
use super::universe::{Label, Show};
use crate::detect::score::Subject;
use crate::detect::truth::{BenignTwin, Twin};

/// Sizes of rooms by their most real viewers at a time: from so many, to below so many (`None`: no end).
pub const SIZES: [(u64, Option<u64>); 4] = [
    (0, Some(30)),
    (30, Some(300)),
    (300, Some(3_000)),
    (3_000, None),
];

/// Items by what they are and whether their score is at the threshold or above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Positives.
    pub positives: u64,
    /// Positives at the threshold or above.
    pub found: u64,
    /// Negatives.
    pub negatives: u64,
    /// Negatives at the threshold or above.
    pub false_positives: u64,
}

impl Confusion {
    /// Counts the items of a track.
    pub fn of(judged: &Judged, track: Track, threshold: f64) -> Self {
        let mut confusion = Self::default();
        for (score, positive) in judged.items(track) {
            let reached = u64::from(score >= threshold);
            if positive {
                confusion.positives += 1;
                confusion.found += reached;
            } else {
                confusion.negatives += 1;
                confusion.false_positives += reached;
            }
        }
        confusion
    }

    /// Share of positives among what is at the threshold or above; `None` if nothing is.
    pub fn precision(self) -> Option<f64> {
        ratio(self.found, self.found + self.false_positives)
    }

    /// Share of the positives that are found; `None` without any.
    pub fn recall(self) -> Option<f64> {
        ratio(self.found, self.positives)
    }

    /// Share of the negatives at the threshold or above; `None` without any.
    pub fn false_positive_rate(self) -> Option<f64> {
        ratio(self.false_positives, self.negatives)
    }
}

/// Alarms about rooms without any campaign, by their hours on air; `None` if there are no such hours.
pub fn alarms_per_room_hour(judged: &Judged, threshold: f64) -> Option<f64> {
    let hours = judged.honest_hours();
    let alarms = judged
        .honest_shows()
        .map(|(_, held)| held.alarms(threshold).len());
    let alarms: usize = alarms.sum();
    (hours > 0.0).then(|| alarms as f64 / hours)
}

/// Each twin that can be mistaken in this track, and whether it was: an alarm about its room began while it lasted, or its offer has a score at the
/// threshold or above. Left out are twins in whose time an alarm would be right, because their room has a campaign then.
pub fn twins(judged: &Judged, track: Track, threshold: f64) -> Vec<(Twin, bool)> {
    let mistaken = |twin: &BenignTwin| match track {
        Track::Rooms => in_room(judged, twin, threshold),
        Track::Offers => of_offer(judged, twin, threshold),
        Track::Accounts | Track::Orders => None,
    };
    let twins = judged.universe.twins.iter();
    twins
        .filter_map(|twin| Some((twin.twin, mistaken(twin)?)))
        .collect()
}

fn in_room(judged: &Judged, twin: &BenignTwin, threshold: f64) -> Option<bool> {
    let held = judged.held(judged.universe.show(twin.room)?)?;
    let time = twin.from..=twin.until;
    let mut campaigns = judged.universe.campaigns.iter();
    let disturbed = campaigns.any(|campaign| {
        let window = window(campaign);
        campaign.room == twin.room
            && !campaign.threat.is_about_an_offer()
            && window.start() <= time.end()
            && time.start() <= window.end()
    });
    let alarms = held.alarms(threshold);
    (!disturbed).then(|| alarms.iter().any(|alarm| time.contains(alarm)))
}

fn of_offer(judged: &Judged, twin: &BenignTwin, threshold: f64) -> Option<bool> {
    let about = Subject::Offer {
        room: twin.room,
        product: twin.product?,
    };
    let (track, item) = judged.universe.entity(about)?;
    let label = judged.universe.items(track).labels.get(item)?;
    let score = judged.scores(track).get(item)?;
    (*label == Label::Negative).then_some(*score >= threshold)
}

/// For each of [`SIZES`], the minutes of rooms of that size that are negative, and those among them with a score at the threshold or above.
pub fn minutes_by_size(judged: &Judged, threshold: f64) -> [Confusion; SIZES.len()] {
    let labels = &judged.universe.items(Track::Rooms).labels;
    let scores = judged.scores(Track::Rooms);
    SIZES.map(|(from, below)| {
        let fits = |show: &&Show| {
            let viewers = show.fact.peak_viewers;
            viewers >= from && below.is_none_or(|below| viewers < below)
        };
        let minutes = judged.universe.shows.iter().filter(fits);
        let places = minutes.flat_map(|show| show.minutes.clone());
        let mut counts = Confusion::default();
        for place in places {
            if labels.get(place) == Some(&Label::Negative) {
                counts.negatives += 1;
                let reached = scores.get(place).is_some_and(|score| *score >= threshold);
                counts.false_positives += u64::from(reached);
            }
        }
        counts
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{judged, market, oracle, said};
    use super::super::universe::{MINUTE, Universe};
    use super::*;
    use std::sync::Arc;

    #[test]
    fn alarms_are_counted_in_honest_rooms_alone() {
        let alarm = |room, minute| {
            [
                said(minute * MINUTE, Subject::Room(room), 1.0),
                said((minute + 1) * MINUTE, Subject::Room(room), 0.0),
            ]
        };
        let alarms = [
            alarm(1, 50),
            alarm(2, 50),
            alarm(3, 31),
            alarm(3, 35),
            alarm(3, 37),
        ];
        let judged = judged(&alarms.concat());
        assert_eq!(alarms_per_room_hour(&judged, 1.0), Some(2.0));
        assert_eq!(alarms_per_room_hour(&judged, f64::INFINITY), Some(0.0));
        let counts = Confusion::of(&judged, Track::Rooms, 1.0);
        assert_eq!((counts.positives, counts.found), (10, 0));
        assert_eq!((counts.negatives, counts.false_positives), (155, 5));
        assert_eq!(twins(&judged, Track::Rooms, 1.0), [(Twin::Celebrity, true)]);
        // Rooms 1 and 2 have fewer than 30 viewers at the peak, room 3 has 30.
        let [small, middle, large, largest] = minutes_by_size(&judged, 1.0);
        assert_eq!((small.negatives, small.false_positives), (95, 2));
        assert_eq!((middle.negatives, middle.false_positives), (60, 3));
        assert_eq!((large, largest), Default::default());
    }

    #[test]
    fn twins_are_mistaken_only_where_an_alarm_would_be_wrong() {
        let (events, mut truth) = market();
        let twin = |room, product, from, until| BenignTwin {
            twin: Twin::FlashSale,
            room,
            product,
            from: from * MINUTE,
            until: until * MINUTE,
        };
        // The first lies in the after-effects of a campaign, the second before it. The third is of an honest offer, the last of a staged one,
        // while which an alarm about the room would still be wrong.
        truth.twins = vec![
            twin(1, None, 24, 30),
            twin(1, None, 5, 9),
            twin(3, Some(7), 5, 9),
            twin(2, Some(7), 35, 39),
        ];
        let offer = Subject::Offer {
            room: 3,
            product: 7,
        };
        let mut said_of_it = oracle();
        said_of_it.push(said(50 * MINUTE, offer, 2.0));
        let judged = Judged::of(Arc::new(Universe::of(&events, &truth)), &said_of_it);
        let sale = |alarmed| (Twin::FlashSale, alarmed);
        let rooms = twins(&judged, Track::Rooms, 1.0);
        assert_eq!(rooms, [sale(false), sale(false), sale(false)]);
        assert_eq!(twins(&judged, Track::Offers, 1.0), [sale(true)]);
        assert!(twins(&judged, Track::Accounts, 1.0).is_empty());
    }

    #[test]
    fn shares_of_nothing_are_not_defined() {
        let nothing = Confusion::default();
        assert_eq!(nothing.precision(), None);
        assert_eq!(nothing.recall(), None);
        assert_eq!(nothing.false_positive_rate(), None);
        assert_eq!(alarms_per_room_hour(&Judged::default(), 0.0), None);
    }
}
