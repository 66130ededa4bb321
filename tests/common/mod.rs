//! What several tests share: an observer that keeps everything, and a small market.
#![allow(dead_code)] // each test file uses a part of it

pub mod made_up;
pub mod picture;

use assert_cmd::Command;
use std::any::Any;
use std::path::Path;
use std::sync::Arc;
use yellowcart::market::{
    AftermathRow, CueRow, DayEnd, EnforcementRow, LedgerRow, Market, Observer, OrderRow, Pace,
    PaymentRow, PurchaseRow, RoomFrame, Summary,
};
use yellowcart::scenario::{Bundle, Fault, Faults, Request, Scenario, Source, from_source, load};

/// Keeps every row.
#[derive(Default)]
pub struct Keeper {
    pub frames: Vec<RoomFrame>,
    pub orders: Vec<OrderRow>,
    pub payments: Vec<PaymentRow>,
    pub purchases: Vec<PurchaseRow>,
    pub aftermath: Vec<AftermathRow>,
    pub enforcement: Vec<EnforcementRow>,
    pub cues: Vec<CueRow>,
    pub ledger: Vec<LedgerRow>,
    pub days: Vec<DayEnd>,
}

impl Observer for Keeper {
    fn frame(&mut self, row: &RoomFrame) {
        self.frames.push(*row);
    }
    fn order(&mut self, row: &OrderRow) {
        self.orders.push(*row);
    }
    fn payment(&mut self, row: &PaymentRow) {
        self.payments.push(*row);
    }
    fn purchase(&mut self, row: &PurchaseRow) {
        self.purchases.push(row.clone());
    }
    fn aftermath(&mut self, row: &AftermathRow) {
        self.aftermath.push(*row);
    }
    fn enforcement(&mut self, row: &EnforcementRow) {
        self.enforcement.push(row.clone());
    }
    fn cue(&mut self, row: &CueRow) {
        self.cues.push(row.clone());
    }
    fn ledger(&mut self, row: &LedgerRow) {
        self.ledger.push(row.clone());
    }
    fn day_end(&mut self, row: &DayEnd) {
        self.days.push(row.clone());
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// A market that ran.
pub struct Ran {
    pub scenario: Arc<Scenario>,
    pub summary: Summary,
    pub kept: Box<Keeper>,
}

/// A shipped scenario with changes.
pub fn shipped(name: &str, seed: u64, changes: &[&str]) -> Bundle {
    let changes: Vec<String> = changes.iter().map(|change| (*change).to_owned()).collect();
    load(&Request {
        what: name,
        overrides: &changes,
        seed: Some(seed),
        regime: None,
        ..Request::default()
    })
    .unwrap_or_else(|faults| panic!("{faults}"))
}

/// The same, resolved.
pub fn resolved(name: &str, seed: u64, changes: &[&str]) -> Arc<Scenario> {
    let bundle = shipped(name, seed, changes);
    Arc::new(bundle.resolve().expect("a loaded bundle resolves"))
}

/// A shipped scenario under another regime.
pub fn loaded(what: &str, regime: &str) -> Bundle {
    load(&Request {
        what,
        regime: Some(regime),
        ..Request::default()
    })
    .unwrap_or_else(|faults| panic!("{faults}"))
}

/// A text as if it were a file.
pub fn source(name: &str, text: &str) -> Arc<Source> {
    Arc::new(Source {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

/// A scenario from a text.
pub fn written(text: &str, seed: u64) -> Bundle {
    let source = source("test.toml", text);
    let request = Request {
        seed: Some(seed),
        ..Request::default()
    };
    from_source(&source, "test", None, &request).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Runs a bundle to its end.
pub fn run(bundle: &Bundle) -> Ran {
    let scenario = Arc::new(bundle.resolve().expect("a loaded bundle resolves"));
    run_scenario(scenario)
}

/// Runs a scenario to its end.
pub fn run_scenario(scenario: Arc<Scenario>) -> Ran {
    let mut market = Market::new(Arc::clone(&scenario), Box::new(Keeper::default()));
    while market.step() != Pace::Finished {}
    let summary = market.summary();
    let kept = market
        .into_observer()
        .expect("the observer comes back")
        .into_any()
        .downcast::<Keeper>()
        .expect("it is the keeper");
    Ran {
        scenario,
        summary,
        kept,
    }
}

/// One room, one product on sale for an hour, and everybody needs it: `room` and `cues` are put in.
pub fn small(consumers: u32, price: f64, cues: &str) -> String {
    format!(
        r#"
title = "small"
[clock]
start = "2020-11-11 19:55"
end = "2020-11-11 23:00"
[population]
consumers = {consumers}
[population.segments.all]
share = 1.0
online_peak_hour = 20.5
online_spread_minutes = 30.0
budget = {{ median = 100000.0, spread = 0.0 }}
[categories.things]
need = 0.5
[brands.brand]
[anchors.anchor]
followers = 100000
[products.thing]
brand = "brand"
category = "things"
worth = 85.0
market_price = 100.0
honest_prior_price = 100.0
cost = 40.0
[farms.farm]
[rooms.room]
anchor = "anchor"
on_air = "2020-11-11 20:00"
off_air = "2020-11-11 22:00"
cues = [
  {{ at = "0:10:00", open_link = {{ product = "thing", price = {price}, stock = 1000000 }} }},
{cues}
  {{ at = "1:50:00", close_link = {{ product = "thing" }} }},
]
"#
    )
}

/// Runs the program in a folder: exit code, stdout, stderr.
pub fn yellowcart(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("yellowcart").expect("the program is built");
    let ran = command
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        ran.status.code().expect("an exit code"),
        text(ran.stdout),
        text(ran.stderr),
    )
}

/// One line a fault: place, message, what to do; nothing where nothing is wrong.
pub fn lines<T>(found: Result<T, Faults>) -> Vec<String> {
    let line = |fault: &Fault| {
        let place = match fault.position() {
            place if place.is_empty() => place,
            place => format!("{place}: "),
        };
        let help = fault
            .help
            .as_ref()
            .map_or(String::new(), |help| format!(" | {help}"));
        format!("{place}{fault}{help}")
    };
    found
        .err()
        .map_or_else(Vec::new, |faults| faults.0.iter().map(line).collect())
}
