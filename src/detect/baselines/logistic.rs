//! Supervised: logistic regression with a ridge on standardised features, fitted by Newton's method (iteratively reweighted least squares).
//!
//! The loss is the sum of ln(1 + e^(-y z)) over rows plus [`RIDGE`] / 2 times the squared weights, the intercept excepted (le Cessie and van
//! Houwelingen 1992, "Ridge estimators in logistic regression", equation 2; the steps as in Hastie, Tibshirani and Friedman 2009, equation 4.26). A
//! step that does not lower the loss is halved. The number of steps is fixed, sums run in the order of rows: the same examples bring the same
//! weights, bit for bit.

use super::supervised::{Learner, Supervised};
use crate::draws::logistic;
use serde::{Deserialize, Serialize};

/// The detector.
pub type Logistic = Supervised<LogisticRegression>;

/// Weight of the squared weights.
const RIDGE: f64 = 1.0;

/// Steps at most.
const STEPS: usize = 25;

/// Relative change of the loss below which it has converged.
const ENOUGH: f64 = 1e-10;

/// Weights of standardised features.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LogisticRegression {
    /// Mean and standard deviation of each feature, 1 where it is constant.
    scales: Vec<(f64, f64)>,
    /// Weights, the intercept last.
    weights: Vec<f64>,
}

/// Standard deviations beyond which a feature counts as no more extreme: what was never seen should not outweigh everything else.
const FAR: f64 = 10.0;

fn scales(width: usize, values: &[f64]) -> Vec<(f64, f64)> {
    let rows = (values.len() / width.max(1)).max(1) as f64;
    let scale = |column: usize| {
        let numbers = || values.iter().skip(column).step_by(width);
        let mean = numbers().sum::<f64>() / rows;
        let variance = numbers().map(|x| (x - mean) * (x - mean)).sum::<f64>() / rows;
        (
            mean,
            if variance > 1e-18 {
                variance.sqrt()
            } else {
                1.0
            },
        )
    };
    (0..width).map(scale).collect()
}

impl LogisticRegression {
    /// A row, standardised, with a one for the intercept.
    fn standardised<'a>(&'a self, row: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let scaled = row.iter().zip(&self.scales);
        scaled
            .map(|(x, (mean, deviation))| ((x - mean) / deviation).clamp(-FAR, FAR))
            .chain([1.0])
    }

    fn loss(&self, weights: &[f64], design: &[f64], labels: &[bool]) -> f64 {
        let rows = design.chunks_exact(weights.len()).zip(labels);
        let misfit: f64 = rows
            .map(|(row, label)| {
                let margin = dot(weights, row) * if *label { 1.0 } else { -1.0 };
                (-margin).max(0.0) + libm::log1p(libm::exp(-margin.abs()))
            })
            .sum();
        let slopes = weights
            .split_last()
            .map_or(0.0, |(_, slopes)| dot(slopes, slopes));
        misfit + RIDGE / 2.0 * slopes
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// The gradient of the loss, and its second derivatives' lower triangle, row by row.
fn derivatives(weights: &[f64], design: &[f64], labels: &[bool]) -> (Vec<f64>, Vec<f64>) {
    let width = weights.len();
    let (mut gradient, mut curvature) = (vec![0.0; width], vec![0.0; width * width]);
    for (row, label) in design.chunks_exact(width).zip(labels) {
        let chance = logistic(dot(weights, row));
        let residual = chance - f64::from(u8::from(*label));
        let weight = chance * (1.0 - chance);
        for (column, x) in row.iter().enumerate() {
            gradient[column] += residual * x;
            let line = &mut curvature[column * width..=column * width + column];
            for (entry, other) in line.iter_mut().zip(row) {
                *entry += weight * x * other;
            }
        }
    }
    for column in 0..width {
        let ridge = if column + 1 < width { RIDGE } else { 1e-9 };
        gradient[column] += if column + 1 < width {
            RIDGE * weights[column]
        } else {
            0.0
        };
        curvature[column * width + column] += ridge;
    }
    (gradient, curvature)
}

/// Solves A x = b for a positive definite A of which the lower triangle is given, by Cholesky's decomposition in place.
fn solve(width: usize, matrix: &mut [f64], mut right: Vec<f64>) -> Vec<f64> {
    for row in 0..width {
        for column in 0..=row {
            let mut sum = matrix[row * width + column];
            for inner in 0..column {
                sum -= matrix[row * width + inner] * matrix[column * width + inner];
            }
            matrix[row * width + column] = if row == column {
                sum.max(1e-12).sqrt()
            } else {
                sum / matrix[column * width + column]
            };
        }
    }
    for row in 0..width {
        let known: f64 = (0..row)
            .map(|inner| matrix[row * width + inner] * right[inner])
            .sum();
        right[row] = (right[row] - known) / matrix[row * width + row];
    }
    for row in (0..width).rev() {
        let known: f64 = (row + 1..width)
            .map(|inner| matrix[inner * width + row] * right[inner])
            .sum();
        right[row] = (right[row] - known) / matrix[row * width + row];
    }
    right
}

impl Learner for LogisticRegression {
    const NAME: &'static str = "logistic";

    fn learn(width: usize, values: &[f64], labels: &[bool]) -> Self {
        let mut model = Self {
            scales: scales(width, values),
            weights: vec![0.0; width + 1],
        };
        let rows = values.chunks_exact(width.max(1));
        let design: Vec<f64> = rows.flat_map(|row| model.standardised(row)).collect();
        let mut loss = model.loss(&model.weights, &design, labels);
        for _ in 0..STEPS {
            let (gradient, mut curvature) = derivatives(&model.weights, &design, labels);
            let step = solve(width + 1, &mut curvature, gradient);
            let Some((weights, lower)) = descend(&model, &step, loss, &design, labels) else {
                break;
            };
            let done = loss - lower < ENOUGH * loss;
            (model.weights, loss) = (weights, lower);
            if done {
                break;
            }
        }
        model
    }

    fn log_odds(&self, row: &[f64]) -> f64 {
        let terms = self.standardised(row).zip(&self.weights);
        terms.map(|(x, weight)| x * weight).sum()
    }
}

/// Goes a step, or a half, a quarter and so on of it: the first that lowers the loss.
fn descend(
    model: &LogisticRegression,
    step: &[f64],
    loss: f64,
    design: &[f64],
    labels: &[bool],
) -> Option<(Vec<f64>, f64)> {
    let mut length = 1.0;
    for _ in 0..10 {
        let moved = model.weights.iter().zip(step);
        let weights: Vec<f64> = moved.map(|(weight, step)| weight - length * step).collect();
        let lower = model.loss(&weights, design, labels);
        if lower < loss {
            return Some((weights, lower));
        }
        length /= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::staged::{FARMED, bot, last_scores, market, ranked, said, survives_saving};
    use super::*;
    use crate::detect::{Detector, Subject};

    #[test]
    fn two_by_two_tables_bring_their_log_odds_ratio() {
        // Of x = 0, 20,000 in 100,000 are positive; of x = 1, 60,000 in 100,000. With so many rows the ridge hardly counts.
        let mut values = Vec::new();
        let mut labels = Vec::new();
        for row in 0..200_000_u32 {
            let high = row % 2 == 1;
            values.push(f64::from(row % 2));
            labels.push(row / 2 % 10 < if high { 6 } else { 2 });
        }
        let model = LogisticRegression::learn(1, &values, &labels);
        let (low, high) = (model.log_odds(&[0.0]), model.log_odds(&[1.0]));
        assert!((low - libm::log(0.25)).abs() < 1e-3, "{low}");
        assert!((high - libm::log(1.5)).abs() < 1e-3, "{high}");
    }

    #[test]
    fn at_the_end_the_gradient_is_zero_even_where_rows_can_be_separated() {
        let values: Vec<f64> = (0..200).map(|row| f64::from(row * row % 37)).collect();
        let labels: Vec<bool> = values
            .iter()
            .step_by(2)
            .map(|value| *value > 18.0)
            .collect();
        let model = LogisticRegression::learn(2, &values, &labels);
        let design: Vec<f64> = values
            .chunks_exact(2)
            .flat_map(|row| model.standardised(row))
            .collect();
        let (gradient, _) = derivatives(&model.weights, &design, &labels);
        assert!(
            gradient.iter().all(|slope| slope.abs() < 1e-3),
            "{gradient:?}"
        );
        assert!(model.weights.iter().all(|weight| weight.is_finite()));
    }

    #[test]
    fn equations_are_solved() {
        // [[4, 2], [2, 3]] x = [10, 8] has the solution [7/4, 3/2].
        let solution = solve(2, &mut [4.0, 0.0, 2.0, 3.0], vec![10.0, 8.0]);
        assert!((solution[0] - 1.75).abs() < 1e-12 && (solution[1] - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_farm_is_known_again_and_a_stranger_says_nothing() {
        let mut detector = Logistic::default();
        let stream = market(2, true);
        assert!(said(&mut detector, &stream.events).is_empty());
        detector.learn(&[&market(1, true)]);
        let said = said(&mut detector.clone(), &stream.events);
        let (bots, people) = last_scores(&said, |score| match score.about {
            Subject::Account(account) => Some((0..60).any(|number| bot(number) == account)),
            _ => None,
        });
        assert_eq!(bots.len(), 60);
        assert!(ranked(&bots, &people) > 0.99);
        let (farmed, calm) = last_scores(&said, |score| match score.about {
            Subject::Room(room) if score.at == 1_290_000 => Some(room == FARMED[0]),
            _ => None,
        });
        assert!(
            farmed.len() == 1 && ranked(&farmed, &calm) == 1.0,
            "{farmed:?} {calm:?}"
        );
        survives_saving(&detector, &stream.events);
    }
}
