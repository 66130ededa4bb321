//! The figure of the profile: a bar for each evening, parted by step.

use super::steps::Step;
use super::{Case, Profile};
use plotters::prelude::*;
use std::io;
use std::path::{Path, PathBuf};
use yellowcart::experiment::VERSION;
use yellowcart::report::canvas::{
    Area, Drawn, Heading, bold, colour, figure, left, number, right, text, width_of,
};

/// Where bars begin and end, the first of them, and how far they are apart.
const ALONG: (i32, i32) = (330, 1_380);
const FIRST: i32 = 200;
const APART: i32 = 84;
const THICK: i32 = 52;

/// Steps that have a part of the bar each; the rest share the last.
const APART_FROM_THE_REST: [Step; 8] = [
    Step::Script,
    Step::Bots,
    Step::Prepare,
    Step::Rank,
    Step::Arrive,
    Step::Attend,
    Step::Checkout,
    Step::Depart,
];

/// Colour of the rest.
const REST: RGBColor = RGBColor(205, 205, 205);

/// Parts of a bar: name, colour, share of the whole.
type Part = (&'static str, RGBColor, f64);

/// Draws the figure.
pub fn profile(folder: &Path, profile: &Profile) -> io::Result<Vec<PathBuf>> {
    let footer = format!(
        "yellowcart {VERSION}  \u{b7}  scenario double11_evening  \u{b7}  seed 20201111  \u{b7}  nothing recorded"
    );
    let share = |case: Option<&Case>| case.map_or(0.0, share_of_attending);
    let (few, many) = (
        share(profile.evenings.first()),
        share(profile.evenings.last()),
    );
    let heading = Heading {
        title: format!("Watching and deciding takes {few:.0} % of a small evening and {many:.0} % of a large one"),
        subtitle: "Where the time of an evening goes, by step of the schedule: percent of the whole, and seconds at the right".to_owned(),
        note: "The rest: the world and its plans, the clock, observation, the end of the day. Nobody observes. On one thread seconds computed, on two seconds passed; the fastest round.".to_owned(),
        footer: &footer,
    };
    let height = (FIRST + APART * profile.evenings.len() as i32 + 130) as u32;
    figure(folder, "profile", height, &heading, |root| {
        legend(root)?;
        for (index, case) in profile.evenings.iter().enumerate() {
            bar(root, FIRST + APART * index as i32, case)?;
        }
        Ok(())
    })
}

fn share_of_attending(case: &Case) -> f64 {
    let spent = case.spent();
    100.0 * spent.of(Step::Attend) / spent.total()
}

fn parts(case: &Case) -> Vec<Part> {
    let spent = case.spent();
    let share = |step| spent.of(step) / spent.total();
    let each = APART_FROM_THE_REST.iter().zip(colour::SERIES);
    let mut parts: Vec<Part> = each
        .map(|(step, colour)| (step.name(), colour, share(*step)))
        .collect();
    let rest = 1.0 - parts.iter().map(|part| part.2).sum::<f64>();
    parts.push(("the rest", REST, rest));
    parts
}

fn legend(root: &Area) -> Drawn {
    let mut x = ALONG.0;
    let named = APART_FROM_THE_REST.iter().zip(colour::SERIES);
    let named = named
        .map(|(step, colour)| (step.name(), colour))
        .chain([("the rest", REST)]);
    for (name, filling) in named {
        let y = FIRST - 62;
        root.draw(&Rectangle::new(
            [(x, y - 8), (x + 16, y + 8)],
            filling.filled(),
        ))?;
        root.draw_text(name, &left(text(17, colour::INK)), (x + 24, y))?;
        x += 24 + width_of(name, 17) + 26;
    }
    Ok(())
}

fn bar(root: &Area, y: i32, case: &Case) -> Drawn {
    let threads = match case.threads {
        1 => "1 thread".to_owned(),
        count => format!("{count} threads"),
    };
    let middle = y + THICK / 2;
    let place = (ALONG.0 - 20, middle - 11);
    root.draw_text(
        &format!("{} consumers", number(case.consumers as f64)),
        &right(bold(17, colour::INK)),
        place,
    )?;
    root.draw_text(
        &threads,
        &right(text(16, colour::FAINT)),
        (ALONG.0 - 20, middle + 11),
    )?;
    let width = f64::from(ALONG.1 - ALONG.0);
    let mut from = 0.0;
    for (_, filling, share) in parts(case) {
        let at = |share: f64| ALONG.0 + (share * width).round() as i32;
        let (x0, x1) = (at(from), at(from + share));
        root.draw(&Rectangle::new(
            [(x0, y), (x1, y + THICK)],
            filling.filled(),
        ))?;
        root.draw(&PathElement::new(
            vec![(x1, y), (x1, y + THICK)],
            WHITE.stroke_width(2),
        ))?;
        let label = format!("{:.0}", 100.0 * share);
        if x1 - x0 > width_of(&label, 16) + 10 {
            let place = ((x0 + x1 - width_of(&label, 16)) / 2, middle);
            root.draw_text(&label, &left(bold(16, ink_on(filling))), place)?;
        }
        from += share;
    }
    let seconds = format!("{} s", number(case.spent().total()));
    root.draw_text(
        &seconds,
        &left(text(17, colour::INK)),
        (ALONG.1 + 16, middle),
    )?;
    Ok(())
}

/// Black or white, whichever is easier to read on a colour.
fn ink_on(filling: RGBColor) -> RGBColor {
    let RGBColor(red, green, blue) = filling;
    let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if light > 120.0 { colour::INK } else { WHITE }
}
