//! Detectors: programs that watch rooms as a platform can and raise alerts (MODEL section 12).
//!
//! A [`Detector`] is given what is on display, never what is true: counters as everybody sees them, room by room, at every refresh. It says how sure it is
//! that something is staged. What follows from an alert is the platform's business (`market::patrol`).

mod rule;

pub use rule::{Silence, SilentCrowd};

use crate::scenario::Id;
use serde::{Deserialize, Serialize};

/// A room as a platform sees it when its display refreshes. Counters are cumulative since the room went on air, except viewers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomObservation {
    /// Room, by index.
    pub room: Id,
    /// Whole second after the scenario's start.
    pub second: u64,
    /// Accounts that watch now.
    pub viewers: u64,
    /// Accounts that ever entered.
    pub views: u64,
    /// Orders on display.
    pub orders: u64,
    /// Likes.
    pub likes: u64,
    /// Comments.
    pub comments: u64,
    /// New follows.
    pub follows: u64,
    /// Clicks on the cart link.
    pub cart_clicks: u64,
}

/// A detector's suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// How sure the detector is, 0 to 1.
    pub score: f64,
    /// What it has seen, in words.
    pub reason: &'static str,
}

/// Watches rooms and raises alerts.
///
/// It must be deterministic: the same observations bring the same alerts. Its memory is part of the market's state, so that an interrupted run goes on
/// as if nothing had been: what `save` gives, `restore` takes up.
pub trait Detector: Send + Sync + 'static {
    /// The name by which regimes and results call it.
    fn name(&self) -> &'static str;

    /// Sees a room at a refresh; observations of one room come in order of time. `None`: nothing suspicious.
    fn observe(&mut self, seen: &RoomObservation) -> Option<Alert>;

    /// What it remembers, as bytes.
    fn save(&self) -> Vec<u8>;

    /// Takes up what `save` gave.
    ///
    /// # Errors
    /// A sentence that says why the bytes do not fit.
    fn restore(&mut self, memory: &[u8]) -> Result<(), String>;
}
