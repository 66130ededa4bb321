//! What is remembered of what rooms say of products and their prices.

use super::{Take, log_plus_one};
use crate::detect::event::Said;
use crate::detect::{Millis, Subject, What};
use crate::money::Fen;
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The numbers in an offer's vector.
pub const OFFER: [&str; 15] = [
    "whether a reference is claimed",
    "reference to the lowest price of 30 days, ln x",
    "price to the lowest price of 30 days, ln x",
    "drop from the reference to the price, a share",
    "drop from the first price to the price, a share",
    "price changes, ln(1 + x)",
    "freshness of a mistake spoken of, 1 / (1 + minutes)",
    "freshness of a quarrel, 1 / (1 + minutes)",
    "rise of the price since the mistake, ln x",
    "whether the price is still that of the mistake, ten seconds or more later",
    "mistakes of the anchor before this one, ln(1 + x)",
    "quarrels of the anchor before this one, ln(1 + x)",
    "units on sale, ln(1 + x)",
    "calls to hurry, ln(1 + x)",
    "claims of the lowest price, ln(1 + x)",
];

/// Days for which the lowest price sold at is the measure of a reference.
const DAYS: u16 = 30;

/// Milliseconds after which an honest mistake would have been put right.
const PUT_RIGHT: Millis = 10_000;

/// Something said, in a room: when last, and how often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Speech {
    last: Option<Millis>,
    /// How often the anchor had said it before, in any room.
    before: u32,
}

impl Speech {
    /// 1 at the moment that it is said, a half after a minute; 0 if it never was.
    fn freshness(&self, at: Millis) -> f64 {
        let minutes = |last: Millis| at.saturating_sub(last) as f64 / 60_000.0;
        self.last.map_or(0.0, |last| 1.0 / (1.0 + minutes(last)))
    }
}

/// What is remembered of one room's offer of one product.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct OfferPast {
    reference: Option<Fen>,
    first: Option<Fen>,
    price: Option<Fen>,
    stock: u32,
    changes: u32,
    mistake: Speech,
    /// The price when a mistake was last spoken of.
    mistaken: Option<Fen>,
    quarrel: Speech,
    hurry: u32,
    lowest: u32,
}

/// What is remembered of all offers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Offers {
    offers: BTreeMap<(Id, Id), OfferPast>,
    /// The product whose price each room touched last: what is said without naming a product is about it.
    touched: BTreeMap<Id, Id>,
    /// The lowest price of the last days before the stream, by product.
    floors: BTreeMap<Id, Fen>,
    anchors: BTreeMap<Id, Id>,
    /// Mistakes and quarrels that each anchor has spoken of.
    spoken: BTreeMap<Id, (u32, u32)>,
}

/// ln of the ratio of two prices, safe for nothing.
fn log_ratio(price: Fen, other: Fen) -> f64 {
    libm::log((price.yuan().max(0.0) + 0.01) / (other.yuan().max(0.0) + 0.01))
}

/// The share by which a price lies below another; 0 if it does not.
fn drop_share(from: Option<Fen>, to: Fen) -> f64 {
    let share = |from: Fen| 1.0 - to.yuan() / from.yuan().max(0.01);
    from.map_or(0.0, |from| share(from).clamp(0.0, 1.0))
}

impl Offers {
    /// A room's anchor.
    pub(super) fn air(&mut self, room: Id, anchor: Id) {
        self.anchors.insert(room, anchor);
    }

    /// The price on the link.
    pub(super) fn price(&self, room: Id, product: Id) -> Option<Fen> {
        self.offers
            .get(&(room, product))
            .and_then(|past| past.price)
    }

    /// Sees prices, references and speeches; tells the vector of the offer that they are about.
    pub(super) fn observe(&mut self, at: Millis, what: &What, take: Take) {
        match *what {
            What::Price {
                room,
                product,
                price,
                stock,
            } => {
                self.priced(room, product, price, stock);
                self.tell(at, room, product, take);
            }
            What::Reference {
                room,
                product,
                price,
            } => {
                self.offers.entry((room, product)).or_default().reference = Some(price);
                self.tell(at, room, product, take);
            }
            What::SoldBefore {
                product,
                days_ago,
                price,
            } if days_ago <= DAYS => {
                let floor = self.floors.entry(product).or_insert(price);
                *floor = (*floor).min(price);
            }
            What::Speech {
                room,
                said,
                product,
                ..
            } => {
                let touched = self.touched.get(&room).copied();
                if let Some(product) = product.or(touched) {
                    self.speech(at, room, product, said, take);
                }
            }
            _ => {}
        }
    }

    fn priced(&mut self, room: Id, product: Id, price: Fen, stock: u32) {
        let past = self.offers.entry((room, product)).or_default();
        past.first.get_or_insert(price);
        past.changes += u32::from(past.price.is_some_and(|before| before != price));
        past.price = Some(price);
        past.stock = stock;
        self.touched.insert(room, product);
    }

    fn speech(&mut self, at: Millis, room: Id, product: Id, said: Said, take: Take) {
        let anchor = self.anchors.get(&room).copied().unwrap_or(room);
        let spoken = self.spoken.entry(anchor).or_default();
        let past = self.offers.entry((room, product)).or_default();
        let remember = |speech: &mut Speech, count: &mut u32| {
            speech.last = Some(at);
            speech.before = *count;
            *count += 1;
        };
        match said {
            Said::Mistake => {
                remember(&mut past.mistake, &mut spoken.0);
                past.mistaken = past.price;
            }
            Said::Quarrel => remember(&mut past.quarrel, &mut spoken.1),
            Said::Hurry => past.hurry += 1,
            Said::LowestPrice => past.lowest += 1,
            _ => return,
        }
        self.tell(at, room, product, take);
    }

    fn tell(&self, at: Millis, room: Id, product: Id, take: Take) {
        if let Some(past) = self.offers.get(&(room, product)) {
            let floor = self.floors.get(&product).copied();
            take(Subject::Offer { room, product }, &past.vector(at, floor));
        }
    }
}

impl OfferPast {
    /// Rise of the price since a mistake was spoken of, and whether nobody has put it right in time.
    fn after_mistake(&self, at: Millis, price: Fen) -> (f64, f64) {
        let (Some(last), Some(mistaken)) = (self.mistake.last, self.mistaken) else {
            return (0.0, 0.0);
        };
        let kept = price <= mistaken && at >= last + PUT_RIGHT;
        (
            log_ratio(price, mistaken).max(0.0),
            f64::from(u8::from(kept)),
        )
    }

    fn vector(&self, at: Millis, floor: Option<Fen>) -> [f64; OFFER.len()] {
        let price = self.price.or(self.reference).unwrap_or_default();
        let over_floor = |price: Option<Fen>| match (price, floor) {
            (Some(price), Some(floor)) => log_ratio(price, floor),
            _ => 0.0,
        };
        let (rise, kept) = self.after_mistake(at, price);
        [
            f64::from(u8::from(self.reference.is_some())),
            over_floor(self.reference),
            over_floor(self.price),
            drop_share(self.reference, price),
            drop_share(self.first, price),
            log_plus_one(f64::from(self.changes)),
            self.mistake.freshness(at),
            self.quarrel.freshness(at),
            rise,
            kept,
            log_plus_one(f64::from(self.mistake.before)),
            log_plus_one(f64::from(self.quarrel.before)),
            log_plus_one(f64::from(self.stock)),
            log_plus_one(f64::from(self.hurry)),
            log_plus_one(f64::from(self.lowest)),
        ]
    }
}
