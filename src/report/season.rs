//! What sellers chose, where they choose: a section of the summary, and a figure of the season day by day. Beside them the rooms that sold for more than 100
//! million yuan, which the battle report of 2020 counted [F2].

use super::Evening;
use super::canvas::{
    Area, Drawn, Heading, WIDTH, bold, colour, figure, left, number, text, width_of,
};
use super::paper::Paper;
use super::plot::{Axis, Plot, Style};
use super::summary::{count, percent, row, yuan};
use crate::market::{ConductOfDay, Seasons, Summary};
use crate::scenario::Scenario;
use chrono::{NaiveDate, NaiveDateTime};
use plotters::prelude::*;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Days over which the end of a season is told.
const LAST_DAYS: usize = 7;

/// Sales from which a room was counted, yuan, and how many were [F2].
const GREAT_SALES: f64 = 100.0e6;
const GREAT_ROOMS: u32 = 28;

/// Within which time: 1 November to noon of 11 November 2020 [F2].
fn counted_within() -> Option<(NaiveDateTime, NaiveDateTime)> {
    let day = |day| NaiveDate::from_ymd_opt(2020, 11, day);
    Some((
        day(1)?.and_hms_opt(0, 0, 0)?,
        day(11)?.and_hms_opt(12, 0, 0)?,
    ))
}

/// How many anchors sold for more than 100 million yuan from 1 to 11 November, each consumer standing for as many people as the scenario says; `None` where
/// the market is no sample of that time.
pub fn great_rooms(scenario: &Scenario, summary: &Summary) -> Option<u32> {
    let (from, until) = counted_within()?;
    let clock = &scenario.clock;
    let end = clock.start + chrono::Duration::milliseconds((clock.end * 1e3) as i64);
    if scenario.population.represents <= 1.0 || clock.start > from || end < until {
        return None;
    }
    let second = |moment: NaiveDateTime| (moment - clock.start).num_milliseconds() as f64 / 1e3;
    let within = second(from)..second(until);
    let mut sales = vec![0.0; scenario.anchors.len()];
    for of_room in &summary.rooms {
        let room = &scenario.rooms[of_room.id as usize];
        if within.contains(&room.on_air) {
            sales[room.anchor as usize] += of_room.totals.paid_sales.yuan();
        }
    }
    let real = sales
        .iter()
        .map(|sales| sales * scenario.population.represents);
    Some(real.filter(|sales| *sales > GREAT_SALES).count() as u32)
}

/// The section of the summary.
pub(super) fn section(out: &mut Paper, scenario: &Scenario, summary: &Summary) {
    if let Some(great) = great_rooms(scenario, summary) {
        let _ = writeln!(
            out,
            "Rooms above 100 million yuan, 1 November to noon of the 11th"
        );
        let mut rows = vec![row(&["", "here", "battle report [F2]"])];
        rows.push(row(&[
            "anchors",
            &count(great.into()),
            &count(GREAT_ROOMS.into()),
        ]));
        out.table(rows);
        let people = number(scenario.population.represents);
        let _ = writeln!(out, "  A consumer stands for {people} people.");
        out.gap();
    }
    let Some(season) = &summary.season else {
        return;
    };
    let days: Vec<&ConductOfDay> = season.days.iter().filter(|day| day.on_air > 0).collect();
    let (Some(first), Some(end)) = (days.first(), season.days.last()) else {
        return;
    };
    let last = &days[days.len().saturating_sub(LAST_DAYS)..];
    let _ = writeln!(out, "What sellers chose");
    let mut rows = vec![row(&["", "first evening", "last week"])];
    for (label, of) in SHARES {
        let share = |days: &[&ConductOfDay]| {
            let some: u32 = days.iter().map(|day| of(day)).sum();
            let all: u32 = days.iter().map(|day| day.on_air).sum();
            percent((all > 0).then(|| f64::from(some) / f64::from(all)))
        };
        rows.push(row(&[label, &share(&[*first]), &share(last)]));
    }
    let price = |days: &[&ConductOfDay]| {
        let sum: f64 = days.iter().map(|day| day.view_price).sum();
        yuan(sum / days.len().max(1) as f64)
    };
    rows.push(row(&[
        "price of 10,000 viewers, yuan",
        &price(&[*first]),
        &price(last),
    ]));
    out.table(rows);
    let (left, honest) = (count(end.left.into()), count(end.left_honest.into()));
    let _ = writeln!(
        out,
        "  {left} anchors have left, {honest} of whom had never deceived; of {} promises of the lowest price {} were broken.",
        count(end.promises),
        count(end.promises_broken)
    );
    out.gap();
}

type Count = fn(&ConductOfDay) -> u32;

/// Shares of rooms on air that are told.
const SHARES: [(&str, Count); 6] = [
    ("rooms that deceive", |day| day.deceiving),
    ("rooms that play a script of the course", scripted),
    ("rooms that buy viewers", |day| day.buying_views),
    ("rooms that have orders brushed", |day| day.brushing),
    ("rooms that claim an inflated price", |day| day.inflating),
    ("rooms that promise the lowest price", |day| day.promising),
];

fn scripted(day: &ConductOfDay) -> u32 {
    day.by_script.iter().skip(1).sum()
}

const LEFT: i32 = 110;
const RIGHT: i32 = WIDTH as i32 - 420;

/// Draws the season: shares of rooms, and the price of 10,000 viewers, day by day.
///
/// # Errors
/// Where a file cannot be written.
pub(super) fn draw(folder: &Path, evening: &Evening, footer: &str) -> io::Result<Vec<PathBuf>> {
    let Some(season) = evening
        .summary
        .season
        .as_ref()
        .filter(|season| season.days.len() > 1)
    else {
        return Ok(Vec::new());
    };
    let heading = Heading {
        title: "What sellers chose, evening after evening".to_owned(),
        subtitle: evening.scenario.title.clone(),
        note: "Shares of generated rooms on air. A room deceives by a script, by bought viewers or orders, or by an inflated price; a promise does once it is broken."
            .to_owned(),
        footer,
    };
    figure(folder, "conduct", 980, &heading, |root| {
        draw_shares(root, season)?;
        draw_price(root, season)
    })
}

fn across(season: &Seasons) -> Axis {
    let last = season.days.len().saturating_sub(1).max(1);
    let every = (last / 10).max(1);
    let ticks = (0..=last).step_by(every);
    let ticks = ticks
        .map(|day| (day as f64, format!("{}", day + 1)))
        .collect();
    Axis::linear(0.0, last as f64, ticks)
}

fn draw_shares(root: &Area, season: &Seasons) -> Drawn {
    let plot = Plot {
        left: LEFT,
        right: RIGHT,
        top: 150,
        bottom: 610,
        across: across(season),
        up: Axis::of_shares(),
    };
    plot.grid(root, "evening", "share of rooms on air")?;
    let mut ends = Vec::new();
    for ((label, of), ink) in SHARES.into_iter().zip(colour::SERIES) {
        let points: Vec<(f64, f64)> = season
            .days
            .iter()
            .zip(0..)
            .filter(|(day, _)| day.on_air > 0)
            .map(|(day, number)| {
                (
                    f64::from(number),
                    f64::from(of(day)) / f64::from(day.on_air),
                )
            })
            .collect();
        let places: Vec<(i32, i32)> = points.iter().map(|point| plot.at(*point)).collect();
        let Some(end) = places.last().copied() else {
            continue;
        };
        plot.line(root, places, style(ink))?;
        ends.push((end.1, label, ink));
    }
    name_lines(root, ends)
}

/// Names at the ends of lines, none over another.
fn name_lines(root: &Area, mut ends: Vec<(i32, &str, RGBColor)>) -> Drawn {
    ends.sort_by_key(|end| end.0);
    let mut free = i32::MIN;
    for (y, label, ink) in ends {
        let y = y.max(free);
        root.draw_text(label, &left(text(16, ink)), (RIGHT + 14, y))?;
        free = y + 22;
    }
    Ok(())
}

fn style(ink: RGBColor) -> Style {
    Style {
        ink,
        width: 3,
        dashed: false,
        named: true,
    }
}

fn draw_price(root: &Area, season: &Seasons) -> Drawn {
    let prices = || season.days.iter().map(|day| day.view_price);
    let highest = prices().fold(1.0, f64::max);
    let step = 10_f64.powf(highest.log10().floor());
    let top = (highest / step).ceil() * step;
    let ticks = (0..=4).map(|quarter| {
        let value = top * f64::from(quarter) / 4.0;
        (value, number(value))
    });
    let plot = Plot {
        left: LEFT,
        right: RIGHT,
        top: 720,
        bottom: 860,
        across: across(season),
        up: Axis::linear(0.0, top, ticks.collect()),
    };
    plot.grid(
        root,
        "evening",
        "price of 10,000 bought viewers, mean over farms, yuan",
    )?;
    let places: Vec<(i32, i32)> = prices()
        .zip(0..)
        .map(|(price, day)| plot.at((f64::from(day), price)))
        .collect();
    let end = places.last().copied();
    plot.line(root, places, style(colour::DISPLAYED))?;
    if let (Some((_, y)), Some(day)) = (end, season.days.last()) {
        let label = format!("{} yuan", number(day.view_price));
        let x = RIGHT + 14;
        root.draw_text(&label, &left(bold(16, colour::DISPLAYED)), (x, y))?;
        let pains = format!("pains taken: {:.1} levels", day.realism);
        let fits = width_of(&pains, 15) < WIDTH as i32 - x;
        if fits {
            root.draw_text(&pains, &left(text(15, colour::FAINT)), (x, y - 24))?;
        }
    }
    Ok(())
}
