//! Tables for those who want to know more: parts of the campaigns, benign twins, sizes of rooms, all budgets, the detectors and the streams.

use super::standing::{Placed, in_order, standing};
use super::words as say;
use crate::detect::scoring::{Figure, Operation, Split, SplitFigures, Track};
use crate::detect::truth::Twin;
use crate::experiment::detection::{Board, StreamFacts};
use crate::money::in_thousands;
use crate::report::table::{Column, Table, none, numbers, words};
use std::collections::BTreeMap;

fn count(count: u64) -> String {
    in_thousands(&count.to_string())
}

/// A table with a row for each detector of a track, best first, and what `cells` gives in it.
fn by_detector(
    board: &Board,
    track: Track,
    title: String,
    head: Vec<Column>,
    cells: impl Fn(&Placed) -> Vec<String>,
) -> Table {
    let row = |placed: &Placed| {
        let mut row = vec![placed.tried.name.clone()];
        row.extend(cells(placed));
        row
    };
    let standing = standing(board, track);
    let rows = match head.is_empty() {
        true => Vec::new(),
        false => standing.iter().map(row).collect(),
    };
    Table {
        title,
        head: std::iter::once(words("", "detector")).chain(head).collect(),
        rows,
        notes: Vec::new(),
    }
}

/// The parts that any detector of a track was measured on, each with its number of campaigns.
fn parts(board: &Board, track: Track) -> Vec<(Split, u64)> {
    let mut counts: BTreeMap<Split, u64> = BTreeMap::new();
    for placed in standing(board, track) {
        for part in &placed.verdict.splits {
            let most = counts.entry(part.split).or_default();
            *most = part.campaigns.max(*most);
        }
    }
    let all = Split::all().filter_map(|split| Some((split, *counts.get(&split)?)));
    all.collect()
}

/// A figure of each part of a track's campaigns, detector by detector.
fn of_parts(
    board: &Board,
    track: Track,
    what: &str,
    write: impl Fn(&SplitFigures) -> String,
) -> Table {
    let parts = parts(board, track);
    let heading = |(split, count): &(Split, u64)| {
        numbers(&say::spaced(split.name()), &format!("(n = {count})"))
    };
    let head = parts.iter().map(heading).collect();
    let title = format!("{}: {what}, by part of the campaigns", say::title_of(track));
    by_detector(board, track, title, head, |placed| {
        let cell = |(split, _): &(Split, u64)| {
            let mut splits = placed.verdict.splits.iter();
            splits
                .find(|part| part.split == *split)
                .map_or_else(none, &write)
        };
        parts.iter().map(cell).collect()
    })
}

/// Share of campaigns found at the main budget, by threat, by whether tactic and operator are known, and by half of the stream.
pub fn found_by_part(board: &Board, track: Track) -> Table {
    of_parts(board, track, "share found at the budget", |part| {
        let found = part.found.get(board.main_budget);
        say::percent(found.and_then(|found| found.mean))
    })
}

/// Average precision by the same parts.
pub fn precision_by_part(board: &Board, track: Track) -> Table {
    of_parts(board, track, "average precision", |part| {
        say::fraction(part.average_precision.mean)
    })
}

/// Share of benign twins that are flagged at the main budget, by kind.
pub fn twins(board: &Board, track: Track) -> Table {
    let operations = |placed: &Placed| placed.operation(board).cloned().unwrap_or_default();
    let mut counts: BTreeMap<Twin, u64> = BTreeMap::new();
    for placed in standing(board, track) {
        for alarms in operations(&placed).twins {
            let most = counts.entry(alarms.twin).or_default();
            *most = alarms.count.max(*most);
        }
    }
    let heading = |(twin, count): (&Twin, &u64)| {
        numbers(&say::spaced(twin.name()), &format!("(n = {count})"))
    };
    let head = counts.iter().map(heading).collect();
    let title = format!(
        "{}: share of what is honest and looks like a deception that is flagged",
        say::title_of(track)
    );
    by_detector(board, track, title, head, |placed| {
        let operation = operations(placed);
        let cell = |twin: &Twin| {
            let mut twins = operation.twins.iter();
            let alarms = twins.find(|alarms| alarms.twin == *twin);
            say::percent(alarms.and_then(|alarms| alarms.alarmed.mean))
        };
        counts.keys().map(cell).collect()
    })
}

/// False-positive rates of minutes by the size of the room, at the main budget.
pub fn sizes(board: &Board) -> Table {
    let standing = standing(board, Track::Rooms);
    let sizes = |placed: &Placed| {
        let operation = placed.operation(board);
        operation.map_or(Vec::new(), |operation| operation.sizes.clone())
    };
    let first = standing.iter().map(sizes).find(|sizes| !sizes.is_empty());
    let head = first.unwrap_or_default().into_iter().map(|size| {
        let viewers = match size.viewers_below {
            Some(below) => format!(
                "{} to {}",
                count(size.viewers_from),
                count(below.saturating_sub(1))
            ),
            None => format!("{} or more", count(size.viewers_from)),
        };
        numbers(&viewers, &format!("(n = {})", count(size.minutes)))
    });
    let title =
        "Rooms: share of negative minutes that are flagged, by the most real viewers of the room"
            .to_owned();
    by_detector(board, Track::Rooms, title, head.collect(), |placed| {
        let rates = sizes(placed).into_iter();
        rates
            .map(|size| say::percent(size.false_positive_rate.mean))
            .collect()
    })
}

/// What is found, and how often alarms are false, at every budget.
pub fn budgets(board: &Board, track: Track) -> Table {
    let head = board.budgets.iter().flat_map(|budget| {
        let budget = match track {
            Track::Rooms => format!("{} an hour:", budget.alarms_per_room_hour),
            _ => format!("{}:", say::plain_percent(budget.false_positive_rate)),
        };
        [numbers(&budget, "found"), numbers(&budget, "false")]
    });
    let title = format!(
        "{}: found and false alarms at each budget",
        say::title_of(track)
    );
    let cells = |operation: &Operation| {
        let wrong = match &operation.false_alarms_per_room_hour {
            Some(alarms) => say::fraction(alarms.mean),
            None => say::percent(operation.false_positive_rate.mean),
        };
        [say::percent(operation.found.mean), wrong]
    };
    by_detector(board, track, title, head.collect(), |placed| {
        placed.verdict.operations.iter().flat_map(cells).collect()
    })
}

/// The detectors: what they are, look at and come from.
pub fn detectors(board: &Board) -> Table {
    let row = |tried: &&crate::experiment::detection::Tried| {
        vec![
            tried.name.clone(),
            tried.family.clone(),
            tried.looks_at.clone(),
            tried.source.clone(),
        ]
    };
    Table {
        title: "Detectors".to_owned(),
        head: ["detector", "kind", "looks at", "source"]
            .map(|name| words("", name))
            .to_vec(),
        rows: in_order(board).iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// The streams in numbers.
pub fn streams(board: &Board) -> Table {
    let row = |facts: &StreamFacts| {
        let mut row = vec![format!("{} {}", facts.split, facts.seed)];
        row.extend([count(facts.events), count(facts.rooms)]);
        row.push(in_thousands(&format!("{:.0}", facts.room_hours)));
        row.extend([
            count(facts.accounts),
            count(facts.false_accounts),
            count(facts.orders),
            count(facts.false_orders),
            count(facts.campaigns.values().sum()),
            count(facts.twins.values().sum()),
        ]);
        row
    };
    Table {
        title: "Streams".to_owned(),
        head: vec![
            words("", "stream, seed"),
            numbers("", "events"),
            numbers("", "rooms"),
            numbers("hours", "on air"),
            numbers("", "accounts"),
            numbers("of them", "false"),
            numbers("", "orders"),
            numbers("of them", "false"),
            numbers("", "deceptions"),
            numbers("benign", "twins"),
        ],
        rows: board.streams.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// How many deceptions of each tactic, or benign twins of each kind, development and test streams have.
pub fn contents(
    board: &Board,
    title: &str,
    of: fn(&StreamFacts) -> &BTreeMap<String, u64>,
) -> Table {
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for facts in &board.streams {
        let side = usize::from(facts.split == "test");
        for (name, count) in of(facts) {
            let sides = counts.entry(name).or_default();
            if let Some(sum) = sides.get_mut(side) {
                *sum += count;
            }
        }
    }
    let row = |(name, [development, test]): (&str, [u64; 2])| {
        vec![name.to_owned(), count(development), count(test)]
    };
    Table {
        title: title.to_owned(),
        head: vec![
            words("", "name"),
            numbers("development", "streams"),
            numbers("test", "streams"),
        ],
        rows: counts.into_iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// The mean of a figure in yuan, and its interval where there is one.
pub fn yuan_with_interval(figure: &Figure) -> String {
    match figure.interval {
        Some(_) => format!(
            "{} ({})",
            say::yuan(figure.mean),
            say::yuan_between(figure.interval)
        ),
        None => say::yuan(figure.mean),
    }
}
