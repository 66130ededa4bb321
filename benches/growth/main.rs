//! How the time of an evening grows with consumers, rooms, activity and bots: a figure with a fitted exponent for each.
//!
//!     cargo bench --bench growth                  measures (about four minutes on two cores), prints a table, draws benches/figures/growth
//!     cargo bench --bench growth -- redraw        draws it again from the points in benches/figures/growth.json
//!
//! Each point is a run of `double11_evening` in a process of its own, with one thing changed and nothing recorded.

mod draw;

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;
use yellowcart::market::{Market, Nobody, Pace};
use yellowcart::scenario::{Request, load};

/// A thing that grows.
pub struct Series {
    /// What it is.
    pub what: &'static str,
    /// Its unit, for the axis.
    pub unit: &'static str,
    /// Points from this one on are fitted: where the thing itself, not what stays the same, takes the time.
    fit_from: usize,
    /// What is changed at each point.
    changes: fn() -> Vec<Vec<String>>,
}

/// One run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Point {
    /// How much of the thing there was.
    pub amount: f64,
    /// Seconds of the evening, the world built.
    pub seconds: f64,
}

/// What a run tells of itself.
#[derive(Serialize, Deserialize)]
struct Told {
    seconds: f64,
    looks: u64,
    rooms: u64,
    consumers: u64,
    bots: u64,
}

const SEGMENTS: [&str; 4] = ["bargain_hunters", "loyal_fans", "newcomers", "passers_by"];

pub const SERIES: [Series; 4] = [
    Series {
        what: "consumers",
        unit: "consumers, in 2,404 rooms",
        fit_from: 2,
        changes: || {
            let counts = [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000];
            each(&counts, |count| {
                vec![format!("population.consumers={count}")]
            })
        },
    },
    Series {
        what: "rooms",
        unit: "rooms, for a million consumers",
        fit_from: 2,
        changes: || {
            each(&[300, 1_000, 3_000, 10_000], |count| {
                vec![format!("generate.rooms={count}")]
            })
        },
    },
    Series {
        what: "activity",
        unit: "looks of a million consumers",
        fit_from: 1,
        changes: || {
            each(&[1.0, 4.0, 15.0, 60.0], |looks| {
                let change = |segment| {
                    format!("population.segments.{segment}.looks_per_minute.median={looks}")
                };
                SEGMENTS.map(change).to_vec()
            })
        },
    },
    Series {
        what: "bots",
        unit: "bots that come, beside a million consumers",
        fit_from: 0,
        changes: || {
            each(&[0.05, 0.2, 0.8], |share| {
                vec![
                    format!("generate.buying_share={share}"),
                    "farms.november.accounts_per_second=100000".to_owned(),
                ]
            })
        },
    },
];

fn each<T: Copy>(amounts: &[T], change: impl Fn(T) -> Vec<String>) -> Vec<Vec<String>> {
    amounts.iter().map(|amount| change(*amount)).collect()
}

fn main() {
    let changes: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word.contains('='))
        .collect();
    if !changes.is_empty() {
        println!("{}", serde_json::json!(evening(&changes)));
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/figures");
    let drawn = points(&folder).and_then(|measured| draw::growth(&folder, &measured));
    match drawn {
        Ok(files) => println!("drawn: {}", names(&files)),
        Err(why) => eprintln!("no figure in {}: {why}", folder.display()),
    }
}

fn names(files: &[PathBuf]) -> String {
    let names = files.iter().map(|file| file.display().to_string());
    names.collect::<Vec<_>>().join(", ")
}

/// The points of each series: those that were kept if `redraw` was asked for, else measured and kept.
fn points(folder: &Path) -> io::Result<Vec<Vec<Point>>> {
    let kept = folder.join("growth.json");
    if std::env::args().any(|word| word == "redraw") {
        return serde_json::from_slice(&std::fs::read(kept)?).map_err(io::Error::other);
    }
    println!(
        "{:<10}  {:>13}  {:>9}  exponent",
        "what", "amount", "seconds"
    );
    let measured: Vec<Vec<Point>> = SERIES.iter().map(measure).collect();
    std::fs::create_dir_all(folder)?;
    std::fs::write(kept, serde_json::to_vec_pretty(&measured)?)?;
    Ok(measured)
}

/// The points of a series; prints them and its exponent.
fn measure(series: &Series) -> Vec<Point> {
    let runs = (series.changes)();
    let points: Vec<Point> = runs
        .iter()
        .map(|changes| point(series.what, changes))
        .collect();
    let exponent = series.exponent(&points);
    for (index, point) in points.iter().enumerate() {
        let last = if index + 1 == points.len() {
            format!("{exponent:.2}")
        } else {
            String::new()
        };
        println!(
            "{:<10}  {:>13.0}  {:>9.2}  {last}",
            series.what, point.amount, point.seconds
        );
    }
    points
}

fn point(what: &str, changes: &[String]) -> Point {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args(changes)
        .output()
        .expect("this program can be started again");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told: Told = serde_json::from_slice(&output.stdout).expect("a run tells of itself");
    let amount = match what {
        "consumers" => told.consumers,
        "rooms" => told.rooms,
        "activity" => told.looks,
        _ => told.bots,
    };
    Point {
        amount: amount as f64,
        seconds: told.seconds,
    }
}

/// Runs the evening with these changes.
fn evening(changes: &[String]) -> Told {
    let bundle = load(&Request {
        what: "double11_evening",
        overrides: changes,
        ..Request::default()
    })
    .unwrap_or_else(|faults| panic!("{faults}"));
    let scenario = Arc::new(bundle.resolve().expect("it is checked"));
    let mut market = Market::new(Arc::clone(&scenario), Box::new(Nobody));
    let begun = Instant::now();
    while market.step() != Pace::Finished {}
    let seconds = begun.elapsed().as_secs_f64();
    let totals = market.summary().market;
    Told {
        seconds,
        looks: totals.looks,
        rooms: scenario.rooms.len() as u64,
        consumers: scenario.population.consumers,
        bots: totals.displayed_views - totals.real_views,
    }
}

impl Series {
    /// Least-squares slope of log seconds over log amount, over the points that count.
    fn exponent(&self, points: &[Point]) -> f64 {
        let logs: Vec<(f64, f64)> = points[self.fit_from..]
            .iter()
            .map(|point| (point.amount.ln(), point.seconds.ln()))
            .collect();
        let count = logs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|log| log.0), mean(|log| log.1));
        let up: f64 = logs.iter().map(|log| (log.0 - x) * (log.1 - y)).sum();
        let down: f64 = logs.iter().map(|log| (log.0 - x).powi(2)).sum();
        up / down
    }
}
