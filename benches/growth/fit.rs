//! Straight lines through what was measured, by least squares, with the standard errors of their coefficients.

/// A line y = intercept + slope x.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// How much y grows with x.
    pub slope: f64,
    /// Its standard error; no finite number for fewer than three points.
    pub slope_error: f64,
    /// y where x is 0.
    pub intercept: f64,
    /// Its standard error.
    pub intercept_error: f64,
}

impl Line {
    /// The slope with its standard error, where it has one: two points leave nothing to tell it by.
    pub fn slope_in_words(&self, decimals: usize) -> String {
        let (slope, error) = (self.slope, self.slope_error);
        match error.is_finite() {
            true => format!("{slope:.decimals$} \u{b1} {error:.decimals$}"),
            false => format!("{slope:.decimals$}"),
        }
    }
}

/// The line through points (x, y).
pub fn line(points: &[(f64, f64)]) -> Line {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let together: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let slope = together / spread;
    let intercept = y - slope * x;
    let missed = |point: &(f64, f64)| (point.1 - intercept - slope * point.0).powi(2);
    let variance = points.iter().map(missed).sum::<f64>() / (count - 2.0);
    Line {
        slope,
        slope_error: (variance / spread).sqrt(),
        intercept,
        intercept_error: (variance * (1.0 / count + x * x / spread)).sqrt(),
    }
}

/// The exponent with which y grows with x: the slope of its logarithm over that of x.
pub fn exponent(points: &[(f64, f64)]) -> Line {
    let logs: Vec<(f64, f64)> = points.iter().map(|p| (p.0.ln(), p.1.ln())).collect();
    line(&logs)
}
