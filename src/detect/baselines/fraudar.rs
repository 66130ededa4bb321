//! Unsupervised: FRAUDAR on accounts and rooms (Hooi, Song, Beutel, Shah, Shin and Faloutsos 2016, "FRAUDAR: bounding graph fraud in the face of
//! camouflage", KDD).
//!
//! Accounts of a farm and the rooms that they serve form a block that is denser than anything honest. The density of a set of accounts and columns is
//! the sum of the weights of edges within it over its size; an edge into a column of x edges weighs 1 / ln(x + 5), so that company in crowded rooms
//! proves little (sections 3 and 4). Starting from everything, the node that adds least is removed, again and again (algorithm 1); the best set on
//! the way has at least half the density of the best there is (theorem 1).
//!
//! A node's score is ln of the greatest density of a set on the way that still holds it, over the density of everything: the best block has the
//! highest score, what falls away at once has 0.

use super::graph::{Graph, GraphMethod, Periodic};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// The detector.
pub type Fraudar = Periodic<DensestBlock>;

/// Greedy search for the densest block.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DensestBlock;

/// What a node adds to the sum of weights; ties go to the lower number.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    weight: f64,
    node: usize,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_weight = self.weight.total_cmp(&other.weight);
        by_weight.then(self.node.cmp(&other.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The weight of an edge into a column of so many edges.
fn edge_weight(edges: usize) -> f64 {
    1.0 / libm::log(edges as f64 + 5.0)
}

/// What is left of a graph while it is peeled. Nodes are the accounts, then the columns.
struct Peeling<'a> {
    graph: &'a Graph,
    column_weights: Vec<f64>,
    /// What each node adds; below zero once it is removed.
    weights: Vec<f64>,
    /// Candidates, with some that are out of date: those whose weight has changed since.
    queue: BinaryHeap<Reverse<Candidate>>,
    total: f64,
}

impl<'a> Peeling<'a> {
    fn new(graph: &'a Graph) -> Self {
        let column_weights: Vec<f64> = (0..graph.columns())
            .map(|column| edge_weight(graph.accounts_of(column).len()))
            .collect();
        let of_account = |account: usize| -> f64 {
            let columns = graph.columns_of(account).iter();
            columns.map(|column| column_weights[*column as usize]).sum()
        };
        let of_column =
            |column: usize| graph.accounts_of(column).len() as f64 * column_weights[column];
        let accounts: Vec<f64> = (0..graph.accounts()).map(of_account).collect();
        let total = accounts.iter().sum();
        let weights: Vec<f64> = accounts
            .into_iter()
            .chain((0..graph.columns()).map(of_column))
            .collect();
        let candidates = weights.iter().enumerate();
        let queue = candidates
            .map(|(node, weight)| {
                Reverse(Candidate {
                    weight: *weight,
                    node,
                })
            })
            .collect();
        Self {
            graph,
            column_weights,
            weights,
            queue,
            total,
        }
    }

    /// Removes the node that adds least; `None` when nothing is left.
    fn remove(&mut self) -> Option<usize> {
        while let Some(Reverse(candidate)) = self.queue.pop() {
            let node = candidate.node;
            if self.weights[node] != candidate.weight {
                continue;
            }
            self.total -= candidate.weight;
            self.weights[node] = -1.0;
            let accounts = self.graph.accounts();
            if node < accounts {
                for column in self.graph.columns_of(node) {
                    let column = *column as usize;
                    self.lower(accounts + column, self.column_weights[column]);
                }
            } else {
                for account in self.graph.accounts_of(node - accounts) {
                    self.lower(*account as usize, self.column_weights[node - accounts]);
                }
            }
            return Some(node);
        }
        None
    }

    /// A node has lost an edge.
    fn lower(&mut self, node: usize, by: f64) {
        if self.weights[node] >= 0.0 {
            self.weights[node] = (self.weights[node] - by).max(0.0);
            let weight = self.weights[node];
            self.queue.push(Reverse(Candidate { weight, node }));
        }
    }
}

/// Nodes in the order of their removal, each with the density of what there was before it went.
fn peel(graph: &Graph) -> Vec<(usize, f64)> {
    let mut peeling = Peeling::new(graph);
    let mut left = peeling.weights.len();
    let mut order = Vec::with_capacity(left);
    while left > 0 {
        let density = peeling.total.max(0.0) / left as f64;
        let Some(node) = peeling.remove() else {
            break;
        };
        order.push((node, density));
        left -= 1;
    }
    order
}

impl GraphMethod for DensestBlock {
    const NAME: &'static str = "fraudar";

    fn judge(graph: &Graph) -> (Vec<f64>, Vec<f64>) {
        let mut scores = vec![0.0; graph.accounts() + graph.columns()];
        let order = peel(graph);
        let whole = order.first().map_or(0.0, |(_, density)| *density);
        let mut most = whole;
        for (node, density) in order {
            most = most.max(density);
            if whole > 0.0 {
                scores[node] = libm::log(most / whole);
            }
        }
        let columns = scores.split_off(graph.accounts());
        (scores, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph;
    use super::super::staged::{FARMED, bot, last_scores, market, ranked, said, survives_saving};
    use super::*;
    use crate::detect::Subject;
    use crate::draws::{Draws, Mechanism};

    /// The density of the nodes whose bits are set.
    fn density(graph: &Graph, nodes: u32) -> f64 {
        let accounts = graph.accounts();
        let mut sum = 0.0;
        for account in (0..accounts).filter(|account| nodes >> account & 1 == 1) {
            for column in graph.columns_of(account) {
                let column = *column as usize;
                if nodes >> (accounts + column) & 1 == 1 {
                    sum += edge_weight(graph.accounts_of(column).len());
                }
            }
        }
        sum / f64::from(nodes.count_ones())
    }

    fn random_edges(seed: u64, accounts: u32, columns: u32, chance: f64) -> Vec<(u32, u32)> {
        let pairs =
            (0..accounts).flat_map(|account| (0..columns).map(move |column| (account, column)));
        let chosen = |(account, column): &(u32, u32)| {
            let words = Draws::new(seed).at(Mechanism::Reference, u64::from(*account), *column);
            words.uniform(0) < chance
        };
        pairs.filter(chosen).collect()
    }

    #[test]
    fn two_by_two_and_a_stray_are_peeled_as_by_hand() {
        // Accounts 0 and 1 with columns 0 and 1, and account 2 with column 1 alone: edges weigh 1 / ln 7 and 1 / ln 8.
        let graph = graph(3, 2, &[(0, 0), (0, 1), (1, 0), (1, 1), (2, 1)]);
        let (left, right) = (1.0 / libm::log(7.0), 1.0 / libm::log(8.0));
        let order = peel(&graph);
        assert_eq!(order[0].0, 2);
        assert!((order[0].1 - (2.0 * left + 3.0 * right) / 5.0).abs() < 1e-12);
        assert!((order[1].1 - (2.0 * left + 2.0 * right) / 4.0).abs() < 1e-12);
        let (accounts, columns) = DensestBlock::judge(&graph);
        assert!(accounts[0] > 0.0 && accounts[0] == accounts[1] && accounts[2] == 0.0);
        assert_eq!(columns, [accounts[0]; 2]);
    }

    #[test]
    fn the_best_block_has_at_least_half_the_density_of_the_best_there_is() {
        for seed in 0..40 {
            let graph = graph(6, 5, &random_edges(seed, 6, 5, 0.4));
            let order = peel(&graph);
            assert_eq!(order.len(), 11);
            let mut nodes = (1_u32 << 11) - 1;
            for (node, expected) in &order {
                assert!((density(&graph, nodes) - expected).abs() < 1e-9);
                nodes &= !(1 << node);
            }
            let found = order
                .iter()
                .map(|(_, density)| *density)
                .fold(0.0, f64::max);
            let best = (1..1_u32 << 11)
                .map(|nodes| density(&graph, nodes))
                .fold(0.0, f64::max);
            assert!(
                found >= best / 2.0 && found <= best + 1e-9,
                "{found} {best}"
            );
        }
    }

    #[test]
    fn a_planted_block_is_found_in_spite_of_camouflage() {
        let mut edges = random_edges(9, 400, 60, 0.05);
        edges.extend((0..20).flat_map(|account| (0..15).map(move |column| (account, column))));
        let graph = graph(400, 60, &edges);
        let (accounts, _) = DensestBlock::judge(&graph);
        let best = accounts.iter().copied().fold(0.0, f64::max);
        let block: Vec<usize> = (0..400)
            .filter(|account| accounts[*account] == best)
            .collect();
        assert_eq!(block, (0..20).collect::<Vec<_>>());
        let calm = super::super::graph::tests::graph(400, 60, &random_edges(9, 400, 60, 0.05));
        let calm = DensestBlock::judge(&calm).0.into_iter().fold(0.0, f64::max);
        assert!(calm < best / 3.0, "{calm} {best}");
    }

    #[test]
    fn nothing_and_one_edge_are_judged() {
        assert_eq!(DensestBlock::judge(&Graph::default()), (vec![], vec![]));
        assert_eq!(
            DensestBlock::judge(&graph(1, 1, &[(0, 0)])),
            (vec![0.0], vec![0.0])
        );
    }

    #[test]
    fn streams_are_judged_and_its_memory_can_be_saved() {
        let stream = market(1, true);
        let scores = said(&mut Fraudar::default(), &stream.events);
        let frames = scores
            .iter()
            .filter(|score| score.about == Subject::Room(FARMED[0]));
        assert_eq!(frames.count(), 359);
        let (bots, people) = last_scores(&scores, |score| match score.about {
            Subject::Account(account) => Some((0..60).any(|number| bot(number) == account)),
            _ => None,
        });
        // Six rooms are few: some people have been to most of them too.
        assert!(
            ranked(&bots, &people) > 0.7,
            "{} {} {}",
            ranked(&bots, &people),
            bots.len(),
            people.len()
        );
        survives_saving(&Fraudar::default(), &stream.events);
    }
}
