//! Figure: the evening of a room. Panels share the clock: cues, viewers, orders, price and stock; displayed beside real.

use super::canvas::{
    Area, Drawn, Heading, WIDTH, bold, centre, colour, figure, left, number, right, text, width_of,
};
use super::panel::{LEFT, Line, Panel, Span, displayed_and_real};
use super::{Evening, RoomSeries};
use crate::market::RoomFrame;
use chrono::Timelike;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;
use std::path::{Path, PathBuf};

const HEIGHT: u32 = 1_260;
const CUES_TOP: i32 = 120;
const ROWS: usize = 5;
const ROW: i32 = 21;

/// Draws a room's evening.
///
/// # Errors
/// Where a file cannot be written.
pub fn draw(
    folder: &Path,
    evening: &Evening,
    series: &RoomSeries,
    footer: &str,
) -> io::Result<Vec<PathBuf>> {
    let scenario = evening.scenario;
    let room = &scenario.rooms[series.room as usize];
    let peak = |of: fn(&RoomFrame) -> u64| series.frames.iter().map(of).max().unwrap_or(0) as f64;
    let shown = peak(|frame| frame.displayed_viewers);
    let real = peak(|frame| frame.real_viewers);
    let last = series.frames.last().copied().unwrap_or_default();
    let heading = Heading {
        title: format!(
            "{}: {} viewers at most on display, {} real; {} orders on display, {} real",
            room.name,
            number(shown),
            number(real),
            number(last.displayed_orders as f64),
            number(last.real_orders as f64)
        ),
        subtitle: scenario.title.clone(),
        note: background_note(series),
        footer,
    };
    let mut sheet = Sheet {
        evening,
        series,
        span: Span {
            from: room.on_air,
            to: room.off_air.max(room.on_air + 1.0),
        },
        lift: 0,
    };
    let notes = sheet.notes();
    let rows = notes.iter().filter_map(|note| note.row).max();
    sheet.lift = ROW * (ROWS - 1 - rows.unwrap_or(0)) as i32;
    figure(
        folder,
        &format!("evening_{}", room.name),
        sheet.height(),
        &heading,
        |root| sheet.draw(root, &notes),
    )
}

fn background_note(series: &RoomSeries) -> String {
    let background = series
        .frames
        .iter()
        .map(|frame| frame.background_viewers)
        .max()
        .unwrap_or(0);
    let mut note =
        "Market time. Thin lines: cues. Counters refresh every display period.".to_owned();
    if background > 0 {
        note.push_str(&format!(
            " Real viewers include a background audience of up to {} outside the model.",
            number(background as f64)
        ));
    }
    note
}

struct Sheet<'a> {
    evening: &'a Evening<'a>,
    series: &'a RoomSeries,
    span: Span,
    /// How far the panels are lifted, because cues need fewer rows than there may be.
    lift: i32,
}

/// A cue, or several that fall together, above the panels.
struct Note {
    /// Where it falls.
    x: i32,
    /// Where its label begins.
    start: i32,
    /// Row of the label; none if there was no place for it.
    row: Option<usize>,
    label: String,
}

impl Sheet<'_> {
    fn height(&self) -> u32 {
        HEIGHT - self.lift as u32
    }

    fn draw(&self, root: &Area, notes: &[Note]) -> Drawn {
        let panels_bottom = self.height() as i32 - 120;
        self.cues(root, notes, panels_bottom)?;
        self.viewers(root)?;
        self.orders(root)?;
        self.price(root)?;
        self.stock(root)?;
        self.clock(root, panels_bottom)
    }

    /// Labels of cues in rows in which they do not overlap; equal acts that fall close together become one label.
    fn notes(&self) -> Vec<Note> {
        let mut row_ends = [i32::MIN; ROWS];
        let near = self.span.length() / 60.0;
        let place = |(second, label): (f64, String)| {
            let x = self.span.x(second);
            let width = width_of(&label, 14);
            // A label near the right edge is moved back inside.
            let start = (x + 3).min(WIDTH as i32 - 20 - width);
            let row = row_ends.iter().position(|end| start > end + 10);
            if let Some(row) = row {
                row_ends[row] = start + width;
            }
            Note {
                x,
                start,
                row,
                label,
            }
        };
        let cues = merge(&self.series.cues, near);
        cues.into_iter().map(place).collect()
    }

    /// Cues as thin lines through all panels.
    fn cues(&self, root: &Area, notes: &[Note], bottom: i32) -> Drawn {
        root.draw_text(
            "cues",
            &right(bold(16, colour::INK)),
            (LEFT - 14, CUES_TOP + 12),
        )?;
        for note in notes {
            let Some(row) = note.row else {
                let top = CUES_TOP + ROW * ROWS as i32 - self.lift;
                let rule = colour::GRID.stroke_width(1);
                root.draw(&PathElement::new(
                    vec![(note.x, top), (note.x, bottom)],
                    rule,
                ))?;
                continue;
            };
            let y = CUES_TOP + ROW * row as i32 + 11;
            let rule = RGBColor(190, 190, 190).stroke_width(1);
            root.draw(&PathElement::new(
                vec![(note.x, y - 7), (note.x, bottom)],
                rule,
            ))?;
            let style = left(text(14, colour::FAINT));
            root.draw_text(&note.label, &style, (note.start, y))?;
        }
        let hidden = notes.iter().filter(|note| note.row.is_none()).count();
        if hidden > 0 {
            let y = CUES_TOP + 12 + ROW;
            root.draw_text(
                &format!("and {hidden} more"),
                &right(text(13, colour::FAINT)),
                (LEFT - 14, y),
            )?;
        }
        Ok(())
    }

    fn points(&self, of: impl Fn(&RoomFrame) -> Option<f64>) -> Vec<(f64, Option<f64>)> {
        self.series
            .frames
            .iter()
            .map(|frame| (frame.time, of(frame)))
            .collect()
    }

    fn viewers(&self, root: &Area) -> Drawn {
        let panel = Panel {
            span: self.span,
            title: "viewers",
            top: 245 - self.lift,
            bottom: 510 - self.lift,
        };
        let lines = displayed_and_real(
            self.points(|frame| Some(frame.displayed_viewers as f64)),
            self.points(|frame| Some(frame.real_viewers as f64)),
        );
        panel.draw(root, &lines)
    }

    fn orders(&self, root: &Area) -> Drawn {
        let panel = Panel {
            span: self.span,
            title: "orders so far",
            top: 540 - self.lift,
            bottom: 760 - self.lift,
        };
        let lines = displayed_and_real(
            self.points(|frame| Some(frame.displayed_orders as f64)),
            self.points(|frame| Some(frame.real_orders as f64)),
        );
        panel.draw(root, &lines)
    }

    fn price(&self, root: &Area) -> Drawn {
        let panel = Panel {
            span: self.span,
            title: "price, yuan",
            top: 790 - self.lift,
            bottom: 945 - self.lift,
        };
        let lines = [Line {
            name: "price",
            colour: colour::INK,
            points: self.points(|frame| frame.product.map(|_| frame.price.yuan())),
            fill_to: None,
        }];
        panel.draw(root, &lines)?;
        self.claims(root, &panel)
    }

    /// Claimed prices are far above what is charged: they are told in words where they fall.
    fn claims(&self, root: &Area, panel: &Panel) -> Drawn {
        for cue in &self.series.cues {
            let claimed = cue.detail.split("counter price of ").nth(1);
            if let Some(price) = claimed.and_then(|rest| rest.split(' ').next()) {
                let label = format!("claimed {price}");
                let at = (self.span.x(cue.time) + 4, panel.top + 4);
                if at.0 > LEFT + 110 {
                    root.draw_text(&label, &left(text(14, colour::DISPLAYED)), at)?;
                }
            }
        }
        Ok(())
    }

    fn stock(&self, root: &Area) -> Drawn {
        let panel = Panel {
            span: self.span,
            title: "units: in stock, and reserved until paid",
            top: 975 - self.lift,
            bottom: self.height() as i32 - 120,
        };
        let lines = [
            Line {
                name: "in stock",
                colour: colour::THIRD,
                points: self.points(|frame| frame.product.map(|_| f64::from(frame.stock))),
                fill_to: None,
            },
            Line {
                name: "reserved",
                colour: colour::FOURTH,
                points: self.points(|frame| frame.product.map(|_| f64::from(frame.reserved))),
                fill_to: None,
            },
        ];
        panel.draw(root, &lines)
    }

    fn second_of_day(&self, second: f64) -> f64 {
        let start = self.evening.scenario.clock.start.time();
        f64::from(start.num_seconds_from_midnight()) + second
    }

    /// Market time below the panels, at round times of day.
    fn clock(&self, root: &Area, bottom: i32) -> Drawn {
        let Span { from, to } = self.span;
        let length = self.span.length();
        let step = [
            60.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0,
        ]
        .into_iter()
        .find(|step| length / step <= 12.0)
        .unwrap_or(86_400.0);
        let mut second = from + step - self.second_of_day(from).rem_euclid(step);
        if second >= from + step {
            second = from;
        }
        while second <= to + 1.0 {
            let x = self.span.x(second);
            let time = self.evening.scenario.market_time(second);
            let label = time.get(11..16).unwrap_or(&time);
            root.draw(&PathElement::new(
                vec![(x, bottom), (x, bottom + 6)],
                colour::FAINT.stroke_width(1),
            ))?;
            root.draw_text(label, &centre(text(16, colour::FAINT)), (x, bottom + 10))?;
            second += step;
        }
        Ok(())
    }
}

/// Labels of cues: acts that fall within `near` seconds of each other share one, with their number.
fn merge(cues: &[crate::market::CueRow], near: f64) -> Vec<(f64, String)> {
    let mut groups: Vec<(f64, Vec<(&str, u32)>)> = Vec::new();
    for cue in cues {
        match groups.last_mut() {
            Some((second, acts)) if cue.time - *second < near => {
                match acts.iter_mut().find(|act| act.0 == cue.act) {
                    Some(act) => act.1 += 1,
                    None => acts.push((&cue.act, 1)),
                }
            }
            _ => groups.push((cue.time, vec![(&cue.act, 1)])),
        }
    }
    groups
        .into_iter()
        .map(|(second, acts)| {
            let names: Vec<String> = acts
                .into_iter()
                .map(|(act, count)| {
                    let name = act.replace('_', " ");
                    if count > 1 {
                        format!("{count}x {name}")
                    } else {
                        name
                    }
                })
                .collect();
            (second, names.join(", "))
        })
        .collect()
}
