//! Figures: the harm of deception by channel, at orders that were kept, and harm by kind, stacked, a bar for each arm.

use super::{INERT, band, baseline_name, counted, mean_of, rule, says_something, subtitle};
use crate::experiment::Group;
use crate::experiment::compare::{Compared, Comparison};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, centre, colour, drawing, fit, fit_middle, left,
    right, text, width_of,
};
use crate::report::digits::{Scale, percent_change};
use crate::report::panel::scale;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

/// What the key of a kind of harm begins with.
const KIND: &str = "harm_kind.";

const LEFT: i32 = 330;
const RIGHT: i32 = WIDTH as i32 - 240;
const KEY_TOP: i32 = 122;
const KEY_ROW: i32 = 28;
const ROW: i32 = 50;
const BAR: i32 = 32;

/// Draws harm by channel, and by kind where there are kinds.
pub fn draw(comparison: &Comparison, footer: &str) -> io::Result<Vec<Drawing>> {
    let by_channel = |of: &&Compared| of.metric.group == Group::HarmByChannel;
    let by_kind =
        |of: &&Compared| of.metric.group == Group::Harm && of.metric.key.starts_with(KIND);
    let telling = || comparison.metrics.iter().filter(|of| says_something(of));
    let channels: Vec<&Compared> = telling().filter(by_channel).collect();
    let kinds: Vec<&Compared> = telling().filter(by_kind).collect();
    let mut drawings = Vec::new();
    for (name, what, about, parts) in [
        (
            "harm_by_channel",
            "Deception at kept orders",
            "Orders that were returned or forfeited are not in it, nor other kinds of harm.",
            channels,
        ),
        ("harm_by_kind", "Harm by kind", "", kinds),
    ] {
        if !parts.is_empty() && !comparison.arms.is_empty() {
            let stacks = Stacks::of(comparison, &parts, about);
            drawings.push(stacks.draw(name, what, footer)?);
        }
    }
    Ok(drawings)
}

/// A part of every bar.
struct Part {
    label: String,
    ink: RGBColor,
    /// By arm, yuan.
    means: Vec<f64>,
}

struct Stacks<'a> {
    comparison: &'a Comparison,
    parts: Vec<Part>,
    /// Names taken together as "other".
    together: usize,
    /// What has to be known of the parts.
    about: &'static str,
}

impl<'a> Stacks<'a> {
    /// The largest parts by themselves, in their own order, as many as there are colours; the rest together.
    fn of(comparison: &'a Comparison, metrics: &[&Compared], about: &'static str) -> Self {
        let arms = comparison.arms.len();
        let mut parts: Vec<Part> = metrics.iter().map(|of| part_of(of, arms)).collect();
        let colours = colour::SERIES.len();
        let mut together = 0;
        if parts.len() > colours {
            let size = |part: &Part| part.means.iter().map(|mean| mean.abs()).sum::<f64>();
            let mut order: Vec<usize> = (0..parts.len()).collect();
            order.sort_by(|a, b| size(&parts[*b]).total_cmp(&size(&parts[*a])).then(a.cmp(b)));
            let small = &order[colours - 1..];
            together = small.len();
            let sum = |arm: usize| small.iter().map(|part| parts[*part].means[arm]).sum();
            let other = Part {
                label: format!("{together} others"),
                ink: colour::SERIES[colours - 1],
                means: (0..arms).map(sum).collect(),
            };
            let small = small.to_vec();
            let mut index = 0;
            parts.retain(|_| {
                index += 1;
                !small.contains(&(index - 1))
            });
            parts.push(other);
        }
        for (part, ink) in parts.iter_mut().zip(colour::SERIES) {
            part.ink = ink;
        }
        Self {
            comparison,
            parts,
            together,
            about,
        }
    }

    fn total(&self, arm: usize) -> f64 {
        self.parts.iter().map(|part| part.means[arm]).sum()
    }

    fn draw(&self, name: &str, what: &str, footer: &str) -> io::Result<Drawing> {
        let heading = Heading {
            title: self.title(what),
            subtitle: subtitle(self.comparison),
            note: self.note(),
            footer,
        };
        let key = self.key();
        let top =
            KEY_TOP + KEY_ROW * key.iter().map(|entry| entry.line + 1).max().unwrap_or(1) + 16;
        let bottom = top + ROW * self.comparison.arms.len() as i32;
        drawing(name, (bottom + 140) as u32, &heading, |root| {
            for entry in &key {
                entry.draw(root)?;
            }
            let axis = Axis::of(self);
            axis.draw(root, top, bottom)?;
            for arm in 0..self.comparison.arms.len() {
                self.bar(root, &axis, arm, top + ROW * arm as i32)?;
            }
            let zero = axis.x(0.0);
            rule(root, (zero, top), (zero, bottom), colour::INK, 1)
        })
    }

    fn title(&self, what: &str) -> String {
        let scale = Scale::of("yuan");
        let baseline = baseline_name(self.comparison);
        let from = self.total(0);
        let least = (1..self.comparison.arms.len())
            .min_by(|a, b| self.total(*a).total_cmp(&self.total(*b)).then(a.cmp(b)));
        match least {
            Some(arm) if self.total(arm) < from => format!(
                "{what}: {} yuan under {baseline}, least under {} ({} yuan)",
                scale.value(from),
                self.comparison.arms[arm].name,
                scale.value(self.total(arm))
            ),
            Some(_) => format!(
                "{what}: {} yuan under {baseline}, and no regime has less",
                scale.value(from)
            ),
            None => format!("{what}: {} yuan under {baseline}", scale.value(from)),
        }
    }

    fn note(&self) -> String {
        let negative = self
            .parts
            .iter()
            .any(|part| part.means.iter().any(|mean| *mean < 0.0));
        let mut note = format!(
            "Means over {}, yuan. To the right: the sum, and its change from the baseline.",
            counted(self.comparison.seeds.len(), "replication")
        );
        if !self.about.is_empty() {
            note.push_str(&format!(" {}", self.about));
        }
        if negative {
            note.push_str(" Parts left of zero spoke against orders that were made.");
        }
        if self.together > 0 {
            note.push_str(&format!(
                " The {} smallest are taken together.",
                self.together
            ));
        }
        note
    }

    /// The key, in as many lines as it needs.
    fn key(&self) -> Vec<Entry> {
        let (mut x, mut line) = (LEFT, 0);
        let most = WIDTH as i32 - 60;
        let mut entries = Vec::new();
        for part in &self.parts {
            let label = fit(&part.label, 17, 420);
            let width = 26 + width_of(&label, 18) + 30;
            if x + width > most && x > LEFT {
                (x, line) = (LEFT, line + 1);
            }
            entries.push(Entry {
                label,
                ink: part.ink,
                x,
                line,
            });
            x += width;
        }
        entries
    }

    fn bar(&self, root: &Area, axis: &Axis, arm: usize, top: i32) -> Drawn {
        if arm.is_multiple_of(2) {
            band(root, 36, WIDTH as i32 - 36, top, top + ROW)?;
        }
        let middle = top + ROW / 2;
        self.name(root, arm, middle)?;
        let (mut above, mut below) = (0.0, 0.0);
        for part in &self.parts {
            let mean = part.means[arm];
            let side = if mean < 0.0 { &mut below } else { &mut above };
            let from = *side;
            *side += mean;
            let ends = [axis.x(from), axis.x(*side)];
            let (start, end) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            if end > start {
                let corners = [(start, middle - BAR / 2), (end, middle + BAR / 2)];
                root.draw(&Rectangle::new(corners, part.ink.filled()))?;
                rule(root, (end, corners[0].1), (end, corners[1].1), WHITE, 1)?;
                inside(root, part, mean, start, end, middle)?;
            }
        }
        self.sum(root, arm, middle)
    }

    fn name(&self, root: &Area, arm: usize, middle: i32) -> Drawn {
        let of = &self.comparison.arms[arm];
        let inert = arm > 0 && of.is_inert();
        let lift = if inert { 8 } else { 0 };
        let style = right(text(17, colour::INK));
        let name = fit_middle(&of.name, 17, LEFT - 76);
        root.draw_text(&name, &style, (LEFT - 20, middle - lift))?;
        if inert {
            let style = right(text(14, colour::FAINT));
            root.draw_text(INERT, &style, (LEFT - 20, middle + 11))?;
        }
        Ok(())
    }

    fn sum(&self, root: &Area, arm: usize, middle: i32) -> Drawn {
        let (sum, base) = (self.total(arm), self.total(0));
        let compared = arm > 0 && base.abs() > 0.0;
        let lift = if compared { 9 } else { 0 };
        let x = WIDTH as i32 - 50;
        let words = Scale::of("yuan").value(sum);
        root.draw_text(&words, &right(bold(17, colour::INK)), (x, middle - lift))?;
        if compared {
            let change = percent_change((sum - base) / base.abs());
            let style = right(text(14, colour::FAINT));
            root.draw_text(&change, &style, (x, middle + 11))?;
        }
        Ok(())
    }
}

fn part_of(of: &Compared, arms: usize) -> Part {
    let mean = |arm: usize| of.means.get(arm).and_then(mean_of).unwrap_or(0.0);
    Part {
        label: of.metric.label.replace('_', " "),
        ink: colour::FAINT,
        means: (0..arms).map(mean).collect(),
    }
}

/// A number inside its part of a bar, where there is room.
fn inside(root: &Area, part: &Part, mean: f64, start: i32, end: i32, middle: i32) -> Drawn {
    let label = Scale::of("yuan").value(mean);
    if width_of(&label, 15) + 12 > end - start {
        return Ok(());
    }
    let RGBColor(red, green, blue) = part.ink;
    let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    let ink = if light > 140.0 { colour::INK } else { WHITE };
    let style = centre(text(15, ink));
    root.draw_text(&label, &style, ((start + end) / 2, middle - 7))?;
    Ok(())
}

struct Entry {
    label: String,
    ink: RGBColor,
    x: i32,
    line: i32,
}

impl Entry {
    fn draw(&self, root: &Area) -> Drawn {
        let y = KEY_TOP + KEY_ROW * self.line;
        let corners = [(self.x, y), (self.x + 18, y + 18)];
        root.draw(&Rectangle::new(corners, self.ink.filled()))?;
        let style = left(text(17, colour::INK));
        root.draw_text(&self.label, &style, (self.x + 26, y + 9))?;
        Ok(())
    }
}

/// From the lowest sum of negative parts to a round value above the highest of positive ones.
struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    fn of(stacks: &Stacks) -> Self {
        let side = |sign: f64| {
            let reach = |arm: usize| {
                let parts = stacks.parts.iter().map(|part| sign * part.means[arm]);
                parts.filter(|part| *part > 0.0).sum::<f64>()
            };
            let arms = 0..stacks.comparison.arms.len();
            arms.map(reach).fold(0.0, f64::max)
        };
        let (below, above) = (side(-1.0), side(1.0));
        let step = scale(above.max(below)).1;
        Self {
            low: -below,
            high: (step * libm::ceil(above / step)).max(step),
            step,
        }
    }

    fn x(&self, value: f64) -> i32 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        LEFT + (share * f64::from(RIGHT - LEFT)).round() as i32
    }

    fn draw(&self, root: &Area, top: i32, bottom: i32) -> Drawn {
        let first = libm::ceil(self.low / self.step - 1.0e-9) as i32;
        let last = (self.high / self.step).round() as i32;
        let ticks: Vec<f64> = (first..=last)
            .map(|tick| self.step * f64::from(tick))
            .collect();
        let labels = Scale::of("yuan").alike(&ticks);
        for (value, label) in ticks.iter().zip(labels) {
            let x = self.x(*value);
            rule(root, (x, top), (x, bottom), colour::GRID, 1)?;
            let style = centre(text(15, colour::FAINT));
            root.draw_text(&label, &style, (x, bottom + 8))?;
        }
        let style = centre(text(15, colour::FAINT));
        let x = i32::midpoint(LEFT, RIGHT);
        root.draw_text("yuan, mean over replications", &style, (x, bottom + 32))?;
        Ok(())
    }
}
