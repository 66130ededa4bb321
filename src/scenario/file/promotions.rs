//! Promotions: coupons, prices outside of the rooms, promises (MODEL section 7), and the campaign file that has nothing else.

use super::{Moment, Name, PromiseScope};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A coupon. It has exactly one of `amount_off`, `percent_off`, `fixed_price`, `deposit_worth`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CouponTable {
    /// Who issues it and bears its discount: "platform", or the name of a brand or of an anchor.
    pub issuer: Name,
    /// An amount off above a threshold, once or for each multiple of it.
    #[serde(default)]
    #[garde(dive)]
    pub amount_off: Option<AmountOffTable>,
    /// A percentage off, with a cap.
    #[serde(default)]
    #[garde(dive)]
    pub percent_off: Option<PercentOffTable>,
    /// A price instead of the posted one: an exclusive price, a price for the first so many.
    #[serde(default)]
    #[garde(dive)]
    pub fixed_price: Option<FixedPriceTable>,
    /// A deposit that counts for more than was paid.
    #[serde(default)]
    #[garde(dive)]
    pub deposit_worth: Option<DepositWorthTable>,
    /// What it is for; absent: everything, or everything of the brand that issues it.
    #[serde(default)]
    #[garde(dive)]
    pub on: FilterTable,
    /// What it is not for.
    #[serde(default)]
    #[garde(dive)]
    pub except: FilterTable,
    /// What the issuer meant to except, where the coupon as written does not: the audit says whether that would have made a difference.
    #[serde(default)]
    #[garde(dive)]
    pub meant_to_except: FilterTable,
    /// From when it can be used; absent: from the start.
    #[serde(default)]
    pub from: Option<Moment>,
    /// Until when it can be used; absent: to the end.
    #[serde(default)]
    pub until: Option<Moment>,
    /// How many there are; absent: as many as are wanted.
    #[serde(default)]
    #[garde(range(min = 1, max = 1_000_000_000))]
    #[schemars(extend("x-unit" = "coupons", "x-source" = "1,000 coupons of 2,000-1,000 (F58)", "x-evidence" = "SEED"))]
    pub quantity: Option<u64>,
    /// How many orders one buyer can use it for.
    #[serde(default = "once")]
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "orders", "x-source" = "assumption", "x-evidence" = "A"))]
    pub per_buyer: u32,
    /// How it is come by: by everybody who knows of it, or from a cue `issue_coupon` in a room.
    #[serde(default = "by_knowing")]
    pub obtained: ObtainedBy,
    /// Share of consumers who know of it without a room, where knowing is enough.
    #[serde(default = "half")]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A"))]
    pub reach: f64,
    /// Stacking group: of the coupons of one group, one can be used in an order. Absent: it stacks with everything.
    #[serde(default)]
    pub group: Option<Name>,
    /// Coupons with which it cannot be used in one order.
    #[serde(default)]
    pub not_with: Vec<Name>,
    /// Coupons after which it is applied. Where nothing is said: prices first, then anchors', stores' and the platform's coupons, by name.
    #[serde(default)]
    pub after: Vec<Name>,
    /// What its threshold, percentage and shares count.
    #[serde(default = "what_is_left")]
    pub counts: Counts,
    /// How its discount is shared over the lines.
    #[serde(default = "pro_rata")]
    pub shared: Shared,
    /// What becomes of it when part of the basket is returned.
    #[serde(default = "keeps")]
    pub on_return: OnReturnRule,
}

fn once() -> u32 {
    1
}
fn by_knowing() -> ObtainedBy {
    ObtainedBy::Knowing
}
fn half() -> f64 {
    0.5
}
fn what_is_left() -> Counts {
    Counts::Remaining
}
fn pro_rata() -> Shared {
    Shared::ProRata
}
fn keeps() -> OnReturnRule {
    OnReturnRule::Keeps
}

/// An amount off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct AmountOffTable {
    /// What the covered lines must come to; 0: anything.
    #[garde(range(min = 0.0, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "2,000 (F41, F58)", "x-evidence" = "SEED"))]
    pub threshold: f64,
    /// What is taken off.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "1,000 (F41, F58)", "x-evidence" = "SEED"))]
    pub off: f64,
    /// How often at most in one order: 1 for a coupon, more for "each full 300 take 40 off".
    #[serde(default = "once")]
    #[garde(range(min = 1, max = 1_000_000))]
    #[schemars(extend("x-unit" = "times", "x-source" = "assumption", "x-evidence" = "A"))]
    pub times: u32,
}

/// A percentage off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PercentOffTable {
    /// What the covered lines must come to; 0: anything.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub threshold: f64,
    /// The percentage, to two decimals.
    #[garde(range(min = 0.01, max = 100.0))]
    #[schemars(extend("x-unit" = "percent", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub percent: f64,
    /// What is taken off at most; absent: no cap.
    #[serde(default)]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub cap: Option<f64>,
}

/// A price instead of the posted one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct FixedPriceTable {
    /// The price of a unit.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "899 in the anchor's room (F57)", "x-evidence" = "SEED"))]
    pub price: f64,
}

/// A deposit that counts for more than was paid.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct DepositWorthTable {
    /// What a unit's deposit counts for.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub worth: f64,
}

/// Names of what a coupon is for, or not for. For: in every list that is given; not for: in any.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct FilterTable {
    /// Brands.
    pub brands: Vec<Name>,
    /// Categories.
    pub categories: Vec<Name>,
    /// Products.
    pub products: Vec<Name>,
    /// Channels: rooms, or channels of the shelf.
    pub channels: Vec<Name>,
}

/// How a coupon is come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObtainedBy {
    /// whoever knows of it has it
    Knowing,
    /// a cue issues it in a room
    Room,
}

/// What a coupon counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// what the coupons before it have left
    Remaining,
    /// prices before any coupon
    BeforeCoupons,
}

/// How a discount is shared over lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// in proportion to what the lines come to
    ProRata,
    /// the same for every unit
    PerUnit,
}

/// What becomes of a discount on a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReturnRule {
    /// what is kept keeps its share
    Keeps,
    /// it is reckoned again for what is kept
    Loses,
}

/// A price outside of the rooms' cues: on a store's shelf, at another seller's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ShelfTable {
    /// The product.
    pub product: Name,
    /// The channel, a name of your own; absent: the brand's store, under the brand's name.
    #[serde(default)]
    pub channel: Option<Name>,
    /// The price.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub price: f64,
    /// From when; absent: from the start.
    #[serde(default)]
    pub from: Option<Moment>,
    /// Until when; absent: to the end.
    #[serde(default)]
    pub until: Option<Moment>,
    /// Units that one buyer may order.
    #[serde(default = "once")]
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub limit_per_buyer: u32,
    /// Units on sale; absent: as many as are wanted.
    #[serde(default)]
    #[garde(range(min = 1, max = 1_000_000_000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub stock: Option<u64>,
    /// Presale: the deposit of a unit, paid before; `from` and `until` are then when the balance can be paid.
    #[serde(default)]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "150 (F37)", "x-evidence" = "SEED"))]
    pub deposit: Option<f64>,
    /// Whether another seller posts it, so that promises about the brand's own shops do not reach it.
    #[serde(default)]
    pub other_seller: bool,
}

/// A promise of a lowest price, made outside of a room; in a room it is a cue.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PromiseTable {
    /// Who promises.
    #[garde(length(min = 1, max = 200))]
    pub by: String,
    /// The product.
    pub product: Name,
    /// The price that is promised to be the lowest.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "899 (F38)", "x-evidence" = "SEED"))]
    pub price: f64,
    /// From when.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
    /// How far it reaches.
    #[serde(default = "brand_scope")]
    pub scope: PromiseScope,
}

fn brand_scope() -> PromiseScope {
    PromiseScope::Brand
}

/// A basket that the audit prices for buyers who make more or less of coupons.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BasketTable {
    /// When it is paid.
    pub at: Moment,
    /// What is in it.
    #[garde(length(min = 1, max = 40), dive)]
    pub lines: Vec<BasketLineTable>,
}

/// A line of a basket.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BasketLineTable {
    /// Name of the price on the shelf.
    pub shelf: Name,
    /// Units.
    #[serde(default = "once")]
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub units: u32,
}

/// A product of a campaign file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CampaignProductTable {
    /// The brand that sells it.
    pub brand: Name,
    /// Its category, for coupons that name categories.
    #[serde(default = "goods")]
    pub category: Name,
    /// The price it is listed at; absent: the highest that is posted.
    #[serde(default)]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "1,499 (F57)", "x-evidence" = "SEED"))]
    pub list_price: Option<f64>,
}

fn goods() -> Name {
    "goods".to_owned()
}

/// A campaign without rooms or consumers: products, prices, coupons and promises. It can be audited, not run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CampaignFile {
    /// One line that says what the campaign is.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// What happened, in the words of somebody who tells it.
    #[serde(default)]
    pub story: String,
    /// Products, by name.
    #[garde(dive)]
    pub products: BTreeMap<Name, CampaignProductTable>,
    /// Prices, by name.
    #[garde(dive)]
    pub shelf: BTreeMap<Name, ShelfTable>,
    /// Coupons, by name.
    #[serde(default)]
    #[garde(dive)]
    pub coupons: BTreeMap<Name, CouponTable>,
    /// Promises, by name.
    #[serde(default)]
    #[garde(dive)]
    pub promises: BTreeMap<Name, PromiseTable>,
    /// Baskets to be priced, by name.
    #[serde(default)]
    #[garde(dive)]
    pub baskets: BTreeMap<Name, BasketTable>,
}
