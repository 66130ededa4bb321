//! The reference model of benches/herding: the market's world and schedule, plain columns with the same draws, and a draw for everybody at
//! every tick have to come to the same.

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

use columns::Columns;
use every_tick::EveryTick;
use law::{Geometric, Herding, LEAVE, Setting, Totals, buying};
use market::OnTheMarket;

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
        let setting = Setting {
            consumers,
            seed: consumers,
            enter,
        };
        let columns = after(&mut Columns::new(&setting), 120);
        let market = after(&mut OnTheMarket::new(&setting), 120);
        assert_eq!(market, columns, "{setting:?}");
        assert!(consumers == 1 || columns.inside() > 0);
    }
}

/// Mean and standard error over seeds of people inside, orders, and the spread of rooms.
fn statistics(make: impl Fn(&Setting) -> Box<dyn Herding>) -> [(f64, f64); 3] {
    let runs: Vec<Totals> = (1..=12)
        .map(|seed| {
            let setting = Setting {
                consumers: 50_000,
                seed,
                enter: 0.02,
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
    ]
}

#[test]
fn events_have_the_law_of_a_draw_for_everybody_at_every_tick() {
    let events = statistics(|setting| Box::new(Columns::new(setting)));
    let ticks = statistics(|setting| Box::new(EveryTick::new(setting)));
    for (one, other) in events.iter().zip(&ticks) {
        let z = (one.0 - other.0) / (one.1.powi(2) + other.1.powi(2)).sqrt();
        assert!(z.abs() < 4.0, "{events:?} and {ticks:?}");
    }
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
