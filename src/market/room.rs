//! Rooms as entities: what a room is made of, and the view that watchers work with during a tick.
//!
//! Mechanisms own their components (script, offers, crowd, display, heat); this file names those that all of them share, finds a
//! room's entity by its index, and each tick condenses a room into a [`RoomView`], so that a look reads a few numbers in one place.

use super::arousal::Arousal;
use super::bots;
use super::crowd::Crowd;
use super::display::{self, Display};
use super::enforce::Enforcement;
use super::exposure::Fallen;
use super::issue::Issues;
use super::offers::{Countdown, Offer, Offers, Promised, Said};
use super::promoted::{Promoted, Promotions, UNPROMOTED, line_of, moment_of_payment};
use super::rank::{Followers, Heat};
use super::roster::Dormant;
use super::time::{Now, Plot};
use crate::promotion::Line;
use crate::scenario::file::BehaviourTable;
use crate::scenario::{Id, Room, Scenario};
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// Which room an entity is.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomId(pub Id);

/// Entities of rooms by index.
#[derive(Resource, Debug, Default)]
pub struct RoomIndex(pub Vec<Entity>);

/// Whether a room is on air.
#[derive(Component, Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Air {
    /// Not yet.
    #[default]
    Before,
    /// Now.
    On,
    /// It went off air in this tick: everybody leaves.
    Closing,
    /// Over.
    After,
}

/// When a room is on air, seconds after the scenario's start: a copy that the systems of every tick can read in a row.
#[derive(Component, Debug, Clone, Copy)]
pub struct Window {
    /// First second on air.
    pub on_air: f64,
    /// First second off air again.
    pub off_air: f64,
}

/// Position in the room's list of cues, and how many cues of each class have fallen.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// Index of the next cue.
    pub next_cue: usize,
    /// Second of the next cue; infinite after the last.
    pub next_at: f64,
    /// Cues of each class so far.
    pub fallen: Fallen,
    /// The last giveaway.
    pub giveaway: Giveaway,
}

/// Watchers are asked to type a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Giveaway {
    /// Which of its room, from 1; 0: there has been none.
    pub number: u16,
    /// Share of watchers who do.
    pub share: f64,
    /// Until when, second.
    pub until: f64,
}

impl Show {
    /// Watchers are asked to type a word from now on.
    pub fn begin_giveaway(&mut self, share: f64, until: f64) {
        let number = self.giveaway.number.saturating_add(1);
        self.giveaway = Giveaway {
            number,
            share,
            until,
        };
    }

    /// Before the first cue.
    pub fn of(room: &Room) -> Self {
        let mut show = Self::default();
        show.turn_to(0, room);
        show
    }

    /// Makes a cue the next one.
    pub fn turn_to(&mut self, cue: usize, room: &Room) {
        self.next_cue = cue;
        self.next_at = room.cues.get(cue).map_or(f64::INFINITY, |cue| cue.at);
    }
}

/// The room's own clocks, on which waiting times run.
#[derive(Component, Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RoomClock {
    /// Integral of the room's factor on hazards up to the tick's start.
    pub hazard: f64,
    /// Integral of the impulse hazard up to the tick's start.
    pub impulse: f64,
}

/// What watchers meet in a room during one tick.
#[derive(Component, Debug, Clone, Default)]
pub struct RoomView {
    /// Which room.
    pub room: Id,
    /// Its anchor.
    pub anchor: Id,
    /// Whether it is on air.
    pub on: bool,
    /// Whether everybody has to leave now.
    pub closing: bool,
    /// Hazard clock at the tick's start.
    pub clock_from: f64,
    /// Hazard clock at its end.
    pub clock_to: f64,
    /// Impulse clock at the tick's start.
    pub impulse_from: f64,
    /// Impulse clock at its end.
    pub impulse_to: f64,
    /// The room's factor on hazards, mean over the tick, >= 1.
    pub factor: f64,
    /// The anchor's reputation.
    pub reputation: f64,
    /// Factor on how long people stay.
    pub interest: f64,
    /// Arousal with everything in it.
    pub arousal: f64,
    /// Arousal without staged cues and bots.
    pub honest_arousal: f64,
    /// Cues of each class so far.
    pub fallen: Fallen,
    /// Viewers on display.
    pub displayed_viewers: u64,
    /// Real ones at the same refresh.
    pub real_viewers: u64,
    /// b_d ln(1 + viewers / D0), displayed.
    pub viewers_pull: f64,
    /// The same for the real ones.
    pub real_viewers_pull: f64,
    /// The open offers.
    pub offers: Vec<OfferView>,
    /// What looks save by coupons, offer after offer: see [`OfferView::savings_at`].
    pub savings: Vec<f32>,
    /// Issues of coupons so far, if some can be asked for now; otherwise 0.
    pub issues: u16,
    /// The giveaway that is on; number 0: none.
    pub giveaway: Giveaway,
}

/// An open offer as a look finds it.
#[derive(Debug, Clone, Copy)]
pub struct OfferView {
    /// The product.
    pub product: Id,
    /// Its stable identity.
    pub product_key: u64,
    /// Its category.
    pub category: Id,
    /// What it sells for elsewhere, yuan.
    pub market_price: f64,
    /// Price and what the buyer bears beside it, yuan.
    pub cost: f64,
    /// Price alone, yuan.
    pub price: f64,
    /// Units wanted at most by one person, and allowed.
    pub units: u32,
    /// Since when viewers face it.
    pub facing_since: f64,
    /// b_s ln(1 + orders / S0), displayed.
    pub orders_pull: f64,
    /// The same for real orders.
    pub real_orders_pull: f64,
    /// Orders on display.
    pub displayed_orders: u64,
    /// Urgency of the displayed stock, 0..1.
    pub stock_urgency: f64,
    /// Urgency of the real stock, 0..1.
    pub real_stock_urgency: f64,
    /// Urgency of a running countdown, 0..1; its number; whether it is genuine.
    pub countdown: Option<(f64, u16, bool)>,
    /// Claimed price as said, yuan.
    pub claim: Option<Said<f64>>,
    /// The claim that honest displays would have made: at most the honest prior price, yuan.
    pub honest_claim: f64,
    /// Claimed quality beyond the real worth, yuan.
    pub quality: f64,
    /// Quarrel over the price: how far it closes the gap to certainty; its number.
    pub quarrel: Option<Said<f64>>,
    /// Reduction posted "by mistake", yuan.
    pub misbid: Option<Said<f64>>,
    /// Units sent "by mistake": said, delivered.
    pub wrong_quantity: Option<Said<(u32, u32)>>,
    /// Promise in force.
    pub promise: Option<Said<Promised>>,
    /// Where its savings begin in the room's; [`super::promoted::UNPROMOTED`]: there are none.
    pub savings_at: u32,
    /// A number for its terms, never 0: see `Promotions::terms`.
    pub terms: u32,
    /// A unit of it as a line of a basket.
    pub line: Line,
    /// The second at which coupons on it count.
    pub pays_at: i64,
}

/// How urgent a stock looks: 0 above the threshold share of the opening stock, 1 when it is empty.
pub fn stock_urgency(stock: u32, opening: u32, behaviour: &BehaviourTable) -> f64 {
    if opening == 0 {
        return 0.0;
    }
    let share = f64::from(stock) / f64::from(opening);
    (1.0 - share / behaviour.scarcity_below).clamp(0.0, 1.0)
}

/// The parts of a room that are prepared for a tick.
#[derive(QueryData)]
#[query_data(mutable)]
pub struct Parts {
    id: &'static RoomId,
    air: &'static Air,
    show: &'static Show,
    offers: &'static mut Offers,
    arousal: &'static mut Arousal,
    crowd: &'static mut Crowd,
    display: &'static mut Display,
    heat: &'static mut Heat,
    clock: &'static mut RoomClock,
    view: &'static mut RoomView,
    promoted: &'static mut Promoted,
}

/// Prepares every room for the tick, side by side: its crowd stirs, its counters refresh, its heat follows, and what watchers will meet is
/// condensed into its view. Rooms do not touch each other here.
pub fn prepare(
    plot: Res<Plot>,
    now: Res<Now>,
    followers: Res<Followers>,
    promotions: Promotions,
    issues: Res<Issues>,
    mut enforcement: ResMut<Enforcement>,
    mut rooms: Query<Parts, Without<Dormant>>,
) {
    let corrected = AtomicBool::new(false);
    rooms.par_iter_mut().for_each(|mut parts| {
        let id = parts.id.0;
        if *parts.air == Air::On {
            let (crowd, offers) = (&mut *parts.crowd, &mut *parts.offers);
            bots::stir(&plot, &now, crowd, offers, &mut parts.arousal);
            if now.refresh && display::refresh(&plot, &now, id, crowd, offers, &mut parts.display) {
                corrected.store(true, Ordering::Relaxed);
            }
            parts
                .heat
                .follow(&plot, &now, &followers, id, &parts.display);
        }
        stage(&plot, &now, &promotions, &issues, &mut parts);
    });
    if corrected.into_inner() {
        enforcement.acted("disclose_real_counters", now.start);
    }
}

/// Condenses a room into its view and moves its clocks over the tick.
fn stage(
    plot: &Scenario,
    now: &Now,
    promotions: &Promotions,
    issues: &Issues,
    parts: &mut PartsItem,
) {
    let (air, view) = (*parts.air, &mut *parts.view);
    view.on = air == Air::On;
    view.closing = air == Air::Closing;
    if air == Air::Before || air == Air::After {
        return;
    }
    let room = &plot.rooms[parts.id.0 as usize];
    let arousal = &mut *parts.arousal;
    arousal.decay_to(now.start, plot.behaviour.arousal_half_life_seconds);
    describe_room(plot, room, parts.id.0, view);
    view.fallen = parts.show.fallen;
    let giveaway = parts.show.giveaway;
    let is_on = now.start < giveaway.until;
    view.giveaway = if is_on { giveaway } else { Giveaway::default() };
    describe_crowd(plot, &parts.display, &parts.crowd, arousal, view);
    view.offers.clear();
    view.savings.clear();
    let promotes = !plot.campaign.coupons.is_empty();
    view.issues = if promotes {
        issues.asked_for(parts.id.0)
    } else {
        0
    };
    for (index, offer) in parts.offers.0.iter().enumerate() {
        if offer.open {
            let shown = parts.display.offer(index);
            let mut seen = view_of(plot, parts.id.0, offer, shown, now.start);
            if promotes {
                let (promoted, savings) = (&mut *parts.promoted, &mut view.savings);
                (seen.savings_at, seen.terms) =
                    promotions.savings(plot, now, parts.id.0, promoted, offer, savings);
            }
            view.offers.push(seen);
        }
    }
    move_clocks(plot, now, arousal, &mut parts.clock, view);
}

fn describe_room(plot: &Scenario, room: &Room, id: Id, view: &mut RoomView) {
    let anchor = &plot.anchors[room.anchor as usize];
    view.room = id;
    view.anchor = room.anchor;
    view.reputation = anchor.reputation;
    view.interest = room.interest;
}

fn describe_crowd(
    plot: &Scenario,
    display: &Display,
    crowd: &Crowd,
    arousal: &Arousal,
    view: &mut RoomView,
) {
    view.arousal = arousal.displayed;
    view.honest_arousal = arousal.honest;
    // Without a single refresh yet, what is on display is what is there.
    let (displayed, real) = display
        .viewers()
        .unwrap_or((crowd.real_viewers, crowd.real_viewers));
    if displayed != view.displayed_viewers || real != view.real_viewers || view.viewers_pull == 0.0
    {
        let pull = |viewers: u64| {
            plot.behaviour.social_viewers
                * libm::log1p(viewers as f64 / plot.behaviour.viewers_scale)
        };
        view.displayed_viewers = displayed;
        view.real_viewers = real;
        view.viewers_pull = pull(displayed);
        view.real_viewers_pull = pull(real);
    }
}

/// The two clocks over this tick (MODEL section 2): the hazard clock runs faster while a room is excited, and, for leaving, where
/// nothing is on sale.
fn move_clocks(
    plot: &Scenario,
    now: &Now,
    arousal: &Arousal,
    clock: &mut RoomClock,
    view: &mut RoomView,
) {
    let behaviour = &plot.behaviour;
    let mean = arousal.mean_ahead(now.length(), behaviour.arousal_half_life_seconds);
    view.factor = if view.offers.is_empty() {
        1.0 + behaviour.idle_leaving
    } else {
        1.0 + behaviour.arousal_looks * mean
    };
    view.clock_from = clock.hazard;
    clock.hazard += view.factor * now.length();
    view.clock_to = clock.hazard;
    view.impulse_from = clock.impulse;
    clock.impulse += behaviour.impulse_per_minute / 60.0 * mean * now.length();
    view.impulse_to = clock.impulse;
}

fn view_of(
    plot: &Scenario,
    room: Id,
    offer: &Offer,
    shown: display::Shown,
    second: f64,
) -> OfferView {
    let behaviour = &plot.behaviour;
    let product = &plot.products[offer.product as usize];
    // What the platform has struck out is not on the page, and nobody is told it.
    let stands = !offer.struck_out;
    let claim = offer.claim().filter(|_| stands);
    let prior = product.honest_prior_price;
    let honest_claim = claim.map_or(0.0, |claim| claim.value.min(prior));
    let implied = claim.map_or(0.0, |claim| {
        behaviour.quality_from_price * (claim.value - prior).max(0.0)
    });
    let quality = offer
        .claimed_worth
        .map_or(implied, |worth| (worth - product.worth).max(0.0));
    OfferView {
        product: offer.product,
        product_key: product.key,
        category: product.category,
        market_price: product.market_price,
        cost: offer.price + product.freight,
        price: offer.price,
        units: offer.limit.min(product.units_wanted),
        facing_since: offer.facing_since,
        orders_pull: shown.orders_pull,
        real_orders_pull: shown.real_orders_pull,
        displayed_orders: shown.displayed_orders,
        stock_urgency: stock_urgency(
            shown.displayed_stock,
            offer.shown_stock.unwrap_or(offer.opening_stock),
            behaviour,
        ),
        real_stock_urgency: stock_urgency(shown.real_stock, offer.opening_stock, behaviour),
        countdown: offer.countdown.and_then(|said| {
            let Countdown {
                from,
                until,
                genuine,
            } = said.value;
            (second >= from && second < until)
                .then(|| ((second - from) / (until - from), said.ordinal, genuine))
        }),
        claim,
        honest_claim,
        quality,
        quarrel: offer.quarrel.filter(|_| stands).map(|said| Said {
            value: (behaviour.quarrel_belief * said.value).min(1.0),
            ordinal: said.ordinal,
        }),
        misbid: offer.misbid.filter(|_| stands),
        wrong_quantity: offer.wrong_quantity,
        promise: offer.promise.filter(|said| second < said.value.until),
        savings_at: UNPROMOTED,
        terms: 0,
        line: line_of(plot, room, offer, 1),
        pays_at: moment_of_payment(offer, second),
    }
}
