//! A validation: as text for people, as CSV, and as a figure of all patterns on one axis on which every band has the same place.

use super::canvas::{
    Area, Drawn, Heading, WIDTH, bold, centre, colour, figure, fit, left, right, text,
};
use super::summary::columns;
use crate::experiment::validate::{JudgedPattern, JudgedStatistic, Kind, Validation, Verdict};
use crate::money::in_thousands;
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Width of a line of text.
const LINE: usize = 118;

/// A number with three digits that count, thousands apart.
fn number(value: f64) -> String {
    let size = value.abs();
    let digits = match size {
        _ if size == 0.0 || size >= 100.0 => 0,
        _ => (2.0 - libm::floor(libm::log10(size))).clamp(0.0, 4.0) as usize,
    };
    let written = format!("{value:.digits$}");
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |whole| ("-", whole));
    let nothing = written.chars().all(|letter| !matches!(letter, '1'..='9'));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if nothing { "" } else { sign };
    format!("{sign}{}{point}{rest}", in_thousands(whole))
}

/// An end of a band, without digits that say nothing.
fn bound(value: f64) -> String {
    let written = number(value);
    match written.contains('.') {
        true => written
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        false => written,
    }
}

/// A band in words.
fn band(statistic: &JudgedStatistic) -> String {
    match statistic.band {
        [Some(low), Some(high)] => format!("{} to {}", bound(low), bound(high)),
        [Some(low), None] => format!("above {}", bound(low)),
        [None, Some(high)] => format!("below {}", bound(high)),
        [None, None] => "any".to_owned(),
    }
}

fn maybe(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), number)
}

fn ends(statistic: &JudgedStatistic) -> [String; 2] {
    [0, 1].map(|end| maybe(statistic.interval.map(|interval| interval[end])))
}

/// The verdict on a statistic: of what was put in, only where it lies; of a guide, that it is one.
fn verdict_on(pattern: &JudgedPattern, statistic: &JudgedStatistic) -> String {
    let words = match (pattern.verdict, statistic.verdict) {
        (Verdict::ByConstruction, Verdict::Reproduced) => "in its band",
        (Verdict::ByConstruction, Verdict::NotReproduced) => "outside its band",
        (_, verdict) => verdict.in_words(),
    };
    match pattern.kind == Kind::Hard && statistic.kind == Kind::Soft {
        true => format!("{words} (guide)"),
        false => words.to_owned(),
    }
}

/// A validation as text.
pub fn validation_table(validation: &Validation) -> String {
    let mut out = String::new();
    let first = validation.seeds.first().copied().unwrap_or_default();
    let _ = writeln!(
        out,
        "Patterns of real markets, yellowcart {}, {} seeds from {first}",
        validation.version,
        validation.seeds.len()
    );
    for change in &validation.changes {
        let _ = writeln!(out, "every scenario changed: {change}");
    }
    out.push('\n');
    body(&mut out, validation);
    totals(&mut out, validation);
    out
}

/// Pattern by pattern; what is lined up is lined up over all of them.
fn body(out: &mut String, validation: &Validation) {
    let header = ["", "mean", "95 % from", "to", "band", "unit", "verdict"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for pattern in &validation.patterns {
        for statistic in &pattern.statistics {
            let [from, to] = ends(statistic);
            rows.push(vec![
                statistic.label.clone(),
                maybe(statistic.mean),
                from,
                to,
                band(statistic),
                statistic.unit.clone(),
                verdict_on(pattern, statistic),
            ]);
        }
    }
    let mut lines = String::new();
    columns(&mut lines, "     ", &rows, |column| {
        column == 0 || column > 4
    });
    let mut lines = lines.lines();
    let _ = writeln!(out, "{}", lines.next().unwrap_or_default());
    for pattern in &validation.patterns {
        let _ = writeln!(
            out,
            "{:<4} {} ({}): {}",
            pattern.key,
            pattern.title,
            pattern.kind.name(),
            pattern.verdict.in_words()
        );
        for line in lines.by_ref().take(pattern.statistics.len()) {
            let _ = writeln!(out, "{line}");
        }
        about(out, pattern);
    }
    out.push('\n');
}

/// Where a pattern is known from, what brings it about, and how that is switched off.
fn about(out: &mut String, pattern: &JudgedPattern) {
    let mut tell = |what: &str, words: &str| {
        let options = textwrap::Options::new(LINE)
            .initial_indent("     ")
            .subsequent_indent("       ");
        let _ = writeln!(
            out,
            "{}",
            textwrap::fill(&format!("{what}: {words}"), options)
        );
    };
    tell("known from", &pattern.source);
    tell("measured in", &pattern.runs.join("; "));
    if pattern.verdict == Verdict::ByConstruction {
        tell("by construction", &pattern.mechanism);
        return;
    }
    tell("mechanism", &pattern.mechanism);
    let changes = pattern.without.iter();
    let changes: Vec<String> = changes.map(|change| format!("--set {change}")).collect();
    tell("switched off by", &changes.join(" "));
}

fn totals(out: &mut String, validation: &Validation) {
    for kind in [Kind::Hard, Kind::Soft] {
        let of_kind = validation.patterns.iter();
        let of_kind: Vec<&JudgedPattern> = of_kind.filter(|pattern| pattern.kind == kind).collect();
        let mut parts = Vec::new();
        for verdict in [
            Verdict::Reproduced,
            Verdict::NotReproduced,
            Verdict::Inconclusive,
            Verdict::ByConstruction,
        ] {
            let with = of_kind.iter().filter(|pattern| pattern.verdict == verdict);
            let keys: Vec<&str> = with.map(|pattern| pattern.key.as_str()).collect();
            if !keys.is_empty() {
                parts.push(format!("{} {}", verdict.in_words(), keys.join(", ")));
            }
        }
        if !parts.is_empty() {
            let _ = writeln!(out, "{}: {}", kind.name(), parts.join("; "));
        }
    }
    let _ = writeln!(
        out,
        "kept back for checks out of sample: {}",
        validation.held_back.join(", ")
    );
}

/// A text as a cell.
fn cell(text: &str) -> String {
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// A validation for spreadsheets: one row a statistic, then one a seed's value behind it in columns of their own.
pub fn validation_csv(validation: &Validation) -> String {
    let mut out = String::from(
        "pattern,title,kind,verdict,statistic,label,unit,statistic_kind,band_low,band_high,mean,low,high,events,statistic_verdict,source,mechanism,switched_off_by,measured_in",
    );
    for seed in &validation.seeds {
        let _ = write!(out, ",seed_{seed}");
    }
    out.push('\n');
    let maybe = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for pattern in &validation.patterns {
        for statistic in &pattern.statistics {
            let end = |at: usize| maybe(statistic.interval.map(|interval| interval[at]));
            let mut cells = vec![
                pattern.key.clone(),
                cell(&pattern.title),
                pattern.kind.name().to_owned(),
                pattern.verdict.in_words().to_owned(),
                statistic.key.clone(),
                cell(&statistic.label),
                cell(&statistic.unit),
                statistic.kind.name().to_owned(),
                maybe(statistic.band[0]),
                maybe(statistic.band[1]),
                maybe(statistic.mean),
                end(0),
                end(1),
                statistic
                    .events
                    .map_or(String::new(), |events| events.to_string()),
                statistic.verdict.in_words().to_owned(),
                cell(&pattern.source),
                cell(&pattern.mechanism),
                cell(&pattern.without.join("; ")),
                cell(&pattern.runs.join("; ")),
            ];
            cells.extend(statistic.values.iter().map(|value| maybe(*value)));
            let _ = writeln!(out, "{}", cells.join(","));
        }
    }
    out
}

const TOP: i32 = 168;
const ROW: i32 = 29;
const LABEL: i32 = 96;
const AXIS_FROM: i32 = 690;
const AXIS_TO: i32 = 1_080;
const NUMBERS: i32 = 1_300;
const BAND: i32 = 1_420;

/// Where values beyond the axis are cut off, in widths of the band from its middle.
const REACH: f64 = 1.5;

/// Draws the patterns, each with its band, its seeds and their mean, as SVG and PNG, and returns the files.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_validation_figure(folder: &Path, validation: &Validation) -> io::Result<Vec<PathBuf>> {
    let rows: usize = validation
        .patterns
        .iter()
        .map(|pattern| 1 + pattern.statistics.len())
        .sum();
    let height = TOP as u32 + (rows as i32 * ROW) as u32 + 130;
    let seeds = &validation.seeds;
    let footer = format!(
        "yellowcart {}  \u{b7}  validation  \u{b7}  {} seeds from {}{}",
        validation.version,
        seeds.len(),
        seeds.first().copied().unwrap_or_default(),
        match validation.changes.is_empty() {
            true => String::new(),
            false => format!("  \u{b7}  changed: {}", validation.changes.join(", ")),
        }
    );
    let heading = Heading {
        title: title(validation),
        subtitle: "Every band (grey) is drawn to the same width; a band without an end fades out. Small dots: seeds. Large dot and line: their mean with its 95 % interval."
            .to_owned(),
        note: "Blue: reproduced. Orange: not reproduced. Pink: inconclusive. Hollow: by construction. Arrows: beyond the axis. P10, P18, P20 are kept back."
            .to_owned(),
        footer: &footer,
    };
    figure(folder, "validation", height, &heading, |root| {
        draw(root, validation)
    })
}

fn title(validation: &Validation) -> String {
    let outcomes = validation.patterns.iter();
    let outcomes: Vec<&JudgedPattern> = outcomes
        .filter(|pattern| pattern.verdict != Verdict::ByConstruction)
        .collect();
    let met = outcomes
        .iter()
        .filter(|pattern| pattern.verdict == Verdict::Reproduced);
    format!(
        "{} of {} patterns that could fail are reproduced",
        met.count(),
        outcomes.len()
    )
}

fn draw(root: &Area, validation: &Validation) -> Drawn {
    let y = TOP - 40;
    for (x, label) in [(AXIS_FROM, "below"), (AXIS_TO, "above")] {
        root.draw_text(label, &centre(text(15, colour::FAINT)), (x, y))?;
    }
    let middle = i32::midpoint(AXIS_FROM, AXIS_TO);
    root.draw_text("in its band", &centre(text(15, colour::FAINT)), (middle, y))?;
    let heads = [
        (NUMBERS, "mean (95 % interval)", true),
        (BAND, "band", true),
        (BAND + 16, "verdict", false),
    ];
    for (x, label, flush_right) in heads {
        let style = text(15, colour::FAINT);
        let style = if flush_right {
            right(style)
        } else {
            left(style)
        };
        root.draw_text(label, &style, (x, y + 8))?;
    }
    let mut y = TOP;
    for pattern in &validation.patterns {
        let title = format!("{} ({})", pattern.title, pattern.kind.name());
        root.draw_text(&pattern.key, &left(bold(17, colour::INK)), (50, y))?;
        let title = fit(&title, 17, WIDTH as i32 - LABEL - 100);
        root.draw_text(&title, &left(bold(17, colour::INK)), (LABEL, y))?;
        y += ROW;
        for statistic in &pattern.statistics {
            draw_row(root, pattern, statistic, y)?;
            y += ROW;
        }
    }
    Ok(())
}

fn ink_of(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Reproduced => colour::REAL,
        Verdict::NotReproduced => colour::DISPLAYED,
        Verdict::Inconclusive => colour::FOURTH,
        Verdict::ByConstruction => colour::FAINT,
    }
}

/// The axis of a statistic: its band lies between -0.5 and 0.5. Where the band has one end only, its width is twice the mean's distance from that end.
struct Axis {
    low: f64,
    width: f64,
}

impl Axis {
    fn of(statistic: &JudgedStatistic) -> Self {
        let mean = statistic.mean.unwrap_or_default();
        let open = |end: f64| {
            let distance = 2.0 * (mean - end).abs();
            if distance > 0.0 { distance } else { 1.0 }
        };
        match statistic.band {
            [Some(low), Some(high)] => Self {
                low,
                width: high - low,
            },
            [Some(low), None] => Self {
                low,
                width: open(low),
            },
            [None, Some(high)] => Self {
                low: high - open(high),
                width: open(high),
            },
            [None, None] => Self {
                low: mean - 0.5,
                width: 1.0,
            },
        }
    }

    /// Place in widths of the band from its middle.
    fn place(&self, value: f64) -> f64 {
        (value - self.low) / self.width - 0.5
    }

    fn x(&self, value: f64) -> i32 {
        x_of(self.place(value).clamp(-REACH, REACH))
    }

    fn is_beyond(&self, value: f64) -> bool {
        self.place(value).abs() > REACH
    }
}

fn x_of(place: f64) -> i32 {
    let share = 0.5 + place / (2.0 * REACH);
    AXIS_FROM + (share * f64::from(AXIS_TO - AXIS_FROM)).round() as i32
}

fn draw_row(root: &Area, pattern: &JudgedPattern, statistic: &JudgedStatistic, y: i32) -> Drawn {
    let label = fit(&statistic.label, 16, AXIS_FROM - LABEL - 40);
    root.draw_text(&label, &left(text(16, colour::INK)), (LABEL, y))?;
    draw_band(root, statistic, y)?;
    let axis = Axis::of(statistic);
    let ink = ink_of(statistic.verdict);
    let hollow = pattern.verdict == Verdict::ByConstruction;
    for value in statistic.values.iter().flatten() {
        if axis.is_beyond(*value) {
            continue;
        }
        root.draw(&Circle::new((axis.x(*value), y), 3, ink.mix(0.45).filled()))?;
    }
    if let Some([from, to]) = statistic.interval {
        let line = vec![(axis.x(from), y), (axis.x(to), y)];
        root.draw(&PathElement::new(line, ink.stroke_width(3)))?;
    }
    if let Some(mean) = statistic.mean {
        draw_mean(root, &axis, mean, y, ink, hollow)?;
    }
    let [from, to] = ends(statistic);
    let numbers = match (statistic.mean, statistic.interval) {
        (None, _) => "nothing to measure".to_owned(),
        (Some(mean), None) => number(mean),
        (Some(mean), Some(_)) => format!("{} ({from} to {to})", number(mean)),
    };
    root.draw_text(&numbers, &right(text(15, colour::INK)), (NUMBERS, y))?;
    root.draw_text(&band(statistic), &right(text(15, colour::FAINT)), (BAND, y))?;
    let verdict = verdict_on(pattern, statistic);
    let verdict = fit(&verdict, 15, WIDTH as i32 - BAND - 26);
    root.draw_text(&verdict, &left(bold(15, ink)), (BAND + 16, y))?;
    Ok(())
}

fn draw_mean(root: &Area, axis: &Axis, mean: f64, y: i32, ink: RGBColor, hollow: bool) -> Drawn {
    let x = axis.x(mean);
    if axis.is_beyond(mean) {
        let tip = if axis.place(mean) > 0.0 { 10 } else { -10 };
        let arrow = vec![(x, y - 7), (x + tip, y), (x, y + 7)];
        root.draw(&Polygon::new(arrow, ink.filled()))?;
        return Ok(());
    }
    root.draw(&Circle::new((x, y), 7, ink.filled()))?;
    if hollow {
        root.draw(&Circle::new((x, y), 4, WHITE.filled()))?;
    }
    Ok(())
}

/// The band; on a side without an end it fades out.
fn draw_band(root: &Area, statistic: &JudgedStatistic, y: i32) -> Drawn {
    const STEPS: i32 = 12;
    let half = ROW / 2 - 4;
    let (from, to) = (x_of(-0.5), x_of(0.5));
    let block = |from: i32, to: i32, weight: f64| {
        let corners = [(from, y - half), (to, y + half)];
        Rectangle::new(corners, colour::FAINT.mix(weight).filled())
    };
    root.draw(&block(from, to, 0.22))?;
    let [low, high] = statistic.band;
    for step in 0..STEPS {
        let weight = 0.22 * (1.0 - f64::from(step) / f64::from(STEPS));
        let part = |end: i32, step: i32| end * step / STEPS;
        if high.is_none() {
            let span = AXIS_TO - to;
            root.draw(&block(
                to + part(span, step),
                to + part(span, step + 1),
                weight,
            ))?;
        }
        if low.is_none() {
            let span = from - AXIS_FROM;
            root.draw(&block(
                from - part(span, step + 1),
                from - part(span, step),
                weight,
            ))?;
        }
    }
    Ok(())
}
