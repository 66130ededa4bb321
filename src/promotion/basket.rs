//! Baskets: what is to be paid for together.

use super::quote::PromotionError;
use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// Lines of a basket, at most: the lines that a coupon covers are the bits of one word.
pub const MOST_LINES: usize = 128;

/// Units of one product at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product, by index.
    pub product: u32,
    /// The store (brand) that sells it, by index.
    pub store: u32,
    /// Its category, by index.
    pub category: u32,
    /// The channel whose price it is, by index.
    pub channel: u32,
    /// Units, at least 1.
    pub units: u32,
    /// Price of a unit before coupons, >= 0.
    pub price: Fen,
    /// Deposit already paid for a unit, a part of the price; it is never given back by a discount.
    pub deposit: Fen,
}

impl Line {
    /// Units of a product of store, category and channel 0.
    pub fn of(product: u32, units: u32, price: Fen) -> Self {
        Self {
            product,
            store: 0,
            category: 0,
            channel: 0,
            units,
            price,
            deposit: Fen::ZERO,
        }
    }
}

/// A basket.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Basket(pub Vec<Line>);

impl Basket {
    /// What each line comes to before coupons, and the part of it that is paid already.
    pub(super) fn amounts(&self) -> Result<(Vec<i64>, Vec<i64>), PromotionError> {
        if self.0.len() > MOST_LINES {
            return Err(PromotionError::TooManyLines(self.0.len()));
        }
        let mut gross = Vec::with_capacity(self.0.len());
        let mut deposits = Vec::with_capacity(self.0.len());
        let mut sum: i64 = 0;
        for line in &self.0 {
            if line.units == 0 || line.price < Fen::ZERO {
                return Err(PromotionError::NotALine(*line));
            }
            if line.deposit < Fen::ZERO || line.deposit > line.price {
                return Err(PromotionError::NotALine(*line));
            }
            let units = i64::from(line.units);
            let all = line
                .price
                .checked_mul(units)
                .ok_or(PromotionError::TooMuch)?;
            sum = sum.checked_add(all.0).ok_or(PromotionError::TooMuch)?;
            gross.push(all.0);
            deposits.push(line.deposit.0 * units);
        }
        Ok((gross, deposits))
    }

    /// The sum of all lines before coupons.
    ///
    /// # Errors
    /// A line without units or with a price that cannot be one; more lines than [`MOST_LINES`]; a sum beyond 64 bits.
    pub fn sum(&self) -> Result<Fen, PromotionError> {
        Ok(Fen(self.amounts()?.0.iter().sum()))
    }
}
