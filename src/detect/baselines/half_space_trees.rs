//! Unsupervised: half-space trees on the vectors of rooms and accounts (Tan, Ting and Liu 2011, "Fast anomaly detection for streaming data", IJCAI).
//!
//! Trees split the space of features at random, once and for all; what falls into each half-space within a window of 250 vectors is counted, and a
//! vector is suspicious where the window before has counted few. With the paper's numbers: 25 trees of depth 15, windows of 250, a search that stops
//! at a tenth of a window (algorithms 1 to 3). Features are brought to [0, 1] by the least and the largest value so far, as the library river does. A
//! window is filled by vectors of one kind from the whole market. Within the first window nothing is said.
//!
//! The paper's score, the sum over trees of mass times 2^depth where the search stops, is high for what is usual. Here it is turned round and put on
//! a scale of logarithms from 0 (as usual as can be) to 1 (nothing like it): the order is the same. Masses are counted when a window is full, and
//! only where a search can come to: the scores are those of counting at once and everywhere, with a hundredth of the memory touched.

use super::features::{Features, names_of};
use crate::detect::scoring::Track;
use crate::detect::{Detector, Event, Scores, keep, recall};
use crate::draws::{Draws, Mechanism, identity_of_pair};
use serde::{Deserialize, Serialize};

/// Trees of a forest.
const TREES: usize = 25;

/// Depth of every tree.
const DEPTH: u32 = 15;

/// Nodes of every tree.
const NODES: usize = (1 << (DEPTH + 1)) - 1;

/// Vectors in a window.
const WINDOW: usize = 250;

/// A search stops where the window before has counted fewer than this.
const FEW: u8 = (WINDOW / 10) as u8;

/// Seed of all random choices.
const SEED: u64 = 2011;

/// The detector.
#[derive(Debug, Clone, Default)]
pub struct HalfSpaceTrees {
    features: Features,
    rooms: Option<Forest>,
    accounts: Option<Forest>,
}

/// Where a node splits, and what it counted in the window before; nodes that no search can come to count 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Node {
    /// Below this, to the left.
    middle: f32,
    feature: u8,
    mass: u8,
}

/// What of a forest must be remembered; where its nodes split follows from the number of features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Memory {
    kind: Track,
    /// Least and largest value of each feature so far.
    limits: Vec<(f64, f64)>,
    /// Scaled vectors of the window before, one after another; none within the first.
    before: Vec<f32>,
    /// Scaled vectors of this window so far.
    now: Vec<f32>,
}

/// Half-space trees for vectors of one kind.
#[derive(Debug, Clone)]
struct Forest {
    memory: Memory,
    /// Tree after tree; children of a tree's node n are 2 n + 1 and 2 n + 2.
    nodes: Vec<Node>,
}

/// Random choices of a tree, one after another.
struct Choices {
    tree: u64,
    ordinal: u32,
}

impl Choices {
    fn next(&mut self) -> f64 {
        let at = identity_of_pair(self.tree, u64::from(self.ordinal));
        self.ordinal += 1;
        Draws::new(SEED).at(Mechanism::Detectors, at, 0).uniform(0)
    }
}

/// Splits a node and all below it: a feature at random, in the middle of what is left of its range (algorithm 1).
fn split(nodes: &mut [Node], place: usize, ranges: &mut [(f64, f64)], choices: &mut Choices) {
    let feature = (choices.next() * ranges.len() as f64) as usize;
    let (Some(range), Some(node)) = (ranges.get(feature).copied(), nodes.get_mut(place)) else {
        return;
    };
    let middle = f64::midpoint(range.0, range.1);
    node.feature = feature as u8;
    node.middle = middle as f32;
    for (child, half) in [
        (2 * place + 1, (range.0, middle)),
        (2 * place + 2, (middle, range.1)),
    ] {
        ranges[feature] = half;
        split(nodes, child, ranges, choices);
    }
    ranges[feature] = range;
}

/// A tree: each feature's work range is centred on a random point and holds all of [0, 1] (section 3.1).
fn tree(kind: Track, number: u64) -> Vec<Node> {
    let mut choices = Choices {
        tree: identity_of_pair(kind as u64, number),
        ordinal: 0,
    };
    let mut range = |_| {
        let centre = choices.next();
        let reach = 2.0 * centre.max(1.0 - centre);
        (centre - reach, centre + reach)
    };
    let mut ranges: Vec<(f64, f64)> = (0..names_of(kind).len()).map(&mut range).collect();
    let mut nodes = vec![Node::default(); NODES];
    split(&mut nodes, 0, &mut ranges, &mut choices);
    nodes
}

impl Forest {
    fn new(kind: Track) -> Self {
        Self::recall(Memory {
            kind,
            limits: vec![(f64::INFINITY, f64::NEG_INFINITY); names_of(kind).len()],
            before: Vec::new(),
            now: Vec::new(),
        })
    }

    fn recall(memory: Memory) -> Self {
        let trees = (0..TREES as u64).flat_map(|number| tree(memory.kind, number));
        let mut forest = Self {
            nodes: trees.collect(),
            memory,
        };
        forest.count();
        forest
    }

    /// Brings a vector to [0, 1] by the least and the largest values so far, and adds it to the window; what has always been the same becomes 0.
    fn scale(&mut self, values: &[f64]) {
        for (limits, value) in self.memory.limits.iter_mut().zip(values) {
            *limits = (limits.0.min(*value), limits.1.max(*value));
            let span = limits.1 - limits.0;
            let scaled = if span > 0.0 {
                (value - limits.0) / span
            } else {
                0.0
            };
            self.memory.now.push(scaled as f32);
        }
    }

    /// Judges a vector by the window before, then counts it; `None` within the first window.
    fn judge(&mut self, values: &[f64]) -> Option<f64> {
        let place = self.memory.now.len();
        self.scale(values);
        let judged = !self.memory.before.is_empty();
        let scaled = self.memory.now.get(place..).unwrap_or_default();
        let mass: u64 = self
            .nodes
            .chunks_exact(NODES)
            .map(|tree| search(tree, scaled))
            .sum();
        if self.memory.now.len() >= WINDOW * values.len() {
            self.memory.before = std::mem::take(&mut self.memory.now);
            self.count();
        }
        let most = (TREES * WINDOW) as f64 * f64::from(1_u32 << DEPTH);
        judged.then(|| 1.0 - libm::log1p(mass as f64) / libm::log1p(most))
    }

    /// Counts the window before anew.
    fn count(&mut self) {
        let width = self.memory.limits.len().max(1);
        for tree in self.nodes.chunks_exact_mut(NODES) {
            clear(tree, 0);
            fill(tree, self.memory.before.chunks_exact(width));
        }
    }
}

/// Forgets the counts of a node and of all below it.
fn clear(tree: &mut [Node], place: usize) {
    if let Some(node) = tree.get_mut(place)
        && node.mass > 0
    {
        node.mass = 0;
        clear(tree, 2 * place + 1);
        clear(tree, 2 * place + 2);
    }
}

/// Counts vectors in a tree's nodes, level by level, as far down as a search would go (algorithm 2).
fn fill<'a>(tree: &mut [Node], rows: impl Iterator<Item = &'a [f32]>) {
    let mut ways: Vec<(&[f32], usize)> = rows.map(|row| (row, 0)).collect();
    for _ in 0..=DEPTH {
        for (_, place) in &ways {
            let node = &mut tree[*place];
            node.mass = node.mass.saturating_add(1);
        }
        ways.retain_mut(|(row, place)| {
            let node = tree[*place];
            *place = 2 * *place + 1 + usize::from(node.is_right(row));
            node.mass >= FEW
        });
    }
}

/// The mass where a vector's search stops, times 2^depth (algorithm 3).
fn search(tree: &[Node], row: &[f32]) -> u64 {
    let (mut place, mut depth) = (0, 0);
    loop {
        let node = tree[place];
        if depth == DEPTH || node.mass < FEW {
            return u64::from(node.mass) << depth;
        }
        place = 2 * place + 1 + usize::from(node.is_right(row));
        depth += 1;
    }
}

impl Node {
    /// Whether a vector lies in the upper half.
    fn is_right(&self, row: &[f32]) -> bool {
        let value = row.get(usize::from(self.feature)).copied().unwrap_or(0.0);
        value >= self.middle
    }
}

fn remembered(forest: &Option<Forest>) -> Option<&Memory> {
    forest.as_ref().map(|forest| &forest.memory)
}

impl Detector for HalfSpaceTrees {
    fn name(&self) -> &str {
        "half_space_trees"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let (rooms, accounts) = (&mut self.rooms, &mut self.accounts);
        self.features.observe(event, &mut |about, values| {
            let kind = Track::of(&about);
            let forest = match kind {
                Track::Rooms => &mut *rooms,
                Track::Accounts => &mut *accounts,
                Track::Orders | Track::Offers => return,
            };
            let forest = forest.get_or_insert_with(|| Forest::new(kind));
            if let Some(score) = forest.judge(values) {
                scores.say(about, score, "");
            }
        });
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&(
            &self.features,
            remembered(&self.rooms),
            remembered(&self.accounts),
        ))
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        let mut recalled: (Features, Option<Memory>, Option<Memory>) = Default::default();
        recall(&mut recalled, memory)?;
        let (features, rooms, accounts) = recalled;
        *self = Self {
            features,
            rooms: rooms.map(Forest::recall),
            accounts: accounts.map(Forest::recall),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::staged::{bot, last_scores, market, ranked, said, survives_saving};
    use super::*;
    use crate::detect::Subject;

    #[test]
    fn a_tree_halves_work_ranges() {
        let nodes = tree(Track::Accounts, 3);
        let (root, left) = (nodes[0], nodes[1]);
        // The middle of a work range is the point that it is centred on.
        assert!((0.0..=1.0).contains(&root.middle));
        if left.feature == root.feature {
            assert!(left.middle < root.middle);
        }
        assert!(nodes.iter().any(|node| node.feature != root.feature));
        assert_eq!(nodes, tree(Track::Accounts, 3));
        assert_ne!(nodes, tree(Track::Accounts, 4));
    }

    #[test]
    fn masses_are_those_of_the_window_before() {
        let mut forest = Forest::new(Track::Accounts);
        let width = names_of(Track::Accounts).len();
        let usual = vec![0.5; width];
        let mut judged = Vec::new();
        for _ in 0..WINDOW {
            judged.push(forest.judge(&usual));
        }
        assert!(judged.iter().all(Option::is_none));
        // All 250 fell along one path of every tree: the mass at depth 15 is the largest possible.
        assert_eq!(forest.judge(&usual), Some(0.0));
        let strange = forest.judge(&vec![9.0; width]).unwrap();
        assert!(strange > 0.1, "{strange}");
        // After two windows of something else the first has lapsed.
        for _ in 0..2 * WINDOW {
            forest.judge(&vec![9.0; width]);
        }
        assert!(forest.judge(&usual).unwrap() > 0.1);
    }

    #[test]
    fn searches_find_the_masses_of_counting_everywhere() {
        let width = names_of(Track::Accounts).len() as u64;
        let number =
            |place: u64| Draws::new(1).at(Mechanism::Reference, place, 0).uniform(0) as f32;
        let values: Vec<f32> = (0..250 * width).map(number).collect();
        let rows = || values.chunks_exact(width as usize);
        let mut nodes = tree(Track::Accounts, 7);
        let mut everywhere = vec![0_u64; NODES];
        for row in rows() {
            let mut place = 0;
            while place < NODES {
                everywhere[place] += 1;
                place = 2 * place + 1 + usize::from(nodes[place].is_right(row));
            }
        }
        fill(&mut nodes, rows());
        for row in rows() {
            let (mut place, mut depth) = (0, 0);
            while depth < DEPTH && everywhere[place] >= u64::from(FEW) {
                place = 2 * place + 1 + usize::from(nodes[place].is_right(row));
                depth += 1;
            }
            assert_eq!(search(&nodes, row), everywhere[place] << depth);
        }
        clear(&mut nodes, 0);
        assert_eq!(nodes, tree(Track::Accounts, 7));
    }

    #[test]
    fn a_farm_stands_out_among_accounts() {
        let stream = market(1, true);
        let fresh = HalfSpaceTrees::default();
        let scores = said(&mut fresh.clone(), &stream.events);
        // Its first visit: later ones come in windows full of their like.
        let first = scores
            .iter()
            .filter(|score| score.at < 1_200_000 + 150 * 20 + 420_000);
        let first: Vec<_> = first.copied().collect();
        let (bots, people) = last_scores(&first, |score| match score.about {
            Subject::Account(account) => Some((0..60).any(|number| bot(number) == account)),
            _ => None,
        });
        let apart = ranked(&bots, &people);
        assert!(bots.len() > 15 && apart > 0.9, "{} {apart}", bots.len());
        assert!(
            scores
                .iter()
                .all(|score| (0.0..=1.0).contains(&score.score))
        );
        survives_saving(&fresh, &stream.events);
    }
}
