//! Figure: how often what is honest and looks like a deception is flagged, detector by detector.

use super::standing::{in_order, is_control};
use super::words as say;
use crate::detect::scoring::{Track, TwinAlarms, Verdict};
use crate::detect::truth::Twin;
use crate::experiment::detection::{Board, Tried};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, colour, drawing, fit, fit_middle, left, right, text,
};
use crate::report::comparison::{band, counted, rule};
use crate::report::digits::NONE;
use plotters::prelude::*;
use std::io;

const LEFT: i32 = 300;
const RIGHT: i32 = WIDTH as i32 - 50;
const TOP: i32 = 206;
const ROW: i32 = 28;

/// Pixels between the columns of two tracks.
const BETWEEN: i32 = 30;

/// Radius of the dot of what is always flagged.
const LARGEST: f64 = 12.0;

/// A column: a kind of twin in a track.
struct Column {
    track: Track,
    twin: Twin,
    /// How many there are in all test streams.
    count: u64,
}

/// Draws the figure; none without twins.
pub fn draw(board: &Board, footer: &str) -> io::Result<Option<Drawing>> {
    let columns = columns(board);
    let has_twins = |tried: &&Tried| columns.iter().any(|of| cell(board, tried, of).is_some());
    let rows: Vec<&Tried> = in_order(board).into_iter().filter(has_twins).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let heading = Heading {
        title: title(board, &rows, &columns),
        subtitle: format!(
            "Share of what is honest and looks like a deception that is flagged, at the main budget of false alarms  \u{b7}  {}",
            board.title
        ),
        note: "Of rooms: an alarm began while it lasted; of offers: its score stood at the threshold at the end. Means over test streams; areas of dots are as the shares. A dash: says nothing of it.".to_owned(),
        footer,
    };
    let height = TOP + ROW * rows.len() as i32 + 92;
    let drawn = drawing("false_alarms", height as u32, &heading, |root| {
        draw_rows(root, &rows)?;
        let mut x = LEFT;
        let mut before = None;
        for column in &columns {
            let begins = before != Some(column.track);
            if begins && before.is_some() {
                x += BETWEEN;
            }
            before = Some(column.track);
            column.draw(root, board, &rows, (x, width(&columns)), begins)?;
            x += width(&columns);
        }
        Ok(())
    })?;
    Ok(Some(drawn))
}

/// Kinds of twins by track, those that any detector was tried on.
fn columns(board: &Board) -> Vec<Column> {
    let kinds = |track: Track| Twin::ALL.into_iter().map(move |twin| (track, twin));
    let all = Track::ALL.into_iter().flat_map(kinds);
    let column = |(track, twin)| {
        let of_twin = Column {
            track,
            twin,
            count: 0,
        };
        let tried = board.detectors.iter();
        let cells = tried.filter_map(|tried| cell(board, tried, &of_twin));
        let count = cells.map(|alarms| alarms.count).max()?;
        Some(Column { count, ..of_twin })
    };
    all.filter_map(column).collect()
}

fn cell<'a>(board: &Board, tried: &'a Tried, of: &Column) -> Option<&'a TwinAlarms> {
    let of_track = |verdict: &&Verdict| verdict.track == of.track;
    let verdict = tried.verdicts.iter().find(of_track)?;
    let operation = verdict.operations.get(board.main_budget)?;
    operation.twins.iter().find(|alarms| alarms.twin == of.twin)
}

/// Width of a column in pixels.
fn width(columns: &[Column]) -> i32 {
    ((RIGHT - LEFT - BETWEEN) / columns.len().max(1) as i32).min(130)
}

fn title(board: &Board, rows: &[&Tried], columns: &[Column]) -> String {
    let detectors: Vec<&&Tried> = rows.iter().filter(|tried| !is_control(tried)).collect();
    let mean = |column: &Column| -> Option<f64> {
        let shares = detectors
            .iter()
            .filter_map(|tried| cell(board, tried, column)?.alarmed.mean);
        let shares: Vec<f64> = shares.collect();
        (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
    };
    let means = columns.iter().filter_map(|of| Some((mean(of)?, of)));
    let most = means.reduce(|most, one| if one.0 > most.0 { one } else { most });
    match most {
        Some((share, column)) if share > 0.0 => format!(
            "Taken for a deception most often: {}, in {} of cases in the mean of {}",
            say::spaced(column.twin.name()),
            say::percent(Some(share)),
            counted(detectors.len(), "detector")
        ),
        _ => "Controls apart, no detector takes what is honest for a deception".to_owned(),
    }
}

fn draw_rows(root: &Area, rows: &[&Tried]) -> Drawn {
    for (at, tried) in rows.iter().enumerate() {
        let top = TOP + ROW * at as i32;
        if at.is_multiple_of(2) {
            band(root, 40, RIGHT + 10, top, top + ROW)?;
        }
        let ink = if is_control(tried) {
            colour::FAINT
        } else {
            colour::INK
        };
        let name = fit_middle(&tried.name, 16, LEFT - 80);
        let at = (LEFT - 24, top + ROW / 2);
        root.draw_text(&name, &right(text(16, ink)), at)?;
    }
    Ok(())
}

impl Column {
    fn draw(
        &self,
        root: &Area,
        board: &Board,
        rows: &[&Tried],
        (x, width): (i32, i32),
        begins: bool,
    ) -> Drawn {
        self.head(root, (x, width), begins)?;
        for (at, tried) in rows.iter().enumerate() {
            let y = TOP + ROW * at as i32 + ROW / 2;
            let share = cell(board, tried, self).and_then(|alarms| alarms.alarmed.mean);
            let Some(share) = share else {
                let style = left(text(14, colour::FAINT));
                root.draw_text(NONE, &style, (x + 42, y))?;
                continue;
            };
            let radius = (LARGEST * share.clamp(0.0, 1.0).sqrt()).round() as i32;
            if radius > 0 {
                let dot = Circle::new((x + 18, y), radius, colour::DISPLAYED.filled());
                root.draw(&dot)?;
            }
            let style = left(text(14, colour::INK));
            root.draw_text(&say::whole_percent(share), &style, (x + 36, y))?;
        }
        Ok(())
    }

    /// The kind in two lines, and how many there are.
    fn head(&self, root: &Area, (x, width): (i32, i32), begins: bool) -> Drawn {
        if begins {
            let title = format!("alarms about {}", self.track.name());
            let style = left(bold(16, colour::INK));
            root.draw_text(&title, &style, (x + 4, TOP - 90))?;
        }
        let name = say::spaced(self.twin.name());
        let (upper, lower) = name.split_once(' ').unwrap_or(("", &name));
        let style = || left(text(15, colour::INK));
        for (line, y) in [(upper, TOP - 62), (lower, TOP - 43)] {
            root.draw_text(&fit(line, 15, width - 6), &style(), (x + 4, y))?;
        }
        let count = format!("n = {}", self.count);
        let style = left(text(13, colour::FAINT));
        root.draw_text(&count, &style, (x + 4, TOP - 22))?;
        rule(
            root,
            (x, TOP - 8),
            (x + width - 8, TOP - 8),
            colour::GRID,
            1,
        )
    }
}
