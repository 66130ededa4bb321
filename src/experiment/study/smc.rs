//! Approximate Bayesian computation by sequential Monte Carlo (Beaumont, Cornuet, Marin and Robert 2009) in the unit cube: which points bring a run near to what was observed. It is
//! given distances and gives points; it runs nothing.
//!
//! The first round draws particles evenly from the cube. Every further round asks for a smaller distance: that within which the given share of the round before lies. Its candidates are
//! particles of the round before, drawn by weight and moved; those near enough are kept until there are as many as wanted. A particle weighs what the prior gives it over what the proposal
//! gave it. Moves are normal, with twice the particles' weighted variance, and cut at the sides of the cube.
//!
//! Candidates are numbered, and proposed in batches that depend on the seed and on the distances told before. Of a round those of the lowest numbers are kept. So it does not matter in
//! which order, or where, the candidates of a batch are tried.

use super::factor::normal_at;
use crate::draws::{Draws, Mechanism, identity_of_name, identity_of_pair};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Standard deviation of a move, at least: particles that agree in a coordinate must not stand still.
const LEAST_MOVE: f64 = 1e-4;

/// Share of candidates taken to be near enough, at least, when it is worked out how many to propose at once.
const LEAST_SHARE: f64 = 0.05;

/// How it goes about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Particles of every round.
    pub particles: usize,
    /// Share of a round's particles whose distance the next round has to keep to.
    pub keep: f64,
    /// Rounds, at most.
    pub rounds: usize,
    /// Candidates, at most.
    pub candidates: usize,
    /// The distance that is near enough: a round that keeps to it is the last.
    pub near: f64,
}

/// A candidate that was near enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Particle {
    /// Its number among all candidates, from 0.
    pub candidate: u32,
    /// Its weight; those of a round add up to 1.
    pub weight: f64,
    /// Its distance.
    pub distance: f64,
}

/// A round that ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// The distance that was near enough; `None` in the first round, which takes every candidate that has one.
    pub bound: Option<f64>,
    /// Candidates tried.
    pub candidates: u32,
    /// Those kept, in order of number.
    pub particles: Vec<Particle>,
}

impl Round {
    /// As many particles of equal weight would tell as much: 1 over the sum of squared weights.
    pub fn effective(&self) -> f64 {
        let squares = self.particles.iter().map(|of| of.weight * of.weight);
        1.0 / squares.sum::<f64>()
    }
}

/// Why it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All particles of the last round are near enough.
    Near,
    /// As many rounds were done as allowed.
    Rounds,
    /// As many candidates were tried as allowed.
    Candidates,
}

/// A calibration that is going on.
#[derive(Debug, Clone)]
pub struct Smc {
    settings: Settings,
    draws: Draws,
    dimensions: usize,
    points: Vec<Vec<f64>>,
    distances: Vec<f64>,
    rounds: Vec<Round>,
    /// Number of the first candidate of the round that is going on.
    first: usize,
    bound: Option<f64>,
    moves: Vec<f64>,
    ended: Option<Ended>,
}

impl Smc {
    /// Begins, with the first batch proposed.
    pub fn new(settings: Settings, dimensions: usize, seed: u64) -> Self {
        let mut smc = Self {
            settings,
            draws: Draws::new(seed),
            dimensions,
            points: Vec::new(),
            distances: Vec::new(),
            rounds: Vec::new(),
            first: 0,
            bound: None,
            moves: Vec::new(),
            ended: None,
        };
        smc.propose(settings.particles);
        smc
    }

    /// Coordinates of all candidates so far, in order of number.
    pub fn points(&self) -> &[Vec<f64>] {
        &self.points
    }

    /// Numbers of the candidates whose distances are wanted; none when it has ended.
    pub fn batch(&self) -> Range<usize> {
        self.distances.len()..self.points.len()
    }

    /// Rounds that ended.
    pub fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    /// Why it ended, if it has.
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// Tells the distances of the batch, in order of number, and proposes the next. One that is not finite is of a candidate that has no distance, and is never near.
    pub fn tell(&mut self, distances: &[f64]) {
        self.distances.extend_from_slice(distances);
        let near = self.near();
        match near.len() < self.settings.particles {
            true => self.go_on(near.len()),
            false => self.close(&near[..self.settings.particles]),
        }
    }

    /// Candidates of this round that are near enough.
    fn near(&self) -> Vec<usize> {
        let bound = self.bound.unwrap_or(f64::INFINITY);
        let is_near = |at: &usize| self.distances[*at].is_finite() && self.distances[*at] <= bound;
        (self.first..self.distances.len()).filter(is_near).collect()
    }

    /// More candidates for the round that is going on.
    fn go_on(&mut self, near: usize) {
        let tried = self.distances.len() - self.first;
        let share = (near as f64 / tried as f64).max(LEAST_SHARE);
        let needed = (self.settings.particles - near) as f64 / share;
        self.propose(libm::ceil(needed) as usize);
    }

    /// Ends a round with these candidates, and begins the next with a smaller bound.
    fn close(&mut self, near: &[usize]) {
        let weights = self.weights(near);
        let particles = near.iter().zip(weights).map(|(at, weight)| Particle {
            candidate: *at as u32,
            weight,
            distance: self.distances[*at],
        });
        let round = Round {
            bound: self.bound,
            candidates: (self.distances.len() - self.first) as u32,
            particles: particles.collect(),
        };
        self.rounds.push(round);
        let settings = self.settings;
        if self.bound.is_some_and(|bound| bound <= settings.near) {
            self.ended = Some(Ended::Near);
        } else if self.rounds.len() >= settings.rounds {
            self.ended = Some(Ended::Rounds);
        } else {
            self.moves = self.moves();
            self.bound = Some(self.share_of_distances(settings.keep).max(settings.near));
            self.first = self.points.len();
            self.propose(settings.particles);
        }
    }

    fn last(&self) -> &[Particle] {
        self.rounds.last().map_or(&[], |round| &round.particles)
    }

    /// The distance within which a share of the last round's particles lies.
    fn share_of_distances(&self, share: f64) -> f64 {
        let mut distances: Vec<f64> = self.last().iter().map(|of| of.distance).collect();
        distances.sort_unstable_by(f64::total_cmp);
        let at = libm::ceil(share * distances.len() as f64) as usize;
        distances[at.clamp(1, distances.len()) - 1]
    }

    /// Standard deviation of moves by dimension: of twice the last round's weighted variance.
    fn moves(&self) -> Vec<f64> {
        let of_dimension = |dimension: usize| {
            let mean = |value: &dyn Fn(f64) -> f64| -> f64 {
                let particles = self.last().iter();
                let parts = particles
                    .map(|of| of.weight * value(self.points[of.candidate as usize][dimension]));
                parts.sum()
            };
            let centre = mean(&|at| at);
            let variance = mean(&|at| (at - centre) * (at - centre));
            libm::sqrt(2.0 * variance).max(LEAST_MOVE)
        };
        (0..self.dimensions).map(of_dimension).collect()
    }

    /// What candidates weigh: the prior's density, which is 1, over that of the proposal.
    fn weights(&self, near: &[usize]) -> Vec<f64> {
        let proposed = |at: &usize| -> f64 {
            let parts = self.last().iter().map(|of| {
                let from = &self.points[of.candidate as usize];
                let to = &self.points[*at];
                let sides = from.iter().zip(to).zip(&self.moves);
                let density: f64 = sides
                    .map(|((from, to), deviation)| density(*from, *to, *deviation))
                    .product();
                of.weight * density
            });
            parts.sum()
        };
        let raw: Vec<f64> = match self.last() {
            [] => vec![1.0; near.len()],
            _ => near.iter().map(|at| 1.0 / proposed(at)).collect(),
        };
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|weight| weight / sum).collect()
    }

    /// Proposes candidates, as far as more are allowed; where none are, it ends with the rounds that it has.
    fn propose(&mut self, count: usize) {
        let last = self.settings.candidates.min(self.points.len() + count);
        if last == self.points.len() {
            self.ended = Some(Ended::Candidates);
        }
        while self.points.len() < last {
            self.points.push(self.candidate(self.points.len()));
        }
    }

    /// A candidate: evenly from the cube, or a particle of the last round, drawn by weight and moved.
    fn candidate(&self, number: usize) -> Vec<f64> {
        let identity = identity_of_pair(identity_of_name("candidate"), number as u64);
        let uniform = |ordinal: u32| {
            let words = self.draws.at(Mechanism::Study, identity, ordinal / 4);
            words.uniform(ordinal as usize % 4)
        };
        let dimensions = 0..self.dimensions;
        let Some(from) = self.drawn(uniform(0)) else {
            let ordinals = dimensions.map(|dimension| uniform(dimension as u32 + 1));
            return ordinals.collect();
        };
        let moved = dimensions.map(|dimension| {
            let quantile = uniform(dimension as u32 + 1);
            moved(from[dimension], self.moves[dimension], quantile)
        });
        moved.collect()
    }

    /// A particle of the last round, drawn by weight; none in the first.
    fn drawn(&self, uniform: f64) -> Option<&Vec<f64>> {
        let mut left = uniform;
        let reached = self.last().iter().find(|of| {
            left -= of.weight;
            left < 0.0
        });
        let particle = reached.or(self.last().last())?;
        Some(&self.points[particle.candidate as usize])
    }
}

fn below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Shares of a normal distribution that lie below both sides of the unit interval.
fn sides(from: f64, deviation: f64) -> [f64; 2] {
    [below(-from / deviation), below((1.0 - from) / deviation)]
}

/// The quantile of a normal distribution that is cut at the sides of the unit interval.
fn moved(from: f64, deviation: f64, quantile: f64) -> f64 {
    let [low, high] = sides(from, deviation);
    let z = normal_at(low + quantile * (high - low));
    (from + deviation * z).clamp(0.0, 1.0)
}

/// Density of that distribution.
fn density(from: f64, to: f64, deviation: f64) -> f64 {
    let [low, high] = sides(from, deviation);
    let z = (to - from) / deviation;
    let normal = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
    normal / (deviation * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings {
        particles: 500,
        keep: 0.5,
        rounds: 20,
        candidates: 100_000,
        near: 1.0,
    };

    /// Mean and standard deviation of a coordinate of the last round.
    fn moments(smc: &Smc, dimension: usize) -> (f64, f64) {
        let of = |value: &dyn Fn(f64) -> f64| -> f64 {
            let particles = smc.rounds().last().expect("a round").particles.iter();
            particles
                .map(|of| of.weight * value(smc.points()[of.candidate as usize][dimension]))
                .sum()
        };
        let mean = of(&|x| x);
        (mean, libm::sqrt(of(&|x| (x - mean) * (x - mean))))
    }

    fn carried_out(
        settings: Settings,
        dimensions: usize,
        seed: u64,
        distance: impl Fn(usize, &[f64]) -> f64,
    ) -> Smc {
        let mut smc = Smc::new(settings, dimensions, seed);
        while smc.ended().is_none() {
            let batch = smc.batch();
            let told: Vec<f64> = batch.map(|at| distance(at, &smc.points()[at])).collect();
            smc.tell(&told);
        }
        smc
    }

    #[test]
    fn what_is_seen_exactly_leaves_an_even_posterior_within_the_tolerance() {
        // Within 0.02 of 0.3, whatever the other coordinate: even over [0.28, 0.32] x [0, 1], of deviations 0.04 / sqrt(12) and 1 / sqrt(12).
        let smc = carried_out(SETTINGS, 2, 11, |_, x| (x[0] - 0.3).abs() / 0.02);
        assert_eq!(smc.ended(), Some(Ended::Near));
        let (mean, deviation) = moments(&smc, 0);
        assert!((mean - 0.3).abs() < 0.002, "{mean}");
        assert!((deviation - 0.011_547).abs() < 0.001, "{deviation}");
        let (mean, deviation) = moments(&smc, 1);
        assert!((mean - 0.5).abs() < 0.06, "{mean}");
        assert!((deviation - 0.288_7).abs() < 0.03, "{deviation}");
        let last = smc.rounds().last().expect("a round");
        assert!(last.particles.iter().all(|of| of.distance <= 1.0));
        assert!(last.effective() > 250.0, "{}", last.effective());
        let weights: f64 = last.particles.iter().map(|of| of.weight).sum();
        assert!((weights - 1.0).abs() < 1e-12);
    }

    #[test]
    fn noise_widens_the_posterior_as_the_closed_form_says() {
        // One observation, 0.6, of the coordinate with normal noise of deviation 0.05: the posterior is normal with that deviation and the tolerance's own, 0.01 / sqrt(3).
        let draws = Draws::new(5);
        let noise = |at: usize| {
            0.05 * draws
                .at(Mechanism::Study, identity_of_name("noise"), at as u32)
                .normal(0)
        };
        let smc = carried_out(SETTINGS, 1, 12, |at, x| {
            (x[0] + noise(at) - 0.6).abs() / 0.01
        });
        let (mean, deviation) = moments(&smc, 0);
        assert!((mean - 0.6).abs() < 0.008, "{mean}");
        assert!((deviation - 0.0503).abs() < 0.006, "{deviation}");
    }

    #[test]
    fn at_the_side_of_the_cube_weights_mend_what_the_cut_does() {
        // Even over [0, 0.05]: were moves not cut as their density says, the side would be thinned out.
        let smc = carried_out(SETTINGS, 1, 13, |_, x| x[0] / 0.05);
        let (mean, deviation) = moments(&smc, 0);
        assert!((mean - 0.025).abs() < 0.002, "{mean}");
        assert!((deviation - 0.014_43).abs() < 0.001, "{deviation}");
    }

    #[test]
    fn it_ends_with_what_it_has_when_nothing_is_near_or_no_more_is_allowed() {
        let few = Settings {
            candidates: 1_200,
            ..SETTINGS
        };
        let smc = carried_out(few, 1, 14, |_, x| 5.0 + x[0]);
        assert_eq!(smc.ended(), Some(Ended::Candidates));
        assert_eq!(smc.points().len(), 1_200);
        assert_eq!(smc.rounds().len(), 1);
        let short = Settings {
            rounds: 3,
            ..SETTINGS
        };
        assert_eq!(
            carried_out(short, 1, 15, |_, x| 50.0 * x[0]).ended(),
            Some(Ended::Rounds)
        );
        let smc = carried_out(few, 1, 16, |_, _| f64::INFINITY);
        assert_eq!(
            (smc.ended(), smc.rounds().len()),
            (Some(Ended::Candidates), 0)
        );
    }
}
