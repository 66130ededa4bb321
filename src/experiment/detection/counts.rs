//! What the fields of a stream hold, counted by value: how many false and how many real events have each. It is all that the leak gate keeps of a stream.

use crate::detect::fields::{Field, Holds, WriteFields, write_event};
use crate::detect::{Event, Labelled, Millis, Truth, What};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a field is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// How a stream is written: digits of identifiers, times within a second, rows.
    Form,
    /// Where an event is: rooms, anchors and products are few, so each counts once.
    Place,
    /// What it is about.
    Content,
    /// The same, as one of a few words.
    Word,
    /// A counter of a room.
    Counter,
}

/// Kind of event, name of the field, and what it is of.
pub(super) type Key = (&'static str, &'static str, Of);

/// What fields hold in streams, counted: as little as that is all that the gate keeps of a stream.
#[derive(Debug, Clone, Default)]
pub struct FieldCounts(pub(super) BTreeMap<Key, Column>);

impl FieldCounts {
    /// Of a stream.
    pub fn of(stream: &Labelled) -> Self {
        let mut counts = Self(columns(stream));
        counts.0.values_mut().for_each(Column::fold);
        counts
    }

    /// Adds those of another stream.
    pub fn add(&mut self, other: &Self) {
        for (key, column) in &other.0 {
            self.0.entry(*key).or_default().merge(&column.counted);
        }
    }
}

/// How many false and real events there are of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub falses: u64,
    pub reals: u64,
}

impl Count {
    pub fn add(&mut self, other: Self) {
        self.falses += other.falses;
        self.reals += other.reals;
    }

    pub const fn events(self) -> u64 {
        self.falses + self.reals
    }
}

/// Values that are kept as they come before they are counted.
const PENDING: usize = 65_536;

/// The values of a field with how many false and real events have each.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    /// In order of value.
    pub counted: Vec<(u64, Count)>,
    pending: Vec<(u64, bool)>,
}

impl Column {
    fn push(&mut self, value: u64, is_false: bool) {
        self.pending.push((value, is_false));
        if self.pending.len() >= PENDING {
            self.fold();
        }
    }

    /// Counts what has come.
    fn fold(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.sort_unstable();
        let groups = pending.chunk_by(|one, other| one.0 == other.0);
        let counted: Vec<(u64, Count)> = groups
            .map(|group| {
                let falses = group.iter().filter(|(_, is_false)| *is_false).count() as u64;
                let reals = group.len() as u64 - falses;
                (group[0].0, Count { falses, reals })
            })
            .collect();
        self.merge(&counted);
        pending.clear();
        self.pending = pending;
    }

    /// Adds counts that are in order of value.
    fn merge(&mut self, more: &[(u64, Count)]) {
        let mut merged: Vec<(u64, Count)> = Vec::with_capacity(self.counted.len() + more.len());
        let (mut ours, mut theirs) = (self.counted.iter().peekable(), more.iter().peekable());
        loop {
            let first = match (ours.peek(), theirs.peek()) {
                (Some(one), Some(other)) if other.0 < one.0 => theirs.next(),
                (Some(_), _) => ours.next(),
                (None, _) => theirs.next(),
            };
            let Some((value, count)) = first else { break };
            match merged.last_mut() {
                Some((last, sum)) if last == value => sum.add(*count),
                _ => merged.push((*value, *count)),
            }
        }
        self.counted = merged;
    }

    pub fn all(&self) -> Count {
        let mut all = Count::default();
        self.counted.iter().for_each(|(_, count)| all.add(*count));
        all
    }
}

fn columns(stream: &Labelled) -> BTreeMap<Key, Column> {
    let mut columns: BTreeMap<Key, Column> = BTreeMap::new();
    let mut once: BTreeMap<Key, BTreeMap<u64, (u64, bool)>> = BTreeMap::new();
    let falses = stream.truth.events.iter();
    let mut falses = falses.map(|event| event.event).peekable();
    let mut row = 0_u64;
    let mut visits = Visits::default();
    for (event, number) in stream.events.iter().zip(0_u64..) {
        let mut is_false = falses.next_if_eq(&number).is_some();
        row += 1;
        match event.what {
            What::Beat => {
                row = 0;
                continue;
            }
            What::Frame(frame) => is_false = is_bought(&stream.truth, frame.room, event.at),
            _ => {}
        }
        let mut reader = Reader::default();
        write_event(event, &mut reader);
        let mut put = |taken: &Taken| {
            let key = (reader.kind, taken.name, taken.of);
            if let Some(thing) = taken.once {
                let seen = once.entry(key).or_default();
                seen.entry(thing).or_insert((taken.value, false)).1 |= is_false;
                return;
            }
            columns.entry(key).or_default().push(taken.value, is_false);
        };
        if !matches!(event.what, What::Frame(_)) {
            of_form(event, row, &mut put);
        }
        if let Some(account) = reader.account {
            visits.of(event, account, reader.room, &mut put);
        }
        if let What::CartClick { product, .. } | What::Speech { product, .. } = event.what {
            let there = u64::from(product.is_some());
            put(&Taken::of("product: whether there is one", there, Of::Word));
        }
        reader.values.iter().for_each(put);
    }
    for (key, things) in once {
        let column = columns.entry(key).or_default();
        for (value, is_false) in things.into_values() {
            column.push(value, is_false);
        }
    }
    columns
}

/// Whether anything in a room's crowd is bought at a moment.
fn is_bought(truth: &Truth, room: Id, at: Millis) -> bool {
    let campaigns = truth.campaigns.iter();
    let mut here = campaigns.filter(|campaign| campaign.room == room);
    here.any(|campaign| {
        let span = campaign.first_evidence..=campaign.last_evidence;
        !campaign.threat.is_about_an_offer() && span.contains(&at)
    })
}

/// What tells of nothing but how a stream is written: when within a second and a refresh, and in which row.
fn of_form(event: &Event, row: u64, put: &mut dyn FnMut(&Taken)) {
    for (name, value) in [
        ("at: milliseconds", event.at % 1_000),
        ("at: seconds of the refresh", event.at / 1_000 % 10),
        ("at: last digit", event.at % 10),
        ("row: odd or even", row % 2),
        ("row: last digits", row % 8),
    ] {
        put(&Taken::of(name, value, Of::Form));
    }
}

/// Where accounts are, and when they were seen last: nobody acts where it is not, and what two events have to do with each other in time must not tell
/// who simulated them.
#[derive(Default)]
struct Visits {
    seen: BTreeMap<u64, Millis>,
    inside: BTreeSet<(u64, u64)>,
}

impl Visits {
    fn of(&mut self, event: &Event, account: u64, room: Option<u64>, put: &mut dyn FnMut(&Taken)) {
        let before = self.seen.insert(account, event.at);
        let tied = u64::from(before == Some(event.at));
        put(&Taken::of(
            "at: that of the account's event before",
            tied,
            Of::Form,
        ));
        let Some(room) = room else { return };
        let whose = (account, room);
        match event.what {
            What::Enter(_) => {
                self.inside.insert(whose);
            }
            What::Leave { .. } => {
                self.inside.remove(&whose);
            }
            _ => {
                let inside = u64::from(self.inside.contains(&whose));
                put(&Taken::of(
                    "account: whether it is in the room",
                    inside,
                    Of::Form,
                ));
            }
        }
    }
}

/// Something taken of an event.
struct Taken {
    name: &'static str,
    value: u64,
    of: Of,
    /// What it is of where each thing counts once in a stream, however many events are about it: rooms, products and prices are few.
    once: Option<u64>,
}

impl Taken {
    fn of(name: &'static str, value: u64, of: Of) -> Self {
        Self {
            name,
            value,
            of,
            once: None,
        }
    }

    fn once(name: &'static str, value: u64, of: Of, thing: u64) -> Self {
        Self {
            once: Some(thing),
            ..Self::of(name, value, of)
        }
    }
}

/// Takes the fields of an event as numbers. Of tokens the last and the first digits are taken.
#[derive(Default)]
struct Reader {
    kind: &'static str,
    account: Option<u64>,
    room: Option<u64>,
    values: Vec<Taken>,
}

/// Names of what is taken of a token: its last and its first digits.
fn digits_of(field: Field) -> [&'static str; 2] {
    match field {
        Field::Account => ["account: last digits", "account: first digits"],
        Field::Device => ["device: last digits", "device: first digits"],
        Field::Address => ["address: last digits", "address: first digits"],
        Field::Order => ["order: last digits", "order: first digits"],
        Field::Delivery => ["delivery: last digits", "delivery: first digits"],
        _ => ["payer: last digits", "payer: first digits"],
    }
}

impl WriteFields for Reader {
    fn number(&mut self, field: Field, value: u64) {
        let fact = field.fact();
        match (field, fact.holds) {
            (Field::At, _) => {}
            (_, Holds::Token) => {
                let [last, first] = digits_of(field);
                // Each token counts once, however much is done with it.
                let digits = |name, digits| Taken::once(name, digits, Of::Form, value);
                self.values.push(digits(last, value % 64));
                self.values.push(digits(first, value >> 44));
                if field == Field::Account {
                    self.account = Some(value);
                }
            }
            (Field::Room | Field::Anchor | Field::Product, _) => {
                if field == Field::Room {
                    self.room = Some(value);
                }
                let place = Taken::once(fact.name, value, Of::Place, value);
                self.values.push(place);
            }
            _ if self.kind == "frame" => {
                self.values.push(Taken::of(fact.name, value, Of::Counter));
            }
            _ => self.values.push(Taken::of(fact.name, value, Of::Content)),
        }
    }

    fn money(&mut self, field: Field, fen: i64) {
        let fen = fen.max(0) as u64;
        let name = field.fact().name;
        self.values.push(Taken::of(name, fen, Of::Content));
        if fen > 0 {
            let digits = Taken::once(last_digits_of(field), fen % 100, Of::Form, fen);
            self.values.push(digits);
        }
    }

    fn flag(&mut self, field: Field, value: bool) {
        let taken = Taken::of(field.fact().name, u64::from(value), Of::Word);
        self.values.push(taken);
    }

    fn word(&mut self, field: Field, word: &'static str) {
        if field == Field::Kind {
            self.kind = word;
            return;
        }
        let Holds::Word(words) = field.fact().holds else {
            return;
        };
        let place = words.iter().position(|one| *one == word).unwrap_or(0) as u64;
        self.values
            .push(Taken::of(field.fact().name, place, Of::Word));
    }
}

fn last_digits_of(field: Field) -> &'static str {
    match field {
        Field::PriceFen => "price_fen: last digits",
        Field::AmountFen => "amount_fen: last digits",
        Field::WorthFen => "worth_fen: last digits",
        _ => "figure_fen: last digits",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::identity_of_pair;

    #[test]
    fn counting_in_pieces_is_counting_at_once() {
        let mut pieces = Column::default();
        let mut once: BTreeMap<u64, Count> = BTreeMap::new();
        for number in 0..3 * PENDING as u64 / 2 {
            let (value, is_false) = (identity_of_pair(5, number) % 1_000, number % 7 == 0);
            pieces.push(value, is_false);
            let count = once.entry(value).or_default();
            count.add(Count {
                falses: u64::from(is_false),
                reals: u64::from(!is_false),
            });
        }
        pieces.fold();
        assert_eq!(pieces.counted, once.into_iter().collect::<Vec<_>>());
    }
}
