//! Basket completion: the cheapest filler that reaches a threshold ("padding the basket" [F60]).
//!
//! A covering knapsack. Amounts are whole multiples of the greatest common divisor of the prices, so a threshold of 2,000 yuan over prices in
//! whole yuan has 2,000 states. Up to [`MOST_CELLS`] states times bundles it is solved exactly by dynamic programming, in time and bits of
//! memory proportional to that product; beyond, by branch and bound with the bound of the linear relaxation, which after [`MOST_BRANCHES`]
//! branches gives the best filler found and what the cheapest possible one costs at least.

use crate::money::Fen;

/// States times bundles up to which dynamic programming is used.
pub const MOST_CELLS: u64 = 4_000_000;

/// Branches after which branch and bound stops.
pub const MOST_BRANCHES: u64 = 200_000;

/// Something that can be added to a basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filler {
    /// What a unit counts towards the threshold, > 0.
    pub price: Fen,
    /// What a unit costs in the end, >= 0: its price, less what it is worth to the buyer or what returning it brings back.
    pub cost: Fen,
    /// Units that can be added.
    pub limit: u32,
}

/// A filler set that reaches a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Units of each filler.
    pub units: Vec<u32>,
    /// What they count together.
    pub amount: Fen,
    /// What they cost in the end.
    pub cost: Fen,
    /// No set that reaches the threshold costs less than this; equal to `cost` where the search has ended.
    pub at_least: Fen,
}

/// The filler set of least cost, and among those of least amount, that counts `gap` or more; `None` if all together do not reach it, or their
/// sum does not fit into 64 bits. Fillers without a price, or with a negative cost, are not used.
pub fn cheapest_filler(gap: Fen, fillers: &[Filler]) -> Option<Completion> {
    cheapest_within(gap, fillers, MOST_CELLS, MOST_BRANCHES)
}

fn cheapest_within(gap: Fen, fillers: &[Filler], cells: u64, branches: u64) -> Option<Completion> {
    if gap <= Fen::ZERO {
        return Some(Completion {
            units: vec![0; fillers.len()],
            amount: Fen::ZERO,
            cost: Fen::ZERO,
            at_least: Fen::ZERO,
        });
    }
    let bundles = bundles_of(gap.0, fillers)?;
    let divisor = bundles.iter().fold(0, |d, bundle| gcd(d, bundle.price));
    let states = (gap.0 - 1) / divisor.max(1) + 1;
    let exact = (states as u64).saturating_mul(bundles.len() as u64) <= cells;
    let (taken, at_least) = if exact {
        (by_states(states as usize, divisor, &bundles), None)
    } else {
        by_branches(gap.0, &bundles, branches)
    };
    let mut units = vec![0; fillers.len()];
    let (mut amount, mut cost) = (0, 0);
    for bundle in taken.into_iter().map(|index| &bundles[index]) {
        units[bundle.filler] += bundle.units;
        amount += bundle.price;
        cost += bundle.cost;
    }
    Some(Completion {
        units,
        amount: Fen(amount),
        cost: Fen(cost),
        at_least: Fen(at_least.unwrap_or(cost).min(cost)),
    })
}

/// Some units of a filler, taken together or not at all: 1, 2, 4, ... and the rest, so that every number of units can be put together.
#[derive(Debug, Clone, Copy)]
struct Bundle {
    filler: usize,
    units: u32,
    price: i64,
    cost: i64,
}

/// `None` if everything together does not reach the gap, or does not fit.
fn bundles_of(gap: i64, fillers: &[Filler]) -> Option<Vec<Bundle>> {
    let mut bundles = Vec::new();
    let (mut sum, mut costs): (i64, i64) = (0, 0);
    for (index, filler) in fillers.iter().enumerate() {
        if filler.price <= Fen::ZERO || filler.cost < Fen::ZERO {
            continue;
        }
        // More than reach the gap alone are never needed.
        let enough = (gap - 1) / filler.price.0 + 1;
        let mut left = enough.min(i64::from(filler.limit)) as u32;
        let mut size = 1;
        while left > 0 {
            let units = size.min(left);
            let price = filler.price.checked_mul(i64::from(units))?.0;
            let cost = filler.cost.checked_mul(i64::from(units))?.0;
            (sum, costs) = (sum.checked_add(price)?, costs.checked_add(cost)?);
            bundles.push(Bundle {
                filler: index,
                units,
                price,
                cost,
            });
            left -= units;
            size *= 2;
        }
    }
    (sum >= gap).then_some(bundles)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Cost and amount of the best set that counts so many states (the last state: so many or more).
type Reached = Option<(i64, i64)>;

/// Dynamic programming over what has been reached, capped at the gap; the bundles of the best set.
fn by_states(gap: usize, divisor: i64, bundles: &[Bundle]) -> Vec<usize> {
    let mut best: Vec<Reached> = vec![None; gap + 1];
    best[0] = Some((0, 0));
    let mut taken = vec![0_u64; (bundles.len() * (gap + 1)).div_ceil(64)];
    let mut before_last = vec![0_usize; bundles.len()];
    let better = |new: (i64, i64), old: Reached| old.is_none_or(|old| new < old);
    for (index, bundle) in bundles.iter().enumerate() {
        let step = (bundle.price / divisor) as usize;
        let with = |from: Reached| from.map(|(cost, sum)| (cost + bundle.cost, sum + bundle.price));
        let mut take = |state: usize| {
            let bit = index * (gap + 1) + state;
            taken[bit / 64] |= 1 << (bit % 64);
        };
        for from in gap.saturating_sub(step)..gap {
            if let Some(new) = with(best[from])
                && better(new, best[gap])
            {
                best[gap] = Some(new);
                before_last[index] = from;
                take(gap);
            }
        }
        for state in (step..gap).rev() {
            if let Some(new) = with(best[state - step])
                && better(new, best[state])
            {
                best[state] = Some(new);
                take(state);
            }
        }
    }
    let mut chosen = Vec::new();
    let mut state = gap;
    for (index, bundle) in bundles.iter().enumerate().rev() {
        let bit = index * (gap + 1) + state;
        if taken[bit / 64] >> (bit % 64) & 1 == 1 {
            chosen.push(index);
            state = if state == gap {
                before_last[index]
            } else {
                state - (bundle.price / divisor) as usize
            };
        }
    }
    chosen
}

/// Branch and bound, dearest per yuan last; the bundles of the best set found, and a lower bound if the search did not end.
fn by_branches(gap: i64, bundles: &[Bundle], most: u64) -> (Vec<usize>, Option<i64>) {
    let mut order: Vec<usize> = (0..bundles.len()).collect();
    let key = |index: &usize| {
        (
            i128::from(bundles[*index].cost),
            i128::from(bundles[*index].price),
        )
    };
    order.sort_by(|a, b| {
        let ((cost_a, price_a), (cost_b, price_b)) = (key(a), key(b));
        (cost_a * price_b)
            .cmp(&(cost_b * price_a))
            .then(price_b.cmp(&price_a))
            .then(a.cmp(b))
    });
    let mut search = Branches {
        bundles,
        order: &order,
        rest: rest_of(bundles, &order),
        left: most,
        best: (i64::MAX, i64::MAX),
        chosen: Vec::new(),
        path: Vec::new(),
        open: i64::MAX,
    };
    search.go(0, gap, 0, 0);
    let bound = (search.open < search.best.0).then_some(search.open);
    (search.chosen, bound)
}

/// What the bundles from each place in the order on count together.
fn rest_of(bundles: &[Bundle], order: &[usize]) -> Vec<i64> {
    let mut rest = vec![0; order.len() + 1];
    for place in (0..order.len()).rev() {
        rest[place] = rest[place + 1] + bundles[order[place]].price;
    }
    rest
}

struct Branches<'a> {
    bundles: &'a [Bundle],
    order: &'a [usize],
    rest: Vec<i64>,
    left: u64,
    best: (i64, i64),
    chosen: Vec<usize>,
    path: Vec<usize>,
    open: i64,
}

impl Branches<'_> {
    fn go(&mut self, place: usize, gap: i64, cost: i64, amount: i64) {
        if gap <= 0 {
            if (cost, amount) < self.best {
                self.best = (cost, amount);
                self.chosen.clone_from(&self.path);
            }
            return;
        }
        if gap > self.rest[place] {
            return;
        }
        let bound = cost.saturating_add(self.relaxed(place, gap));
        if (bound, amount + gap) >= self.best {
            return;
        }
        // The first way down always reaches the gap: only then may the search stop.
        if self.left == 0 && self.best.0 < i64::MAX {
            self.open = self.open.min(bound);
            return;
        }
        self.left = self.left.saturating_sub(1);
        let index = self.order[place];
        let bundle = self.bundles[index];
        self.path.push(index);
        self.go(
            place + 1,
            gap - bundle.price,
            cost + bundle.cost,
            amount + bundle.price,
        );
        self.path.pop();
        self.go(place + 1, gap, cost, amount);
    }

    /// The cost of covering a gap if bundles could be cut: cheapest per yuan first, the last one in part, rounded up to the fen.
    fn relaxed(&self, place: usize, mut gap: i64) -> i64 {
        let mut cost = 0;
        for index in &self.order[place..] {
            let bundle = self.bundles[*index];
            if bundle.price >= gap {
                let part = i128::from(bundle.cost) * i128::from(gap);
                let price = i128::from(bundle.price);
                return cost + (part.div_euclid(price) + i128::from(part % price > 0)) as i64;
            }
            cost += bundle.cost;
            gap -= bundle.price;
        }
        i64::MAX / 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filler(price: i64, cost: i64, limit: u32) -> Filler {
        Filler {
            price: Fen(price),
            cost: Fen(cost),
            limit,
        }
    }

    /// Every number of units of every filler.
    fn brute_force(gap: i64, fillers: &[Filler], amount: i64, cost: i64) -> Option<(i64, i64)> {
        let Some((first, others)) = fillers.split_first() else {
            return (amount >= gap).then_some((cost, amount));
        };
        let with = |units: u32| {
            let units = i64::from(units);
            brute_force(
                gap,
                others,
                amount + units * first.price.0,
                cost + units * first.cost.0,
            )
        };
        (0..=first.limit).filter_map(with).min()
    }

    #[test]
    fn the_coat_is_padded_with_the_style_and_the_dress() {
        // 899 needs 1,101 more: a style at 1,099 is two yuan short.
        let fillers = [filler(109_900, 109_900, 1), filler(34_900, 34_900, 1)];
        let found = cheapest_filler(Fen(110_100), &fillers).expect("reached");
        assert_eq!(found.units, [1, 1]);
        assert_eq!(found.amount, Fen(144_800));
        assert_eq!(cheapest_filler(Fen(144_801), &fillers), None);
        assert_eq!(
            cheapest_filler(Fen(0), &fillers).map(|found| found.units),
            Some(vec![0, 0])
        );
    }

    #[test]
    fn sums_that_do_not_fit_reach_nothing() {
        let fillers = [filler(i64::MAX / 2, 1, 3)];
        assert_eq!(cheapest_filler(Fen(i64::MAX), &fillers), None);
    }

    #[test]
    fn a_search_that_is_cut_short_says_what_is_possible_at_best() {
        let fillers: Vec<Filler> = (0..40)
            .map(|n| filler(9_973 + 37 * n, 5_000 + 41 * (n * n % 17), 3))
            .collect();
        let exact = cheapest_within(Fen(400_001), &fillers, u64::MAX, 0).expect("reached");
        assert_eq!(exact.at_least, exact.cost);
        let cut = cheapest_within(Fen(400_001), &fillers, 0, 100).expect("reached");
        assert!(cut.amount >= Fen(400_001));
        assert!(cut.at_least <= exact.cost && exact.cost <= cut.cost);
        assert!(cut.at_least < cut.cost, "the search was cut short");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]
        #[test]
        fn the_filler_is_the_cheapest_there_is(
            gap in 1_i64..3_000,
            step in prop::sample::select(vec![1_i64, 7, 100]),
            fillers in prop::collection::vec((1_i64..400, 0_i64..300, 0_u32..4), 0..6),
        ) {
            let fillers: Vec<Filler> =
                fillers.into_iter().map(|(price, cost, limit)| filler(price * step, cost, limit)).collect();
            let expected = brute_force(gap, &fillers, 0, 0);
            for cells in [u64::MAX, 0] {
                let found = cheapest_within(Fen(gap), &fillers, cells, u64::MAX);
                let costs = found.as_ref().map(|found| (found.cost.0, found.amount.0));
                prop_assert_eq!(costs, expected);
                if let Some(found) = found {
                    prop_assert_eq!(found.at_least, found.cost);
                    let units = found.units.iter().zip(&fillers);
                    let amount: i64 = units.clone().map(|(units, filler)| i64::from(*units) * filler.price.0).sum();
                    prop_assert_eq!(amount, found.amount.0);
                    for (units, filler) in units {
                        prop_assert!(*units <= filler.limit);
                    }
                }
            }
        }
    }
}
