//! Detectors: programs that watch a market as its platform can, and say what they suspect (MODEL section 12).
//!
//! The idea: a market hands over [`Event`]s, in the order in which a platform would come by them; a [`Detector`] says of rooms, accounts, orders and offers
//! how suspicious they are; what is true stands apart, in [`Truth`], for those who score.
//!
//! ```
//! use yellowcart::detect::{Detector, Event, Millis, Scores, What};
//!
//! /// Suspects rooms by their size.
//! struct Large;
//!
//! impl Detector for Large {
//!     fn name(&self) -> &str {
//!         "large"
//!     }
//!     fn observe(&mut self, event: &Event, scores: &mut Scores) {
//!         if let What::Frame(frame) = event.what {
//!             scores.room(frame.room, frame.viewers as f64);
//!         }
//!     }
//! }
//!
//! let mut scores = Scores::default();
//! let mut large = Large;
//! yellowcart::detect::hand_over(&mut large, &Event { at: 10_000, what: What::Beat }, &mut scores);
//! assert!(scores.take().next().is_none());
//! ```

pub mod baselines;
pub mod causality;
pub mod columns;
pub mod event;
pub mod fields;
pub mod json_lines;
mod memory;
pub mod outside;
pub mod score;
pub mod score_file;
pub mod scoring;
pub mod suite;
pub mod truth;

pub use baselines::{SILENT, SilentCrowd, UNCLICKED};
pub use event::{Event, Frame, Millis, Token, TokenMap, What};
pub use memory::{keep, recall};
pub use score::{Score, Scores, Subject};
pub use truth::{Labelled, Truth};

/// Watches a market and says what it suspects.
///
/// It must be deterministic: the same events bring the same scores, however they are cut into runs. It may use what it has seen, never what comes.
pub trait Detector: Send + Sync + 'static {
    /// The name by which regimes, commands and results call it.
    fn name(&self) -> &str;

    /// Sees an event; beats excepted, which have a method of their own.
    fn observe(&mut self, event: &Event, scores: &mut Scores);

    /// A display has refreshed: everything before `at`, and all counters at it, have been seen. Comes every display period while any room is on air.
    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        let _ = (at, scores);
    }

    /// Whether it needs more than the counters of rooms (frames and beats). Where it does not, nothing else is made for it.
    fn sees_accounts(&self) -> bool {
        true
    }

    /// Learns from streams with their truth, before it is tried on others. Called once at most, with streams of development seeds only.
    fn learn(&mut self, streams: &[&Labelled]) {
        let _ = streams;
    }

    /// What it remembers, as bytes ([`keep`]); `None` if it cannot be saved: then a run with it cannot be interrupted and resumed.
    fn save(&self) -> Option<Vec<u8>> {
        None
    }

    /// Takes up what `save` gave ([`recall`]).
    ///
    /// # Errors
    /// A sentence that says why the bytes do not fit.
    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        let _ = memory;
        Err(format!(
            "the detector {} cannot take up what it had seen",
            self.name()
        ))
    }
}

/// Hands an event over to a detector, and sets the clock of what it says.
pub fn hand_over(detector: &mut dyn Detector, event: &Event, scores: &mut Scores) {
    scores.set_time(event.at);
    match event.what {
        What::Beat => detector.beat(event.at, scores),
        _ => detector.observe(event, scores),
    }
}
