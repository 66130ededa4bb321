//! The board: everything that a bench of detectors comes to, as tables, figures and the report are made from.

use crate::detect::scoring::{Budget, Figure, Track, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a bench comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Version of the program.
    pub version: String,
    /// The suite.
    pub suite: String,
    /// Changes to its market.
    #[serde(default)]
    pub changes: Vec<String>,
    /// Its title.
    pub title: String,
    /// Its story.
    pub story: String,
    /// The streams, development streams first.
    pub streams: Vec<StreamFacts>,
    /// Budgets of false alarms, from the least; the thresholds of each detector are fixed for each of them on development streams.
    pub budgets: Vec<Budget>,
    /// Which of the budgets the leaderboard is for.
    pub main_budget: usize,
    /// What reviewing alerts costs.
    pub costs: ReviewCosts,
    /// Share of a sale that its seller earns: what lost sales are valued at.
    pub margin: f64,
    /// Harm to consumers in each test stream where nobody is watched, yuan.
    pub harm_unwatched: Figure,
    /// The detectors, in the order in which they were asked for.
    pub detectors: Vec<Tried>,
    /// What farms that learn make of it.
    pub adaptive: Option<Payoffs>,
}

/// A stream in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamFacts {
    /// Seed of its market.
    pub seed: u64,
    /// `development` or `test`.
    pub split: String,
    /// Events.
    pub events: u64,
    /// Rooms.
    pub rooms: u64,
    /// Hours on air, over all rooms.
    pub room_hours: f64,
    /// Accounts that entered any room.
    pub accounts: u64,
    /// Of them, those of farms.
    pub false_accounts: u64,
    /// Orders.
    pub orders: u64,
    /// Of them, those of farms.
    pub false_orders: u64,
    /// Deceptions by tactic.
    pub campaigns: BTreeMap<String, u64>,
    /// Benign twins by kind.
    pub twins: BTreeMap<String, u64>,
}

/// What reviewing an alert costs, yuan, by what it is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewCosts {
    /// A room.
    pub room: f64,
    /// An account.
    pub account: f64,
    /// An order.
    pub order: f64,
    /// An offer.
    pub offer: f64,
}

/// A detector, and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// Its name.
    pub name: String,
    /// Its kind: control, statistic, structure, supervised, yours.
    pub family: String,
    /// What it looks at.
    pub looks_at: String,
    /// Where it comes from.
    pub source: String,
    /// By track that it says anything of, its verdict.
    pub verdicts: Vec<Verdict>,
    /// What its alerts come to when the platform acts on them, by budget; empty where that was not tried.
    pub averted: Vec<Averted>,
    /// Run time in seconds per million events.
    pub seconds_per_million_events: Option<f64>,
    /// Memory, bytes per million events: of what it remembers, or of its whole process where it is one.
    pub bytes_per_million_events: Option<f64>,
    /// What went wrong, in sentences.
    pub trouble: Vec<String>,
}

/// What a detector's alerts come to: paired runs of every test stream's market, with the detector in the platform's hands and without.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Averted {
    /// Harm to consumers without it less harm with it, yuan per stream: harm of deception at paid orders.
    pub harm_averted: Figure,
    /// The same as a share of the mean harm of a stream without it.
    pub share_averted: Figure,
    /// Paid sales of rooms that deceive nobody that false alarms cost them, yuan per stream: of rooms that were sanctioned for nothing, to consumers who
    /// were shut out, and orders that were cancelled.
    pub honest_sales_lost: Figure,
    /// Paid sales of all rooms that deceive nobody with it less those without it, yuan per stream: what is bought there instead of where somebody was
    /// sanctioned, less what false alarms cost. In no net.
    pub honest_sales_gained: Figure,
    /// Cost of reviewing its alerts, yuan per stream.
    pub review_cost: Figure,
    /// Harm averted less the review, and less what honest sellers would have earned by the sales they lost, yuan per stream.
    pub net: Figure,
    /// Alerts that were right, and wrong, per stream: about rooms, accounts, orders, offers.
    pub right: [Figure; 4],
    /// See `right`.
    pub wrong: [Figure; 4],
}

/// What farms that learn make of detectors: a game of tactics against detectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payoffs {
    /// The tactics, rows.
    pub tactics: Vec<String>,
    /// The detectors, columns; the first is `no detector`, where nobody watches.
    pub detectors: Vec<String>,
    /// By tactic and detector: the farm's return on the money it lays out (earned less laid out, over laid out).
    pub farm_return: Vec<Vec<Figure>>,
    /// By tactic and detector: share of its jobs that are caught.
    pub caught: Vec<Vec<Figure>>,
    /// By tactic and detector: harm to consumers, yuan per stream.
    pub harm: Vec<Vec<Figure>>,
    /// By detector: what it comes to once farms have learnt.
    pub learnt: Vec<Learnt>,
}

/// A detector against farms that learn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learnt {
    /// The detector.
    pub detector: String,
    /// Shares of the tactics, evening after evening; the first is the suite's own.
    pub mix: Vec<Vec<f64>>,
    /// Evening after evening: share of jobs caught.
    pub caught: Vec<Figure>,
    /// Evening after evening: harm to consumers, yuan per stream.
    pub harm: Vec<Figure>,
    /// Evening after evening: the farms' return on the money they lay out.
    pub farm_return: Vec<Figure>,
    /// Share caught with the suite's own mix.
    pub static_caught: Figure,
    /// Share caught with the mix that farms have come to.
    pub adapted_caught: Figure,
    /// Share caught of the tactic of which least is caught, and which that is.
    pub worst_caught: (String, Figure),
    /// What its scores are worth, by track that it says anything of.
    #[serde(default)]
    pub precision: Vec<Remix>,
}

/// How well a detector ranks in one track when farms have another mix of tactics. Average precision, each to be read against its own chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remix {
    /// What is told apart.
    pub track: Track,
    /// Share of positives with the suite's own mix.
    pub static_chance: Figure,
    /// Average precision with the suite's own mix.
    pub static_precision: Figure,
    /// Share of positives with the mix that farms have come to.
    pub adapted_chance: Figure,
    /// Average precision with the mix that farms have come to.
    pub adapted_precision: Figure,
    /// The least average precision of these two mixes and of every tactic alone, and which of them it is (`mix_before`, `mix_after`, or the tactic).
    pub worst_precision: (String, Figure),
}
