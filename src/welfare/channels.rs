//! The channels of manipulation (MODEL section 6): what harm is attributed to.

use serde::{Deserialize, Serialize};

/// Number of channels.
pub const CHANNELS: usize = 8;

/// A channel through which a display can differ from the honest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(usize)]
pub enum Channel {
    /// A claimed counter price above the honest prior price.
    ReferencePrice = 0,
    /// Quality claimed or implied beyond the real worth.
    ClaimedQuality = 1,
    /// Displayed orders beyond the real ones.
    Orders = 2,
    /// Displayed viewers beyond the real ones.
    Viewers = 3,
    /// False countdowns and false stock.
    Scarcity = 4,
    /// A bargain presented as a mistake.
    Windfall = 5,
    /// Arousal from staged cues and bots.
    Arousal = 6,
    /// A lowest-price promise that what is scheduled breaks.
    Promise = 7,
}

impl Channel {
    /// All channels, in order of their index.
    pub const ALL: [Channel; CHANNELS] = [
        Channel::ReferencePrice,
        Channel::ClaimedQuality,
        Channel::Orders,
        Channel::Viewers,
        Channel::Scarcity,
        Channel::Windfall,
        Channel::Arousal,
        Channel::Promise,
    ];

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        [
            "reference_price",
            "claimed_quality",
            "orders",
            "viewers",
            "scarcity",
            "windfall",
            "arousal",
            "promise",
        ][self as usize]
    }

    /// The name in figures and summaries.
    pub fn title(self) -> &'static str {
        [
            "false reference price",
            "claimed quality",
            "inflated orders",
            "inflated viewers",
            "false scarcity",
            "staged windfall",
            "staged arousal",
            "false promise",
        ][self as usize]
    }
}
