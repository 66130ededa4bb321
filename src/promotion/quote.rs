//! Quotes: a stack of coupons applied to a basket, coupon by coupon in their order, each step with what it counted and what it took off which
//! line.

use super::basket::{Basket, Line, MOST_LINES};
use super::coupon::{Base, Coupon, CouponId, Kind, Sharing};
use super::share::split;
use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// Why there is no quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromotionError {
    /// More lines than fit.
    #[error("a basket of {0} lines: at most {MOST_LINES}")]
    TooManyLines(usize),
    /// No units, a negative price, or a deposit above the price.
    #[error("not a line of a basket: {} units at {} with a deposit of {}", .0.units, .0.price, .0.deposit)]
    NotALine(Line),
    /// An amount beyond 64 bits of fen.
    #[error("an amount of money that does not fit into 64 bits")]
    TooMuch,
    /// No coupon of this index, or one with an amount that cannot be one.
    #[error("coupon {0} is not one")]
    NotACoupon(CouponId),
    /// A coupon outside its window.
    #[error("coupon {0} cannot be used then")]
    NotNow(CouponId),
    /// Two coupons that do not stack, or one twice.
    #[error("coupons {0} and {1} cannot be used together")]
    NotTogether(CouponId, CouponId),
    /// More coupons than a best stack can be sought among.
    #[error("{0} coupons to choose from: at most {max}", max = super::stack::MOST_COUPONS)]
    TooManyCoupons(usize),
}

/// What a line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuotedLine {
    /// Before coupons.
    pub gross: Fen,
    /// After them, deposit included: the line's effective price.
    pub paid: Fen,
    /// Deposit in it, paid before.
    pub deposit: Fen,
}

/// A coupon applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub coupon: CouponId,
    /// What it counted: the covered lines on its base.
    pub basis: Fen,
    /// How often it was granted; 0: the threshold was not reached.
    pub times: u32,
    /// What it took off.
    pub discount: Fen,
    /// Its share in each line; they sum to the discount.
    pub shares: Vec<Fen>,
}

/// What a basket comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quote {
    /// The lines, in the basket's order.
    pub lines: Vec<QuotedLine>,
    /// The coupons, in the order of application.
    pub steps: Vec<Step>,
    /// Sum before coupons.
    pub gross: Fen,
    /// Sum after them.
    pub total: Fen,
    /// Deposits paid before.
    pub deposit: Fen,
}

impl Quote {
    /// What is still to be paid.
    pub fn due(&self) -> Fen {
        self.total - self.deposit
    }

    /// Everything that coupons took off.
    pub fn discount(&self) -> Fen {
        self.gross - self.total
    }
}

/// What a basket comes to with a stack of coupons (indices into `coupons`) at a second.
///
/// # Errors
/// What is wrong with the basket or the stack: see [`PromotionError`].
pub fn quote(
    basket: &Basket,
    coupons: &[Coupon],
    stack: &[CouponId],
    at: i64,
) -> Result<Quote, PromotionError> {
    permitted(coupons, stack, at)?;
    let desk = Desk::new(basket, coupons, stack)?;
    Ok(desk.quote(u64::MAX))
}

/// Whether a stack can be used at a second.
fn permitted(coupons: &[Coupon], stack: &[CouponId], at: i64) -> Result<(), PromotionError> {
    let known = |id: CouponId| {
        coupons
            .get(id as usize)
            .ok_or(PromotionError::NotACoupon(id))
    };
    for (index, id) in stack.iter().enumerate() {
        let coupon = known(*id)?;
        if !coupon.window.holds(at) {
            return Err(PromotionError::NotNow(*id));
        }
        for other in &stack[..index] {
            if other == id || !coupon.stacks_with(*id, known(*other)?, *other) {
                return Err(PromotionError::NotTogether(*other, *id));
            }
        }
    }
    Ok(())
}

/// A coupon on the desk.
pub(super) struct Laid<'a> {
    pub(super) id: CouponId,
    pub(super) coupon: &'a Coupon,
    /// Lines that it covers, as bits.
    covers: u128,
}

/// What a coupon grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Grant {
    basis: i64,
    times: u32,
    pub(super) amount: i64,
}

/// A basket with coupons laid beside it, in their order of application.
pub(super) struct Desk<'a> {
    pub(super) gross: Vec<i64>,
    units: Vec<u32>,
    deposits: Vec<i64>,
    pub(super) laid: Vec<Laid<'a>>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        basket: &Basket,
        coupons: &'a [Coupon],
        stack: &[CouponId],
    ) -> Result<Self, PromotionError> {
        let (gross, deposits) = basket.amounts()?;
        let mut laid = Vec::with_capacity(stack.len());
        for id in stack {
            let coupon = coupons
                .get(*id as usize)
                .filter(|coupon| is_one(coupon))
                .ok_or(PromotionError::NotACoupon(*id))?;
            let covered = basket.0.iter().enumerate();
            let covers = covered
                .filter(|(_, line)| coupon.covers(line))
                .fold(0, |bits: u128, (line, _)| bits | 1 << line);
            laid.push(Laid {
                id: *id,
                coupon,
                covers,
            });
        }
        laid.sort_by_key(|one| (one.coupon.place, one.id));
        Ok(Self {
            gross,
            units: basket.0.iter().map(|line| line.units).collect(),
            deposits,
            laid,
        })
    }

    /// The quote with those of the laid coupons whose bits are set.
    pub(super) fn quote(&self, used: u64) -> Quote {
        let mut remaining = self.gross.clone();
        let mut shares = vec![0; remaining.len()];
        let mut steps = Vec::new();
        for (index, one) in self.laid.iter().enumerate() {
            if index < 64 && used >> index & 1 == 0 {
                continue;
            }
            let grant = self.take(one, &mut remaining, &mut shares);
            steps.push(Step {
                coupon: one.id,
                basis: Fen(grant.basis),
                times: grant.times,
                discount: Fen(grant.amount),
                shares: shares.iter().copied().map(Fen).collect(),
            });
        }
        let line = |(index, gross): (usize, &i64)| QuotedLine {
            gross: Fen(*gross),
            paid: Fen(remaining[index]),
            deposit: Fen(self.deposits[index]),
        };
        Quote {
            lines: self.gross.iter().enumerate().map(line).collect(),
            steps,
            gross: Fen(self.gross.iter().sum()),
            total: Fen(remaining.iter().sum()),
            deposit: Fen(self.deposits.iter().sum()),
        }
    }

    /// Applies a coupon: what it grants leaves `remaining`, its share in each line goes to `shares`.
    pub(super) fn take(&self, one: &Laid, remaining: &mut [i64], shares: &mut [i64]) -> Grant {
        let grant = self.grant(one, remaining);
        shares.fill(0);
        if grant.amount == 0 {
            return grant;
        }
        match one.coupon.kind {
            Kind::FixedPrice { .. } | Kind::DepositWorth { .. } => {
                for line in bits(one.covers) {
                    shares[line] = self.grant_of_line(one, remaining, line);
                }
            }
            Kind::AmountOff { .. } | Kind::PercentOff { .. } => {
                self.share(one, grant.amount, remaining, shares);
            }
        }
        for (left, share) in remaining.iter_mut().zip(shares.iter()) {
            *left -= share;
        }
        grant
    }

    /// What a coupon grants where so much remains of each line. It never grows when less remains.
    pub(super) fn grant(&self, one: &Laid, remaining: &[i64]) -> Grant {
        let base = match one.coupon.base {
            Base::Remaining => remaining,
            Base::BeforeCoupons => &self.gross,
        };
        let basis: i64 = bits(one.covers).map(|line| base[line]).sum();
        let room = || {
            bits(one.covers)
                .map(|line| self.room(remaining, line))
                .sum::<i64>()
        };
        let (times, amount) = match one.coupon.kind {
            Kind::AmountOff {
                threshold,
                off,
                times,
            } => {
                let times = times_reached(basis, threshold, times);
                let all = i128::from(off.0) * i128::from(times);
                (times, all.min(i128::from(i64::MAX)) as i64)
            }
            Kind::PercentOff {
                threshold,
                basis_points,
                cap,
            } => {
                let times = times_reached(basis, threshold, 1);
                let part = i128::from(basis) * i128::from(basis_points) / 10_000;
                let part = part as i64 * i64::from(times);
                (times, cap.map_or(part, |cap| part.min(cap.0)))
            }
            Kind::FixedPrice { .. } | Kind::DepositWorth { .. } => {
                let lines = bits(one.covers);
                let amount = lines
                    .map(|line| self.grant_of_line(one, remaining, line))
                    .sum();
                (u32::from(amount > 0), amount)
            }
        };
        let amount = if amount == 0 { 0 } else { amount.min(room()) };
        Grant {
            basis,
            times,
            amount,
        }
    }

    /// What can still be taken off a line: what has been paid as a deposit is paid.
    fn room(&self, remaining: &[i64], line: usize) -> i64 {
        remaining[line] - self.deposits[line]
    }

    /// What a coupon could take off some lines (as bits) at most.
    pub(super) fn room_in(&self, one: &Laid, remaining: &[i64], lines: u128) -> i64 {
        bits(one.covers & lines)
            .map(|line| self.room(remaining, line))
            .sum()
    }

    fn grant_of_line(&self, one: &Laid, remaining: &[i64], line: usize) -> i64 {
        let of_units = |fen: Fen| i128::from(fen.0) * i128::from(self.units[line]);
        let wanted = match one.coupon.kind {
            Kind::FixedPrice { price } => i128::from(remaining[line]) - of_units(price),
            Kind::DepositWorth { worth } if self.deposits[line] > 0 => {
                of_units(worth) - i128::from(self.deposits[line])
            }
            _ => 0,
        };
        wanted.clamp(0, i128::from(self.room(remaining, line))) as i64
    }

    fn share(&self, one: &Laid, amount: i64, remaining: &[i64], shares: &mut [i64]) {
        let mut weights = [0; MOST_LINES];
        let mut caps = [0; MOST_LINES];
        for line in bits(one.covers) {
            weights[line] = match (one.coupon.sharing, one.coupon.base) {
                (Sharing::PerUnit, _) => i64::from(self.units[line]),
                (Sharing::ProRata, Base::Remaining) => remaining[line],
                (Sharing::ProRata, Base::BeforeCoupons) => self.gross[line],
            };
            caps[line] = self.room(remaining, line);
        }
        let lines = remaining.len();
        split(amount, &weights[..lines], &caps[..lines], shares);
    }

    /// Leaves only these units of each line on the desk: a line without any has no amount, no deposit, and counts for nothing.
    pub(super) fn keep(&mut self, units: &[u32]) {
        for (line, units) in units.iter().enumerate() {
            if *units == 0 {
                (self.gross[line], self.deposits[line], self.units[line]) = (0, 0, 0);
            }
        }
    }

    /// Whether both cover a line.
    pub(super) fn touch(&self, one: &Laid, other: &Laid) -> bool {
        one.covers & other.covers != 0
    }
}

/// How often a threshold is reached; one of 0 is reached once by anything.
fn times_reached(basis: i64, threshold: Fen, most: u32) -> u32 {
    if basis <= 0 {
        return 0;
    }
    if threshold <= Fen::ZERO {
        return 1.min(most);
    }
    (basis / threshold.0).min(i64::from(most)) as u32
}

/// Whether a coupon's amounts can be amounts.
fn is_one(coupon: &Coupon) -> bool {
    match coupon.kind {
        Kind::AmountOff { threshold, off, .. } => threshold >= Fen::ZERO && off >= Fen::ZERO,
        Kind::PercentOff {
            threshold,
            basis_points,
            cap,
        } => {
            let cap_is_one = cap.is_none_or(|cap| cap >= Fen::ZERO);
            threshold >= Fen::ZERO && basis_points <= 10_000 && cap_is_one
        }
        Kind::FixedPrice { price } => price >= Fen::ZERO,
        Kind::DepositWorth { worth } => worth >= Fen::ZERO,
    }
}

/// Positions of the set bits, from the lowest.
fn bits(mut word: u128) -> impl Iterator<Item = usize> + Clone {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            bit
        })
    })
}
