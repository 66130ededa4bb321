//! How the time of an evening grows with consumers, rooms, activity, bots and threads, and its memory with consumers: a figure with a fitted
//! exponent for each, and its standard error.
//!
//!     cargo bench --bench growth                  measures (about twenty minutes on one core of two), prints a table, draws benches/figures/growth
//!     cargo bench --bench growth -- rounds=1      the same with one round instead of two
//!     cargo bench --bench growth -- threads       measures threads alone, which wants a machine for itself, and keeps the rest
//!     cargo bench --bench growth -- redraw        draws it again from the points in benches/figures/growth.json
//!
//! Each run is one of `double11_evening` in a process of its own, with one thing changed and nothing recorded. What grows is measured on one thread
//! and in processor time, to which it does not matter what else the machine does; threads in the time that passes. Everything is run
//! once in a round; all runs of the fitted points are fitted.

mod draw;
mod evening;
mod fit;
mod panel;
mod processor;
mod series;

use evening::{Evening, Told};
use fit::Line;
use serde::{Deserialize, Serialize};
use series::SERIES;
use std::io;
use std::path::{Path, PathBuf};

/// Consumers of the evening that different numbers of threads play.
const OF_THREADS: &str = "population.consumers=1000000";

/// Runs with the same amount of a thing, one a round.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Point {
    /// How much of the thing there was.
    pub amount: f64,
    /// Seconds of the evening, the world built.
    pub seconds: Vec<f64>,
    /// Seconds that it computed, on all threads.
    pub computed: Vec<f64>,
    /// Peak resident memory once the world was built, bytes.
    pub built_bytes: Vec<f64>,
    /// Peak resident memory of the whole, bytes.
    pub peak_bytes: Vec<f64>,
}

/// Everything that was measured.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Cores of the machine.
    pub cores: usize,
    /// The points of each of [`SERIES`].
    pub series: Vec<Vec<Point>>,
    /// The evening by number of threads.
    pub threads: Vec<Point>,
    /// Seconds of two evenings of one thread side by side, each a process of its own.
    pub side_by_side: Vec<f64>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(place) = words.iter().position(|word| word == "--play") {
        let evening: Evening = serde_json::from_str(&words[place + 1]).expect("an evening");
        println!("{}", serde_json::json!(evening.play()));
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/figures");
    let kept = folder.join("growth.json");
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let rounds = words.iter().find_map(|word| word.strip_prefix("rounds="));
    let rounds = rounds.map_or(2, |rounds| rounds.parse().expect("a number of rounds"));
    let measured = if has("redraw") {
        read(&kept)
    } else if has("threads") {
        read(&kept).and_then(|measured| measured.with_threads(rounds, &kept))
    } else {
        Measured::new().with_series(rounds, &kept)
    };
    let drawn = measured.and_then(|measured| {
        print(&measured);
        draw::growth(&folder, &measured)
    });
    match drawn {
        Ok(files) => println!("drawn: {}", names(&files)),
        Err(why) => eprintln!("no figure in {}: {why}", folder.display()),
    }
}

fn names(files: &[PathBuf]) -> String {
    let names = files.iter().map(|file| file.display().to_string());
    names.collect::<Vec<_>>().join(", ")
}

fn read(kept: &Path) -> io::Result<Measured> {
    serde_json::from_slice(&std::fs::read(kept)?).map_err(io::Error::other)
}

impl Measured {
    fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let points = |count: usize| (0..count).map(|_| Point::default()).collect();
        Self {
            cores,
            series: SERIES
                .iter()
                .map(|series| points((series.changes)().len()))
                .collect(),
            threads: points(numbers_of_threads(cores).len()),
            side_by_side: Vec::new(),
        }
    }

    /// Measures everything, and keeps it after each round.
    fn with_series(mut self, rounds: usize, kept: &Path) -> io::Result<Self> {
        for round in 1..=rounds {
            eprintln!("round {round} of {rounds}");
            for (series, points) in SERIES.iter().zip(&mut self.series) {
                for (changes, point) in (series.changes)().into_iter().zip(points) {
                    let told = Evening {
                        changes,
                        threads: 1,
                    }
                    .apart();
                    point.add((series.amount)(&told) as f64, &told);
                }
            }
            self.add_threads();
            self.keep(kept)?;
        }
        Ok(self)
    }

    /// Measures threads anew.
    fn with_threads(mut self, rounds: usize, kept: &Path) -> io::Result<Self> {
        let fresh = Self::new();
        (self.threads, self.side_by_side) = (fresh.threads, Vec::new());
        (0..rounds).for_each(|_| self.add_threads());
        self.keep(kept)?;
        Ok(self)
    }

    fn add_threads(&mut self) {
        let by = |threads| Evening {
            changes: vec![OF_THREADS.to_owned()],
            threads,
        };
        let numbers = numbers_of_threads(self.cores);
        for (threads, point) in numbers.into_iter().zip(&mut self.threads) {
            point.add(threads as f64, &by(threads).apart());
        }
        self.side_by_side.push(by(1).twice_side_by_side());
    }

    fn keep(&self, kept: &Path) -> io::Result<()> {
        if let Some(folder) = kept.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(kept, serde_json::to_vec_pretty(self)?)
    }

    /// How many times two processes side by side get done what one does alone.
    pub fn given_by_the_machine(&self) -> f64 {
        2.0 * least(&self.threads[0].seconds) / least(&self.side_by_side)
    }

    /// How the peak of a process grows with consumers, bytes, and what it is with the world just built.
    pub fn memory(&self) -> [Line; 2] {
        let points = &self.series[0];
        [
            fit::line(&runs(points, |point| &point.peak_bytes)),
            fit::line(&runs(points, |point| &point.built_bytes)),
        ]
    }

    /// Exponent of the time with threads, as far as there are cores for them.
    pub fn exponent_of_threads(&self) -> Line {
        let cores = self.cores as f64;
        let within = self
            .threads
            .iter()
            .take_while(|point| point.amount <= cores)
            .count();
        fit::exponent(&runs(&self.threads[..within], |point| &point.seconds))
    }
}

/// One thread, as many as there are cores, and twice as many.
fn numbers_of_threads(cores: usize) -> Vec<usize> {
    let mut numbers = vec![1, cores, 2 * cores];
    numbers.dedup();
    numbers
}

impl Point {
    fn add(&mut self, amount: f64, told: &Told) {
        self.amount = amount;
        self.seconds.push(told.seconds);
        self.computed.push(told.computed);
        self.built_bytes.push(told.built_bytes);
        self.peak_bytes.push(told.peak_bytes);
    }
}

/// Every run of the points as (amount, figure).
fn runs(points: &[Point], figure: fn(&Point) -> &Vec<f64>) -> Vec<(f64, f64)> {
    let of = |point: &Point| -> Vec<_> {
        let values = figure(point).iter();
        values.map(|value| (point.amount, *value)).collect()
    };
    points.iter().flat_map(of).collect()
}

/// Exponent of the processor time with the amount.
pub fn exponent(points: &[Point]) -> Line {
    fit::exponent(&runs(points, |point| &point.computed))
}

/// The middle of some values.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
}

/// The least of some values: the run that others disturbed least.
pub fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn print(measured: &Measured) {
    println!(
        "{:<10}  {:>13}  {:>9}  {:>9}  {:>8}  exponent",
        "what", "amount", "passed", "computed", "peak MB"
    );
    for (series, points) in SERIES.iter().zip(&measured.series) {
        print_points(series.what, points, &exponent(&points[series.fit_from..]));
    }
    print_points(
        "threads",
        &measured.threads,
        &measured.exponent_of_threads(),
    );
    println!(
        "two processes of one thread side by side: {:.2} s, {:.2} times what one does alone",
        least(&measured.side_by_side),
        measured.given_by_the_machine()
    );
    for (what, line) in ["whole evening", "world built"]
        .iter()
        .zip(measured.memory())
    {
        println!(
            "memory, {what}: {:.1} +- {:.1} bytes a consumer, and {:.1} +- {:.1} MB",
            line.slope,
            line.slope_error,
            line.intercept / 1e6,
            line.intercept_error / 1e6
        );
    }
    let bots = fit::line(&runs(&measured.series[3], |point| &point.computed));
    println!(
        "a bot: {:.2} +- {:.2} microseconds",
        1e6 * bots.slope,
        1e6 * bots.slope_error
    );
}

fn print_points(what: &str, points: &[Point], exponent: &Line) {
    for (index, point) in points.iter().enumerate() {
        let last = if index + 1 == points.len() {
            exponent.slope_in_words(3)
        } else {
            String::new()
        };
        println!(
            "{what:<10}  {:>13.0}  {:>9.2}  {:>9.2}  {:>8.0}  {last}",
            point.amount,
            least(&point.seconds),
            median(&point.computed),
            median(&point.peak_bytes) / 1e6
        );
    }
}
