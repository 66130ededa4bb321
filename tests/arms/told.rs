//! What a comparison tells beside its numbers: what changed nothing, what came to the same, what could not happen, how long claims wait.

use super::{DAYS, Outcomes, common, done, planned};
use common::{loaded, run, written};
use std::fs;
use yellowcart::experiment::compare::{Job, Wanted, gather};
use yellowcart::experiment::metrics_of;
use yellowcart::market::{DayTotals, Summary, days_short_of_decisions};
use yellowcart::scenario::file::{Days, Moment};

/// A regime without anything to act on is inert, and so is a change that changes nothing; one that does something is neither.
#[test]
fn what_changes_nothing_is_named() {
    let changes = [
        "behaviour.errand_hours=3".to_owned(),
        "behaviour.social_orders=0.2".to_owned(),
        "behaviour.urgency=0.04".to_owned(),
    ];
    let wanted = Wanted {
        changes: &changes,
        ..Wanted::default()
    };
    let plan = planned(&["none", "blank", "disclosure"], 2, wanted);
    let outcomes = done(&plan, 2);
    let without = |job: &&Job| matches!(job, Job::Without { .. });
    // The one that does something is told by the first replication: it is not run again.
    assert_eq!(outcomes.keys().filter(without).count(), 5);
    let comparison = gather(&plan, &outcomes).expect("all runs are there");
    let inert: Vec<bool> = comparison.arms.iter().map(|arm| arm.is_inert()).collect();
    assert_eq!(inert, [true, true, false]);
    assert_eq!(
        comparison.arms[2].rules,
        [("disclose_real_counters".to_owned(), 2)]
    );
    // There are no coupons to run errands with, and 0.04 is what urgency is anyway.
    assert_eq!(
        comparison.inert_changes,
        [&changes[0], &changes[2]].map(String::as_str)
    );
    // What tells in any replication is not inert, though the first is the same.
    let mut outcomes = outcomes;
    let second = Job::Without {
        replication: 1,
        change: 0,
    };
    let outcome = outcomes.get_mut(&second).expect("it was run");
    outcome.summary_sha256.push_str("another");
    let told = gather(&plan, &outcomes).expect("all runs are there");
    assert_eq!(told.inert_changes, [changes[2].as_str()]);
    for compared in &comparison.metrics {
        let blank = &compared.differences[0];
        let interval = (blank.uncorrected, blank.corrected);
        assert_eq!(interval, ([0.0; 2], [0.0; 2]));
        assert_eq!((blank.mean, blank.p_corrected), (0.0, 1.0));
        assert_eq!(blank.more, None);
    }
}

/// Regimes that differ in what never comes to bear are named as such.
#[test]
fn arms_that_came_to_the_same_in_every_replication_are_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let regime = |name: &str, days: u32| {
        let path = folder.path().join(format!("{name}.toml"));
        let text = format!(
            "title = \"{name}\"\ndisclose_real_counters = {{ value = true, article = \"assumption: a test\", evidence = \"A\" }}\ntxn_record_days = {{ value = {days}, article = \"assumption: a test\", evidence = \"A\" }}\n"
        );
        fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let (one, two) = (regime("one", 1_095), regime("two", 1_096));
    let regimes = ["none", &one, "blank", &two];
    let plan = planned(&regimes, 2, Wanted::default());
    let mut outcomes = done(&plan, 2);
    let same = |outcomes: &Outcomes| {
        let comparison = gather(&plan, outcomes).expect("all runs are there");
        let arms = comparison.arms.into_iter();
        arms.map(|arm| arm.same_as).collect::<Vec<_>>()
    };
    // An arm that changed nothing is told as that.
    assert_eq!(same(&outcomes), [None, None, None, Some("one".to_owned())]);
    let last = Job::Arm {
        replication: 1,
        arm: 3,
    };
    let outcome = outcomes.get_mut(&last).expect("it was run");
    outcome.summary_sha256.push_str("another");
    assert_eq!(same(&outcomes), [None, None, None, None]);
}

/// Where the scenario ends before the authority could decide anything, that is reckoned from the clock and the days that a decision takes.
#[test]
fn a_scenario_too_short_for_a_decision_is_told_by_how_many_days() {
    let short = |what: &str, regime: &str| {
        let bundle = loaded(what, regime);
        days_short_of_decisions(&bundle.resolve().expect("it resolves"))
    };
    // Looked into at the end of day 0 at the earliest, decided at the end of day 61; the last day is 41.
    assert_eq!(short("guess_coat", "china-2021"), Some(20));
    assert_eq!(short("guess_coat", "none"), None);
    assert_eq!(short("guess_coat", "disclosure"), None);
    let mut bundle = loaded("guess_coat", "china-2021");
    let mut after = |days: f64| {
        let rule = bundle.regime.enforcement_delay_days.as_mut();
        rule.expect("it has one").value = Days(days);
        days_short_of_decisions(&bundle.resolve().expect("it resolves"))
    };
    assert_eq!((after(41.0), after(40.0)), (Some(1), None));
    // A regime that comes later decides later.
    bundle.regime.from = Moment::parse("2020-11-01 00:00");
    let from = days_short_of_decisions(&bundle.resolve().expect("it resolves"));
    assert_eq!(from, Some(11));
}

/// What is paid beyond what was lost, and what is left of claims some days later, as the account says; nothing of days that were not simulated, and
/// nothing where nobody claimed.
#[test]
fn overcompensation_and_waiting_are_metrics() {
    let mut summary = run(&written(DAYS, 1)).summary;
    let value = |summary: &Summary, key: &str| {
        let measured = metrics_of(summary);
        let found = measured.iter().find(|(metric, _)| metric.key == key);
        found.unwrap_or_else(|| panic!("no {key}")).1
    };
    summary.harm.overcompensated = 12.5;
    assert_eq!(value(&summary, "overcompensated"), Some(12.5));
    summary.harm.survival = vec![(2.0, 0.75), (8.0, 0.5), (30.0, 0.25)];
    summary.days = vec![DayTotals::default(); 9];
    summary.aftermath.claims = 4;
    assert_eq!(value(&summary, "unresolved_7_days"), Some(0.75));
    assert_eq!(value(&summary, "unresolved_30_days"), None);
    summary.days = vec![DayTotals::default(); 31];
    assert_eq!(value(&summary, "unresolved_30_days"), Some(0.25));
    summary.aftermath.claims = 0;
    assert_eq!(value(&summary, "unresolved_7_days"), None);
}

/// The curve of an arm is the mean over replications in which somebody claimed.
#[test]
fn how_long_claims_wait_is_averaged_over_replications_with_claims() {
    let plan = planned(&["none", "disclosure"], 3, Wanted::default());
    let mut outcomes = done(&plan, 2);
    let curves = [Some(vec![(1.0, 0.5)]), Some(vec![(2.0, 0.0)]), None];
    for (replication, curve) in (0..).zip(curves) {
        let job = Job::Arm {
            replication,
            arm: 1,
        };
        outcomes.get_mut(&job).expect("it was run").survival = curve;
        let job = Job::Arm {
            replication,
            arm: 0,
        };
        outcomes.get_mut(&job).expect("it was run").survival = None;
    }
    let survival = gather(&plan, &outcomes)
        .expect("all runs are there")
        .survival;
    assert_eq!(survival.len(), 1, "nobody claimed under the baseline");
    assert_eq!((survival[0].arm, survival[0].replications), (1, 2));
    let means: Vec<f64> = survival[0].days.iter().map(|day| day[0]).collect();
    assert_eq!(means, [1.0, 0.75, 0.25]);
}
