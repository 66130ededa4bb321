//! A detector in the platform's hands: the market of a test stream once without it and once with it, all else being equal (common random numbers).

use super::trial::{Entrant, Lesson};
use crate::detect::Labelled;
use crate::detect::suite::{Mix, Part, Plan, Planned, Split, market};
use crate::experiment::INTERRUPTED;
use crate::market::parts::{Crowd, RoomId};
use crate::market::{
    Caught, Hits, Market, Observer, OrderRow, Pace, PaymentEvent, PaymentRow, Sanctions, Thresholds,
};
use crate::money::Fen;
use crate::scenario::file::EnforcementTable;
use crate::scenario::{Id, Scenario, Suite};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Paid sales by room and consumer.
pub type Sales = BTreeMap<(Id, u64), Fen>;

/// Writes down who paid how much in which room.
#[derive(Default)]
struct Till {
    orders: BTreeMap<u64, (Id, u64)>,
    sales: Sales,
}

impl Observer for Till {
    fn order(&mut self, order: &OrderRow) {
        if let Some(consumer) = order.consumer {
            self.orders.insert(order.order, (order.room, consumer));
        }
    }

    fn payment(&mut self, payment: &PaymentRow) {
        let paid = matches!(
            payment.event,
            PaymentEvent::Paid | PaymentEvent::DepositPaid | PaymentEvent::BalancePaid
        );
        if let (true, Some(whose)) = (paid, self.orders.get(&payment.order)) {
            *self.sales.entry(*whose).or_default() += payment.amount;
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// What a run comes to.
#[derive(Debug, Clone)]
pub struct Enforced {
    /// Harm of deception at paid orders, yuan.
    pub harm: f64,
    /// Paid sales of rooms that deceive nobody, by room and consumer.
    pub honest_sales: Sales,
    /// Whom the platform has wronged: rooms that deceive nobody, consumers, and who ordered what in which room.
    wronged: (BTreeSet<Id>, BTreeSet<u64>, BTreeSet<(Id, u64)>),
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

    /// Paid sales of all rooms that deceive nobody, yuan.
    pub fn all_honest_sales(&self) -> f64 {
        let all: i64 = self.honest_sales.values().map(|sale| sale.0).sum();
        Fen(all).yuan()
    }

    /// Of the sales that honest rooms make where nobody watches, those that false alarms cost them, yuan: sales of rooms that were sanctioned for nothing,
    /// to consumers who were shut out, and orders that were cancelled. Custom that comes to other honest rooms because somebody was rightly sanctioned
    /// makes none of it good.
    pub fn lost_by_false_alarms(&self, alone: &Self) -> f64 {
        let (rooms, consumers, orders) = &self.wronged;
        let hit = |(room, consumer): &(Id, u64)| {
            rooms.contains(room)
                || consumers.contains(consumer)
                || orders.contains(&(*room, *consumer))
        };
        let of = |run: &Self| -> i64 {
            let sales = run.honest_sales.iter();
            sales
                .filter(|(whose, _)| hit(whose))
                .map(|(_, sale)| sale.0)
                .sum()
        };
        Fen(of(alone) - of(self)).yuan()
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
    let mut scenario = Arc::unwrap_or_clone(scenario);
    // The till needs to be told of every order.
    scenario.recording.orders = true;
    if watch.is_some() {
        put_on_patrol(&mut scenario, &suite.file.enforcement);
    }
    let scenario = Arc::new(scenario);
    let by = match watch {
        Some(watch) => {
            let detector = watch.entrant.ready(watch.lesson, watch.stream)?;
            Some((detector, watch.thresholds))
        }
        None => None,
    };
    let till = Box::new(Till::default());
    let market = Market::watched(Arc::clone(&scenario), (till, false), by);
    finish(market, scenario, plan)
}

fn finish(mut market: Market, scenario: Arc<Scenario>, plan: Plan) -> Result<Enforced, String> {
    while market.step() != Pace::Finished {
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Err("interrupted".to_owned());
        }
    }
    let deceives = |planned: &&Planned| matches!(planned.part, Part::Threat { .. });
    let deceive = plan.all.iter().filter(deceives);
    let deceive: BTreeSet<Id> = deceive.map(|planned| planned.room).collect();
    let (harm, sanctions) = (market.summary().market.harm_paid.total, market.sanctions());
    let caught = market.caught().clone();
    let is_honest = |room: &Id| !deceive.contains(room);
    let wronged = market.wronged();
    let rooms = wronged.rooms.iter().copied().filter(is_honest).collect();
    let consumers = wronged.consumers.iter().copied().map(u64::from);
    let consumers = consumers.collect();
    let cancelled: Vec<u64> = wronged.orders.iter().copied().collect();
    let delivered = delivered(&mut market);
    let till = market.into_observer().map(Observer::into_any);
    let till = till.and_then(|till| till.downcast::<Till>().ok());
    let till = *till.ok_or("the market has lost its till")?;
    let cancelled = cancelled.iter();
    let orders = cancelled.filter_map(|order| till.orders.get(order).copied());
    let wronged = (rooms, consumers, orders.collect());
    let sales = till.sales.into_iter();
    Ok(Enforced {
        harm,
        honest_sales: sales.filter(|((room, _), _)| is_honest(room)).collect(),
        wronged,
        sanctions,
        caught,
        delivered,
        plan: Arc::new(plan),
        scenario,
    })
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
