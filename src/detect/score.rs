//! What a detector says: scores, each about one thing, as often as it likes.

use super::event::{Millis, Token};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};

/// What a score is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A room: that its crowd, its likes or its orders are bought, now. The score holds until another one is given.
    Room(Id),
    /// An account: that it belongs to a farm. The last score counts.
    Account(Token),
    /// An order: that it is brushed, or placed for a farm. The last score counts.
    Order(Token),
    /// What a room says of a product and its price: that it is staged or inflated. The last score counts.
    Offer {
        /// Room.
        room: Id,
        /// Product.
        product: Id,
    },
}

impl std::fmt::Display for Subject {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Room(room) => write!(to, "room {room}"),
            Subject::Account(account) => write!(to, "account {}", account.number()),
            Subject::Order(order) => write!(to, "order {}", order.number()),
            Subject::Offer { room, product } => write!(to, "product {product} in room {room}"),
        }
    }
}

/// How suspicious something is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// When it was said: the time of the last event or beat that the detector had seen.
    pub at: Millis,
    /// About what.
    pub about: Subject,
    /// The higher, the more suspicious; any finite number. Only order and thresholds matter.
    pub score: f64,
    /// What it has seen, in words; may be empty.
    pub reason: &'static str,
}

/// Takes what a detector says.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    now: Millis,
    said: Vec<Score>,
}

impl Scores {
    /// Says how suspicious something is.
    pub fn say(&mut self, about: Subject, score: f64, reason: &'static str) {
        self.said.push(Score {
            at: self.now,
            about,
            score,
            reason,
        });
    }

    /// Says it of a room.
    pub fn room(&mut self, room: Id, score: f64) {
        self.say(Subject::Room(room), score, "");
    }

    /// Says it of an account.
    pub fn account(&mut self, account: Token, score: f64) {
        self.say(Subject::Account(account), score, "");
    }

    /// Says it of an order.
    pub fn order(&mut self, order: Token, score: f64) {
        self.say(Subject::Order(order), score, "");
    }

    /// Says it of what a room says of a product.
    pub fn offer(&mut self, room: Id, product: Id, score: f64) {
        self.say(Subject::Offer { room, product }, score, "");
    }

    /// The harness's clock: what is said from now on is said at this time.
    pub fn set_time(&mut self, now: Millis) {
        self.now = now;
    }

    /// What has been said, in order, and forgets it.
    pub fn take(&mut self) -> std::vec::Drain<'_, Score> {
        self.said.drain(..)
    }
}
