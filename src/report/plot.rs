//! A plot: axes with their numbers, and lines within them.

use crate::report::canvas::{Area, Drawn, centre, colour, left, right, text};
use crate::report::comparison::rule;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::RGBColor;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Colour.
    pub ink: RGBColor,
    /// Width of lines in pixels.
    pub width: u32,
    /// Whether lines are dashed.
    pub dashed: bool,
    /// Whether it is named in a key.
    pub named: bool,
}

/// An axis from a value to another, with the values that have numbers.
pub struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis on which equal distances are equal differences; `high` is above `low`.
    pub fn linear(low: f64, high: f64, ticks: Vec<(f64, String)>) -> Self {
        Self {
            low,
            high,
            logarithmic: false,
            ticks,
        }
    }

    /// An axis on which equal distances are equal ratios; both ends are above 0, and `high` is above `low`.
    pub fn logarithmic(low: f64, high: f64, ticks: Vec<(f64, String)>) -> Self {
        Self {
            low,
            high,
            logarithmic: true,
            ticks,
        }
    }

    /// From 0 to 100 %.
    pub fn of_shares() -> Self {
        let tick = |quarter| (0.25 * f64::from(quarter), format!("{} %", 25 * quarter));
        Self::linear(0.0, 1.0, (0..=4).map(tick).collect())
    }

    /// Where a value lies between the ends, 0 to 1; what lies beyond is at the edge.
    fn share(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        match self.logarithmic {
            true => libm::log(value / self.low) / libm::log(self.high / self.low),
            false => (value - self.low) / (self.high - self.low),
        }
    }
}

/// The area of a plot, and its axes.
pub struct Plot {
    /// Its left edge.
    pub left: i32,
    /// Its right edge.
    pub right: i32,
    /// Its upper edge.
    pub top: i32,
    /// Its lower edge.
    pub bottom: i32,
    /// From left to right.
    pub across: Axis,
    /// From the bottom to the top.
    pub up: Axis,
}

impl Plot {
    /// The ends of the axis across.
    pub fn across_ends(&self) -> (f64, f64) {
        (self.across.low, self.across.high)
    }

    /// Where a value of the axis across lies.
    pub fn x(&self, value: f64) -> i32 {
        let width = f64::from(self.right - self.left);
        self.left + (self.across.share(value) * width).round() as i32
    }

    /// Where a value of the axis up lies.
    pub fn y(&self, value: f64) -> i32 {
        let height = f64::from(self.bottom - self.top);
        self.bottom - (self.up.share(value) * height).round() as i32
    }

    /// Where a point lies.
    pub fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (self.x(x), self.y(y))
    }

    /// Lines behind the data, with their numbers, and what the axes are.
    pub fn grid(&self, root: &Area, across: &str, up: &str) -> Drawn {
        for (value, label) in &self.up.ticks {
            let y = self.y(*value);
            rule(root, (self.left, y), (self.right, y), colour::GRID, 1)?;
            let style = right(text(14, colour::FAINT));
            root.draw_text(label, &style, (self.left - 9, y))?;
        }
        for (value, label) in &self.across.ticks {
            let x = self.x(*value);
            rule(root, (x, self.top), (x, self.bottom), colour::GRID, 1)?;
            let style = centre(text(14, colour::FAINT));
            root.draw_text(label, &style, (x, self.bottom + 8))?;
        }
        let style = centre(text(15, colour::FAINT));
        let middle = i32::midpoint(self.left, self.right);
        root.draw_text(across, &style, (middle, self.bottom + 30))?;
        let style = left(text(15, colour::FAINT));
        root.draw_text(up, &style, (self.left, self.top - 16))?;
        Ok(())
    }

    /// A line through places.
    pub fn line(&self, root: &Area, places: Vec<(i32, i32)>, style: Style) -> Drawn {
        let ink = style.ink.stroke_width(style.width);
        match style.dashed {
            true => root.draw(&DashedPathElement::new(places, 8, 5, ink))?,
            false => root.draw(&PathElement::new(places, ink))?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    #[test]
    fn axes_end_where_they_end() {
        let linear = Axis::linear(-10.0, 30.0, Vec::new());
        let shares = [-20.0, -10.0, 0.0, 30.0].map(|value| linear.share(value));
        assert_eq!(shares, [0.0, 0.0, 0.25, 1.0]);
        let logarithmic = Axis::logarithmic(10.0, 1_000.0, Vec::new());
        let shares = [0.0, 10.0, 100.0, 5_000.0].map(|value| logarithmic.share(value));
        assert_eq!(shares, [0.0, 0.0, 0.5, 1.0]);
    }
}
