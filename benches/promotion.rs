//! The promotion engine: best stacks of 5, 10 and 20 coupons over baskets of 1 to 50 lines, and fillers up to a threshold.
//!
//! Two kinds of coupons: `festival`, as platforms have them (a few stacking groups, scopes by store and category), and `tangle`, without any group,
//! thresholds near what the basket comes to and every coupon on everything: the hardest that the search meets. The number of branches is
//! printed beside the times.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use yellowcart::money::Fen;
use yellowcart::promotion::*;

/// A fixed sequence without structure.
fn scatter(n: u32) -> i64 {
    i64::from(n.wrapping_mul(2_654_435_761) >> 16)
}

fn basket(lines: u32) -> Basket {
    let line = |n: u32| Line {
        store: n % 4,
        category: n % 7,
        ..Line::of(n, 1 + n % 2, Fen(4_900 + 100 * (scatter(n + 1) % 800)))
    };
    Basket((0..lines).map(line).collect())
}

/// Coupons as a festival has them: store, category and platform coupons, of each group one at most.
fn festival(count: u32, sum: i64) -> Vec<Coupon> {
    let coupon = |n: u32| {
        let step = 1 + i64::from(n) % 5;
        let threshold = Fen(sum * step / 12);
        let off = Fen(threshold.0 / (6 + i64::from(n) % 3));
        let kind = match n % 5 {
            4 => Kind::PercentOff {
                threshold,
                basis_points: 500 + 100 * n,
                cap: Some(Fen(sum / 20)),
            },
            3 => Kind::AmountOff {
                threshold: Fen(30_000),
                off: Fen(4_000),
                times: 50,
            },
            _ => Kind::AmountOff {
                threshold,
                off,
                times: 1,
            },
        };
        let mut on = Filter::default();
        match n % 3 {
            0 => on.stores = vec![n / 3 % 4],
            1 => on.categories = vec![n % 7],
            _ => {}
        }
        Coupon {
            on,
            place: n,
            group: Some(n % 5),
            ..Coupon::of(kind)
        }
    };
    (0..count).map(coupon).collect()
}

/// Coupons that all stack, all touch everything, and take the thresholds away under each other.
fn tangle(count: u32, sum: i64) -> Vec<Coupon> {
    let coupon = |n: u32| {
        let threshold = Fen(sum * (55 + scatter(n + 7) % 45) / 100);
        let off = Fen(sum * (2 + scatter(n + 99) % 6) / 100);
        Coupon {
            place: n,
            ..Coupon::of(Kind::AmountOff {
                threshold,
                off,
                times: 1,
            })
        }
    };
    (0..count).map(coupon).collect()
}

fn stacks(bench: &mut Criterion) {
    for (name, coupons_of) in [
        ("festival", festival as fn(u32, i64) -> Vec<Coupon>),
        ("tangle", tangle),
    ] {
        let mut group = bench.benchmark_group(format!("best_stack/{name}"));
        group.sample_size(20);
        for count in [5, 10, 20] {
            for lines in [1, 10, 50] {
                let basket = basket(lines);
                let sum = basket.sum().expect("it fits").0;
                let coupons = coupons_of(count, sum);
                let search =
                    || best_stack(&basket, &coupons, 0, &Limits::default()).expect("a basket");
                let best = search();
                let proven = if best.at_least == best.value {
                    "exact"
                } else {
                    "cut short"
                };
                println!(
                    "{name}: {count} coupons, {lines} lines: {} branches, {proven}",
                    best.branches
                );
                let id = BenchmarkId::new(format!("{count}_coupons"), lines);
                group.bench_function(id, |bencher| bencher.iter(|| black_box(search())));
            }
        }
        group.finish();
    }
}

fn fillers(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("cheapest_filler");
    group.sample_size(20);
    // Prices in whole yuan, as shops have them, and in fen, where every fen is a state.
    for (name, unit) in [("yuan", 100), ("fen", 1)] {
        for count in [5, 50] {
            let filler = |n: u32| {
                let price =
                    Fen((49 + scatter(n) % 400) * 100 / unit * unit + (100 / unit - 1) * 37 % 100);
                Filler {
                    price,
                    cost: price,
                    limit: 2,
                }
            };
            let fillers: Vec<Filler> = (0..count).map(filler).collect();
            let gap = Fen(fillers
                .iter()
                .map(|filler| filler.price.0)
                .sum::<i64>()
                .min(200_000));
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| black_box(cheapest_filler(gap, &fillers)));
            });
        }
    }
    group.finish();
}

fn quotes(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("quote");
    for lines in [1, 10, 50] {
        let basket = basket(lines);
        let sum = basket.sum().expect("it fits").0;
        let coupons = festival(5, sum);
        let stack = [0, 1, 2, 3, 4];
        group.bench_function(BenchmarkId::new("5_coupons", lines), |bencher| {
            bencher.iter(|| black_box(quote(&basket, &coupons, &stack, 0)));
        });
    }
    group.finish();
}

criterion_group!(benches, stacks, fillers, quotes);
criterion_main!(benches);
