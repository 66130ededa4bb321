//! A regime file: the rules in force, as data (MODEL section 9).
//!
//! Only rules that act during the live phase are here so far; the rules of the aftermath join this table
//! together with the mechanisms that carry them out.

use super::Moment;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A regime: the rules in force.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RegimeFile {
    /// One line that says what the regime is.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// Where it comes from and what is assumed.
    #[serde(default)]
    pub story: String,
    /// The moment from which it holds; absent: always.
    #[serde(default)]
    pub from: Option<Moment>,
    /// Displayed viewer and order counters must be the real ones.
    #[serde(default)]
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "MODEL 9, disclosure of real counters; a counterfactual", "x-evidence" = "A"))]
    pub disclose_real_counters: bool,
    /// A claimed counter price above the honest prior price may not be shown (reference-price rule).
    #[serde(default)]
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "lowest prior price of 7 or 30 days as the base of a reduction (C3, C5)", "x-evidence" = "V"))]
    pub substantiate_claimed_prices: bool,
}
