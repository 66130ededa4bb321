//! Coupons: what they grant, on what, when, to how many, and together with what. Everything else that changes a price for a buyer (an
//! exclusive price, a deposit that counts for more) is a coupon too, so that there is one order of application.

use super::basket::Line;
use crate::money::Fen;

/// Index of a coupon among those of a quote.
pub type CouponId = u32;

/// Who issues a coupon, and so bears its discount unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Issuer {
    /// The platform.
    Platform,
    /// A store: the brand with this index.
    Store(u32),
    /// An anchor, by index.
    Anchor(u32),
}

/// What a coupon grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An amount off where the covered lines reach a threshold.
    AmountOff {
        /// What the covered lines must come to; 0: anything.
        threshold: Fen,
        /// What is taken off, each time.
        off: Fen,
        /// How often at most: 1 for a coupon, more for "each full 300 take 40 off".
        times: u32,
    },
    /// A part off the covered lines, where they reach a threshold.
    PercentOff {
        /// What the covered lines must come to; 0: anything.
        threshold: Fen,
        /// Hundredths of a percent taken off, 0..=10,000; the amount is rounded down to the fen.
        basis_points: u32,
        /// What is taken off at most.
        cap: Option<Fen>,
    },
    /// Covered units cost this instead of what they cost, where that is less: an exclusive price, a price for the first n.
    FixedPrice {
        /// Price of a unit.
        price: Fen,
    },
    /// The deposit of a covered unit counts for more than was paid.
    DepositWorth {
        /// What each unit's deposit counts for.
        worth: Fen,
    },
}

/// What the threshold, the percentage and the shares of a coupon are counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Base {
    /// On what the coupons before it have left.
    #[default]
    Remaining,
    /// On prices before any coupon.
    BeforeCoupons,
}

/// How a discount is shared over the covered lines, to the fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    /// In proportion to what the lines come to.
    #[default]
    ProRata,
    /// The same for every unit.
    PerUnit,
}

/// What becomes of a discount when part of the basket is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnReturn {
    /// What is kept keeps its share of it.
    #[default]
    Keeps,
    /// It is reckoned again for what is kept: below the threshold it is lost.
    Loses,
}

/// Lines that something covers: those that match in each of the lists that are not empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Stores (brands) by index.
    pub stores: Vec<u32>,
    /// Categories by index.
    pub categories: Vec<u32>,
    /// Products by index.
    pub products: Vec<u32>,
    /// Channels by index: where the line's price comes from.
    pub channels: Vec<u32>,
}

impl Filter {
    /// Whether it lists nothing.
    pub fn is_empty(&self) -> bool {
        self.stores.is_empty()
            && self.categories.is_empty()
            && self.products.is_empty()
            && self.channels.is_empty()
    }

    /// Whether a line is in every list that is not empty: what a coupon is for.
    pub fn admits(&self, line: &Line) -> bool {
        self.lists(line)
            .iter()
            .all(|(list, id)| list.is_empty() || list.contains(id))
    }

    /// Whether a line is in any list: what a coupon is not for.
    pub fn names(&self, line: &Line) -> bool {
        self.lists(line).iter().any(|(list, id)| list.contains(id))
    }

    fn lists(&self, line: &Line) -> [(&[u32], u32); 4] {
        [
            (&self.stores, line.store),
            (&self.categories, line.category),
            (&self.products, line.product),
            (&self.channels, line.channel),
        ]
    }
}

/// A span of time, seconds; from the first, up to but not including the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First second.
    pub from: i64,
    /// First second after it.
    pub until: i64,
}

impl Window {
    /// All of time.
    pub const ALWAYS: Window = Window {
        from: i64::MIN,
        until: i64::MAX,
    };

    /// Whether a second lies in it.
    pub fn holds(&self, second: i64) -> bool {
        (self.from..self.until).contains(&second)
    }
}

/// A coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// Its name.
    pub name: String,
    /// Who issues it.
    pub issuer: Issuer,
    /// What it grants.
    pub kind: Kind,
    /// What it is for; nothing listed: everything.
    pub on: Filter,
    /// What it is not for.
    pub except: Filter,
    /// When it can be used.
    pub window: Window,
    /// How many there are in all; `None`: no end of them.
    pub quantity: Option<u64>,
    /// How many orders one buyer can use it for.
    pub per_buyer: u32,
    /// Its stacking group: of one group, one coupon can be used in an order.
    pub group: Option<u32>,
    /// Coupons with which it cannot be used in one order, by index.
    pub not_with: Vec<CouponId>,
    /// Its place in the order of application; no two are the same (see [`super::order_of`]).
    pub place: u32,
    /// What its threshold, percentage and shares are counted on.
    pub base: Base,
    /// How its discount is shared over lines.
    pub sharing: Sharing,
    /// What becomes of it on a return.
    pub on_return: OnReturn,
}

impl Coupon {
    /// A coupon of the platform on everything at all times, without end, that stacks with all others.
    pub fn of(kind: Kind) -> Self {
        Self {
            name: String::new(),
            issuer: Issuer::Platform,
            kind,
            on: Filter::default(),
            except: Filter::default(),
            window: Window::ALWAYS,
            quantity: None,
            per_buyer: 1,
            group: None,
            not_with: Vec::new(),
            place: 0,
            base: Base::default(),
            sharing: Sharing::default(),
            on_return: OnReturn::default(),
        }
    }

    /// Whether it is for a line.
    pub fn covers(&self, line: &Line) -> bool {
        self.on.admits(line) && !self.except.names(line)
    }

    /// What the covered lines must come to; 0 where there is no threshold.
    pub fn threshold(&self) -> Fen {
        match self.kind {
            Kind::AmountOff { threshold, .. } | Kind::PercentOff { threshold, .. } => threshold,
            Kind::FixedPrice { .. } | Kind::DepositWorth { .. } => Fen::ZERO,
        }
    }

    /// Whether it can be used in one order with another (both by index, `id` being this one's).
    pub fn stacks_with(&self, id: CouponId, other: &Coupon, other_id: CouponId) -> bool {
        let same_group = self.group.is_some() && self.group == other.group;
        let rivals = self.not_with.contains(&other_id) || other.not_with.contains(&id);
        !same_group && !rivals
    }
}

/// The coupons whose windows are open at a second, by index.
pub fn usable_at(coupons: &[Coupon], second: i64) -> Vec<CouponId> {
    (0..)
        .zip(coupons)
        .filter(|(_, coupon)| coupon.window.holds(second))
        .map(|(id, _)| id)
        .collect()
}
