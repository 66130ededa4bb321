//! Suites for detectors: which deceptions, and which honest things that look like them, are put into how many rooms of which market, and at what cost the
//! platform acts on alerts.

use super::{Name, PositiveTrait};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A suite: a market, and what is put into its rooms. Every seed gives a stream of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct SuiteFile {
    /// One line that says what the suite is.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// What it is for, and what is hard about it.
    #[serde(default)]
    pub story: String,
    /// The market: a shipped scenario or the path of one. Its own rooms should deceive nobody.
    #[serde(default = "default_market")]
    pub scenario: String,
    /// Seed of the first development stream; the others follow.
    #[serde(default = "default_development_seed")]
    #[garde(range(min = 0, max = 4_000_000_000_u64))]
    #[schemars(extend("x-unit" = "seed", "x-source" = "assumption", "x-evidence" = "A"))]
    pub development_seed: u64,
    /// Development streams: detectors may learn from them, and thresholds are fixed on them.
    #[serde(default = "default_development_streams")]
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "streams", "x-source" = "assumption", "x-evidence" = "A"))]
    pub development_streams: u32,
    /// Seed of the first test stream; the others follow.
    #[serde(default = "default_test_seed")]
    #[garde(range(min = 0, max = 4_000_000_000_u64))]
    #[schemars(extend("x-unit" = "seed", "x-source" = "assumption", "x-evidence" = "A"))]
    pub test_seed: u64,
    /// Test streams: what is reported is measured on them alone.
    #[serde(default = "default_test_streams")]
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "streams", "x-source" = "assumption: enough for an interval", "x-evidence" = "A"))]
    pub test_streams: u32,
    /// Deceptions, by the name of the tactic.
    #[serde(default)]
    #[garde(dive)]
    pub threats: BTreeMap<Name, ThreatTable>,
    /// Deceptions that go together, by name.
    #[serde(default)]
    #[garde(dive)]
    pub mixtures: BTreeMap<Name, MixtureTable>,
    /// What is honest and looks like a deception, by name.
    #[serde(default)]
    #[garde(dive)]
    pub twins: BTreeMap<Name, TwinTable>,
    /// What honest rooms say.
    #[serde(default)]
    #[garde(dive)]
    pub talk: TalkTable,
    /// What the platform does about alerts, and what that costs.
    #[serde(default)]
    #[garde(dive)]
    pub enforcement: EnforcementTable,
    /// Farms that learn from what was caught; absent: they go on as they do.
    #[serde(default)]
    #[garde(dive)]
    pub adaptive: Option<AdaptiveTable>,
}

fn default_market() -> String {
    "platform_evening".to_owned()
}
fn default_development_seed() -> u64 {
    1_001
}
fn default_development_streams() -> u32 {
    3
}
fn default_test_seed() -> u64 {
    2_001
}
fn default_test_streams() -> u32 {
    5
}

/// A kind of deception.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ThreatKind {
    /// viewers of a protocol farm that come at once and stay long
    LongStays,
    /// viewers of a script that stay for one to three seconds
    ShortScript,
    /// viewers with a phone, a person and an address each
    RealDevices,
    /// bought likes and comments
    LikesAndComments,
    /// bought followers
    Followers,
    /// orders placed and paid by a farm, and refunded later
    BrushedOrders,
    /// a counter price at which the goods were never sold
    InflatedReference,
    /// a price posted "by mistake"
    StagedMisbid,
    /// a quarrel that was rehearsed
    StagedQuarrel,
    /// coupons taken by accounts of a farm
    CouponFarming,
}

impl ThreatKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::LongStays,
        Self::ShortScript,
        Self::RealDevices,
        Self::LikesAndComments,
        Self::Followers,
        Self::BrushedOrders,
        Self::InflatedReference,
        Self::StagedMisbid,
        Self::StagedQuarrel,
        Self::CouponFarming,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LongStays => "long_stays",
            Self::ShortScript => "short_script",
            Self::RealDevices => "real_devices",
            Self::LikesAndComments => "likes_and_comments",
            Self::Followers => "followers",
            Self::BrushedOrders => "brushed_orders",
            Self::InflatedReference => "inflated_reference",
            Self::StagedMisbid => "staged_misbid",
            Self::StagedQuarrel => "staged_quarrel",
            Self::CouponFarming => "coupon_farming",
        }
    }

    /// Whether it is about what is on offer (prices and what is said of them) and not about a room's crowd.
    pub const fn is_about_an_offer(self) -> bool {
        matches!(
            self,
            Self::InflatedReference | Self::StagedMisbid | Self::StagedQuarrel
        )
    }
}

/// A deception as some rooms do it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ThreatTable {
    /// What it is.
    pub kind: ThreatKind,
    /// Share of rooms that do it by itself.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "in all, a quarter to a third of audited rooms in violation (P16)", "x-evidence" = "A"))]
    pub rooms: f64,
    /// Farms that deliver, each as often as any other; none: nobody needs to.
    #[serde(default)]
    pub farms: Vec<Name>,
    /// Farms that deliver in test streams alone, beside the others.
    #[serde(default)]
    pub farms_unknown: Vec<Name>,
    /// How much of it: accounts or actions per real viewer that the room may expect, orders likewise; of prices, the claim over the honest price.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "displayed to true viewers, median 3-10 in fake rooms (B5); 1,599 claimed for 98 (F6)", "x-evidence" = "A"))]
    pub size: PositiveTrait,
    /// The least that is bought.
    #[serde(default = "default_least")]
    #[garde(range(min = 1, max = 1_000_000))]
    #[schemars(extend("x-unit" = "accounts or actions", "x-source" = "assumption: nobody buys less", "x-evidence" = "A"))]
    pub least: u32,
    /// How long the delivery takes.
    #[serde(default = "default_over")]
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "under a minute for viewers (F24)", "x-evidence" = "SEED"))]
    pub over_seconds: f64,
    /// Whether test streams alone have it: nobody can learn from it, or set a threshold by it.
    #[serde(default)]
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "assumption", "x-evidence" = "A"))]
    pub held_out: bool,
}

fn default_least() -> u32 {
    30
}
fn default_over() -> f64 {
    60.0
}

/// Deceptions that go together in one room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct MixtureTable {
    /// Share of rooms that do it.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "assumption", "x-evidence" = "A"))]
    pub rooms: f64,
    /// The threats of which it is made, by name.
    #[garde(length(min = 2, max = 10))]
    pub parts: Vec<Name>,
    /// Whether test streams alone have it.
    #[serde(default)]
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "assumption", "x-evidence" = "A"))]
    pub held_out: bool,
}

/// Something honest that looks like a deception.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TwinKind {
    /// a celebrity drops in, and its public comes along at once
    Celebrity,
    /// visitors bought from the platform, and declared
    PaidTraffic,
    /// a giveaway for which everybody types the same word
    Giveaway,
    /// a price far below the usual for a few minutes
    FlashSale,
    /// a fan club that comes together
    FanClub,
    /// a dormitory behind one network address
    Campus,
    /// a price that really was a mistake, and is put right
    PriceError,
}

impl TwinKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Celebrity,
        Self::PaidTraffic,
        Self::Giveaway,
        Self::FlashSale,
        Self::FanClub,
        Self::Campus,
        Self::PriceError,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Celebrity => "celebrity",
            Self::PaidTraffic => "paid_traffic",
            Self::Giveaway => "giveaway",
            Self::FlashSale => "flash_sale",
            Self::FanClub => "fan_club",
            Self::Campus => "campus",
            Self::PriceError => "price_error",
        }
    }
}

/// Something honest that looks like a deception, as some rooms have it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TwinTable {
    /// What it is.
    pub kind: TwinKind,
    /// Share of rooms that have it.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "assumption: about as many as deceive, so that neither gives itself away by being rare", "x-evidence" = "A"))]
    pub rooms: f64,
    /// People who come, per real viewer that the room may expect; of a giveaway, the share of watchers who type; of prices, the price over the usual one.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption: about as much as is bought elsewhere", "x-evidence" = "A"))]
    pub size: PositiveTrait,
    /// How long it takes.
    #[serde(default = "default_over")]
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption", "x-evidence" = "A"))]
    pub over_seconds: f64,
    /// Segment from which people come; absent: everybody.
    #[serde(default)]
    pub segment: Option<Name>,
}

/// What honest rooms say and claim, so that saying it gives nobody away.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct TalkTable {
    /// Share of offers that are compared with a true counter price.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of offers", "x-source" = "assumption", "x-evidence" = "A"))]
    pub claims: f64,
    /// Share of offers about which a quarrel is heard that nobody rehearsed.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of offers", "x-source" = "assumption", "x-evidence" = "A"))]
    pub quarrels: f64,
    /// Share of offers about which it is said that something is a mistake, without any price changing.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of offers", "x-source" = "assumption", "x-evidence" = "A"))]
    pub mistakes: f64,
    /// Share of offers of which it is called out how many have been sold, truly.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of offers", "x-source" = "assumption", "x-evidence" = "A"))]
    pub sold: f64,
    /// Share of offers whose price is really cut while the link is open.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of offers", "x-source" = "assumption", "x-evidence" = "A"))]
    pub cuts: f64,
    /// Share of rooms that give a coupon to the first who come.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "assumption", "x-evidence" = "A"))]
    pub coupons: f64,
    /// Share of rooms in which a guest is announced who does not come with a public.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "assumption", "x-evidence" = "A"))]
    pub guests: f64,
    /// Share of rooms that announce a guest when a crowd comes that they have bought.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of rooms with a bought crowd", "x-source" = "assumption: as rooms explain where viewers come from", "x-evidence" = "A"))]
    pub guests_with_bought_crowds: f64,
}

impl Default for TalkTable {
    fn default() -> Self {
        Self {
            claims: 0.4,
            quarrels: 0.03,
            mistakes: 0.03,
            sold: 0.4,
            cuts: 0.15,
            coupons: 0.2,
            guests: 0.05,
            guests_with_bought_crowds: 0.2,
        }
    }
}

/// What the platform does about alerts in the paired runs, and what that costs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct EnforcementTable {
    /// Factor on the exposure of a room that was alerted on.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption: platforms limit traffic (C5, 2026 measures, arts 12-14)", "x-evidence" = "A"))]
    pub throttle: f64,
    /// Cost of reviewing an alert about a room.
    #[garde(range(min = 0.0, max = 100_000.0))]
    #[schemars(extend("x-unit" = "yuan per alert", "x-source" = "assumption: half an hour of a reviewer", "x-evidence" = "A"))]
    pub review_room: f64,
    /// Cost of reviewing an alert about an account.
    #[garde(range(min = 0.0, max = 100_000.0))]
    #[schemars(extend("x-unit" = "yuan per alert", "x-source" = "assumption: mostly automatic, appeals by hand", "x-evidence" = "A"))]
    pub review_account: f64,
    /// Cost of reviewing an alert about an order.
    #[garde(range(min = 0.0, max = 100_000.0))]
    #[schemars(extend("x-unit" = "yuan per alert", "x-source" = "assumption: a minute of a reviewer", "x-evidence" = "A"))]
    pub review_order: f64,
    /// Cost of reviewing an alert about an offer.
    #[garde(range(min = 0.0, max = 100_000.0))]
    #[schemars(extend("x-unit" = "yuan per alert", "x-source" = "assumption: ten minutes of a reviewer", "x-evidence" = "A"))]
    pub review_offer: f64,
    /// False alarms about rooms that are put up with when thresholds are fixed on development streams.
    #[garde(range(min = 0.0001, max = 60.0))]
    #[schemars(extend("x-unit" = "false alarms per room and hour", "x-source" = "assumption: one in twenty room-hours", "x-evidence" = "A"))]
    pub false_alarms_per_room_hour: f64,
    /// The same for accounts, orders and offers.
    #[garde(range(min = 0.000001, max = 1.0))]
    #[schemars(extend("x-unit" = "share of honest ones", "x-source" = "assumption: one in a thousand", "x-evidence" = "A"))]
    pub false_positive_rate: f64,
}

impl Default for EnforcementTable {
    fn default() -> Self {
        Self {
            throttle: 0.3,
            review_room: 30.0,
            review_account: 0.2,
            review_order: 1.0,
            review_offer: 10.0,
            false_alarms_per_room_hour: 0.05,
            false_positive_rate: 0.001,
        }
    }
}

/// Farms that see which of their jobs were caught, and change what they offer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct AdaptiveTable {
    /// Evenings after each of which farms change their mix.
    #[garde(range(min = 1, max = 100))]
    #[schemars(extend("x-unit" = "evenings", "x-source" = "assumption", "x-evidence" = "A"))]
    pub rounds: u32,
    /// How strongly a farm goes for what pays: 0 not at all (logit choice over the return on money).
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "per unit of return", "x-source" = "assumption", "x-evidence" = "A"))]
    pub keenness: f64,
    /// Weight of the last evening against all that a farm knew before.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A"))]
    pub learning: f64,
    /// What an account costs a farm that loses it, for accounts that share a device.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "yuan per account", "x-source" = "assumption: a registered number costs some fen to a few yuan", "x-evidence" = "A"))]
    pub account_cost: f64,
    /// The same for an account with a phone of its own.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "yuan per account", "x-source" = "assumption", "x-evidence" = "A"))]
    pub real_account_cost: f64,
    /// What delivering costs a farm, of what it takes for it.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the price", "x-source" = "assumption: servers and proxies", "x-evidence" = "A"))]
    pub running_cost: f64,
    /// The same where every account is a person with a phone.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the price", "x-source" = "assumption: people are paid", "x-evidence" = "A"))]
    pub real_running_cost: f64,
}

impl Default for AdaptiveTable {
    fn default() -> Self {
        Self {
            rounds: 6,
            keenness: 2.0,
            learning: 0.5,
            account_cost: 0.05,
            real_account_cost: 1.5,
            running_cost: 0.2,
            real_running_cost: 0.6,
        }
    }
}
