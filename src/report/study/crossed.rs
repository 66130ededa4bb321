//! Figure: how a metric answers in a grid of one or two factors with a few values each, every point with its interval over replications: one factor along the
//! axis, a colour for each value of the other. What lies over points ([`super::responses`]) would mix what the other factor does into that.

use super::{axes, words as say};
use crate::experiment::study::{Factor, MetricFacts, StudyResult, middles, part_of};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, bold, colour, drawing, fit, left, text,
};
use crate::report::comparison::rule;
use crate::report::digits::Scale;
use crate::report::plot::{Plot, Style};
use crate::scenario::file::DesignKind;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

const LEFT: i32 = 134;
const RIGHT: i32 = 1_100;
const TOP: i32 = 160;
const BOTTOM: i32 = 580;
const HEIGHT: u32 = 720;
const KEY: i32 = 1_160;
const KEY_WIDTH: i32 = 390;
const KEY_LINE: i32 = 32;

/// Pixels between points that have the same value of the factor along the axis.
const APART: i32 = 14;

/// Values of the other factor that have a colour, at most: those that are told apart on white.
const COLOURS: usize = 6;

/// A point: its coordinate along the axis, its mean, half of its interval over replications.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Dot {
    at: f64,
    mean: f64,
    half: f64,
}

/// The points that share a value of the other factor.
#[derive(Debug, PartialEq)]
struct Line {
    /// That value; empty where there is one factor alone.
    name: String,
    dots: Vec<Dot>,
}

impl Line {
    fn new(name: String) -> Self {
        let dots = Vec::new();
        Self { name, dots }
    }
}

fn is_of_numbers(factor: &Factor) -> bool {
    factor.spread.at(0.0).number().is_some()
}

/// A factor's values, in order, as they are written.
fn names(factor: &Factor) -> impl Iterator<Item = String> + '_ {
    let coordinates = middles(factor.spread.levels()).into_iter();
    coordinates.map(|at| say::value(Some(&factor.spread.at(at))))
}

/// A grid with its points.
#[derive(Debug)]
struct Crossed<'a> {
    along: &'a Factor,
    other: Option<&'a Factor>,
    lines: Vec<Line>,
}

/// Draws the figure; none where the study is no such grid, or the metric has no value at any point.
pub fn draw(study: &StudyResult, facts: &MetricFacts, footer: &str) -> io::Result<Option<Drawing>> {
    let Some(crossed) = Crossed::of(study, facts) else {
        return Ok(None);
    };
    let unit = Scale::of(&facts.metric.unit);
    let heading = Heading {
        title: crossed.title(&facts.metric.label, unit),
        subtitle: study.title.clone(),
        note: "Dots: means over replications. Bars: their 95 % intervals. All points have the same seeds: differences between them are surer than bars that overlap suggest (points.csv).".to_owned(),
        footer,
    };
    let name = format!("responses_{}", facts.metric.key);
    let drawn = drawing(&name, HEIGHT, &heading, |root| crossed.draw(root, unit))?;
    Ok(Some(drawn))
}

impl<'a> Crossed<'a> {
    fn of(study: &'a StudyResult, facts: &MetricFacts) -> Option<Self> {
        let factors: Vec<(usize, &Factor)> = study.factors.iter().enumerate().collect();
        let few = |(_, factor): &(usize, &Factor)| factor.spread.levels() > 0;
        if study.design != Some(DesignKind::Grid) || factors.len() > 2 || !factors.iter().all(few) {
            return None;
        }
        // Along the axis lies what has more values, numbers before names.
        let (along_at, along) = factors
            .iter()
            .copied()
            .max_by_key(|(_, factor)| (factor.spread.levels(), is_of_numbers(factor)))?;
        let other = factors.into_iter().find(|(at, _)| *at != along_at);
        let mut lines: Vec<Line> = match other {
            Some((_, factor)) => names(factor).map(Line::new).collect(),
            None => vec![Line::new(String::new())],
        };
        let of_points = facts.means.iter().zip(&facts.half_widths);
        for (point, (mean, half)) in study.points.iter().zip(of_points) {
            let (Some(at), Some(mean)) = (point.coordinates[along_at], *mean) else {
                continue;
            };
            let level = other.map_or(Some(0), |(at, factor)| {
                Some(part_of(
                    point.coordinates[at]?,
                    factor.spread.levels() as usize,
                ))
            });
            let half = half.unwrap_or(0.0);
            lines[level?].dots.push(Dot { at, mean, half });
        }
        let any = lines.iter().any(|line| !line.dots.is_empty());
        (any && lines.len() <= COLOURS).then_some(Self {
            along,
            other: other.map(|(_, factor)| factor),
            lines,
        })
    }

    fn dots(&self) -> impl Iterator<Item = &Dot> {
        self.lines.iter().flat_map(|line| &line.dots)
    }

    /// The title: between which means the metric moves.
    fn title(&self, label: &str, unit: Scale) -> String {
        let means = || self.dots().map(|dot| dot.mean);
        let low = means().fold(f64::INFINITY, f64::min);
        let high = means().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = (unit.value(low), unit.value(high));
        format!("{label}: from {low} to {high} {}", unit.unit())
    }

    /// Where the plot ends: at its key, where there is one.
    fn right(&self) -> i32 {
        match self.other {
            Some(_) => RIGHT,
            None => KEY + KEY_WIDTH,
        }
    }

    fn draw(&self, root: &Area, unit: Scale) -> Drawn {
        let right = self.right();
        let ends: Vec<f64> = self
            .dots()
            .flat_map(|dot| [dot.mean - dot.half, dot.mean + dot.half])
            .collect();
        let plot = Plot {
            left: LEFT,
            right,
            top: TOP,
            bottom: BOTTOM,
            across: axes::of_factor(self.along, right - LEFT),
            up: axes::within(&ends, |value| unit.value(value)),
        };
        let across = match self.along.path.as_str() {
            "" => self.along.label.clone(),
            path => format!("{} ({path})", self.along.label),
        };
        plot.grid(root, &fit(&across, 15, right - LEFT), unit.unit())?;
        let middle = (self.lines.len() as i32 - 1) * APART / 2;
        for (number, (line, ink)) in (0..).zip(self.lines.iter().zip(colour::SERIES)) {
            self.draw_line(root, &plot, (line, ink), number * APART - middle)?;
        }
        self.draw_key(root)
    }

    fn draw_line(
        &self,
        root: &Area,
        plot: &Plot,
        (line, ink): (&Line, RGBColor),
        aside: i32,
    ) -> Drawn {
        let place = |at: f64, value: f64| (plot.x(at) + aside, plot.y(value));
        let means: Vec<(i32, i32)> = line
            .dots
            .iter()
            .map(|dot| place(dot.at, dot.mean))
            .collect();
        let style = Style {
            ink,
            width: 1,
            dashed: false,
            named: false,
        };
        // Between numbers there is something; between names there is nothing.
        if is_of_numbers(self.along) && means.len() > 1 {
            plot.line(root, means.clone(), style)?;
        }
        for (dot, mean) in line.dots.iter().zip(means) {
            let ends = [dot.mean - dot.half, dot.mean + dot.half].map(|end| place(dot.at, end));
            rule(root, ends[0], ends[1], ink, 3)?;
            root.draw(&Circle::new(mean, 6, ink.filled()))?;
        }
        Ok(())
    }

    fn draw_key(&self, root: &Area) -> Drawn {
        let Some(other) = self.other else {
            return Ok(());
        };
        let label = fit(&other.label, 17, KEY_WIDTH);
        root.draw_text(&label, &left(bold(17, colour::INK)), (KEY, TOP))?;
        for (line, (entry, ink)) in (1..).zip(self.lines.iter().zip(colour::SERIES)) {
            let y = TOP + line * KEY_LINE;
            root.draw(&Circle::new((KEY + 7, y), 6, ink.filled()))?;
            let name = fit(&entry.name, 16, KEY_WIDTH - 26);
            root.draw_text(&name, &left(text(16, colour::INK)), (KEY + 26, y))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A grid of three prices under two regimes: means 10 to 60, each with an interval of a tenth.
    fn grid(design: &str) -> StudyResult {
        let factor = |name: &str, label: &str, path: &str, spread| json!({"name": name, "label": label, "path": path, "unit": "", "whole": false, "spread": spread});
        let place = |at: usize| (at as f64 % 3.0 + 0.5) / 3.0;
        let points: Vec<_> = (0..6)
            .map(|at| json!({"coordinates": [place(at), if at < 3 { 0.25 } else { 0.75 }], "values": [null, null], "replications": 4}))
            .collect();
        let means: Vec<f64> = (1..=6).map(|mean| 10.0 * f64::from(mean)).collect();
        let halves: Vec<f64> = means.iter().map(|mean| 0.1 * mean).collect();
        let study = json!({
            "version": "0.1.0", "study": "prices", "title": "Prices", "story": "", "scenario": "evening", "changes": [], "consumers": 10, "base_seed": 1,
            "of": "sweep", "design": design, "runs": 24, "points": points, "targets": {}, "calibration": null,
            "factors": [
                factor("price", "price", "x.price", json!({"values": [1, 2, 4]})),
                factor("rules", "regime", "", json!({"regimes": ["none", "strict"]})),
            ],
            "metrics": [{
                "metric": {"key": "sales", "label": "sales", "unit": "yuan", "group": "sales"},
                "means": means, "half_widths": halves, "differences": [], "effects": [], "shares": [],
            }],
        });
        serde_json::from_value(study).expect("a study")
    }

    #[test]
    fn a_colour_for_each_regime_and_prices_along_the_axis() {
        let study = grid("grid");
        let crossed = Crossed::of(&study, &study.metrics[0]).expect("a grid of two factors");
        assert_eq!(crossed.along.name, "price");
        let lines: Vec<(&str, Vec<f64>)> = crossed
            .lines
            .iter()
            .map(|line| {
                (
                    line.name.as_str(),
                    line.dots.iter().map(|dot| dot.mean).collect(),
                )
            })
            .collect();
        let expected = [
            ("none", vec![10.0, 20.0, 30.0]),
            ("strict", vec![40.0, 50.0, 60.0]),
        ];
        assert_eq!(lines, expected);
        let title = crossed.title("sales", Scale::of("yuan"));
        assert_eq!(title, "sales: from 10.0 to 60.0 yuan");
    }

    #[test]
    fn other_designs_have_other_figures() {
        let study = grid("one_at_a_time");
        assert!(Crossed::of(&study, &study.metrics[0]).is_none());
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut study = grid("grid");
        study.metrics[0].means = vec![None; 6];
        assert!(Crossed::of(&study, &study.metrics[0]).is_none());
        study.metrics[0].means[4] = Some(7.0);
        let crossed = Crossed::of(&study, &study.metrics[0]).expect("one point");
        assert_eq!(crossed.lines[0].dots, []);
        assert_eq!(
            crossed.lines[1].dots,
            [Dot {
                at: 0.5,
                mean: 7.0,
                half: 5.0
            }]
        );
    }
}
