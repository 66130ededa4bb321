//! Farms that learn: tables of what each tactic brings against each detector, and of what is caught once farms have chosen.

use super::standing::controls;
use super::table::{Table, none, numbers, words};
use super::words as say;
use crate::detect::scoring::Figure;
use crate::experiment::detection::{Board, Learnt, Payoffs};

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
