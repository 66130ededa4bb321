//! Bots: farms deliver what was bought, along its ramp and within their capacity (MODEL section 4; F23 to F28).
//!
//! A farm serves its orders first come, first served: each wants its own rate, and what is beyond the farm's capacity waits. So a small
//! order queues behind a large one (F27). False counters only: nothing here touches a real one. Brushed orders take no stock (an empty
//! parcel is sent); the farm's accounts pay for them and are refunded later.

use super::arousal::Arousal;
use super::checkout::Reservations;
use super::crowd::Crowd;
use super::ledger::{Ledger, Purpose, Refunds};
use super::observe::Recorder;
use super::offers::Offers;
use super::room::{Air, RoomIndex};
use super::rows::{Account, Decision, OrderOrigin, OrderRow};
use super::tally::Tally;
use super::time::{Now, Plot};
use crate::money::Fen;
use crate::scenario::file::Service;
use crate::scenario::{Id, Scenario};
use crate::welfare::CHANNELS;
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
}

impl Job {
    /// A job just bought.
    pub fn new(room: Id, kind: JobKind, count: u64, over: f64, start: f64) -> Self {
        Self {
            room,
            kind,
            count,
            delivered: 0,
            over,
            start,
        }
    }

    /// How many the ramp wants by a second, beyond those that have come.
    fn wanted(&self, second: f64) -> u64 {
        let share = ((second - self.start) / self.over).clamp(0.0, 1.0);
        let by_now = (share * self.count as f64).floor() as u64;
        by_now.saturating_sub(self.delivered)
    }
}

/// Which farm an entity is, and what it has to deliver.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Farm {
    /// Index of the farm.
    pub id: Id,
    /// Jobs, first come first.
    pub queue: VecDeque<Job>,
    /// Capacity left over from earlier ticks, less than one account.
    pub carried: f64,
}

/// Entities of farms by index.
#[derive(Resource, Debug, Default)]
pub struct FarmIndex(pub Vec<Entity>);

/// What a delivery needs beside its room.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Books<'w> {
    plot: Res<'w, Plot>,
    now: Res<'w, Now>,
    reservations: ResMut<'w, Reservations>,
    refunds: ResMut<'w, Refunds>,
    ledger: ResMut<'w, Ledger>,
    tally: ResMut<'w, Tally>,
    recorder: ResMut<'w, Recorder>,
}

/// Delivers what the ramps want by the tick's start, and lets bots leave whose time is up.
pub fn deliver(
    index: Res<FarmIndex>,
    room_index: Res<RoomIndex>,
    mut farms: Query<&mut Farm>,
    mut rooms: Query<(&Air, &mut Crowd, &mut Offers)>,
    mut books: Books,
) {
    for entity in &index.0 {
        let Ok(mut farm) = farms.get_mut(*entity) else {
            continue;
        };
        let terms = &books.plot.clone().farms[farm.id as usize];
        let capacity = farm.carried + terms.accounts_per_second * books.now.length();
        let mut left = capacity.floor();
        let id = farm.id;
        farm.queue.retain_mut(|job| {
            let Ok((air, mut crowd, mut offers)) = rooms.get_mut(room_index.0[job.room as usize])
            else {
                return false;
            };
            if *air != Air::On {
                return *air == Air::Before;
            }
            let count = job.wanted(books.now.start).min(left as u64);
            if count > 0 {
                left -= count as f64;
                job.delivered += count;
                match job.kind {
                    JobKind::Service(service) => {
                        serve(
                            &mut crowd,
                            service,
                            count,
                            books.now.start + terms.view_seconds,
                        );
                    }
                    JobKind::Orders(product) => {
                        books.brush(&mut crowd, &mut offers, job.room, id, product, count);
                    }
                }
            }
            job.delivered < job.count
        });
        farm.carried = (capacity - capacity.floor()).min(1.0);
    }
}

fn serve(crowd: &mut Crowd, service: Service, count: u64, leave: f64) {
    match service {
        Service::Views => {
            crowd.fake.views += count;
            crowd.bots += count;
            crowd.bots_leaving.push_back((leave, count));
        }
        Service::Likes => crowd.fake.likes += count,
        Service::Comments => crowd.fake.comments += count,
        Service::Follows => crowd.fake.follows += count,
        Service::CartClicks => crowd.fake.cart_clicks += count,
    }
}

impl Books<'_> {
    /// Brushed orders: a row each, the farm's money to the seller, and a refund on the calendar.
    fn brush(
        &mut self,
        crowd: &mut Crowd,
        offers: &mut Offers,
        room: Id,
        farm: Id,
        product: Id,
        count: u64,
    ) {
        let plot = self.plot.clone();
        let Some(offer) = offers.find(product) else {
            return;
        };
        offer.brushed_orders += count;
        crowd.fake.orders += count;
        let price = Fen::from_yuan(offer.price);
        let first = self.reservations.orders;
        for _ in 0..count {
            let row = brushed_row(
                self.reservations.orders,
                self.now.start,
                room,
                product,
                price,
            );
            self.reservations.orders += 1;
            self.recorder.order(&row);
        }
        let all = price.checked_mul(count as i64).unwrap_or(Fen::ZERO);
        let brand = Account::Brand(plot.products[product as usize].brand);
        self.ledger
            .post(Account::Farm(farm), brand, Purpose::BrushedSale, all);
        let due = self.now.start + 86_400.0 * plot.platform.brushed_refund_days;
        let parties = (brand, Account::Farm(farm));
        self.refunds
            .promise(due, parties, all, room, (first, count));
        let shown = !plot.regime.discloses_at(self.now.start);
        self.tally
            .brushed(room, count, if shown { all } else { Fen::ZERO });
    }
}

fn brushed_row(order: u64, time: f64, room: Id, product: Id, price: Fen) -> OrderRow {
    OrderRow {
        order,
        time,
        room,
        product,
        consumer: None,
        segment: 0,
        vulnerable: false,
        origin: OrderOrigin::Brushed,
        units: 1,
        price,
        due_now: price,
        decision: Decision::default(),
        harm: 0.0,
        harm_shares: [0.0; CHANNELS],
        unbiased_harm: 0.0,
        unbiased_shares: [0.0; CHANNELS],
    }
}

/// What a crowd does by itself: bots leave, staff's shouting moves its counter, and comments rouse.
pub fn stir(
    plot: &Scenario,
    now: &Now,
    crowd: &mut Crowd,
    offers: &mut Offers,
    arousal: &mut Arousal,
) {
    while let Some((leave, count)) = crowd.bots_leaving.front().copied()
        && leave <= now.start
    {
        crowd.bots_leaving.pop_front();
        crowd.bots -= count;
    }
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
