//! Figure: a forest plot of paired differences from the baseline, metric by metric and arm by arm. Metrics share an axis in percent of the
//! baseline's mean, but those whose baseline is 0, which have scales of their own; the differences themselves stand to the right.

use super::axis::{Axis, LEFT, RIGHT, Reach};
use super::{
    INERT, UNTOLD, baseline_name, baseline_of, difference_of, headline_metrics, interval_in,
    mean_of, metric_title, primary_metric, rule, subtitle, tells, told_by_group,
};
use crate::experiment::Group;
use crate::experiment::compare::{Arm, Compared, Comparison, Difference, Verdict};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, colour, drawing, fit, fit_middle, left, right,
    text, width_of,
};
use crate::report::digits::{Scale, percent_change};
use plotters::prelude::*;
use std::io;

const NAMES: i32 = 50;
const PERCENT: i32 = 1_048;
const ABSOLUTE: i32 = 1_190;
const INTERVAL: i32 = 1_208;
const MORE: i32 = 1_412;
const TOP: i32 = 164;
const ROW: i32 = 27;
const HEAD: i32 = 42;
const GAP: i32 = 12;

/// Rows of the figure with the main metrics.
const HEADLINE_ROWS: usize = 60;

/// Rows of a figure of a group; more are drawn in several figures.
const PAGE_ROWS: usize = 100;

/// The figure with the main metrics, the primary one first; none without an arm beside the baseline.
pub fn headline(comparison: &Comparison, footer: &str) -> io::Result<Vec<Drawing>> {
    let metrics = headline_metrics(comparison, headline_size(comparison));
    if comparison.arms.len() < 2 || metrics.is_empty() {
        return Ok(Vec::new());
    }
    let page = Page {
        comparison,
        metrics,
    };
    Ok(vec![page.draw(
        "differences",
        headline_title(comparison),
        footer,
    )?])
}

/// How many metrics are in the figure with the main ones.
fn headline_size(comparison: &Comparison) -> usize {
    let arms = comparison.arms.len().saturating_sub(1).max(1);
    (HEADLINE_ROWS / arms).clamp(6, 14)
}

/// A figure, or several, for each group that has metrics beside the main ones.
pub fn by_group(comparison: &Comparison, footer: &str) -> io::Result<Vec<Drawing>> {
    let main = headline_metrics(comparison, headline_size(comparison));
    let mut drawings = Vec::new();
    for (group, metrics) in told_by_group(comparison) {
        let shown = |of: &Compared| main.iter().any(|shown| shown.metric.key == of.metric.key);
        if comparison.arms.len() >= 2 && !metrics.iter().all(|of| shown(of)) {
            drawings.extend(pages_of(comparison, group, &metrics, footer)?);
        }
    }
    Ok(drawings)
}

fn pages_of(
    comparison: &Comparison,
    group: Group,
    metrics: &[&Compared],
    footer: &str,
) -> io::Result<Vec<Drawing>> {
    let arms = comparison.arms.len() - 1;
    let a_page = (PAGE_ROWS / arms).max(1);
    let pages = metrics.len().div_ceil(a_page);
    let title = group.title();
    let slug = title.to_lowercase().replace([' ', ','], "_");
    let page = |(index, metrics): (usize, &[&Compared])| {
        let (name, title) = match pages {
            1 => (
                format!("differences_{slug}"),
                format!("{title}: differences"),
            ),
            _ => (
                format!("differences_{slug}_{}", index + 1),
                format!("{title}: differences, {} of {pages}", index + 1),
            ),
        };
        let title = format!("{title} from {}", baseline_name(comparison));
        let page = Page {
            comparison,
            metrics: metrics.to_vec(),
        };
        page.draw(&name, title, footer)
    };
    metrics.chunks(a_page).enumerate().map(page).collect()
}

/// What the primary metric says, as a statement.
fn headline_title(comparison: &Comparison) -> String {
    let baseline = baseline_name(comparison);
    let Some(of) = primary_metric(comparison) else {
        return format!("Differences from {baseline}");
    };
    let arms = of.differences.len();
    let told: Vec<usize> = (0..arms)
        .filter(|arm| tells(&of.differences[*arm]))
        .collect();
    let label = metric_title(&of.metric);
    // What stands behind a colon explains the label: a title has no room for it.
    let label = label.split(": ").next().unwrap_or_default();
    let by_size = |a: &&usize, b: &&usize| {
        let size = |arm: &usize| of.differences[*arm].mean.abs();
        size(a).total_cmp(&size(b)).then(b.cmp(a))
    };
    if comparison.seeds.len() < 2 {
        return format!("{label}: one replication tells no regime from {baseline}");
    }
    let Some(largest) = told.iter().max_by(by_size) else {
        return format!("{label}: no regime can be told from {baseline} yet");
    };
    let name = comparison.arms.get(largest + 1).map_or("", |arm| &arm.name);
    let size = in_words(of, &of.differences[*largest]);
    if arms == 1 {
        return format!("{label}: {size} under {name} against {baseline}");
    }
    format!(
        "{label}: {} of {arms} regimes differ from {baseline}, {name} most ({size})",
        told.len()
    )
}

/// The size of a difference in words: relative where there is a baseline.
fn in_words(of: &Compared, difference: &Difference) -> String {
    let scale = Scale::of(&of.metric.unit);
    match baseline_of(of) {
        Some(base) => percent_change(difference.mean / base),
        None => format!(
            "{} {}",
            scale
                .difference(difference.mean, Some(difference.corrected))
                .0,
            scale.unit_of_difference()
        ),
    }
}

struct Page<'a> {
    comparison: &'a Comparison,
    metrics: Vec<&'a Compared>,
}

impl Page<'_> {
    fn draw(&self, name: &str, title: String, footer: &str) -> io::Result<Drawing> {
        let heading = Heading {
            title,
            subtitle: subtitle(self.comparison),
            note: self.note(),
            footer,
        };
        let axis = self.axis();
        let bottom = TOP + self.metrics.iter().map(|of| block_height(of)).sum::<i32>();
        drawing(name, (bottom + 120) as u32, &heading, |root| {
            self.columns(root)?;
            if self.metrics.iter().any(|of| baseline_of(of).is_some()) {
                percentages(root)?;
                axis.numbers(root, TOP, bottom)?;
            }
            let mut y = TOP;
            for of in &self.metrics {
                self.block(root, of, &axis, y)?;
                y += block_height(of);
            }
            Ok(())
        })
    }

    fn axis(&self) -> Axis {
        let mut reach = Reach::default();
        for of in &self.metrics {
            let primary = of.metric.key == self.comparison.primary;
            let base = baseline_of(of).into_iter();
            for (base, difference) in
                base.flat_map(|base| of.differences.iter().map(move |of| (base, of)))
            {
                reach.add(difference, base, primary);
            }
        }
        Axis::holding(&reach)
    }

    fn note(&self) -> String {
        let seeds = self.comparison.seeds.len();
        if seeds < 2 {
            return "One replication: differences without intervals, from which nothing can be told.".to_owned();
        }
        let over = if self.comparison.uncertainty {
            "seeds and assumptions"
        } else {
            "seeds"
        };
        format!(
            "Paired by seed. Numbers, thin lines: 95 % interval over {over}, corrected for the number of comparisons; thick: not corrected. Grey: thin spans zero, or few replications carry it. Arrows: beyond the axis. All 0 is left out."
        )
    }

    fn columns(&self, root: &Area) -> Drawn {
        let style = || text(17, colour::FAINT);
        let y = TOP - 40;
        root.draw_text("%", &right(style()), (PERCENT, y))?;
        root.draw_text("difference", &right(style()), (ABSOLUTE, y))?;
        root.draw_text("corrected 95 % interval", &left(style()), (INTERVAL, y))?;
        root.draw_text("replications", &left(style()), (MORE, y))?;
        Ok(())
    }

    fn block(&self, root: &Area, of: &Compared, axis: &Axis, top: i32) -> Drawn {
        let primary = of.metric.key == self.comparison.primary;
        let scale = Scale::of(&of.metric.unit);
        if primary {
            mark_primary(root, top, top + block_height(of) - GAP / 2)?;
        }
        axis.grid(root, top + HEAD - 2, top + block_height(of) - GAP)?;
        let heading = metric_title(&of.metric);
        let heading = fit(&heading, 20, 640);
        let y = top + HEAD / 2;
        root.draw_text(&heading, &left(bold(20, colour::INK)), (NAMES, y))?;
        let mean = of.means.first().and_then(mean_of);
        let beside = format!(
            "{}{}, baseline {}{}",
            if primary { "primary metric; " } else { "" },
            scale.unit(),
            scale.value(mean.unwrap_or(f64::NAN)),
            match baseline_of(of) {
                Some(_) => "",
                None => ": on a scale of its own, since no percentage of it can be taken",
            }
        );
        let x = NAMES + width_of(&heading, 22) + 14;
        root.draw_text(&beside, &left(text(17, colour::FAINT)), (x, y))?;
        for (index, difference) in of.differences.iter().enumerate() {
            let y = top + HEAD + ROW * index as i32 + ROW / 2;
            let Some(arm) = self.comparison.arms.get(index + 1) else {
                continue;
            };
            let row = Row {
                of,
                arm,
                difference,
                y,
            };
            row.draw(root, axis)?;
        }
        Ok(())
    }
}

/// What the numbers of the axis are.
fn percentages(root: &Area) -> Drawn {
    let words = "difference from the baseline, % of the size of its mean";
    let style = left(text(17, colour::FAINT));
    root.draw_text(words, &style, (LEFT, TOP - 40))?;
    Ok(())
}

fn block_height(of: &Compared) -> i32 {
    HEAD + ROW * of.differences.len() as i32 + GAP
}

fn mark_primary(root: &Area, top: i32, bottom: i32) -> Drawn {
    let fill = RGBColor(255, 248, 225).filled();
    let corners = [(NAMES - 14, top + 2), (WIDTH as i32 - 36, bottom)];
    root.draw(&Rectangle::new(corners, fill))?;
    Ok(())
}

struct Row<'a> {
    of: &'a Compared,
    arm: &'a Arm,
    difference: &'a Difference,
    y: i32,
}

impl Row<'_> {
    fn draw(&self, root: &Area, axis: &Axis) -> Drawn {
        let told = tells(self.difference);
        let ink = if told { colour::INK } else { colour::FAINT };
        let name = fit_middle(&self.arm.name, 18, LEFT - NAMES - 24);
        root.draw_text(&name, &right(text(18, ink)), (LEFT - 16, self.y))?;
        match baseline_of(self.of) {
            _ if difference_of(self.difference).is_none() => {
                self.say(root, axis, "no pair of replications has a value")?;
            }
            Some(base) => self.mark(root, axis, base)?,
            None => {
                if let Some(base) = axis.own_base(&self.of.differences) {
                    self.mark(root, axis, base)?;
                }
            }
        }
        self.numbers(root, ink)
    }

    fn say(&self, root: &Area, axis: &Axis, words: &str) -> Drawn {
        let x = axis.x(0.0).min(RIGHT - 260) + 12;
        root.draw_text(words, &left(text(16, UNTOLD)), (x, self.y))?;
        Ok(())
    }

    /// The interval and the mean on the axis.
    fn mark(&self, root: &Area, axis: &Axis, base: f64) -> Drawn {
        let ink = if tells(self.difference) {
            colour::REAL
        } else {
            UNTOLD
        };
        let percent = |value: f64| 100.0 * value / base;
        for (interval, width) in [
            (self.difference.corrected, 2),
            (self.difference.uncorrected, 6),
        ] {
            if let Some(interval) = interval_in(self.difference, interval) {
                let ends = interval.map(|end| axis.x(percent(end)));
                rule(root, (ends[0], self.y), (ends[1], self.y), ink, width)?;
                self.arrows(root, axis, interval.map(percent), ink)?;
            }
        }
        let mean = percent(self.difference.mean);
        if axis.holds(mean) {
            let at = (axis.x(mean), self.y);
            let fill = if self.arm.is_inert() {
                WHITE.filled()
            } else {
                ink.filled()
            };
            root.draw(&Circle::new(at, 5, fill))?;
            root.draw(&Circle::new(at, 5, ink.stroke_width(2)))?;
        } else {
            self.arrows(root, axis, [mean, mean], ink)?;
        }
        Ok(())
    }

    /// What lies beyond the axis is pointed at.
    fn arrows(&self, root: &Area, axis: &Axis, ends: [f64; 2], ink: RGBColor) -> Drawn {
        let arrow = |x: i32, back: i32| {
            let points = vec![(x, self.y), (x + back, self.y - 7), (x + back, self.y + 7)];
            root.draw(&Polygon::new(points, ink.filled()))
        };
        if ends[0] < axis.low {
            arrow(LEFT - 6, 12)?;
        }
        if ends[1] > axis.high {
            arrow(RIGHT + 6, -12)?;
        }
        Ok(())
    }

    fn numbers(&self, root: &Area, ink: RGBColor) -> Drawn {
        let difference = self.difference;
        let scale = Scale::of(&self.of.metric.unit);
        let y = self.y;
        let Some(mean) = difference_of(difference) else {
            return Ok(());
        };
        let interval = interval_in(difference, difference.corrected);
        let (mean, interval) = scale.difference(mean, interval);
        if let Some(base) = baseline_of(self.of) {
            let change = percent_change(difference.mean / base);
            root.draw_text(&change, &right(text(17, ink)), (PERCENT, y))?;
        }
        root.draw_text(&mean, &right(text(17, ink)), (ABSOLUTE, y))?;
        root.draw_text(
            &fit(&interval, 17, MORE - INTERVAL - 4),
            &left(text(17, ink)),
            (INTERVAL, y),
        )?;
        let more = match (difference.verdict(), difference.more) {
            _ if self.arm.is_inert() => INERT.to_owned(),
            (Verdict::Rare { differ, pairs }, _) => format!("differs in {differ} of {pairs}"),
            (Verdict::RestsOn { few, pairs }, _) => format!("rests on {few} of {pairs}"),
            (_, Some(more)) => format!("about {} more", in_thousands(more)),
            (_, None) => return Ok(()),
        };
        let more = fit(&more, 17, WIDTH as i32 - MORE - 24);
        root.draw_text(&more, &left(text(17, colour::FAINT)), (MORE, y))?;
        Ok(())
    }
}

fn in_thousands(count: u32) -> String {
    crate::money::in_thousands(&count.to_string())
}
