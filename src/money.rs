//! Money: whole fen, checked arithmetic, no float.

use serde::{Deserialize, Serialize};

/// An amount of money in fen (0.01 yuan). Range: plus or minus 92 quadrillion yuan, far beyond any ledger here.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Fen(pub i64);

impl Fen {
    /// No money.
    pub const ZERO: Fen = Fen(0);

    /// The nearest fen to an amount in yuan; amounts beyond the range, and what is not a number, become the nearest bound or 0.
    pub fn from_yuan(yuan: f64) -> Fen {
        // `as` saturates and sends NaN to 0, so no input can overflow here.
        Fen((yuan * 100.0).round() as i64)
    }

    /// The amount in yuan, for utilities and for reading; not for sums of money.
    pub fn yuan(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// The sum, or `None` beyond the range.
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// `count` times the amount, or `None` beyond the range.
    pub fn checked_mul(self, count: i64) -> Option<Fen> {
        self.0.checked_mul(count).map(Fen)
    }

    /// The share of an amount, rounded to the nearest fen (halves up); `share` in 0..=1.
    pub fn share(self, share: f64) -> Fen {
        // A share is a rate from the scenario file with at most six decimals: exact in integers.
        let millionths = (share * 1.0e6).round() as i128;
        Fen(((i128::from(self.0) * millionths + 500_000).div_euclid(1_000_000)) as i64)
    }
}

impl std::ops::Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }
}

impl std::ops::AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        *self = *self + other;
    }
}

impl std::ops::Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }
}

impl std::ops::Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(amounts: I) -> Fen {
        amounts.fold(Fen::ZERO, std::ops::Add::add)
    }
}

impl std::fmt::Display for Fen {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(out, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// A price in yuan, rounded to ten fen as sellers ask them.
pub fn to_ten_fen(price: f64) -> f64 {
    (price * 10.0).round() / 10.0
}

/// Digits of a whole number with its thousands apart: "1,499".
pub fn in_thousands(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn yuan_become_fen_and_are_shown_with_two_digits() {
        assert_eq!(Fen::from_yuan(98.0), Fen(9_800));
        assert_eq!(Fen::from_yuan(0.015), Fen(2));
        assert_eq!(Fen(-105).to_string(), "-1.05");
        assert_eq!(Fen::from_yuan(f64::NAN), Fen::ZERO);
        assert_eq!(Fen::from_yuan(f64::INFINITY), Fen(i64::MAX));
    }

    #[test]
    fn a_share_and_its_rest_sum_to_the_whole() {
        for fen in [1, 3, 99, 10_001, 1_234_567] {
            let part = Fen(fen).share(0.2);
            assert_eq!(part + (Fen(fen) - part), Fen(fen));
        }
        assert_eq!(Fen(5).share(0.5), Fen(3));
    }
}
