//! The leak gate: whether any single raw field of a stream, an identifier, the order of rows or the way something is written tells false events from real
//! ones by itself. A stream that gives itself away measures nothing.
//!
//! For every kind of event and field a classifier of that one field is fitted on some streams (share of false events by value, values in up to 64 bins)
//! and tried on others; what it gets is its area under the ROC curve, 0.5 for nothing. Identifiers, times and positions may tell nothing at all; what people
//! do and say may tell a little, and a room's counters more, which is stated.

use crate::detect::fields::{Field, Holds, WriteFields, write_event};
use crate::detect::{Event, Labelled, Millis, Truth, What};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bins of a field's values.
const BINS: usize = 64;

/// False events of a kind below which nothing is concluded of it.
const LEAST: usize = 200;

/// The same of places.
const LEAST_PLACES: usize = 10;

/// Area of identifiers, positions, times and ways of writing: they may tell nothing. A little is chance.
pub const MOST_OF_FORM: f64 = 0.56;

/// Area of what an event is about: no field of it alone may tell much.
pub const MOST_OF_CONTENT: f64 = 0.75;

/// Area of a room's counters: that of viewers tells most, since several bought ones stand beside each real one (FACTS B5).
pub const MOST_OF_COUNTERS: f64 = 0.90;

/// Standard deviations of the area under pure chance that are let through where there are few cases.
const DEVIATIONS: f64 = 4.0;

/// What a single field tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldLeak {
    /// Kind of event.
    pub kind: String,
    /// Field, or what is read off it.
    pub field: String,
    /// What it is of.
    pub of: Of,
    /// Area under the ROC curve on streams that it was not fitted on, 0.5 to 1 (below 0.5: it tells nothing either).
    pub area: f64,
    /// False events on those streams.
    pub false_events: u64,
    /// All events of the kind on those streams.
    pub events: u64,
}

impl FieldLeak {
    /// The area that the gate lets through.
    pub fn most(&self) -> f64 {
        let stated = match self.of {
            Of::Form | Of::Place => MOST_OF_FORM,
            Of::Content => MOST_OF_CONTENT,
            Of::Counter => MOST_OF_COUNTERS,
        };
        // The variance of the area where nothing is told (Mann and Whitney 1947).
        let falses = self.false_events as f64;
        let reals = (self.events - self.false_events) as f64;
        let variance = (falses + reals + 1.0) / (12.0 * falses * reals);
        stated.max(0.5 + DEVIATIONS * variance.sqrt())
    }

    /// Whether it gives anything away.
    pub fn leaks(&self) -> bool {
        self.area > self.most()
    }
}

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
    /// A counter of a room.
    Counter,
}

/// Values of a field with whether each is of a false event.
type Column = Vec<(u64, bool)>;

/// Kind of event, name of the field, and what it is of.
type Key = (&'static str, &'static str, Of);

/// Columns by kind of event, name and what they are of.
type Columns = BTreeMap<Key, Column>;

/// What every field tells, fitted on some streams and tried on others; in order of kind and field.
pub fn leaks(fitted_on: &[&Labelled], tried_on: &[&Labelled]) -> Vec<FieldLeak> {
    let (fitted, tried) = (columns(fitted_on), columns(tried_on));
    let mut found = Vec::new();
    for (key, column) in &tried {
        let falses = column.iter().filter(|(_, is_false)| *is_false).count();
        let Some(before) = fitted.get(key) else {
            continue;
        };
        let known = before.iter().filter(|(_, is_false)| *is_false).count();
        let least = if key.2 == Of::Place {
            LEAST_PLACES
        } else {
            LEAST
        };
        if falses < least || known < least || falses == column.len() {
            continue;
        }
        let (kind, field, of) = key;
        found.push(FieldLeak {
            kind: (*kind).to_owned(),
            field: (*field).to_owned(),
            of: *of,
            area: area(&Bins::of(before), column),
            false_events: falses as u64,
            events: column.len() as u64,
        });
    }
    found
}

/// The share of false events by bin.
struct Bins {
    /// Last value of each bin but the last.
    until: Vec<u64>,
    shares: Vec<f64>,
}

impl Bins {
    fn of(column: &Column) -> Self {
        let mut values: Vec<u64> = column.iter().map(|(value, _)| *value).collect();
        values.sort_unstable();
        let place = |bin: usize| values[(bin * values.len() / BINS).min(values.len() - 1)];
        let mut until: Vec<u64> = (1..BINS).map(place).collect();
        until.dedup();
        let mut counts = vec![(0.0, 0.0); until.len() + 1];
        for (value, is_false) in column {
            let bin = until.partition_point(|last| last < value);
            counts[bin].0 += f64::from(u8::from(*is_false));
            counts[bin].1 += 1.0;
        }
        let falses: f64 = counts.iter().map(|count| count.0).sum();
        let usual = falses / column.len() as f64;
        // A little of the usual share keeps bins of few events from telling anything.
        let shares = counts
            .iter()
            .map(|(falses, all)| (falses + 20.0 * usual) / (all + 20.0));
        Self {
            shares: shares.collect(),
            until,
        }
    }

    fn share(&self, value: u64) -> f64 {
        let bin = self.until.partition_point(|last| *last < value);
        self.shares[bin]
    }
}

/// Area under the ROC curve of a classifier, equal scores counting half.
fn area(bins: &Bins, column: &Column) -> f64 {
    let mut scored: Vec<(f64, bool)> = column
        .iter()
        .map(|(value, is_false)| (bins.share(*value), *is_false))
        .collect();
    scored.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut falses) = (0.0, 0.0, 0.0);
    for group in scored.chunk_by(|a, b| a.0 == b.0) {
        let of_group = group.iter().filter(|(_, is_false)| *is_false).count() as f64;
        let real = group.len() as f64 - of_group;
        wins += of_group * (below + 0.5 * real);
        below += real;
        falses += of_group;
    }
    wins / (falses * below)
}

fn columns(streams: &[&Labelled]) -> Columns {
    let mut columns = Columns::new();
    for stream in streams {
        let mut once: BTreeMap<Key, BTreeMap<u64, (u64, bool)>> = BTreeMap::new();
        let mut falses = stream
            .truth
            .events
            .iter()
            .map(|event| event.event)
            .peekable();
        let mut row = 0_u64;
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
                if let Some(thing) = taken.once {
                    let seen = once.entry((reader.kind, taken.name, taken.of)).or_default();
                    seen.entry(thing).or_insert((taken.value, false)).1 |= is_false;
                    return;
                }
                let column = columns.entry((reader.kind, taken.name, taken.of));
                column.or_default().push((taken.value, is_false));
            };
            if !matches!(event.what, What::Frame(_)) {
                of_form(event, row, &mut put);
            }
            reader.values.iter().for_each(put);
        }
        for (key, things) in once {
            let column = columns.entry(key).or_default();
            column.extend(things.into_values());
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
        ("row: last digits", row % 64),
    ] {
        put(&Taken::of(name, value, Of::Form));
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
                self.values.push(Taken::of(last, value % 64, Of::Form));
                self.values.push(Taken::of(first, value >> 44, Of::Form));
            }
            (Field::Room | Field::Anchor | Field::Product, _) => {
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
        let taken = Taken::of(field.fact().name, u64::from(value), Of::Content);
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
            .push(Taken::of(field.fact().name, place, Of::Content));
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
    use crate::detect::Token;
    use crate::detect::truth::FalseEvent;
    use crate::draws::identity_of_pair;

    /// Three thousand likes, a third of them false; where it `tells`, the account's last digit does.
    fn stream(tells: bool, seed: u64) -> Labelled {
        let mut labelled = Labelled::default();
        for number in 0..3_000_u64 {
            let is_false = number % 3 == 0;
            let mixed = identity_of_pair(seed, number) >> 11;
            let account = match tells {
                true => mixed / 2 * 2 + u64::from(is_false),
                false => mixed,
            };
            let what = What::Like {
                room: (mixed % 7) as Id,
                account: Token::of(account),
            };
            let at = mixed % 1_000_000;
            labelled.events.push(Event { at, what });
            if is_false {
                let campaign = 0;
                labelled.truth.events.push(FalseEvent {
                    event: number,
                    campaign,
                });
            }
        }
        labelled
    }

    #[test]
    fn what_gives_itself_away_is_found_and_what_does_not_is_let_through() {
        let worst = |tells: bool| {
            let leaks = leaks(&[&stream(tells, 1)], &[&stream(tells, 2)]);
            let worst = leaks.into_iter().max_by(|a, b| a.area.total_cmp(&b.area));
            worst.unwrap()
        };
        let found = worst(true);
        assert_eq!(found.field, "account: last digits");
        assert!(found.leaks() && found.area > 0.9, "{found:?}");
        let found = worst(false);
        assert!(!found.leaks(), "{found:?}");
    }
}
