//! Farms that learn: tables of what each tactic brings against each detector, and of what is caught once farms have chosen.

use super::standing::controls;
use super::words as say;
use crate::detect::scoring::{Figure, Track};
use crate::experiment::detection::{Board, Learnt, Payoffs};
use crate::report::table::{Table, none, numbers, words};

/// The farm's return by detector (rows) and tactic (columns).
pub fn returns(payoffs: &Payoffs) -> Table {
    let mut head = vec![words("", "detector")];
    let tactics = payoffs.tactics.iter();
    head.extend(tactics.map(|tactic| numbers("", tactic)));
    let row = |(column, detector): (usize, &String)| {
        let cells = payoffs.farm_return.iter();
        let cells =
            cells.map(|tactic| say::signed_percent(tactic.get(column).and_then(|of| of.mean)));
        std::iter::once(detector.clone()).chain(cells).collect()
    };
    Table {
        title: "What a farm earns on the money it lays out, by detector and tactic".to_owned(),
        head,
        rows: payoffs.detectors.iter().enumerate().map(row).collect(),
        notes: vec![
            "Earned less laid out, over laid out: 0 % is to break even, \u{2212}100 % to lose everything."
                .to_owned(),
        ],
    }
}

/// What detectors come to before and after farms have learnt, the best afterwards first.
pub fn table(payoffs: &Payoffs) -> Table {
    let rows = best_first(payoffs).into_iter().map(row);
    Table {
        title: "Once farms have learnt, the detector that then catches most first".to_owned(),
        head: vec![
            words("", "detector"),
            numbers("caught", "before"),
            numbers("caught", "after"),
            numbers("farm return", "before"),
            numbers("farm return", "after"),
            numbers("harm, yuan", "before"),
            numbers("harm, yuan", "after"),
            words("least caught", "tactic"),
        ],
        rows: rows.collect(),
        notes: vec![
            "Before: with the suite's own mix of tactics. After: with the mix that farms have come to, evening after evening, by what paid."
                .to_owned(),
        ],
    }
}

/// What detectors' scores are worth before and after farms have learnt, in the order of [`table`].
pub fn precision(payoffs: &Payoffs) -> Table {
    let learnt = best_first(payoffs);
    let said = |track: &Track| {
        let mut all = learnt.iter().flat_map(|learnt| &learnt.precision);
        all.any(|remix| remix.track == *track)
    };
    let tracks: Vec<Track> = Track::ALL.into_iter().filter(said).collect();
    let mut head = vec![words("", "detector")];
    for track in &tracks {
        let columns = ["before", "after", "worst"];
        head.extend(columns.map(|column| numbers(track.name(), column)));
    }
    let scored = learnt.iter().filter(|learnt| !learnt.precision.is_empty());
    let row = |learnt: &&Learnt| {
        let cells = tracks.iter().flat_map(|track| ranked(learnt, *track));
        std::iter::once(learnt.detector.clone())
            .chain(cells)
            .collect()
    };
    Table {
        title: "Average precision of scores before and after farms have learnt".to_owned(),
        head,
        rows: scored.map(row).collect(),
        notes: vec![
            "Before and after: as above; nobody acts on the scores. Worst: the least of these and of each tactic alone, farms all taking to it. Chance differs from mix to mix: leaderboard.csv has it."
                .to_owned(),
        ],
    }
}

/// What a detector's scores are worth in a track: before, after, at worst.
fn ranked(learnt: &Learnt, track: Track) -> [String; 3] {
    let mut all = learnt.precision.iter();
    match all.find(|remix| remix.track == track) {
        Some(remix) => [
            &remix.static_precision,
            &remix.adapted_precision,
            &remix.worst_precision.1,
        ]
        .map(|figure| say::fraction(figure.mean)),
        None => [none(), none(), none()],
    }
}

/// The detectors, what is caught of the mix that farms have come to from the most to the least, then by name.
pub fn best_first(payoffs: &Payoffs) -> Vec<&Learnt> {
    let caught = |learnt: &Learnt| learnt.adapted_caught.mean.unwrap_or(f64::NEG_INFINITY);
    let mut all: Vec<&Learnt> = payoffs.learnt.iter().collect();
    all.sort_by(|one, other| {
        let by_caught = caught(other).total_cmp(&caught(one));
        by_caught.then_with(|| one.detector.cmp(&other.detector))
    });
    all
}

/// The detector that catches most of the mix that farms have come to, controls apart.
pub fn best(board: &Board) -> Option<&Learnt> {
    let best_first = best_first(board.adaptive.as_ref()?);
    let mut detectors = best_first.into_iter();
    detectors.find(|learnt| !controls(board, &learnt.detector))
}

fn row(learnt: &Learnt) -> Vec<String> {
    let ends = |evenings: &[Figure], say: fn(Option<f64>) -> String| {
        let mean = |figure: Option<&Figure>| say(figure.and_then(|of| of.mean));
        [mean(evenings.first()), mean(evenings.last())]
    };
    let (tactic, caught) = &learnt.worst_caught;
    let worst = match caught.mean {
        Some(mean) => format!("{tactic} {}", say::whole_percent(mean)),
        None => none(),
    };
    let mut row = vec![
        learnt.detector.clone(),
        say::percent(learnt.static_caught.mean),
        say::percent(learnt.adapted_caught.mean),
    ];
    row.extend(ends(&learnt.farm_return, say::signed_percent));
    row.extend(ends(&learnt.harm, say::yuan));
    row.push(worst);
    row
}
