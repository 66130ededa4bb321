//! Gossip: an anchor hears of the evenings of a few others, learns from what they earned and what was done to them, takes up a script that earned more than
//! its own, and comes across the course, which it buys if what it expects of it is worth more than its price. Touches minds and the ledger.

use super::anchors::{AnchorMind, Evening, GOSSIP, prior};
use super::menu::{ALL, Kind, Luck, Menu, NOTHING};
use super::season_of;
use crate::draws::Draws;
use crate::market::ledger::{Ledger, Purpose};
use crate::market::rows::Account;
use crate::market::time::{Now, Plot};
use crate::money::Fen;
use crate::scenario::Season;
use crate::scenario::file::AnchorStrategyTable;
use bevy_ecs::prelude::*;

/// How much what is heard of another counts beside what is one's own, where punishments are reckoned.
const HEARSAY: f64 = 0.5;

/// An evening is told of as no more than this many of the average.
const MOST_TOLD: f64 = 3.0;

/// Options of the choices that gossip makes, by what they are for.
const WHOM: usize = 0;
const TAKES_UP: usize = 1;
/// The course's own choice, after those of everybody who can be heard of.
const COURSE: u32 = GOSSIP + 32;

/// Everybody who was on air tonight hears of others.
pub fn hear(
    plot: Res<Plot>,
    now: Res<Now>,
    mut ledger: ResMut<Ledger>,
    mut minds: Query<&mut AnchorMind>,
) {
    let season = season_of(&plot);
    let table = &season.strategy.anchors;
    let menu = Menu::of(&season.strategy, plot.farms.len());
    let evenings: Vec<Evening> = minds
        .iter()
        .filter_map(|mind| mind.evening.clone())
        .collect();
    let told = told_of(&evenings);
    for mut mind in &mut minds {
        let Some(own) = mind.evening.as_ref().map(|evening| evening.yield_of_size) else {
            continue;
        };
        let luck = Luck {
            draws: Draws::new(plot.seed),
            who: plot.anchors[mind.anchor as usize].key,
            day: now.day,
        };
        for other in 0..table.hears_of {
            let choice = GOSSIP + other;
            let whom = luck.uniform(choice, WHOM) * evenings.len() as f64;
            let whom = (whom as usize).min(evenings.len() - 1);
            let heard = &evenings[whom];
            mind.hear(heard, told[whom], table);
            let script = usize::from(heard.bundle.option(Kind::Script));
            let is_new = !mind.scripts[script];
            if is_new
                && heard.yield_of_size > own
                && luck.uniform(choice, TAKES_UP) < table.imitation
            {
                mind.scripts[script] = true;
            }
        }
        if luck.uniform(COURSE, 0) < table.course_reach && mind.wants_course(&season, menu) {
            mind.scripts.fill(true);
            ledger.post(
                Account::Anchor(mind.anchor),
                Account::Suppliers,
                Purpose::Course,
                Fen::from_yuan(table.course_price),
            );
        }
    }
}

/// What each evening came to beside the average one, each brought to its size. Their mean is 1: were it not, hearing of others would by itself speak for
/// or against whatever is done most.
fn told_of(evenings: &[Evening]) -> Vec<f64> {
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
    let yields: Vec<f64> = evenings
        .iter()
        .map(|evening| evening.yield_of_size)
        .collect();
    let most = MOST_TOLD * mean(&yields);
    if most <= 0.0 {
        return vec![1.0; yields.len()];
    }
    let yields: Vec<f64> = yields.into_iter().map(|of| of.clamp(0.0, most)).collect();
    let average = mean(&yields);
    yields.into_iter().map(|of| of / average).collect()
}

impl AnchorMind {
    /// Hears of an evening that came to so many average ones.
    fn hear(&mut self, of: &Evening, rounds: f64, table: &AnchorStrategyTable) {
        self.learner.hear(&of.parts, rounds, table.others_step);
        self.outlook.saw_done(NOTHING, HEARSAY);
        for kind in ALL.into_iter().filter(|kind| of.bundle.option(*kind) > 0) {
            self.outlook.saw_done(kind as usize, HEARSAY);
        }
        for (kind, cost) in of.punished.iter().enumerate() {
            if let Some(cost) = cost {
                self.outlook.saw_punished(kind, HEARSAY, *cost);
            }
        }
    }

    /// Whether the scripts that it does not know are worth the course's price over the evenings that it looks ahead.
    fn wants_course(&self, season: &Season, menu: Menu) -> bool {
        let table = &season.strategy.anchors;
        let unknown = (1..self.scripts.len()).filter(|script| !self.scripts[*script]);
        let best = unknown
            .map(|script| {
                let honest = menu.part(Kind::Script, 0);
                self.learner
                    .gain(menu.part(Kind::Script, script as u8), honest)
            })
            .fold(f64::NEG_INFINITY, f64::max);
        let punished = self.outlook.expected(Kind::Script as usize, &prior(table));
        let evening = self.usual(season) * (best - self.scruples()) - punished;
        evening * table.horizon > table.course_price
    }
}
