//! Figure: how a calibration came near to what was observed: the distance asked for, round by round, and what the particles of the last round give for each target.

use super::axes;
use super::words as say;
use crate::experiment::study::StudyResult;
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, colour, drawing, fit_middle, left, right, text,
};
use crate::report::comparison::rule;
use crate::report::digits::Scale;
use crate::report::panel::scale;
use crate::report::plot::{Axis, Plot, Style};
use plotters::prelude::*;
use std::io;

const TOP: i32 = 170;
const HEIGHT: i32 = 330;
const ROUNDS: (i32, i32) = (120, 640);
const TARGETS: (i32, i32) = (1_010, WIDTH as i32 - 190);
const BAND: RGBColor = RGBColor(226, 240, 226);

/// Draws the figure; none where no round ended.
pub fn draw(study: &StudyResult, footer: &str) -> io::Result<Option<Drawing>> {
    let Some(facts) = study
        .calibration
        .as_ref()
        .filter(|of| !of.rounds.is_empty())
    else {
        return Ok(None);
    };
    let targets = say::targets(study);
    let heading = Heading {
        title: say::ended(facts),
        subtitle: format!("Distance of the worst target, in tolerances, and what the particles give for each  \u{b7}  {}", study.title),
        note: "Left: the distance within which a round's particles had to be. Right: median of the particles and 95 % of them, from what was observed, in tolerances; the band is the tolerance.".to_owned(),
        footer,
    };
    let bottom = TOP + HEIGHT.max(44 * targets.len() as i32);
    let drawn = drawing("fit", (bottom + 150) as u32, &heading, |root| {
        draw_rounds(root, study, bottom)?;
        draw_targets(root, &targets, bottom)
    })?;
    Ok(Some(drawn))
}

fn draw_rounds(root: &Area, study: &StudyResult, bottom: i32) -> Drawn {
    let rounds = study.calibration.iter().flat_map(|facts| &facts.rounds);
    let bounds: Vec<(usize, f64)> = rounds
        .enumerate()
        .filter_map(|(at, round)| Some((at + 1, round.bound?)))
        .collect();
    let last = bounds.last().map_or(1, |(round, _)| *round).max(2);
    let highest = bounds.iter().map(|(_, bound)| *bound).fold(2.0, f64::max);
    let plot = Plot {
        left: ROUNDS.0,
        right: ROUNDS.1,
        top: TOP,
        bottom,
        across: Axis::linear(1.0, last as f64, of_rounds(last)),
        up: logarithmic(highest),
    };
    plot.grid(root, "round", "distance asked for, in tolerances")?;
    let places: Vec<(i32, i32)> = bounds
        .iter()
        .map(|(round, bound)| plot.at((*round as f64, *bound)))
        .collect();
    for place in &places {
        root.draw(&Circle::new(*place, 6, colour::REAL.filled()))?;
    }
    let style = Style {
        ink: colour::REAL,
        width: 3,
        dashed: false,
        named: false,
    };
    match places.len() {
        0 => root
            .draw_text(
                "one round: every candidate was taken",
                &left(text(16, colour::FAINT)),
                (ROUNDS.0 + 20, TOP + 40),
            )
            .map_err(Into::into),
        1 => Ok(()),
        _ => plot.line(root, places, style),
    }
}

fn of_rounds(last: usize) -> Vec<(f64, String)> {
    let step = last.div_ceil(8);
    let rounds = (1..=last).step_by(step);
    rounds.map(|at| (at as f64, at.to_string())).collect()
}

/// From the tolerance itself up to a power of ten, or twice or five times one.
fn logarithmic(highest: f64) -> Axis {
    let steps = (0..12).flat_map(|power| {
        let power = libm::pow(10.0, f64::from(power));
        [power, 2.0 * power, 5.0 * power]
    });
    let mut ticks = Vec::new();
    for step in steps {
        ticks.push((step, Scale::of("").value(step)));
        if step >= highest {
            break;
        }
    }
    let top = ticks.last().map_or(2.0, |(value, _)| *value);
    Axis::logarithmic(1.0, top.max(2.0), ticks)
}

fn draw_targets(root: &Area, targets: &[say::TargetTold], bottom: i32) -> Drawn {
    let mut ends: Vec<f64> = vec![-1.5, 1.5];
    ends.extend(targets.iter().flat_map(|target| {
        let quantiles = target.quantiles.unwrap_or([target.value; 3]);
        quantiles.map(|value| (value - target.value) / target.tolerance)
    }));
    let furthest = ends.iter().map(|end| end.abs()).fold(1.5, f64::max);
    let (reach, _) = scale(furthest);
    let plot = Plot {
        left: TARGETS.0,
        right: TARGETS.1,
        top: TOP,
        bottom,
        across: axes::over(&[-reach, reach], |value| Scale::of("").value(value)),
        up: Axis::linear(0.0, targets.len() as f64, Vec::new()),
    };
    let corners = [(plot.x(-1.0), TOP), (plot.x(1.0), bottom)];
    root.draw(&Rectangle::new(corners, BAND.filled()))?;
    plot.grid(root, "from what was observed, in tolerances", "")?;
    rule(
        root,
        (plot.x(0.0), TOP),
        (plot.x(0.0), bottom),
        colour::INK,
        2,
    )?;
    for (at, target) in targets.iter().enumerate() {
        let y = plot.y(targets.len() as f64 - at as f64 - 0.5);
        let unit = Scale::of(&target.unit);
        let label = fit_middle(&target.label, 16, TARGETS.0 - ROUNDS.1 - 70);
        root.draw_text(
            &label,
            &right(bold(16, colour::INK)),
            (TARGETS.0 - 16, y - 10),
        )?;
        let observed = format!("observed {} {}", unit.value(target.value), unit.unit());
        root.draw_text(
            &observed,
            &right(text(14, colour::FAINT)),
            (TARGETS.0 - 16, y + 12),
        )?;
        let Some(quantiles) = target.quantiles else {
            continue;
        };
        let [low, middle, high] =
            quantiles.map(|value| plot.x((value - target.value) / target.tolerance));
        rule(root, (low, y), (high, y), colour::REAL, 4)?;
        root.draw(&Circle::new((middle, y), 7, colour::REAL.filled()))?;
        let told = format!("{} {}", unit.value(quantiles[1]), unit.unit());
        root.draw_text(&told, &left(text(15, colour::INK)), (TARGETS.1 + 14, y))?;
    }
    Ok(())
}
