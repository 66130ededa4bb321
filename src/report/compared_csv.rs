//! A comparison for spreadsheets and programs: one row a value, texts quoted where they must be.

use crate::experiment::compare::{Comparison, Difference};
use crate::market::DayTotals;
use crate::scenario::registry::Sweep;
use std::fmt::Write as _;

/// A text as a cell.
fn cell(text: &str) -> String {
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// A value that may be missing.
fn maybe(value: Option<impl ToString>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

fn ends(interval: Option<[f64; 2]>) -> [String; 2] {
    let end = |at: usize| maybe(interval.map(|interval| interval[at]));
    [end(0), end(1)]
}

/// Metric by metric and arm by arm: means, the paired difference and all that is known of it.
pub fn differences_csv(comparison: &Comparison) -> String {
    let mut out = String::from(
        "metric,label,unit,group,primary,arm,baseline_mean,mean,difference,median_difference,verdict,corrected_low,corrected_high,p_corrected,more_replications,\
         uncorrected_low,uncorrected_high,p_uncorrected,seed_low,seed_high,parameter_low,parameter_high,pairs,pairs_that_differ,rests_on,correlation,saving\n",
    );
    for compared in &comparison.metrics {
        let metric = &compared.metric;
        let arms = comparison.arms.iter().zip(&compared.means).skip(1);
        for ((arm, mean), difference) in arms.zip(&compared.differences) {
            let about = [
                cell(&metric.key),
                cell(&metric.label),
                cell(&metric.unit),
                cell(metric.group.title()),
                (metric.key == comparison.primary).to_string(),
                cell(&arm.name),
                compared.means[0].mean.to_string(),
                mean.mean.to_string(),
            ];
            let _ = writeln!(out, "{},{}", about.join(","), of_difference(difference));
        }
    }
    out
}

fn of_difference(difference: &Difference) -> String {
    let of_pairs = [difference.mean, difference.median];
    let mut cells: Vec<String> = of_pairs.iter().map(f64::to_string).collect();
    cells.push(difference.verdict().words());
    cells.extend(ends(Some(difference.corrected)));
    cells.extend([difference.p_corrected.to_string(), maybe(difference.more)]);
    cells.extend(ends(Some(difference.uncorrected)));
    cells.push(difference.p_uncorrected.to_string());
    cells.extend(ends(difference.seed_interval));
    cells.extend(ends(difference.parameter_interval));
    cells.extend([
        difference.pairs.to_string(),
        difference.differ.to_string(),
        maybe(difference.rests_on),
        maybe(difference.correlation),
        maybe(difference.saving),
    ]);
    cells.join(",")
}

/// The draw of the assumptions that a replication belongs to; empty where they are not redrawn.
fn draw_of(comparison: &Comparison, replication: usize) -> String {
    maybe(
        comparison
            .seeds_per_draw
            .map(|seeds| replication / seeds.max(1) as usize),
    )
}

/// Every metric of every run.
pub fn metrics_csv(comparison: &Comparison) -> String {
    let mut out = String::from("metric,arm,replication,draw,seed,value\n");
    for compared in &comparison.metrics {
        for (arm, mean) in comparison.arms.iter().zip(&compared.means) {
            for (replication, value) in mean.values.iter().enumerate() {
                let _ = writeln!(
                    out,
                    "{},{},{replication},{},{},{}",
                    cell(&compared.metric.key),
                    cell(&arm.name),
                    draw_of(comparison, replication),
                    comparison.seeds[replication],
                    maybe(*value)
                );
            }
        }
    }
    out
}

/// The daily paths of every run, by (arm, replication).
pub fn days_csv(comparison: &Comparison, days: &[((usize, u32), &[DayTotals])]) -> String {
    let mut out = String::from("arm,replication,seed,day");
    for (key, ..) in DayTotals::COLUMNS {
        let _ = write!(out, ",{key}");
    }
    out.push('\n');
    for ((arm, replication), days) in days {
        let (arm, seed) = (
            &comparison.arms[*arm].name,
            comparison.seeds[*replication as usize],
        );
        for day in *days {
            let _ = write!(out, "{},{replication},{seed},{}", cell(arm), day.day);
            for value in day.values() {
                let _ = write!(out, ",{value}");
            }
            out.push('\n');
        }
    }
    out
}

/// How long claims stay unresolved: arm by arm and by days since a claim was made.
pub fn survival_csv(comparison: &Comparison) -> String {
    let mut out = String::from("arm,replications,days,unresolved,low,high\n");
    for waiting in &comparison.survival {
        let arm = cell(&comparison.arms[waiting.arm].name);
        for (day, [mean, low, high]) in waiting.days.iter().enumerate() {
            let replications = waiting.replications;
            let _ = writeln!(out, "{arm},{replications},{day},{mean},{low},{high}");
        }
    }
    out
}

/// What the assumptions were redrawn to; for a rule, in which regimes.
pub fn parameters_csv(comparison: &Comparison) -> String {
    let mut out = String::from("parameter,regimes,redrawn,low,high,draw,drawn\n");
    for redrawn in &comparison.redrawn {
        let (how, [low, high]) = match redrawn.sweep {
            Sweep::Range(ends) => ("value", ends),
            Sweep::Factor(ends) => ("factor", ends),
            Sweep::Odds(ends) => ("factor on the odds", ends),
        };
        for (draw, drawn) in redrawn.drawn.iter().enumerate() {
            let (path, regimes) = (cell(&redrawn.path), cell(&redrawn.regimes.join(" ")));
            let _ = writeln!(out, "{path},{regimes},{how},{low},{high},{draw},{drawn}");
        }
    }
    out
}
