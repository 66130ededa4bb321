//! A generated market: anchors, brands, products and rooms drawn from distributions, beside the named ones.

use super::{Moment, Name, Probability};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A generated market.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct GenerateTable {
    /// Rooms, one anchor each.
    #[garde(range(min = 1, max = 1_000_000))]
    #[schemars(extend("x-unit" = "rooms", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub rooms: u32,
    /// Earliest and latest moment at which rooms go on air.
    pub on_air_from: Moment,
    /// See `on_air_from`.
    pub on_air_until: Moment,
    /// Evenings on which generated anchors may be on air, day after day from the first on.
    #[serde(default = "one_evening", skip_serializing_if = "is_one_evening")]
    #[garde(range(min = 1, max = 366))]
    #[schemars(extend("x-unit" = "evenings", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub evenings: u32,
    /// Share of evenings on which an anchor is on air; on the first evening all are.
    #[serde(default = "always", skip_serializing_if = "is_always")]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of evenings", "x-source" = "assumption", "x-evidence" = "A"))]
    pub on_air_share: f64,
    /// Spread of anchors' skill around 1 (log scale).
    #[serde(default, skip_serializing_if = "is_nothing")]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub skill_spread: f64,
    /// Spread of how interesting shows are around 1 (log scale): a factor on how long people stay.
    #[serde(default, skip_serializing_if = "is_nothing")]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption; one room held viewers 3 times the average (B1)", "x-evidence" = "A"))]
    pub interest_spread: f64,
    /// Median length of a show (lognormal).
    #[serde(default = "default_show")]
    #[garde(range(min = 5.0, max = 720.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption", "x-evidence" = "A"))]
    pub show_minutes: f64,
    /// Spread of the length of shows (log scale).
    #[serde(default = "default_show_spread")]
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub show_spread: f64,
    /// Median followers of an anchor in the lognormal body.
    #[serde(default = "default_followers")]
    #[garde(range(min = 1.0, max = 1.0e8))]
    #[schemars(extend("x-unit" = "followers", "x-source" = "assumption", "x-evidence" = "A"))]
    pub followers_median: f64,
    /// Spread of followers in the body (log scale).
    #[serde(default = "default_followers_spread")]
    #[garde(range(min = 0.0, max = 4.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub followers_spread: f64,
    /// Share of anchors in the Pareto tail.
    #[serde(default = "default_tail_share")]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption: lognormal body with Pareto tail (B2)", "x-evidence" = "A"))]
    pub tail_share: f64,
    /// Pareto exponent alpha of followers in the tail.
    #[serde(default = "default_tail")]
    #[garde(range(min = 0.5, max = 5.0))]
    #[schemars(extend("x-unit" = "exponent", "x-source" = "0.8-1.2 for 2020 (B2, D)", "x-evidence" = "D"))]
    pub tail_exponent: f64,
    /// Products a room shows, on average (1 + Poisson).
    #[serde(default = "default_products")]
    #[garde(range(min = 1.0, max = 60.0))]
    #[schemars(extend("x-unit" = "products per room", "x-source" = "30 and more in a celebrity room (A4)", "x-evidence" = "A"))]
    pub products_per_room: f64,
    /// Median price of a product (lognormal).
    #[serde(default = "default_price")]
    #[garde(range(min = 1.0, max = 1.0e5))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "order value 60-120 (B1)", "x-evidence" = "A"))]
    pub price_median: f64,
    /// Spread of prices (log scale).
    #[serde(default = "default_price_spread")]
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub price_spread: f64,
    /// What a product sells for elsewhere, over its price in the room (median; log spread 0.1).
    #[serde(default = "default_market")]
    #[garde(range(min = 0.5, max = 5.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption: rooms sell below other shops", "x-evidence" = "A"))]
    pub market_over_price: f64,
    /// Worth of a product to the median person who needs it, over its price in the room (median; log spread 0.15).
    #[serde(default = "default_worth")]
    #[garde(range(min = 0.1, max = 5.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption, so that 3-10 % of views order, gross (B1)", "x-evidence" = "A"))]
    pub worth_over_price: f64,
    /// Cost of making a product, over its price in the room.
    #[serde(default = "default_cost")]
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption", "x-evidence" = "A"))]
    pub cost_over_price: f64,
    /// Units of each product on sale per thousand followers of the anchor (at least 30 in all).
    #[serde(default = "default_stock")]
    #[garde(range(min = 0.0, max = 1.0e4))]
    #[schemars(extend("x-unit" = "units per thousand followers", "x-source" = "assumption: larger rooms bring more stock", "x-evidence" = "A"))]
    pub stock_per_thousand_followers: f64,
    /// Real viewers that a room of median followers is expected to have at a time: bots are bought and orders called out in proportion.
    #[serde(default = "default_viewers")]
    #[garde(range(min = 0.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "viewers", "x-source" = "assumption, near what double11_evening comes to", "x-evidence" = "A"))]
    pub viewers_at_median: f64,
    /// Exponent with which expected viewers grow with followers: below 1, since small rooms are found by chance too.
    #[serde(default = "default_viewers_exponent")]
    #[garde(range(min = 0.0, max = 1.5))]
    #[schemars(extend("x-unit" = "exponent", "x-source" = "assumption, near what double11_evening comes to", "x-evidence" = "A"))]
    pub viewers_exponent: f64,
    /// Categories that generated products fall into, with weights in 0 to 1; absent: all, equally.
    #[serde(default)]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "weight", "x-source" = "assumption", "x-evidence" = "A"))]
    pub categories: BTreeMap<Name, Probability>,
    /// Scripts that rooms play, with shares; what is left plays `honest_pitch`.
    #[serde(default)]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "a quarter to a third of audited rooms in violation (P16)", "x-evidence" = "A"))]
    pub scripts: BTreeMap<Name, Probability>,
    /// Share of rooms that buy viewers.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "unknown; invalid traffic 0.2-0.6 (B5)", "x-evidence" = "A"))]
    pub buying_share: f64,
    /// Farm they buy from; needed where `buying_share` is above 0.
    #[serde(default)]
    pub farm: Option<Name>,
    /// Median of bought viewers per expected real viewer in a buying room (lognormal, spread 0.6).
    #[serde(default = "default_multiple")]
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "displayed to true viewers, median 3-10 in fake rooms (B5)", "x-evidence" = "A"))]
    pub bought_multiple: f64,
    /// Median of the claimed counter price over the honest prior price in rooms that claim one falsely.
    #[serde(default = "default_inflation")]
    #[garde(range(min = 1.0, max = 20.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption; 1,599 for 98 is the extreme (F6)", "x-evidence" = "A"))]
    pub claimed_price_multiple: f64,
}

impl GenerateTable {
    /// Real viewers that a room whose anchor has so many followers is expected to have at a time.
    pub fn expected_viewers(&self, followers: f64) -> f64 {
        let ratio = followers / self.followers_median.max(1.0);
        self.viewers_at_median * libm::pow(ratio, self.viewers_exponent)
    }
}

fn one_evening() -> u32 {
    1
}
fn is_one_evening(evenings: &u32) -> bool {
    *evenings == 1
}
fn always() -> f64 {
    1.0
}
fn is_always(share: &f64) -> bool {
    *share == 1.0
}
fn is_nothing(value: &f64) -> bool {
    *value == 0.0
}
fn default_show() -> f64 {
    150.0
}
fn default_show_spread() -> f64 {
    0.5
}
fn default_market() -> f64 {
    1.1
}
fn default_worth() -> f64 {
    0.9
}
fn default_cost() -> f64 {
    0.5
}
fn default_stock() -> f64 {
    10.0
}
fn default_viewers() -> f64 {
    10.0
}
fn default_viewers_exponent() -> f64 {
    0.5
}
fn default_followers() -> f64 {
    2_000.0
}
fn default_followers_spread() -> f64 {
    1.5
}
fn default_tail_share() -> f64 {
    0.05
}
fn default_tail() -> f64 {
    1.0
}
fn default_products() -> f64 {
    8.0
}
fn default_price() -> f64 {
    90.0
}
fn default_price_spread() -> f64 {
    0.7
}
fn default_multiple() -> f64 {
    5.0
}
fn default_inflation() -> f64 {
    2.0
}
