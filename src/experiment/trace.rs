//! One consumer's evening, told: the bundle is run again with somebody watching one consumer, which changes nothing.

use crate::market::{Decision, Market, Observer, OrderRow, Pace, PaymentEvent, TraceAct, TraceRow};
use crate::record::{Cell, ORDERS, read};
use crate::scenario::{Bundle, Id, Scenario};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Columns of the told evening.
const COLUMNS: usize = 100;

/// What was seen of one consumer.
pub struct Told {
    scenario: Arc<Scenario>,
    consumer: u64,
    /// Its acts, in order of time.
    pub rows: Vec<TraceRow>,
    /// Its orders, each with the decision behind it, where the scenario records orders.
    pub orders: Vec<OrderRow>,
}

/// Keeps what concerns the consumer, and forgets the rest.
struct Listener {
    consumer: u64,
    rows: Vec<TraceRow>,
    orders: Vec<OrderRow>,
}

impl Observer for Listener {
    fn trace(&mut self, row: &TraceRow) {
        self.rows.push(row.clone());
    }
    fn order(&mut self, order: &OrderRow) {
        if order.consumer == Some(self.consumer) {
            self.orders.push(*order);
        }
    }
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// Runs a bundle and follows one consumer.
///
/// # Errors
/// A sentence: no such consumer, or a bundle that does not resolve.
pub fn trace_consumer(bundle: &Bundle, consumer: u64) -> Result<Told, String> {
    follow_consumer(&Arc::new(bundle.resolve()?), consumer, f64::INFINITY)
}

/// Follows one consumer through a scenario, up to a second.
///
/// # Errors
/// A sentence: no such consumer.
pub fn follow_consumer(
    scenario: &Arc<Scenario>,
    consumer: u64,
    until: f64,
) -> Result<Told, String> {
    let consumers = scenario.population.consumers;
    if consumer >= consumers {
        return Err(format!(
            "there is no consumer {consumer}: this market has consumers 0 to {}",
            consumers.saturating_sub(1)
        ));
    }
    let listener = Listener {
        consumer,
        rows: Vec::new(),
        orders: Vec::new(),
    };
    let mut market = Market::new(Arc::clone(scenario), Box::new(listener));
    market.trace(consumer);
    while market.time() < until && market.step() != Pace::Finished {}
    let listener = market
        .into_observer()
        .and_then(|observer| observer.into_any().downcast::<Listener>().ok());
    let (rows, orders) = listener.map_or_else(Default::default, |it| (it.rows, it.orders));
    Ok(Told {
        scenario: Arc::clone(scenario),
        consumer,
        rows,
        orders,
    })
}

/// The consumer whose orders of a results folder carry the greatest harm; `None` if nobody was harmed.
///
/// # Errors
/// A sentence.
pub fn most_harmed(folder: &Path) -> Result<Option<u64>, String> {
    let find = |name| ORDERS.iter().position(|column| column.name == name);
    let (Some(who), Some(harm)) = (find("consumer"), find("harm")) else {
        return Ok(None);
    };
    let mut sums: BTreeMap<u64, f64> = BTreeMap::new();
    for part in read::parts_of(folder, "orders") {
        read::each_row(&part, ORDERS, |row| {
            if let (Cell::Count(who), Cell::Number(harm)) = (row[who], row[harm])
                && harm > 0.0
            {
                *sums.entry(who).or_default() += harm;
            }
        })?;
    }
    let most = sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    Ok(most.map(|(who, _)| who))
}

/// A line about looks at things that are not needed; nothing if there were none.
fn looks_in_passing(times: u32) -> String {
    match times {
        0 => String::new(),
        _ => format!("          looked {times} times at things it does not need\n"),
    }
}

impl Told {
    /// The evening as a story.
    pub fn story(&self) -> String {
        let scenario = &self.scenario;
        let (segment, index) = scenario.segment_of(self.consumer);
        let mut text = format!(
            "Consumer {} (number {index} of {}) in {}, seed {}\n\n",
            self.consumer, scenario.population.segments[segment].name, scenario.name, scenario.seed
        );
        let mut passed_over = 0_u32;
        let mut day = String::new();
        for row in &self.rows {
            // Most looks are at things it does not need: they are counted, not told.
            if let TraceAct::Looked { needs: false, .. } = row.act {
                passed_over += 1;
                continue;
            }
            text.push_str(&looks_in_passing(std::mem::take(&mut passed_over)));
            let moment = scenario.market_time(row.time);
            let (date, clock) = moment.split_once(' ').unwrap_or(("", &moment));
            if date != day {
                day = date.to_owned();
                let _ = writeln!(text, "{date}");
            }
            let line = format!("{clock}  {}", self.sentence(row));
            let layout = textwrap::Options::new(COLUMNS).subsequent_indent("          ");
            let _ = writeln!(text, "{}", textwrap::fill(&line, layout));
        }
        text.push_str(&looks_in_passing(passed_over));
        if self.rows.len() <= 1 {
            text.push_str("It did nothing that evening.\n");
        }
        text
    }

    fn room(&self, id: Option<Id>) -> &str {
        id.and_then(|id| self.scenario.rooms.get(id as usize))
            .map_or("no room", |room| &room.name)
    }

    fn product(&self, id: Id) -> &str {
        self.scenario
            .products
            .get(id as usize)
            .map_or("?", |product| &product.name)
    }

    /// An act as a sentence.
    pub fn sentence(&self, row: &TraceRow) -> String {
        let room = self.room(row.room);
        match &row.act {
            TraceAct::Planned(Some(second)) => {
                format!(
                    "plans to go online at {}",
                    self.scenario.market_time(*second)
                )
            }
            TraceAct::Planned(None) => "does not plan to go online".to_owned(),
            TraceAct::Entered {
                chosen,
                displayed_viewers,
                real_viewers,
            } => {
                let why = if *chosen { ", which it had chosen" } else { "" };
                format!(
                    "enters {room}{why}: {displayed_viewers} viewers on display, {real_viewers} real"
                )
            }
            TraceAct::Saw { act, detail } => format!("sees in {room} ({act}): {detail}"),
            TraceAct::Looked {
                product,
                decision,
                wants,
                would_want_honestly,
                ..
            } => self.look(*product, decision, *wants, *would_want_honestly),
            TraceAct::Given { coupon } => {
                let coupons = &self.scenario.campaign.coupons;
                let name = coupons
                    .get(*coupon as usize)
                    .map_or("?", |coupon| &coupon.name);
                format!("is given a coupon {name} in {room}")
            }
            TraceAct::SoldOut { product } => {
                format!(
                    "wants {} and finds it sold out; refreshes",
                    self.product(*product)
                )
            }
            TraceAct::Ordered {
                order,
                product,
                price,
                harm,
            } => format!(
                "orders {} for {price} yuan (order {order}); harm {harm:.2} yuan",
                self.product(*product)
            ),
            TraceAct::Payment {
                order,
                event,
                amount,
            } => match event {
                PaymentEvent::Paid => format!("pays {amount} yuan for order {order}"),
                PaymentEvent::DepositPaid => {
                    format!("pays the deposit of {amount} yuan for order {order}")
                }
                PaymentEvent::Lapsed => format!("has not paid order {order}: it lapses"),
                PaymentEvent::BalancePaid => {
                    format!("pays the balance of {amount} yuan for order {order}")
                }
                PaymentEvent::DepositForfeited => {
                    format!("does not pay the balance of order {order}: {amount} yuan are lost")
                }
                PaymentEvent::Refunded => {
                    format!("gets {amount} yuan back for order {order}, which it sent back")
                }
            },
            TraceAct::Liked => "likes".to_owned(),
            TraceAct::Commented => "comments".to_owned(),
            TraceAct::Followed => "follows the anchor".to_owned(),
            TraceAct::Left { hops: true } => format!("leaves {room} for another room"),
            TraceAct::Left { hops: false } => format!("leaves {room} and goes offline"),
        }
    }

    fn look(&self, product: Id, decision: &Decision, wants: bool, honestly: bool) -> String {
        let answer = match (wants, honestly) {
            (true, true) => "wants it, and would under honest displays",
            (true, false) => "wants it, and would not under honest displays",
            (false, true) => "does not want it, and would under honest displays",
            (false, false) => "does not want it",
        };
        let searched = if decision.searched {
            ", having searched"
        } else {
            ""
        };
        format!(
            "looks at {}: {:.2} yuan, worth {:.2} to it; thinks it sells for {:.2} elsewhere{searched}; believes the claim {:.0} %, so its \
             reference is {:.2} (honestly {:.2}); {} orders and {} viewers on display; D = {:.2} (honestly {:.2}) against {:.2}: {answer}",
            self.product(product),
            decision.expected_price,
            decision.private_value,
            decision.market_price,
            100.0 * decision.belief,
            decision.reference_price,
            decision.honest_reference_price,
            decision.displayed_orders,
            decision.displayed_viewers,
            decision.utility,
            decision.honest_utility,
            decision.threshold,
        )
    }

    /// The evening as CSV: second, room, sentence.
    pub fn csv(&self) -> String {
        let mut text = String::from("time,room,what\n");
        for row in &self.rows {
            let sentence = self.sentence(row).replace('"', "\"\"");
            let _ = writeln!(text, "{},{},\"{sentence}\"", row.time, self.room(row.room));
        }
        text
    }
}
