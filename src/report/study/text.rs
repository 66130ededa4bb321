//! A study as tables: for a terminal, and as rows for a page.

use super::words as say;
use crate::experiment::study::{
    CalibrationFacts, Factor, Index, MetricFacts, Posterior, StudyResult,
};
use crate::report::digits::{NONE, Scale};
use crate::report::table::{Column, Table, numbers, words, wrapped};

/// Points in the table of means, at most.
const POINTS: usize = 40;

/// The study as text, in lines of 120 letters at most.
pub fn study_table(study: &StudyResult) -> String {
    let mut out = wrapped(&study.title, "");
    let about = format!(
        "study {}; scenario {}; {}; seed {}; yellowcart {}",
        study.study,
        study.scenario,
        say::design(study),
        study.base_seed,
        study.version
    );
    out.push_str(&wrapped(&about, ""));
    out.push('\n');
    tables(study).iter().for_each(|table| table.write(&mut out));
    match study.calibration {
        Some(_) => out.push_str(
            "All candidates are in points.csv, the particles of the last round in posterior.csv.\n",
        ),
        None => {
            points(study).write(&mut out);
            if let Some(table) = differences(study) {
                table.write(&mut out);
            }
        }
    }
    out
}

/// Its tables: the factors, and what they account for; of a calibration what was learnt.
pub fn tables(study: &StudyResult) -> Vec<Table> {
    let mut tables = vec![factors(study)];
    if let Some(facts) = &study.calibration {
        tables.extend([posterior(study, facts), targets(study), rounds(facts)]);
    }
    for facts in &study.metrics {
        tables.extend(shares(study, facts));
        tables.extend(effects(study, facts));
    }
    tables
}

fn posterior(study: &StudyResult, facts: &CalibrationFacts) -> Table {
    let pairs = study.factors.iter().zip(&facts.posterior);
    let rows = pairs.map(|(factor, posterior)| {
        let mut row = vec![factor.name.clone(), say::spread(&factor.spread)];
        let (mean, deviation, median) = match posterior {
            Posterior::Numbers {
                mean,
                deviation,
                quantiles,
            } => (Some(*mean), Some(*deviation), Some(quantiles[1])),
            Posterior::Levels(_) | Posterior::Nothing => (None, None, None),
        };
        let told =
            |value: Option<f64>| value.map_or(NONE.to_owned(), |value| Scale::of("").value(value));
        row.extend([told(mean), told(deviation), told(median)]);
        row.push(say::interval(posterior));
        row
    });
    Table {
        title: "Posterior: what was observed says of the factors".to_owned(),
        head: vec![
            words("", "factor"),
            words("", "before"),
            numbers("", "mean"),
            numbers("", "deviation"),
            numbers("", "median"),
            numbers("", "95 % of the weight"),
        ],
        rows: rows.collect(),
        notes: vec![format!("{}.", say::ended(facts))],
    }
}

fn targets(study: &StudyResult) -> Table {
    let told = say::targets(study);
    let rows = told.iter().map(|target| {
        let scale = Scale::of(&target.unit);
        let mut row = vec![target.name.clone(), target.label.clone()];
        row.push(scale.unit().to_owned());
        row.extend(scale.alike(&[target.value, target.tolerance]));
        match target.quantiles {
            Some([low, middle, high]) => {
                row.push(scale.value(middle));
                row.push(scale.alike(&[low, high]).join(" to "));
            }
            None => row.extend([NONE.to_owned(), NONE.to_owned()]),
        }
        row
    });
    let sources = told.iter().filter(|target| !target.source.is_empty());
    Table {
        title: "Targets: what was observed, and what the particles give".to_owned(),
        head: vec![
            words("", "target"),
            words("", "metric"),
            words("", "unit"),
            numbers("", "observed"),
            numbers("", "tolerance"),
            numbers("particles:", "median"),
            numbers("", "95 % of the weight"),
        ],
        rows: rows.collect(),
        notes: sources
            .map(|target| format!("{}: {}", target.name, target.source))
            .collect(),
    }
}

fn rounds(facts: &CalibrationFacts) -> Table {
    let rows = facts.rounds.iter().enumerate().map(|(at, round)| {
        let bound = round
            .bound
            .map_or("any".to_owned(), |bound| Scale::of("").value(bound));
        let share = facts.particles.len() as f64 / f64::from(round.candidates);
        vec![
            (at + 1).to_string(),
            bound,
            round.candidates.to_string(),
            format!("{} %", Scale::of("share").value(share)),
            Scale::of("").value(round.effective),
        ]
    });
    Table {
        title: "Rounds".to_owned(),
        head: vec![
            words("", "round"),
            numbers("distance in", "tolerances"),
            numbers("", "candidates"),
            numbers("", "kept"),
            numbers("effective", "particles"),
        ],
        rows: rows.collect(),
        notes: vec!["Effective particles: as many of equal weight would tell as much.".to_owned()],
    }
}

fn factors(study: &StudyResult) -> Table {
    let row = |factor: &Factor| {
        vec![
            factor.name.clone(),
            factor.path.clone(),
            factor.unit.clone(),
            say::spread(&factor.spread),
        ]
    };
    Table {
        title: "Factors".to_owned(),
        head: vec![
            words("", "factor"),
            words("", "parameter"),
            words("", "unit"),
            words("", "values"),
        ],
        rows: study.factors.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn told(index: &Index, scale: Scale) -> [String; 2] {
    let value = index
        .value
        .map_or(NONE.to_owned(), |value| scale.value(value));
    let ends = index
        .interval
        .map_or(NONE.to_owned(), |ends| scale.alike(&ends).join(" to "));
    [value, ends]
}

fn shares(study: &StudyResult, facts: &MetricFacts) -> Option<Table> {
    if facts.shares.is_empty() {
        return None;
    }
    let mut pairs: Vec<_> = study.factors.iter().zip(&facts.shares).collect();
    let weight = |index: &Index| index.value.unwrap_or(f64::NEG_INFINITY);
    pairs.sort_by(|a, b| {
        weight(&b.1.total)
            .total_cmp(&weight(&a.1.total))
            .then_with(|| a.0.name.cmp(&b.0.name))
    });
    let scale = Scale::of("");
    let rows = pairs.into_iter().map(|(factor, shares)| {
        let mut row = vec![factor.name.clone()];
        row.extend(told(&shares.first, scale));
        row.extend(told(&shares.total, scale));
        row
    });
    Some(Table {
        title: format!("{}: shares of its variance", facts.metric.label),
        head: vec![words("", "factor"), numbers("first", "order"), numbers("", "95 % interval"), numbers("", "total"), numbers("", "95 % interval")],
        rows: rows.collect(),
        notes: vec!["First order: what the factor accounts for by itself. Total: with its interactions. Bootstrap over rows of the base samples.".to_owned()],
    })
}

fn effects(study: &StudyResult, facts: &MetricFacts) -> Option<Table> {
    if facts.effects.is_empty() {
        return None;
    }
    let scale = Scale::of(&facts.metric.unit);
    let mut pairs: Vec<_> = study.factors.iter().zip(&facts.effects).collect();
    let weight = |index: &Index| index.value.unwrap_or(f64::NEG_INFINITY);
    pairs.sort_by(|a, b| {
        weight(&b.1.mean_size)
            .total_cmp(&weight(&a.1.mean_size))
            .then_with(|| a.0.name.cmp(&b.0.name))
    });
    let rows = pairs.into_iter().map(|(factor, effects)| {
        let mut row = vec![factor.name.clone()];
        row.extend(told(&effects.mean_size, scale));
        row.extend(told(&effects.mean, scale));
        row.push(told(&effects.deviation, scale)[0].clone());
        row
    });
    let unit = scale.unit_of_difference();
    Some(Table {
        title: format!("{}: elementary effects, {unit} over the whole range of a factor", facts.metric.label),
        head: vec![words("", "factor"), numbers("mean", "size"), numbers("", "95 % interval"), numbers("", "mean"), numbers("", "95 % interval"), numbers("", "deviation")],
        rows: rows.collect(),
        notes: vec!["Mean size: how much the factor matters. Deviation: curvature and interactions. Bootstrap over trajectories.".to_owned()],
    })
}

/// Differences of points from the first one, where there are any to tell.
pub fn differences(study: &StudyResult) -> Option<Table> {
    let compared: Vec<&MetricFacts> = study
        .metrics
        .iter()
        .filter(|facts| !facts.differences.is_empty())
        .collect();
    if compared.is_empty() {
        return None;
    }
    let row = |at: usize| {
        let mut row = begun(study, at);
        row.extend(compared.iter().map(|facts| {
            let (scale, difference) = (Scale::of(&facts.metric.unit), facts.differences[at]);
            with_half(scale, difference.mean, difference.half_width)
        }));
        row
    };
    let columns = compared.iter().map(|facts| {
        let unit = Scale::of(&facts.metric.unit).unit_of_difference();
        numbers(&facts.metric.key, unit)
    });
    let mut head = head_of_points(study);
    head.extend(columns);
    Some(Table {
        title: "Differences from point 0".to_owned(),
        head,
        rows: (1..study.points.len().min(POINTS)).map(row).collect(),
        notes: vec!["Replication by replication: both points have the same seeds. \u{b1}: half of the 95 % interval of the difference.".to_owned()],
    })
}

/// What heads a table of points.
fn head_of_points(study: &StudyResult) -> Vec<Column> {
    let mut head = vec![words("", "point")];
    head.extend(study.factors.iter().map(|factor| numbers("", &factor.name)));
    head
}

/// A point's number and values.
fn begun(study: &StudyResult, at: usize) -> Vec<String> {
    let values = study.points[at].values.iter();
    let mut row = vec![at.to_string()];
    row.extend(values.map(|value| say::value(value.as_ref())));
    row
}

/// A mean with half of its interval, as far as there are any.
fn with_half(scale: Scale, mean: Option<f64>, half: Option<f64>) -> String {
    match (mean, half) {
        (Some(mean), Some(half)) => scale.alike(&[mean, half]).join(" \u{b1} "),
        (Some(mean), None) => scale.value(mean),
        (None, _) => NONE.to_owned(),
    }
}

/// Means over replications at the first points.
pub fn points(study: &StudyResult) -> Table {
    let mut head = head_of_points(study);
    head.extend(
        study
            .metrics
            .iter()
            .map(|facts| numbers(&facts.metric.key, Scale::of(&facts.metric.unit).unit())),
    );
    let row = |at: usize| {
        let mut row = begun(study, at);
        row.extend(study.metrics.iter().map(|facts| {
            let scale = Scale::of(&facts.metric.unit);
            with_half(scale, facts.means[at], facts.half_widths[at])
        }));
        row
    };
    let shown = study.points.len().min(POINTS);
    let mut notes = vec!["\u{b1}: half of the 95 % interval over replications. A dash under a factor: as the scenario has it.".to_owned()];
    if shown < study.points.len() {
        notes.push(format!(
            "The first {shown} of {} points; all are in points.csv.",
            study.points.len()
        ));
    }
    Table {
        title: "Points".to_owned(),
        head,
        rows: (0..shown).map(row).collect(),
        notes,
    }
}
