//! What a detector sees: the platform's view, event by event, in the order in which it becomes available.
//!
//! Nothing here is truth. Accounts, devices, network and delivery addresses, payers and orders are opaque [`Token`]s: numbers that say nothing but "the same
//! again". Times are whole milliseconds after the stream's start, for people and bots alike, so that no rounding tells them apart. Events of the same
//! millisecond come in order of their tokens. What is written to files and pipes is these events, field by field (`super::fields`).

use crate::money::Fen;
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Milliseconds after the stream's start.
pub type Millis = u64;

/// An opaque name: below 2^53, so that every language can hold it as a number.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Token(u64);

impl Token {
    /// The token of some hashed identity.
    pub const fn of(hash: u64) -> Self {
        Self(hash & ((1 << 53) - 1))
    }

    /// As a number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Hashes tokens by themselves: they are evenly spread already. With it a map's order is the same in every run.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokenHasher(u64);

impl Hasher for TokenHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }
    fn write_u64(&mut self, word: u64) {
        // The multiplier spreads 53 bits over the upper ones, by which tables choose among slots of a group.
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A map by token.
pub type TokenMap<Value> = HashMap<Token, Value, BuildHasherDefault<TokenHasher>>;

/// Something that the platform sees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When it becomes available.
    pub at: Millis,
    /// What.
    pub what: What,
}

/// What the platform sees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// A display has refreshed: everything before this moment, and all rooms' counters at it, have been handed over. The moment to say what one thinks.
    Beat,
    /// A room goes on or off air.
    Air {
        /// Room: one show of one anchor.
        room: Id,
        /// Anchor.
        anchor: Id,
        /// Whether it is on air now.
        on: bool,
    },
    /// A room's counters when its display refreshes.
    Frame(Frame),
    /// Somebody comes into a room.
    Enter(Enter),
    /// Somebody leaves a room.
    Leave {
        /// Room.
        room: Id,
        /// Account.
        account: Token,
    },
    /// A like.
    Like {
        /// Room.
        room: Id,
        /// Account.
        account: Token,
    },
    /// A comment, by what the platform's classifier makes of its text.
    Comment {
        /// Room.
        room: Id,
        /// Account.
        account: Token,
        /// Class of the text.
        text: Text,
    },
    /// A new follow of the room's anchor.
    Follow {
        /// Room.
        room: Id,
        /// Account.
        account: Token,
    },
    /// A click on the cart link.
    CartClick {
        /// Room.
        room: Id,
        /// Account.
        account: Token,
        /// Product clicked on; `None`: the cart was opened, no product.
        product: Option<Id>,
    },
    /// An order is placed.
    Order(Order),
    /// What was owed for an order is paid, or not.
    Payment {
        /// Order.
        order: Token,
        /// What happened.
        outcome: Outcome,
        /// Money that moved.
        amount: Fen,
        /// Who paid: a wallet or card.
        payer: Token,
    },
    /// Money goes back to a buyer.
    Refund {
        /// Order.
        order: Token,
        /// How much.
        amount: Fen,
    },
    /// A link opens at a price, or its price changes.
    Price {
        /// Room.
        room: Id,
        /// Product.
        product: Id,
        /// Price of a unit.
        price: Fen,
        /// Units on sale at that moment.
        stock: u32,
    },
    /// A link closes.
    Close {
        /// Room.
        room: Id,
        /// Product.
        product: Id,
    },
    /// A "counter price" that the room compares its own with.
    Reference {
        /// Room.
        room: Id,
        /// Product.
        product: Id,
        /// The price claimed.
        price: Fen,
    },
    /// The lowest price at which a product was really sold on a day before the stream's start, from the platform's books.
    SoldBefore {
        /// Product.
        product: Id,
        /// Days before the stream's start, from 1.
        days_ago: u16,
        /// Lowest price of a unit on that day.
        price: Fen,
    },
    /// Somebody is given a coupon.
    Coupon {
        /// Room.
        room: Id,
        /// Account.
        account: Token,
        /// Coupon.
        coupon: Id,
        /// What it takes off at most.
        worth: Fen,
    },
    /// Something said in a room, as the platform's speech-to-text gives it.
    Speech {
        /// Room.
        room: Id,
        /// What kind of thing was said.
        said: Said,
        /// The product that it was about.
        product: Option<Id>,
        /// The figure that was heard (a price; orders or viewers in whole ones times 100); zero: none.
        figure: Fen,
    },
}

/// A room's counters as everybody may see them. Cumulative since it went on air, except viewers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Room.
    pub room: Id,
    /// Accounts that watch now.
    pub viewers: u64,
    /// Entries.
    pub views: u64,
    /// Orders on display.
    pub orders: u64,
    /// Likes.
    pub likes: u64,
    /// Comments.
    pub comments: u64,
    /// New follows.
    pub follows: u64,
    /// Clicks on the cart link.
    pub cart_clicks: u64,
}

/// Somebody comes into a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enter {
    /// Room.
    pub room: Id,
    /// Account.
    pub account: Token,
    /// Device.
    pub device: Token,
    /// Network address.
    pub address: Token,
    /// By which way it came.
    pub source: Source,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Order.
    pub order: Token,
    /// Room; [`crate::market::NO_ROOM`] for what is bought from a shelf without any.
    pub room: Id,
    /// Account.
    pub account: Token,
    /// Address to which it is to be delivered.
    pub delivery: Token,
    /// Product.
    pub product: Id,
    /// Units.
    pub units: u32,
    /// Price of all units, coupons taken off.
    pub price: Fen,
}

/// By which way somebody came into a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The platform's list of rooms.
    Feed,
    /// It follows the anchor, or had planned to come.
    Follow,
    /// An advertisement bought from the platform, declared as such.
    Advertisement,
    /// A link from outside the platform.
    Link,
}

/// What the platform's classifier makes of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// Hello, I am here.
    Greeting,
    /// Praise of the anchor or the goods.
    Praise,
    /// A question.
    Question,
    /// About the price.
    Price,
    /// A word that the anchor asked for.
    Password,
    /// A complaint, or doubt.
    Doubt,
    /// Signs and pictures only.
    Emoji,
    /// Anything else.
    Other,
}

/// What became of what was owed for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Paid.
    Paid,
    /// The deposit of a presale is paid.
    Deposit,
    /// The balance of a presale is paid.
    Balance,
    /// Not paid in time.
    Lapsed,
    /// The balance was not paid, and the deposit is lost.
    Forfeited,
}

/// What kind of thing was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Goods are shown and praised.
    Pitch,
    /// What it costs at the counter.
    CounterPrice,
    /// A price, or a lower one.
    Price,
    /// That it is the lowest price.
    LowestPrice,
    /// How much has been sold.
    Sold,
    /// A quarrel.
    Quarrel,
    /// That something is a mistake.
    Mistake,
    /// A countdown, or that little is left.
    Hurry,
    /// A subsidy.
    Subsidy,
    /// Coupons or gifts.
    Gift,
    /// A guest.
    Guest,
    /// Cheers and music.
    Cheers,
    /// The link opens or closes.
    Link,
    /// Anything else.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_small_and_a_token_fits_into_a_double() {
        assert!(size_of::<Event>() <= 80, "{}", size_of::<Event>());
        let token = Token::of(u64::MAX);
        assert_eq!(token.number() as f64 as u64, token.number());
    }

    #[test]
    fn maps_by_token_have_the_same_order_in_every_run() {
        let fill = || -> Vec<u64> {
            let mut map = TokenMap::default();
            for number in 0..1_000_u64 {
                map.insert(Token::of(number * number * 977), number);
            }
            map.values().copied().collect()
        };
        assert_eq!(fill(), fill());
    }
}
