//! What the fields of a stream hold, counted by value: how many false and how many real events have each. It is all that the leak gate keeps of a stream.
//! What is read off an event is in readings.rs.

use super::readings::{Reading, Visits, of_form, readings_of};
use crate::detect::fields::{Field, Holds, Kind, Word, WriteFields, write_event};
use crate::detect::{Event, Labelled, Millis, Token, Truth, What};
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
pub struct FieldCounts {
    pub(super) columns: BTreeMap<Key, Column>,
    /// By kind of event: campaigns that have false ones of it.
    pub(super) campaigns: BTreeMap<&'static str, u64>,
}

impl FieldCounts {
    /// Of a stream.
    pub fn of(stream: &Labelled) -> Self {
        let mut tables = Tables::default();
        let bought = Bought::of(&stream.truth);
        let falses = stream.truth.events.iter();
        let mut falses = falses.peekable();
        let mut row = 0_u64;
        for (event, number) in stream.events.iter().zip(0_u64..) {
            let campaign = falses.next_if(|one| one.event == number);
            let mut is_false = campaign.is_some();
            if let Some(one) = campaign {
                tables.campaigns[Kind::of(event) as usize].insert(one.campaign);
            }
            row += 1;
            match event.what {
                What::Beat => {
                    row = 0;
                    continue;
                }
                What::Frame(frame) => {
                    let campaign = bought.at(frame.room, event.at);
                    is_false = campaign.is_some();
                    tables.campaigns[Kind::Frame as usize].extend(campaign);
                }
                _ => {}
            }
            tables.count(event, row, is_false);
        }
        tables.finish()
    }

    /// Adds those of another stream.
    pub fn add(&mut self, other: &Self) {
        for (key, column) in &other.columns {
            let ours = self.columns.entry(*key).or_default();
            ours.merge(&column.counted);
        }
        for (kind, campaigns) in &other.campaigns {
            *self.campaigns.entry(*kind).or_default() += campaigns;
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

    fn one(is_false: bool) -> Self {
        Self {
            falses: u64::from(is_false),
            reals: u64::from(!is_false),
        }
    }
}

/// Values below this are counted in place.
const SMALL: u64 = 1_024;

/// Larger values are kept as they come, so many of them, before they are counted.
const PENDING: usize = 65_536;

/// The values of a field with how many false and real events have each.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    /// In order of value; whole once the column is finished.
    pub counted: Vec<(u64, Count)>,
    small: Vec<Count>,
    pending: Vec<(u64, bool)>,
}

impl Column {
    fn push(&mut self, value: u64, is_false: bool) {
        if value < SMALL {
            let place = value as usize;
            if self.small.len() <= place {
                self.small.resize(place + 1, Count::default());
            }
            self.small[place].add(Count::one(is_false));
            return;
        }
        self.pending.push((value, is_false));
        if self.pending.len() >= PENDING {
            self.fold();
        }
    }

    /// Counts the larger values that have come.
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

    /// Counts everything that has come.
    fn finish(&mut self) {
        self.fold();
        self.pending = Vec::new();
        let small = std::mem::take(&mut self.small).into_iter();
        let small = (0..).zip(small).filter(|(_, count)| count.events() > 0);
        let small: Vec<(u64, Count)> = small.collect();
        self.merge(&small);
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

/// When a room's crowd has anything bought in it, and by which campaign.
struct Bought(BTreeMap<Id, Vec<(Millis, Millis, u32)>>);

impl Bought {
    fn of(truth: &Truth) -> Self {
        let mut spans: BTreeMap<Id, Vec<(Millis, Millis, u32)>> = BTreeMap::new();
        let of_crowds = truth.campaigns.iter();
        for campaign in of_crowds.filter(|campaign| !campaign.threat.is_about_an_offer()) {
            let (first, last) = (campaign.first_evidence, campaign.last_evidence);
            let span = (first, last, campaign.campaign);
            spans.entry(campaign.room).or_default().push(span);
        }
        Self(spans)
    }

    fn at(&self, room: Id, at: Millis) -> Option<u32> {
        let mut spans = self.0.get(&room).into_iter().flatten();
        let during = spans.find(|(first, last, _)| (*first..=*last).contains(&at));
        during.map(|(.., campaign)| *campaign)
    }
}

/// What is counted while a stream is read: by kind of event, then by reading, or by field.
struct Tables {
    columns: Vec<Column>,
    /// Tokens, places and prices, each of which counts once in a stream however many events are about it: it is false if any of those is.
    things: Vec<Column>,
    /// By kind of event: campaigns that have false ones of it.
    campaigns: Vec<BTreeSet<u32>>,
    visits: Visits,
}

impl Default for Tables {
    fn default() -> Self {
        let kinds = Kind::ALL.len();
        Self {
            columns: vec![Column::default(); kinds * Reading::ALL],
            things: vec![Column::default(); kinds * Field::ALL],
            campaigns: vec![BTreeSet::new(); kinds],
            visits: Visits::default(),
        }
    }
}

impl Tables {
    fn count(&mut self, event: &Event, row: u64, is_false: bool) {
        let kind = Kind::of(event);
        let mut taker = Taker {
            columns: &mut self.columns[kind as usize * Reading::ALL..][..Reading::ALL],
            things: &mut self.things[kind as usize * Field::ALL..][..Field::ALL],
            is_false,
            account: None,
            room: None,
        };
        write_event(event, &mut taker);
        let whose = (taker.account, taker.room);
        let mut put = |reading: Reading, value: u64| taker.put(reading, value);
        if kind != Kind::Frame {
            of_form(event, row, &mut put);
        }
        if let (Some(account), room) = whose {
            self.visits.of(event, account, room, &mut put);
        }
        if let What::CartClick { product, .. } | What::Speech { product, .. } = event.what {
            put(Reading::HasProduct, u64::from(product.is_some()));
        }
    }

    fn finish(mut self) -> FieldCounts {
        let mut counts = FieldCounts::default();
        for kind in Kind::ALL {
            let campaigns = self.campaigns[*kind as usize].len() as u64;
            counts.campaigns.insert(kind.word(), campaigns);
            let columns = &mut self.columns[*kind as usize * Reading::ALL..][..Reading::ALL];
            for (column, reading) in columns.iter_mut().zip(Reading::all()) {
                counts.insert(*kind, (reading.name(), reading.of(*kind)), column);
            }
            let things = &mut self.things[*kind as usize * Field::ALL..][..Field::ALL];
            for (things, field) in things.iter_mut().zip(Field::all()) {
                things.finish();
                for (name, of, read) in readings_of(field) {
                    let mut column = Column::default();
                    for (thing, count) in &things.counted {
                        column.push(read(*thing), count.falses > 0);
                    }
                    counts.insert(*kind, (name, of), &mut column);
                }
            }
        }
        counts
    }
}

impl FieldCounts {
    fn insert(&mut self, kind: Kind, (name, of): (&'static str, Of), column: &mut Column) {
        column.finish();
        if !column.counted.is_empty() {
            let key = (kind.word(), name, of);
            self.columns.insert(key, std::mem::take(column));
        }
    }
}

/// Counts the fields of an event.
struct Taker<'a> {
    columns: &'a mut [Column],
    things: &'a mut [Column],
    is_false: bool,
    account: Option<Token>,
    room: Option<u64>,
}

impl Taker<'_> {
    fn put(&mut self, reading: Reading, value: u64) {
        self.columns[reading.place()].push(value, self.is_false);
    }

    fn thing(&mut self, field: Field, value: u64) {
        self.things[field as usize].push(value, self.is_false);
    }
}

impl WriteFields for Taker<'_> {
    fn number(&mut self, field: Field, value: u64) {
        match (field, field.fact().holds) {
            (Field::At, _) => {}
            (_, Holds::Token) => {
                if field == Field::Account {
                    self.account = Some(Token::of(value));
                }
                self.thing(field, value);
            }
            (Field::Room | Field::Anchor | Field::Product, _) => {
                if field == Field::Room {
                    self.room = Some(value);
                }
                self.thing(field, value);
            }
            _ => self.put(Reading::Of(field), value),
        }
    }

    fn money(&mut self, field: Field, fen: i64) {
        let fen = fen.max(0) as u64;
        self.put(Reading::Of(field), fen);
        if fen > 0 {
            self.thing(field, fen);
        }
    }

    fn flag(&mut self, field: Field, value: bool) {
        self.put(Reading::Of(field), u64::from(value));
    }

    fn word(&mut self, field: Field, word: &'static str) {
        if let (true, Holds::Word(words)) = (field != Field::Kind, field.fact().holds) {
            let place = words.iter().position(|one| *one == word).unwrap_or(0) as u64;
            self.put(Reading::Of(field), place);
        }
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
        for number in 0..3 * PENDING as u64 {
            let (value, is_false) = (identity_of_pair(5, number) % (2 * SMALL), number % 7 == 0);
            pieces.push(value, is_false);
            once.entry(value).or_default().add(Count::one(is_false));
        }
        pieces.finish();
        assert_eq!(pieces.counted, once.into_iter().collect::<Vec<_>>());
    }
}
