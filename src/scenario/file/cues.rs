//! Scripts: promotions as data. A script is a list of cues; a cue is one act at one moment.
//!
//! In a file a cue is a table with `at` and exactly one act:
//!
//! ```toml
//! [[cues]]
//! at = "0:03:00"
//! set_price = { product = "necklace", price = 98 }
//! ```
//!
//! In a script file any value may be a parameter of the script, written `"$price"`; a room that plays the
//! script gives it a value in `with`.

use super::{
    BrushOrdersAct, BuyAct, CallAct, ClaimPriceAct, ClaimSalesAct, CountdownAct, ExciteAct,
    FarmCouponsAct, GiveawayAct, IssueCouponAct, MisbidAct, Name, Offset, OpenLinkAct,
    OwnStorePriceAct, PitchAct, ProductAct, PromiseAct, QuarrelAct, RemarkAct, RestockAct,
    SetPriceAct, ShoutOrdersAct, SubsidyAct, Value, WrongQuantityAct,
};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A named script.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ScriptFile {
    /// One line that says what the script does.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// How it works on people, and where that is known from.
    #[serde(default)]
    pub story: String,
    /// What a room that plays it gives values to, by name.
    #[serde(default)]
    #[garde(dive)]
    pub parameters: BTreeMap<Name, ScriptParameter>,
    /// The cues, in order of time, counted from the start of the script.
    #[garde(dive)]
    pub cues: Vec<CueTable>,
}

/// A parameter of a script.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ScriptParameter {
    /// What it means, with its unit.
    pub meaning: String,
    /// The value where a room gives none; a parameter without one must be given.
    #[serde(default)]
    pub default: Option<Value>,
}

/// A cue: a moment and exactly one act.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CueTable {
    /// When it falls.
    pub at: Offset,
    /// The anchor shows a product and says what it is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub pitch: Option<PitchAct>,
    /// The anchor claims a counter price (F6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub claim_price: Option<ClaimPriceAct>,
    /// The anchor claims a sales figure and a round goal (F5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub claim_sales: Option<ClaimSalesAct>,
    /// The anchor promises a lowest price (F31, F38).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub promise: Option<PromiseAct>,
    /// The link opens: the product can be bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub open_link: Option<OpenLinkAct>,
    /// The price of an open or announced product changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub set_price: Option<SetPriceAct>,
    /// A price is announced before the link opens; it becomes what buyers expect to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub announce_price: Option<SetPriceAct>,
    /// Brand and anchor quarrel over the price; staff shout (F4-F9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub staged_quarrel: Option<QuarrelAct>,
    /// Staff call out orders: the displayed counter jumps (F9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub shout_orders: Option<ShoutOrdersAct>,
    /// Music, shouting, raised voices: arousal (F8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub excite: Option<ExciteAct>,
    /// Somebody says that he pays part of the price (F4-F7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub subsidy: Option<SubsidyAct>,
    /// A coupon or price "posted by mistake" (F14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub misbid: Option<MisbidAct>,
    /// More units "sent by mistake" (F16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub wrong_quantity: Option<WrongQuantityAct>,
    /// A countdown on an open link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub countdown: Option<CountdownAct>,
    /// Units come back on sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub restock: Option<RestockAct>,
    /// Orders are bought: placed by a farm's accounts and refunded later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub brush_orders: Option<BrushOrdersAct>,
    /// Views, likes, comments, follows or cart clicks are bought from a farm (F23-F28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub buy: Option<BuyAct>,
    /// People come from outside the room: a celebrity's public, a fan club, an advertisement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub call: Option<CallAct>,
    /// Watchers type a word, for a gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub giveaway: Option<GiveawayAct>,
    /// Something is said that changes nothing by itself, and that a platform hears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub remark: Option<RemarkAct>,
    /// A farm's accounts take coupons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub farm_coupons: Option<FarmCouponsAct>,
    /// The link closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub close_link: Option<ProductAct>,
    /// Coupons are given out (F41, F58).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub issue_coupon: Option<IssueCouponAct>,
    /// The brand's own store will sell at a price from a later moment on (F41, F58): it breaks promises above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub own_store_price: Option<OwnStorePriceAct>,
}
