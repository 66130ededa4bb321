//! Samples of a run: at which moments, and as columns. The moments follow from the scenario's clock and its rooms alone, so that all panes have the same.

use super::message::{MarketColumns, RoomColumns, RoomNow, Samples, Totals};
use crate::scenario::Scenario;
use std::ops::Range;

/// Moments of an evening, about.
const MOMENTS: f64 = 600.0;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// When anybody is on air, merged and in order.
pub fn windows(scenario: &Scenario) -> Vec<(f64, f64)> {
    let mut windows: Vec<(f64, f64)> = scenario
        .rooms
        .iter()
        .map(|room| (room.on_air.max(0.0), room.off_air.min(scenario.clock.end)))
        .filter(|(from, until)| until > from)
        .collect();
    windows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (from, until) in windows {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => merged.push((from, until)),
        }
    }
    merged
}

/// The moments at which a run is sampled: a grid while anybody is on air, and the ends of days (of some of them, where there are very many).
pub fn moments(scenario: &Scenario) -> Vec<f64> {
    let windows = windows(scenario);
    let clock = &scenario.clock;
    let on_air: f64 = windows.iter().map(|(from, until)| until - from).sum();
    let step = (on_air / MOMENTS / clock.tick).ceil().max(1.0) * clock.tick;
    let mut moments = vec![];
    for (from, until) in windows {
        let first = (from / clock.tick).floor() * clock.tick;
        let count = ((until - first) / step).ceil() as u64 + 1;
        moments.extend((0..count).map(|n| first + n as f64 * step));
    }
    let days = (clock.end - clock.first_day_end) / DAY;
    let every = (days / MOMENTS).ceil().max(1.0) * DAY;
    let mut day = clock.first_day_end;
    while day < clock.end {
        moments.push(day);
        day += every;
    }
    moments.push(clock.end);
    moments.retain(|moment| *moment > 0.0 && *moment <= clock.end);
    moments.sort_by(f64::total_cmp);
    moments.dedup();
    moments
}

/// The columns of both, so that none is forgotten in one of the places.
macro_rules! each_column {
    ($do:ident) => {
        $do!(
            displayed_views,
            real_views,
            looks,
            displayed_orders,
            real_orders,
            brushed_orders,
            buyers,
            paid_orders,
            paid_sales,
            displayed_sales,
            induced_orders,
            harm,
            unbiased_harm,
            claims,
            complaints,
            redress,
            unresolved,
            farm_income,
            fines
        )
    };
}

impl MarketColumns {
    fn push(&mut self, totals: &Totals) {
        macro_rules! push {
            ($($name:ident),*) => { $(self.$name.push(totals.$name);)* };
        }
        each_column!(push);
    }

    fn part(&self, range: &Range<usize>) -> Self {
        macro_rules! part {
            ($($name:ident),*) => { Self { $($name: self.$name[range.clone()].to_vec()),* } };
        }
        each_column!(part)
    }
}

impl RoomColumns {
    fn push(&mut self, now: &RoomNow) {
        self.displayed_viewers.push(now.displayed_viewers);
        self.real_viewers.push(now.real_viewers);
        self.displayed_orders.push(now.displayed_orders);
        self.real_orders.push(now.real_orders);
        self.brushed_orders.push(now.brushed_orders);
        self.price.push(now.price);
        self.stock.push(now.stock);
        self.displayed_stock.push(now.displayed_stock);
        self.reserved.push(now.reserved);
        self.exposure.push(short(now.exposure));
        self.arousal.push(short(now.arousal));
    }

    fn part(&self, range: &Range<usize>) -> Self {
        Self {
            displayed_viewers: self.displayed_viewers[range.clone()].to_vec(),
            real_viewers: self.real_viewers[range.clone()].to_vec(),
            displayed_orders: self.displayed_orders[range.clone()].to_vec(),
            real_orders: self.real_orders[range.clone()].to_vec(),
            brushed_orders: self.brushed_orders[range.clone()].to_vec(),
            price: self.price[range.clone()].to_vec(),
            stock: self.stock[range.clone()].to_vec(),
            displayed_stock: self.displayed_stock[range.clone()].to_vec(),
            reserved: self.reserved[range.clone()].to_vec(),
            exposure: self.exposure[range.clone()].to_vec(),
            arousal: self.arousal[range.clone()].to_vec(),
        }
    }
}

/// A share with as many digits as a chart shows: a class reads it over its network.
fn short(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}

impl Samples {
    /// None yet, of so many rooms.
    pub fn of_rooms(rooms: usize) -> Self {
        Self {
            rooms: vec![RoomColumns::default(); rooms],
            ..Self::default()
        }
    }

    /// Adds a moment.
    pub fn push(&mut self, time: f64, totals: &Totals, now: &[RoomNow]) {
        self.time.push(time);
        self.market.push(totals);
        for (column, share) in self.harm_by_channel.iter_mut().zip(totals.harm_by_channel) {
            column.push(share);
        }
        for (columns, now) in self.rooms.iter_mut().zip(now) {
            columns.push(now);
        }
    }

    /// Those from a position on.
    pub fn tail(&self, from: usize) -> Self {
        self.part(from..self.time.len())
    }

    /// Those before a position.
    pub fn head(&self, until: usize) -> Self {
        self.part(0..until)
    }

    fn part(&self, range: Range<usize>) -> Self {
        Self {
            time: self.time[range.clone()].to_vec(),
            market: self.market.part(&range),
            harm_by_channel: std::array::from_fn(|channel| {
                self.harm_by_channel[channel][range.clone()].to_vec()
            }),
            rooms: self.rooms.iter().map(|room| room.part(&range)).collect(),
        }
    }
}
