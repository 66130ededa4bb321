//! Herding rooms on Yellowcart's own world and schedule: a mechanism of one file, as a user would add one.
//!
//! Rooms, their crowds, displays and ranking are the market's, and so are the cohorts. What is added: on each cohort where its members are and a
//! calendar of their events; a system that reads what is on display, one in which those act whose time has come, one that moves the
//! crowds. With strategy, an anchor on each room, and a system in which all of them learn and buy. The market's own consumers stay at home.

use super::calendar::{Calendar, Record};
use super::law::{Deed, Herding, OUTSIDE, Setting, Terms, Totals, Waits, deed, room_key};
use super::strategy::{Anchor, Seen, Strategy};
use bevy_ecs::batching::BatchingStrategy;
use bevy_ecs::prelude::*;
use bevy_utils::Parallel;
use std::sync::Arc;
use yellowcart::draws::{Draws, Identity, LANES, Mechanism, identity_of_pair};
use yellowcart::market::parts::{Cohort, Crowd, Display, Exposures, Now, Plot, RoomIndex};
use yellowcart::market::{Market, Moment, Nobody};
use yellowcart::scenario::{Request, Room, Scenario, Source, from_source};

/// A cohort's members, in the calendar of their events.
#[derive(Component)]
struct Herd {
    calendar: Calendar,
    key: Identity,
    /// Those who act in this tick; of them, those outside, who enter, and the others. Kept for their capacity.
    acting: Vec<Record>,
    outside: Vec<Record>,
    inside: Vec<Record>,
}

/// What stays the same.
#[derive(Resource)]
struct Rules {
    draws: Draws,
    waits: Waits,
}

/// What everybody meets in each room at this tick.
#[derive(Resource, Default)]
struct Board(Vec<Terms>);

/// What happened in a room in this tick.
#[derive(Clone, Copy, Default)]
struct Change {
    came: u32,
    left: u32,
    bought: u32,
}

/// Changes by room, summed per thread: sums of whole numbers do not depend on which thread took which cohort.
#[derive(Resource, Default)]
struct Changes(Parallel<Vec<Change>>);

/// Yellowcart's market with the herd in it.
pub struct OnTheMarket(Market);

impl OnTheMarket {
    /// Everybody outside.
    pub fn new(setting: &Setting) -> Self {
        let scenario = Arc::new(scenario(setting));
        let waits = Waits::of(setting);
        let seed = setting.seed;
        let strategy = Strategy::of(setting);
        Self(Market::extended(
            scenario,
            Box::new(Nobody),
            |world, schedule| {
                let rules = Rules {
                    draws: Draws::new(seed),
                    waits,
                };
                settle_down(world, &rules);
                world.insert_resource(rules);
                world.init_resource::<Board>();
                world.init_resource::<Changes>();
                schedule.add_systems((
                    read.in_set(Moment::Rank),
                    act.in_set(Moment::Attend),
                    move_crowds.in_set(Moment::Depart),
                ));
                if let Some(strategy) = strategy {
                    engage(world, strategy);
                    schedule.add_systems(play.in_set(Moment::Bots));
                }
            },
        ))
    }
}

impl Herding for OnTheMarket {
    fn tick(&mut self) {
        self.0.step();
    }

    fn totals(&mut self) -> Totals {
        let world = self.0.world_mut();
        let rooms = world.resource::<RoomIndex>().0.clone();
        let crowds = rooms.iter().filter_map(|room| world.get::<Crowd>(*room));
        let mut totals = Totals::none(0);
        for crowd in crowds {
            totals.viewers.push(crowd.seated);
            totals.orders.push(crowd.real.orders);
            totals.bought.push(crowd.bots);
        }
        totals
    }
}

/// Gives every cohort its herd.
fn settle_down(world: &mut World, rules: &Rules) {
    let plot = world.resource::<Plot>().clone();
    let mut cohorts = world.query::<(Entity, &Cohort)>();
    let cohorts: Vec<(Entity, Cohort)> = cohorts.iter(world).map(|(id, c)| (id, *c)).collect();
    for (entity, cohort) in cohorts {
        let key = plot.population.segments[cohort.segment as usize].key;
        let mut calendar = Calendar::new(u64::from(cohort.first) / u64::from(cohort.count));
        for row in 0..cohort.count as u16 {
            let index = cohort.first_in_segment + u64::from(row);
            let identity = identity_of_pair(key, index);
            let words = rules.draws.at(Mechanism::Reference, identity, 0);
            let member = Record {
                row,
                place: OUTSIDE,
                events: 0,
            };
            calendar.put(member, 0, rules.waits.outside.wait(words.0[0]) - 1);
        }
        let herd = Herd {
            calendar,
            key,
            acting: Vec::new(),
            outside: Vec::new(),
            inside: Vec::new(),
        };
        world.entity_mut(entity).insert(herd);
    }
}

/// Gives every room its anchor.
fn engage(world: &mut World, strategy: Strategy) {
    for room in world.resource::<RoomIndex>().0.clone() {
        world.entity_mut(room).insert(Anchor::default());
    }
    world.insert_resource(strategy);
}

/// As an evening begins anchors look back on the last, learn from each other, and buy viewers. In order of rooms, so that sums of pay-offs have
/// the same bits however the world stores its rooms.
fn play(
    strategy: Res<Strategy>,
    index: Res<RoomIndex>,
    now: Res<Now>,
    mut rooms: Query<(&mut Anchor, &mut Crowd)>,
) {
    let Some(evening) = Strategy::evening_at(now.tick) else {
        return;
    };
    let mut seen = Seen::default();
    for (room, entity) in index.0.iter().enumerate() {
        if let Ok((mut anchor, crowd)) = rooms.get_mut(*entity) {
            let orders = crowd.real.orders;
            strategy.look_back(evening, (room, orders), &mut anchor, &mut seen);
        }
    }
    for (room, entity) in index.0.iter().enumerate() {
        if let Ok((mut anchor, mut crowd)) = rooms.get_mut(*entity) {
            strategy.begin(evening, room, &mut anchor, &seen);
            crowd.bots = anchor.bought();
        }
    }
}

/// Reads what is on display.
fn read(index: Res<RoomIndex>, displays: Query<&Display>, mut board: ResMut<Board>) {
    board.0.clear();
    let displays = index.0.iter().filter_map(|room| displays.get(*room).ok());
    let terms = displays.enumerate();
    board
        .0
        .extend(terms.map(|(room, display)| Terms::of(room, display.displayed.orders)));
}

/// Lets everybody act whose time has come, cohort by cohort and side by side.
fn act(
    rules: Res<Rules>,
    board: Res<Board>,
    exposures: Res<Exposures>,
    now: Res<Now>,
    changes: Res<Changes>,
    mut herds: Query<(&Cohort, &mut Herd)>,
) {
    let acting = Acting {
        rules: &rules,
        board: &board.0,
        exposures: &exposures,
        tick: now.tick,
    };
    let rooms = board.0.len();
    let none = || vec![Change::default(); rooms];
    let several = BatchingStrategy::new().batches_per_thread(16);
    herds
        .par_iter_mut()
        .batching_strategy(several)
        .for_each_init(
            || changes.0.borrow_local_mut_or(none),
            |changes, (cohort, mut herd)| acting.herd(cohort.first_in_segment, &mut herd, changes),
        );
}

struct Acting<'a> {
    rules: &'a Rules,
    board: &'a [Terms],
    exposures: &'a Exposures,
    tick: u64,
}

impl Acting<'_> {
    fn herd(&self, first: u64, herd: &mut Herd, changes: &mut [Change]) {
        let Herd {
            calendar,
            key,
            acting,
            outside,
            inside,
        } = herd;
        calendar.take(self.tick, acting);
        for member in acting.drain(..) {
            let list = match member.place {
                OUTSIDE => &mut *outside,
                _ => &mut *inside,
            };
            list.push(member);
        }
        for members in outside.chunks_mut(LANES) {
            let events = events(*key, first, members);
            self.enter(&events, members, calendar, changes);
        }
        for members in inside.chunks_mut(LANES) {
            let events = events(*key, first, members);
            self.decide(&events, members, calendar, changes);
        }
        outside.clear();
        inside.clear();
    }

    /// They choose a room by what is on display.
    fn enter(
        &self,
        (keys, numbers): &Events,
        members: &mut [Record],
        calendar: &mut Calendar,
        changes: &mut [Change],
    ) {
        let draws = self.rules.draws;
        let words = draws.columns(Mechanism::Reference, keys, numbers);
        let tree = &self.exposures.tree;
        let rooms = tree.choose_each(draws, Mechanism::RoomChoice, keys, numbers);
        for (lane, member) in members.iter_mut().enumerate() {
            let room = rooms[lane].expect("every room has weight");
            changes[room].came += 1;
            member.place = room as u16;
            member.events += 1;
            let wait = self.rules.waits.inside.wait(words[0][lane]);
            calendar.put(*member, self.tick, wait);
        }
    }

    /// They buy, leave, or do nothing.
    fn decide(
        &self,
        (keys, numbers): &Events,
        members: &mut [Record],
        calendar: &mut Calendar,
        changes: &mut [Change],
    ) {
        let words = self
            .rules
            .draws
            .columns(Mechanism::Reference, keys, numbers);
        for (lane, member) in members.iter_mut().enumerate() {
            let room = usize::from(member.place);
            match deed(words[1][lane], self.board[room]) {
                Deed::Buys => changes[room].bought += 1,
                Deed::Leaves => {
                    member.place = OUTSIDE;
                    changes[room].left += 1;
                }
                Deed::Nothing => {}
            }
            member.events += 1;
            let wait = self.rules.waits.at(member.place).wait(words[0][lane]);
            calendar.put(*member, self.tick, wait);
        }
    }
}

/// Identities and numbers of the events of those who act side by side.
type Events = ([Identity; LANES], [u32; LANES]);

fn events(key: Identity, first: u64, members: &[Record]) -> Events {
    let (mut keys, mut numbers) = ([0; LANES], [0; LANES]);
    for (lane, member) in members.iter().enumerate() {
        keys[lane] = identity_of_pair(key, first + u64::from(member.row));
        numbers[lane] = member.events + 1;
    }
    (keys, numbers)
}

/// Moves the rooms' true counters.
fn move_crowds(index: Res<RoomIndex>, mut changes: ResMut<Changes>, mut crowds: Query<&mut Crowd>) {
    for changes in changes.0.iter_mut() {
        for (room, change) in index.0.iter().zip(changes) {
            let Ok(mut crowd) = crowds.get_mut(*room) else {
                continue;
            };
            let Change { came, left, bought } = std::mem::take(change);
            crowd.real.views += u64::from(came);
            crowd.left += u64::from(left);
            crowd.seated = crowd.seated + u64::from(came) - u64::from(left);
            crowd.real_viewers = crowd.seated;
            crowd.real.orders += u64::from(bought);
        }
    }
}

/// Rooms that are always on air with nothing on sale, ranked by 1 + viewers on display, and consumers who stay at home.
fn scenario(setting: &Setting) -> Scenario {
    let source = Arc::new(Source {
        name: "herding.toml".to_owned(),
        text: HERDING.to_owned(),
    });
    let change = [format!("population.consumers={}", setting.consumers)];
    let request = Request {
        overrides: &change,
        seed: Some(setting.seed),
        ..Request::default()
    };
    let bundle =
        from_source(&source, "herding", None, &request).unwrap_or_else(|faults| panic!("{faults}"));
    let mut scenario = bundle.resolve().expect("it is checked");
    // The averages that heat is made of follow the display at once, and the day is as long as anybody wants.
    scenario.ranking.half_life_seconds = 0.001;
    scenario.clock.end = 1e9;
    scenario.clock.first_day_end = 1e9;
    scenario.recording.named_rooms_every_seconds = 1e9;
    scenario.recording.generated_rooms_every_seconds = 1e9;
    let one = scenario.rooms.swap_remove(0);
    scenario.rooms = (0..setting.rooms())
        .map(|room| room_like(&one, room))
        .collect();
    scenario
}

fn room_like(one: &Room, room: usize) -> Room {
    Room {
        key: room_key(room),
        name: format!("room {room}"),
        off_air: 1e9,
        ..one.clone()
    }
}

const HERDING: &str = r#"
title = "herding rooms"
[clock]
start = "2020-11-11 20:00"
end = "2020-11-11 22:00"
tick_seconds = 10.0
display_period_seconds = 10.0
[population]
consumers = 1
[population.segments.all]
share = 1.0
online_probability = 0.0
[categories.things]
need = 0.0
[ranking]
heat_exponent = 1.0
viewers_weight = 1.0
likes_weight = 0.0
comments_weight = 0.0
orders_weight = 0.0
cart_clicks_weight = 0.0
followers_weight = 0.0
base_heat = 1.0
[anchors.anchor]
followers = 0
[rooms.room]
anchor = "anchor"
on_air = "2020-11-11 20:00"
off_air = "2020-11-11 22:00"
"#;
