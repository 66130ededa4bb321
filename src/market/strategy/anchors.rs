//! Anchors: each evening on which it is on air an anchor chooses a bundle by logit over what it has learnt (`lessons`), or leaves for
//! good. Touches minds alone.
//!
//! A part is worth, in yuan, what it is thought to add tonight and to leave behind for the evenings after, less scruples, less what it costs at the going
//! prices of farms, less what it is expected to be punished with. Since parts add up, the logit over bundles is one over the options of each kind.

use super::farms::{Quote, quotes};
use super::lessons::{Evening, Penalties};
use super::menu::{ALL, Bundle, KINDS, Kind, Luck, Menu, NOTHING, Pins};
use super::stage::Calendar;
use super::{FarmMind, Strategists, season_of};
use crate::draws::{Draws, Mechanism, logistic, lognormal};
use crate::market::sanction::Patrols;
use crate::market::time::{Now, Plot};
use crate::scenario::file::{AnchorStrategyTable, StrategyTable};
use crate::scenario::{Id, Scenario, Season};
use crate::strategy::{Learner, Outlook, Prior, choose as choose_option};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Evenings of its own before an anchor thinks of leaving; what they earned is what it then holds others against.
pub(super) const BEFORE_LEAVING: u32 = 3;

/// Fewest viewers that farms sell at a time: an assumption.
const FEWEST_VIEWS: u64 = 100;

/// First choices of a day that are not options of a kind.
const LEAVING: u32 = 8;
const FARM: u32 = 9;
/// The first of the choices that gossip makes.
pub(super) const GOSSIP: u32 = 16;

/// What an anchor does tonight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tonight {
    /// Its room.
    pub room: Id,
    /// What it has chosen.
    pub bundle: Bundle,
    /// From which farm, and how many viewers and orders are bought.
    pub bought: Option<(Id, u64, u64)>,
    /// Real viewers that it hopes for.
    pub viewers: f64,
}

/// What an anchor knows, believes and has chosen.
#[derive(Component, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnchorMind {
    /// Its index among all anchors.
    pub anchor: Id,
    /// What it has learnt of the parts of a bundle.
    pub learner: Learner,
    /// What it expects to be punished for.
    pub outlook: Outlook,
    /// By number of the script, whether it knows it.
    pub scripts: Vec<bool>,
    /// What is pinned.
    pub pins: Pins,
    /// What each false part costs it in its own eyes, share of usual earnings.
    scruples: f64,
    /// What its first [`BEFORE_LEAVING`] evenings earned on average, yuan.
    pub(super) first: f64,
    /// Evenings of its own so far.
    pub evenings: u32,
    /// The day on which it left.
    pub left: Option<u32>,
    /// Viewers whom a room of so many followers is expected to have.
    pub size: f64,
    /// Real viewers at the peak of its evenings, the last ones most.
    pub(super) viewers: f64,
    /// Viewers on display at the peak of its last evening.
    pub popularity: f64,
    /// What it does tonight; `None`: it is not on air.
    pub tonight: Option<Tonight>,
    /// Rooms of its evenings, in order, and what it did in each.
    pub(super) past: Vec<(Id, Bundle)>,
    /// What the evening came to; between the end of a day and the next morning only.
    #[serde(skip)]
    pub evening: Option<Evening>,
    /// For which kinds, or for nothing, it was punished that day, on air or not; as long.
    #[serde(skip)]
    pub punished: Penalties,
}

impl AnchorMind {
    /// The mind of the anchor of a number in its cast, before its first evening.
    pub fn of(scenario: &Scenario, season: &Season, number: usize) -> Self {
        let strategy = &season.strategy;
        let menu = Menu::of(strategy, scenario.farms.len());
        // Every generated anchor of a cast has an index.
        let anchor = season.anchors[number].anchor.unwrap_or_default();
        let table = &strategy.anchors;
        let about = &scenario.anchors[anchor as usize];
        let words = Draws::new(scenario.seed).at(Mechanism::Strategy, about.key, u32::MAX);
        let viewers = season.generate.expected_viewers(about.followers);
        let knows = words.uniform(3) < table.knows_course;
        let mut scripts = vec![knows; season.scripts.len()];
        scripts[0] = true;
        Self {
            anchor,
            learner: Learner::expecting(menu.expecting(table.expected_gain)),
            outlook: Outlook::new(KINDS + 1),
            scripts,
            pins: Pins::of(strategy, &about.name),
            scruples: lognormal(
                table.scruples.median,
                table.scruples.spread,
                words.normal(0),
            ),
            first: 0.0,
            evenings: 0,
            left: None,
            size: viewers.max(1.0e-3),
            viewers,
            popularity: viewers,
            tonight: None,
            past: Vec::new(),
            evening: None,
            punished: Penalties::default(),
        }
    }

    /// What it did on its last evening.
    pub fn last(&self) -> Bundle {
        self.past.last().map_or(Bundle::default(), |past| past.1)
    }

    /// Whether it deceived on none of the evenings before which nobody leaves; `None`: it has not had so many.
    pub fn began_honest(&self) -> Option<bool> {
        let first = self.past.get(..BEFORE_LEAVING as usize)?;
        Some(!first.iter().any(|(_, bundle)| bundle.deceives()))
    }

    /// What each false part costs it in its own eyes, share of usual earnings.
    pub(super) fn scruples(&self) -> f64 {
        self.scruples
    }

    /// Whether an evening that begins at a second is one of its own: it has not left for good, and is not suspended then.
    pub(super) fn may_play(&self, patrols: &Patrols, on_air: f64) -> bool {
        self.left.is_none() && !patrols.is_suspended(self.anchor, on_air)
    }

    /// What an evening usually earns, yuan; before the first, a fifth of what a tenth of the viewers hoped for would pay.
    pub fn usual(&self, season: &Season) -> f64 {
        let guess = 0.2 * 0.1 * season.generate.price_median * self.viewers;
        self.learner.usual().unwrap_or(guess)
    }

    /// What an option of a kind is worth tonight beside none of it, yuan; `None`: it does not know how.
    fn utility(&self, kind: Kind, option: u8, choice: &Choice) -> Option<f64> {
        if option == 0 {
            return Some(0.0);
        }
        if kind == Kind::Script && !self.scripts[usize::from(option)] {
            return None;
        }
        let table = choice.table();
        let part = choice.menu.part(kind, option);
        let none = choice.menu.part(kind, 0);
        let scruples = match kind {
            Kind::Promise => 0.0,
            _ => self.scruples,
        };
        let echo = table.horizon * self.learner.echo(part, none);
        let gain = self.learner.gain(part, none) + echo - scruples;
        let (views, orders) = self.bought(choice.strategy, kind, option);
        let cost = choice.quote.map_or(0.0, |quote| {
            views as f64 * quote.view + orders as f64 * quote.order
        });
        let punished = self.outlook.expected(kind as usize, &prior(table));
        Some(self.usual(choice.season) * gain - cost - punished)
    }

    /// Viewers and orders that an option buys.
    fn bought(&self, strategy: &StrategyTable, kind: Kind, option: u8) -> (u64, u64) {
        let place = usize::from(option) - 1;
        let of = |multiples: &[f64]| multiples[place] * self.viewers;
        match kind {
            Kind::Views => {
                let views = of(&strategy.anchors.views).clamp(0.0, 1.0e7) as u64;
                (views.max(FEWEST_VIEWS), 0)
            }
            Kind::Orders => {
                let orders = of(&strategy.anchors.orders).clamp(0.0, 1.0e7) as u64;
                (0, orders.max(1))
            }
            _ => (0, 0),
        }
    }

    /// The bundle for tonight, and what it is expected to earn, yuan.
    fn bundle(&self, choice: &Choice) -> (Bundle, f64) {
        let mut bundle = Bundle::default();
        let usual = self.usual(choice.season);
        let nothing_false = choice.menu.parts_of(Bundle::default());
        let mut expected = usual * self.learner.expected(&nothing_false);
        for kind in ALL {
            let options: Vec<(u8, f64)> = (0..=choice.menu.options(kind) as u8)
                .filter_map(|option| Some((option, self.utility(kind, option, choice)?)))
                .collect();
            let utilities: Vec<f64> = options.iter().map(|option| option.1).collect();
            let chosen = match self.pins.options[kind as usize] {
                Some(option) => option,
                None => {
                    let temperature = choice.table().temperature * usual;
                    let luck = |option: usize| {
                        let option = usize::from(options[option].0);
                        choice.luck.uniform(kind as u32, option)
                    };
                    options[choose_option(&utilities, temperature, luck)].0
                }
            };
            bundle.0[kind as usize] = chosen;
            let of_chosen = options.iter().find(|option| option.0 == chosen);
            expected += of_chosen.map_or(0.0, |option| option.1);
        }
        (bundle, expected)
    }

    /// Whether it would rather do something else from now on.
    fn leaves(&self, expected: f64, choice: &Choice) -> bool {
        if self.pins.stays || self.evenings < BEFORE_LEAVING {
            return false;
        }
        let table = choice.table();
        let outside = table.leaves_below * self.first;
        // Whoever has seen the innocent punished reckons with it, whatever it does.
        let unearned = Prior {
            probability: 0.0,
            ..prior(table)
        };
        let expected = expected - self.outlook.expected(NOTHING, &unearned);
        let scale = table.temperature.max(0.01) * self.first.max(1.0);
        choice.luck.uniform(LEAVING, 0) < logistic((outside - expected) / scale)
    }

    fn decide(&mut self, room: Id, choice: &Choice) {
        let (bundle, expected) = self.bundle(choice);
        if self.leaves(expected, choice) {
            self.left = Some(choice.luck.day);
            return;
        }
        let (mut views, mut orders) = (0, 0);
        for kind in [Kind::Views, Kind::Orders] {
            if bundle.option(kind) > 0 {
                let bought = self.bought(choice.strategy, kind, bundle.option(kind));
                (views, orders) = (views + bought.0, orders + bought.1);
            }
        }
        let farm = choice.quote.map(|quote| quote.farm);
        self.tonight = Some(Tonight {
            room,
            bundle,
            bought: farm
                .filter(|_| views + orders > 0)
                .map(|farm| (farm, views, orders)),
            viewers: self.viewers,
        });
    }
}

/// What a choice depends on beside the mind.
struct Choice<'a> {
    season: &'a Season,
    strategy: &'a StrategyTable,
    menu: Menu,
    luck: Luck,
    /// The farm that it would buy from.
    quote: Option<Quote>,
}

impl Choice<'_> {
    fn table(&self) -> &AnchorStrategyTable {
        &self.strategy.anchors
    }
}

/// What is expected of punishments before any have been seen.
pub(super) fn prior(table: &AnchorStrategyTable) -> Prior {
    Prior {
        probability: table.expected_punishment,
        rounds: table.prior_evenings,
        cost: table.expected_fine,
    }
}

/// The farm that somebody buys from: by logit on the price for a viewer who really comes.
fn farm_for(quotes: &[Quote], temperature: f64, luck: &Luck) -> Option<Quote> {
    let utilities: Vec<f64> = quotes
        .iter()
        .map(|quote| -libm::log((quote.view / quote.served.max(0.01)).max(1e-9)))
        .collect();
    let chosen = choose_option(&utilities, temperature, |farm| luck.uniform(FARM, farm));
    quotes.get(chosen).copied()
}

/// Anchors whose evening it is choose what to do, or leave; whoever is suspended has no evening.
pub fn choose(
    plot: Res<Plot>,
    now: Res<Now>,
    (calendar, patrols): (Res<Calendar>, Res<Patrols>),
    strategists: Res<Strategists>,
    farms: Query<&FarmMind>,
    mut minds: Query<&mut AnchorMind>,
) {
    let season = season_of(&plot);
    let strategy = &season.strategy;
    let quotes = quotes(&plot, farms.iter());
    for mut mind in &mut minds {
        mind.tonight = None;
    }
    for (number, room) in calendar.of_day(now.day) {
        let Ok(mut mind) = minds.get_mut(strategists.anchors[*number as usize]) else {
            continue;
        };
        if !mind.may_play(&patrols, plot.rooms[*room as usize].on_air) {
            continue;
        }
        let luck = Luck {
            draws: Draws::new(plot.seed),
            who: plot.anchors[mind.anchor as usize].key,
            day: now.day,
        };
        let quote = farm_for(&quotes, strategy.farms.buyers_temperature, &luck);
        let choice = Choice {
            season: &season,
            strategy,
            menu: Menu::of(strategy, plot.farms.len()),
            luck,
            quote,
        };
        mind.decide(*room, &choice);
    }
}
