//! Observation: what is handed over to whoever records the market, in a deterministic order.

use super::crowd::Crowd;
use super::display::Display;
use super::offers::Offers;
use super::platform_view::{Cause, PlatformView, Witnessed};
use super::rank::{Exposures, Heat};
use super::room::{Air, RoomIndex, RoomView};
use super::roster::Roster;
use super::rows::{
    Account, AftermathRow, ConductRow, CueRow, DayEnd, EnforcementRow, LedgerRow, Observer,
    OrderRow, PaymentEvent, PaymentRow, PurchaseRow, RoomFrame,
};
use super::seats::{BlockIndex, SeatBlock};
use super::strategy::{CameBack, Felt, PAID_FOR_PROMISE, Punishment};
use super::time::{Now, Plot};
use super::trace::{TraceAct, TraceRow, Traced};
use crate::detect::{Event, Millis, What};
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use std::sync::{Mutex, PoisonError};

/// The observer of a market.
#[derive(Resource)]
pub struct Recorder {
    /// Who observes. It need not be shareable between threads: the lock is never taken, only reached through.
    observer: Mutex<Box<dyn Observer>>,
    /// Whether orders are handed over.
    orders: bool,
    /// Acts of the traced consumer in this tick.
    traced: Vec<TraceRow>,
    /// What the day brought beside sales, where somebody learns from it; empty between days.
    felt: Option<Felt>,
    /// What the platform sees.
    pub view: PlatformView,
}

impl Recorder {
    /// Hands rows to `observer`; orders only if the scenario records them.
    pub fn new(observer: Box<dyn Observer>, plot: &Scenario) -> Self {
        Self {
            observer: Mutex::new(observer),
            orders: plot.recording.orders,
            traced: Vec::new(),
            felt: plot.season.is_some().then(Felt::default),
            view: PlatformView::of(plot),
        }
    }

    /// Who observes.
    pub fn observer(&mut self) -> &mut dyn Observer {
        self.observer
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()
    }

    /// Gives the observer back.
    pub fn into_observer(self) -> Box<dyn Observer> {
        self.observer
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over an order.
    pub fn order(&mut self, row: &OrderRow) {
        self.view.ordered(row);
        if self.orders {
            self.observer().order(row);
        }
    }

    /// Hands over what the platform has seen before a moment, in order, to the observer and to `also`.
    pub fn hand_over_view(&mut self, until: Millis, mut also: impl FnMut(&Witnessed)) {
        let observer = self
            .observer
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        self.view.hand_over(until, |seen| {
            observer.event(&seen.event, seen.cause);
            also(seen);
        });
    }

    /// Hands over something that the platform sees at this moment, if anybody wants it.
    pub fn hand_over_one(&mut self, at: Millis, what: What) {
        if self.view.is_wanted() {
            self.observer().event(&Event { at, what }, None);
        }
    }

    /// Hands over a payment or lapse.
    pub fn payment(&mut self, row: &PaymentRow) {
        if row.event == PaymentEvent::Refunded {
            self.view.refunded(row, None);
        }
        self.observe_payment(row);
    }

    /// Hands over the refund of a brushed order; the platform sees it at a second, where its cause is given.
    pub fn brushed_refund(&mut self, row: &PaymentRow, seen: f64, of: Option<Cause>) {
        if of.is_some() {
            self.view.refunded(&PaymentRow { time: seen, ..*row }, of);
        }
        self.observe_payment(row);
    }

    fn observe_payment(&mut self, row: &PaymentRow) {
        if self.orders {
            self.observer().payment(row);
        }
    }

    /// Hands over a paid line.
    pub fn purchase(&mut self, row: &PurchaseRow) {
        if self.orders {
            self.observer().purchase(row);
        }
    }

    /// Hands over what happened to a purchase after the sale.
    pub fn aftermath(&mut self, row: &AftermathRow) {
        if self.orders {
            self.observer().aftermath(row);
        }
    }

    /// Hands over what was done about a rule.
    pub fn enforcement(&mut self, row: &EnforcementRow) {
        if let Some(felt) = &mut self.felt {
            felt.punished.push(Punishment {
                party: row.party,
                room: row.room,
                reason: row.reason.clone(),
                amount: row.amount,
                closed_days: f64::from(u8::from(row.action.contains("suspended"))),
            });
        }
        self.observer().enforcement(row);
    }

    /// Somebody paid a buyer because a promise did not hold.
    pub fn paid_for_promise(&mut self, party: Account, amount: Fen) {
        if let Some(felt) = &mut self.felt {
            felt.punished.push(Punishment {
                party,
                room: None,
                reason: PAID_FOR_PROMISE.to_owned(),
                amount,
                closed_days: 0.0,
            });
        }
    }

    /// The commission on something that was sold in a room goes back with it.
    pub fn commission_back(&mut self, back: CameBack) {
        if let Some(felt) = &mut self.felt {
            felt.came_back.push(back);
        }
    }

    /// What the day brought since this was last asked.
    pub fn take_felt(&mut self) -> Felt {
        self.felt.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Hands over what an anchor did on an evening.
    pub fn conduct(&mut self, row: &ConductRow) {
        self.observer().conduct(row);
    }

    /// Hands over a cue.
    pub fn cue(&mut self, row: &CueRow) {
        self.observer().cue(row);
    }

    /// Hands over a day's money movement.
    pub fn ledger(&mut self, row: &LedgerRow) {
        self.observer().ledger(row);
    }

    /// Hands over the end of a day.
    pub fn day_end(&mut self, row: &DayEnd) {
        self.observer().day_end(row);
    }

    /// Keeps an act of the traced consumer until the tick ends, when they are put in order.
    pub fn later(&mut self, row: TraceRow) {
        self.traced.push(row);
    }
}

/// Hands over frames of rooms whose time it is, and the traced consumer's acts.
pub fn observe(
    plot: Res<Plot>,
    now: Res<Now>,
    (index, roster): (Res<RoomIndex>, Res<Roster>),
    exposures: Res<Exposures>,
    rooms: Query<(&Air, &Crowd, &Display, &Offers, &RoomView, &Heat)>,
    mut recorder: ResMut<Recorder>,
) {
    let due = |every: f64| {
        let ticks = (every / plot.clock.tick).round().max(1.0) as u64;
        now.tick.is_multiple_of(ticks)
    };
    let named = due(plot.recording.named_rooms_every_seconds);
    let generated = due(plot.recording.generated_rooms_every_seconds);
    if !named && !generated {
        return;
    }
    for id in roster.0.iter().copied() {
        let entity = &index.0[id as usize];
        let wanted = if plot.rooms[id as usize].named {
            named
        } else {
            generated
        };
        let Ok((air, crowd, display, offers, view, heat)) = rooms.get(*entity) else {
            continue;
        };
        if wanted && *air == Air::On {
            let frame = frame_of(
                now.start,
                id,
                crowd,
                display,
                offers,
                view,
                heat.share(&exposures),
            );
            recorder.observer().frame(&frame);
        }
    }
}

fn frame_of(
    time: f64,
    room: Id,
    crowd: &Crowd,
    display: &Display,
    offers: &Offers,
    view: &RoomView,
    exposure: f64,
) -> RoomFrame {
    let (shown, real) = (&display.displayed, &display.real);
    let mut frame = RoomFrame {
        time,
        room,
        displayed_viewers: display.displayed_viewers,
        real_viewers: display.real_viewers,
        background_viewers: crowd.background,
        displayed_views: shown.views,
        real_views: real.views,
        displayed_orders: shown.orders,
        real_orders: real.orders,
        displayed_likes: shown.likes,
        real_likes: real.likes,
        displayed_comments: shown.comments,
        real_comments: real.comments,
        displayed_follows: shown.follows,
        real_follows: real.follows,
        displayed_cart_clicks: shown.cart_clicks,
        real_cart_clicks: real.cart_clicks,
        arousal: view.arousal,
        exposure,
        ..RoomFrame::default()
    };
    if let Some(offer) = offers.on_sale() {
        frame.product = Some(offer.product);
        frame.price = Fen::from_yuan(offer.price);
        frame.stock = offer.stock;
        frame.displayed_stock = offer.displayed_stock();
        frame.reserved = offer.reserved;
    }
    frame
}

/// Puts the traced consumer's acts of the tick in order and hands them over.
pub fn tell(
    index: Res<BlockIndex>,
    mut traced: ResMut<Traced>,
    mut recorder: ResMut<Recorder>,
    mut blocks: Query<&mut SeatBlock>,
) {
    if !traced.any() {
        return;
    }
    let mut rows = Vec::new();
    for entity in index.0.iter().flatten() {
        if let Ok(mut block) = blocks.get_mut(*entity) {
            rows.append(&mut block.trace);
        }
    }
    // What follows from a look at the same second comes after it: the sort keeps this order.
    rows.append(&mut recorder.traced);
    rows.sort_by(|a, b| a.time.total_cmp(&b.time));
    for row in rows.drain(..) {
        match row.act {
            TraceAct::Entered { .. } => traced.moved(row.room),
            TraceAct::Left { .. } => traced.moved(None),
            _ => {}
        }
        recorder.observer().trace(&row);
    }
}
