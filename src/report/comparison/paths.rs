//! Figures: quantities over the days, mean and band over replications, each arm beside the baseline; panels in a row share their axis.

use super::{INERT, baseline_name, rule, subtitle, with_unit};
use crate::experiment::compare::{Comparison, Path};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, centre, colour, drawing, fit, fit_middle, left,
    number, right, text, width_of,
};
use crate::report::panel::scale;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

/// Arms up to which all are drawn in one panel.
const TOGETHER: usize = 2;

/// Panels side by side, at most.
const COLUMNS: usize = 5;

const LEFT: i32 = 130;
const RIGHT: i32 = WIDTH as i32 - 50;
const TOP: i32 = 168;
const PANEL: i32 = 130;
const LINE: i32 = PANEL + 58;
const BETWEEN: i32 = 26;

/// Colours of arms that share a panel, after the baseline's.
const INKS: [RGBColor; TOGETHER] = [colour::REAL, colour::DISPLAYED];

/// Draws the paths, in several figures where there are many arms; none without a path.
pub fn draw(comparison: &Comparison, footer: &str) -> io::Result<Vec<Drawing>> {
    let quantities = quantities_of(comparison);
    if quantities.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<usize> = (1..comparison.arms.len()).collect();
    let a_page = page_size(others.len());
    let pages: Vec<&[usize]> = if others.len() <= TOGETHER {
        vec![&others]
    } else {
        others.chunks(a_page).collect()
    };
    let count = pages.len();
    let page = |(index, arms): (usize, &&[usize])| {
        let name = match count {
            1 => "paths".to_owned(),
            _ => format!("paths_{}", index + 1),
        };
        let sheet = Sheet {
            comparison,
            quantities: &quantities,
            arms,
        };
        sheet.draw(&name, (index + 1, count), footer)
    };
    pages.iter().enumerate().map(page).collect()
}

/// Arms in a figure, so that figures are about equally full.
fn page_size(arms: usize) -> usize {
    arms.div_ceil(arms.div_ceil(COLUMNS).max(1)).max(1)
}

/// A quantity with its paths.
struct Quantity<'a> {
    label: &'a str,
    unit: &'a str,
    paths: Vec<&'a Path>,
}

impl Quantity<'_> {
    fn of_arm(&self, arm: usize) -> Option<&Path> {
        self.paths.iter().find(|path| path.arm == arm).copied()
    }

    /// The lowest and the highest that is drawn; zero is always there.
    fn reach(&self) -> (f64, f64) {
        let drawn = self
            .paths
            .iter()
            .flat_map(|path| path.days.iter().flatten());
        let finite = drawn.filter(|value| value.is_finite());
        finite.fold((0.0, 0.0), |(low, high), value| {
            (value.min(low), value.max(high))
        })
    }
}

fn quantities_of(comparison: &Comparison) -> Vec<Quantity<'_>> {
    let mut quantities: Vec<(&str, Quantity)> = Vec::new();
    for path in comparison.paths.iter().filter(|path| !path.days.is_empty()) {
        match quantities.iter_mut().find(|of| of.0 == path.key) {
            Some(of) => of.1.paths.push(path),
            None => quantities.push((
                &path.key,
                Quantity {
                    label: &path.label,
                    unit: &path.unit,
                    paths: vec![path],
                },
            )),
        }
    }
    // What stays at zero everywhere says nothing.
    quantities.retain(|of| of.1.reach() != (0.0, 0.0));
    quantities.into_iter().map(|of| of.1).collect()
}

struct Sheet<'a> {
    comparison: &'a Comparison,
    quantities: &'a [Quantity<'a>],
    arms: &'a [usize],
}

impl Sheet<'_> {
    /// Whether all arms are in each panel, panels being quantities; otherwise a column is an arm and a line a quantity.
    fn together(&self) -> bool {
        self.arms.len() <= TOGETHER && self.comparison.arms.len() <= TOGETHER + 1
    }

    fn columns(&self) -> usize {
        if self.together() {
            self.quantities.len().min(2)
        } else {
            self.arms.len()
        }
    }

    fn draw(&self, name: &str, (page, pages): (usize, usize), footer: &str) -> io::Result<Drawing> {
        let of_pages = match pages {
            1 => String::new(),
            _ => format!(" ({page} of {pages})"),
        };
        let heading = Heading {
            title: format!("Day by day: each regime beside {}{of_pages}", baseline_name(self.comparison)),
            subtitle: subtitle(self.comparison),
            note: "Totals since the start, at the end of each simulated day. Line: mean over replications; band: 2.5th to 97.5th percentile. What stayed at zero is left out.".to_owned(),
            footer,
        };
        let columns = self.columns();
        let lines = if self.together() {
            self.quantities.len().div_ceil(columns)
        } else {
            self.quantities.len()
        };
        let height = TOP + LINE * lines as i32 + 110;
        drawing(name, height as u32, &heading, |root| {
            if self.together() {
                self.key(root)?;
            } else {
                self.heads(root)?;
            }
            for (index, quantity) in self.quantities.iter().enumerate() {
                self.quantity(root, index, quantity)?;
            }
            Ok(())
        })
    }

    /// Which colour is which arm, where arms share panels.
    fn key(&self, root: &Area) -> Drawn {
        let mut x = LEFT;
        for (arm, ink) in [(0, colour::FAINT)].into_iter().chain(self.inked()) {
            let of = &self.comparison.arms[arm];
            let name = fit_middle(&of.name, 17, 380);
            let inert = if arm > 0 && of.is_inert() { INERT } else { "" };
            let label = match inert {
                "" => name,
                inert => format!("{name} ({inert})"),
            };
            rule(root, (x, 126), (x + 30, 126), ink, 3)?;
            root.draw_text(&label, &left(bold(17, ink)), (x + 38, 126))?;
            x += 38 + width_of(&label, 19) + 40;
        }
        Ok(())
    }

    /// The arms with their colours.
    fn inked(&self) -> impl Iterator<Item = (usize, RGBColor)> {
        self.arms.iter().copied().zip(INKS)
    }

    /// Names of the arms above their columns.
    fn heads(&self, root: &Area) -> Drawn {
        rule(root, (LEFT, 118), (LEFT + 30, 118), colour::FAINT, 3)?;
        let name = fit_middle(baseline_name(self.comparison), 16, 600);
        root.draw_text(&name, &left(bold(16, colour::FAINT)), (LEFT + 38, 118))?;
        let width = self.width();
        for (column, arm) in self.arms.iter().enumerate() {
            let of = &self.comparison.arms[*arm];
            let x = self.left(column);
            let name = fit_middle(&of.name, 18, width);
            root.draw_text(&name, &left(bold(17, colour::REAL)), (x, TOP - 22))?;
            if of.is_inert() {
                let beside = width_of(&name, 18) + 12;
                let fits = beside + width_of(INERT, 14) <= width;
                let at = if fits {
                    (x + beside, TOP - 22)
                } else {
                    (x, TOP - 4)
                };
                root.draw_text(INERT, &left(text(14, colour::FAINT)), at)?;
            }
        }
        Ok(())
    }

    fn width(&self) -> i32 {
        let columns = self.columns().max(1) as i32;
        let gap = if self.together() { 110 } else { BETWEEN };
        (RIGHT - LEFT - gap * (columns - 1)) / columns
    }

    fn left(&self, column: usize) -> i32 {
        let gap = if self.together() { 110 } else { BETWEEN };
        LEFT + column as i32 * (self.width() + gap)
    }

    fn quantity(&self, root: &Area, index: usize, quantity: &Quantity) -> Drawn {
        let columns = self.columns();
        let shared = self.together();
        let (line, panels) = if shared {
            (
                index / columns,
                vec![(index % columns, self.inked().collect())],
            )
        } else {
            let alone = |(column, arm): (usize, &usize)| (column, vec![(*arm, colour::REAL)]);
            (index, self.arms.iter().enumerate().map(alone).collect())
        };
        let top = TOP + LINE * line as i32 + 24;
        let axis = Axis::of(quantity, top);
        for (nth, (column, arms)) in panels.into_iter().enumerate() {
            let panel = Panel {
                quantity,
                left: self.left(column),
                right: self.left(column) + self.width(),
                axis: &axis,
                arms,
            };
            if nth == 0 {
                panel.title(root)?;
            }
            panel.draw(root, nth == 0)?;
        }
        Ok(())
    }
}

/// The axis of a quantity, the same for all of its panels.
struct Axis {
    low: f64,
    high: f64,
    step: f64,
    top: i32,
    days: usize,
}

impl Axis {
    fn of(quantity: &Quantity, top: i32) -> Self {
        let (low, high) = quantity.reach();
        let step = scale(high.max(-low)).1;
        let round = |value: f64| step * libm::ceil(value / step);
        let days = quantity.paths.iter().map(|path| path.days.len()).max();
        Self {
            low: -round(-low),
            high: round(high),
            step,
            top,
            days: days.unwrap_or(1),
        }
    }

    fn y(&self, value: f64) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        self.top + PANEL - (share.clamp(0.0, 1.0) * f64::from(PANEL)).round() as i32
    }
}

struct Panel<'a> {
    quantity: &'a Quantity<'a>,
    left: i32,
    right: i32,
    axis: &'a Axis,
    arms: Vec<(usize, RGBColor)>,
}

impl Panel<'_> {
    fn x(&self, day: usize) -> i32 {
        let share = match self.axis.days {
            1 => 0.5,
            days => day as f64 / (days - 1) as f64,
        };
        self.left + (share * f64::from(self.right - self.left)).round() as i32
    }

    fn title(&self, root: &Area) -> Drawn {
        let title = with_unit(self.quantity.label, self.quantity.unit);
        let title = fit(&title, 16, 620);
        let at = (self.left, self.axis.top - 12);
        root.draw_text(&title, &left(bold(16, colour::INK)), at)?;
        Ok(())
    }

    fn draw(&self, root: &Area, labelled: bool) -> Drawn {
        self.grid(root, labelled)?;
        self.days(root)?;
        let baseline = [(0, colour::FAINT)];
        let arms = baseline.iter().chain(&self.arms);
        for (arm, ink) in arms.clone() {
            if let Some(path) = self.quantity.of_arm(*arm) {
                self.spread(root, path, *ink)?;
            }
        }
        for (arm, ink) in arms {
            if let Some(path) = self.quantity.of_arm(*arm) {
                self.mean(root, path, *ink)?;
            }
        }
        Ok(())
    }

    fn grid(&self, root: &Area, labelled: bool) -> Drawn {
        let steps = ((self.axis.high - self.axis.low) / self.axis.step).round() as i32;
        for step in 0..=steps {
            let value = self.axis.low + self.axis.step * f64::from(step);
            let y = self.axis.y(value);
            rule(root, (self.left, y), (self.right, y), colour::GRID, 1)?;
            if labelled {
                let style = right(text(13, colour::FAINT));
                root.draw_text(&number(value), &style, (self.left - 10, y))?;
            }
        }
        Ok(())
    }

    /// Numbers of days below, as many as fit.
    fn days(&self, root: &Area) -> Drawn {
        let last = self.axis.days - 1;
        let fit = ((self.right - self.left) / 70).max(1) as usize;
        let step = [1, 2, 5, 7, 10, 14, 28, 30, 60, 90, 180, 365];
        let step = step.into_iter().find(|step| last / step <= fit);
        let bottom = self.axis.top + PANEL;
        for day in (0..=last).step_by(step.unwrap_or(last.max(1))) {
            let x = self.x(day);
            rule(root, (x, bottom), (x, bottom + 4), colour::FAINT, 1)?;
            let label = match day {
                0 => "day 1".to_owned(),
                day => (day + 1).to_string(),
            };
            root.draw_text(&label, &centre(text(13, colour::FAINT)), (x, bottom + 7))?;
        }
        Ok(())
    }

    fn spread(&self, root: &Area, path: &Path, ink: RGBColor) -> Drawn {
        let band = |at: usize| {
            let days = path.days.iter().enumerate();
            days.filter(|(_, day)| day.iter().all(|value| value.is_finite()))
                .map(move |(day, values)| (self.x(day), self.axis.y(values[at])))
        };
        let mut outline: Vec<(i32, i32)> = band(1).collect();
        let upper: Vec<(i32, i32)> = band(2).collect();
        if let ([(x, low)], [(_, high)]) = (&outline[..], &upper[..]) {
            return rule(root, (*x, *low), (*x, *high), ink, 2);
        }
        outline.extend(upper.into_iter().rev());
        if outline.len() > 3 {
            root.draw(&Polygon::new(outline, ink.mix(0.18).filled()))?;
        }
        Ok(())
    }

    fn mean(&self, root: &Area, path: &Path, ink: RGBColor) -> Drawn {
        let days = path.days.iter().enumerate();
        let points: Vec<(i32, i32)> = days
            .filter(|(_, day)| day[0].is_finite())
            .map(|(day, values)| (self.x(day), self.axis.y(values[0])))
            .collect();
        if let [at] = &points[..] {
            root.draw(&Circle::new(*at, 5, ink.filled()))?;
        } else if points.len() > 1 {
            root.draw(&PathElement::new(points, ink.stroke_width(3)))?;
        }
        Ok(())
    }
}
