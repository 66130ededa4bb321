//! Calibration: which values of the factors bring runs near to what was observed. Ties the targets of a study to the algorithm in `smc.rs`: a candidate's distance is that of its worst
//! target, in tolerances, from the mean over its replications.

use super::design::Point;
use super::factor::{Factor, Value};
use super::outcome::{Job, Outcome};
use super::plan::Plan;
use super::smc::{Ended, Particle, Smc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Place of the metric among the plan's.
    pub place: usize,
    /// What was observed, in the metric's unit.
    pub value: f64,
    /// How far a candidate may be from it, in the metric's unit.
    pub tolerance: f64,
}

impl Target {
    /// How far a value is from what was observed, in tolerances; endless where there is none.
    pub fn distance(&self, value: Option<f64>) -> f64 {
        value.map_or(f64::INFINITY, |value| {
            (value - self.value).abs() / self.tolerance
        })
    }
}

/// A calibration that is going on: a function of the plan and of the outcomes that were noted, whatever their order.
#[derive(Debug)]
pub struct Calibration {
    smc: Smc,
    targets: Vec<Target>,
    replications: u32,
    /// Values of the targets' metrics, by run of the batch that is going on.
    noted: BTreeMap<Job, Vec<Option<f64>>>,
}

impl Calibration {
    /// Begins the calibration of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            smc: Smc::new(plan.settings(), plan.factors.len(), plan.bundle.seed),
            targets: plan.targets(),
            replications: plan.file.replications,
            noted: BTreeMap::new(),
        }
    }

    /// How many candidates there are so far.
    pub fn candidates(&self) -> usize {
        self.smc.points().len()
    }

    /// All candidates so far, in order.
    pub fn points(&self) -> Vec<Point> {
        (0..self.candidates()).map(|at| self.point(at)).collect()
    }

    /// The point of a candidate.
    pub fn point(&self, candidate: usize) -> Point {
        let coordinates = &self.smc.points()[candidate];
        coordinates.iter().copied().map(Some).collect()
    }

    /// Notes an outcome, and goes on to the next batches as far as all of a batch is known.
    pub fn note(&mut self, outcome: &Outcome) {
        let values = self
            .targets
            .iter()
            .map(|target| outcome.values[target.place]);
        self.noted.insert(outcome.job, values.collect());
        while let Some(distances) = self.distances() {
            self.noted.clear();
            self.smc.tell(&distances);
        }
    }

    /// Distances of the batch; `None` while a run of it is missing, or when there is no batch.
    fn distances(&self) -> Option<Vec<f64>> {
        let batch = self.smc.batch();
        let needed = batch.len() * self.replications as usize;
        match needed > 0 && self.noted.len() >= needed {
            true => batch.map(|candidate| self.distance(candidate)).collect(),
            false => None,
        }
    }

    fn distance(&self, candidate: usize) -> Option<f64> {
        let runs = (0..self.replications).map(|replication| {
            let point = candidate as u32;
            self.noted.get(&Job { point, replication })
        });
        let runs: Vec<&Vec<Option<f64>>> = runs.collect::<Option<_>>()?;
        let of_target = |(at, target): (usize, &Target)| {
            let values: Option<Vec<f64>> = runs.iter().map(|values| values[at]).collect();
            target.distance(values.map(|values| mean(&values)))
        };
        let distances = self.targets.iter().enumerate().map(of_target);
        Some(distances.fold(0.0, f64::max))
    }

    /// What it has come to.
    pub fn facts(&self, factors: &[Factor]) -> CalibrationFacts {
        let rounds = self.smc.rounds();
        let particles = rounds.last().map(|round| round.particles.clone());
        let particles = particles.unwrap_or_default();
        let posterior = factors.iter().enumerate().map(|(at, factor)| {
            let weighted = particles.iter().map(|of| {
                let coordinate = self.smc.points()[of.candidate as usize][at];
                (factor.at(coordinate), of.weight)
            });
            Posterior::of(weighted.collect())
        });
        CalibrationFacts {
            ended: self.smc.ended(),
            posterior: posterior.collect(),
            rounds: rounds
                .iter()
                .map(|round| RoundFacts {
                    bound: round.bound,
                    candidates: round.candidates,
                    effective: round.effective(),
                })
                .collect(),
            particles,
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// What a calibration came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationFacts {
    /// Why it ended.
    pub ended: Option<Ended>,
    /// Its rounds.
    pub rounds: Vec<RoundFacts>,
    /// Particles of the last round; none where no round ended.
    pub particles: Vec<Particle>,
    /// By factor, what they say of it.
    pub posterior: Vec<Posterior>,
}

/// A round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RoundFacts {
    /// Distance that was near enough, in tolerances; `None` in the first round, which takes all.
    pub bound: Option<f64>,
    /// Candidates tried.
    pub candidates: u32,
    /// Particles of equal weight that would tell as much.
    pub effective: f64,
}

/// What particles say of a factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posterior {
    /// Of a factor of numbers, in its unit.
    Numbers {
        /// Weighted mean.
        mean: f64,
        /// Weighted standard deviation.
        deviation: f64,
        /// Values below which 2.5, 50 and 97.5 % of the weight lie.
        quantiles: [f64; 3],
    },
    /// Of regimes, texts or flags: the weight of each that has any, in order of name.
    Levels(BTreeMap<String, f64>),
    /// There are no particles.
    Nothing,
}

impl Posterior {
    fn of(weighted: Vec<(Value, f64)>) -> Self {
        if weighted.is_empty() {
            return Posterior::Nothing;
        }
        let numbers: Option<Vec<(f64, f64)>> = weighted
            .iter()
            .map(|(value, weight)| Some((value.number()?, *weight)))
            .collect();
        match numbers {
            Some(mut numbers) => {
                numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mean: f64 = numbers.iter().map(|(value, weight)| value * weight).sum();
                let squares = numbers
                    .iter()
                    .map(|(value, weight)| weight * (value - mean) * (value - mean));
                Posterior::Numbers {
                    mean,
                    deviation: libm::sqrt(squares.sum()),
                    quantiles: [0.025, 0.5, 0.975].map(|share| weighted_quantile(&numbers, share)),
                }
            }
            None => {
                let mut levels = BTreeMap::new();
                for (value, weight) in weighted {
                    *levels.entry(value.to_string()).or_insert(0.0) += weight;
                }
                Posterior::Levels(levels)
            }
        }
    }
}

/// The least value up to which a share of the weight lies; the values rise, and weights add up to 1.
pub fn weighted_quantile(values: &[(f64, f64)], share: f64) -> f64 {
    let mut reached = 0.0;
    let found = values.iter().find(|(_, weight)| {
        reached += weight;
        reached >= share
    });
    found
        .or(values.last())
        .map_or(f64::NAN, |(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::file::LevelValue;

    #[test]
    fn a_posterior_is_told_in_the_units_of_its_factor() {
        let numbers = [4.0, 2.0, 1.0].into_iter().zip([0.25, 0.25, 0.5]);
        let numbers = numbers.map(|(value, weight)| (Value::Number(value), weight));
        assert_eq!(
            Posterior::of(numbers.collect()),
            Posterior::Numbers {
                mean: 2.0,
                deviation: libm::sqrt(1.5),
                quantiles: [1.0, 1.0, 4.0],
            }
        );
        let text = |name: &str| Value::Level(LevelValue::Text(name.to_owned()));
        let levels = vec![(text("b"), 0.25), (text("a"), 0.5), (text("b"), 0.25)];
        let told = BTreeMap::from([("a".to_owned(), 0.5), ("b".to_owned(), 0.5)]);
        assert_eq!(Posterior::of(levels), Posterior::Levels(told));
        assert_eq!(Posterior::of(Vec::new()), Posterior::Nothing);
    }

    #[test]
    fn a_distance_is_in_tolerances_and_endless_of_nothing() {
        let target = Target {
            place: 0,
            value: 10.0,
            tolerance: 4.0,
        };
        assert_eq!(target.distance(Some(4.0)), 1.5);
        assert_eq!(target.distance(None), f64::INFINITY);
    }
}
