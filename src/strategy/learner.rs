//! What somebody has learnt of its usual earnings and of what each part of a bundle adds to them.

use serde::{Deserialize, Serialize};

/// An evening counts for no more than this many usual ones, upwards or downwards.
pub const MOST_SURPRISE: f64 = 3.0;

/// What a part is thought to add at most, in usual earnings; the least is to lose all of them.
pub const MOST_GAIN: f64 = 5.0;

/// Usual earnings are never thought to be less than this, yuan: what is a share of nothing could not be learnt.
const LEAST_USUAL: f64 = 1.0;

/// What has been learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    /// What a round earns without any part, yuan; `None` before the first.
    usual: Option<f64>,
    /// Whether the usual earnings are learnt too, or are given.
    is_learning_usual: bool,
    /// What each part adds, as a share of the usual earnings.
    gains: Vec<f32>,
    /// What each part takes from, or adds to, the rounds after it, in the same unit.
    echoes: Vec<f32>,
    /// Parts of the round before.
    before: Vec<u8>,
}

impl Learner {
    /// Somebody who expects each of so many parts to add a share of the usual earnings, and finds out what those are.
    pub fn new(parts: usize, expected_gain: f64) -> Self {
        Self {
            usual: None,
            is_learning_usual: true,
            gains: vec![expected_gain as f32; parts],
            echoes: vec![0.0; parts],
            before: Vec::new(),
        }
    }

    /// Somebody who measures everything in a unit that is given, yuan.
    pub fn in_units_of(usual: f64, parts: usize) -> Self {
        Self {
            usual: Some(usual),
            is_learning_usual: false,
            ..Self::new(parts, 0.0)
        }
    }

    /// What a round earns without any part, yuan; `None` before the first.
    pub fn usual(&self) -> Option<f64> {
        self.usual
    }

    /// What a part is thought to add to its round, as a share of the usual earnings.
    pub fn gain(&self, part: usize) -> f64 {
        f64::from(self.gains[part])
    }

    /// What a part is thought to add to the round after it, as a share of the usual earnings.
    pub fn echo(&self, part: usize) -> f64 {
        f64::from(self.echoes[part])
    }

    /// What a bundle is thought to earn, in usual earnings.
    fn expected(&self, parts: &[u8]) -> f64 {
        let gains = parts.iter().map(|part| self.gain(usize::from(*part)));
        1.0 + gains.sum::<f64>()
    }

    /// Learns from a round of its own: what it earned (yuan) with these parts. Half a step goes to what the round before has left behind.
    pub fn learn(&mut self, parts: &[u8], earned: f64, step: f64) {
        let Some(usual) = self.usual else {
            let first = earned / self.expected(parts).max(0.2);
            self.usual = Some(first.max(LEAST_USUAL));
            self.before = parts.to_vec();
            return;
        };
        let echoes = self.before.iter().map(|part| self.echo(usize::from(*part)));
        let expected = self.expected(parts) + echoes.sum::<f64>();
        let surprise = bounded(earned / usual - expected);
        let sharing = parts.len() + usize::from(self.is_learning_usual);
        let share = step * surprise / sharing.max(1) as f64;
        self.move_gains(parts, share);
        if self.is_learning_usual {
            self.usual = Some((usual * (1.0 + share)).max(LEAST_USUAL));
        }
        let left = 0.5 * step * surprise / (1 + self.before.len()) as f64;
        for part in &self.before {
            let echo = &mut self.echoes[usize::from(*part)];
            *echo = (f64::from(*echo) + left).clamp(-1.0, MOST_GAIN) as f32;
        }
        self.before = parts.to_vec();
    }

    /// Learns from what it hears of somebody else's round: with these parts it earned so many of its usual rounds.
    pub fn hear(&mut self, parts: &[u8], rounds: f64, step: f64) {
        let surprise = bounded(rounds - self.expected(parts));
        let share = step * surprise / (1 + parts.len()) as f64;
        self.move_gains(parts, share);
    }

    fn move_gains(&mut self, parts: &[u8], share: f64) {
        for part in parts {
            let gain = &mut self.gains[usize::from(*part)];
            *gain = (f64::from(*gain) + share).clamp(-1.0, MOST_GAIN) as f32;
        }
    }
}

fn bounded(surprise: f64) -> f64 {
    surprise.clamp(-MOST_SURPRISE, MOST_SURPRISE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_round_tells_what_is_usual() {
        let mut learner = Learner::new(2, 0.5);
        learner.learn(&[0], 300.0, 0.2);
        assert_eq!(learner.usual(), Some(200.0));
        assert_eq!(learner.gain(0), 0.5);
    }

    #[test]
    fn what_is_unexpected_is_shared_by_the_parts_that_were_there() {
        let mut learner = Learner::new(3, 0.0);
        learner.learn(&[], 100.0, 0.3);
        learner.learn(&[0, 1], 190.0, 0.3);
        let share = 0.3 * 0.9 / 3.0;
        assert!((learner.gain(0) - share).abs() < 1e-6);
        assert!((learner.gain(1) - share).abs() < 1e-6);
        assert_eq!(learner.gain(2), 0.0);
        let usual = learner.usual().unwrap_or_default();
        assert!((usual - 100.0 * (1.0 + share)).abs() < 1e-9);
    }

    #[test]
    fn one_round_never_counts_for_more_than_its_bound() {
        let mut learner = Learner::new(1, 0.0);
        learner.learn(&[], 100.0, 0.3);
        learner.hear(&[0], 1.0e9, 0.2);
        assert!((learner.gain(0) - 0.2 * MOST_SURPRISE / 2.0).abs() < 1e-6);
    }

    #[test]
    fn a_loss_that_comes_a_round_later_is_learnt_as_an_echo() {
        let mut learner = Learner::new(1, 0.0);
        for round in 0..400 {
            // The part earns nothing, and the round after it loses a fifth.
            let (parts, earned): (&[u8], f64) = match round % 2 {
                0 => (&[0], 100.0),
                _ => (&[], 80.0),
            };
            learner.learn(parts, earned, 0.1);
        }
        assert!(learner.echo(0) < -0.05, "{}", learner.echo(0));
    }
}
