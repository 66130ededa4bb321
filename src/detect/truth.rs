//! The truth behind a stream, which detectors never see: who was bought, what was staged, and from when it could be noticed.

use super::event::{Event, Millis, Token};
pub use crate::scenario::file::{ThreatKind as Threat, TwinKind as Twin};

use crate::scenario::Id;
use serde::{Deserialize, Serialize};

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
