//! Figure: what each factor accounts for, as bars with intervals, the most important first: shares of variance, sizes of elementary effects, or, of one factor at a time, the span of its
//! means (a tornado).

use super::axes;
use crate::experiment::study::{Index, MetricFacts, StudyResult, Use};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, colour, drawing, fit_middle, left, right, text,
};
use crate::report::comparison::rule;
use crate::report::digits::{NONE, Scale};
use crate::report::plot::{Axis, Plot};
use crate::scenario::file::DesignKind;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

const LEFT: i32 = 360;
const RIGHT: i32 = WIDTH as i32 - 330;
const TOP: i32 = 176;
const ROW: i32 = 46;

/// Factors drawn, at most.
const MOST: usize = 24;

/// A bar: from where to where, the ends of its interval, and what stands beside it.
struct Bar {
    from: f64,
    to: f64,
    interval: Option<[f64; 2]>,
    ink: RGBColor,
}

/// What a factor accounts for.
struct Row {
    label: String,
    bars: Vec<Bar>,
    told: String,
    weight: f64,
}

/// What is drawn of a metric.
struct Chart {
    title: String,
    subtitle: &'static str,
    note: &'static str,
    axis: String,
    key: Vec<(&'static str, RGBColor)>,
    rows: Vec<Row>,
}

/// Draws the figure; none where the design does not tell what each factor accounts for.
pub fn draw(study: &StudyResult, facts: &MetricFacts, footer: &str) -> io::Result<Option<Drawing>> {
    let chart = match (study.of, study.design) {
        (_, Some(DesignKind::Morris)) => effects(study, facts),
        (Use::Sensitivity, Some(DesignKind::Sobol)) => shares(study, facts),
        (_, Some(DesignKind::OneAtATime)) => tornado(study, facts),
        _ => return Ok(None),
    };
    let Some(mut chart) = chart else {
        return Ok(None);
    };
    chart.rows.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.label.cmp(&b.label))
    });
    chart.rows.truncate(MOST);
    let height = TOP + ROW * chart.rows.len() as i32;
    let heading = Heading {
        title: chart.title.clone(),
        subtitle: format!("{}  \u{b7}  {}", chart.subtitle, study.title),
        note: chart.note.to_owned(),
        footer,
    };
    let name = format!("importance_{}", facts.metric.key);
    let drawn = drawing(&name, (height + 140) as u32, &heading, |root| {
        draw_chart(root, &chart, height)
    })?;
    Ok(Some(drawn))
}

/// The factor that weighs most.
fn first(rows: &[Row]) -> Option<&Row> {
    rows.iter().max_by(|a, b| {
        a.weight
            .total_cmp(&b.weight)
            .then_with(|| b.label.cmp(&a.label))
    })
}

fn percent(index: &Index) -> String {
    index.value.map_or(NONE.to_owned(), |value| {
        Scale::of("share").value(value) + " %"
    })
}

fn shares(study: &StudyResult, facts: &MetricFacts) -> Option<Chart> {
    let bar = |index: &Index, ink| {
        index.value.map(|value| Bar {
            from: 0.0,
            to: value,
            interval: index.interval,
            ink,
        })
    };
    let pairs = study.factors.iter().zip(&facts.shares);
    let rows: Vec<Row> = pairs
        .map(|(factor, shares)| Row {
            label: factor.label.clone(),
            bars: [
                bar(&shares.total, colour::SERIES[4]),
                bar(&shares.first, colour::REAL),
            ]
            .into_iter()
            .flatten()
            .collect(),
            told: format!(
                "{} by itself, {} in all",
                percent(&shares.first),
                percent(&shares.total)
            ),
            weight: shares.total.value.unwrap_or(f64::NEG_INFINITY),
        })
        .collect();
    let title = match first(&rows).filter(|row| row.weight.is_finite()) {
        Some(row) => format!(
            "{}: {} accounts for most of its variance, {}",
            facts.metric.label, row.label, row.told
        ),
        None => format!("{} does not vary", facts.metric.label),
    };
    Some(Chart {
        title,
        subtitle: "Shares of the variance of its mean over replications, over the ranges of all factors",
        note: "Dark: first-order index, what the factor does by itself. Light: total index, its interactions too. Lines: 95 % bootstrap intervals. An index may come out below 0 by chance.",
        axis: "share of variance".to_owned(),
        key: vec![
            ("by itself", colour::REAL),
            ("with interactions", colour::SERIES[4]),
        ],
        rows,
    })
}

fn effects(study: &StudyResult, facts: &MetricFacts) -> Option<Chart> {
    let unit = Scale::of(&facts.metric.unit);
    let pairs = study.factors.iter().zip(&facts.effects);
    let rows: Vec<Row> = pairs
        .map(|(factor, effects)| {
            let size = effects.mean_size;
            let ink = match effects.mean.value {
                Some(mean) if mean < 0.0 => colour::REAL,
                _ => colour::DISPLAYED,
            };
            let bar = size.value.map(|value| Bar {
                from: 0.0,
                to: value,
                interval: size.interval,
                ink,
            });
            let told = |index: Index| {
                index
                    .value
                    .map_or(NONE.to_owned(), |value| unit.value(value))
            };
            Row {
                label: factor.label.clone(),
                bars: bar.into_iter().collect(),
                told: format!(
                    "mean {}, deviation {}",
                    told(effects.mean),
                    told(effects.deviation)
                ),
                weight: size.value.unwrap_or(f64::NEG_INFINITY),
            }
        })
        .collect();
    let title = match first(&rows).filter(|row| row.weight > 0.0) {
        Some(row) => format!("{}: {} does most", facts.metric.label, row.label),
        None => format!("{} does not change", facts.metric.label),
    };
    Some(Chart {
        title,
        subtitle: "Elementary effects: mean size of the change over the whole range of each factor",
        note: "Orange: it rises with the factor on average; blue: it falls. Lines: 95 % bootstrap intervals over trajectories. A deviation as large as the mean tells of curvature or interactions.",
        axis: axis_of(facts),
        key: vec![("rises", colour::DISPLAYED), ("falls", colour::REAL)],
        rows,
    })
}

fn axis_of(facts: &MetricFacts) -> String {
    let unit = Scale::of(&facts.metric.unit).unit_of_difference();
    match unit {
        "" => facts.metric.label.clone(),
        unit => format!("{}, {unit}", facts.metric.label),
    }
}

/// Lowest and highest mean of each factor by itself, from that of the scenario as it is.
fn tornado(study: &StudyResult, facts: &MetricFacts) -> Option<Chart> {
    let base = facts.means.first().copied().flatten()?;
    let unit = Scale::of(&facts.metric.unit);
    let of_factor = |at: usize| {
        let points = study.points.iter().zip(&facts.means);
        let own = points.filter(|(point, _)| point.coordinates[at].is_some());
        let known = own.filter_map(|(point, mean)| Some((point.coordinates[at]?, (*mean)?)));
        let mut known: Vec<(f64, f64)> = known.collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        known
    };
    let rows = study.factors.iter().enumerate().filter_map(|(at, factor)| {
        let known = of_factor(at);
        let (low, high) = (known.first()?.1, known.last()?.1);
        let bar = |to: f64, ink| Bar {
            from: 0.0,
            to: to - base,
            interval: None,
            ink,
        };
        Some(Row {
            label: factor.label.clone(),
            bars: vec![bar(low, colour::REAL), bar(high, colour::DISPLAYED)],
            told: format!("{} and {}", unit.value(low), unit.value(high)),
            weight: (low - base).abs().max((high - base).abs()),
        })
    });
    let rows: Vec<Row> = rows.collect();
    let title = match first(&rows).filter(|row| row.weight > 0.0) {
        Some(row) => format!(
            "{}: {} does most, {}",
            facts.metric.label, row.label, row.told
        ),
        None => format!("{} does not change", facts.metric.label),
    };
    Some(Chart {
        title,
        subtitle: "Change from the scenario as it is, each factor by itself at its lowest and highest",
        note: "Blue: the factor at its lowest (or first) value; orange: at its highest (or last). Beside: the metric itself.",
        axis: format!("change of {}", axis_of(facts)),
        key: vec![
            ("at the lowest", colour::REAL),
            ("at the highest", colour::DISPLAYED),
        ],
        rows,
    })
}

fn draw_chart(root: &Area, chart: &Chart, bottom: i32) -> Drawn {
    let ends = chart.rows.iter().flat_map(|row| &row.bars);
    let ends: Vec<f64> = ends
        .flat_map(|bar| {
            [
                bar.to,
                bar.interval.map_or(bar.to, |ends| ends[1]),
                bar.interval.map_or(bar.to, |ends| ends[0]),
            ]
        })
        .collect();
    let is_share = chart.axis == "share of variance";
    let label = |value: f64| match is_share {
        true => format!("{:.0} %", 100.0 * value),
        false => Scale::of("").value(value),
    };
    let plot = Plot {
        left: LEFT,
        right: RIGHT,
        top: TOP,
        bottom,
        across: axes::over(&ends, label),
        up: Axis::linear(0.0, 1.0, Vec::new()),
    };
    plot.grid(root, &chart.axis, "")?;
    let zero = plot.x(0.0);
    rule(root, (zero, TOP), (zero, bottom), colour::FAINT, 1)?;
    for (at, (name, ink)) in chart.key.iter().enumerate() {
        let x = LEFT + 210 * at as i32;
        root.draw(&Rectangle::new([(x, 124), (x + 22, 140)], ink.filled()))?;
        root.draw_text(name, &left(bold(16, colour::INK)), (x + 32, 132))?;
    }
    for (at, row) in chart.rows.iter().enumerate() {
        let y = TOP + ROW * at as i32 + ROW / 2;
        let name = fit_middle(&row.label, 17, LEFT - 70);
        root.draw_text(&name, &right(text(17, colour::INK)), (LEFT - 18, y))?;
        let told = fit_middle(&row.told, 15, WIDTH as i32 - RIGHT - 60);
        root.draw_text(&told, &left(text(15, colour::FAINT)), (RIGHT + 18, y))?;
        for (which, bar) in row.bars.iter().enumerate() {
            let half = if which == 0 { 13 } else { 6 };
            let (from, to) = (plot.x(bar.from), plot.x(bar.to));
            let corners = [(from.min(to), y - half), (from.max(to), y + half)];
            root.draw(&Rectangle::new(corners, bar.ink.filled()))?;
            if let Some([low, high]) = bar.interval {
                let y = if which == 0 { y + 9 } else { y };
                rule(root, (plot.x(low), y), (plot.x(high), y), colour::INK, 2)?;
            }
        }
    }
    Ok(())
}
