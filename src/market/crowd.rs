//! Crowd: the true counters of a room and the false ones beside them. `watch` and `checkout` move the true ones, `bots` the false ones.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Cumulative counters of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Entries.
    pub views: u64,
    /// Likes.
    pub likes: u64,
    /// Comments.
    pub comments: u64,
    /// New follows.
    pub follows: u64,
    /// Clicks on the cart link: looks and refreshes.
    pub cart_clicks: u64,
    /// Orders.
    pub orders: u64,
}

impl std::ops::Add for Counts {
    type Output = Counts;
    fn add(self, other: Counts) -> Counts {
        Counts {
            views: self.views + other.views,
            likes: self.likes + other.likes,
            comments: self.comments + other.comments,
            follows: self.follows + other.follows,
            cart_clicks: self.cart_clicks + other.cart_clicks,
            orders: self.orders + other.orders,
        }
    }
}

/// Who and what is in a room.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Crowd {
    /// What consumers did.
    pub real: Counts,
    /// What bots and staff did.
    pub fake: Counts,
    /// Consumers there now.
    pub seated: u64,
    /// Consumers who have left; entered = left + seated.
    pub left: u64,
    /// Background audience there now.
    pub background: u64,
    /// The largest background audience so far.
    pub background_peak: u64,
    /// Consumers and background audience there now.
    pub real_viewers: u64,
    /// Bots there now.
    pub bots: u64,
    /// Real comments already turned into arousal.
    pub comments_felt: u64,
    /// Bots' comments already turned into arousal.
    pub fake_comments_felt: u64,
    /// Looks of consumers.
    pub looks: u64,
}

impl Crowd {
    /// Views that are not bots': consumers' entries and the background audience at its largest.
    pub fn real_views(&self) -> u64 {
        self.real.views + self.background_peak
    }

    /// Viewers there now, bots included.
    pub fn displayed_viewers(&self) -> u64 {
        self.real_viewers + self.bots
    }
}
