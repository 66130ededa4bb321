//! Elementary effects: what one factor at a time does on the way through a design of trajectories (Morris 1991; mean of sizes by Campolongo, Cariboni and
//! Saltelli 2007). Pure functions of outputs in the design's order.

use super::bootstrap::{Index, bootstrap};
use crate::experiment::compare::statistics::Moments;
use serde::{Deserialize, Serialize};

/// What one factor does to one output, in units of the output per whole range of the factor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// Mean of the effects: its sign tells the direction.
    pub mean: Index,
    /// Mean of their sizes: how much the factor matters.
    pub mean_size: Index,
    /// Standard deviation of the effects: curvature and interactions.
    pub deviation: Index,
    /// How many effects there are: trajectories in which both outputs are known.
    pub effects: usize,
}

/// The effects of every factor on an output, from the points of trajectories (each one point longer than there are factors) and the output at each.
///
/// A trajectory's step changes one factor; where an output on either side is unknown, that effect is left out.
pub fn effects(points: &[Vec<f64>], outputs: &[Option<f64>], factors: usize, seed: u64) -> Vec<Effects> {
    let mut of_factor: Vec<Vec<f64>> = vec![Vec::new(); factors];
    let trajectories = points.chunks_exact(factors + 1).zip(outputs.chunks_exact(factors + 1));
    for (points, outputs) in trajectories {
        for (step, output) in points.windows(2).zip(outputs.windows(2)) {
            let moved = (0..factors).find(|factor| step[0][*factor] != step[1][*factor]);
            if let (Some(factor), [Some(before), Some(after)]) = (moved, output) {
                of_factor[factor].push((after - before) / (step[1][factor] - step[0][factor]));
            }
        }
    }
    of_factor.iter().enumerate().map(|(factor, effects)| of_effects(effects, seed, factor)).collect()
}

fn of_effects(effects: &[f64], seed: u64, factor: usize) -> Effects {
    let index = |name: &str, of: fn(&[f64]) -> Option<f64>| {
        let at = |rows: &[usize]| {
            let picked: Vec<f64> = rows.iter().map(|row| effects[*row]).collect();
            of(&picked)
        };
        bootstrap((seed, &format!("{name} {factor}")), effects.len(), at)
    };
    Effects {
        mean: index("mean", |effects| (!effects.is_empty()).then(|| Moments::of(effects).mean)),
        mean_size: index("size", |effects| {
            let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
            (!sizes.is_empty()).then(|| Moments::of(&sizes).mean)
        }),
        deviation: index("deviation", |effects| (effects.len() > 1).then(|| libm::sqrt(Moments::of(effects).variance))),
        effects: effects.len(),
    }
}
