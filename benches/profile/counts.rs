//! What each step executes and touches: counted by callgrind, which simulates the caches of a core, in the same minute that is timed without it.
//!
//! Hardware counters would do, but virtual machines seldom have them. The last level that is simulated is a core's own second level, so a
//! missed line is one that comes from beyond the core. No prefetcher is simulated: lines that the processor would have fetched ahead count too.

use super::part::{Part, TICKS};
use super::steps::{OF_A_TICK, STEPS};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use std::process::Command;

/// First and second level of a core: bytes, ways, bytes of a line.
const CACHES: [&str; 3] = ["--I1=32768,8,64", "--D1=49152,12,64", "--LL=2097152,16,64"];

/// What is counted.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Instructions.
    pub instructions: f64,
    /// Reads and writes of data.
    pub accesses: f64,
    /// Lines that were not in the first level.
    pub first_level_misses: f64,
    /// Lines that were not in the second level either.
    pub second_level_misses: f64,
}

impl Counts {
    /// Bytes that come from beyond the core.
    pub fn bytes(&self) -> f64 {
        64.0 * self.second_level_misses
    }

    fn add(&mut self, other: &Self) {
        self.instructions += other.instructions;
        self.accesses += other.accesses;
        self.first_level_misses += other.first_level_misses;
        self.second_level_misses += other.second_level_misses;
    }
}

/// Counts of the steps of a minute at the peak.
pub fn of_steps(consumers: u64, state: &Path, folder: &Path) -> io::Result<[Counts; STEPS]> {
    let state = state.to_owned();
    let part = Part::Minute { consumers, state };
    // Counts are written at each call of `Stopwatch::lap`, those of one step apart from those of the next.
    let dumps = dumped(&part, folder, &["--dump-before=*Stopwatch*lap*"])?;
    let laps = OF_A_TICK.len() * TICKS;
    // Before the minute there are the world, and a minute that warms up; after it, one lap more ends the last tick, and the end of the program.
    let first = 1 + laps;
    let expected = first + laps + 2;
    if dumps.len() != expected {
        let found = dumps.len();
        let message = format!("callgrind parted {found} times instead of {expected}");
        return Err(io::Error::other(message));
    }
    let mut counts = [Counts::default(); STEPS];
    // The first lap of the minute ends the time since the warming, in which the work was counted: the lap after the last tick stands for it.
    for (dump, lap) in dumps[first + 1..].iter().zip(1..=laps) {
        counts[OF_A_TICK[lap % OF_A_TICK.len()] as usize].add(dump);
    }
    Ok(counts)
}

/// Counts of something as a whole, the start of the program included.
pub fn of_all(part: &Part, folder: &Path) -> io::Result<Counts> {
    let mut all = Counts::default();
    dumped(part, folder, &[])?
        .iter()
        .for_each(|dump| all.add(dump));
    Ok(all)
}

/// Plays a part under callgrind and reads what it wrote, in order.
fn dumped(part: &Part, folder: &Path, more: &[&str]) -> io::Result<Vec<Counts>> {
    let out = folder.join("counts");
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--cache-sim=yes"])
        .args(CACHES)
        .args(more)
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .args(["--part", &part.to_text()])
        .output()?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(io::Error::other(said));
    }
    let mut counts = Vec::new();
    for number in 1.. {
        let dump = folder.join(format!("counts.{number}"));
        if !dump.exists() {
            break;
        }
        counts.push(read(&std::fs::read_to_string(&dump)?)?);
        std::fs::remove_file(dump)?;
    }
    // What is counted after the last parting goes into the file without a number.
    counts.push(read(&std::fs::read_to_string(&out)?)?);
    std::fs::remove_file(out)?;
    Ok(counts)
}

/// The totals of a file of callgrind's.
fn read(text: &str) -> io::Result<Counts> {
    let line = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.ok_or_else(|| io::Error::other(format!("callgrind wrote no {name}")))
    };
    let names: Vec<&str> = line("events: ")?.split_whitespace().collect();
    let totals = line("totals: ").or_else(|_| line("summary: "))?;
    let totals: Vec<f64> = totals
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let sum = |wanted: &[&str]| -> f64 {
        let pairs = names.iter().zip(&totals);
        pairs
            .filter(|(name, _)| wanted.contains(name))
            .map(|pair| pair.1)
            .sum()
    };
    Ok(Counts {
        instructions: sum(&["Ir"]),
        accesses: sum(&["Dr", "Dw"]),
        first_level_misses: sum(&["I1mr", "D1mr", "D1mw"]),
        second_level_misses: sum(&["ILmr", "DLmr", "DLmw"]),
    })
}
