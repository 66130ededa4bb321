//! The best raw feature alone: what a detector that combines several has to be better than.
//!
//! For every kind of subject it goes through the features of `features.rs`, and the same negated, on the development streams, and takes the one with
//! the best average precision: the sum of precision times gain of recall over all thresholds (as in scikit-learn; values that are the same make one
//! threshold). Then it says that feature. Examples are: of a room each of its minutes, by the highest value in it, and positive where a campaign
//! about its crowd shows; accounts and offers by their last values; orders by theirs. Examples of all streams are ranked together. Before it has
//! learned, and for kinds without any positive example, it says the rise of viewers of rooms, the accounts on an account's device, the orders to an
//! order's delivery address, and the claimed counter price over the price of an offer.

use super::counters::MINUTE;
use super::raw_features::{Features, MOST, Values, names_of};
use crate::detect::scoring::{Curve, Track};
use crate::detect::{
    Detector, Event, Labelled, Millis, Scores, Subject, Token, Truth, keep, recall,
};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A feature, by its place among its kind's, and whether small values are suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Choice {
    feature: usize,
    negated: bool,
}

/// The choices by kind, in the order of [`Track::ALL`], before anything is learned.
const UNLEARNED: [Choice; 4] = [large(1), large(3), large(4), large(0)];

/// That large values of a feature are suspicious.
const fn large(feature: usize) -> Choice {
    Choice {
        feature,
        negated: false,
    }
}

/// The detector.
#[derive(Debug, Clone)]
pub struct BestSingleFeature {
    choices: [Choice; 4],
    features: Features,
}

/// The scores that each choice gives an example: features and their negatives in turn; minus infinity where the value is missing.
type Row = [f64; 2 * MOST];

impl Default for BestSingleFeature {
    fn default() -> Self {
        Self {
            choices: UNLEARNED,
            features: Features::default(),
        }
    }
}

impl Choice {
    /// What it gives a subject with such values.
    fn score(self, values: &Values) -> Option<f64> {
        let value = values.get(self.feature).copied().flatten()?;
        Some(if self.negated { -value } else { value })
    }

    /// All choices of a kind, in the order of a [`Row`].
    fn of(kind: Track) -> impl Iterator<Item = Choice> {
        (0..2 * names_of(kind).len()).map(|place| Choice {
            feature: place / 2,
            negated: place % 2 == 1,
        })
    }
}

fn row(values: &Values) -> Row {
    let mut row = [f64::NEG_INFINITY; 2 * MOST];
    for (pair, value) in row.chunks_exact_mut(2).zip(values) {
        if let Some(value) = value {
            pair.copy_from_slice(&[*value, -value]);
        }
    }
    row
}

/// The last values of the subjects of a stream, and the highest ones of each minute of a room.
#[derive(Debug, Default)]
struct Examples {
    minutes: BTreeMap<(Id, Millis), Row>,
    others: BTreeMap<Subject, Row>,
}

impl Examples {
    fn of(stream: &Labelled) -> Self {
        let (mut examples, mut features) = (Self::default(), Features::default());
        for event in &stream.events {
            features.observe(event, |about, values| {
                examples.take(event.at, about, &row(values));
            });
        }
        examples
    }

    fn take(&mut self, at: Millis, about: Subject, row: &Row) {
        let Subject::Room(room) = about else {
            self.others.insert(about, *row);
            return;
        };
        let highest = self.minutes.entry((room, at / MINUTE)).or_insert(*row);
        for (highest, value) in highest.iter_mut().zip(row) {
            *highest = highest.max(*value);
        }
    }

    /// All of a kind, with whether they are positive.
    fn labelled(&self, kind: Track, truth: &Truth) -> Vec<(Row, bool)> {
        if kind == Track::Rooms {
            let minutes = self.minutes.iter();
            return minutes
                .map(|((room, minute), row)| (*row, is_false_minute(truth, *room, *minute)))
                .collect();
        }
        let positive = Positive::of(truth);
        let subjects = self
            .others
            .iter()
            .filter(|(about, _)| Track::of(about) == kind);
        subjects
            .map(|(about, row)| (*row, positive.has(about)))
            .collect()
    }
}

/// Whether a campaign about a room's crowd shows in a minute.
fn is_false_minute(truth: &Truth, room: Id, minute: Millis) -> bool {
    let (from, until) = (minute * MINUTE, (minute + 1) * MINUTE);
    truth.campaigns.iter().any(|campaign| {
        campaign.room == room
            && !campaign.threat.is_about_an_offer()
            && campaign.first_evidence < until
            && campaign.last_evidence >= from
    })
}

/// What is false among accounts, orders and offers.
struct Positive {
    accounts: BTreeSet<Token>,
    orders: BTreeSet<Token>,
    offers: BTreeSet<(Id, Id)>,
}

impl Positive {
    fn of(truth: &Truth) -> Self {
        let offers = truth
            .campaigns
            .iter()
            .filter(|campaign| campaign.threat.is_about_an_offer());
        Self {
            accounts: truth.actors.iter().map(|actor| actor.account).collect(),
            orders: truth.orders.iter().map(|order| order.order).collect(),
            offers: offers
                .filter_map(|offer| Some((offer.room, offer.product?)))
                .collect(),
        }
    }

    fn has(&self, about: &Subject) -> bool {
        match about {
            Subject::Room(_) => false,
            Subject::Account(account) => self.accounts.contains(account),
            Subject::Order(order) => self.orders.contains(order),
            Subject::Offer { room, product } => self.offers.contains(&(*room, *product)),
        }
    }
}

/// The choice with the best average precision, the first of equal ones; `None` without positive examples.
fn best(kind: Track, examples: &[(Row, bool)]) -> Option<Choice> {
    let mut best: Option<(f64, Choice)> = None;
    for (place, choice) in Choice::of(kind).enumerate() {
        let scored = examples
            .iter()
            .map(|(row, is_false)| (row[place], *is_false));
        let precision = Curve::of(scored).average_precision()?;
        if best.is_none_or(|(most, _)| precision > most) {
            best = Some((precision, choice));
        }
    }
    best.map(|(_, choice)| choice)
}

impl BestSingleFeature {
    /// The feature in use for rooms, accounts, orders and offers, in this order, and whether small values of it are suspicious.
    pub fn chosen(&self) -> [(&'static str, bool); 4] {
        let mut chosen = [("", false); 4];
        for ((place, kind), choice) in chosen.iter_mut().zip(Track::ALL).zip(self.choices) {
            let name = names_of(kind).get(choice.feature).copied().unwrap_or("");
            *place = (name, choice.negated);
        }
        chosen
    }
}

impl Detector for BestSingleFeature {
    fn name(&self) -> &str {
        "best_single_feature"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let choices = &self.choices;
        self.features.observe(event, |about, values| {
            let kind = Track::of(&about);
            let choice = choices[kind as usize];
            if let Some(score) = choice.score(values) {
                let name = names_of(kind).get(choice.feature).copied().unwrap_or("");
                scores.say(about, score, name);
            }
        });
    }

    fn learn(&mut self, streams: &[&Labelled]) {
        let seen: Vec<Examples> = streams.iter().map(|stream| Examples::of(stream)).collect();
        for (place, kind) in self.choices.iter_mut().zip(Track::ALL) {
            let labelled = seen.iter().zip(streams);
            let labelled = labelled.flat_map(|(seen, stream)| seen.labelled(kind, &stream.truth));
            if let Some(choice) = best(kind, &labelled.collect::<Vec<_>>()) {
                *place = choice;
            }
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&(&self.choices, &self.features))
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        let mut taken_up = (self.choices, Features::default());
        recall(&mut taken_up, memory)?;
        (self.choices, self.features) = taken_up;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::{Enter, Source};
    use crate::detect::truth::{Actor, Campaign, Threat};
    use crate::detect::{Frame, What};
    use crate::money::Fen;

    fn campaign(threat: Threat, room: Id, from: Millis, until: Millis) -> Campaign {
        Campaign {
            campaign: 0,
            plan: 0,
            threat,
            tactic: String::new(),
            room,
            product: Some(2),
            operator: String::new(),
            first_evidence: from,
            last_evidence: until,
            tactic_is_known: true,
            operator_is_known: true,
        }
    }

    fn enter(account: u64, device: u64, at: Millis) -> Event {
        let what = What::Enter(Enter {
            room: 1,
            account: Token::of(account),
            device: Token::of(device),
            address: Token::of(account),
            source: Source::Feed,
        });
        Event { at, what }
    }

    /// Ten minutes in which likes cease in the sixth, farm accounts that have a device of their own, and a false offer whose price fell.
    fn stream() -> Labelled {
        let mut stream = Labelled::default();
        for refresh in 0..60_u64 {
            let at = 10_000 * refresh;
            let silent = refresh.saturating_sub(30).min(6);
            let frame = Frame {
                room: 1,
                viewers: 100 + refresh % 7,
                views: refresh * 10,
                likes: (refresh - silent) * 50,
                ..Frame::default()
            };
            let what = What::Frame(frame);
            stream.events.push(Event { at, what });
        }
        stream
            .events
            .extend((0..8).map(|number| enter(number, number.max(4), number)));
        stream.truth.actors = (5..8)
            .map(|number| Actor {
                account: Token::of(number),
                campaign: 0,
                first_evidence: 0,
            })
            .collect();
        for (room, yuan) in [(1, 500), (1, 100), (2, 200), (2, 190)] {
            let what = What::Price {
                room,
                product: 2,
                price: Fen(yuan),
                stock: 1,
            };
            stream.events.push(Event { at: 0, what });
        }
        stream.truth.campaigns = vec![
            campaign(Threat::LongStays, 1, 301_000, 360_000),
            campaign(Threat::StagedMisbid, 1, 0, 600_000),
        ];
        stream
    }

    #[test]
    fn it_learns_the_feature_that_tells_false_from_true() {
        let mut best = BestSingleFeature::default();
        best.learn(&[&stream()]);
        assert_eq!(
            best.chosen(),
            [
                ("likes per viewer-minute", true),
                ("accounts on its device", true),
                ("orders to the delivery address so far", false),
                ("largest fall of the price", false),
            ]
        );
        let mut other = BestSingleFeature::default();
        other.restore(&best.save().unwrap()).unwrap();
        let mut scores = Scores::default();
        other.observe(&enter(3, 9, 1), &mut scores);
        other.observe(&enter(4, 9, 1), &mut scores);
        let said: Vec<f64> = scores.take().map(|said| said.score).collect();
        assert_eq!(said, vec![-1.0, -2.0]);
    }

    #[test]
    fn a_room_minute_is_false_while_a_campaign_about_its_crowd_shows() {
        let truth = stream().truth;
        let minutes = (0..10).filter(|minute| is_false_minute(&truth, 1, *minute));
        assert_eq!(minutes.collect::<Vec<_>>(), vec![5, 6]);
        assert!(!is_false_minute(&truth, 2, 5));
    }

    #[test]
    fn without_examples_it_keeps_its_defaults() {
        let mut best = BestSingleFeature::default();
        best.learn(&[]);
        best.learn(&[&Labelled::default()]);
        let names = best.chosen().map(|(name, _)| name);
        assert_eq!(names[0], "rise of viewers within a minute");
        assert_eq!(names[1], "accounts on its device");
        assert_eq!(names[2], "orders to the delivery address so far");
        assert_eq!(names[3], "claimed counter price over price");
    }
}
