//! A study in words and numbers, as tables and figures write them.

use crate::experiment::study::{
    CalibrationFacts, Ended, Index, Posterior, Spread, StudyResult, Use, Value, weighted_quantile,
};
use crate::report::comparison::counted;
use crate::report::digits::{NONE, Scale};
use crate::scenario::file::{DesignKind, TargetTable};

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
        (Some(DesignKind::Sobol), Use::Sensitivity) => "Sobol base samples with mixtures",
        (Some(DesignKind::Sobol), _) => "Sobol sequence",
        (Some(DesignKind::Morris), _) => "trajectories",
        (Some(DesignKind::OneAtATime), _) => "one at a time",
        (None, _) => "sequential Monte Carlo",
    };
    let runs = study.runs as usize;
    let points = match study.of {
        Use::Calibration => "candidate",
        Use::Sweep | Use::Sensitivity => "point",
    };
    format!(
        "{name}, {}, {}",
        counted(study.points.len(), points),
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
            Some(number) => Scale::of("").set(number),
            None => value.to_string(),
        },
        None => NONE.to_owned(),
    }
}

/// How a calibration ended.
pub fn ended(facts: &CalibrationFacts) -> String {
    let asked = facts.rounds.last().and_then(|round| round.bound);
    let asked = asked.map_or("at any distance".to_owned(), |bound| {
        format!("within {} tolerances", Scale::of("").value(bound))
    });
    let rounds = counted(facts.rounds.len(), "round");
    match facts.ended {
        Some(Ended::Near) => {
            format!("After {rounds} all particles are within the tolerance of every target")
        }
        _ if facts.rounds.is_empty() => {
            "No round ended: too few candidates gave the targets a value".to_owned()
        }
        Some(Ended::Rounds) => {
            format!("After {rounds}, as many as allowed, particles are {asked}, not within one")
        }
        _ => format!(
            "After as many runs as allowed and {rounds} particles are {asked}, not within one"
        ),
    }
}

/// What the middle 95 % of a posterior are.
pub fn interval(posterior: &Posterior) -> String {
    match posterior {
        Posterior::Numbers { quantiles, .. } => {
            let ends = Scale::of("").alike(&[quantiles[0], quantiles[2]]);
            ends.join(" to ")
        }
        Posterior::Levels(levels) => {
            let share = |(name, weight): (&String, &f64)| {
                format!("{name} {} %", Scale::of("share").value(*weight))
            };
            levels.iter().map(share).collect::<Vec<_>>().join(", ")
        }
        Posterior::Nothing => NONE.to_owned(),
    }
}

/// A target, and what the particles of the last round give for it.
pub struct TargetTold {
    /// Its name.
    pub name: String,
    /// What its metric is called.
    pub label: String,
    /// The metric's unit.
    pub unit: String,
    /// What was observed.
    pub value: f64,
    /// How far a candidate may be from it.
    pub tolerance: f64,
    /// Where it was observed.
    pub source: String,
    /// Values below which 2.5, 50 and 97.5 % of the particles' weight lie; `None` where there are none.
    pub quantiles: Option<[f64; 3]>,
}

/// The targets in order of name.
pub fn targets(study: &StudyResult) -> Vec<TargetTold> {
    let particles = study.calibration.iter().flat_map(|facts| &facts.particles);
    let particles: Vec<_> = particles.collect();
    let told = |(name, table): (&String, &TargetTable)| {
        let facts = study
            .metrics
            .iter()
            .find(|of| of.metric.key == table.metric)?;
        let known = particles
            .iter()
            .filter_map(|of| Some((facts.means[of.candidate as usize]?, of.weight)));
        let mut known: Vec<(f64, f64)> = known.collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let quantiles = [0.025, 0.5, 0.975].map(|share| weighted_quantile(&known, share));
        Some(TargetTold {
            name: name.clone(),
            label: facts.metric.label.clone(),
            unit: facts.metric.unit.clone(),
            value: table.value,
            tolerance: table.tolerance,
            source: table.source.clone(),
            quantiles: (!known.is_empty()).then_some(quantiles),
        })
    };
    study.targets.iter().filter_map(told).collect()
}

/// One row a factor, metric and index (mean, mean_size, deviation of elementary effects; first, total of shares of variance): factor, metric, unit, index, value, low and high (ends of the 95 %
/// bootstrap interval). `None` where the design tells nothing of importance.
pub fn indices_csv(study: &StudyResult) -> Option<String> {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let mut rows = 0;
    // A vector takes whatever is written to it.
    let _ = sheet.write_record(["factor", "metric", "unit", "index", "value", "low", "high"]);
    for facts in &study.metrics {
        let metric = &facts.metric;
        let mut row = |factor: &str, unit: &str, name: &str, index: &Index| {
            let number =
                |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
            let ends = [0, 1].map(|end| number(index.interval.map(|ends| ends[end])));
            let [low, high] = &ends;
            let value = number(index.value);
            let _ = sheet.write_record([factor, &metric.key, unit, name, &value, low, high]);
            rows += 1;
        };
        for (factor, effects) in study.factors.iter().zip(&facts.effects) {
            row(&factor.name, &metric.unit, "mean", &effects.mean);
            row(&factor.name, &metric.unit, "mean_size", &effects.mean_size);
            row(&factor.name, &metric.unit, "deviation", &effects.deviation);
        }
        for (factor, shares) in study.factors.iter().zip(&facts.shares) {
            row(&factor.name, "share", "first", &shares.first);
            row(&factor.name, "share", "total", &shares.total);
        }
    }
    let text = String::from_utf8(sheet.into_inner().unwrap_or_default()).unwrap_or_default();
    (rows > 0).then_some(text)
}

/// One row a particle of the last round: candidate (its number in runs.parquet and points.csv), weight, distance in tolerances, a column for each factor and each metric that is shown.
pub fn posterior_csv(study: &StudyResult) -> String {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let mut head = ["candidate", "weight", "distance"]
        .map(str::to_owned)
        .to_vec();
    head.extend(study.factors.iter().map(|factor| factor.name.clone()));
    head.extend(study.metrics.iter().map(|facts| facts.metric.key.clone()));
    // A vector takes whatever is written to it.
    let _ = sheet.write_record(&head);
    for particle in study.calibration.iter().flat_map(|facts| &facts.particles) {
        let at = particle.candidate as usize;
        let numbers = [particle.weight, particle.distance].map(|number| number.to_string());
        let mut row = vec![at.to_string()];
        row.extend(numbers);
        let values = study.points[at].values.iter();
        row.extend(values.map(|value| value.as_ref().map_or(String::new(), Value::to_string)));
        let means = study.metrics.iter().map(|facts| facts.means[at]);
        row.extend(means.map(|mean| mean.map_or(String::new(), |mean| mean.to_string())));
        let _ = sheet.write_record(&row);
    }
    String::from_utf8(sheet.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A mean and the ends of its interval, as far as there are any.
fn with_ends(mean: Option<f64>, half: Option<f64>) -> [String; 3] {
    let ends = mean.zip(half);
    let ends = ends.map(|(mean, half)| (mean - half, mean + half));
    let numbers = [mean, ends.map(|ends| ends.0), ends.map(|ends| ends.1)];
    numbers.map(|value| value.map_or(String::new(), |value| value.to_string()))
}

/// One row a point and metric: point, replications, a column for each factor, metric, unit, mean, low and high (ends of the 95 % interval over replications);
/// then the same three of the difference from the first point, run by run with the same seeds, where points are compared.
pub fn points_csv(study: &StudyResult) -> String {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let mut head = vec!["point".to_owned(), "replications".to_owned()];
    head.extend(study.factors.iter().map(|factor| factor.name.clone()));
    head.extend(["metric", "unit", "mean", "low", "high"].map(str::to_owned));
    head.extend(["difference", "difference_low", "difference_high"].map(str::to_owned));
    // A vector takes whatever is written to it.
    let _ = sheet.write_record(&head);
    for (at, point) in study.points.iter().enumerate() {
        for facts in &study.metrics {
            let difference = facts.differences.get(at).copied().unwrap_or_default();
            let mut row = vec![at.to_string(), point.replications.to_string()];
            let values = point.values.iter();
            row.extend(values.map(|value| value.as_ref().map_or(String::new(), Value::to_string)));
            row.extend([facts.metric.key.clone(), facts.metric.unit.clone()]);
            row.extend(with_ends(facts.means[at], facts.half_widths[at]));
            row.extend(with_ends(difference.mean, difference.half_width));
            let _ = sheet.write_record(&row);
        }
    }
    String::from_utf8(sheet.into_inner().unwrap_or_default()).unwrap_or_default()
}
