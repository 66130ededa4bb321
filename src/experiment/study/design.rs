//! Designs: at which points of the unit cube the factors of a study are tried. Pure functions of the design and the seed, so that a point is the same
//! wherever it is run.
//!
//! A coordinate is a factor's place in its range or distribution, 0 to 1; `None` leaves the factor as the scenario has it.

use crate::draws::{Draws, Mechanism, identity_of_name, identity_of_pair};
use crate::scenario::file::{DesignKind, DesignTable};
use serde::{Deserialize, Serialize};

/// A point: a coordinate for each factor.
pub type Point = Vec<Option<f64>>;

/// Points of a study, at most.
pub const MOST_POINTS: u64 = 1_000_000;

/// What the points are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// To see what comes of them.
    Sweep,
    /// To tell what each factor accounts for: of `sobol`, both base samples and their mixtures.
    Sensitivity,
    /// To find points that bring runs near to what was observed; they follow from the runs before, not from a design.
    Calibration,
}

/// How many points a design has; `levels` are those of each factor of values, 0 for a factor of a range.
pub fn count(design: &DesignTable, levels: &[u32], of: Use) -> u64 {
    let factors = levels.len() as u64;
    let levels_of = |levels: &u32| u64::from(if *levels == 0 { design.levels } else { *levels });
    match (design.kind, of) {
        (DesignKind::Grid, _) => levels.iter().map(levels_of).fold(1, u64::saturating_mul),
        (DesignKind::Sobol, Use::Sensitivity) => u64::from(design.points) * (factors + 2),
        (DesignKind::LatinHypercube | DesignKind::Sobol, _) => u64::from(design.points),
        (DesignKind::Morris, _) => u64::from(design.trajectories) * (factors + 1),
        (DesignKind::OneAtATime, _) => 1 + levels.iter().map(levels_of).sum::<u64>(),
    }
}

/// The points of a design, in order. See [`count`]; there are no more than [`MOST_POINTS`].
pub fn points(design: &DesignTable, levels: &[u32], of: Use, seed: u64) -> Vec<Point> {
    let all = |points: Vec<Vec<f64>>| -> Vec<Point> {
        let known = |point: Vec<f64>| point.into_iter().map(Some).collect();
        points.into_iter().map(known).collect()
    };
    match (design.kind, of) {
        (DesignKind::Grid, _) => all(grid(&levels_of(design, levels))),
        (DesignKind::LatinHypercube, _) => all(latin_hypercube(design.points, levels.len(), seed)),
        (DesignKind::Sobol, Use::Sensitivity) => all(mixtures(design.points, levels.len(), seed)),
        (DesignKind::Sobol, _) => all(sobol(design.points, levels.len(), seed)),
        (DesignKind::Morris, _) => all(trajectories(design, levels, seed)),
        (DesignKind::OneAtATime, _) => one_at_a_time(&levels_of(design, levels)),
    }
}

/// The coordinates of each factor's levels: of a range its ends and evenly between, of values the middle of the part that stands for each.
fn levels_of(design: &DesignTable, levels: &[u32]) -> Vec<Vec<f64>> {
    let of_factor = |levels: &u32| -> Vec<f64> {
        match *levels {
            0 => {
                let last = f64::from(design.levels - 1);
                (0..design.levels)
                    .map(|level| f64::from(level) / last)
                    .collect()
            }
            levels => middles(levels),
        }
    };
    levels.iter().map(of_factor).collect()
}

/// Coordinates of so many values: the middles of the parts that stand for them.
pub fn middles(levels: u32) -> Vec<f64> {
    let middle = |level| (f64::from(level) + 0.5) / f64::from(levels);
    (0..levels).map(middle).collect()
}

/// Which of so many equal parts of its range a coordinate lies in, from 0: of those, [`middles`] are the middles.
pub fn part_of(coordinate: f64, parts: usize) -> usize {
    ((coordinate * parts as f64) as usize).min(parts - 1)
}

/// Every combination of levels; the last factor changes first.
fn grid(levels: &[Vec<f64>]) -> Vec<Vec<f64>> {
    levels.iter().fold(vec![Vec::new()], |points, levels| {
        let longer = points.iter().flat_map(|point| {
            levels.iter().map(|level| {
                let mut longer = point.clone();
                longer.push(*level);
                longer
            })
        });
        longer.collect()
    })
}

/// The scenario as it is, then each factor by itself.
fn one_at_a_time(levels: &[Vec<f64>]) -> Vec<Point> {
    let as_it_is = vec![None; levels.len()];
    let mut points = vec![as_it_is.clone()];
    for (factor, levels) in levels.iter().enumerate() {
        points.extend(levels.iter().map(|level| {
            let mut point = as_it_is.clone();
            point[factor] = Some(*level);
            point
        }));
    }
    points
}

/// Each factor has one point in each of as many equal parts of its range, at a place in it that is drawn.
fn latin_hypercube(count: u32, factors: usize, seed: u64) -> Vec<Vec<f64>> {
    let draws = Draws::new(seed);
    let column = |factor: usize| -> Vec<f64> {
        let identity = identity_of_pair(identity_of_name("latin hypercube"), factor as u64);
        let mut parts: Vec<u32> = (0..count).collect();
        shuffle(&mut parts, |ordinal| {
            draws.at(Mechanism::Study, identity, ordinal).uniform(0)
        });
        let within = |(part, ordinal): (&u32, u32)| {
            let place = draws.at(Mechanism::Study, identity, ordinal).uniform(1);
            (f64::from(*part) + place) / f64::from(count)
        };
        parts.iter().zip(0..).map(within).collect()
    };
    transposed(
        &(0..factors).map(column).collect::<Vec<_>>(),
        count as usize,
    )
}

/// Puts things in a drawn order (Fisher and Yates); `uniform` draws by ordinal.
fn shuffle<T>(things: &mut [T], uniform: impl Fn(u32) -> f64) {
    for last in (1..things.len()).rev() {
        let other = (uniform(last as u32) * (last + 1) as f64) as usize;
        things.swap(last, other.min(last));
    }
}

fn transposed(columns: &[Vec<f64>], rows: usize) -> Vec<Vec<f64>> {
    let row = |at: usize| columns.iter().map(|column| column[at]).collect();
    (0..rows).map(row).collect()
}

/// Points of a Sobol sequence with Owen's scrambling (Burley 2020), keyed by the seed.
fn sobol(count: u32, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let identity = identity_of_name("sobol sequence");
    let scrambled_by = Draws::new(seed).at(Mechanism::Study, identity, 0).0[0];
    let coordinate = |index: u32, dimension: usize| {
        f64::from(sobol_burley::sample(index, dimension as u32, scrambled_by))
    };
    let point = |index: u32| {
        (0..dimensions)
            .map(|dimension| coordinate(index, dimension))
            .collect()
    };
    (0..count).map(point).collect()
}

/// Two base samples A and B, row by row: a row of A, that row with each factor's column from B, the row of B.
fn mixtures(count: u32, factors: usize, seed: u64) -> Vec<Vec<f64>> {
    let rows = sobol(count, 2 * factors, seed);
    let of_row = |row: Vec<f64>| {
        let (a, b) = row.split_at(factors);
        let mixed = |factor: usize| {
            let mut mixed = a.to_vec();
            mixed[factor] = b[factor];
            mixed
        };
        let mut points = vec![a.to_vec()];
        points.extend((0..factors).map(mixed));
        points.push(b.to_vec());
        points
    };
    rows.into_iter().flat_map(of_row).collect()
}

/// Ways through a grid of levels: from a drawn start each factor moves once, in a drawn order, by half of its levels up or down. A factor of values has a level for each.
fn trajectories(design: &DesignTable, levels: &[u32], seed: u64) -> Vec<Vec<f64>> {
    let places = levels_of(design, levels);
    let draws = Draws::new(seed);
    let trajectory = |number: u32| {
        let identity = identity_of_pair(identity_of_name("trajectory"), u64::from(number));
        let words = |ordinal: u32| draws.at(Mechanism::Study, identity, ordinal);
        let mut order: Vec<usize> = (0..places.len()).collect();
        shuffle(&mut order, |ordinal| words(ordinal).uniform(0));
        let start = |(factor, places): (usize, &Vec<f64>)| {
            let level = words(factor as u32).uniform(1) * places.len() as f64;
            (level as usize).min(places.len() - 1)
        };
        let mut at: Vec<usize> = places.iter().enumerate().map(start).collect();
        let point = |at: &[usize]| {
            let pairs = places.iter().zip(at);
            pairs.map(|(places, level)| places[*level]).collect()
        };
        let mut points = vec![point(&at)];
        for factor in order {
            // Up from a start below, else down: both ends are then as likely as levels between.
            let half = places[factor].len() / 2;
            at[factor] = match at[factor] + half < places[factor].len() {
                true => at[factor] + half,
                false => at[factor] - half,
            };
            points.push(point(&at));
        }
        points
    };
    (0..design.trajectories).flat_map(trajectory).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(kind: DesignKind) -> DesignTable {
        DesignTable {
            kind,
            points: 32,
            trajectories: 12,
            levels: 4,
        }
    }

    #[test]
    fn trajectories_come_to_every_value_of_a_factor() {
        let of = design(DesignKind::Morris);
        for levels in [2, 3, 5, 6] {
            let points = trajectories(&of, &[levels, 0], 7);
            let seen: std::collections::BTreeSet<u32> = points
                .iter()
                .map(|point| (point[0] * f64::from(levels)) as u32)
                .collect();
            assert_eq!(seen, (0..levels).collect());
        }
    }

    #[test]
    fn there_are_as_many_points_as_are_counted() {
        let levels = [0, 3, 0];
        for kind in [
            DesignKind::Grid,
            DesignKind::LatinHypercube,
            DesignKind::Sobol,
            DesignKind::Morris,
            DesignKind::OneAtATime,
        ] {
            for of in [Use::Sweep, Use::Sensitivity] {
                let points = points(&design(kind), &levels, of, 7);
                let counted = count(&design(kind), &levels, of);
                assert_eq!(points.len() as u64, counted, "{kind:?} {of:?}");
                let within = |at: &Option<f64>| at.is_none_or(|at| (0.0..=1.0).contains(&at));
                assert!(points.iter().flatten().all(within));
            }
        }
        assert_eq!(count(&design(DesignKind::Grid), &levels, Use::Sweep), 48);
    }

    #[test]
    fn a_latin_hypercube_has_each_part_of_each_factor_once() {
        for factor in 0..3 {
            let points = latin_hypercube(32, 3, 7);
            let mut parts: Vec<u32> = points
                .iter()
                .map(|point| (point[factor] * 32.0) as u32)
                .collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..32).collect::<Vec<_>>());
        }
        assert_ne!(latin_hypercube(32, 3, 7), latin_hypercube(32, 3, 8));
    }

    #[test]
    fn a_trajectory_moves_every_factor_once_by_the_same_step() {
        let points = trajectories(&design(DesignKind::Morris), &[0; 5], 7);
        for trajectory in points.chunks(6) {
            let mut moved: Vec<usize> = Vec::new();
            for step in trajectory.windows(2) {
                let apart: Vec<usize> = (0..5).filter(|at| step[0][*at] != step[1][*at]).collect();
                assert_eq!(apart.len(), 1);
                let by = (step[0][apart[0]] - step[1][apart[0]]).abs();
                assert!((by - 2.0 / 3.0).abs() < 1e-12, "{by}");
                moved.extend(apart);
            }
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4]);
        }
    }

    #[test]
    fn a_sobol_sequence_is_even_over_powers_of_two() {
        let points = sobol(64, 6, 7);
        for dimension in 0..6 {
            let low = points.iter().filter(|point| point[dimension] < 0.5).count();
            assert_eq!(low, 32);
        }
    }
}
