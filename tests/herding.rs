//! The reference model of benches/herding: the market's world and schedule, plain columns with the same draws, and a draw for everybody at
//! every tick have to come to the same, with strategy as without.

#[path = "../benches/herding/calendar.rs"]
mod calendar;
#[path = "../benches/herding/columns.rs"]
mod columns;
#[path = "../benches/herding/every_tick.rs"]
mod every_tick;
#[path = "../benches/herding/law.rs"]
mod law;
#[path = "../benches/herding/market.rs"]
mod market;
#[path = "../benches/herding/strategy.rs"]
mod strategy;

use columns::Columns;
use every_tick::EveryTick;
use law::{Geometric, Herding, LEAVE, Setting, Totals, buying};
use market::OnTheMarket;
use strategy::EVENING;

fn after(herd: &mut dyn Herding, ticks: u32) -> Totals {
    for _ in 0..ticks {
        herd.tick();
    }
    herd.totals()
}

#[test]
fn the_market_and_plain_columns_come_to_the_same_totals() {
    for (consumers, enter) in [
        (1, 0.02),
        (4_999, 0.02),
        (40_003, 0.02),
        (40_003, 0.002),
        (150_000, 0.0002),
    ] {
        for strategy in [false, true] {
            let setting = Setting {
                consumers,
                seed: consumers,
                enter,
                strategy,
            };
            let columns = after(&mut Columns::new(&setting), 120);
            let market = after(&mut OnTheMarket::new(&setting), 120);
            assert_eq!(market, columns, "{setting:?}");
            assert!(consumers == 1 || columns.inside() > 0);
        }
    }
}

#[test]
fn anchors_do_the_same_on_the_market_evening_by_evening() {
    let setting = Setting {
        consumers: 200_000,
        seed: 3,
        enter: 0.02,
        strategy: true,
    };
    let mut columns = Columns::new(&setting);
    let mut market = OnTheMarket::new(&setting);
    let mut seen = Vec::new();
    for evening in 0..12 {
        let ours = after(&mut market, EVENING as u32);
        assert_eq!(
            ours,
            after(&mut columns, EVENING as u32),
            "evening {evening}"
        );
        seen.push(ours.bought);
    }
    let of_all = |bought: u64| seen.iter().all(|rooms| rooms.contains(&bought));
    assert!(of_all(0) && of_all(1_000), "{seen:?}");
    assert!(seen.windows(2).all(|two| two[0] != two[1]), "{seen:?}");
}

/// Mean and standard error over seeds of people inside, orders, the spread of rooms, and the share of anchors who buy.
fn statistics(strategy: bool, make: impl Fn(&Setting) -> Box<dyn Herding>) -> [(f64, f64); 4] {
    let runs: Vec<Totals> = (1..=12)
        .map(|seed| {
            let setting = Setting {
                consumers: 50_000,
                seed,
                enter: 0.02,
                strategy,
            };
            after(&mut *make(&setting), 100)
        })
        .collect();
    let of = |measure: &dyn Fn(&Totals) -> f64| {
        let values: Vec<f64> = runs.iter().map(measure).collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        (mean, (squares / (count - 1.0) / count).sqrt())
    };
    [
        of(&|totals| totals.inside() as f64),
        of(&|totals| totals.ordered() as f64),
        of(&Totals::spread),
        of(&Totals::buying),
    ]
}

#[test]
fn events_have_the_law_of_a_draw_for_everybody_at_every_tick() {
    let [_, ticks] = [true, false].map(|strategy| {
        let events = statistics(strategy, |setting| Box::new(Columns::new(setting)));
        let ticks = statistics(strategy, |setting| Box::new(EveryTick::new(setting)));
        for (one, other) in events.iter().zip(&ticks) {
            let error = (one.1.powi(2) + other.1.powi(2)).sqrt();
            let difference = (one.0 - other.0).abs();
            assert!(difference <= 4.0 * error, "{events:?} and {ticks:?}");
        }
        ticks
    });
    // As many enter as leave: 0.02 (1 - x) = 0.05 (1 - p) x, p at the orders that a room then has.
    let orders = (ticks[1].0 / 10.0) as u64;
    let p = (0..5).map(|room| buying(room, orders)).sum::<f64>() / 5.0;
    let inside = 50_000.0 * 0.02 / (0.02 + LEAVE * (1.0 - p));
    assert!(
        (ticks[0].0 / inside - 1.0).abs() < 0.01,
        "{} {inside}",
        ticks[0].0
    );
}

#[test]
fn waits_are_geometric() {
    let waits = Geometric::new(0.25);
    let words = 1 << 18;
    let mut longer = [0_u32; 12];
    for word in 0..words {
        let wait = waits.wait((word << 14) | 0x2000);
        assert!(wait >= 1);
        for count in longer.iter_mut().take(wait as usize - 1) {
            *count += 1;
        }
    }
    for (ticks, count) in longer.iter().enumerate() {
        let expected = f64::from(words) * 0.75_f64.powi(ticks as i32 + 1);
        assert!((f64::from(*count) - expected).abs() <= 1.0, "{longer:?}");
    }
}
