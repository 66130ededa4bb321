//! The roofline of the steps (Williams, Waterman and Patterson 2009): how fast each executes, against how much it executes for each byte that comes
//! from beyond the core; with what the machine gives as roofs.

use super::machine::Kernel;
use super::steps::{OF_A_TICK, Step};
use super::table::Figures;
use super::{Minute, Profile};
use plotters::prelude::*;
use std::io;
use std::path::{Path, PathBuf};
use yellowcart::experiment::VERSION;
use yellowcart::report::canvas::{
    Area, Drawn, Heading, centre, colour, figure, left, number, right, text, width_of,
};

/// Where the plot lies.
const X: (i32, i32) = (150, 1_180);
const Y: (i32, i32) = (760, 150);

/// Instructions a byte, and instructions a nanosecond, as powers of ten.
const ALONG: (f64, f64) = (-1.0, 4.0);
const UP: (f64, f64) = (-1.0, 1.5);

/// Draws the figure.
pub fn draw(folder: &Path, profile: &Profile) -> io::Result<Vec<PathBuf>> {
    let footer = format!(
        "yellowcart {VERSION}  \u{b7}  scenario double11_evening  \u{b7}  seed 20201111  \u{b7}  nothing recorded"
    );
    let steps = profile.minutes.iter().flat_map(|minute| {
        let figures = |step| Figures::of(profile, minute, step).of_triad;
        OF_A_TICK.map(figures)
    });
    let most = 100.0 * steps.fold(0.0, f64::max);
    let heading = Heading {
        title: format!("No step takes more than {most:.0} % of the memory bandwidth"),
        subtitle: "Instructions a nanosecond against instructions for each byte from beyond the core: a minute at the peak, one thread".to_owned(),
        note: "Counted by callgrind with 48 KiB and 2 MiB of cache, timed without it. Roofs are measured in the same run.".to_owned(),
        footer: &footer,
    };
    figure(folder, "roofline", 960, &heading, |root| {
        grid(root)?;
        roofs(root, profile)?;
        let mut labels = Labels::default();
        for minute in &profile.minutes {
            for (_, (px, py)) in places(profile, minute) {
                labels.0.push([px - 8, py - 8, px + 8, py + 8]);
            }
        }
        for (minute, colour) in profile
            .minutes
            .iter()
            .zip([colour::REAL, colour::DISPLAYED])
        {
            points(root, profile, minute, colour, &mut labels)?;
        }
        legend(root, profile)
    })
}

fn x(value: f64) -> i32 {
    between(value, ALONG, X)
}

fn y(value: f64) -> i32 {
    between(value, UP, Y)
}

fn between(value: f64, (low, high): (f64, f64), (from, to): (i32, i32)) -> i32 {
    let share = ((value.log10() - low) / (high - low)).clamp(0.0, 1.0);
    from + (share * f64::from(to - from)).round() as i32
}

fn grid(root: &Area) -> Drawn {
    for power in ALONG.0 as i32..=ALONG.1 as i32 {
        let value = 10_f64.powi(power);
        let line = vec![(x(value), Y.0), (x(value), Y.1)];
        root.draw(&PathElement::new(line, colour::GRID.stroke_width(1)))?;
        let style = centre(text(16, colour::FAINT));
        root.draw_text(&number(value), &style, (x(value), Y.0 + 8))?;
    }
    for value in [0.1, 0.3, 1.0, 3.0, 10.0, 30.0] {
        let line = vec![(X.0, y(value)), (X.1, y(value))];
        root.draw(&PathElement::new(line, colour::GRID.stroke_width(1)))?;
        let style = right(text(16, colour::FAINT));
        root.draw_text(&number(value), &style, (X.0 - 12, y(value)))?;
    }
    let style = right(text(16, colour::INK));
    root.draw_text(
        "instructions by byte from beyond the core",
        &style,
        (X.1, Y.0 + 44),
    )?;
    let style = left(text(16, colour::INK));
    root.draw_text("instructions a nanosecond", &style, (X.0 - 100, Y.1 - 26))?;
    Ok(())
}

/// What the machine gives.
fn roofs(root: &Area, profile: &Profile) -> Drawn {
    let machine = &profile.machine;
    slope(
        root,
        machine.memory[0],
        &format!("triad {:.0} GB/s", machine.memory[0]),
    )?;
    for (mib, wait) in [
        machine.wait_at(16.0 * 1_048_576.0),
        machine.wait_at(1_024.0 * 1_048_576.0),
    ] {
        let label = format!(
            "one line after the other, {mib} MiB: {:.1} GB/s",
            64.0 / wait
        );
        slope(root, 64.0 / wait, &label)?;
    }
    for rate in &profile.rates {
        let name = match rate.kernel {
            Kernel::Chain => "each waits for the last",
            _ => "four chains",
        };
        let place = y(rate.instructions);
        let line = vec![(X.0, place), (X.1, place)];
        root.draw(&PathElement::new(line, colour::FAINT.stroke_width(2)))?;
        let label = format!("{name}: {:.1} a ns", rate.instructions);
        root.draw_text(&label, &left(text(16, colour::FAINT)), (X.1 + 14, place))?;
    }
    Ok(())
}

/// A line of constant bytes a second.
fn slope(root: &Area, gigabytes: f64, label: &str) -> Drawn {
    let (lowest, highest) = (10_f64.powf(UP.0), 10_f64.powf(UP.1));
    let from = (lowest / gigabytes).max(10_f64.powf(ALONG.0));
    let to = highest / gigabytes;
    let line = vec![(x(from), y(from * gigabytes)), (x(to), y(highest))];
    root.draw(&PathElement::new(line, colour::FAINT.stroke_width(2)))?;
    let style = left(text(15, colour::FAINT));
    root.draw_text(label, &style, (x(from) + 10, y(from * gigabytes) - 4))?;
    Ok(())
}

/// Places that are taken by labels, so that none lies over another.
#[derive(Default)]
struct Labels(Vec<[i32; 4]>);

impl Labels {
    /// A free place for a label beside a point, the nearest first.
    fn place(&mut self, (px, py): (i32, i32), width: i32) -> (i32, i32) {
        let right = |down: i32| (px + 12, py + down);
        let left = |down: i32| (px - 12 - width, py + down);
        let downs = [0, -18, 18, -36, 36, -54, 54];
        let places = downs.into_iter().flat_map(|down| [right(down), left(down)]);
        let mut found = (px + 12, py);
        for (at, down) in places {
            let place = [at, down - 9, at + width, down + 9];
            let over = |other: &[i32; 4]| {
                place[0] < other[2]
                    && other[0] < place[2]
                    && place[1] < other[3]
                    && other[1] < place[3]
            };
            if !self.0.iter().any(over) {
                found = (at, down);
                self.0.push(place);
                break;
            }
        }
        found
    }
}

/// Where the points of a minute lie.
fn places(profile: &Profile, minute: &Minute) -> [(Step, (i32, i32)); OF_A_TICK.len()] {
    OF_A_TICK.map(|step| {
        let figures = Figures::of(profile, minute, step);
        (step, (x(figures.intensity), y(figures.rate)))
    })
}

fn points(
    root: &Area,
    profile: &Profile,
    minute: &Minute,
    filling: RGBColor,
    labels: &mut Labels,
) -> Drawn {
    for (step, place) in places(profile, minute) {
        root.draw(&Circle::new(place, 7, filling.filled()))?;
        let name = Step::name(step);
        let at = labels.place(place, width_of(name, 15));
        root.draw_text(name, &left(text(15, colour::INK)), at)?;
    }
    Ok(())
}

fn legend(root: &Area, profile: &Profile) -> Drawn {
    let mut at = Y.0 - 20;
    for (minute, filling) in profile
        .minutes
        .iter()
        .zip([colour::REAL, colour::DISPLAYED])
    {
        root.draw(&Circle::new((X.1 + 24, at), 7, filling.filled()))?;
        let label = format!("{} consumers", number(minute.case.consumers as f64));
        root.draw_text(&label, &left(text(16, colour::INK)), (X.1 + 40, at))?;
        at -= 28;
    }
    Ok(())
}
