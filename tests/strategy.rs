//! Learners meet games whose equilibrium is known in closed form (MODEL section 10). A population plays each game again and again; everybody chooses by
//! logit over what it has learnt from its own rounds and from a few others.

use yellowcart::draws::{Draws, Mechanism, logistic, logit};
use yellowcart::strategy::{Learner, Outlook, Prior, choose};

const PLAYERS: usize = 400;
const OWN_STEP: f64 = 0.05;
const OTHERS_STEP: f64 = 0.02;
const OTHERS: usize = 3;

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
            learners: vec![Learner::in_units_of(1.0, 1); PLAYERS],
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
            let utilities = [0.0, self.learners[player].gain(0)];
            choose(&utilities, self.temperature, |option| words.uniform(option)) == 1
        };
        (0..PLAYERS).map(choice).collect()
    }

    fn learn(&mut self, round: u32, done: &[bool], pay_off: impl Fn(usize) -> f64) {
        for player in 0..PLAYERS {
            let words = self
                .draws
                .at(Mechanism::Strategy, self.identity(player), 2 * round + 1);
            let learner = &mut self.learners[player];
            if done[player] {
                learner.learn(&[0], 1.0 + pay_off(player), OWN_STEP);
            }
            for other in 0..OTHERS {
                let other = (words.uniform(other) * PLAYERS as f64) as usize;
                if done[other] {
                    learner.hear(&[0], 1.0 + pay_off(other), OTHERS_STEP);
                }
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
    let (gain, fine, temperature) = (0.3, 4.0, 0.1);
    let prior = Prior {
        probability: 0.001,
        rounds: 5.0,
        cost: fine,
    };
    let mut before = 1.0;
    for probability in [0.0, 0.05, 0.075, 0.1] {
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
            cheating <= before + 1e-9,
            "more inspection, no less cheating"
        );
        before = cheating;
    }
}
