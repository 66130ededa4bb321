//! A campaign: what is on offer where and when, which coupons there are, and what was promised. The audit needs nothing else.

use super::basket::Line;
use super::coupon::{Coupon, Filter, Window};
use super::explain::Names;
use super::sample::Sample;
use crate::money::Fen;
use chrono::NaiveDateTime;

/// A product of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Good {
    /// The store (brand) that sells it, by index.
    pub store: u32,
    /// Its category, by index.
    pub category: u32,
    /// The price it is listed at when nobody grants anything.
    pub list_price: Fen,
}

/// A product at a price in a channel, while it can be paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The product, by index.
    pub product: u32,
    /// The channel, by index.
    pub channel: u32,
    /// Price of a unit.
    pub price: Fen,
    /// When it can be paid for: of a presale, when its balance can be paid.
    pub window: Window,
    /// Units per buyer.
    pub limit: u32,
    /// Units in all; `None`: no end of them.
    pub stock: Option<u64>,
    /// Deposit of a unit, paid before; 0: no presale.
    pub deposit: Fen,
    /// Whether a shop or room of the brand's own, or one that sells for it, posts it; otherwise another seller.
    pub own: bool,
}

/// A promise that nothing will be cheaper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Its name, or where it was made.
    pub name: String,
    /// Who made it.
    pub by: String,
    /// The product, by index.
    pub product: u32,
    /// The price that is promised to be the lowest.
    pub price: Fen,
    /// While it holds.
    pub window: Window,
    /// Whether it is about the brand's own shops and rooms only.
    pub own_only: bool,
}

/// A campaign.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its title.
    pub title: String,
    /// The moment that is second 0.
    pub origin: NaiveDateTime,
    /// Products.
    pub goods: Vec<Good>,
    /// Prices.
    pub posted: Vec<Posted>,
    /// Coupons.
    pub coupons: Vec<Coupon>,
    /// By coupon: what its issuer meant to except and did not; empty for most.
    pub meant_to_except: Vec<Filter>,
    /// Promises.
    pub promises: Vec<Promise>,
    /// Baskets to be priced for buyers of different skill.
    pub samples: Vec<Sample>,
    /// Names of everything.
    pub names: Names,
}

impl Campaign {
    /// Nothing on offer.
    pub fn empty(origin: NaiveDateTime) -> Self {
        Self {
            title: String::new(),
            origin,
            goods: Vec::new(),
            posted: Vec::new(),
            coupons: Vec::new(),
            meant_to_except: Vec::new(),
            promises: Vec::new(),
            samples: Vec::new(),
            names: Names::default(),
        }
    }

    /// Units of a posted price as a line of a basket.
    pub fn line(&self, posted: &Posted, units: u32) -> Line {
        let good = &self.goods[posted.product as usize];
        Line {
            product: posted.product,
            store: good.store,
            category: good.category,
            channel: posted.channel,
            units,
            price: posted.price,
            deposit: posted.deposit,
        }
    }

    /// A second as market time.
    pub fn moment(&self, second: i64) -> String {
        let shift = chrono::Duration::try_seconds(second);
        shift
            .and_then(|shift| self.origin.checked_add_signed(shift))
            .map_or_else(
                || "always".to_owned(),
                |moment| moment.format("%Y-%m-%d %H:%M").to_string(),
            )
    }

    /// The campaign with every exclusion as its issuer meant it; `None` where none was meant otherwise.
    pub fn as_meant(&self) -> Option<Campaign> {
        if self.meant_to_except.iter().all(Filter::is_empty) {
            return None;
        }
        let mut meant = self.clone();
        for (coupon, more) in meant.coupons.iter_mut().zip(&self.meant_to_except) {
            coupon.except.stores.extend(&more.stores);
            coupon.except.categories.extend(&more.categories);
            coupon.except.products.extend(&more.products);
            coupon.except.channels.extend(&more.channels);
        }
        Some(meant)
    }

    /// Seconds in a window at which a price or a coupon begins or ends, and the window's own first second; in order.
    pub fn turns(&self, window: Window) -> Vec<i64> {
        let prices = self.posted.iter().map(|posted| posted.window);
        let coupons = self.coupons.iter().map(|coupon| coupon.window);
        let mut turns: Vec<i64> = prices
            .chain(coupons)
            .flat_map(|window| [window.from, window.until])
            .filter(|second| window.holds(*second))
            .chain([window.from])
            .collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }
}
