//! The statistics of comparisons: Student's t against published tables and statrs, corrections against their definitions, pairing and the
//! parts of the variance against simulation.

use proptest::prelude::*;
use statrs::distribution::{ContinuousCDF, StudentsT};
use yellowcart::draws::{Draws, Mechanism, identity_of_pair};
use yellowcart::experiment::compare::statistics::*;

fn normal(draw: u64, index: u64) -> f64 {
    let words = Draws::new(11).at(Mechanism::Reference, identity_of_pair(draw, index), 0);
    words.normal(0)
}

/// Percentage points of Student's t as every textbook prints them.
#[test]
fn critical_values_are_those_of_the_tables() {
    for (freedom, level, printed) in [
        (1.0, 0.05, 12.706),
        (2.0, 0.05, 4.303),
        (5.0, 0.05, 2.571),
        (9.0, 0.05, 2.262),
        (30.0, 0.05, 2.042),
        (60.0, 0.05, 2.000),
        (120.0, 0.05, 1.980),
        (1.0, 0.01, 63.657),
        (4.0, 0.01, 4.604),
        (10.0, 0.01, 3.169),
        (3.0, 0.001, 12.924),
        (20.0, 0.001, 3.850),
        (10.0, 0.10, 1.812),
        (40.0, 0.20, 1.303),
    ] {
        let found = critical(level, freedom);
        assert!(
            (found - printed).abs() <= 0.000_5,
            "t of {freedom} at {level}: {found} instead of {printed}"
        );
    }
    // With many degrees of freedom it is the normal distribution's.
    assert!((critical(0.05, 1.0e6) - 1.959_963_984_540_054).abs() < 1.0e-5);
}

/// Bits that must never change: intervals are in results that are compared byte by byte.
#[test]
fn golden_bits() {
    let bits = [
        critical(0.05, 7.0).to_bits(),
        critical(0.05 / 36.0, 39.0).to_bits(),
        two_sided(2.5, 11.0).to_bits(),
        two_sided(0.1, 3.0).to_bits(),
    ];
    assert_eq!(bits, GOLDEN_BITS);
}

const GOLDEN_BITS: [u64; 4] = [
    4612507079249189664,
    4614934813014457258,
    4584161854710498031,
    4606521761890799033,
];

proptest! {
    #[test]
    fn the_distribution_is_the_oracles(t in 0.0_f64..40.0, freedom in 1_u32..2_000) {
        let freedom = f64::from(freedom);
        let oracle = StudentsT::new(0.0, 1.0, freedom).expect("a distribution");
        let (ours, theirs) = (two_sided(t, freedom), 2.0 * oracle.sf(t));
        prop_assert!((ours - theirs).abs() <= 1.0e-10 * theirs.max(1.0e-12) + 1.0e-12, "{} {}", ours, theirs);
    }

    #[test]
    fn critical_values_leave_their_level(level in 1.0e-6_f64..0.9, freedom in 1_u32..5_000) {
        let freedom = f64::from(freedom);
        let left = two_sided(critical(level, freedom), freedom);
        prop_assert!((left / level - 1.0).abs() < 1.0e-9, "{} {}", left, level);
    }

    /// A corrected p and a corrected interval never contradict each other.
    #[test]
    fn corrected_p_is_below_the_level_where_the_corrected_interval_leaves_zero_out(
        mean in -2.0_f64..2.0,
        values in prop::collection::vec(-1.0_f64..1.0, 2..12),
        comparisons in 1_usize..400,
    ) {
        let raw = Moments::of(&values);
        prop_assume!(raw.variance > 0.001);
        let moments = Moments { mean, ..raw };
        let [low, high] = moments.interval(LEVEL / comparisons as f64);
        let p = bonferroni(moments.p(), comparisons);
        prop_assume!((p - LEVEL).abs() > 1.0e-9);
        prop_assert_eq!(p < LEVEL, low > 0.0 || high < 0.0, "{} {} {}", p, low, high);
        prop_assert!(p <= 1.0);
    }

    /// The number of further replications against a search one by one.
    #[test]
    fn more_is_the_least_number_that_tells(
        mean in 0.05_f64..2.0,
        values in prop::collection::vec(-1.0_f64..1.0, 2..12),
        comparisons in 1_usize..60,
    ) {
        let raw = Moments::of(&values);
        prop_assume!(raw.variance > 0.01);
        let moments = Moments { mean, ..raw };
        let level = LEVEL / comparisons as f64;
        let tells = |count: usize| {
            let [low, _] = Moments { count, ..moments }.interval(level);
            low > 0.0
        };
        let expected = (!tells(moments.count)).then(|| {
            let enough = (moments.count..).find(|count| tells(*count)).expect("some number is enough");
            (enough - moments.count) as u64
        });
        prop_assert_eq!(moments.more(level), expected);
    }

    /// Nothing that can be measured makes what is written into a result anything but a number.
    #[test]
    fn nothing_is_ever_not_a_number(values in prop::collection::vec(-1.0e12_f64..1.0e12, 0..6), other in prop::collection::vec(-1.0_f64..1.0, 0..6)) {
        let moments = Moments::of(&values);
        let [low, high] = moments.interval(1.0e-4);
        prop_assert!(moments.mean.is_finite() && low.is_finite() && high.is_finite() && low <= high);
        prop_assert!((0.0..=1.0).contains(&moments.p()));
        if let Some(parts) = Components::of(&[values, other]) {
            let numbers = [parts.seed_interval(), parts.parameter_interval().unwrap_or_default()];
            prop_assert!(numbers.as_flattened().iter().all(|number| number.is_finite()));
        }
    }
}

#[test]
fn few_values_and_equal_values_are_told_as_they_are() {
    let nothing = Moments::of(&[]);
    assert_eq!(
        (nothing.mean, nothing.interval(LEVEL), nothing.p()),
        (0.0, [0.0; 2], 1.0)
    );
    let one = Moments::of(&[3.5]);
    assert_eq!(
        (one.interval(LEVEL), one.p(), one.more(LEVEL)),
        ([3.5; 2], 1.0, None)
    );
    let none_differs = Moments::of(&[0.0; 5]);
    assert_eq!((none_differs.p(), none_differs.more(LEVEL)), (1.0, None));
    // A tenth is not a binary fraction: that its mean is rounded makes no variance.
    let all_alike = Moments::of(&[0.1; 7]);
    assert_eq!((all_alike.interval(LEVEL), all_alike.p()), ([0.1; 2], 0.0));
    assert_eq!(correlation(&[1.0, 2.0], &[1.0, 2.0]), None);
    assert_eq!(correlation(&[1.0, 2.0, 3.0], &[5.0; 3]), None);
    assert_eq!(correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), Some(1.0));
    assert_eq!(saving(&[1.0, 2.0], &[2.0, 3.0]), None);
    assert_eq!(Components::of(&[vec![1.0, 2.0]]), None);
    assert_eq!(Components::of(&[vec![1.0], vec![2.0]]), None);
}

#[test]
fn quantiles_lie_between_the_values() {
    let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
    for (share, expected) in [(0.0, 1.0), (0.25, 2.0), (0.5, 4.0), (0.6, 5.6), (1.0, 16.0)] {
        let found: f64 = quantile(&sorted, share);
        assert!((found - expected).abs() < 1.0e-12, "{share}: {found}");
    }
    assert_eq!(quantile(&[], 0.5), 0.0);
    assert_eq!(quantile(&[7.0], 0.975), 7.0);
}

/// What pairing saves, against runs that really are unpaired: the variance of their difference over many repetitions, divided by that of as many
/// paired ones, is the saving that the formula finds.
#[test]
fn the_saving_of_pairing_is_what_unpaired_runs_would_have_cost() {
    let (repetitions, size) = (4_000_u64, 20_u64);
    let value = |repetition: u64, arm: u64, index: u64, paired: bool| {
        // Three parts of four of the variance are shared when the seed is.
        let seed = if paired { index } else { 2 * index + arm };
        let shared = normal(10 * repetition + 1, 100 + seed);
        let own = normal(10 * repetition + 2, 1_000 + 2 * index + arm);
        (0.75_f64).sqrt() * shared + 0.5 * own + arm as f64
    };
    let mean_difference = |repetition: u64, paired: bool| {
        let of = |index| value(repetition, 1, index, paired) - value(repetition, 0, index, paired);
        (0..size).map(of).sum::<f64>() / size as f64
    };
    let spread = |paired: bool| {
        let means: Vec<f64> = (0..repetitions)
            .map(|r| mean_difference(r, paired))
            .collect();
        Moments::of(&means).variance
    };
    let simulated = spread(false) / spread(true);
    let arm = |arm: u64| {
        (0..20_000)
            .map(|index| value(0, arm, index, true))
            .collect::<Vec<_>>()
    };
    let (base, other) = (arm(0), arm(1));
    let formula = saving(&base, &other).expect("it varies");
    assert!((formula - 4.0).abs() < 0.15, "{formula}");
    assert!(
        (simulated / formula - 1.0).abs() < 0.1,
        "{simulated} {formula}"
    );
    let correlated = correlation(&base, &other).expect("both vary");
    assert!((correlated - 0.75).abs() < 0.02, "{correlated}");
    // With equal variances the saving is 1 / (1 - correlation).
    assert!((formula * (1.0 - correlated) - 1.0).abs() < 0.02);
}

/// Intervals hold what they promise: 95 of 100 contain the truth.
#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    let cover = |level: f64| {
        let hits = (0..4_000).filter(|draw| {
            let values: Vec<f64> = (0..6).map(|index| 2.0 + normal(*draw, index)).collect();
            let [low, high] = Moments::of(&values).interval(level);
            (low..=high).contains(&2.0)
        });
        hits.count() as f64 / 4_000.0
    };
    assert!((cover(0.05) - 0.95).abs() < 0.012, "{}", cover(0.05));
    assert!((cover(0.2) - 0.8).abs() < 0.02, "{}", cover(0.2));
}

/// Seeds and assumptions are told apart: with known parts of the variance the estimates are unbiased, and each interval covers what it says.
#[test]
fn seeds_and_assumptions_are_told_apart() {
    let (of_assumptions, of_seeds) = (4.0_f64, 1.0_f64);
    let (draws, seeds, repetitions) = (12_u64, 3_u64, 2_000_u64);
    let (mut between, mut within) = (0.0, 0.0);
    let (mut seed_hits, mut parameter_hits) = (0_u32, 0_u32);
    for repetition in 0..repetitions {
        let effect = |draw: u64| 5.0 + of_assumptions.sqrt() * normal(repetition, draw);
        let values: Vec<Vec<f64>> = (0..draws)
            .map(|draw| {
                let of = |seed| {
                    effect(draw) + of_seeds.sqrt() * normal(repetition, 1_000 + draw * seeds + seed)
                };
                (0..seeds).map(of).collect()
            })
            .collect();
        let parts = Components::of(&values).expect("enough of both");
        between += parts.of_assumptions / repetitions as f64;
        within += parts.of_seeds / repetitions as f64;
        // Seeds averaged out, the drawn assumptions held: their mean effect.
        let held = (0..draws).map(effect).sum::<f64>() / draws as f64;
        let [low, high] = parts.seed_interval();
        seed_hits += u32::from((low..=high).contains(&held));
        // One more draw of the assumptions, seeds averaged out.
        let [low, high] = parts.parameter_interval().expect("twelve draws");
        parameter_hits += u32::from((low..=high).contains(&effect(draws)));
    }
    assert!((between - of_assumptions).abs() < 0.15, "{between}");
    assert!((within - of_seeds).abs() < 0.03, "{within}");
    let share = |hits: u32| f64::from(hits) / repetitions as f64;
    assert!(
        (share(seed_hits) - 0.95).abs() < 0.015,
        "{}",
        share(seed_hits)
    );
    assert!(
        (share(parameter_hits) - 0.95).abs() < 0.02,
        "{}",
        share(parameter_hits)
    );
}

/// Unequal draws, worked out by hand: draws (1, 3), (5, 7, 9).
#[test]
fn unequal_draws_are_worked_out_as_by_hand() {
    let parts = Components::of(&[vec![1.0, 3.0], vec![5.0, 7.0, 9.0]]).expect("enough");
    // Within: 2 + 8 = 10 over 3 degrees; between: 2 (2 - 5)^2 + 3 (7 - 5)^2 = 30 over 1; n0 = 5 - 13 / 5 = 2.4.
    assert!((parts.of_seeds - 10.0 / 3.0).abs() < 1.0e-12);
    assert!((parts.of_assumptions - (30.0 - 10.0 / 3.0) / 2.4).abs() < 1.0e-12);
    assert!((parts.mean - 4.5).abs() < 1.0e-12);
    // Two draws say nothing of how far draws spread.
    assert_eq!(parts.parameter_interval(), None);
}

/// Fewer draws than are needed give no interval over assumptions, not one without width; enough give one.
#[test]
fn too_few_draws_give_no_interval_over_assumptions() {
    for draws in 2..8_u64 {
        // Seeds spread further than draws: the estimate for the assumptions is 0.
        let alike: Vec<Vec<f64>> = (0..draws).map(|draw| vec![draw as f64, 50.0]).collect();
        let apart: Vec<Vec<f64>> = (0..draws)
            .map(|draw| vec![draw as f64 * 10.0, draw as f64 * 10.0 + 1.0])
            .collect();
        let of = |values: &[Vec<f64>]| Components::of(values).expect("enough").parameter_interval();
        let (alike, apart) = (of(&alike), of(&apart));
        let enough = draws as usize >= LEAST_DRAWS;
        assert_eq!(
            (alike.is_some(), apart.is_some()),
            (enough, enough),
            "{draws}"
        );
        assert!(apart.is_none_or(|[low, high]| low < high));
    }
}

/// Worked out by hand: of n pairs of which k are 2 and the rest 0, t is the root of (n - 1) k / (n - k).
#[test]
fn few_pairs_that_carry_a_difference_are_counted_as_by_hand() {
    let pairs = |twos: usize, all: usize| -> Vec<Vec<f64>> {
        let value = |at: usize| vec![if at < twos { 2.0 } else { 0.0 }];
        (0..all).map(value).collect()
    };
    for (twos, all, few) in [
        // 9 * 4 / 6 = 2.449², beyond 2.262; 8 * 3 / 6 = 2², within 2.306.
        (4, 10, Some(1)),
        // 3², beyond; 8 * 4 / 5 = 2.530², still beyond, and of ten no more than one may go.
        (5, 10, None),
        // 19 * 5 / 15 = 2.517², beyond 2.093; 18 * 4 / 15 = 2.191², beyond 2.101; 17 * 3 / 15 = 1.844², within 2.110.
        (5, 20, Some(2)),
        // 2.854²; 2.535²; 17 * 4 / 14 = 2.204², beyond 2.110.
        (6, 20, None),
        // 9 * 3 / 7 = 1.964², within 2.262: there is nothing to rest on anything.
        (3, 10, None),
    ] {
        let pairs = pairs(twos, all);
        assert_eq!(rests_on(&pairs, LEVEL), few, "{twos} of {all}");
        let below: Vec<Vec<f64>> = pairs.iter().map(|pair| vec![-pair[0]]).collect();
        assert_eq!(rests_on(&below, LEVEL), few, "{twos} of {all}, below zero");
    }
    // Evenly spread pairs carry their mean together, however close to zero their interval comes; with four that are far away it rests on these.
    let mut spread: Vec<Vec<f64>> = (0..40).map(|at| vec![f64::from(at) - 14.5]).collect();
    assert_eq!(rests_on(&spread, LEVEL), None);
    for at in 0..4 {
        spread[at][0] = 300.0;
        spread[39 - at][0] = -10.0;
    }
    // t is 2.303, 2.0248 (beyond 2.0244), 1.722.
    assert_eq!(rests_on(&spread, LEVEL), Some(2));
    // One draw of the assumptions is one observation, which rests on nothing; nor does nothing at all.
    assert_eq!(rests_on(&[vec![2.0; 10]], LEVEL), None);
    assert_eq!(rests_on(&[], LEVEL), None);
    // Draws whose means are 2, 2, 2 and 0, t 3 beyond 2.353: a pair less leaves its draw's mean as it is.
    let draws = [vec![2.0; 2], vec![2.0; 2], vec![2.0; 2], vec![0.0; 2]];
    assert_eq!(rests_on(&draws, 0.1), None);
}

#[test]
fn the_median_of_differences_is_that_of_an_ordinary_replication() {
    assert_eq!(median(&[]), 0.0);
    assert_eq!(median(&[0.0, -60_000.0, 0.0, 0.0, -500.0]), 0.0);
    assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
}
