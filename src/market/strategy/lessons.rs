//! Lessons: at night an anchor learns from what its evening came to, from what was done to it and from what came back of earlier evenings. Touches minds
//! alone.

use super::anchors::{AnchorMind, BEFORE_LEAVING, Tonight};
use super::blame::kinds_of;
use super::menu::{ALL, Bundle, KINDS, Menu, NOTHING};
use super::season_of;
use super::takings::Takings;
use crate::market::display::Display;
use crate::market::rank::Followers;
use crate::market::room::RoomIndex;
use crate::market::rows::Account;
use crate::market::time::Plot;
use crate::scenario::file::AnchorStrategyTable;
use crate::scenario::{Id, Season};
use bevy_ecs::prelude::*;

/// What a punishment cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Penalty {
    /// Fines and payments, yuan.
    pub paid: f64,
    /// Evenings of its own on which it may not be on air.
    pub evenings: f64,
}

impl Penalty {
    /// For somebody whose evenings usually earn so much, yuan.
    fn cost(self, usual: f64) -> f64 {
        self.paid + self.evenings * usual
    }
}

/// Penalties of a day by kind, and for nothing.
pub type Penalties = [Option<Penalty>; KINDS + 1];

/// What an evening came to, for whoever hears of it that night.
#[derive(Debug, Clone, PartialEq)]
pub struct Evening {
    /// Parts of its bundle.
    pub parts: Vec<u8>,
    /// Parts of the bundle of its evening before; none on its first.
    pub before: Vec<u8>,
    /// The bundle.
    pub bundle: Bundle,
    /// What it earned, in its usual evenings.
    pub rounds: f64,
    /// What it earned, yuan.
    pub earned: f64,
    /// What it earned for each viewer whom a room of so many followers is expected to have, yuan: the unit in which anchors compare.
    pub yield_of_size: f64,
}

/// Anchors learn from their own evening, from what was done to them and from what came back of earlier evenings.
pub fn learn(
    plot: Res<Plot>,
    takings: Res<Takings>,
    (rooms, followers): (Res<RoomIndex>, Res<Followers>),
    displays: Query<&Display>,
    mut minds: Query<&mut AnchorMind>,
) {
    let season = season_of(&plot);
    let table = &season.strategy.anchors;
    let menu = Menu::of(&season.strategy, plot.farms.len());
    for mut mind in &mut minds {
        let mind = &mut *mind;
        mind.outlook.fade(table.memory_evenings);
        mind.evening = None;
        if let Some(tonight) = mind.tonight {
            let earned = takings.anchor(mind.anchor).yuan();
            mind.learn_from(tonight, earned, (table, menu));
            if let Ok(display) = displays.get(rooms.0[tonight.room as usize]) {
                mind.viewers = (0.5 * (mind.viewers + display.peak_real_viewers as f64)).max(1.0);
                mind.popularity = display.peak_displayed_viewers as f64;
            }
            let fans = followers.of(&plot, mind.anchor);
            mind.size = season.generate.expected_viewers(fans).max(1.0e-3);
        }
        mind.feel(&takings, &season);
        for back in takings.came_back(mind.anchor) {
            let (before, parts) = mind.parts_in(back.room, menu);
            let amount = back.commission.yuan();
            mind.learner
                .lost_again(&before, &parts, amount, table.own_step);
        }
    }
}

impl AnchorMind {
    /// Parts of the evening before a room of its own, and of that room's.
    fn parts_in(&self, room: Id, menu: Menu) -> (Vec<u8>, Vec<u8>) {
        let place = self.past.iter().position(|past| past.0 == room);
        let parts = |place: usize| menu.parts_of(self.past[place].1);
        let before = place.and_then(|place| place.checked_sub(1));
        (
            before.map(parts).unwrap_or_default(),
            place.map(parts).unwrap_or_default(),
        )
    }

    /// What it did in a room of its own; in any, where it is about no single one: the highest option of each kind.
    fn done(&self, room: Option<Id>) -> Bundle {
        let mut done = Bundle::default();
        let rooms = self.past.iter().filter(|past| match room {
            Some(room) => past.0 == room,
            None => true,
        });
        for (_, bundle) in rooms {
            for (done, option) in done.0.iter_mut().zip(bundle.0) {
                *done = option.max(*done);
            }
        }
        done
    }

    /// Learns from an evening of its own, which earned so much, yuan.
    fn learn_from(&mut self, tonight: Tonight, earned: f64, by: (&AnchorStrategyTable, Menu)) {
        let (table, menu) = by;
        let bundle = tonight.bundle;
        let parts = menu.parts_of(bundle);
        let before = self.learner.last_parts().to_vec();
        let rounds = self.learner.learn(&parts, earned, table.own_step);
        self.saw_done(bundle, 1.0);
        self.evenings += 1;
        if self.evenings <= BEFORE_LEAVING {
            self.first += (earned - self.first) / f64::from(self.evenings);
        }
        self.past.push((tonight.room, bundle));
        self.evening = Some(Evening {
            parts,
            before,
            bundle,
            rounds,
            earned,
            yield_of_size: earned / self.size,
        });
    }

    /// Learns from what was done to it today.
    fn feel(&mut self, takings: &Takings, season: &Season) {
        let penalties = self.penalties(takings, season);
        self.saw_punished(&penalties, 1.0, self.usual(season));
        self.punished = penalties;
    }

    /// What it was punished with today. A decision comes days after what it is about: what it did in the room that is named is what it is for, or, where none
    /// is, what it did in any.
    fn penalties(&self, takings: &Takings, season: &Season) -> Penalties {
        let mut by_kind = Penalties::default();
        for punishment in takings.punished(Account::Anchor(self.anchor)) {
            let kinds = kinds_of(&punishment.reason);
            let bundle = self.done(punishment.room);
            let done = kinds.iter().find(|kind| bundle.option(**kind) > 0);
            let kind = done.map_or(NOTHING, |kind| *kind as usize);
            let penalty = by_kind[kind].get_or_insert(Penalty::default());
            penalty.paid += punishment.amount.yuan();
            penalty.evenings += punishment.closed_days * season.generate.on_air_share;
        }
        by_kind
    }

    /// An evening with a bundle was had, its own or another's of which it hears.
    pub(super) fn saw_done(&mut self, bundle: Bundle, weight: f64) {
        self.outlook.saw_done(NOTHING, weight);
        for kind in ALL.into_iter().filter(|kind| bundle.option(*kind) > 0) {
            self.outlook.saw_done(kind as usize, weight);
        }
    }

    /// Somebody was punished, it or another of whom it hears; its own evenings usually earn so much, yuan.
    pub(super) fn saw_punished(&mut self, penalties: &Penalties, weight: f64, usual: f64) {
        for (kind, penalty) in penalties.iter().enumerate() {
            if let Some(penalty) = penalty {
                self.outlook.saw_punished(kind, weight, penalty.cost(usual));
            }
        }
    }
}
