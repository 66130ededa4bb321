//! P9: social influence makes sales unequal, and different from one world to the other (Salganik, Dodds, Watts 2006).

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
        ITEMS.with(&["behaviour.social_orders=0.08"]),
        ITEMS.with(&["behaviour.social_orders=0.16"]),
    ],
    statistics: &[
        rise(
            "gini_first",
            "Gini of sales over items, rise from weight 0 to 0.08",
        ),
        rise("gini_then", "the same from 0.08 to 0.16"),
        rise(
            "spread_first",
            "spread of an item's share over worlds, rise from weight 0 to 0.08",
        ),
        rise("spread_then", "the same from 0.08 to 0.16"),
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
    let rise = |of: fn(&Worlds) -> f64, from: usize, to: usize| {
        sample.each(|runs| {
            // Where more is ordered chance evens out: worlds are compared by as many orders in each.
            let orders = runs.iter().map(|run| fewest(run)).min()?;
            let [from, to] = [from, to].map(|at| of(&worlds(&runs[at], orders)));
            Some(to - from)
        })
    };
    vec![
        rise(inequality, 0, 1),
        rise(inequality, 1, 2),
        rise(unpredictability, 0, 1),
        rise(unpredictability, 1, 2),
    ]
}

/// Shares of the items in the orders of each room: each is a world.
type Worlds = Vec<Vec<f64>>;

/// Orders in the room with the fewest.
fn fewest(run: &Observed) -> usize {
    let mut counts = vec![0; run.scenario.rooms.len()];
    for order in &run.orders {
        counts[order.room as usize] += 1;
    }
    counts.into_iter().min().unwrap_or(0)
}

/// Shares of the items in the first so many orders of each room.
fn worlds(run: &Observed, orders: usize) -> Worlds {
    let (items, rooms) = (run.scenario.products.len(), run.scenario.rooms.len());
    let mut counts = vec![vec![0.0; items]; rooms];
    let mut taken = vec![0; rooms];
    for order in &run.orders {
        let room = order.room as usize;
        if taken[room] < orders {
            taken[room] += 1;
            counts[room][order.product as usize] += 1.0 / orders as f64;
        }
    }
    counts
}

/// The mean Gini of the worlds.
fn inequality(worlds: &Worlds) -> f64 {
    worlds.iter().map(|shares| gini(shares)).sum::<f64>() / worlds.len() as f64
}

/// Gini coefficient: the mean difference between two items, relative to twice the mean.
fn gini(shares: &[f64]) -> f64 {
    let count = shares.len() as f64;
    let pairs = shares
        .iter()
        .flat_map(|a| shares.iter().map(move |b| (a - b).abs()));
    let mean = shares.iter().sum::<f64>() / count;
    pairs.sum::<f64>() / (2.0 * count * count * mean)
}

/// Salganik's unpredictability: how far the shares of an item in two worlds lie apart, mean over items and pairs of worlds.
fn unpredictability(worlds: &Worlds) -> f64 {
    let mut apart = Vec::new();
    for (at, one) in worlds.iter().enumerate() {
        for other in &worlds[..at] {
            apart.extend(one.iter().zip(other).map(|(a, b)| (a - b).abs()));
        }
    }
    apart.iter().sum::<f64>() / apart.len() as f64
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
        assert_eq!(unpredictability(&alike), 0.0);
        let apart = vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![0.0, 1.0]];
        assert!((unpredictability(&apart) - 2.0 / 3.0).abs() < 1.0e-12);
    }
}
