//! The statistics of a comparison: Student's t, paired differences, corrections for multiplicity, and what seeds and assumptions each
//! account for. On `libm` throughout, so that the bits are the same everywhere; statrs is the oracle in the tests.

use std::f64;

/// Level of significance: intervals are of 95 %.
pub const LEVEL: f64 = 0.05;

/// Draws of the assumptions below which nothing is said of how far these spread a value: the variance over so few is mostly chance.
pub const LEAST_DRAWS: usize = 5;

/// Replications beyond which "more" means nothing any longer.
const MOST_MORE: u64 = 100_000_000;

/// Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Abramowitz and Stegun 26.5.8).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast below the mean; above it the mirror image does.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let logarithm = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
        + a * libm::log(x)
        + b * libm::log1p(-x);
    libm::exp(logarithm) * beta_fraction(a, b, x) / a
}

/// The continued fraction of [`incomplete_beta`].
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1.0e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (fraction / before - 1.0).abs() < 1.0e-15 {
            break;
        }
    }
    fraction
}

/// Probability that Student's t with `freedom` degrees is at least as far from zero as `t`.
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t))
}

/// The t beyond which, on both sides together, lies the probability `level` (0 to 1, neither included).
pub fn critical(level: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(high, freedom) > level && high < 1.0e300 {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return high;
        }
        match two_sided(middle, freedom) > level {
            true => low = middle,
            false => high = middle,
        }
    }
}

/// Mean and variance of some values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many.
    pub count: usize,
    /// Their mean; 0 of none.
    pub mean: f64,
    /// Their variance (denominator n - 1); 0 of fewer than two.
    pub variance: f64,
}

impl Moments {
    /// Of some values.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len();
        let mean = match count {
            0 => 0.0,
            _ => values.iter().sum::<f64>() / count as f64,
        };
        // Equal values have no variance, whatever rounding makes of their mean.
        let alike = values.windows(2).all(|pair| pair[0] == pair[1]);
        if alike {
            return Self {
                count,
                mean: values.first().copied().unwrap_or(0.0),
                variance: 0.0,
            };
        }
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            count,
            mean,
            variance: squares / (count - 1) as f64,
        }
    }

    /// Of units that are independent of each other, each the mean of its values: draws of the assumptions, or replications alone.
    pub fn of_draws(draws: &[Vec<f64>]) -> Self {
        let there = draws.iter().filter(|draw| !draw.is_empty());
        let units: Vec<f64> = there.map(|draw| Moments::of(draw).mean).collect();
        Moments::of(&units)
    }

    /// Standard error of the mean.
    fn error(&self) -> f64 {
        libm::sqrt(self.variance / self.count.max(1) as f64)
    }

    /// Interval of the mean that misses it with probability `level`, by Student's t. Fewer than two values, or values that are all alike, tell
    /// nothing of their spread: both ends are the mean.
    pub fn interval(&self, level: f64) -> [f64; 2] {
        if self.variance == 0.0 {
            return [self.mean; 2];
        }
        around(self.mean, critical(level, self.freedom()) * self.error())
    }

    /// p of the t-test that the mean is zero. One value, or none, proves nothing (1); values that are all alike and not zero leave no doubt (0).
    pub fn p(&self) -> f64 {
        match (self.count, self.variance == 0.0, self.mean == 0.0) {
            (0 | 1, ..) | (_, true, true) => 1.0,
            (_, true, false) => 0.0,
            _ => two_sided(self.mean / self.error(), self.freedom()),
        }
    }

    fn freedom(&self) -> f64 {
        self.count as f64 - 1.0
    }

    /// About how many more values would set the mean apart from zero at a level, mean and variance staying what they are: the least number for
    /// which t sd / sqrt(n) falls below the mean. `None` where the interval of that level does not span zero or nothing can be told.
    pub fn more(&self, level: f64) -> Option<u64> {
        let [low, high] = self.interval(level);
        if self.variance == 0.0 || self.mean == 0.0 || low > 0.0 || high < 0.0 {
            return None;
        }
        let tells = |count: u64| {
            let error = libm::sqrt(self.variance / count as f64);
            critical(level, count as f64 - 1.0) * error < self.mean.abs()
        };
        let (mut too_few, mut enough) = (self.count as u64, 2 * self.count as u64);
        while !tells(enough) {
            if enough > MOST_MORE {
                return None;
            }
            (too_few, enough) = (enough, 2 * enough);
        }
        while enough - too_few > 1 {
            let middle = too_few.midpoint(enough);
            match tells(middle) {
                true => enough = middle,
                false => too_few = middle,
            }
        }
        Some(enough - self.count as u64)
    }
}

fn around(mean: f64, half_width: f64) -> [f64; 2] {
    [mean - half_width, mean + half_width]
}

/// Share of the pairs that may be taken out to see whether a difference rests on few.
const FEW: usize = 10;

/// How far from the median a pair is out of the ordinary, in robust standard deviations (1.4826 times the median distance from the median):
/// of normally distributed ones hardly one in a million is.
const FAR: f64 = 5.0 * 1.4826;

/// The least number of extraordinary pairs without which the interval of a level spans zero, though it does not with them: those farthest from zero on
/// the side of the mean go first, at most one in ten. `None` where no so few carry it. Pairs come by draw of the assumptions.
pub fn rests_on(draws: &[Vec<f64>], level: f64) -> Option<u32> {
    let all = Moments::of_draws(draws);
    if all.count < 2 || spans_zero(all.interval(level)) {
        return None;
    }
    let pairs = draws.iter().zip(0..);
    let pairs = pairs.flat_map(|(draw, of)| draw.iter().map(move |pair| (of, *pair)));
    let mut pairs: Vec<(usize, f64)> = pairs.collect();
    pairs.sort_by(|a, b| (all.mean.signum() * b.1).total_cmp(&(all.mean.signum() * a.1)));
    let values: Vec<f64> = pairs.iter().map(|(_, pair)| *pair).collect();
    let middle = median(&values);
    let distances: Vec<f64> = values.iter().map(|pair| (pair - middle).abs()).collect();
    let far = FAR * median(&distances);
    let beyond = |pair: &f64| all.mean.signum() * (pair - middle) > far;
    let most = (pairs.len() / FEW).min(values.iter().filter(|pair| beyond(pair)).count());
    let few = (1..=most).find(|few| {
        let mut left = vec![Vec::new(); draws.len()];
        for (of, pair) in &pairs[*few..] {
            left[*of].push(*pair);
        }
        spans_zero(Moments::of_draws(&left).interval(level))
    })?;
    u32::try_from(few).ok()
}

fn spans_zero([low, high]: [f64; 2]) -> bool {
    low <= 0.0 && high >= 0.0
}

/// The median of some values; 0 of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// Pearson's correlation; `None` with fewer than three pairs or where one side does not vary.
pub fn correlation(one: &[f64], other: &[f64]) -> Option<f64> {
    let (a, b) = (Moments::of(one), Moments::of(other));
    if a.count < 3 || a.count != b.count || a.variance == 0.0 || b.variance == 0.0 {
        return None;
    }
    let products = one.iter().zip(other);
    let covariance: f64 = products.map(|(x, y)| (x - a.mean) * (y - b.mean)).sum();
    let spread = libm::sqrt(a.variance) * libm::sqrt(b.variance) * (a.count - 1) as f64;
    Some((covariance / spread).clamp(-1.0, 1.0))
}

/// Unpaired replications that would give an interval as narrow, per paired one: (var a + var b) / var (a - b). `None` with fewer than two pairs
/// or where the difference does not vary.
pub fn saving(base: &[f64], arm: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = base.iter().zip(arm).map(|(base, arm)| arm - base).collect();
    let difference = Moments::of(&differences);
    let both = Moments::of(base).variance + Moments::of(arm).variance;
    (difference.variance > 0.0).then(|| both / difference.variance)
}

/// A p-value corrected for a number of comparisons (Bonferroni): below 5 % where, and only where, the interval of level 5 % over that number leaves
/// zero out, so that neither contradicts the other.
pub fn bonferroni(p: f64, comparisons: usize) -> f64 {
    (p * comparisons as f64).min(1.0)
}

/// What seeds and assumptions each account for: a one-way random-effects analysis of variance (draws of assumptions as the classes, seeds
/// within them), by the method of moments, which allows for classes of unequal size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// Values.
    pub count: usize,
    /// Draws of the assumptions.
    pub draws: usize,
    /// Mean over draws.
    pub mean: f64,
    /// Variance over seeds with the assumptions held.
    pub of_seeds: f64,
    /// Variance over assumptions with seeds averaged out; not below 0.
    pub of_assumptions: f64,
}

impl Components {
    /// Of values by draw. `None` with fewer than two draws, or where no draw has two seeds.
    pub fn of(draws: &[Vec<f64>]) -> Option<Self> {
        let draws: Vec<&Vec<f64>> = draws.iter().filter(|values| !values.is_empty()).collect();
        let count: usize = draws.iter().map(|values| values.len()).sum();
        if draws.len() < 2 || count == draws.len() {
            return None;
        }
        let classes: Vec<Moments> = draws.iter().map(|values| Moments::of(values)).collect();
        let means: Vec<f64> = classes.iter().map(|class| class.mean).collect();
        let size = |class: &Moments| class.count as f64;
        let grand = classes.iter().map(|c| size(c) * c.mean).sum::<f64>() / count as f64;
        let within: f64 = classes.iter().map(|c| (size(c) - 1.0) * c.variance).sum();
        let between: f64 = classes
            .iter()
            .map(|c| size(c) * (c.mean - grand).powi(2))
            .sum();
        let of_seeds = within / (count - draws.len()) as f64;
        let between = between / (draws.len() - 1) as f64;
        let squares: f64 = classes.iter().map(|c| size(c).powi(2)).sum();
        let typical = (count as f64 - squares / count as f64) / (draws.len() - 1) as f64;
        Some(Self {
            count,
            draws: draws.len(),
            mean: Moments::of(&means).mean,
            of_seeds,
            of_assumptions: ((between - of_seeds) / typical).max(0.0),
        })
    }

    /// 95 % interval of the mean over seeds, the assumptions held at those that were drawn: what more replications would narrow.
    pub fn seed_interval(&self) -> [f64; 2] {
        if self.of_seeds == 0.0 {
            return [self.mean; 2];
        }
        let error = libm::sqrt(self.of_seeds / self.count as f64);
        let freedom = (self.count - self.draws) as f64;
        around(self.mean, critical(LEVEL, freedom) * error)
    }

    /// Where 95 of 100 draws of the assumptions would put the value, seeds averaged out: what no number of replications narrows, but better
    /// evidence would. A prediction interval for one more draw: t sd sqrt(1 + 1 / draws). Both ends are the mean where seeds account for all that
    /// is seen; `None` with fewer than [`LEAST_DRAWS`].
    pub fn parameter_interval(&self) -> Option<[f64; 2]> {
        if self.draws < LEAST_DRAWS {
            return None;
        }
        if self.of_assumptions == 0.0 {
            return Some([self.mean; 2]);
        }
        let draws = self.draws as f64;
        let error = libm::sqrt(self.of_assumptions * (1.0 + 1.0 / draws));
        Some(around(self.mean, critical(LEVEL, draws - 1.0) * error))
    }
}

/// The value below which lies the share `share` of sorted values, straight lines between them (type 7 of Hyndman and Fan 1996); 0 of none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = share * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}
