//! Following one consumer: its evening in every pane up to now, act by act, and each of its orders with what it saw, believed and would have thought
//! under honest displays. The market is run again with somebody watching, which changes nothing.

use super::stage::Followed;
use crate::experiment::{Told, follow_consumer};
use crate::market::{Decision, OrderRow, PaymentEvent, TraceAct, TraceRow};
use crate::scenario::{Id, Scenario};
use crate::welfare::CHANNELS;
use serde::Serialize;
use serde_json::Value as Json;

/// A consumer in every pane.
#[derive(Debug, Serialize)]
pub struct Consumer {
    /// Its index.
    pub consumer: u64,
    /// Its segment.
    pub segment: String,
    /// Whether it counts as vulnerable, where an order tells.
    pub vulnerable: Option<bool>,
    /// The panes.
    pub panes: Vec<Evening>,
}

/// Its evening in a pane.
#[derive(Debug, Serialize)]
pub struct Evening {
    /// Its orders.
    pub orders: Vec<OrderTold>,
    /// Its acts.
    pub acts: Vec<ActTold>,
}

/// An act.
#[derive(Debug, Serialize)]
pub struct ActTold {
    /// Second.
    pub time: f64,
    /// The room.
    pub room: Option<String>,
    /// What it did.
    pub kind: String,
    /// In words.
    pub sentence: String,
    /// In numbers; money in yuan, products by name.
    pub data: Json,
}

/// An order.
#[derive(Debug, Serialize)]
pub struct OrderTold {
    /// Its number.
    pub order: u64,
    /// Second.
    pub time: f64,
    /// The room.
    pub room: Option<String>,
    /// The product.
    pub product: String,
    /// Units.
    pub units: u32,
    /// Price of all of them.
    pub price: f64,
    /// What was paid so far; `None`: nothing yet.
    pub paid: Option<f64>,
    /// Harm against honest displays.
    pub harm: f64,
    /// Its shares by channel.
    pub harm_by_channel: [f64; CHANNELS],
    /// Harm against the unbiased benchmark.
    pub unbiased_harm: f64,
    /// Its shares by channel.
    pub unbiased_by_channel: [f64; CHANNELS],
    /// The decision behind it.
    pub decision: Decision,
}

/// Follows a consumer through panes.
///
/// # Errors
/// A sentence: no such consumer.
pub fn follow(consumer: u64, panes: &[Followed]) -> Result<Consumer, String> {
    let mut evenings = Vec::new();
    let mut vulnerable = None;
    for pane in panes {
        let told = follow_consumer(&pane.scenario, consumer, pane.until)?;
        let known = told.orders.first().map(|order| order.vulnerable);
        vulnerable = vulnerable.or(known);
        evenings.push(evening(&told, &pane.scenario));
    }
    let segment = panes.first().map(|pane| {
        let (segment, _) = pane.scenario.segment_of(consumer);
        pane.scenario.population.segments[segment].name.clone()
    });
    Ok(Consumer {
        consumer,
        segment: segment.unwrap_or_default(),
        vulnerable,
        panes: evenings,
    })
}

fn evening(told: &Told, plot: &Scenario) -> Evening {
    let order = |order: &OrderRow| order_told(order, told, plot);
    Evening {
        orders: told.orders.iter().map(order).collect(),
        acts: told
            .rows
            .iter()
            .map(|row| act_told(row, told, plot))
            .collect(),
    }
}

fn room_name(room: Option<Id>, plot: &Scenario) -> Option<String> {
    let room = plot.rooms.get(room? as usize)?;
    Some(room.name.clone())
}

fn product_name(product: Id, plot: &Scenario) -> String {
    let product = plot.products.get(product as usize);
    product.map_or_else(String::new, |product| product.name.clone())
}

fn order_told(order: &OrderRow, told: &Told, plot: &Scenario) -> OrderTold {
    OrderTold {
        order: order.order,
        time: order.time,
        room: room_name(Some(order.room), plot),
        product: product_name(order.product, plot),
        units: order.units,
        price: order.price.yuan(),
        paid: paid(order.order, told),
        harm: order.harm,
        harm_by_channel: order.harm_shares,
        unbiased_harm: order.unbiased_harm,
        unbiased_by_channel: order.unbiased_shares,
        decision: order.decision,
    }
}

/// What was paid for an order so far.
fn paid(number: u64, told: &Told) -> Option<f64> {
    let payments = told.rows.iter().filter_map(|row| match row.act {
        TraceAct::Payment {
            order,
            event,
            amount,
        } if order == number => match event {
            PaymentEvent::Paid | PaymentEvent::DepositPaid | PaymentEvent::BalancePaid => {
                Some(amount.yuan())
            }
            PaymentEvent::Refunded => Some(-amount.yuan()),
            PaymentEvent::Lapsed | PaymentEvent::DepositForfeited => None,
        },
        _ => None,
    });
    payments.reduce(|sum, amount| sum + amount)
}

fn act_told(row: &TraceRow, told: &Told, plot: &Scenario) -> ActTold {
    let (kind, data) = match serde_json::to_value(&row.act) {
        Ok(Json::Object(entries)) => entries.into_iter().next().unwrap_or_default(),
        Ok(Json::String(kind)) => (kind, Json::Null),
        _ => (String::new(), Json::Null),
    };
    let data = match (&row.act, data) {
        (TraceAct::Planned(online), _) => serde_json::json!({ "online": online }),
        (act, Json::Object(mut entries)) => {
            plain(act, &mut entries, plot);
            Json::Object(entries)
        }
        (_, other) => other,
    };
    ActTold {
        time: row.time,
        room: room_name(row.room, plot),
        kind,
        sentence: told.sentence(row),
        data,
    }
}

/// Puts names in the place of indices and yuan in the place of fen.
fn plain(act: &TraceAct, entries: &mut serde_json::Map<String, Json>, plot: &Scenario) {
    let mut put = |key: &str, value: Json| entries.insert(key.to_owned(), value);
    match act {
        TraceAct::Looked { product, .. } | TraceAct::SoldOut { product } => {
            put("product", product_name(*product, plot).into());
        }
        TraceAct::Ordered { product, price, .. } => {
            put("product", product_name(*product, plot).into());
            put("price", price.yuan().into());
        }
        TraceAct::Payment { amount, .. } => {
            put("amount", amount.yuan().into());
        }
        TraceAct::Given { coupon } => {
            let coupon = plot.campaign.coupons.get(*coupon as usize);
            let name = coupon.map_or_else(String::new, |coupon| coupon.name.clone());
            put("coupon", name.into());
        }
        _ => {}
    }
}
