//! Figure: how long claims stay unresolved, by days since they were made, each regime in a panel of its own beside the baseline.

use super::{INERT, baseline_name, rule, subtitle};
use crate::experiment::compare::{Comparison, Waiting};
use crate::report::canvas::{
    Area, Drawing, Drawn, Heading, WIDTH, bold, centre, colour, drawing, fit_middle, left, right,
    text, width_of,
};
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;

/// Panels side by side, at most.
const COLUMNS: usize = 3;

const LEFT: i32 = 130;
const RIGHT: i32 = WIDTH as i32 - 50;
const TOP: i32 = 190;
const PANEL: i32 = 240;
const LINE: i32 = PANEL + 110;
const BETWEEN: i32 = 80;

/// Days after which the title says what is unresolved, unless the curves end before.
const TOLD_AT: usize = 30;

/// Draws the figure; none where nobody claimed, or claims were followed for no day.
pub fn draw(comparison: &Comparison, footer: &str) -> io::Result<Vec<Drawing>> {
    let days = comparison.survival.iter().map(|waiting| waiting.days.len());
    let days = days.max().unwrap_or(0);
    if days < 2 {
        return Ok(Vec::new());
    }
    let sheet = Sheet {
        comparison,
        last: days - 1,
    };
    Ok(vec![sheet.draw(footer)?])
}

struct Sheet<'a> {
    comparison: &'a Comparison,
    /// Last day of the curves.
    last: usize,
}

impl Sheet<'_> {
    fn of_arm(&self, arm: usize) -> Option<&Waiting> {
        let mut all = self.comparison.survival.iter();
        all.find(|waiting| waiting.arm == arm)
    }

    /// Arms with a panel: all but the baseline, or the baseline where it is alone.
    fn arms(&self) -> Vec<usize> {
        match self.comparison.arms.len() {
            0 | 1 => vec![0],
            arms => (1..arms).collect(),
        }
    }

    fn columns(&self) -> i32 {
        self.arms().len().min(COLUMNS) as i32
    }

    fn draw(&self, footer: &str) -> io::Result<Drawing> {
        let heading = Heading {
            title: self.title(),
            subtitle: subtitle(self.comparison),
            note: "Product-limit estimate over the claims of each replication, those still open at the end among them. Line: mean over replications in which somebody claimed; band: 2.5th to 97.5th percentile.".to_owned(),
            footer,
        };
        let lines = self.arms().len().div_ceil(COLUMNS) as i32;
        let height = TOP + LINE * lines + 10;
        drawing("survival", height as u32, &heading, |root| {
            self.key(root)?;
            for (index, arm) in self.arms().into_iter().enumerate() {
                let (column, line) = ((index % COLUMNS) as i32, (index / COLUMNS) as i32);
                let width = (RIGHT - LEFT - BETWEEN * (self.columns() - 1)) / self.columns();
                let x = LEFT + column * (width + BETWEEN);
                let panel = Panel {
                    sheet: self,
                    arm,
                    left: x,
                    right: x + width,
                    top: TOP + LINE * line,
                };
                panel.draw(root)?;
            }
            Ok(())
        })
    }

    /// What is left of the claims after some days, as a statement.
    fn title(&self) -> String {
        let day = TOLD_AT.min(self.last);
        let left = |waiting: &Waiting| waiting.days.get(day).map_or(1.0, |day| day[0]);
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let others = self.comparison.survival.iter();
        let others = others.filter(|waiting| waiting.arm > 0);
        let least = others.min_by(|a, b| left(a).total_cmp(&left(b)).then(a.arm.cmp(&b.arm)));
        let baseline = self.of_arm(0);
        let under = match baseline {
            Some(waiting) => format!("{} under {}", percent(left(waiting)), self.name(0)),
            None => format!("nobody claimed under {}", self.name(0)),
        };
        let rest = match (least, baseline) {
            (None, _) => String::new(),
            (Some(least), Some(base)) if left(least) >= left(base) => {
                ", and no regime has fewer".to_owned()
            }
            (Some(least), _) => {
                let name = self.name(least.arm);
                format!(", least under {name} ({})", percent(left(least)))
            }
        };
        format!("Claims not resolved {day} days later: {under}{rest}")
    }

    fn name(&self, arm: usize) -> &str {
        self.comparison.arms.get(arm).map_or("", |of| &of.name)
    }

    /// The line that is the same in all panels, and what the axes are.
    fn key(&self, root: &Area) -> Drawn {
        let style = left(text(17, colour::FAINT));
        let words = "share of claims not resolved, by days since the claim was made";
        root.draw_text(words, &style, (LEFT, 122))?;
        if self.arms() != [0] {
            let x = LEFT + width_of(words, 17) + 40;
            rule(root, (x, 122), (x + 30, 122), colour::FAINT, 3)?;
            let name = fit_middle(baseline_name(self.comparison), 17, 600);
            root.draw_text(&name, &left(bold(17, colour::FAINT)), (x + 38, 122))?;
        }
        Ok(())
    }
}

struct Panel<'a> {
    sheet: &'a Sheet<'a>,
    arm: usize,
    left: i32,
    right: i32,
    top: i32,
}

impl Panel<'_> {
    fn x(&self, day: usize) -> i32 {
        let share = day as f64 / self.sheet.last as f64;
        self.left + (share * f64::from(self.right - self.left)).round() as i32
    }

    fn y(&self, share: f64) -> i32 {
        self.top + PANEL - (share.clamp(0.0, 1.0) * f64::from(PANEL)).round() as i32
    }

    fn draw(&self, root: &Area) -> Drawn {
        self.head(root)?;
        self.grid(root)?;
        self.days(root)?;
        let baseline = (self.arm > 0).then(|| self.sheet.of_arm(0)).flatten();
        let own = self.sheet.of_arm(self.arm);
        for (waiting, ink) in [(baseline, colour::FAINT), (own, colour::REAL)] {
            let Some(waiting) = waiting else { continue };
            self.band(root, waiting, ink)?;
            let mean = self.steps(waiting, 0);
            root.draw(&PathElement::new(mean, ink.stroke_width(3)))?;
        }
        Ok(())
    }

    /// The regime, and what has to be known of its curve.
    fn head(&self, root: &Area) -> Drawn {
        let width = self.right - self.left;
        let name = fit_middle(self.sheet.name(self.arm), 18, width);
        let y = self.top - 40;
        root.draw_text(&name, &left(bold(18, colour::REAL)), (self.left, y))?;
        let style = left(text(15, colour::FAINT));
        root.draw_text(&self.about(), &style, (self.left, y + 22))?;
        Ok(())
    }

    fn about(&self) -> String {
        let of = &self.sheet.comparison.arms[self.arm];
        if self.arm > 0 && of.is_inert() {
            return INERT.to_owned();
        }
        if let Some(other) = &of.same_as {
            return format!("the same as {}", fit_middle(other, 15, 300));
        }
        let Some(waiting) = self.sheet.of_arm(self.arm) else {
            return "nobody claimed".to_owned();
        };
        match waiting.days.iter().position(|day| day[0] <= 0.5) {
            Some(day) => format!("half resolved within {day} days"),
            None => format!("fewer than half resolved within {} days", self.sheet.last),
        }
    }

    fn grid(&self, root: &Area) -> Drawn {
        for quarter in 0..=4 {
            let y = self.y(0.25 * f64::from(quarter));
            rule(root, (self.left, y), (self.right, y), colour::GRID, 1)?;
            let label = format!("{} %", 25 * quarter);
            let style = right(text(14, colour::FAINT));
            root.draw_text(&label, &style, (self.left - 10, y))?;
        }
        Ok(())
    }

    /// Numbers of days below, as many as fit.
    fn days(&self, root: &Area) -> Drawn {
        let fit = ((self.right - self.left) / 60).max(1) as usize;
        let steps = [1, 2, 5, 7, 10, 14, 28, 60, 90, 180, 365];
        let step = steps.into_iter().find(|step| self.sheet.last / step <= fit);
        let bottom = self.top + PANEL;
        for day in (0..=self.sheet.last).step_by(step.unwrap_or(self.sheet.last)) {
            let x = self.x(day);
            rule(root, (x, bottom), (x, bottom + 4), colour::FAINT, 1)?;
            let style = centre(text(14, colour::FAINT));
            root.draw_text(&day.to_string(), &style, (x, bottom + 8))?;
        }
        Ok(())
    }

    /// A column of the curve as steps: what is resolved on a day is resolved at its end.
    fn steps(&self, waiting: &Waiting, column: usize) -> Vec<(i32, i32)> {
        let mut points: Vec<(i32, i32)> = Vec::new();
        for (day, shares) in waiting.days.iter().enumerate() {
            let (x, y) = (self.x(day), self.y(shares[column]));
            if let Some(&(_, before)) = points.last() {
                points.push((x, before));
            }
            points.push((x, y));
        }
        points
    }

    fn band(&self, root: &Area, waiting: &Waiting, ink: RGBColor) -> Drawn {
        let mut outline = self.steps(waiting, 1);
        outline.extend(self.steps(waiting, 2).into_iter().rev());
        root.draw(&Polygon::new(outline, ink.mix(0.18).filled()))?;
        Ok(())
    }
}
