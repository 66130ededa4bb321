//! Herding rooms: Yellowcart's world and schedule against plain columns and rayon (see `law` for the model).
//!
//!     cargo bench --bench herding                       the table of ratios at 1e5, 1e6 and 1e7 consumers
//!     cargo bench --bench herding -- 100000000          at other sizes
//!     cargo bench --bench herding -- --model strategy   where anchors buy viewers and learn what pays
//!     cargo bench --bench herding -- one --consumers N --seed S    one run, a line of JSON (for benches/peers)

mod calendar;
mod columns;
mod every_tick;
mod law;
mod market;
mod strategy;

use clap::Parser;
use columns::Columns;
use every_tick::EveryTick;
use law::{Herding, Setting, Totals};
use market::OnTheMarket;
use std::time::Instant;
use yellowcart::experiment::peak_memory;

/// Rounds in which all take turns; the median counts.
const ROUNDS: usize = 5;

/// Probabilities of entering at a tick: the reference, and quieter markets.
const ENTER: [f64; 3] = [0.02, 0.002, 0.0002];

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Numbers of consumers to compare at
    #[arg(default_values_t = [100_000, 1_000_000, 10_000_000])]
    consumers: Vec<u64>,
    /// Which of the two models
    #[arg(long, global = true, value_enum, default_value_t = Model::Plain)]
    model: Model,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

/// The models.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Model {
    /// Herding rooms
    Plain,
    /// Herding rooms with strategy
    Strategy,
}

#[derive(clap::Subcommand)]
enum Command {
    /// One run of one implementation, as a line of JSON
    One {
        #[arg(long)]
        consumers: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value_t = 50)]
        ticks: u32,
        #[arg(long, default_value_t = 50)]
        warmup: u32,
        /// yellowcart, columns or every_tick
        #[arg(long, default_value = "yellowcart")]
        implementation: String,
        #[arg(long, hide = true)]
        bench: bool,
    },
}

/// An implementation by name.
type Maker = (&'static str, fn(&Setting) -> Box<dyn Herding>);

const MAKERS: [Maker; 3] = [
    ("yellowcart", |setting| Box::new(OnTheMarket::new(setting))),
    ("columns", |setting| Box::new(Columns::new(setting))),
    ("every_tick", |setting| Box::new(EveryTick::new(setting))),
];

fn main() {
    let arguments = Arguments::parse();
    let strategy = arguments.model == Model::Strategy;
    match arguments.command {
        Some(Command::One {
            consumers,
            seed,
            ticks,
            warmup,
            implementation,
            ..
        }) => {
            let setting = Setting {
                consumers,
                seed,
                enter: ENTER[0],
                strategy,
            };
            let known = MAKERS.iter().find(|(name, _)| *name == implementation);
            let Some((name, make)) = known else {
                eprintln!(
                    "there is no implementation {implementation}: yellowcart, columns or every_tick"
                );
                std::process::exit(2);
            };
            let (took, totals) = run(&mut *make(&setting), warmup, ticks);
            println!("{}", line(name, &setting, ticks, &took, &totals));
        }
        None => compare(&arguments.consumers, strategy),
    }
}

/// What ticks took.
struct Took {
    seconds: f64,
    /// Of all threads together.
    processor_seconds: Option<f64>,
}

/// Processor time of all threads so far, seconds; `None` where the system does not tell.
#[cfg(unix)]
fn processor_seconds() -> Option<f64> {
    let clock = nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID;
    let time = nix::time::clock_gettime(clock).ok()?;
    Some(std::time::Duration::from(time).as_secs_f64())
}

#[cfg(not(unix))]
fn processor_seconds() -> Option<f64> {
    None
}

/// Runs ticks that count after some that do not; what they took, and what it came to.
fn run(herd: &mut dyn Herding, warmup: u32, ticks: u32) -> (Took, Totals) {
    for _ in 0..warmup {
        herd.tick();
    }
    let (begun, processor) = (Instant::now(), processor_seconds());
    for _ in 0..ticks {
        herd.tick();
    }
    let took = Took {
        seconds: begun.elapsed().as_secs_f64(),
        processor_seconds: processor_seconds()
            .zip(processor)
            .map(|(now, then)| now - then),
    };
    (took, herd.totals())
}

fn line(name: &str, setting: &Setting, ticks: u32, took: &Took, totals: &Totals) -> String {
    let line = serde_json::json!({
        "implementation": name,
        "threads": std::thread::available_parallelism().map_or(1, usize::from),
        "consumers": setting.consumers,
        "ticks": ticks,
        "seconds": took.seconds,
        "processor_seconds": took.processor_seconds,
        "inside": totals.inside(),
        "orders": totals.ordered(),
        "spread": totals.spread(),
        "buying": totals.buying(),
        "peak_kib": peak_memory(),
    });
    line.to_string()
}

/// All implementations in turn, tick by tick of the same length, at each size and probability of entering.
fn compare(sizes: &[u64], strategy: bool) {
    let with = if strategy { " with strategy" } else { "" };
    println!(
        "herding rooms{with}: million agent-steps a second, medians of {ROUNDS} rounds taken in turn, all threads"
    );
    println!(
        "consumers  enters  Yellowcart  columns, same draws  ratio  columns, a draw each tick  ratio"
    );
    for &consumers in sizes {
        for enter in ENTER {
            let setting = Setting {
                consumers,
                seed: 1,
                enter,
                strategy,
            };
            let mut herds: Vec<_> = MAKERS.iter().map(|(_, make)| make(&setting)).collect();
            let ticks = (20_000_000 / consumers).clamp(5, 50) as u32;
            for herd in &mut herds {
                run(&mut **herd, 50, 0);
            }
            let mut speeds = vec![Vec::new(); herds.len()];
            for _ in 0..ROUNDS {
                for (herd, speeds) in herds.iter_mut().zip(&mut speeds) {
                    let (took, _) = run(&mut **herd, 0, ticks);
                    speeds.push(consumers as f64 * f64::from(ticks) / took.seconds / 1e6);
                }
            }
            let totals: Vec<Totals> = herds.iter_mut().map(|herd| herd.totals()).collect();
            assert_eq!(totals[0], totals[1], "the same draws give the same totals");
            let [ours, columns, every] = [0, 1, 2].map(|index| median(&mut speeds[index]));
            println!(
                "{consumers:>9}  {enter:>6}  {ours:>10.0}  {columns:>19.0}  {:>5.2}  {every:>25.0}  {:>5.2}",
                ours / columns,
                ours / every
            );
        }
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
