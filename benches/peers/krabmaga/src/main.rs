//! Runs herding rooms in krABMaga: the command line, the clock and the line of JSON.

mod model;
mod strategy;

use krabmaga::engine::{schedule::Schedule, state::State};
use model::Market;
use std::time::Instant;

/// The value after `--name`.
fn option(name: &str, otherwise: Option<u64>) -> u64 {
    let mut words = std::env::args().skip_while(|word| *word != format!("--{name}"));
    let value = words.nth(1).map(|word| word.parse().ok());
    value.unwrap_or(otherwise).unwrap_or_else(|| {
        eprintln!("usage: herding-krabmaga --consumers N [--seed 1] [--warmup 50] [--ticks 50] [--model plain|strategy]");
        std::process::exit(2);
    })
}

/// Whether `--model strategy` was asked for.
fn with_strategy() -> bool {
    let words: Vec<String> = std::env::args().collect();
    words.windows(2).any(|pair| pair == ["--model", "strategy"])
}

/// Peak resident memory of this process, KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    number.expect("a peak")
}

fn main() {
    let consumers = option("consumers", None);
    let (warmup, ticks) = (option("warmup", Some(50)), option("ticks", Some(50)));
    let mut market = Market::new(consumers, option("seed", Some(1)), with_strategy());
    let mut schedule = Schedule::new();
    market.init(&mut schedule);
    for _ in 0..warmup {
        schedule.step(&mut market);
    }
    let begun = Instant::now();
    for _ in 0..ticks {
        schedule.step(&mut market);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let inside: u64 = market.viewers.iter().sum();
    let orders: u64 = market.orders.iter().sum();
    let rooms = market.viewers.len() as f64;
    let mean = inside as f64 / rooms;
    let squares = market.viewers.iter().map(|v| (*v as f64 - mean).powi(2));
    let spread = (squares.sum::<f64>() / rooms).sqrt() / mean.max(1e-12);
    let buying = market.bought().filter(|bought| *bought > 0).count() as f64 / rooms;
    let peak_kib = peak_kib();
    println!(
        r#"{{"implementation": "krabmaga", "threads": 1, "consumers": {consumers}, "ticks": {ticks}, "seconds": {seconds}, "inside": {inside}, "orders": {orders}, "spread": {spread}, "buying": {buying}, "peak_kib": {peak_kib}}}"#
    );
}
