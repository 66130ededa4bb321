//! The four tracks of the bench, and a value for each of them. Touches nothing.

use crate::detect::score::Subject;
use serde::{Deserialize, Serialize};

/// What is to be told apart: the kinds of [`crate::detect::Subject`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Minutes of rooms: is the crowd bought now?
    Rooms,
    /// Accounts: does it belong to a farm?
    Accounts,
    /// Orders: is it brushed?
    Orders,
    /// Offers, by room and product: is it staged or inflated?
    Offers,
}

impl Track {
    /// All of them.
    pub const ALL: [Track; 4] = [Track::Rooms, Track::Accounts, Track::Orders, Track::Offers];

    /// The track in which something is scored.
    pub const fn of(about: &Subject) -> Self {
        match about {
            Subject::Room(_) => Track::Rooms,
            Subject::Account(_) => Track::Accounts,
            Subject::Order(_) => Track::Orders,
            Subject::Offer { .. } => Track::Offers,
        }
    }

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Track::Rooms => "rooms",
            Track::Accounts => "accounts",
            Track::Orders => "orders",
            Track::Offers => "offers",
        }
    }
}

/// A value for each track.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PerTrack<Value> {
    /// For minutes of rooms.
    pub rooms: Value,
    /// For accounts.
    pub accounts: Value,
    /// For orders.
    pub orders: Value,
    /// For offers.
    pub offers: Value,
}

impl<Value> PerTrack<Value> {
    /// The values that `make` gives.
    pub fn of(mut make: impl FnMut(Track) -> Value) -> Self {
        Self {
            rooms: make(Track::Rooms),
            accounts: make(Track::Accounts),
            orders: make(Track::Orders),
            offers: make(Track::Offers),
        }
    }

    /// The value of a track.
    pub const fn get(&self, track: Track) -> &Value {
        match track {
            Track::Rooms => &self.rooms,
            Track::Accounts => &self.accounts,
            Track::Orders => &self.orders,
            Track::Offers => &self.offers,
        }
    }

    /// The value of a track, to be changed.
    pub const fn get_mut(&mut self, track: Track) -> &mut Value {
        match track {
            Track::Rooms => &mut self.rooms,
            Track::Accounts => &mut self.accounts,
            Track::Orders => &mut self.orders,
            Track::Offers => &mut self.offers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_track_has_its_own_value() {
        let mut names = PerTrack::of(Track::name);
        for track in Track::ALL {
            assert_eq!(*names.get(track), track.name());
            assert_eq!(
                serde_json::to_string(&track).unwrap(),
                format!("\"{}\"", track.name())
            );
        }
        *names.get_mut(Track::Orders) = "changed";
        assert_eq!(names.orders, "changed");
        assert_eq!(names.offers, "offers");
    }
}
