//! What a lesson asks, answered by the model: what is measured, which option holds it, and the sentence in which it is told.

use super::metrics::{metrics_in, metrics_of, no_metric};
use crate::market::{Summary, Totals};
use crate::money::in_thousands;
use crate::scenario::file::{MeasureTable, MeasuredOf, QuestionTable, TotalKind, WrittenAs};
use crate::scenario::{Faults, Lesson};

/// Checks the metrics that a lesson's questions name: the scenario has them.
///
/// # Errors
/// The metrics that it has not, each with those that may be meant.
pub fn check_lesson(lesson: &Lesson) -> Result<(), Faults> {
    let questions = [&lesson.file.predict, &lesson.file.check];
    let named: Vec<&String> = questions
        .into_iter()
        .filter_map(|question| question.measure.metric.as_ref())
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let scenario = lesson.bundle.resolve().map_err(Faults::one)?;
    let metrics = metrics_in(scenario);
    let mut faults = Faults::default();
    for key in named {
        if !metrics.iter().any(|metric| metric.key == *key) {
            faults.0.append(&mut no_metric(key, &metrics).0);
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(faults),
    }
}

/// What is measured of the panes `a` and `b`; `None` where there is no such value: a share of nothing, a pane or a room that is not there.
pub fn measured(measure: &MeasureTable, a: &Summary, b: Option<&Summary>) -> Option<f64> {
    let of = |summary: &Summary| value_in(measure, summary);
    let value = match measure.of {
        MeasuredOf::A => of(a)?,
        MeasuredOf::B => of(b?)?,
        MeasuredOf::Difference => of(b?)? - of(a)?,
        MeasuredOf::Change => beyond(of(b?)?, of(a)?)?,
    };
    value.is_finite().then_some(value)
}

/// The option that holds a value; `None` of what is no number.
pub fn answer(question: &QuestionTable, value: f64) -> Option<usize> {
    question.options.iter().position(|option| {
        let from = option.from.unwrap_or(f64::NEG_INFINITY);
        let until = option.until.unwrap_or(f64::INFINITY);
        let is_last = option.until.is_none() && value == f64::INFINITY;
        value >= from && (value < until || is_last)
    })
}

/// The sentence that tells a value, in English and in Chinese. What compares two panes or two rooms has its sign.
pub fn in_words(measure: &MeasureTable, value: f64) -> [String; 2] {
    let compares = matches!(measure.of, MeasuredOf::Difference | MeasuredOf::Change)
        || measure.against_room.is_some();
    let written = written(measure, value, compares);
    [&measure.words, &measure.words_zh].map(|words| words.replacen("{}", &written, 1))
}

fn written(measure: &MeasureTable, value: f64, compares: bool) -> String {
    let (value, unit) = match measure.written {
        WrittenAs::Number => (value, ""),
        WrittenAs::Percent => (100.0 * value, "\u{a0}%"),
    };
    let digits = format!("{:.*}", measure.digits as usize, value.abs());
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let (whole, rest) = match digits.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (digits.as_str(), String::new()),
    };
    let sign = match () {
        () if is_zero => "",
        () if value < 0.0 => "\u{2212}",
        () if compares => "+",
        () => "",
    };
    format!("{sign}{}{rest}{unit}", in_thousands(whole))
}

fn value_in(measure: &MeasureTable, summary: &Summary) -> Option<f64> {
    if let Some(key) = &measure.metric {
        let metrics = metrics_of(summary);
        let found = metrics.into_iter().find(|(metric, _)| metric.key == *key);
        return found.and_then(|(_, value)| value);
    }
    let total = measure.total?;
    let of_room = |name: &str| {
        let room = summary.rooms.iter().find(|room| room.name == name)?;
        total_of(&room.totals, total)
    };
    match (&measure.room, &measure.against_room) {
        (None, _) => total_of(&summary.market, total),
        (Some(room), None) => of_room(room),
        (Some(room), Some(other)) => beyond(of_room(room)?, of_room(other)?),
    }
}

/// What one value has more than another, as a share of the other.
fn beyond(value: f64, other: f64) -> Option<f64> {
    (other != 0.0).then(|| value / other - 1.0)
}

fn total_of(totals: &Totals, kind: TotalKind) -> Option<f64> {
    let count = |count: u64| Some(count as f64);
    match kind {
        TotalKind::DisplayedViews => count(totals.displayed_views),
        TotalKind::RealViews => count(totals.real_views),
        TotalKind::PeakDisplayedViewers => count(totals.peak_displayed_viewers),
        TotalKind::PeakRealViewers => count(totals.peak_real_viewers),
        TotalKind::Looks => count(totals.looks),
        TotalKind::DisplayedOrders => count(totals.displayed_orders),
        TotalKind::RealOrders => count(totals.real_orders),
        TotalKind::BrushedOrders => count(totals.brushed_orders),
        TotalKind::DistinctBuyers => count(totals.distinct_buyers),
        TotalKind::PaidOrders => count(totals.paid_orders),
        TotalKind::PaidSales => Some(totals.paid_sales.yuan()),
        TotalKind::TrueConversion => totals.true_conversion(),
        TotalKind::ApparentConversion => totals.apparent_conversion(),
        TotalKind::HarmPaid => Some(totals.harm_paid.total),
    }
}
