//! Wandering: those who are online and in no room: between two rooms, called from outside and on their way, or waiting for something to open.
//! Touches nothing but its own queue.

use super::population::ConsumerId;
use crate::detect::event::Source;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Somebody between two rooms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wanderer {
    /// Second at which it chooses a room.
    pub time: f64,
    /// Who.
    pub consumer: ConsumerId,
    /// Visits of the day so far.
    pub visits: u32,
    /// Looks of the day so far.
    pub looks: u32,
    /// Second at which it goes offline; `None`: it has just come online.
    pub session_end: Option<f64>,
    /// The room to which it was called from outside, and by which way.
    pub called_to: Option<(Id, Source)>,
}

impl Wanderer {
    /// Arrivals are taken in order of (time, consumer).
    pub fn order(&self, other: &Self) -> Ordering {
        let by_time = self.time.total_cmp(&other.time);
        by_time.then(self.consumer.cmp(&other.consumer))
    }
}

/// A wanderer with the order of its coming.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct InOrder(Wanderer);

impl Eq for InOrder {}

impl PartialOrd for InOrder {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for InOrder {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&other.0)
    }
}

/// Those who wander, the first to choose first. Whoever is long on its way costs nothing until it comes.
#[derive(Resource, Debug, Clone, Default, Serialize, Deserialize)]
pub struct Wanderers(BinaryHeap<Reverse<InOrder>>);

impl Wanderers {
    /// Somebody wanders until its time.
    pub fn add(&mut self, wanderer: Wanderer) {
        self.0.push(Reverse(InOrder(wanderer)));
    }

    /// Hands over those whose time lies before a second.
    pub fn due(&mut self, until: f64, arrivals: &mut Vec<Wanderer>) {
        while let Some(first) = self.0.peek()
            && first.0.0.time < until
        {
            arrivals.extend(self.0.pop().map(|first| first.0.0));
        }
    }
}
