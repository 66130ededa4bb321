//! Suspects everything, once: what a detector has to be better than in telling one thing from another.

use crate::detect::{Detector, Event, Scores, TokenMap, What, keep, recall};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The detector that gives everything a score of 1, when it is first seen: rooms at a frame, accounts at an entry, orders, offers at a price.
#[derive(Debug, Clone, Default)]
pub struct Always {
    met: Met,
}

/// What it has met.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Met {
    rooms: BTreeSet<Id>,
    accounts: TokenMap<()>,
    orders: TokenMap<()>,
    offers: BTreeSet<(Id, Id)>,
}

impl Detector for Always {
    fn name(&self) -> &str {
        "always"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let met = &mut self.met;
        match event.what {
            What::Frame(frame) if met.rooms.insert(frame.room) => scores.room(frame.room, 1.0),
            What::Enter(enter) if met.accounts.insert(enter.account, ()).is_none() => {
                scores.account(enter.account, 1.0);
            }
            What::Order(order) if met.orders.insert(order.order, ()).is_none() => {
                scores.order(order.order, 1.0);
            }
            What::Price { room, product, .. } if met.offers.insert((room, product)) => {
                scores.offer(room, product, 1.0);
            }
            _ => (),
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&self.met)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut self.met, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::{Enter, Order, Source};
    use crate::detect::{Frame, Subject, Token};
    use crate::money::Fen;

    #[test]
    fn everything_is_suspected_once() {
        let (room, product, token) = (1, 2, Token::of(3));
        let seen = [
            What::Frame(Frame {
                room,
                ..Frame::default()
            }),
            What::Enter(Enter {
                room,
                account: token,
                device: token,
                address: token,
                source: Source::Feed,
            }),
            What::Order(Order {
                order: token,
                room,
                account: token,
                delivery: token,
                product,
                units: 1,
                price: Fen(100),
            }),
            What::Price {
                room,
                product,
                price: Fen(100),
                stock: 1,
            },
        ];
        let mut always = Always::default();
        let mut scores = Scores::default();
        for what in seen.into_iter().chain(seen) {
            always.observe(&Event { at: 0, what }, &mut scores);
        }
        let about: Vec<Subject> = scores.take().map(|said| said.about).collect();
        let once = [
            Subject::Room(room),
            Subject::Account(token),
            Subject::Order(token),
            Subject::Offer { room, product },
        ];
        assert_eq!(about, once);
        let mut other = Always::default();
        other.restore(&always.save().unwrap()).unwrap();
        assert_eq!(always.met, other.met);
    }
}
