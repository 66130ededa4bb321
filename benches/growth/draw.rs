//! The figure of growth: four panels, logarithmic both ways, with the fitted exponent of each.

use super::{Point, SERIES, Series};
use plotters::prelude::*;
use std::io;
use std::path::{Path, PathBuf};
use yellowcart::experiment::VERSION;
use yellowcart::report::canvas::{
    Area, Drawn, Heading, bold, centre, colour, figure, left, number, right, text,
};

/// Size of a panel, and where the first begins.
const PANEL: (i32, i32) = (640, 300);
const LEFT: [i32; 2] = [130, 880];
const TOP: [i32; 2] = [170, 600];

/// Draws the figure.
pub fn growth(folder: &Path, measured: &[Vec<Point>]) -> io::Result<Vec<PathBuf>> {
    let footer = format!(
        "yellowcart {VERSION}  \u{b7}  scenario double11_evening  \u{b7}  seed 20201111  \u{b7}  nothing recorded"
    );
    let exponents = SERIES
        .iter()
        .zip(measured)
        .map(|(series, points)| series.exponent(points));
    let most = exponents.fold(0.0, f64::max);
    let heading = Heading {
        title: format!("Time grows with the power {most:.2} at most of consumers, rooms, looks or bots"),
        subtitle: "Seconds of the whole evening against what is varied, one thing at a time, on two cores".to_owned(),
        note: "Exponents are fitted to the filled points: where the thing that grows, not what stays the same, takes the time.".to_owned(),
        footer: &footer,
    };
    figure(folder, "growth", 1_050, &heading, |root| {
        for (index, (series, points)) in SERIES.iter().zip(measured).enumerate() {
            panel(root, (LEFT[index % 2], TOP[index / 2]), series, points)?;
        }
        Ok(())
    })
}

/// The powers of ten around values.
fn decades(values: impl Iterator<Item = f64> + Clone) -> (i32, i32) {
    let low = values.clone().fold(f64::INFINITY, f64::min).log10().floor();
    let high = values.fold(0.0, f64::max).log10().ceil();
    (low as i32, (high as i32).max(low as i32 + 1))
}

fn panel(root: &Area, (x0, y0): (i32, i32), series: &Series, points: &[Point]) -> Drawn {
    let (width, height) = PANEL;
    let along = decades(points.iter().map(|point| point.amount));
    let up = decades(points.iter().map(|point| point.seconds));
    let share = |value: f64, (low, high): (i32, i32)| {
        (value.log10() - f64::from(low)) / f64::from(high - low)
    };
    let x = |value: f64| x0 + (share(value, along) * f64::from(width)) as i32;
    let y = |value: f64| y0 + height - (share(value, up) * f64::from(height)) as i32;
    root.draw_text(
        &format!("{}: exponent {:.2}", series.what, series.exponent(points)),
        &left(bold(20, colour::INK)),
        (x0, y0 - 36),
    )?;
    root.draw_text(
        "seconds",
        &right(text(16, colour::FAINT)),
        (x0 - 12, y0 - 14),
    )?;
    for power in up.0..=up.1 {
        let value = 10_f64.powi(power);
        root.draw(&PathElement::new(
            vec![(x0, y(value)), (x0 + width, y(value))],
            colour::GRID.stroke_width(1),
        ))?;
        root.draw_text(
            &number(value),
            &right(text(16, colour::FAINT)),
            (x0 - 12, y(value)),
        )?;
    }
    for power in along.0..=along.1 {
        let value = 10_f64.powi(power);
        root.draw(&PathElement::new(
            vec![(x(value), y0), (x(value), y0 + height)],
            colour::GRID.stroke_width(1),
        ))?;
        root.draw_text(
            &number(value),
            &centre(text(16, colour::FAINT)),
            (x(value), y0 + height + 8),
        )?;
    }
    root.draw_text(
        series.unit,
        &right(text(16, colour::INK)),
        (x0 + width, y0 + height + 40),
    )?;
    let line = points
        .iter()
        .map(|point| (x(point.amount), y(point.seconds)));
    root.draw(&PathElement::new(
        line.collect::<Vec<_>>(),
        colour::REAL.stroke_width(2),
    ))?;
    for (index, point) in points.iter().enumerate() {
        let place = (x(point.amount), y(point.seconds));
        root.draw(&Circle::new(place, 6, WHITE.filled()))?;
        if index >= series.fit_from {
            root.draw(&Circle::new(place, 6, colour::REAL.filled()))?;
        } else {
            root.draw(&Circle::new(place, 6, colour::REAL.stroke_width(2)))?;
        }
        root.draw_text(
            &number(point.seconds),
            &centre(text(16, colour::INK)),
            (place.0, place.1 - 28),
        )?;
    }
    Ok(())
}
