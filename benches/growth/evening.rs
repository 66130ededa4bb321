//! One evening of `double11_evening` with some things changed and nothing recorded, played in a process of its own.

use super::processor;
use serde::{Deserialize, Serialize};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;
use yellowcart::experiment::peak_memory;
use yellowcart::market::{Market, Nobody, Pace, use_threads};
use yellowcart::scenario::{Request, load};

/// What an evening is to be like.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Evening {
    /// What is changed in the scenario.
    pub changes: Vec<String>,
    /// Threads.
    pub threads: usize,
}

/// What an evening tells of itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// Seconds of the evening, the world built.
    pub seconds: f64,
    /// Seconds that it computed, on all threads.
    pub computed: f64,
    /// Looks.
    pub looks: u64,
    /// Rooms.
    pub rooms: u64,
    /// Consumers.
    pub consumers: u64,
    /// Bots that came.
    pub bots: u64,
    /// Peak resident memory once the world was built and its first tick played, bytes.
    pub built_bytes: f64,
    /// Peak resident memory of the whole, bytes.
    pub peak_bytes: f64,
}

impl Evening {
    /// Plays it, here.
    pub fn play(&self) -> Told {
        use_threads(self.threads);
        let bundle = load(&Request {
            what: "double11_evening",
            overrides: &self.changes,
            ..Request::default()
        })
        .unwrap_or_else(|faults| panic!("{faults}"));
        let scenario = Arc::new(bundle.resolve().expect("it is checked"));
        let mut market = Market::new(Arc::clone(&scenario), Box::new(Nobody));
        let (begun, before) = (Instant::now(), processor::of_process());
        market.step();
        let built_bytes = peak_bytes();
        while market.step() != Pace::Finished {}
        let seconds = begun.elapsed().as_secs_f64();
        let computed = processor::of_process() - before;
        let totals = market.summary().market;
        Told {
            seconds,
            computed,
            looks: totals.looks,
            rooms: scenario.rooms.len() as u64,
            consumers: scenario.population.consumers,
            bots: totals.displayed_views - totals.real_views,
            built_bytes,
            peak_bytes: peak_bytes(),
        }
    }

    /// Plays it in a process of its own.
    pub fn apart(&self) -> Told {
        told_by(self.begin())
    }

    /// Plays it in two processes of its own, side by side; the seconds of the one that took longer.
    pub fn twice_side_by_side(&self) -> f64 {
        let both = [self.begin(), self.begin()];
        let seconds = both.map(|child| told_by(child).seconds);
        seconds[0].max(seconds[1])
    }

    fn begin(&self) -> Child {
        let program = std::env::current_exe().expect("this program has a path");
        Command::new(program)
            .args(["--play", &serde_json::json!(self).to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("this program can be started again")
    }
}

fn told_by(child: Child) -> Told {
    let output = child
        .wait_with_output()
        .expect("a child that was started ends");
    assert!(output.status.success(), "an evening was not played");
    serde_json::from_slice(&output.stdout).expect("an evening tells of itself")
}

fn peak_bytes() -> f64 {
    peak_memory().map_or(f64::NAN, |kib| 1_024.0 * kib as f64)
}
