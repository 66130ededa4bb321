//! Comparisons made up for tests of figures and reports: numbers with the shape of real ones, without a market behind them.

use yellowcart::experiment::compare::{Arm, Compared, Comparison, Difference, Mean, Path, Waiting};
use yellowcart::experiment::{Group, Metric};

/// Names as long as people make them.
pub const REGIMES: [&str; 10] = [
    "none",
    "china-2020-07",
    "china-2020-11-draft",
    "china-2021",
    "china-2026",
    "eu",
    "us",
    "uk",
    "korea",
    "a-rule-of-our-own-with-a-name-that-says-everything-about-it-v2",
];

/// A number in 0..1 that depends on what it is asked for alone.
fn noise(of: &[u64]) -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for part in of {
        state = (state ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^= state >> 29;
    }
    (state >> 11) as f64 / (1_u64 << 53) as f64
}

/// The metric declared primary.
pub const PRIMARY: &str = "deception_harm";

/// What metrics there are: key, label, unit, group, mean under the baseline.
const METRICS: [(&str, &str, &str, Group, f64); 30] = [
    (
        "true_conversion",
        "buyers per real view",
        "share",
        Group::Conversion,
        0.0096,
    ),
    (
        "apparent_conversion",
        "displayed orders per displayed view",
        "share",
        Group::Conversion,
        0.0234,
    ),
    (
        "buyers",
        "consumers who paid",
        "consumers",
        Group::Conversion,
        4_288.0,
    ),
    (
        "displayed_sales",
        "sales on display",
        "yuan",
        Group::Sales,
        1_012_926.0,
    ),
    (
        "paid_sales",
        "sales paid in rooms",
        "yuan",
        Group::Sales,
        410_223.0,
    ),
    (
        "paid_orders",
        "orders paid in rooms",
        "orders",
        Group::Sales,
        4_700.0,
    ),
    (
        "deception_harm",
        "harm of deception at paid orders",
        "yuan",
        Group::Harm,
        14_073.0,
    ),
    (
        "unbiased_harm",
        "harm against unbiased choice",
        "yuan",
        Group::Harm,
        48_000.0,
    ),
    (
        "harm_kind.deception",
        "loss against informed choice",
        "yuan",
        Group::Harm,
        14_073.0,
    ),
    (
        "harm_kind.overpayment",
        "overpayment beyond it",
        "yuan",
        Group::Harm,
        6_200.0,
    ),
    (
        "harm_kind.redress",
        "cost of redress",
        "yuan",
        Group::Harm,
        2_345.0,
    ),
    (
        "harm_kind.quality",
        "shortfall of quality",
        "yuan",
        Group::Harm,
        990.0,
    ),
    (
        "harm_channel.reference_price",
        "false reference price",
        "yuan",
        Group::HarmByChannel,
        9_642.0,
    ),
    (
        "harm_channel.claimed_quality",
        "claimed quality",
        "yuan",
        Group::HarmByChannel,
        3_523.0,
    ),
    (
        "harm_channel.orders",
        "inflated orders",
        "yuan",
        Group::HarmByChannel,
        907.0,
    ),
    (
        "harm_channel.viewers",
        "inflated viewers",
        "yuan",
        Group::HarmByChannel,
        120.0,
    ),
    (
        "harm_channel.scarcity",
        "false scarcity",
        "yuan",
        Group::HarmByChannel,
        410.0,
    ),
    (
        "harm_channel.windfall",
        "staged windfall",
        "yuan",
        Group::HarmByChannel,
        -330.0,
    ),
    (
        "harm_channel.arousal",
        "staged arousal",
        "yuan",
        Group::HarmByChannel,
        1_500.0,
    ),
    (
        "harm_channel.promise",
        "false promise",
        "yuan",
        Group::HarmByChannel,
        2_250.0,
    ),
    (
        "harm_segment.newcomers",
        "newcomers",
        "yuan",
        Group::HarmBySegment,
        9_000.0,
    ),
    (
        "harm_segment.regulars",
        "regulars",
        "yuan",
        Group::HarmBySegment,
        5_000.0,
    ),
    (
        "gini",
        "Gini coefficient of harm",
        "index",
        Group::Distribution,
        0.991,
    ),
    (
        "top_decile",
        "share of harm borne by the tenth harmed most",
        "share",
        Group::Distribution,
        0.62,
    ),
    ("claims", "claims made", "claims", Group::Redress, 320.0),
    (
        "days_to_resolution",
        "days until a claim is resolved",
        "days",
        Group::Redress,
        9.5,
    ),
    (
        "refunds",
        "refunds and damages",
        "yuan",
        Group::Redress,
        0.0,
    ),
    (
        "inspections",
        "rooms inspected",
        "rooms",
        Group::Enforcement,
        0.0,
    ),
    (
        "platform_profit",
        "platform",
        "yuan",
        Group::Ledger,
        31_000.0,
    ),
    (
        "anchor_profit",
        "anchor star, who loses money on every single order that she takes in this market",
        "yuan",
        Group::Ledger,
        -12_000.0,
    ),
];

/// What is odd about a comparison.
#[derive(Default, Clone, Copy)]
pub struct Odd {
    /// Nothing varies.
    pub still: bool,
    /// Every third value is not there.
    pub gaps: bool,
    /// Some metric is enormous in one arm.
    pub outlier: bool,
    /// Assumptions were redrawn.
    pub uncertainty: bool,
}

/// A comparison of the first `arms` regimes over `replications`; the last regime of more than two is inert.
pub fn comparison(arms: usize, replications: usize, odd: Odd) -> Comparison {
    let regimes = &REGIMES[..arms];
    let inert = |arm: usize| arm > 1 && arm + 1 == arms;
    let metrics: Vec<Compared> = METRICS
        .iter()
        .enumerate()
        .map(|(index, metric)| compared(index, metric, arms, replications, odd, &inert))
        .collect();
    Comparison {
        scenario: "guess_coat".to_owned(),
        title: "The down coat: a promised lowest price, and a coupon that undercut it".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        consumers: 300_000,
        base_seed: 20_201_111,
        seeds: (20_201_111..20_201_111 + replications as u64).collect(),
        from: odd.uncertainty.then(|| "2020-11-05 00:00".to_owned()),
        uncertainty: odd.uncertainty,
        seeds_per_draw: odd.uncertainty.then_some(2),
        redrawn: Vec::new(),
        never_in_force: Vec::new(),
        inert_changes: Vec::new(),
        arms: regimes
            .iter()
            .enumerate()
            .map(|(arm, name)| Arm {
                name: (*name).to_owned(),
                title: format!("The rules of {name}"),
                from: None,
                changed: if arm == 0 || inert(arm) {
                    0
                } else {
                    replications as u32
                },
                same_as: None,
                days_short: (arm == 1).then_some(20),
                rules: if arm == 0 {
                    Vec::new()
                } else {
                    vec![
                        (
                            "disclose_real_counters".to_owned(),
                            if inert(arm) { 0 } else { replications as u32 },
                        ),
                        ("price_promise_enforceable".to_owned(), 0),
                    ]
                },
            })
            .collect(),
        primary: PRIMARY.to_owned(),
        metrics,
        paths: paths(arms, odd, &inert),
        survival: survival(arms, replications),
    }
}

fn compared(
    index: usize,
    (key, label, unit, group, base): &(&str, &str, &str, Group, f64),
    arms: usize,
    replications: usize,
    odd: Odd,
    inert: &dyn Fn(usize) -> bool,
) -> Compared {
    let value = |arm: usize, seed: usize| {
        let own = if odd.still {
            0.0
        } else {
            noise(&[index as u64, seed as u64]) - 0.5
        };
        let of_arm = if odd.still {
            0.0
        } else {
            noise(&[index as u64, arm as u64, seed as u64]) - 0.5
        };
        let shift = match arm {
            0 => 0.0,
            arm if inert(arm) => 0.0,
            arm => -0.9 * noise(&[index as u64, arm as u64]) * noise(&[index as u64 + 7]),
        };
        let of_arm = if arm == 0 || inert(arm) { 0.0 } else { of_arm };
        let shift = if odd.outlier && *key == "claims" && arm == 1 {
            40.0
        } else {
            shift
        };
        let from_zero = if *base == 0.0 && arm > 0 && !inert(arm) {
            25.0 * arm as f64
        } else {
            0.0
        };
        let missing = odd.gaps && (seed + arm).is_multiple_of(3);
        (!missing).then_some(base * (1.0 + 0.3 * own + shift + 0.08 * of_arm) + from_zero)
    };
    let values: Vec<Vec<Option<f64>>> = (0..arms)
        .map(|arm| (0..replications).map(|seed| value(arm, seed)).collect())
        .collect();
    let means = values.iter().map(|values| mean_of(values)).collect();
    let differences = (1..arms)
        .map(|arm| difference_of(&values[0], &values[arm], odd, *key == PRIMARY))
        .collect();
    Compared {
        metric: Metric {
            key: (*key).to_owned(),
            label: (*label).to_owned(),
            unit: (*unit).to_owned(),
            group: *group,
        },
        means,
        differences,
    }
}

/// Mean and half width of its interval, roughly.
fn interval(values: &[f64], factor: f64) -> (f64, [f64; 2]) {
    let count = values.len() as f64;
    if values.is_empty() {
        return (0.0, [0.0; 2]);
    }
    let mean = values.iter().sum::<f64>() / count;
    if values.len() < 2 {
        return (mean, [mean; 2]);
    }
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let half = factor * (squares / (count - 1.0) / count).sqrt();
    (mean, [mean - half, mean + half])
}

fn mean_of(values: &[Option<f64>]) -> Mean {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let (mean, interval) = interval(&present, 2.02);
    Mean {
        mean,
        interval,
        values: values.to_vec(),
    }
}

fn difference_of(base: &[Option<f64>], arm: &[Option<f64>], odd: Odd, primary: bool) -> Difference {
    let pairs = base
        .iter()
        .zip(arm)
        .filter_map(|(base, arm)| Some((*arm)? - (*base)?));
    let pairs: Vec<f64> = pairs.collect();
    let (mean, within) = interval(&pairs, 2.02);
    let (_, corrected) = interval(&pairs, if primary { 2.02 } else { 3.1 });
    let spans = pairs.len() < 2 || (within[0] <= 0.0 && within[1] >= 0.0);
    let differ = pairs.iter().filter(|pair| **pair != 0.0).count() as u32;
    let rare = pairs.len() >= 10 && differ < 5;
    Difference {
        mean,
        median: yellowcart::experiment::compare::statistics::median(&pairs),
        uncorrected: within,
        corrected,
        seed_interval: odd
            .uncertainty
            .then_some([0.5 * (mean + within[0]), 0.5 * (mean + within[1])]),
        parameter_interval: odd
            .uncertainty
            .then_some([0.6 * (mean + within[0]), 0.6 * (mean + within[1])]),
        pairs: pairs.len() as u32,
        differ,
        rests_on: None,
        p_uncorrected: if spans { 0.4 } else { 0.000_04 },
        p_corrected: if spans { 1.0 } else { 0.0012 },
        correlation: (within[0] < within[1]).then_some(0.93),
        saving: (within[0] < within[1]).then_some(11.6),
        more: (pairs.len() > 1 && spans && mean != 0.0 && !rare).then_some(1_240),
    }
}

/// Claims that are resolved the faster the later the arm; under the first regime beside the baseline nobody claims.
fn survival(arms: usize, replications: usize) -> Vec<Waiting> {
    let of_arm = |arm: usize| {
        let days = (0..27).map(|day| {
            let mean = (-0.02 * f64::from(day) * arm as f64).exp();
            [mean, 0.9 * mean, (1.1 * mean).min(1.0)]
        });
        Waiting {
            arm,
            replications: replications as u32,
            days: days.collect(),
        }
    };
    (0..arms).filter(|arm| *arm != 1).map(of_arm).collect()
}

fn paths(arms: usize, odd: Odd, inert: &dyn Fn(usize) -> bool) -> Vec<Path> {
    let columns = yellowcart::market::DayTotals::COLUMNS;
    let mut paths = Vec::new();
    for (index, (key, label, unit)) in columns.into_iter().enumerate() {
        for arm in 0..arms {
            let size = 400.0 * 9.0_f64.powi(index as i32 % 4) * f64::from(u8::from(index != 6));
            let shift = if arm == 0 || inert(arm) {
                1.0
            } else {
                1.0 - 0.6 * noise(&[index as u64, arm as u64])
            };
            let days = (0..27)
                .map(|day| {
                    let mean = shift * size * (1.0 - (-f64::from(day) / 8.0).exp());
                    let spread = if odd.still { 0.0 } else { 0.2 * mean };
                    [mean, mean - spread, mean + spread]
                })
                .collect();
            paths.push(Path {
                key: key.to_owned(),
                label: label.to_owned(),
                unit: unit.to_owned(),
                arm,
                days,
            });
        }
    }
    paths
}
