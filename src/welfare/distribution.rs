//! How harm is distributed (FACTS D.11): Gini, Theil, shares of the most harmed, concentration, and harm above a line. Most consumers bear none:
//! measures take the harms that are borne and the number of people, so that 3,000 harmed of 300,000 cost 3,000.

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
    /// Share that the hundredth of all people who bear most bear, 0 to 1.
    pub top_hundredth: f64,
    /// Theil's T over all people, 0 to the logarithm of their number.
    pub theil: f64,
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
            top_hundredth: top_share(&borne, population, 0.01),
            theil: theil(&borne, population),
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

/// Theil's T over all people, of whom those beyond the list bear none: (1/N) sum of (x / mean) ln(x / mean), with 0 ln 0 = 0. From 0 (everybody
/// bears the same) to ln N (one bears all); 0 where nobody bears any. N such zeros add ln((n + N) / n), whatever n people bear.
pub fn theil(harms: &[f64], population: u64) -> f64 {
    let n = population.max(harms.len() as u64) as f64;
    let total: f64 = harms.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let borne = harms.iter().filter(|harm| **harm > 0.0);
    borne
        .map(|harm| (harm / total) * libm::log(n * harm / total))
        .sum()
}

/// Share of all harm that the most harmed part of all people bears, `part` in 0..=1 (0.1: the tenth), their number rounded up; 0 where nobody bears
/// any.
pub fn top_share(harms: &[f64], population: u64, part: f64) -> f64 {
    let n = population.max(harms.len() as u64) as f64;
    let total: f64 = harms.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let mut sorted = harms.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let people = libm::ceil(part.clamp(0.0, 1.0) * n) as usize;
    // Exactly all where all who bear any are among them: no rest of rounding that looks like a difference.
    if sorted.get(people).is_none_or(|next| *next <= 0.0) {
        return 1.0;
    }
    sorted.iter().take(people).sum::<f64>() / total
}

/// Harm above a line z > 0 after Foster, Greer and Thorbecke (FACTS D.11): (1/N) sum over those with x > z of ((x - z) / z)^theta. With theta 0 it is
/// the share of people above the line, with 1 how far above it they are, in lines and over all people; above 1 it weighs those who bear most.
pub fn above_line(harms: &[f64], population: u64, line: f64, theta: f64) -> f64 {
    let n = population.max(harms.len() as u64);
    if n == 0 || line <= 0.0 {
        return 0.0;
    }
    let above = harms.iter().filter(|harm| **harm > line);
    let gaps = above.map(|harm| libm::pow((harm - line) / line, theta));
    // A sum of nothing is -0.0, which no table should show.
    (gaps.sum::<f64>() + 0.0) / n as f64
}

/// Concentration index of a quantity over people in order of a rank variable: 2 cov(x, rank) / mean, with ranks (i - 1/2) / n, and the mean rank for
/// those who are equal in the rank variable; 0 where everybody bears the same or nobody any, negative where those of low rank bear more. Pairs are
/// (rank variable, quantity).
pub fn concentration_index(pairs: &[(f64, f64)]) -> f64 {
    let mut pairs = pairs.to_vec();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = pairs.len() as f64;
    let mut ranked = Vec::with_capacity(pairs.len());
    let mut before = 0;
    for equal in pairs.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let rank = (before as f64 + 0.5 * equal.len() as f64) / n;
        ranked.extend(equal.iter().map(|(_, harm)| (rank, *harm)));
        before += equal.len();
    }
    concentration_of_ranked(&ranked)
}

/// The same from (rank, quantity) of those who bear any, where ranks within all people are known: the share of people of lower rank, and half the
/// share of those of equal rank. Whoever bears none adds nothing: 2 sum of x rank / sum of x - 1.
pub fn concentration_of_ranked(ranked: &[(f64, f64)]) -> f64 {
    let total: f64 = ranked.iter().map(|pair| pair.1).sum();
    if total <= 0.0 {
        return 0.0;
    }
    let weighted: f64 = ranked.iter().map(|(rank, harm)| rank * harm).sum();
    2.0 * weighted / total - 1.0
}
