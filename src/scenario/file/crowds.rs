//! Acts about crowds: people called from outside, watchers who type, what is said beside the sale, and farms that take coupons.

use super::Name;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// People come from outside the room, all at about the same time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CallAct {
    /// Who is called, by segment; absent: everybody. Only those come who do not go online on that day by themselves.
    #[serde(default)]
    pub segment: Option<Name>,
    /// Share of them who come.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of consumers", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub reach: f64,
    /// Mean time until somebody who is called comes.
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub over_seconds: f64,
    /// By which way they come.
    pub by: CalledBy,
}

/// By which way people are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalledBy {
    /// an advertisement on the platform, declared as such
    Advertisement,
    /// a link from outside: a celebrity's own channel, a fan club's group
    Link,
}

/// Watchers are asked to type a word, for a gift.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct GiveawayAct {
    /// Share of those watching who type it.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of watchers", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub share: f64,
    /// Within how long.
    #[garde(range(min = 1.0, max = 3_600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub over_seconds: f64,
}

/// Something is said that changes nothing by itself; what it sounds like to a platform's speech-to-text.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RemarkAct {
    /// What it sounds like.
    pub about: Remark,
    /// The product it is about.
    #[serde(default)]
    pub product: Option<Name>,
}

/// What something that is said sounds like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// a price that is wrong, and will be put right
    Mistake,
    /// a quarrel that nobody rehearsed
    Quarrel,
    /// a guest
    Guest,
    /// a gift
    Gift,
    /// how many have been sold so far, which is as the counter says
    Sold,
    /// something else
    Other,
}

/// Accounts of a farm take coupons that a room gives to the first who come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct FarmCouponsAct {
    /// The coupon.
    pub coupon: Name,
    /// The farm.
    pub farm: Name,
    /// How many accounts try.
    #[garde(range(min = 1, max = 10_000_000))]
    #[schemars(extend("x-unit" = "accounts", "x-source" = "per script", "x-evidence" = "A"))]
    pub accounts: u64,
    /// Within how long.
    #[garde(range(min = 1.0, max = 86_400.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "per script", "x-evidence" = "A"))]
    pub over_seconds: f64,
}
