//! What has to be known to read a board, in the same words on a terminal and in a report.

use super::standing::tracks;
use super::words as say;
use crate::experiment::detection::Board;
use std::collections::BTreeSet;

/// Tactics of test streams that no development stream has.
fn held_out(board: &Board) -> BTreeSet<&str> {
    let verdicts = board.detectors.iter().flat_map(|tried| &tried.verdicts);
    let operations = verdicts.flat_map(|verdict| &verdict.operations);
    let findings = operations.flat_map(|operation| &operation.findings);
    findings
        .filter(|finding| !finding.tactic_is_known)
        .map(|finding| finding.tactic.as_str())
        .collect()
}

/// How thresholds were fixed, on what is measured, and what is held out: sentences.
pub fn notes(board: &Board) -> Vec<String> {
    let mut verdicts = board.detectors.iter().flat_map(|tried| &tried.verdicts);
    if verdicts.all(|verdict| verdict.positives == 0) {
        return vec![
            "There is nothing to find: no test stream has anything false in it. Try more rooms or consumers, or more test streams (`--test`)."
                .to_owned(),
        ];
    }
    let budgets: Vec<String> = tracks(board)
        .into_iter()
        .map(|track| format!("{} {}", track.name(), say::budget(board, track)))
        .collect();
    let held_out: Vec<&str> = held_out(board).into_iter().collect();
    let held_out = match held_out.as_slice() {
        [] => "Every tactic of the test streams is in the development streams too.".to_owned(),
        tactics => format!(
            "Held out: no development stream has {}.",
            tactics.join(", ")
        ),
    };
    vec![
        format!(
            "Thresholds were fixed on {} ({}) by a budget of false alarms, and then left alone: {}.",
            say::streams(board, "development"),
            say::seeds(board, "development"),
            budgets.join("; ")
        ),
        format!(
            "Figures are means over {} ({}), intervals of 95 % by Student's t over streams.",
            say::streams(board, "test"),
            say::seeds(board, "test")
        ),
        held_out,
        "Average precision is to be read against chance; oracle knows the truth, best_single_feature is one raw feature: a detector is worth what it adds to that."
            .to_owned(),
        "Recall: share of positives at the score that lets 1 % of negatives through (1 % FPR). Found: share of campaigns with an alarm at the budget. Delay: from \
         the first evidence to the first alarm, over all campaigns; a dash where more than half are missed."
            .to_owned(),
        "Alarms an hour: false ones per room-hour, in rooms without any campaign. Worst benign twin: what is honest and looks like a deception, and the share of \
         it that is flagged."
            .to_owned(),
    ]
}

/// What went wrong, detector by detector: names and sentences.
pub fn troubles(board: &Board) -> Vec<(&str, &str)> {
    let of_detector = board.detectors.iter().flat_map(|tried| {
        let sentences = tried.trouble.iter();
        sentences.map(|sentence| (tried.name.as_str(), sentence.as_str()))
    });
    of_detector.collect()
}
