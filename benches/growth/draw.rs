//! The figure of growth: a panel for everything that grows, one for threads and one for memory.

use super::fit::Line;
use super::panel::{self, Curve, Panel, SIZE};
use super::series::SERIES;
use super::{Measured, Point, exponent, least, median};
use plotters::prelude::*;
use std::io;
use std::path::{Path, PathBuf};
use yellowcart::experiment::VERSION;
use yellowcart::report::canvas::{Area, Drawn, Heading, centre, colour, figure, left, text};

/// Where the columns and rows of panels begin.
const LEFT: [i32; 2] = [130, 890];
const TOP: [i32; 3] = [170, 580, 990];

/// Draws the figure.
pub fn growth(folder: &Path, measured: &Measured) -> io::Result<Vec<PathBuf>> {
    let footer = format!(
        "yellowcart {VERSION}  \u{b7}  scenario double11_evening  \u{b7}  seed 20201111  \u{b7}  nothing recorded"
    );
    let exponents = SERIES
        .iter()
        .zip(&measured.series)
        .map(|(series, points)| exponent(&points[series.fit_from..]).slope);
    let most = exponents.fold(0.0, f64::max);
    let rounds = measured.side_by_side.len();
    let heading = Heading {
        title: format!("Time grows with the power {most:.2} at most of consumers, rooms, looks or bots"),
        subtitle: format!(
            "Processor seconds of the whole evening on one thread against what is varied, one thing at a time ({rounds} {}); and threads and memory",
            if rounds == 1 { "run each" } else { "runs each" }
        ),
        note: "Exponents (with their standard errors) are fitted to all runs of the filled points: where the thing that grows, not what stays the same, takes the time.".to_owned(),
        footer: &footer,
    };
    figure(folder, "growth", 1_430, &heading, |root| {
        let places = TOP.iter().flat_map(|y| LEFT.map(|x| (x, *y)));
        for ((series, points), place) in SERIES.iter().zip(&measured.series).zip(places) {
            let panel = Panel {
                title: title(series.what, &exponent(&points[series.fit_from..])),
                along: series.unit,
                up: "seconds",
                curves: vec![curve(
                    "",
                    colour::REAL,
                    points,
                    |point| &point.computed,
                    series.fit_from,
                )],
            };
            panel.draw(root, place)?;
        }
        threads(root, (LEFT[0], TOP[2]), measured)?;
        memory(measured).draw(root, (LEFT[1], TOP[2]))
    })
}

fn title(what: &str, line: &Line) -> String {
    format!("{what}: exponent {}", line.slope_in_words(2))
}

fn curve(
    name: &'static str,
    colour: RGBColor,
    points: &[Point],
    figure: fn(&Point) -> &Vec<f64>,
    filled_from: usize,
) -> Curve {
    let at = |point: &Point| (point.amount, median(figure(point)));
    Curve {
        name,
        colour,
        points: points.iter().map(at).collect(),
        filled_from,
        above: true,
    }
}

/// Memory against consumers: of the whole evening, and with the world just built.
fn memory(measured: &Measured) -> Panel<'static> {
    let [whole, built] = measured.memory();
    let points = &measured.series[0];
    let mut curves = vec![
        curve(
            "whole evening",
            colour::REAL,
            points,
            |point| &point.peak_bytes,
            0,
        ),
        curve(
            "world built",
            colour::DISPLAYED,
            points,
            |point| &point.built_bytes,
            0,
        ),
    ];
    curves[1].above = false;
    for curve in &mut curves {
        curve.points.iter_mut().for_each(|point| point.1 /= 1e6);
    }
    Panel {
        title: format!(
            "memory: {:.1} \u{b1} {:.1} bytes a consumer ({:.1} asleep)",
            whole.slope, whole.slope_error, built.slope
        ),
        along: "consumers, in 2,404 rooms",
        up: "peak MB",
        curves,
    }
}

/// Largest speed-up on the scale, where nothing is faster.
const MOST: f64 = 2.5;

/// How much faster the evening is with more threads, beside the ideal and beside what the machine gives to processes that share nothing.
fn threads(root: &Area, (x0, y0): (i32, i32), measured: &Measured) -> Drawn {
    let (points, cores) = (&measured.threads, measured.cores as f64);
    let one = least(&points[0].seconds);
    let faster: Vec<f64> = points
        .iter()
        .map(|point| one / least(&point.seconds))
        .collect();
    let given_by_the_machine = measured.given_by_the_machine();
    let highest = faster.iter().copied().fold(given_by_the_machine, f64::max);
    let halves = (2.0 * highest.max(MOST)).ceil();
    let step = SIZE.0 / points.len() as i32;
    let x = |index: usize| x0 + step / 2 + step * index as i32;
    let y = |times: f64| y0 + SIZE.1 - (2.0 * times / halves * f64::from(SIZE.1)) as i32;
    let title = title("threads", &measured.exponent_of_threads());
    panel::frame(
        root,
        (x0, y0),
        &title,
        "threads, for a million consumers",
        "times as fast",
    )?;
    for count in 0..=halves as i32 {
        let times = f64::from(count) / 2.0;
        panel::across(root, x0, y(times), &format!("{times:.1}"))?;
    }
    for (index, point) in points.iter().enumerate() {
        let label = match point.amount > cores {
            true => format!("{} on {} cores", point.amount, cores),
            false => format!("{}", point.amount),
        };
        panel::upright(root, x(index), y0, &label)?;
    }
    let ideal = points
        .iter()
        .map(|point| point.amount.min(cores))
        .enumerate();
    let ideal: Vec<_> = ideal.map(|(index, times)| (x(index), y(times))).collect();
    let end = ideal[ideal.len() - 1];
    root.draw(&PathElement::new(ideal, colour::FAINT.stroke_width(2)))?;
    let style = centre(text(16, colour::FAINT));
    root.draw_text("ideal", &style, (end.0, end.1 - 26))?;
    let places: Vec<_> = faster
        .iter()
        .enumerate()
        .map(|(index, times)| (x(index), y(*times)))
        .collect();
    root.draw(&PathElement::new(
        places.clone(),
        colour::REAL.stroke_width(2),
    ))?;
    for (place, times) in places.into_iter().zip(faster) {
        panel::mark(root, place, colour::REAL, true)?;
        let style = centre(text(16, colour::INK));
        root.draw_text(&format!("{times:.2}"), &style, (place.0, place.1 + 12))?;
    }
    given(root, (x(1), y(given_by_the_machine)), given_by_the_machine)
}

/// What two processes side by side get done.
fn given(root: &Area, place: (i32, i32), times: f64) -> Drawn {
    root.draw(&TriangleMarker::new(place, 9, colour::DISPLAYED.filled()))?;
    let label = format!("{times:.2}: two processes");
    let style = left(text(16, colour::INK));
    root.draw_text(&label, &style, (place.0 + 16, place.1))?;
    Ok(())
}
