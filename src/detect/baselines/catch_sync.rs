//! Unsupervised: CatchSync on accounts and rooms (Jiang, Cui, Beutel, Faloutsos and Yang 2014, "CatchSync: catching synchronized behavior in large
//! directed graphs", KDD).
//!
//! Accounts of a farm go to rooms that are alike to one another and unlike what others choose. Columns (entries and orders of rooms) are put on a
//! grid by degree and by HITS authority, in cells of a factor of two; two columns are close if they share a cell. An account's synchronicity is the
//! mean closeness of two of its columns, its normality that of one of its columns and any (definitions 1 and 2). For a given normality synchronicity
//! cannot be less than a parabola (theorem 1); an account is suspicious that lies above it by more than three standard deviations over the mean of
//! all (section 4).
//!
//! An account's score is its distance from the parabola, standardised. Accounts of fewer than three columns, of whom nothing can be said by this, are
//! left out. A room's score is the share of suspicious ones among the accounts judged that came to it.

use super::graph::{Graph, GraphMethod, Periodic};
use std::collections::BTreeMap;

/// The detector.
pub type CatchSync = Periodic<Synchronicity>;

/// Columns that an account must be tied to; the authors plot accounts of twenty and more, of which a small market has none.
const LEAST_COLUMNS: usize = 3;

/// Rounds of the HITS algorithm, as in the authors' program.
const ROUNDS: usize = 10;

/// Standard deviations above the mean that are suspicious.
const SUSPICIOUS: f64 = 3.0;

/// Synchronicity against normality.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Synchronicity;

/// The authority of each column (Kleinberg 1999): the principal eigenvector of shared accounts, by the power method from equal values.
fn authorities(graph: &Graph) -> Vec<f64> {
    let mut authorities = vec![1.0; graph.columns()];
    for _ in 0..ROUNDS {
        let hub = |account: usize| -> f64 {
            let columns = graph.columns_of(account).iter();
            columns.map(|column| authorities[*column as usize]).sum()
        };
        let hubs: Vec<f64> = (0..graph.accounts()).map(hub).collect();
        let authority = |column: usize| -> f64 {
            let accounts = graph.accounts_of(column).iter();
            accounts.map(|account| hubs[*account as usize]).sum()
        };
        authorities = (0..graph.columns()).map(authority).collect();
        let length = authorities
            .iter()
            .map(|value| value * value)
            .sum::<f64>()
            .sqrt();
        for value in &mut authorities {
            *value /= length.max(f64::MIN_POSITIVE);
        }
    }
    authorities
}

/// The power of two at or below a positive number; a bound for 0.
fn octave(number: f64) -> i64 {
    libm::floor(libm::log2(number.max(1e-30))) as i64
}

/// The grid: each column's cell, and the share of all columns in each cell.
#[derive(Debug, Clone, PartialEq)]
struct Grid {
    cells: Vec<usize>,
    shares: Vec<f64>,
}

impl Grid {
    fn new(graph: &Graph) -> Self {
        let features = authorities(graph).into_iter().enumerate();
        let places: Vec<(i64, i64)> = features
            .map(|(column, authority)| {
                (
                    octave(graph.accounts_of(column).len() as f64),
                    octave(authority),
                )
            })
            .collect();
        let mut counts: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        for place in &places {
            *counts.entry(*place).or_default() += 1.0;
        }
        let order: Vec<(i64, i64)> = counts.keys().copied().collect();
        let number = |place: &(i64, i64)| order.binary_search(place).unwrap_or_default();
        Self {
            cells: places.iter().map(number).collect(),
            shares: counts
                .values()
                .map(|count| count / places.len() as f64)
                .collect(),
        }
    }

    /// Synchronicity and normality of somebody who is tied to these columns.
    fn measure(&self, columns: &[u32]) -> (f64, f64) {
        let mut cells: Vec<usize> = columns
            .iter()
            .map(|column| self.cells[*column as usize])
            .collect();
        cells.sort_unstable();
        let all = columns.len() as f64;
        let shares = cells
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0], same.len() as f64 / all));
        shares.fold((0.0, 0.0), |(synchronicity, normality), (cell, share)| {
            (
                synchronicity + share * share,
                normality + share * self.shares[cell],
            )
        })
    }

    /// The least synchronicity at a normality n: (M n^2 - 2 n + s) / (M s - 1), with M cells and s the sum of their squared shares (theorem 1).
    fn least(&self, normality: f64) -> f64 {
        let cells = self.shares.len() as f64;
        let squares: f64 = self.shares.iter().map(|share| share * share).sum();
        let uneven = cells * squares - 1.0;
        if uneven < 1e-12 {
            // All cells alike: every normality is 1 / M, and so is the least synchronicity.
            return normality;
        }
        (cells * normality * normality - 2.0 * normality + squares) / uneven
    }
}

/// Standardises numbers, where they differ.
fn standardise(numbers: &mut [(usize, f64)]) {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.iter().map(|(_, number)| number).sum::<f64>() / count;
    let squares = numbers
        .iter()
        .map(|(_, number)| (number - mean) * (number - mean));
    let deviation = (squares.sum::<f64>() / count).sqrt();
    for (_, number) in numbers {
        *number = if deviation > 1e-12 {
            (*number - mean) / deviation
        } else {
            0.0
        };
    }
}

impl GraphMethod for Synchronicity {
    const NAME: &'static str = "catch_sync";

    fn judge(graph: &Graph) -> (Vec<f64>, Vec<f64>) {
        let grid = Grid::new(graph);
        let mut distances: Vec<(usize, f64)> = (0..graph.accounts())
            .map(|account| (account, graph.columns_of(account)))
            .filter(|(_, columns)| columns.len() >= LEAST_COLUMNS)
            .map(|(account, columns)| {
                let (synchronicity, normality) = grid.measure(columns);
                (account, synchronicity - grid.least(normality))
            })
            .collect();
        standardise(&mut distances);
        let mut scores = vec![0.0; graph.accounts()];
        let mut seen = vec![(0_u32, 0_u32); graph.columns()];
        for (account, distance) in distances {
            scores[account] = distance;
            for column in graph.columns_of(account) {
                let (judged, suspicious) = &mut seen[*column as usize];
                *judged += 1;
                *suspicious += u32::from(distance > SUSPICIOUS);
            }
        }
        let share =
            |(judged, suspicious): (u32, u32)| f64::from(suspicious) / f64::from(judged.max(1));
        (scores, seen.into_iter().map(share).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph;
    use super::super::staged::{market, survives_saving};
    use super::*;
    use crate::draws::{Draws, Mechanism};

    /// 600 people who each go to ten of 300 rooms, crowded ones rather than others; 20 accounts that go to the same twelve rooms and nowhere else.
    fn edges(with_farm: bool) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for account in 0..600 {
            for visit in 0..10 {
                let words = Draws::new(4).at(Mechanism::Reference, account, visit);
                let room = 288.0 * words.uniform(0) * words.uniform(1);
                edges.push((account as u32, room as u32));
            }
        }
        if with_farm {
            edges
                .extend((600..620).flat_map(|account| (288..300).map(move |room| (account, room))));
        }
        edges
    }

    #[test]
    fn authorities_are_the_principal_eigenvector() {
        // Accounts 0 and 1 share column 0, account 1 goes to column 1 too: shared accounts [[2, 1], [1, 1]], whose eigenvector has the golden ratio.
        let found = authorities(&graph(2, 2, &[(0, 0), (1, 0), (1, 1)]));
        assert!(
            (found[0] / found[1] - 1.618_033_988).abs() < 1e-6,
            "{found:?}"
        );
    }

    #[test]
    fn synchronicity_and_normality_are_as_defined() {
        let grid = Grid {
            cells: vec![0, 0, 0, 1, 2],
            shares: vec![0.6, 0.2, 0.2],
        };
        // Of the pairs of columns 0, 1 and 3, 4 + 1 of 9 are close; 3 + 3 + 1 of 15 pairs of one of them and any column.
        let (synchronicity, normality) = grid.measure(&[0, 1, 3]);
        assert!((synchronicity - 5.0 / 9.0).abs() < 1e-12);
        assert!((normality - 7.0 / 15.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_lies_below_the_parabola_and_it_is_reached() {
        let shares = vec![0.5, 0.3, 0.15, 0.05];
        let grid = Grid {
            cells: vec![],
            shares: shares.clone(),
        };
        for number in 0..200 {
            let normals = Draws::new(5).at(Mechanism::Reference, number, 0).normals();
            let raw = normals.map(f64::abs);
            let sum: f64 = raw.iter().sum();
            let own = raw.map(|part| part / sum);
            let synchronicity: f64 = own.iter().map(|share| share * share).sum();
            let normality: f64 = own.iter().zip(&shares).map(|(own, all)| own * all).sum();
            assert!(synchronicity >= grid.least(normality) - 1e-12);
        }
        // Who chooses as all do lies on it: synchronicity and normality are both the sum of squared shares.
        let squares: f64 = shares.iter().map(|share| share * share).sum();
        assert!((grid.least(squares) - squares).abs() < 1e-12);
        assert!((grid.least(0.25) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn a_farm_in_lockstep_is_found_and_a_calm_crowd_is_not() {
        let (accounts, rooms) = Synchronicity::judge(&graph(620, 300, &edges(true)));
        let farm = accounts[600..]
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        let people = accounts[..600]
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        assert!(farm > SUSPICIOUS && farm > people, "{farm} {people}");
        assert!(rooms[288..].iter().all(|share| *share == 1.0));
        assert!(rooms[..288].iter().all(|share| *share < 0.5));
        let calm = Synchronicity::judge(&graph(600, 300, &edges(false))).0;
        let suspicious = calm.iter().filter(|score| **score > SUSPICIOUS).count();
        assert!(suspicious < 12, "{suspicious}");
    }

    #[test]
    fn nothing_and_one_edge_are_judged() {
        assert_eq!(Synchronicity::judge(&Graph::default()), (vec![], vec![]));
        assert_eq!(
            Synchronicity::judge(&graph(1, 1, &[(0, 0)])),
            (vec![0.0], vec![0.0])
        );
        survives_saving(&CatchSync::default(), &market(1, true).events);
    }
}
