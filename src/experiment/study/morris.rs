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
pub fn effects(
    points: &[Vec<f64>],
    outputs: &[Option<f64>],
    factors: usize,
    seed: u64,
) -> Vec<Effects> {
    let mut of_factor: Vec<Vec<f64>> = vec![Vec::new(); factors];
    let trajectories = points
        .chunks_exact(factors + 1)
        .zip(outputs.chunks_exact(factors + 1));
    for (points, outputs) in trajectories {
        for (step, output) in points.windows(2).zip(outputs.windows(2)) {
            let moved = (0..factors).find(|factor| step[0][*factor] != step[1][*factor]);
            if let (Some(factor), [Some(before), Some(after)]) = (moved, output) {
                of_factor[factor].push((after - before) / (step[1][factor] - step[0][factor]));
            }
        }
    }
    of_factor
        .iter()
        .enumerate()
        .map(|(factor, effects)| of_effects(effects, seed, factor))
        .collect()
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
        mean: index("mean", |effects| {
            (!effects.is_empty()).then(|| Moments::of(effects).mean)
        }),
        mean_size: index("size", |effects| {
            let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
            (!sizes.is_empty()).then(|| Moments::of(&sizes).mean)
        }),
        deviation: index("deviation", |effects| {
            (effects.len() > 1).then(|| libm::sqrt(Moments::of(effects).variance))
        }),
        effects: effects.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::study::design::{Use, points};
    use crate::scenario::file::{DesignKind, DesignTable};

    #[test]
    fn the_effects_of_a_plane_are_its_slopes_and_those_of_a_product_differ() {
        let design = DesignTable {
            kind: DesignKind::Morris,
            points: 2,
            trajectories: 20,
            levels: 4,
        };
        let points = points(&design, &[0, 0, 0], Use::Sensitivity, 5);
        let known = |point: &Vec<Option<f64>>| point.iter().copied().collect();
        let points: Option<Vec<Vec<f64>>> = points.iter().map(known).collect();
        let points = points.expect("every coordinate is known");
        let of = |function: fn(&[f64]) -> f64| {
            let outputs: Vec<Option<f64>> =
                points.iter().map(|point| Some(function(point))).collect();
            effects(&points, &outputs, 3, 5)
        };
        let plane = of(|x| 3.0 * x[0] - 2.0 * x[1]);
        for (effects, slope) in plane.iter().zip([3.0, -2.0, 0.0]) {
            let told = |index: Index| index.value.expect("20 trajectories");
            assert!((told(effects.mean) - slope).abs() < 1e-9);
            assert!((told(effects.mean_size) - f64::abs(slope)).abs() < 1e-9);
            assert!(told(effects.deviation) < 1e-9);
            assert_eq!(effects.effects, 20);
        }
        let product = of(|x| x[0] * x[1]);
        assert!(product[0].deviation.value.expect("20 trajectories") > 0.2);
    }
}
