//! A clock between the steps of the schedule: systems that read it stand between the moments of a tick, so the market itself knows nothing of it.

use super::processor;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Instant;
use yellowcart::market::{Market, Moment, Nobody};
use yellowcart::scenario::Scenario;

/// A step: a moment of the schedule, or what lies between two runs of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The world is built, and its consumers plan their day.
    World,
    /// Between two ticks: the clock moves on.
    Clock,
    Script,
    Bots,
    Prepare,
    Rank,
    Arrive,
    Attend,
    Checkout,
    Depart,
    Observe,
    /// The end of a day: the aftermath, the ledger, the hash of the state.
    DayEnd,
}

/// How many there are.
pub const STEPS: usize = 12;

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; STEPS] = [
        Step::World,
        Step::Clock,
        Step::Script,
        Step::Bots,
        Step::Prepare,
        Step::Rank,
        Step::Arrive,
        Step::Attend,
        Step::Checkout,
        Step::Depart,
        Step::Observe,
        Step::DayEnd,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Step::World => "world, plans",
            Step::Clock => "clock",
            Step::Script => "script",
            Step::Bots => "bots",
            Step::Prepare => "prepare",
            Step::Rank => "rank",
            Step::Arrive => "arrive",
            Step::Attend => "attend",
            Step::Checkout => "checkout",
            Step::Depart => "depart",
            Step::Observe => "observe",
            Step::DayEnd => "end of day",
        }
    }
}

/// The steps of a tick in the order in which their ends are marked, the first being what came before the tick.
pub const OF_A_TICK: [Step; 10] = [
    Step::Clock,
    Step::Script,
    Step::Bots,
    Step::Prepare,
    Step::Rank,
    Step::Arrive,
    Step::Attend,
    Step::Checkout,
    Step::Depart,
    Step::Observe,
];

/// Seconds by step.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Spent(pub [f64; STEPS]);

/// Seconds by step, by two clocks.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Times {
    /// That passed.
    pub passed: Spent,
    /// That the thread computed which runs the schedule: on one thread that is all, and others beside it do not count.
    pub computed: Spent,
}

impl Spent {
    /// Seconds of a step.
    pub fn of(&self, step: Step) -> f64 {
        self.0[step as usize]
    }

    /// Seconds of all steps.
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }
}

/// The clocks, and what they have read.
#[derive(Resource)]
pub struct Stopwatch {
    since: Instant,
    computed: f64,
    times: Times,
}

impl Stopwatch {
    fn started() -> Self {
        Self {
            since: Instant::now(),
            computed: processor::of_thread(),
            times: Times::default(),
        }
    }

    /// A step ends now. Not inlined: under callgrind counts are parted at calls of it.
    #[inline(never)]
    pub fn lap(&mut self, step: Step) {
        let (now, computed) = (Instant::now(), processor::of_thread());
        let Times {
            passed: Spent(passed),
            computed: Spent(ours),
        } = &mut self.times;
        passed[step as usize] += now.duration_since(self.since).as_secs_f64();
        ours[step as usize] += computed - self.computed;
        (self.since, self.computed) = (now, computed);
    }

    /// What has been spent since this was asked last; the clocks start anew.
    pub fn take(&mut self) -> Times {
        std::mem::replace(self, Self::started()).times
    }
}

/// A market with the clock in it.
pub fn market_of(scenario: &Arc<Scenario>) -> Market {
    let watch = Stopwatch::started();
    let scenario = Arc::clone(scenario);
    let mut market = Market::extended(scenario, Box::new(Nobody), |world, schedule| {
        world.insert_resource(watch);
        put_between(schedule);
    });
    lap(&mut market, Step::World);
    market
}

/// A step ends that is not one of the schedule.
pub fn lap(market: &mut Market, step: Step) {
    market.world_mut().resource_mut::<Stopwatch>().lap(step);
}

/// Puts a system at the beginning of the tick, between each moment and the next, and at the tick's end.
fn put_between(schedule: &mut Schedule) {
    use Moment::*;
    let moments = [
        Script, Bots, Prepare, Rank, Arrive, Attend, Checkout, Depart, Observe,
    ];
    schedule.add_systems(at_the_end_of(Step::Clock).before(Script));
    for (index, moment) in moments.into_iter().enumerate() {
        let system = at_the_end_of(OF_A_TICK[index + 1]).after(moment);
        match moments.get(index + 1) {
            Some(next) => schedule.add_systems(system.before(*next)),
            None => schedule.add_systems(system),
        };
    }
}

fn at_the_end_of(step: Step) -> impl Fn(ResMut<Stopwatch>) + Send + Sync + 'static {
    move |mut watch| watch.lap(step)
}
