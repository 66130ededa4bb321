//! Acts: what a cue of a script or of a room does, one table for each.

use super::{Moment, Name};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Shows a product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PitchAct {
    /// The product shown.
    pub product: Name,
    /// What the anchor says it is worth; absent: nothing beyond its real worth.
    #[serde(default)]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per script", "x-evidence" = "A"))]
    pub claimed_worth: Option<f64>,
    /// How rousing the pitch is.
    #[serde(default = "default_pitch_arousal")]
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "arousal", "x-source" = "assumption", "x-evidence" = "A"))]
    pub arousal: f64,
}

fn default_pitch_arousal() -> f64 {
    0.1
}

/// Claims a counter price.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ClaimPriceAct {
    /// The product.
    pub product: Name,
    /// The price it is said to cost at the counter.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per script", "x-evidence" = "A"))]
    pub price: f64,
}

/// Claims a sales figure and a round goal.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ClaimSalesAct {
    /// Sales claimed so far.
    #[garde(range(min = 0.0, max = 1.0e12))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "99,000,000 (F5)", "x-evidence" = "SEED"))]
    pub claimed: f64,
    /// The round number to pass.
    #[garde(range(min = 1.0, max = 1.0e12))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "100,000,000 (F5, glossary)", "x-evidence" = "SEED"))]
    pub goal: f64,
    /// Arousal when the claim stands at the goal; scaled by how near it is.
    #[serde(default = "default_goal_arousal")]
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "arousal", "x-source" = "assumption", "x-evidence" = "A"))]
    pub arousal: f64,
}

fn default_goal_arousal() -> f64 {
    0.3
}

/// How far a promise reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseScope {
    /// the brand's own shops and rooms
    Brand,
    /// every seller
    Market,
}

/// Promises that nothing will be cheaper.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PromiseAct {
    /// The product.
    pub product: Name,
    /// The price that is promised to be the lowest; absent: the price in force.
    #[serde(default)]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "899 (F38)", "x-evidence" = "SEED"))]
    pub price: Option<f64>,
    /// How long the promise holds.
    #[garde(range(min = 0.01, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "price protection 1-26 November: 26 days (F46)", "x-evidence" = "SEED"))]
    pub window_days: f64,
    /// How far it reaches.
    #[serde(default = "default_scope")]
    pub scope: PromiseScope,
    /// The room whose offer it is about; absent: this room (F38: the store's host vouched for another room's price).
    #[serde(default)]
    pub about_room: Option<Name>,
}

fn default_scope() -> PromiseScope {
    PromiseScope::Brand
}

/// Opens the link.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct OpenLinkAct {
    /// The product.
    pub product: Name,
    /// The price.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per script", "x-evidence" = "A"))]
    pub price: f64,
    /// Units on sale.
    #[garde(range(min = 0, max = 100_000_000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "per script", "x-evidence" = "A"))]
    pub stock: u32,
    /// Units that the page shows, where it shows fewer than there are; absent: the truth.
    #[serde(default)]
    #[garde(range(min = 0, max = 100_000_000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "per script", "x-evidence" = "A"))]
    pub shown_stock: Option<u32>,
    /// Units that one buyer may order.
    #[serde(default = "default_limit")]
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub limit_per_buyer: u32,
    /// Presale: the deposit that is paid now (F37); the balance is due later.
    #[serde(default)]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "150 (F37)", "x-evidence" = "SEED"))]
    pub deposit: Option<f64>,
    /// Presale: from when the balance can be paid.
    #[serde(default)]
    pub balance_due: Option<Moment>,
    /// Presale: until when the balance can be paid; absent: for `platform.balance_days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_until: Option<Moment>,
}

fn default_limit() -> u32 {
    1
}

/// Sets or announces a price.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct SetPriceAct {
    /// The product.
    pub product: Name,
    /// The price.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per script", "x-evidence" = "A"))]
    pub price: f64,
}

/// A staged quarrel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct QuarrelAct {
    /// The product it is about.
    pub product: Name,
    /// How hot it is: it raises arousal and the belief in the claimed price.
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "arousal", "x-source" = "assumption", "x-evidence" = "A"))]
    pub intensity: f64,
}

/// Staff call out orders.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ShoutOrdersAct {
    /// The product.
    pub product: Name,
    /// Orders called out first.
    #[garde(range(min = 0, max = 1_000_000_000))]
    #[schemars(extend("x-unit" = "orders", "x-source" = "1,500 (F9)", "x-evidence" = "SEED"))]
    pub from: u64,
    /// Orders called out last.
    #[garde(range(min = 0, max = 1_000_000_000))]
    #[schemars(extend("x-unit" = "orders", "x-source" = "3,500 (F9)", "x-evidence" = "SEED"))]
    pub to: u64,
    /// How long the calling takes.
    #[garde(range(min = 1.0, max = 7200.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption: \"quickly\" (F9)", "x-evidence" = "A"))]
    pub over_seconds: f64,
}

/// Rouses the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ExciteAct {
    /// Arousal added.
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "arousal", "x-source" = "assumption", "x-evidence" = "A"))]
    pub arousal: f64,
    /// Whether it pretends to be something it is not; if so, its effect is deception.
    #[serde(default)]
    pub staged: bool,
}

/// Who pays a subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// the anchor
    Anchor,
    /// the brand
    Brand,
    /// the platform
    Platform,
}

/// A subsidy, true or pretended.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct SubsidyAct {
    /// The product.
    pub product: Name,
    /// What the payer is said to add per unit.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan per unit", "x-source" = "per script", "x-evidence" = "A"))]
    pub amount: f64,
    /// Who is said to pay it.
    pub payer: Payer,
    /// Whether it is really paid; if not, it is only a show that rouses.
    pub real: bool,
    /// Arousal of the announcement.
    #[serde(default = "default_subsidy_arousal")]
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "arousal", "x-source" = "assumption", "x-evidence" = "A"))]
    pub arousal: f64,
}

fn default_subsidy_arousal() -> f64 {
    0.2
}

/// A price "posted by mistake": the price falls by the coupon, and people think they have found a loophole.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct MisbidAct {
    /// The product.
    pub product: Name,
    /// The "mistaken" reduction.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "10 (F14)", "x-evidence" = "SEED"))]
    pub reduction: f64,
}

/// More units "by mistake".
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct WrongQuantityAct {
    /// The product.
    pub product: Name,
    /// Units said to come beyond the one paid for.
    #[garde(range(min = 1, max = 10))]
    #[schemars(extend("x-unit" = "units", "x-source" = "two sent for one (F16)", "x-evidence" = "SEED"))]
    pub extra_units: u32,
    /// Units of those that really come.
    #[garde(range(min = 0, max = 10))]
    #[schemars(extend("x-unit" = "units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub delivered_units: u32,
}

/// A countdown on an open link. It is true if something scheduled makes the offer worse when it ends.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CountdownAct {
    /// The product.
    pub product: Name,
    /// How long it runs.
    #[garde(range(min = 1.0, max = 3600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "per script", "x-evidence" = "A"))]
    pub seconds: f64,
}

/// Units come back on sale.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RestockAct {
    /// The product.
    pub product: Name,
    /// Units added.
    #[garde(range(min = 1, max = 100_000_000))]
    #[schemars(extend("x-unit" = "units", "x-source" = "per script", "x-evidence" = "A"))]
    pub units: u32,
}

/// Orders bought from a farm.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BrushOrdersAct {
    /// The product.
    pub product: Name,
    /// The farm.
    pub farm: Name,
    /// How many orders.
    #[garde(range(min = 1, max = 10_000_000))]
    #[schemars(extend("x-unit" = "orders", "x-source" = "per script", "x-evidence" = "A"))]
    pub orders: u64,
    /// How long they take to come in.
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "per script", "x-evidence" = "A"))]
    pub over_seconds: f64,
}

/// What a farm sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// viewers who stay a while
    Views,
    /// likes
    Likes,
    /// comments
    Comments,
    /// follows
    Follows,
    /// clicks on the cart link
    CartClicks,
}

/// Buys a service from a farm.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BuyAct {
    /// What is bought.
    pub service: Service,
    /// From which farm.
    pub farm: Name,
    /// How many.
    #[garde(range(min = 1, max = 1_000_000_000))]
    #[schemars(extend("x-unit" = "accounts or actions", "x-source" = "10,000 for 95 or 30 yuan (F23, F26)", "x-evidence" = "SEED"))]
    pub count: u64,
    /// How long the delivery takes, if the farm has the capacity.
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "under a minute (F24)", "x-evidence" = "SEED"))]
    pub over_seconds: f64,
}

/// Names a product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ProductAct {
    /// The product.
    pub product: Name,
}

/// How coupons are given out in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IssuedBy {
    /// drawn among those who are watching at that moment
    Lottery,
    /// to the first who take one
    FirstCome,
    /// to those who follow the anchor
    Follow,
    /// to those who order for so much in the room
    Order,
}

/// Gives out coupons.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct IssueCouponAct {
    /// The coupon.
    pub coupon: Name,
    /// How.
    pub by: IssuedBy,
    /// How many.
    #[garde(range(min = 1, max = 100_000_000))]
    #[schemars(extend("x-unit" = "coupons", "x-source" = "1,000 in one show (F58)", "x-evidence" = "SEED"))]
    pub count: u32,
    /// How long they can be had, but for a lottery, which is drawn at once.
    #[serde(default = "default_issue_seconds")]
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption: some minutes", "x-evidence" = "A"))]
    pub over_seconds: f64,
    /// What must be ordered for in the room, where they go to those who order.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per script", "x-evidence" = "A"))]
    pub least_order: f64,
}

fn default_issue_seconds() -> f64 {
    300.0
}

/// A later price in the brand's own store.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct OwnStorePriceAct {
    /// The product.
    pub product: Name,
    /// The price there.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per script", "x-evidence" = "A"))]
    pub price: f64,
    /// From when.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
}
