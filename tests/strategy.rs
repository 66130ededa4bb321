//! Learners meet games whose equilibrium is known in closed form (MODEL section 10). A population plays each game again and again; everybody chooses by
//! logit over what it has learnt from its own rounds and from a few others.

use yellowcart::draws::{Draws, Mechanism, logistic, logit};
use yellowcart::strategy::{Learner, Outlook, Prior, choose};

const PLAYERS: usize = 400;
const OWN_STEP: f64 = 0.05;
const OTHERS_STEP: f64 = 0.02;
const OTHERS: usize = 3;

/// Leaving it, and doing it.
const NOT: usize = 0;
const DOES: usize = 1;

/// A population with one thing that it can do or leave.
struct Population {
    learners: Vec<Learner>,
    draws: Draws,
    temperature: f64,
    number: u64,
}

impl Population {
    fn new(number: u64, seed: u64, temperature: f64) -> Self {
        Self {
            learners: vec![Learner::in_units_of(1.0, 2); PLAYERS],
            draws: Draws::new(seed),
            temperature,
            number,
        }
    }

    fn identity(&self, player: usize) -> u64 {
        self.number * 1_000_000 + player as u64
    }

    fn choose(&self, round: u32) -> Vec<bool> {
        let choice = |player: usize| {
            let words = self
                .draws
                .at(Mechanism::Strategy, self.identity(player), 2 * round);
            let utilities = [0.0, self.learners[player].gain(DOES, NOT)];
            choose(&utilities, self.temperature, |option| words.uniform(option)) == 1
        };
        (0..PLAYERS).map(choice).collect()
    }

    /// Everybody learns from its own round, which pays 1 and more or less if it did it, and from those of others.
    fn learn(&mut self, round: u32, done: &[bool], pay_off: impl Fn(usize) -> f64) {
        let earned = |player: usize| 1.0 + if done[player] { pay_off(player) } else { 0.0 };
        for player in 0..PLAYERS {
            let words = self
                .draws
                .at(Mechanism::Strategy, self.identity(player), 2 * round + 1);
            let learner = &mut self.learners[player];
            learner.learn(&[u8::from(done[player])], earned(player), OWN_STEP);
            for other in 0..OTHERS {
                let other = (words.uniform(other) * PLAYERS as f64) as usize;
                learner.hear(&[u8::from(done[other])], earned(other), OTHERS_STEP);
            }
        }
    }
}

fn share(done: &[bool]) -> f64 {
    done.iter().filter(|did| **did).count() as f64 / done.len() as f64
}

/// Crowding: a script pays `a - b logit(x)` where a share x plays it, and plain selling nothing. In the logit equilibrium
/// `logit(x) = (a - b logit(x)) / t`, so `x = logistic(a / (t + b))`.
#[test]
fn a_script_that_wears_out_spreads_to_the_logit_equilibrium() {
    for (a, b, temperature) in [(0.3, 0.2, 0.1), (-0.2, 0.3, 0.2), (0.1, 0.1, 0.05)] {
        let expected = logistic(a / (temperature + b));
        let mut sellers = Population::new(1, 11, temperature);
        let mut shares = Vec::new();
        for round in 0..1_500 {
            let done = sellers.choose(round);
            let x = share(&done).clamp(0.002, 0.998);
            sellers.learn(round, &done, |_| a - b * logit(x));
            if round >= 700 {
                shares.push(x);
            }
        }
        let settled = shares.iter().sum::<f64>() / shares.len() as f64;
        assert!(
            (settled - expected).abs() < 0.01,
            "{settled} for {expected} (a {a}, b {b}, temperature {temperature})"
        );
    }
}

/// The same where nobody knows what is usual: sellers are of sizes that differ a hundredfold, luck makes an evening half or twice of what it would be, and
/// of two scripts the second pays `gain` of an ordinary evening more. What it adds to the evenings of somebody who plays it with probability x is a
/// share `gain / (1 + x gain)` of the usual ones, so in the logit equilibrium `logit(x) = gain / (1 + x gain) / t`; a second script that pays nothing is
/// played by half.
#[test]
fn sellers_who_have_to_find_out_what_is_usual_settle_there_too() {
    const STEP: f64 = 0.02;
    for (gain, temperature) in [(0.0, 0.2), (0.3, 0.25), (-0.2, 0.25)] {
        let x = solve(|x| logit(x) - gain / (1.0 + x * gain) / temperature);
        let draws = Draws::new(19);
        let mut learners = vec![Learner::expecting(vec![0.0; 2]); PLAYERS];
        let (mut shares, mut rounds) = (0.0, 0.0);
        for round in 0..1_500 {
            let words = |player: usize| draws.at(Mechanism::Strategy, player as u64, round);
            let plays = |player: usize| {
                let utilities = [0.0, learners[player].gain(DOES, NOT)];
                choose(&utilities, temperature, |option| {
                    words(player).uniform(option)
                }) == DOES
            };
            let done: Vec<bool> = (0..PLAYERS).map(plays).collect();
            let of_size = |player: usize| {
                let luck = libm::exp(0.7 * words(player).normal(2) - 0.5 * 0.49);
                (1.0 + gain * f64::from(u8::from(done[player]))) * luck
            };
            let average = (0..PLAYERS).map(of_size).sum::<f64>() / PLAYERS as f64;
            for (player, learner) in learners.iter_mut().enumerate() {
                let size = libm::pow(100.0, player as f64 / PLAYERS as f64);
                let part = |who: usize| [u8::from(done[who])];
                learner.learn(&part(player), size * of_size(player), STEP);
                let other = (player + 1 + 7 * round as usize) % PLAYERS;
                learner.hear(&part(other), of_size(other) / average, 0.5 * STEP);
            }
            if round >= 500 {
                shares += share(&done);
                rounds += 1.0;
            }
        }
        let settled = shares / rounds;
        assert!(
            (settled - x).abs() < 0.03,
            "{settled} for {x} (gain {gain}, temperature {temperature})"
        );
    }
}

/// Where a function that rises through 0 between 0 and 1 does so.
fn solve(of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (1e-6, 1.0 - 1e-6);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match of(middle) > 0.0 {
            true => high = middle,
            false => low = middle,
        }
    }
    0.5 * (low + high)
}

/// Inspection: whoever cheats gains `gain`, less 1 if it is inspected; whoever inspects pays `cost` and is paid 1 if it finds something. In the logit
/// equilibrium `logit(p) = (gain - q) / t` and `logit(q) = (p - cost) / t`: so for any p and q there are a gain and a cost. Without temperature it
/// is the mixed equilibrium `p = cost`, `q = gain`.
#[test]
fn cheats_and_inspectors_settle_at_the_mixed_equilibrium() {
    for (p, q, temperature) in [(0.3, 0.2, 0.1), (0.6, 0.3, 0.15), (0.25, 0.35, 0.04)] {
        let gain = q + temperature * logit(p);
        let cost = p - temperature * logit(q);
        let mut sellers = Population::new(2, 13, temperature);
        let mut inspectors = Population::new(3, 13, temperature);
        let (mut cheating, mut inspecting, mut rounds) = (0.0, 0.0, 0.0);
        for round in 0..3_000 {
            let (cheats, inspects) = (sellers.choose(round), inspectors.choose(round));
            // Everybody meets another in each round.
            let met = |player: usize| (player + round as usize) % PLAYERS;
            let met_back = |player: usize| (player + PLAYERS - round as usize % PLAYERS) % PLAYERS;
            let of_cheating = |player: usize| gain - f64::from(u8::from(inspects[met(player)]));
            let of_inspecting =
                |player: usize| f64::from(u8::from(cheats[met_back(player)])) - cost;
            sellers.learn(round, &cheats, of_cheating);
            inspectors.learn(round, &inspects, of_inspecting);
            if round >= 1_000 {
                cheating += share(&cheats);
                inspecting += share(&inspects);
                rounds += 1.0;
            }
        }
        let (cheating, inspecting) = (cheating / rounds, inspecting / rounds);
        assert!(
            (cheating - p).abs() < 0.03 && (inspecting - q).abs() < 0.03,
            "{cheating} and {inspecting} for {p} and {q} at temperature {temperature}"
        );
    }
}

/// Deterrence: where a share q of those who cheat is fined F, the gain is g and everybody sees some others, the share who cheat is `logistic((g - q F) / t)`.
#[test]
fn fines_deter_by_what_they_are_expected_to_cost() {
    let (gain, temperature) = (0.3, 0.1);
    // What is thought beforehand is wrong by as much as it can be.
    let prior = Prior {
        probability: 0.001,
        rounds: 5.0,
        cost: 400.0,
    };
    let mut before = 1.0;
    for (probability, fine) in [
        (0.0, 4.0),
        (0.05, 4.0),
        (0.075, 4.0),
        (0.1, 4.0),
        (0.1, 0.0),
    ] {
        let expected = logistic((gain - probability * fine) / temperature);
        let draws = Draws::new(17);
        let mut outlooks = vec![Outlook::new(1); PLAYERS];
        let (mut shares, mut rounds) = (0.0, 0.0);
        for round in 0..1_200 {
            let words = |player: usize| draws.at(Mechanism::Strategy, player as u64, round);
            let done: Vec<bool> = (0..PLAYERS)
                .map(|player| {
                    let utility = gain - outlooks[player].expected(0, &prior);
                    choose(&[0.0, utility], temperature, |option| {
                        words(player).uniform(option)
                    }) == 1
                })
                .collect();
            let fined: Vec<bool> = (0..PLAYERS)
                .map(|player| done[player] && words(player).uniform(2) < probability)
                .collect();
            for (player, outlook) in outlooks.iter_mut().enumerate() {
                outlook.fade(200.0);
                for other in 0..20 {
                    let other = (player + 1 + other * 17 + round as usize) % PLAYERS;
                    if done[other] {
                        outlook.saw_done(0, 1.0);
                    }
                    if fined[other] {
                        outlook.saw_punished(0, 1.0, fine);
                    }
                }
            }
            if round >= 400 {
                shares += share(&done);
                rounds += 1.0;
            }
        }
        let cheating = shares / rounds;
        assert!(
            (cheating - expected).abs() < 0.03,
            "{cheating} for {expected} at {probability}"
        );
        assert!(
            cheating <= before + 1e-9 || fine == 0.0,
            "more inspection, no less cheating"
        );
        before = cheating;
    }
}
