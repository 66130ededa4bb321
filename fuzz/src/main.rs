//! Many cases without coverage guidance: `cargo run --release --bin many -- 10000000 [FIRST]` in fuzz/ loads that many changed scenarios on
//! all cores and says how long the slowest took and how much memory was used. Three cases in four change lines of a scenario, the fourth
//! changes bytes; error messages are made in one case of sixteen of each kind. Case `k` is a function of `k` alone, so a case that fails is named by its number; run it alone with `many 1 k`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use yellowcart::draws::{Draws, Mechanism};

/// Longest time that a case may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is said how far it is.
const TOLD: u64 = 250_000;

/// Longest list of edits, bytes.
const EDITS: u32 = 48;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Some(Ok(cases)), Ok(first)) = (numbers.next(), numbers.next().unwrap_or(Ok(0))) else {
        eprintln!("usage: many CASES [FIRST], for example: many 10000000");
        std::process::exit(2);
    };
    let next = AtomicU64::new(first);
    let (slowest, begun) = (AtomicU64::new(0), Instant::now());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&next, first + cases, &slowest));
        }
    });
    println!(
        "{cases} cases from {first} in {:.0} s; the slowest took {} ms; peak memory {}",
        begun.elapsed().as_secs_f64(),
        slowest.into_inner() / 1_000,
        peak_memory()
    );
}

/// Loads case after case; a panic or a case that takes too long ends the program with its number.
fn work(next: &AtomicU64, end: u64, slowest: &AtomicU64) {
    loop {
        let case = next.fetch_add(1, Ordering::Relaxed);
        if case % TOLD == 0 {
            eprintln!("case {case} of {end}");
        }
        if case >= end {
            return;
        }
        let begun = Instant::now();
        let edits = edits_of(case);
        let text = match case % 4 {
            3 => yellowcart_fuzz::scrambled(&edits),
            _ => yellowcart_fuzz::edited(&edits),
        };
        if std::panic::catch_unwind(|| yellowcart_fuzz::load(&text, case % 64 < 4)).is_err() {
            eprintln!("case {case} panics");
            std::process::exit(1);
        }
        let taken = begun.elapsed();
        if taken > PATIENCE {
            eprintln!("case {case} takes {} s", taken.as_secs());
            std::process::exit(1);
        }
        slowest.fetch_max(taken.as_micros() as u64, Ordering::Relaxed);
    }
}

/// The edits of a case: 3 to `EDITS` bytes.
fn edits_of(case: u64) -> Vec<u8> {
    let draws = Draws::new(0);
    let words = |ordinal| draws.at(Mechanism::Reference, case, ordinal).0;
    let length = 3 + words(u32::MAX)[0] % (EDITS - 2);
    let bytes = (0..length.div_ceil(16))
        .flat_map(words)
        .flat_map(u32::to_le_bytes);
    bytes.take(length as usize).collect()
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |size| size.trim().to_owned())
}
