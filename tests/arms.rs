//! The runs of a comparison, through the library: paired by seed, branching from one state, side by side, with assumptions redrawn alike in
//! all arms, inert where nothing acts.

mod common;
#[path = "arms/told.rs"]
mod told;

use common::run;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use yellowcart::experiment::compare::{
    Job, Outcome, Plan, Verdict, Wanted, assumptions, further_jobs, gather, plan, redraw, work_off,
};
use yellowcart::experiment::metrics_of;
use yellowcart::experiment::workers::Halt;
use yellowcart::market::{Market, Nobody};
use yellowcart::scenario::{Shelf, names};

const DAYS: &str = include_str!("common/days.toml");

/// A plan over the scenario of three evenings, made small.
fn planned(regimes: &[&str], replications: u32, more: Wanted) -> Plan {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("days.toml");
    fs::write(&path, DAYS.replace("consumers = 20000", "consumers = 1500")).expect("written");
    let what = path.display().to_string();
    let regimes: Vec<String> = regimes.iter().map(|regime| (*regime).to_owned()).collect();
    let wanted = Wanted {
        what: &what,
        regimes: &regimes,
        replications,
        ..more
    };
    plan(&wanted).unwrap_or_else(|faults| panic!("{faults}"))
}

type Outcomes = BTreeMap<Job, Outcome>;

/// Does all runs of a plan.
fn done(plan: &Plan, threads: usize) -> Outcomes {
    let kept = Mutex::new(Outcomes::new());
    let keep = |job: Job, outcome: &Outcome| {
        kept.lock().expect("no panic").insert(job, outcome.clone());
        Ok(())
    };
    let all = |jobs: &[Job]| {
        let ran = work_off(plan, (jobs, jobs.len()), threads, &keep, &|_| {});
        assert_eq!(ran, Ok(()));
    };
    all(&plan.jobs());
    let further = further_jobs(plan, &kept.lock().expect("no panic"));
    all(&further);
    kept.into_inner().expect("no panic")
}

fn arm_of(outcomes: &Outcomes, replication: u32, arm: usize) -> &Outcome {
    &outcomes[&Job::Arm { replication, arm }]
}

/// A run of a comparison is what `run` would have made of the same seed and regime, and pairs have the same seed.
#[test]
fn every_run_is_that_of_its_seed_and_regime() {
    let plan = planned(
        &["none", "disclosure", "substantiation"],
        3,
        Wanted::default(),
    );
    let outcomes = done(&plan, 2);
    let mut seeds = Vec::new();
    for replication in 0..3 {
        for arm in 0..3 {
            let outcome = arm_of(&outcomes, replication, arm);
            assert_eq!(outcome.seed, plan.seed_of(replication));
            let mut bundle = plan.bundle_of(arm);
            bundle.seed = outcome.seed;
            let alone = run(&bundle);
            let values: Vec<_> = metrics_of(&alone.summary)
                .into_iter()
                .map(|(_, v)| v)
                .collect();
            assert_eq!(outcome.values, values);
            assert_eq!(outcome.days, alone.summary.days);
            assert_eq!(outcome.rules, alone.summary.rules);
        }
        seeds.push(plan.seed_of(replication));
    }
    seeds.dedup();
    assert_eq!(seeds.len(), 3);
    assert!(seeds.iter().all(|seed| *seed < 1 << 53));
    // More replications begin with the same ones.
    assert_eq!(
        planned(&["none", "disclosure"], 9, Wanted::default()).seed_of(2),
        seeds[2]
    );
}

/// Markets on several threads at a time, whatever the number, come to the same.
#[test]
fn runs_side_by_side_come_to_the_same() {
    let plan = planned(&["none", "disclosure"], 4, Wanted::default());
    let alone = done(&plan, 1);
    for threads in [2, 3, 8] {
        assert_eq!(done(&plan, threads), alone);
    }
    assert_ne!(arm_of(&alone, 0, 0), arm_of(&alone, 1, 0));
    assert_ne!(arm_of(&alone, 0, 0), arm_of(&alone, 0, 1));
}

/// A branch is, bit for bit, an uninterrupted run under the same regime with `from` set: at the start, within an evening, between two ticks, in a
/// gap, at the end of a simulated day, under every shipped regime.
#[test]
fn a_branch_is_an_uninterrupted_run_of_the_same_regime_from_then_on() {
    let shipped = names(Shelf::Regimes);
    let others = shipped.iter().copied().filter(|name| *name != "none");
    let regimes: Vec<&str> = std::iter::once("none").chain(others).collect();
    for moment in [
        "2020-11-10 19:55",
        "2020-11-10 20:06",
        "2020-11-10 20:06:03",
        "2020-11-11",
        "2020-11-11 20:05",
        "2020-11-12 06:00",
    ] {
        let from = Wanted {
            from: Some(moment),
            ..Wanted::default()
        };
        let plan = planned(&regimes, 2, from);
        assert!(
            plan.arms[1..]
                .iter()
                .all(|arm| arm.regime.from == plan.from)
        );
        let branched = done(&plan, 2);
        let uninterrupted = Plan {
            from: None,
            ..plan.clone()
        };
        let uninterrupted = done(&uninterrupted, 2);
        for (job, outcome) in &branched {
            assert_eq!(outcome, &uninterrupted[job], "{moment}: {job:?}");
        }
        // Rules that come into force in time act; the state hash of the days before them is the baseline's.
        let comparison = gather(&plan, &branched).expect("all runs are there");
        let disclosure = comparison.arms.iter().find(|arm| arm.name == "disclosure");
        let changed = disclosure.expect("it is shipped").changed;
        assert_eq!(
            changed,
            if moment < "2020-11-11 20:06" { 2 } else { 0 },
            "{moment}"
        );
    }
}

/// Where the regime's file names a later moment that one holds.
#[test]
fn of_two_moments_the_later_holds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let late = folder.path().join("late.toml");
    let text = "title = \"late\"\nfrom = \"2020-11-12 10:00\"\ndisclose_real_counters = { value = true, article = \"assumption: a counterfactual\", evidence = \"A\" }\n";
    fs::write(&late, text).expect("written");
    let late = late.display().to_string();
    let from = |moment| Wanted {
        from: Some(moment),
        ..Wanted::default()
    };
    let of = |moment| {
        let plan = planned(&["none", &late], 1, from(moment));
        plan.arms[1].regime.from.map(|from| from.to_string())
    };
    assert_eq!(
        of("2020-11-11 12:00").as_deref(),
        Some("2020-11-12 10:00:00")
    );
    assert_eq!(
        of("2020-11-12 20:00").as_deref(),
        Some("2020-11-12 20:00:00")
    );
}

#[test]
fn what_halts_a_comparison_leaves_the_same_of_each_arm() {
    let plan = planned(
        &["none", "disclosure", "substantiation"],
        5,
        Wanted::default(),
    );
    let kept = Mutex::new(Vec::new());
    let keep = |job: Job, _: &Outcome| {
        let mut kept = kept.lock().expect("no panic");
        if kept.len() == 8 {
            return Err("the disk is full".to_owned());
        }
        kept.push(job);
        Ok(())
    };
    let jobs = plan.jobs();
    let ran = work_off(&plan, (&jobs, jobs.len()), 1, &keep, &|_| {});
    assert_eq!(ran, Err(Halt::Failed("the disk is full".to_owned())));
    let kept = kept.into_inner().expect("no panic");
    let of = |wanted: usize| {
        let arm = |job: &&Job| matches!(job, Job::Arm { arm, .. } if *arm == wanted);
        kept.iter().filter(arm).count()
    };
    assert_eq!([of(0), of(1), of(2)], [3, 3, 2]);
}

fn uncertain(seeds: u32) -> Wanted<'static> {
    Wanted {
        seeds_per_draw: Some(seeds),
        ..Wanted::default()
    }
}

/// Assumptions are redrawn alike in all arms and in all seeds of a draw, anew in every draw, and nothing else is touched.
#[test]
fn assumptions_are_redrawn_alike_in_all_arms() {
    let plan = planned(&["none", "disclosure"], 6, uncertain(2));
    let behaviour = |replication, arm| {
        let scenario = plan
            .scenario_of(Job::Arm { replication, arm })
            .expect("it resolves");
        let json = serde_json::to_value((&scenario.behaviour, &scenario.ranking));
        let traits = serde_json::to_value(&scenario.population.segments[0].traits);
        (json.expect("JSON"), traits.expect("JSON"), scenario.seed)
    };
    for replication in 0..6 {
        assert_eq!(behaviour(replication, 0), behaviour(replication, 1));
    }
    assert_eq!(behaviour(0, 0).0, behaviour(1, 0).0);
    assert_eq!(behaviour(0, 0).1, behaviour(1, 0).1);
    assert_ne!(behaviour(0, 0).2, behaviour(1, 0).2);
    assert_ne!(behaviour(1, 0).0, behaviour(2, 0).0);
    assert_ne!(behaviour(1, 0).1, behaviour(2, 0).1);

    let own = serde_json::to_value(&plan.bundle.scenario).expect("JSON");
    let redrawn = redraw(&plan.bundle, plan.bundle.seed, 1).expect("a scenario");
    let redrawn = serde_json::to_value(&redrawn.scenario).expect("JSON");
    let mut changed = Vec::new();
    differing(&own, &redrawn, "", &mut changed);
    let swept: Vec<String> = assumptions().into_iter().map(|one| one.path).collect();
    for path in &changed {
        let general = path
            .replace("segments.all", "segments.*")
            .replace("categories.things", "categories.*");
        assert!(swept.contains(&general), "{path} is no swept assumption");
    }
    assert!(changed.len() > 50, "{changed:?}");
    assert_eq!(own["clock"], redrawn["clock"]);
    assert_eq!(own["rooms"], redrawn["rooms"]);
}

/// Rules that are assumptions are redrawn in the range that their file names: one quantile for all arms, each in its own range.
#[test]
fn rules_are_redrawn_at_one_quantile_of_each_arms_own_range() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let regime = |name: &str, rules: &str| {
        let path = folder.path().join(format!("{name}.toml"));
        fs::write(&path, format!("title = \"{name}\"\n{rules}")).expect("written");
        path.display().to_string()
    };
    let rule = |key: &str, value: &str, evidence: &str, sweep: &str| {
        format!(
            "{key} = {{ value = {value}, article = \"assumption: a test\", evidence = \"{evidence}\"{sweep} }}\n"
        )
    };
    let of = |value, range: &str| {
        let patrol = rule("platform_patrol_small", "0.1", "A", "");
        let opens = rule(
            "investigates_from_complaints",
            "200",
            "A",
            ", sweep = [50, 1000]",
        );
        let delay = rule("enforcement_delay_days", "0", "A", ", sweep = [0, 180]");
        let acts = rule("q_platform", value, "A", &format!(", sweep = {range}"));
        let law =
            "txn_record_days = { value = 1095, article = \"an article\", evidence = \"VS\" }\n";
        format!("{patrol}{acts}{opens}{delay}{law}")
    };
    let one = regime("one", &of("0.2", "[0.1, 0.3]"));
    let two = regime("two", &of("0.6", "[0.4, 0.8]"));
    let plan = planned(&["none", &one, &two], 6, uncertain(2));
    let quantile = |value: f64, [low, high]: [f64; 2]| (value - low) / (high - low);
    let mut seen = Vec::new();
    for replication in [0, 2, 4] {
        let rules = |arm| {
            let job = Job::Arm { replication, arm };
            plan.scenario_of(job).expect("it resolves").regime.clone()
        };
        let (one, two) = (rules(1), rules(2));
        let at = quantile(one.q_platform, [0.1, 0.3]);
        assert!((0.0..1.0).contains(&at));
        assert!((at - quantile(two.q_platform, [0.4, 0.8])).abs() < 1e-12);
        // The same range, the same value; whole numbers are whole; what rests on an article or names no range stays.
        assert_eq!(
            one.investigates_from_complaints,
            two.investigates_from_complaints
        );
        assert!((50..=1_000).contains(&one.investigates_from_complaints));
        assert_eq!(one.enforcement_delay_days, two.enforcement_delay_days);
        assert!(
            one.enforcement_delay_days > 0.0,
            "0 with a range is swept from 0"
        );
        assert_eq!(
            (one.platform_patrol_small, one.txn_record_days),
            (0.1, 1_095.0)
        );
        // Rules have draws of their own.
        assert!((at - quantile(one.enforcement_delay_days, [0.0, 180.0])).abs() > 1e-9);
        seen.push(at);
    }
    seen.dedup();
    assert_eq!(seen.len(), 3);
    let comparison = gather(&plan, &done(&plan, 2)).expect("all runs are there");
    let told: Vec<_> = comparison
        .redrawn
        .iter()
        .filter(|one| one.path.starts_with("regime."))
        .map(|one| (one.path.as_str(), one.regimes.join(" "), one.drawn.len()))
        .collect();
    let both = || "one two".to_owned();
    assert_eq!(
        told,
        [
            ("regime.enforcement_delay_days", both(), 3),
            ("regime.investigates_from_complaints", both(), 3),
            ("regime.q_platform", "one".to_owned(), 3),
            ("regime.q_platform", "two".to_owned(), 3),
        ]
    );
}

/// Tables of metrics are read by programs that know no quotes.
#[test]
fn no_metric_needs_quotes_in_a_table() {
    for name in names(Shelf::Scenarios) {
        let scenario = common::resolved(name, 1, &["population.consumers=100"]);
        let market = Market::new(scenario, Box::new(Nobody));
        let mut keys = Vec::new();
        for (metric, _) in metrics_of(&market.summary()) {
            for text in [&metric.key, &metric.label, &metric.unit] {
                assert!(!text.contains([',', '"', '\n']), "{name}: {text}");
                assert!(!text.is_empty(), "{name}: {}", metric.key);
            }
            keys.push(metric.key);
        }
        for key in ["theil", "top_hundredth", "above_line_gap"] {
            assert_eq!(keys.iter().filter(|other| *other == key).count(), 1);
        }
    }
}

fn differing(
    one: &serde_json::Value,
    other: &serde_json::Value,
    path: &str,
    found: &mut Vec<String>,
) {
    match (one.as_object(), other.as_object()) {
        (Some(one), Some(other)) => {
            for (key, value) in one {
                differing(value, &other[key], &format!("{path}.{key}"), found);
            }
        }
        _ if one != other => found.push(path.trim_start_matches('.').to_owned()),
        _ => {}
    }
}

/// With assumptions redrawn an interval rests on draws, not on runs; what seeds and what assumptions account for is reported apart.
#[test]
fn seeds_and_assumptions_are_reported_apart() {
    let plan = planned(&["none", "substantiation"], 8, uncertain(2));
    let comparison = gather(&plan, &done(&plan, 2)).expect("all runs are there");
    assert_eq!(comparison.redrawn[0].drawn.len(), 4);
    let harm = comparison
        .metrics
        .iter()
        .find(|compared| compared.metric.key == "deception_harm");
    let harm = harm.expect("a metric");
    let difference = &harm.differences[0];
    let values = |arm: usize| {
        harm.means[arm]
            .values
            .iter()
            .map(|value| value.expect("a value"))
    };
    let pairs: Vec<f64> = values(0)
        .zip(values(1))
        .map(|(base, arm)| arm - base)
        .collect();
    let draws: Vec<f64> = pairs
        .chunks(2)
        .map(|pair| 0.5 * (pair[0] + pair[1]))
        .collect();
    let mean = draws.iter().sum::<f64>() / 4.0;
    let spread = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 3.0;
    // Student's t for 3 degrees of freedom, 95 %.
    let half_width = 3.182_446 * (spread / 4.0).sqrt();
    let [low, high] = difference.uncorrected;
    assert!((difference.mean - mean).abs() < 1e-9 * mean.abs());
    assert!(((high - low) / 2.0 / half_width - 1.0).abs() < 1e-5);
    let (seeds, parameters) = (difference.seed_interval, difference.parameter_interval);
    assert!(seeds.expect("two seeds a draw")[0] < mean && mean < seeds.expect("an interval")[1]);
    // Four draws are too few to say how far assumptions spread it.
    assert_eq!(parameters, None);
    assert_eq!(comparison.replications_for_draws(), Some(10));
    let single = gather(&planned_without(&plan), &done(&planned_without(&plan), 2)).expect("runs");
    let primary = single
        .metrics
        .iter()
        .find(|compared| compared.metric.key == single.primary);
    assert_eq!(
        primary.expect("a metric").differences[0].seed_interval,
        None
    );
}

fn planned_without(plan: &Plan) -> Plan {
    Plan {
        seeds_per_draw: None,
        replications: 2,
        ..plan.clone()
    }
}

/// One replication, and metrics that have no value, leave numbers in every field.
#[test]
fn one_replication_and_missing_values_are_told_as_such() {
    let plan = planned(&["none", "disclosure"], 1, Wanted::default());
    let mut outcomes = done(&plan, 1);
    for outcome in outcomes.values_mut() {
        outcome.values[0] = None;
    }
    let comparison = gather(&plan, &outcomes).expect("all runs are there");
    let json = serde_json::to_string(&comparison).expect("JSON");
    let back = serde_json::from_str(&json).expect("it reads back");
    assert_eq!(
        comparison, back,
        "a number that is none would not come back"
    );
    let missing = &comparison.metrics[0];
    assert_eq!(
        (missing.means[0].mean, missing.differences[0].pairs),
        (0.0, 0)
    );
    for compared in &comparison.metrics[1..] {
        let difference = &compared.differences[0];
        assert_eq!(difference.uncorrected, [difference.mean; 2]);
        assert_eq!(difference.verdict(), Verdict::Untold);
        if compared.means[0].values == [None] {
            assert_eq!(difference.pairs, 0, "{}", compared.metric.key);
            continue;
        }
        assert_eq!(
            (
                difference.pairs,
                difference.p_uncorrected,
                difference.p_corrected
            ),
            (1, 1.0, 1.0)
        );
        assert_eq!((difference.correlation, difference.saving), (None, None));
    }
}
