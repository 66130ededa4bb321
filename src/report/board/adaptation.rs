//! Figure: the share of farms' jobs that is caught, evening after evening, while farms learn.

use super::labels::{self, Label};
use super::learnt::{best, best_first};
use super::standing::styles;
use super::words as say;
use crate::detect::scoring::Figure;
use crate::experiment::detection::{Board, Learnt, NOBODY};
use crate::report::canvas::{Area, Drawing, Drawn, Heading, WIDTH, drawing};
use crate::report::plot::Style;
use crate::report::plot::{Axis, Plot};
use plotters::prelude::*;
use std::io;

const LEFT: i32 = 130;
const NAMES: i32 = 270;
const RIGHT: i32 = WIDTH as i32 - NAMES - 40;
const TOP: i32 = 150;
const LEAST_HEIGHT: i32 = 460;

/// Numbers of evenings below the axis, at most.
const NUMBERS: usize = 20;

/// Draws the figure; none where farms do not learn.
pub fn draw(board: &Board, footer: &str) -> io::Result<Option<Drawing>> {
    let mut learnt = board.adaptive.as_ref().map_or(Vec::new(), best_first);
    learnt.retain(|learnt| learnt.detector != NOBODY);
    let evenings = learnt.iter().map(|learnt| learnt.caught.len()).max();
    let evenings = evenings.unwrap_or(0);
    if evenings < 2 {
        return Ok(None);
    }
    let height = LEAST_HEIGHT.max(labels::HEIGHT * learnt.len() as i32);
    let heading = Heading {
        title: title(board),
        subtitle: format!(
            "Share of farms' jobs caught, evening after evening, at the main budget of false alarms  \u{b7}  {}",
            board.title
        ),
        note: "Evening 0 has the suite's own mix of tactics; after each evening farms move towards what paid against this detector. Means over test streams. The best after learning have colours.".to_owned(),
        footer,
    };
    let drawn = drawing(
        "adaptation",
        (TOP + height + 138) as u32,
        &heading,
        |root| {
            let plot = plot(evenings, height);
            plot.grid(root, "evening", "jobs caught")?;
            draw_lines(root, board, &plot, &learnt)
        },
    )?;
    Ok(Some(drawn))
}

fn plain(figure: &Figure) -> String {
    say::plain_percent(figure.mean.unwrap_or(f64::NAN))
}

fn title(board: &Board) -> String {
    match best(board) {
        Some(best) if best.adapted_caught.mean.unwrap_or_default() <= 0.0 => {
            "Once farms have learnt no detector catches anything, controls apart".to_owned()
        }
        Some(best) => {
            let (after, before) = (plain(&best.adapted_caught), plain(&best.static_caught));
            let before = match after == before {
                true => "as before".to_owned(),
                false => format!("{before} before"),
            };
            format!(
                "Once farms have learnt {} catches most: {after} of jobs, {before}",
                best.detector
            )
        }
        None => "What controls catch while farms learn".to_owned(),
    }
}

fn plot(evenings: usize, height: i32) -> Plot {
    let last = evenings - 1;
    let step = evenings.div_ceil(NUMBERS);
    let numbers = (0..=last).step_by(step);
    let ticks = numbers.map(|evening| (evening as f64, evening.to_string()));
    Plot {
        left: LEFT,
        right: RIGHT,
        top: TOP,
        bottom: TOP + height,
        across: Axis::linear(0.0, last as f64, ticks.collect()),
        up: Axis::of_shares(),
    }
}

fn draw_lines(root: &Area, board: &Board, plot: &Plot, learnt: &[&Learnt]) -> Drawn {
    let styles = styles(board, learnt.iter().map(|learnt| learnt.detector.as_str()));
    let label = |(learnt, style): (&&Learnt, &Style)| {
        Some(Label {
            name: learnt.detector.clone(),
            end: *places(plot, learnt).last()?,
            style: *style,
        })
    };
    let labels: Vec<Label> = learnt.iter().zip(&styles).filter_map(label).collect();
    labels::draw(root, plot, &labels, NAMES)?;
    for (learnt, style) in learnt.iter().zip(&styles).rev() {
        let places = places(plot, learnt);
        for place in &places {
            let dot = Circle::new(*place, style.width as i32 + 1, style.ink.filled());
            root.draw(&dot)?;
        }
        if places.len() > 1 {
            plot.line(root, places, *style)?;
        }
    }
    Ok(())
}

/// Where a detector's line goes, evening after evening.
fn places(plot: &Plot, learnt: &Learnt) -> Vec<(i32, i32)> {
    let caught = learnt.caught.iter().enumerate();
    let points = caught.filter_map(|(evening, of)| Some((evening as f64, of.mean?)));
    points.map(|point| plot.at(point)).collect()
}
