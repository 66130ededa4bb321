//! The axis of a forest plot: percentages of the baseline, so wide that most intervals are whole and none is pressed flat.

use super::{ZERO, difference_of, interval_in, rule};
use crate::experiment::compare::Difference;
use crate::report::canvas::{Area, Drawn, centre, colour, text};

/// Where it begins in the figure.
pub const LEFT: i32 = 350;

/// Where it ends.
pub const RIGHT: i32 = 930;

/// The axis of percentages.
pub struct Axis {
    /// Lowest percentage.
    pub low: f64,
    /// Highest.
    pub high: f64,
    step: f64,
}

/// Share of the rows whose intervals the axis holds whole; the rest may lead out of the picture.
const HELD: f64 = 0.9;

/// Share of the rows that differ which are never let go for being far from the others.
const NEVER_FAR: f64 = 0.8;

/// How far the farthest interval, or row, may be beyond those before the axis lets it go.
const FAR: f64 = 2.5;

/// Share of the axis that a scale of its own fills.
const FILLED: f64 = 0.8;

/// What an axis has to hold, in percent.
#[derive(Default)]
pub struct Reach {
    rows: Vec<Row>,
    /// The farthest of the primary metric.
    primary: f64,
}

/// A row of the figure, in percent.
struct Row {
    mean: f64,
    /// Whether it is of the primary metric, which is never let go.
    primary: bool,
    /// Mean and ends of the 95 % interval that is not corrected.
    within: Vec<f64>,
    /// Ends of the corrected interval.
    corrected: Vec<f64>,
}

impl Reach {
    /// Adds a difference from a baseline of that size.
    pub fn add(&mut self, difference: &Difference, base: f64, primary: bool) {
        let Some(mean) = difference_of(difference) else {
            return;
        };
        let percent = |end: f64| 100.0 * end / base;
        let ends = |interval| interval_in(difference, interval).into_iter().flatten();
        let within = ends(difference.uncorrected).chain([mean]);
        let row = Row {
            mean: percent(mean),
            primary,
            within: within.map(percent).collect(),
            corrected: ends(difference.corrected).map(percent).collect(),
        };
        if primary {
            let all = row.within.iter().chain(&row.corrected);
            self.primary = all.fold(self.primary, |most, end| most.max(end.abs()));
        }
        self.rows.push(row);
    }

    /// Beyond what size rows are so far from all others that they lead out of the picture.
    fn far(&self) -> f64 {
        let sizes = self.rows.iter().map(|row| row.mean.abs());
        let mut sizes: Vec<f64> = sizes.filter(|size| *size > 0.0).collect();
        sizes.sort_by(f64::total_cmp);
        let at = (NEVER_FAR * sizes.len() as f64) as usize;
        let mut neighbours = sizes.get(at..).unwrap_or_default().windows(2);
        let gap = neighbours.find(|pair| pair[1] > FAR * pair[0]);
        gap.map_or(f64::INFINITY, |pair| pair[0])
    }

    /// What has to be held of the rows that are not far from all others: means and intervals, and corrected intervals.
    fn ends(&self) -> (Vec<f64>, Vec<f64>) {
        let far = self.far();
        let near = || {
            self.rows
                .iter()
                .filter(|row| row.primary || row.mean.abs() <= far)
        };
        let within = near().flat_map(|row| row.within.iter().copied());
        let corrected = near().flat_map(|row| row.corrected.iter().copied());
        (within.collect(), corrected.collect())
    }
}

/// The size that all but the largest tenth stay below; what does not differ at all, such as an inert arm, needs no room.
fn typical(ends: &[f64]) -> f64 {
    let sizes = ends.iter().map(|end| end.abs());
    let mut sizes: Vec<f64> = sizes.filter(|size| *size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let at = (HELD * sizes.len() as f64) as usize;
    sizes.get(at).or(sizes.last()).copied().unwrap_or(0.0)
}

impl Axis {
    /// An axis that holds the primary metric, and most of the others.
    pub fn holding(reach: &Reach) -> Self {
        let (within, corrected) = reach.ends();
        // Few replications make corrected intervals enormous: they do not press the others flat.
        let near = typical(&within);
        let limit = typical(&corrected).min(FAR * near).max(near);
        let limit = limit.max(reach.primary);
        let side = |sign: f64| {
            let ends = within.iter().chain(&corrected);
            let farthest = ends.map(|end| sign * end).fold(0.0, f64::max);
            if farthest <= FAR * limit {
                farthest
            } else {
                limit
            }
        };
        let (below, above) = (side(-1.0), side(1.0));
        if below.max(above) < 1.0e-9 {
            return Self {
                low: -1.0,
                high: 1.0,
                step: 1.0,
            };
        }
        let step = step_of(below + above);
        let round = |side: f64| step * libm::ceil(1.02 * side / step).max(1.0);
        Self {
            low: -round(below),
            high: round(above),
            step,
        }
    }

    /// What stands for the baseline where that is 0: the farthest interval then fills most of the axis. `None` where nothing differs.
    pub fn own_base(&self, differences: &[Difference]) -> Option<f64> {
        let ends = differences.iter().filter(|of| difference_of(of).is_some());
        let ends = ends.flat_map(|of| {
            let corrected = interval_in(of, of.corrected);
            corrected.into_iter().flatten().chain([of.mean])
        });
        let (below, above) = ends.fold((0.0_f64, 0.0_f64), |(below, above), end| {
            (below.max(-end), above.max(end))
        });
        let room = |size: f64, side: f64| {
            let room = FILLED * side.abs() / size;
            if size > 0.0 { room } else { f64::INFINITY }
        };
        let percent = room(below, self.low).min(room(above, self.high));
        percent.is_finite().then(|| 100.0 / percent)
    }

    /// Whether a percentage is on it.
    pub fn holds(&self, percent: f64) -> bool {
        (self.low..=self.high).contains(&percent)
    }

    /// Where a percentage is; what lies beyond is at the edge.
    pub fn x(&self, percent: f64) -> i32 {
        let share = (percent.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        LEFT + (share * f64::from(RIGHT - LEFT)).round() as i32
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let ticks = ((self.high - self.low) / self.step).round() as i32;
        (0..=ticks).map(|tick| self.low + self.step * f64::from(tick))
    }

    /// The numbers of the grid, above and below.
    pub fn numbers(&self, root: &Area, top: i32, bottom: i32) -> Drawn {
        for percent in self.ticks() {
            let label = tick_label(percent, self.step);
            for y in [top - 25, bottom] {
                let style = centre(text(17, colour::FAINT));
                root.draw_text(&label, &style, (self.x(percent), y))?;
            }
        }
        Ok(())
    }

    /// The grid behind the rows of a metric, and the line at zero.
    pub fn grid(&self, root: &Area, top: i32, bottom: i32) -> Drawn {
        for percent in self.ticks() {
            let x = self.x(percent);
            rule(root, (x, top), (x, bottom), colour::GRID, 1)?;
        }
        let zero = self.x(0.0);
        rule(root, (zero, top), (zero, bottom), ZERO, 2)
    }
}

/// A round step that divides a span into about six.
fn step_of(span: f64) -> f64 {
    let magnitude = libm::pow(10.0, libm::floor(libm::log10(span / 6.0)));
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0];
    let steps = factors.map(|factor| factor * magnitude);
    let fits = |step: &f64| span / step <= 6.0;
    steps.into_iter().find(fits).unwrap_or(10.0 * magnitude)
}

/// A percentage on the axis, with as many decimals as its step needs.
fn tick_label(percent: f64, step: f64) -> String {
    if percent.abs() < step / 2.0 {
        return "0 %".to_owned();
    }
    let decimals = (-libm::floor(libm::log10(step))).max(0.0) as usize;
    let decimals = decimals + usize::from(step_has_a_half(step));
    let sign = if percent < 0.0 { "\u{2212}" } else { "+" };
    format!("{sign}{:.decimals$} %", percent.abs())
}

/// Whether a step is 2.5 times a power of ten below ten.
fn step_has_a_half(step: f64) -> bool {
    let digits = step / libm::pow(10.0, libm::floor(libm::log10(step)));
    step < 10.0 && (digits - 2.5).abs() < 0.01
}

#[cfg(test)]
mod tests {
    use super::{Axis, Reach, Row, tick_label};

    #[test]
    fn an_axis_holds_nearly_everything_and_lets_go_of_what_is_far_away() {
        let reach = |means: &[f64], corrected: &[f64], primary: f64| {
            let row = |mean: f64| Row {
                mean,
                primary: mean.abs() == primary,
                within: vec![mean],
                corrected: corrected.to_vec(),
            };
            Reach {
                rows: means.iter().map(|mean| row(*mean)).collect(),
                primary,
            }
        };
        let near = Axis::holding(&reach(&[-30.0, -10.0, 4.0, 12.0], &[], 1.0));
        assert!(near.low <= -30.0 && near.high >= 12.0);
        let mut ends = vec![-5.0; 40];
        ends.extend([3.0; 40]);
        ends.push(3_000.0);
        let far = Axis::holding(&reach(&ends, &[], 1.0));
        assert!(far.high < 100.0 && far.low <= -5.0 && !far.holds(3_000.0));
        // The primary metric is never let go.
        assert!(Axis::holding(&reach(&ends, &[], 3_000.0)).holds(3_000.0));
        // Enormous corrections press nothing flat.
        let corrected = Axis::holding(&reach(&[-3.0, 2.0], &[-500.0, 500.0], 4.0));
        assert!(corrected.low > -20.0 && corrected.holds(-3.0));
        // One row of nine is more than a tenth of them, and leads out all the same.
        let few = Axis::holding(&reach(
            &[2.0, -3.0, 16.0, 103.0, 176.0, 391.0, 406.0, 472.0, 4_000.0],
            &[],
            1.0,
        ));
        assert!(few.holds(472.0) && few.high < 1_000.0);
        let nothing = Axis::holding(&reach(&[], &[], 0.0));
        assert_eq!((nothing.low, nothing.high), (-1.0, 1.0));
    }

    #[test]
    fn ticks_have_the_decimals_of_their_step() {
        assert_eq!(tick_label(-50.0, 25.0), "\u{2212}50 %");
        assert_eq!(tick_label(2.5, 2.5), "+2.5 %");
        assert_eq!(tick_label(0.25, 0.25), "+0.25 %");
        assert_eq!(tick_label(1e-17, 0.5), "0 %");
    }
}
