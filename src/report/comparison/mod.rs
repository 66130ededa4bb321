//! Figures of a comparison: differences from the baseline, distributions over replications, harm stacked by regime, paths over time, and how long
//! claims stay unresolved.
//! They are drawn from a [`Comparison`] alone.

mod axis;
mod differences;
mod paths;
mod spread;
mod stacks;
mod survival;
pub mod telling;

use super::canvas::{Area, Drawing, Drawn, colour};
use crate::experiment::compare::{Compared, Comparison, Difference, Mean, Verdict};
use crate::experiment::{Group, Metric};
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Draws every figure of a comparison as SVG and PNG and returns the files. The bytes depend on the comparison alone.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_comparison_figures(
    folder: &Path,
    comparison: &Comparison,
) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for drawing in comparison_drawings(comparison)? {
        files.extend(drawing.write(folder)?);
    }
    Ok(files)
}

/// Draws every figure of a comparison, in the order in which they are read.
///
/// # Errors
/// What plotters says when it cannot draw.
pub fn comparison_drawings(comparison: &Comparison) -> io::Result<Vec<Drawing>> {
    let footer = footer(comparison);
    let mut drawings = differences::headline(comparison, &footer)?;
    drawings.extend(spread::draw(comparison, &footer)?);
    drawings.extend(stacks::draw(comparison, &footer)?);
    drawings.extend(paths::draw(comparison, &footer)?);
    drawings.extend(survival::draw(comparison, &footer)?);
    drawings.extend(differences::by_group(comparison, &footer)?);
    Ok(drawings)
}

/// Version, scenario and seeds, as they stand on every figure.
fn footer(comparison: &Comparison) -> String {
    let mut parts = vec![
        format!("yellowcart {}", comparison.version),
        format!("scenario {}", comparison.scenario),
        seeds_in_words(comparison),
        format!(
            "{} consumers",
            crate::money::in_thousands(&comparison.consumers.to_string())
        ),
    ];
    if let Some(from) = &comparison.from {
        parts.push(format!("one shared past until {from}"));
    }
    if comparison.uncertainty {
        parts.push("assumptions redrawn in every replication".to_owned());
    }
    parts.join("  \u{b7}  ")
}

/// Replications and the seed from which theirs come.
pub fn seeds_in_words(comparison: &Comparison) -> String {
    let replications = counted(comparison.seeds.len(), "replication");
    format!("{replications} from base seed {}", comparison.base_seed)
}

/// A number of things in words.
pub fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!(
        "{} {what}{ending}",
        crate::money::in_thousands(&count.to_string())
    )
}

/// The scenario's title and the baseline, as they stand under the title of a figure.
fn subtitle(comparison: &Comparison) -> String {
    let baseline = baseline_name(comparison);
    format!("{}  \u{b7}  baseline: {baseline}", comparison.title)
}

/// The name of the baseline.
pub fn baseline_name(comparison: &Comparison) -> &str {
    comparison.arms.first().map_or("none", |arm| &arm.name)
}

/// Metrics that a reader wants first: the primary one, then of each group in turn, those by channel and by segment apart.
pub fn headline_metrics(comparison: &Comparison, most: usize) -> Vec<&Compared> {
    let metrics = &comparison.metrics;
    let of_group = |group: Group| {
        let those = metrics.iter().filter(|of| of.metric.group == group);
        let those = those.filter(|of| says_something(of) && !is_memo(&of.metric));
        those.collect::<Vec<_>>()
    };
    let groups = HEADLINE.map(of_group);
    let longest = groups.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn =
        (0..longest).flat_map(|round| groups.iter().filter_map(move |group| group.get(round)));
    let mut keys: Vec<&str> = vec![&comparison.primary];
    if comparison.primary == NET_DETRIMENT {
        keys.push(UNCOMPENSATED);
    }
    for of in in_turn {
        if keys.len() < most && !keys.contains(&of.metric.key.as_str()) {
            keys.push(&of.metric.key);
        }
    }
    let mut chosen: Vec<&Compared> = metrics
        .iter()
        .filter(|of| keys.contains(&of.metric.key.as_str()))
        .collect();
    let beside =
        |of: &Compared| comparison.primary == NET_DETRIMENT && of.metric.key == UNCOMPENSATED;
    chosen.sort_by_key(|of| (of.metric.key != comparison.primary, !beside(of)));
    chosen
}

/// Whether a metric is anything but 0 in any replication.
pub fn says_something(of: &Compared) -> bool {
    let mut values = of
        .means
        .iter()
        .flat_map(|mean| mean.values.iter().flatten());
    values.any(|value| *value != 0.0)
}

/// Metrics that say something, by group, in order of the groups.
pub fn told_by_group(comparison: &Comparison) -> BTreeMap<Group, Vec<&Compared>> {
    let mut told: BTreeMap<Group, Vec<&Compared>> = BTreeMap::new();
    for of in comparison.metrics.iter().filter(|of| says_something(of)) {
        told.entry(of.metric.group).or_default().push(of);
    }
    told
}

/// Whether a metric stands beside the account of losses and is no part of it.
fn is_memo(metric: &Metric) -> bool {
    metric.label.starts_with("memo:")
}

/// Mean of an arm, if any replication has a value.
pub fn mean_of(mean: &Mean) -> Option<f64> {
    let has = mean.values.iter().any(Option::is_some) && mean.mean.is_finite();
    has.then_some(mean.mean)
}

/// Mean of the paired differences, if there is a pair.
pub fn difference_of(difference: &Difference) -> Option<f64> {
    (difference.pairs > 0 && difference.mean.is_finite()).then_some(difference.mean)
}

/// An interval of a difference, if there are pairs enough for one.
pub fn interval_in(difference: &Difference, interval: [f64; 2]) -> Option<[f64; 2]> {
    let is = difference.pairs > 1 && interval.iter().all(|end| end.is_finite());
    is.then_some(interval)
}

/// Whether there is a difference: the interval corrected for the number of comparisons is on one side of zero, and not thanks to few replications.
pub fn tells(difference: &Difference) -> bool {
    difference.verdict() == Verdict::Differs
}

/// Size of the baseline's mean; `None` where there is nothing to be a percentage of.
pub fn baseline_of(of: &Compared) -> Option<f64> {
    let size = mean_of(of.means.first()?)?.abs();
    (size > 0.0).then_some(size)
}

/// What consumers lose less all redress, that beyond what was lost included.
pub const NET_DETRIMENT: &str = "net_detriment";

/// The same of those alone who lose: who reads one has to see the other.
pub const UNCOMPENSATED: &str = "uncompensated_detriment";

/// Redress beyond what was lost.
pub const OVERCOMPENSATED: &str = "overcompensated";

/// Groups that have metrics in the headline.
const HEADLINE: [Group; 7] = [
    Group::Conversion,
    Group::Sales,
    Group::Harm,
    Group::Distribution,
    Group::Redress,
    Group::Enforcement,
    Group::Ledger,
];

/// The metric that is primary, if it is among the metrics.
pub fn primary_metric(comparison: &Comparison) -> Option<&Compared> {
    let mut metrics = comparison.metrics.iter();
    metrics.find(|of| of.metric.key == comparison.primary)
}

/// The differences of a metric, by arm after the baseline.
pub fn differences_of<'a>(comparison: &'a Comparison, key: &str) -> &'a [Difference] {
    let mut metrics = comparison.metrics.iter();
    let of = metrics.find(|of| of.metric.key == key);
    of.map_or(&[], |of| &of.differences)
}

/// What a metric is called, with its first letter large.
fn metric_title(metric: &Metric) -> String {
    let mut letters = metric.label.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// A label with its unit behind it, unless it says it already ("claims made").
fn with_unit(label: &str, unit: &str) -> String {
    if label.to_lowercase().contains(unit) {
        label.to_owned()
    } else {
        format!("{label}, {unit}")
    }
}

/// A straight line.
pub fn rule(root: &Area, from: (i32, i32), to: (i32, i32), ink: RGBColor, width: u32) -> Drawn {
    root.draw(&PathElement::new(vec![from, to], ink.stroke_width(width)))?;
    Ok(())
}

/// Light bands behind every second row.
pub fn band(root: &Area, left: i32, right: i32, top: i32, bottom: i32) -> Drawn {
    let fill = RGBColor(246, 246, 246).filled();
    root.draw(&Rectangle::new([(left, top), (right, bottom)], fill))?;
    Ok(())
}

/// What stands beside an inert arm.
const INERT: &str = "changed nothing";

/// Grey of what cannot be told from nothing.
const UNTOLD: RGBColor = RGBColor(150, 150, 150);

/// Lines behind data that carry meaning: zero, the baseline.
const ZERO: RGBColor = colour::FAINT;
