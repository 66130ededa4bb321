//! What alerts come to when a platform acts on them, and what detectors cost to run: tables.

use super::standing::by_net;
use super::words as say;
use crate::detect::scoring::Figure;
use crate::experiment::detection::{Averted, Board, Tried};
use crate::report::canvas::number;
use crate::report::digits::Scale;
use crate::report::table::{Table, none, numbers, words};

/// Bytes of a megabyte.
const MEGABYTE: f64 = 1_000_000.0;

/// Consequences at the main budget, the largest net first.
pub fn table(board: &Board) -> Table {
    let all = by_net(board);
    let rows = all.iter().map(|(tried, averted)| row(tried, averted));
    Table {
        title: "What acting on alerts comes to at the main budget, yuan per stream".to_owned(),
        head: vec![
            words("", "detector"),
            numbers("harm", "averted"),
            numbers("share", "of harm"),
            numbers("review", "cost"),
            numbers("sales lost to", "false alarms"),
            numbers("", "net"),
            numbers("95 % interval", "of net"),
            numbers("honest rooms", "gain in sales"),
        ],
        rows: rows.collect(),
        notes: notes(board, all.len()),
    }
}

fn row(tried: &Tried, averted: &Averted) -> Vec<String> {
    vec![
        say::starred(tried),
        say::yuan(averted.harm_averted.mean),
        say::percent(averted.share_averted.mean),
        say::yuan(averted.review_cost.mean),
        say::yuan(averted.honest_sales_lost.mean),
        say::yuan(averted.net.mean),
        say::yuan_between(averted.net.interval),
        say::yuan(averted.honest_sales_gained.mean),
    ]
}

fn notes(board: &Board, tried: usize) -> Vec<String> {
    let costs = &board.costs;
    let mut notes = vec![
        format!(
            "Harm without any detector: {} yuan per stream. Paired runs of the same market with the detector in the platform's hands and without.",
            say::yuan(board.harm_unwatched.mean)
        ),
        format!(
            "Net: harm averted, less the review, less {} of the sales that honest rooms lost to false alarms (what their sellers would have earned).",
            say::plain_percent(board.margin)
        ),
        "Share of harm: of the mean harm of a stream.".to_owned(),
        "Honest rooms' gain in sales: what is bought there with the detector less what is bought there without it; in no net, since others lose it.".to_owned(),
        format!(
            "Reviewing an alert costs, in yuan: about a room {}, an account {}, an order {}, an offer {}.",
            costs.room, costs.account, costs.order, costs.offer
        ),
    ];
    if tried < board.detectors.len() {
        notes.push(format!(
            "{tried} of {} detectors were tried in the platform's hands.",
            board.detectors.len()
        ));
    }
    notes
}

/// By kind of alert, how many were right and wrong at the main budget.
pub fn alerts(board: &Board) -> Table {
    let kinds = ["rooms", "accounts", "orders", "offers"];
    let mut head = vec![words("", "detector")];
    for kind in kinds {
        head.extend([numbers(kind, "right"), numbers(kind, "wrong")]);
    }
    let count = |figure: &Figure| figure.mean.map_or_else(none, number);
    let row = |(tried, averted): &(&Tried, &Averted)| {
        let pairs = averted.right.iter().zip(&averted.wrong);
        let counts = pairs.flat_map(|(right, wrong)| [count(right), count(wrong)]);
        std::iter::once(tried.name.clone()).chain(counts).collect()
    };
    Table {
        title: "Alerts per stream that were right, and wrong, at the main budget".to_owned(),
        head,
        rows: by_net(board).iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// Run time and memory, the fastest first.
pub fn speed(board: &Board) -> Table {
    let measured = |tried: &&Tried| {
        tried.seconds_per_million_events.is_some() || tried.bytes_per_million_events.is_some()
    };
    let mut tried: Vec<&Tried> = board.detectors.iter().filter(measured).collect();
    let seconds = |tried: &Tried| tried.seconds_per_million_events.unwrap_or(f64::INFINITY);
    tried.sort_by(|one, other| {
        let by_seconds = seconds(one).total_cmp(&seconds(other));
        by_seconds.then_with(|| one.name.cmp(&other.name))
    });
    let written = |value: Option<f64>| value.map_or_else(none, |value| Scale::of("").value(value));
    let row = |tried: &&Tried| {
        let bytes = tried.bytes_per_million_events;
        vec![
            say::starred(tried),
            written(tried.seconds_per_million_events),
            written(bytes.map(|bytes| bytes / MEGABYTE)),
            tried.looks_at.clone(),
        ]
    };
    Table {
        title: "Speed, per million events".to_owned(),
        head: vec![
            words("", "detector"),
            numbers("", "seconds"),
            numbers("memory,", "megabytes"),
            words("", "looks at"),
        ],
        rows: tried.iter().map(row).collect(),
        notes: vec![
            "Seconds of one processor; of programs outside, by the clock. Measured on one machine: everything else here is the same wherever it is run."
                .to_owned(),
        ],
    }
}
