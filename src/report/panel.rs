//! A panel of a figure over time: lines as steps over one scale, named at their right ends.

use super::canvas::{Area, Drawn, WIDTH, bold, colour, fit, left, number, right, text};
use plotters::prelude::*;
use plotters::style::RGBColor;

/// Where panels begin.
pub const LEFT: i32 = 130;

/// Where they end: to the right of it are the names of the lines.
pub const RIGHT: i32 = WIDTH as i32 - 250;

/// The seconds that panels reach over.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// From this second ...
    pub from: f64,
    /// ... to this, which is later.
    pub to: f64,
}

impl Span {
    /// How long it is.
    pub fn length(self) -> f64 {
        self.to - self.from
    }

    /// Where a second lies.
    pub fn x(self, second: f64) -> i32 {
        let share = ((second - self.from) / self.length()).clamp(0.0, 1.0);
        LEFT + (share * f64::from(RIGHT - LEFT)).round() as i32
    }
}

/// A panel.
pub struct Panel {
    /// What it shows, with its unit.
    pub title: &'static str,
    /// The seconds from left to right.
    pub span: Span,
    /// Its upper edge.
    pub top: i32,
    /// Its lower edge.
    pub bottom: i32,
}

/// A line of a panel.
pub struct Line {
    /// What it is called.
    pub name: &'static str,
    /// Its colour.
    pub colour: RGBColor,
    /// Seconds with values; none where there is nothing to show.
    pub points: Vec<(f64, Option<f64>)>,
    /// Index of the line down to which the gap is filled.
    pub fill_to: Option<usize>,
}

/// What is on display beside what is real; one line where they never differ.
pub fn displayed_and_real(
    displayed: Vec<(f64, Option<f64>)>,
    real: Vec<(f64, Option<f64>)>,
) -> Vec<Line> {
    let line = |name, colour, points, fill_to| Line {
        name,
        colour,
        points,
        fill_to,
    };
    if displayed == real {
        return vec![line("shown = real", colour::REAL, real, None)];
    }
    vec![
        line("on display", colour::DISPLAYED, displayed, Some(1)),
        line("real", colour::REAL, real, None),
    ]
}

impl Panel {
    /// Draws the lines over a scale that all of them fit into.
    pub fn draw(&self, root: &Area, lines: &[Line]) -> Drawn {
        let highest = lines
            .iter()
            .flat_map(|line| line.points.iter().filter_map(|point| point.1))
            .fold(0.0, f64::max);
        let (top_value, step) = scale(highest);
        let y = |value: f64| {
            let share = (value / top_value).clamp(0.0, 1.0);
            self.bottom - (share * f64::from(self.bottom - self.top - 22)).round() as i32
        };
        root.draw_text(
            self.title,
            &left(bold(16, colour::INK)),
            (LEFT, self.top + 4),
        )?;
        let mut tick = 0.0;
        while tick <= top_value * 1.0001 {
            let rule = colour::GRID.stroke_width(1);
            root.draw(&PathElement::new(
                vec![(LEFT, y(tick)), (RIGHT, y(tick))],
                rule,
            ))?;
            root.draw_text(
                &number(tick),
                &right(text(15, colour::FAINT)),
                (LEFT - 14, y(tick)),
            )?;
            tick += step;
        }
        for line in lines {
            if let Some(other) = line.fill_to.and_then(|index| lines.get(index)) {
                self.fill(root, line, other, y)?;
            }
        }
        for line in lines {
            for run in self.runs(line, y) {
                root.draw(&PathElement::new(run, line.colour.stroke_width(2)))?;
            }
        }
        self.labels(root, lines, y)
    }

    /// The gap between two lines: what is on display and is not there.
    fn fill(&self, root: &Area, line: &Line, other: &Line, y: impl Fn(f64) -> i32) -> Drawn {
        let mut outline: Vec<(i32, i32)> = Vec::new();
        for (second, value) in &line.points {
            outline.push((self.span.x(*second), y(value.unwrap_or(0.0))));
        }
        for (second, value) in other.points.iter().rev() {
            outline.push((self.span.x(*second), y(value.unwrap_or(0.0))));
        }
        if outline.len() > 3 {
            root.draw(&Polygon::new(outline, line.colour.mix(0.16).filled()))?;
        }
        Ok(())
    }

    /// The unbroken pieces of a line, as steps: a counter keeps its value until the next frame.
    fn runs(&self, line: &Line, y: impl Fn(f64) -> i32) -> Vec<Vec<(i32, i32)>> {
        let mut runs: Vec<Vec<(i32, i32)>> = Vec::new();
        let mut run: Vec<(i32, i32)> = Vec::new();
        for (second, value) in &line.points {
            match value {
                Some(value) => {
                    let x = self.span.x(*second);
                    if let Some(last) = run.last() {
                        run.push((x, last.1));
                    }
                    run.push((x, y(*value)));
                }
                None if !run.is_empty() => runs.push(std::mem::take(&mut run)),
                None => {}
            }
        }
        if !run.is_empty() {
            runs.push(run);
        }
        runs
    }

    /// Names the lines at their right ends, moved apart where they would overlap.
    fn labels(&self, root: &Area, lines: &[Line], y: impl Fn(f64) -> i32) -> Drawn {
        let mut ends: Vec<(i32, String, RGBColor)> = lines
            .iter()
            .filter_map(|line| {
                let last = line.points.iter().rev().find_map(|point| point.1)?;
                let most = line
                    .points
                    .iter()
                    .filter_map(|point| point.1)
                    .fold(0.0, f64::max);
                let label = if most > last {
                    format!("{} (most {})", line.name, number(most))
                } else {
                    format!("{} {}", line.name, number(last))
                };
                Some((y(last), label, line.colour))
            })
            .collect();
        ends.sort_by_key(|end| end.0);
        let mut lowest = self.top;
        let mut room_below = 20 * ends.len() as i32;
        for (at, label, line_colour) in ends {
            room_below -= 20;
            let at = at.max(lowest).min(self.bottom - 4 - room_below);
            lowest = at + 20;
            let label = fit(&label, 16, WIDTH as i32 - RIGHT - 20);
            root.draw_text(&label, &left(bold(16, line_colour)), (RIGHT + 10, at))?;
        }
        if lines
            .iter()
            .all(|line| line.points.iter().all(|point| point.1.is_none()))
        {
            let middle = (self.top + self.bottom) / 2;
            root.draw_text(
                "nothing on sale",
                &left(text(16, colour::FAINT)),
                (LEFT + 20, middle),
            )?;
        }
        Ok(())
    }
}

/// The least step, one of these times a power of ten, of which four cover a span above 0.
pub fn step_of(span: f64, factors: &[f64]) -> f64 {
    let magnitude = 10_f64.powf((span / 4.0).log10().floor());
    let mut steps = factors.iter().map(|factor| factor * magnitude);
    steps.find(|step| span / step <= 4.0).unwrap_or(span)
}

/// A round value at or above the highest, and the step between grid lines.
pub fn scale(highest: f64) -> (f64, f64) {
    if !highest.is_finite() || highest <= 0.0 {
        return (1.0, 1.0);
    }
    let step = step_of(highest, &[1.0, 2.0, 2.5, 5.0, 10.0]);
    (step * (highest / step).ceil(), step)
}

#[cfg(test)]
mod tests {
    use super::scale;

    #[test]
    fn scales_are_round_and_high_enough() {
        for highest in [0.4, 1.0, 7.0, 98.0, 1_599.0, 11_174.0, 1.0e9] {
            let (top, step) = scale(highest);
            assert!(top >= highest && top <= 2.0 * highest, "{highest}: {top}");
            assert!((top / step).round() <= 5.0, "{highest}: {step}");
        }
        assert_eq!(scale(0.0), (1.0, 1.0));
    }
}
