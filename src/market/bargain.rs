//! Bargains: what somebody comes to pay for a line with the coupons that it has, as far as its skill allows (MODEL section 7).
//!
//! Pure functions of the campaign. Whoever pads buys filler from the shelf to reach a threshold, and either keeps it or sends it back, whichever
//! costs less in the end; it pads only where that pays.

use super::wallet::Skill;
use crate::money::Fen;
use crate::promotion::{
    Basket, Coupon, CouponId, Filler, Limits, Line, MOST_LINES, Posted, PromotionError, Quote,
    best_stack_of, cheapest_filler, quote, refund,
};
use crate::scenario::Scenario;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Units left on the shelf.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfStock {
    /// By posted price of the campaign; `None`: no end of them.
    left: Vec<Option<u64>>,
    /// Grows whenever one buyer can have fewer or more of something than before.
    pub changes: u64,
}

impl ShelfStock {
    /// Full.
    pub fn new(plot: &Scenario) -> Self {
        let posted = plot.campaign.posted.iter();
        Self {
            left: posted.map(|posted| posted.stock).collect(),
            changes: 0,
        }
    }

    /// Units that one buyer can have at a posted price.
    fn available(&self, plot: &Scenario, posted: usize) -> u32 {
        let limit = plot.campaign.posted[posted].limit;
        let left = self.left[posted].unwrap_or(u64::MAX);
        u64::from(limit).min(left) as u32
    }

    /// Whether so many units are left.
    pub fn has(&self, posted: usize, units: u32) -> bool {
        self.left[posted].is_none_or(|left| left >= u64::from(units))
    }

    /// Takes units off, or puts them back.
    pub fn take(&mut self, plot: &Scenario, posted: u32, units: u32, back: bool) {
        let before = self.available(plot, posted as usize);
        if let Some(left) = &mut self.left[posted as usize] {
            let units = u64::from(units);
            *left = if back {
                *left + units
            } else {
                left.saturating_sub(units)
            };
        }
        self.changes += u64::from(before != self.available(plot, posted as usize));
    }
}

/// What somebody buys together, and what it pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// What it wanted first, then filler.
    pub basket: Basket,
    /// Posted prices of the filler, by index in the campaign.
    pub filler: Vec<u32>,
    /// What it comes to.
    pub quote: Quote,
    /// Whether the filler will be sent back.
    pub sends_back: bool,
    /// What that brings back.
    pub refund: Fen,
    /// What the wanted line costs in the end: what is paid, less what the filler is worth or brings back.
    pub net: Fen,
}

impl Purchase {
    /// The coupons used.
    pub fn coupons(&self) -> impl Iterator<Item = CouponId> + '_ {
        self.quote.steps.iter().map(|step| step.coupon)
    }
}

/// Where somebody buys: the campaign, and the shelf as it is.
pub struct Shop<'a> {
    /// The scenario.
    pub plot: &'a Scenario,
    /// Units left on the shelf.
    pub shelf: &'a ShelfStock,
}

/// How long people search for a stack: nobody thinks of more than some thousands.
const LIMITS: Limits = Limits {
    branches: 10_000,
    lines: u128::MAX,
};

/// Multiples of a threshold that a basket is padded to, beyond what it holds.
const MULTIPLES: i64 = 2;

impl Shop<'_> {
    /// What somebody of a skill pays for a line at a second with the coupons that it can use. `from`: the posted price that the line is bought at, by
    /// index in the campaign, if it comes from the shelf.
    pub fn buy(
        &self,
        (line, from): (Line, Option<usize>),
        usable: &[CouponId],
        skill: Skill,
        second: i64,
    ) -> Purchase {
        let found = match skill {
            Skill::None => Ok(None),
            Skill::Obvious => self.obvious(line, usable, second),
            Skill::Stacks => self.stacked(line, usable).map(Some),
            Skill::Pads => self.padded((line, from), usable, second).map(Some),
        };
        // Amounts are bounded by the scenario's check, so a quote cannot fail; if it did, nobody would get a discount.
        found.ok().flatten().unwrap_or_else(|| self.plain(line))
    }

    fn plain(&self, line: Line) -> Purchase {
        let basket = Basket(vec![line]);
        let quote = quote(&basket, &[], &[], 0).unwrap_or_default();
        alone(basket, quote)
    }

    /// The single coupon that takes most off.
    fn obvious(
        &self,
        line: Line,
        usable: &[CouponId],
        second: i64,
    ) -> Result<Option<Purchase>, PromotionError> {
        let basket = Basket(vec![line]);
        let mut best: Option<Quote> = None;
        for id in usable {
            let one = quote(&basket, &self.plot.campaign.coupons, &[*id], second)?;
            if one.discount() > best.as_ref().map_or(Fen::ZERO, Quote::discount) {
                best = Some(one);
            }
        }
        Ok(best.map(|quote| alone(basket, quote)))
    }

    fn stacked(&self, line: Line, usable: &[CouponId]) -> Result<Purchase, PromotionError> {
        let basket = Basket(vec![line]);
        let coupons = &self.plot.campaign.coupons;
        let best = best_stack_of(&basket, coupons, usable, &LIMITS)?;
        Ok(alone(basket, best.quote))
    }

    fn padded(
        &self,
        (line, from): (Line, Option<usize>),
        usable: &[CouponId],
        second: i64,
    ) -> Result<Purchase, PromotionError> {
        let mut best = self.stacked(line, usable)?;
        let shelf: Vec<(usize, &Posted)> = self
            .plot
            .shelf()
            .filter(|(_, posted)| posted.window.holds(second) && posted.deposit == Fen::ZERO)
            .collect();
        for id in usable {
            let coupon = &self.plot.campaign.coupons[*id as usize];
            let threshold = coupon.threshold().0;
            if threshold <= 0 || !coupon.covers(&line) {
                continue;
            }
            let fillers: Vec<Filler> = shelf
                .iter()
                .map(|(index, posted)| self.filler(*index, posted, coupon, (line.units, from)))
                .collect();
            let basis = line.price.0 * i64::from(line.units);
            let reached = basis / threshold;
            for multiple in reached + 1..=reached + MULTIPLES {
                let gap = Fen(threshold * multiple - basis);
                let Some(completion) = cheapest_filler(gap, &fillers) else {
                    break;
                };
                let kinds = completion.units.iter().filter(|units| **units > 0);
                if kinds.count() >= MOST_LINES {
                    continue;
                }
                let purchase = self.with_filler(line, usable, &shelf, &completion.units)?;
                if purchase.net < best.net {
                    best = purchase;
                }
            }
        }
        Ok(best)
    }

    fn line(&self, posted: &Posted, units: u32) -> Line {
        self.plot.campaign.line(posted, units)
    }

    /// Filler costs what is lost by keeping it.
    fn filler(
        &self,
        index: usize,
        posted: &Posted,
        coupon: &Coupon,
        (units, from): (u32, Option<usize>),
    ) -> Filler {
        let worth = posted.price.share(self.plot.behaviour.filler_worth);
        // What is bought is not filler too.
        let wanted = if from == Some(index) { units } else { 0 };
        let limit = match coupon.covers(&self.line(posted, 1)) {
            true => self
                .shelf
                .available(self.plot, index)
                .saturating_sub(wanted),
            false => 0,
        };
        Filler {
            price: posted.price,
            cost: posted.price - worth,
            limit,
        }
    }

    fn with_filler(
        &self,
        line: Line,
        usable: &[CouponId],
        shelf: &[(usize, &Posted)],
        units: &[u32],
    ) -> Result<Purchase, PromotionError> {
        let coupons = &self.plot.campaign.coupons;
        let mut basket = Basket(vec![line]);
        let mut filler = Vec::new();
        for ((index, posted), units) in shelf.iter().zip(units).filter(|(_, units)| **units > 0) {
            debug_assert!(self.shelf.has(*index, *units));
            basket.0.push(self.line(posted, *units));
            filler.push(*index as u32);
        }
        let best = best_stack_of(&basket, coupons, usable, &LIMITS)?;
        let others = &basket.0[1..];
        let back: Vec<u32> = [0]
            .into_iter()
            .chain(others.iter().map(|line| line.units))
            .collect();
        let refund = refund(&basket, coupons, &best.quote, &back)?.amount;
        let behaviour = &self.plot.behaviour;
        let brings = refund - Fen::from_yuan(behaviour.return_effort);
        let kept: Fen = others
            .iter()
            .map(|line| Fen(line.price.0 * i64::from(line.units)).share(behaviour.filler_worth))
            .sum();
        let sends_back = brings > kept;
        Ok(Purchase {
            net: best.quote.total - brings.max(kept),
            quote: best.quote,
            basket,
            filler,
            sends_back,
            refund: if sends_back { refund } else { Fen::ZERO },
        })
    }
}

fn alone(basket: Basket, quote: Quote) -> Purchase {
    Purchase {
        net: quote.total,
        basket,
        filler: Vec::new(),
        quote,
        sends_back: false,
        refund: Fen::ZERO,
    }
}
