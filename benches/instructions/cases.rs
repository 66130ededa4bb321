//! What is counted: parts that much time goes into, small and fixed. A case prepares, and gives the part that is to be counted.
//!
//! Everything runs on one thread: callgrind counts thread by thread, and which of several does what would change from run to run.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use yellowcart::draws::{Draws, LANES, Mechanism, identity_of_name, identity_of_pair};
use yellowcart::market::{self, ExposureTree, Market, Nobody, Pace};
use yellowcart::scenario::{Bundle, Request, Scenario, load};
use yellowcart::welfare::Game;

/// What a case may need.
pub struct Setting<'a> {
    /// The state of `at_the_peak`, in a file: reaching it under valgrind would take minutes.
    pub peak: &'a Path,
    /// How often the cases with rounds go round, in tenths of the usual: 11 to see whether the gate notices.
    pub tenths: u64,
}

/// The part to be counted.
type Part = Box<dyn FnMut()>;

/// A case: its name, and what prepares it.
type Case = (&'static str, fn(&Setting) -> Part);

/// All cases.
pub const CASES: [Case; 9] = [
    ("draws_one_at_a_time", draws_one_at_a_time),
    ("draws_side_by_side", draws_side_by_side),
    ("evening_of_3000", evening_of_3000),
    ("harm_of_orders", harm_of_orders),
    ("rooms_chosen", rooms_chosen),
    ("scenario_loaded", scenario_loaded),
    ("snapshot_saved", snapshot_saved),
    ("ten_minutes_at_the_peak", ten_minutes_at_the_peak),
    ("world_of_200000", world_of_200000),
];

/// Second after the start of `double11_evening` at which most are online: 20:30.
const PEAK: f64 = 2.5 * 3_600.0 + 300.0;

impl Setting<'_> {
    fn rounds(&self, usual: u64) -> std::ops::Range<u64> {
        0..usual * self.tenths / 10
    }
}

/// Draws of single addresses, and what is made of them.
fn draws_one_at_a_time(setting: &Setting) -> Part {
    let draws = Draws::new(1);
    let rounds = setting.rounds(50_000);
    Box::new(move || {
        for identity in rounds.clone() {
            let words = draws.at(Mechanism::Reference, black_box(identity), 0);
            black_box(words.normals());
        }
    })
}

/// Draws of sixteen addresses at once.
fn draws_side_by_side(setting: &Setting) -> Part {
    let draws = Draws::new(1);
    let rounds = setting.rounds(50_000);
    Box::new(move || {
        for round in rounds.clone() {
            let identities = std::array::from_fn(|lane| round * LANES as u64 + lane as u64);
            let words = draws.at_each(Mechanism::Reference, black_box(&identities), &[0; LANES]);
            black_box(words);
        }
    })
}

/// The smallest whole evening of interest, tick by tick.
fn evening_of_3000(_: &Setting) -> Part {
    let mut market = fresh(&scenario("diamond_necklace", 3_000));
    Box::new(move || while market.step() != Pace::Finished {})
}

/// Harm of orders in which several channels have a part.
fn harm_of_orders(setting: &Setting) -> Part {
    let draws = Draws::new(1);
    let rounds = setting.rounds(10_000);
    let games: Vec<Game> = rounds
        .map(|order| {
            let uniform =
                |ordinal, slot| draws.at(Mechanism::Reference, order, ordinal).uniform(slot);
            let honest = std::array::from_fn(|term| uniform(term as u32, 0));
            Game {
                honest,
                // Every other channel is as it should be: the usual order has few that are not.
                displayed: std::array::from_fn(|term| {
                    let more = uniform(term as u32, 1);
                    honest[term] + if more < 0.5 { 0.0 } else { 20.0 * more }
                }),
                threshold: 50.0 * uniform(6, 0),
                ..Game::default()
            }
        })
        .collect();
    Box::new(move || {
        for game in &games {
            black_box(black_box(game).harm());
        }
    })
}

/// Choices among as many rooms as Double 11 has, a few large and many small: of single choosers, and of sixteen side by side.
fn rooms_chosen(setting: &Setting) -> Part {
    let keys: Vec<_> = (0..2_404)
        .map(|room| identity_of_pair(identity_of_name("rooms"), room))
        .collect();
    let mut tree = ExposureTree::new(&keys);
    for room in 0..keys.len() {
        tree.set(room, 1.0 / (room + 1) as f64);
    }
    tree.refresh();
    let draws = Draws::new(1);
    let rounds = setting.rounds(1_000);
    Box::new(move || {
        for round in rounds.clone() {
            let choosers: [_; LANES] =
                std::array::from_fn(|lane| identity_of_pair(round, lane as u64));
            for chooser in choosers {
                black_box(tree.choose(draws, Mechanism::Reference, chooser, 0));
            }
            let ordinals = [1; LANES];
            black_box(tree.choose_each(draws, Mechanism::Reference, &choosers, &ordinals));
        }
    })
}

/// A shipped scenario from its file to plain data, checked: what every command begins with.
fn scenario_loaded(_: &Setting) -> Part {
    Box::new(|| {
        black_box(scenario("diamond_necklace", 3_000));
    })
}

/// The state of a busy market as bytes.
fn snapshot_saved(setting: &Setting) -> Part {
    let market = restored(setting);
    Box::new(move || {
        black_box(market.snapshot());
    })
}

/// Ten minutes in which most are online, in 2,404 rooms.
fn ten_minutes_at_the_peak(setting: &Setting) -> Part {
    let mut market = restored(setting);
    Box::new(move || {
        let end = market.time() + 600.0;
        while market.time() < end {
            market.step();
        }
    })
}

/// A world is built, and its consumers plan their day.
fn world_of_200000(_: &Setting) -> Part {
    let scenario = scenario("diamond_necklace", 200_000);
    let mut built = Vec::with_capacity(1);
    Box::new(move || built.push(fresh(&scenario)))
}

/// The state at the peak, for `Setting::peak`.
pub fn at_the_peak() -> Vec<u8> {
    let mut market = fresh(&double_11());
    while market.time() < PEAK {
        market.step();
    }
    market.snapshot()
}

fn restored(setting: &Setting) -> Market {
    let state = std::fs::read(setting.peak).expect("the gate has written the state at the peak");
    let mut market = fresh(&double_11());
    market.restore(&state).expect("its own state");
    market
}

fn double_11() -> Arc<Scenario> {
    scenario("double11_evening", 20_000)
}

fn scenario(what: &str, consumers: u32) -> Arc<Scenario> {
    let bundle = load(&Request {
        what,
        overrides: &[format!("population.consumers={consumers}")],
        ..Request::default()
    });
    let bundle: Bundle = bundle.unwrap_or_else(|faults| panic!("{faults}"));
    Arc::new(bundle.resolve().expect("a shipped scenario resolves"))
}

fn fresh(scenario: &Arc<Scenario>) -> Market {
    market::use_threads(1);
    Market::new(Arc::clone(scenario), Box::new(Nobody))
}
