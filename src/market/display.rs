//! Display: what the page shows. Counters refresh every display period; the real ones are kept beside the displayed ones, and only
//! displayed ones reach consumers and the ranking. A rule that demands real counters acts here.

use super::crowd::{Counts, Crowd};
use super::offers::Offers;
use super::time::Now;
use crate::scenario::file::BehaviourTable;
use crate::scenario::{Background, Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// What is on display in a room since the last refresh.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Display {
    /// Whether it has refreshed at least once.
    refreshed: bool,
    /// Viewers on display.
    pub displayed_viewers: u64,
    /// Real viewers then.
    pub real_viewers: u64,
    /// Counters on display.
    pub displayed: Counts,
    /// Real counters then.
    pub real: Counts,
    /// Viewers and counters then, as they would be on display if no rule corrected them: what the platform counts.
    pub counted_viewers: u64,
    /// See `counted_viewers`.
    pub counted: Counts,
    /// Most viewers on display so far.
    pub peak_displayed_viewers: u64,
    /// Most real viewers so far.
    pub peak_real_viewers: u64,
    /// Whether the platform has had its counters corrected.
    pub corrected: bool,
    /// Offers by index.
    pub offers: Vec<Shown>,
}

/// What is on display about an offer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Orders on display.
    pub displayed_orders: u64,
    /// Real orders.
    pub real_orders: u64,
    /// Units on display.
    pub displayed_stock: u32,
    /// Real units.
    pub real_stock: u32,
    /// b_s ln(1 + displayed orders / S0).
    pub orders_pull: f64,
    /// b_s ln(1 + real orders / S0).
    pub real_orders_pull: f64,
}

impl Display {
    /// Displayed and real viewers; `None` before the first refresh.
    pub fn viewers(&self) -> Option<(u64, u64)> {
        self.refreshed
            .then_some((self.displayed_viewers, self.real_viewers))
    }

    /// Puts the true stock of an offer on display when its link opens or it is restocked: the page does not wait for a refresh then.
    pub fn restocked(&mut self, index: usize, displayed: u32, real: u32) {
        if self.offers.len() <= index {
            self.offers.resize(index + 1, Shown::default());
        }
        self.offers[index].displayed_stock = displayed;
        self.offers[index].real_stock = real;
    }

    fn note_peaks(&mut self) {
        self.peak_displayed_viewers = self.peak_displayed_viewers.max(self.displayed_viewers);
        self.peak_real_viewers = self.peak_real_viewers.max(self.real_viewers);
    }

    /// What is shown about the offer of an index; nothing yet if it was named after the last refresh.
    pub fn offer(&self, index: usize) -> Shown {
        self.offers.get(index).copied().unwrap_or_default()
    }
}

/// Refreshes the displays of a room; says whether a rule had to correct a counter.
pub fn refresh(
    plot: &Scenario,
    now: &Now,
    room: Id,
    crowd: &mut Crowd,
    offers: &Offers,
    display: &mut Display,
) -> bool {
    let background = plot.rooms[room as usize].background.as_ref();
    crowd.background = background.map_or(0, |curve| viewers_at(curve, now.start));
    crowd.background_peak = crowd.background_peak.max(crowd.background);
    crowd.real_viewers = crowd.seated + crowd.background;
    let by_rule = plot.regime.discloses_at(now.start);
    let disclose = by_rule || display.corrected;
    let corrected = show(crowd, offers, disclose, &plot.behaviour, display);
    display.note_peaks();
    corrected && by_rule
}

/// Viewers of a background audience at a second: straight lines between its points, flat outside.
pub fn viewers_at(curve: &Background, second: f64) -> u64 {
    let after = curve.points.partition_point(|point| point.0 <= second);
    let viewers = match (
        after.checked_sub(1).map(|i| curve.points[i]),
        curve.points.get(after),
    ) {
        (Some(from), Some(to)) => from.1 + (to.1 - from.1) * (second - from.0) / (to.0 - from.0),
        (Some(last), None) => last.1,
        (None, Some(first)) => first.1,
        (None, None) => 0.0,
    };
    viewers.round() as u64
}

/// Puts the counters on display; says whether a rule had to correct one.
fn show(
    crowd: &Crowd,
    offers: &Offers,
    disclose: bool,
    behaviour: &BehaviourTable,
    display: &mut Display,
) -> bool {
    let mut corrected = false;
    let mut shown = |displayed: u64, real: u64| {
        corrected |= disclose && displayed != real;
        if disclose { real } else { displayed }
    };
    let mut real = crowd.real;
    real.views = crowd.real_views();
    let all = real + crowd.fake;
    display.refreshed = true;
    display.real_viewers = crowd.real_viewers;
    display.displayed_viewers = shown(crowd.displayed_viewers(), crowd.real_viewers);
    display.displayed = Counts {
        views: shown(all.views, real.views),
        likes: shown(all.likes, real.likes),
        comments: shown(all.comments, real.comments),
        follows: shown(all.follows, real.follows),
        cart_clicks: shown(all.cart_clicks, real.cart_clicks),
        orders: shown(all.orders, real.orders),
    };
    display.real = real;
    (display.counted_viewers, display.counted) = (crowd.displayed_viewers(), all);
    display.offers.resize(offers.0.len(), Shown::default());
    let pull =
        |orders: u64| behaviour.social_orders * libm::log1p(orders as f64 / behaviour.orders_scale);
    for (offer, line) in offers.0.iter().zip(&mut display.offers) {
        let displayed_orders = shown(offer.displayed_orders(), offer.real_orders);
        if line.displayed_orders != displayed_orders {
            line.displayed_orders = displayed_orders;
            line.orders_pull = pull(displayed_orders);
        }
        if line.real_orders != offer.real_orders {
            line.real_orders = offer.real_orders;
            line.real_orders_pull = pull(offer.real_orders);
        }
        line.real_stock = offer.stock;
        line.displayed_stock =
            shown(u64::from(offer.displayed_stock()), u64::from(offer.stock)) as u32;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::viewers_at;
    use crate::scenario::Background;

    #[test]
    fn a_background_audience_follows_its_points() {
        let curve = Background {
            name: "crowd".to_owned(),
            points: vec![(10.0, 100.0), (20.0, 200.0)],
        };
        let seen: Vec<_> = [0.0, 10.0, 15.0, 20.0, 99.0]
            .map(|second| viewers_at(&curve, second))
            .to_vec();
        assert_eq!(seen, [100, 100, 150, 200, 200]);
    }
}
