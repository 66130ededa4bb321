//! What there is to be told apart in a stream: minutes of rooms, accounts, orders and offers, each with its label.
//!
//! Made once per stream from its events and its truth, and shared by all detectors that are tried on it. The definitions are in [`super`].

use super::track::{PerTrack, Track};
use crate::detect::event::{Event, Millis, Token, TokenMap, What};
use crate::detect::score::Subject;
use crate::detect::truth::{BenignTwin, Campaign, RoomFact, Truth};
use crate::scenario::Id;
use std::collections::BTreeMap;
use std::ops::Range;

/// Milliseconds of a minute.
pub const MINUTE: Millis = 60_000;

/// Milliseconds after a campaign's last evidence in which what is said of its room counts neither for nor against.
pub const AFTER_EFFECTS: Millis = 5 * MINUTE;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Honest.
    Negative,
    /// Neither: it is not counted.
    Ignored,
    /// A deception.
    Positive,
}

/// The items of a track, by place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items {
    /// What each is.
    pub labels: Vec<Label>,
    /// Positives with their campaigns, as (place of the item, place of the campaign), in order. A positive can have several.
    pub campaigns: Vec<(usize, usize)>,
}

/// A room of the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Show {
    /// What is true about it.
    pub fact: RoomFact,
    /// Whether it has no campaign of any kind.
    pub honest: bool,
    /// Number, from the stream's start, of the first minute that it was on air for as a whole.
    pub first_minute: u64,
    /// Places of its minutes among the items of [`Track::Rooms`].
    pub minutes: Range<usize>,
}

impl Show {
    /// How long it was on air, in hours.
    pub fn hours(&self) -> f64 {
        self.fact.until.saturating_sub(self.fact.from) as f64 / (60 * MINUTE) as f64
    }

    /// Places of its minutes that begin or go on between two moments, both included.
    fn minutes_between(&self, from: Millis, to: Millis) -> Range<usize> {
        let place = |minute: u64| {
            let after = minute.saturating_sub(self.first_minute);
            let after = usize::try_from(after).unwrap_or(usize::MAX);
            self.minutes
                .start
                .saturating_add(after)
                .min(self.minutes.end)
        };
        place(from / MINUTE)..place(to / MINUTE + 1)
    }
}

/// What there is to be told apart in a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Universe {
    /// Rooms, in order.
    pub shows: Vec<Show>,
    /// Campaigns, as the truth has them.
    pub campaigns: Vec<Campaign>,
    /// Of each campaign, whether its room is of the second half of the stream's rooms in order of beginning.
    pub late: Vec<bool>,
    /// What is honest and looks like a deception, as the truth has it.
    pub twins: Vec<BenignTwin>,
    items: PerTrack<Items>,
    accounts: TokenMap<usize>,
    orders: TokenMap<usize>,
    offers: BTreeMap<(Id, Id), usize>,
}

impl Universe {
    /// What there is in a stream.
    pub fn of(events: &[Event], truth: &Truth) -> Self {
        let mut universe = Self {
            campaigns: truth.campaigns.clone(),
            twins: truth.twins.clone(),
            ..Self::default()
        };
        universe.add_shows(truth);
        universe.label_minutes();
        universe.add_entities(events);
        universe.label_entities(truth);
        for track in Track::ALL {
            universe.items.get_mut(track).campaigns.sort_unstable();
        }
        universe
    }

    /// The items of a track.
    pub const fn items(&self, track: Track) -> &Items {
        self.items.get(track)
    }

    /// The place of a room among the shows.
    pub fn show(&self, room: Id) -> Option<usize> {
        let order = |show: &Show| show.fact.room.cmp(&room);
        self.shows.binary_search_by(order).ok()
    }

    /// The place of an account, an order or an offer among the items of its track; `None` for rooms, which are not items but have some.
    pub fn entity(&self, about: Subject) -> Option<(Track, usize)> {
        match about {
            Subject::Room(_) => None,
            Subject::Account(account) => Some((Track::Accounts, *self.accounts.get(&account)?)),
            Subject::Order(order) => Some((Track::Orders, *self.orders.get(&order)?)),
            Subject::Offer { room, product } => {
                Some((Track::Offers, *self.offers.get(&(room, product))?))
            }
        }
    }

    fn add_shows(&mut self, truth: &Truth) {
        let mut facts = truth.rooms.clone();
        facts.sort_by_key(|fact| fact.room);
        facts.dedup_by_key(|fact| fact.room);
        let mut next = 0;
        for fact in facts {
            let first_minute = fact.from.div_ceil(MINUTE);
            let count = (fact.until / MINUTE).saturating_sub(first_minute);
            let end = next + usize::try_from(count).unwrap_or(0);
            self.shows.push(Show {
                fact,
                honest: true,
                first_minute,
                minutes: next..end,
            });
            next = end;
        }
        self.items.rooms.labels = vec![Label::Negative; next];
        for campaign in &truth.campaigns {
            if let Some(show) = self.show(campaign.room)
                && let Some(show) = self.shows.get_mut(show)
            {
                show.honest = false;
            }
        }
        self.late = self.late_campaigns();
    }

    fn late_campaigns(&self) -> Vec<bool> {
        let mut order: Vec<(Millis, Id)> = self
            .shows
            .iter()
            .map(|show| (show.fact.from, show.fact.room))
            .collect();
        order.sort_unstable();
        let late: BTreeMap<Id, bool> = order
            .iter()
            .enumerate()
            .map(|(place, (_, room))| (*room, 2 * place >= order.len()))
            .collect();
        let is_late = |campaign: &Campaign| late.get(&campaign.room).copied().unwrap_or(false);
        self.campaigns.iter().map(is_late).collect()
    }

    fn label_minutes(&mut self) {
        let items = &mut self.items.rooms;
        for (place, campaign) in self.campaigns.iter().enumerate() {
            let (from, to) = (campaign.first_evidence, campaign.last_evidence);
            let order = |show: &Show| show.fact.room.cmp(&campaign.room);
            let Some(show) = self.shows.binary_search_by(order).ok() else {
                continue;
            };
            let Some(show) = self.shows.get(show).filter(|_| from <= to) else {
                continue;
            };
            let during = show.minutes_between(from, to);
            if campaign.threat.is_about_an_offer() {
                raise(&mut items.labels, during, Label::Ignored);
                continue;
            }
            let until = to.saturating_add(AFTER_EFFECTS);
            let touched = show.minutes_between(from, until);
            raise(&mut items.labels, touched, Label::Ignored);
            raise(&mut items.labels, during.clone(), Label::Positive);
            items.campaigns.extend(during.map(|minute| (minute, place)));
        }
    }

    fn add_entities(&mut self, events: &[Event]) {
        for event in events {
            match event.what {
                What::Enter(enter) => {
                    let next = self.accounts.len();
                    self.accounts.entry(enter.account).or_insert(next);
                }
                What::Order(order) => {
                    let next = self.orders.len();
                    self.orders.entry(order.order).or_insert(next);
                }
                What::Price { room, product, .. } | What::Reference { room, product, .. } => {
                    let next = self.offers.len();
                    self.offers.entry((room, product)).or_insert(next);
                }
                _ => {}
            }
        }
        self.items.accounts.labels = vec![Label::Negative; self.accounts.len()];
        self.items.orders.labels = vec![Label::Negative; self.orders.len()];
        self.items.offers.labels = vec![Label::Negative; self.offers.len()];
    }

    fn label_entities(&mut self, truth: &Truth) {
        let numbered = truth.campaigns.iter().enumerate();
        let campaigns: BTreeMap<u32, usize> = numbered
            .map(|(place, campaign)| (campaign.campaign, place))
            .collect();
        let campaign = |number: u32| campaigns.get(&number).copied();
        let actors = truth.actors.iter();
        let actors = actors.map(|actor| (actor.account, campaign(actor.campaign)));
        mark(&mut self.items.accounts, &self.accounts, actors);
        let orders = truth.orders.iter();
        let orders = orders.map(|order| (order.order, campaign(order.campaign)));
        mark(&mut self.items.orders, &self.orders, orders);
        for (place, campaign) in truth.campaigns.iter().enumerate() {
            let offer = campaign.product.map(|product| (campaign.room, product));
            let offer = offer.filter(|_| campaign.threat.is_about_an_offer());
            if let Some(item) = offer.and_then(|offer| self.offers.get(&offer)) {
                raise(
                    &mut self.items.offers.labels,
                    *item..item + 1,
                    Label::Positive,
                );
                self.items.offers.campaigns.push((*item, place));
            }
        }
    }
}

/// Gives items a label, unless they have a weightier one.
fn raise(labels: &mut [Label], places: Range<usize>, label: Label) {
    for held in labels.get_mut(places).into_iter().flatten() {
        *held = label.max(*held);
    }
}

/// Labels as positive what is named, where there is such a thing.
fn mark(
    items: &mut Items,
    places: &TokenMap<usize>,
    named: impl Iterator<Item = (Token, Option<usize>)>,
) {
    for (token, campaign) in named {
        if let Some(&item) = places.get(&token) {
            raise(&mut items.labels, item..item + 1, Label::Positive);
            items
                .campaigns
                .extend(campaign.map(|campaign| (item, campaign)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{campaign, enter, market, room, token};
    use super::*;
    use crate::detect::truth::Threat;

    fn places(labels: &[Label], wanted: Label) -> Vec<usize> {
        let all = labels.iter().enumerate();
        all.filter(|(_, label)| **label == wanted)
            .map(|(place, _)| place)
            .collect()
    }

    #[test]
    fn minutes_are_positive_during_a_campaign_and_ignored_after_it() {
        let (events, truth) = market();
        let universe = Universe::of(&events, &truth);
        let minutes = universe.items(Track::Rooms);
        assert_eq!(minutes.labels.len(), 180);
        let positive: Vec<usize> = (10..20).collect();
        assert_eq!(places(&minutes.labels, Label::Positive), positive);
        let ignored: Vec<usize> = (20..25).chain(90..100).collect();
        assert_eq!(places(&minutes.labels, Label::Ignored), ignored);
        // Each positive minute belongs to both campaigns of room 1.
        let campaigns: Vec<(usize, usize)> = (10..20)
            .flat_map(|minute| [(minute, 0), (minute, 2)])
            .collect();
        assert_eq!(minutes.campaigns, campaigns);
        let honest: Vec<bool> = universe.shows.iter().map(|show| show.honest).collect();
        assert_eq!(honest, [false, false, true]);
        assert_eq!(universe.shows[0].hours(), 1.0);
    }

    #[test]
    fn only_whole_minutes_on_air_are_items() {
        let mut fact = room(4, 0, 0);
        (fact.from, fact.until) = (90_000, 250_000);
        let short = RoomFact {
            room: 5,
            from: 61_000,
            until: 119_000,
            ..fact.clone()
        };
        let truth = Truth {
            campaigns: vec![
                campaign(0, Threat::Followers, 4, 179_999, 180_000),
                campaign(1, Threat::Followers, 5, 70_000, u64::MAX),
                campaign(2, Threat::Followers, 6, 0, 1),
            ],
            rooms: vec![short, fact],
            ..Truth::default()
        };
        let universe = Universe::of(&[], &truth);
        let minutes = universe.items(Track::Rooms);
        // Minutes 2 and 3 of room 4; the campaign touches both. Room 5 has none, and room 6 does not exist.
        assert_eq!(minutes.labels, [Label::Positive, Label::Positive]);
        assert_eq!(minutes.campaigns, [(0, 0), (1, 0)]);
        assert_eq!(universe.shows[0].first_minute, 2);
        assert!(universe.shows[1].minutes.is_empty());
        assert_eq!(universe.late, [true, false, false]);
    }

    #[test]
    fn entities_are_what_the_events_show_and_the_truth_names() {
        let (mut events, mut truth) = market();
        // Entering again adds nothing, and an actor that never entered is no item.
        events.push(enter(50 * MINUTE, 3));
        truth.actors[0].account = token(99);
        // Orders of a product are brushed; its offer is honest.
        truth.campaigns[2].product = Some(7);
        let universe = Universe::of(&events, &truth);
        let accounts = universe.items(Track::Accounts);
        assert_eq!(accounts.labels.len(), 14);
        assert_eq!(places(&accounts.labels, Label::Positive), [11, 12, 13]);
        assert_eq!(accounts.campaigns, [(11, 0), (12, 0), (13, 0)]);
        let orders = universe.items(Track::Orders);
        assert_eq!(places(&orders.labels, Label::Positive), [3, 4]);
        assert_eq!(orders.campaigns, [(3, 2), (4, 2)]);
        let offers = universe.items(Track::Offers);
        assert_eq!(offers.labels.len(), 3);
        assert_eq!(places(&offers.labels, Label::Positive), [1]);
        assert_eq!(offers.campaigns, [(1, 1)]);
        assert_eq!(universe.entity(Subject::Account(token(99))), None);
        assert_eq!(Universe::of(&[], &Truth::default()), Universe::default());
    }
}
