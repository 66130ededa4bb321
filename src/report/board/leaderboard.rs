//! The leaderboard of a track: detectors from the best to the worst, with chance among them.

use super::standing::{Placed, standing};
use super::words as say;
use crate::detect::scoring::{Operation, Track, TwinAlarms};
use crate::experiment::detection::Board;
use crate::money::in_thousands;
use crate::report::table::{Column, Table, none, numbers, words};

/// The false-positive rate at which recall is shown.
const RATE: f64 = 0.01;

/// The leaderboard of a track at the main budget.
pub fn table(board: &Board, track: Track) -> Table {
    let standing = standing(board, track);
    let mut rows: Vec<Vec<String>> = standing
        .iter()
        .map(|placed| row(board, track, placed))
        .collect();
    if let Some((place, chance)) = chance(&standing, track) {
        rows.insert(place, chance);
    }
    Table {
        title: title(board, track, &standing),
        head: head(track),
        rows,
        notes: Vec::new(),
    }
}

fn title(board: &Board, track: Track, standing: &[Placed]) -> String {
    let counts = standing.first().map_or(String::new(), |placed| {
        let verdict = placed.verdict;
        let count = |count: u64| in_thousands(&count.to_string());
        let ignored = match verdict.ignored {
            0 => String::new(),
            ignored => format!(", {} not counted", count(ignored)),
        };
        format!(
            " ({} of {} {}{ignored})",
            count(verdict.positives),
            count(verdict.positives + verdict.negatives),
            say::items(track),
        )
    });
    format!(
        "{}: {}{counts}; budget {}",
        say::title_of(track),
        say::question(track),
        say::budget(board, track)
    )
}

/// Whether a track has things that are honest and look like a deception.
fn has_twins(track: Track) -> bool {
    matches!(track, Track::Rooms | Track::Offers)
}

fn head(track: Track) -> Vec<Column> {
    let alarms = match track {
        Track::Rooms => numbers("alarms", "an hour"),
        _ => numbers("false", "positive"),
    };
    let mut head = vec![
        words("", "detector"),
        words("", "kind"),
        words("average precision", "(95 % interval)"),
        numbers("ROC", "area"),
        numbers("recall,", "1 % FPR"),
        numbers("found,", "budget"),
        numbers("median", "delay"),
        alarms,
    ];
    if has_twins(track) {
        head.push(words("worst", "benign twin"));
    }
    head
}

fn row(board: &Board, track: Track, placed: &Placed) -> Vec<String> {
    let verdict = placed.verdict;
    let mut recalls = verdict.recall_at.iter();
    let recall = recalls.find(|at| at.false_positive_rate == RATE);
    let operation = placed.operation(board);
    let mut row = vec![
        say::starred(placed.tried),
        placed.tried.family.clone(),
        say::with_interval(&verdict.average_precision),
        say::fraction(verdict.roc_area.mean),
        say::percent(recall.and_then(|at| at.recall.mean)),
        say::percent(operation.and_then(|of| of.found.mean)),
        say::delay(operation.and_then(|of| of.overall_median_delay)),
        operation.map_or_else(none, |of| false_alarms(track, of)),
    ];
    if has_twins(track) {
        row.push(operation.map_or_else(none, worst_twin));
    }
    row
}

fn false_alarms(track: Track, operation: &Operation) -> String {
    match track {
        Track::Rooms => {
            let alarms = operation.false_alarms_per_room_hour.as_ref();
            say::fraction(alarms.and_then(|alarms| alarms.mean))
        }
        _ => say::percent(operation.false_positive_rate.mean),
    }
}

/// The kind of twin that is taken for a deception most often.
fn worst_twin(operation: &Operation) -> String {
    let share = |twin: &TwinAlarms| twin.alarmed.mean.unwrap_or(0.0);
    let twins = operation.twins.iter();
    let worst = twins.reduce(|worst, twin| {
        if share(twin) > share(worst) {
            twin
        } else {
            worst
        }
    });
    match worst {
        None => none(),
        Some(worst) if share(worst) == 0.0 => "none".to_owned(),
        Some(worst) => format!("{} {}", worst.twin.name(), say::whole_percent(share(worst))),
    }
}

/// What chance gets, and before which place: whoever stands below is worse than chance.
fn chance(standing: &[Placed], track: Track) -> Option<(usize, Vec<String>)> {
    let chance = standing.first()?.verdict.prevalence.mean?;
    let better = |placed: &&Placed| {
        let precision = placed.verdict.average_precision.mean;
        precision.is_some_and(|precision| precision >= chance)
    };
    let place = standing.iter().take_while(better).count();
    let mut row = vec![
        "(chance)".to_owned(),
        String::new(),
        say::fraction(Some(chance)),
        "0.500".to_owned(),
        say::percent(Some(RATE)),
    ];
    row.resize(head(track).len(), String::new());
    Some((place, row))
}
