//! The best stack: the permitted set of coupons that makes a basket, or some of its lines, cheapest.
//!
//! Exact by branch and bound. Coupons are met in their order of application, each used or not; a branch is left when even the sum of
//! what every coupon to come would grant if it came next (of coupons that exclude each other the largest) cannot beat the best stack so far. That
//! bound is sound because a grant never grows when less remains. Whatever nobody to come can mind is used at once.
//!
//! Cost: at most product over groups of (1 + coupons in it) branches, 2^n without groups, each of n coupons times lines; in practice the bound leaves
//! some hundreds (benches/promotion). After [`Limits::branches`] the search stops: the answer is then the best stack found, with a lower
//! bound on what the best possible one comes to ([`Best::at_least`]).

use super::basket::Basket;
use super::coupon::{Coupon, CouponId, usable_at};
use super::quote::{Desk, Laid, PromotionError, Quote};
use crate::money::Fen;

/// Coupons among which a best stack can be sought.
pub const MOST_COUPONS: usize = 64;

/// What is to be made cheap, and how long to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Branches after which the search stops.
    pub branches: u64,
    /// The lines whose sum is to be least, as bits; all by default.
    pub lines: u128,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            branches: 1_000_000,
            lines: u128::MAX,
        }
    }
}

/// A best stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// The quote with it; its steps are the coupons that it uses, each granting something.
    pub quote: Quote,
    /// What the sought lines come to.
    pub value: Fen,
    /// Nothing permitted makes them cheaper than this; equal to `value` where the search has ended.
    pub at_least: Fen,
    /// Branches that were looked at.
    pub branches: u64,
}

/// Finds the best stack of all coupons that can be used at a second.
///
/// # Errors
/// What is wrong with the basket or a coupon: see [`PromotionError`].
pub fn best_stack(
    basket: &Basket,
    coupons: &[Coupon],
    at: i64,
    limits: &Limits,
) -> Result<Best, PromotionError> {
    let usable = usable_at(coupons, at);
    best_stack_of(basket, coupons, &usable, limits)
}

/// The same among some of the coupons, whose windows are taken to be open.
///
/// # Errors
/// As [`best_stack`].
pub fn best_stack_of(
    basket: &Basket,
    coupons: &[Coupon],
    usable: &[CouponId],
    limits: &Limits,
) -> Result<Best, PromotionError> {
    let mut desk = Desk::new(basket, coupons, usable)?;
    // What grants nothing on the untouched basket never grants anything.
    let gross = desk.gross.clone();
    let laid = std::mem::take(&mut desk.laid);
    desk.laid = laid
        .into_iter()
        .filter(|one| desk.grant(one, &gross).amount > 0)
        .collect();
    if desk.laid.len() > MOST_COUPONS {
        return Err(PromotionError::TooManyCoupons(desk.laid.len()));
    }
    let mut search = Search::new(&desk, limits);
    let sought: i64 = search.sought(&gross);
    search.best = sought;
    search.at_least = i64::MAX;
    search.branch(0, &gross, 0, 0);
    let (used, value) = (search.used, search.best);
    let at_least = search.at_least.min(value);
    let branches = search.branches;
    let mut quote = desk.quote(used);
    quote.steps.retain(|step| step.discount > Fen::ZERO);
    Ok(Best {
        quote,
        value: Fen(value),
        at_least: Fen(at_least.max(0)),
        branches,
    })
}

/// Sorts coupons into cliques, each into the first all of whose members exclude it; the clique of each, and how many there are.
fn cliques_of(rivals: &[u64]) -> (Vec<usize>, usize) {
    let mut members: Vec<u64> = Vec::new();
    let mut cliques = Vec::with_capacity(rivals.len());
    for (index, rivals) in rivals.iter().enumerate() {
        let fitting = members.iter().position(|clique| clique & !rivals == 0);
        let clique = fitting.unwrap_or_else(|| {
            members.push(0);
            members.len() - 1
        });
        members[clique] |= 1 << index;
        cliques.push(clique);
    }
    (cliques, members.len())
}

struct Search<'a, 'd> {
    desk: &'d Desk<'a>,
    lines: u128,
    most: u64,
    branches: u64,
    /// By coupon: those it cannot be used with.
    rivals: Vec<u64>,
    /// By coupon: whether using it takes nothing from anybody who comes after it.
    harmless: Vec<bool>,
    /// By coupon: the number of its clique, coupons of which no two can be used together.
    cliques: Vec<usize>,
    best: i64,
    used: u64,
    at_least: i64,
    shares: Vec<i64>,
    /// What remains, by depth.
    levels: Vec<Vec<i64>>,
    /// Largest grants of the cliques, for the bound.
    clique_grants: Vec<i64>,
}

impl<'a, 'd> Search<'a, 'd> {
    fn new(desk: &'d Desk<'a>, limits: &Limits) -> Self {
        let laid = &desk.laid;
        let rivals = |one: &Laid| {
            let others = laid.iter().enumerate().filter(|(_, other)| {
                other.id != one.id && !one.coupon.stacks_with(one.id, other.coupon, other.id)
            });
            others.fold(0, |bits: u64, (index, _)| bits | 1 << index)
        };
        let rivals: Vec<u64> = laid.iter().map(rivals).collect();
        let harmless = |index: usize| {
            let mut later = laid.iter().skip(index + 1);
            let minded = later.any(|other| desk.touch(&laid[index], other));
            rivals[index] == 0 && !minded && limits.lines == u128::MAX
        };
        let (cliques, count) = cliques_of(&rivals);
        Self {
            desk,
            lines: limits.lines,
            most: limits.branches,
            branches: 0,
            harmless: (0..laid.len()).map(harmless).collect(),
            rivals,
            cliques,
            best: 0,
            used: 0,
            at_least: i64::MAX,
            shares: vec![0; desk.gross.len()],
            levels: vec![Vec::new(); laid.len() + 1],
            clique_grants: vec![0; count],
        }
    }

    fn sought(&self, remaining: &[i64]) -> i64 {
        let lines = remaining.iter().enumerate();
        let sought = lines.filter(|(line, _)| self.lines >> line & 1 == 1);
        sought.map(|(_, left)| left).sum()
    }

    /// Nothing below this can be reached from here with the coupons from `next` on.
    fn bound(&mut self, next: usize, remaining: &[i64], blocked: u64) -> i64 {
        self.clique_grants.fill(0);
        for (index, one) in self.desk.laid.iter().enumerate().skip(next) {
            if blocked >> index & 1 == 1 {
                continue;
            }
            let granted = self.desk.grant(one, remaining).amount;
            // Of lines that are not sought nothing counts.
            let amount = granted.min(self.desk.room_in(one, remaining, self.lines));
            let most = &mut self.clique_grants[self.cliques[index]];
            *most = amount.max(*most);
        }
        let grants = self.clique_grants.iter();
        let all = grants.fold(0_i64, |sum, grant| sum.saturating_add(*grant));
        self.sought(remaining).saturating_sub(all).max(0)
    }

    /// Uses or skips the coupon `next`, and those after it. `blocked`: coupons that a used one excludes.
    fn branch(&mut self, next: usize, remaining: &[i64], used: u64, blocked: u64) {
        self.branches += 1;
        let value = self.sought(remaining);
        if value < self.best {
            (self.best, self.used) = (value, used);
        }
        if next == self.desk.laid.len() {
            return;
        }
        let bound = self.bound(next, remaining, blocked);
        if bound >= self.best {
            return;
        }
        if self.branches >= self.most {
            self.at_least = self.at_least.min(bound);
            return;
        }
        let free = blocked >> next & 1 == 0;
        if free {
            let mut left = std::mem::take(&mut self.levels[next]);
            left.clear();
            left.extend_from_slice(remaining);
            let mut shares = std::mem::take(&mut self.shares);
            let one = &self.desk.laid[next];
            let granted = self.desk.take(one, &mut left, &mut shares).amount;
            self.shares = shares;
            if granted > 0 {
                let blocked = blocked | self.rivals[next];
                self.branch(next + 1, &left, used | 1 << next, blocked);
            }
            self.levels[next] = left;
            if granted > 0 && self.harmless[next] {
                return;
            }
        }
        self.branch(next + 1, remaining, used, blocked);
    }
}
