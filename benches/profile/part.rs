//! What is measured in a process of its own, since it depends on the number of threads, or is played under callgrind.

use super::machine::{self, Kernel, Machine};
use super::steps::{Step, Stopwatch, Times, lap, market_of};
use super::work::Work;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use yellowcart::market::{Market, Pace, use_threads};
use yellowcart::scenario::{Request, load};

/// Second after the start of `double11_evening` at which most are online: 20:30.
const PEAK: f64 = 2.5 * 3_600.0 + 300.0;

/// Ticks of five seconds in the minute at the peak.
pub const TICKS: usize = 12;

/// Something that is measured in a process of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Part {
    /// A whole evening; `beside`: what another thread of the process does meanwhile.
    Evening {
        consumers: u64,
        threads: usize,
        beside: Option<Kernel>,
    },
    /// Writes the state at the peak to a file.
    State { consumers: u64, state: PathBuf },
    /// A minute at the peak from that state on, on one thread, after a minute that brings into the caches what the market uses.
    Minute { consumers: u64, state: PathBuf },
    /// A kernel by itself.
    Kernel(Kernel),
    /// The machine.
    Machine,
}

/// What an evening or a minute of it came to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Played {
    /// Seconds by step.
    pub times: Times,
    /// Work done.
    pub work: Work,
}

impl Part {
    /// Plays it, here, and prints what it came to.
    pub fn play(self) {
        let told = match self {
            Part::Evening {
                consumers,
                threads,
                beside,
            } => {
                use_threads(threads);
                let played = machine::beside(beside, || evening(consumers));
                serde_json::json!(played)
            }
            Part::State { consumers, state } => {
                let mut market = at_the_peak(consumers);
                std::fs::write(state, market.snapshot()).expect("the state can be written");
                serde_json::json!(Work::of(&mut market))
            }
            Part::Minute { consumers, state } => {
                use_threads(1);
                let state = std::fs::read(state).expect("the state has been written");
                serde_json::json!(minute(consumers, &state))
            }
            Part::Kernel(kernel) => serde_json::json!(kernel.run()),
            Part::Machine => serde_json::json!(Machine::measured()),
        };
        println!("{told}");
    }

    /// Plays it in a process of its own and reads what it came to.
    pub fn apart<T: DeserializeOwned>(&self) -> T {
        let program = std::env::current_exe().expect("this program has a path");
        let output = Command::new(program)
            .args(["--part", &self.to_text()])
            .output()
            .expect("this program can be started again");
        assert!(
            output.status.success(),
            "{self:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).expect("a part tells what it came to")
    }

    /// As an argument for this program.
    pub fn to_text(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

fn fresh(consumers: u64) -> Market {
    let bundle = load(&Request {
        what: "double11_evening",
        overrides: &[format!("population.consumers={consumers}")],
        ..Request::default()
    });
    let bundle = bundle.unwrap_or_else(|faults| panic!("{faults}"));
    market_of(&Arc::new(bundle.resolve().expect("it is checked")))
}

fn evening(consumers: u64) -> Played {
    let mut market = fresh(consumers);
    loop {
        let pace = market.step();
        if pace != Pace::Running {
            lap(&mut market, Step::DayEnd);
        }
        if pace == Pace::Finished {
            break;
        }
    }
    let times = market.world_mut().resource_mut::<Stopwatch>().take();
    let work = Work::of(&mut market);
    Played { times, work }
}

fn at_the_peak(consumers: u64) -> Market {
    let mut market = fresh(consumers);
    while market.time() < PEAK {
        market.step();
    }
    market
}

fn minute(consumers: u64, state: &[u8]) -> Played {
    let mut market = fresh(consumers);
    market.restore(state).expect("its own state");
    let step = |market: &mut Market| {
        for _ in 0..TICKS {
            market.step();
        }
    };
    step(&mut market);
    let before = Work::of(&mut market);
    market.world_mut().resource_mut::<Stopwatch>().take();
    step(&mut market);
    lap(&mut market, Step::Clock);
    let times = market.world_mut().resource_mut::<Stopwatch>().take();
    let work = Work::of(&mut market).since(&before);
    Played { times, work }
}
