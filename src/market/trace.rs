//! Tracing: following one consumer through its evening, for `yellowcart trace`. Watching changes nothing: no draw, no state of the market.

use super::rows::{Decision, PaymentEvent};
use crate::money::Fen;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// One act of a traced consumer, in order of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceRow {
    /// Second.
    pub time: f64,
    /// The room it was in or came to; `None` outside.
    pub room: Option<Id>,
    /// What it did.
    pub act: TraceAct,
}

/// What a traced consumer did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceAct {
    /// It planned to go online at this second; `None`: not this evening.
    Planned(Option<f64>),
    /// It entered the room.
    Entered {
        /// Because it follows the anchor (or had seen the preview), not by exposure.
        chosen: bool,
        /// Viewers on display when it came.
        displayed_viewers: u64,
        /// Real ones.
        real_viewers: u64,
    },
    /// A cue fell while it was watching: the act's name and what was said and done.
    Saw {
        /// The act, as a scenario spells it.
        act: String,
        /// In words and figures.
        detail: String,
    },
    /// It looked at an offer.
    Looked {
        /// The product.
        product: Id,
        /// Whether it needs such a thing at all; if not, the decision is not weighed.
        needs: bool,
        /// What it saw, believed and would have thought under honest displays.
        decision: Decision,
        /// Whether it decided to order.
        wants: bool,
        /// Whether it would have decided so under honest displays.
        would_want_honestly: bool,
    },
    /// It was given a coupon.
    Given {
        /// The coupon.
        coupon: Id,
    },
    /// It tried to order and met a sold-out link.
    SoldOut {
        /// The product.
        product: Id,
    },
    /// It ordered.
    Ordered {
        /// Number of the order.
        order: u64,
        /// The product.
        product: Id,
        /// Price of all units.
        price: Fen,
        /// Harm against honest displays, yuan.
        harm: f64,
    },
    /// Payment or lapse of an order.
    Payment {
        /// Number of the order.
        order: u64,
        /// What happened.
        event: PaymentEvent,
        /// Money that moved.
        amount: Fen,
    },
    /// It liked.
    Liked,
    /// It commented.
    Commented,
    /// It followed the anchor.
    Followed,
    /// It left the room; `hops`: for another one.
    Left {
        /// Whether it goes on to another room.
        hops: bool,
    },
}

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
