//! Figure: what each tactic brings a farm against each detector, as a map.

use super::standing::controls;
use super::words as say;
use crate::experiment::detection::{Board, Payoffs};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, centre, colour, drawing, fit, fit_middle, left, right,
    text,
};
use crate::report::comparison::counted;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

const LEFT: i32 = 300;
const RIGHT: i32 = WIDTH as i32 - 50;
const TOP: i32 = 196;
const ROW: i32 = 30;

/// The key: returns on money.
const KEY: [f64; 5] = [-1.0, -0.5, 0.0, 0.5, 1.0];

/// Draws the figure; none where farms do not learn.
pub fn draw(board: &Board, footer: &str) -> io::Result<Option<Drawing>> {
    let payoffs = board.adaptive.as_ref();
    let Some(payoffs) =
        payoffs.filter(|payoffs| !payoffs.detectors.is_empty() && !payoffs.tactics.is_empty())
    else {
        return Ok(None);
    };
    let heading = Heading {
        title: title(board, payoffs),
        subtitle: format!(
            "A farm's return on the money it lays out, %, by detector (rows) and tactic (columns)  \u{b7}  {}",
            board.title
        ),
        note: "Return: earned less laid out, over laid out, mean over test streams. Blue: the farm loses; orange: it earns; white: it breaks even. Beyond 100 % the colour stays the same.".to_owned(),
        footer,
    };
    let height = TOP + ROW * payoffs.detectors.len() as i32 + 92;
    let drawn = drawing("payoff_matrix", height as u32, &heading, |root| {
        key(root)?;
        let width = ((RIGHT - LEFT) / payoffs.tactics.len() as i32).min(150);
        for (at, tactic) in payoffs.tactics.iter().enumerate() {
            head(root, tactic, LEFT + width * at as i32, width)?;
        }
        for at in 0..payoffs.detectors.len() {
            row(root, payoffs, at, width)?;
        }
        Ok(())
    })?;
    Ok(Some(drawn))
}

/// Against how many detectors, controls apart, no tactic pays.
fn title(board: &Board, payoffs: &Payoffs) -> String {
    let pays = |detector: usize| {
        let mut rows = payoffs.farm_return.iter();
        rows.any(|row| {
            let mean = row.get(detector).and_then(|of| of.mean);
            mean.is_some_and(|mean| mean > 0.0)
        })
    };
    let detectors = payoffs.detectors.iter().enumerate();
    let detectors = detectors.filter(|(_, name)| !controls(board, name));
    let all = detectors.clone().count();
    let stopped = detectors.filter(|(place, _)| !pays(*place)).count();
    match stopped {
        _ if all == 0 => "What tactics bring against controls".to_owned(),
        0 => format!(
            "Against each of {} some tactic pays, controls apart",
            counted(all, "detector")
        ),
        _ => format!(
            "Against {stopped} of {} no tactic pays, controls apart",
            counted(all, "detector")
        ),
    }
}

/// White at 0, blue below, orange above.
fn shade(value: f64) -> RGBColor {
    let RGBColor(red, green, blue) = if value < 0.0 {
        colour::REAL
    } else {
        colour::DISPLAYED
    };
    let share = value.abs().min(1.0);
    let mix = |part: u8| (255.0 - share * (255.0 - f64::from(part))).round() as u8;
    RGBColor(mix(red), mix(green), mix(blue))
}

/// Ink that can be read on a colour.
fn ink_on(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if light > 140.0 { colour::INK } else { WHITE }
}

fn key(root: &Area) -> Drawn {
    let y = 122;
    let style = right(text(15, colour::FAINT));
    root.draw_text("return on money", &style, (LEFT - 24, y))?;
    for (at, value) in KEY.into_iter().enumerate() {
        let x = LEFT + 90 * at as i32;
        square(
            root,
            (x, y - 11),
            (90, 22),
            value,
            &say::signed_percent(Some(value)),
        )?;
    }
    Ok(())
}

/// A square of a value, with what is written in it.
fn square(
    root: &Area,
    (x, y): (i32, i32),
    (width, height): (i32, i32),
    value: f64,
    label: &str,
) -> Drawn {
    let fill = shade(value);
    let corners = [(x, y), (x + width - 2, y + height - 2)];
    root.draw(&Rectangle::new(corners, fill.filled()))?;
    let style = centre(text(15, ink_on(fill)));
    root.draw_text(label, &style, (x + width / 2, y + height / 2 - 7))?;
    Ok(())
}

/// A tactic in two lines.
fn head(root: &Area, tactic: &str, x: i32, width: i32) -> Drawn {
    let name = say::spaced(tactic);
    let middle = name.len() / 2;
    let blanks = name.match_indices(' ').map(|(at, _)| at);
    let nearest = blanks.min_by_key(|at| at.abs_diff(middle));
    let (upper, lower) = match nearest {
        Some(at) => (name.get(..at), name.get(at + 1..)),
        None => (None, Some(name.as_str())),
    };
    for (line, y) in [(upper, TOP - 38), (lower, TOP - 18)] {
        let line = fit(line.unwrap_or_default(), 15, width - 8);
        root.draw_text(&line, &left(text(15, colour::INK)), (x + 4, y))?;
    }
    Ok(())
}

fn row(root: &Area, payoffs: &Payoffs, detector: usize, width: i32) -> Drawn {
    let y = TOP + ROW * detector as i32;
    let name = payoffs.detectors.get(detector).map_or("", String::as_str);
    let name = fit_middle(name, 16, LEFT - 80);
    let at = (LEFT - 24, y + ROW / 2);
    root.draw_text(&name, &right(text(16, colour::INK)), at)?;
    for (column, returns) in payoffs.farm_return.iter().enumerate() {
        let x = LEFT + width * column as i32;
        let mean = returns.get(detector).and_then(|of| of.mean);
        let label = say::signed_percent(mean);
        square(root, (x, y), (width, ROW), mean.unwrap_or(0.0), &label)?;
    }
    Ok(())
}
