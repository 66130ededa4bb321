//! What the targets measure: worlds that are built and moved by the public library.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Instant;
use yellowcart::experiment::{RunOptions, peak_memory, run_evening};
use yellowcart::market::{Market, Nobody, Pace, use_threads};
use yellowcart::scenario::{Bundle, Request, Scenario, Source, from_source, load};

/// Something that is measured in a process of its own.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Two worlds in turn: many sleepers and none.
    Sleeping,
    /// Looks of a crowded room, on one thread.
    Looks,
    /// The same with coupons that everybody knows of, and with ones of everybody's own, against without.
    Coupons { own: bool },
    /// coupon_maze with its coupons or without.
    Maze { coupons: bool },
    /// double11_evening with nothing recorded.
    Evening { consumers: u64, threads: usize },
    /// The same at 1e6 on one thread, twice side by side.
    Beside,
    /// The same at 1e6 on two threads, recorded.
    Recorded,
    /// double11_evening built, and moved by one tick.
    Resident(u64),
}

/// What came of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Seconds of what is in question.
    pub seconds: f64,
    /// A ratio of two things that took turns.
    pub ratio: f64,
    /// Peak resident memory of the process.
    pub bytes: f64,
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Part::Sleeping => write!(out, "sleeping"),
            Part::Looks => write!(out, "looks"),
            Part::Coupons { own } => write!(out, "coupons,{}", u8::from(*own)),
            Part::Maze { coupons } => write!(out, "maze,{}", u8::from(*coupons)),
            Part::Evening { consumers, threads } => write!(out, "evening,{consumers},{threads}"),
            Part::Beside => write!(out, "beside"),
            Part::Recorded => write!(out, "recorded"),
            Part::Resident(consumers) => write!(out, "resident,{consumers}"),
        }
    }
}

impl Part {
    /// The evening of a million consumers.
    pub fn evening(threads: usize) -> Self {
        let consumers = 1_000_000;
        Part::Evening { consumers, threads }
    }

    /// A part by what `to_string` makes of it.
    pub fn parse(text: &str) -> Self {
        let words: Vec<&str> = text.split(',').collect();
        let number = |index: usize| words[index].parse::<u64>().expect("a number");
        match words[0] {
            "sleeping" => Part::Sleeping,
            "looks" => Part::Looks,
            "coupons" => Part::Coupons {
                own: number(1) == 1,
            },
            "maze" => Part::Maze {
                coupons: number(1) == 1,
            },
            "evening" => Part::Evening {
                consumers: number(1),
                threads: number(2) as usize,
            },
            "beside" => Part::Beside,
            "recorded" => Part::Recorded,
            "resident" => Part::Resident(number(1)),
            other => panic!("no part is called {other}"),
        }
    }

    /// Measures it, here.
    pub fn measure(self) -> Measured {
        let mut measured = match self {
            Part::Sleeping => sleeping(),
            Part::Looks => looks(),
            Part::Coupons { own } => looks_with_coupons(own),
            Part::Maze { coupons } => maze(coupons),
            Part::Evening { consumers, threads } => {
                use_threads(threads);
                evening(&double11(consumers, &[]))
            }
            Part::Beside => beside(),
            Part::Recorded => recorded(),
            Part::Resident(consumers) => resident(consumers),
        };
        measured.bytes = peak_memory().map_or(f64::NAN, |kib| 1_024.0 * kib as f64);
        measured
    }
}

fn double11(consumers: u64, changes: &[String]) -> Bundle {
    let mut overrides = vec![format!("population.consumers={consumers}")];
    overrides.extend_from_slice(changes);
    let bundle = load(&Request {
        what: "double11_evening",
        overrides: &overrides,
        ..Request::default()
    });
    bundle.unwrap_or_else(|faults| panic!("{faults}"))
}

fn resolved(bundle: &Bundle) -> Arc<Scenario> {
    Arc::new(bundle.resolve().expect("it is checked"))
}

fn market_of(bundle: &Bundle) -> Market {
    Market::new(resolved(bundle), Box::new(Nobody))
}

fn evening(bundle: &Bundle) -> Measured {
    let begun = Instant::now();
    let mut market = market_of(bundle);
    while market.step() != Pace::Finished {}
    Measured {
        seconds: begun.elapsed().as_secs_f64(),
        ..Measured::default()
    }
}

fn beside() -> Measured {
    use std::process::{Command, Stdio};
    let program = std::env::current_exe().expect("this program has a path");
    let part = Part::evening(1).to_string();
    let begun = Instant::now();
    let start = || {
        Command::new(&program)
            .args(["--part", &part])
            .stdout(Stdio::null())
            .spawn()
            .expect("this program can be started again")
    };
    for mut child in [start(), start()] {
        let ended = child.wait().expect("a child that was started ends");
        assert!(ended.success());
    }
    Measured {
        seconds: begun.elapsed().as_secs_f64(),
        ..Measured::default()
    }
}

fn recorded() -> Measured {
    use_threads(2);
    let bundle = double11(1_000_000, &[]);
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let options = RunOptions {
        out: folder.path().join("evening"),
        ..RunOptions::default()
    };
    let begun = Instant::now();
    run_evening(&bundle, &options, &mut |_| {}).expect("a shipped scenario runs");
    Measured {
        seconds: begun.elapsed().as_secs_f64(),
        ..Measured::default()
    }
}

fn resident(consumers: u64) -> Measured {
    let scenario = resolved(&double11(consumers, &[]));
    let begun = Instant::now();
    let mut market = Market::new(scenario, Box::new(Nobody));
    let seconds = begun.elapsed().as_secs_f64();
    market.step();
    Measured {
        seconds,
        ..Measured::default()
    }
}

/// Double 11 with 50 small rooms, so that the crowd counts: 1e5 people come online, out of 1e7 or out of 1e5.
fn sleeping() -> Measured {
    let world = |consumers: u64, share: f64| {
        let changes: Vec<String> = ["bargain_hunters", "loyal_fans", "newcomers", "passers_by"]
            .iter()
            .map(|segment| format!("population.segments.{segment}.online_probability={share}"))
            .chain(["generate.rooms=50".to_owned()])
            .collect();
        market_of(&double11(consumers, &changes))
    };
    let (mut many, mut few) = (world(10_000_000, 0.01), world(100_000, 1.0));
    let peak = 2.5 * 3_600.0;
    while many.time() < peak {
        many.step();
        few.step();
    }
    let minute = |market: &mut Market| {
        let begun = Instant::now();
        for _ in 0..12 {
            market.step();
        }
        begun.elapsed().as_secs_f64() / 12.0
    };
    let (mut ticks, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..60 {
        let (a, b) = (minute(&mut many), minute(&mut few));
        ticks.push(a);
        ratios.push(a / b);
    }
    Measured {
        seconds: super::median(&mut ticks),
        ratio: super::median(&mut ratios),
        ..Measured::default()
    }
}

/// Seconds that one more look takes, waiting for it included: the same crowd with few looks and with many, in turn. The room claims a price,
/// promises, quarrels and calls out orders, so that a look has everything to weigh; and it is too dear for anybody to order.
fn looks() -> Measured {
    use_threads(1);
    let mut crowd = Crowd::of("");
    let mut each: Vec<f64> = (0..15).map(|_| crowd.look()).collect();
    Measured {
        seconds: super::median(&mut each),
        ..Measured::default()
    }
}

/// Two crowded rooms: one in which people look seldom, one in which they look often.
struct Crowd {
    few: Market,
    many: Market,
}

impl Crowd {
    /// With more tables in its scenario.
    fn of(more: &str) -> Self {
        let room = |looks: f64| {
            let text = CROWDED.replace("LOOKS", &looks.to_string()) + more;
            let issue = r#"{ at = "0:22:30", issue_coupon = { coupon = "gift", by = "first_come", count = 1000000, over_seconds = 3000 } },"#;
            let gives = more.contains("gift");
            let source = Arc::new(Source {
                name: "looks.toml".to_owned(),
                text: text.replace("# MORE", if gives { issue } else { "" }),
            });
            let bundle = from_source(&source, "looks", None, &Request::default());
            let mut market = market_of(&bundle.unwrap_or_else(|faults| panic!("{faults}")));
            while market.time() < 2_400.0 {
                market.step();
            }
            market
        };
        Self {
            few: room(1.0),
            many: room(30.0),
        }
    }

    /// Seconds that a look more takes, over a minute.
    fn look(&mut self) -> f64 {
        let minute = |market: &mut Market| {
            let before = market.summary().market.looks;
            let begun = Instant::now();
            for _ in 0..12 {
                market.step();
            }
            let looks = market.summary().market.looks - before;
            (begun.elapsed().as_secs_f64(), looks as f64)
        };
        let ((a, fewer), (b, more)) = (minute(&mut self.few), minute(&mut self.many));
        assert_eq!(self.many.summary().market.real_orders, 0);
        (b - a) / (more - fewer)
    }
}

/// Five coupons on the product; with `own`, one more that everybody has been given, so that everybody reckons for itself.
fn looks_with_coupons(own: bool) -> Measured {
    use_threads(1);
    let gift = if own { GIFT } else { "" };
    let (mut with, mut without) = (Crowd::of(&format!("{COUPONS}{gift}")), Crowd::of(""));
    let (mut each, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let (a, b) = (with.look(), without.look());
        each.push(a);
        ratios.push(a / b);
    }
    Measured {
        seconds: super::median(&mut each),
        ratio: super::median(&mut ratios),
        ..Measured::default()
    }
}

fn maze(coupons: bool) -> Measured {
    use_threads(2);
    let bundle = load(&Request {
        what: "coupon_maze",
        ..Request::default()
    });
    let mut bundle = bundle.unwrap_or_else(|faults| panic!("{faults}"));
    if !coupons {
        bundle.scenario.coupons.clear();
        for room in bundle.scenario.rooms.values_mut() {
            room.cues.retain(|cue| cue.issue_coupon.is_none());
        }
    }
    evening(&bundle)
}

/// Five kinds of coupons that everybody knows of.
const COUPONS: &str = r#"
[shelf.thing]
product = "thing"
price = 9900
[coupons.each_full]
issuer = "platform"
amount_off = { threshold = 300, off = 4, times = 50 }
reach = 1.0
[coupons.store]
issuer = "brand"
amount_off = { threshold = 12000, off = 100 }
reach = 1.0
[coupons.percent]
issuer = "platform"
percent_off = { percent = 1, cap = 60 }
reach = 1.0
[coupons.exclusive]
issuer = "anchor"
fixed_price = { price = 9800 }
reach = 1.0
[coupons.plain]
issuer = "brand"
amount_off = { threshold = 0, off = 10 }
reach = 1.0
"#;

/// One that everybody is given.
const GIFT: &str = r#"
[coupons.gift]
issuer = "anchor"
amount_off = { threshold = 100, off = 5 }
obtained = "room"
"#;

/// 50,000 people who stay, in one room with everything in it.
const CROWDED: &str = r#"
title = "a crowded room"
[clock]
start = "2020-11-11 20:00"
end = "2020-11-11 21:30"
[population]
consumers = 50_000
[population.segments.all]
share = 1.0
online_probability = 1.0
online_peak_hour = 20.1
online_spread_minutes = 3.0
session_minutes = { median = 600.0, spread = 0.0 }
dwell_minutes = { median = 6000.0, spread = 0.0 }
looks_per_minute = { median = LOOKS }
likes_per_minute = { median = 0.0, spread = 0.0 }
comments_per_minute = { median = 0.0, spread = 0.0 }
follows_per_hour = { median = 0.0, spread = 0.0 }
budget = { median = 1.0e8 }
[categories.things]
need = 1.0
[brands.brand]
[anchors.anchor]
followers = 100000
[products.thing]
brand = "brand"
category = "things"
worth = 10.0
market_price = 100.0
honest_prior_price = 100.0
cost = 5.0
[rooms.room]
anchor = "anchor"
on_air = "2020-11-11 20:00"
off_air = "2020-11-11 21:30"
cues = [
  { at = "0:01:00", claim_price = { product = "thing", price = 9999 } },
  { at = "0:02:00", promise = { product = "thing", price = 9900, window_days = 3, scope = "brand" } },
  { at = "0:20:00", staged_quarrel = { product = "thing", intensity = 0.2 } },
  { at = "0:21:00", open_link = { product = "thing", price = 9900, stock = 100000 } },
  { at = "0:22:00", shout_orders = { product = "thing", from = 1500, to = 3500, over_seconds = 60 } },
# MORE
]
"#;
