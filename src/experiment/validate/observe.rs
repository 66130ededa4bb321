//! What is kept of a run: the summary, and the little of its rows that patterns are told by.

use crate::market::{AftermathRow, NO_ROOM, Observer, OrderOrigin, OrderRow, RoomFrame, Summary};
use crate::scenario::{Id, Scenario};
use chrono::NaiveDate;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is kept of a run.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// What it came to.
    pub summary: Summary,
    /// Orders of consumers at looks, refreshes excluded, in order of time.
    pub orders: Vec<Placed>,
    /// By room: mean arousal over frames in which something was on sale.
    pub arousal: Vec<Option<f64>>,
    /// Parcels delivered and returned.
    pub parcels: BTreeMap<Sold, Parcels>,
    /// Who bought in rooms, had a problem, complained.
    pub people: People,
    /// Claims that an authority decided.
    pub decided: u64,
    /// Complainants of collective complaints, and those of them whom sellers had settled with, by the end of each day.
    pub handled: Vec<(u32, u32)>,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Second.
    pub time: f64,
    /// Where.
    pub room: Id,
    /// What.
    pub product: Id,
}

/// What was sold where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sold {
    /// On the shelf, without any room.
    pub on_shelf: bool,
    /// What.
    pub product: Id,
}

/// Parcels, and those of them that came back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parcels {
    /// Delivered.
    pub delivered: u64,
    /// Returned and refunded.
    pub returned: u64,
}

/// People who bought in rooms, by what they met with in the whole campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// Those to whom something from a room was delivered.
    pub buyers: u64,
    /// Those of them who met with a problem: sent something back, found it defective, learned that others had paid less for it, or claimed.
    pub with_problem: u64,
    /// Those of them who complained of it: told the seller that it was defective, claimed something, or joined a complaint.
    pub complained: u64,
}

impl Observed {
    /// The simulated day on whose evening a date falls.
    pub fn day_of(&self, date: NaiveDate) -> u32 {
        let clock = &self.scenario.clock;
        let evening = date.and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::hours(20);
        let after = (evening - clock.start).as_seconds_f64() - clock.first_day_end;
        if after < 0.0 {
            0
        } else {
            1 + (after / 86_400.0) as u32
        }
    }

    /// Complainants of the largest collective complaint at the end of a day; 0 before the first.
    pub fn complainants(&self, day: u32) -> u32 {
        let Some(case) = self.largest_complaint() else {
            return 0;
        };
        let Some(since) = day.checked_sub(case.first_day) else {
            return 0;
        };
        let last = case.by_day.last().copied().unwrap_or(0);
        case.by_day.get(since as usize).copied().unwrap_or(last)
    }

    /// The largest collective complaint.
    pub fn largest_complaint(&self) -> Option<&crate::market::Collective> {
        let cases = self.summary.collective.iter();
        cases.max_by_key(|case| case.by_day.last().copied().unwrap_or(0))
    }
}

/// Watches a run.
#[derive(Debug, Default)]
pub struct Watcher {
    orders: Vec<Placed>,
    arousal: BTreeMap<Id, (f64, u64)>,
    parcels: BTreeMap<Sold, Parcels>,
    delivered_to: BTreeSet<u64>,
    with_problem: BTreeSet<u64>,
    complained: BTreeSet<u64>,
    decided: u64,
    joined: BTreeSet<u64>,
    handled: BTreeSet<u64>,
    by_day: Vec<(u32, u32)>,
}

impl Watcher {
    /// What it has seen of a run that came to `summary`.
    pub fn observed(self, scenario: Arc<Scenario>, summary: Summary) -> Observed {
        let arousal = |room: Id| {
            let (sum, frames) = self.arousal.get(&room)?;
            Some(sum / *frames as f64)
        };
        let count = |people: &BTreeSet<u64>| people.len() as u64;
        let with_problem = &self.with_problem & &self.delivered_to;
        Observed {
            arousal: (0..scenario.rooms.len() as Id).map(arousal).collect(),
            people: People {
                buyers: count(&self.delivered_to),
                with_problem: count(&with_problem),
                complained: count(&(&self.complained & &with_problem)),
            },
            decided: self.decided,
            orders: self.orders,
            parcels: self.parcels,
            handled: self.by_day,
            scenario,
            summary,
        }
    }

    fn person(&mut self, row: &AftermathRow) {
        let who = row.consumer;
        match (row.event, row.detail) {
            ("delivered", detail) => {
                self.delivered_to.insert(who);
                if detail == "defective" {
                    self.with_problem.insert(who);
                }
            }
            ("sent_back", "") | ("learned" | "defect_showed", _) => {
                self.with_problem.insert(who);
            }
            // Whoever sends something back as defective has told the seller so.
            ("sent_back" | "claimed" | "joined", _) => {
                self.with_problem.insert(who);
                self.complained.insert(who);
            }
            _ => {}
        }
    }
}

impl Observer for Watcher {
    fn frame(&mut self, frame: &RoomFrame) {
        if frame.product.is_some() {
            let (sum, frames) = self.arousal.entry(frame.room).or_default();
            *sum += frame.arousal;
            *frames += 1;
        }
    }

    fn order(&mut self, order: &OrderRow) {
        if order.origin == OrderOrigin::Look {
            self.orders.push(Placed {
                time: order.time,
                room: order.room,
                product: order.product,
            });
        }
    }

    fn aftermath(&mut self, row: &AftermathRow) {
        let on_shelf = row.room == NO_ROOM;
        let sold = Sold {
            on_shelf,
            product: row.product,
        };
        let parcels = self.parcels.entry(sold).or_default();
        parcels.delivered += u64::from(row.event == "delivered");
        parcels.returned += u64::from(row.event == "refunded");
        if !on_shelf {
            self.person(row);
        }
        let by_authority = row.rung == "authority";
        self.decided += u64::from(by_authority && matches!(row.event, "granted" | "refused"));
        match row.event {
            "joined" => {
                self.joined.insert(row.order);
            }
            "granted" | "compensated" if !by_authority && self.joined.contains(&row.order) => {
                self.handled.insert(row.order);
            }
            _ => {}
        }
    }

    fn day_end(&mut self, _end: &crate::market::DayEnd) {
        self.by_day
            .push((self.joined.len() as u32, self.handled.len() as u32));
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
