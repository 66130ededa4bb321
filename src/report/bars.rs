//! Figures: conversion apparent against true, harm by channel, and the tail of sales.

use super::Evening;
use super::canvas::{
    Area, Drawn, Heading, WIDTH, bold, centre, colour, figure, fit, left, number, right, text,
};
use super::panel::scale;
use crate::market::{HarmTotal, TotalsOf};
use crate::welfare::Channel;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;
use std::path::{Path, PathBuf};

/// Rooms in the figure of conversion, at most.
const ROOMS: usize = 24;

const LEFT: i32 = 330;
const RIGHT: i32 = WIDTH as i32 - 190;
const TOP: i32 = 170;

fn x_of(value: f64, top: f64) -> i32 {
    LEFT + ((value / top).clamp(0.0, 1.0) * f64::from(RIGHT - LEFT)).round() as i32
}

fn axis(root: &Area, top: f64, step: f64, bottom: i32, label: impl Fn(f64) -> String) -> Drawn {
    let mut tick = 0.0;
    while tick <= top * 1.0001 {
        let x = x_of(tick, top);
        root.draw(&PathElement::new(
            vec![(x, TOP - 14), (x, bottom)],
            colour::GRID.stroke_width(1),
        ))?;
        root.draw_text(
            &label(tick),
            &centre(text(15, colour::FAINT)),
            (x, bottom + 8),
        )?;
        tick += step;
    }
    Ok(())
}

/// The axis of conversions: from 0, or logarithmic where a few rooms shout far above the others.
struct ConversionAxis {
    top: f64,
    step: f64,
    /// Lowest and highest power of ten, if logarithmic.
    decades: Option<(i32, i32)>,
}

/// How far the highest conversion is above the median before the axis becomes logarithmic.
const FAR_ABOVE: f64 = 10.0;

impl ConversionAxis {
    fn of(mut shares: Vec<f64>) -> Self {
        shares.sort_by(f64::total_cmp);
        let highest = shares.last().copied().unwrap_or(0.0).max(0.001);
        let median = shares.get(shares.len() / 2).copied().unwrap_or(0.0);
        let lowest = shares.into_iter().find(|share| *share > 0.0);
        let (top, step) = scale(highest);
        let power = |share: f64| libm::log10(share);
        let decades = lowest
            .filter(|_| highest > FAR_ABOVE * median)
            .map(|lowest| (power(lowest).floor() as i32, power(highest).ceil() as i32));
        Self { top, step, decades }
    }

    fn x(&self, share: f64) -> i32 {
        match self.decades {
            None => x_of(share, self.top),
            Some((low, high)) => {
                let above = libm::log10(share.max(1e-9)) - f64::from(low);
                x_of(above.max(0.0), f64::from(high - low))
            }
        }
    }

    fn draw(&self, root: &Area, bottom: i32) -> Drawn {
        match self.decades {
            None => axis(root, self.top, self.step, bottom, percent),
            Some((low, high)) => axis(root, f64::from(high - low), 1.0, bottom, |tick| {
                percent(libm::pow(10.0, f64::from(low) + tick))
            }),
        }
    }
}

fn percent(share: f64) -> String {
    format!("{} %", number(100.0 * share))
}

/// Conversion on display against true conversion, room by room.
///
/// # Errors
/// Where a file cannot be written.
pub fn conversion(folder: &Path, evening: &Evening, footer: &str) -> io::Result<Vec<PathBuf>> {
    let mut rooms: Vec<(&TotalsOf, f64, f64)> = evening
        .summary
        .rooms
        .iter()
        .filter_map(|room| {
            let shown = room.totals.apparent_conversion()?;
            let real = room.totals.true_conversion()?;
            let scenario_room = &evening.scenario.rooms[room.id as usize];
            let kept = scenario_room.named || room.totals.displayed_orders > 0;
            kept.then_some((room, shown, real))
        })
        .collect();
    let count = rooms.len();
    let named = |room: &TotalsOf| evening.scenario.rooms[room.id as usize].named;
    rooms.sort_by(|a, b| {
        let sales = |room: &TotalsOf| (!named(room), -room.totals.paid_sales.0, room.id);
        sales(a.0).cmp(&sales(b.0))
    });
    rooms.truncate(ROOMS);
    rooms.sort_by(|a, b| {
        (b.1 - b.2)
            .total_cmp(&(a.1 - a.2))
            .then(a.0.id.cmp(&b.0.id))
    });
    let shares = rooms.iter().flat_map(|room| [room.1, room.2]);
    let conversion_axis = ConversionAxis::of(shares.collect());
    let market = &evening.summary.market;
    let heading = Heading {
        title: format!(
            "Conversion: {} on display, {} true",
            market
                .apparent_conversion()
                .map_or("none".to_owned(), percent),
            market.true_conversion().map_or("none".to_owned(), percent)
        ),
        subtitle: evening.scenario.title.clone(),
        note: format!(
            "On display: displayed orders per displayed view. True: distinct buyers who paid, per real view. {} of {count} rooms: named ones and those that sold most.{}",
            rooms.len(),
            if conversion_axis.decades.is_some() {
                " Logarithmic axis."
            } else {
                ""
            }
        ),
        footer,
    };
    let height = (TOP + 34 * rooms.len().max(3) as i32 + 150) as u32;
    figure(folder, "conversion", height, &heading, |root| {
        let bottom = TOP + 34 * rooms.len().max(3) as i32;
        conversion_axis.draw(root, bottom)?;
        for (index, (room, shown, real)) in rooms.iter().enumerate() {
            let y = TOP + 34 * index as i32 + 12;
            root.draw_text(
                &fit(&room.name, 17, LEFT - 70),
                &right(text(17, colour::INK)),
                (LEFT - 16, y),
            )?;
            let (a, b) = (conversion_axis.x(*shown), conversion_axis.x(*real));
            root.draw(&PathElement::new(
                vec![(a, y), (b, y)],
                RGBColor(170, 170, 170).stroke_width(3),
            ))?;
            root.draw(&Circle::new((b, y), 8, colour::REAL.filled()))?;
            root.draw(&Circle::new((a, y), 8, colour::DISPLAYED.filled()))?;
            let label = format!("{} / {}", percent(*shown), percent(*real));
            root.draw_text(&label, &left(text(15, colour::FAINT)), (RIGHT + 14, y))?;
        }
        root.draw(&Circle::new((LEFT + 8, 132), 8, colour::DISPLAYED.filled()))?;
        root.draw_text(
            "on display",
            &left(bold(17, colour::DISPLAYED)),
            (LEFT + 24, 132),
        )?;
        root.draw(&Circle::new((LEFT + 148, 132), 8, colour::REAL.filled()))?;
        root.draw_text("true", &left(bold(17, colour::REAL)), (LEFT + 164, 132))?;
        Ok(())
    })
}

/// Harm by channel under both benchmarks, and by segment.
///
/// # Errors
/// Where a file cannot be written.
pub fn harm(folder: &Path, evening: &Evening, footer: &str) -> io::Result<Vec<PathBuf>> {
    let summary = evening.summary;
    let (honest, unbiased) = (&summary.market.harm, &summary.market.unbiased_harm);
    let orders = summary.market.real_orders.max(1) as f64;
    let title = if honest.total == 0.0 {
        "No deception-induced harm: honest displays would have brought every order".to_owned()
    } else {
        format!(
            "Deception did {} yuan of harm in {} of {} orders",
            number(honest.total),
            number(honest.induced_orders as f64),
            number(summary.market.real_orders as f64)
        )
    };
    let heading = Heading {
        title,
        subtitle: evening.scenario.title.clone(),
        note: "Shapley shares: they add up to the harm of each order. Yuan, and yuan per 1,000 orders. Real counters include people whom bought traffic drew in.".to_owned(),
        footer,
    };
    let segments = summary.segments.len() as i32;
    let height = (TOP + 56 * 8 + 60 + 34 * segments + 110) as u32;
    figure(folder, "harm_by_channel", height, &heading, |root| {
        let highest = honest
            .by_channel
            .iter()
            .chain(&unbiased.by_channel)
            .copied()
            .fold(0.0, f64::max);
        let (top, step) = scale(highest.max(1e-9));
        let bottom = TOP + 56 * 8 - 8;
        axis(root, top, step, bottom, number)?;
        root.draw_text(
            "yuan",
            &left(text(15, colour::FAINT)),
            (RIGHT + 60, bottom + 16),
        )?;
        key(root)?;
        for channel in Channel::ALL {
            let y = TOP + 56 * channel as i32;
            root.draw_text(
                channel.title(),
                &right(text(18, colour::INK)),
                (LEFT - 16, y + 20),
            )?;
            bar(
                root,
                y,
                honest.by_channel[channel as usize],
                top,
                orders,
                colour::DISPLAYED,
            )?;
            bar(
                root,
                y + 21,
                unbiased.by_channel[channel as usize],
                top,
                orders,
                RGBColor(150, 150, 150),
            )?;
        }
        by_segment(root, evening, honest, bottom + 60)
    })
}

fn key(root: &Area) -> Drawn {
    root.draw(&Rectangle::new(
        [(LEFT, 124), (LEFT + 16, 140)],
        colour::DISPLAYED.filled(),
    ))?;
    root.draw_text(
        "against honest displays",
        &left(bold(17, colour::DISPLAYED)),
        (LEFT + 26, 132),
    )?;
    let second = LEFT + 270;
    root.draw(&Rectangle::new(
        [(second, 124), (second + 16, 140)],
        RGBColor(150, 150, 150).filled(),
    ))?;
    root.draw_text(
        "against an unbiased person (not zero on an honest evening)",
        &left(bold(17, colour::FAINT)),
        (second + 26, 132),
    )?;
    Ok(())
}

fn bar(root: &Area, y: i32, value: f64, top: f64, orders: f64, fill: RGBColor) -> Drawn {
    let end = x_of(value, top);
    if end > LEFT {
        root.draw(&Rectangle::new([(LEFT, y), (end, y + 18)], fill.filled()))?;
    }
    let label = if value == 0.0 {
        "0".to_owned()
    } else {
        format!(
            "{}  ({} per 1,000)",
            number(value),
            number(1_000.0 * value / orders)
        )
    };
    root.draw_text(&label, &left(text(14, colour::FAINT)), (end + 8, y + 9))?;
    Ok(())
}

fn by_segment(root: &Area, evening: &Evening, honest: &HarmTotal, top: i32) -> Drawn {
    root.draw_text(
        "share of harm and of orders, by segment",
        &left(bold(17, colour::INK)),
        (LEFT, top - 14),
    )?;
    let summary = evening.summary;
    let orders = summary.market.real_orders.max(1) as f64;
    for (index, segment) in summary.segments.iter().enumerate() {
        let y = top + 34 * index as i32;
        let harm = if honest.total > 0.0 {
            segment.totals.harm.total / honest.total
        } else {
            0.0
        };
        let share = segment.totals.real_orders as f64 / orders;
        root.draw_text(
            &fit(&segment.name, 17, LEFT - 60),
            &right(text(17, colour::INK)),
            (LEFT - 16, y + 12),
        )?;
        root.draw(&Rectangle::new(
            [(LEFT, y + 2), (x_of(harm, 1.0), y + 12)],
            colour::DISPLAYED.filled(),
        ))?;
        root.draw(&Rectangle::new(
            [(LEFT, y + 14), (x_of(share, 1.0), y + 24)],
            colour::REAL.filled(),
        ))?;
        let label = format!("{} of harm, {} of orders", percent(harm), percent(share));
        root.draw_text(
            &label,
            &left(text(15, colour::FAINT)),
            (x_of(harm.max(share), 1.0) + 8, y + 13),
        )?;
    }
    Ok(())
}

/// The best among whom the ten best are counted (P4).
const BEST: usize = 100;

/// Rank and size of rooms' paid sales, for markets of 50 rooms and more.
///
/// # Errors
/// Where a file cannot be written.
pub fn tail(folder: &Path, evening: &Evening, footer: &str) -> io::Result<Vec<PathBuf>> {
    let summary = evening.summary;
    // An anchor that comes back evening after evening is one in the ranks.
    let comes_back = summary.rooms.len() > summary.anchors.len();
    let (ranked, word) = match comes_back {
        true => (&summary.anchors, "anchor"),
        false => (&summary.rooms, "room"),
    };
    // Sales as the people make them for whom consumers stand.
    let people = evening.scenario.population.represents;
    let mut sales: Vec<f64> = ranked
        .iter()
        .map(|room| people * room.totals.paid_sales.yuan())
        .filter(|sales| *sales > 0.0)
        .collect();
    if sales.len() < 50 {
        return Ok(Vec::new());
    }
    sales.sort_by(|a, b| b.total_cmp(a));
    let (share, slope) = (top_share(&sales), slope_of(&sales));
    let of_all = match sales.len() {
        0..BEST => "all of them".to_owned(),
        _ => "the hundred best".to_owned(),
    };
    let stands_for = match people > 1.0 {
        true => format!(" A consumer stands for {} people.", number(people)),
        false => String::new(),
    };
    let heading = Heading {
        title: format!(
            "The ten best {word}s make {} of the sales of {of_all}",
            percent(share)
        ),
        subtitle: evening.scenario.title.clone(),
        note: format!(
            "Paid sales of {} {word}s with sales.{stands_for} Slope over the first {} ranks: {slope:.2} (of a hundred best: Zipf 0.9 to 1.15, share of the ten best 50 to 65 %: FACTS P4).",
            number(sales.len() as f64),
            sales.len().min(BEST)
        ),
        footer,
    };
    let (bottom, axis_left) = (760, 200);
    figure(folder, "sales_tail", 900, &heading, |root| {
        let decades = |value: f64| value.log10();
        let (x_top, low, high) = (
            decades(sales.len() as f64).ceil(),
            decades(sales[sales.len() - 1].max(1.0)).floor(),
            decades(sales[0]).ceil(),
        );
        let x =
            |rank: f64| axis_left + (decades(rank) / x_top * f64::from(RIGHT - axis_left)) as i32;
        let y = |value: f64| {
            let share = (decades(value.max(1.0)) - low) / (high - low).max(1.0);
            bottom - (share.clamp(0.0, 1.0) * f64::from(bottom - 140)) as i32
        };
        for power in low as i32..=high as i32 {
            let value = 10_f64.powi(power);
            root.draw(&PathElement::new(
                vec![(axis_left, y(value)), (RIGHT, y(value))],
                colour::GRID.stroke_width(1),
            ))?;
            root.draw_text(
                &number(value),
                &right(text(16, colour::FAINT)),
                (axis_left - 12, y(value)),
            )?;
        }
        for power in 0..=x_top as i32 {
            let rank = 10_f64.powi(power);
            root.draw_text(
                &number(rank),
                &centre(text(16, colour::FAINT)),
                (x(rank), bottom + 10),
            )?;
        }
        root.draw_text(
            "paid sales, yuan",
            &left(bold(16, colour::INK)),
            (axis_left, 122),
        )?;
        root.draw_text(
            &format!("rank of the {word}"),
            &right(bold(16, colour::INK)),
            (RIGHT, bottom + 44),
        )?;
        for (index, value) in sales.iter().enumerate() {
            root.draw(&Circle::new(
                (x(index as f64 + 1.0), y(*value)),
                4,
                colour::REAL.mix(0.7).filled(),
            ))?;
        }
        Ok(())
    })
}

/// Share of the ten best in the hundred best.
fn top_share(sales: &[f64]) -> f64 {
    let sum = |count: usize| sales.iter().take(count).sum::<f64>();
    sum(10) / sum(BEST).max(f64::MIN_POSITIVE)
}

/// Least-squares slope of log sales over log rank, first hundred ranks, sign turned.
fn slope_of(sales: &[f64]) -> f64 {
    let points: Vec<(f64, f64)> = sales
        .iter()
        .take(BEST)
        .enumerate()
        .map(|(index, value)| ((index as f64 + 1.0).ln(), value.ln()))
        .collect();
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let up: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    let down: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.0 - x))
        .sum();
    -up / down
}
