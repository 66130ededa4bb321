//! Figure: what a calibration says of the factors: of each by itself, against what was thought before, and of each pair.

use super::words as say;
use crate::experiment::study::{Factor, Particle, Posterior, StudyResult, middles};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, bold, centre, colour, drawing, fit, left, text,
};
use crate::report::comparison::rule;
use crate::report::plot::{Axis, Plot, Style};
use plotters::prelude::*;
use std::io;

const LEFT: i32 = 110;
const TOP: i32 = 150;
const ROOM: i32 = 1_470;
const GAP: i32 = 64;
/// Pixels below the last row, for numbers, names and notes.
const FOOT: i32 = 130;
/// Height of a panel, at most.
const TALLEST: i32 = 300;

/// Factors drawn, at most: those of which most was learnt.
const MOST: usize = 6;

/// Bars of a histogram.
const BARS: usize = 12;

/// A factor with the coordinates of all particles.
struct Side<'a> {
    factor: &'a Factor,
    coordinates: Vec<f64>,
    /// Part of the prior that is drawn.
    ends: (f64, f64),
    deviation: f64,
}

impl Side<'_> {
    /// Its numbers stand below and beside the whole figure, not at every panel.
    fn axis(&self) -> Axis {
        Axis::linear(self.ends.0, self.ends.1, Vec::new())
    }
}

/// Draws the figure; none where there are no particles.
pub fn draw(study: &StudyResult, footer: &str) -> io::Result<Option<Drawing>> {
    let Some(facts) = study.calibration.as_ref() else {
        return Ok(None);
    };
    let particles = &facts.particles;
    if particles.is_empty() {
        return Ok(None);
    }
    let factors = study.factors.iter().enumerate();
    let mut sides: Vec<Side> = factors
        .map(|(at, factor)| side(study, particles, (at, factor)))
        .collect();
    sides.sort_by(|a, b| {
        let order = a.deviation.total_cmp(&b.deviation);
        order.then_with(|| a.factor.name.cmp(&b.factor.name))
    });
    sides.truncate(MOST);
    let count = sides.len() as i32;
    let width = ROOM / count - GAP;
    let height = (width * 3 / 4).min(TALLEST);
    let heading = Heading {
        title: title(study, sides[0].factor),
        subtitle: format!("{} particles of the last round, those of which most was learnt first  \u{b7}  {}", particles.len(), study.title),
        note: "Along the diagonal: the posterior of a factor; dashed: the prior. Below it: particles, the larger the heavier. Above it: correlation. Axes show the part of the prior in which particles lie, and are spaced as it is likely.".to_owned(),
        footer,
    };
    let bottom = TOP + count * (height + GAP);
    let drawn = drawing("posterior", (bottom + FOOT) as u32, &heading, |root| {
        for (row, up) in sides.iter().enumerate() {
            for (column, across) in sides.iter().enumerate() {
                let place = Place {
                    left: LEFT + column as i32 * (width + GAP),
                    top: TOP + row as i32 * (height + GAP),
                    width,
                    height,
                };
                match column.cmp(&row) {
                    std::cmp::Ordering::Equal => histogram(root, &place, across, particles)?,
                    std::cmp::Ordering::Less => scatter(root, &place, (across, up), particles)?,
                    std::cmp::Ordering::Greater => tell(root, &place, (across, up), particles)?,
                }
                if row + 1 == sides.len() {
                    below(root, &place, across)?;
                }
            }
        }
        Ok(())
    })?;
    Ok(Some(drawn))
}

/// Where a panel is.
struct Place {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
}

fn side<'a>(
    study: &StudyResult,
    particles: &[Particle],
    (at, factor): (usize, &'a Factor),
) -> Side<'a> {
    let coordinate =
        |of: &Particle| study.points[of.candidate as usize].coordinates[at].unwrap_or(0.5);
    let coordinates: Vec<f64> = particles.iter().map(coordinate).collect();
    let low = coordinates.iter().copied().fold(1.0, f64::min);
    let high = coordinates.iter().copied().fold(0.0, f64::max);
    let beyond = 0.15 * (high - low) + 1e-6;
    let (_, deviation) = moments(particles, &coordinates);
    Side {
        factor,
        ends: match factor.spread.levels() {
            0 => ((low - beyond).max(0.0), (high + beyond).min(1.0)),
            _ => (0.0, 1.0),
        },
        coordinates,
        deviation,
    }
}

fn moments(particles: &[Particle], values: &[f64]) -> (f64, f64) {
    let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
        let pairs = particles.iter().zip(values);
        pairs.map(|(particle, x)| particle.weight * of(*x)).sum()
    };
    let centre = mean(&|x| x);
    let variance = mean(&|x| (x - centre) * (x - centre));
    (centre, libm::sqrt(variance))
}

fn correlation(particles: &[Particle], one: &Side, other: &Side) -> Option<f64> {
    let (a, spread_a) = moments(particles, &one.coordinates);
    let (b, spread_b) = moments(particles, &other.coordinates);
    let pairs = one.coordinates.iter().zip(&other.coordinates);
    let products = pairs
        .zip(particles)
        .map(|((x, y), of)| of.weight * (x - a) * (y - b));
    let scale = spread_a * spread_b;
    (scale > 1e-12).then(|| products.sum::<f64>() / scale)
}

fn title(study: &StudyResult, factor: &Factor) -> String {
    let facts = study.calibration.as_ref();
    let at = study
        .factors
        .iter()
        .position(|other| other.name == factor.name);
    let posterior = facts
        .zip(at)
        .and_then(|(facts, at)| facts.posterior.get(at));
    match posterior {
        Some(posterior @ Posterior::Numbers { .. }) => format!(
            "{} lies within {} with 95 % probability; before: {}",
            factor.label,
            say::interval(posterior),
            say::spread(&factor.spread)
        ),
        _ => format!("What was observed says most of {}", factor.label),
    }
}

fn plot_of(place: &Place, across: &Side, up: Axis) -> Plot {
    Plot {
        left: place.left,
        right: place.left + place.width,
        top: place.top,
        bottom: place.top + place.height,
        across: across.axis(),
        up,
    }
}

fn frame(root: &Area, place: &Place) -> Drawn {
    let corners = [
        (place.left, place.top),
        (place.left + place.width, place.top + place.height),
    ];
    root.draw(&Rectangle::new(corners, colour::GRID.stroke_width(1)))?;
    Ok(())
}

fn histogram(root: &Area, place: &Place, side: &Side, particles: &[Particle]) -> Drawn {
    let (low, high) = side.ends;
    let count = match side.factor.spread.levels() {
        0 => BARS,
        levels => levels as usize,
    };
    let mut bars = vec![0.0; count];
    for (particle, at) in particles.iter().zip(&side.coordinates) {
        let bar = (at - low) / (high - low) * count as f64;
        bars[(bar as usize).min(count - 1)] += particle.weight;
    }
    // The prior is even in coordinates.
    let prior = (high - low) / count as f64;
    let highest = bars.iter().copied().fold(prior, f64::max);
    let plot = plot_of(place, side, Axis::linear(0.0, 1.1 * highest, Vec::new()));
    frame(root, place)?;
    let step = (high - low) / count as f64;
    for (at, height) in bars.iter().enumerate() {
        let (from, to) = (low + at as f64 * step, low + (at + 1) as f64 * step);
        let corners = [plot.at((from, *height)), plot.at((to, 0.0))];
        root.draw(&Rectangle::new(corners, colour::SERIES[4].filled()))?;
    }
    let dashed = Style {
        ink: colour::INK,
        width: 2,
        dashed: true,
        named: false,
    };
    plot.line(
        root,
        vec![plot.at((low, prior)), plot.at((high, prior))],
        dashed,
    )?;
    let label = fit(&side.factor.label, 17, place.width);
    root.draw_text(
        &label,
        &left(bold(17, colour::INK)),
        (place.left, place.top - 14),
    )?;
    Ok(())
}

fn scatter(
    root: &Area,
    place: &Place,
    (across, up): (&Side, &Side),
    particles: &[Particle],
) -> Drawn {
    let plot = plot_of(place, across, up.axis());
    frame(root, place)?;
    if place.left == LEFT {
        let ends = [up.ends.0, f64::midpoint(up.ends.0, up.ends.1), up.ends.1];
        for at in ends {
            let value = say::value(Some(&up.factor.spread.at(at)));
            let label = fit(&value, 14, LEFT - 34);
            let style = crate::report::canvas::right(text(14, colour::FAINT));
            root.draw_text(&label, &style, (LEFT - 8, plot.y(at)))?;
        }
    }
    let even = 1.0 / particles.len() as f64;
    let pairs = across.coordinates.iter().zip(&up.coordinates);
    for ((x, y), particle) in pairs.zip(particles) {
        // The area is as the weight; the heaviest must not cover the others.
        let radius = (4.0 * libm::sqrt(particle.weight / even)).clamp(1.0, 10.0);
        let dot = Circle::new(
            plot.at((*x, *y)),
            radius.round() as i32,
            colour::REAL.mix(0.45).filled(),
        );
        root.draw(&dot)?;
    }
    Ok(())
}

fn tell(root: &Area, place: &Place, (across, up): (&Side, &Side), particles: &[Particle]) -> Drawn {
    // Regimes and the like have no order that a correlation could be of.
    let is_range = |side: &Side| side.factor.spread.levels() == 0;
    let correlation = correlation(particles, across, up);
    let Some(correlation) = correlation.filter(|_| is_range(across) && is_range(up)) else {
        return Ok(());
    };
    let middle = (
        place.left + place.width / 2,
        place.top + place.height / 2 - 14,
    );
    let size = 17 + (13.0 * correlation.abs()) as u32;
    let told = format!("{correlation:+.2}").replace('-', "\u{2212}");
    root.draw_text(&told, &centre(text(size, colour::FAINT)), middle)?;
    Ok(())
}

/// Numbers and unit below the last row.
fn below(root: &Area, place: &Place, side: &Side) -> Drawn {
    let y = place.top + place.height;
    let (low, high) = side.ends;
    let coordinates: Vec<f64> = match side.factor.spread.levels() {
        0 => {
            let count = if place.width > 300 { 4 } else { 2 };
            let at = |part| low + f64::from(part) / f64::from(count) * (high - low);
            (0..=count).map(at).collect()
        }
        levels => middles(levels),
    };
    let room = place.width / (coordinates.len() as i32).max(1);
    for at in coordinates {
        let x = place.left + (f64::from(place.width) * (at - low) / (high - low)).round() as i32;
        rule(root, (x, y), (x, y + 5), colour::FAINT, 1)?;
        let value = say::value(Some(&side.factor.spread.at(at)));
        let label = fit(&value, 14, room);
        root.draw_text(&label, &centre(text(14, colour::FAINT)), (x, y + 9))?;
    }
    let name = match side.factor.unit.as_str() {
        "" => side.factor.path.clone(),
        unit => format!("{}, {unit}", side.factor.path),
    };
    let name = fit(&name, 14, place.width + GAP - 8);
    let middle = place.left + place.width / 2;
    root.draw_text(&name, &centre(text(14, colour::FAINT)), (middle, y + 32))?;
    Ok(())
}
