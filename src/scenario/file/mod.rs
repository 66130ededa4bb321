//! The scenario file as its author writes it: one struct per TOML table.
//!
//! These structs are the only place where a parameter is declared. From one declaration come
//!
//! * reading (serde) and the range check (garde),
//! * the JSON Schema that editors complete from, and the checker that finds every error with its place
//!   (`scenario::check` walks the document along that schema),
//! * `yellowcart explain` and the parameter table of docs/odd.md (`scenario::registry`).
//!
//! So every field carries: a doc comment (its meaning), a range (`garde`), a unit, a source and an evidence
//! code (`schemars(extend(...))`: `x-unit`, `x-source`, `x-evidence`). Evidence codes are those of
//! FACTS.md: SEED, V, VS, S, D, R, A (A = assumption). An assumption also says within what it is plausible, which is much narrower
//! than what is allowed, where it can be said: `x-sweep` (a range of values), `x-sweep-factor` (a range of factors on the scenario's own
//! value) or `x-sweep-odds` (the same on the odds of a share, which stays a share); `compare --uncertainty` redraws it there, a trait by
//! its median. Structure (sizes, seeds, clock, recording) is not swept. Nothing here is read by the market: `scenario::resolve` turns
//! a checked file into [`crate::scenario::Scenario`], which is plain numbers and indices.

mod accounts;
mod acts;
mod aftermath;
mod behaviour;
mod crowds;
mod cues;
mod generate;
mod lesson;
mod market;
mod population;
mod promotions;
mod regime;
mod sourced;
mod strategy;
mod study;
mod suite;
mod units;

pub use accounts::*;
pub use acts::*;
pub use aftermath::*;
pub use behaviour::*;
pub use crowds::*;
pub use cues::*;
pub use generate::*;
pub use lesson::*;
pub use market::*;
pub use population::*;
pub use promotions::*;
pub use regime::*;
pub use sourced::*;
pub use strategy::*;
pub use study::*;
pub use suite::*;
pub use units::*;

use super::scripts::ScriptTemplate;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A live-commerce market and an evening (or several) in it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ScenarioFile {
    /// One line that says what the scenario is.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// What happened, in the words of somebody who tells it.
    #[serde(default)]
    pub story: String,
    /// What to look for in the results.
    #[serde(default)]
    pub look_for: Vec<String>,
    /// Seed of every random draw; `--seed` overrides it.
    #[serde(default = "default_seed")]
    #[schemars(extend("x-unit" = "none", "x-source" = "the date of the festival", "x-evidence" = "A"))]
    pub seed: u64,
    /// When the simulation starts and ends, and how finely it ticks.
    #[garde(dive)]
    pub clock: ClockTable,
    /// The consumers.
    #[garde(dive)]
    pub population: PopulationTable,
    /// Kinds of goods, by name; a consumer needs a kind or does not.
    #[garde(dive)]
    pub categories: BTreeMap<Name, CategoryTable>,
    /// Streamers, by name.
    #[serde(default)]
    #[garde(dive)]
    pub anchors: BTreeMap<Name, AnchorTable>,
    /// Sellers, by name.
    #[serde(default)]
    #[garde(dive)]
    pub brands: BTreeMap<Name, BrandTable>,
    /// Goods, by name.
    #[serde(default)]
    #[garde(dive)]
    pub products: BTreeMap<Name, ProductTable>,
    /// Live rooms, by name.
    #[serde(default)]
    #[garde(dive)]
    pub rooms: BTreeMap<Name, RoomTable>,
    /// Bot farms, by name.
    #[serde(default)]
    #[garde(dive)]
    pub farms: BTreeMap<Name, FarmTable>,
    /// Coupons, by name.
    #[serde(default)]
    #[garde(dive)]
    pub coupons: BTreeMap<Name, CouponTable>,
    /// Prices outside of the rooms, by name.
    #[serde(default)]
    #[garde(dive)]
    pub shelf: BTreeMap<Name, ShelfTable>,
    /// Promises made outside of the rooms, by name.
    #[serde(default)]
    #[garde(dive)]
    pub promises: BTreeMap<Name, PromiseTable>,
    /// Baskets that the audit prices, by name.
    #[serde(default)]
    #[garde(dive)]
    pub baskets: BTreeMap<Name, BasketTable>,
    /// Scripts written in this file, by name; they come before shipped scripts of the same name.
    #[serde(default)]
    pub scripts: BTreeMap<Name, ScriptTemplate>,
    /// A generated market beside the named one.
    #[serde(default)]
    #[garde(dive)]
    pub generate: Option<GenerateTable>,
    /// Anchors, brands and farms of the generated market choose, evening after evening; absent: they do what `[generate]` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub strategy: Option<StrategyTable>,
    /// How people look, believe and decide.
    #[serde(default)]
    #[garde(dive)]
    pub behaviour: BehaviourTable,
    /// How the platform ranks rooms.
    #[serde(default)]
    #[garde(dive)]
    pub ranking: RankingTable,
    /// The platform's terms.
    #[serde(default)]
    #[garde(dive)]
    pub platform: PlatformTable,
    /// Devices and addresses of accounts, as detectors see them.
    #[serde(default)]
    #[garde(dive)]
    pub accounts: AccountsTable,
    /// What happens after the sale.
    #[serde(default)]
    #[garde(dive)]
    pub aftermath: AftermathTable,
    /// What is written down while the market runs.
    #[serde(default)]
    #[garde(dive)]
    pub recording: RecordingTable,
    /// The rules in force: the name of a shipped regime or the path of a regime file.
    #[serde(default = "default_regime")]
    pub regime: String,
}

fn default_seed() -> u64 {
    20_201_111
}

fn default_regime() -> String {
    "none".to_owned()
}

/// When the simulation starts and ends, and how finely it ticks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ClockTable {
    /// First simulated moment, market time, as "2020-11-11 19:30".
    pub start: Moment,
    /// Last simulated moment, market time.
    pub end: Moment,
    /// Length of a live tick. It must divide the display period.
    #[serde(default = "default_tick")]
    #[garde(range(min = 0.5, max = 10.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "bots add 6,000 viewers within a minute (F24)", "x-evidence" = "A"))]
    pub tick_seconds: f64,
    /// How often displayed counters and ranks refresh.
    #[serde(default = "default_display_period")]
    #[garde(range(min = 1.0, max = 120.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption: a counter that refreshes every ten seconds", "x-evidence" = "A"))]
    pub display_period_seconds: f64,
    /// Hour at which one simulated day ends and the next begins: records close and a checkpoint is written.
    #[serde(default = "default_day_starts")]
    #[garde(range(min = 0.0, max = 23.0))]
    #[schemars(extend("x-unit" = "hour of the day", "x-source" = "assumption: nobody is live at six in the morning", "x-evidence" = "A"))]
    pub day_starts_hour: f64,
}

fn default_tick() -> f64 {
    5.0
}
fn default_display_period() -> f64 {
    10.0
}
fn default_day_starts() -> f64 {
    6.0
}

/// What is written down while the market runs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct RecordingTable {
    /// Seconds between two frames of a named room.
    #[garde(range(min = 1.0, max = 3600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption: the display period", "x-evidence" = "A"))]
    pub named_rooms_every_seconds: f64,
    /// Seconds between two frames of a generated room.
    #[garde(range(min = 1.0, max = 3600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption: one frame a minute keeps 28,000 rooms small", "x-evidence" = "A"))]
    pub generated_rooms_every_seconds: f64,
    /// Write every order with its decision.
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "assumption", "x-evidence" = "A"))]
    pub orders: bool,
}

impl Default for RecordingTable {
    fn default() -> Self {
        Self {
            named_rooms_every_seconds: 10.0,
            generated_rooms_every_seconds: 60.0,
            orders: true,
        }
    }
}
