//! A detector in the platform's hands: the market of a test stream once without it and once with it, all else being equal (common random numbers).

use super::trial::{Entrant, Lesson};
use crate::detect::Labelled;
use crate::detect::suite::{Mix, Part, Plan, Split, market};
use crate::market::parts::{Crowd, RoomId};
use crate::market::{Caught, Hits, Market, Nobody, Pace, Sanctions, Thresholds};
use crate::scenario::file::EnforcementTable;
use crate::scenario::{Id, Scenario, Suite};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a run comes to.
#[derive(Debug, Clone)]
pub struct Enforced {
    /// Harm of deception at paid orders, yuan.
    pub harm: f64,
    /// Paid sales of rooms that deceive nobody, yuan.
    pub honest_sales: f64,
    /// What the platform did.
    pub sanctions: Sanctions,
    /// What was found of what farms had delivered.
    pub caught: Caught,
    /// By room: accounts that farms sent.
    pub delivered: Vec<u64>,
    /// What was planned.
    pub plan: Arc<Plan>,
    /// The market.
    pub scenario: Arc<Scenario>,
}

impl Enforced {
    /// What reviewing the alerts costs, yuan.
    pub fn review_cost(&self, costs: &EnforcementTable) -> f64 {
        let each = [
            (self.sanctions.rooms, costs.review_room),
            (self.sanctions.accounts, costs.review_account),
            (self.sanctions.orders, costs.review_order),
            (self.sanctions.offers, costs.review_offer),
        ];
        each.iter()
            .map(|(hits, cost): &(Hits, f64)| hits.all() as f64 * cost)
            .sum()
    }

    /// Alerts about rooms, accounts, orders and offers.
    pub fn alerts(&self) -> [Hits; 4] {
        let done = &self.sanctions;
        [done.rooms, done.accounts, done.orders, done.offers]
    }
}

/// Who watches.
pub struct Watch<'a> {
    /// The detector.
    pub entrant: &'a Entrant,
    /// What it has learnt.
    pub lesson: &'a Lesson,
    /// From which score on the platform acts.
    pub thresholds: Thresholds,
    /// The stream of the same market where nobody watches: who knows the truth needs it.
    pub stream: &'a Labelled,
}

/// Runs the market of a seed; `watch` `None`: nobody watches.
///
/// # Errors
/// A sentence that says why it cannot be run.
pub fn run(
    suite: &Suite,
    (seed, split, mix): (u64, Split, Option<&Mix>),
    watch: Option<&Watch>,
) -> Result<Enforced, String> {
    let (scenario, plan) = market(suite, seed, split, mix)?;
    let Some(watch) = watch else {
        let market = Market::new(Arc::clone(&scenario), Box::new(Nobody));
        return Ok(finish(market, scenario, plan));
    };
    let mut scenario = Arc::unwrap_or_clone(scenario);
    put_on_patrol(&mut scenario, &suite.file.enforcement);
    let scenario = Arc::new(scenario);
    let detector = watch.entrant.ready(watch.lesson, watch.stream)?;
    let by = Some((detector, watch.thresholds));
    let market = Market::watched(Arc::clone(&scenario), (Box::new(Nobody), false), by);
    Ok(finish(market, scenario, plan))
}

fn finish(mut market: Market, scenario: Arc<Scenario>, plan: Plan) -> Enforced {
    while market.step() != Pace::Finished {}
    let summary = market.summary();
    let deceive: BTreeSet<Id> = plan
        .all
        .iter()
        .filter(|planned| matches!(planned.part, Part::Threat { .. }))
        .map(|planned| planned.room)
        .collect();
    let rooms = summary.rooms.iter().take(scenario.rooms.len());
    let honest = rooms.filter(|room| !deceive.contains(&room.id));
    Enforced {
        harm: summary.market.harm_paid.total,
        honest_sales: honest.map(|room| room.totals.paid_sales.yuan()).sum(),
        sanctions: market.sanctions(),
        caught: market.caught().clone(),
        delivered: delivered(&mut market),
        plan: Arc::new(plan),
        scenario,
    }
}

fn delivered(market: &mut Market) -> Vec<u64> {
    let world = market.world_mut();
    let mut crowds = world.query::<(&RoomId, &Crowd)>();
    let mut sent: Vec<(Id, u64)> = crowds
        .iter(world)
        .map(|(room, crowd)| (room.0, crowd.fake.views))
        .collect();
    sent.sort_unstable();
    sent.into_iter().map(|(_, accounts)| accounts).collect()
}

/// The platform patrols every room and acts on every alert, as the suite says.
fn put_on_patrol(scenario: &mut Scenario, terms: &EnforcementTable) {
    let regime = &mut scenario.regime;
    (regime.platform_patrol_small, regime.platform_patrol_key) = (1.0, 1.0);
    regime.q_platform = 1.0;
    regime.correct_counters = true;
    regime.throttle = terms.throttle;
}
