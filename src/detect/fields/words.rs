//! The words that stand on the wire for kinds and classes: each once, both ways.

use crate::detect::event::{Event, Outcome, Said, Source, Text, What};

/// Something that is a word on the wire.
pub trait Word: Sized + 'static {
    /// All words, in the order of the kinds that they stand for.
    const WORDS: &'static [&'static str];

    /// The word for it.
    fn word(self) -> &'static str;

    /// What a word stands for; `None`: nothing.
    fn of_word(word: &str) -> Option<Self>;
}

macro_rules! words {
    ($what:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl Word for $what {
            const WORDS: &'static [&'static str] = &[$($word),*];

            #[inline]
            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

macro_rules! kinds {
    ($($kind:ident = $word:literal: $meaning:literal),* $(,)?) => {
        /// A kind of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $meaning] $kind),*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),*];

            /// What an event of this kind says, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Kind::$kind => $meaning),*
                }
            }
        }

        words!(Kind { $($kind = $word),* });
    };
}

kinds! {
    Beat = "beat": "A display has refreshed: everything before this moment, and all counters at it, have been handed over.",
    Air = "air": "A room goes on or off air.",
    Frame = "frame": "A room's counters when its display refreshes; cumulative since it went on air, except viewers.",
    Enter = "enter": "Somebody comes into a room.",
    Leave = "leave": "Somebody leaves a room.",
    Like = "like": "A like.",
    Comment = "comment": "A comment.",
    Follow = "follow": "A new follow of the room's anchor.",
    CartClick = "cart_click": "A click on the cart link, or on a product in the cart.",
    Order = "order": "An order is placed.",
    Payment = "payment": "What was owed for an order is paid, or not.",
    Refund = "refund": "Money goes back to a buyer.",
    Price = "price": "A link opens at a price, or its price changes.",
    Close = "close": "A link closes.",
    Reference = "reference": "A counter price that the room compares its own with.",
    SoldBefore = "sold_before": "The lowest price at which a product was really sold on a day before the stream's start.",
    Coupon = "coupon": "Somebody is given a coupon.",
    Speech = "speech": "Something said in a room, as the platform's speech-to-text gives it.",
}

impl Kind {
    /// The kind of an event.
    pub const fn of(event: &Event) -> Self {
        match event.what {
            What::Beat => Kind::Beat,
            What::Air { .. } => Kind::Air,
            What::Frame(_) => Kind::Frame,
            What::Enter(_) => Kind::Enter,
            What::Leave { .. } => Kind::Leave,
            What::Like { .. } => Kind::Like,
            What::Comment { .. } => Kind::Comment,
            What::Follow { .. } => Kind::Follow,
            What::CartClick { .. } => Kind::CartClick,
            What::Order(_) => Kind::Order,
            What::Payment { .. } => Kind::Payment,
            What::Refund { .. } => Kind::Refund,
            What::Price { .. } => Kind::Price,
            What::Close { .. } => Kind::Close,
            What::Reference { .. } => Kind::Reference,
            What::SoldBefore { .. } => Kind::SoldBefore,
            What::Coupon { .. } => Kind::Coupon,
            What::Speech { .. } => Kind::Speech,
        }
    }
}

words!(Source {
    Feed = "feed",
    Follow = "follow",
    Advertisement = "advertisement",
    Link = "link",
});

words!(Text {
    Greeting = "greeting",
    Praise = "praise",
    Question = "question",
    Price = "price",
    Password = "password",
    Doubt = "doubt",
    Emoji = "emoji",
    Other = "other",
});

words!(Outcome {
    Paid = "paid",
    Deposit = "deposit",
    Balance = "balance",
    Lapsed = "lapsed",
    Forfeited = "forfeited",
});

words!(Said {
    Pitch = "pitch",
    CounterPrice = "counter_price",
    Price = "price",
    LowestPrice = "lowest_price",
    Sold = "sold",
    Quarrel = "quarrel",
    Mistake = "mistake",
    Hurry = "hurry",
    Subsidy = "subsidy",
    Gift = "gift",
    Guest = "guest",
    Cheers = "cheers",
    Link = "link",
    Other = "other",
});

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// The words must be those that serde writes for the same kinds elsewhere.
    fn agrees_with_serde<Thing: Word + Serialize + DeserializeOwned>() {
        for word in Thing::WORDS {
            let quoted = format!("\"{word}\"");
            let thing: Thing = serde_json::from_str(&quoted).unwrap();
            assert_eq!(serde_json::to_string(&thing).unwrap(), quoted);
            assert_eq!(thing.word(), *word);
            assert!(Thing::of_word(word).is_some());
        }
        assert!(Thing::of_word("nothing").is_none());
    }

    #[test]
    fn words_are_those_of_serde() {
        agrees_with_serde::<Source>();
        agrees_with_serde::<Text>();
        agrees_with_serde::<Outcome>();
        agrees_with_serde::<Said>();
    }

    #[test]
    fn every_kind_has_its_own_word() {
        for (kind, word) in Kind::ALL.iter().zip(Kind::WORDS) {
            assert_eq!(Kind::of_word(word), Some(*kind));
        }
        assert_eq!(Kind::ALL.len(), 18);
    }
}
