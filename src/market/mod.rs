//! The market: an ECS world and one schedule, which reads like the story of an evening.
//!
//! Few and rich things (rooms, farms) are entities with ordinary components. Consumers are many and mostly asleep: cohort entities hold
//! them as columns, and only those who watch take a seat, in the blocks of their room. One file holds one mechanism:
//!
//! | moment of a tick | file |
//! |---|---|
//! | rooms go on and off air, cues take effect | `script` |
//! | farms deliver, crowds stir | `bots` |
//! | counters refresh | `display` |
//! | exposure | `rank` |
//! | people arrive and sit down | `plan`, `wander`, `arrive`, `sit` |
//! | they watch | `watch` |
//! | they decide at looks | `decide` |
//! | coupons are given out | `issue` (a lottery when its cue falls) |
//! | orders, payments, lapses | `checkout` |
//! | balances of presales, filler sent back | `balance` |
//! | shopping with a coupon from a room | `errand` |
//! | they leave, remember, hop | `depart` |
//! | frames for whoever observes | `observe` |
//! | the platform patrols rooms and sanctions them | `patrol` |
//! | rules of the regime | `enforce` (where each of them acts) |
//! | when a day has ended: what comes after the sale | `aftermath` |
//! | where anchors, brands and farms choose: before a day and after it | `strategy` |
//!
//! The market reads a checked [`Scenario`] and tells an [`Observer`]; it never touches files.

mod acts;
mod aftermath;
mod agenda;
mod arousal;
mod arrive;
mod balance;
mod bargain;
mod bots;
mod breach;
mod brushing;
mod calendar;
mod call;
mod checkout;
mod crew;
mod crowd;
mod decide;
mod decisions;
mod depart;
mod display;
mod enforce;
mod errand;
mod exposure;
mod furnish;
mod hearing;
mod issue;
mod ledger;
mod memory;
mod observe;
mod offers;
mod patrol;
mod plan;
mod platform_view;
mod population;
mod promoted;
mod rank;
mod reference;
mod register;
mod room;
mod roster;
mod rows;
mod sale;
mod sanction;
mod script;
mod seats;
mod sit;
mod snapshot;
mod standing;
mod strategy;
mod summary;
mod tally;
mod terms;
mod time;
mod tokens;
mod trace;
mod tree;
mod wallet;
mod wander;
mod watch;
mod watched;
mod weigh;
mod wheel;

/// The parts of the world that a mechanism of one's own may read and move (see [`Market::extended`]).
pub mod parts {
    pub use super::crowd::{Counts, Crowd};
    pub use super::display::Display;
    pub use super::population::{Census, Cohort, ConsumerId};
    pub use super::rank::Exposures;
    pub use super::room::{Air, RoomId, RoomIndex};
    pub use super::time::{Now, Plot};
}

pub use aftermath::{AftermathTotals, HarmAccount, Memo, Rung};
pub use breach::deceives;
pub use decisions::days_short_of_decisions;
pub use patrol::Thresholds;
pub use platform_view::{Cause, millis};
pub use rows::*;
pub use sanction::{Caught, Hits, Sanctions, Wronged};
pub use standing::Standing;
pub use strategy::{ConductOfDay, Seasons};
pub use summary::*;
pub use tally::account_name;
pub use time::day_of;
pub use trace::{TraceAct, TraceRow};
pub use tree::ExposureTree;
pub use wallet::Skill;

use crate::scenario::{Cue, Id, Scenario};
use bevy_ecs::prelude::{IntoScheduleConfigs, Mut, Schedule, SystemSet, Without, World};
use bevy_ecs::schedule::SingleThreadedExecutor;
use bevy_tasks::{ComputeTaskPool, TaskPool, TaskPoolBuilder};
use std::sync::Arc;

/// Where the market stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Within a simulated day.
    Running,
    /// A simulated day has just ended: all its rows have been handed over, `day_end` last. The moment to close files and to checkpoint.
    DayEnded,
    /// The last day has ended (it has been reported like any other).
    Finished,
}

/// The moments of a tick, in order: where in the schedule a mechanism has its place.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Rooms go on and off air, cues take effect.
    Script,
    /// Farms deliver.
    Bots,
    /// In every room crowds stir, counters refresh, heat follows, the stage is set.
    Prepare,
    /// Exposure.
    Rank,
    /// People arrive and choose a room.
    Arrive,
    /// They sit down, watch and decide.
    Attend,
    /// Orders, payments, lapses.
    Checkout,
    /// They leave and remember; the tick settles.
    Depart,
    /// Frames for whoever observes.
    Observe,
}

/// A market that can be moved, asked and saved.
pub struct Market {
    world: World,
    evening: Schedule,
    aftermath: Schedule,
    almanac: Option<strategy::Almanac>,
    finished: bool,
}

impl Market {
    /// Builds the world of a scenario; rows go to `observer`.
    pub fn new(scenario: Arc<Scenario>, observer: Box<dyn Observer>) -> Self {
        Self::extended(scenario, observer, |_, _| {})
    }

    /// The same with a mechanism of one's own: `extend` puts components and resources into the world, and systems into the schedule, each
    /// at its [`Moment`]. What a mechanism keeps in its own components is not part of [`Self::snapshot`].
    pub fn extended(
        scenario: Arc<Scenario>,
        observer: Box<dyn Observer>,
        extend: impl FnOnce(&mut World, &mut Schedule),
    ) -> Self {
        ComputeTaskPool::get_or_init(TaskPool::default);
        let mut world = World::new();
        furnish::furnish(&mut world, &scenario);
        world.insert_resource(observe::Recorder::new(observer, &scenario));
        let mut almanac = strategy::Almanac::of(&mut world, &scenario);
        if let Some(almanac) = &mut almanac {
            almanac.morning(&mut world);
        }
        roster::call_up(&mut world);
        plan::plan_day(&mut world);
        let mut evening = evening();
        add_promotions(&mut evening, &scenario);
        if patrol::patrols(&scenario.regime) {
            add_patrols(&mut evening);
        }
        extend(&mut world, &mut evening);
        Self {
            world,
            evening,
            aftermath: aftermath::day(),
            almanac,
            finished: scenario.clock.end <= 0.0,
        }
    }

    /// Hands every act of one consumer to the observer's `trace` from now on (global index, 0..population).
    pub fn trace(&mut self, consumer: u64) {
        let consumer = consumer as u32;
        self.world.resource_mut::<trace::Traced>().follow(consumer);
        let planned = plan::plan_of(&self.world, consumer).map(|evening| evening.online);
        let time = self.time();
        self.world
            .resource_mut::<observe::Recorder>()
            .observer()
            .trace(&TraceRow {
                time,
                room: None,
                act: TraceAct::Planned(planned),
            });
    }

    /// Moves the market by one tick, or over a gap in which nobody is on air.
    pub fn step(&mut self) -> Pace {
        if self.finished {
            return Pace::Finished;
        }
        self.evening.run(&mut self.world);
        let plot = self.world.resource::<time::Plot>().clone();
        let now = self.world.resource::<time::Now>().clone();
        let ended = now.day_is_over(&plot.clock);
        if ended {
            let come = plan::come_online(&mut self.world);
            self.world.resource_mut::<tally::Tally>().online += come;
        }
        self.finished = now.is_last(&plot.clock);
        if ended {
            self.aftermath.run(&mut self.world);
            if let Some(almanac) = &mut self.almanac {
                almanac.night(&mut self.world);
            }
            self.close_day(now.day);
        }
        if self.finished {
            let mut recorder = self.world.resource_mut::<observe::Recorder>();
            recorder.hand_over_view(crate::detect::Millis::MAX, |_| {});
        }
        if self.finished {
            return Pace::Finished;
        }
        time::advance(&mut self.world);
        if ended {
            if let Some(almanac) = &mut self.almanac {
                almanac.morning(&mut self.world);
            }
            roster::call_up(&mut self.world);
            plan::plan_day(&mut self.world);
            return Pace::DayEnded;
        }
        Pace::Running
    }

    /// Hands over the day's ledger and the hash of the state it ends in.
    fn close_day(&mut self, day: u32) {
        self.world
            .resource_scope(|world, mut ledger: Mut<ledger::Ledger>| {
                ledger.close_day(day, &mut world.resource_mut::<observe::Recorder>());
            });
        let unresolved = self.world.resource::<aftermath::Parcels>().unresolved();
        let mut tally = self.world.resource_mut::<tally::Tally>();
        tally.close_day(day, unresolved);
        let state_hash = snapshot::hash(&self.world);
        self.world
            .resource_mut::<tally::Tally>()
            .state_hashes
            .push(state_hash.clone());
        self.world
            .resource_mut::<observe::Recorder>()
            .day_end(&DayEnd { day, state_hash });
    }

    /// Second after the scenario's start up to which the market has been simulated.
    pub fn time(&self) -> f64 {
        let now = self.world.resource::<time::Now>();
        if self.finished { now.end } else { now.start }
    }

    /// The world, to ask about the components of [`parts`] and of one's own mechanism.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Real viewers now, over all rooms, the background audience included.
    pub fn viewers(&mut self) -> u64 {
        let mut crowds = self
            .world
            .query_filtered::<&crowd::Crowd, Without<roster::Dormant>>();
        crowds
            .iter(&self.world)
            .map(|crowd| crowd.real_viewers)
            .sum()
    }

    /// Orders placed so far, brushed ones included.
    pub fn orders(&self) -> u64 {
        self.world.resource::<checkout::Reservations>().orders
    }

    /// The whole state, as bytes; the same for any number of threads.
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::save(&self.world)
    }

    /// Writes what [`Self::snapshot`] gives, without holding it as a whole.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write_snapshot(&self, to: &mut dyn std::io::Write) -> std::io::Result<()> {
        snapshot::write(&self.world, to)
    }

    /// Takes up a state that `snapshot` gave for the same scenario and version.
    ///
    /// # Errors
    /// A sentence that says why the bytes do not fit.
    pub fn restore(&mut self, state: &[u8]) -> Result<(), String> {
        snapshot::load(&mut self.world, state)?;
        self.go_on();
        Ok(())
    }

    /// Takes up a state that [`Self::write_snapshot`] wrote for the same scenario and version, as it is read.
    ///
    /// # Errors
    /// A sentence that says why the bytes do not fit.
    pub fn restore_from(&mut self, state: impl std::io::Read) -> Result<(), String> {
        snapshot::load_from(&mut self.world, state)?;
        self.go_on();
        Ok(())
    }

    /// Goes on from the state taken up, if there is anything left to simulate.
    fn go_on(&mut self) {
        let plot = self.world.resource::<time::Plot>();
        self.finished = self.world.resource::<time::Now>().start >= plot.clock.end;
    }

    /// The scenario as it stands: with the cues of rooms that have been staged by now, where anchors choose.
    pub fn scenario(&self) -> Arc<Scenario> {
        Arc::clone(&self.world.resource::<time::Plot>().0)
    }

    /// What the evening has come to so far.
    pub fn summary(&self) -> Summary {
        tally::summarise(&self.world)
    }

    /// Where it stands, at a glance: cheap enough to ask many times an evening.
    pub fn standing(&self) -> Standing {
        standing::standing(&self.world)
    }

    /// The price that is said to be usual of what is on sale in a room, yuan, where it is above the price.
    pub fn claimed_price(&self, room: Id) -> Option<f64> {
        standing::claimed_price(&self.world, room)
    }

    /// Orders that farms have placed in a room so far.
    pub fn brushed_orders(&self, room: Id) -> u64 {
        standing::brushed_orders(&self.world, room)
    }

    /// The observer given to `new`.
    pub fn observer_mut(&mut self) -> &mut dyn Observer {
        self.world
            .resource_mut::<observe::Recorder>()
            .into_inner()
            .observer()
    }

    /// Ends the market and gives its observer back.
    pub fn into_observer(mut self) -> Option<Box<dyn Observer>> {
        self.world
            .remove_resource::<observe::Recorder>()
            .map(observe::Recorder::into_observer)
    }
}

/// One tick, in MODEL's order (section 4). Systems run one after another; threads share the work inside them.
fn evening() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    use Moment::*;
    schedule.configure_sets(
        (
            Script, Bots, Prepare, Rank, Arrive, Attend, Checkout, Depart, Observe,
        )
            .chain(),
    );
    schedule.add_systems((
        (script::open_and_close, script::play)
            .chain()
            .in_set(Script),
        bots::deliver.in_set(Bots),
        // In every room: crowds stir, counters refresh, heat follows, the stage is set.
        room::prepare.in_set(Prepare),
        rank::rank.in_set(Rank),
        arrive::arrive.in_set(Arrive),
        // In every block of seats: newcomers sit down, those whose time has come act, looks are decided.
        watch::attend.in_set(Attend),
        checkout::checkout.in_set(Checkout),
        (depart::depart, ledger::refund).chain().in_set(Depart),
        (observe::observe, observe::tell).chain().in_set(Observe),
    ));
    schedule
}

/// The systems of coupons and presales, where a scenario has any: a system that has nothing to do costs a little at every tick all the same.
fn add_promotions(schedule: &mut Schedule, scenario: &Scenario) {
    let coupons = !scenario.campaign.coupons.is_empty();
    if coupons {
        schedule.add_systems((
            issue::draw_lotteries
                .after(script::play)
                .in_set(Moment::Script),
            issue::hand_out
                .before(checkout::checkout)
                .in_set(Moment::Checkout),
        ));
    }
    let calls = |cue: &Cue| matches!(cue.act, crate::scenario::Act::Call { .. });
    if scenario.rooms.iter().flat_map(|room| &room.cues).any(calls) {
        schedule.add_systems(call::answer.after(script::play).in_set(Moment::Script));
    }
    let shoppers = scenario.aftermath.ordinary_shoppers > 0.0;
    if coupons || shoppers || scenario.settles_balances() {
        schedule.add_systems(
            (
                balance::settle_balances,
                errand::run_errands,
                balance::take_back,
            )
                .chain()
                .after(checkout::checkout)
                .in_set(Moment::Checkout),
        );
    }
}

/// The platform looks, and acts on what its detector says.
fn add_patrols(schedule: &mut Schedule) {
    let patrols = (patrol::look, patrol::act).chain();
    schedule.add_systems(patrols.before(observe::observe).in_set(Moment::Observe));
}

/// Sets the number of threads, once per process and before the first market; later calls have no effect. Results never depend on it.
pub fn use_threads(count: usize) {
    ComputeTaskPool::get_or_init(|| {
        TaskPoolBuilder::new()
            .num_threads(count.max(1))
            .thread_name("market".to_owned())
            .build()
    });
}
