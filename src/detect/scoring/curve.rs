//! How well scores rank: average precision, the area under the ROC curve, recall at a false-positive rate, precision at k, and points to draw.
//!
//! Items with equal scores are one group: no order among them is assumed, so that a detector gains nothing by saying little. An item without a score
//! has minus infinity, and those are a group too. Touches nothing but the scores and labels that it is given.

use serde::{Deserialize, Serialize};

/// Points that a drawn curve has at most.
pub const MOST_POINTS: usize = 200;

/// All items with at least some score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reached {
    /// Positives among them.
    positives: u64,
    /// Negatives among them.
    negatives: u64,
}

impl Reached {
    const NOTHING: Self = Self {
        positives: 0,
        negatives: 0,
    };

    const fn items(self) -> u64 {
        self.positives + self.negatives
    }
}

/// A ranking of positives and negatives, group by group of equal scores, the highest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What is reached with each group.
    reached: Vec<Reached>,
    /// Everything.
    all: Reached,
}

/// Curves to draw, thinned to [`MOST_POINTS`] points. Nothing is reckoned from them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Points {
    /// Recall and precision, each 0 to 1, by rising recall. Empty without positives.
    pub precision_recall: Vec<[f64; 2]>,
    /// False-positive rate and recall, each 0 to 1, from (0, 0) to (1, 1). Empty without positives or without negatives.
    pub roc: Vec<[f64; 2]>,
}

impl Curve {
    /// The curve of scores with whether each is positive, in any order. None of the scores may be NaN.
    pub fn of(items: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let mut items: Vec<(f64, bool)> = items.into_iter().collect();
        items.sort_unstable_by(|(one, _), (other, _)| other.total_cmp(one));
        Self::of_sorted(items)
    }

    /// The same of scores that fall, or stay, from one item to the next.
    pub fn of_sorted(items: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let mut reached: Vec<Reached> = Vec::new();
        let mut all = Reached::NOTHING;
        let mut last = None;
        for (score, positive) in items {
            all.positives += u64::from(positive);
            all.negatives += u64::from(!positive);
            match reached.last_mut() {
                Some(group) if last == Some(score) => *group = all,
                _ => reached.push(all),
            }
            last = Some(score);
        }
        Self { reached, all }
    }

    /// What is reached with the first `count` groups.
    fn with_groups(&self, count: usize) -> Reached {
        let last = count.checked_sub(1).and_then(|last| self.reached.get(last));
        last.copied().unwrap_or(Reached::NOTHING)
    }

    /// Positives.
    pub const fn positives(&self) -> u64 {
        self.all.positives
    }

    /// Negatives.
    pub const fn negatives(&self) -> u64 {
        self.all.negatives
    }

    /// Share of positives, 0 to 1: the average precision of chance. `None` without items.
    pub fn prevalence(&self) -> Option<f64> {
        ratio(self.all.positives, self.all.items())
    }

    /// Average precision, 0 to 1: the sum over groups of (gain in recall) x (precision with that group), without interpolation, as scikit-learn's
    /// `average_precision_score` has it. `None` without positives.
    pub fn average_precision(&self) -> Option<f64> {
        let mut before = 0;
        let mut sum = 0.0;
        for group in &self.reached {
            if group.positives > before {
                let precision = group.positives as f64 / group.items() as f64;
                sum += (group.positives - before) as f64 * precision;
            }
            before = group.positives;
        }
        (self.all.positives > 0).then(|| sum / self.all.positives as f64)
    }

    /// Area under the ROC curve, 0 to 1: the probability that a positive is ranked above a negative, ties as one half (Mann and Whitney 1947; Hanley
    /// and McNeil 1982). `None` without positives or without negatives.
    pub fn roc_area(&self) -> Option<f64> {
        let mut before = Reached::NOTHING;
        // Twice the pairs that are in order; a tie is half a pair.
        let mut doubled: u128 = 0;
        for &group in &self.reached {
            let negatives = u128::from(group.negatives - before.negatives);
            doubled += negatives * u128::from(group.positives + before.positives);
            before = group;
        }
        let pairs = self.all.positives as f64 * self.all.negatives as f64;
        (pairs > 0.0).then(|| doubled as f64 / (2.0 * pairs))
    }

    /// Recall, 0 to 1, where a share `rate` (0 to 1) of the negatives is let through. Inside a group it is interpolated linearly: what is expected if
    /// a part of the group is drawn at random. `None` without positives or without negatives.
    pub fn recall_at(&self, rate: f64) -> Option<f64> {
        if self.all.positives == 0 || self.all.negatives == 0 {
            return None;
        }
        let allowed = rate * self.all.negatives as f64;
        let within = |group: &Reached| group.negatives as f64 <= allowed;
        let whole = self.reached.partition_point(within);
        let before = self.with_groups(whole);
        let part = self.reached.get(whole).map_or(0.0, |group| {
            let negatives = (group.negatives - before.negatives) as f64;
            let positives = (group.positives - before.positives) as f64;
            positives * (allowed - before.negatives as f64) / negatives
        });
        Some((before.positives as f64 + part) / self.all.positives as f64)
    }

    /// Precision, 0 to 1, of the `k` highest, as expected if groups are ordered at random (McSherry and Najork 2008, section 2). `None` if there are
    /// fewer than `k` items, or for `k` = 0.
    pub fn precision_at(&self, k: u64) -> Option<f64> {
        if k == 0 || k > self.all.items() {
            return None;
        }
        let whole = self.reached.partition_point(|group| group.items() <= k);
        let before = self.with_groups(whole);
        let part = self.reached.get(whole).map_or(0.0, |group| {
            let positives = (group.positives - before.positives) as f64;
            positives * (k - before.items()) as f64 / (group.items() - before.items()) as f64
        });
        Some((before.positives as f64 + part) / k as f64)
    }

    /// The curves to draw.
    pub fn points(&self) -> Points {
        let (positives, negatives) = (self.all.positives as f64, self.all.negatives as f64);
        let recall = |group: &Reached| group.positives as f64 / positives;
        let mut points = Points::default();
        if self.all.positives > 0 {
            let found = self.reached.iter().filter(|group| group.positives > 0);
            let precision = |group: &Reached| group.positives as f64 / group.items() as f64;
            let steps = found.map(|group| [recall(group), precision(group)]);
            // Precision goes up and down, so the points are spread by recall alone.
            points.precision_recall = thin(steps, 1.0, |[before, _], [after, _]| after - before);
        }
        if self.all.positives > 0 && self.all.negatives > 0 {
            let rate = |group: &Reached| group.negatives as f64 / negatives;
            let steps = self
                .reached
                .iter()
                .map(|group| [rate(group), recall(group)]);
            let steps = std::iter::once([0.0, 0.0]).chain(steps);
            points.roc = thin(steps, 2.0, |before, after| {
                (after[0] - before[0]) + (after[1] - before[1])
            });
        }
        points
    }
}

/// One number over another; `None` over zero.
pub(super) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The first and the last point, and those in between that are far enough from the one kept before: so far that a whole way of the given length keeps
/// at most [`MOST_POINTS`].
fn thin(
    points: impl Iterator<Item = [f64; 2]>,
    length: f64,
    way: impl Fn([f64; 2], [f64; 2]) -> f64,
) -> Vec<[f64; 2]> {
    let apart = length / (MOST_POINTS - 2) as f64;
    let mut kept: Vec<[f64; 2]> = Vec::new();
    let mut end = None;
    for point in points {
        if kept.last().is_none_or(|last| way(*last, point) >= apart) {
            kept.push(point);
        }
        end = Some(point);
    }
    kept.extend(end.filter(|end| kept.last() != Some(end)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Mechanism};
    use proptest::prelude::*;

    fn close(one: Option<f64>, other: f64) {
        assert!(
            (one.unwrap() - other).abs() < 1e-12,
            "{one:?} is not {other}"
        );
    }

    fn curve(positives: &[f64], negatives: &[f64]) -> Curve {
        let all = positives.iter().map(|score| (*score, true));
        Curve::of(all.chain(negatives.iter().map(|score| (*score, false))))
    }

    #[test]
    fn the_example_of_scikit_learn_comes_out() {
        let example = curve(&[0.35, 0.8], &[0.1, 0.4]);
        close(example.average_precision(), 5.0 / 6.0);
        close(example.roc_area(), 0.75);
        close(example.prevalence(), 0.5);
        close(example.recall_at(0.0), 0.5);
        close(example.recall_at(0.25), 0.5);
        close(example.recall_at(0.5), 1.0);
        close(example.precision_at(3), 2.0 / 3.0);
        let points = example.points();
        assert_eq!(
            points.precision_recall,
            [[0.5, 1.0], [1.0, 2.0 / 3.0], [1.0, 0.5]]
        );
        assert_eq!(
            points.roc,
            [[0.0, 0.0], [0.0, 0.5], [0.5, 0.5], [0.5, 1.0], [1.0, 1.0]]
        );
    }

    #[test]
    fn ties_are_shared_out() {
        // One positive above, then a group of one positive and three negatives, then a negative.
        let tied = curve(&[3.0, 2.0], &[2.0, 2.0, 2.0, f64::NEG_INFINITY]);
        close(tied.average_precision(), 0.5 * 1.0 + 0.5 * 2.0 / 5.0);
        close(tied.roc_area(), (4.0 + 1.5 + 1.0) / 8.0);
        close(tied.recall_at(0.375), 0.5 + 0.5 * 0.5);
        close(tied.precision_at(1), 1.0);
        close(tied.precision_at(3), (1.0 + 2.0 / 4.0) / 3.0);
        assert_eq!(tied.precision_at(7), None);
    }

    #[test]
    fn the_perfect_and_the_silent_and_what_is_not_defined() {
        let perfect = curve(&[1.0, 2.0], &[0.0, -1.0, 0.5]);
        for figure in [
            perfect.average_precision(),
            perfect.roc_area(),
            perfect.recall_at(0.0),
            perfect.precision_at(2),
        ] {
            assert_eq!(figure, Some(1.0));
        }
        let silent = curve(&[f64::NEG_INFINITY; 2], &[f64::NEG_INFINITY; 6]);
        assert_eq!(silent.average_precision(), silent.prevalence());
        assert_eq!(silent.roc_area(), Some(0.5));
        close(silent.recall_at(0.01), 0.01);
        assert_eq!(silent.precision_at(5), Some(0.25));
        let nothing = curve(&[], &[]);
        assert_eq!(nothing.average_precision(), None);
        assert_eq!(nothing.prevalence(), None);
        assert_eq!(nothing.points(), Points::default());
        assert_eq!(curve(&[1.0], &[]).roc_area(), None);
        assert_eq!(curve(&[], &[1.0]).recall_at(0.1), None);
    }

    #[test]
    fn chance_has_an_average_precision_of_about_the_prevalence() {
        let draws = Draws::new(7);
        let scores = (0..40_000_u32).map(|item| {
            let words = draws.at(Mechanism::Reference, 1, item);
            (words.uniform(0), words.uniform(1) < 0.2)
        });
        let chance = Curve::of(scores);
        assert!((chance.average_precision().unwrap() - 0.2).abs() < 0.01);
        assert!((chance.roc_area().unwrap() - 0.5).abs() < 0.01);
        let points = chance.points();
        for drawn in [&points.precision_recall, &points.roc] {
            assert!(drawn.len() <= MOST_POINTS && drawn.len() > 90);
        }
        assert_eq!(points.roc.last(), Some(&[1.0, 1.0]));
        assert_eq!(points.precision_recall.last().unwrap()[0], 1.0);
    }

    /// Average precision straight from its definition: every item's own score is a threshold.
    fn slow_average_precision(items: &[(f64, bool)]) -> Option<f64> {
        let positives = items.iter().filter(|(_, positive)| *positive);
        let precision = |(threshold, _): &(f64, bool)| {
            let reached = items.iter().filter(|(score, _)| score >= threshold);
            let found = reached.clone().filter(|(_, positive)| *positive).count();
            found as f64 / reached.count() as f64
        };
        let count = positives.clone().count();
        (count > 0).then(|| positives.map(precision).sum::<f64>() / count as f64)
    }

    /// The area under the ROC curve pair by pair.
    fn slow_area(items: &[(f64, bool)]) -> Option<f64> {
        let of = |wanted: bool| {
            items
                .iter()
                .filter(move |(_, positive)| *positive == wanted)
        };
        let pairs = of(true).flat_map(|(one, _)| of(false).map(move |(other, _)| (one, other)));
        let worth = |(one, other): (&f64, &f64)| match one.total_cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        };
        let count = pairs.clone().count();
        (count > 0).then(|| pairs.map(worth).sum::<f64>() / count as f64)
    }

    /// Precision at k as a sum of each item's chance to be among the first k.
    fn slow_precision(items: &[(f64, bool)], k: usize) -> f64 {
        let mut chances = 0.0;
        for (score, positive) in items {
            let above = items.iter().filter(|(other, _)| other > score).count();
            let tied = items.iter().filter(|(other, _)| other == score).count();
            let places = k.saturating_sub(above).min(tied);
            chances += f64::from(u8::from(*positive)) * places as f64 / tied as f64;
        }
        chances / k as f64
    }

    proptest! {
        #[test]
        fn the_fast_way_agrees_with_the_definitions(
            items in prop::collection::vec((0_u8..6, any::<bool>()), 1..40),
        ) {
            let items: Vec<(f64, bool)> = items
                .into_iter()
                .map(|(score, positive)| (f64::from(score), positive))
                .collect();
            let fast = Curve::of(items.clone());
            let same = |one: Option<f64>, other: Option<f64>| match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() < 1e-12,
                (one, other) => one == other,
            };
            prop_assert!(same(fast.average_precision(), slow_average_precision(&items)));
            prop_assert!(same(fast.roc_area(), slow_area(&items)));
            for k in 1..=items.len() {
                prop_assert!(same(fast.precision_at(k as u64), Some(slow_precision(&items, k))));
            }
            // Whatever keeps the order of the scores changes nothing.
            let squeezed = items.iter().map(|(score, positive)| (libm::exp(*score) - 9.0, *positive));
            prop_assert_eq!(&fast, &Curve::of(squeezed));
            // Recall rises with the rate, from at least zero to one.
            let recalls: Vec<f64> = (0..=20).filter_map(|step| fast.recall_at(f64::from(step) / 20.0)).collect();
            prop_assert!(recalls.is_sorted());
            prop_assert!(recalls.last().is_none_or(|last| *last == 1.0));
            // The area is that under the interpolated recall.
            if let Some(area) = fast.roc_area() {
                let steps = 20_000;
                let sum: f64 = (0..steps)
                    .filter_map(|step| fast.recall_at((f64::from(step) + 0.5) / f64::from(steps)))
                    .sum();
                prop_assert!((sum / f64::from(steps) - area).abs() < 1e-3);
            }
        }
    }
}
