//! P1, P2 and P3: what comes back.

use super::observe::{Observed, Parcels, Sold};
use super::pattern::{Kind, Measured, Pattern, Standing, Statistic, Variant};
use super::sample::{Sample, share};
use crate::experiment::compare::statistics::Moments;

/// The same goods in rooms and on the shelf.
pub const WEEKS: Variant = Variant::of("live_and_ordinary");

/// The same with rooms half as rousing again.
const ROUSING: Variant = WEEKS.with(&[
    "anchors.quarreller.skill=1.5",
    "anchors.first_shop.skill=1.5",
    "anchors.second_shop.skill=1.5",
]);

/// P1: live returns exceed ordinary ones.
pub const LIVE: Pattern = Pattern {
    key: "P1",
    title: "More comes back from rooms than from the shelf",
    source: "30 to 50 % against 10 to 15 % (B3), V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "arousal, displays and bargains lift the wish to buy in the room and are gone at home (behaviour.arousal, social_orders, social_viewers, claimed_quality; bargain_weight)",
        without: &[
            "behaviour.arousal=0",
            "behaviour.social_orders=0",
            "behaviour.social_viewers=0",
            "behaviour.urgency=0",
            "behaviour.claimed_quality=0",
            "population.segments.all.bargain_weight.median=0",
        ],
    },
    variants: &[WEEKS],
    statistics: &[
        Statistic {
            key: "ratio",
            label: "return rate in rooms to that on the shelf, same goods",
            unit: "ratio",
            band: [2.0, 4.0],
            kind: Kind::Hard,
        },
        Statistic {
            key: "rooms",
            label: "return rate in rooms",
            unit: "share",
            band: [0.30, 0.50],
            kind: Kind::Soft,
        },
        Statistic {
            key: "shelf",
            label: "return rate on the shelf",
            unit: "share",
            band: [0.10, 0.15],
            kind: Kind::Soft,
        },
    ],
    measure: live,
};

fn parcels(run: &Observed, on_shelf: bool) -> Parcels {
    let mut sum = Parcels::default();
    for (sold, parcels) in &run.parcels {
        if sold.on_shelf == on_shelf {
            sum.delivered += parcels.delivered;
            sum.returned += parcels.returned;
        }
    }
    sum
}

fn rate(parcels: Parcels) -> Option<f64> {
    share(parcels.returned as f64, parcels.delivered as f64)
}

/// What of the shelf would come back if it sold the goods that rooms sell, in the same proportions.
fn expected_on_shelf(run: &Observed) -> Option<f64> {
    let (mut expected, mut delivered) = (0.0, 0.0);
    for (sold, parcels) in run.parcels.iter().filter(|(sold, _)| !sold.on_shelf) {
        let same = Sold {
            on_shelf: true,
            ..*sold
        };
        let Some(there) = run.parcels.get(&same).copied().and_then(rate) else {
            continue;
        };
        expected += parcels.delivered as f64 * there;
        delivered += parcels.delivered as f64;
    }
    share(expected, delivered)
}

fn live(sample: &Sample) -> Vec<Measured> {
    vec![
        sample.each(|runs| Some(rate(parcels(&runs[0], false))? / expected_on_shelf(&runs[0])?)),
        sample.each(|runs| rate(parcels(&runs[0], false))),
        sample.each(|runs| rate(parcels(&runs[0], true))),
    ]
}

/// P2: interaction raises returns.
pub const INTERACTION: Pattern = Pattern {
    key: "P2",
    title: "Interaction raises returns",
    source: "Feng, Rong, Tian, Wang, Yao, POM: up to +11.68 points (B3), V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "arousal lifts the wish to buy while it lasts (behaviour.arousal, impulse_per_minute)",
        without: &["behaviour.arousal=0", "behaviour.impulse_per_minute=0"],
    },
    variants: &[WEEKS, ROUSING],
    statistics: &[Statistic {
        key: "effect",
        label: "return rate in rooms by one standard deviation of arousal over rooms",
        unit: "points",
        band: [3.0, 12.0],
        kind: Kind::Hard,
    }],
    measure: |sample| vec![sample.each(|runs| interaction(&runs[0], &runs[1]))],
};

/// Points of return rate per unit of arousal, between runs with the same people, times the standard deviation of arousal over the rooms of the first.
fn interaction(usual: &Observed, rousing: &Observed) -> Option<f64> {
    let moments = |run: &Observed| {
        let known: Vec<f64> = run.arousal.iter().copied().flatten().collect();
        Moments::of(&known)
    };
    let (before, after) = (moments(usual), moments(rousing));
    let points = 100.0 * (rate(parcels(rousing, false))? - rate(parcels(usual, false))?);
    Some(points / (after.mean - before.mean) * libm::sqrt(before.variance))
}

/// P3: brushed sales come back.
pub const BRUSHED: Pattern = Pattern {
    key: "P3",
    title: "Brushed sales come back",
    source: "1,012 of 1,323 units refunded, 76.4 % (A4), V",
    kind: Kind::Soft,
    standing: Standing::ByConstruction {
        why: "how many orders are brushed is put in, and all of them come back",
    },
    variants: &[Variant::of("refund_scandal")],
    statistics: &[Statistic {
        key: "share",
        label: "refunded of orders in the room with bought orders",
        unit: "share",
        band: [0.7, 1.0],
        kind: Kind::Soft,
    }],
    measure: |sample| vec![sample.each(|runs| refunded(&runs[0]))],
};

/// Refunded of the orders, brushed ones included, for the product that is brushed.
fn refunded(run: &Observed) -> Option<f64> {
    let brushed = run.summary.market.brushed_orders as f64;
    let product = run
        .scenario
        .products
        .iter()
        .position(|product| product.name == "tonic")?;
    let sold = Sold {
        on_shelf: false,
        product: product as u32,
    };
    let real = run.parcels.get(&sold).copied().unwrap_or_default();
    share(
        brushed + real.returned as f64,
        brushed + real.delivered as f64,
    )
}
