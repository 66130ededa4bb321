//! Unsupervised: half-space trees on the vectors of rooms and accounts (Tan, Ting and Liu 2011, "Fast anomaly detection for streaming data", IJCAI).
//!
//! Trees split the space of features at random, once and for all; what falls into each half-space within a window of 250 vectors is counted, and a
//! vector is suspicious where the window before has counted few. With the paper's numbers: 25 trees of depth 15, windows of 250, a search that stops
//! at a tenth of a window (algorithms 1 to 3). Features are brought to [0, 1] by the least and the largest value so far, as the library river does. A
//! window is filled by vectors of one kind from the whole market. Within the first window nothing is said.
//!
//! The paper's score, the sum over trees of mass times 2^depth where the search stops, is high for what is usual. Here it is turned round and put on
//! a scale of logarithms from 0 (as usual as can be) to 1 (nothing like it): the order is the same. Masses are counted when a window is full, and
//! only where a search can come to, and no other node of a tree is ever made. The scores are those of counting at once and everywhere.

use super::features::{Features, names_of};
use crate::detect::scoring::Track;
use crate::detect::{Detector, Event, Scores, keep, recall};
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
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

/// Where a node splits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Split {
    /// Below this, to the left.
    middle: f32,
    feature: u8,
}

/// A node that a search can come to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Node {
    split: Split,
    /// How many of the window before fell into it.
    mass: u8,
    /// Place of its left child, the right one being next; 0: a search stops here.
    below: u16,
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
    trees: Vec<Tree>,
    /// Those nodes of all trees that a search can come to: first the roots, tree after tree.
    nodes: Vec<Node>,
}

/// A tree: by which feature each node splits, in the middle of what is left of its range. Children of node n are 2 n + 1 and 2 n + 2.
#[derive(Debug, Clone)]
struct Tree {
    identity: Identity,
    /// What is left of each feature's work range at the node that is looked at; at the root, all of it.
    ranges: Vec<(f64, f64)>,
    /// The feature of each node, once somebody has asked for it.
    features: Vec<u8>,
}

/// The feature of a node for which nobody has asked.
const UNKNOWN: u8 = u8::MAX;

/// A random number between 0 and 1.
fn choice(identity: Identity, ordinal: u32) -> f64 {
    let words = Draws::new(SEED).at(Mechanism::Detectors, identity, ordinal);
    words.uniform(0)
}

impl Tree {
    /// Each feature's work range is centred on a random point and holds all of [0, 1] (section 3.1).
    fn new(kind: Track, number: u64) -> Self {
        let identity = identity_of_pair(kind as u64, number);
        let range = |feature: u32| {
            let centre = choice(identity, NODES as u32 + feature);
            let reach = 2.0 * centre.max(1.0 - centre);
            (centre - reach, centre + reach)
        };
        Self {
            identity,
            ranges: (0..names_of(kind).len() as u32).map(range).collect(),
            features: vec![UNKNOWN; NODES],
        }
    }

    /// Where a node splits: by a feature at random, in the middle of what is left of its range (algorithm 1).
    fn split(&mut self, place: usize) -> Split {
        if self.features[place] == UNKNOWN {
            let choice = choice(self.identity, place as u32);
            self.features[place] = (choice * self.ranges.len() as f64) as u8;
        }
        let feature = self.features[place];
        let (low, high) = self.ranges[usize::from(feature)];
        Split {
            middle: f64::midpoint(low, high) as f32,
            feature,
        }
    }

    /// Goes into both halves of a node, the left one first.
    fn halves(&mut self, feature: u8, mut go: impl FnMut(&mut Self, bool)) {
        let feature = usize::from(feature);
        let (low, high) = self.ranges[feature];
        let middle = f64::midpoint(low, high);
        self.ranges[feature] = (low, middle);
        go(self, false);
        self.ranges[feature] = (middle, high);
        go(self, true);
        self.ranges[feature] = (low, high);
    }
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
        let trees = (0..TREES as u64).map(|number| Tree::new(memory.kind, number));
        let mut forest = Self {
            trees: trees.collect(),
            nodes: Vec::new(),
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
        let roots = 0..TREES;
        let mass: u64 = roots.map(|root| search(&self.nodes, root, scaled)).sum();
        if self.memory.now.len() >= WINDOW * values.len() {
            self.memory.before = std::mem::take(&mut self.memory.now);
            self.count();
        }
        let most = (TREES * WINDOW) as f64 * f64::from(1_u32 << DEPTH);
        judged.then(|| 1.0 - libm::log1p(mass as f64) / libm::log1p(most))
    }

    /// Counts the window before anew.
    fn count(&mut self) {
        self.nodes.clear();
        self.nodes.resize(TREES, Node::default());
        let width = self.memory.limits.len().max(1);
        let rows = self.memory.before.chunks_exact(width);
        let mut rows: Vec<&[f32]> = rows.collect();
        for (root, tree) in self.trees.iter_mut().enumerate() {
            count(tree, (0, 0), &mut rows, (&mut self.nodes, root));
        }
    }
}

/// Counts vectors that fall into a node, and into those below it as far down as a search would go (algorithm 2).
fn count(
    tree: &mut Tree,
    (place, depth): (usize, u32),
    rows: &mut [&[f32]],
    (nodes, node): (&mut Vec<Node>, usize),
) {
    nodes[node].mass = rows.len().min(usize::from(u8::MAX)) as u8;
    if rows.len() < usize::from(FEW) || depth == DEPTH {
        return;
    }
    let below = nodes.len();
    nodes.resize(below + 2, Node::default());
    let split = tree.split(place);
    // Fewer than 2^16 nodes: on each of 15 levels at most 10 of a tree's have children.
    (nodes[node].split, nodes[node].below) = (split, below as u16);
    let left = part(rows, |row| !split.is_right(row));
    let (left, right) = rows.split_at_mut(left);
    tree.halves(split.feature, |tree, is_right| {
        let (rows, side) = if is_right {
            (&mut *right, 1)
        } else {
            (&mut *left, 0)
        };
        let at = (2 * place + 1 + side, depth + 1);
        count(tree, at, rows, (nodes, below + side));
    });
}

/// Puts those of which something is true first; how many there are.
fn part<'a>(rows: &mut [&'a [f32]], is_first: impl Fn(&'a [f32]) -> bool) -> usize {
    let mut first = 0;
    for place in 0..rows.len() {
        let row = rows[place];
        rows.swap(first, place);
        first += usize::from(is_first(row));
    }
    first
}

/// The mass where a vector's search stops, times 2^depth (algorithm 3).
fn search(nodes: &[Node], root: usize, row: &[f32]) -> u64 {
    let mut node = nodes[root];
    let mut depth = 0_u32;
    while node.below > 0 {
        node = nodes[usize::from(node.below) + usize::from(node.split.is_right(row))];
        depth += 1;
    }
    u64::from(node.mass) << depth
}

impl Split {
    /// Whether a vector lies in the upper half.
    fn is_right(self, row: &[f32]) -> bool {
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
        let splits = |number: u64| {
            let mut tree = Tree::new(Track::Accounts, number);
            let root = tree.split(0);
            let mut children = Vec::new();
            tree.halves(root.feature, |tree, is_right| {
                children.push(tree.split(1 + usize::from(is_right)));
            });
            (root, children)
        };
        let mut halved = 0;
        for number in 0..100 {
            let (root, children) = splits(number);
            // The middle of a work range is the point that it is centred on.
            assert!((0.0..=1.0).contains(&root.middle));
            if children[0].feature == root.feature {
                assert!(children[0].middle < root.middle);
                halved += 1;
            }
            if children[1].feature == root.feature {
                assert!(children[1].middle > root.middle);
            }
            assert_eq!(splits(number), (root, children));
        }
        assert!((1..50).contains(&halved), "{halved}");
        assert_ne!(splits(3), splits(4));
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

    /// Goes all the way down with a vector.
    fn way(tree: &mut Tree, row: &[f32], visit: &mut dyn FnMut(usize)) {
        fn from(tree: &mut Tree, place: usize, row: &[f32], visit: &mut dyn FnMut(usize)) {
            visit(place);
            if 2 * place + 2 < NODES {
                let split = tree.split(place);
                tree.halves(split.feature, |tree, is_right| {
                    if is_right == split.is_right(row) {
                        from(tree, 2 * place + 1 + usize::from(is_right), row, visit);
                    }
                });
            }
        }
        from(tree, 0, row, visit);
    }

    #[test]
    fn searches_find_the_masses_of_counting_everywhere() {
        let width = names_of(Track::Accounts).len() as u64;
        let number =
            |place: u64| Draws::new(1).at(Mechanism::Reference, place, 0).uniform(0) as f32;
        let values: Vec<f32> = (0..250 * width).map(number).collect();
        let rows = || values.chunks_exact(width as usize);
        let mut tree = Tree::new(Track::Accounts, 7);
        let mut everywhere = vec![0_u64; NODES];
        for row in rows() {
            way(&mut tree, row, &mut |place| everywhere[place] += 1);
        }
        let mut nodes = vec![Node::default()];
        let mut all: Vec<&[f32]> = rows().collect();
        count(&mut tree, (0, 0), &mut all, (&mut nodes, 0));
        for row in rows() {
            let mut places = Vec::new();
            way(&mut tree, row, &mut |place| places.push(place));
            let few = |place: &usize| everywhere[*place] < u64::from(FEW);
            let depth = places.iter().position(few).unwrap_or(DEPTH as usize);
            let expected = everywhere[places[depth]] << depth;
            assert_eq!(search(&nodes, 0, row), expected);
        }
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
