//! What grows, and what is changed in the scenario to make it grow.

use super::evening::Told;

/// A thing that grows.
pub struct Series {
    /// What it is.
    pub what: &'static str,
    /// Its unit, for the axis.
    pub unit: &'static str,
    /// Points from this one on are fitted: where the thing itself, not what stays the same, takes the time.
    pub fit_from: usize,
    /// What is changed at each point.
    pub changes: fn() -> Vec<Vec<String>>,
    /// How much of the thing a run had.
    pub amount: fn(&Told) -> u64,
}

const SEGMENTS: [&str; 4] = ["bargain_hunters", "loyal_fans", "newcomers", "passers_by"];

/// Everything that grows in the market. Threads, which are no part of it, are in `main`.
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
        amount: |told| told.consumers,
    },
    Series {
        what: "rooms",
        unit: "rooms, for a million consumers",
        fit_from: 1,
        changes: || {
            each(&[300, 1_000, 3_000, 10_000], |count| {
                vec![format!("generate.rooms={count}")]
            })
        },
        amount: |told| told.rooms,
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
        amount: |told| told.looks,
    },
    Series {
        what: "bots",
        unit: "bots that come, beside a million consumers",
        fit_from: 3,
        changes: || {
            // Share of rooms that buy, bought viewers by real one that is expected, and how many of those are expected.
            let bought = [
                (0.05, 5.0, 10.0),
                (0.2, 5.0, 10.0),
                (0.8, 5.0, 10.0),
                (0.8, 20.0, 10.0),
                (0.8, 80.0, 10.0),
                (0.8, 80.0, 50.0),
            ];
            each(&bought, |(share, multiple, viewers)| {
                vec![
                    format!("generate.buying_share={share}"),
                    format!("generate.bought_multiple={multiple}"),
                    format!("generate.viewers_at_median={viewers}"),
                    // Neither time nor accounts are to run out.
                    "farms.november.accounts_per_second=1000000".to_owned(),
                    "farms.november.accounts=5000000".to_owned(),
                    "farms.november.view_minutes=5".to_owned(),
                ]
            })
        },
        amount: |told| told.bots,
    },
];

fn each<T: Copy>(amounts: &[T], change: impl Fn(T) -> Vec<String>) -> Vec<Vec<String>> {
    amounts.iter().map(|amount| change(*amount)).collect()
}
