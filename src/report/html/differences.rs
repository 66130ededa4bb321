//! What a comparison says in short, and the tables of paired differences.

use super::table::framed;
use crate::experiment::compare::{Arm, Compared, Comparison, Difference, Verdict};
use crate::money::in_thousands;
use crate::report::comparison::{
    NET_DETRIMENT, OVERCOMPENSATED, UNCOMPENSATED, baseline_name, baseline_of, counted,
    difference_of, differences_of, interval_in, mean_of, primary_metric, telling, tells,
    told_by_group,
};
use crate::report::digits::{NONE, Scale, percent_change};
use maud::{Markup, html};

/// The primary metric, in sentences and a table.
pub fn in_short(comparison: &Comparison) -> Markup {
    let Some(of) = primary_metric(comparison) else {
        return html! { p { "The primary metric " code { (comparison.primary) } " is not among the metrics." } };
    };
    let baseline = baseline_name(comparison);
    let scale = Scale::of(&of.metric.unit);
    let mean = of.means.first().and_then(mean_of).unwrap_or(f64::NAN);
    html! {
        p {
            "The primary metric is " b { (of.metric.label) } ". Under " (baseline) " it came to "
            (scale.value(mean)) " " (scale.unit()) " in the mean of " (counted(comparison.seeds.len(), "replication")) "."
        }
        ul.verdicts {
            @for (at, (arm, difference)) in others(comparison, of).enumerate() {
                li class=(class_of(arm, difference)) {
                    b { (arm.name) } ": " (verdict(of, arm, difference))
                    @if let Some(clause) = beyond_losses(comparison, at) { (clause) }
                }
            }
        }
        (table_of(comparison, &[of], "The primary metric"))
    }
}

fn others<'a>(
    comparison: &'a Comparison,
    of: &'a Compared,
) -> impl Iterator<Item = (&'a Arm, &'a Difference)> {
    comparison.arms.iter().skip(1).zip(&of.differences)
}

fn class_of(arm: &Arm, difference: &Difference) -> &'static str {
    match (arm.is_inert(), tells(difference)) {
        (false, true) => "told",
        _ => "untold",
    }
}

/// What to make of a difference, as a sentence.
fn verdict(of: &Compared, arm: &Arm, difference: &Difference) -> String {
    if arm.is_inert() {
        return "changed nothing in any replication.".to_owned();
    }
    let Some(mean) = difference_of(difference) else {
        return "no pair of replications has a value.".to_owned();
    };
    if difference.verdict() == Verdict::Same {
        return "no difference in any replication.".to_owned();
    }
    let scale = Scale::of(&of.metric.unit);
    let corrected = interval_in(difference, difference.corrected);
    let (size, interval) = scale.difference(mean, corrected);
    let relative = baseline_of(of).map_or(String::new(), |base| {
        format!(" ({})", percent_change(mean / base))
    });
    let unit = scale.unit_of_difference();
    let size = format!("{size} {unit}{relative}");
    if corrected.is_none() {
        return format!("{size}, of which one pair tells nothing.");
    }
    let judged = difference.verdict();
    match (judged, difference.more) {
        (Verdict::Differs, _) => {
            format!("{size}, 95 % interval corrected for the number of regimes {interval}.")
        }
        (Verdict::Rare { .. }, _) => format!("{size}: {}.", judged.words()),
        (Verdict::RestsOn { .. }, _) => {
            let p = telling::p_in_words(difference);
            let words = judged.words();
            format!(
                "{size}: {p}, {words}, without which the interval ({interval}) would span zero."
            )
        }
        (_, Some(more)) => {
            let more = counted(more as usize, "more replication");
            format!("{size}: not distinguishable yet, about {more} would tell it ({interval}).")
        }
        (_, None) => format!("{size}: not distinguishable ({interval})."),
    }
}

/// Share of a change in net detriment above which redress beyond losses is pointed out beside it.
const MUCH: f64 = 0.1;

/// How much of a change in net detriment is redress beyond what was lost, where that is much: it makes nobody's loss good.
fn beyond_losses(comparison: &Comparison, at: usize) -> Option<String> {
    if comparison.primary != NET_DETRIMENT {
        return None;
    }
    let of = |key: &str| differences_of(comparison, key).get(at);
    let (net, beyond, lost) = (of(NET_DETRIMENT)?, of(OVERCOMPENSATED)?, of(UNCOMPENSATED)?);
    let scale = Scale::of("yuan");
    let size = |difference: &Difference| scale.difference(difference.mean, None).0;
    (beyond.mean.abs() > MUCH * net.mean.abs()).then(|| {
        format!(
            " Redress beyond what was lost changed by {} yuan, which net detriment counts against the losses of others; detriment not made good changed by {} yuan.",
            size(beyond),
            size(lost)
        )
    })
}

/// A table for each group.
pub fn tables(comparison: &Comparison) -> Markup {
    if comparison.arms.len() < 2 {
        return html! { p { "There is no regime beside the baseline." } };
    }
    html! {
        p { "Regime less baseline, replication by replication. Grey: the corrected interval spans zero, or only few replications keep it from it. What came to 0 everywhere is left out." }
        @for (group, metrics) in told_by_group(comparison) {
            (table_of(comparison, &metrics, group.title()))
        }
    }
}

/// Columns of the table of differences.
fn head(comparison: &Comparison) -> Vec<&'static str> {
    let mut head = vec![
        "regime",
        "mean",
        "difference",
        "%",
        "95 % interval, corrected",
        "not corrected",
    ];
    if comparison.seeds_per_draw.is_some() {
        head.extend(["over seeds", "over assumptions"]);
    }
    head.extend(["p, corrected", "correlation", "saving", "replications"]);
    head
}

fn table_of(comparison: &Comparison, metrics: &[&Compared], caption: &str) -> Markup {
    let head = head(comparison);
    let inner = html! {
        thead { tr {
            @for (at, name) in head.iter().enumerate() {
                th scope="col" class=[(at > 0).then_some("number")] { (name) }
            }
        } }
        @for of in metrics {
            tbody {
                tr.metric { th colspan=(head.len()) scope="rowgroup" { (heading(comparison, of)) } }
                @for (index, (arm, difference)) in others(comparison, of).enumerate() {
                    (row(comparison, of, index + 1, arm, difference))
                }
            }
        }
    };
    framed(caption, inner)
}

fn heading(comparison: &Comparison, of: &Compared) -> Markup {
    let scale = Scale::of(&of.metric.unit);
    let mean = of.means.first().and_then(mean_of).unwrap_or(f64::NAN);
    let primary = of.metric.key == comparison.primary;
    html! {
        (of.metric.label) " "
        span.unit {
            (scale.unit()) "; " (baseline_name(comparison)) " " (scale.value(mean))
            @if primary { " \u{b7} primary" }
        }
    }
}

fn row(
    comparison: &Comparison,
    of: &Compared,
    at: usize,
    arm: &Arm,
    difference: &Difference,
) -> Markup {
    let scale = Scale::of(&of.metric.unit);
    let none = || NONE.to_owned();
    let mean = of
        .means
        .get(at)
        .and_then(mean_of)
        .map_or_else(none, |mean| scale.value(mean));
    let Some(size) = difference_of(difference) else {
        return html! { tr.untold { th scope="row" { (arm.name) } td.number { (mean) } td colspan="10" { "no pair of replications has a value" } } };
    };
    let between = |interval: Option<[f64; 2]>| scale.difference(size, interval).1;
    let within = |interval| interval_in(difference, interval);
    let mut cells = vec![
        mean,
        scale.difference(size, within(difference.corrected)).0,
        baseline_of(of).map_or_else(none, |base| percent_change(size / base)),
        between(within(difference.corrected)),
        between(within(difference.uncorrected)),
    ];
    if comparison.seeds_per_draw.is_some() {
        cells.push(between(difference.seed_interval));
        cells.push(telling::over_assumptions(difference, |interval| {
            between(Some(interval))
        }));
    }
    cells.extend([
        p_value(difference),
        difference
            .correlation
            .map_or_else(none, |value| format!("{value:.3}")),
        difference
            .saving
            .map_or_else(none, |value| Scale::of("").value(value)),
        needed(arm, difference),
    ]);
    html! {
        tr class=(class_of(arm, difference)) {
            th scope="row" { (arm.name) }
            @for cell in cells { td.number { (cell) } }
        }
    }
}

fn p_value(difference: &Difference) -> String {
    match difference.p_corrected {
        _ if difference.pairs < 2 || difference.is_rare() => NONE.to_owned(),
        p if p < 0.001 => "< 0.001".to_owned(),
        p => format!("{p:.3}"),
    }
}

fn needed(arm: &Arm, difference: &Difference) -> String {
    let verdict = difference.verdict();
    match (verdict, difference.more) {
        _ if arm.is_inert() => "changed nothing".to_owned(),
        (Verdict::Rare { .. } | Verdict::RestsOn { .. }, _) => verdict.words(),
        (_, Some(more)) => format!("about {} more", in_thousands(&more.to_string())),
        (_, None) => String::new(),
    }
}
