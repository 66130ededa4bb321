//! Tracing: following one consumer through its evening, for `yellowcart trace`. Watching changes nothing: no draw, no state of the market.

use crate::scenario::Id;
use bevy_ecs::prelude::*;

/// The consumer who is traced, and the room it is in.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traced {
    consumer: Option<u32>,
    room: Option<Id>,
}

impl Traced {
    /// Traces a consumer.
    pub fn follow(&mut self, consumer: u32) {
        self.consumer = Some(consumer);
    }

    /// Whether this is the one.
    #[inline]
    pub fn is(&self, consumer: u32) -> bool {
        self.consumer == Some(consumer)
    }

    /// Whether anybody is traced.
    pub fn any(&self) -> bool {
        self.consumer.is_some()
    }

    /// Whether the traced consumer is in a room.
    pub fn in_room(&self, room: Id) -> bool {
        self.room == Some(room)
    }

    /// It has entered or left a room.
    pub fn moved(&mut self, room: Option<Id>) {
        self.room = room;
    }
}
