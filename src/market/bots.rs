//! Bots: farms deliver what was bought, along its ramp and within their capacity (MODEL section 4; F23 to F28).
//!
//! A farm serves its orders first come, first served: each wants its own rate, and what is beyond the farm's capacity waits. So a small
//! order queues behind a large one (F27). Every bought viewer, like, follow or order is an account of the farm that comes into the room, any that is free
//! (what they do there is in `crew`, their orders in `brushing`). False counters only: nothing here touches a real one.

use super::arousal::Arousal;
use super::checkout::Reservations;
use super::crew::{self, Act, Bot, Crew, Errand, Sent};
use super::crowd::Crowd;
use super::issue::{Issues, worth_of};
use super::ledger::{Ledger, Refunds};
use super::observe::Recorder;
use super::offers::Offers;
use super::platform_view::{Cause, millis};
use super::room::{Air, RoomId, RoomIndex};
use super::roster::Dormant;
use super::sanction::Patrols;
use super::tally::Tally;
use super::time::{Now, Plot};
use super::wallet::Coupons;
use crate::detect::{Millis, What};
use crate::draws::{Draws, Mechanism};
use crate::scenario::file::Service;
use crate::scenario::{Farm as Terms, Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What a job delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobKind {
    /// Views, likes, comments, follows or cart clicks.
    Service(Service),
    /// Brushed orders of a product.
    Orders(Id),
    /// Coupons taken.
    Coupons(Id),
}

/// Something bought from a farm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// For which room.
    pub room: Id,
    /// What.
    pub kind: JobKind,
    /// How many are to come.
    count: u64,
    /// How many have come.
    delivered: u64,
    /// Seconds that the whole takes, if the farm has the capacity.
    over: f64,
    /// Second at which it was bought.
    start: f64,
    /// The cue that bought it.
    cue: u32,
}

impl Job {
    /// A job just bought: how many, within how many seconds, at which second and by which cue of the room.
    pub fn new(
        room: Id,
        kind: JobKind,
        (count, over): (u64, f64),
        (start, cue): (f64, u32),
    ) -> Self {
        Self {
            room,
            kind,
            count,
            delivered: 0,
            over,
            start,
            cue,
        }
    }

    /// How many the ramp wants by a second, beyond those that have come.
    fn wanted(&self, second: f64) -> u64 {
        let share = ((second - self.start) / self.over).clamp(0.0, 1.0);
        let by_now = (share * self.count as f64).floor() as u64;
        by_now.saturating_sub(self.delivered)
    }
}

/// Accounts of a farm that are looked at together.
const GROUP: usize = 64;

/// Which farm an entity is, and what it has to deliver.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Farm {
    /// Index of the farm.
    pub id: Id,
    /// Jobs, first come first.
    pub queue: VecDeque<Job>,
    /// Capacity left over from earlier ticks, less than one account.
    pub carried: f64,
    /// Accounts sent so far, anywhere.
    pub sent: u64,
    /// What was bought of it and had not come when the room went off air.
    pub left_waiting: u64,
    /// By account, as far as any has been sent, until when it is in some room, millisecond: it comes into no other before.
    busy_until: Vec<Millis>,
    /// By group of accounts that have all been sent, the earliest moment at which one of it may be free: a group that is away is passed over in one step.
    #[serde(skip)]
    groups_away_until: Vec<Millis>,
    /// Nobody of it is free before this: where orders wait for accounts, none is asked again at every tick.
    #[serde(skip)]
    nobody_before: Millis,
}

impl Farm {
    /// One that has sent nobody yet.
    pub fn of(id: Id) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }

    /// An account is in some room until a moment.
    fn is_busy(&mut self, bot: Bot, until: Millis) {
        let number = bot.number as usize;
        if self.busy_until.len() <= number {
            self.busy_until.resize(number + 1, 0);
        }
        self.busy_until[number] = self.busy_until[number].max(until);
        self.note_group(number / GROUP);
    }

    /// When the first of a group is free, once all of it have been sent somewhere.
    fn note_group(&mut self, group: usize) {
        if self.groups_away_until.len() <= group {
            self.groups_away_until.resize(group + 1, 0);
        }
        let members = self.busy_until.chunks_exact(GROUP).nth(group);
        let first = members.and_then(|members| members.iter().min());
        self.groups_away_until[group] = first.copied().unwrap_or(0);
    }

    /// Until when at least the whole group that begins with an account is away; `None`: it begins none, or somebody of it may be free.
    fn away_from(&self, number: u32, at: Millis) -> Option<Millis> {
        let begins_group = (number as usize).is_multiple_of(GROUP);
        let group = self.groups_away_until.get(number as usize / GROUP);
        group.copied().filter(|until| begins_group && *until > at)
    }

    /// Any account that is in no room at a moment and not shut out: the first from a drawn one on. If they took turns, all would be away for equally long.
    /// `None`: there is none.
    fn any_free(
        &mut self,
        (accounts, uniform): (u32, f64),
        at: Millis,
        patrols: &Patrols,
    ) -> Option<Bot> {
        if at < self.nobody_before {
            return None;
        }
        let mut nobody_before = Millis::MAX;
        let first = (uniform * f64::from(accounts)) as u32 % accounts;
        for range in [first..accounts, 0..first] {
            let mut number = range.start;
            while number < range.end {
                if let Some(until) = self.away_from(number, at) {
                    nobody_before = nobody_before.min(until);
                    number += GROUP as u32;
                    continue;
                }
                let bot = Bot {
                    farm: self.id,
                    number,
                };
                number += 1;
                if patrols.is_out(bot) {
                    continue;
                }
                let busy_until = self.busy_until.get(bot.number as usize);
                match busy_until.copied().filter(|until| *until > at) {
                    Some(until) => nobody_before = nobody_before.min(until),
                    None => return Some(bot),
                }
            }
        }
        self.nobody_before = nobody_before;
        None
    }
}

/// Entities of farms by index.
#[derive(Resource, Debug, Default)]
pub struct FarmIndex(pub Vec<Entity>);

/// What a delivery needs beside its room.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Books<'w> {
    pub(super) plot: Res<'w, Plot>,
    pub(super) now: Res<'w, Now>,
    patrols: Res<'w, Patrols>,
    pub(super) reservations: ResMut<'w, Reservations>,
    pub(super) refunds: ResMut<'w, Refunds>,
    pub(super) ledger: ResMut<'w, Ledger>,
    pub(super) tally: ResMut<'w, Tally>,
    pub(super) recorder: ResMut<'w, Recorder>,
    issues: ResMut<'w, Issues>,
    coupons: ResMut<'w, Coupons>,
}

/// The parts of a room that farms move.
type Stage = (
    &'static RoomId,
    &'static Air,
    &'static mut Crowd,
    &'static mut Offers,
    &'static mut Crew,
);

/// Delivers what the ramps want by the tick's start; then accounts that are there do what they came for, and leave when their time is up.
pub fn deliver(
    index: Res<FarmIndex>,
    room_index: Res<RoomIndex>,
    mut farms: Query<&mut Farm>,
    mut rooms: Query<Stage, Without<Dormant>>,
    mut books: Books,
    mut acting: Local<Vec<Errand>>,
) {
    let plot = books.plot.clone();
    for entity in &index.0 {
        let Ok(mut farm) = farms.get_mut(*entity) else {
            continue;
        };
        let farm = &mut *farm;
        let terms = &plot.farms[farm.id as usize];
        let capacity = farm.carried + terms.accounts_per_second * books.now.length();
        let mut left = capacity.floor();
        let mut queue = std::mem::take(&mut farm.queue);
        queue.retain_mut(|job| {
            let Ok((_, air, mut crowd, _, mut crew)) =
                rooms.get_mut(room_index.0[job.room as usize])
            else {
                return false;
            };
            if *air != Air::On {
                let waits = *air == Air::Before;
                farm.left_waiting += if waits { 0 } else { job.count - job.delivered };
                return waits;
            }
            let count = job.wanted(books.now.start).min(left as u64);
            for _ in 0..count {
                if !books.send(farm, terms, job, (&mut crowd, &mut crew)) {
                    // All its accounts are in some room: the rest waits.
                    break;
                }
                left -= 1.0;
                job.delivered += 1;
            }
            job.delivered < job.count
        });
        farm.queue = queue;
        farm.carried = (capacity - capacity.floor()).min(1.0);
    }
    for (id, air, mut crowd, mut offers, mut crew) in &mut rooms {
        match *air {
            Air::On => {
                crew.due(millis(books.now.start), &mut acting);
                for errand in acting.drain(..) {
                    books.let_act(id.0, (&mut crowd, &mut offers), errand);
                }
            }
            Air::Closing => books.close(id.0, (&mut crowd, &mut crew)),
            Air::Before | Air::After => {}
        }
    }
}

impl Books<'_> {
    /// Sends one account into a room, at some moment of the tick that has just passed; false if the farm has none to send.
    fn send(
        &mut self,
        farm: &mut Farm,
        terms: &Terms,
        job: &Job,
        (crowd, crew): (&mut Crowd, &mut Crew),
    ) -> bool {
        let plot = self.plot.clone();
        let ordinal = farm.sent as u32;
        let words = Draws::new(plot.seed).at(Mechanism::Bots, terms.key, ordinal);
        let at = self.now.start - self.now.length() * words.uniform(0);
        let whose = (terms.crew.accounts, words.uniform(1));
        let Some(bot) = farm.any_free(whose, millis(at), &self.patrols) else {
            return false;
        };
        farm.sent += 1;
        let sent = Sent {
            farm: terms,
            bot,
            ordinal,
            room: job.room,
            cue: job.cue,
            at,
        };
        let leaves = self.let_in(&plot, &sent, job.kind, (crowd, crew));
        farm.is_busy(bot, leaves);
        true
    }

    /// Lets an account in for what its job is; when it will leave, 0 if somebody else acted in its place.
    fn let_in(
        &mut self,
        plot: &Scenario,
        sent: &Sent,
        kind: JobKind,
        (crowd, crew): (&mut Crowd, &mut Crew),
    ) -> Millis {
        let recorder = &mut *self.recorder;
        let act = match kind {
            JobKind::Service(Service::Views) => return crew.watch(plot, crowd, recorder, sent),
            JobKind::Orders(product) => {
                return crew.order(plot, crowd, recorder, (sent, product));
            }
            JobKind::Coupons(coupon) => {
                let act = Act::Click(Id::MAX);
                let done = crew.act_once(plot, crowd, recorder, (sent, act));
                let (bot, at) = (done.bot, done.at);
                self.take_coupon(&Sent { bot, at, ..*sent }, coupon);
                return done.leaves;
            }
            JobKind::Service(Service::Likes) => Act::Like,
            JobKind::Service(Service::Comments) => Act::Comment,
            JobKind::Service(Service::Follows) => Act::Follow,
            JobKind::Service(Service::CartClicks) => Act::Click(Id::MAX),
        };
        crew.act_once(plot, crowd, recorder, (sent, act)).leaves
    }

    /// A farm's account takes a coupon, if there are any left.
    fn take_coupon(&mut self, sent: &Sent, coupon: Id) {
        let room = sent.room;
        if !self
            .issues
            .take_one(&self.plot, &mut self.coupons, (room, coupon))
        {
            return;
        }
        let what = What::Coupon {
            room,
            account: self
                .recorder
                .view
                .tokens
                .farm_account(sent.farm, sent.bot.number),
            coupon,
            worth: worth_of(&self.plot, coupon),
        };
        let cue = sent.cue;
        self.recorder
            .view
            .tell(sent.at, what, Some(Cause { room, cue }));
    }

    /// An account in a room does what it has to do by now.
    fn let_act(&mut self, room: Id, (crowd, offers): (&mut Crowd, &mut Offers), errand: Errand) {
        let plot = &self.plot;
        let click = |act| Errand { act, ..errand };
        let mut perform =
            |errand: &Errand| crew::perform(plot, crowd, &mut self.recorder, (room, errand));
        match errand.act {
            Act::Order(product) => {
                // Whoever orders does so from the product's page: a click, as consumers' orders have one.
                perform(&click(Act::Click(product)));
                self.brush(crowd, offers, (room, product), &errand);
            }
            Act::Look | Act::Click(Id::MAX) => {
                let on_sale = offers.on_sale();
                if errand.act == Act::Look && on_sale.is_none() {
                    return;
                }
                // What was paid for is delivered, if on what is not on sale any more.
                let offer = on_sale.or(offers.0.last());
                let product = offer.map_or(Id::MAX, |offer| offer.product);
                perform(&click(Act::Click(product)));
            }
            _ => perform(&errand),
        }
    }

    /// The room has gone off air.
    fn close(&mut self, room: Id, (crowd, crew): (&mut Crowd, &mut Crew)) {
        let at = millis(self.now.start);
        for errand in crew.everybody_leaves() {
            let errand = Errand { at, ..errand };
            crew::perform(&self.plot, crowd, &mut self.recorder, (room, &errand));
        }
    }
}

/// What a crowd does by itself: staff's shouting moves its counter, and comments rouse.
pub fn stir(
    plot: &Scenario,
    now: &Now,
    crowd: &mut Crowd,
    offers: &mut Offers,
    arousal: &mut Arousal,
) {
    let mut shouted = 0;
    for offer in &mut offers.0 {
        if let Some(shout) = offer.shout {
            let share = ((now.start - shout.start) / shout.over).clamp(0.0, 1.0);
            let climb = shout.to.saturating_sub(shout.from) as f64 * share;
            let figure = shout.from + climb.floor() as u64;
            let others = offer.real_orders + offer.brushed_orders;
            offer.shouted_orders = offer.shouted_orders.max(figure.saturating_sub(others));
        }
        shouted += offer.shouted_orders + offer.brushed_orders;
    }
    crowd.fake.orders = shouted;
    rouse_by_comments(plot, now, crowd, arousal);
}

/// Comments rouse by their number per viewer: all of them on display, real ones among real viewers on the honest track.
fn rouse_by_comments(plot: &Scenario, now: &Now, crowd: &mut Crowd, arousal: &mut Arousal) {
    let real = crowd.real.comments - crowd.comments_felt;
    let fake = crowd.fake.comments - crowd.fake_comments_felt;
    if real + fake == 0 {
        return;
    }
    crowd.comments_felt = crowd.real.comments;
    crowd.fake_comments_felt = crowd.fake.comments;
    arousal.decay_to(now.start, plot.behaviour.arousal_half_life_seconds);
    let weight = plot.behaviour.arousal_from_comments;
    let per_viewer = |comments: u64, viewers: u64| comments as f64 / viewers.max(1) as f64;
    arousal.displayed += weight * per_viewer(real + fake, crowd.real_viewers + crowd.bots);
    arousal.honest += weight * per_viewer(real, crowd.real_viewers);
}
