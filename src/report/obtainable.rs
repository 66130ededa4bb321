//! Figure: the price at which a product could be had over time, against the price that was promised to be the lowest.

use super::canvas::{
    Area, Drawn, Heading, WIDTH, bold, centre, colour, figure, fit, left, number, right, text,
};
use crate::experiment::VERSION;
use crate::money::Fen;
use crate::promotion::{Audit, Campaign, Finding, Moment, Verdict, yuan};
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::io;
use std::path::{Path, PathBuf};

const LEFT: i32 = 150;
const RIGHT: i32 = WIDTH as i32 - 300;
const TOP: i32 = 150;
const BOTTOM: i32 = 640;
const HEIGHT: u32 = 780;

/// Draws a figure for every promise of an audit, as SVG and PNG, and returns the files. `seed` is that of the scenario, if it has one.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_audit_figures(
    folder: &Path,
    campaign: &Campaign,
    audit: &Audit,
    seed: Option<u64>,
) -> io::Result<Vec<PathBuf>> {
    let seed = seed.map_or("none: nothing is drawn at random".to_owned(), |seed| {
        format!("{seed} (no draw enters an audit)")
    });
    let footer = format!("yellowcart {VERSION}  \u{b7}  audit  \u{b7}  seed {seed}");
    let mut files = Vec::new();
    for (number, finding) in audit.findings.iter().enumerate() {
        let name = format!("promise-{}", number + 1);
        files.extend(draw(folder, &name, campaign, finding, &footer)?);
    }
    Ok(files)
}

fn draw(
    folder: &Path,
    name: &str,
    campaign: &Campaign,
    finding: &Finding,
    footer: &str,
) -> io::Result<Vec<PathBuf>> {
    let product = campaign.names.product(finding.promise.product);
    let promised = yuan(finding.promise.price);
    let title = match (&finding.witness, finding.verdict) {
        (Some(way), Verdict::Broken) => format!(
            "{product}: {promised} was promised to be the lowest, {} could be had",
            yuan(way.effective)
        ),
        (Some(_), verdict) => format!(
            "{product}: the promise of {promised} is {}",
            verdict.in_words()
        ),
        (None, _) => format!("{product}: nobody sells it while {promised} is promised"),
    };
    let heading = Heading {
        title,
        subtitle: format!(
            "{} by {}  \u{b7}  {}",
            finding.promise.name, finding.promise.by, campaign.title
        ),
        note: "Lowest posted price and lowest effective price of a unit (coupons, stacks and filler used at their best), from one change to the next. Dashed: promised. Shaded: below the promise. Gaps: not on sale."
            .to_owned(),
        footer,
    };
    figure(folder, name, HEIGHT, &heading, |root| {
        Chart::of(campaign, finding).draw(root)
    })
}

struct Chart<'a> {
    campaign: &'a Campaign,
    finding: &'a Finding,
    from: i64,
    until: i64,
    most: f64,
}

impl<'a> Chart<'a> {
    fn of(campaign: &'a Campaign, finding: &'a Finding) -> Self {
        let (from, until) = span_of(finding);
        let prices = finding
            .moments
            .iter()
            .flat_map(|moment| [moment.posted, moment.effective]);
        let highest = prices.flatten().chain([finding.promise.price]).max();
        Self {
            campaign,
            finding,
            from,
            until,
            most: 1.12 * highest.unwrap_or(Fen(100)).yuan().max(1.0),
        }
    }

    fn x(&self, second: i64) -> i32 {
        let share = (second.clamp(self.from, self.until) - self.from) as f64
            / (self.until - self.from).max(1) as f64;
        LEFT + (share * f64::from(RIGHT - LEFT)).round() as i32
    }

    fn y(&self, price: Fen) -> i32 {
        BOTTOM - (price.yuan() / self.most * f64::from(BOTTOM - TOP)).round() as i32
    }

    fn draw(&self, root: &Area) -> Drawn {
        self.axes(root)?;
        self.breaches(root)?;
        let promised = self.y(self.finding.promise.price);
        for x in (LEFT..RIGHT).step_by(14) {
            root.draw(&PathElement::new(
                vec![(x, promised), ((x + 8).min(RIGHT), promised)],
                colour::INK.stroke_width(2),
            ))?;
        }
        self.steps(root, colour::REAL, |moment| moment.posted)?;
        self.steps(root, colour::DISPLAYED, |moment| moment.effective)?;
        self.labels(root)
    }

    fn axes(&self, root: &Area) -> Drawn {
        let step = tick_of(self.most);
        let mut price = 0.0;
        while price <= self.most {
            let y = self.y(Fen::from_yuan(price));
            root.draw(&PathElement::new(vec![(LEFT, y), (RIGHT, y)], colour::GRID))?;
            let label = number(price);
            root.draw_text(&label, &right(text(17, colour::FAINT)), (LEFT - 12, y))?;
            price += step;
        }
        root.draw_text(
            "yuan a unit",
            &left(text(17, colour::FAINT)),
            (LEFT - 90, TOP - 24),
        )?;
        let days = ((self.until - self.from) / 86_400).max(1);
        let every = (days / 9 + 1) * 86_400;
        let first = self.from + (86_400 - self.from.rem_euclid(86_400)).rem_euclid(86_400)
            - self.midnight();
        let mut second = first;
        while second <= self.until {
            if second >= self.from {
                let x = self.x(second);
                root.draw(&PathElement::new(
                    vec![(x, BOTTOM), (x, BOTTOM + 6)],
                    colour::FAINT,
                ))?;
                let moment = self.campaign.moment(second);
                let day = moment.get(5..10).unwrap_or("");
                root.draw_text(day, &centre(text(17, colour::FAINT)), (x, BOTTOM + 12))?;
            }
            second += every;
        }
        root.draw_text(
            "market date",
            &centre(text(17, colour::FAINT)),
            ((LEFT + RIGHT) / 2, BOTTOM + 40),
        )?;
        root.draw(&PathElement::new(
            vec![(LEFT, BOTTOM), (RIGHT, BOTTOM)],
            colour::FAINT,
        ))?;
        Ok(())
    }

    /// Seconds of the origin after its midnight.
    fn midnight(&self) -> i64 {
        use chrono::Timelike;
        i64::from(self.campaign.origin.time().num_seconds_from_midnight())
    }

    fn steps(&self, root: &Area, ink: RGBColor, of: fn(&Moment) -> Option<Fen>) -> Drawn {
        let mut path: Vec<(i32, i32)> = Vec::new();
        for moment in &self.finding.moments {
            let Some(price) = of(moment) else {
                self.path(root, ink, &mut path)?;
                continue;
            };
            let y = self.y(price);
            let (from, until) = (self.x(moment.from), self.x(moment.until));
            path.push((from, y));
            path.push((until, y));
        }
        self.path(root, ink, &mut path)
    }

    /// What lies between the promise and a lower effective price.
    fn breaches(&self, root: &Area) -> Drawn {
        let promised = self.finding.promise.price;
        for moment in &self.finding.moments {
            if let Some(price) = moment.effective.filter(|price| *price < promised) {
                let corners = [
                    (self.x(moment.from), self.y(promised)),
                    (self.x(moment.until), self.y(price)),
                ];
                root.draw(&Rectangle::new(
                    corners,
                    colour::DISPLAYED.mix(0.15).filled(),
                ))?;
            }
        }
        Ok(())
    }

    fn path(&self, root: &Area, ink: RGBColor, path: &mut Vec<(i32, i32)>) -> Drawn {
        if !path.is_empty() {
            root.draw(&PathElement::new(std::mem::take(path), ink.stroke_width(4)))?;
        }
        Ok(())
    }

    fn labels(&self, root: &Area) -> Drawn {
        let last =
            |of: fn(&Moment) -> Option<Fen>| self.finding.moments.iter().filter_map(of).min();
        let mut wanted = vec![(
            self.y(self.finding.promise.price),
            format!("promised {}", yuan(self.finding.promise.price)),
            colour::INK,
        )];
        if let Some(price) = last(|moment| moment.posted) {
            let label = format!("posted, lowest {}", yuan(price));
            wanted.push((self.y(price), label, colour::REAL));
        }
        if let Some(price) = last(|moment| moment.effective) {
            let label = format!("effective, lowest {}", yuan(price));
            wanted.push((self.y(price), label, colour::DISPLAYED));
        }
        wanted.sort_by_key(|(y, ..)| *y);
        let mut free = TOP;
        for (y, label, ink) in wanted {
            let y = y.max(free);
            let label = fit(&label, 18, WIDTH as i32 - RIGHT - 30);
            root.draw_text(&label, &left(bold(18, ink)), (RIGHT + 16, y))?;
            free = y + 28;
        }
        Ok(())
    }
}

/// What the time axis shows: the promise's time, as far as anything is on sale or promised in it.
fn span_of(finding: &Finding) -> (i64, i64) {
    let window = finding.promise.window;
    (window.from, window.until.max(window.from + 1))
}

/// A round step that gives five to ten lines.
fn tick_of(most: f64) -> f64 {
    let rough = most / 7.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|step| step * power >= rough);
    step.unwrap_or(10.0) * power
}
