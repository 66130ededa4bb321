//! Figure: the share of campaigns found by the time since their first evidence, a panel for each track.

use super::panels::{Panel, height, panels};
use super::standing::{Placed, is_control, tracks};
use super::words as say;
use crate::experiment::detection::Board;
use crate::report::canvas::{Area, Drawing, Drawn, Heading, drawing};
use crate::report::comparison::counted;
use crate::report::plot::{Axis, Plot};
use std::io;

/// Seconds with which the axis begins: what is found sooner stands there.
const SOONEST: f64 = 10.0;

/// Seconds that have numbers on the axis.
const TICKS: [(f64, &str); 6] = [
    (SOONEST, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3_600.0, "1 h"),
    (36_000.0, "10 h"),
    (360_000.0, "100 h"),
];

/// Draws the figure; none where there was no campaign.
pub fn draw(board: &Board, footer: &str) -> io::Result<Option<Drawing>> {
    let mut panels = panels(board);
    let told = |placed: &Placed| campaigns(board, placed) > 0;
    panels.retain(|panel| panel.standing.iter().any(told));
    let Some(first) = panels.first() else {
        return Ok(None);
    };
    let heading = Heading {
        title: title(board, first),
        subtitle: format!(
            "Share of campaigns found, by time since their first evidence, at the main budget of false alarms  \u{b7}  {}",
            board.title
        ),
        note: "Campaigns of all test streams together; time is on a logarithmic scale, and what is found within 10 s stands at its left end. Where a line ends high, little is missed; far left, it is found soon.".to_owned(),
        footer,
    };
    // The panels that are left have places of their own, so the figure is as high as if there were all of them.
    let drawn = drawing("delay", height(tracks(board).len()), &heading, |root| {
        panels
            .iter()
            .try_for_each(|panel| draw_panel(root, board, panel))
    })?;
    Ok(Some(drawn))
}

fn title(board: &Board, panel: &Panel) -> String {
    let detectors = panel.standing.iter();
    let detectors = detectors.filter(|placed| !is_control(placed.tried));
    let count = detectors.clone().count();
    let soonest = detectors
        .filter_map(|placed| {
            let median = placed.operation(board)?.overall_median_delay?;
            Some((median, placed.tried.name.as_str()))
        })
        .reduce(|best, one| if one.0 < best.0 { one } else { best });
    let track = panel.track.name();
    match soonest {
        Some((median, name)) => format!(
            "{name} finds half of the campaigns about {track} within {}, soonest of {}",
            say::delay(Some(median)),
            counted(count, "detector")
        ),
        None => format!("No detector finds half of the campaigns about {track} at this budget"),
    }
}

/// Campaigns of a verdict's track.
fn campaigns(board: &Board, placed: &Placed) -> usize {
    let operation = placed.operation(board);
    operation.map_or(0, |operation| operation.findings.len())
}

/// Seconds to the first alarm about each campaign that is found, the soonest first.
fn delays(board: &Board, placed: &Placed) -> Vec<f64> {
    let operation = placed.operation(board);
    let findings = operation.map_or(&[][..], |operation| &operation.findings);
    let mut delays: Vec<f64> = findings.iter().filter_map(|one| one.delay).collect();
    delays.sort_by(f64::total_cmp);
    delays
}

fn draw_panel(root: &Area, board: &Board, panel: &Panel) -> Drawn {
    let plot = panel.plot(axis(board, panel));
    panel.head(root)?;
    plot.grid(root, "time since the first evidence", "campaigns found")?;
    panel.lines(root, &plot, |placed| steps(&plot, board, placed))?;
    let found = |placed: &Placed| {
        let found = delays(board, placed).len() as f64;
        say::whole_percent(found / campaigns(board, placed).max(1) as f64)
    };
    panel.key(root, "found in all", found, None)
}

/// An axis that holds every delay of a panel.
fn axis(board: &Board, panel: &Panel) -> Axis {
    let last = |placed| delays(board, placed).last().copied();
    let latest = panel.standing.iter().filter_map(last);
    let latest = latest.fold(600.0, f64::max);
    let end = TICKS.iter().position(|(seconds, _)| *seconds >= latest);
    let ticks = TICKS.iter().take(end.map_or(TICKS.len(), |end| end + 1));
    let ticks: Vec<(f64, String)> = ticks
        .map(|(seconds, words)| (*seconds, (*words).to_owned()))
        .collect();
    let high = ticks.last().map_or(latest, |(seconds, _)| *seconds);
    Axis::logarithmic(SOONEST, high, ticks)
}

/// What is found by and by, as steps, up to the right edge.
fn steps(plot: &Plot, board: &Board, placed: &Placed) -> Vec<(i32, i32)> {
    let all = campaigns(board, placed).max(1) as f64;
    let mut places = vec![(plot.left, plot.bottom)];
    let mut y = plot.bottom;
    for (found, seconds) in delays(board, placed).into_iter().enumerate() {
        let x = plot.x(seconds);
        places.push((x, y));
        y = plot.y((found + 1) as f64 / all);
        places.push((x, y));
    }
    places.push((plot.right, y));
    places.dedup();
    places
}
