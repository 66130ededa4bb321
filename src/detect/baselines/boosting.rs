//! Gradient boosted trees with logistic loss, on histograms: the model of the supervised ceiling ([`Boosted`](super::Boosted)).
//!
//! Friedman 2001 ("Greedy function approximation: a gradient boosting machine", algorithm 5), with second-order leaf values and gains as in Chen and
//! Guestrin 2016 ("XGBoost", equations 5 and 7) and features put into bins at their quantiles as in Ke et al. 2017 ("LightGBM", algorithm 1). Trees,
//! rows and sums have a fixed order, ties go to the first feature and the lowest bin: the same rows bring the same trees, bit for bit.

use crate::draws::logistic;
use serde::{Deserialize, Serialize};

/// Trees.
const TREES: usize = 100;

/// Splits on the way to a leaf at most.
const DEPTH: usize = 4;

/// Share of each tree's correction that is made.
const RATE: f64 = 0.1;

/// Bins of a feature.
const BINS: usize = 64;

/// Weight of squared leaf values (lambda in Chen and Guestrin's equation 2).
const RIDGE: f64 = 1.0;

/// Least sum of second derivatives in a leaf.
const LEAST_CURVATURE: f64 = 1.0;

/// Values of a feature at which its quantiles are taken, at most.
const QUANTILE_ROWS: usize = 20_000;

/// A split, or a leaf. Children of node n are nodes 2 n + 1 and 2 n + 2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Node {
    /// Feature that is compared; none in a leaf.
    feature: Option<u16>,
    /// Up to this goes left.
    threshold: f64,
    /// What a leaf adds to the log-odds.
    value: f64,
}

/// A sum of trees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BoostedTrees {
    start: f64,
    trees: Vec<Vec<Node>>,
}

/// First and second derivatives of the loss, summed over some rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Slopes {
    first: f64,
    second: f64,
}

impl Slopes {
    fn add(&mut self, other: Slopes) {
        self.first += other.first;
        self.second += other.second;
    }

    fn less(self, other: Slopes) -> Slopes {
        Slopes {
            first: self.first - other.first,
            second: self.second - other.second,
        }
    }

    /// How much the best single value lowers the loss, doubled (Chen and Guestrin, equation 6).
    fn gain(self) -> f64 {
        self.first * self.first / (self.second + RIDGE)
    }

    /// That value (equation 5).
    fn value(self) -> f64 {
        -self.first / (self.second + RIDGE)
    }
}

/// Rows, with each number replaced by its bin.
struct Binned {
    /// Upper bounds of each feature's bins but the last, ascending.
    bounds: Vec<Vec<f64>>,
    /// Row by row.
    bins: Vec<u8>,
}

impl Binned {
    fn new(width: usize, values: &[f64]) -> Self {
        let rows = values.len() / width.max(1);
        let step = rows.div_ceil(QUANTILE_ROWS).max(1);
        let bounds: Vec<Vec<f64>> = (0..width)
            .map(|column| {
                let column = values.iter().skip(column).step_by(width * step);
                bounds(column.copied().collect())
            })
            .collect();
        let bin = |(place, value): (usize, &f64)| bin_of(&bounds[place % width], *value) as u8;
        let bins = values.iter().enumerate().map(bin).collect();
        Self { bounds, bins }
    }

    fn row(&self, row: u32) -> &[u8] {
        let width = self.bounds.len();
        &self.bins[row as usize * width..(row as usize + 1) * width]
    }
}

/// Bounds between bins of about equally many values; equal values are never parted.
fn bounds(mut sorted: Vec<f64>) -> Vec<f64> {
    sorted.sort_by(f64::total_cmp);
    let mut bounds = Vec::new();
    for bin in 1..BINS {
        let place = bin * sorted.len() / BINS;
        let (Some(below), Some(above)) = (
            place.checked_sub(1).and_then(|p| sorted.get(p)),
            sorted.last(),
        ) else {
            continue;
        };
        if below < above && bounds.last().is_none_or(|last| last < below) {
            bounds.push(*below);
        }
    }
    bounds
}

/// The bin of a value: how many bounds lie below it.
fn bin_of(bounds: &[f64], value: f64) -> usize {
    bounds.partition_point(|bound| *bound < value)
}

/// The best split of some rows: gain, feature and the highest bin that goes left.
fn best_split(histogram: &[Slopes], width: usize, total: Slopes) -> Option<(f64, usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for feature in 0..width {
        let mut left = Slopes::default();
        for bin in 0..BINS - 1 {
            left.add(histogram[feature * BINS + bin]);
            let right = total.less(left);
            if left.second < LEAST_CURVATURE || right.second < LEAST_CURVATURE {
                continue;
            }
            let gain = left.gain() + right.gain() - total.gain();
            if gain > best.map_or(1e-9, |(most, _, _)| most) {
                best = Some((gain, feature, bin));
            }
        }
    }
    best
}

/// Rows of a node that is still to be split.
struct Part {
    node: usize,
    rows: Vec<u32>,
    histogram: Vec<Slopes>,
    total: Slopes,
}

impl Part {
    fn new(node: usize, rows: Vec<u32>, binned: &Binned, slopes: &[Slopes]) -> Self {
        let mut histogram = vec![Slopes::default(); binned.bounds.len() * BINS];
        let mut total = Slopes::default();
        for row in &rows {
            let slope = slopes[*row as usize];
            total.add(slope);
            for (cells, bin) in histogram.chunks_exact_mut(BINS).zip(binned.row(*row)) {
                cells[usize::from(*bin)].add(slope);
            }
        }
        Self {
            node,
            rows,
            histogram,
            total,
        }
    }

    /// Splits it at a bin of a feature. The larger child's histogram is what the smaller one's leaves over.
    fn split(self, feature: usize, bin: usize, binned: &Binned, slopes: &[Slopes]) -> [Part; 2] {
        let goes_left = |row: &u32| usize::from(binned.row(*row)[feature]) <= bin;
        let (left, right): (Vec<u32>, Vec<u32>) = self.rows.iter().partition(|row| goes_left(row));
        let (left_node, right_node) = (2 * self.node + 1, 2 * self.node + 2);
        let left_is_smaller = left.len() <= right.len();
        let (smaller, rest) = if left_is_smaller {
            (left, right)
        } else {
            (right, left)
        };
        let (node, other) = if left_is_smaller {
            (left_node, right_node)
        } else {
            (right_node, left_node)
        };
        let smaller = Part::new(node, smaller, binned, slopes);
        let cells = self.histogram.iter().zip(&smaller.histogram);
        let larger = Part {
            node: other,
            rows: rest,
            histogram: cells.map(|(all, some)| all.less(*some)).collect(),
            total: self.total.less(smaller.total),
        };
        if left_is_smaller {
            [smaller, larger]
        } else {
            [larger, smaller]
        }
    }
}

/// Grows a tree on all rows' slopes; adds its values to their log-odds.
fn grow(binned: &Binned, slopes: &[Slopes], odds: &mut [f64]) -> Vec<Node> {
    let mut tree = vec![Node::default(); (1 << (DEPTH + 1)) - 1];
    let deepest = (1 << DEPTH) - 1;
    let mut parts = vec![Part::new(
        0,
        (0..odds.len() as u32).collect(),
        binned,
        slopes,
    )];
    while let Some(part) = parts.pop() {
        let split = if part.node < deepest {
            best_split(&part.histogram, binned.bounds.len(), part.total)
        } else {
            None
        };
        if let Some((_, feature, bin)) = split
            && let Some(threshold) = binned.bounds[feature].get(bin)
        {
            tree[part.node].feature = Some(feature as u16);
            tree[part.node].threshold = *threshold;
            parts.extend(part.split(feature, bin, binned, slopes));
        } else {
            let value = RATE * part.total.value();
            tree[part.node].value = value;
            for row in &part.rows {
                odds[*row as usize] += value;
            }
        }
    }
    tree
}

fn judge(tree: &[Node], row: &[f64]) -> f64 {
    let mut place = 0;
    while let Some(node) = tree.get(place) {
        let Some(feature) = node.feature else {
            return node.value;
        };
        let value = row.get(usize::from(feature)).copied().unwrap_or(0.0);
        place = 2 * place + 1 + usize::from(value > node.threshold);
    }
    0.0
}

impl BoostedTrees {
    /// Fits rows of equal `width`, one after another in `values`, with a label each; also gives the mean loss before each tree and after the last.
    pub(super) fn fit(width: usize, values: &[f64], labels: &[bool]) -> (Self, Vec<f64>) {
        let positive = labels.iter().filter(|label| **label).count() as f64;
        let negative = labels.len() as f64 - positive;
        let start = libm::log((positive + 0.5) / (negative + 0.5));
        let binned = Binned::new(width, values);
        let mut odds = vec![start; labels.len()];
        let mut losses = vec![mean_loss(&odds, labels)];
        let mut trees = Vec::with_capacity(TREES);
        for _ in 0..TREES {
            let chances = odds.iter().map(|odds| logistic(*odds));
            let slopes: Vec<Slopes> = chances
                .zip(labels)
                .map(|(chance, label)| Slopes {
                    first: chance - f64::from(u8::from(*label)),
                    second: chance * (1.0 - chance),
                })
                .collect();
            trees.push(grow(&binned, &slopes, &mut odds));
            losses.push(mean_loss(&odds, labels));
        }
        (Self { start, trees }, losses)
    }

    /// Log-odds that a row is positive.
    pub(super) fn log_odds_of(&self, row: &[f64]) -> f64 {
        let corrections = self.trees.iter().map(|tree| judge(tree, row));
        self.start + corrections.sum::<f64>()
    }
}

/// Mean of ln(1 + e^(-y z)).
fn mean_loss(odds: &[f64], labels: &[bool]) -> f64 {
    let losses = odds.iter().zip(labels).map(|(odds, label)| {
        let margin = if *label { *odds } else { -odds };
        (-margin).max(0.0) + libm::log1p(libm::exp(-margin.abs()))
    });
    losses.sum::<f64>() / labels.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::super::logistic::LogisticRegression;
    use super::super::supervised::Learner;
    use super::*;

    /// 1,000 points of the unit square, positive where exactly one coordinate exceeds a half.
    fn exclusive_or() -> (Vec<f64>, Vec<bool>) {
        let point = |number: u32| {
            [
                f64::from(number * 7 % 101) / 101.0,
                f64::from(number * 13 % 97) / 97.0,
            ]
        };
        let points: Vec<[f64; 2]> = (0..1_000).map(point).collect();
        let labels = points
            .iter()
            .map(|[x, y]| (*x > 0.5) != (*y > 0.5))
            .collect();
        (points.into_iter().flatten().collect(), labels)
    }

    fn correct(values: &[f64], labels: &[bool], judge: impl Fn(&[f64]) -> f64) -> f64 {
        let rows = values.chunks_exact(2).zip(labels);
        let right = rows
            .filter(|(row, label)| (judge(row) > 0.0) == **label)
            .count();
        right as f64 / labels.len() as f64
    }

    #[test]
    fn trees_learn_what_no_line_can_part() {
        let (values, labels) = exclusive_or();
        let (trees, losses) = BoostedTrees::fit(2, &values, &labels);
        let line = LogisticRegression::learn(2, &values, &labels);
        let by_trees = correct(&values, &labels, |row| trees.log_odds_of(row));
        let by_line = correct(&values, &labels, |row| line.log_odds(row));
        assert!(by_trees > 0.98 && by_line < 0.65, "{by_trees} {by_line}");
        assert!(
            losses.windows(2).all(|pair| pair[1] < pair[0]),
            "{losses:?}"
        );
        assert_eq!(trees, BoostedTrees::fit(2, &values, &labels).0);
    }

    #[test]
    fn the_best_split_is_that_of_brute_force() {
        let values: Vec<f64> = (0..60_u32)
            .map(|place| f64::from(place * place * 31 % 47))
            .collect();
        let slopes: Vec<Slopes> = (0..20_u32)
            .map(|row| Slopes {
                first: f64::from(row * 11 % 7) - 3.0,
                second: 0.25,
            })
            .collect();
        let binned = Binned::new(3, &values);
        let part = Part::new(0, (0..20).collect(), &binned, &slopes);
        let (gain, feature, bin) = best_split(&part.histogram, 3, part.total).unwrap();
        let mut most: f64 = 0.0;
        for column in 0..3 {
            for threshold in &values {
                let mut sides = [Slopes::default(); 2];
                for (row, slope) in values.chunks_exact(3).zip(&slopes) {
                    sides[usize::from(row[column] > *threshold)].add(*slope);
                }
                if sides.iter().all(|side| side.second >= LEAST_CURVATURE) {
                    most = most.max(sides[0].gain() + sides[1].gain() - part.total.gain());
                }
            }
        }
        assert!((gain - most).abs() < 1e-9, "{gain} {most}");
        let threshold = binned.bounds[feature][bin];
        let below = values
            .chunks_exact(3)
            .filter(|row| row[feature] <= threshold)
            .count();
        let whole = part.total.gain();
        let [left, right] = part.split(feature, bin, &binned, &slopes);
        assert_eq!((left.rows.len(), right.rows.len()), (below, 20 - below));
        assert!((left.total.gain() + right.total.gain() - whole - gain).abs() < 1e-9);
    }

    #[test]
    fn a_leaf_is_worth_the_newton_step() {
        // Three positives of four at even odds: first derivatives sum to -1, second ones to 1.
        let leaf = Slopes {
            first: -1.0,
            second: 1.0,
        };
        assert_eq!((leaf.value(), leaf.gain()), (0.5, 0.5));
    }

    #[test]
    fn equal_values_share_a_bin() {
        assert!(bounds(vec![3.0; 500]).is_empty());
        let bounds = bounds((0..128).map(|value| f64::from(value / 64)).collect());
        assert_eq!(bounds, [0.0]);
        assert_eq!((bin_of(&bounds, 0.0), bin_of(&bounds, 0.5)), (0, 1));
        assert_eq!(BoostedTrees::default().log_odds_of(&[1.0]), 0.0);
    }
}
