//! Figure: how a metric answers to each factor, a panel each: every point, and means over the points in each part of the factor's range with their bands.

use super::axes;
use crate::experiment::study::{Factor, MetricFacts, StudyResult, half_width, part_of};
use crate::report::canvas::{Area, Drawing, Drawn, Heading, bold, colour, drawing, fit, left};
use crate::report::comparison::rule;
use crate::report::digits::Scale;
use crate::report::plot::{Plot, Style};
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

const LEFT: i32 = 50;
const TOP: i32 = 116;
const COLUMN: i32 = 500;
const LINE: i32 = 400;
const HEAD: i32 = 64;
const WIDTH: i32 = 370;
const HEIGHT: i32 = 250;
const NUMBERS: i32 = 84;
const COLUMNS: usize = 3;

/// Factors drawn, at most: those that move the metric most.
const MOST: usize = 12;

/// Parts of a range over which means are taken.
const PARTS: usize = 8;

const POINT: RGBColor = RGBColor(170, 190, 205);
const BAND: RGBColor = RGBColor(201, 224, 240);

/// The mean over the points of a part of a range: where it lies, the mean, half of its interval (of a single point, over its replications).
struct Part {
    at: f64,
    mean: f64,
    half: Option<f64>,
}

/// A panel: a factor with its points and parts.
struct Panel<'a> {
    factor: &'a Factor,
    points: Vec<(f64, f64)>,
    parts: Vec<Part>,
    span: f64,
}

/// Draws the figure; none where the metric has no value at any point.
pub fn draw(study: &StudyResult, facts: &MetricFacts, footer: &str) -> io::Result<Option<Drawing>> {
    let mut panels: Vec<Panel> = (0..study.factors.len())
        .filter_map(|at| panel(study, facts, at))
        .collect();
    panels.sort_by(|a, b| {
        b.span
            .total_cmp(&a.span)
            .then_with(|| a.factor.name.cmp(&b.factor.name))
    });
    panels.truncate(MOST);
    let Some(first) = panels.first() else {
        return Ok(None);
    };
    let unit = Scale::of(&facts.metric.unit);
    let ends = first.parts.first().zip(first.parts.last());
    let title = ends.map_or(facts.metric.label.clone(), |(low, high)| {
        format!(
            "{}: from {} to {} {} over {}",
            facts.metric.label,
            unit.value(low.mean),
            unit.value(high.mean),
            unit.unit(),
            first.factor.label
        )
    });
    let heading = Heading {
        title,
        subtitle: format!("{} by factor, those that move it most first  \u{b7}  {}", facts.metric.label, study.title),
        note: "Dots: points, each the mean over its replications. Line: mean over the points in each part of the range; band or bar: its 95 % interval, of a single point over its replications.".to_owned(),
        footer,
    };
    let rows = panels.len().div_ceil(COLUMNS) as i32;
    let name = format!("responses_{}", facts.metric.key);
    let bars = panels.iter().flat_map(|panel| &panel.parts);
    let ends =
        bars.flat_map(|part| [-1.0, 1.0].map(|side| part.mean + side * part.half.unwrap_or(0.0)));
    let values: Vec<f64> = facts.means.iter().flatten().copied().chain(ends).collect();
    let drawn = drawing(&name, (TOP + LINE * rows + 70) as u32, &heading, |root| {
        panels
            .iter()
            .enumerate()
            .try_for_each(|(at, panel)| draw_panel(root, at, panel, (&values, unit)))
    })?;
    Ok(Some(drawn))
}

fn panel<'a>(study: &'a StudyResult, facts: &MetricFacts, at: usize) -> Option<Panel<'a>> {
    let factor = &study.factors[at];
    let known = study
        .points
        .iter()
        .zip(&facts.means)
        .zip(&facts.half_widths);
    let known: Vec<(f64, f64, Option<f64>)> = known
        .filter_map(|((point, mean), half)| Some((point.coordinates[at]?, (*mean)?, *half)))
        .collect();
    let count = match factor.spread.levels() {
        0 => PARTS,
        levels => levels as usize,
    };
    let parts = (0..count).filter_map(|part| {
        let own: Vec<(f64, f64, Option<f64>)> = known
            .iter()
            .filter(|(at, ..)| part_of(*at, count) == part)
            .copied()
            .collect();
        let values: Vec<f64> = own.iter().map(|(_, value, _)| *value).collect();
        let (sum, number) = (own.iter().map(|(at, ..)| at).sum::<f64>(), own.len() as f64);
        (!own.is_empty()).then(|| Part {
            at: sum / number,
            mean: values.iter().sum::<f64>() / number,
            half: match own[..] {
                [(.., half)] => half,
                _ => half_width(&values).map(|(half, _)| half),
            },
        })
    });
    let parts: Vec<Part> = parts.collect();
    let means = || parts.iter().map(|part| part.mean);
    let span = means().fold(f64::NEG_INFINITY, f64::max) - means().fold(f64::INFINITY, f64::min);
    (!parts.is_empty()).then_some(Panel {
        factor,
        points: known.into_iter().map(|(at, mean, _)| (at, mean)).collect(),
        parts,
        span,
    })
}

fn draw_panel(root: &Area, at: usize, panel: &Panel, (values, unit): (&[f64], Scale)) -> Drawn {
    let x = LEFT + COLUMN * (at % COLUMNS) as i32 + NUMBERS;
    let y = TOP + LINE * (at / COLUMNS) as i32 + HEAD;
    let plot = Plot {
        left: x,
        right: x + WIDTH,
        top: y,
        bottom: y + HEIGHT,
        across: axes::of_factor(panel.factor, WIDTH),
        up: axes::within(values, |value| unit.value(value)),
    };
    let label = fit(&panel.factor.label, 17, WIDTH);
    root.draw_text(&label, &left(bold(17, colour::INK)), (x, y - 44))?;
    let unit_of_factor = match panel.factor.unit.as_str() {
        "" => panel.factor.path.clone(),
        unit => format!("{}, {unit}", panel.factor.path),
    };
    plot.grid(root, &fit(&unit_of_factor, 15, WIDTH + 60), unit.unit())?;
    let is_range = panel.factor.spread.levels() == 0;
    if is_range {
        draw_band(root, &plot, &panel.parts)?;
    }
    for point in &panel.points {
        root.draw(&Circle::new(plot.at(*point), 3, POINT.filled()))?;
    }
    for part in panel.parts.iter().filter(|_| !is_range) {
        let half = part.half.unwrap_or(0.0);
        let ends = [part.mean - half, part.mean + half].map(|end| plot.at((part.at, end)));
        rule(root, ends[0], ends[1], colour::REAL, 3)?;
    }
    let line: Vec<(i32, i32)> = panel
        .parts
        .iter()
        .map(|part| plot.at((part.at, part.mean)))
        .collect();
    for place in &line {
        root.draw(&Circle::new(*place, 5, colour::REAL.filled()))?;
    }
    if line.len() > 1 && is_range {
        plot.line(
            root,
            line,
            Style {
                ink: colour::REAL,
                width: 3,
                dashed: false,
                named: false,
            },
        )?;
    }
    Ok(())
}

fn draw_band(root: &Area, plot: &Plot, parts: &[Part]) -> Drawn {
    let with_band: Vec<(f64, f64, f64)> = parts
        .iter()
        .filter_map(|part| {
            part.half
                .map(|half| (part.at, part.mean - half, part.mean + half))
        })
        .collect();
    let upper = with_band.iter().map(|(at, _, high)| plot.at((*at, *high)));
    let lower = with_band
        .iter()
        .rev()
        .map(|(at, low, _)| plot.at((*at, *low)));
    let outline: Vec<(i32, i32)> = upper.chain(lower).collect();
    if with_band.len() > 1 {
        root.draw(&Polygon::new(outline, BAND.filled()))?;
    }
    Ok(())
}
