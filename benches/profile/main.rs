//! Where the time of an evening goes, step by step of the schedule, and what stands between each step and the machine's memory bandwidth.
//!
//!     cargo bench --bench profile                 measures (about fifteen minutes on two cores), prints tables, draws benches/figures/profile and roofline
//!     cargo bench --bench profile -- rounds=1     the same with one round instead of two
//!     cargo bench --bench profile -- redraw       prints and draws them again from benches/figures/profile.json
//!
//! `double11_evening`, nothing recorded. A clock between the moments of the schedule (steps.rs) changes no result; what a step executes and
//! touches is counted by callgrind (counts.rs; needs valgrind), in one minute at the peak; what the machine gives is measured in the same run (machine.rs).

mod counts;
mod draw;
mod machine;
mod part;
#[path = "../growth/processor.rs"]
mod processor;
mod roofline;
mod steps;
mod table;
mod work;

use counts::Counts;
use machine::{Kernel, Machine};
use part::{Part, Played};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use steps::{STEPS, Spent, Step, Times};
use work::Work;

/// Consumers of the evenings.
const SIZES: [u64; 3] = [100_000, 1_000_000, 10_000_000];

/// Consumers of the evening beside which something else is done.
const BESIDE: u64 = 1_000_000;

/// Consumers of the minutes that are counted.
const COUNTED: [u64; 2] = [100_000, 1_000_000];

/// An evening, or a minute of it, played in each round.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Case {
    /// Consumers.
    pub consumers: u64,
    /// Threads.
    pub threads: usize,
    /// What it came to in each round.
    pub rounds: Vec<Played>,
}

/// A minute at the peak that is timed and counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Minute {
    /// Timed.
    pub case: Case,
    /// Counted.
    pub counts: [Counts; STEPS],
    /// Bytes of the market's state as it is saved.
    pub state_bytes: f64,
}

/// A kernel by itself.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Rate {
    /// The kernel.
    pub kernel: Kernel,
    /// Instructions a nanosecond.
    pub instructions: f64,
}

/// Everything that was measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Profile {
    /// What the machine gives.
    pub machine: Machine,
    /// Evenings by size and threads.
    pub evenings: Vec<Case>,
    /// Evenings of one thread beside which the other core computes, or takes the bandwidth.
    pub beside: Vec<(Kernel, Case)>,
    /// Minutes that were counted.
    pub minutes: Vec<Minute>,
    /// What a core executes at most.
    pub rates: Vec<Rate>,
}

impl Case {
    /// Seconds by step, of the fastest round: on one thread those that it computed, which others do not disturb; on two those that passed.
    pub fn spent(&self) -> Spent {
        if self.threads == 1 {
            self.fastest(|times| times.computed)
        } else {
            self.passed()
        }
    }

    /// Seconds by step that passed, of the fastest round.
    pub fn passed(&self) -> Spent {
        self.fastest(|times| times.passed)
    }

    fn fastest(&self, clock: fn(&Times) -> Spent) -> Spent {
        let rounds = self.rounds.iter().map(|one| clock(&one.times));
        let fastest = rounds.min_by(|a, b| a.total().total_cmp(&b.total()));
        fastest.unwrap_or_default()
    }

    /// The work done, which is the same in each round.
    pub fn work(&self) -> Work {
        self.rounds[0].work
    }

    /// Nanoseconds of a step by unit of its work.
    pub fn nanoseconds(&self, step: Step) -> f64 {
        1e9 * self.spent().of(step) / self.work().at(step).0
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(place) = words.iter().position(|word| word == "--part") {
        let part: Part = serde_json::from_str(&words[place + 1]).expect("a part");
        part.play();
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/figures");
    let kept = folder.join("profile.json");
    let rounds = words.iter().find_map(|word| word.strip_prefix("rounds="));
    let rounds = rounds.map_or(2, |rounds| rounds.parse().expect("a number of rounds"));
    let profile = match words.iter().any(|word| word == "redraw") {
        true => read(&kept),
        false => measure_and_keep(rounds, &kept),
    };
    let drawn = profile.and_then(|profile| {
        table::print(&profile);
        let mut files = draw::profile(&folder, &profile)?;
        files.extend(roofline::draw(&folder, &profile)?);
        Ok(files)
    });
    match drawn {
        Ok(files) => files
            .iter()
            .for_each(|file| println!("drawn: {}", file.display())),
        Err(why) => eprintln!("no profile: {why}"),
    }
}

fn read(kept: &Path) -> io::Result<Profile> {
    serde_json::from_slice(&std::fs::read(kept)?).map_err(io::Error::other)
}

fn measure_and_keep(rounds: usize, kept: &Path) -> io::Result<Profile> {
    let profile = measure(rounds)?;
    if let Some(folder) = kept.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(kept, serde_json::to_vec_pretty(&profile)?)?;
    Ok(profile)
}

fn measure(rounds: usize) -> io::Result<Profile> {
    let scratch = tempfile::tempdir()?;
    let machine = Part::Machine.apart();
    let state = |consumers: u64| scratch.path().join(format!("{consumers}.state"));
    for consumers in COUNTED {
        let state = state(consumers);
        let _: Work = Part::State { consumers, state }.apart();
    }
    let kinds = SIZES
        .into_iter()
        .flat_map(|consumers| [1, 2].map(|threads| (consumers, threads)));
    let mut evenings: Vec<Case> = kinds
        .map(|(consumers, threads)| case(consumers, threads))
        .collect();
    let mut beside = [Kernel::Chain, Kernel::Triad].map(|kernel| (kernel, case(BESIDE, 1)));
    let mut minutes = COUNTED.map(|consumers| case(consumers, 1));
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        evenings.iter_mut().for_each(|case| case.add_evening(None));
        beside
            .iter_mut()
            .for_each(|(kernel, case)| case.add_evening(Some(*kernel)));
        for case in &mut minutes {
            let (consumers, state) = (case.consumers, state(case.consumers));
            case.rounds.push(Part::Minute { consumers, state }.apart());
        }
    }
    eprintln!("counting");
    let counted = minutes.into_iter().map(|case| {
        let state = state(case.consumers);
        let counts = counts::of_steps(case.consumers, &state, scratch.path())?;
        let state_bytes = std::fs::metadata(state)?.len() as f64;
        Ok(Minute {
            case,
            counts,
            state_bytes,
        })
    });
    Ok(Profile {
        machine,
        evenings,
        beside: beside.to_vec(),
        minutes: counted.collect::<io::Result<_>>()?,
        rates: rates(scratch.path())?,
    })
}

fn case(consumers: u64, threads: usize) -> Case {
    Case {
        consumers,
        threads,
        rounds: Vec::new(),
    }
}

impl Case {
    fn add_evening(&mut self, beside: Option<Kernel>) {
        let part = Part::Evening {
            consumers: self.consumers,
            threads: self.threads,
            beside,
        };
        self.rounds.push(part.apart());
    }
}

/// What a core executes where each instruction waits for the last, and where four chains of them do not wait for each other.
fn rates(scratch: &Path) -> io::Result<Vec<Rate>> {
    let rate = |kernel| {
        let part = Part::Kernel(kernel);
        let runs = (0..5).map(|_| part.apart::<f64>());
        let seconds = runs.fold(f64::INFINITY, f64::min);
        let counts = counts::of_all(&part, scratch)?;
        let instructions = counts.instructions / seconds / 1e9;
        Ok(Rate {
            kernel,
            instructions,
        })
    };
    [Kernel::Chain, Kernel::Chains]
        .into_iter()
        .map(rate)
        .collect()
}
