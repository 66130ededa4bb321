//! Wallets: which coupons somebody has or knows of, and how much of that it can use (MODEL section 7).
//!
//! Who knows of one coupon is likely to know of another: everybody has one awareness, a keyed uniform number, and knows of the coupons whose
//! reach is above it. So what somebody knows is a prefix of the list of coupons in order of reach, and what a look expects to pay can be
//! worked out once for each prefix and skill (`promoted`). Coupons that rooms give out are notes in memories.

use super::memory::{Memories, Note};
use crate::draws::{Draws, Identity, Mechanism};
use crate::promotion::CouponId;
use crate::scenario::file::{BehaviourTable, ObtainedBy};
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// What somebody makes of the coupons that it has, by its literacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[repr(u8)]
pub enum Skill {
    /// It uses none.
    #[default]
    None = 0,
    /// The one that takes most off.
    Obvious = 1,
    /// The best stack.
    Stacks = 2,
    /// The best stack on a basket padded to reach a threshold.
    Pads = 3,
}

impl Skill {
    /// All, in order.
    pub const ALL: [Skill; 4] = [Skill::None, Skill::Obvious, Skill::Stacks, Skill::Pads];

    /// The skill of somebody of this literacy.
    pub fn of(literacy: f64, behaviour: &BehaviourTable) -> Self {
        if literacy >= behaviour.pads_baskets_from {
            Skill::Pads
        } else if literacy >= behaviour.stacks_coupons_from {
            Skill::Stacks
        } else if literacy >= behaviour.uses_a_coupon_from {
            Skill::Obvious
        } else {
            Skill::None
        }
    }

    /// In a word, for tables.
    pub fn name(self) -> &'static str {
        match self {
            Skill::None => "none",
            Skill::Obvious => "obvious",
            Skill::Stacks => "stacks",
            Skill::Pads => "pads",
        }
    }
}

/// How many coupons have been given out and used, over all consumers.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupons {
    /// Given out by rooms, by coupon.
    pub given: Vec<u64>,
    /// Used, by coupon; those of lapsed orders not counted.
    pub used: Vec<u64>,
    /// Grows when a coupon that everybody could have has come to its end, or is there again.
    pub changes: u64,
}

impl Coupons {
    /// None given, none used.
    pub fn new(plot: &Scenario) -> Self {
        let count = plot.campaign.coupons.len();
        Self {
            given: vec![0; count],
            used: vec![0; count],
            changes: 0,
        }
    }

    /// Whether there are any left of a coupon that knowing is enough for.
    pub fn are_left(&self, plot: &Scenario, coupon: CouponId) -> bool {
        let quantity = plot.campaign.coupons[coupon as usize].quantity;
        quantity.is_none_or(|quantity| self.used[coupon as usize] < quantity)
    }

    /// One is used, or (an order lapsed) is not.
    pub fn count_use(&mut self, plot: &Scenario, coupon: CouponId, used: bool) {
        let before = self.are_left(plot, coupon);
        let count = &mut self.used[coupon as usize];
        *count = if used {
            *count + 1
        } else {
            count.saturating_sub(1)
        };
        self.changes += u64::from(before != self.are_left(plot, coupon));
    }
}

/// Coupons that knowing is enough for, those of the widest reach first.
#[derive(Resource, Debug, Clone, Default)]
pub struct Known(pub Vec<CouponId>);

impl Known {
    /// Those of a scenario.
    pub fn of(plot: &Scenario) -> Self {
        let ways = plot.coupon_ways.iter().zip(0..);
        let mut known: Vec<CouponId> = ways
            .filter(|(way, _)| way.obtained == ObtainedBy::Knowing)
            .map(|(_, id)| id)
            .collect();
        let reach = |id: &CouponId| plot.coupon_ways[*id as usize].reach;
        known.sort_by(|a, b| reach(b).total_cmp(&reach(a)).then(a.cmp(b)));
        Self(known)
    }

    /// How many of them somebody knows: the first so many.
    pub fn count(&self, plot: &Scenario, draws: Draws, key: Identity) -> usize {
        if self.0.is_empty() {
            return 0;
        }
        let awareness = draws.at(Mechanism::Awareness, key, 0).uniform(0);
        let knows = |id: &CouponId| awareness < plot.coupon_ways[*id as usize].reach;
        self.0.iter().take_while(|id| knows(id)).count()
    }
}

/// Whether somebody was ever given a coupon, or used one: only then does it differ from others who know as much.
pub fn is_its_own(memories: &Memories, memory: u32) -> bool {
    memories.coupons(memory).next().is_some()
}

/// Times a coupon was given to somebody, and times it was used.
fn uses(memories: &Memories, memory: u32, coupon: Id) -> (u32, u32) {
    let count = |(given, used): (u32, u32), note: Note| match note {
        Note::Given { coupon: of } if of == coupon => (given + 1, used),
        Note::Used { coupon: of } if of == coupon => (given, used + 1),
        Note::Regained { coupon: of } if of == coupon => (given, used.saturating_sub(1)),
        _ => (given, used),
    };
    // Notes come newest first; a regained coupon was used before.
    let notes: Vec<Note> = memories.coupons(memory).collect();
    notes.into_iter().rev().fold((0, 0), count)
}

/// How many of a coupon somebody was given.
pub fn given(memories: &Memories, memory: u32, coupon: Id) -> u32 {
    uses(memories, memory, coupon).0
}

/// The coupons that somebody can use in an order at a second: `aware` of the known ones, and those that it was given.
pub fn usable(
    plot: &Scenario,
    known: &Known,
    coupons: &Coupons,
    (memories, memory): (&Memories, u32),
    aware: usize,
    second: i64,
) -> Vec<CouponId> {
    let all = plot.campaign.coupons.iter().zip(&plot.coupon_ways).zip(0..);
    all.filter(|((coupon, _), _)| coupon.window.holds(second))
        .filter(|((coupon, way), id)| {
            let (given, used) = uses(memories, memory, *id);
            used < coupon.per_buyer
                && match way.obtained {
                    ObtainedBy::Room => given > used,
                    ObtainedBy::Knowing => {
                        known.0[..aware].contains(id) && coupons.are_left(plot, *id)
                    }
                }
        })
        .map(|(_, id)| id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skill_grows_with_literacy() {
        let behaviour = BehaviourTable::default();
        let skills = [0.1, 0.2, 0.5, 0.9].map(|literacy| Skill::of(literacy, &behaviour));
        assert_eq!(skills, Skill::ALL);
    }
}
