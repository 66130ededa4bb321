//! A pane: one market, stepped and looked at. The market is the one that `yellowcart run` would run: looking at it changes nothing.

use super::message::{
    Buyer, CueSign, MetricSign, PaneInfo, PaneTick, ProductSign, RegimeSign, RoomNow, RoomSign,
    Samples, Totals,
};
use super::samples::moments;
use super::watcher::{CuePlace, Watcher, cues_in};
use crate::experiment::metrics_of;
use crate::market::{Market, Pace, Summary, deceives};
use crate::scenario::{Act, Bundle, Id, Scenario};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rooms that are shown.
const SHOWN: usize = 6;

/// Acts that somebody is told who has just come.
const LAST: usize = 80;

/// A market that the page shows.
pub struct Pane {
    /// What it runs.
    pub bundle: Bundle,
    /// The same, resolved.
    pub scenario: Arc<Scenario>,
    market: Market,
    shown: Vec<Id>,
    moments: Vec<f64>,
    /// What was sampled.
    pub samples: Samples,
    /// Samples that the page was told of.
    told: usize,
    totals: Totals,
    /// What the evening came to, once it has ended.
    pub summary: Option<Summary>,
}

impl Pane {
    /// The market of a bundle, at its beginning, with the rooms in sight that say most.
    ///
    /// # Errors
    /// A bundle that does not resolve.
    pub fn new(bundle: Bundle) -> Result<Self, String> {
        Self::showing(bundle, shown_rooms)
    }

    /// The same with the rooms in sight that another pane has: what deceives there may be honest here.
    ///
    /// # Errors
    /// A bundle that does not resolve.
    pub fn beside(bundle: Bundle, other: &Pane) -> Result<Self, String> {
        Self::showing(bundle, |scenario| {
            let names = other
                .shown
                .iter()
                .map(|id| &other.scenario.rooms[*id as usize].name);
            let found = names.filter_map(|name| {
                let mut rooms = scenario.rooms.iter().zip(0..);
                rooms.find(|(room, _)| room.name == *name).map(|(_, id)| id)
            });
            found.collect()
        })
    }

    fn showing(bundle: Bundle, choose: impl FnOnce(&Scenario) -> Vec<Id>) -> Result<Self, String> {
        let mut scenario = bundle.resolve()?;
        // What is recorded changes nothing of what happens.
        scenario.recording.orders = true;
        scenario.recording.named_rooms_every_seconds = scenario.clock.tick;
        scenario.recording.generated_rooms_every_seconds = scenario.clock.tick;
        let scenario = Arc::new(scenario);
        let shown = choose(&scenario);
        let watcher = Watcher::new(Arc::clone(&scenario), shown.clone());
        Ok(Self {
            market: Market::new(Arc::clone(&scenario), Box::new(watcher)),
            moments: moments(&scenario),
            samples: Samples::of_rooms(shown.len()),
            told: 0,
            totals: Totals::default(),
            summary: None,
            bundle,
            scenario,
            shown,
        })
    }

    /// Second up to which it has been simulated.
    pub fn time(&self) -> f64 {
        self.market.time()
    }

    /// Whether the evening is over.
    pub fn ended(&self) -> bool {
        self.summary.is_some()
    }

    /// Moves it by one tick, or over a gap.
    pub fn step(&mut self) {
        if self.ended() {
            return;
        }
        let pace = self.market.step();
        let time = self.market.time();
        if self
            .moments
            .get(self.samples.time.len())
            .is_some_and(|next| time >= *next)
        {
            self.look();
            self.watcher().beat(time);
            // A gap may be longer than the grid is fine: nothing has happened at the moments within it.
            let now = self.watcher().now.clone();
            while let Some(next) = self.moments.get(self.samples.time.len())
                && time >= *next
            {
                self.samples.push(*next, &self.totals, &now);
            }
        }
        if pace == Pace::Finished {
            self.look();
            self.summary = Some(self.market.summary());
        }
    }

    /// Takes in what the market stands at.
    fn look(&mut self) {
        let time = self.market.time();
        self.totals = totals_of(&self.market);
        let signs: Vec<(bool, u64, Option<f64>)> = self
            .shown
            .iter()
            .map(|id| {
                let room = &self.scenario.rooms[*id as usize];
                let on_air = room.on_air <= time && time < room.off_air;
                (
                    on_air,
                    self.market.brushed_orders(*id),
                    self.market.claimed_price(*id),
                )
            })
            .collect();
        for (now, (on_air, brushed, claimed)) in self.watcher().now.iter_mut().zip(signs) {
            now.on_air = on_air;
            now.brushed_orders = brushed;
            now.claimed_price = claimed;
            if !on_air {
                empty(now);
            }
        }
    }

    fn watcher(&mut self) -> &mut Watcher {
        let observer = self.market.observer_mut().as_any_mut();
        observer
            .downcast_mut()
            .unwrap_or_else(|| unreachable!("a pane's market is looked at by a watcher"))
    }

    /// What has happened since it was asked last.
    pub fn tick(&mut self) -> PaneTick {
        self.look();
        let (feed, fell) = self.watcher().news();
        let samples = self.samples.tail(self.told);
        self.told = self.samples.time.len();
        PaneTick {
            now: self.watcher().now.clone(),
            totals: self.totals,
            samples,
            feed,
            fell,
            finals: self.finals(),
        }
    }

    /// The pane as far as it is. `whole`: with everything that has happened.
    pub fn info(&mut self, whole: bool) -> PaneInfo {
        let last = if whole { usize::MAX } else { LAST };
        PaneInfo {
            regime: RegimeSign {
                name: self.bundle.regime_name.clone(),
                title: self.bundle.regime.title.clone(),
            },
            cues: self.cues(),
            // What ticks have not told yet is left for the next one.
            samples: self.samples.head(self.told),
            feed: self.watcher().last(last),
            now: self.watcher().now.clone(),
            totals: self.totals,
            finals: self.finals(),
        }
    }

    /// Buyers with the greatest harm at an order, and the latest.
    pub fn buyers(&mut self) -> (Vec<Buyer>, Vec<Buyer>) {
        let watcher = self.watcher();
        let recent = watcher.recent.iter().rev().cloned().collect();
        (watcher.harmed.clone(), recent)
    }

    fn finals(&self) -> Option<Vec<Option<f64>>> {
        let measured = metrics_of(self.summary.as_ref()?);
        Some(measured.into_iter().map(|(_, value)| value).collect())
    }

    /// Names of the metrics, in the order of `finals`.
    pub fn metrics(&self) -> Vec<MetricSign> {
        let measured = metrics_of(&self.market.summary());
        let sign = |metric: crate::experiment::Metric| MetricSign {
            group: metric.group.title().to_owned(),
            key: metric.key,
            label: metric.label,
            unit: metric.unit,
        };
        measured
            .into_iter()
            .map(|(metric, _)| sign(metric))
            .collect()
    }

    /// The rooms that are shown.
    pub fn rooms(&self) -> Vec<RoomSign> {
        let sign = |id: &Id| {
            let room = &self.scenario.rooms[*id as usize];
            RoomSign {
                id: *id,
                name: room.name.clone(),
                anchor: self.scenario.anchors[room.anchor as usize].name.clone(),
                on_air: room.on_air,
                off_air: room.off_air,
            }
        };
        self.shown.iter().map(sign).collect()
    }

    /// Goods that the rooms in sight name.
    pub fn products(&self) -> BTreeMap<u32, ProductSign> {
        let cues = cues_in(&self.scenario, &self.shown).into_iter();
        let named = cues.filter_map(|place| {
            let room = &self.scenario.rooms[self.shown[place.room] as usize];
            room.cues[place.cue].act.product()
        });
        let sign = |id: u32| {
            let product = &self.scenario.products[id as usize];
            ProductSign {
                name: product.name.clone(),
                market_price: product.market_price,
                honest_prior_price: product.honest_prior_price,
            }
        };
        named.map(|id| (id, sign(id))).collect()
    }

    fn cues(&self) -> Vec<CueSign> {
        let sign = |place: CuePlace| {
            let room = &self.scenario.rooms[self.shown[place.room] as usize];
            let cue = &room.cues[place.cue];
            CueSign {
                at: cue.at,
                room: place.room,
                act: cue.act.name(),
                script: cue.script.clone(),
                product: cue.act.product(),
                deceives: deceives(&self.scenario, cue),
                args: numbers_of(&cue.act, &self.scenario),
            }
        };
        let cues = cues_in(&self.scenario, &self.shown).into_iter();
        cues.map(sign).collect()
    }
}

/// A room that is off air has nobody in it.
fn empty(now: &mut RoomNow) {
    now.displayed_viewers = 0;
    now.real_viewers = 0;
    now.background_viewers = 0;
    now.product = None;
    now.price = None;
    now.claimed_price = None;
    now.exposure = 0.0;
    now.arousal = 0.0;
}

fn totals_of(market: &Market) -> Totals {
    let standing = market.standing();
    let totals = standing.market;
    Totals {
        displayed_views: totals.displayed_views,
        real_views: totals.real_views,
        looks: totals.looks,
        displayed_orders: totals.displayed_orders,
        real_orders: totals.real_orders,
        brushed_orders: totals.brushed_orders,
        buyers: totals.distinct_buyers,
        paid_orders: totals.paid_orders,
        paid_sales: totals.paid_sales.yuan(),
        displayed_sales: totals.displayed_sales.yuan(),
        induced_orders: totals.harm_paid.induced_orders,
        harm: totals.harm_paid.total,
        unbiased_harm: totals.unbiased_harm.total,
        claims: standing.aftermath.claims,
        complaints: standing.complaints,
        redress: standing.redress.yuan(),
        unresolved: standing.unresolved,
        farm_income: standing.paid_to_farms.yuan(),
        fines: standing.aftermath.fines.yuan(),
        harm_by_channel: totals.harm_paid.by_channel,
    }
}

/// The rooms that are shown: those that deceive first, then the other named ones, then those with most followers.
fn shown_rooms(scenario: &Scenario) -> Vec<Id> {
    let mut rooms: Vec<Id> = (0..scenario.rooms.len() as u32).collect();
    rooms.sort_by(|a, b| {
        let order = |id: &Id| {
            let room = &scenario.rooms[*id as usize];
            let honest = !room.cues.iter().any(|cue| deceives(scenario, cue));
            let followers = scenario.anchors[room.anchor as usize].followers;
            (!room.named, honest && room.named, followers)
        };
        let ((unnamed_a, honest_a, few_a), (unnamed_b, honest_b, few_b)) = (order(a), order(b));
        (unnamed_a, honest_a)
            .cmp(&(unnamed_b, honest_b))
            .then(match unnamed_a {
                true => few_b.total_cmp(&few_a),
                false => std::cmp::Ordering::Equal,
            })
            .then(a.cmp(b))
    });
    rooms.truncate(SHOWN);
    rooms
}

/// The numbers of an act, by the names that scenario files give them.
fn numbers_of(act: &Act, scenario: &Scenario) -> Json {
    match act {
        Act::Pitch {
            claimed_worth,
            arousal,
            ..
        } => {
            json!({ "claimed_worth": claimed_worth, "arousal": arousal })
        }
        Act::ClaimPrice { price, .. }
        | Act::SetPrice { price, .. }
        | Act::AnnouncePrice { price, .. } => {
            json!({ "price": price })
        }
        Act::ClaimSales { claimed, goal, .. } => json!({ "claimed": claimed, "goal": goal }),
        Act::Promise { price, until, .. } => json!({ "price": price, "until": until }),
        Act::OpenLink {
            price,
            stock,
            shown_stock,
            deposit,
            ..
        } => {
            json!({ "price": price, "stock": stock, "shown_stock": shown_stock, "deposit": deposit })
        }
        Act::StagedQuarrel { intensity, .. } => json!({ "intensity": intensity }),
        Act::ShoutOrders { from, to, over, .. } => json!({ "from": from, "to": to, "over": over }),
        Act::Excite { arousal, staged } => json!({ "arousal": arousal, "staged": staged }),
        Act::Subsidy { amount, real, .. } => json!({ "amount": amount, "real": real }),
        Act::Misbid { reduction, .. } => json!({ "reduction": reduction }),
        Act::WrongQuantity {
            extra_units,
            delivered_units,
            ..
        } => {
            json!({ "extra_units": extra_units, "delivered_units": delivered_units })
        }
        Act::Countdown {
            seconds, genuine, ..
        } => json!({ "seconds": seconds, "genuine": genuine }),
        Act::Restock { units, .. } => json!({ "units": units }),
        Act::BrushOrders { orders, over, .. } => json!({ "orders": orders, "over": over }),
        Act::Buy {
            service,
            farm,
            count,
            over,
        } => {
            let price = scenario.farms[*farm as usize].price_per_10_000[*service as usize];
            let cost = price.yuan() * *count as f64 / 10_000.0;
            json!({ "service": service, "count": count, "over": over, "cost": cost })
        }
        Act::Call { reach, over, .. } => json!({ "reach": reach, "over": over }),
        Act::Giveaway { share, over, .. } => json!({ "share": share, "over": over }),
        Act::FarmCoupons { accounts, over, .. } => json!({ "accounts": accounts, "over": over }),
        Act::OwnStorePrice { price, .. } => json!({ "price": price }),
        Act::IssueCoupon { count, .. } => json!({ "count": count }),
        Act::Remark { .. } | Act::CloseLink { .. } => json!({}),
    }
}
