//! The sheet that every figure is drawn on: size, fonts, colours, title and footer; and how it becomes SVG and PNG.
//!
//! plotters draws SVG with integer coordinates, so figures are drawn at their final size; resvg makes PNG of the SVG at twice that size.
//! Both use the fonts in assets/fonts, which are in the program: no font of the system is needed.

use crate::money::in_thousands;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use resvg::{tiny_skia, usvg};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Width of every figure.
pub const WIDTH: u32 = 1_600;

/// Family of the text; the rest is for readers of the SVG who lack it.
pub const FONT: &str =
    "Inter, 'Noto Sans CJK SC', 'Noto Sans SC', 'Helvetica Neue', Arial, sans-serif";

/// Colours, distinguishable with any kind of colour vision (after Okabe and Ito 2008), and greys.
pub mod colour {
    use plotters::style::RGBColor;
    /// What is on display.
    pub const DISPLAYED: RGBColor = RGBColor(213, 94, 0);
    /// What is real.
    pub const REAL: RGBColor = RGBColor(0, 114, 178);
    /// A third thing.
    pub const THIRD: RGBColor = RGBColor(0, 158, 115);
    /// A fourth thing.
    pub const FOURTH: RGBColor = RGBColor(204, 121, 167);
    /// Parts of a whole, in order; they differ in lightness too, so neighbours can be told apart in grey.
    pub const SERIES: [RGBColor; 8] = [
        RGBColor(0, 114, 178),
        RGBColor(230, 159, 0),
        RGBColor(0, 158, 115),
        RGBColor(204, 121, 167),
        RGBColor(86, 180, 233),
        RGBColor(213, 94, 0),
        RGBColor(240, 228, 66),
        RGBColor(120, 120, 120),
    ];
    /// Text.
    pub const INK: RGBColor = RGBColor(34, 34, 34);
    /// Text of less weight.
    pub const FAINT: RGBColor = RGBColor(110, 110, 110);
    /// Lines behind the data.
    pub const GRID: RGBColor = RGBColor(225, 225, 225);
}

/// An area of a figure.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// What plotters says when it cannot draw; on a string it always can.
pub type Drawn = Result<(), Box<dyn std::error::Error>>;

/// What stands on every figure.
pub struct Heading<'a> {
    /// What the figure shows, as a statement.
    pub title: String,
    /// Of what.
    pub subtitle: String,
    /// How to read it.
    pub note: String,
    /// Version, scenario and seed.
    pub footer: &'a str,
}

/// A text style.
pub fn text(size: u32, colour: RGBColor) -> TextStyle<'static> {
    let mut style = TextStyle::from((FONT, f64::from(size)).into_font());
    style.color = colour.to_backend_color();
    style
}

/// A text style of more weight.
pub fn bold(size: u32, colour: RGBColor) -> TextStyle<'static> {
    let font = (FONT, f64::from(size)).into_font().style(FontStyle::Bold);
    let mut style = TextStyle::from(font);
    style.color = colour.to_backend_color();
    style
}

/// The style with its anchor to the right, at half height.
pub fn right(style: TextStyle<'static>) -> TextStyle<'static> {
    style.pos(Pos::new(HPos::Right, VPos::Center))
}

/// The style with its anchor to the left, at half height.
pub fn left(style: TextStyle<'static>) -> TextStyle<'static> {
    style.pos(Pos::new(HPos::Left, VPos::Center))
}

/// The style with its anchor in the middle, at the top.
pub fn centre(style: TextStyle<'static>) -> TextStyle<'static> {
    style.pos(Pos::new(HPos::Center, VPos::Top))
}

/// Width of a text in pixels, estimated: wide for Chinese, narrow for the rest. Labels are placed with it, so it errs on the wide side.
pub fn width_of(label: &str, size: u32) -> i32 {
    let ems: f64 = label
        .chars()
        .map(|letter| match letter {
            '\u{2e80}'..='\u{ffef}' => 1.0,
            'i' | 'l' | 'j' | '.' | ',' | ':' | ';' | ' ' | '\'' | '|' => 0.30,
            'f' | 't' | 'r' | '(' | ')' | '-' => 0.40,
            'm' | 'w' | 'M' | 'W' | '%' => 0.92,
            'A'..='Z' => 0.70,
            '0'..='9' => 0.64,
            _ => 0.59,
        })
        .sum();
    // The backend writes letters at size / 1.24.
    (0.85 * ems * f64::from(size)).ceil() as i32
}

/// Shortens a text to a width, with an ellipsis.
pub fn fit(label: &str, size: u32, width: i32) -> String {
    if width_of(label, size) <= width {
        return label.to_owned();
    }
    let mut short = String::new();
    for letter in label.chars() {
        short.push(letter);
        if width_of(&short, size) + size as i32 > width {
            short.pop();
            break;
        }
    }
    format!("{}\u{2026}", short.trim_end())
}

/// Shortens a text to a width in its middle, so that names that differ at either end stay apart.
pub fn fit_middle(label: &str, size: u32, width: i32) -> String {
    if width_of(label, size) <= width {
        return label.to_owned();
    }
    let letters: Vec<char> = label.chars().collect();
    let shortened = |kept: usize| {
        let (head, tail) = (kept.div_ceil(2), kept / 2);
        let head: String = letters[..head].iter().collect();
        let tail: String = letters[letters.len() - tail..].iter().collect();
        format!("{}\u{2026}{}", head.trim_end(), tail.trim_start())
    };
    (1..letters.len())
        .rev()
        .map(shortened)
        .find(|short| width_of(short, size) <= width)
        .unwrap_or_else(|| "\u{2026}".to_owned())
}

/// A number for a label: thousands separated, no more digits than it bears.
pub fn number(value: f64) -> String {
    let size = value.abs();
    let digits = if size == 0.0 || size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let grouped = in_thousands(whole);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{rest}")
    }
}

/// A figure that is drawn.
pub struct Drawing {
    /// Name of its files, without an ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The picture.
    pub svg: String,
}

impl Drawing {
    /// Writes it as SVG and PNG and returns the files.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let svg_path = folder.join(format!("{}.svg", self.name));
        std::fs::write(&svg_path, &self.svg)?;
        let png_path = folder.join(format!("{}.png", self.name));
        std::fs::write(&png_path, png_of(&self.svg)?)?;
        Ok(vec![svg_path, png_path])
    }
}

/// Draws a figure of a height.
///
/// # Errors
/// What plotters says when it cannot draw.
pub fn drawing(
    name: &str,
    height: u32,
    heading: &Heading,
    draw: impl FnOnce(&Area) -> Drawn,
) -> io::Result<Drawing> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let drawn = sheet(&root, height, heading).and_then(|()| draw(&root));
        drawn
            .and_then(|()| root.present().map_err(Into::into))
            .map_err(|why| io::Error::other(why.to_string()))?;
    }
    Ok(Drawing {
        name: name.to_owned(),
        title: heading.title.clone(),
        svg,
    })
}

/// Draws a figure of a height and writes it as SVG and PNG.
///
/// # Errors
/// Where a file cannot be written.
pub fn figure(
    folder: &Path,
    name: &str,
    height: u32,
    heading: &Heading,
    draw: impl FnOnce(&Area) -> Drawn,
) -> io::Result<Vec<PathBuf>> {
    drawing(name, height, heading, draw)?.write(folder)
}

fn sheet(root: &Area, height: u32, heading: &Heading) -> Drawn {
    root.fill(&WHITE)?;
    let width = WIDTH as i32 - 100;
    let line = |label: &str, size, colour, y, heavy: bool| {
        let style = if heavy {
            bold(size, colour)
        } else {
            text(size, colour)
        };
        root.draw_text(&fit(label, size, width), &style, (50, y))
    };
    line(&heading.title, 30, colour::INK, 30, true)?;
    line(&heading.subtitle, 19, colour::FAINT, 72, false)?;
    let bottom = height as i32;
    line(&heading.note, 16, colour::FAINT, bottom - 62, false)?;
    line(heading.footer, 16, colour::FAINT, bottom - 36, false)?;
    Ok(())
}

fn fonts() -> Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| {
        let mut fonts = usvg::fontdb::Database::new();
        for font in [
            &include_bytes!("../../assets/fonts/Inter-Regular.otf")[..],
            &include_bytes!("../../assets/fonts/Inter-SemiBold.otf")[..],
            &include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf")[..],
        ] {
            fonts.load_font_data(font.to_vec());
        }
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    }))
}

/// Rasterises an SVG at twice its size.
fn png_of(svg: &str) -> io::Result<Vec<u8>> {
    let options = usvg::Options {
        fontdb: fonts(),
        font_family: "Inter".to_owned(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(io::Error::other)?;
    let size = tree.size();
    let (width, height) = (2.0 * size.width(), 2.0 * size.height());
    let mut pixels = tiny_skia::Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| io::Error::other("a figure without size"))?;
    let twice = tiny_skia::Transform::from_scale(2.0, 2.0);
    resvg::render(&tree, twice, &mut pixels.as_mut());
    pixels.encode_png().map_err(io::Error::other)
}
