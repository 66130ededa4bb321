//! From the outcomes of all runs to what the comparison comes to.

use super::plan::{Job, Plan};
use super::result::{Arm, Compared, Comparison, Difference, Mean, Path, Waiting};
use super::run::Outcome;
use super::statistics::{
    Components, LEVEL, Moments, bonferroni, correlation, median, quantile, rests_on, saving,
};
use super::uncertainty::redrawn_in;
use crate::market::{DayTotals, days_short_of_decisions};
use crate::welfare::Survival;
use std::collections::BTreeMap;

/// Outcomes by run.
pub type Outcomes = BTreeMap<Job, Outcome>;

/// What a comparison comes to, all its runs being done.
///
/// # Errors
/// A sentence; there is none for a plan whose runs are all there.
pub fn gather(plan: &Plan, outcomes: &Outcomes) -> Result<Comparison, String> {
    let by_arm = by_arm(plan, outcomes)?;
    let arms = plan.arms.iter();
    let regimes: Vec<_> = arms.map(|arm| (arm.name.as_str(), &arm.regime)).collect();
    let draws = plan.draws();
    let redrawn = match plan.seeds_per_draw {
        Some(_) => redrawn_in(&plan.bundle, &regimes, plan.bundle.seed, draws)?,
        None => Vec::new(),
    };
    let arms: Result<Vec<Arm>, String> = (0..plan.arms.len())
        .map(|at| arm(plan, at, &by_arm))
        .collect();
    let mut comparison = Comparison {
        scenario: plan.bundle.name.clone(),
        title: plan.bundle.scenario.title.clone(),
        version: plan.version.clone(),
        consumers: plan.bundle.scenario.population.consumers,
        base_seed: plan.bundle.seed,
        seeds: (0..plan.replications).map(|r| plan.seed_of(r)).collect(),
        from: plan.from.map(|from| from.to_string()),
        uncertainty: plan.seeds_per_draw.is_some(),
        seeds_per_draw: plan.seeds_per_draw,
        redrawn,
        never_in_force: plan.never_in_force(),
        inert_changes: inert_changes(plan, outcomes),
        arms: arms?,
        primary: plan.primary.clone(),
        metrics: (0..plan.metrics.len())
            .map(|metric| compared(plan, metric, &by_arm))
            .collect(),
        paths: paths(&by_arm),
        survival: survival(&by_arm),
    };
    correct(&mut comparison, plan);
    Ok(comparison)
}

/// Outcomes of each arm, replication by replication.
fn by_arm<'a>(plan: &Plan, outcomes: &'a Outcomes) -> Result<Vec<Vec<&'a Outcome>>, String> {
    let of = |arm: usize| {
        let replications = 0..plan.replications;
        replications
            .map(|replication| outcomes.get(&Job::Arm { replication, arm }))
            .collect::<Option<Vec<&Outcome>>>()
    };
    let all: Option<Vec<_>> = (0..plan.arms.len()).map(of).collect();
    all.ok_or_else(|| "a run of the comparison is missing".to_owned())
}

/// Whether the baseline came to the same with and without a change, in one replication.
fn same_without(outcomes: &Outcomes, change: usize, replication: u32) -> bool {
    let baseline = Job::Arm {
        replication,
        arm: 0,
    };
    let without = Job::Without {
        replication,
        change,
    };
    let summary = |job: &Job| outcomes.get(job).map(|outcome| &outcome.summary_sha256);
    summary(&without).is_some() && summary(&without) == summary(&baseline)
}

/// Runs that are still needed when those of [`Plan::jobs`] are done: a change without which the first replication comes to the same may tell in
/// another one. Most changes tell at once, and need no more runs.
pub fn further_jobs(plan: &Plan, outcomes: &Outcomes) -> Vec<Job> {
    let changes = 0..plan.without.len();
    let untold: Vec<usize> = changes
        .filter(|change| same_without(outcomes, *change, 0))
        .collect();
    let of_replication = |replication| {
        let changes = untold.iter();
        changes.map(move |change| Job::Without {
            replication,
            change: *change,
        })
    };
    (1..plan.replications).flat_map(of_replication).collect()
}

fn inert_changes(plan: &Plan, outcomes: &Outcomes) -> Vec<String> {
    let in_all = |change: usize| {
        let mut replications = 0..plan.replications;
        replications.all(|replication| same_without(outcomes, change, replication))
    };
    let changes = plan.without.iter().enumerate();
    changes
        .filter(|(at, _)| in_all(*at))
        .map(|(_, without)| without.change.clone())
        .collect()
}

/// The first arm before one that came to the same in every replication, the baseline left aside.
fn same_as(plan: &Plan, at: usize, by_arm: &[Vec<&Outcome>]) -> Option<String> {
    let summaries = |arm: usize| by_arm[arm].iter().map(|outcome| &outcome.summary_sha256);
    let mut before = 1..at.max(1);
    let same = before.find(|other| summaries(*other).eq(summaries(at)))?;
    Some(plan.arms[same].name.clone())
}

/// By how many days the scenario ends too soon for a decision of the authority in an arm, in every draw of the assumptions.
fn days_short(plan: &Plan, arm: usize) -> Result<Option<u32>, String> {
    let draws = plan.draws().max(1);
    let seeds = plan.seeds_per_draw.unwrap_or(1);
    let mut least: Option<u32> = None;
    for draw in 0..draws {
        let replication = draw * seeds;
        let scenario = plan.scenario_of(Job::Arm { replication, arm })?;
        let Some(days) = days_short_of_decisions(&scenario) else {
            return Ok(None);
        };
        least = Some(least.map_or(days, |least| least.min(days)));
    }
    Ok(least)
}

fn arm(plan: &Plan, at: usize, by_arm: &[Vec<&Outcome>]) -> Result<Arm, String> {
    let ruled = &plan.arms[at];
    let pairs = by_arm[0].iter().zip(&by_arm[at]);
    let changed = pairs.filter(|(base, arm)| base.summary_sha256 != arm.summary_sha256);
    // Rules in the order in which the runs name them.
    let mut rules: Vec<(String, u32)> = Vec::new();
    for (rule, first) in by_arm[at].iter().flat_map(|outcome| &outcome.rules) {
        let known = rules.iter().position(|(name, _)| name == rule);
        let known = known.unwrap_or_else(|| {
            rules.push((rule.clone(), 0));
            rules.len() - 1
        });
        rules[known].1 += u32::from(first.is_some());
    }
    let changed = changed.count() as u32;
    Ok(Arm {
        name: ruled.name.clone(),
        title: ruled.regime.title.clone(),
        from: ruled.regime.from.map(|from| from.to_string()),
        changed,
        same_as: same_as(plan, at, by_arm).filter(|_| changed > 0),
        days_short: days_short(plan, at)?,
        rules,
    })
}

fn compared(plan: &Plan, metric: usize, by_arm: &[Vec<&Outcome>]) -> Compared {
    let values: Vec<Vec<Option<f64>>> = by_arm
        .iter()
        .map(|runs| runs.iter().map(|run| run.values[metric]).collect())
        .collect();
    Compared {
        metric: plan.metrics[metric].clone(),
        differences: values[1..]
            .iter()
            .map(|arm| difference(plan, &values[0], arm))
            .collect(),
        means: values
            .into_iter()
            .map(|values| mean(plan, values))
            .collect(),
    }
}

/// Values by draw of the assumptions; each alone where they are not redrawn.
fn by_draw(plan: &Plan, values: &[(u32, f64)]) -> Vec<Vec<f64>> {
    let same = |a: &(u32, f64), b: &(u32, f64)| {
        plan.seeds_per_draw.is_some() && plan.draw_of(a.0) == plan.draw_of(b.0)
    };
    let classes = values.chunk_by(same);
    classes
        .map(|class| class.iter().map(|(_, value)| *value).collect())
        .collect()
}

fn mean(plan: &Plan, values: Vec<Option<f64>>) -> Mean {
    let there: Vec<(u32, f64)> = (0..)
        .zip(&values)
        .filter_map(|(replication, value)| Some((replication, (*value)?)))
        .collect();
    let moments = Moments::of_draws(&by_draw(plan, &there));
    Mean {
        mean: moments.mean,
        interval: moments.interval(LEVEL),
        values,
    }
}

/// Replications in which both arms have a value.
#[derive(Default)]
struct Pairs {
    base: Vec<f64>,
    arm: Vec<f64>,
    /// Arm less baseline, with the number of the replication.
    differences: Vec<(u32, f64)>,
}

impl Pairs {
    fn of(base: &[Option<f64>], arm: &[Option<f64>]) -> Self {
        let mut pairs = Self::default();
        for (replication, pair) in (0..).zip(base.iter().zip(arm)) {
            if let (Some(base), Some(arm)) = pair {
                pairs.base.push(*base);
                pairs.arm.push(*arm);
                pairs.differences.push((replication, arm - base));
            }
        }
        pairs
    }
}

/// A difference before correction.
fn difference(plan: &Plan, base: &[Option<f64>], arm: &[Option<f64>]) -> Difference {
    let pairs = Pairs::of(base, arm);
    let draws = by_draw(plan, &pairs.differences);
    let moments = Moments::of_draws(&draws);
    let components = plan.seeds_per_draw.and_then(|_| Components::of(&draws));
    let interval = moments.interval(LEVEL);
    let p = moments.p();
    let values: Vec<f64> = pairs.differences.iter().map(|pair| pair.1).collect();
    let differ = values.iter().filter(|value| **value != 0.0).count();
    Difference {
        mean: moments.mean,
        median: median(&values),
        uncorrected: interval,
        corrected: interval,
        seed_interval: components.map(|parts| parts.seed_interval()),
        parameter_interval: components.and_then(|parts| parts.parameter_interval()),
        pairs: values.len() as u32,
        differ: differ as u32,
        // These two are reckoned at the corrected level, when it is known (`correct`).
        rests_on: None,
        p_uncorrected: p,
        p_corrected: p,
        correlation: correlation(&pairs.base, &pairs.arm),
        saving: saving(&pairs.base, &pairs.arm),
        more: None,
    }
}

/// How many more replications would tell a difference at a level.
fn more(plan: &Plan, moments: &Moments, level: f64) -> Option<u32> {
    let more = moments.more(level)?;
    u32::try_from(more * u64::from(plan.seeds_per_draw.unwrap_or(1))).ok()
}

/// Corrects intervals, p-values and the number of further replications for the number of comparisons in each family.
fn correct(comparison: &mut Comparison, plan: &Plan) {
    let families = [false, true].map(|primary| comparison.family(primary).max(1));
    for compared in &mut comparison.metrics {
        let size = families[usize::from(compared.metric.key == plan.primary)];
        let level = LEVEL / size as f64;
        let (base, arms) = compared.means.split_at(1);
        for (difference, arm) in compared.differences.iter_mut().zip(arms) {
            let pairs = Pairs::of(&base[0].values, &arm.values);
            let draws = by_draw(plan, &pairs.differences);
            let moments = Moments::of_draws(&draws);
            difference.p_corrected = bonferroni(difference.p_uncorrected, size);
            difference.corrected = moments.interval(level);
            difference.rests_on = rests_on(&draws, level);
            // How often a rare event would have to be seen cannot be reckoned from a mean and a spread.
            let more = more(plan, &moments, level);
            difference.more = more.filter(|_| !difference.is_rare());
        }
    }
}

/// How long claims stay unresolved in every arm in which anybody claimed: day by day over the length of the scenario.
fn survival(by_arm: &[Vec<&Outcome>]) -> Vec<Waiting> {
    let of_arm = |(arm, runs): (usize, &Vec<&Outcome>)| {
        let curves = runs.iter().filter_map(|run| run.survival.clone());
        let curves: Vec<Survival> = curves.map(|steps| Survival { steps }).collect();
        let days = runs.iter().map(|run| run.days.len()).max().unwrap_or(0);
        let of_day = |day: usize| {
            let values = curves.iter().map(|curve| curve.at(day as f64));
            spread(values.collect())
        };
        (!curves.is_empty()).then(|| Waiting {
            arm,
            replications: curves.len() as u32,
            days: (0..days).map(of_day).collect(),
        })
    };
    by_arm.iter().enumerate().filter_map(of_arm).collect()
}

/// Mean and the 2.5th and 97.5th percentiles.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let mean = Moments::of(&values).mean;
    [mean, quantile(&values, 0.025), quantile(&values, 0.975)]
}

/// Daily paths of every arm, column by column.
fn paths(by_arm: &[Vec<&Outcome>]) -> Vec<Path> {
    let mut paths = Vec::new();
    for (column, (key, label, unit)) in DayTotals::COLUMNS.into_iter().enumerate() {
        for (arm, runs) in by_arm.iter().enumerate() {
            let days = runs.iter().map(|run| run.days.len()).min().unwrap_or(0);
            let of_day = |day: usize| {
                let values = runs.iter().map(|run| run.days[day].values()[column]);
                spread(values.collect())
            };
            paths.push(Path {
                key: key.to_owned(),
                label: label.to_owned(),
                unit: unit.to_owned(),
                arm,
                days: (0..days).map(of_day).collect(),
            });
        }
    }
    paths
}
