//! The performance targets of the live model, each as a ratio or a figure from one run (the reference model has benches of its own: herding, peers).
//!
//!     cargo bench --bench targets                  all of them, about five minutes on two cores
//!     cargo bench --bench targets -- looks         those named: sleeping, looks, coupons, threads, resident, building, recording, growth
//!
//! Whatever depends on the number of threads or on peak memory runs in a process of its own, and what is compared takes turns.

mod parts;

use clap::Parser;
use parts::{Measured, Part};
use std::process::Command;

#[derive(Parser)]
struct Arguments {
    /// Targets to measure; all by default
    targets: Vec<String>,
    /// Measures one part and prints it as JSON; used by this program itself
    #[arg(long, hide = true)]
    part: Option<String>,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

/// A row of the table.
struct Row {
    name: &'static str,
    what: &'static str,
    target: &'static str,
    measure: fn() -> Outcome,
}

/// What a row came to.
struct Outcome {
    figure: String,
    met: bool,
    detail: String,
}

const ROWS: [Row; 8] = [
    Row {
        name: "sleeping",
        what: "a tick with 1e7 residents and 1e5 online, against 1e5 and 1e5",
        target: "<= 1.2",
        measure: sleeping,
    },
    Row {
        name: "looks",
        what: "a look (decision, no order) on one core",
        target: "<= 60 ns",
        measure: looks,
    },
    Row {
        name: "coupons",
        what: "a look with five coupons on the product, against without",
        target: "<= 1.1",
        measure: coupons,
    },
    Row {
        name: "threads",
        what: "double11_evening at 1e6, two threads against one",
        target: ">= 1.7",
        measure: threads,
    },
    Row {
        name: "resident",
        what: "memory of a sleeping consumer",
        target: "<= 100 bytes",
        measure: resident,
    },
    Row {
        name: "building",
        what: "building the world of 1e7 consumers",
        target: ">= 3 million/s",
        measure: building,
    },
    Row {
        name: "recording",
        what: "double11_evening at 1e6, recording on against off",
        target: "<= 1.25",
        measure: recording,
    },
    Row {
        name: "growth",
        what: "growth with consumers, 1e6 to 1e7, activity of each fixed",
        target: "exponent <= 1.05",
        measure: growth,
    },
];

fn main() {
    let arguments = Arguments::parse();
    if let Some(part) = arguments.part {
        println!("{}", serde_json::json!(Part::parse(&part).measure()));
        return;
    }
    let wanted = |row: &&Row| {
        arguments.targets.is_empty() || arguments.targets.iter().any(|name| name == row.name)
    };
    let unknown = arguments
        .targets
        .iter()
        .find(|name| ROWS.iter().all(|row| row.name != **name));
    if let Some(name) = unknown {
        eprintln!(
            "there is no target {name}; there are: {}",
            ROWS.map(|row| row.name).join(", ")
        );
        std::process::exit(2);
    }
    println!("{:<62}  {:<16}  {:<14}  met", "what", "target", "measured");
    for row in ROWS.iter().filter(wanted) {
        let Outcome {
            figure,
            met,
            detail,
        } = (row.measure)();
        let met = if met { "yes" } else { "no" };
        println!(
            "{:<62}  {:<16}  {figure:<14}  {met:<3}  {detail}",
            row.what, row.target
        );
    }
}

/// Measures a part in a process of its own.
fn apart(part: Part) -> Measured {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args(["--part", &part.to_string()])
        .output()
        .expect("this program can be started again");
    assert!(
        output.status.success(),
        "{part} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("a part prints what it measured")
}

/// Lets two parts take turns, `rounds` times; the medians of their seconds and of the ratio of neighbours.
fn in_turn(one: Part, other: Part, rounds: usize) -> (f64, f64, f64) {
    let (mut ones, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (a, b) = (apart(one).seconds, apart(other).seconds);
        ones.push(a);
        others.push(b);
        ratios.push(a / b);
    }
    (median(&mut ones), median(&mut others), median(&mut ratios))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn sleeping() -> Outcome {
    let measured = apart(Part::Sleeping);
    Outcome {
        figure: format!("{:.2}", measured.ratio),
        met: measured.ratio <= 1.2,
        detail: format!("{:.2} ms a tick", 1e3 * measured.seconds),
    }
}

fn looks() -> Outcome {
    let mut nanoseconds: Vec<f64> = (0..5).map(|_| 1e9 * apart(Part::Looks).seconds).collect();
    let nanoseconds = median(&mut nanoseconds);
    Outcome {
        figure: format!("{nanoseconds:.0} ns"),
        met: nanoseconds <= 60.0,
        detail: format!("{:.1} million looks a second", 1e3 / nanoseconds),
    }
}

fn coupons() -> Outcome {
    let (known, own) = (
        apart(Part::Coupons { own: false }),
        apart(Part::Coupons { own: true }),
    );
    let (with, without) = (Part::Maze { coupons: true }, Part::Maze { coupons: false });
    let (with, without, evening) = in_turn(with, without, 3);
    Outcome {
        figure: format!("{:.2}", known.ratio),
        met: known.ratio <= 1.1,
        detail: format!(
            "{:.0} ns; {:.2} times where everybody has one of its own besides ({:.0} ns); coupon_maze with its coupons {evening:.2} times without ({with:.1} s and {without:.1} s)",
            1e9 * known.seconds,
            own.ratio,
            1e9 * own.seconds
        ),
    }
}

fn threads() -> Outcome {
    let (one, two, ratio) = in_turn(Part::evening(1), Part::evening(2), 3);
    let (beside, alone) = (apart(Part::Beside).seconds, apart(Part::evening(1)).seconds);
    Outcome {
        figure: format!("{ratio:.2}"),
        met: ratio >= 1.7,
        detail: format!(
            "{one:.1} s and {two:.1} s; two runs of one thread side by side get done {:.2} times what one does alone",
            2.0 * alone / beside
        ),
    }
}

fn resident() -> Outcome {
    let (few, many) = (100_000, 10_000_000);
    let bytes = apart(Part::Resident(many)).bytes - apart(Part::Resident(few)).bytes;
    let each = bytes / (many - few) as f64;
    Outcome {
        figure: format!("{each:.1} bytes"),
        met: each <= 100.0,
        detail: "peak of the process, plans of the day included".to_owned(),
    }
}

fn building() -> Outcome {
    let consumers = 10_000_000;
    let mut seconds: Vec<f64> = (0..3)
        .map(|_| apart(Part::Resident(consumers)).seconds)
        .collect();
    let speed = consumers as f64 / median(&mut seconds) / 1e6;
    Outcome {
        figure: format!("{speed:.1} million/s"),
        met: speed >= 3.0,
        detail: "the plans of the day included".to_owned(),
    }
}

fn recording() -> Outcome {
    let (on, off, ratio) = in_turn(Part::Recorded, Part::evening(2), 3);
    Outcome {
        figure: format!("{ratio:.2}"),
        met: ratio <= 1.25,
        detail: format!("{on:.1} s and {off:.1} s"),
    }
}

fn growth() -> Outcome {
    let at = |consumers| {
        apart(Part::Evening {
            consumers,
            threads: 2,
        })
        .seconds
    };
    let (few, many) = (at(1_000_000), at(10_000_000));
    let exponent = (many / few).log10();
    Outcome {
        figure: format!("{exponent:.2}"),
        met: exponent <= 1.05,
        detail: format!("{few:.1} s and {many:.1} s"),
    }
}
