//! What somebody has learnt of its usual earnings and of what each part of a bundle adds to them. "None of it" is a part like any other: were only what was
//! done learnt about, every stroke of luck would speak for having done something.

use serde::{Deserialize, Serialize};

/// An evening counts for no more than this many usual ones, upwards or downwards.
pub const MOST_SURPRISE: f64 = 3.0;

/// What a part is thought to add at most, in usual earnings; the least is to lose all of them.
pub const MOST_GAIN: f64 = 5.0;

/// How much of a step goes to what the round before has left behind: less than all, since whoever looks ahead multiplies what luck makes of it by the rounds
/// that it looks. An assumption (0.1 to 1).
const OF_ECHOES: f64 = 0.5;

/// Usual earnings are never thought to be less than this, yuan: what is a share of nothing could not be learnt.
const LEAST_USUAL: f64 = 1.0;

/// What has been learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    /// What a round earns on average, yuan; `None` before the first.
    usual: Option<f64>,
    /// The same before the last round: by it the next is measured. Were the last round in it, whatever made that one good would seem to make the next one
    /// bad.
    usual_before: Option<f64>,
    /// Whether the usual earnings are learnt too, or are given.
    is_learning_usual: bool,
    /// By how much a round with each part differs from a usual one, as a share of the usual earnings.
    gains: Vec<f32>,
    /// What each part takes from, or adds to, the round after it, in the same unit.
    echoes: Vec<f32>,
    /// Parts of the round before.
    before: Vec<u8>,
}

impl Learner {
    /// Somebody who expects each part to add so much of the usual earnings, and finds out what those are.
    pub fn expecting(gains: Vec<f32>) -> Self {
        Self {
            usual: None,
            usual_before: None,
            is_learning_usual: true,
            echoes: vec![0.0; gains.len()],
            gains,
            before: Vec::new(),
        }
    }

    /// Somebody who measures everything in a unit that is given, yuan, and expects nothing of any part.
    pub fn in_units_of(usual: f64, parts: usize) -> Self {
        Self {
            usual: Some(usual),
            is_learning_usual: false,
            ..Self::expecting(vec![0.0; parts])
        }
    }

    /// What a round earns on average, yuan; `None` before the first.
    pub fn usual(&self) -> Option<f64> {
        self.usual
    }

    /// What a part is thought to add to its round beside another that could be there instead, as a share of the usual earnings.
    pub fn gain(&self, part: usize, instead: usize) -> f64 {
        f64::from(self.gains[part]) - f64::from(self.gains[instead])
    }

    /// The same of the round after it.
    pub fn echo(&self, part: usize, instead: usize) -> f64 {
        f64::from(self.echoes[part]) - f64::from(self.echoes[instead])
    }

    /// What a round with these parts is thought to earn, in usual earnings.
    pub fn expected(&self, parts: &[u8]) -> f64 {
        1.0 + sum_of(&self.gains, parts)
    }

    /// Learns from a round of its own: what it earned (yuan) with these parts, and, by half a step, what the round before has left behind.
    /// Returns how many usual rounds it was.
    pub fn learn(&mut self, parts: &[u8], earned: f64, step: f64) -> f64 {
        let usual = *self.usual.get_or_insert(earned.max(LEAST_USUAL));
        let echoes = sum_of(&self.echoes, &self.before);
        let rounds = earned / self.usual_before.unwrap_or(usual);
        let surprise = bounded(rounds - self.expected(parts) - echoes);
        divide(&mut self.gains, parts, step * surprise);
        divide(&mut self.echoes, &self.before, OF_ECHOES * step * surprise);
        if self.is_learning_usual {
            let beyond = bounded(earned / usual - 1.0);
            self.usual = Some((usual * (1.0 + step * beyond)).max(LEAST_USUAL));
            self.usual_before = Some(usual);
        }
        self.before = parts.to_vec();
        rounds
    }

    /// Learns from what it hears of somebody else's round: with these parts it earned so many of the rounds that are usual among those it hears of.
    pub fn hear(&mut self, parts: &[u8], rounds: f64, step: f64) {
        let surprise = bounded(rounds - self.expected(parts));
        divide(&mut self.gains, parts, step * surprise);
    }

    /// Learns from the same what the other's round `before` has left behind: here `rounds` are those that are usual for the other. Beside what is usual among
    /// many, whoever does a thing every time and is good at its trade would speak for what the thing leaves behind.
    pub fn hear_after(&mut self, before: &[u8], parts: &[u8], rounds: f64, step: f64) {
        let surprise = bounded(rounds - self.expected(parts) - sum_of(&self.echoes, before));
        divide(&mut self.echoes, before, OF_ECHOES * step * surprise);
    }

    /// Something that an earlier round of its own, with these parts after a round with those `before`, had earned is lost again (yuan), as when goods come back:
    /// it is learnt as if that round had earned so much less, of its parts and of what was left behind to it. (Of its parts alone, every round would go on
    /// looking better than it is thought to be, and whatever came before it would be thanked for that.)
    pub fn lost_again(&mut self, before: &[u8], parts: &[u8], amount: f64, step: f64) {
        let surprise = bounded(-amount / self.usual.unwrap_or(LEAST_USUAL));
        divide(&mut self.gains, parts, step * surprise);
        divide(&mut self.echoes, before, OF_ECHOES * step * surprise);
    }

    /// Parts of its last round.
    pub fn last_parts(&self) -> &[u8] {
        &self.before
    }
}

fn sum_of(gains: &[f32], parts: &[u8]) -> f64 {
    let of_parts = parts.iter().map(|part| gains[usize::from(*part)]);
    of_parts.map(f64::from).sum()
}

/// Divides a surprise over the parts that were there, in equal shares.
fn divide(gains: &mut [f32], parts: &[u8], surprise: f64) {
    let share = surprise / parts.len().max(1) as f64;
    for part in parts {
        let gain = &mut gains[usize::from(*part)];
        *gain = (f64::from(*gain) + share).clamp(-1.0, MOST_GAIN) as f32;
    }
}

fn bounded(surprise: f64) -> f64 {
    surprise.clamp(-MOST_SURPRISE, MOST_SURPRISE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Mechanism};

    const NONE: usize = 0;
    const TRICK: usize = 1;

    fn learner() -> Learner {
        Learner::expecting(vec![0.0; 2])
    }

    #[test]
    fn the_first_round_tells_what_is_usual() {
        let mut learner = Learner::expecting(vec![0.0, 0.5]);
        learner.learn(&[0], 300.0, 0.2);
        assert_eq!(learner.usual(), Some(300.0));
        assert_eq!(learner.gain(TRICK, NONE), 0.5);
    }

    #[test]
    fn what_is_unexpected_is_shared_by_the_parts_that_were_there() {
        let mut learner = Learner::expecting(vec![0.0; 4]);
        learner.learn(&[0, 2], 100.0, 0.3);
        learner.learn(&[1, 3], 190.0, 0.3);
        let share = 0.3 * 0.9 / 2.0;
        assert!((learner.gain(1, 0) - share).abs() < 1e-6);
        assert!((learner.gain(3, 2) - share).abs() < 1e-6);
        let usual = learner.usual().unwrap_or_default();
        assert!((usual - 100.0 * (1.0 + 0.3 * 0.9)).abs() < 1e-9);
    }

    #[test]
    fn one_round_never_counts_for_more_than_its_bound() {
        let mut learner = learner();
        learner.learn(&[0], 100.0, 0.3);
        learner.hear(&[1], 1.0e9, 0.2);
        assert!((learner.gain(TRICK, NONE) - 0.2 * MOST_SURPRISE).abs() < 1e-6);
    }

    /// Means over many learners, each of whom tries both in no order, of what is learnt of rounds of 100 yuan: of the trick and of its echo.
    fn thought_of(adds: f64, leaves: f64, spread: f64) -> (f64, f64) {
        let draws = Draws::new(5);
        let (mut gain, mut echo) = (0.0, 0.0);
        for who in 0..400 {
            let mut learner = learner();
            let mut did = false;
            for round in 0..600 {
                let words = draws.at(Mechanism::Reference, who, round);
                let does = words.uniform(2) < 0.5;
                let luck = libm::exp(spread * words.normal(0) - 0.5 * spread * spread);
                let more = f64::from(u8::from(does)) * adds + f64::from(u8::from(did)) * leaves;
                learner.learn(&[u8::from(does)], 100.0 * (1.0 + more) * luck, 0.1);
                did = does;
                if round >= 200 {
                    gain += learner.gain(TRICK, NONE) / 160_000.0;
                    echo += learner.echo(TRICK, NONE) / 160_000.0;
                }
            }
        }
        (gain, echo)
    }

    #[test]
    fn what_adds_nothing_is_not_believed_in() {
        for spread in [0.3, 1.0] {
            let (gain, echo) = thought_of(0.0, 0.0, spread);
            assert!(
                gain.abs() < 0.02 && echo.abs() < 0.02,
                "{gain}, {echo} at spread {spread}"
            );
        }
    }

    #[test]
    fn what_adds_something_is_found_out() {
        // Of 100 and 150 in turn the usual is 125, of which 50 are two fifths.
        let (gain, echo) = thought_of(0.5, 0.0, 0.3);
        assert!(
            (gain - 0.4).abs() < 0.03 && echo.abs() < 0.02,
            "{gain}, {echo}"
        );
    }

    #[test]
    fn what_comes_back_later_is_learnt_of_the_round_that_had_earned_it() {
        let draws = Draws::new(6);
        let (mut gain, mut echo) = (0.0, 0.0);
        for who in 0..100 {
            let mut learner = learner();
            let mut sold: Vec<u8> = Vec::new();
            for round in 0..600 {
                let words = draws.at(Mechanism::Reference, who, round);
                let part = u8::from(words.uniform(2) < 0.5);
                learner.learn(&[part], 100.0, 0.1);
                // Of what was sold with the trick two fifths come back, three rounds later.
                sold.push(part);
                if let Some([before, 1, ..]) = sold.last_chunk::<5>() {
                    learner.lost_again(&[*before], &[1], 40.0, 0.1);
                }
                if round >= 200 {
                    gain += learner.gain(TRICK, NONE) / 40_000.0;
                    echo += learner.echo(TRICK, NONE) / 40_000.0;
                }
            }
        }
        assert!(
            (gain + 0.4).abs() < 0.03 && echo.abs() < 0.05,
            "{gain}, {echo}"
        );
    }

    #[test]
    fn echoes_are_heard_of_too() {
        let mut learner = learner();
        learner.learn(&[0], 100.0, 0.1);
        for _ in 0..300 {
            learner.hear_after(&[1], &[0], 0.8, 0.05);
            learner.hear_after(&[0], &[0], 1.0, 0.05);
        }
        let echo = learner.echo(TRICK, NONE);
        assert!((echo + 0.2).abs() < 0.01, "{echo}");
    }

    /// A season is short: of what five kinds leave behind, among luck, little more than a sixth is learnt in seventeen evenings, and more by hearing of others.
    #[test]
    fn in_a_season_a_part_of_an_echo_is_learnt() {
        let draws = Draws::new(8);
        let echo_with = |others: u64| {
            let mut sum = 0.0;
            for who in 0..400 {
                let mut learner = Learner::expecting(vec![0.0; 10]);
                let parts_of = |who: u64, round: u32| -> Vec<u8> {
                    let words =
                        [0, 1].map(|half| draws.at(Mechanism::Reference, who, 2 * round + half));
                    let does = |kind: u8| {
                        words[usize::from(kind / 3)].uniform(usize::from(kind % 3)) < 0.3
                    };
                    (0..5).map(|kind| 2 * kind + u8::from(does(kind))).collect()
                };
                // The first kind leaves a fifth less behind; the last draw of a round is its luck.
                let earned = |who: u64, round: u32| {
                    let did = round > 0 && parts_of(who, round - 1)[0] == 1;
                    let luck = draws
                        .at(Mechanism::Reference, who, 2 * round + 1)
                        .uniform(3);
                    (1.0 - 0.2 * f64::from(u8::from(did))) * (0.5 + luck)
                };
                for round in 0..17 {
                    learner.learn(&parts_of(who, round), 100.0 * earned(who, round), 0.2);
                    for other in (1..=others).map(|other| 1_000 * other + who) {
                        let before = if round > 0 {
                            parts_of(other, round - 1)
                        } else {
                            Vec::new()
                        };
                        let (parts, rounds) = (parts_of(other, round), earned(other, round));
                        learner.hear(&parts, rounds, 0.05);
                        learner.hear_after(&before, &parts, rounds, 0.05);
                    }
                }
                sum += learner.echo(1, 0) / 400.0;
            }
            sum
        };
        let (alone, with_others) = (echo_with(0), echo_with(4));
        assert!(
            alone < -0.01 && with_others < 1.2 * alone && with_others > -0.1,
            "{alone}, {with_others}"
        );
    }

    #[test]
    fn a_loss_that_comes_a_round_later_is_learnt_as_an_echo() {
        // Of 100 and 80 in turn the usual is 90.
        let (gain, echo) = thought_of(0.0, -0.2, 0.3);
        assert!(
            (echo + 0.2 / 0.9).abs() < 0.05 && gain.abs() < 0.03,
            "{gain}, {echo}"
        );
    }
}
