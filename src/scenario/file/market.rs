//! The few and rich of the market: categories, anchors, brands, products, rooms and farms.

use super::{BackgroundTable, CueTable, Moment, Name, Offset};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of goods.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CategoryTable {
    /// Probability that a consumer needs this kind in the campaign; a segment may say otherwise.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability", "x-source" = "assumption, so that 3-10 % of views order, gross (B1)", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub need: f64,
}

/// A streamer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct AnchorTable {
    /// Followers in the real world; consumers of the model follow anchors in proportion to them.
    #[garde(range(min = 0.0, max = 1.0e9))]
    #[schemars(extend("x-unit" = "followers", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub followers: f64,
    /// Skill at rousing a room: what every arousing cue is multiplied by.
    #[serde(default = "one")]
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption", "x-evidence" = "A"))]
    pub skill: f64,
    /// Reputation: what every consumer's trust in this anchor is multiplied by.
    #[serde(default = "one")]
    #[garde(range(min = 0.0, max = 1.5))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption", "x-evidence" = "A"))]
    pub reputation: f64,
    /// Commission on paid sales.
    #[serde(default = "default_commission")]
    #[garde(range(min = 0.0, max = 0.8))]
    #[schemars(extend("x-unit" = "share of the price", "x-source" = "about 20 % common (B6)", "x-evidence" = "V"))]
    pub commission: f64,
    /// Fee that the brand pays for a place in the evening, per product shown.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "100,000 for a celebrity (A4)", "x-evidence" = "V"))]
    pub slot_fee: f64,
}

fn one() -> f64 {
    1.0
}
fn default_commission() -> f64 {
    0.2
}

/// A seller.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct BrandTable {
    /// The name that is shown.
    pub shown_as: String,
    /// Days after delivery within which it takes goods back by its own terms; 0: "no change after purchase".
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "7 days is usual on the platforms (C1, art 25); no exchange (F22)", "x-evidence" = "A"))]
    pub return_days: f64,
    /// Whether it deletes the replay of a room when a complaint arrives that the replay would prove, where nothing forbids it.
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "the replay was deleted a day after a buyer had sent it in (F49)", "x-evidence" = "A"))]
    pub deletes_replays: bool,
}

impl Default for BrandTable {
    fn default() -> Self {
        Self {
            shown_as: String::new(),
            return_days: 7.0,
            deletes_replays: true,
        }
    }
}

/// A stock-keeping unit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ProductTable {
    /// The brand that sells it.
    pub brand: Name,
    /// The kind of goods it is.
    pub category: Name,
    /// What it is worth to the median person who needs it.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub worth: f64,
    /// What it sells for elsewhere.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub market_price: f64,
    /// The honest prior price: what it was really sold at before the show. A claimed price above it is false.
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub honest_prior_price: f64,
    /// The price it is listed at before anybody grants anything; absent: the highest that is posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 0.01, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "1,499 (F57)", "x-evidence" = "SEED"))]
    pub list_price: Option<f64>,
    /// What a unit costs to make.
    #[garde(range(min = 0.0, max = 1.0e7))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub cost: f64,
    /// What the buyer bears of freight and risk beside the price.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 1.0e5))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "assumption", "x-evidence" = "A"))]
    pub freight: f64,
    /// Share of units that are defective.
    #[serde(default = "default_defects")]
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption; 29 of 80 batches below standard in one survey of rooms (B7)", "x-evidence" = "A"))]
    pub defect_share: f64,
    /// Units that one consumer wants.
    #[serde(default = "one_unit")]
    #[garde(range(min = 1, max = 20))]
    #[schemars(extend("x-unit" = "units", "x-source" = "assumption", "x-evidence" = "A"))]
    pub units_wanted: u32,
}

/// Share of units that are defective, where nothing else is said.
pub fn default_defects() -> f64 {
    0.07
}

fn one_unit() -> u32 {
    1
}

/// A live room: an anchor on air for a while, playing scripts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RoomTable {
    /// The anchor who streams.
    pub anchor: Name,
    /// When the room goes on air.
    pub on_air: Moment,
    /// When it goes off air.
    pub off_air: Moment,
    /// Promotion bought from the platform openly: a factor on the room's exposure.
    #[serde(default = "one")]
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption", "x-evidence" = "A"))]
    pub promotion: f64,
    /// Interest of the show: a factor on how long people stay.
    #[serde(default = "one")]
    #[garde(range(min = 0.1, max = 20.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "one room held viewers 3 times the average (B1)", "x-evidence" = "A"))]
    pub interest: f64,
    /// The catalogue shown before the evening.
    #[serde(default)]
    #[garde(dive)]
    pub preview: Option<PreviewTable>,
    /// A crowd outside the model that watches this room.
    #[serde(default)]
    #[garde(dive)]
    pub background: Option<BackgroundTable>,
    /// Scripts that the room plays, each from an offset on.
    #[serde(default)]
    #[garde(dive)]
    pub play: Vec<PlayTable>,
    /// Cues of the room's own.
    #[serde(default)]
    #[garde(dive)]
    pub cues: Vec<CueTable>,
}

/// A catalogue shown before the evening: who sees it and needs something in it plans to come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PreviewTable {
    /// Products in the catalogue.
    #[garde(length(min = 1, max = 200))]
    pub products: Vec<Name>,
    /// Share of consumers who see it.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A"))]
    pub reach: f64,
    /// Mean lateness of those who come: they forget the time (F34).
    #[garde(range(min = 0.0, max = 240.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption; a buyer forgot the time and found it nearly sold out (F34)", "x-evidence" = "A"))]
    pub lateness_minutes: f64,
}

/// A script played in a room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PlayTable {
    /// Name of the script: one of this file, a shipped one, or the path of a script file.
    pub script: String,
    /// When its first cue falls.
    #[serde(default)]
    pub at: Offset,
    /// Values for the script's parameters.
    #[serde(default)]
    pub with: BTreeMap<Name, Value>,
}

/// A value given to a script's parameter: a number, a text or yes/no.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// true or false
    Flag(bool),
    /// a whole number
    Whole(i64),
    /// a number
    Number(f64),
    /// a name or a text
    Text(String),
}

/// A bot farm.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct FarmTable {
    /// Price of 10,000 viewers.
    #[garde(range(min = 0.0, max = 1.0e5))]
    #[schemars(extend("x-unit" = "yuan per 10,000", "x-source" = "95 in July, 30 in November 2020 (F23, F26)", "x-evidence" = "SEED"))]
    pub views_price: f64,
    /// Price of 10,000 likes.
    #[garde(range(min = 0.0, max = 1.0e5))]
    #[schemars(extend("x-unit" = "yuan per 10,000", "x-source" = "assumption", "x-evidence" = "A"))]
    pub likes_price: f64,
    /// Price of 10,000 comments.
    #[garde(range(min = 0.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "yuan per 10,000", "x-source" = "assumption", "x-evidence" = "A"))]
    pub comments_price: f64,
    /// Price of 10,000 follows.
    #[garde(range(min = 0.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "yuan per 10,000", "x-source" = "assumption", "x-evidence" = "A"))]
    pub follows_price: f64,
    /// Price of 10,000 clicks on the cart link.
    #[garde(range(min = 0.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "yuan per 10,000", "x-source" = "assumption", "x-evidence" = "A"))]
    pub cart_clicks_price: f64,
    /// Price of one brushed order, beside the price of the goods.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "yuan per order", "x-source" = "about US$ 0.21 a task to the market (B6, Xu et al. 2015)", "x-evidence" = "D"))]
    pub brushed_order_price: f64,
    /// How many bot accounts it can put to work in a second, over all orders: what is beyond queues (F27).
    #[garde(range(min = 0.01, max = 1.0e6))]
    #[schemars(extend("x-unit" = "accounts per second", "x-source" = "at least 100 a second (F24, D)", "x-evidence" = "D"))]
    pub accounts_per_second: f64,
    /// How long a bought viewer stays (median).
    #[garde(range(min = 0.01, max = 1440.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption; scripts of 1-3 s are known too", "x-evidence" = "A"))]
    pub view_minutes: f64,
    /// Spread of how long its viewers stay; 0: all for exactly as long (lognormal).
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption: scripts stay as long as they are told", "x-evidence" = "A"))]
    pub view_spread: f64,
    /// Accounts that it has; any that is free is sent.
    #[garde(range(min = 1, max = 1_000_000_000))]
    #[schemars(extend("x-unit" = "accounts", "x-source" = "assumption: it sells 10,000 viewers at a time (F23)", "x-evidence" = "A"))]
    pub accounts: u32,
    /// Accounts on one device: 1 for a person with a phone (F28), many for an emulator.
    #[garde(range(min = 1, max = 1_000_000))]
    #[schemars(extend("x-unit" = "accounts per device", "x-source" = "assumption", "x-evidence" = "A"))]
    pub accounts_per_device: u32,
    /// Accounts behind one network address.
    #[garde(range(min = 1, max = 1_000_000))]
    #[schemars(extend("x-unit" = "accounts per address", "x-source" = "assumption", "x-evidence" = "A"))]
    pub accounts_per_address: u32,
    /// Accounts that pay from one wallet and have goods sent to one address.
    #[garde(range(min = 1, max = 1_000_000))]
    #[schemars(extend("x-unit" = "accounts per wallet", "x-source" = "assumption", "x-evidence" = "A"))]
    pub accounts_per_wallet: u32,
    /// Likes that a viewer of it gives by itself (F28: automatic like).
    #[garde(range(min = 0.0, max = 60.0))]
    #[schemars(extend("x-unit" = "likes per viewer and minute", "x-source" = "assumption", "x-evidence" = "A"))]
    pub likes_per_minute: f64,
    /// Comments that a viewer of it writes by itself (F28: automatic reply).
    #[garde(range(min = 0.0, max = 60.0))]
    #[schemars(extend("x-unit" = "comments per viewer and minute", "x-source" = "assumption", "x-evidence" = "A"))]
    pub comments_per_minute: f64,
    /// Clicks on what is on sale that a viewer of it makes by itself, and somebody who looks around before an order.
    #[garde(range(min = 0.0, max = 60.0))]
    #[schemars(extend("x-unit" = "clicks per account and minute", "x-source" = "assumption", "x-evidence" = "A"))]
    pub clicks_per_minute: f64,
    /// Share of its orders before which the account looks around in the room and clicks on the cart.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of brushed orders", "x-source" = "assumption: tools order at once, part-time brushers are told to browse", "x-evidence" = "A"))]
    pub browse_share: f64,
    /// How long the account looks around before such an order (mean).
    #[garde(range(min = 0.01, max = 120.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption", "x-evidence" = "A"))]
    pub browse_minutes: f64,
    /// Share of its accounts that come into a room as followers; none comes by advertisements, which are paid for and declared.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of accounts in a room", "x-source" = "assumption", "x-evidence" = "A"))]
    pub follow_share: f64,
    /// Share that comes by a link from outside; the rest comes by the platform's list.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of accounts in a room", "x-source" = "assumption", "x-evidence" = "A"))]
    pub link_share: f64,
}

impl Default for FarmTable {
    fn default() -> Self {
        Self {
            views_price: 30.0,
            likes_price: 10.0,
            comments_price: 300.0,
            follows_price: 200.0,
            cart_clicks_price: 50.0,
            brushed_order_price: 1.4,
            accounts_per_second: 150.0,
            view_minutes: 60.0,
            view_spread: 0.0,
            accounts: 200_000,
            accounts_per_device: 20,
            accounts_per_address: 50,
            accounts_per_wallet: 20,
            likes_per_minute: 0.0,
            comments_per_minute: 0.0,
            clicks_per_minute: 0.0,
            browse_share: 0.0,
            browse_minutes: 1.0,
            follow_share: 0.12,
            link_share: 0.18,
        }
    }
}
