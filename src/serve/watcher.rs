//! Who looks at a pane's market: keeps the rooms that are shown as they are now, what happened since the page was told last, and buyers to follow.

use super::message::{Buyer, Fallen, FeedItem, FeedKind, RoomNow};
use crate::market::{
    AftermathRow, CueRow, EnforcementRow, Observer, OrderOrigin, OrderRow, PaymentEvent,
    PaymentRow, RoomFrame,
};
use crate::scenario::{Id, Scenario};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Buyers that are kept: those most harmed, and the latest.
const BUYERS: usize = 20;

/// Orders that are told one by one between two beats; the others are told together.
const TOLD: usize = 6;

/// Acts that are kept for whoever comes late, and for replays.
const KEPT: usize = 20_000;

/// Acts that the page is told of at a time.
const FRESH: usize = 60;

/// A cue of the rooms that are shown: the room, by order of those, and the cue, by order of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CuePlace {
    /// The room.
    pub room: usize,
    /// The cue.
    pub cue: usize,
}

/// The cues of the rooms that are shown, in order of time.
pub fn cues_in(scenario: &Scenario, shown: &[Id]) -> Vec<CuePlace> {
    let at = |place: &CuePlace| scenario.rooms[shown[place.room] as usize].cues[place.cue].at;
    let of_room = |(room, id): (usize, &Id)| {
        let cues = 0..scenario.rooms[*id as usize].cues.len();
        cues.map(move |cue| CuePlace { room, cue })
    };
    let mut cues: Vec<CuePlace> = shown.iter().enumerate().flat_map(of_room).collect();
    cues.sort_by(|a, b| at(a).total_cmp(&at(b)));
    cues
}

/// Looks at a market.
pub struct Watcher {
    scenario: Arc<Scenario>,
    shown: Vec<Id>,
    /// The cues of those rooms, in order of time, and whether each has fallen.
    cues: Vec<(CuePlace, bool)>,
    /// The rooms that are shown, now.
    pub now: Vec<RoomNow>,
    /// The same at the last beat.
    told: Vec<RoomNow>,
    /// Orders since then, by room.
    orders: Vec<u64>,
    /// Orders since then that were told one by one.
    singled_out: usize,
    /// Orders that lapsed since then, by room; and the room of every order that may lapse yet.
    lapsed: Vec<u64>,
    unpaid: BTreeMap<u64, usize>,
    /// Claims in the whole market since then, and those who got something back.
    claims: u64,
    redressed: u64,
    /// How many of what has happened the page was not told yet.
    fresh: usize,
    /// Cues that it was not told yet.
    fell: Vec<Fallen>,
    /// What has happened, the latest last.
    kept: VecDeque<FeedItem>,
    /// Buyers with the greatest harm at an order, the greatest first.
    pub harmed: Vec<Buyer>,
    /// The latest buyers, the latest last.
    pub recent: VecDeque<Buyer>,
}

impl Watcher {
    /// Looks at these rooms.
    pub fn new(scenario: Arc<Scenario>, shown: Vec<Id>) -> Self {
        let rooms = shown.len();
        let cues = cues_in(&scenario, &shown).into_iter();
        Self {
            cues: cues.map(|cue| (cue, false)).collect(),
            scenario,
            shown,
            now: vec![RoomNow::default(); rooms],
            told: vec![RoomNow::default(); rooms],
            orders: vec![0; rooms],
            singled_out: 0,
            lapsed: vec![0; rooms],
            unpaid: BTreeMap::new(),
            claims: 0,
            redressed: 0,
            fresh: 0,
            fell: Vec::new(),
            kept: VecDeque::new(),
            harmed: Vec::new(),
            recent: VecDeque::new(),
        }
    }

    fn place(&self, room: Id) -> Option<usize> {
        self.shown.iter().position(|shown| *shown == room)
    }

    /// Takes in what the counters have moved by since the last beat. Beats fall at moments of the evening, so that what is told does not depend on how fast
    /// it is watched.
    pub fn beat(&mut self, second: f64) {
        for room in 0..self.shown.len() {
            self.compare(room, second);
        }
        let claims = std::mem::take(&mut self.claims);
        let redressed = std::mem::take(&mut self.redressed);
        self.say(FeedKind::Complaint, second, None, claims);
        self.say(FeedKind::Redress, second, None, redressed);
        self.told.clone_from(&self.now);
        self.singled_out = 0;
    }

    /// What happened since it was asked last: the latest of it, and all cues.
    pub fn news(&mut self) -> (Vec<FeedItem>, Vec<Fallen>) {
        let fresh = self.last(self.fresh.min(FRESH));
        self.fresh = 0;
        (fresh, std::mem::take(&mut self.fell))
    }

    /// Keeps something that happened.
    fn push(&mut self, item: FeedItem) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(item);
        self.fresh += 1;
    }

    /// What has happened, the latest last; not more than so many.
    pub fn last(&self, count: usize) -> Vec<FeedItem> {
        let skipped = self.kept.len().saturating_sub(count);
        self.kept.iter().skip(skipped).cloned().collect()
    }

    /// What the counters of a room have moved by.
    fn compare(&mut self, room: usize, second: f64) {
        let (now, told) = (self.now[room], self.told[room]);
        let more = |of: fn(&RoomNow) -> u64| of(&now).saturating_sub(of(&told));
        let bots = |displayed: fn(&RoomNow) -> u64, real: fn(&RoomNow) -> u64| {
            let apart = |room: &RoomNow| displayed(room).saturating_sub(real(room));
            apart(&now).saturating_sub(apart(&told))
        };
        let orders = std::mem::take(&mut self.orders[room]);
        let lapsed = std::mem::take(&mut self.lapsed[room]);
        let news = [
            (FeedKind::Entered, more(|room| room.real_views)),
            (
                FeedKind::BotsEntered,
                bots(|room| room.displayed_viewers, |room| room.real_viewers),
            ),
            (FeedKind::Likes, more(|room| room.real_likes)),
            (
                FeedKind::BotLikes,
                bots(|room| room.displayed_likes, |room| room.real_likes),
            ),
            (FeedKind::Comments, more(|room| room.real_comments)),
            (
                FeedKind::BotComments,
                bots(|room| room.displayed_comments, |room| room.real_comments),
            ),
            (FeedKind::Brushed, more(|room| room.brushed_orders)),
            (
                FeedKind::Shouted,
                bots(
                    |room| room.displayed_orders,
                    |room| room.real_orders + room.brushed_orders,
                ),
            ),
            (FeedKind::Order, orders),
            (FeedKind::Lapsed, lapsed),
        ];
        for (kind, count) in news {
            self.say(kind, second, Some(room), count);
        }
    }

    fn say(&mut self, kind: FeedKind, time: f64, room: Option<usize>, count: u64) {
        if count > 0 {
            self.push(FeedItem {
                time,
                room,
                kind,
                count,
                ..FeedItem::default()
            });
        }
    }

    fn buyer(&self, order: &OrderRow, consumer: u64) -> Buyer {
        let segment = self
            .scenario
            .population
            .segments
            .get(order.segment as usize);
        Buyer {
            consumer,
            segment: segment.map_or_else(String::new, |segment| segment.name.clone()),
            vulnerable: order.vulnerable,
            order: order.order,
            time: order.time,
            room: self.place(order.room),
            product: order.product,
            price: order.price.yuan(),
            harm: order.harm,
        }
    }

    fn keep(&mut self, buyer: Buyer) {
        if self.recent.len() == BUYERS {
            self.recent.pop_front();
        }
        self.recent.push_back(buyer.clone());
        let place = self
            .harmed
            .partition_point(|other| other.harm >= buyer.harm);
        if buyer.harm > 0.0 && place < BUYERS {
            self.harmed.insert(place, buyer);
            self.harmed.truncate(BUYERS);
        }
    }

    /// Tells of an order by name, or counts it.
    fn tell(&mut self, buyer: &Buyer, room: usize, induced: bool) {
        if self.singled_out == TOLD {
            self.orders[room] += 1;
            return;
        }
        self.singled_out += 1;
        self.push(FeedItem {
            time: buyer.time,
            room: Some(room),
            count: 1,
            consumer: Some(buyer.consumer),
            segment: Some(buyer.segment.clone()),
            vulnerable: Some(buyer.vulnerable),
            product: Some(buyer.product),
            price: Some(buyer.price),
            harm: Some(buyer.harm),
            induced: Some(induced),
            ..FeedItem::default()
        });
    }
}

impl Observer for Watcher {
    fn frame(&mut self, frame: &RoomFrame) {
        let Some(place) = self.place(frame.room) else {
            return;
        };
        let before = self.now[place];
        self.now[place] = RoomNow {
            on_air: true,
            displayed_viewers: frame.displayed_viewers,
            real_viewers: frame.real_viewers,
            background_viewers: frame.background_viewers,
            displayed_views: frame.displayed_views,
            real_views: frame.real_views,
            displayed_orders: frame.displayed_orders,
            real_orders: frame.real_orders,
            displayed_likes: frame.displayed_likes,
            real_likes: frame.real_likes,
            displayed_comments: frame.displayed_comments,
            real_comments: frame.real_comments,
            product: frame.product,
            price: frame.product.map(|_| frame.price.yuan()),
            stock: frame.stock,
            displayed_stock: frame.displayed_stock,
            reserved: frame.reserved,
            arousal: frame.arousal,
            exposure: frame.exposure,
            ..before
        };
    }

    fn order(&mut self, order: &OrderRow) {
        let Some(consumer) = order.consumer else {
            return;
        };
        if order.origin == OrderOrigin::Filler {
            return;
        }
        let buyer = self.buyer(order, consumer);
        if let Some(room) = buyer.room {
            let decision = &order.decision;
            self.unpaid.insert(order.order, room);
            let induced = decision.honest_utility <= decision.threshold;
            self.tell(&buyer, room, induced);
        }
        self.keep(buyer);
    }

    fn payment(&mut self, payment: &PaymentRow) {
        let room = self.unpaid.remove(&payment.order);
        if let Some(room) = room.filter(|_| payment.event == PaymentEvent::Lapsed) {
            self.lapsed[room] += 1;
        }
    }

    fn aftermath(&mut self, row: &AftermathRow) {
        match row.event {
            "claimed" | "joined" => self.claims += 1,
            "granted" | "damages" | "compensated" | "protected" => self.redressed += 1,
            _ => {}
        }
    }

    fn enforcement(&mut self, row: &EnforcementRow) {
        let room = row.room.map(|room| self.place(room));
        // What is done about a room out of sight is out of sight too.
        if room == Some(None) {
            return;
        }
        self.push(FeedItem {
            time: row.time,
            room: room.flatten(),
            kind: FeedKind::Sanction,
            count: 1,
            text: Some(format!("{}: {}", row.action, row.reason)),
            ..FeedItem::default()
        });
    }

    fn cue(&mut self, cue: &CueRow) {
        let Some(place) = self.place(cue.room) else {
            return;
        };
        let cues = &self.scenario.rooms[cue.room as usize].cues;
        let found = self.cues.iter().position(|(written, fallen)| {
            let its_own = written.room == place && !fallen;
            its_own && cues[written.cue].act.name() == cue.act && cues[written.cue].at <= cue.time
        });
        let deceives = found.is_some_and(|found| {
            self.cues[found].1 = true;
            crate::market::deceives(&self.scenario, &cues[self.cues[found].0.cue])
        });
        self.fell.push(Fallen {
            at: cue.time,
            room: place,
            act: cue.act.clone(),
            detail: cue.detail.clone(),
            seen_by: cue.seen_by,
            deceives,
        });
        self.push(FeedItem {
            time: cue.time,
            room: Some(place),
            kind: FeedKind::Cue,
            count: 1,
            cue: found,
            product: cue.product,
            text: Some(cue.detail.clone()),
            ..FeedItem::default()
        });
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}
