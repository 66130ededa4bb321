//! How harm is distributed (FACTS D.11): Gini, top decile, concentration, over all consumers, most of whom bear none.

use serde::{Deserialize, Serialize};

/// How a non-negative quantity is distributed over people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Distribution {
    /// People who bear any.
    pub affected: u64,
    /// Share of all people.
    pub incidence: f64,
    /// Mean over those who bear any; 0 where nobody does.
    pub mean: f64,
    /// Median over those.
    pub median: f64,
    /// Gini coefficient over all people, 0 to 1.
    pub gini: f64,
    /// Gini coefficient over those who bear any.
    pub gini_affected: f64,
    /// Share that the tenth of those who bear any, who bear most, bear.
    pub top_decile: f64,
}

impl Distribution {
    /// That of some people's harms, within a population in which the others bear none.
    pub fn of(harms: &[f64], population: u64) -> Self {
        let mut borne: Vec<f64> = harms.iter().copied().filter(|harm| *harm > 0.0).collect();
        if borne.is_empty() {
            return Self::default();
        }
        borne.sort_by(f64::total_cmp);
        let (count, total) = (borne.len(), borne.iter().sum::<f64>());
        let middle = (borne[(count - 1) / 2] + borne[count / 2]) / 2.0;
        let top = count.div_ceil(10);
        let unharmed = population.max(count as u64) - count as u64;
        Self {
            affected: count as u64,
            incidence: count as f64 / population.max(count as u64) as f64,
            mean: total / count as f64,
            median: middle,
            gini: gini(&borne, unharmed),
            gini_affected: gini(&borne, 0),
            top_decile: borne[count - top..].iter().sum::<f64>() / total,
        }
    }
}

/// Gini coefficient of sorted positive values and so many zeros: sum over ranks i from 1 of (2 i - n - 1) x_i / (n sum x).
fn gini(sorted: &[f64], zeros: u64) -> f64 {
    let (n, total) = (
        (sorted.len() as u64 + zeros) as f64,
        sorted.iter().sum::<f64>(),
    );
    let ranks = (zeros + 1..).zip(sorted);
    let weighted: f64 = ranks
        .map(|(rank, x)| (2.0 * rank as f64 - n - 1.0) * x)
        .sum();
    weighted / (n * total)
}

/// Concentration index of a quantity over people in order of a rank variable: 2 cov(x, rank) / mean, with ranks (i - 1/2) / n; 0 where everybody bears
/// the same or nobody any, negative where those of low rank bear more. Pairs are (rank variable, quantity).
pub fn concentration_index(pairs: &[(f64, f64)]) -> f64 {
    let mut pairs = pairs.to_vec();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (n, total) = (
        pairs.len() as f64,
        pairs.iter().map(|pair| pair.1).sum::<f64>(),
    );
    if total <= 0.0 {
        return 0.0;
    }
    let ranked = pairs.iter().enumerate();
    let weighted: f64 = ranked
        .map(|(index, (_, x))| x * (index as f64 + 0.5) / n)
        .sum();
    2.0 * weighted / total - 1.0
}
