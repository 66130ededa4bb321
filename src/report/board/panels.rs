//! Panels of figures that have one for each track: where they are, how detectors are drawn in them, and the key beside each.

use super::standing::{PALE, Placed, standing, styles, tracks};
use super::words as say;
use crate::detect::scoring::Track;
use crate::experiment::detection::Board;
use crate::report::canvas::{Area, Drawn, bold, colour, fit_middle, left, right, text};
use crate::report::comparison::counted;
use crate::report::plot::Style;
use crate::report::plot::{Axis, Plot};

const LEFT: i32 = 50;
const TOP: i32 = 112;
const COLUMN: i32 = 764;
const LINE: i32 = 460;
const HEAD: i32 = 68;
const WIDTH: i32 = 420;
const HEIGHT: i32 = 320;
const NUMBERS: i32 = 60;
const KEY: i32 = 250;
const ROW: i32 = 24;

/// Colour and width of what chance gets.
const CHANCE: Style = Style {
    ink: colour::FAINT,
    width: 1,
    dashed: true,
    named: true,
};

/// The panel of a track.
pub struct Panel<'a> {
    /// The track.
    pub track: Track,
    /// Its detectors, best first.
    pub standing: Vec<Placed<'a>>,
    /// How each of them is drawn.
    pub styles: Vec<Style>,
    left: i32,
    top: i32,
}

/// A panel for each track of which anything is said, two side by side.
pub fn panels(board: &Board) -> Vec<Panel<'_>> {
    let panel = |(at, track): (usize, Track)| {
        let standing = standing(board, track);
        let names = standing.iter().map(|placed| placed.tried.name.as_str());
        Panel {
            track,
            styles: styles(board, names),
            standing,
            left: LEFT + COLUMN * (at % 2) as i32,
            top: TOP + LINE * (at / 2) as i32,
        }
    };
    tracks(board).into_iter().enumerate().map(panel).collect()
}

/// Height of a figure of so many panels.
pub fn height(panels: usize) -> u32 {
    (TOP + LINE * panels.div_ceil(2) as i32 + 66) as u32
}

impl Panel<'_> {
    /// Its plot, of which the axis up is in percent.
    pub fn plot(&self, across: Axis) -> Plot {
        Plot {
            left: self.left + NUMBERS,
            right: self.left + NUMBERS + WIDTH,
            top: self.top + HEAD,
            bottom: self.top + HEAD + HEIGHT,
            across,
            up: Axis::of_shares(),
        }
    }

    /// What it is about.
    pub fn head(&self, root: &Area) -> Drawn {
        let title = format!(
            "{}: {}",
            say::title_of(self.track),
            say::question(self.track)
        );
        let at = (self.left + NUMBERS, self.top + 24);
        root.draw_text(&title, &left(bold(18, colour::INK)), at)?;
        Ok(())
    }

    /// Lines of all detectors, the best on top.
    pub fn lines(
        &self,
        root: &Area,
        plot: &Plot,
        places: impl Fn(&Placed) -> Vec<(i32, i32)>,
    ) -> Drawn {
        for (placed, style) in self.standing.iter().zip(&self.styles).rev() {
            let places = places(placed);
            if places.len() > 1 {
                plot.line(root, places, *style)?;
            }
        }
        Ok(())
    }

    /// A line of what chance gets.
    pub fn chance(&self, root: &Area, plot: &Plot, share: f64) -> Drawn {
        let y = plot.y(share);
        plot.line(root, vec![(plot.left, y), (plot.right, y)], CHANCE)
    }

    /// The key: the detectors that have a colour with what `value` says of each, then chance, then how many others there are.
    pub fn key(
        &self,
        root: &Area,
        heading: &str,
        value: impl Fn(&Placed) -> String,
        chance: Option<String>,
    ) -> Drawn {
        let x = self.left + NUMBERS + WIDTH + 24;
        let mut y = self.top + HEAD + 6;
        let style = right(text(14, colour::FAINT));
        root.draw_text(heading, &style, (x + KEY - 26, y - 24))?;
        let drawn = || self.standing.iter().zip(&self.styles);
        for (placed, style) in drawn().filter(|(_, style)| style.named) {
            entry(root, (x, y), &placed.tried.name, &value(placed), *style)?;
            y += ROW;
        }
        if let Some(chance) = chance {
            entry(root, (x, y), "chance", &chance, CHANCE)?;
            y += ROW;
        }
        let others = drawn().filter(|(_, style)| !style.named).count();
        if others > 0 {
            let style = Style {
                ink: PALE,
                ..CHANCE
            };
            let style = Style {
                dashed: false,
                ..style
            };
            entry(root, (x, y), &counted(others, "other"), "", style)?;
        }
        Ok(())
    }
}

fn entry(root: &Area, (x, y): (i32, i32), name: &str, value: &str, style: Style) -> Drawn {
    let sample = Plot {
        left: x,
        right: x + 26,
        top: y,
        bottom: y,
        across: Axis::of_shares(),
        up: Axis::of_shares(),
    };
    sample.line(root, vec![(x, y), (x + 26, y)], style)?;
    let ink = if style.ink == PALE || style.ink == colour::FAINT {
        colour::FAINT
    } else {
        colour::INK
    };
    let name = fit_middle(name, 15, KEY - 26 - 34 - 52);
    root.draw_text(&name, &left(text(15, ink)), (x + 34, y))?;
    root.draw_text(value, &right(text(15, ink)), (x + KEY - 26, y))?;
    Ok(())
}
