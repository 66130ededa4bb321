//! Sanctions: what a platform does about an alert of its detector (MODEL sections 4 and 9), rightly or wrongly.
//!
//! * A room: its counters are corrected and its exposure is throttled for the rest of the evening; an anchor that is sanctioned again is suspended: its
//!   rooms stay closed.
//! * An account is shut out: a bot is gone, and no longer on display; a consumer leaves at its next act and is let into no other room.
//! * An order is taken off the display; a consumer's is cancelled instead of paid.
//! * An offer: what is claimed of its price is struck out, and whatever was staged about it is no longer believed.
//!
//! A sanction is true if what it is about had been bought, brushed or staged by then; false ones harm honest rooms and people.

use super::crew::{Bot, Crew};
use super::crowd::Crowd;
use super::display::Display;
use super::enforce::Enforcement;
use super::observe::Recorder;
use super::offers::Offers;
use super::patrol::{Rounds, Thresholds};
use super::platform_view::{KnownOrder, Who};
use super::population::ConsumerId;
use super::rank::Heat;
use super::reference::allowed_claim;
use super::room::{Air, RoomIndex};
use super::rows::{Account, EnforcementRow};
use super::tally::Tally;
use super::time::{Now, Plot};
use crate::detect::{Score, Subject, Token};
use crate::money::Fen;
use crate::scenario::{Act, Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Sanctions of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Of what was bought, brushed or staged.
    pub right: u64,
    /// Of what was not.
    pub wrong: u64,
}

impl Hits {
    fn add(&mut self, is_right: bool) {
        match is_right {
            true => self.right += 1,
            false => self.wrong += 1,
        }
    }

    /// All of them.
    pub fn all(self) -> u64 {
        self.right + self.wrong
    }
}

/// What a detector has led to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sanctions {
    /// Rooms.
    pub rooms: Hits,
    /// Accounts.
    pub accounts: Hits,
    /// Orders.
    pub orders: Hits,
    /// Offers.
    pub offers: Hits,
}

/// Whom sanctions have hit wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wronged<'a> {
    /// Rooms that were sanctioned, or an offer of theirs, or their anchor suspended, for nothing.
    pub rooms: &'a BTreeSet<Id>,
    /// Consumers who were shut out.
    pub consumers: &'a BTreeSet<ConsumerId>,
    /// Orders that were found suspicious, brushed ones among them.
    pub orders: &'a BTreeSet<u64>,
}

/// What was found of what farms had delivered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Caught {
    /// Rooms and offers of which a sanction was true, by room.
    pub rooms: BTreeSet<Id>,
    /// Accounts of farms that were shut out, and orders of theirs that were taken off the display, by the room in which they were last.
    pub taken: BTreeMap<Id, u64>,
}

/// What the platform has done so far.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Patrols {
    /// By room: whether it has been counted as patrolled.
    counted: Vec<bool>,
    /// By room: whether it has been sanctioned.
    sanctioned: Vec<bool>,
    /// By anchor: sanctions so far, and the second until which it is suspended.
    anchors: Vec<(u32, f64)>,
    /// Consumers who are shut out.
    consumers: BTreeSet<ConsumerId>,
    /// Accounts of farms that are shut out.
    bots: BTreeSet<Bot>,
    /// Whether accounts of farms were shut out since they were last looked for in rooms.
    bots_are_new: bool,
    /// Orders that were found suspicious.
    orders: BTreeSet<u64>,
    /// Offers that were found suspicious.
    offers: BTreeSet<(Id, Id)>,
    /// Rooms to which something was done for nothing.
    wronged: BTreeSet<Id>,
    /// What it came to.
    pub sanctions: Sanctions,
    /// What farms learn of it.
    pub caught: Caught,
}

impl Patrols {
    /// None yet.
    pub fn new(plot: &Scenario) -> Self {
        Self {
            counted: vec![false; plot.rooms.len()],
            sanctioned: vec![false; plot.rooms.len()],
            anchors: vec![(0, f64::NEG_INFINITY); plot.anchors.len()],
            ..Self::default()
        }
    }

    /// Whether an anchor may not open a room at a second.
    pub fn is_suspended(&self, anchor: Id, second: f64) -> bool {
        second < self.anchors[anchor as usize].1
    }

    /// Whether an account of a farm is shut out.
    pub fn is_out(&self, bot: Bot) -> bool {
        self.bots.contains(&bot)
    }

    /// Whether a consumer is shut out.
    #[inline]
    pub fn keeps_out(&self, consumer: ConsumerId) -> bool {
        !self.consumers.is_empty() && self.consumers.contains(&consumer)
    }

    /// Whether an order is to be cancelled.
    pub fn cancels(&self, order: u64) -> bool {
        !self.orders.is_empty() && self.orders.contains(&order)
    }

    /// Whom all of it has hit wrongly.
    pub fn wronged(&self) -> Wronged<'_> {
        Wronged {
            rooms: &self.wronged,
            consumers: &self.consumers,
            orders: &self.orders,
        }
    }

    /// How many accounts of a farm are shut out.
    pub fn shut_out_of(&self, farm: Id) -> u64 {
        let bot = |farm| Bot { farm, number: 0 };
        self.bots.range(bot(farm)..bot(farm + 1)).count() as u64
    }

    /// Counts a room as patrolled; true the first time.
    pub fn count(&mut self, room: Id) -> bool {
        !std::mem::replace(&mut self.counted[room as usize], true)
    }
}

/// What sanctions move.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Bench<'w, 's> {
    plot: Res<'w, Plot>,
    now: Res<'w, Now>,
    index: Res<'w, RoomIndex>,
    rounds: Res<'w, Rounds>,
    patrols: ResMut<'w, Patrols>,
    enforcement: ResMut<'w, Enforcement>,
    tally: ResMut<'w, Tally>,
    recorder: ResMut<'w, Recorder>,
    rooms: Query<
        'w,
        's,
        (
            &'static Air,
            &'static mut Crowd,
            &'static mut Offers,
            &'static mut Display,
            &'static mut Heat,
            &'static mut Crew,
        ),
    >,
}

impl Bench<'_, '_> {
    /// Acts on something that the detector has said, if its score is high enough.
    pub fn hear(&mut self, said: &Score, thresholds: &Thresholds) {
        match said.about {
            Subject::Room(room) if said.score >= thresholds.room => self.room(room, said),
            Subject::Account(account) if said.score >= thresholds.account => self.account(account),
            Subject::Order(order) if said.score >= thresholds.order => self.order(order),
            Subject::Offer { room, product } if said.score >= thresholds.offer => {
                self.offer(room, product);
            }
            _ => {}
        }
    }

    fn room(&mut self, room: Id, said: &Score) {
        let plot = self.plot.clone();
        let Some(entity) = self.index.0.get(room as usize) else {
            return;
        };
        let Ok((Air::On, crowd, offers, mut display, mut heat, _)) = self.rooms.get_mut(*entity)
        else {
            return;
        };
        if self.patrols.sanctioned[room as usize] {
            return;
        }
        self.tally.aftermath.alerts += 1;
        if !self.rounds.acts(room) {
            return;
        }
        display.corrected = plot.regime.correct_counters;
        heat.curbed = 1.0 - plot.regime.throttle;
        let shouted = |offer: &super::offers::Offer| offer.displayed_orders() > offer.real_orders;
        let is_true = crowd.fake != Default::default()
            || offers.0.iter().any(shouted)
            || has_bought(&plot, room, self.now.start);
        self.patrols.sanctioned[room as usize] = true;
        self.patrols.sanctions.rooms.add(is_true);
        self.remember(room, is_true);
        let suspends = self.count_against_anchor(room, is_true);
        let done = done_in_words(&plot, suspends);
        self.record((room, done, said.reason), is_true);
    }

    /// Something was done to a room, rightly or wrongly.
    fn remember(&mut self, room: Id, is_true: bool) {
        match is_true {
            true => self.patrols.caught.rooms.insert(room),
            false => self.patrols.wronged.insert(room),
        };
    }

    /// Whether the anchor is suspended.
    fn count_against_anchor(&mut self, room: Id, is_true: bool) -> bool {
        let regime = &self.plot.regime;
        self.enforcement.acted("platform_patrol", self.now.start);
        let totals = &mut self.tally.aftermath;
        match is_true {
            true => totals.true_sanctions += 1,
            false => totals.false_sanctions += 1,
        }
        let anchor = self.plot.rooms[room as usize].anchor;
        let (times, until) = &mut self.patrols.anchors[anchor as usize];
        *times += 1;
        let suspends = *times > 1 && regime.suspension_days > 0.0;
        if suspends {
            *until = self.now.start + 86_400.0 * regime.suspension_days;
        }
        if suspends && !is_true {
            let rooms = self.plot.rooms.iter().zip(0..);
            let theirs = rooms.filter(|(room, _)| room.anchor == anchor);
            self.patrols
                .wronged
                .extend(theirs.map(|(_, id): (_, Id)| id));
        }
        suspends
    }

    fn account(&mut self, account: Token) {
        let Some(who) = self.recorder.view.who(account) else {
            return;
        };
        let patrols = &mut *self.patrols;
        let (is_new, is_bot) = match who {
            Who::Consumer(consumer) => (patrols.consumers.insert(consumer), false),
            Who::Bot(bot, room) => {
                let is_new = patrols.bots.insert(bot);
                patrols.bots_are_new |= is_new;
                *patrols.caught.taken.entry(room).or_default() += u64::from(is_new);
                (is_new, true)
            }
        };
        if is_new {
            patrols.sanctions.accounts.add(is_bot);
            self.enforcement.acted("platform_patrol", self.now.start);
        }
    }

    fn order(&mut self, order: Token) {
        let Some(known) = self.recorder.view.order(order) else {
            return;
        };
        let KnownOrder {
            number,
            room,
            product,
            is_brushed,
        } = known;
        if !self.patrols.orders.insert(number) {
            return;
        }
        self.patrols.sanctions.orders.add(is_brushed);
        if is_brushed {
            *self.patrols.caught.taken.entry(room).or_default() += 1;
        }
        self.enforcement.acted("platform_patrol", self.now.start);
        let entity = self.index.0.get(room as usize);
        let rooms = &mut self.rooms;
        if let Some((_, _, mut offers, ..)) = entity.and_then(|room| rooms.get_mut(*room).ok())
            && let Some(offer) = offers.find(product)
            && is_brushed
        {
            offer.brushed_orders = offer.brushed_orders.saturating_sub(1);
        }
    }

    fn offer(&mut self, room: Id, product: Id) {
        let Some(entity) = self.index.0.get(room as usize) else {
            return;
        };
        let Ok((_, _, mut offers, ..)) = self.rooms.get_mut(*entity) else {
            return;
        };
        let Some(offer) = offers.find(product) else {
            return;
        };
        if !self.patrols.offers.insert((room, product)) {
            return;
        }
        offer.struck_out = true;
        let is_true = is_staged(&self.plot, room, product, self.now.start);
        self.patrols.sanctions.offers.add(is_true);
        self.remember(room, is_true);
        self.enforcement.acted("platform_patrol", self.now.start);
        let done = "claims struck out".to_owned();
        self.record((room, done, "an offer that looks staged"), is_true);
    }

    /// Accounts of farms that have been shut out are gone from all rooms.
    pub fn shut_out(&mut self) {
        if !std::mem::take(&mut self.patrols.bots_are_new) {
            return;
        }
        let patrols = &*self.patrols;
        for (_, mut crowd, _, _, _, mut crew) in &mut self.rooms {
            crowd.bots -= crew.shut_out(|bot| patrols.is_out(bot));
        }
    }

    fn record(&mut self, (room, action, reason): (Id, String, &str), is_true: bool) {
        let anchor = self.plot.rooms[room as usize].anchor;
        self.recorder.enforcement(&EnforcementRow {
            time: self.now.start,
            by: "platform",
            room: Some(room),
            party: Account::Anchor(anchor),
            action,
            reason: reason.to_owned(),
            is_true,
            amount: Fen::ZERO,
        });
    }
}

fn done_in_words(plot: &Scenario, suspends: bool) -> String {
    let done = [
        (plot.regime.correct_counters, "counters corrected"),
        (plot.regime.throttle < 1.0, "throttled"),
        (suspends, "suspended"),
    ];
    let done: Vec<&str> = done
        .into_iter()
        .filter_map(|(does, what)| does.then_some(what))
        .collect();
    match done.is_empty() {
        true => "warned".to_owned(),
        false => done.join(", "),
    }
}

/// Whether a room has bought anything from a farm by a second, even if nothing came of it.
fn has_bought(plot: &Scenario, room: Id, second: f64) -> bool {
    let cues = plot.rooms[room as usize].cues.iter();
    let mut fallen = cues.filter(|cue| cue.at <= second);
    fallen.any(|cue| {
        matches!(
            cue.act,
            Act::Buy { .. } | Act::BrushOrders { .. } | Act::FarmCoupons { .. }
        )
    })
}

/// Whether anything has been staged about an offer by a second, or a price claimed at which the product was never sold.
fn is_staged(plot: &Scenario, room: Id, product: Id, second: f64) -> bool {
    let cues = plot.rooms[room as usize].cues.iter();
    let mut about_it = cues.filter(|cue| cue.at <= second && cue.act.product() == Some(product));
    about_it.any(|cue| match cue.act {
        Act::StagedQuarrel { .. } | Act::Misbid { .. } => true,
        Act::ClaimPrice { price, .. } => price > allowed_claim(plot, product, cue.at),
        _ => false,
    })
}
