//! Raw single features of rooms, accounts, orders and offers, as they are known after each event.
//!
//! Shared by baselines that use features as they are. Features of rooms and offers are worked out here, those of accounts and orders beside it. A
//! value may be missing: `None` until there is something to tell.

use super::account_features::Accounts;
use super::counters::{LastMinute, Step};
use crate::detect::scoring::Track;
use crate::detect::{Event, Frame, Millis, Subject, What};
use crate::money::Fen;
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Features of a kind of subject at most.
pub const MOST: usize = 8;

/// The values of a subject's features, in the order of their names; `None`: not known yet, or the kind has fewer features.
pub type Values = [Option<f64>; MOST];

/// Features of a room, all but the first over the last minute.
const ROOM: [&str; 8] = [
    "viewers",
    "rise of viewers within a minute",
    "views per minute",
    "orders per minute",
    "likes per viewer-minute",
    "comments per viewer-minute",
    "follows per view",
    "clicks per viewer-minute",
];

/// Features of an account.
const ACCOUNT: [&str; 5] = [
    "entries into rooms",
    "mean stay in seconds",
    "acts per visit",
    "accounts on its device",
    "accounts on its address",
];

/// Features of an order.
const ORDER: [&str; 5] = [
    "price in yuan",
    "units",
    "seconds since the account came in",
    "orders of the account so far",
    "orders to the delivery address so far",
];

/// Features of an offer.
const OFFER: [&str; 2] = [
    "claimed counter price over price",
    "largest fall of the price",
];

/// The names of its features.
pub const fn names_of(track: Track) -> &'static [&'static str] {
    match track {
        Track::Rooms => &ROOM,
        Track::Accounts => &ACCOUNT,
        Track::Orders => &ORDER,
        Track::Offers => &OFFER,
    }
}

/// All that features are worked out from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    rooms: BTreeMap<Id, LastMinute>,
    accounts: Accounts,
    offers: BTreeMap<(Id, Id), Offer>,
}

/// What is known of an offer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Offer {
    claimed: Option<Fen>,
    price: Option<Fen>,
    /// Largest share by which the price has fallen at once.
    fall: Option<f64>,
}

/// Values with nothing behind the last one given.
pub fn values<const COUNT: usize>(given: [Option<f64>; COUNT]) -> Values {
    let mut all = [None; MOST];
    for (place, value) in all.iter_mut().zip(given) {
        *place = value;
    }
    all
}

/// The features of a room of which this came within a minute.
fn of_room(frame: &Frame, step: &Step) -> Values {
    // Of an empty room everything is 0 per viewer.
    let viewer_minutes = step.viewer_minutes().max(1.0);
    let per_viewer = |count: u64| count as f64 / viewer_minutes;
    let all = [
        frame.viewers as f64,
        step.more_viewers,
        step.per_minute(step.views),
        step.per_minute(step.orders),
        per_viewer(step.likes),
        per_viewer(step.comments),
        step.follows as f64 / step.views.max(1) as f64,
        per_viewer(step.cart_clicks),
    ];
    all.map(Some)
}

impl Offer {
    fn values(&self) -> Values {
        let ratio = self.claimed.zip(self.price).map(|(claimed, price)| {
            // A price of nothing counts as the smallest there is.
            claimed.0 as f64 / price.0.max(1) as f64
        });
        values([ratio, self.fall])
    }

    fn price(&mut self, price: Fen) {
        if let Some(before) = self.price.replace(price)
            && before.0 > 0
        {
            let fall = 1.0 - price.0 as f64 / before.0 as f64;
            self.fall = Some(self.fall.map_or(fall, |largest| largest.max(fall)));
        }
    }
}

impl Features {
    /// Takes an event in, and tells the features of all that it is about.
    pub fn observe(&mut self, event: &Event, mut tell: impl FnMut(Subject, &Values)) {
        match event.what {
            What::Frame(frame) => self.frame(event.at, &frame, &mut tell),
            What::Price {
                room,
                product,
                price,
                ..
            } => {
                let offer = self.offers.entry((room, product)).or_default();
                offer.price(price);
                tell(Subject::Offer { room, product }, &offer.values());
            }
            What::Reference {
                room,
                product,
                price,
            } => {
                let offer = self.offers.entry((room, product)).or_default();
                offer.claimed = Some(price);
                tell(Subject::Offer { room, product }, &offer.values());
            }
            _ => self.accounts.observe(event, &mut tell),
        }
    }

    fn frame(&mut self, at: Millis, frame: &Frame, tell: &mut impl FnMut(Subject, &Values)) {
        let room = self.rooms.entry(frame.room).or_default();
        if let Some(step) = room.step(at, frame) {
            tell(Subject::Room(frame.room), &of_room(frame, &step));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(features: &mut Features, at: Millis, what: What) -> Vec<Values> {
        let mut all = Vec::new();
        features.observe(&Event { at, what }, |_, values| all.push(*values));
        all
    }

    #[test]
    fn a_room_has_its_features_from_the_first_minute_on() {
        let mut features = Features::default();
        for refresh in 0..=6 {
            let frame = Frame {
                room: 1,
                viewers: 100 + refresh,
                views: 500 + 5 * refresh,
                orders: 7 * refresh,
                likes: 50 * refresh,
                comments: 10 * refresh,
                follows: 2 * refresh,
                cart_clicks: 30 * refresh,
            };
            let told = told(&mut features, 10_000 * refresh, What::Frame(frame));
            if refresh < 6 {
                assert!(told.is_empty());
                continue;
            }
            // Viewers were 100 to 105 for ten seconds each: 102.5 viewer-minutes.
            let expected = [
                106.0,
                6.0,
                30.0,
                42.0,
                300.0 / 102.5,
                60.0 / 102.5,
                0.4,
                180.0 / 102.5,
            ];
            assert_eq!(told, vec![expected.map(Some)]);
        }
    }

    #[test]
    fn an_offer_has_a_ratio_and_a_fall() {
        let (room, product) = (1, 2);
        let price = |yuan: i64| What::Price {
            room,
            product,
            price: Fen(100 * yuan),
            stock: 1,
        };
        let claim = What::Reference {
            room,
            product,
            price: Fen(60_000),
        };
        let mut features = Features::default();
        let nothing = values([None, None]);
        assert_eq!(told(&mut features, 0, claim), vec![nothing]);
        let first = values([Some(3.0), None]);
        assert_eq!(told(&mut features, 1, price(200)), vec![first]);
        let fallen = values([Some(12.0), Some(0.75)]);
        assert_eq!(told(&mut features, 2, price(50)), vec![fallen]);
        let risen = values([Some(3.0), Some(0.75)]);
        assert_eq!(told(&mut features, 3, price(200)), vec![risen]);
    }

    #[test]
    fn every_feature_has_a_place() {
        for kind in Track::ALL {
            assert!((1..=MOST).contains(&names_of(kind).len()));
        }
    }
}
