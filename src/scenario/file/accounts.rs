//! Accounts as a platform sees them: which devices and addresses go with them. Nobody in the market decides by any of it; detectors see it.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Devices and addresses of consumers' accounts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct AccountsTable {
    /// Share of visits over a mobile network, behind an address that many share.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of visits", "x-source" = "assumption: most watch on a phone, half of the time at home", "x-evidence" = "A"))]
    pub mobile_share: f64,
    /// Consumers behind one address of a mobile network.
    #[garde(range(min = 1.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "consumers per address", "x-source" = "assumption: carriers share addresses among many", "x-evidence" = "A"))]
    pub consumers_per_mobile_address: f64,
    /// Share of consumers whose device is used by somebody else of the same home too.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of consumers", "x-source" = "assumption: a tablet or an old phone in the family", "x-evidence" = "A"))]
    pub shared_device_share: f64,
    /// Share of consumers who pay from the wallet or card of their home.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of consumers", "x-source" = "assumption: families share cards", "x-evidence" = "A"))]
    pub shared_wallet_share: f64,
    /// Share of products of which the platform knows at what price they were sold in the last 30 days.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of products", "x-source" = "assumption: others were sold elsewhere, or are new", "x-evidence" = "A"))]
    pub known_price_share: f64,
    /// Share of what is said that speech-to-text takes for something else.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of utterances", "x-source" = "assumption: music and shouting make it hard", "x-evidence" = "A"))]
    pub misheard_share: f64,
    /// Share of rooms' call-outs of what is sold that count other shops too, truly.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of call-outs", "x-source" = "assumption: brands sell the same goods elsewhere", "x-evidence" = "A"))]
    pub other_shops_share: f64,
}

impl Default for AccountsTable {
    fn default() -> Self {
        Self {
            mobile_share: 0.5,
            consumers_per_mobile_address: 200.0,
            shared_device_share: 0.04,
            shared_wallet_share: 0.08,
            known_price_share: 0.85,
            misheard_share: 0.1,
            other_shops_share: 0.35,
        }
    }
}
