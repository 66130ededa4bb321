//! Figure: harm averted against what that costs, a line for each detector through its budgets of false alarms.

use super::labels::{self, Label};
use super::standing::{PLAIN, by_net, is_control, styles};
use super::words as say;
use crate::experiment::detection::{Averted, Board, Tried};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, colour, drawing, number, right, text, width_of,
};
use crate::report::comparison::counted;
use crate::report::panel::scale;
use crate::report::plot::Style;
use crate::report::plot::{Axis, Plot};
use plotters::prelude::*;
use std::io;

const LEFT: i32 = 130;
const NAMES: i32 = 270;
const RIGHT: i32 = WIDTH as i32 - NAMES - 40;
const TOP: i32 = 150;
const LEAST_HEIGHT: i32 = 520;

/// Factors of ten on the axis of costs, at most.
const DECADES: f64 = 8.0;

/// Numbers on the axis of costs, at most.
const NUMBERS: usize = 12;

/// Points of the line at which harm averted is what it costs.
const EVEN_POINTS: i32 = 80;

/// A detector's way through its budgets.
struct Way<'a> {
    tried: &'a Tried,
    /// Cost and harm averted by budget, in yuan per stream.
    points: Vec<(f64, f64)>,
    /// Which of them is that of the main budget.
    main: Option<usize>,
}

/// Draws the figure; none where no detector was tried in the platform's hands.
pub fn draw(board: &Board, footer: &str) -> io::Result<Option<Drawing>> {
    let ranked = by_net(board);
    let mut ways: Vec<Way> = ranked
        .iter()
        .map(|(tried, _)| Way::of(board, tried))
        .filter(|way| !way.points.is_empty())
        .collect();
    // Those that avert most have colours: where none pays, those that do nothing would have them by net.
    ways.sort_by(|a, b| b.averted().total_cmp(&a.averted()));
    if ways.is_empty() {
        return Ok(None);
    }
    let height = LEAST_HEIGHT.max(labels::HEIGHT * ways.len() as i32);
    let heading = Heading {
        title: title(&ranked),
        subtitle: subtitle(board),
        note: note(board, &ways, height),
        footer,
    };
    let drawn = drawing(
        "harm_averted",
        (TOP + height + 138) as u32,
        &heading,
        |root| {
            let plot = plot(&ways, height);
            plot.grid(
                root,
                "cost, yuan per stream",
                "harm averted, yuan per stream",
            )?;
            draw_ways(root, board, &plot, &ways)
        },
    )?;
    Ok(Some(drawn))
}

fn subtitle(board: &Board) -> String {
    let lines = match board.budgets.len() {
        0 | 1 => "",
        _ => "; a line goes through a detector's budgets of false alarms",
    };
    format!(
        "Means over test streams, yuan per stream{lines}  \u{b7}  {}",
        board.title
    )
}

fn note(board: &Board, ways: &[Way], height: i32) -> String {
    let large = match board.budgets.len() {
        0 | 1 => "",
        _ => " Large dots: the main budget.",
    };
    let even = match even_points(&plot(ways, height), ways).len() {
        0 | 1 => " None of it pays: everywhere harm averted is less than it costs.",
        _ => " Dashed: harm averted is what it costs; above it acting on alerts pays.",
    };
    format!(
        "Cost: review of alerts and {} of the sales that honest rooms lose to false alarms, on a logarithmic scale.{large}{even}",
        say::plain_percent(board.margin)
    )
}

fn title(ranked: &[(&Tried, &Averted)]) -> String {
    let mut detectors = ranked.iter().filter(|(tried, _)| !is_control(tried));
    let Some((best, averted)) = detectors.next() else {
        return "What acting on the alerts of controls comes to".to_owned();
    };
    match averted.net.mean.filter(|net| *net > 0.0) {
        Some(net) => format!(
            "{} averts {} of the harm, which pays best: {} yuan per stream after all costs",
            best.name,
            say::plain_percent(averted.share_averted.mean.unwrap_or(f64::NAN)),
            say::yuan(Some(net))
        ),
        None => format!(
            "Of {} none averts more harm than acting on its alerts costs",
            counted(detectors.count() + 1, "detector")
        ),
    }
}

impl<'a> Way<'a> {
    fn of(board: &Board, tried: &'a Tried) -> Self {
        let point = |averted: &Averted| {
            let lost = board.margin * averted.honest_sales_lost.mean?;
            let cost = averted.review_cost.mean? + lost;
            Some((cost, averted.harm_averted.mean?))
        };
        let points = tried.averted.iter().enumerate();
        let points: Vec<(usize, (f64, f64))> = points
            .filter_map(|(budget, averted)| Some((budget, point(averted)?)))
            .collect();
        let main = |(budget, _): &(usize, (f64, f64))| *budget == board.main_budget;
        Self {
            tried,
            main: points.iter().position(main),
            points: points.into_iter().map(|(_, point)| point).collect(),
        }
    }

    /// Harm averted at the main budget.
    fn averted(&self) -> f64 {
        let main = self.main.and_then(|main| self.points.get(main));
        main.map_or(f64::NEG_INFINITY, |(_, harm)| *harm)
    }

    fn draw(&self, root: &Area, plot: &Plot, style: Style) -> Drawn {
        let places: Vec<(i32, i32)> = self.points.iter().map(|point| plot.at(*point)).collect();
        for (at, place) in places.iter().enumerate() {
            let radius = if self.main == Some(at) { 6 } else { 3 };
            root.draw(&Circle::new(*place, radius, style.ink.filled()))?;
        }
        match places.len() {
            0 | 1 => Ok(()),
            _ => plot.line(root, places, style),
        }
    }
}

fn plot(ways: &[Way], height: i32) -> Plot {
    let points = || ways.iter().flat_map(|way| &way.points);
    let costs = points().map(|point| point.0).filter(|cost| *cost > 0.0);
    let (least, most) = costs.fold((f64::INFINITY, 1.0_f64), |(least, most), cost| {
        (least.min(cost), most.max(cost))
    });
    Plot {
        left: LEFT,
        right: RIGHT,
        top: TOP,
        bottom: TOP + height,
        across: axis_of_costs(least, most),
        up: axis_of_harm(points().map(|point| point.1)),
    }
}

/// An axis from one to another of the numbers 1, 2 and 5 with any zeros behind; where it is long, only powers of ten have their number.
fn axis_of_costs(least: f64, most: f64) -> Axis {
    let least = least.clamp(most / libm::pow(10.0, DECADES), most);
    let first = libm::floor(libm::log10(least)) as i32;
    let last = libm::ceil(libm::log10(most)) as i32;
    let round = (first..=last).flat_map(|decade| {
        let power = libm::pow(10.0, f64::from(decade));
        [1.0, 2.0, 5.0].map(|digit| (digit * power, digit == 1.0))
    });
    let round: Vec<(f64, bool)> = round.collect();
    let below = round.iter().rposition(|(cost, _)| *cost <= least);
    let above = round.iter().position(|(cost, _)| *cost > most);
    let ends = below.unwrap_or(0)..=above.unwrap_or(round.len().saturating_sub(1));
    let held = round.get(ends).unwrap_or_default();
    let all = held.len() <= NUMBERS;
    let ticks = held.iter().filter(|(_, is_power)| all || *is_power);
    let ticks = ticks.map(|(cost, _)| (*cost, number(*cost))).collect();
    let end = |at: Option<&(f64, bool)>| at.map(|(cost, _)| *cost);
    let low = end(held.first()).unwrap_or(least);
    let high = end(held.last()).unwrap_or(10.0 * low);
    Axis::logarithmic(low, high, ticks)
}

/// An axis with round numbers that holds zero and everything else.
fn axis_of_harm(harm: impl Iterator<Item = f64>) -> Axis {
    let (least, most) = harm.fold((0.0_f64, 0.0_f64), |(least, most), harm| {
        (least.min(harm), most.max(harm))
    });
    let (_, step) = scale(most.max(-least).max(1.0));
    let steps = |side: f64| libm::ceil(side / step - 1.0e-9).max(0.0) as i32;
    let (below, above) = (steps(-least), steps(most).max(1));
    let tick = |at: i32| {
        let value = step * f64::from(at);
        (value, number(value))
    };
    let ticks: Vec<(f64, String)> = (-below..=above).map(tick).collect();
    Axis::linear(-step * f64::from(below), step * f64::from(above), ticks)
}

/// Points of the line at which harm averted is what it costs, as far as any harm is averted.
fn even_points(plot: &Plot, ways: &[Way]) -> Vec<(i32, i32)> {
    let points = ways.iter().flat_map(|way| &way.points);
    let most = points.fold(0.0_f64, |most, (_, harm)| most.max(*harm));
    let share = |at: i32| f64::from(at) / f64::from(EVEN_POINTS);
    let (low, high) = plot.across_ends();
    let cost = |at: i32| low * libm::pow(high / low, share(at));
    let costs = (0..=EVEN_POINTS).map(cost).filter(|cost| *cost <= most);
    costs.map(|cost| plot.at((cost, cost))).collect()
}

/// The line at which harm averted is what it costs.
fn break_even(root: &Area, plot: &Plot, ways: &[Way]) -> Drawn {
    let places = even_points(plot, ways);
    let style = Style {
        ink: colour::FAINT,
        dashed: true,
        ..PLAIN
    };
    let Some(last) = places.last().copied().filter(|_| places.len() > 1) else {
        return Ok(());
    };
    plot.line(root, places, style)?;
    // Ways to names may pass behind the words.
    let words = "break even";
    let (x, y) = (last.0, last.1 - 14);
    let corners = [(x - width_of(words, 15) - 4, y - 10), (x + 4, y + 10)];
    root.draw(&Rectangle::new(corners, WHITE.filled()))?;
    root.draw_text(words, &right(text(15, colour::FAINT)), (x, y))?;
    Ok(())
}

fn draw_ways(root: &Area, board: &Board, plot: &Plot, ways: &[Way]) -> Drawn {
    let styles = styles(board, ways.iter().map(|way| way.tried.name.as_str()));
    let label = |(way, style): (&Way, &Style)| {
        let last = way.points.last()?;
        Some(Label {
            name: way.tried.name.clone(),
            end: plot.at(*last),
            style: *style,
        })
    };
    let labels: Vec<Label> = ways.iter().zip(&styles).filter_map(label).collect();
    labels::draw(root, plot, &labels, NAMES)?;
    break_even(root, plot, ways)?;
    for (way, style) in ways.iter().zip(&styles).rev() {
        way.draw(root, plot, *style)?;
    }
    Ok(())
}
