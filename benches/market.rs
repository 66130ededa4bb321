//! The tick loop of the market, at 1e5 and 1e6 consumers: a minute at the peak of Double 11's last evening, and the whole evening.
//!
//! Throughput is in looks (decisions). Nothing is recorded: recording is measured by `timing.json` of a run.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use yellowcart::market::{Market, Nobody, Pace};
use yellowcart::scenario::{Request, Scenario, load};

/// Second after the scenario's start at which the measured minute begins: 20:30, when most are online.
const PEAK: f64 = 2.5 * 3_600.0 + 300.0;

/// Ticks of five seconds in the measured minute.
const TICKS: u32 = 12;

fn double_11(consumers: u32) -> Arc<Scenario> {
    let change = [format!("population.consumers={consumers}")];
    let bundle = load(&Request {
        what: "double11_evening",
        overrides: &change,
        ..Request::default()
    });
    let bundle = bundle.unwrap_or_else(|faults| panic!("{faults}"));
    Arc::new(bundle.resolve().expect("a shipped scenario resolves"))
}

fn fresh(scenario: &Arc<Scenario>) -> Market {
    Market::new(Arc::clone(scenario), Box::new(Nobody))
}

fn a_minute_at_the_peak(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a minute at the peak");
    group.sample_size(10);
    for consumers in [100_000, 1_000_000] {
        let scenario = double_11(consumers);
        let mut market = fresh(&scenario);
        while market.time() < PEAK {
            market.step();
        }
        let state = market.snapshot();
        let before = market.summary().market.looks;
        for _ in 0..TICKS {
            market.step();
        }
        group.throughput(Throughput::Elements(market.summary().market.looks - before));
        let restored = || {
            let mut market = fresh(&scenario);
            market.restore(&state).expect("its own state");
            market
        };
        group.bench_function(BenchmarkId::from_parameter(consumers), |bencher| {
            bencher.iter_batched(
                restored,
                |mut market| {
                    for _ in 0..TICKS {
                        black_box(market.step());
                    }
                    market
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn the_whole_evening(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("the whole evening");
    group.sample_size(10);
    for consumers in [100_000, 1_000_000] {
        let scenario = double_11(consumers);
        let evening = || {
            let mut market = fresh(&scenario);
            while market.step() != Pace::Finished {}
            market
        };
        group.throughput(Throughput::Elements(evening().summary().market.looks));
        group.bench_function(BenchmarkId::from_parameter(consumers), |bencher| {
            bencher.iter_with_large_drop(evening);
        });
    }
    group.finish();
}

/// The whole case of the coat, 42 days, and how much of it the ends of days take: the aftermath, and with it the plans of the next day and the
/// hash of the state. Printed as a ratio, since both are taken in one run.
fn what_the_aftermath_costs(_: &mut Criterion) {
    let bundle = load(&Request {
        what: "guess_coat",
        ..Request::default()
    });
    let bundle = bundle.unwrap_or_else(|faults| panic!("{faults}"));
    let scenario = Arc::new(bundle.resolve().expect("a shipped scenario resolves"));
    let mut market = fresh(&scenario);
    let (mut evenings, mut ends) = (Duration::ZERO, Duration::ZERO);
    loop {
        let begun = Instant::now();
        let pace = market.step();
        match pace {
            Pace::Running => evenings += begun.elapsed(),
            Pace::DayEnded | Pace::Finished => ends += begun.elapsed(),
        }
        if pace == Pace::Finished {
            break;
        }
    }
    println!(
        "guess_coat: evenings {:.2} s, ends of days {:.2} s: {:.2} of the evenings (at most 1 is wanted)",
        evenings.as_secs_f64(),
        ends.as_secs_f64(),
        ends.as_secs_f64() / evenings.as_secs_f64()
    );
}

criterion_group!(
    market,
    a_minute_at_the_peak,
    the_whole_evening,
    what_the_aftermath_costs
);
criterion_main!(market);
