//! Bayesian change points in each series of a room: how probable it is that a new, higher level began within the last three refreshes.
//!
//! Adams and MacKay 2007 ("Bayesian online changepoint detection", arXiv:0710.3742, algorithm 1): the run length is the number of values since the
//! last change; its distribution is carried from value to value. Here with a constant hazard of 1/250, and within a run a normal law of unknown mean
//! and variance, whose conjugate prior is a normal-inverse-gamma with mean 0, kappa 1, alpha 1 and beta 1 (predictive: Student's t; Murphy 2007,
//! "Conjugate Bayesian analysis of the Gaussian distribution", section 3). Values are in standard deviations of the series' first thirty. At most the
//! 300 latest runs are kept, and none of a probability below 0.0001 (the paper cuts the tail likewise).

use super::charts::{Chart, Charts};
use super::standard::Standard;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// Probability of a change from one value to the next.
const HAZARD: f64 = 1.0 / 250.0;

/// The prior of a run.
const PRIOR: Run = Run {
    length: 0,
    mass: 1.0,
    mean: 0.0,
    beta: 1.0,
    // Half the square root of pi.
    gamma_ratio: 0.886_226_925_452_758,
};

/// Kappa of the prior: its mean weighs as much as so many values.
const PRIOR_KAPPA: f64 = 1.0;

/// Alpha of the prior: half its degrees of freedom.
const PRIOR_ALPHA: f64 = 1.0;

/// Runs kept at most.
const MOST_RUNS: usize = 300;

/// Probability below which a run is forgotten.
const LEAST_MASS: f64 = 1e-4;

/// Values within which a change counts as recent.
const RECENT: usize = 3;

/// The detector: suspects rooms with a series that has probably risen just now. Scores are probabilities, from 0 to 1.
pub type BayesianChangePoint = Charts<BayesianChangePointChart>;

/// The chart of one series.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BayesianChangePointChart {
    standard: Standard,
    runs: Runs,
    /// Values seen by the runs.
    seen: u32,
    /// Mean levels after each of the last values, the oldest first.
    levels: [f64; RECENT],
}

/// One hypothesis: that the present run is so long.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Run {
    /// Values in the run.
    length: u32,
    /// Its probability.
    mass: f64,
    /// Mean of the posterior.
    mean: f64,
    /// Beta of the posterior.
    beta: f64,
    /// Gamma(alpha + 1/2) / Gamma(alpha), of the predictive's density.
    gamma_ratio: f64,
}

/// The distribution of the run length, the longest run first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Runs(Vec<Run>);

impl Default for Runs {
    fn default() -> Self {
        Self(vec![PRIOR])
    }
}

impl Run {
    fn kappa(&self) -> f64 {
        PRIOR_KAPPA + f64::from(self.length)
    }

    fn alpha(&self) -> f64 {
        PRIOR_ALPHA + f64::from(self.length) / 2.0
    }

    /// The average of the run's values alone, without the prior.
    fn level(&self) -> f64 {
        let length = f64::from(self.length.max(1));
        self.mean * (PRIOR_KAPPA + length) / length
    }

    /// Density of the next value: Student's t with 2 alpha degrees of freedom, around the mean, with scale beta (kappa + 1) / (alpha kappa).
    fn density(&self, value: f64) -> f64 {
        let spread = 2.0 * self.beta * (self.kappa() + 1.0) / self.kappa();
        let difference = value - self.mean;
        // To the power of alpha + 1/2, which is half a whole number.
        let tail = (1.0 + difference * difference / spread).sqrt();
        self.gamma_ratio / (power(tail, self.length.saturating_add(3)) * (PI * spread).sqrt())
    }

    /// The run with one more value (Murphy 2007, equations 86 to 89).
    fn grown(&self, value: f64, mass: f64) -> Run {
        let kappa = self.kappa();
        let difference = value - self.mean;
        Run {
            length: self.length.saturating_add(1),
            mass,
            mean: self.mean + difference / (kappa + 1.0),
            beta: self.beta + kappa * difference * difference / (2.0 * (kappa + 1.0)),
            // Gamma(alpha + 1) = alpha Gamma(alpha) saves both Gammas at every step.
            gamma_ratio: self.alpha() / self.gamma_ratio,
        }
    }
}

/// A whole power, by squaring: the same everywhere, and quicker than logarithms.
fn power(mut base: f64, mut exponent: u32) -> f64 {
    let mut power = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            power *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    power
}

impl Runs {
    /// Takes a value in: every run grows, or ends (steps 3 to 8 of the algorithm).
    fn see(&mut self, value: f64) {
        let (mut ended, mut total) = (0.0, 0.0);
        for run in &mut self.0 {
            let joint = run.mass * run.density(value);
            *run = run.grown(value, joint * (1.0 - HAZARD));
            ended += joint * HAZARD;
            total += joint;
        }
        // The total is above 0: the run that has just begun has at least the hazard's mass, and a prior with heavy tails.
        self.0.push(Run {
            mass: ended,
            ..PRIOR
        });
        for run in &mut self.0 {
            run.mass /= total;
        }
        self.prune();
    }

    /// Forgets what is improbable, and the longest runs if there are too many.
    fn prune(&mut self) {
        self.0.retain(|run| run.mass >= LEAST_MASS);
        let surplus = self.0.len().saturating_sub(MOST_RUNS);
        self.0.drain(..surplus);
        let total: f64 = self.0.iter().map(|run| run.mass).sum();
        for run in &mut self.0 {
            run.mass /= total;
        }
    }

    /// The expected level.
    fn level(&self) -> f64 {
        self.0.iter().map(|run| run.mass * run.level()).sum()
    }

    /// Probability that a run above a level began within the last values.
    fn risen(&self, above: f64) -> f64 {
        let recent = |run: &&Run| (1..=RECENT as u32).contains(&run.length);
        let risen = |run: &Run| {
            if run.level() > above { run.mass } else { 0.0 }
        };
        self.0.iter().filter(recent).map(risen).sum()
    }
}

impl Chart for BayesianChangePointChart {
    const NAME: &'static str = "bayesian_change_point";

    fn see(&mut self, value: f64) -> Option<f64> {
        let standardised = self.standard.see(value)?;
        self.runs.see(standardised);
        let [before, second, third] = self.levels;
        self.levels = [second, third, self.runs.level()];
        self.seen = self.seen.saturating_add(1);
        // The first run begins with the series, not with a change.
        (self.seen > RECENT as u32).then(|| self.runs.risen(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 9] = [0.1, -0.4, 0.3, 0.2, -0.1, 6.0, 5.5, 6.3, 5.9];

    /// Marginal likelihood of a run by the closed form of the whole segment (Murphy 2007, equation 95).
    fn evidence(segment: &[f64]) -> f64 {
        let count = segment.len() as f64;
        let mean = segment.iter().sum::<f64>() / count.max(1.0);
        let squares: f64 = segment.iter().map(|value| (value - mean).powi(2)).sum();
        let beta = 1.0 + squares / 2.0 + count * mean * mean / (2.0 * (1.0 + count));
        let gamma = libm::tgamma(1.0 + count / 2.0);
        gamma / beta.powf(1.0 + count / 2.0) / (1.0 + count).sqrt() / (2.0 * PI).powf(count / 2.0)
    }

    /// Run-length distribution after all values, by going through all 2^n sets of change points.
    fn by_enumeration(values: &[f64]) -> Vec<f64> {
        let mut masses = vec![0.0; values.len() + 1];
        for changes in 0..1_u32 << values.len() {
            // A bit says that the run ends after this value.
            let (mut mass, mut start) = (1.0, 0);
            for end in 1..=values.len() {
                if changes >> (end - 1) & 1 == 1 {
                    mass *= HAZARD * evidence(&values[start..end]);
                    start = end;
                } else {
                    mass *= 1.0 - HAZARD;
                }
            }
            masses[values.len() - start] += mass * evidence(&values[start..]);
        }
        let total: f64 = masses.iter().sum();
        masses.iter().map(|mass| mass / total).collect()
    }

    #[test]
    fn the_distribution_is_that_of_all_sets_of_change_points() {
        let mut runs = Runs::default();
        for (index, value) in VALUES.into_iter().enumerate() {
            runs.see(value);
            let expected = by_enumeration(&VALUES[..=index]);
            for (length, expected) in expected.iter().enumerate() {
                let found = runs.0.iter().find(|run| run.length == length as u32);
                let found = found.map_or(0.0, |run| run.mass);
                assert!((found - expected).abs() < 1e-4, "{found} for {expected}");
            }
        }
    }

    #[test]
    fn the_density_is_that_of_the_t_law_and_its_constant_stays_exact() {
        let mut run = PRIOR;
        // With 2 degrees of freedom and scale^2 2: 1 / (2 sqrt 2 * scale) at 0.
        assert!((run.density(0.0) - 0.25).abs() < 1e-12);
        for length in 1..2_000 {
            run = run.grown(f64::from(length % 3), 1.0);
        }
        let expected = libm::lgamma(run.alpha() + 0.5) - libm::lgamma(run.alpha());
        assert!((libm::log(run.gamma_ratio) - expected).abs() < 1e-9);
    }

    #[test]
    fn a_rise_is_seen_at_once_and_a_fall_is_none() {
        let last = |level: f64, after: usize| {
            let mut chart = BayesianChangePointChart::default();
            for number in 0..90 {
                chart.see(10.0 + f64::from(number % 3) / 2.0);
            }
            (0..after).filter_map(|_| chart.see(level)).last().unwrap()
        };
        assert!(last(16.0, 2) > 0.9, "{}", last(16.0, 2));
        assert!(last(16.0, 9) < 0.1, "{}", last(16.0, 9));
        assert!(last(4.0, 2) < 0.01, "{}", last(4.0, 2));
        assert!(last(10.5, 2) < 0.05, "{}", last(10.5, 2));
    }

    #[test]
    fn no_more_runs_are_kept_than_are_allowed() {
        let mut runs = Runs::default();
        for number in 0..2_000 {
            runs.see(f64::from(number % 7));
            assert!(runs.0.len() <= MOST_RUNS);
        }
        let total: f64 = runs.0.iter().map(|run| run.mass).sum();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
    }
}
