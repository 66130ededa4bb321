//! Draws: the same bits everywhere, the distributions that they claim to be, and no dependence between addresses.

use proptest::prelude::*;
use rand::SeedableRng;
use rand_distr::{Distribution, Exp1, LogNormal, Pareto, Poisson, StandardNormal};
use yellowcart::draws::{
    Draws, Mechanism, identity_of_name, identity_of_pair, logit, lognormal, pareto, poisson, share,
};

const MECHANISM: Mechanism = Mechanism::Reference;
const MANY: u64 = 200_000;

fn words(index: u64, ordinal: u32) -> yellowcart::draws::Words {
    Draws::new(7).at(MECHANISM, identity_of_pair(1, index), ordinal)
}

/// Bits that must never change: every published result rests on them.
#[test]
fn golden_bits() {
    assert_eq!(identity_of_name("anchor red"), GOLDEN_NAME);
    assert_eq!(identity_of_pair(1, 2), GOLDEN_PAIR);
    let words = Draws::new(20_201_111).at(Mechanism::Traits, 42, 3);
    assert_eq!(words.0, GOLDEN_WORDS);
    let bits = [
        words.uniform(0).to_bits(),
        words.exponential(1).to_bits(),
        words.normal(2).to_bits(),
        words.normals()[0].to_bits(),
        words.normals()[3].to_bits(),
        logit(words.uniform(0)).to_bits(),
        lognormal(400.0, 0.8, 0.3).to_bits(),
        share(0.6, 0.6, -0.7).to_bits(),
        pareto(5.0, 1.1, 0.2).to_bits(),
    ];
    assert_eq!(bits, GOLDEN_BITS);
}

const GOLDEN_NAME: u64 = 9903203772257370794;
const GOLDEN_PAIR: u64 = 17474652204475260503;
const GOLDEN_WORDS: [u32; 4] = [1774425174, 2284199971, 1219818424, 3833806615];
const GOLDEN_BITS: [u64; 9] = [
    4601114098525011968,
    4603862618255347968,
    4608259101362200738,
    13831919639125803481,
    13830473865908443418,
    13823366665268358494,
    4647653236816114846,
    4602613360991343008,
    4626772286682661636,
];

/// Largest distance between two empirical distributions (Kolmogorov-Smirnov).
fn distance(mut one: Vec<f64>, mut other: Vec<f64>) -> f64 {
    one.sort_by(f64::total_cmp);
    other.sort_by(f64::total_cmp);
    let (mut i, mut j, mut largest) = (0, 0, 0.0_f64);
    while i < one.len() && j < other.len() {
        let value = one[i].min(other[j]);
        while i < one.len() && one[i] <= value {
            i += 1;
        }
        while j < other.len() && other[j] <= value {
            j += 1;
        }
        let apart = i as f64 / one.len() as f64 - j as f64 / other.len() as f64;
        largest = largest.max(apart.abs());
    }
    largest
}

/// Both samples are of the same distribution: the distance stays below its value at a probability of one in a million.
fn same(name: &str, ours: impl Fn(u64) -> f64, theirs: impl Distribution<f64>) {
    let mut generator = rand::rngs::StdRng::seed_from_u64(3);
    let ours = (0..MANY).map(ours).collect();
    let reference = (0..MANY).map(|_| theirs.sample(&mut generator)).collect();
    let limit = 2.7 * (2.0 / MANY as f64).sqrt();
    let apart = distance(ours, reference);
    assert!(apart < limit, "{name}: {apart} against {limit}");
}

#[test]
fn distributions_are_those_of_the_reference_library() {
    same("exponential", |i| words(i, 0).exponential(0), Exp1);
    same("normal", |i| words(i, 1).normal(0), StandardNormal);
    for slot in 0..4 {
        same(
            "one of four normals",
            |i| words(i, 2).normals()[slot],
            StandardNormal,
        );
    }
    let log_normal = LogNormal::new(400.0_f64.ln(), 0.8).expect("good parameters");
    same(
        "lognormal",
        |i| lognormal(400.0, 0.8, words(i, 3).normal(0)),
        log_normal,
    );
    let reference = Pareto::new(5.0, 1.1).expect("good parameters");
    same(
        "Pareto",
        |i| pareto(5.0, 1.1, words(i, 4).uniform(0)),
        reference,
    );
    for mean in [0.3, 1.5, 8.0] {
        let reference = Poisson::new(mean).expect("a good mean");
        same(
            "Poisson",
            |i| f64::from(poisson(mean, words(i, 5).uniform(0))),
            reference,
        );
    }
}

/// Correlation of two samples.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum =
        |of: &dyn Fn(f64, f64) -> f64| -> f64 { pairs.iter().map(|(x, y)| of(x - a, y - b)).sum() };
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

#[test]
fn neighbouring_addresses_are_independent() {
    let limit = 5.0 / (MANY as f64).sqrt();
    let base = |i: u64| words(i, 0).uniform(0);
    let check = |name: &str, other: &dyn Fn(u64) -> f64| {
        let pairs: Vec<(f64, f64)> = (0..MANY).map(|i| (base(i), other(i))).collect();
        let found = correlation(&pairs);
        assert!(found.abs() < limit, "{name}: correlation {found}");
    };
    check("next identity", &|i| words(i + 1, 0).uniform(0));
    check("next ordinal", &|i| words(i, 1).uniform(0));
    check("next slot", &|i| words(i, 0).uniform(1));
    check("next seed", &|i| {
        Draws::new(8)
            .at(MECHANISM, identity_of_pair(1, i), 0)
            .uniform(0)
    });
    check("another mechanism", &|i| {
        Draws::new(7)
            .at(Mechanism::Taste, identity_of_pair(1, i), 0)
            .uniform(0)
    });
    check("another group", &|i| {
        Draws::new(7)
            .at(MECHANISM, identity_of_pair(2, i), 0)
            .uniform(0)
    });
}

#[test]
fn identities_of_a_large_market_are_distinct() {
    let mut seen: Vec<u64> = (0..8)
        .flat_map(|group| {
            (0..250_000)
                .map(move |i| identity_of_pair(identity_of_name(&format!("segment {group}")), i))
        })
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 2_000_000);
}

proptest! {
    #[test]
    fn every_draw_is_finite_and_in_its_range(seed: u64, identity: u64, ordinal: u32) {
        let words = Draws::new(seed).at(MECHANISM, identity, ordinal);
        for slot in 0..4 {
            let uniform = words.uniform(slot);
            prop_assert!(uniform > 0.0 && uniform < 1.0);
            prop_assert!(words.exponential(slot) > 0.0 && words.exponential(slot).is_finite());
            prop_assert!(logit(uniform).is_finite());
        }
        prop_assert!(words.normals().into_iter().all(f64::is_finite));
        let between = share(0.3, 3.0, words.normal(0));
        prop_assert!((0.0..=1.0).contains(&between));
    }
}
