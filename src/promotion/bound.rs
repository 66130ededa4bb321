//! What a unit of a product cannot come to less than, whatever else is in the basket: the other half of an audit, which makes "kept" a proof.
//!
//! Take the product's line alone, at L fen a unit. Whatever the basket, a coupon of F off a threshold of T that is shared in proportion takes from
//! it at most L F / T (the basket comes to T or more) and at most F; a percentage takes at most that percentage; a fixed price leaves at
//! least that price. Each is a map of L that never falls when L grows, so maps of several coupons in their order of application bound every
//! stack of them. The least over all permitted stacks is the bound. The proportion holds only where no other line can be full: where
//! coupons count what is left, and no other line has a deposit in it. Elsewhere, and where units share alike, what is known is that no more is
//! taken than is granted. A fen a coupon is given for rounding.

use super::campaign::{Campaign, Posted};
use super::coupon::{Base, Coupon, CouponId, Kind, Sharing};
use crate::money::Fen;

/// Coupons up to which all permitted stacks are tried; beyond, exclusions are overlooked, which keeps the bound sound.
const MOST_TRIED: usize = 18;

/// A unit at this posted price cannot come to less, with any of the usable coupons.
pub(super) fn least_possible(campaign: &Campaign, posted: &Posted, usable: &[CouponId]) -> Fen {
    let line = campaign.line(posted, 1);
    let mut laid: Vec<(CouponId, &Coupon)> = usable
        .iter()
        .map(|id| (*id, &campaign.coupons[*id as usize]))
        .filter(|(_, coupon)| coupon.covers(&line))
        .collect();
    laid.sort_by_key(|(id, coupon)| (coupon.place, *id));
    let others = campaign.posted.iter();
    let with_deposit: Vec<&Posted> = others
        .filter(|other| !std::ptr::eq(*other, posted) && other.deposit > Fen::ZERO)
        .collect();
    let full = |coupon: &Coupon| {
        let mut others = with_deposit.iter();
        others.any(|other| coupon.covers(&campaign.line(other, 1)))
    };
    let others_can_be_full: Vec<bool> = laid.iter().map(|(_, coupon)| full(coupon)).collect();
    let search = Stacks {
        laid: &laid,
        deposit: posted.deposit.0,
        overlook: laid.len() > MOST_TRIED,
        others_can_be_full: &others_can_be_full,
    };
    Fen(search.least(0, posted.price.0, &mut Vec::new()).max(0))
}

struct Stacks<'a> {
    laid: &'a [(CouponId, &'a Coupon)],
    deposit: i64,
    /// Whether exclusions are overlooked.
    overlook: bool,
    /// By coupon: whether a line beside this one may have no room for its part of the discount, so that this one gets more.
    others_can_be_full: &'a [bool],
}

impl Stacks<'_> {
    fn least(&self, next: usize, left: i64, used: &mut Vec<usize>) -> i64 {
        let Some((id, coupon)) = self.laid.get(next) else {
            return left;
        };
        let free = self.overlook
            || used.iter().all(|other| {
                let (other_id, other) = self.laid[*other];
                coupon.stacks_with(*id, other, other_id)
            });
        let with = if free {
            used.push(next);
            let after = self.after(next, left);
            let least = self.least(next + 1, after, used);
            used.pop();
            least
        } else {
            i64::MAX
        };
        if free && self.overlook {
            return with;
        }
        with.min(self.least(next + 1, left, used))
    }

    /// What is left of a unit, at least, when a coupon has been used on a basket with it.
    fn after(&self, place: usize, left: i64) -> i64 {
        let coupon = self.laid[place].1;
        let in_proportion = coupon.sharing == Sharing::ProRata
            && coupon.base == Base::Remaining
            && !self.others_can_be_full[place];
        let part = |numerator: i64, denominator: i64| {
            let part = i128::from(left) * i128::from(numerator);
            (part / i128::from(denominator) + 1).min(i128::from(i64::MAX)) as i64
        };
        let taken = match coupon.kind {
            Kind::AmountOff {
                threshold,
                off,
                times,
            } => {
                let times = if threshold > Fen::ZERO { times } else { 1 };
                let granted = off.0.saturating_mul(i64::from(times)).saturating_add(1);
                if in_proportion && threshold > Fen::ZERO {
                    granted.min(part(off.0, threshold.0))
                } else {
                    granted
                }
            }
            Kind::PercentOff {
                basis_points, cap, ..
            } => {
                let granted = cap.map_or(i64::MAX, |cap| cap.0.saturating_add(1));
                if in_proportion {
                    granted.min(part(i64::from(basis_points), 10_000))
                } else {
                    granted
                }
            }
            Kind::FixedPrice { price } => (left - price.0).max(0),
            Kind::DepositWorth { worth } if self.deposit > 0 => (worth.0 - self.deposit).max(0),
            Kind::DepositWorth { .. } => 0,
        };
        left.saturating_sub(taken).max(self.deposit)
    }
}
