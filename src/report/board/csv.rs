//! A board for spreadsheets and programs: one row a figure.

use crate::detect::scoring::{Figure, Operation, SplitFigures, Track, Verdict};
use crate::experiment::detection::{Averted, Board, Payoffs, Remix, Tried};

/// Columns of the file.
const COLUMNS: [&str; 7] = [
    "track", "detector", "figure", "budget", "value", "low", "high",
];

/// The board as CSV with the columns track, detector, figure, budget, value, low and high; low and high are the ends of the 95 % interval.
///
/// Track is empty for what is of no track. Budget is empty for what needs none; of a track it is in the track's unit (false alarms per room-hour of
/// rooms, otherwise the false-positive rate), of a market both with a slash between. Shares are from 0 to 1, times in seconds, money in yuan.
pub fn board_csv(board: &Board) -> String {
    let mut sheet = Sheet::default();
    sheet.line(COLUMNS.map(str::to_owned));
    for tried in &board.detectors {
        for verdict in &tried.verdicts {
            of_verdict(&mut sheet, &tried.name, verdict);
        }
        of_market(&mut sheet, board, tried);
        of_run(&mut sheet, tried);
    }
    if let Some(payoffs) = &board.adaptive {
        of_farms(&mut sheet, payoffs);
    }
    sheet.text()
}

/// Rows that are being written.
struct Sheet(csv::Writer<Vec<u8>>);

impl Default for Sheet {
    fn default() -> Self {
        Self(csv::Writer::from_writer(Vec::new()))
    }
}

/// What a row is about.
#[derive(Clone)]
struct About<'a> {
    track: &'a str,
    detector: &'a str,
    budget: String,
}

impl Sheet {
    fn line(&mut self, cells: [String; 7]) {
        // A vector takes whatever is written to it.
        let _ = self.0.write_record(cells);
    }

    fn figure(&mut self, about: &About, name: &str, figure: &Figure) {
        self.row(about, name, figure.mean, figure.interval);
    }

    fn row(&mut self, about: &About, name: &str, value: Option<f64>, interval: Option<[f64; 2]>) {
        let written = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        self.line([
            about.track.to_owned(),
            about.detector.to_owned(),
            name.to_owned(),
            about.budget.clone(),
            written(value),
            written(interval.map(|[low, _]| low)),
            written(interval.map(|[_, high]| high)),
        ]);
    }

    fn text(self) -> String {
        let bytes = self.0.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

fn of_verdict(sheet: &mut Sheet, detector: &str, verdict: &Verdict) {
    let about = About {
        track: verdict.track.name(),
        detector,
        budget: String::new(),
    };
    for (name, figure) in [
        ("prevalence", &verdict.prevalence),
        ("average_precision", &verdict.average_precision),
        ("roc_area", &verdict.roc_area),
    ] {
        sheet.figure(&about, name, figure);
    }
    for at in &verdict.recall_at {
        let name = format!("recall_at_{}", at.false_positive_rate);
        sheet.figure(&about, &name, &at.recall);
    }
    for at in &verdict.precision_at {
        let highest = at.highest.map(|highest| highest.to_string());
        let name = format!(
            "precision_at_{}",
            highest.as_deref().unwrap_or("as_many_as_positive")
        );
        sheet.figure(&about, &name, &at.precision);
    }
    for operation in &verdict.operations {
        let about = About {
            budget: operation.budget.to_string(),
            ..about.clone()
        };
        of_operation(sheet, &about, operation);
    }
    for part in &verdict.splits {
        of_split(sheet, &about, part, &verdict.operations);
    }
}

fn of_operation(sheet: &mut Sheet, about: &About, operation: &Operation) {
    sheet.row(about, "threshold", operation.threshold, None);
    for (name, figure) in [
        ("found", &operation.found),
        ("median_delay_seconds", &operation.median_delay),
        ("false_positive_rate", &operation.false_positive_rate),
        ("precision", &operation.precision),
        ("recall", &operation.recall),
    ] {
        sheet.figure(about, name, figure);
    }
    let overall = operation.overall_median_delay;
    sheet.row(about, "overall_median_delay_seconds", overall, None);
    if let Some(alarms) = &operation.false_alarms_per_room_hour {
        sheet.figure(about, "false_alarms_per_room_hour", alarms);
    }
    for twin in &operation.twins {
        let name = format!("twin_flagged.{}", twin.twin.name());
        sheet.figure(about, &name, &twin.alarmed);
    }
    for size in &operation.sizes {
        let name = format!("false_positive_rate.viewers_from_{}", size.viewers_from);
        sheet.figure(about, &name, &size.false_positive_rate);
    }
}

fn of_split(sheet: &mut Sheet, about: &About, part: &SplitFigures, operations: &[Operation]) {
    let name = part.split.name();
    let campaigns = Some(part.campaigns as f64);
    sheet.row(about, &format!("campaigns.{name}"), campaigns, None);
    let precision = format!("average_precision.{name}");
    sheet.figure(about, &precision, &part.average_precision);
    for (operation, found) in operations.iter().zip(&part.found) {
        let about = About {
            budget: operation.budget.to_string(),
            ..about.clone()
        };
        sheet.figure(&about, &format!("found.{name}"), found);
    }
}

fn of_market(sheet: &mut Sheet, board: &Board, tried: &Tried) {
    for (budget, averted) in board.budgets.iter().zip(&tried.averted) {
        let about = About {
            track: "",
            detector: &tried.name,
            budget: format!(
                "{}/{}",
                budget.alarms_per_room_hour, budget.false_positive_rate
            ),
        };
        for (name, figure) in [
            ("harm_averted", &averted.harm_averted),
            ("share_averted", &averted.share_averted),
            ("honest_sales_lost", &averted.honest_sales_lost),
            ("honest_sales_gained", &averted.honest_sales_gained),
            ("review_cost", &averted.review_cost),
            ("net", &averted.net),
        ] {
            sheet.figure(&about, name, figure);
        }
        of_alerts(sheet, &about, averted);
    }
}

fn of_alerts(sheet: &mut Sheet, about: &About, averted: &Averted) {
    let kinds = Track::ALL
        .iter()
        .zip(averted.right.iter().zip(&averted.wrong));
    for (track, (right, wrong)) in kinds {
        let about = About {
            track: track.name(),
            ..about.clone()
        };
        sheet.figure(&about, "alerts_right", right);
        sheet.figure(&about, "alerts_wrong", wrong);
    }
}

fn of_run(sheet: &mut Sheet, tried: &Tried) {
    let about = About {
        track: "",
        detector: &tried.name,
        budget: String::new(),
    };
    for (name, value) in [
        (
            "seconds_per_million_events",
            tried.seconds_per_million_events,
        ),
        ("bytes_per_million_events", tried.bytes_per_million_events),
    ] {
        if value.is_some() {
            sheet.row(&about, name, value, None);
        }
    }
    let troubles = tried.trouble.len() as f64;
    sheet.row(&about, "troubles", Some(troubles), None);
}

fn of_farms(sheet: &mut Sheet, payoffs: &Payoffs) {
    let about = |detector| About {
        track: "",
        detector,
        budget: String::new(),
    };
    for (name, cells) in [
        ("farm_return", &payoffs.farm_return),
        ("caught", &payoffs.caught),
        ("harm", &payoffs.harm),
    ] {
        for (tactic, row) in payoffs.tactics.iter().zip(cells) {
            for (detector, figure) in payoffs.detectors.iter().zip(row) {
                sheet.figure(&about(detector), &format!("{name}.{tactic}"), figure);
            }
        }
    }
    for learnt in &payoffs.learnt {
        let about = about(&learnt.detector);
        sheet.figure(&about, "static_caught", &learnt.static_caught);
        sheet.figure(&about, "adapted_caught", &learnt.adapted_caught);
        let (tactic, worst) = &learnt.worst_caught;
        sheet.figure(&about, &format!("worst_caught.{tactic}"), worst);
        for (name, evenings) in [
            ("caught", &learnt.caught),
            ("harm", &learnt.harm),
            ("farm_return", &learnt.farm_return),
        ] {
            for (evening, figure) in evenings.iter().enumerate() {
                sheet.figure(&about, &format!("{name}.evening_{evening}"), figure);
            }
        }
        of_mix(sheet, &about, payoffs, &learnt.mix);
        for remix in &learnt.precision {
            of_remix(sheet, &learnt.detector, remix);
        }
    }
}

fn of_remix(sheet: &mut Sheet, detector: &str, remix: &Remix) {
    let about = About {
        track: remix.track.name(),
        detector,
        budget: String::new(),
    };
    let (tactic, worst) = &remix.worst_precision;
    for (name, figure) in [
        ("static_chance", &remix.static_chance),
        ("static_average_precision", &remix.static_precision),
        ("adapted_chance", &remix.adapted_chance),
        ("adapted_average_precision", &remix.adapted_precision),
        (&format!("worst_average_precision.{tactic}"), worst),
    ] {
        sheet.figure(&about, name, figure);
    }
}

fn of_mix(sheet: &mut Sheet, about: &About, payoffs: &Payoffs, mix: &[Vec<f64>]) {
    for (evening, shares) in mix.iter().enumerate() {
        for (tactic, share) in payoffs.tactics.iter().zip(shares) {
            let name = format!("mix.{tactic}.evening_{evening}");
            sheet.row(about, &name, Some(*share), None);
        }
    }
}
