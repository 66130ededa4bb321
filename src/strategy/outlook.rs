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

/// What has been seen, kind by kind: rounds with it in them, and what was lost by punishments for it, yuan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    rounds: Vec<f32>,
    lost: Vec<f64>,
}

impl Outlook {
    /// Nothing seen of so many kinds.
    pub fn new(kinds: usize) -> Self {
        Self {
            rounds: vec![0.0; kinds],
            lost: vec![0.0; kinds],
        }
    }

    /// Something was done, and nobody has said anything so far; `weight` is 1 for its own, less for what it hears of others.
    pub fn saw_done(&mut self, kind: usize, weight: f64) {
        self.rounds[kind] += weight as f32;
    }

    /// Somebody was punished for something, and what that cost.
    pub fn saw_punished(&mut self, kind: usize, weight: f64, cost: f64) {
        self.lost[kind] += weight * cost;
    }

    /// A round passes: what was seen fades, to a half in so many rounds.
    pub fn fade(&mut self, half_life_rounds: f64) {
        let keep = libm::exp2(-1.0 / half_life_rounds.max(1.0));
        for rounds in &mut self.rounds {
            *rounds *= keep as f32;
        }
        for lost in &mut self.lost {
            *lost *= keep;
        }
    }

    /// What doing it is expected to cost, yuan a round: what was lost by it and what the prior takes to have been, over the rounds of both.
    pub fn expected(&self, kind: usize, prior: &Prior) -> f64 {
        let lost = prior.probability * prior.rounds * prior.cost + self.lost[kind];
        let rounds = prior.rounds + f64::from(self.rounds[kind]);
        lost / rounds.max(1e-9)
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
        let expected = (0.2 + 20.0) * 1_000.0 / 200.0;
        assert!((outlook.expected(0, &PRIOR) - expected).abs() < 1e-6);
    }

    #[test]
    fn what_cost_nothing_is_not_feared_as_if_it_had() {
        let mut outlook = Outlook::new(1);
        outlook.saw_done(0, 1.0);
        outlook.saw_punished(0, 1.0, 0.0);
        // The fifth of a case that was expected, in 21 rounds.
        let expected = 0.2 * 1_000.0 / 21.0;
        assert!((outlook.expected(0, &PRIOR) - expected).abs() < 1e-6);
    }

    #[test]
    fn what_is_punished_for_one_thing_says_nothing_of_another() {
        let mut outlook = Outlook::new(2);
        outlook.saw_done(0, 1.0);
        for _ in 0..10 {
            outlook.saw_punished(1, 1.0, 0.0);
        }
        outlook.saw_punished(1, 1.0, 60_000.0);
        let expected = 0.2 * 1_000.0 / 21.0;
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
