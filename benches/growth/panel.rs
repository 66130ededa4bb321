//! A panel of a figure: lines of points over a grid that is logarithmic both ways.

use plotters::prelude::*;
use yellowcart::report::canvas::{
    Area, Drawn, bold, centre, colour, left, number, right, text, width_of,
};

/// Size of a panel.
pub const SIZE: (i32, i32) = (620, 270);

/// A line of points.
pub struct Curve {
    /// What it is; nothing where there is only one.
    pub name: &'static str,
    /// Its colour.
    pub colour: RGBColor,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// Points from this one on are filled.
    pub filled_from: usize,
    /// Whether their values stand above them, or below.
    pub above: bool,
}

/// A panel.
pub struct Panel<'a> {
    /// What it shows.
    pub title: String,
    /// Unit of what goes to the right.
    pub along: &'a str,
    /// Unit of what goes up.
    pub up: &'a str,
    /// Its lines.
    pub curves: Vec<Curve>,
}

/// The powers of ten around values.
fn decades(values: impl Iterator<Item = f64> + Clone) -> (i32, i32) {
    let low = values.clone().fold(f64::INFINITY, f64::min).log10().floor();
    let high = values.fold(0.0, f64::max).log10().ceil();
    (low as i32, (high as i32).max(low as i32 + 1))
}

/// A scale from powers of ten to pixels.
#[derive(Clone, Copy)]
struct Scale {
    powers: (i32, i32),
    from: i32,
    to: i32,
}

impl Scale {
    fn at(&self, value: f64) -> i32 {
        let (low, high) = self.powers;
        let share = (value.log10() - f64::from(low)) / f64::from(high - low);
        self.from + (share * f64::from(self.to - self.from)) as i32
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + use<> {
        (self.powers.0..=self.powers.1).map(|power| 10_f64.powi(power))
    }
}

/// What stands above and beside every panel.
pub fn frame(root: &Area, (x0, y0): (i32, i32), title: &str, along: &str, up: &str) -> Drawn {
    let (width, height) = SIZE;
    root.draw_text(title, &left(bold(20, colour::INK)), (x0, y0 - 40))?;
    root.draw_text(up, &right(text(16, colour::FAINT)), (x0 - 12, y0 - 18))?;
    let place = (x0 + width, y0 + height + 40);
    root.draw_text(along, &right(text(16, colour::INK)), place)?;
    Ok(())
}

/// A line of the grid and what it stands for: across at a height.
pub fn across(root: &Area, x0: i32, y: i32, label: &str) -> Drawn {
    let line = vec![(x0, y), (x0 + SIZE.0, y)];
    root.draw(&PathElement::new(line, colour::GRID.stroke_width(1)))?;
    root.draw_text(label, &right(text(16, colour::FAINT)), (x0 - 12, y))?;
    Ok(())
}

/// A line of the grid and what it stands for: upright at a place.
pub fn upright(root: &Area, x: i32, y0: i32, label: &str) -> Drawn {
    let line = vec![(x, y0), (x, y0 + SIZE.1)];
    root.draw(&PathElement::new(line, colour::GRID.stroke_width(1)))?;
    let place = (x, y0 + SIZE.1 + 8);
    root.draw_text(label, &centre(text(16, colour::FAINT)), place)?;
    Ok(())
}

impl Panel<'_> {
    /// Draws it with its upper left corner at a place.
    pub fn draw(&self, root: &Area, (x0, y0): (i32, i32)) -> Drawn {
        let points = || self.curves.iter().flat_map(|curve| curve.points.iter());
        let x = Scale {
            powers: decades(points().map(|point| point.0)),
            from: x0,
            to: x0 + SIZE.0,
        };
        let y = Scale {
            powers: decades(points().map(|point| point.1)),
            from: y0 + SIZE.1,
            to: y0,
        };
        frame(root, (x0, y0), &self.title, self.along, self.up)?;
        for value in y.ticks() {
            across(root, x0, y.at(value), &number(value))?;
        }
        for value in x.ticks() {
            upright(root, x.at(value), y0, &number(value))?;
        }
        for curve in &self.curves {
            curve.draw(root, x, y)?;
        }
        let mut end = x0 + SIZE.0;
        for curve in self
            .curves
            .iter()
            .rev()
            .filter(|curve| !curve.name.is_empty())
        {
            end = name(root, curve, (end, y0 - 14))?;
        }
        Ok(())
    }
}

/// Writes a curve's name in its colour, ending at a place; where the next to its left ends.
fn name(
    root: &Area,
    curve: &Curve,
    (end, y): (i32, i32),
) -> Result<i32, Box<dyn std::error::Error>> {
    root.draw_text(curve.name, &right(text(16, colour::INK)), (end, y))?;
    let dot = end - width_of(curve.name, 16) - 12;
    root.draw(&Circle::new((dot, y), 6, curve.colour.filled()))?;
    Ok(dot - 24)
}

impl Curve {
    fn draw(&self, root: &Area, x: Scale, y: Scale) -> Drawn {
        let places: Vec<(i32, i32)> = self
            .points
            .iter()
            .map(|point| (x.at(point.0), y.at(point.1)))
            .collect();
        let line = PathElement::new(places.clone(), self.colour.stroke_width(2));
        root.draw(&line)?;
        for (index, (place, point)) in places.iter().zip(&self.points).enumerate() {
            mark(root, *place, self.colour, index >= self.filled_from)?;
            let by = if self.above { -28 } else { 12 };
            // The first stands off the axis, whose own figures are there.
            let aside = if index == 0 { 24 } else { 0 };
            let place = (place.0 + aside, place.1 + by);
            root.draw_text(&number(point.1), &centre(text(16, colour::INK)), place)?;
        }
        Ok(())
    }
}

/// A point: filled or hollow.
pub fn mark(root: &Area, place: (i32, i32), colour: RGBColor, filled: bool) -> Drawn {
    root.draw(&Circle::new(place, 6, WHITE.filled()))?;
    let style = if filled {
        colour.filled()
    } else {
        colour.stroke_width(2)
    };
    root.draw(&Circle::new(place, 6, style))?;
    Ok(())
}
