//! The graph of accounts and rooms, and what detectors share that judge it anew every ten minutes.
//!
//! An edge says that an account came into a room, or ordered in it: each room is two columns, entries and orders. Edges count once, however often
//! they recur. Only the latest 262,144 entries and orders are remembered, so that memory and the work of a judgement are bounded.

use crate::detect::{Detector, Event, Millis, Scores, Token, What, keep, recall};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::marker::PhantomData;

/// Entries and orders that are remembered.
const MOST_EDGES: usize = 1 << 18;

/// Milliseconds between judgements.
const PERIOD: Millis = 600_000;

/// A column of the graph: a room, and whether it stands for orders in it, not entries.
type Column = (Id, bool);

/// A list of neighbours for each node of one side.
#[derive(Debug, Clone, Default, PartialEq)]
struct Neighbours {
    /// Where each node's neighbours begin; one more than there are nodes.
    starts: Vec<usize>,
    all: Vec<u32>,
}

impl Neighbours {
    /// From pairs (node, neighbour) in order of node.
    fn of(nodes: usize, pairs: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut neighbours = Self::default();
        for (node, neighbour) in pairs {
            while neighbours.starts.len() <= node as usize {
                neighbours.starts.push(neighbours.all.len());
            }
            neighbours.all.push(neighbour);
        }
        neighbours.starts.resize(nodes + 1, neighbours.all.len());
        neighbours
    }

    fn get(&self, node: usize) -> &[u32] {
        &self.all[self.starts[node]..self.starts[node + 1]]
    }
}

/// Accounts, the columns that they are tied to, and edges between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    by_account: Neighbours,
    by_column: Neighbours,
}

impl Graph {
    /// From pairs (account, column), numbered from 0; sorted and without doubles.
    fn of(accounts: usize, columns: usize, edges: &[(u32, u32)]) -> Self {
        let mut turned: Vec<(u32, u32)> = edges
            .iter()
            .map(|(account, column)| (*column, *account))
            .collect();
        turned.sort_unstable();
        Self {
            by_account: Neighbours::of(accounts, edges.iter().copied()),
            by_column: Neighbours::of(columns, turned.into_iter()),
        }
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.by_account.starts.len().saturating_sub(1)
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.by_column.starts.len().saturating_sub(1)
    }

    /// The columns that an account is tied to, ascending; `account` below [`Graph::accounts`].
    pub fn columns_of(&self, account: usize) -> &[u32] {
        self.by_account.get(account)
    }

    /// The accounts that are tied to a column, ascending; `column` below [`Graph::columns`].
    pub fn accounts_of(&self, column: usize) -> &[u32] {
        self.by_column.get(column)
    }
}

/// A way to judge a graph.
pub trait GraphMethod: Clone + Default + Send + Sync + 'static {
    /// The name of the detector that uses it.
    const NAME: &'static str;

    /// How suspicious each account and each column is; finite, 0 where there is nothing to say.
    fn judge(graph: &Graph) -> (Vec<f64>, Vec<f64>);
}

/// A detector that judges the graph of accounts and rooms every ten minutes of stream time, while events come.
///
/// It says of accounts what it then finds, where that is not 0 or has not been 0; of rooms, at each frame, what it found last: the larger of what it
/// found of their entries and of their orders.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Periodic<Method: GraphMethod> {
    recent: VecDeque<(Token, Column)>,
    /// When to judge next.
    next: Millis,
    /// Whether anything has been added since it last judged.
    changed: bool,
    rooms: BTreeMap<Id, f64>,
    /// Accounts of whom the last word was not 0, in order.
    accused: Vec<Token>,
    method: PhantomData<Method>,
}

/// The place of something in a sorted list that holds it.
fn place<Name: Ord>(sorted: &[Name], name: &Name) -> u32 {
    sorted.binary_search(name).unwrap_or_default() as u32
}

impl<Method: GraphMethod> Periodic<Method> {
    fn add(&mut self, account: Token, column: Column) {
        if self.recent.len() == MOST_EDGES {
            self.recent.pop_front();
        }
        self.recent.push_back((account, column));
        self.changed = true;
    }

    /// The graph of what is remembered, with the names of its accounts and columns.
    fn graph(&self) -> (Graph, Vec<Token>, Vec<Column>) {
        let mut edges: Vec<(Token, Column)> = self.recent.iter().copied().collect();
        edges.sort_unstable();
        edges.dedup();
        let mut accounts: Vec<Token> = edges.iter().map(|(account, _)| *account).collect();
        accounts.dedup();
        let mut columns: Vec<Column> = edges.iter().map(|(_, column)| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        let number = |(account, column): &(Token, Column)| {
            (place(&accounts, account), place(&columns, column))
        };
        let numbered: Vec<(u32, u32)> = edges.iter().map(number).collect();
        let graph = Graph::of(accounts.len(), columns.len(), &numbered);
        (graph, accounts, columns)
    }

    fn judge(&mut self, scores: &mut Scores) {
        let (graph, accounts, columns) = self.graph();
        let (of_accounts, of_columns) = Method::judge(&graph);
        self.rooms.clear();
        for ((room, _), score) in columns.iter().zip(of_columns) {
            let worst = self.rooms.entry(*room).or_insert(score);
            *worst = worst.max(score);
        }
        let before = std::mem::take(&mut self.accused);
        for (account, score) in accounts.iter().zip(of_accounts) {
            if score != 0.0 {
                self.accused.push(*account);
                scores.account(*account, score);
            } else if before.binary_search(account).is_ok() {
                scores.account(*account, 0.0);
            }
        }
    }
}

impl<Method: GraphMethod> Detector for Periodic<Method> {
    fn name(&self) -> &str {
        Method::NAME
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::Enter(enter) => self.add(enter.account, (enter.room, false)),
            What::Order(order) => self.add(order.account, (order.room, true)),
            What::Frame(frame) => {
                let score = self.rooms.get(&frame.room);
                scores.room(frame.room, score.copied().unwrap_or(0.0));
            }
            _ => {}
        }
    }

    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        if self.next == 0 {
            self.next = at + PERIOD;
        }
        if at >= self.next && self.changed {
            self.judge(scores);
            self.changed = false;
            self.next = at + PERIOD;
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(self)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(self, memory)
    }
}

/// Graphs for the tests of methods.
#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A graph from pairs (account, column) in any order.
    pub(in super::super) fn graph(accounts: usize, columns: usize, edges: &[(u32, u32)]) -> Graph {
        let mut edges = edges.to_vec();
        edges.sort_unstable();
        edges.dedup();
        Graph::of(accounts, columns, &edges)
    }

    #[test]
    fn neighbours_are_found_from_both_sides() {
        let graph = graph(4, 3, &[(0, 1), (2, 0), (0, 0), (3, 1), (0, 1)]);
        assert_eq!((graph.accounts(), graph.columns()), (4, 3));
        assert_eq!(graph.columns_of(0), [0, 1]);
        assert!(graph.columns_of(1).is_empty());
        assert_eq!(graph.accounts_of(1), [0, 3]);
        assert!(graph.accounts_of(2).is_empty());
        assert_eq!(Graph::default().accounts(), 0);
    }

    /// Calls accounts by their degree.
    #[derive(Debug, Clone, Default, PartialEq)]
    struct Degree;

    impl GraphMethod for Degree {
        const NAME: &'static str = "degree";
        fn judge(graph: &Graph) -> (Vec<f64>, Vec<f64>) {
            let degree = |account: usize| graph.columns_of(account).len() as f64 - 1.0;
            let size = |column: usize| graph.accounts_of(column).len() as f64;
            (
                (0..graph.accounts()).map(degree).collect(),
                (0..graph.columns()).map(size).collect(),
            )
        }
    }

    #[test]
    fn it_judges_every_ten_minutes_and_only_what_has_changed() {
        let mut watch = Periodic::<Degree>::default();
        let mut scores = Scores::default();
        watch.beat(10_000, &mut scores);
        for (account, room) in [(1, 5), (1, 6), (2, 6), (2, 6)] {
            watch.add(Token::of(account), (room, false));
        }
        watch.beat(600_000, &mut scores);
        assert!(scores.take().next().is_none());
        watch.beat(610_000, &mut scores);
        let said: Vec<f64> = scores.take().map(|said| said.score).collect();
        assert_eq!(said, [1.0]);
        assert_eq!(watch.rooms, BTreeMap::from([(5, 1.0), (6, 2.0)]));
        watch.beat(1_300_000, &mut scores);
        assert!(scores.take().next().is_none());
    }
}
