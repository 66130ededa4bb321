//! Brands: what redress they give and whether they cut their prices, decided every few days; and whom those without a room of their own hire for an evening.
//! Touches minds, the plot's brands, and the list of whom is hired.
//!
//! A brand knows an anchor by the viewers that its last evening had on display, bought ones among them, and pays for a place by them; what a displayed
//! viewer is worth it learns from its own sales.

use super::anchors::{AnchorMind, prior};
use super::blame::{DEEDS, Deed, deed_of};
use super::menu::Luck;
use super::stage::{Calendar, Pledges};
use super::takings::Takings;
use super::{Strategists, season_of};
use crate::draws::{Draws, Mechanism, lognormal};
use crate::market::rows::Account;
use crate::market::sanction::Patrols;
use crate::market::time::{Now, Plot};
use crate::money::Fen;
use crate::scenario::file::{BrandStrategyTable, PinnedBrand, RedressPolicy};
use crate::scenario::{Cast, Id, Scenario, Season};
use crate::strategy::{Learner, Outlook, choose as choose_option};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Parts of what a brand does: the redress that it gives,
const REFUSES: usize = 0;
const GIVES_TERMS: usize = 1;
const GIVES_MORE: usize = 2;
/// its price,
const USUAL_PRICE: usize = 3;
const CUTS: usize = 4;
/// and, while a promise holds that it would not cut, whether it does: in addition to the price.
const KEEPS: usize = 5;
const BREAKS: usize = 6;
const PARTS: usize = 7;

/// Choices of a day.
const REDRESS: u32 = 0;
const CUT: u32 = 1;
const HIRE: u32 = 2;
/// First choice of whom to consider.
const CONSIDER: u32 = 3;

/// A place that a brand has with an anchor tonight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The brand.
    pub brand: Id,
    /// Number of the brand among those that hire.
    pub number: u32,
    /// What it pays for the place.
    pub fee: Fen,
}

/// Whom is hired tonight: places by number of the anchor.
#[derive(Resource, Debug, Default)]
pub struct Hired(pub BTreeMap<u32, Vec<Place>>);

/// What a brand has learnt and does.
#[derive(Component, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrandMind {
    /// Its index.
    pub brand: Id,
    /// Its number among brands that hire; `None`: it streams for itself.
    hiring: Option<u32>,
    learner: Learner,
    outlook: Outlook,
    scruples: f64,
    /// What it gives to those who complain.
    pub redress: RedressPolicy,
    /// Whether it cuts its prices.
    pub cuts: bool,
    /// Whether any of its goods was under a promise when it decided: a cut breaks it.
    is_promised: bool,
    /// What a displayed viewer of an anchor is worth to it, yuan.
    worth_of_viewer: f64,
    /// The anchor that it hired last, by number, and for how many displayed viewers.
    pub hired: Option<(u32, f64)>,
    /// Whether it has hired tonight.
    pub hires_tonight: bool,
}

/// Minds of all generated brands: those of anchors, then those that hire.
pub fn minds_of<'a>(
    scenario: &'a Scenario,
    season: &'a Season,
) -> impl Iterator<Item = BrandMind> + 'a {
    let own = season.anchors.iter().map(|cast| (cast, None));
    let hiring = season.brands.iter().zip(0..);
    let hiring = hiring.map(|(cast, number)| (cast, Some(number)));
    own.chain(hiring)
        .map(|(cast, number)| mind_of(scenario, season, cast, number))
}

fn mind_of(scenario: &Scenario, season: &Season, cast: &Cast, hiring: Option<u32>) -> BrandMind {
    let table = &season.strategy.brands;
    let key = scenario.brands[cast.brand as usize].key;
    let words = Draws::new(scenario.seed).at(Mechanism::Strategy, key, u32::MAX);
    BrandMind {
        brand: cast.brand,
        hiring,
        learner: Learner::expecting(vec![0.0; PARTS]),
        outlook: Outlook::new(DEEDS),
        scruples: lognormal(
            table.scruples.median,
            table.scruples.spread,
            words.normal(0),
        ),
        redress: RedressPolicy::Terms,
        cuts: false,
        is_promised: false,
        // At first a place is thought to be worth twice its fee: an assumption, without which nobody would ever try one.
        worth_of_viewer: 2.0 * table.fee_per_viewer,
        hired: None,
        hires_tonight: false,
    }
}

impl BrandMind {
    fn parts(&self) -> Vec<u8> {
        let redress = match self.redress {
            RedressPolicy::Refuse => REFUSES,
            RedressPolicy::Terms => GIVES_TERMS,
            RedressPolicy::Generous => GIVES_MORE,
        };
        let (price, promise) = match self.cuts {
            true => (CUTS, BREAKS),
            false => (USUAL_PRICE, KEEPS),
        };
        let mut parts = vec![redress as u8, price as u8];
        parts.extend(self.is_promised.then_some(promise as u8));
        parts
    }

    /// What it does that it can be punished for.
    fn deeds(&self) -> impl Iterator<Item = Deed> + use<> {
        let all = [
            (self.cuts && self.is_promised, Deed::Breaks),
            (self.redress == RedressPolicy::Refuse, Deed::Refuses),
            (self.redress != RedressPolicy::Generous, Deed::Deletes),
        ];
        all.into_iter()
            .filter(|(does, _)| *does)
            .map(|(_, deed)| deed)
    }

    /// Decides about redress and prices; `promised`: whether any of its goods is under a promise.
    fn review(&mut self, season: &Season, pin: Option<&PinnedBrand>, promised: bool, luck: &Luck) {
        let table = &season.strategy.brands;
        let usual = self.learner.usual().unwrap_or(1.0);
        let temperature = table.temperature * usual;
        let worth = |part: usize, instead: usize| {
            usual * (self.learner.gain(part, instead) + self.learner.echo(part, instead))
        };
        let prior = prior(&season.strategy.anchors);
        let feared = |deed: Deed| self.outlook.expected(deed as usize, &prior);
        let refusing = worth(REFUSES, GIVES_TERMS) - usual * self.scruples - feared(Deed::Refuses);
        // Whoever gives more leaves replays alone; the others have them deleted where that serves.
        let giving = worth(GIVES_MORE, GIVES_TERMS) + feared(Deed::Deletes);
        let options = [refusing, 0.0, giving];
        let chosen = choose_option(&options, temperature, |option| {
            luck.uniform(REDRESS, option)
        });
        let policies = [
            RedressPolicy::Refuse,
            RedressPolicy::Terms,
            RedressPolicy::Generous,
        ];
        let pinned = pin.and_then(|pin| pin.redress);
        self.redress = pinned.unwrap_or(policies[chosen]);
        let mut cutting = worth(CUTS, USUAL_PRICE);
        if promised {
            cutting += worth(BREAKS, KEEPS) - usual * self.scruples - feared(Deed::Breaks);
        }
        let cuts = choose_option(&[0.0, cutting], temperature, |option| {
            luck.uniform(CUT, option)
        });
        self.cuts = pin.and_then(|pin| pin.cuts).unwrap_or(cuts == 1);
        self.is_promised = promised;
    }
}

fn pin_of<'a>(season: &'a Season, name: &str) -> Option<&'a PinnedBrand> {
    let pinned = &season.strategy.pinned.brands;
    pinned.get(name).or_else(|| pinned.get("all"))
}

/// Brands whose day it is decide about redress and prices.
pub fn review(
    mut plot: ResMut<Plot>,
    now: Res<Now>,
    pledges: Res<Pledges>,
    mut minds: Query<&mut BrandMind>,
) {
    let season = season_of(&plot);
    let table = &season.strategy.brands;
    for mut mind in &mut minds {
        mind.hires_tonight = false;
        let brand = &plot.brands[mind.brand as usize];
        // All decide on the first day, then each on its own days.
        let turn = u64::from(now.day) + brand.key % 64;
        if now.day > 0 && !turn.is_multiple_of(u64::from(table.reviews_every)) {
            continue;
        }
        let luck = Luck {
            draws: Draws::new(plot.seed),
            who: brand.key,
            day: now.day,
        };
        let promised = pledges.binds(mind.brand, now.start);
        let pin = pin_of(&season, &brand.name);
        mind.review(&season, pin, promised, &luck);
    }
    let scenario = Arc::make_mut(&mut plot.0);
    for mind in &minds {
        apply(scenario, table, mind);
    }
}

fn apply(scenario: &mut Scenario, table: &BrandStrategyTable, mind: &BrandMind) {
    let brand = &mut scenario.brands[mind.brand as usize];
    (brand.return_days, brand.deletes_replays) = match mind.redress {
        RedressPolicy::Refuse => (0.0, true),
        RedressPolicy::Terms => (7.0, true),
        RedressPolicy::Generous => (table.generous_days, false),
    };
}

/// What minds have decided, put into the plot again.
pub(super) fn apply_policies(world: &mut World) {
    let mut minds = world.query::<&BrandMind>();
    let decided: Vec<BrandMind> = minds.iter(world).cloned().collect();
    let mut plot = world.resource_mut::<Plot>();
    let season = season_of(&plot);
    let scenario = Arc::make_mut(&mut plot.0);
    for mind in &decided {
        apply(scenario, &season.strategy.brands, mind);
    }
}

/// Brands without a room of their own hire an anchor of the evening, or none; an anchor has so many places. Who comes first is drawn.
pub fn hire(
    plot: Res<Plot>,
    now: Res<Now>,
    (calendar, patrols): (Res<Calendar>, Res<Patrols>),
    strategists: Res<Strategists>,
    anchors: Query<&'static AnchorMind>,
    mut minds: Query<&mut BrandMind>,
    mut hired: ResMut<Hired>,
) {
    hired.0.clear();
    let season = season_of(&plot);
    let tonight: Vec<u32> = calendar
        .of_day(now.day)
        .iter()
        .filter(|(number, room)| {
            let mind = anchors.get(strategists.anchors[*number as usize]);
            let on_air = plot.rooms[*room as usize].on_air;
            mind.is_ok_and(|mind| mind.may_play(&patrols, on_air))
        })
        .map(|(number, _)| *number)
        .collect();
    if tonight.is_empty() {
        return;
    }
    let draws = Draws::new(plot.seed);
    let mut order: Vec<(u32, Entity)> = Vec::new();
    for entity in &strategists.brands {
        if let Ok(mind) = minds.get(*entity)
            && mind.hiring.is_some()
        {
            let key = plot.brands[mind.brand as usize].key;
            let words = draws.at(Mechanism::Strategy, key, u32::MAX - 1 - now.day);
            order.push((words.0[0], *entity));
        }
    }
    order.sort_by_key(|(turn, _)| *turn);
    for (_, entity) in order {
        let Ok(mut mind) = minds.get_mut(entity) else {
            continue;
        };
        let brand = &plot.brands[mind.brand as usize];
        let pin = pin_of(&season, &brand.name);
        if pin.and_then(|pin| pin.hires) == Some(false) {
            continue;
        }
        let luck = Luck {
            draws,
            who: brand.key,
            day: now.day,
        };
        let search = Search {
            season: &season,
            tonight: &tonight,
            strategists: &strategists,
            anchors: &anchors,
            hired: &hired,
            luck,
        };
        let must = pin.and_then(|pin| pin.hires) == Some(true);
        let Some((number, viewers)) = search.best(&mind, must) else {
            continue;
        };
        mind.hired = Some((number, viewers));
        mind.hires_tonight = true;
        let fee = Fen::from_yuan(season.strategy.brands.fee_per_viewer * viewers);
        let place = Place {
            brand: mind.brand,
            number: mind.hiring.unwrap_or_default(),
            fee,
        };
        hired.0.entry(number).or_default().push(place);
    }
}

/// A brand's search for an anchor.
struct Search<'a, 'w, 's> {
    season: &'a Season,
    tonight: &'a [u32],
    strategists: &'a Strategists,
    anchors: &'a Query<'w, 's, &'static AnchorMind>,
    hired: &'a Hired,
    luck: Luck,
}

impl Search<'_, '_, '_> {
    /// The anchor that is hired, by number, and its displayed viewers; `None`: none is worth it, or, for a brand that must hire, none has a place.
    fn best(&self, mind: &BrandMind, must: bool) -> Option<(u32, f64)> {
        let table = &self.season.strategy.brands;
        let mut candidates: Vec<(u32, f64)> = Vec::new();
        let again = mind.hired.map(|(number, _)| number);
        let again = again.filter(|number| self.tonight.binary_search(number).is_ok());
        let drawn = (0..table.considers as usize).map(|number| {
            let place = self.luck.uniform(CONSIDER, number) * self.tonight.len() as f64;
            self.tonight[(place as usize).min(self.tonight.len() - 1)]
        });
        for number in again.into_iter().chain(drawn) {
            let known = candidates.iter().any(|(other, _)| *other == number);
            let taken = self.hired.0.get(&number).map_or(0, Vec::len);
            let slots = self.season.strategy.anchors.slots as usize;
            let anchor = self.anchors.get(self.strategists.anchors[number as usize]);
            if let (false, true, Ok(anchor)) = (known, taken < slots, anchor) {
                candidates.push((number, anchor.popularity));
            }
        }
        let profit = mind.worth_of_viewer - table.fee_per_viewer;
        let worth = candidates.iter().map(|(_, viewers)| viewers * profit);
        let nobody = if must { f64::NEG_INFINITY } else { 0.0 };
        let utilities: Vec<f64> = std::iter::once(nobody).chain(worth).collect();
        let sizes = candidates.iter().map(|(_, viewers)| *viewers);
        let scale = sizes.fold(0.0, f64::max) * table.fee_per_viewer;
        let chosen = choose_option(&utilities, table.temperature * scale, |option| {
            self.luck.uniform(HIRE, option)
        });
        chosen.checked_sub(1).map(|place| candidates[place])
    }
}

/// Brands learn from their day.
pub fn learn(plot: Res<Plot>, takings: Res<Takings>, mut minds: Query<&mut BrandMind>) {
    let season = season_of(&plot);
    let table = &season.strategy.brands;
    for mut mind in &mut minds {
        let mind = &mut *mind;
        mind.outlook.fade(season.strategy.anchors.memory_evenings);
        for deed in mind.deeds() {
            mind.outlook.saw_done(deed as usize, 1.0);
        }
        for punishment in takings.punished(Account::Brand(mind.brand)) {
            if let Some(deed) = deed_of(&punishment.reason) {
                let cost = punishment.amount.yuan();
                mind.outlook.saw_punished(deed as usize, 1.0, cost);
            }
        }
        let earned = takings.brand(mind.brand).yuan();
        if earned == 0.0 && !mind.hires_tonight {
            continue;
        }
        let parts = mind.parts();
        mind.learner.learn(&parts, earned, table.own_step);
        if let (true, Some((_, viewers))) = (mind.hires_tonight, mind.hired) {
            let worth = earned / viewers.max(1.0);
            mind.worth_of_viewer += table.own_step * (worth - mind.worth_of_viewer);
        }
    }
}
