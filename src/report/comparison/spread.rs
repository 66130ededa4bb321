//! Figure: the values of the main metrics over replications, arm by arm: every replication a dot, beside the mean with its interval.

use super::{
    INERT, band, counted, headline_metrics, mean_of, metric_title, rule, subtitle, with_unit,
};
use crate::experiment::compare::{Compared, Comparison, Mean};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, colour, drawing, fit, fit_middle, left, right, text,
};
use crate::report::digits::Scale;
use plotters::prelude::*;
use std::io;

/// Metrics that are shown, at most.
const METRICS: usize = 9;

/// Replications up to which the dots of one are joined over the arms.
const JOINED: usize = 12;

const NAMES: i32 = 316;
const TOP: i32 = 130;
const ROW: i32 = 30;
const HEAD: i32 = 46;
const FOOT: i32 = 52;
const BETWEEN: i32 = 34;

/// Draws the figure; none without a replication.
pub fn draw(comparison: &Comparison, footer: &str) -> io::Result<Vec<Drawing>> {
    let metrics = headline_metrics(comparison, METRICS);
    if metrics.is_empty() || comparison.seeds.is_empty() {
        return Ok(Vec::new());
    }
    let columns = match metrics.len() {
        1 => 1,
        2..=4 => 2,
        _ => 3,
    };
    let arms = comparison.arms.len() as i32;
    let panel_height = HEAD + ROW * arms + FOOT;
    let lines = metrics.len().div_ceil(columns) as i32;
    let heading = Heading {
        title: format!(
            "What each replication came to: {}, {}",
            counted(comparison.arms.len(), "regime"),
            counted(comparison.seeds.len(), "replication")
        ),
        subtitle: subtitle(comparison),
        note: note(comparison),
        footer,
    };
    let height = (TOP + lines * panel_height + 90) as u32;
    let drawing = drawing("distributions", height, &heading, |root| {
        for (index, of) in metrics.iter().enumerate() {
            let (column, line) = ((index % columns) as i32, (index / columns) as i32);
            let width = (WIDTH as i32 - NAMES - 50) / columns as i32 - BETWEEN;
            let x = NAMES + column * (width + BETWEEN);
            let panel = Panel::of(comparison, of, x, width, TOP + line * panel_height);
            if column == 0 {
                names(root, comparison, panel.rows)?;
            }
            panel.draw(root)?;
        }
        Ok(())
    })?;
    Ok(vec![drawing])
}

fn note(comparison: &Comparison) -> String {
    let joined = if comparison.seeds.len() <= JOINED && comparison.arms.len() > 1 {
        " Lines join the same seed."
    } else {
        ""
    };
    format!(
        "Dots: replications. Mark and line: mean and its 95 % interval; the mean stands to the right. Dashed: mean of the baseline. n: replications that have a value.{joined}"
    )
}

fn names(root: &Area, comparison: &Comparison, top: i32) -> Drawn {
    for (index, arm) in comparison.arms.iter().enumerate() {
        let y = top + ROW * index as i32 + ROW / 2;
        let inert = index > 0 && arm.is_inert();
        let lift = if inert { 7 } else { 0 };
        let name = fit_middle(&arm.name, 16, NAMES - 66);
        let style = right(text(16, colour::INK));
        root.draw_text(&name, &style, (NAMES - 16, y - lift))?;
        if inert {
            let style = right(text(13, colour::FAINT));
            root.draw_text(INERT, &style, (NAMES - 16, y + 9))?;
        }
    }
    Ok(())
}

struct Panel<'a> {
    comparison: &'a Comparison,
    of: &'a Compared,
    left: i32,
    right: i32,
    top: i32,
    /// Where the rows of arms begin.
    rows: i32,
    axis: Axis,
}

/// Width of the column with the means.
const MEANS: i32 = 92;

impl<'a> Panel<'a> {
    fn of(comparison: &'a Comparison, of: &'a Compared, x: i32, width: i32, top: i32) -> Self {
        Self {
            comparison,
            of,
            left: x,
            right: x + width - MEANS,
            top,
            rows: top + HEAD,
            axis: Axis::of(of),
        }
    }

    fn x(&self, value: f64) -> i32 {
        let share = (value - self.axis.low) / (self.axis.high - self.axis.low);
        let share = share.clamp(0.0, 1.0);
        self.left + 8 + (share * f64::from(self.right - self.left - 16)).round() as i32
    }

    fn y(&self, arm: usize) -> i32 {
        self.rows + ROW * arm as i32 + ROW / 2
    }

    fn bottom(&self) -> i32 {
        self.rows + ROW * self.comparison.arms.len() as i32
    }

    fn draw(&self, root: &Area) -> Drawn {
        let primary = self.of.metric.key == self.comparison.primary;
        let scale = Scale::of(&self.of.metric.unit);
        let mark = if primary { " (primary)" } else { "" };
        let title = with_unit(&metric_title(&self.of.metric), scale.unit());
        let title = format!("{title}{mark}");
        let title = fit(&title, 17, self.right + MEANS - self.left);
        root.draw_text(
            &title,
            &left(bold(17, colour::INK)),
            (self.left, self.top + 24),
        )?;
        for arm in (0..self.of.means.len()).step_by(2) {
            let y = self.y(arm);
            band(
                root,
                self.left,
                self.right + MEANS,
                y - ROW / 2,
                y + ROW / 2,
            )?;
        }
        self.ticks(root, scale)?;
        self.baseline(root)?;
        if self.comparison.seeds.len() <= JOINED {
            self.join(root)?;
        }
        for (arm, mean) in self.of.means.iter().enumerate() {
            self.dots(root, arm, mean)?;
            self.mean(root, arm, mean, scale)?;
        }
        Ok(())
    }

    fn ticks(&self, root: &Area, scale: Scale) -> Drawn {
        let bottom = self.bottom();
        rule(
            root,
            (self.left, bottom),
            (self.right, bottom),
            colour::GRID,
            1,
        )?;
        let ends = [self.axis.low, self.axis.high];
        let labels = scale.alike(&ends);
        for (value, (label, style)) in ends.iter().zip(labels.iter().zip([left, right])) {
            let x = self.x(*value);
            rule(root, (x, self.rows), (x, bottom + 5), colour::GRID, 1)?;
            let style = style(text(14, colour::FAINT));
            root.draw_text(label, &style, (x, bottom + 16))?;
        }
        Ok(())
    }

    fn baseline(&self, root: &Area) -> Drawn {
        let Some(mean) = self.of.means.first().and_then(mean_of) else {
            return Ok(());
        };
        let x = self.x(mean);
        for y in (self.rows..self.bottom()).step_by(9) {
            rule(
                root,
                (x, y),
                (x, (y + 5).min(self.bottom())),
                colour::FAINT,
                1,
            )?;
        }
        Ok(())
    }

    /// Lines from arm to arm for the same seed.
    fn join(&self, root: &Area) -> Drawn {
        let value = |arm: &Mean, seed: usize| {
            let value = arm.values.get(seed).copied().flatten();
            value.filter(|value| value.is_finite())
        };
        for (upper, arms) in self.of.means.windows(2).enumerate() {
            for seed in 0..self.comparison.seeds.len() {
                if let (Some(a), Some(b)) = (value(&arms[0], seed), value(&arms[1], seed)) {
                    let from = (self.x(a), self.y(upper) + DOTS);
                    let to = (self.x(b), self.y(upper + 1) + DOTS);
                    rule(root, from, to, RGBColor(205, 220, 232), 1)?;
                }
            }
        }
        Ok(())
    }

    fn dots(&self, root: &Area, arm: usize, mean: &Mean) -> Drawn {
        let joined = self.comparison.seeds.len() <= JOINED;
        let values = mean.values.iter().flatten();
        for (index, value) in values.filter(|value| value.is_finite()).enumerate() {
            // Many dots are set a little apart, always in the same way.
            let apart = if joined { 0 } else { index as i32 * 2 % 7 - 3 };
            let at = (self.x(*value), self.y(arm) + DOTS + apart);
            root.draw(&Circle::new(at, 3, colour::REAL.mix(0.45).filled()))?;
        }
        Ok(())
    }

    fn mean(&self, root: &Area, arm: usize, mean: &Mean, scale: Scale) -> Drawn {
        let y = self.y(arm);
        let has = mean.values.iter().flatten().count();
        let all = self.comparison.seeds.len();
        if let Some(middle) = mean_of(mean) {
            let mark = y - 7;
            if has > 1 && mean.interval.iter().all(|end| end.is_finite()) {
                let ends = mean.interval.map(|end| self.x(end));
                rule(root, (ends[0], mark), (ends[1], mark), colour::INK, 2)?;
            }
            let diamond = [(-5, 0), (0, -5), (5, 0), (0, 5)];
            let x = self.x(middle);
            let points = diamond
                .map(|(right, down)| (x + right, mark + down))
                .to_vec();
            root.draw(&Polygon::new(points, colour::INK.filled()))?;
        }
        let value = if has == 0 {
            "no value".to_owned()
        } else {
            scale.value(mean.mean)
        };
        let lift = if has < all && has > 0 { 6 } else { 0 };
        let x = self.right + MEANS - 8;
        let style = right(text(14, colour::INK));
        root.draw_text(&value, &style, (x, y - lift))?;
        if has < all && has > 0 {
            let style = right(text(12, colour::FAINT));
            root.draw_text(&format!("n = {has} of {all}"), &style, (x, y + 9))?;
        }
        Ok(())
    }
}

/// How far the dots are below the middle of their row.
const DOTS: i32 = 6;

/// From the lowest to the highest that is drawn.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn of(of: &Compared) -> Self {
        let drawn = of.means.iter().flat_map(|mean| {
            let values = mean.values.iter().flatten().copied();
            let interval = mean_of(mean).map(|_| mean.interval);
            values.chain(interval.into_iter().flatten())
        });
        let drawn: Vec<f64> = drawn.filter(|value| value.is_finite()).collect();
        let low = drawn.iter().copied().fold(f64::INFINITY, f64::min);
        let high = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if drawn.is_empty() {
            return Self {
                low: 0.0,
                high: 1.0,
            };
        }
        if high - low > 1.0e-9 * high.abs().max(low.abs()) {
            return Self { low, high };
        }
        // All the same: the value in the middle.
        let around = if high == 0.0 { 1.0 } else { high.abs() };
        Self {
            low: low - 0.5 * around,
            high: high + 0.5 * around,
        }
    }
}
