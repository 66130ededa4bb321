//! Sample baskets: what one and the same basket costs buyers who hold every coupon that is to be had then, and make more or less of them.

use super::campaign::{Campaign, Posted};
use super::cheapest::available;
use super::complete::{Filler, cheapest_filler};
use super::coupon::{CouponId, usable_at};
use super::quote::{PromotionError, Quote, quote};
use super::refund::refund;
use super::stack::{Limits, best_stack_of};
use super::{Basket, Line, MOST_LINES};
use crate::money::Fen;

/// A basket to be priced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its name.
    pub name: String,
    /// When it is paid.
    pub second: i64,
    /// Posted prices by index, with units.
    pub lines: Vec<(usize, u32)>,
}

/// What a basket costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sampled {
    /// Its name.
    pub name: String,
    /// Without coupons.
    pub none: Fen,
    /// With the one that takes most off, and which.
    pub obvious: (Fen, Option<CouponId>),
    /// With the best stack.
    pub stacked: Quote,
    /// Padded to the next threshold of one coupon or another and the filler sent back, if that is cheaper: what is left to pay in the end.
    pub padded: Padded,
}

/// A basket padded to reach a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Padded {
    /// What was put into it beside the lines wanted; empty: padding does not pay.
    pub filler: Vec<Line>,
    /// What it comes to at the till.
    pub total: Fen,
    /// What the filler brings back.
    pub refund: Fen,
    /// What it comes to in the end.
    pub net: Fen,
}

/// Prices every sample basket of a campaign.
///
/// # Errors
/// Amounts that do not fit: see [`PromotionError`].
pub fn sampled(campaign: &Campaign) -> Result<Vec<Sampled>, PromotionError> {
    let all = campaign.samples.iter();
    all.map(|sample| price(campaign, sample)).collect()
}

fn price(campaign: &Campaign, sample: &Sample) -> Result<Sampled, PromotionError> {
    let coupons = &campaign.coupons;
    let lines = sample.lines.iter();
    let basket = Basket(
        lines
            .map(|(posted, units)| campaign.line(&campaign.posted[*posted], *units))
            .collect(),
    );
    let usable = usable_at(coupons, sample.second);
    let none = basket.sum()?;
    let mut obvious = (none, None);
    for id in &usable {
        let total = quote(&basket, coupons, &[*id], sample.second)?.total;
        if total < obvious.0 {
            obvious = (total, Some(*id));
        }
    }
    let stacked = best_stack_of(&basket, coupons, &usable, &Limits::default())?.quote;
    let mut padded = Padded {
        filler: Vec::new(),
        total: stacked.total,
        refund: Fen::ZERO,
        net: stacked.total,
    };
    for id in &usable {
        if let Some(found) = padding(campaign, sample, &basket, &usable, *id)?
            && found.net < padded.net
        {
            padded = found;
        }
    }
    Ok(Sampled {
        name: sample.name.clone(),
        none,
        obvious,
        stacked,
        padded,
    })
}

/// The basket padded to the next threshold of a coupon; `None` if that cannot be reached.
fn padding(
    campaign: &Campaign,
    sample: &Sample,
    basket: &Basket,
    usable: &[CouponId],
    id: CouponId,
) -> Result<Option<Padded>, PromotionError> {
    let coupon = &campaign.coupons[id as usize];
    let threshold = coupon.threshold().0;
    let covered = basket.0.iter().filter(|line| coupon.covers(line));
    let basis: i64 = covered
        .map(|line| line.price.0 * i64::from(line.units))
        .sum();
    if threshold <= 0 || basis == 0 {
        return Ok(None);
    }
    let shelf: Vec<(usize, &Posted)> = campaign
        .posted
        .iter()
        .enumerate()
        .filter(|(_, posted)| posted.window.holds(sample.second) && posted.deposit == Fen::ZERO)
        .collect();
    let filler = |(index, posted): &(usize, &Posted)| {
        let wanted = sample.lines.iter().filter(|(line, _)| line == index);
        let wanted: u32 = wanted.map(|(_, units)| units).sum();
        let limit = match coupon.covers(&campaign.line(posted, 1)) {
            true => available(posted).saturating_sub(wanted),
            false => 0,
        };
        Filler {
            price: posted.price,
            cost: posted.price,
            limit,
        }
    };
    let fillers: Vec<Filler> = shelf.iter().map(filler).collect();
    let gap = Fen(threshold * (basis / threshold + 1) - basis);
    let Some(completion) = cheapest_filler(gap, &fillers) else {
        return Ok(None);
    };
    let more: Vec<Line> = shelf
        .iter()
        .zip(&completion.units)
        .filter(|(_, units)| **units > 0)
        .map(|((_, posted), units)| campaign.line(posted, *units))
        .collect();
    if basket.0.len() + more.len() > MOST_LINES {
        return Ok(None);
    }
    let mut full = basket.clone();
    full.0.extend(&more);
    let best = best_stack_of(&full, &campaign.coupons, usable, &Limits::default())?.quote;
    let kept = basket.0.iter().map(|_| 0);
    let back: Vec<u32> = kept.chain(more.iter().map(|line| line.units)).collect();
    let refund = refund(&full, &campaign.coupons, &best, &back)?.amount;
    Ok(Some(Padded {
        filler: more,
        total: best.total,
        refund,
        net: best.total - refund,
    }))
}
