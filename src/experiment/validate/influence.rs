//! P9: social influence makes sales unequal, and different from one world to the next (Salganik, Dodds, Watts 2006).

use super::observe::Observed;
use super::pattern::{Kind, Measured, Pattern, Standing, Statistic, Variant};
use super::sample::Sample;

const ITEMS: Variant = Variant::of("many_items");

/// P9.
pub const INFLUENCE: Pattern = Pattern {
    key: "P9",
    title: "Social influence: inequality and unpredictability",
    source: "Salganik, Dodds, Watts 2006 (B5), V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "what has been ordered more is shown to have been, and is ordered more (behaviour.social_orders on counters of scale orders_scale)",
        without: &["behaviour.orders_scale=1000000"],
    },
    variants: &[
        ITEMS.with(&["behaviour.social_orders=0"]),
        ITEMS,
        ITEMS.with(&["behaviour.social_orders=0.24"]),
    ],
    statistics: &[
        rise(
            "gini_first",
            "Gini of sales over items, rise from weight 0 to 0.08",
        ),
        rise("gini_then", "the same from 0.08 to 0.24"),
        rise(
            "spread_first",
            "spread of shares between worlds, rise from weight 0 to 0.08",
        ),
        rise("spread_then", "the same from 0.08 to 0.24"),
    ],
    measure: influence,
};

const fn rise(key: &'static str, label: &'static str) -> Statistic {
    Statistic {
        key,
        label,
        unit: "index",
        band: [0.0, f64::INFINITY],
        kind: Kind::Hard,
    }
}

fn influence(sample: &Sample) -> Vec<Measured> {
    let gini_rise = |from: usize, to: usize| {
        sample.each(|runs| Some(gini(&shares(&runs[to])) - gini(&shares(&runs[from]))))
    };
    let spread = |variant: usize| -> Vec<Option<f64>> {
        let worlds: Vec<Vec<f64>> = sample
            .by_seed
            .iter()
            .map(|runs| shares(&runs[variant]))
            .collect();
        unpredictability(&worlds)
    };
    let spreads = [spread(0), spread(1), spread(2)];
    let spread_rise = |from: usize, to: usize| {
        let pairs = spreads[from].iter().zip(&spreads[to]);
        Measured::BySeed(pairs.map(|(from, to)| Some((*to)? - (*from)?)).collect())
    };
    vec![
        gini_rise(0, 1),
        gini_rise(1, 2),
        spread_rise(0, 1),
        spread_rise(1, 2),
    ]
}

/// Shares of the items in orders.
fn shares(run: &Observed) -> Vec<f64> {
    let mut counts = vec![0.0; run.scenario.products.len()];
    for order in &run.orders {
        counts[order.product as usize] += 1.0;
    }
    let all: f64 = counts.iter().sum::<f64>().max(1.0);
    counts.iter().map(|count| count / all).collect()
}

/// Gini coefficient: the mean difference between two items, relative to twice the mean.
fn gini(shares: &[f64]) -> f64 {
    let count = shares.len() as f64;
    let pairs = shares
        .iter()
        .flat_map(|a| shares.iter().map(move |b| (a - b).abs()));
    let mean = shares.iter().sum::<f64>() / count;
    pairs.sum::<f64>() / (2.0 * count * count * mean.max(f64::MIN_POSITIVE))
}

/// For each world: the mean over items and other worlds of how far the item's shares lie apart. Salganik's unpredictability is its mean over worlds.
fn unpredictability(worlds: &[Vec<f64>]) -> Vec<Option<f64>> {
    let apart = |one: &[f64], other: &[f64]| {
        let items = one.iter().zip(other);
        items.map(|(a, b)| (a - b).abs()).sum::<f64>() / one.len().max(1) as f64
    };
    let of_world = |at: usize| {
        let others = worlds.iter().enumerate().filter(|(other, _)| *other != at);
        let distances: Vec<f64> = others.map(|(_, other)| apart(&worlds[at], other)).collect();
        super::sample::share(distances.iter().sum(), distances.len() as f64)
    };
    (0..worlds.len()).map(of_world).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_have_no_gini_and_one_seller_nearly_all() {
        assert_eq!(gini(&[0.25; 4]), 0.0);
        assert!((gini(&[1.0, 0.0, 0.0, 0.0]) - 0.75).abs() < 1.0e-12);
    }

    #[test]
    fn worlds_that_agree_are_predictable() {
        let alike = vec![vec![0.5, 0.5], vec![0.5, 0.5]];
        assert_eq!(unpredictability(&alike), [Some(0.0), Some(0.0)]);
        let apart = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
        assert_eq!(unpredictability(&apart), [Some(1.0), Some(1.0)]);
        assert_eq!(unpredictability(&apart[..1]), [None]);
    }
}
