//! Unsupervised: an isolation forest for each kind of subject (Liu, Ting and Zhou 2008, "Isolation forest", ICDM).
//!
//! Trees part a sample at random until each vector stands alone; what stands alone after few splits is suspicious. With the paper's numbers: 100
//! trees on samples of 256, grown to the mean depth of such trees, 8 (algorithms 1 to 3); the score is 2^(-E(h) / c(256)) (equations 1 and 2), from 0
//! to 1. A forest is fitted once: on the vectors of development streams, labels unseen, or else on the first 2,048 vectors of its kind, before which
//! it says nothing.

use super::examples::Thinned;
use super::features::{Features, names_of};
use crate::detect::scoring::Track;
use crate::detect::{Detector, Event, Labelled, Scores, keep, recall};
use crate::draws::{Draws, Mechanism, Words, identity_of_pair};
use serde::{Deserialize, Serialize};

/// Trees of a forest.
const TREES: usize = 100;

/// Vectors that a tree is grown from.
const SAMPLE: usize = 256;

/// Splits on the way to a leaf at most: the logarithm of [`SAMPLE`] to the base 2.
const DEPTH: usize = 8;

/// Vectors after which a forest is fitted that has not learned.
const FIRST: usize = 8 * SAMPLE;

/// Vectors of development streams to draw samples from, at most.
const MOST_ROWS: usize = 100_000;

/// Seed of all random choices.
const SEED: u64 = 2008;

/// The detector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct IsolationForest {
    features: Features,
    /// In the order of [`Track::ALL`].
    forests: [Fitting; 4],
}

/// Vectors on which to fit, or the forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Fitting {
    Waiting(Vec<f64>),
    Fitted(Forest),
}

impl Default for Fitting {
    fn default() -> Self {
        Fitting::Waiting(Vec::new())
    }
}

/// A split: below `threshold` to the left. Where there is none, everything goes left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Split {
    feature: u16,
    threshold: f64,
}

/// A tree of [`DEPTH`] levels of splits, children of split n being 2 n + 1 and 2 n + 2, and the lengths of paths to what is below: splits on the way,
/// and those that were not made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Tree {
    splits: Vec<Split>,
    lengths: Vec<f64>,
}

/// Isolation trees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Forest {
    trees: Vec<Tree>,
    /// The mean length of a path in a tree of as many vectors as a sample has.
    usual: f64,
}

/// The mean length of an unsuccessful search in a binary tree of `count` vectors: c(n) of equation 1, with the exact harmonic number.
fn mean_path(count: usize) -> f64 {
    if count < 2 {
        return 0.0;
    }
    let harmonic: f64 = (1..count).map(|number| 1.0 / number as f64).sum();
    2.0 * harmonic - 2.0 * (count - 1) as f64 / count as f64
}

/// Random choices of a tree.
struct Choices {
    tree: u64,
    ordinal: u32,
}

impl Choices {
    fn next(&mut self) -> Words {
        self.ordinal += 1;
        Draws::new(SEED).at(Mechanism::Detectors, self.tree, self.ordinal)
    }

    /// A number below `count`.
    fn below(&mut self, count: usize) -> usize {
        (self.next().uniform(0) * count as f64) as usize
    }
}

/// `count` of `rows` rows without replacement, by the first steps of a shuffle.
fn sample(rows: usize, choices: &mut Choices) -> Vec<usize> {
    let mut places: Vec<usize> = (0..rows).collect();
    let count = SAMPLE.min(rows);
    for place in 0..count {
        let other = place + choices.below(rows - place);
        places.swap(place, other);
    }
    places.truncate(count);
    places
}

impl Tree {
    /// A tree without any split.
    fn new() -> Self {
        let none = Split {
            feature: 0,
            threshold: f64::INFINITY,
        };
        Self {
            splits: vec![none; SAMPLE - 1],
            lengths: vec![0.0; SAMPLE],
        }
    }

    /// Grows a node and all below it from some rows (algorithm 2). A feature that does not vary among them is never chosen.
    fn grow(&mut self, place: usize, rows: Vec<&[f64]>, depth: usize, choices: &mut Choices) {
        let varying = varying(&rows);
        if depth == DEPTH || varying.is_empty() {
            // From here everything goes left.
            let leftmost = (place + 1) << (DEPTH - depth);
            self.lengths[leftmost - SAMPLE] = depth as f64 + mean_path(rows.len());
            return;
        }
        let (feature, least, largest) = varying[choices.below(varying.len())];
        let threshold = least + (largest - least) * choices.next().uniform(1);
        let (left, right) = rows.into_iter().partition(|row| row[feature] < threshold);
        self.splits[place] = Split {
            feature: feature as u16,
            threshold,
        };
        self.grow(2 * place + 1, left, depth + 1, choices);
        self.grow(2 * place + 2, right, depth + 1, choices);
    }

    /// The child of a node that a vector goes to.
    fn next(&self, place: usize, row: &[f64]) -> usize {
        let Some(split) = self.splits.get(place) else {
            return place;
        };
        let value = row.get(usize::from(split.feature)).copied().unwrap_or(0.0);
        2 * place + 1 + usize::from(value >= split.threshold)
    }

    /// The length of the path that ends in a node below all splits (algorithm 3).
    fn length(&self, place: usize) -> f64 {
        let below = place
            .checked_sub(SAMPLE - 1)
            .and_then(|leaf| self.lengths.get(leaf));
        below.copied().unwrap_or(0.0)
    }
}

/// Features that differ among rows, with their least and largest values.
fn varying(rows: &[&[f64]]) -> Vec<(usize, f64, f64)> {
    let width = rows.first().map_or(0, |row| row.len());
    let span = |feature: usize| {
        let numbers = rows.iter().map(|row| row[feature]);
        let empty = (f64::INFINITY, f64::NEG_INFINITY);
        let (least, largest) =
            numbers.fold(empty, |(least, largest), x| (least.min(x), largest.max(x)));
        (least < largest).then_some((feature, least, largest))
    };
    (0..width).filter_map(span).collect()
}

impl Forest {
    fn new(kind: Track, values: &[f64]) -> Self {
        let rows: Vec<&[f64]> = values.chunks_exact(names_of(kind).len()).collect();
        let tree = |number: u64| {
            let mut choices = Choices {
                tree: identity_of_pair(kind as u64, number),
                ordinal: 0,
            };
            let sample = sample(rows.len(), &mut choices);
            let sample = sample.into_iter().map(|row| rows[row]).collect();
            let mut tree = Tree::new();
            tree.grow(0, sample, 0, &mut choices);
            tree
        };
        Self {
            trees: (0..TREES as u64).map(tree).collect(),
            usual: mean_path(SAMPLE.min(rows.len())),
        }
    }

    /// From 0 to 1: the shorter the paths, the more. Level by level and not tree by tree: the processor can fetch nodes of many trees at once.
    fn judge(&self, row: &[f64]) -> f64 {
        let mut places = [0; TREES];
        for _ in 0..DEPTH {
            for (place, tree) in places.iter_mut().zip(&self.trees) {
                *place = tree.next(*place, row);
            }
        }
        let ends = self.trees.iter().zip(places);
        let total: f64 = ends.map(|(tree, place)| tree.length(place)).sum();
        let mean = total / self.trees.len().max(1) as f64;
        libm::exp2(-mean / self.usual.max(1.0))
    }
}

impl Fitting {
    /// Judges a vector; one that is waiting takes it in.
    fn judge(&mut self, kind: Track, values: &[f64]) -> Option<f64> {
        match self {
            Fitting::Fitted(forest) => Some(forest.judge(values)),
            Fitting::Waiting(rows) => {
                rows.extend_from_slice(values);
                if rows.len() >= FIRST * values.len() {
                    *self = Fitting::Fitted(Forest::new(kind, rows));
                }
                None
            }
        }
    }
}

impl Detector for IsolationForest {
    fn name(&self) -> &str {
        "isolation_forest"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let forests = &mut self.forests;
        self.features.observe(event, &mut |about, values| {
            let kind = Track::of(&about);
            if let Some(score) = forests[kind as usize].judge(kind, values) {
                scores.say(about, score, "");
            }
        });
    }

    fn learn(&mut self, streams: &[&Labelled]) {
        let mut rows = Track::ALL.map(|kind| Thinned::new(MOST_ROWS, names_of(kind).len()));
        for stream in streams {
            let mut features = Features::default();
            for event in &stream.events {
                features.observe(event, &mut |about, values| {
                    rows[Track::of(&about) as usize].push(values)
                });
            }
        }
        for kind in Track::ALL {
            let values = rows[kind as usize].values();
            if !values.is_empty() {
                self.forests[kind as usize] = Fitting::Fitted(Forest::new(kind, values));
            }
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(self)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(self, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::super::staged::{bot, last_scores, market, ranked, said, survives_saving};
    use super::*;
    use crate::detect::Subject;

    #[test]
    fn mean_paths_are_those_of_binary_search_trees() {
        // c(2) = 1; c(3) = 2 (1 + 1/2) - 4/3 = 5/3; for 256 the paper's 10.24.
        assert_eq!((mean_path(0), mean_path(1), mean_path(2)), (0.0, 0.0, 1.0));
        assert!((mean_path(3) - 5.0 / 3.0).abs() < 1e-12);
        assert!((mean_path(256) - 10.24).abs() < 0.01, "{}", mean_path(256));
    }

    #[test]
    fn the_mean_path_of_usual_vectors_brings_a_half_and_one_that_stands_apart_more() {
        let width = names_of(Track::Offers).len();
        let row = |number: u64| {
            let words = Draws::new(1).at(Mechanism::Reference, number, 0);
            let mut row = vec![0.0; width];
            (row[0], row[1]) = (words.uniform(0), words.uniform(1));
            row
        };
        let forest = Forest::new(
            Track::Offers,
            &(0..2_000).flat_map(row).collect::<Vec<f64>>(),
        );
        let mean = (0..500)
            .map(|number| forest.judge(&row(number)))
            .sum::<f64>()
            / 500.0;
        assert!((0.4..0.55).contains(&mean), "{mean}");
        let mut far = row(0);
        far[1] = 5.0;
        assert!(forest.judge(&far) > 0.55, "{}", forest.judge(&far));
    }

    #[test]
    fn samples_are_without_replacement_and_constants_make_one_leaf() {
        let mut choices = Choices {
            tree: 1,
            ordinal: 0,
        };
        let mut places = sample(300, &mut choices);
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), SAMPLE);
        let row = [1.0, 2.0];
        let length = |tree: &Tree, row: &[f64]| {
            tree.length((0..DEPTH).fold(0, |place, _| tree.next(place, row)))
        };
        let mut tree = Tree::new();
        tree.grow(0, vec![&row[..]; 7], 0, &mut choices);
        assert_eq!(length(&tree, &row), mean_path(7));
        tree.grow(0, vec![&row[..], &[1.0, 3.0]], 0, &mut choices);
        assert_eq!(
            (length(&tree, &row), length(&tree, &[1.0, 3.0])),
            (1.0, 1.0)
        );
    }

    #[test]
    fn a_farm_stands_out_with_and_without_development_streams() {
        let stream = market(1, true);
        let fresh = IsolationForest::default();
        let mut learned = fresh.clone();
        learned.learn(&[&market(2, false)]);
        // Fitted on the first quarter of an hour, people who have come often since look strange too.
        for (detector, least) in [(&fresh, 0.7), (&learned, 0.85)] {
            let scores = said(&mut detector.clone(), &stream.events);
            let (bots, people) = last_scores(&scores, |score| match score.about {
                Subject::Account(account) => Some((0..60).any(|number| bot(number) == account)),
                _ => None,
            });
            let apart = ranked(&bots, &people);
            assert!(bots.len() == 60 && apart > least, "{} {apart}", bots.len());
        }
        survives_saving(&fresh, &stream.events);
        survives_saving(&learned, &stream.events);
    }
}
