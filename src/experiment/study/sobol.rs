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
    let squares = rows.iter().map(|row| Some((row.a - row.mixed[factor]?).powi(2)));
    let sum: Option<f64> = squares.sum();
    Some(0.5 * sum? / rows.len() as f64 / variance)
}
