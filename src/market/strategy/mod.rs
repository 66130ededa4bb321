//! Strategy (MODEL section 10): generated anchors, brands and farms choose for an evening, and learn from what it came to.
//!
//! Two schedules of their own, each run once a day. In the morning: farms set their terms, brands review what they give and hire anchors, anchors choose a
//! bundle or leave, and what was chosen becomes the cues of the evening's rooms. At night, when the day's money has moved and its sanctions are known,
//! everybody learns.
//!
//! | moment | file |
//! |---|---|
//! | what can be chosen, as parts that are learnt one by one | `menu` |
//! | farms: price, capacity, realism | `farms` |
//! | brands: redress, prices, whom to hire | `brands` |
//! | anchors: the bundle, or leaving | `anchors` |
//! | choices become the evening's cues | `stage` |
//! | earnings and punishments of the day | `takings` |
//! | what a punishment is taken to be for | `blame` |
//! | anchors learn from their evening and from what was done to them | `lessons` |
//! | anchors hear of others, imitate, meet the course | `gossip` |
//! | what is told to whoever observes | `conduct` |
//!
//! Nothing here knows the regime: what is feared is what was seen, so two regimes are the same until one of them acts. Choices are drawn by who chooses and
//! the day.

mod anchors;
mod blame;
mod brands;
mod conduct;
mod farms;
mod gossip;
mod lessons;
mod menu;
mod stage;
mod takings;

pub use anchors::AnchorMind;
pub use brands::BrandMind;
pub use conduct::{ConductOfDay, Seasons};
pub use farms::FarmMind;
use stage::Staged;
pub use takings::{CameBack, Felt, PAID_FOR_PROMISE, Punishment};

use super::bots::FarmIndex;
use super::time::Plot;
use crate::scenario::{Scenario, Season};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::SingleThreadedExecutor;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Entities of those who choose, by number in their cast.
#[derive(Resource, Debug, Default)]
pub struct Strategists {
    anchors: Vec<Entity>,
    brands: Vec<Entity>,
}

/// The two schedules of a season.
pub struct Almanac {
    morning: Schedule,
    night: Schedule,
}

impl Almanac {
    /// The almanac of a scenario, whose strategists it puts into the world; `None` where nobody chooses.
    pub fn of(world: &mut World, scenario: &Scenario) -> Option<Self> {
        let season = scenario.season.clone()?;
        furnish(world, scenario, &season);
        Some(Self {
            morning: schedule(
                (
                    farms::set_terms,
                    brands::review,
                    brands::hire,
                    anchors::choose,
                    stage::stage,
                )
                    .chain(),
            ),
            night: schedule(
                (
                    takings::settle,
                    lessons::learn,
                    gossip::hear,
                    brands::learn,
                    farms::learn,
                    conduct::tell,
                )
                    .chain(),
            ),
        })
    }

    /// A day begins.
    pub fn morning(&mut self, world: &mut World) {
        self.morning.run(world);
    }

    /// A day has ended: its money has moved.
    pub fn night(&mut self, world: &mut World) {
        self.night.run(world);
    }
}

fn schedule<M>(systems: impl IntoScheduleConfigs<bevy_ecs::system::ScheduleSystem, M>) -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    schedule.add_systems(systems);
    schedule
}

fn furnish(world: &mut World, scenario: &Scenario, season: &Arc<Season>) {
    let anchors = (0..season.anchors.len())
        .map(|number| world.spawn(AnchorMind::of(scenario, season, number)).id())
        .collect();
    let brands = brands::minds_of(scenario, season)
        .map(|mind| world.spawn(mind).id())
        .collect();
    world.insert_resource(Strategists { anchors, brands });
    let farms = world.resource::<FarmIndex>().0.clone();
    for (entity, farm) in farms.into_iter().zip(&scenario.farms) {
        let mind = FarmMind::of(season, farm);
        world.entity_mut(entity).insert(mind);
    }
    world.insert_resource(stage::Calendar::of(scenario, season));
    world.insert_resource(stage::Staged::default());
    world.insert_resource(stage::Pledges::of(scenario));
    world.insert_resource(takings::Takings::of(scenario));
    world.insert_resource(brands::Hired::default());
    world.insert_resource(conduct::Seasons::default());
}

/// What is saved of a season.
#[derive(Serialize, Deserialize)]
pub struct SavedSeason {
    anchors: Vec<AnchorMind>,
    brands: Vec<BrandMind>,
    farms: Vec<FarmMind>,
    staged: Staged,
    seasons: Seasons,
}

impl SavedSeason {
    /// The state of a season; `None` where nobody chooses.
    pub fn of(world: &World) -> Option<Self> {
        let strategists = world.get_resource::<Strategists>()?;
        Some(Self {
            anchors: each(world, &strategists.anchors),
            brands: each(world, &strategists.brands),
            farms: each(world, &world.resource::<FarmIndex>().0),
            staged: world.resource::<Staged>().clone(),
            seasons: world.resource::<Seasons>().clone(),
        })
    }

    /// Takes it up: everything that was staged is staged again, in order.
    ///
    /// # Errors
    /// A sentence that says why it does not fit.
    pub fn take_up(self, world: &mut World) -> Result<(), String> {
        let misfit = || "the checkpoint belongs to another scenario".to_owned();
        let strategists = world.get_resource::<Strategists>().ok_or_else(misfit)?;
        let (anchors, brands) = (strategists.anchors.clone(), strategists.brands.clone());
        let farms = world.resource::<FarmIndex>().0.clone();
        if anchors.len() != self.anchors.len() || brands.len() != self.brands.len() {
            return Err(misfit());
        }
        put_back(world, &anchors, self.anchors);
        put_back(world, &brands, self.brands);
        put_back(world, &farms, self.farms);
        world.insert_resource(self.seasons);
        stage::restage(world, self.staged).map_err(|_| misfit())?;
        brands::apply_policies(world);
        farms::apply_terms(world);
        Ok(())
    }
}

fn each<C: Component + Clone>(world: &World, entities: &[Entity]) -> Vec<C> {
    let components = entities.iter().map(|entity| world.get::<C>(*entity));
    components.flatten().cloned().collect()
}

fn put_back<C: Component>(world: &mut World, entities: &[Entity], components: Vec<C>) {
    for (entity, component) in entities.iter().zip(components) {
        world.entity_mut(*entity).insert(component);
    }
}

/// The season of a scenario that has one.
fn season_of(plot: &Plot) -> Arc<Season> {
    // The schedules run only where there is a season.
    plot.season
        .clone()
        .unwrap_or_else(|| unreachable!("a season's systems run in scenarios with a season only"))
}
