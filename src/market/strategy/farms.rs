//! Farms: price, capacity and realism. A farm chooses its price over cost by what each price earned it; it takes more pains with its accounts when too many
//! are found out, and fewer when nobody looks; it grows where orders were left waiting. Touches minds and the plot's farms.

use super::anchors::AnchorMind;
use super::menu::Luck;
use super::season_of;
use super::takings::Takings;
use crate::draws::Draws;
use crate::market::bots::Farm;
use crate::market::rows::Account;
use crate::market::sanction::Patrols;
use crate::market::time::{Now, Plot};
use crate::money::Fen;
use crate::scenario::file::{FarmStrategyTable, PinnedFarm};
use crate::scenario::{CrewTerms, Farm as Terms, Id, Season};
use crate::strategy::{Learner, choose as choose_option};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Evenings without anybody found out after which a farm takes fewer pains.
const CALM_EVENINGS: u32 = 5;

/// Shares of a day's orders left waiting, and of capacity used, from and below which capacity changes: assumptions.
const LEFT_WAITING: f64 = 0.05;
const IDLE: f64 = 0.02;

/// What a person with a phone does in a room, as a farm's most realistic accounts do: spread of stays (log units), likes, comments and clicks a second, share
/// that browses before it orders. Assumptions, near what consumers of the shipped markets do.
const PERSON: (f64, f64, f64, f64, f64) = (1.0, 0.5 / 60.0, 0.1 / 60.0, 0.5 / 60.0, 1.0);

/// What a farm asks tonight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quote {
    /// Which farm.
    pub farm: Id,
    /// Price of a viewer, yuan.
    pub view: f64,
    /// Price of a brushed order beside the goods, yuan.
    pub order: f64,
    /// Share of what was bought of it last that came.
    pub served: f64,
}

/// What a farm has learnt and asks.
#[derive(Component, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FarmMind {
    /// Its terms as the scenario has them.
    #[serde(skip)]
    base: Option<Arc<Terms>>,
    learner: Learner,
    /// Which of its prices over cost it asks; `None`: the scenario's price, on the first evening.
    markup: Option<u8>,
    /// Pains that it takes with its accounts, in levels.
    pub realism: u32,
    /// Accounts a second.
    pub capacity: f64,
    /// Share of what was bought of it last that came.
    served: f64,
    /// Evenings since any account was found out.
    calm: u32,
    /// Accounts sent, shut out, and left waiting, by the end of the day before.
    before: (u64, u64, u64),
}

impl FarmMind {
    /// A farm that asks what the scenario says.
    pub fn of(season: &Season, terms: &Terms) -> Self {
        Self {
            base: Some(Arc::new(terms.clone())),
            learner: Learner::expecting(vec![0.0; season.strategy.farms.markups.len()]),
            markup: None,
            realism: 0,
            capacity: terms.accounts_per_second,
            served: 1.0,
            calm: 0,
            before: (0, 0, 0),
        }
    }

    /// Price of 10,000 viewers, yuan.
    pub fn price(&self, table: &FarmStrategyTable, base: &Terms) -> f64 {
        match self.markup {
            Some(markup) => self.cost(table) * table.markups[usize::from(markup)],
            None => base.price_per_10_000[0].yuan(),
        }
    }

    /// What 10,000 viewers cost it, yuan.
    fn cost(&self, table: &FarmStrategyTable) -> f64 {
        table.cost * (1.0 + table.realism_cost * f64::from(self.realism))
    }
}

fn pin_of(season: &Season, name: &str) -> PinnedFarm {
    let pinned = &season.strategy.pinned.farms;
    let pin = pinned.get(name).or_else(|| pinned.get("all"));
    let all = PinnedFarm {
        price: Some(true),
        realism: Some(true),
        capacity: Some(true),
    };
    match season.strategy.farms.choose {
        true => pin.cloned().unwrap_or_default(),
        false => all,
    }
}

/// What farms ask.
pub fn quotes<'a>(plot: &Plot, minds: impl Iterator<Item = &'a FarmMind>) -> Vec<Quote> {
    minds
        .zip(plot.farms.iter().zip(0..))
        .map(|(mind, (terms, farm))| Quote {
            farm,
            view: terms.price_per_10_000[0].yuan() / 10_000.0,
            order: terms.brushed_order_price.yuan(),
            served: mind.served,
        })
        .collect()
}

/// Farms choose their prices; what they have decided becomes their terms.
pub fn set_terms(mut plot: ResMut<Plot>, now: Res<Now>, mut farms: Query<(&Farm, &mut FarmMind)>) {
    let season = season_of(&plot);
    let table = &season.strategy.farms;
    for (farm, mut mind) in &mut farms {
        let terms = &plot.farms[farm.id as usize];
        if now.day == 0 || pin_of(&season, &terms.name).price == Some(true) {
            continue;
        }
        let luck = Luck {
            draws: Draws::new(plot.seed),
            who: terms.key,
            day: now.day,
        };
        let usual = mind.learner.usual().unwrap_or(1.0);
        let utilities: Vec<f64> = (0..table.markups.len())
            .map(|markup| usual * mind.learner.gain(markup, 0))
            .collect();
        let chosen = choose_option(&utilities, table.temperature * usual, |option| {
            luck.uniform(0, option)
        });
        mind.markup = Some(chosen as u8);
    }
    let scenario = Arc::make_mut(&mut plot.0);
    for (farm, mind) in &farms {
        apply(&mut scenario.farms[farm.id as usize], table, mind);
    }
}

/// What minds have decided, put into the plot again.
pub(super) fn apply_terms(world: &mut World) {
    let pristine: Vec<Arc<Terms>> = {
        let plot = world.resource::<Plot>();
        plot.farms
            .iter()
            .map(|farm| Arc::new(farm.clone()))
            .collect()
    };
    let mut farms = world.query::<(&Farm, &mut FarmMind)>();
    let mut decided = Vec::new();
    for (farm, mut mind) in farms.iter_mut(world) {
        // On the first evening farms ask what the scenario says, so a market that takes up a state stands at just that.
        let base = mind.base.take();
        mind.base = Some(base.unwrap_or_else(|| Arc::clone(&pristine[farm.id as usize])));
        decided.push((farm.id, mind.clone()));
    }
    let mut plot = world.resource_mut::<Plot>();
    let season = season_of(&plot);
    let scenario = Arc::make_mut(&mut plot.0);
    for (farm, mind) in &decided {
        apply(
            &mut scenario.farms[*farm as usize],
            &season.strategy.farms,
            mind,
        );
    }
}

fn apply(terms: &mut Terms, table: &FarmStrategyTable, mind: &FarmMind) {
    let Some(base) = &mind.base else {
        return;
    };
    let usual = base.price_per_10_000[0].yuan().max(0.01);
    let dearer = mind.price(table, base) / usual;
    for (price, base) in terms.price_per_10_000.iter_mut().zip(base.price_per_10_000) {
        *price = Fen::from_yuan(base.yuan() * dearer);
    }
    terms.brushed_order_price = Fen::from_yuan(base.brushed_order_price.yuan() * dearer);
    terms.accounts_per_second = mind.capacity;
    let share = match table.realism_levels {
        0 => 0.0,
        levels => f64::from(mind.realism.min(levels)) / f64::from(levels),
    };
    terms.crew = more_like_a_person(&base.crew, share);
}

/// The accounts of a farm, a share of the way to a person with a phone.
fn more_like_a_person(base: &CrewTerms, share: f64) -> CrewTerms {
    let fewer = |count: u32| libm::pow(f64::from(count), 1.0 - share).round().max(1.0) as u32;
    let towards = |from: f64, to: f64| from + share * (to - from).max(0.0);
    let (spread, likes, comments, clicks, browse) = PERSON;
    CrewTerms {
        per_device: fewer(base.per_device),
        per_address: fewer(base.per_address),
        per_wallet: fewer(base.per_wallet),
        view_spread: towards(base.view_spread, spread),
        like_rate: towards(base.like_rate, likes),
        comment_rate: towards(base.comment_rate, comments),
        click_rate: towards(base.click_rate, clicks),
        browse_share: towards(base.browse_share, browse),
        ..*base
    }
}

/// By farm: rooms of the evening that bought of it, and those among them that the platform has sanctioned for it.
fn rooms_by_farm<'a>(
    farms: usize,
    patrols: &Patrols,
    minds: impl Iterator<Item = &'a AnchorMind>,
) -> Vec<(u64, u64)> {
    let mut rooms = vec![(0, 0); farms];
    for tonight in minds.filter_map(|mind| mind.tonight) {
        if let Some((farm, ..)) = tonight.bought {
            let (served, found) = &mut rooms[farm as usize];
            *served += 1;
            *found += u64::from(patrols.caught.rooms.contains(&tonight.room));
        }
    }
    rooms
}

/// Farms learn from their day.
pub fn learn(
    plot: Res<Plot>,
    takings: Res<Takings>,
    patrols: Res<Patrols>,
    anchors: Query<&AnchorMind>,
    mut farms: Query<(&Farm, &mut FarmMind)>,
) {
    let season = season_of(&plot);
    let table = &season.strategy.farms;
    let rooms = rooms_by_farm(plot.farms.len(), &patrols, anchors.iter());
    for (farm, mut mind) in &mut farms {
        let mind = &mut *mind;
        let pin = pin_of(&season, &plot.farms[farm.id as usize].name);
        let so_far = (farm.sent, patrols.shut_out_of(farm.id), farm.left_waiting);
        let sent = so_far.0 - mind.before.0;
        let out = so_far.1 - mind.before.1;
        let waiting = so_far.2 - mind.before.2;
        mind.before = so_far;
        let cost = mind.cost(table) * sent as f64 / 10_000.0;
        let fines = takings.punished(Account::Farm(farm.id));
        let fined: f64 = fines.map(|fine| fine.amount.yuan()).sum();
        let earned = takings.farm(farm.id).yuan() - cost - fined;
        if let Some(markup) = mind.markup {
            mind.learner.learn(&[markup], earned, table.own_step);
        }
        let wanted = (sent + waiting) as f64;
        mind.served = if wanted > 0.0 {
            sent as f64 / wanted
        } else {
            1.0
        };
        if pin.realism != Some(true) {
            let (served, found) = rooms[farm.id as usize];
            let share = |some: u64, of: u64| some as f64 / of.max(1) as f64;
            mind.take_pains(
                table,
                share(out, sent).max(share(found, served)),
                (sent, fined),
            );
        }
        if pin.capacity != Some(true) {
            mind.resize(table, &plot, (sent, waiting), earned);
        }
    }
}

impl FarmMind {
    /// More pains where too large a share of its accounts or rooms was found out, fewer after calm evenings.
    fn take_pains(&mut self, table: &FarmStrategyTable, caught: f64, (sent, fined): (u64, f64)) {
        if caught > table.bears_caught || fined > 0.0 {
            self.realism = (self.realism + 1).min(table.realism_levels);
            self.calm = 0;
        } else if sent > 0 {
            self.calm = if caught > 0.0 { 0 } else { self.calm + 1 };
            if self.calm >= CALM_EVENINGS {
                self.realism = self.realism.saturating_sub(1);
                self.calm = 0;
            }
        }
    }

    fn resize(
        &mut self,
        table: &FarmStrategyTable,
        plot: &Plot,
        (sent, waiting): (u64, u64),
        earned: f64,
    ) {
        let wanted = (sent + waiting).max(1) as f64;
        // What could have been sent while rooms were on air, about four hours.
        let most = self.capacity * 4.0 * 3_600.0;
        if waiting as f64 > LEFT_WAITING * wanted && earned > 0.0 {
            self.capacity *= 1.0 + table.capacity_step;
        } else if (sent as f64) < IDLE * most {
            self.capacity *= 1.0 - table.capacity_step;
        }
        let bounds = (10.0 / plot.clock.tick, 1.0e6);
        self.capacity = self.capacity.clamp(bounds.0, bounds.1);
    }
}
