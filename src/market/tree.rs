//! Choice by weight that survives a change of weights: a fixed binary trie over stable identities (MODEL section 4, arrive).
//!
//! One draws a leaf by walking down from the root and tossing a coin, weighted by the two subtrees, at each node. The coin of a node is
//! keyed by the chooser and by the node's depth in the identities' bits, so when one weight changes only the coins on its path change
//! their bias, and few choosers switch; adding a leaf renumbers nobody. Inverting one cumulative distribution would switch most of them.

use crate::draws::{Draws, Identity, LANES, Mechanism, Words, uniform};
use bevy_ecs::prelude::*;

/// A node, or a leaf: those are numbered after all nodes.
type Place = u32;

/// A node with two subtrees, left and right.
type Node = [Place; 2];

/// What a walk needs of a node, in a quarter of a cache line.
#[derive(Debug, Clone, Copy)]
struct Fork {
    /// The first word of a coin that leads to the right.
    right_from: u32,
    /// Bit of the identity that parts the subtrees, from the top. Depths of 60 and more would need two of 2^60 hashes to share their first
    /// 60 bits; they share the last coins.
    depth: u32,
    /// Where a coin leads.
    to: [Place; 2],
}

impl Fork {
    /// Tosses the coin. Written without a branch: half of all coins would be guessed wrong.
    #[inline(always)]
    fn toss(&self, word: u32) -> Place {
        self.to[usize::from(word >= self.right_from)]
    }

    /// Weighs the coin: a word leads to the left where `uniform(word) * (left + right) < left`, and never to where there is no weight.
    fn weigh(&mut self, [left, right]: [f64; 2], node: Node) {
        let leads_left = |word: u32| uniform(word) * (left + right) < left;
        let to_the_left = if right <= 0.0 || leads_left(u32::MAX) {
            None
        } else {
            Some(first_not(leads_left, left / (left + right)))
        };
        (self.right_from, self.to) = match to_the_left {
            Some(word) => (word, node),
            None => (0, [node[0]; 2]),
        };
    }
}

/// The first word of which something is not true that is true of all below; `share` says about where that is. Weights of ordinary size need a
/// step or two from there, the smallest that numbers can hold are searched for by halves.
fn first_not(is: impl Fn(u32) -> bool, share: f64) -> u32 {
    let guess = (share * 4_294_967_296.0) as u32;
    let (mut low, mut high) = (guess.saturating_sub(2), guess.saturating_add(2));
    if low > 0 && !is(low - 1) {
        low = 0;
    }
    if is(high) {
        high = u32::MAX;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Leaves with weights, chosen in proportion to them.
#[derive(Resource, Debug, Clone)]
pub struct ExposureTree {
    /// Children come before their parents; the root is last.
    nodes: Vec<Node>,
    /// By place; a leaf leads to itself.
    forks: Vec<Fork>,
    /// By place: the weight below it.
    sums: Vec<f64>,
    root: Option<Place>,
    total: f64,
    /// Blocks of four coins that most walks need.
    blocks: u32,
}

/// Blocks of four coins that a choice has at most.
const BLOCKS: u32 = 15;

/// Blocks that [`ExposureTree::choose_each`] draws before it walks, at most: enough for all but few walks among a million leaves.
const AHEAD: usize = 6;

impl ExposureTree {
    /// A tree over identities; leaf `i` is `keys[i]`, with weight 0. Identities should differ: equal ones share their coins. At most 2^31 of them.
    pub fn new(keys: &[Identity]) -> Self {
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_by_key(|leaf| (keys[*leaf as usize], *leaf));
        let inner = keys.len().saturating_sub(1);
        let (mut nodes, mut forks) = (Vec::with_capacity(inner), Vec::with_capacity(2 * inner));
        let root = (!order.is_empty()).then(|| build(keys, &order, &mut nodes, &mut forks));
        forks.extend((0..keys.len()).map(|leaf| Fork {
            right_from: 0,
            depth: 0,
            to: [(inner + leaf) as Place; 2],
        }));
        // Identities are hashes: few walks are longer than the logarithm by more than two.
        let usual = keys.len().max(1).ilog2() + 3;
        Self {
            sums: vec![0.0; forks.len()],
            nodes,
            forks,
            root,
            total: 0.0,
            blocks: usual.div_ceil(4).min(AHEAD as u32),
        }
    }

    /// Sets the weight (>= 0) of a leaf; it counts after the next `refresh`.
    pub fn set(&mut self, leaf: usize, weight: f64) {
        self.sums[self.nodes.len() + leaf] = weight.max(0.0);
    }

    /// Sums the weights, from the leaves up, in one fixed order.
    pub fn refresh(&mut self) {
        for index in 0..self.nodes.len() {
            let node = self.nodes[index];
            let sides = node.map(|side| self.sums[side as usize]);
            self.sums[index] = sides[0] + sides[1];
            self.forks[index].weigh(sides, node);
        }
        self.total = self.root.map_or(0.0, |root| self.sums[root as usize]);
    }

    /// Sum of all weights at the last `refresh`.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// The leaf at a place; `None` at a node.
    #[inline]
    fn leaf(&self, place: Place) -> Option<usize> {
        (place as usize).checked_sub(self.nodes.len())
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
        let root = self.root.filter(|_| self.total > 0.0)?;
        let coins = |block| draws.at(mechanism, identity, ordinal * 16 + block);
        Some(self.walk(root, coins))
    }

    /// Walks down from a place to a leaf, drawing blocks of coins as they are needed.
    fn walk(&self, mut at: Place, coins: impl Fn(u32) -> Words) -> usize {
        let mut drawn = None;
        loop {
            if let Some(leaf) = self.leaf(at) {
                return leaf;
            }
            let fork = &self.forks[at as usize];
            let block = (fork.depth / 4).min(BLOCKS - 1);
            let words = match drawn {
                Some((which, words)) if which == block => words,
                _ => coins(block),
            };
            drawn = Some((block, words));
            at = fork.toss(words.0[(fork.depth % 4) as usize]);
        }
    }

    /// What [`Self::choose`] gives for each chooser with its ordinal: coins are drawn together, and all walk down side by side, so that one's
    /// wait for memory is another's step.
    pub fn choose_each(
        &self,
        draws: Draws,
        mechanism: Mechanism,
        identities: &[Identity; LANES],
        ordinals: &[u32; LANES],
    ) -> [Option<usize>; LANES] {
        let Some(root) = self.root.filter(|_| self.total > 0.0) else {
            return [None; LANES];
        };
        let mut coins = [[0; LANES]; 4 * AHEAD];
        for (block, coins) in (0..self.blocks).zip(coins.chunks_exact_mut(4)) {
            let firsts = ordinals.map(|ordinal| ordinal * 16 + block);
            coins.copy_from_slice(&draws.columns(mechanism, identities, &firsts));
        }
        let coins = &coins[..4 * self.blocks as usize];
        let mut at = [root; LANES];
        loop {
            // Whoever has arrived walks on the spot: that is cheaper than to ask.
            let before = at;
            for (lane, at) in at.iter_mut().enumerate() {
                let fork = &self.forks[*at as usize];
                if let Some(coins) = coins.get(fork.depth as usize) {
                    *at = fork.toss(coins[lane]);
                }
            }
            if at == before {
                break;
            }
        }
        std::array::from_fn(|lane| {
            let coins = |block| draws.at(mechanism, identities[lane], ordinals[lane] * 16 + block);
            Some(self.walk(at[lane], coins))
        })
    }
}

/// Builds the subtree over leaves in order of identity (at least one); a node only where identities part.
fn build(keys: &[Identity], order: &[u32], nodes: &mut Vec<Node>, forks: &mut Vec<Fork>) -> Place {
    let (first, last) = (order[0], order[order.len() - 1]);
    if order.len() == 1 {
        return keys.len() as Place - 1 + first;
    }
    let depth = (keys[first as usize] ^ keys[last as usize]).leading_zeros();
    let split = if depth >= 64 {
        1
    } else {
        let bit = 1_u64 << (63 - depth);
        order.partition_point(|leaf| keys[*leaf as usize] & bit == 0)
    };
    let node = [
        build(keys, &order[..split], nodes, forks),
        build(keys, &order[split..], nodes, forks),
    ];
    nodes.push(node);
    forks.push(Fork {
        right_from: 0,
        depth: depth.min(63),
        to: node,
    });
    nodes.len() as Place - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{identity_of_name, identity_of_pair};
    use proptest::prelude::*;

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
    fn choosers_side_by_side_choose_what_each_chooses_alone() {
        let draws = Draws::new(3);
        for rooms in [0, 1, 2, 5, 600] {
            let tree = tree_of(&keys(rooms), |leaf| (leaf % 7) as f64);
            for case in 0..200 {
                let identities = std::array::from_fn(|lane| identity_of_pair(case, lane as u64));
                let ordinals = std::array::from_fn(|lane| lane as u32 * 3);
                let many = tree.choose_each(draws, Mechanism::Reference, &identities, &ordinals);
                for lane in 0..LANES {
                    let (who, nth) = (identities[lane], ordinals[lane]);
                    let one = tree.choose(draws, Mechanism::Reference, who, nth);
                    assert_eq!(many[lane], one, "{rooms} rooms, case {case}, lane {lane}");
                }
            }
        }
    }

    proptest! {
        /// A coin leads where comparing its uniform with the weights would.
        #[test]
        fn coins_lead_where_their_weights_say(
            left in prop_oneof![Just(0.0), Just(5e-324), Just(1e-323), 1e-12..1e-9_f64, 0.0..2.0_f64, 1e9..1e12_f64],
            right in prop_oneof![Just(0.0), Just(5e-324), Just(1e-322), 1e-12..1e-9_f64, 0.0..2.0_f64, 1e9..1e12_f64],
            word in any::<u32>(),
        ) {
            let node = [0, 1];
            let mut fork = Fork { right_from: 7, depth: 0, to: node };
            fork.weigh([left, right], node);
            for word in [word, 0, u32::MAX, fork.right_from, fork.right_from.saturating_sub(1)] {
                let goes_left = uniform(word) * (left + right) < left || right <= 0.0;
                prop_assert_eq!(fork.toss(word), node[usize::from(!goes_left)]);
            }
        }
    }

    #[test]
    fn without_weight_there_is_no_choice() {
        assert!(choices(&ExposureTree::new(&[])).iter().all(Option::is_none));
        let tree = tree_of(&keys(3), |_| 0.0);
        assert!(choices(&tree).iter().all(Option::is_none));
    }
}
