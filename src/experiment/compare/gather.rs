//! From the outcomes of all runs to what the comparison comes to.

use super::plan::{Job, Plan};
use super::result::{Arm, Compared, Comparison, Difference, Mean, Path};
use super::run::Outcome;
use super::statistics::{Components, LEVEL, Moments, correlation, holm, quantile, saving};
use super::uncertainty::redrawn_in;
use crate::market::DayTotals;
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
    let mut metrics: Vec<Compared> = (0..plan.metrics.len())
        .map(|metric| compared(plan, metric, &by_arm))
        .collect();
    correct(&mut metrics, plan);
    Ok(Comparison {
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
        inert_changes: inert_changes(plan, outcomes),
        arms: (0..plan.arms.len())
            .map(|at| arm(plan, at, &by_arm))
            .collect(),
        primary: plan.primary.clone(),
        metrics,
        paths: paths(&by_arm),
    })
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

fn inert_changes(plan: &Plan, outcomes: &Outcomes) -> Vec<String> {
    let first = Job::Arm {
        replication: 0,
        arm: 0,
    };
    let summary = |job: &Job| outcomes.get(job).map(|outcome| &outcome.summary_sha256);
    let changes = plan.without.iter().enumerate();
    changes
        .filter(|(at, _)| summary(&Job::Without(*at)) == summary(&first))
        .map(|(_, without)| without.change.clone())
        .collect()
}

fn arm(plan: &Plan, at: usize, by_arm: &[Vec<&Outcome>]) -> Arm {
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
    Arm {
        name: ruled.name.clone(),
        title: ruled.regime.title.clone(),
        from: ruled.regime.from.map(|from| from.to_string()),
        changed: changed.count() as u32,
        rules,
    }
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

/// Moments of the units that are independent of each other: replications, or draws of the assumptions.
fn moments(draws: &[Vec<f64>]) -> Moments {
    let units: Vec<f64> = draws.iter().map(|draw| Moments::of(draw).mean).collect();
    Moments::of(&units)
}

fn mean(plan: &Plan, values: Vec<Option<f64>>) -> Mean {
    let there: Vec<(u32, f64)> = (0..)
        .zip(&values)
        .filter_map(|(replication, value)| Some((replication, (*value)?)))
        .collect();
    let moments = moments(&by_draw(plan, &there));
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
    let moments = moments(&draws);
    let components = plan.seeds_per_draw.and_then(|_| Components::of(&draws));
    let interval = moments.interval(LEVEL);
    let p = moments.p();
    let more = moments
        .more()
        .map(|more| more * u64::from(plan.seeds_per_draw.unwrap_or(1)));
    Difference {
        mean: moments.mean,
        interval,
        corrected: interval,
        seed_interval: components.map(|parts| parts.seed_interval()),
        parameter_interval: components.map(|parts| parts.parameter_interval()),
        pairs: pairs.differences.len() as u32,
        p,
        p_corrected: p,
        correlation: correlation(&pairs.base, &pairs.arm),
        saving: saving(&pairs.base, &pairs.arm),
        more: more.and_then(|more| u32::try_from(more).ok()),
    }
}

/// Corrects p-values and intervals for multiplicity: the primary metric over its arms, all others together.
fn correct(metrics: &mut [Compared], plan: &Plan) {
    for primary in [true, false] {
        let mut family: Vec<(&mut Difference, Moments)> = metrics
            .iter_mut()
            .filter(|compared| (compared.metric.key == plan.primary) == primary)
            .flat_map(|compared| {
                let (base, arms) = compared.means.split_at(1);
                let pairs = compared.differences.iter_mut().zip(arms);
                pairs.map(|(difference, arm)| {
                    let pairs = Pairs::of(&base[0].values, &arm.values);
                    (difference, moments(&by_draw(plan, &pairs.differences)))
                })
            })
            .filter(|(_, moments)| moments.count > 1 && *moments != nothing(moments.count))
            .collect();
        let p: Vec<f64> = family.iter().map(|(difference, _)| difference.p).collect();
        let level = LEVEL / family.len().max(1) as f64;
        for ((difference, moments), p) in family.iter_mut().zip(holm(&p)) {
            difference.p_corrected = p;
            difference.corrected = moments.interval(level);
        }
    }
}

/// Moments of differences of which none is different from zero.
fn nothing(count: usize) -> Moments {
    Moments {
        count,
        mean: 0.0,
        variance: 0.0,
    }
}

/// Daily paths of every arm, column by column.
fn paths(by_arm: &[Vec<&Outcome>]) -> Vec<Path> {
    let mut paths = Vec::new();
    for (column, (key, label, unit)) in DayTotals::COLUMNS.into_iter().enumerate() {
        for (arm, runs) in by_arm.iter().enumerate() {
            let days = runs.iter().map(|run| run.days.len()).min().unwrap_or(0);
            let of_day = |day: usize| {
                let values = runs.iter().map(|run| run.days[day].values()[column]);
                let mut values: Vec<f64> = values.collect();
                values.sort_by(f64::total_cmp);
                let mean = Moments::of(&values).mean;
                [mean, quantile(&values, 0.025), quantile(&values, 0.975)]
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
