//! What alerts avert: detectors in the platform's hands, on every test market at every budget of false alarms, against the same markets with nobody watching.

use super::bench::{Ground, Ready, Stage, figure, thresholds_of};
use super::board::{Averted, Tried};
use super::enforced::{self, Enforced, Watch};
use super::jobs::side_by_side;
use crate::detect::scoring::Figure;
use crate::detect::suite::Split;
use crate::experiment::RunError;
use crate::market;
use crate::scenario::Suite;
use std::collections::BTreeMap;

/// Puts everybody into the platform's hands, on every test market at every budget; what harm there is where nobody watches.
pub(super) fn put_to_work(
    ground: &Ground,
    ready: &[Ready],
    detectors: &mut [Tried],
    stage: &Stage,
) -> Result<Figure, RunError> {
    let wanted = ground.wanted;
    let (suite, streams) = (wanted.suite, &ground.test);
    let mut jobs: Vec<(Option<(usize, usize)>, usize)> =
        (0..streams.len()).map(|stream| (None, stream)).collect();
    for (who, one) in ready.iter().enumerate() {
        for budget in 0..wanted.budgets().len() {
            if thresholds_of(&one.thresholds, budget) != market::Thresholds::NEVER {
                jobs.extend((0..streams.len()).map(|stream| (Some((who, budget)), stream)));
            }
        }
    }
    let tell = |done: usize, of: usize| stage("paired runs", done, of);
    let runs = side_by_side(wanted.threads, jobs.len(), &tell, |job| {
        let (whose, stream) = jobs[job];
        let stream = &streams[stream];
        let of = (stream.seed, Split::Test, None);
        let Some((who, budget)) = whose else {
            return enforced::run(suite, of, None);
        };
        let one = &ready[who];
        let watch = Watch {
            entrant: one.entrant,
            lesson: &one.lesson,
            thresholds: thresholds_of(&one.thresholds, budget),
            stream,
        };
        enforced::run(suite, of, Some(&watch))
    })?;
    let (alone, watched) = runs.split_at(streams.len());
    let by_job: BTreeMap<(usize, usize), Vec<&Enforced>> = jobs[streams.len()..]
        .iter()
        .zip(watched)
        .filter_map(|((whose, _), run)| whose.map(|whose| (whose, run)))
        .fold(BTreeMap::new(), |mut by_job, (whose, run)| {
            by_job.entry(whose).or_insert_with(Vec::new).push(run);
            by_job
        });
    let alone: Vec<&Enforced> = alone.iter().collect();
    let margin = wanted.margin();
    for (who, tried) in detectors.iter_mut().enumerate() {
        for budget in 0..wanted.budgets().len() {
            let with = by_job.get(&(who, budget)).unwrap_or(&alone);
            tried.averted.push(averted(suite, &alone, with, margin));
        }
    }
    let harm = alone.iter().map(|run| Some(run.harm)).collect();
    Ok(figure(harm))
}

fn averted(suite: &Suite, alone: &[&Enforced], with: &[&Enforced], margin: f64) -> Averted {
    let costs = &suite.file.enforcement;
    let pairs = || alone.iter().zip(with);
    let each = |value: &dyn Fn(&Enforced, &Enforced) -> f64| -> Figure {
        let values = pairs().map(|(alone, with)| Some(value(alone, with)));
        figure(values.collect())
    };
    // Of the mean over streams: where one of them has little harm, its own share of that says little. Where there is none there is no share of it.
    let harm = alone.iter().map(|run| run.harm).sum::<f64>() / alone.len().max(1) as f64;
    let share = |alone: &Enforced, with: &Enforced| (alone.harm - with.harm) / harm;
    let shares = pairs().map(|(alone, with)| (harm > 0.0).then(|| share(alone, with)));
    let share_averted = figure(shares.collect());
    let averted = |alone: &Enforced, with: &Enforced| alone.harm - with.harm;
    let lost = |alone: &Enforced, with: &Enforced| with.lost_by_false_alarms(alone);
    let gained =
        |alone: &Enforced, with: &Enforced| with.all_honest_sales() - alone.all_honest_sales();
    let hits = |place: usize, right: bool| {
        each(&|_, with| {
            let hits = with.alerts()[place];
            (if right { hits.right } else { hits.wrong }) as f64
        })
    };
    Averted {
        harm_averted: each(&averted),
        share_averted,
        honest_sales_lost: each(&lost),
        honest_sales_gained: each(&gained),
        review_cost: each(&|_, with| with.review_cost(costs)),
        net: each(&|a, w| averted(a, w) - w.review_cost(costs) - margin * lost(a, w)),
        right: std::array::from_fn(|place| hits(place, true)),
        wrong: std::array::from_fn(|place| hits(place, false)),
    }
}
