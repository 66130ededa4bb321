//! The wire, field by field: the one place that says which fields an event has in files and pipes, what they hold and what they mean.
//!
//! An event is a flat record: a time, a kind, and the fields that events of this kind carry. A field has one meaning and one unit wherever it stands.
//! JSON keys ([`super::json_lines`]), Arrow columns ([`super::columns`]) and the table in docs/detectors.md all come from [`FIELDS`]. This file knows
//! nothing of any format: `record` takes an event apart and puts it together again, the formats move the fields.

#[cfg(test)]
pub(crate) mod any;
mod record;
mod subject;
mod words;

pub use record::{FieldError, ReadFields, WriteFields, read_event, write_event};
pub use subject::SubjectFields;
pub use words::{Kind, Word};

use super::event::{Outcome, Said, Source, Text};
use std::fmt::Write;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A whole number below 2^64.
    Count,
    /// A whole number below 2^53 that says nothing but "the same again".
    Token,
    /// A whole number below 2^32.
    Number,
    /// Money, in whole fen; may be negative.
    Fen,
    /// True or false.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Holds {
    /// The name of the type in the table of fields.
    pub const fn name(self) -> &'static str {
        match self {
            Holds::Count => "u64",
            Holds::Token => "token (u64)",
            Holds::Number => "u32",
            Holds::Fen => "i64",
            Holds::Flag => "true or false",
            Holds::Word(_) => "text",
        }
    }
}

/// What there is to know of a field.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// The field.
    pub field: Field,
    /// Its name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Its unit; empty where there is none.
    pub unit: &'static str,
    /// Kinds of events that always carry it.
    pub always: &'static [Kind],
    /// Kinds of events that carry it where there is something to say.
    pub sometimes: &'static [Kind],
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// The name in quotes and a colon, as JSON begins a field.
    pub(super) json_key: &'static str,
}

macro_rules! kinds_of {
    (every) => { Kind::ALL };
    ($($kind:ident)*) => { &[$(Kind::$kind),*] };
}

macro_rules! fields {
    ($($field:ident $name:literal $holds:expr, $unit:literal, [$($always:tt)*] [$($sometimes:tt)*] $meaning:literal;)*) => {
        /// A field of an event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = $meaning] $field),*
        }

        /// All fields, in the order in which they are written.
        pub const FIELDS: &[Fact] = &[
            $(Fact {
                field: Field::$field,
                name: $name,
                holds: $holds,
                unit: $unit,
                always: kinds_of!($($always)*),
                sometimes: kinds_of!($($sometimes)*),
                meaning: $meaning,
                json_key: concat!("\"", $name, "\":"),
            }),*
        ];
    };
}

fields! {
    At "at" Holds::Count, "ms", [every] []
        "When the event becomes available, after the stream's start.";
    Kind "kind" Holds::Word(Kind::WORDS), "", [every] []
        "What kind of event it is.";
    Room "room" Holds::Number, "",
        [Air Frame Enter Leave Like Comment Follow CartClick Price Close Reference Coupon Speech] [Order]
        "Room: one show of one anchor; absent where something is bought from a shelf without any.";
    Anchor "anchor" Holds::Number, "", [Air] []
        "Anchor whose room it is.";
    On "on" Holds::Flag, "", [Air] []
        "Whether the room is on air from now on.";
    Account "account" Holds::Token, "", [Enter Leave Like Comment Follow CartClick Order Coupon] []
        "Account that acts.";
    Device "device" Holds::Token, "", [Enter] []
        "Device on which the account is used.";
    Address "address" Holds::Token, "", [Enter] []
        "Network address from which it comes.";
    Source "source" Holds::Word(Source::WORDS), "", [Enter] []
        "By which way somebody came: the platform's list, as a follower, by a declared advertisement, by a link from outside.";
    Text "text" Holds::Word(Text::WORDS), "", [Comment] []
        "What the platform's classifier makes of a comment.";
    Order "order" Holds::Token, "", [Order Payment Refund] []
        "Order that is placed, paid or refunded.";
    Delivery "delivery" Holds::Token, "", [Order] []
        "Address to which the goods are to go.";
    Product "product" Holds::Number, "", [Order Price Close Reference SoldBefore] [CartClick Speech]
        "Product; absent where the cart was only opened, or nothing in particular was spoken of.";
    Units "units" Holds::Number, "units", [Order] []
        "Units ordered.";
    PriceFen "price_fen" Holds::Fen, "fen", [Price Reference SoldBefore] []
        "Price of one unit: asked now, claimed as counter price, or the lowest of a day before.";
    AmountFen "amount_fen" Holds::Fen, "fen", [Order Payment Refund] []
        "Money in all: what an order comes to with coupons taken off, what a payment moved, what was refunded.";
    WorthFen "worth_fen" Holds::Fen, "fen", [Coupon] []
        "What a coupon takes off at most.";
    Payer "payer" Holds::Token, "", [Payment] []
        "Wallet or card that paid.";
    Outcome "outcome" Holds::Word(Outcome::WORDS), "", [Payment] []
        "What became of what was owed.";
    Stock "stock" Holds::Number, "units", [Price] []
        "Units on sale at that moment.";
    Coupon "coupon" Holds::Number, "", [Coupon] []
        "Coupon that is given.";
    DaysAgo "days_ago" Holds::Number, "days", [SoldBefore] []
        "Days before the stream's start, from 1.";
    Said "said" Holds::Word(Said::WORDS), "", [Speech] []
        "What kind of thing was said.";
    FigureFen "figure_fen" Holds::Fen, "fen", [] [Speech]
        "Figure that was heard: a price; orders or viewers in whole ones times 100; absent where there was none.";
    Viewers "viewers" Holds::Count, "accounts", [Frame] []
        "Accounts that watch now.";
    Views "views" Holds::Count, "entries", [Frame] []
        "Entries since the room went on air.";
    Orders "orders" Holds::Count, "orders", [Frame] []
        "Orders placed since the room went on air; what staff only call out is not among them.";
    Likes "likes" Holds::Count, "likes", [Frame] []
        "Likes since the room went on air.";
    Comments "comments" Holds::Count, "comments", [Frame] []
        "Comments since the room went on air.";
    Follows "follows" Holds::Count, "follows", [Frame] []
        "New follows since the room went on air.";
    CartClicks "cart_clicks" Holds::Count, "clicks", [Frame] []
        "Clicks on the cart link since the room went on air.";
}

impl Field {
    /// How many there are.
    pub const ALL: usize = FIELDS.len();

    /// All of them, in the order in which they are written.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|fact| fact.field)
    }

    /// What there is to know of it.
    #[inline]
    pub const fn fact(self) -> &'static Fact {
        &FIELDS[self as usize]
    }

    /// Its name on the wire.
    #[inline]
    pub const fn name(self) -> &'static str {
        self.fact().name
    }

    /// The field of a name; `None`: there is none.
    pub fn of_name(name: &str) -> Option<Self> {
        let fact = FIELDS.iter().find(|fact| fact.name == name)?;
        Some(fact.field)
    }
}

fn listed(words: &[&str], joint: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(joint)
}

/// Which kinds carry a field, for a person; those in brackets not always.
fn carriers(fact: &Fact) -> String {
    if fact.always.len() == Kind::ALL.len() {
        return "all".to_owned();
    }
    let always = fact.always.iter().map(|kind| kind.word().to_owned());
    let sometimes = fact
        .sometimes
        .iter()
        .map(|kind| format!("({})", kind.word()));
    always.chain(sometimes).collect::<Vec<_>>().join(", ")
}

/// The kinds of events and their fields as two tables in Markdown.
pub fn markdown() -> String {
    let mut text =
        String::from("| kind | what it says | fields beside `at` and `kind` |\n|---|---|---|\n");
    for kind in Kind::ALL {
        let carried = |kinds: &[Kind]| kinds.contains(kind) && kinds.len() < Kind::ALL.len();
        let names: Vec<&str> = FIELDS
            .iter()
            .filter(|fact| carried(fact.always) || carried(fact.sometimes))
            .map(|fact| fact.name)
            .collect();
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            kind.word(),
            kind.meaning(),
            listed(&names, ", ")
        );
    }
    text.push_str(
        "\n| field | holds | unit | carried by | what it means |\n|---|---|---|---|---|\n",
    );
    for fact in FIELDS {
        let words = match fact.holds {
            Holds::Word(words) if fact.field != Field::Kind => {
                format!(" One of {}.", listed(words, ", "))
            }
            _ => String::new(),
        };
        let (name, holds, unit) = (fact.name, fact.holds.name(), fact.unit);
        let _ = writeln!(
            text,
            "| `{name}` | {holds} | {unit} | {} | {}{words} |",
            carriers(fact),
            fact.meaning
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Event;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Takes down which fields are written, and as what.
    #[derive(Default)]
    struct Seen(BTreeSet<Field>, Vec<Field>);

    impl Seen {
        fn note(&mut self, field: Field, fits: bool) {
            assert!(fits, "{field:?}");
            assert!(self.0.insert(field), "twice: {field:?}");
            self.1.push(field);
        }
    }

    impl WriteFields for Seen {
        fn number(&mut self, field: Field, value: u64) {
            let fits = match field.fact().holds {
                Holds::Count => true,
                Holds::Token => value < 1 << 53,
                Holds::Number => value < 1 << 32,
                _ => false,
            };
            self.note(field, fits);
        }
        fn money(&mut self, field: Field, _: i64) {
            self.note(field, field.fact().holds == Holds::Fen);
        }
        fn flag(&mut self, field: Field, _: bool) {
            self.note(field, field.fact().holds == Holds::Flag);
        }
        fn word(&mut self, field: Field, word: &'static str) {
            let fits = matches!(field.fact().holds, Holds::Word(words) if words.contains(&word));
            self.note(field, fits);
        }
    }

    fn carry(kind: Kind, which: impl Fn(&Fact) -> &'static [Kind]) -> BTreeSet<Field> {
        let carried = FIELDS.iter().filter(|fact| which(fact).contains(&kind));
        carried.map(|fact| fact.field).collect()
    }

    proptest! {
        #[test]
        fn every_kind_writes_exactly_the_declared_fields(event in any::event()) {
            let mut seen = Seen::default();
            write_event(&event, &mut seen);
            let kind = Kind::of(&event);
            let always = carry(kind, |fact| fact.always);
            let sometimes = carry(kind, |fact| fact.sometimes);
            prop_assert!(always.is_subset(&seen.0), "{kind:?}: {:?}", seen.0);
            for field in seen.0.difference(&always) {
                prop_assert!(sometimes.contains(field), "{kind:?}: {field:?}");
            }
            prop_assert!(seen.1.is_sorted(), "{kind:?} is not written in the order of the fields: {:?}", seen.1);
        }
    }

    #[test]
    fn what_is_there_sometimes_is_there_and_is_not() {
        let there = |event: &Event| {
            let mut seen = Seen::default();
            write_event(event, &mut seen);
            carry(Kind::of(event), |fact| fact.sometimes).is_subset(&seen.0)
        };
        for (full, bare) in any::full_and_bare() {
            assert!(there(&full), "{full:?}");
            assert!(!there(&bare), "{bare:?}");
        }
    }

    #[test]
    fn facts_stand_in_the_order_of_the_fields_and_names_are_unique() {
        for (number, fact) in FIELDS.iter().enumerate() {
            assert_eq!(fact.field as usize, number);
            assert_eq!(Field::of_name(fact.name), Some(fact.field));
            assert!(fact.meaning.ends_with('.'), "{}", fact.name);
        }
        assert_eq!(Field::of_name("truth"), None);
    }

    #[test]
    fn the_page_shows_the_table_as_it_is() {
        let page = include_str!("../../docs/detectors.md");
        let (_, after) = page.split_once("<!-- fields:begin -->\n").unwrap();
        let (table, _) = after.split_once("<!-- fields:end -->").unwrap();
        assert!(
            table.trim() == markdown().trim(),
            "put this into docs/detectors.md:\n{}",
            markdown()
        );
    }
}
