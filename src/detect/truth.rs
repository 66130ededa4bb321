//! The truth behind a stream, which detectors never see: who was bought, what was staged, and from when it could be noticed.

use super::event::{Event, Millis, Token};
use crate::scenario::Id;
use serde::{Deserialize, Serialize};

/// A kind of deception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threat {
    /// Viewers of a protocol farm that come at once and stay long.
    LongStays,
    /// Viewers of a script that stay for one to three seconds.
    ShortScript,
    /// Viewers with a phone, a person and an address each.
    RealDevices,
    /// Bought likes and comments.
    LikesAndComments,
    /// Bought followers.
    Followers,
    /// Orders placed and paid by a farm, and refunded later.
    BrushedOrders,
    /// A counter price at which the goods were never sold.
    InflatedReference,
    /// A price posted "by mistake".
    StagedMisbid,
    /// A quarrel that was rehearsed.
    StagedQuarrel,
    /// Coupons taken by accounts of a farm.
    CouponFarming,
}

impl Threat {
    /// All of them.
    pub const ALL: [Threat; 10] = [
        Threat::LongStays,
        Threat::ShortScript,
        Threat::RealDevices,
        Threat::LikesAndComments,
        Threat::Followers,
        Threat::BrushedOrders,
        Threat::InflatedReference,
        Threat::StagedMisbid,
        Threat::StagedQuarrel,
        Threat::CouponFarming,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Threat::LongStays => "long_stays",
            Threat::ShortScript => "short_script",
            Threat::RealDevices => "real_devices",
            Threat::LikesAndComments => "likes_and_comments",
            Threat::Followers => "followers",
            Threat::BrushedOrders => "brushed_orders",
            Threat::InflatedReference => "inflated_reference",
            Threat::StagedMisbid => "staged_misbid",
            Threat::StagedQuarrel => "staged_quarrel",
            Threat::CouponFarming => "coupon_farming",
        }
    }

    /// Whether it is about what is on offer (prices and what is said of them) and not about a room's crowd.
    pub const fn is_about_an_offer(self) -> bool {
        matches!(
            self,
            Threat::InflatedReference | Threat::StagedMisbid | Threat::StagedQuarrel
        )
    }
}

/// Something honest that looks like a deception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Twin {
    /// A celebrity drops in and its public comes along at once.
    Celebrity,
    /// Visitors bought from the platform, and declared.
    PaidTraffic,
    /// A giveaway for which everybody types the same word.
    Giveaway,
    /// A few hundred units at a price far below the usual.
    FlashSale,
    /// A fan club that comes together, likes, comments and stays.
    FanClub,
    /// A dormitory behind one network address.
    Campus,
    /// A price that really was a mistake, and is put right.
    PriceError,
}

impl Twin {
    /// All of them.
    pub const ALL: [Twin; 7] = [
        Twin::Celebrity,
        Twin::PaidTraffic,
        Twin::Giveaway,
        Twin::FlashSale,
        Twin::FanClub,
        Twin::Campus,
        Twin::PriceError,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Twin::Celebrity => "celebrity",
            Twin::PaidTraffic => "paid_traffic",
            Twin::Giveaway => "giveaway",
            Twin::FlashSale => "flash_sale",
            Twin::FanClub => "fan_club",
            Twin::Campus => "campus",
            Twin::PriceError => "price_error",
        }
    }
}

/// A deception: one threat in one room. A mixture is several with the same `plan`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Number within the stream, from 0.
    pub campaign: u32,
    /// Number of the plan that it belongs to; parts of a mixture share it.
    pub plan: u32,
    /// What it is.
    pub threat: Threat,
    /// The way in which it is done, as the suite calls it.
    pub tactic: String,
    /// Room.
    pub room: Id,
    /// Product, where it is about one.
    pub product: Option<Id>,
    /// The farm that delivers; empty where nobody does.
    pub operator: String,
    /// First moment at which evidence of it could be seen.
    pub first_evidence: Millis,
    /// Last moment at which its effect can be seen.
    pub last_evidence: Millis,
    /// Whether development streams have campaigns of this tactic.
    pub tactic_is_known: bool,
    /// Whether development streams have campaigns of this operator.
    pub operator_is_known: bool,
}

/// Something honest that looks like a deception, in one room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BenignTwin {
    /// What it is.
    pub twin: Twin,
    /// Room.
    pub room: Id,
    /// Product, where it is about one.
    pub product: Option<Id>,
    /// From when ...
    pub from: Millis,
    /// ... to when.
    pub until: Millis,
}

/// An account of a farm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// Account.
    pub account: Token,
    /// The campaign in which it was first seen.
    pub campaign: u32,
    /// When it was first seen.
    pub first_evidence: Millis,
}

/// An order that is not what it seems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FalseOrder {
    /// Order.
    pub order: Token,
    /// The campaign.
    pub campaign: u32,
    /// When it was placed.
    pub first_evidence: Millis,
}

/// An event that is not what it seems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseEvent {
    /// Its number in the stream, from 0.
    pub event: u64,
    /// The campaign.
    pub campaign: u32,
}

/// A room of the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomFact {
    /// Room: one show of one anchor.
    pub room: Id,
    /// Anchor.
    pub anchor: Id,
    /// On air from ...
    pub from: Millis,
    /// ... to.
    pub until: Millis,
    /// The most real viewers that it had at a time.
    pub peak_viewers: u64,
}

/// Everything true about a stream.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Deceptions.
    pub campaigns: Vec<Campaign>,
    /// What is honest and looks like one.
    pub twins: Vec<BenignTwin>,
    /// Accounts of farms, in order of token.
    pub actors: Vec<Actor>,
    /// Orders of farms, in order of token.
    pub orders: Vec<FalseOrder>,
    /// Events of farms, staff and scripts, in order.
    pub events: Vec<FalseEvent>,
    /// Rooms, in order.
    pub rooms: Vec<RoomFact>,
}

/// A stream with its truth: what detectors may learn from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Labelled {
    /// Seed of its market.
    pub seed: u64,
    /// What the platform saw, in order, beats among it.
    pub events: Vec<Event>,
    /// What was true.
    pub truth: Truth,
}
