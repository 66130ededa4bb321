//! The leak gate: whether any single raw field of a stream, an identifier, the order of rows or the way something is written tells false events from real
//! ones by itself. A stream that gives itself away measures nothing.
//!
//! For every kind of event and field a classifier of that one field is fitted on some streams (share of false events by value, values in up to 64 bins)
//! and tried on others; what it gets is its area under the ROC curve, 0.5 for nothing. Identifiers, times and positions may tell nothing at all; what people
//! do and say may tell a little, and a room's counters more, which is stated.

use super::counts::{Column, Count, FieldCounts, Of};
use serde::{Deserialize, Serialize};

/// Bins of a field's values.
const BINS: usize = 64;

/// False events of a kind below which nothing is concluded of it.
const LEAST: u64 = 100;

/// The same of places and words.
const LEAST_PLACES: u64 = 10;

/// Campaigns below which nothing is concluded of what people do and say: events of one campaign have its room and its product in common.
pub const LEAST_CAMPAIGNS: u64 = 20;

/// Area of identifiers, positions, times and ways of writing: they may tell nothing. A little is chance.
pub const MOST_OF_FORM: f64 = 0.56;

/// Area of what an event is about: no field of it alone may tell much.
pub const MOST_OF_CONTENT: f64 = 0.75;

/// The same of words, among those that false events have at all: some are more usual in staged scenes. But no word may be said by false events alone.
pub const MOST_OF_WORDS: f64 = 0.90;

/// Area of a room's counters: that of viewers tells most, since several bought ones stand beside each real one (FACTS B5).
pub const MOST_OF_COUNTERS: f64 = 0.92;

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
    /// Campaigns on those streams that have false events of the kind.
    pub campaigns: u64,
    /// All events of the kind on those streams.
    pub events: u64,
    /// Of a field that holds one of a few words: false events whose word no real event has, on any stream.
    pub only_false: u64,
}

/// False events with a word that no real event has, from which on that is no chance.
const ONLY_FALSE: u64 = 10;

impl FieldLeak {
    /// The area that the gate lets through.
    pub fn most(&self) -> f64 {
        let stated = match self.of {
            Of::Form | Of::Place => MOST_OF_FORM,
            Of::Content => MOST_OF_CONTENT,
            Of::Word => MOST_OF_WORDS,
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
        self.area > self.most() || self.only_false >= ONLY_FALSE
    }
}

/// What every field tells, fitted on some streams and tried on others; in order of kind and field.
pub fn leaks(fitted_on: &FieldCounts, tried_on: &FieldCounts) -> Vec<FieldLeak> {
    let mut found = Vec::new();
    for (key, column) in &tried_on.columns {
        let Some(before) = fitted_on.columns.get(key) else {
            continue;
        };
        let (known, seen) = (before.all(), column.all());
        let (kind, field, of) = key;
        let campaigns = |of: &FieldCounts| of.campaigns.get(kind).copied().unwrap_or(0);
        let few = |counts: &FieldCounts, falses: u64| match of {
            Of::Form => falses < LEAST,
            Of::Place => falses < LEAST_PLACES,
            Of::Word => falses < LEAST_PLACES || campaigns(counts) < LEAST_CAMPAIGNS,
            _ => falses < LEAST || campaigns(counts) < LEAST_CAMPAIGNS,
        };
        if few(tried_on, seen.falses) || few(fitted_on, known.falses) || seen.reals == 0 {
            continue;
        }
        let (area, only_false) = match of {
            Of::Word => {
                let (before, column) = words_of_false_events(before, column);
                let told = area(&Bins::of(&before), &column);
                (told, only_false(&before, &column))
            }
            _ => (area(&Bins::of(before), column), 0),
        };
        found.push(FieldLeak {
            kind: (*kind).to_owned(),
            field: (*field).to_owned(),
            of: *of,
            area,
            false_events: seen.falses,
            campaigns: campaigns(tried_on),
            events: seen.events(),
            only_false,
        });
    }
    found
}

/// What there are too few false events of for [`leaks`] to have tested it, as kind and field.
pub fn untested(tested: &[FieldLeak], tried_on: &FieldCounts) -> Vec<String> {
    let is_tested = |kind: &str, field: &str| {
        let mut tested = tested.iter();
        tested.any(|leak| leak.kind == kind && leak.field == field)
    };
    let columns = tried_on.columns.iter();
    let with_false = columns.filter(|(_, column)| column.all().falses > 0);
    let untested = with_false.filter(|((kind, field, _), _)| !is_tested(kind, field));
    untested
        .map(|((kind, field, _), _)| format!("{kind} {field}"))
        .collect()
}

/// Columns of words without those that no false event has, here or there: that false events have but a few words says nothing against those.
fn words_of_false_events(before: &Column, column: &Column) -> (Column, Column) {
    let has_false = |column: &Column, value: u64| {
        let mut counted = column.counted.iter();
        counted.any(|(other, count)| *other == value && count.falses > 0)
    };
    let less = |all: &Column| {
        let mut less = all.clone();
        less.counted
            .retain(|(value, _)| has_false(before, *value) || has_false(column, *value));
        less
    };
    (less(before), less(column))
}

/// False events of a column whose value no real event has, here or there.
fn only_false(before: &Column, column: &Column) -> u64 {
    let is_real = |value: u64| {
        let mut known = before.counted.iter();
        known.any(|(other, count)| *other == value && count.reals > 0)
    };
    let alone = column.counted.iter();
    let alone = alone.filter(|(value, count)| count.reals == 0 && !is_real(*value));
    alone.map(|(_, count)| count.falses).sum()
}

/// The share of false events by bin.
struct Bins {
    /// Last value of each bin but the last.
    until: Vec<u64>,
    shares: Vec<f64>,
}

impl Bins {
    fn of(column: &Column) -> Self {
        let all = column.all();
        let mut until: Vec<u64> = (1..BINS).map(|bin| value_at(column, bin)).collect();
        until.dedup();
        let mut counts = vec![Count::default(); until.len() + 1];
        for (value, count) in &column.counted {
            counts[until.partition_point(|last| last < value)].add(*count);
        }
        let usual = all.falses as f64 / all.events() as f64;
        // A little of the usual share keeps bins of few events from telling anything.
        let share =
            |count: &Count| (count.falses as f64 + 20.0 * usual) / (count.events() as f64 + 20.0);
        Self {
            shares: counts.iter().map(share).collect(),
            until,
        }
    }

    fn share(&self, value: u64) -> f64 {
        let bin = self.until.partition_point(|last| *last < value);
        self.shares[bin]
    }
}

/// The value at which so many of [`BINS`] equal parts of all events are passed.
fn value_at(column: &Column, bin: usize) -> u64 {
    let mut left = bin as u64 * column.all().events() / BINS as u64;
    for (value, count) in &column.counted {
        if left < count.events() {
            return *value;
        }
        left -= count.events();
    }
    column.counted.last().map_or(0, |(value, _)| *value)
}

/// Area under the ROC curve of a classifier, equal scores counting half.
fn area(bins: &Bins, column: &Column) -> f64 {
    let scored = column.counted.iter();
    let mut scored: Vec<(f64, Count)> = scored
        .map(|(value, count)| (bins.share(*value), *count))
        .collect();
    scored.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut falses) = (0.0, 0.0, 0.0);
    for group in scored.chunk_by(|a, b| a.0 == b.0) {
        let mut all = Count::default();
        group.iter().for_each(|(_, count)| all.add(*count));
        wins += all.falses as f64 * (below + 0.5 * all.reals as f64);
        below += all.reals as f64;
        falses += all.falses as f64;
    }
    match below > 0.0 && falses > 0.0 {
        true => wins / (falses * below),
        // Where all are false there is nothing to be told from.
        false => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::truth::FalseEvent;
    use crate::detect::{Event, Labelled, Token, What};
    use crate::draws::identity_of_pair;
    use crate::money::Fen;
    use crate::scenario::Id;

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
            let counts = |seed: u64| FieldCounts::of(&stream(tells, seed));
            let leaks = leaks(&counts(1), &counts(2));
            let worst = leaks.into_iter().max_by(|a, b| a.area.total_cmp(&b.area));
            worst.unwrap()
        };
        let found = worst(true);
        assert_eq!(found.field, "account: last digits");
        assert!(found.leaks() && found.area > 0.9, "{found:?}");
        let found = worst(false);
        assert!(!found.leaks(), "{found:?}");
    }

    /// Three thousand refunds, a tenth of them false and of one amount, all of so many campaigns.
    fn refunds(campaigns: u64, seed: u64) -> Labelled {
        let mut labelled = Labelled::default();
        for number in 0..3_000_u64 {
            let is_false = number % 10 == 0;
            let mixed = identity_of_pair(seed, number) >> 11;
            let what = What::Refund {
                order: Token::of(mixed),
                amount: Fen(if is_false {
                    9_900
                } else {
                    mixed as i64 % 50_000
                }),
            };
            labelled.events.push(Event { at: number, what });
            if is_false {
                let campaign = (number / 10 % campaigns) as u32;
                labelled.truth.events.push(FalseEvent {
                    event: number,
                    campaign,
                });
            }
        }
        labelled
    }

    #[test]
    fn of_few_campaigns_nothing_is_concluded_but_of_form() {
        let of = |campaigns: u64| {
            let counts = |seed: u64| FieldCounts::of(&refunds(campaigns, seed));
            let (fitted, tried) = (counts(1), counts(2));
            let found = leaks(&fitted, &tried);
            let amount = |leak: &&FieldLeak| leak.field == "amount_fen";
            let area = found.iter().find(amount).map(|leak| leak.area);
            (area, found.len(), untested(&found, &tried))
        };
        let (area, many, rest) = of(LEAST_CAMPAIGNS);
        assert!(area.is_some_and(|area| area > 0.9), "{area:?}");
        let (area, few, more) = of(LEAST_CAMPAIGNS - 1);
        assert_eq!((area, few), (None, many - 1));
        assert!(!rest.contains(&"refund amount_fen".to_owned()));
        assert!(more.contains(&"refund amount_fen".to_owned()));
    }
}
