//! Boards of benches that nobody ran, for tests of what is made from them. Their numbers come from names and places alone.

use std::collections::BTreeMap;
use yellowcart::detect::scoring::verdict::{HIGHEST, RATES};
use yellowcart::detect::scoring::{
    Budget, Figure, Finding, Operation, Points, PrecisionAt, RecallAt, SizeAlarms, Split,
    SplitFigures, Track, TwinAlarms, Verdict,
};
use yellowcart::detect::truth::{Threat, Twin};
use yellowcart::experiment::detection::{
    Averted, Board, Learnt, NOBODY, Payoffs, Remix, ReviewCosts, StreamFacts, Tried,
};

/// Test streams.
const STREAMS: usize = 5;

/// Name, kind, how good it is (0 to 1), and which tracks it is about.
type Made = (&'static str, &'static str, f64, &'static [Track]);

const ROOMS: &[Track] = &[Track::Rooms];
const OFFERS: &[Track] = &[Track::Offers];

/// Detectors, as many as any bench has.
#[rustfmt::skip]
const DETECTORS: [Made; 26] = [
    ("null", "control", 0.0, &Track::ALL), ("random", "control", 0.0, &Track::ALL), ("always", "control", 0.0, &Track::ALL),
    ("oracle", "control", 1.0, &Track::ALL), ("best_single_feature", "control", 0.62, &Track::ALL), ("silent_crowd", "statistic", 0.7, ROOMS),
    ("robust_z", "statistic", 0.35, ROOMS), ("ewma", "statistic", 0.36, ROOMS), ("cusum", "statistic", 0.4, ROOMS),
    ("page_hinkley", "statistic", 0.38, ROOMS), ("bayesian_change_point", "statistic", 0.45, ROOMS),
    ("engagement_ratios", "statistic", 0.55, ROOMS), ("burstiness", "statistic", 0.3, ROOMS), ("gap_entropy", "statistic", 0.33, ROOMS),
    ("benford", "statistic", 0.05, ROOMS), ("reference_7_days", "statistic", 0.8, OFFERS), ("reference_30_days", "statistic", 0.86, OFFERS),
    ("coupon_velocity", "statistic", 0.5, &[Track::Accounts, Track::Orders]), ("half_space_trees", "structure", 0.42, &Track::ALL),
    ("isolation_forest", "structure", 0.52, &Track::ALL), ("flock", "structure", 0.58, &[Track::Rooms, Track::Accounts]),
    ("catch_sync", "structure", 0.48, &[Track::Accounts]), ("fraudar", "structure", 0.66, &[Track::Accounts]),
    ("logistic", "supervised", 0.78, &Track::ALL), ("boosted", "supervised", 0.9, &Track::ALL), ("my.own-detector", "yours", 0.6, ROOMS),
];

/// A number from 0 to 1 that comes from two others.
fn chance(one: usize, other: usize) -> f64 {
    let mixed = (one * 7_919 + other * 104_729 + 17) % 1_009;
    mixed as f64 / 1_008.0
}

/// A figure about a mean, with values that differ by about `spread`, none below `least`.
fn figure(mean: f64, spread: f64, least: f64) -> Figure {
    let value = |at: usize| mean + spread * (at as f64 - 2.0) / 2.0;
    Figure {
        values: (0..STREAMS).map(|at| Some(value(at).max(least))).collect(),
        mean: Some(mean),
        interval: Some([(mean - spread).max(least), mean + spread]),
    }
}

/// A share.
fn share(mean: f64) -> Figure {
    let mut figure = figure(mean, 0.3 * mean.min(1.0 - mean), 0.0);
    for value in figure.values.iter_mut().flatten() {
        *value = value.min(1.0);
    }
    figure
}

fn budgets() -> Vec<Budget> {
    let budget = |(alarms_per_room_hour, false_positive_rate)| Budget {
        alarms_per_room_hour,
        false_positive_rate,
    };
    [(0.01, 0.0001), (0.05, 0.001), (0.2, 0.01)]
        .map(budget)
        .to_vec()
}

/// Share of positives in a track.
fn prevalence(track: Track) -> f64 {
    [0.06, 0.04, 0.02, 0.1][track as usize]
}

fn points(precision: f64, prevalence: f64) -> Points {
    let point = |at: i32| {
        let recall = f64::from(at) / 40.0;
        let falls = prevalence + (precision.sqrt() - prevalence) * (1.0 - recall.powi(3));
        [recall, if precision == 1.0 { 1.0 } else { falls }]
    };
    let all = [1.0, prevalence];
    Points {
        precision_recall: match precision > prevalence {
            true => (1..=40).map(point).collect(),
            false => vec![all],
        },
        roc: vec![[0.0, 0.0], [1.0, 1.0]],
    }
}

fn findings(at: usize, found: f64) -> Vec<Finding> {
    let finding = |number: usize| Finding {
        stream: number % STREAMS,
        campaign: number as u32,
        plan: number as u32,
        threat: Threat::ALL[number % 6],
        tactic: format!("tactic_{}", number % 7),
        operator: "farm".to_owned(),
        tactic_is_known: !number.is_multiple_of(7),
        operator_is_known: number.is_multiple_of(2),
        late: number > 20,
        delay: (chance(at, number) < found).then(|| {
            let minutes = chance(number, at) * (1.2 - found);
            (60.0 * minutes * minutes * 40.0).round()
        }),
    };
    (0..40).map(finding).collect()
}

fn operation(at: usize, track: Track, quality: f64, budget: &Budget, which: usize) -> Operation {
    let found = (quality * (0.6 + 0.15 * which as f64)).min(1.0);
    let findings = findings(at, found);
    let mut delays: Vec<f64> = findings.iter().filter_map(|one| one.delay).collect();
    delays.sort_by(f64::total_cmp);
    let median = (delays.len() * 2 > findings.len()).then(|| delays[findings.len() / 2]);
    let rooms = track == Track::Rooms;
    let kinds = match track {
        Track::Rooms => &Twin::ALL[..6],
        Track::Offers => &Twin::ALL[3..],
        _ => &[],
    };
    let twin = |kind: &Twin| TwinAlarms {
        twin: *kind,
        count: 12 + *kind as u64,
        alarmed: share((1.0 - quality) * chance(at, *kind as usize)),
    };
    let size = |(viewers_from, viewers_below)| SizeAlarms {
        viewers_from,
        viewers_below,
        minutes: 20_000 - viewers_from * 4,
        false_positive_rate: share(0.01 * chance(at, viewers_from as usize)),
    };
    let sizes = [
        (0, Some(30)),
        (30, Some(300)),
        (300, Some(3_000)),
        (3_000, None),
    ];
    Operation {
        budget: budget.of(track),
        threshold: (quality > 0.0).then_some(quality),
        found: share(found),
        median_delay: median.map_or_else(Figure::default, |median| figure(median, 10.0, 0.0)),
        overall_median_delay: median,
        false_alarms_per_room_hour: rooms.then(|| share(budget.alarms_per_room_hour * 1.1)),
        false_positive_rate: share(budget.false_positive_rate * 0.9),
        precision: match quality > 0.0 {
            true => share(0.5 + 0.5 * quality),
            false => Figure::default(),
        },
        recall: share(0.9 * found),
        twins: kinds.iter().map(twin).collect(),
        sizes: if rooms {
            sizes.map(size).to_vec()
        } else {
            Vec::new()
        },
        findings,
    }
}

fn verdict(at: usize, name: &str, track: Track, quality: f64) -> Verdict {
    let quality = match quality {
        0.0 | 1.0 => quality,
        quality => (quality + 0.1 * chance(at, track as usize)).min(0.99),
    };
    let chance_gets = prevalence(track);
    let precision = chance_gets + (1.0 - chance_gets) * quality;
    let budgets = budgets();
    let operations = budgets.iter().enumerate();
    let operations: Vec<Operation> = operations
        .map(|(which, budget)| operation(at, track, quality, budget, which))
        .collect();
    let threats = [
        Threat::LongStays,
        Threat::LikesAndComments,
        Threat::StagedMisbid,
    ];
    let parts = threats.map(Split::Threat).into_iter().chain([
        Split::KnownTactic,
        Split::HeldOutTactic,
        Split::KnownOperator,
        Split::UnknownOperator,
        Split::FirstHalf,
        Split::SecondHalf,
    ]);
    let part = |(nth, split): (usize, Split)| SplitFigures {
        split,
        campaigns: 10 + 3 * nth as u64,
        average_precision: share(precision * (1.0 - 0.05 * nth as f64)),
        found: operations
            .iter()
            .map(|of| share(of.found.mean.unwrap_or(0.0) * (1.0 - 0.05 * nth as f64)))
            .collect(),
    };
    Verdict {
        detector: name.to_owned(),
        track,
        positives: (100_000.0 * chance_gets) as u64,
        negatives: (100_000.0 * (1.0 - chance_gets)) as u64,
        ignored: if track == Track::Rooms { 1_234 } else { 0 },
        disregarded: 0,
        prevalence: share(chance_gets),
        average_precision: share(precision),
        roc_area: share(0.5 + 0.5 * quality),
        recall_at: RATES
            .map(|rate| RecallAt {
                false_positive_rate: rate,
                recall: share((rate + quality * 0.8).min(1.0)),
            })
            .to_vec(),
        precision_at: HIGHEST
            .map(|highest| PrecisionAt {
                highest,
                precision: match highest {
                    Some(100) => Figure::default(),
                    _ => share(quality),
                },
            })
            .to_vec(),
        points: points(precision, chance_gets),
        splits: parts.enumerate().map(part).collect(),
        operations,
        seconds_per_million_events: None,
        memory: None,
        trouble: None,
    }
}

fn averted(at: usize, quality: f64, which: usize) -> Averted {
    let reach = 1.0 + which as f64;
    let share_averted = (quality * 0.25 * reach).min(0.9);
    let harm = 240_000.0 * share_averted;
    let wrong =
        (1.2 - quality) * 40.0 * f64::from(4_u32.pow(which as u32)) * (0.5 + chance(at, which));
    let review = 12.0 * wrong + 3_000.0 * quality;
    let lost = if at.is_multiple_of(9) {
        0.0
    } else {
        900.0 * wrong
    };
    Averted {
        harm_averted: figure(harm, 0.1 * harm + 100.0, -1.0e9),
        share_averted: share(share_averted),
        honest_sales_lost: figure(lost, 500.0, -1.0e9),
        honest_sales_gained: figure(0.4 * harm - lost, 500.0, -1.0e9),
        review_cost: figure(review, 50.0, 0.0),
        net: figure(harm - review - 0.2 * lost, 2_000.0, -1.0e9),
        right: [8.0, 300.0, 40.0, 5.0].map(|most| figure(most * quality, 1.0, 0.0)),
        wrong: [1.0, 20.0, 5.0, 0.5].map(|part| figure(part * wrong, 1.0, 0.0)),
    }
}

fn tried(at: usize, (name, family, quality, tracks): Made) -> Tried {
    let control = ["null", "random", "always"].contains(&name);
    Tried {
        name: name.to_owned(),
        family: family.to_owned(),
        looks_at: "what it looks at".to_owned(),
        source: "Somebody 1999".to_owned(),
        verdicts: tracks
            .iter()
            .map(|track| verdict(at, name, *track, quality))
            .collect(),
        averted: match control || name == "benford" {
            true => Vec::new(),
            false => (0..3).map(|which| averted(at, quality, which)).collect(),
        },
        seconds_per_million_events: (name != "benford").then(|| 0.05 + 4.0 * chance(at, 3)),
        bytes_per_million_events: (!control).then(|| 1.0e6 + 4.0e8 * chance(at, 5)),
        trouble: match name {
            "my.own-detector" => vec![
                "in the stream of seed 2003 it answered after 31 seconds, which is later than the 30 seconds that a detector has, and was not asked again \
                 (<scores> of it are those up to then)"
                    .to_owned(),
            ],
            _ => Vec::new(),
        },
    }
}

fn stream(split: &str, seed: u64) -> StreamFacts {
    let many = |names: &[&str], least: u64| -> BTreeMap<String, u64> {
        let numbered = names.iter().zip(least..);
        numbered
            .map(|(name, count)| ((*name).to_owned(), count + seed % 3))
            .collect()
    };
    StreamFacts {
        seed,
        split: split.to_owned(),
        events: 3_200_000 + seed,
        rooms: 240,
        room_hours: 512.4,
        accounts: 88_000 + seed,
        false_accounts: 3_400,
        orders: 15_000,
        false_orders: 310,
        campaigns: many(&["long_stays", "mixed", "staged_misbid"], 5),
        twins: many(&["celebrity", "flash_sale"], 4),
    }
}

/// The matrix of a figure by tactic and detector.
fn matrix(detectors: usize, cell: impl Fn(usize, usize) -> Figure) -> Vec<Vec<Figure>> {
    let row = |tactic| {
        (0..detectors)
            .map(|detector| cell(tactic, detector))
            .collect()
    };
    (0..Threat::ALL.len()).map(row).collect()
}

/// What the scores of a detector are worth, by track.
fn remixes(quality: f64, tracks: &[Track]) -> Vec<Remix> {
    let by_farms = tracks.iter().filter(|track| **track != Track::Offers);
    let remix = |track: &Track| Remix {
        track: *track,
        static_chance: share(0.04),
        static_precision: share(0.04 + 0.9 * quality),
        adapted_chance: share(0.05),
        adapted_precision: share(0.05 + 0.5 * quality),
        worst_precision: ("brushed_orders".to_owned(), share(0.03 + 0.3 * quality)),
    };
    by_farms.map(remix).collect()
}

fn payoffs() -> Payoffs {
    let nobody: Made = (NOBODY, "control", 0.0, &[]);
    let watched = DETECTORS.iter().filter(|made| made.0 != "null");
    let watched: Vec<&Made> = std::iter::once(&nobody).chain(watched).collect();
    let detectors = watched.len();
    let caught = |tactic, detector: usize| {
        let quality: f64 = watched[detector].2;
        (quality * (0.5 + chance(tactic, detector))).min(1.0)
    };
    let learnt = |(at, made): (usize, &&Made)| {
        let quality = made.2;
        let of_evening = |evening: i32| quality * (0.45 + 0.45 * 0.7_f64.powi(evening));
        Learnt {
            detector: made.0.to_owned(),
            mix: vec![vec![0.1; Threat::ALL.len()]; 9],
            caught: (0..9).map(|evening| share(of_evening(evening))).collect(),
            harm: (0..9)
                .map(|evening| figure(2.0e5 - 1.0e5 * of_evening(evening), 9_000.0, 0.0))
                .collect(),
            farm_return: (0..9)
                .map(|evening| figure(0.9 - 1.5 * of_evening(evening), 0.1, -1.0))
                .collect(),
            static_caught: share(of_evening(0)),
            adapted_caught: share(of_evening(8)),
            worst_caught: (Threat::ALL[at % 10].name().to_owned(), share(0.2 * quality)),
            precision: remixes(quality, made.3),
        }
    };
    Payoffs {
        tactics: Threat::ALL.map(|threat| threat.name().to_owned()).to_vec(),
        detectors: watched.iter().map(|made| made.0.to_owned()).collect(),
        farm_return: matrix(detectors, |tactic, detector| match (tactic, detector) {
            (3, 3) => Figure::default(),
            _ => figure(1.3 - 2.3 * caught(tactic, detector), 0.1, -1.0),
        }),
        caught: matrix(detectors, |tactic, detector| {
            share(caught(tactic, detector))
        }),
        harm: matrix(detectors, |tactic, detector| {
            figure(2.0e5 * (1.0 - caught(tactic, detector)), 1.0e4, 0.0)
        }),
        learnt: watched.iter().enumerate().map(learnt).collect(),
    }
}

/// The board of a bench with 26 detectors, and farms that learn if `adaptive`.
pub fn board(adaptive: bool) -> Board {
    let development = (1_001..1_004).map(|seed| stream("development", seed));
    let test = (2_001..2_006).map(|seed| stream("test", seed));
    Board {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        changes: Vec::new(),
        suite: "static".to_owned(),
        title: "Bought crowds & staged prices on one platform evening".to_owned(),
        story: "A story of <what> is hard about it.".to_owned(),
        streams: development.chain(test).collect(),
        budgets: budgets(),
        main_budget: 1,
        costs: ReviewCosts {
            room: 30.0,
            account: 2.0,
            order: 3.5,
            offer: 10.0,
        },
        margin: 0.2,
        harm_unwatched: figure(240_000.0, 30_000.0, 0.0),
        detectors: DETECTORS
            .iter()
            .enumerate()
            .map(|(at, made)| tried(at, *made))
            .collect(),
        adaptive: adaptive.then(payoffs),
    }
}
