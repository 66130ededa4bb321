//! Strategy: how somebody who sells, promises or cheats learns what that earns, and chooses by it (MODEL section 10). Pure functions of what was seen; no
//! world, no draws of its own.
//!
//! Learning is bounded in three ways, and each is a number somebody can set:
//!
//! * **Parts, not bundles.** A bundle (a script, bought viewers, brushed orders, an inflated reference, a promise, or none of each) is learnt as a sum of its
//!   parts, each a share of what an evening usually earns. What is unexpected is divided over the parts that were there, in equal shares: the rule of Rescorla
//!   and Wagner for several cues at once. Parts that only pay together are therefore never understood. To do none of a kind is a part of that kind, so that
//!   luck speaks for a trick no more than for leaving it.
//! * **Small samples.** Somebody knows its own evenings and those of a few others it hears of. Steps are constant, so old experience fades, and a
//!   single evening counts for no more than [`MOST_SURPRISE`] usual ones.
//! * **Logit choice.** The better option is more likely, not certain: the odds of two options are `exp((U - V) / temperature)`.
//!
//! In a game whose pay-offs depend on what everybody does, such learners settle at the logit equilibrium, where everybody's odds are those of its own
//! expected pay-offs; tests/strategy.rs holds them to two games whose equilibrium is known in closed form.

mod learner;
mod outlook;

pub use learner::{Learner, MOST_GAIN, MOST_SURPRISE};
pub use outlook::{Outlook, Prior};

/// Which option is chosen, by logit: the odds of two options are `exp((U - V) / temperature)`; with no temperature the best, the first of equals.
/// `uniform(n)` is a number in (0, 1) for the option n, the same whatever the others are, so that an option that becomes a little worse changes few choices.
pub fn choose(utilities: &[f64], temperature: f64, uniform: impl Fn(usize) -> f64) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (option, utility) in utilities.iter().enumerate() {
        let luck = match temperature > 0.0 {
            true => -temperature * libm::log(-libm::log(uniform(option))),
            false => 0.0,
        };
        if utility + luck > best.1 {
            best = (option, utility + luck);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::choose;
    use crate::draws::{Draws, Mechanism, logistic};

    #[test]
    fn choices_have_the_odds_of_the_logit() {
        let draws = Draws::new(7);
        let utilities = [1.0, 0.4, -0.2];
        let mut chosen = [0_u32; 3];
        for number in 0..40_000 {
            let words = draws.at(Mechanism::Reference, 1, number);
            chosen[choose(&utilities, 0.5, |option| words.uniform(option))] += 1;
        }
        let odds = f64::from(chosen[0]) / f64::from(chosen[0] + chosen[1]);
        // Three standard errors of a share of 30,000.
        assert!((odds - logistic(0.6 / 0.5)).abs() < 0.008, "{odds}");
        let odds = f64::from(chosen[1]) / f64::from(chosen[1] + chosen[2]);
        assert!((odds - logistic(0.6 / 0.5)).abs() < 0.015, "{odds}");
    }

    #[test]
    fn without_temperature_the_best_is_chosen_and_the_first_of_equals() {
        assert_eq!(choose(&[0.0, 2.0, 2.0], 0.0, |_| 0.5), 1);
    }
}
