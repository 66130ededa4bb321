//! What a study comes to: means over replications at every point, and what each factor accounts for. Tables, figures and the report are made from it.

use super::calibration::CalibrationFacts;
use super::design::{Point, Use};
use super::factor::{Factor, Value};
use super::morris::{Effects, effects};
use super::outcome::{Log, Outcome};
use super::plan::Plan;
use super::session::half_width;
use super::sobol::{Shares, shares};
use crate::experiment::Metric;
use crate::scenario::file::{DesignKind, TargetTable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a study comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyResult {
    /// Version of the program.
    pub version: String,
    /// Name of the study.
    pub study: String,
    /// Its title.
    pub title: String,
    /// Its story.
    pub story: String,
    /// The scenario.
    pub scenario: String,
    /// Changes to it that hold at every point.
    pub changes: Vec<String>,
    /// Consumers in it.
    pub consumers: u64,
    /// Seed from which those of runs and points come.
    pub base_seed: u64,
    /// What the points are for.
    pub of: Use,
    /// Kind of design; `None` where it is calibrated.
    pub design: Option<DesignKind>,
    /// Runs.
    pub runs: u64,
    /// The factors, in order of name.
    pub factors: Vec<Factor>,
    /// The points, in order.
    pub points: Vec<PointFacts>,
    /// By metric that is shown.
    pub metrics: Vec<MetricFacts>,
    /// What was observed, by name; none but in a calibration.
    pub targets: BTreeMap<String, TargetTable>,
    /// What a calibration came to.
    pub calibration: Option<CalibrationFacts>,
}

/// A point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointFacts {
    /// Coordinates, 0 to 1, by factor; `None`: as the scenario has it.
    pub coordinates: Vec<Option<f64>>,
    /// Values by factor.
    pub values: Vec<Option<Value>>,
    /// Replications.
    pub replications: u32,
}

/// What became of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricFacts {
    /// The metric.
    pub metric: Metric,
    /// By point: mean over replications; `None` where a replication has no value.
    pub means: Vec<Option<f64>>,
    /// By point: half of the 95 % interval of the mean; `None` of one replication.
    pub half_widths: Vec<Option<f64>>,
    /// By point: its difference from the first point; empty where points are not there to be compared one by one.
    #[serde(default)]
    pub differences: Vec<Difference>,
    /// By factor, elementary effects; empty unless the design is of trajectories.
    pub effects: Vec<Effects>,
    /// By factor, shares of variance; empty unless the design is of base samples and their mixtures.
    pub shares: Vec<Shares>,
}

/// How a point differs from the first one, replication by replication: the two have the same seeds, so that what they share drops out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Mean; `None` where a replication has no value.
    pub mean: Option<f64>,
    /// Half of its 95 % interval; `None` of one replication.
    pub half_width: Option<f64>,
}

/// Means of a metric at points, with half of their intervals.
#[derive(Debug, Clone, Default)]
struct Means {
    means: Vec<Option<f64>>,
    half_widths: Vec<Option<f64>>,
    differences: Vec<Difference>,
    /// What the first point came to, by replication.
    first: BTreeMap<u32, Option<f64>>,
}

impl Means {
    /// Takes in all replications of the next point; `place`: of the metric among those that a run has.
    fn enter(&mut self, of_point: &[Outcome], place: usize) {
        let values: Option<Vec<f64>> = of_point.iter().map(|run| run.values[place]).collect();
        let (mean, half) = mean_of(values.as_deref());
        self.means.push(mean);
        self.half_widths.push(half);
        if self.differences.is_empty() {
            let by_replication = |run: &Outcome| (run.job.replication, run.values[place]);
            self.first = of_point.iter().map(by_replication).collect();
        }
        // Where points have unlike numbers of replications, those that both have.
        let shared = of_point.iter().filter_map(|run| {
            let first = self.first.get(&run.job.replication)?;
            Some(
                run.values[place]
                    .zip(*first)
                    .map(|(here, there)| here - there),
            )
        });
        let differences: Option<Vec<f64>> = shared.collect();
        let (mean, half_width) = mean_of(differences.as_deref());
        self.differences.push(Difference { mean, half_width });
    }
}

/// The mean of values, and half of its 95 % interval.
fn mean_of(values: Option<&[f64]>) -> (Option<f64>, Option<f64>) {
    let values = values.filter(|values| !values.is_empty());
    let mean = values.map(|values| values.iter().sum::<f64>() / values.len() as f64);
    (mean, values.and_then(half_width).map(|(half, _)| half))
}

/// What a study comes to, all its runs being kept.
///
/// # Errors
/// A sentence, if a run cannot be read.
pub fn gather(
    plan: &Plan,
    points: &[Point],
    calibration: Option<CalibrationFacts>,
    log: &mut Log,
) -> Result<StudyResult, String> {
    let places: Vec<usize> = plan
        .shown
        .iter()
        .filter_map(|key| plan.metrics.iter().position(|metric| metric.key == *key))
        .collect();
    let mut gathered: Vec<Means> = vec![Means::default(); places.len()];
    let mut replications = Vec::with_capacity(points.len());
    let mut runs = 0;
    let mut end = |of_point: &mut Vec<Outcome>| {
        if of_point.is_empty() {
            return;
        }
        replications.push(of_point.len() as u32);
        for (place, gathered) in places.iter().zip(&mut gathered) {
            gathered.enter(of_point, *place);
        }
        of_point.clear();
    };
    let mut of_point: Vec<Outcome> = Vec::new();
    log.each(&mut |outcome| {
        runs += 1;
        if of_point
            .first()
            .is_some_and(|first| first.job.point != outcome.job.point)
        {
            end(&mut of_point);
        }
        of_point.push(outcome);
        Ok(())
    })?;
    end(&mut of_point);
    if replications.len() != points.len() {
        return Err("a point of the study is missing".to_owned());
    }
    let facts = points
        .iter()
        .zip(&replications)
        .map(|(point, replications)| PointFacts {
            coordinates: point.clone(),
            values: plan.values_of(point),
            replications: *replications,
        });
    let design = plan.file.design.as_ref().map(|design| design.kind);
    let design = design.filter(|_| plan.of != Use::Calibration);
    let targets = plan.file.targets.iter();
    let targets = targets.filter(|_| plan.of == Use::Calibration);
    // Points of a grid, and those that change one thing, are few and differ in what they are meant to.
    let one_by_one = matches!(design, Some(DesignKind::Grid | DesignKind::OneAtATime));
    let are_compared = one_by_one && points.len() > 1;
    let metrics = places.iter().zip(gathered).map(|(place, gathered)| {
        let Means {
            means, half_widths, ..
        } = gathered;
        let (effects, shares) = indices(plan, points, &means);
        MetricFacts {
            metric: plan.metrics[*place].clone(),
            means,
            half_widths,
            differences: match are_compared {
                true => gathered.differences,
                false => Vec::new(),
            },
            effects,
            shares,
        }
    });
    Ok(StudyResult {
        version: plan.version.clone(),
        study: plan.study.clone(),
        title: plan.file.title.clone(),
        story: plan.file.story.clone(),
        scenario: plan.bundle.name.clone(),
        changes: plan.file.changes.clone(),
        consumers: plan.bundle.scenario.population.consumers,
        base_seed: plan.bundle.seed,
        of: plan.of,
        design,
        runs,
        factors: plan.factors.clone(),
        points: facts.collect(),
        metrics: metrics.collect(),
        targets: targets
            .map(|(name, table)| (name.to_string(), table.clone()))
            .collect(),
        calibration,
    })
}

/// What each factor accounts for, as far as the design tells.
fn indices(
    plan: &Plan,
    points: &[Vec<Option<f64>>],
    means: &[Option<f64>],
) -> (Vec<Effects>, Vec<Shares>) {
    let (factors, seed) = (plan.factors.len(), plan.bundle.seed);
    match (plan.of, plan.file.design.as_ref().map(|design| design.kind)) {
        (Use::Sweep | Use::Sensitivity, Some(DesignKind::Morris)) => {
            // Effects are over the whole range of a factor: of values from the first to the last.
            let place = |(at, factor): (&Option<f64>, &Factor)| {
                let coordinate = at.unwrap_or(0.0);
                match f64::from(factor.spread.levels()) {
                    0.0 => coordinate,
                    levels => coordinate * levels / (levels - 1.0),
                }
            };
            let known = |point: &Point| point.iter().zip(&plan.factors).map(place).collect();
            let points: Vec<Vec<f64>> = points.iter().map(known).collect();
            (effects(&points, means, factors, seed), Vec::new())
        }
        (Use::Sensitivity, Some(DesignKind::Sobol)) => (Vec::new(), shares(means, factors, seed)),
        _ => Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::study::Job;

    fn runs(point: u32, values: &[Option<f64>]) -> Vec<Outcome> {
        let run = |(replication, value): (u32, &Option<f64>)| Outcome {
            job: Job { point, replication },
            seed: u64::from(replication),
            values: vec![*value],
            summary_sha256: String::new(),
            states_sha256: String::new(),
        };
        (0..).zip(values).map(run).collect()
    }

    /// Replications that are far apart and move alike: the difference is known well where the means are not.
    #[test]
    fn points_are_compared_replication_by_replication() {
        let mut means = Means::default();
        means.enter(&runs(0, &[10.0, 20.0, 60.0].map(Some)), 0);
        means.enter(&runs(1, &[11.0, 22.0, 63.0].map(Some)), 0);
        // Fewer replications, and one without a value.
        means.enter(&runs(2, &[15.0, 25.0].map(Some)), 0);
        means.enter(&runs(3, &[Some(1.0), None, Some(2.0)]), 0);
        let none = Difference::default();
        assert_eq!(means.means, [Some(30.0), Some(32.0), Some(20.0), None]);
        let told = |at: usize| means.differences[at];
        assert_eq!((told(0).mean, told(0).half_width), (Some(0.0), Some(0.0)));
        assert_eq!(told(1).mean, Some(2.0));
        // Student's quantile of two degrees of freedom, times the error of 1, 2, 3.
        let half = told(1).half_width.expect("three replications");
        assert!(
            (half - 4.302_652_73 / 3.0_f64.sqrt()).abs() < 1e-6,
            "{half}"
        );
        assert!(means.half_widths[1].expect("three") > 60.0);
        assert_eq!((told(2).mean, told(2).half_width), (Some(5.0), Some(0.0)));
        assert_eq!(told(3), none);
    }
}
