//! Figures of a comparison: differences from the baseline, distributions over replications, harm stacked by regime, and paths over time.
//! They are drawn from a [`Comparison`] alone.

mod differences;
mod paths;
mod spread;
mod stacks;

use super::canvas::{Area, Drawing, Drawn, colour};
use crate::experiment::compare::{Compared, Comparison};
use crate::experiment::{Group, Metric};
use plotters::prelude::*;
use plotters::style::RGBColor;
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
    drawings.extend(differences::by_group(comparison, &footer)?);
    Ok(drawings)
}

/// Version, scenario and seeds, as they stand on every figure.
fn footer(comparison: &Comparison) -> String {
    let mut parts = vec![
        format!("yellowcart {}", comparison.version),
        format!("scenario {}", comparison.scenario),
        seeds_in_words(&comparison.seeds),
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

/// Seeds in words: the first, the last and how many.
pub fn seeds_in_words(seeds: &[u64]) -> String {
    match seeds {
        [] => "no replication".to_owned(),
        [seed] => format!("1 replication, seed {seed}"),
        [first, .., last] => format!("{} replications, seeds {first} to {last}", seeds.len()),
    }
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
        let those = metrics.iter().filter(move |of| of.metric.group == group);
        those.collect::<Vec<_>>()
    };
    let groups = HEADLINE.map(of_group);
    let longest = groups.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn =
        (0..longest).flat_map(|round| groups.iter().filter_map(move |group| group.get(round)));
    let mut keys: Vec<&str> = vec![&comparison.primary];
    for of in in_turn {
        if keys.len() < most && !keys.contains(&of.metric.key.as_str()) {
            keys.push(&of.metric.key);
        }
    }
    let mut chosen: Vec<&Compared> = metrics
        .iter()
        .filter(|of| keys.contains(&of.metric.key.as_str()))
        .collect();
    chosen.sort_by_key(|of| of.metric.key != comparison.primary);
    chosen
}

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
fn rule(root: &Area, from: (i32, i32), to: (i32, i32), ink: RGBColor, width: u32) -> Drawn {
    root.draw(&PathElement::new(vec![from, to], ink.stroke_width(width)))?;
    Ok(())
}

/// Light bands behind every second row.
fn band(root: &Area, left: i32, right: i32, top: i32, bottom: i32) -> Drawn {
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
