//! Labelled examples for the baselines that learn: the vectors of development streams, each with whether it shows a deception.
//!
//! A room's vector is positive within the evidence of a campaign that is not about an offer; an account's, if the account is a farm's; an order's, if
//! the order is a farm's; an offer's, from the first evidence of a campaign about it.

use super::features::{Features, names_of};
use crate::detect::scoring::Track;
use crate::detect::{Labelled, Millis, Subject, Token, Truth};
use crate::scenario::Id;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of either label that are kept at most; of more, every second, every fourth and so on are left out.
const MOST_ROWS: usize = 200_000;

/// What is true, arranged for questions.
#[derive(Debug, Clone, Default)]
struct Labels {
    /// When campaigns in a room show.
    rooms: BTreeMap<Id, Vec<(Millis, Millis)>>,
    /// From when campaigns about an offer show.
    offers: BTreeMap<(Id, Id), Millis>,
    accounts: BTreeSet<Token>,
    orders: BTreeSet<Token>,
}

impl Labels {
    fn of(truth: &Truth) -> Self {
        let mut labels = Labels {
            accounts: truth.actors.iter().map(|actor| actor.account).collect(),
            orders: truth.orders.iter().map(|order| order.order).collect(),
            ..Labels::default()
        };
        for campaign in &truth.campaigns {
            let span = (campaign.first_evidence, campaign.last_evidence);
            if !campaign.threat.is_about_an_offer() {
                labels.rooms.entry(campaign.room).or_default().push(span);
            } else if let Some(product) = campaign.product {
                let from = labels
                    .offers
                    .entry((campaign.room, product))
                    .or_insert(span.0);
                *from = (*from).min(span.0);
            }
        }
        labels
    }

    fn positive(&self, about: &Subject, at: Millis) -> bool {
        match about {
            Subject::Room(room) => self
                .rooms
                .get(room)
                .is_some_and(|spans| spans.iter().any(|(from, to)| (*from..=*to).contains(&at))),
            Subject::Account(account) => self.accounts.contains(account),
            Subject::Order(order) => self.orders.contains(order),
            Subject::Offer { room, product } => self
                .offers
                .get(&(*room, *product))
                .is_some_and(|from| *from <= at),
        }
    }
}

/// Rows of numbers, at most twice `most` of them: once there are too many, every second is dropped, and from then on fewer are taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thinned {
    most: usize,
    width: usize,
    /// One in so many is taken.
    stride: usize,
    seen: usize,
    values: Vec<f64>,
}

impl Thinned {
    /// Nothing yet; at most `most` rows are ever kept.
    pub(super) fn new(most: usize, width: usize) -> Self {
        Self {
            most,
            width,
            stride: 1,
            seen: 0,
            values: Vec::new(),
        }
    }

    /// Takes a row, or leaves it out.
    pub(super) fn push(&mut self, row: &[f64]) {
        if self.seen.is_multiple_of(self.stride) {
            self.values.extend_from_slice(row);
        }
        self.seen += 1;
        if self.values.len() > self.most * self.width {
            let rows = self.values.chunks_exact(self.width).step_by(2);
            self.values = rows.flatten().copied().collect();
            self.stride *= 2;
        }
    }

    /// The rows that were kept, one after another.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The rows that were kept, in order.
    pub(super) fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width)
    }
}

/// Rows with their labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table {
    /// Numbers in a row.
    pub(super) width: usize,
    /// All rows, one after another.
    pub(super) values: Vec<f64>,
    /// Whether each row shows a deception.
    pub(super) labels: Vec<bool>,
}

impl Table {
    /// Whether both labels occur.
    pub(super) fn has_both(&self) -> bool {
        self.labels.contains(&true) && self.labels.contains(&false)
    }

    fn of(positive: &Thinned, negative: &Thinned) -> Self {
        let mut table = Table {
            width: positive.width,
            ..Table::default()
        };
        for (kept, label) in [(positive, true), (negative, false)] {
            table.values.extend_from_slice(&kept.values);
            table.labels.extend(kept.rows().map(|_| label));
        }
        table
    }
}

/// A table of examples for each kind of subject, in the order of [`Track::ALL`].
pub(super) fn examples(streams: &[&Labelled]) -> [Table; 4] {
    let empty = |kind: Track| Thinned::new(MOST_ROWS, names_of(kind).len());
    let mut positive = Track::ALL.map(empty);
    let mut negative = Track::ALL.map(empty);
    for stream in streams {
        let labels = Labels::of(&stream.truth);
        let mut features = Features::default();
        for event in &stream.events {
            features.observe(event, &mut |about, values| {
                let side = if labels.positive(&about, event.at) {
                    &mut positive
                } else {
                    &mut negative
                };
                side[Track::of(&about) as usize].push(values);
            });
        }
    }
    Track::ALL.map(|kind| Table::of(&positive[kind as usize], &negative[kind as usize]))
}

#[cfg(test)]
mod tests {
    use super::super::staged::market;
    use super::*;

    #[test]
    fn rows_are_thinned_evenly() {
        let mut thinned = Thinned::new(4, 1);
        for number in 0..20 {
            thinned.push(&[f64::from(number)]);
        }
        let kept: Vec<f64> = thinned.rows().map(|row| row[0]).collect();
        assert_eq!(kept, [0.0, 8.0, 16.0]);
    }

    #[test]
    fn examples_are_labelled_by_the_truth() {
        let tables = examples(&[&market(1, true)]);
        let positive = tables
            .each_ref()
            .map(|table| table.labels.iter().filter(|label| **label).count());
        // Three campaigns of 480 s each, both ends counted: 49 frames each.
        assert_eq!(positive[0], 3 * 49);
        // Sixty accounts leave three times, and stay for long three times.
        assert_eq!(positive[1], 60 * 3 * 2);
        // Placed, paid, refunded.
        assert_eq!(positive[2], 30 * 3);
        // The low price, the speech, the price kept.
        assert_eq!(positive[3], 3);
        assert!(tables.iter().all(Table::has_both));
        assert!(
            tables
                .iter()
                .all(|table| table.values.iter().all(|value| value.is_finite()))
        );
        let calm = examples(&[&market(1, false)]);
        assert!(calm.iter().all(|table| !table.has_both()));
    }
}
