//! Harm of one order against its closed forms, and the Shapley shares against brute force.

use proptest::prelude::*;
use yellowcart::draws::{Draws, Mechanism, logit};
use yellowcart::welfare::{CHANNELS, Game, expected_harm_of_looks, expected_harm_of_one_look};

/// A game with one touched term: D = base + displayed, D* = base.
fn game(displayed: f64, honest: f64, threshold: f64) -> Game {
    Game {
        base: honest,
        displayed: [displayed - honest, 0.0, 0.0, 0.0, 0.0, 0.0],
        threshold,
        ..Game::default()
    }
}

fn kullback_leibler(p: f64, q: f64) -> f64 {
    p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - q)).ln()
}

#[test]
fn the_closed_form_of_one_look_is_the_divergence_of_the_choice_probabilities() {
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    for (displayed, honest) in [(0.5, 0.0), (2.0, -1.0), (-1.0, -3.0), (6.0, -6.0)] {
        let expected = kullback_leibler(logistic(displayed), logistic(honest));
        let closed = expected_harm_of_one_look(displayed, honest);
        assert!((closed - expected).abs() < 1e-12, "{closed} {expected}");
        assert!((expected_harm_of_looks(&[(displayed, honest)]) - expected).abs() < 1e-12);
    }
    assert_eq!(expected_harm_of_one_look(0.0, 1.0), 0.0);
}

#[test]
fn the_closed_form_is_what_quadrature_gives() {
    for (displayed, honest) in [(0.7_f64, -0.4), (3.0, 1.0), (-2.0, -2.5)] {
        let steps = 2_000_000;
        let mut sum = 0.0;
        for step in 0..steps {
            let uniform = (f64::from(step) + 0.5) / f64::from(steps);
            sum += game(displayed, honest, logit(uniform)).harm().total;
        }
        let mean = sum / f64::from(steps);
        let closed = expected_harm_of_one_look(displayed, honest);
        assert!((mean - closed).abs() < 1e-5, "{mean} {closed}");
    }
}

/// Mean and standard error of the harm of people who look several times, by keyed draws.
fn simulated(looks: &[(f64, f64)], people: u64) -> (f64, f64) {
    let draws = Draws::new(99);
    let (mut sum, mut square) = (0.0, 0.0);
    for person in 0..people {
        let threshold = logit(draws.at(Mechanism::Reference, person, 0).uniform(0));
        let first = looks.iter().find(|(displayed, _)| *displayed > threshold);
        let harm = first.map_or(0.0, |(displayed, honest)| {
            game(*displayed, *honest, threshold).harm().total
        });
        sum += harm;
        square += harm * harm;
    }
    let mean = sum / people as f64;
    (
        mean,
        ((square / people as f64 - mean * mean) / people as f64).sqrt(),
    )
}

#[test]
fn many_looks_meet_the_sum_over_new_maxima() {
    let evenings: [&[(f64, f64)]; 4] = [
        &[(0.5, -0.5)],
        &[(0.0, -1.0), (1.0, -1.0), (0.5, -2.0)],
        &[(-1.0, -1.0), (2.0, 0.5), (3.0, -1.0)],
        &[(1.0, 2.0), (1.5, 0.0)],
    ];
    for looks in evenings {
        let (mean, error) = simulated(looks, 1_000_000);
        let closed = expected_harm_of_looks(looks);
        assert!(
            (mean - closed).abs() < 4.0 * error,
            "{looks:?}: {mean} {closed} ({error})"
        );
    }
}

/// The Shapley value by its definition: the mean marginal contribution over all orders of the channels.
fn by_permutation(game: &Game, channels: &[usize]) -> [f64; CHANNELS] {
    fn visit(game: &Game, rest: &[usize], set: u8, shares: &mut [f64; CHANNELS], orders: &mut f64) {
        if rest.is_empty() {
            *orders += 1.0;
        }
        let worth = |set: u8| f64::from(u8::from(game.utility(set) > game.threshold));
        for (index, channel) in rest.iter().enumerate() {
            let with = set | 1 << channel;
            let mut after = rest.to_vec();
            after.remove(index);
            // This step is part of as many orders as the rest can be arranged in.
            let arrangements: f64 = (1..=after.len()).map(|n| n as f64).product();
            shares[*channel] += arrangements * (worth(with) - worth(set));
            visit(game, &after, with, shares, orders);
        }
    }
    let (mut shares, mut orders) = ([0.0; CHANNELS], 0.0);
    visit(game, channels, 0, &mut shares, &mut orders);
    let total = game.harm().total;
    shares.map(|share| share / orders * total)
}

fn games() -> impl Strategy<Value = Game> {
    let term = prop_oneof![Just(0.0), -1.0..3.0_f64];
    (
        prop::array::uniform6(term),
        prop::array::uniform6(-0.5..0.5_f64),
        prop::array::uniform4(-1.0..2.0_f64),
        any::<(bool, bool)>(),
        -3.0..1.0_f64,
        -2.0..6.0_f64,
    )
        .prop_map(
            |(gaps, honest, bargain, (reference, promise), base, threshold)| {
                let base_bargain = bargain[0];
                let row = |manipulated: bool, index: usize| {
                    let moved = if manipulated {
                        bargain[index]
                    } else {
                        base_bargain
                    };
                    [moved, if promise { moved + bargain[3] } else { moved }]
                };
                Game {
                    base,
                    honest,
                    displayed: std::array::from_fn(|term| {
                        if gaps[term] == 0.0 {
                            honest[term]
                        } else {
                            honest[term] + gaps[term]
                        }
                    }),
                    bargain: [row(false, 0), row(reference, 1)],
                    threshold,
                }
            },
        )
}

proptest! {
    #[test]
    fn shares_are_shapley_shares(game in games()) {
        let harm = game.harm();
        prop_assert_eq!(harm.shares.iter().sum::<f64>(), harm.total);
        let all: Vec<usize> = (0..CHANNELS).collect();
        let brute = by_permutation(&game, &all);
        for channel in 0..CHANNELS {
            prop_assert!((harm.shares[channel] - brute[channel]).abs() < 1e-9, "{channel}: {:?} {:?}", harm.shares, brute);
        }
        for term in 0..6 {
            if game.displayed[term].to_bits() == game.honest[term].to_bits() {
                prop_assert_eq!(harm.shares[term + 1], 0.0);
            }
        }
    }

    #[test]
    fn equal_channels_have_equal_shares(gap in 0.1..3.0_f64, base in -3.0..0.0_f64, threshold in -1.0..3.0_f64) {
        let game = Game {
            base,
            displayed: [gap, gap, 0.0, 0.0, 0.0, 0.0],
            threshold,
            ..Game::default()
        };
        let shares = game.harm().shares;
        prop_assert!((shares[1] - shares[2]).abs() < 1e-12);
    }

    #[test]
    fn an_honest_game_does_no_harm(base in -5.0..5.0_f64, terms in prop::array::uniform6(-1.0..1.0_f64), bargain in -1.0..1.0_f64, threshold in -5.0..5.0_f64) {
        let game = Game {
            base,
            honest: terms,
            displayed: terms,
            bargain: [[bargain; 2]; 2],
            threshold,
        };
        prop_assert_eq!(game.utility(0).to_bits(), game.utility(u8::MAX).to_bits());
        prop_assert_eq!(game.harm().total, 0.0);
        prop_assert_eq!(game.harm().shares, [0.0; CHANNELS]);
    }
}
