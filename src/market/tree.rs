//! Choice by weight that survives a change of weights: a fixed binary trie over stable identities (MODEL section 4, arrive).
//!
//! One draws a leaf by walking down from the root and tossing a coin, weighted by the two subtrees, at each node. The coin of a node is
//! keyed by the chooser and by the node's depth in the identities' bits, so when one weight changes only the coins on its path change
//! their bias, and few choosers switch; adding a leaf renumbers nobody. Inverting one cumulative distribution would switch most of them.

use crate::draws::{Draws, Identity, Mechanism};
use bevy_ecs::prelude::*;

/// A node with two subtrees, each a node or a leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    /// Bit of the identity that parts the subtrees, from the top.
    depth: u32,
    left: Child,
    right: Child,
    left_sum: f64,
    right_sum: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Child {
    Node(u32),
    Leaf(u32),
}

/// Leaves with weights, chosen in proportion to them.
#[derive(Resource, Debug, Clone)]
pub struct ExposureTree {
    /// Children come before their parents; the root is last.
    nodes: Vec<Node>,
    weights: Vec<f64>,
    root: Option<Child>,
    total: f64,
}

impl ExposureTree {
    /// A tree over identities; leaf `i` is `keys[i]`, with weight 0. Identities should differ: equal ones share their coins.
    pub fn new(keys: &[Identity]) -> Self {
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_by_key(|leaf| (keys[*leaf as usize], *leaf));
        let mut nodes = Vec::with_capacity(keys.len());
        let root = (!order.is_empty()).then(|| build(keys, &order, &mut nodes));
        Self {
            nodes,
            weights: vec![0.0; keys.len()],
            root,
            total: 0.0,
        }
    }

    /// Sets the weight (>= 0) of a leaf; it counts after the next `refresh`.
    pub fn set(&mut self, leaf: usize, weight: f64) {
        self.weights[leaf] = weight.max(0.0);
    }

    /// Sums the weights, from the leaves up, in one fixed order.
    pub fn refresh(&mut self) {
        for index in 0..self.nodes.len() {
            let node = self.nodes[index];
            let left_sum = self.sum(node.left);
            let right_sum = self.sum(node.right);
            let node = &mut self.nodes[index];
            node.left_sum = left_sum;
            node.right_sum = right_sum;
        }
        self.total = self.root.map_or(0.0, |root| self.sum(root));
    }

    /// Sum of all weights at the last `refresh`.
    pub fn total(&self) -> f64 {
        self.total
    }

    fn sum(&self, child: Child) -> f64 {
        match child {
            Child::Leaf(leaf) => self.weights[leaf as usize],
            Child::Node(node) => {
                let node = &self.nodes[node as usize];
                node.left_sum + node.right_sum
            }
        }
    }

    /// The leaf that the chooser `identity` draws, for the `ordinal`-th time (below 2^28); `None` if there is no weight.
    ///
    /// It uses the words of ordinals `16 * ordinal` to `16 * ordinal + 15` but the last.
    pub fn choose(
        &self,
        draws: Draws,
        mechanism: Mechanism,
        identity: Identity,
        ordinal: u32,
    ) -> Option<usize> {
        if self.total <= 0.0 {
            return None;
        }
        let mut at = self.root?;
        let mut words = (u32::MAX, draws.at(mechanism, identity, ordinal * 16));
        loop {
            let node = match at {
                Child::Leaf(leaf) => return Some(leaf as usize),
                Child::Node(node) => &self.nodes[node as usize],
            };
            // Depths of 60 and more would need two of 2^60 hashes to share their first 60 bits.
            let block = (node.depth / 4).min(14);
            if words.0 != block {
                words = (block, draws.at(mechanism, identity, ordinal * 16 + block));
            }
            let coin = words.1.uniform((node.depth % 4) as usize);
            let left = coin * (node.left_sum + node.right_sum) < node.left_sum;
            let left = (left || node.right_sum <= 0.0) && node.left_sum > 0.0;
            at = if left { node.left } else { node.right };
        }
    }
}

/// Builds the subtree over leaves in order of identity (at least one); a node only where identities part.
fn build(keys: &[Identity], order: &[u32], nodes: &mut Vec<Node>) -> Child {
    let (first, last) = (order[0], order[order.len() - 1]);
    if order.len() == 1 {
        return Child::Leaf(first);
    }
    let depth = (keys[first as usize] ^ keys[last as usize]).leading_zeros();
    let split = if depth >= 64 {
        1
    } else {
        let bit = 1_u64 << (63 - depth);
        order.partition_point(|leaf| keys[*leaf as usize] & bit == 0)
    };
    let left = build(keys, &order[..split], nodes);
    let right = build(keys, &order[split..], nodes);
    nodes.push(Node {
        depth: depth.min(63),
        left,
        right,
        left_sum: 0.0,
        right_sum: 0.0,
    });
    Child::Node(nodes.len() as u32 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{identity_of_name, identity_of_pair};

    const CHOOSERS: u64 = 20_000;

    fn keys(count: usize) -> Vec<Identity> {
        (0..count)
            .map(|index| identity_of_name(&format!("room {index}")))
            .collect()
    }

    fn choices(tree: &ExposureTree) -> Vec<Option<usize>> {
        let draws = Draws::new(7);
        (0..CHOOSERS)
            .map(|chooser| {
                let identity = identity_of_pair(11, chooser);
                tree.choose(draws, Mechanism::Reference, identity, 3)
            })
            .collect()
    }

    fn tree_of(keys: &[Identity], weight: impl Fn(usize) -> f64) -> ExposureTree {
        let mut tree = ExposureTree::new(keys);
        for leaf in 0..keys.len() {
            tree.set(leaf, weight(leaf));
        }
        tree.refresh();
        tree
    }

    #[test]
    fn leaves_are_chosen_in_proportion_to_their_weights() {
        let keys = keys(7);
        let tree = tree_of(&keys, |leaf| leaf as f64);
        let mut counts = [0_f64; 7];
        for choice in choices(&tree) {
            counts[choice.expect("there is weight")] += 1.0;
        }
        assert_eq!(counts[0], 0.0);
        for (leaf, count) in counts.iter().enumerate().skip(1) {
            let share = leaf as f64 / 21.0;
            let expected = share * CHOOSERS as f64;
            let deviation = (expected * (1.0 - share)).sqrt();
            assert!(
                (count - expected).abs() < 4.0 * deviation,
                "leaf {leaf}: {count} instead of {expected}"
            );
        }
    }

    #[test]
    fn few_switch_when_one_weight_grows_from_a_thousandth_to_a_hundredth() {
        let keys = keys(2_048);
        let others = 0.999 / 2_047.0;
        let before = tree_of(&keys, |leaf| if leaf == 100 { 0.001 } else { others });
        let grown = 0.01 / 0.99 * 0.999;
        let after = tree_of(&keys, |leaf| if leaf == 100 { grown } else { others });
        let pairs = choices(&before).into_iter().zip(choices(&after));
        let switched = pairs.filter(|(a, b)| a != b).count() as f64 / CHOOSERS as f64;
        // At least 0.9 % must switch, to the grown room; inverse-CDF choice switched 62 %.
        assert!((0.006..0.04).contains(&switched), "{switched}");
    }

    #[test]
    fn a_new_leaf_takes_its_share_and_little_more() {
        let keys = keys(513);
        let without = tree_of(&keys, |leaf| if leaf == 512 { 0.0 } else { 1.0 });
        let with = tree_of(&keys, |_| 1.0);
        let fewer = tree_of(&keys[..512], |_| 1.0);
        assert_eq!(choices(&without), choices(&fewer));
        let pairs = choices(&without).into_iter().zip(choices(&with));
        let switched = pairs.filter(|(a, b)| a != b).count() as f64 / CHOOSERS as f64;
        assert!(switched < 0.02, "{switched}");
    }

    #[test]
    fn without_weight_there_is_no_choice() {
        assert!(choices(&ExposureTree::new(&[])).iter().all(Option::is_none));
        let tree = tree_of(&keys(3), |_| 0.0);
        assert!(choices(&tree).iter().all(Option::is_none));
    }
}
