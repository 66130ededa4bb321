//! Refunds: what returning part of a basket brings back, to the fen.
//!
//! A coupon that "keeps" leaves every unit its share, so a returned unit brings back what was paid for it. One that "loses" is reckoned again for
//! what is kept: the refund is what was paid less what the kept part would have cost, never less than nothing and never more than was paid for what
//! goes back, so that returning filler makes nothing cheaper than its share of the basket. In a stack of both, the
//! shares of the former stay where they are, and the latter are reckoned again on what those leave.

use super::basket::{Basket, Line};
use super::coupon::{Coupon, CouponId, Kind, OnReturn};
use super::quote::{Desk, PromotionError, Quote};
use super::share::of_units;
use crate::money::Fen;

/// What a return brings back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Money back.
    pub amount: Fen,
    /// What the kept lines come to after it: what was paid less the refund.
    pub kept: Fen,
    /// Coupons that grant less than they did, because the kept part no longer reaches what they ask for.
    pub lost: Vec<CouponId>,
}

/// The refund for returning `returned[line]` units of each line of a quoted basket.
///
/// # Errors
/// Units that are not in the basket ([`PromotionError::NotALine`]), or a quote that is not of this basket and these coupons.
pub fn refund(
    basket: &Basket,
    coupons: &[Coupon],
    quote: &Quote,
    returned: &[u32],
) -> Result<Refund, PromotionError> {
    for (index, line) in basket.0.iter().enumerate() {
        if returned.get(index).is_some_and(|units| *units > line.units) {
            return Err(PromotionError::NotALine(*line));
        }
    }
    let kept_units: Vec<u32> = basket
        .0
        .iter()
        .enumerate()
        .map(|(index, line)| line.units - returned.get(index).copied().unwrap_or(0))
        .collect();
    if kept_units.iter().all(|units| *units == 0) {
        return Ok(Refund {
            amount: quote.total,
            kept: Fen::ZERO,
            lost: Vec::new(),
        });
    }
    let (kept, lost) = price_of_kept(basket, coupons, quote, &kept_units)?;
    let lines = basket.0.iter().zip(&quote.lines).zip(&kept_units);
    let paid_for_returned: i64 = lines
        .map(|((line, quoted), kept)| quoted.paid.0 - of_units(quoted.paid.0, line.units, *kept))
        .sum();
    let amount = Fen((quote.total - kept).0.clamp(0, paid_for_returned));
    Ok(Refund {
        amount,
        kept: quote.total - amount,
        lost,
    })
}

/// What the kept units cost, and the coupons that they lose.
fn price_of_kept(
    basket: &Basket,
    coupons: &[Coupon],
    quote: &Quote,
    kept_units: &[u32],
) -> Result<(Fen, Vec<CouponId>), PromotionError> {
    let reckoned_again: Vec<CouponId> = quote
        .steps
        .iter()
        .map(|step| step.coupon)
        .filter(|id| {
            let coupon = coupons.get(*id as usize);
            coupon.is_some_and(|coupon| coupon.on_return == OnReturn::Loses)
        })
        .collect();
    // Lines as they stand when those that keep have taken their shares of the kept units.
    let mut remaining = Vec::with_capacity(basket.0.len());
    for (index, line) in basket.0.iter().enumerate() {
        let stays = quote
            .steps
            .iter()
            .filter(|step| !reckoned_again.contains(&step.coupon))
            .map(|step| step.shares.get(index).map_or(0, |share| share.0))
            .sum::<i64>();
        let gross = line
            .price
            .checked_mul(i64::from(line.units))
            .ok_or(PromotionError::TooMuch)?;
        remaining.push(of_units(gross.0 - stays, line.units, kept_units[index]));
    }
    let kept_lines = basket.0.iter().zip(kept_units).map(|(line, units)| Line {
        units: (*units).max(1),
        ..*line
    });
    let kept_basket = Basket(kept_lines.collect());
    let mut desk = Desk::new(&kept_basket, coupons, &reckoned_again)?;
    desk.keep(kept_units);
    let mut shares = vec![0; remaining.len()];
    let mut lost = Vec::new();
    for one in &desk.laid {
        let before = quote.steps.iter().find(|step| step.coupon == one.id);
        let grant = desk.take(one, &mut remaining, &mut shares);
        let had = before.map_or(0, |step| step.discount.0);
        if grant.amount < had && looks_at_a_sum(one.coupon) {
            lost.push(one.id);
        }
    }
    Ok((Fen(remaining.iter().sum()), lost))
}

/// Whether a coupon looks at the sum of lines: only such can be lost by returning another line.
fn looks_at_a_sum(coupon: &Coupon) -> bool {
    matches!(
        coupon.kind,
        Kind::AmountOff { .. } | Kind::PercentOff { .. }
    )
}
