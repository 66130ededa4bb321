//! The stage: what was chosen for an evening becomes the cues of its rooms, and what follows from them: scheduled prices, what in them is false, promises, and
//! promises of earlier evenings that tonight's prices break. Touches the plot, rooms' shows, the ledger (fees for places), and parcels bought on promises
//! that are broken now.

use super::anchors::AnchorMind;
use super::brands::{BrandMind, Hired};
use super::{Strategists, season_of};
use crate::market::aftermath::Parcels;
use crate::market::breach::Violations;
use crate::market::ledger::{Ledger, Purpose};
use crate::market::rank::Followers;
use crate::market::room::{Air, RoomIndex, Show};
use crate::market::rows::Account;
use crate::market::time::{Now, Plot, day_of};
use crate::money::to_ten_fen;
use crate::scenario::{Act, Cue, Id, Item, Play, Scenario, Season};
use bevy_ecs::prelude::*;
use bevy_tasks::{ComputeTaskPool, TaskPool};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rooms whose cues one task makes.
const ROOMS: usize = 64;

/// Below a price by less than this, yuan, nothing is broken.
const TOLERANCE: f64 = 0.005;

/// Whose evening it is: by day, numbers of anchors in their cast and their rooms, in order of number.
#[derive(Resource, Debug, Default)]
pub struct Calendar {
    days: Vec<Vec<(u32, Id)>>,
}

impl Calendar {
    /// The calendar of a season.
    pub fn of(scenario: &Scenario, season: &Season) -> Self {
        let mut days: Vec<Vec<(u32, Id)>> = Vec::new();
        for (cast, number) in season.anchors.iter().zip(0..) {
            for room in &cast.sessions {
                let day = day_of(&scenario.clock, scenario.rooms[*room as usize].on_air) as usize;
                if days.len() <= day {
                    days.resize(day + 1, Vec::new());
                }
                days[day].push((number, *room));
            }
        }
        Self { days }
    }

    /// Anchors on air on a day, and in which room.
    pub fn of_day(&self, day: u32) -> &[(u32, Id)] {
        self.days.get(day as usize).map_or(&[], Vec::as_slice)
    }
}

/// Everything that was staged so far, in order: from it the plot can be made again.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Staged(pub Vec<(Id, Play)>);

/// A lowest price that was promised.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pledge {
    room: Id,
    price: f64,
    at: f64,
    until: f64,
    broken: bool,
}

/// Promises of lowest prices, by product; and until when any of a brand's goods is under one.
#[derive(Resource, Debug, Default)]
pub struct Pledges {
    by_product: Vec<Vec<Pledge>>,
    until: Vec<f64>,
}

impl Pledges {
    /// None yet.
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            by_product: vec![Vec::new(); scenario.products.len()],
            until: vec![f64::NEG_INFINITY; scenario.brands.len()],
        }
    }

    /// Whether any of a brand's goods is under a promise at a second.
    pub fn binds(&self, brand: Id, second: f64) -> bool {
        self.until[brand as usize] > second
    }

    /// A price is going to be asked from a second on: promises that it breaks, by room.
    fn ask(&mut self, product: Id, price: f64, from: f64) -> Vec<Id> {
        let mut broken = Vec::new();
        for pledge in &mut self.by_product[product as usize] {
            let holds = (pledge.at..pledge.until).contains(&from);
            if holds && !pledge.broken && price < pledge.price - TOLERANCE {
                pledge.broken = true;
                broken.push(pledge.room);
            }
        }
        broken
    }
}

/// What staging writes to.
struct Boards<'a> {
    scenario: &'a mut Scenario,
    violations: &'a mut Violations,
    pledges: &'a mut Pledges,
    /// Promises broken: room and product.
    broken: BTreeSet<(Id, Id)>,
}

impl Boards<'_> {
    /// Puts cues on: everything that follows from them alone.
    fn put_on(&mut self, season: &Season, room: Id, play: &Play, cues: Vec<Cue>) {
        for cue in &cues {
            if let Act::OpenLink { product, price, .. } | Act::SetPrice { product, price } = cue.act
            {
                self.scenario.scheduled_prices[product as usize].push((cue.at, price));
                for broken in self.pledges.ask(product, price, cue.at) {
                    let promise = (broken, product);
                    self.violations
                        .promise_broken(self.scenario, promise, cue.at);
                    self.broken.insert((broken, product));
                }
            }
        }
        for cue in &cues {
            if let Act::Promise {
                product,
                price: Some(price),
                until,
                ..
            } = cue.act
            {
                let pledge = Pledge {
                    room,
                    price,
                    at: cue.at,
                    until,
                    broken: false,
                };
                self.pledges.by_product[product as usize].push(pledge);
                let brand = self.scenario.products[product as usize].brand;
                let bound = &mut self.pledges.until[brand as usize];
                *bound = bound.max(until);
            }
        }
        let staged = &mut self.scenario.rooms[room as usize];
        staged.cues = cues;
        staged.scripts = vec![season.scripts[usize::from(play.script)].clone()];
        self.violations.add(self.scenario, room);
    }
}

/// What the stage moves beside the plot.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Hands<'w, 's> {
    now: Res<'w, Now>,
    calendar: Res<'w, Calendar>,
    strategists: Res<'w, Strategists>,
    hired: Res<'w, Hired>,
    followers: Res<'w, Followers>,
    index: Res<'w, RoomIndex>,
    ledger: ResMut<'w, Ledger>,
    violations: ResMut<'w, Violations>,
    pledges: ResMut<'w, Pledges>,
    staged: ResMut<'w, Staged>,
    parcels: ResMut<'w, Parcels>,
    minds: Query<'w, 's, &'static AnchorMind>,
    brands: Query<'w, 's, &'static BrandMind>,
    rooms: Query<'w, 's, (&'static mut Air, &'static mut Show)>,
}

/// Stages the evening.
pub fn stage(mut plot: ResMut<Plot>, mut hands: Hands) {
    let season = season_of(&plot);
    let plays = hands.plays(&plot, &season);
    let cues = cues_of(&plot, &season, &plays);
    let scenario = Arc::make_mut(&mut plot.0);
    let mut boards = Boards {
        scenario,
        violations: &mut hands.violations,
        pledges: &mut hands.pledges,
        broken: BTreeSet::new(),
    };
    for ((room, play), cues) in plays.iter().zip(cues) {
        boards.put_on(&season, *room, play, cues);
    }
    let broken = boards.broken;
    hands.parcels.promises_broken(&broken);
    for (room, _) in &plays {
        if let Ok((_, mut show)) = hands.rooms.get_mut(hands.index.0[*room as usize]) {
            show.turn_to(0, &plot.rooms[*room as usize]);
        }
    }
    hands.stay_closed();
    hands.charge_fees(&plot);
    hands.staged.0.extend(plays);
}

/// The cues of plays, side by side.
fn cues_of(plot: &Scenario, season: &Season, plays: &[(Id, Play)]) -> Vec<Vec<Cue>> {
    let make = |(room, play): &(Id, Play)| {
        // Every script was rehearsed when the scenario was resolved.
        let room = &plot.rooms[*room as usize];
        season.cues(plot, room, play).unwrap_or_default()
    };
    let pool = ComputeTaskPool::get_or_init(TaskPool::default);
    let parts = pool.scope(|scope| {
        for part in plays.chunks(ROOMS) {
            scope.spawn(async move { part.iter().map(make).collect::<Vec<_>>() });
        }
    });
    parts.into_iter().flatten().collect()
}

impl Hands<'_, '_> {
    /// What anchors who are on air tonight play.
    fn plays(&self, plot: &Scenario, season: &Season) -> Vec<(Id, Play)> {
        let tonight = self.calendar.of_day(self.now.day).iter();
        let plays = tonight.filter_map(|(number, room)| {
            let mind = self.minds.get(self.strategists.anchors[*number as usize]);
            let chosen = mind.ok()?.tonight?;
            let bundle = chosen.bundle;
            let anchors = &season.strategy.anchors;
            let inflation = match bundle.0[3] {
                0 => 1.0,
                option => anchors.inflation[usize::from(option) - 1],
            };
            let play = Play {
                script: bundle.0[0],
                items: self.items(plot, season, *number, *room),
                viewers: chosen.viewers,
                inflation,
                promises: bundle.0[4] > 0,
                bought: chosen.bought,
            };
            Some((*room, play))
        });
        plays.collect()
    }

    /// What is shown: goods of brands that have hired the anchor, then its own, as far as the time goes.
    fn items(&self, plot: &Scenario, season: &Season, number: u32, room: Id) -> Vec<Item> {
        let cast = &season.anchors[number as usize];
        let room = &plot.rooms[room as usize];
        let slots = ((room.off_air - room.on_air) / crate::scenario::SHORTEST_SLOT).max(1.0);
        let places = self.hired.0.get(&number).map_or(&[][..], Vec::as_slice);
        let guests = places
            .iter()
            .flat_map(|place| &season.brands[place.number as usize].goods);
        let followers = self.followers.of(plot, room.anchor);
        let stock = season.generate.stock_per_thousand_followers * followers / 1_000.0;
        let goods = guests.chain(&cast.goods).take(slots as usize);
        goods
            .map(|(product, price)| Item {
                product: *product,
                price: self.price(plot, season, *product, *price),
                stock: stock.clamp(30.0, 1.0e7) as u32,
            })
            .collect()
    }

    /// The price tonight: the usual one, or what its brand has cut it to.
    fn price(&self, plot: &Scenario, season: &Season, product: Id, usual: f64) -> f64 {
        let brand = plot.products[product as usize].brand;
        let place = season.place_of(brand);
        let mind = place.and_then(|place| self.brands.get(self.strategists.brands[place]).ok());
        match mind.is_some_and(|mind| mind.cuts) {
            true => to_ten_fen(usual * (1.0 - season.strategy.brands.price_cut)),
            false => usual,
        }
    }

    /// Rooms of anchors who have left stay closed. (Those of suspended ones do when they would go on air, as in any market.)
    fn stay_closed(&mut self) {
        for (number, room) in self.calendar.of_day(self.now.day) {
            let mind = self.minds.get(self.strategists.anchors[*number as usize]);
            if !mind.is_ok_and(|mind| mind.left.is_some()) {
                continue;
            }
            if let Ok((mut air, _)) = self.rooms.get_mut(self.index.0[*room as usize]) {
                *air = Air::After;
            }
        }
    }

    /// Brands pay for their places.
    fn charge_fees(&mut self, plot: &Scenario) {
        let season = plot.season.as_ref();
        for (number, places) in &self.hired.0 {
            let anchor = season.and_then(|season| season.anchors[*number as usize].anchor);
            let mind = self.minds.get(self.strategists.anchors[*number as usize]);
            let is_there = mind.is_ok_and(|mind| mind.tonight.is_some());
            for place in places.iter().filter(|_| is_there) {
                let (from, to) = (
                    Account::Brand(place.brand),
                    Account::Anchor(anchor.unwrap_or_default()),
                );
                self.ledger.post(from, to, Purpose::SlotFee, place.fee);
            }
        }
    }
}

/// Stages everything again that a market had staged, beyond what this one has.
///
/// # Errors
/// What was staged does not begin with what this market has staged.
pub fn restage(world: &mut World, staged: Staged) -> Result<(), ()> {
    let here = world.resource::<Staged>().0.len();
    if staged.0.get(..here) != Some(world.resource::<Staged>().0.as_slice()) {
        return Err(());
    }
    let mut plot = world.resource::<Plot>().clone();
    let season = season_of(&plot);
    let cues = cues_of(&plot, &season, &staged.0[here..]);
    world.resource_scope(|world, mut violations: Mut<Violations>| {
        let mut pledges = world.resource_mut::<Pledges>();
        let mut boards = Boards {
            scenario: Arc::make_mut(&mut plot.0),
            violations: &mut violations,
            pledges: &mut pledges,
            broken: BTreeSet::new(),
        };
        for ((room, play), cues) in staged.0[here..].iter().zip(cues) {
            boards.put_on(&season, *room, play, cues);
        }
    });
    world.insert_resource(plot);
    world.insert_resource(staged);
    Ok(())
}
