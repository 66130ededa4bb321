//! Axes of a study's figures: of a metric's values, and of a factor's coordinates with the values that they stand for.

use super::words as say;
use crate::experiment::study::{Factor, middles};
use crate::report::canvas::fit;
use crate::report::panel::step_of;
use crate::report::plot::Axis;

/// Values whose names stand on an axis, at most.
const NAMES: usize = 5;

/// An axis from the lowest to the highest of some values, 0 among them, with round numbers.
pub fn over(values: &[f64], label: impl Fn(f64) -> String) -> Axis {
    let (low, high) = ends(values);
    between(low.min(0.0), high.max(0.0), label)
}

/// An axis over some values that does not go to 0 where they are far from it.
pub fn within(values: &[f64], label: impl Fn(f64) -> String) -> Axis {
    let (low, high) = ends(values);
    let far = low > 0.0 && high - low < 0.5 * high || high < 0.0 && high - low < 0.5 * low.abs();
    match far {
        true => between(low, high, label),
        false => over(values, label),
    }
}

fn ends(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if values.is_empty() {
        (0.0, 1.0)
    } else {
        (low, high)
    }
}

fn between(low: f64, high: f64, label: impl Fn(f64) -> String) -> Axis {
    let least = (1e-9 * high.abs().max(low.abs())).max(1e-12);
    // Steps of two and a half would be rounded to numbers that are not evenly spaced.
    let step = step_of((high - low).max(least), &[1.0, 2.0, 5.0, 10.0]);
    let first = libm::floor(low / step) as i64;
    let last = (libm::ceil(high / step) as i64).max(first + 1);
    let ticks = (first..=last).map(|tick| {
        let value = tick as f64 * step;
        (value, label(value))
    });
    Axis::linear(first as f64 * step, last as f64 * step, ticks.collect())
}

/// The coordinates of a factor, with the values that some of them stand for, on an axis of so many pixels.
pub fn of_factor(factor: &Factor, width: i32) -> Axis {
    let coordinates: Vec<f64> = match factor.spread.levels() {
        0 => (0..=4).map(|quarter| 0.25 * f64::from(quarter)).collect(),
        levels => {
            let step = (levels as usize).div_ceil(NAMES);
            middles(levels).into_iter().step_by(step).collect()
        }
    };
    let room = width / coordinates.len().max(1) as i32;
    let ticks = coordinates.iter().map(|at| {
        let value = factor.spread.at(*at);
        (*at, fit(&say::value(Some(&value)), 14, room))
    });
    Axis::linear(0.0, 1.0, ticks.collect())
}
