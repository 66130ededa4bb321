//! Trust: what somebody has lived through and heard lowers its trust in an anchor (MODEL section 8).
//!
//! What it lived through is in its memory (`Note::Wronged`); news reaches a share of all consumers, each by a keyed draw that is made when it enters a
//! room of that anchor and never before.

use super::desk::Desk;
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::market::memory::{Memories, Note};
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Something that was in the news about an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Item {
    /// Stable identity: of the brand of a case, or of a sanction.
    key: Identity,
    /// Share of consumers who hear of it.
    reach: f64,
    /// Share of trust that they lose.
    shock: f64,
}

/// News by anchor.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct News(Vec<Vec<Item>>);

impl News {
    /// None yet.
    pub fn new(plot: &Scenario) -> Self {
        Self(vec![Vec::new(); plot.anchors.len()])
    }

    /// Puts something about an anchor in the news.
    pub fn report(&mut self, plot: &Scenario, anchor: Id, key: Identity, shock: f64) {
        let reach = plot.aftermath.news_reach;
        let known = &mut self.0[anchor as usize];
        if shock > 0.0 && !known.iter().any(|item| item.key == key) {
            known.push(Item { key, reach, shock });
        }
    }

    /// What is left of somebody's trust in an anchor, as a share of what it was.
    pub fn trust_left(
        &self,
        plot: &Scenario,
        anchor: Id,
        key: Identity,
        (memories, memory): (&Memories, u32),
    ) -> f64 {
        let times = memories.times(memory, Note::Wronged { anchor });
        // Nearly nobody was wronged: the power is spared those who enter a room.
        let lived = match times {
            0 => 1.0,
            _ => libm::pow(1.0 - plot.aftermath.trust_lost, times as f64),
        };
        let heard = self.0[anchor as usize].iter().filter(|item| {
            let pair = identity_of_pair(key, item.key);
            Draws::new(plot.seed)
                .at(Mechanism::News, pair, 0)
                .uniform(0)
                < item.reach
        });
        heard.fold(lived, |trust, item| trust * (1.0 - item.shock))
    }
}

/// Puts cases that made news today into the news about the anchors in whose rooms complainants had bought.
pub fn report_cases(desk: Desk, mut news: ResMut<News>) {
    let (plot, today) = (&desk.plot, Some(desk.now.day));
    if !desk.cases.by_brand.iter().any(|case| case.news == today) {
        return;
    }
    for parcel in &desk.parcels.list {
        let brand = parcel.brand(plot);
        let fresh = desk.cases.by_brand[brand as usize].news == today;
        let room = plot.rooms.get(parcel.room as usize);
        if let Some(room) = room
            && fresh
            && parcel.claim().is_some_and(|claim| claim.joined)
        {
            let anchor = room.anchor;
            let key = plot.brands[brand as usize].key;
            news.report(plot, anchor, key, plot.aftermath.news_shock);
        }
    }
}
