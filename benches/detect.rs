//! Streams for detectors: events generated a second, by size of the market, and events that each baseline takes a second.
//!
//! `cargo bench --bench detect`. Everything runs on one thread.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use yellowcart::detect::baselines::BASELINES;
use yellowcart::detect::suite::{Split, market};
use yellowcart::detect::{Event, Scores, hand_over};
use yellowcart::experiment::detection::record;
use yellowcart::market::{Cause, Market, Observer, Pace, use_threads};
use yellowcart::scenario::{Scenario, Suite, load_suite};

/// Counts events and forgets them.
#[derive(Default)]
struct Count(u64);

impl Observer for Count {
    fn event(&mut self, event: &Event, _: Option<Cause>) {
        black_box(event);
        self.0 += 1;
    }
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

fn suite(consumers: u64, rooms: u64) -> Suite {
    let changes = [
        format!("population.consumers={consumers}"),
        format!("generate.rooms={rooms}"),
    ];
    load_suite("static", &changes).expect("a shipped suite")
}

fn scenario(consumers: u64, rooms: u64) -> Arc<Scenario> {
    let suite = suite(consumers, rooms);
    let (scenario, _) = market(&suite, 2_001, Split::Test, None).expect("it can be made");
    scenario
}

fn run(scenario: &Arc<Scenario>) -> u64 {
    let mut market = Market::watched(
        Arc::clone(scenario),
        (Box::new(Count::default()), true),
        None,
    );
    while market.step() != Pace::Finished {}
    let observer = market.into_observer().map(Observer::into_any);
    let count = observer.and_then(|observer| observer.downcast::<Count>().ok());
    count.map_or(0, |count| count.0)
}

fn generating(criterion: &mut Criterion) {
    use_threads(1);
    let mut group = criterion.benchmark_group("generate");
    group.sample_size(10);
    for consumers in [20_000, 80_000, 320_000] {
        let scenario = scenario(consumers, consumers * 3 / 1_000);
        group.throughput(Throughput::Elements(run(&scenario)));
        group.bench_function(BenchmarkId::from_parameter(consumers), |bencher| {
            bencher.iter(|| run(&scenario));
        });
    }
    group.finish();
}

fn detecting(criterion: &mut Criterion) {
    use_threads(1);
    let suite = suite(20_000, 60);
    let development = record(&suite, 1_001, Split::Development, None).expect("it can be made");
    let stream = record(&suite, 2_001, Split::Test, None).expect("it can be made");
    let mut group = criterion.benchmark_group("baselines");
    group.sample_size(10);
    group.throughput(Throughput::Elements(stream.events.len() as u64));
    for baseline in BASELINES {
        let mut learnt = (baseline.make)();
        learnt.learn(&[&development]);
        let memory = learnt.save();
        let ready = || {
            let mut detector = (baseline.make)();
            if let Some(memory) = &memory {
                detector.restore(memory).expect("its own memory");
            }
            detector
        };
        group.bench_function(baseline.name, |bencher| {
            bencher.iter_batched(
                ready,
                |mut detector| {
                    let mut scores = Scores::default();
                    for event in &stream.events {
                        hand_over(detector.as_mut(), event, &mut scores);
                        scores.take().for_each(|score| {
                            black_box(score);
                        });
                    }
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, generating, detecting);
criterion_main!(benches);
