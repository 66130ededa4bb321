//! A study in words and numbers, as tables and figures write them.

use crate::experiment::study::{Spread, StudyResult, Use, Value};
use crate::report::comparison::counted;
use crate::report::digits::{NONE, Scale};
use crate::scenario::file::DesignKind;

/// Version, scenario, design and seed, as they stand on every figure.
pub fn footer(study: &StudyResult) -> String {
    let parts = [
        format!("yellowcart {}", study.version),
        format!("study {}", study.study),
        format!("scenario {}", study.scenario),
        design(study),
        format!("seed {}", study.base_seed),
    ];
    parts.join("  \u{b7}  ")
}

/// The design, with its points and runs.
pub fn design(study: &StudyResult) -> String {
    let name = match (study.design, study.of) {
        (Some(DesignKind::Grid), _) => "grid",
        (Some(DesignKind::LatinHypercube), _) => "Latin hypercube",
        (Some(DesignKind::Sobol), Use::Sweep) => "Sobol sequence",
        (Some(DesignKind::Sobol), Use::Sensitivity) => "Sobol base samples with mixtures",
        (Some(DesignKind::Morris), _) => "trajectories",
        (Some(DesignKind::OneAtATime), _) => "one at a time",
        (None, _) => "no design",
    };
    let runs = study.runs as usize;
    format!(
        "{name}, {}, {}",
        counted(study.points.len(), "point"),
        counted(runs, "run")
    )
}

/// How a factor's values are spread.
pub fn spread(spread: &Spread) -> String {
    match spread {
        Spread::Range([low, high]) => format!("{low} to {high}"),
        Spread::LogRange([low, high]) => format!("{low} to {high}, logarithmic"),
        Spread::Normal([mean, deviation]) => format!("normal, {mean} \u{b1} {deviation}"),
        Spread::Lognormal([median, spread]) => {
            format!("lognormal, median {median}, spread {spread}")
        }
        Spread::Triangular([low, mode, high]) => format!("triangular, {low}, {mode}, {high}"),
        Spread::Regimes(names) => names.join(", "),
        Spread::Values(values) => {
            let values = values
                .iter()
                .map(|value| Value::Level(value.clone()).to_string());
            values.collect::<Vec<_>>().join(", ")
        }
    }
}

/// A factor's value as a label.
pub fn value(value: Option<&Value>) -> String {
    match value {
        Some(value) => match value.number() {
            Some(number) => Scale::of("").value(number),
            None => value.to_string(),
        },
        None => NONE.to_owned(),
    }
}

/// One row a point and metric: point, replications, a column for each factor, metric, unit, mean, low and high (ends of the 95 % interval over replications).
pub fn points_csv(study: &StudyResult) -> String {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let mut head = vec!["point".to_owned(), "replications".to_owned()];
    head.extend(study.factors.iter().map(|factor| factor.name.clone()));
    head.extend(["metric", "unit", "mean", "low", "high"].map(str::to_owned));
    // A vector takes whatever is written to it.
    let _ = sheet.write_record(&head);
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for (at, point) in study.points.iter().enumerate() {
        for facts in &study.metrics {
            let (mean, half) = (facts.means[at], facts.half_widths[at]);
            let ends = mean
                .zip(half)
                .map(|(mean, half)| (mean - half, mean + half));
            let mut row = vec![at.to_string(), point.replications.to_string()];
            let values = point.values.iter();
            row.extend(values.map(|value| value.as_ref().map_or(String::new(), Value::to_string)));
            row.extend([facts.metric.key.clone(), facts.metric.unit.clone()]);
            row.extend([
                number(mean),
                number(ends.map(|ends| ends.0)),
                number(ends.map(|ends| ends.1)),
            ]);
            let _ = sheet.write_record(&row);
        }
    }
    String::from_utf8(sheet.into_inner().unwrap_or_default()).unwrap_or_default()
}
