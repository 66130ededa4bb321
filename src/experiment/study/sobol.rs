//! Shares of variance: first-order and total indices, from the outputs of two base samples and their mixtures (`design`, row by row).
//!
//! With f(A), f(B) the outputs of the base samples, f(AB_i) those of A with the column of factor i from B, and V the variance of f(A) and f(B) together
//! (denominator n): first order mean(f(B) (f(AB_i) - f(A))) / V (Saltelli and others 2010), total mean((f(A) - f(AB_i))^2) / 2V (Jansen 1999). Outputs are
//! centred on the mean of f(A) and f(B) first, which changes neither expectation and makes the first more exact.

use super::bootstrap::{Index, bootstrap};
use serde::{Deserialize, Serialize};

/// What one factor does to one output, by shares of its variance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// First-order index: the share that the factor accounts for by itself.
    pub first: Index,
    /// Total index: the share that would be left if all others were fixed, interactions among it.
    pub total: Index,
}

/// A row of the base samples: f(A), f(AB_i) for each factor, f(B).
struct Row<'a> {
    a: f64,
    mixed: &'a [Option<f64>],
    b: f64,
}

/// The indices of every factor for an output. Rows in which any output is unknown are left out, whole: else the two sides of an index would be of different rows.
pub fn shares(outputs: &[Option<f64>], factors: usize, seed: u64) -> Vec<Shares> {
    let rows = outputs.chunks_exact(factors + 2);
    let known = rows.filter(|row| row.iter().all(Option::is_some));
    let rows: Vec<Row> = known
        .filter_map(|row| match row {
            [a, mixed @ .., b] => Some(Row {
                a: (*a)?,
                mixed,
                b: (*b)?,
            }),
            _ => None,
        })
        .collect();
    let index = |name: &str, factor: usize, of: fn(&[&Row], usize) -> Option<f64>| {
        let figure = |drawn: &[usize]| {
            let picked: Vec<&Row> = drawn.iter().map(|at| &rows[*at]).collect();
            of(&picked, factor)
        };
        bootstrap((seed, &format!("{name} {factor}")), rows.len(), figure)
    };
    let of_factor = |factor: usize| Shares {
        first: index("first order", factor, first_order),
        total: index("total", factor, total),
    };
    (0..factors).map(of_factor).collect()
}

/// Mean and variance of both base samples together; `None` where they do not vary.
fn spread(rows: &[&Row]) -> Option<(f64, f64)> {
    let count = 2.0 * rows.len() as f64;
    let sum: f64 = rows.iter().map(|row| row.a + row.b).sum();
    let mean = sum / count;
    let square = |row: &&Row| (row.a - mean).powi(2) + (row.b - mean).powi(2);
    let variance = rows.iter().map(square).sum::<f64>() / count;
    // What is left of rounding where all are equal is no variance.
    let is_there = variance > 1e-24 * mean * mean && variance > 0.0;
    is_there.then_some((mean, variance))
}

fn first_order(rows: &[&Row], factor: usize) -> Option<f64> {
    let (mean, variance) = spread(rows)?;
    let products = rows.iter().map(|row| {
        let mixed = row.mixed[factor]?;
        Some((row.b - mean) * (mixed - row.a))
    });
    let sum: Option<f64> = products.sum();
    Some(sum? / rows.len() as f64 / variance)
}

fn total(rows: &[&Row], factor: usize) -> Option<f64> {
    let (_, variance) = spread(rows)?;
    let squares = rows
        .iter()
        .map(|row| Some((row.a - row.mixed[factor]?).powi(2)));
    let sum: Option<f64> = squares.sum();
    Some(0.5 * sum? / rows.len() as f64 / variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::study::design::{Use, points};
    use crate::scenario::file::{DesignKind, DesignTable};
    use std::f64::consts::PI;

    /// The indices of a function of the unit cube, from `count` rows.
    fn of(count: u32, factors: usize, function: impl Fn(&[f64]) -> f64) -> Vec<Shares> {
        let design = DesignTable {
            kind: DesignKind::Sobol,
            points: count,
            trajectories: 2,
            levels: 2,
        };
        let points = points(&design, &vec![0; factors], Use::Sensitivity, 3);
        let output = |point: &Vec<Option<f64>>| {
            let known: Option<Vec<f64>> = point.iter().copied().collect();
            known.map(|point| function(&point))
        };
        shares(&points.iter().map(output).collect::<Vec<_>>(), factors, 3)
    }

    /// First-order and total indices of the Ishigami function (a = 7, b = 0.1) in closed form (Ishigami and Homma 1990).
    #[test]
    fn the_indices_of_ishigamis_function_are_those_in_closed_form() {
        let at = |unit: f64| PI * (2.0 * unit - 1.0);
        let ishigami = |point: &[f64]| {
            let [x, y, z] = [at(point[0]), at(point[1]), at(point[2])];
            x.sin() + 7.0 * y.sin().powi(2) + 0.1 * z.powi(4) * x.sin()
        };
        let found = of(4_096, 3, ishigami);
        let expected = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)];
        for (shares, (first, total)) in found.iter().zip(expected) {
            let told = |index: Index| index.value.expect("it varies");
            assert!((told(shares.first) - first).abs() < 0.03, "{shares:?}");
            assert!((told(shares.total) - total).abs() < 0.015, "{shares:?}");
            let [low, high] = shares.total.interval.expect("many rows");
            assert!(low < total + 0.01 && total - 0.01 < high);
        }
    }

    /// The g-function with coefficients 0, 1, 9 (Sobol 1993): V_i = 1 / 3 (1 + a_i)^2.
    #[test]
    fn the_indices_of_sobols_g_function_are_those_in_closed_form() {
        let coefficients = [0.0, 1.0, 9.0];
        let g = |point: &[f64]| -> f64 {
            let factors = point.iter().zip(coefficients);
            factors
                .map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a))
                .product()
        };
        let parts = coefficients.map(|a: f64| 1.0 / (3.0 * (1.0 + a).powi(2)));
        let variance = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
        for (shares, part) in of(4_096, 3, g).iter().zip(parts) {
            let total = part * (variance + 1.0) / (1.0 + part) / variance;
            let told = |index: Index| index.value.expect("it varies");
            assert!(
                (told(shares.first) - part / variance).abs() < 0.015,
                "{shares:?}"
            );
            assert!((told(shares.total) - total).abs() < 0.015, "{shares:?}");
        }
    }

    #[test]
    fn what_does_not_vary_has_no_indices() {
        let found = of(16, 2, |_| 0.1);
        assert_eq!(found, vec![Shares::default(); 2]);
    }
}
