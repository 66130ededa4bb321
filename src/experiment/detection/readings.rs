//! What the leak gate reads off an event: its fields, and what of how it is written, where and when might give it away.

use super::counts::Of;
use crate::detect::event::TokenHasher;
use crate::detect::fields::{Field, Holds, Kind};
use crate::detect::{Event, Millis, Token, TokenMap, What};
use std::collections::HashSet;
use std::hash::BuildHasherDefault;

/// Something read off an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// When within a second.
    Milliseconds,
    /// In which second of a refresh.
    RefreshSecond,
    /// The last digit of its time.
    LastDigit,
    /// Whether it is in an odd row since the beat.
    RowParity,
    /// The last digits of that row.
    RowDigits,
    /// Whether its account did something else at the same millisecond.
    Tied,
    /// Whether its account is in the room.
    Inside,
    /// Whether it is about a product.
    HasProduct,
    /// What a field holds.
    Of(Field),
}

/// Those that are no fields.
const BESIDE_FIELDS: [Reading; 8] = [
    Reading::Milliseconds,
    Reading::RefreshSecond,
    Reading::LastDigit,
    Reading::RowParity,
    Reading::RowDigits,
    Reading::Tied,
    Reading::Inside,
    Reading::HasProduct,
];

impl Reading {
    /// How many there are.
    pub const ALL: usize = BESIDE_FIELDS.len() + Field::ALL;

    /// All of them, in the order of their places.
    pub fn all() -> impl Iterator<Item = Self> {
        let fields = Field::all().map(Reading::Of);
        BESIDE_FIELDS.into_iter().chain(fields)
    }

    /// Its place among all.
    pub fn place(self) -> usize {
        match self {
            Reading::Milliseconds => 0,
            Reading::RefreshSecond => 1,
            Reading::LastDigit => 2,
            Reading::RowParity => 3,
            Reading::RowDigits => 4,
            Reading::Tied => 5,
            Reading::Inside => 6,
            Reading::HasProduct => 7,
            Reading::Of(field) => BESIDE_FIELDS.len() + field as usize,
        }
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Reading::Milliseconds => "at: milliseconds",
            Reading::RefreshSecond => "at: seconds of the refresh",
            Reading::LastDigit => "at: last digit",
            Reading::RowParity => "row: odd or even",
            Reading::RowDigits => "row: last digits",
            Reading::Tied => "at: that of the account's event before",
            Reading::Inside => "account: whether it is in the room",
            Reading::HasProduct => "product: whether there is one",
            Reading::Of(field) => field.name(),
        }
    }

    /// What it is of, in events of a kind.
    pub const fn of(self, kind: Kind) -> Of {
        match self {
            Reading::HasProduct => Of::Word,
            Reading::Of(field) => match (kind, field.fact().holds) {
                (Kind::Frame, _) => Of::Counter,
                (_, Holds::Word(_) | Holds::Flag) => Of::Word,
                _ => Of::Content,
            },
            _ => Of::Form,
        }
    }
}

/// What is read off a token, a place or a price, of which each counts once: names, what it is of, and how.
type OfThings = Vec<(&'static str, Of, fn(u64) -> u64)>;

/// What is read off what a field holds, if that counts once.
pub(super) fn readings_of(field: Field) -> OfThings {
    let digits = |[last, first]: [&'static str; 2]| -> OfThings {
        vec![
            (last, Of::Form, |token| token % 64),
            (first, Of::Form, |token| token >> 44),
        ]
    };
    let fen = |name| -> OfThings { vec![(name, Of::Form, |fen| fen % 100)] };
    match field {
        Field::Account => digits(["account: last digits", "account: first digits"]),
        Field::Device => digits(["device: last digits", "device: first digits"]),
        Field::Address => digits(["address: last digits", "address: first digits"]),
        Field::Order => digits(["order: last digits", "order: first digits"]),
        Field::Delivery => digits(["delivery: last digits", "delivery: first digits"]),
        Field::Payer => digits(["payer: last digits", "payer: first digits"]),
        Field::Room | Field::Anchor | Field::Product => {
            vec![(field.name(), Of::Place, |place| place)]
        }
        Field::PriceFen => fen("price_fen: last digits"),
        Field::AmountFen => fen("amount_fen: last digits"),
        Field::WorthFen => fen("worth_fen: last digits"),
        Field::FigureFen => fen("figure_fen: last digits"),
        _ => Vec::new(),
    }
}

/// What tells of nothing but how a stream is written: when within a second and a refresh, and in which row.
pub(super) fn of_form(event: &Event, row: u64, put: &mut dyn FnMut(Reading, u64)) {
    put(Reading::Milliseconds, event.at % 1_000);
    put(Reading::RefreshSecond, event.at / 1_000 % 10);
    put(Reading::LastDigit, event.at % 10);
    put(Reading::RowParity, row % 2);
    put(Reading::RowDigits, row % 8);
}

/// Where accounts are, and when they were seen last: nobody acts where it is not, and what two events have to do with each other in time must not tell
/// who simulated them.
#[derive(Default)]
pub(super) struct Visits {
    seen: TokenMap<Millis>,
    inside: HashSet<(Token, u64), BuildHasherDefault<TokenHasher>>,
}

impl Visits {
    /// What they tell of an event of an account.
    pub fn of(
        &mut self,
        event: &Event,
        account: Token,
        room: Option<u64>,
        put: &mut dyn FnMut(Reading, u64),
    ) {
        let before = self.seen.insert(account, event.at);
        put(Reading::Tied, u64::from(before == Some(event.at)));
        let Some(room) = room else { return };
        let whose = (account, room);
        match event.what {
            What::Enter(_) => {
                self.inside.insert(whose);
            }
            What::Leave { .. } => {
                self.inside.remove(&whose);
            }
            _ => put(Reading::Inside, u64::from(self.inside.contains(&whose))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_has_a_place_of_its_own() {
        let places: Vec<usize> = Reading::all().map(Reading::place).collect();
        assert_eq!(places, (0..Reading::ALL).collect::<Vec<_>>());
    }
}
