//! The cheapest way to a product at a moment: over the channels that sell it, the units in a basket, the fillers that reach a threshold, and the
//! coupons that can then be used.
//!
//! Every basket that is looked at is a real quote, so a price found is obtainable. Where there are few enough baskets ([`Effort::all_up_to`]) all are
//! looked at, and, as long as every search for a stack ends, the price found is the lowest there is. Elsewhere the search starts from the product alone and pads the basket towards the
//! threshold of each coupon in turn (the filler being the cheapest one, the stack the best one for the product), then pads the result again, breadth
//! first, up to [`Effort::padded`] baskets; how low a price could be at all is then known from `bound`.

use super::Basket;
use super::bound::least_possible;
use super::campaign::{Campaign, Posted};
use super::complete::{Filler, cheapest_filler};
use super::coupon::{Coupon, CouponId, Kind, Sharing, usable_at};
use super::quote::{PromotionError, Quote, quote};
use super::stack::{Limits, best_stack_of};
use crate::money::Fen;
use std::collections::{BTreeSet, VecDeque};

/// How many baskets are looked at for one posted price and number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// All of them, if there are no more than these.
    pub all_up_to: usize,
    /// Otherwise so many padded ones.
    pub padded: usize,
    /// Branches of stack searches, over everything that is looked at for one product at one moment.
    pub branches: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            all_up_to: 1_000,
            padded: 2_000,
            branches: 1_000_000,
        }
    }
}

/// Units of the product in one basket, at most.
const MOST_UNITS: u32 = 6;

/// Multiples of a threshold above what a basket holds already that are tried.
const MULTIPLES: i64 = 2;

/// A way to a product: a basket, the coupons used on it, and what the product then comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// When.
    pub second: i64,
    /// The posted price, by index.
    pub posted: usize,
    /// The basket; its first line is the product, the others are filler.
    pub basket: Basket,
    /// What it comes to.
    pub quote: Quote,
    /// Posted prices of the lines, by index.
    pub lines: Vec<usize>,
    /// What a unit of the product comes to, rounded down to the fen.
    pub effective: Fen,
}

impl Way {
    /// What the product's units come to together, and how many there are.
    pub fn paid(&self) -> (Fen, u32) {
        (self.quote.lines[0].paid, self.basket.0[0].units)
    }

    /// Whether a unit comes to less than a price.
    pub fn is_below(&self, price: Fen) -> bool {
        let (paid, units) = self.paid();
        i128::from(paid.0) < i128::from(price.0) * i128::from(units)
    }

    /// Cheaper per unit, exactly; then fewer lines, then fewer coupons.
    fn beats(&self, other: &Way) -> bool {
        let ((paid_a, units_a), (paid_b, units_b)) = (self.paid(), other.paid());
        let left = i128::from(paid_a.0) * i128::from(units_b);
        let right = i128::from(paid_b.0) * i128::from(units_a);
        let size = |way: &Way| (way.basket.0.len(), way.quote.steps.len());
        left.cmp(&right).then(size(self).cmp(&size(other))).is_lt()
    }

    /// How many buyers can go this way: what the scarcest coupon or stock allows; `None`: no end of them.
    pub fn buyers(&self, campaign: &Campaign) -> Option<u64> {
        let coupons = self.quote.steps.iter().map(|step| {
            let coupon = campaign.coupons.get(step.coupon as usize)?;
            coupon.quantity
        });
        let lines = self.lines.iter().zip(&self.basket.0);
        let stocks = lines.map(|(posted, line)| {
            let stock = campaign.posted.get(*posted)?.stock?;
            Some(stock / u64::from(line.units.max(1)))
        });
        coupons.chain(stocks).flatten().min()
    }
}

/// The cheapest ways to a product at a moment.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// The cheapest one found; `None`: nobody sells it then.
    pub cheapest: Option<Way>,
    /// The lowest posted price, without any coupon.
    pub posted: Option<Fen>,
    /// No way costs less a unit than this.
    pub at_least: Fen,
    /// By posted price and set of coupons: the way with that set that was the cheapest.
    pub by_stack: Vec<Way>,
}

/// Finds the cheapest ways to a product at a second, from brands' own channels only or from all.
///
/// # Errors
/// Amounts that do not fit: see [`PromotionError`].
pub fn cheapest_ways(
    campaign: &Campaign,
    product: u32,
    second: i64,
    own_only: bool,
    effort: Effort,
) -> Result<Ways, PromotionError> {
    let mut ways = Ways {
        at_least: Fen(i64::MAX),
        ..Ways::default()
    };
    let usable = usable_at(&campaign.coupons, second);
    let mut branches = effort.branches;
    for (index, posted) in campaign.posted.iter().enumerate() {
        let reaches = posted.product == product && posted.window.holds(second);
        if !reaches || (own_only && !posted.own) {
            continue;
        }
        let lower = |old: Option<Fen>| old.map_or(posted.price, |old| old.min(posted.price));
        ways.posted = Some(lower(ways.posted));
        let bound = least_possible(campaign, posted, &usable);
        for units in 1..=available(posted).clamp(1, MOST_UNITS) {
            let mut padding = Padding::new(campaign, second, index, units, &usable);
            padding.branches = branches;
            let exact = padding.search(effort, &mut ways)?;
            branches = padding.branches;
            ways.at_least = ways
                .at_least
                .min(exact.map_or(bound, |exact| exact.max(bound)));
        }
        if available(posted) > MOST_UNITS {
            ways.at_least = ways.at_least.min(bound);
        }
    }
    Ok(ways)
}

/// Units that one buyer can have.
pub(super) fn available(posted: &Posted) -> u32 {
    let stock = posted.stock.unwrap_or(u64::MAX);
    u64::from(posted.limit).min(stock) as u32
}

/// The search for one posted price and number of units.
struct Padding<'a> {
    campaign: &'a Campaign,
    second: i64,
    posted: usize,
    units: u32,
    usable: &'a [CouponId],
    /// Posted prices that can be added, by index.
    fillers: Vec<usize>,
    seen: BTreeSet<Vec<u32>>,
    queue: VecDeque<(Vec<u32>, u32)>,
    /// Branches of stack searches that are left.
    branches: u64,
}

/// Branches of one stack search, at most.
const BRANCHES_OF_ONE: u64 = 20_000;

/// How often a padded basket is padded again.
const DEPTH: u32 = 3;

impl<'a> Padding<'a> {
    fn new(
        campaign: &'a Campaign,
        second: i64,
        posted: usize,
        units: u32,
        usable: &'a [CouponId],
    ) -> Self {
        let others = campaign.posted.iter().enumerate();
        let fillers = others
            .filter(|(index, other)| *index != posted && other.window.holds(second))
            .map(|(index, _)| index)
            .take(super::MOST_LINES - 1)
            .collect();
        Self {
            campaign,
            second,
            posted,
            units,
            usable,
            fillers,
            seen: BTreeSet::new(),
            queue: VecDeque::new(),
            branches: u64::MAX,
        }
    }

    /// Looks at baskets; the lowest price there is, if it has looked at all of them.
    fn search(&mut self, effort: Effort, ways: &mut Ways) -> Result<Option<Fen>, PromotionError> {
        if self.baskets() <= effort.all_up_to as u128 && self.all_fillers_are_listed() {
            return self.search_all(ways);
        }
        self.push(vec![0; self.fillers.len()], 0, effort);
        while let Some((filler, depth)) = self.queue.pop_front() {
            let (way, _) = self.way(&filler)?;
            if depth < DEPTH && self.branches > 0 {
                for next in self.padded(&way, &filler)? {
                    self.push(next, depth + 1, effort);
                }
            }
            keep(ways, way);
        }
        Ok(None)
    }

    fn limit(&self, filler: usize) -> u32 {
        available(&self.campaign.posted[self.fillers[filler]])
    }

    /// How many baskets there are.
    fn baskets(&self) -> u128 {
        let choices = (0..self.fillers.len()).map(|filler| u128::from(self.limit(filler)) + 1);
        choices.fold(1, u128::saturating_mul)
    }

    fn all_fillers_are_listed(&self) -> bool {
        self.fillers.len() < super::MOST_LINES - 1
    }

    /// `None` if the branches did not suffice for all.
    fn search_all(&mut self, ways: &mut Ways) -> Result<Option<Fen>, PromotionError> {
        let mut filler = vec![0; self.fillers.len()];
        let mut lowest = Fen(i64::MAX);
        loop {
            let (way, at_least) = self.way(&filler)?;
            lowest = lowest.min(at_least);
            keep(ways, way);
            if self.branches == 0 {
                return Ok(None);
            }
            let mut places = 0..filler.len();
            let Some(next) = places.find(|place| filler[*place] < self.limit(*place)) else {
                return Ok(Some(lowest));
            };
            filler[next] += 1;
            filler[..next].fill(0);
        }
    }

    fn push(&mut self, filler: Vec<u32>, depth: u32, effort: Effort) {
        if self.seen.len() < effort.padded && self.seen.insert(filler.clone()) {
            self.queue.push_back((filler, depth));
        }
    }

    /// The basket with some filler, and the best stack for the product in it; and what no stack brings a unit of the product below in it.
    fn way(&mut self, filler: &[u32]) -> Result<(Way, Fen), PromotionError> {
        let campaign = self.campaign;
        let posted = |index: usize| &campaign.posted[index];
        let mut lines = vec![self.posted];
        let mut basket = Basket(vec![campaign.line(posted(self.posted), self.units)]);
        for (index, units) in self
            .fillers
            .iter()
            .zip(filler)
            .filter(|(_, units)| **units > 0)
        {
            lines.push(*index);
            basket.0.push(campaign.line(posted(*index), *units));
        }
        let limits = Limits {
            lines: 1,
            branches: BRANCHES_OF_ONE.min(self.branches.max(1)),
        };
        let best = best_stack_of(&basket, &campaign.coupons, self.usable, &limits)?;
        self.branches = self.branches.saturating_sub(best.branches);
        let of_unit = |fen: Fen| Fen(fen.0 / i64::from(self.units));
        let way = Way {
            second: self.second,
            posted: self.posted,
            effective: of_unit(best.value),
            quote: best.quote,
            basket,
            lines,
        };
        Ok((way, of_unit(best.at_least)))
    }

    /// The fillings that bring some coupon to its threshold, from a basket on.
    fn padded(&self, way: &Way, filler: &[u32]) -> Result<Vec<Vec<u32>>, PromotionError> {
        let mut found = Vec::new();
        let product = way.basket.0[0];
        for id in self.usable {
            let coupon = &self.campaign.coupons[*id as usize];
            if coupon.threshold() <= Fen::ZERO || !coupon.covers(&product) {
                continue;
            }
            let basis = self.basis(way, *id)?;
            let threshold = coupon.threshold().0;
            let reached = basis / threshold;
            for multiple in reached + 1..=(reached + MULTIPLES).min(most_times(coupon)) {
                let Some(goal) = threshold.checked_mul(multiple) else {
                    continue;
                };
                found.extend(self.filled(coupon, goal - basis, filler));
            }
        }
        Ok(found)
    }

    /// What a coupon counts in a basket beside those of the present stack that it can be used with.
    fn basis(&self, way: &Way, id: CouponId) -> Result<i64, PromotionError> {
        let coupons = &self.campaign.coupons;
        let coupon = &coupons[id as usize];
        let mut stack: Vec<CouponId> = way
            .quote
            .steps
            .iter()
            .map(|step| step.coupon)
            .filter(|other| {
                *other != id && coupon.stacks_with(id, &coupons[*other as usize], *other)
            })
            .collect();
        stack.push(id);
        let quoted = quote(&way.basket, coupons, &stack, self.second)?;
        let step = quoted.steps.iter().find(|step| step.coupon == id);
        Ok(step.map_or(0, |step| step.basis.0))
    }

    /// The present filler and the cheapest more of it that counts `gap` for a coupon.
    fn filled(&self, coupon: &Coupon, gap: i64, filler: &[u32]) -> Option<Vec<u32>> {
        let more: Vec<Filler> = self
            .fillers
            .iter()
            .zip(filler)
            .map(|(index, taken)| {
                let posted = &self.campaign.posted[*index];
                let covered = coupon.covers(&self.campaign.line(posted, 1));
                let left = available(posted).saturating_sub(*taken);
                Filler {
                    price: posted.price,
                    // What dilutes the product's share least: amounts, or units where each unit gets the same.
                    cost: match coupon.sharing {
                        Sharing::ProRata => posted.price,
                        Sharing::PerUnit => Fen(1),
                    },
                    limit: if covered { left } else { 0 },
                }
            })
            .collect();
        let completion = cheapest_filler(Fen(gap), &more)?;
        let both = filler.iter().zip(&completion.units);
        Some(both.map(|(taken, more)| taken + more).collect())
    }
}

/// How often a coupon can be granted in one order.
fn most_times(coupon: &Coupon) -> i64 {
    match coupon.kind {
        Kind::AmountOff { times, .. } => i64::from(times),
        Kind::PercentOff { .. } => 1,
        Kind::FixedPrice { .. } | Kind::DepositWorth { .. } => 0,
    }
}

/// Remembers a way if it is the cheapest, or the cheapest with its set of coupons.
fn keep(ways: &mut Ways, way: Way) {
    if ways.cheapest.as_ref().is_none_or(|best| way.beats(best)) {
        ways.cheapest = Some(way.clone());
    }
    let stack =
        |way: &Way| -> Vec<CouponId> { way.quote.steps.iter().map(|step| step.coupon).collect() };
    let used = stack(&way);
    let known = ways
        .by_stack
        .iter_mut()
        .find(|known| known.posted == way.posted && stack(known) == used);
    match known {
        Some(known) if way.beats(known) => *known = way,
        Some(_) => {}
        None => ways.by_stack.push(way),
    }
}
