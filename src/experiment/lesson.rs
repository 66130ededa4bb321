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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Market, Nobody};
    use crate::money::Fen;
    use crate::scenario::file::OptionTable;
    use crate::scenario::{Request, load};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn measure(of: MeasuredOf) -> MeasureTable {
        MeasureTable {
            of,
            metric: None,
            room: None,
            total: None,
            against_room: None,
            words: "it is {} of them".to_owned(),
            words_zh: "共{}".to_owned(),
            written: WrittenAs::Number,
            digits: 0,
        }
    }

    fn option(from: Option<f64>, until: Option<f64>) -> OptionTable {
        OptionTable {
            text: "this".to_owned(),
            text_zh: "这个".to_owned(),
            from,
            until,
        }
    }

    fn question(options: Vec<OptionTable>) -> QuestionTable {
        QuestionTable {
            question: "how many?".to_owned(),
            question_zh: "多少？".to_owned(),
            measure: measure(MeasuredOf::A),
            options,
        }
    }

    /// The misbid's rooms before anything has happened, with paid orders of honest_room and misbid_room.
    fn summary(honest: u64, misbid: u64) -> Summary {
        let request = Request {
            what: "misbid",
            ..Request::default()
        };
        let bundle = load(&request).expect("a shipped scenario");
        let scenario = bundle.resolve().expect("it resolves");
        let mut summary = Market::new(Arc::new(scenario), Box::new(Nobody)).summary();
        for room in &mut summary.rooms {
            room.totals.paid_orders = match room.name.as_str() {
                "honest_room" => honest,
                "misbid_room" => misbid,
                _ => 0,
            };
        }
        summary.market.paid_orders = honest + misbid;
        summary.market.paid_sales = Fen(18_000 * (honest + misbid) as i64);
        summary
    }

    #[test]
    fn totals_and_metrics_are_measured_of_panes_and_rooms() {
        let (a, b) = (summary(100, 150), summary(80, 60));
        let total = |of, room: Option<&str>, against: Option<&str>| {
            let measure = MeasureTable {
                room: room.map(str::to_owned),
                against_room: against.map(str::to_owned),
                total: Some(TotalKind::PaidOrders),
                ..measure(of)
            };
            measured(&measure, &a, Some(&b))
        };
        use MeasuredOf::{A, B, Change, Difference};
        assert_eq!(total(A, None, None), Some(250.0));
        assert_eq!(total(B, None, None), Some(140.0));
        assert_eq!(total(Difference, None, None), Some(-110.0));
        assert_eq!(total(Change, Some("misbid_room"), None), Some(-0.6));
        assert_eq!(
            total(A, Some("misbid_room"), Some("honest_room")),
            Some(0.5)
        );
        assert_eq!(
            total(Difference, Some("misbid_room"), Some("honest_room")),
            Some(-0.75)
        );
        assert_eq!(total(A, Some("no_room"), None), None);
        assert_eq!(total(A, Some("misbid_room"), Some("two_sent_room")), None);
        let metric = MeasureTable {
            metric: Some("paid_sales".to_owned()),
            ..measure(Change)
        };
        assert_eq!(measured(&metric, &a, Some(&b)), Some(140.0 / 250.0 - 1.0));
        assert_eq!(measured(&metric, &a, None), None);
        let none = MeasureTable {
            total: Some(TotalKind::TrueConversion),
            ..measure(A)
        };
        assert_eq!(measured(&none, &a, None), None, "nobody has looked in");
    }

    #[test]
    fn values_are_told_in_both_languages() {
        let told = |of, written, digits, value| {
            let measure = MeasureTable {
                written,
                digits,
                ..measure(of)
            };
            in_words(&measure, value)
        };
        use MeasuredOf::{A, Change, Difference};
        use WrittenAs::{Number, Percent};
        assert_eq!(
            told(A, Number, 0, 12_345.6),
            ["it is 12,346 of them", "共12,346"]
        );
        assert_eq!(
            told(Difference, Number, 1, -1234.56),
            ["it is \u{2212}1,234.6 of them", "共\u{2212}1,234.6"]
        );
        assert_eq!(told(Change, Percent, 0, 0.4)[1], "共+40\u{a0}%");
        assert_eq!(told(Change, Percent, 0, -0.001)[1], "共0\u{a0}%");
        assert_eq!(told(A, Percent, 1, 0.1234)[1], "共12.3\u{a0}%");
    }

    #[test]
    fn an_option_begins_where_it_says_and_ends_before_it_says() {
        let question = question(vec![
            option(Some(1.0), None),
            option(None, Some(0.0)),
            option(Some(0.0), Some(1.0)),
        ]);
        let answers = [-5.0, 0.0, 0.999, 1.0, 9.0].map(|value| answer(&question, value));
        assert_eq!(answers, [Some(1), Some(2), Some(2), Some(0), Some(0)]);
        assert_eq!(answer(&question, f64::NAN), None);
        assert_eq!(answer(&question, f64::INFINITY), Some(0));
        assert_eq!(answer(&question, f64::NEG_INFINITY), Some(1));
    }

    proptest! {
        #[test]
        fn every_value_falls_into_one_option(
            cuts in prop::collection::btree_set(-1_000_i32..1_000, 1..6),
            turned in 0_usize..6,
            values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 1..20),
        ) {
            let cuts: Vec<f64> = cuts.into_iter().map(|cut| f64::from(cut) / 8.0).collect();
            let from = std::iter::once(None).chain(cuts.iter().copied().map(Some));
            let until = cuts.iter().copied().map(Some).chain(std::iter::once(None));
            let mut options: Vec<OptionTable> = from.zip(until).map(|(from, until)| option(from, until)).collect();
            let turned = turned % options.len();
            options.rotate_left(turned);
            let question = question(options);
            for value in values.into_iter().chain(cuts) {
                let holds = |option: &&OptionTable| {
                    option.from.is_none_or(|from| value >= from) && option.until.is_none_or(|until| value < until)
                };
                prop_assert_eq!(question.options.iter().filter(holds).count(), 1);
                let found = answer(&question, value).map(|at| &question.options[at]);
                prop_assert!(found.is_some_and(|option| holds(&option)));
            }
        }
    }
}
