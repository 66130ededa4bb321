//! The market: an ECS world and one schedule, which reads like the story of an evening.

mod rows;
mod summary;

pub use rows::*;
pub use summary::*;

use crate::scenario::Scenario;
use std::sync::Arc;

/// Where the market stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Within a simulated day.
    Running,
    /// A simulated day has just ended: all its rows have been handed over, `day_end` last. The moment to close files and to checkpoint.
    DayEnded,
    /// The last day has ended (it has been reported like any other).
    Finished,
}

/// A market that can be moved, asked and saved.
pub struct Market {}

impl Market {
    /// Builds the world of a scenario; rows go to `observer`.
    pub fn new(_scenario: Arc<Scenario>, _observer: Box<dyn Observer>) -> Self {
        todo!()
    }

    /// Hands every act of one consumer to the observer's `trace` from now on (global index, 0..population).
    pub fn trace(&mut self, _consumer: u64) {
        todo!()
    }

    /// Moves the market by one tick, or over a gap in which nobody is on air.
    pub fn step(&mut self) -> Pace {
        todo!()
    }

    /// Second after the scenario's start up to which the market has been simulated.
    pub fn time(&self) -> f64 {
        todo!()
    }

    /// The whole state, as bytes; the same for any number of threads.
    pub fn snapshot(&self) -> Vec<u8> {
        todo!()
    }

    /// Takes up a state that `snapshot` gave for the same scenario and version.
    ///
    /// # Errors
    /// A sentence that says why the bytes do not fit.
    pub fn restore(&mut self, _state: &[u8]) -> Result<(), String> {
        todo!()
    }

    /// What the evening has come to so far.
    pub fn summary(&self) -> Summary {
        todo!()
    }

    /// The observer given to `new`.
    pub fn observer_mut(&mut self) -> &mut dyn Observer {
        todo!()
    }

    /// Ends the market and gives its observer back.
    pub fn into_observer(self) -> Box<dyn Observer> {
        todo!()
    }
}

/// Sets the number of threads, once per process and before the first market; later calls have no effect. Results never depend on it.
pub fn use_threads(_count: usize) {
    todo!()
}
