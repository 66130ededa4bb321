//! Wandering: those who are online and in no room: between two rooms, called from outside and on their way, or waiting for something to open.
//! Touches nothing but its own queue.

use super::agenda::{Agenda, Timed};
use super::population::ConsumerId;
use crate::detect::event::Source;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

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

impl Timed for Wanderer {
    fn time(&self) -> f64 {
        self.time
    }

    fn order(&self, other: &Self) -> Ordering {
        let by_time = self.time.total_cmp(&other.time);
        by_time.then(self.consumer.cmp(&other.consumer))
    }
}

/// Those who wander, the first to choose first. Whoever is long on its way costs nothing until it comes.
#[derive(Resource, Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wanderers(pub Agenda<Wanderer>);
