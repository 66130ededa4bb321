//! What has to be said of a comparison beside its numbers, in the same words on a terminal and in a report: what intervals are corrected for, which
//! regimes and changes came to the same, what could not happen within the scenario.

use super::counted;
use crate::experiment::compare::statistics::LEAST_DRAWS;
use crate::experiment::compare::{Arm, Comparison, Difference};

/// Significance below which only that is said.
const LEAST_P: f64 = 0.001;

/// The corrected p of a difference: "p = 0.028".
pub fn p_in_words(difference: &Difference) -> String {
    match difference.p_corrected < LEAST_P {
        true => format!("p < {LEAST_P}"),
        false => format!("p = {:.3}", difference.p_corrected),
    }
}

/// What intervals, p and the number of further replications rest on.
pub fn about_intervals(comparison: &Comparison) -> Vec<String> {
    let mut notes = Vec::new();
    if comparison.seeds.len() > 1 {
        let [primary, others] = [true, false].map(|primary| comparison.family(primary));
        notes.push(format!(
            "intervals and p are corrected (Bonferroni), those of the primary metric for {}, all others for {}; uncorrected ones are in differences.csv",
            comparisons(primary),
            comparisons(others),
        ));
    }
    if let Some(replications) = comparison.replications_for_draws() {
        notes.push(format!(
            "over assumptions: {} are too few for an interval; {LEAST_DRAWS} would do: --replications {replications}",
            counted(comparison.draws(), "draw")
        ));
    }
    notes
}

fn comparisons(family: usize) -> String {
    match family {
        0 | 1 => "1 comparison, which leaves them as they are".to_owned(),
        many => counted(many, "comparison"),
    }
}

/// Where assumptions put a difference: the interval, or why there is none.
pub fn over_assumptions(difference: &Difference, between: impl Fn([f64; 2]) -> String) -> String {
    match (difference.seed_interval, difference.parameter_interval) {
        (None, _) => String::new(),
        (_, None) => "too few draws".to_owned(),
        (_, Some([low, high])) if low == high => "no more than seeds".to_owned(),
        (_, Some(interval)) => between(interval),
    }
}

/// What changed nothing, what came to the same, and what could not happen: a sentence each, without a full stop.
pub fn sentences(comparison: &Comparison) -> Vec<String> {
    let replications = counted(comparison.seeds.len(), "replication");
    let others = || comparison.arms.iter().skip(1);
    let inert = others()
        .filter(|arm| arm.is_inert())
        .map(|arm| format!("regime {} changed nothing in {replications}", arm.name));
    let alike = others().filter_map(|arm| {
        let other = arm.same_as.as_ref()?;
        let name = &arm.name;
        Some(format!(
            "regime {name} gave the same results as {other} in every replication"
        ))
    });
    let changes = comparison.inert_changes.iter();
    let changes = changes.map(|change| format!("--set {change} changed nothing in {replications}"));
    let short = comparison.arms.iter().filter_map(no_decision);
    let never = comparison.never_in_force.iter().cloned();
    let same = inert.chain(never).chain(alike).chain(changes);
    same.chain(short).collect()
}

/// Rules of the authority, each with the metric of what comes of it once it does more than frighten.
const FRIGHTENING: [(&str, &str); 2] = [
    ("fines", "fines"),
    ("investigates_from_complaints", "inspected"),
];

/// Whether a rule acted in an arm through what sellers expect of it alone: they settled for fear of a fine, and none fell in any replication.
pub fn only_feared(comparison: &Comparison, arm: usize, rule: &str) -> bool {
    let Some((_, key)) = FRIGHTENING.iter().find(|of| of.0 == rule) else {
        return false;
    };
    let mut metrics = comparison.metrics.iter();
    let of = metrics.find(|of| of.metric.key == *key);
    let values = of.and_then(|of| of.means.get(arm)).map(|mean| &mean.values);
    values.is_some_and(|values| values.iter().flatten().all(|value| *value == 0.0))
}

/// Where no decision of the authority can fall within the scenario.
fn no_decision(arm: &Arm) -> Option<String> {
    let days = counted(arm.days_short? as usize, "day");
    Some(format!(
        "regime {}: no fine of the authority can fall within this scenario, which ends {days} before its first decision could",
        arm.name
    ))
}
