//! Many cases without coverage guidance: `cargo run --release --bin many -- 10000000 [FIRST]` in fuzz/ loads that many changed scenarios and
//! regimes on all cores and says how long the slowest took and how much memory was used. Of eight cases four change lines of a
//! scenario and two its bytes; one changes lines of a regime and one its bytes. Error messages are made in one case of eight of each kind. Case `k` is a function of `k` alone, so a case that fails is named by its number; run it alone with `many 1 k`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use yellowcart::draws::{Draws, Mechanism};
use yellowcart_fuzz::{RULES, SMALL, edited, load, load_rules, scrambled};

/// Longest time that a case may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Most memory that the program may take.
const MEMORY_KIB: u64 = 2 << 20;

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
    let desks: Vec<Desk> = (0..threads).map(|_| Desk::default()).collect();
    std::thread::scope(|scope| {
        for desk in &desks {
            scope.spawn(|| work(&next, first + cases, &slowest, desk));
        }
        scope.spawn(|| watch(&desks));
    });
    println!(
        "{cases} cases from {first} in {:.0} s; the slowest took {} ms; peak memory {} KiB",
        begun.elapsed().as_secs_f64(),
        slowest.into_inner() / 1_000,
        memory("VmHWM:").map_or("unknown".to_owned(), |kib| kib.to_string())
    );
}

/// What a worker is at: the case, since when, and whether it has gone home.
#[derive(Default)]
struct Desk(Mutex<(u64, Option<Instant>, bool)>);

impl Desk {
    fn set(&self, case: u64, since: Option<Instant>, gone: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (case, since, gone);
    }
}

/// Ends the program with the number of a case that does not end, or of those at hand when memory runs over.
fn watch(desks: &[Desk]) {
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let at_hand = desks
            .iter()
            .map(|desk| *desk.0.lock().unwrap_or_else(PoisonError::into_inner));
        let at_hand: Vec<(u64, Option<Instant>, bool)> = at_hand.collect();
        if at_hand.iter().all(|(.., gone)| *gone) {
            return;
        }
        for (case, since, _) in &at_hand {
            if since.is_some_and(|since| since.elapsed() > PATIENCE) {
                eprintln!("case {case} takes over {} s", PATIENCE.as_secs());
                std::process::exit(1);
            }
        }
        if memory("VmRSS:").is_some_and(|kib| kib > MEMORY_KIB) {
            let cases: Vec<String> = at_hand.iter().map(|(case, ..)| case.to_string()).collect();
            eprintln!("over 2 GiB at the cases {}", cases.join(", "));
            std::process::exit(1);
        }
    }
}

/// Loads case after case; a panic ends the program with its number.
fn work(next: &AtomicU64, end: u64, slowest: &AtomicU64, desk: &Desk) {
    loop {
        let case = next.fetch_add(1, Ordering::Relaxed);
        if case % TOLD == 0 {
            eprintln!("case {case} of {end}");
        }
        if case >= end {
            desk.set(case, None, true);
            return;
        }
        let begun = Instant::now();
        desk.set(case, Some(begun), false);
        let edits = edits_of(case);
        let tell = case % 64 < 8;
        let (small, load): (_, fn(&str, bool)) = match case % 8 {
            2 | 6 => (RULES, load_rules),
            _ => (SMALL, load),
        };
        let text = match case % 8 {
            3 | 6 | 7 => scrambled(small, &edits),
            _ => edited(small, &edits),
        };
        if std::panic::catch_unwind(|| load(&text, tell)).is_err() {
            eprintln!("case {case} panics");
            std::process::exit(1);
        }
        slowest.fetch_max(begun.elapsed().as_micros() as u64, Ordering::Relaxed);
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

/// A line of the process's own figures, KiB.
fn memory(line: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let found = status.lines().find_map(|text| text.strip_prefix(line))?;
    found.split_whitespace().next()?.parse().ok()
}
