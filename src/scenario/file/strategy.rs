//! Strategy: what generated anchors, brands and bot farms may choose from evening to evening, how they learn, and what is pinned (MODEL section 10).

use super::{Name, PositiveTrait};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Anchors, brands and farms choose; absent: they do what the scenario says.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct StrategyTable {
    /// What generated anchors choose from, and how.
    #[garde(dive)]
    pub anchors: AnchorStrategyTable,
    /// Brands that hire anchors, and what they choose from.
    #[garde(dive)]
    pub brands: BrandStrategyTable,
    /// How farms set price, capacity and realism.
    #[garde(dive)]
    pub farms: FarmStrategyTable,
    /// What is not chosen but fixed.
    #[garde(dive)]
    pub pinned: PinnedTable,
}

/// What generated anchors choose from, and how.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct AnchorStrategyTable {
    /// Scripts of the course, beside `honest_pitch`, which everybody knows.
    #[garde(length(max = 16))]
    #[schemars(extend("x-source" = "step price reduction and misbid are taught by name (F13); variants (F16), quarrels (F4)", "x-evidence" = "SEED"))]
    pub scripts: Vec<Name>,
    /// Bought viewers per expected real viewer that can be chosen beside none.
    #[garde(length(max = 8), inner(range(min = 0.01, max = 1000.0)))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "displayed to true viewers, median 3-10 in fake rooms, case 28 (B5, A4)", "x-evidence" = "A"))]
    pub views: Vec<f64>,
    /// Brushed orders per expected real viewer that can be chosen beside none.
    #[garde(length(max = 8), inner(range(min = 0.001, max = 100.0)))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption", "x-evidence" = "A"))]
    pub orders: Vec<f64>,
    /// Claimed price over the honest prior price that can be chosen beside the honest one.
    #[garde(length(max = 8), inner(range(min = 1.01, max = 20.0)))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption; 1,599 for 98 is the extreme (F6)", "x-evidence" = "A"))]
    pub inflation: Vec<f64>,
    /// Whether the lowest price can be promised.
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "lowest price promised (F31, F38)", "x-evidence" = "SEED"))]
    pub promises: bool,
    /// How long a promise holds.
    #[garde(range(min = 0.1, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "price protection 1-26 November: 26 days (F46)", "x-evidence" = "SEED"))]
    pub promise_days: f64,
    /// Price of the course with all scripts.
    #[garde(range(min = 0.0, max = 1.0e5))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "58 yuan (F12)", "x-evidence" = "SEED"))]
    pub course_price: f64,
    /// Probability that an anchor who is on air comes across the course that day.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability an evening on air", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.005, 0.1]))]
    pub course_reach: f64,
    /// Share of anchors who know the course's scripts before the first evening.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of anchors", "x-source" = "assumption: the course was on sale by then (F11); a quarter to a third of rooms in violation (P16)", "x-evidence" = "A", "x-sweep" = [0.1, 0.6]))]
    pub knows_course: f64,
    /// Probability that an anchor takes up a script of another that it hears earned more than its own evening.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability", "x-source" = "assumption: scripts diffuse by imitation (F11)", "x-evidence" = "A", "x-sweep" = [0.02, 0.4]))]
    pub imitation: f64,
    /// Other anchors whose evening an anchor hears of.
    #[garde(range(min = 0, max = 32))]
    #[schemars(extend("x-unit" = "anchors an evening", "x-source" = "assumption", "x-evidence" = "A"))]
    pub hears_of: u32,
    /// What somebody who never tried a script or a trick expects it to add.
    #[garde(range(min = -1.0, max = 5.0))]
    #[schemars(extend("x-unit" = "share of usual earnings", "x-source" = "assumption: what teachers and farms advertise", "x-evidence" = "A", "x-sweep" = [0.0, 0.6]))]
    pub expected_gain: f64,
    /// How far one's own evening moves what one thinks.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the surprise", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.05, 0.4]))]
    pub own_step: f64,
    /// How far another's evening does.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the surprise", "x-source" = "assumption: less than one's own", "x-evidence" = "A", "x-sweep" = [0.0, 0.2]))]
    pub others_step: f64,
    /// Temperature of the choice: how large a difference is a small one.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "share of usual earnings", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.03, 0.3]))]
    pub temperature: f64,
    /// What doing something false costs an anchor in its own eyes, each part of it.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of usual earnings", "x-source" = "assumption, set with the temperature so that a quarter to a third of rooms deceive (P16)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub scruples: PositiveTrait,
    /// Evenings for which what an evening leaves behind is expected to last.
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "evenings", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.0, 30.0]))]
    pub horizon: f64,
    /// Probability with which an evening with something forbidden in it is thought to be punished, before anything has been seen.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability an evening", "x-source" = "0.1-0.3 % a host and year (B7, D) over some 150 evenings", "x-evidence" = "D"))]
    pub expected_punishment: f64,
    /// What a punishment is thought to cost, before any has been seen.
    #[garde(range(min = 0.0, max = 1.0e8))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "65,900 a case, unfair competition, first half of 2021 (B7)", "x-evidence" = "V"))]
    pub expected_fine: f64,
    /// Evenings whose experience that stands for.
    #[garde(range(min = 0.0, max = 1.0e4))]
    #[schemars(extend("x-unit" = "evenings", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [5.0, 100.0]))]
    pub prior_evenings: f64,
    /// Days after which a punishment seen counts half.
    #[garde(range(min = 1.0, max = 1.0e4))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [7.0, 90.0]))]
    pub memory_evenings: f64,
    /// Earnings below which an anchor would rather do something else, as a share of what it first earned of an evening.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of first earnings", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.1, 0.6]))]
    pub leaves_below: f64,
    /// Products of brands that hire an anchor which it shows in an evening, at most.
    #[garde(range(min = 0, max = 60))]
    #[schemars(extend("x-unit" = "products", "x-source" = "assumption; 30 and more in a celebrity room (A4)", "x-evidence" = "A"))]
    pub slots: u32,
}

impl Default for AnchorStrategyTable {
    fn default() -> Self {
        let names = [
            "step_price_reduction",
            "misbid",
            "staged_quarrel",
            "flash_restock",
            "wrong_quantity",
        ];
        Self {
            scripts: names.map(str::to_owned).to_vec(),
            views: vec![3.0, 10.0],
            orders: vec![0.5],
            inflation: vec![2.0, 5.0],
            promises: true,
            promise_days: 26.0,
            course_price: 58.0,
            course_reach: 0.02,
            knows_course: 0.3,
            imitation: 0.1,
            hears_of: 4,
            expected_gain: 0.2,
            own_step: 0.2,
            others_step: 0.05,
            temperature: 0.1,
            scruples: PositiveTrait {
                median: 1.0,
                spread: 1.0,
            },
            horizon: 5.0,
            expected_punishment: 0.000_02,
            expected_fine: 65_900.0,
            prior_evenings: 30.0,
            memory_evenings: 30.0,
            leaves_below: 0.3,
            slots: 4,
        }
    }
}

/// Brands that hire anchors, beside those that stream for themselves.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct BrandStrategyTable {
    /// Brands without a room of their own: each hires an anchor for an evening, or none.
    #[garde(range(min = 0, max = 1_000_000))]
    #[schemars(extend("x-unit" = "brands", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub count: u32,
    /// Products that such a brand has shown.
    #[garde(range(min = 1, max = 60))]
    #[schemars(extend("x-unit" = "products", "x-source" = "assumption", "x-evidence" = "A"))]
    pub products: u32,
    /// Anchors that a brand considers for an evening, beside the one it hired last.
    #[garde(range(min = 1, max = 64))]
    #[schemars(extend("x-unit" = "anchors", "x-source" = "assumption", "x-evidence" = "A"))]
    pub considers: u32,
    /// What a place costs per viewer that the anchor's last evening had on display, at its peak.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "yuan per displayed viewer", "x-source" = "assumption: some ten views a viewer at the peak, at 0.02 yuan a view as 100,000 yuan for 4.603 M views shown (A4)", "x-evidence" = "A", "x-sweep-factor" = [0.2, 5.0]))]
    pub fee_per_viewer: f64,
    /// Temperature of choices, as a share of what an evening usually earns.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "share of usual earnings", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.03, 0.5]))]
    pub temperature: f64,
    /// How far an evening moves what a brand thinks.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the surprise", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.05, 0.4]))]
    pub own_step: f64,
    /// Days between two decisions about redress and prices.
    #[garde(range(min = 1, max = 365))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption", "x-evidence" = "A"))]
    pub reviews_every: u32,
    /// By how much a brand may cut its prices for an evening.
    #[garde(range(min = 0.0, max = 0.9))]
    #[schemars(extend("x-unit" = "share of the price", "x-source" = "assumption; 899 and less than 600 (F57, F60)", "x-evidence" = "A", "x-sweep" = [0.05, 0.3]))]
    pub price_cut: f64,
    /// Days after a claim within which a generous brand takes goods back.
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption", "x-evidence" = "A"))]
    pub generous_days: f64,
    /// What keeping its word is worth to a brand in its own eyes.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of usual earnings", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub scruples: PositiveTrait,
}

impl Default for BrandStrategyTable {
    fn default() -> Self {
        Self {
            count: 0,
            products: 2,
            considers: 5,
            fee_per_viewer: 0.2,
            temperature: 0.15,
            own_step: 0.2,
            reviews_every: 2,
            price_cut: 0.12,
            generous_days: 15.0,
            scruples: PositiveTrait {
                median: 0.1,
                spread: 1.0,
            },
        }
    }
}

/// How farms set price, capacity and realism.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct FarmStrategyTable {
    /// Whether farms choose at all.
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "assumption", "x-evidence" = "A"))]
    pub choose: bool,
    /// What 10,000 viewers cost a farm that takes no pains with them.
    #[garde(range(min = 0.0, max = 1.0e5))]
    #[schemars(extend("x-unit" = "yuan per 10,000", "x-source" = "assumption, below the lowest bidder's 30 yuan (F26)", "x-evidence" = "A", "x-sweep" = [5.0, 28.0]))]
    pub cost: f64,
    /// Prices over cost that a farm chooses from.
    #[garde(length(min = 1, max = 12), inner(range(min = 0.1, max = 100.0)))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "assumption; 95 yuan in July, 30 in November (F23, F26)", "x-evidence" = "A"))]
    pub markups: Vec<f64>,
    /// Levels of realism above a farm's own, up to a person with a phone for each account.
    #[garde(range(min = 0, max = 10))]
    #[schemars(extend("x-unit" = "levels", "x-source" = "assumption; \"real machine interaction, automatic like, automatic reply\" (F28)", "x-evidence" = "A"))]
    pub realism_levels: u32,
    /// What a level of realism adds to cost.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "share of cost", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.2, 3.0]))]
    pub realism_cost: f64,
    /// Share of an evening's rooms or accounts found out from which a farm takes more pains.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A", "x-sweep" = [0.01, 0.2]))]
    pub bears_caught: f64,
    /// By how much a farm's capacity grows where orders were left waiting and it earned, or shrinks where most of it idled.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share an evening", "x-source" = "assumption; small orders queue, \"too many people do it\" (F27)", "x-evidence" = "A"))]
    pub capacity_step: f64,
    /// How far an evening moves what a farm thinks of a price.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the surprise", "x-source" = "assumption", "x-evidence" = "A"))]
    pub own_step: f64,
    /// Temperature of a farm's choice of price, as a share of its usual earnings.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "share of usual earnings", "x-source" = "assumption", "x-evidence" = "A"))]
    pub temperature: f64,
    /// Temperature of anchors' choice among farms, on the logarithm of the price per viewer who came.
    #[garde(range(min = 0.001, max = 10.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption: buyers go to the lowest bidder (F26)", "x-evidence" = "A", "x-sweep" = [0.05, 0.6]))]
    pub buyers_temperature: f64,
}

impl Default for FarmStrategyTable {
    fn default() -> Self {
        Self {
            choose: true,
            cost: 20.0,
            markups: vec![1.1, 1.5, 2.2, 3.2, 4.75],
            realism_levels: 3,
            realism_cost: 0.5,
            bears_caught: 0.02,
            capacity_step: 0.1,
            own_step: 0.2,
            temperature: 0.2,
            buyers_temperature: 0.15,
        }
    }
}

/// What is not chosen but fixed, by name; `all` for everybody who has no entry of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct PinnedTable {
    /// Anchors.
    #[garde(dive)]
    pub anchors: BTreeMap<Name, PinnedAnchor>,
    /// Brands.
    #[garde(dive)]
    pub brands: BTreeMap<Name, PinnedBrand>,
    /// Farms.
    #[garde(dive)]
    pub farms: BTreeMap<Name, PinnedFarm>,
}

/// What an anchor does whatever it has learnt; what is left out it chooses.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct PinnedAnchor {
    /// The script: `honest_pitch` or one of `strategy.anchors.scripts`.
    pub script: Option<Name>,
    /// Bought viewers: 0 or one of `strategy.anchors.views`.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub views: Option<f64>,
    /// Brushed orders: 0 or one of `strategy.anchors.orders`.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub orders: Option<f64>,
    /// Claimed over prior price: 1 or one of `strategy.anchors.inflation`.
    #[garde(range(min = 1.0, max = 20.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub inflation: Option<f64>,
    /// Whether it promises the lowest price.
    pub promises: Option<bool>,
    /// Whether it stays, whatever it earns.
    pub stays: Option<bool>,
}

/// What a brand gives to those who complain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedressPolicy {
    /// "No change after purchase" (F22); replays are deleted where that serves.
    Refuse,
    /// What the terms of the platform say; replays are deleted where that serves.
    Terms,
    /// More than the terms; replays are left alone.
    Generous,
}

/// What a brand does whatever it has learnt; what is left out it chooses.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct PinnedBrand {
    /// What it gives to those who complain.
    pub redress: Option<RedressPolicy>,
    /// Whether it cuts prices.
    pub cuts: Option<bool>,
    /// `true`: it hires the best that it finds, worth its fee or not; `false`: nobody.
    pub hires: Option<bool>,
}

/// What a farm does whatever it has learnt; what is left out it chooses.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct PinnedFarm {
    /// Whether it keeps the price that `[farms]` says.
    pub price: Option<bool>,
    /// Whether it keeps the behaviour that `[farms]` says.
    pub realism: Option<bool>,
    /// Whether it keeps the capacity that `[farms]` says.
    pub capacity: Option<bool>,
}
