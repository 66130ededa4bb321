//! What somebody expects to be punished for, and how dearly: from what it has seen happen to itself and to others.

use serde::{Deserialize, Serialize};

/// What is expected before anything has been seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Probability that a round with something forbidden in it is punished.
    pub probability: f64,
    /// How many rounds' experience that stands for.
    pub rounds: f64,
    /// What a punishment costs, yuan.
    pub cost: f64,
}

/// What has been seen, kind by kind: rounds with it in them, and how many of those were punished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    punished: Vec<f32>,
    rounds: Vec<f32>,
    /// Fines seen, and their sum, yuan.
    fines: (f32, f64),
}

impl Outlook {
    /// Nothing seen of so many kinds.
    pub fn new(kinds: usize) -> Self {
        Self {
            punished: vec![0.0; kinds],
            rounds: vec![0.0; kinds],
            fines: (0.0, 0.0),
        }
    }

    /// Something was done, and nobody has said anything so far; `weight` is 1 for its own, less for what it hears of others.
    pub fn saw_done(&mut self, kind: usize, weight: f64) {
        self.rounds[kind] += weight as f32;
    }

    /// Somebody was punished for something, and what that cost.
    pub fn saw_punished(&mut self, kind: usize, weight: f64, cost: f64) {
        self.punished[kind] += weight as f32;
        self.fines.0 += weight as f32;
        self.fines.1 += weight * cost;
    }

    /// A round passes: what was seen fades, to a half in so many rounds.
    pub fn fade(&mut self, half_life_rounds: f64) {
        let keep = libm::exp2(-1.0 / half_life_rounds.max(1.0)) as f32;
        for seen in self.punished.iter_mut().chain(&mut self.rounds) {
            *seen *= keep;
        }
        self.fines.0 *= keep;
        self.fines.1 *= f64::from(keep);
    }

    /// Probability that a round with a kind in it is punished, as it is thought to be.
    pub fn probability(&self, kind: usize, prior: &Prior) -> f64 {
        let punished = prior.probability * prior.rounds + f64::from(self.punished[kind]);
        let rounds = prior.rounds + f64::from(self.rounds[kind]);
        (punished / rounds.max(1e-9)).min(1.0)
    }

    /// What doing it is expected to cost, yuan a round.
    pub fn expected(&self, kind: usize, prior: &Prior) -> f64 {
        // What is thought beforehand weighs as many cases as it has seen none of: those of its rounds that it takes to have been punished.
        let cases = prior.probability * prior.rounds;
        let seen = f64::from(self.fines.0);
        let cost = match cases + seen > 0.0 {
            true => (cases * prior.cost + self.fines.1) / (cases + seen),
            false => prior.cost,
        };
        self.probability(kind, prior) * cost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIOR: Prior = Prior {
        probability: 0.01,
        rounds: 20.0,
        cost: 1_000.0,
    };

    #[test]
    fn before_anything_is_seen_the_prior_holds() {
        let outlook = Outlook::new(2);
        assert!((outlook.expected(1, &PRIOR) - 10.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_seen_moves_it_towards_the_frequency() {
        let mut outlook = Outlook::new(1);
        for _ in 0..180 {
            outlook.saw_done(0, 1.0);
        }
        for _ in 0..20 {
            outlook.saw_punished(0, 1.0, 1_000.0);
        }
        let expected = (0.2 + 20.0) / 200.0;
        assert!((outlook.probability(0, &PRIOR) - expected).abs() < 1e-6);
    }

    #[test]
    fn what_cost_nothing_is_not_feared_as_if_it_had() {
        let mut outlook = Outlook::new(1);
        outlook.saw_done(0, 1.0);
        outlook.saw_punished(0, 1.0, 0.0);
        // 1.2 cases in 21 rounds, a fifth of a case at 1,000 yuan.
        let expected = 1.2 / 21.0 * (0.2 * 1_000.0 / 1.2);
        assert!((outlook.expected(0, &PRIOR) - expected).abs() < 1e-6);
    }

    #[test]
    fn it_fades() {
        let mut outlook = Outlook::new(1);
        outlook.saw_punished(0, 1.0, 5_000.0);
        let fresh = outlook.expected(0, &PRIOR);
        for _ in 0..300 {
            outlook.fade(10.0);
        }
        let faded = outlook.expected(0, &PRIOR);
        assert!(fresh > 10.0 * faded);
        assert!((faded - 10.0).abs() < 0.01, "{faded}");
    }
}
