//! A paired comparison of two regimes, and what pairing saves against unpaired runs: for every metric that differs, how many unpaired replications
//! would tell as much as one paired. Nothing is written: only the runs and their statistics are measured.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Mutex;
use yellowcart::experiment::compare::{
    Comparison, Job, Outcome, Plan, Wanted, gather, plan, work_off,
};

/// Replications of each arm.
const REPLICATIONS: u32 = 8;

fn planned() -> Plan {
    let regimes = ["none".to_owned(), "disclosure".to_owned()];
    let changes = ["population.consumers=20000".to_owned()];
    let wanted = Wanted {
        what: "diamond_necklace",
        changes: &changes,
        regimes: &regimes,
        replications: REPLICATIONS,
        ..Wanted::default()
    };
    plan(&wanted).unwrap_or_else(|faults| panic!("{faults}"))
}

fn compared(plan: &Plan) -> Comparison {
    let kept = Mutex::new(BTreeMap::new());
    let keep = |job: Job, outcome: &Outcome| {
        kept.lock().expect("no panic").insert(job, outcome.clone());
        Ok(())
    };
    let (jobs, threads) = (plan.jobs(), std::thread::available_parallelism());
    let threads = threads.map_or(1, usize::from);
    let ran = work_off(plan, (&jobs, jobs.len()), threads, &keep, &|_| {});
    assert_eq!(ran, Ok(()));
    gather(plan, &kept.into_inner().expect("no panic")).expect("all runs are there")
}

fn a_paired_comparison(criterion: &mut Criterion) {
    yellowcart::market::use_threads(1);
    let plan = planned();
    for metric in compared(&plan).metrics {
        let difference = &metric.differences[0];
        if let (Some(correlation), Some(saving)) = (difference.correlation, difference.saving) {
            let key = &metric.metric.key;
            println!(
                "{key}: correlation {correlation:.3}, a paired replication tells as much as {saving:.1} unpaired"
            );
        }
    }
    let mut group = criterion.benchmark_group("a paired comparison");
    group.sample_size(10);
    group.throughput(Throughput::Elements(2 * u64::from(REPLICATIONS)));
    group.bench_function("two regimes, 8 replications", |bencher| {
        bencher.iter(|| black_box(compared(&plan)));
    });
    group.finish();
}

criterion_group!(compare, a_paired_comparison);
criterion_main!(compare);
