//! Coupons given out in rooms (MODEL sections 5 and 7): by lottery among those who watch, to the first who take one, to those who follow, to
//! those who order for enough.
//!
//! A lottery is drawn when its cue falls: every watcher has a keyed number for the cue, the smallest win, so one watcher more takes at most one
//! coupon from the others. Whoever looks at something while coupons can be had asks for one, and they are handed out in order of time. A
//! coupon that comes with an order is in its buyer's memory at once, and on its seat from its next visit on.

use super::crowd::Crowd;
use super::errand::Errands;
use super::memory::{Memories, Note};
use super::observe::Recorder;
use super::platform_view::Cause;
use super::population::{Census, ConsumerId, MemoryOf};
use super::rank::Followers;
use super::register::Buyer;
use super::room::RoomIndex;
use super::seats::{BlockIndex, Busy, Seat, SeatBlock};
use super::time::{Now, Plot};
use super::trace::{TraceAct, TraceRow, Traced};
use super::wallet::{self, Coupons};
use crate::detect::{Token, What};
use crate::draws::{Draws, Identity, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::promotion::Kind;
use crate::scenario::file::IssuedBy;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Coupons that a room gives out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// The room.
    pub room: Id,
    /// The coupon.
    pub coupon: Id,
    /// How.
    pub by: IssuedBy,
    /// How many are left.
    pub left: u32,
    /// Until when they can be had.
    pub until: f64,
    /// What must be ordered for.
    pub least_order: Fen,
    /// Number of the issue in its room, from 1.
    pub number: u16,
}

impl Issue {
    /// How many can still be given, by the cue and by the coupon's quantity.
    fn can_give(&self, plot: &Scenario, coupons: &Coupons) -> u64 {
        let coupon = self.coupon as usize;
        let quantity = plot.campaign.coupons[coupon].quantity;
        let left = quantity.map_or(u64::MAX, |most| most.saturating_sub(coupons.given[coupon]));
        left.min(u64::from(self.left))
    }
}

/// Everything that is being given out, in order of the cues.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Issues {
    open: Vec<Issue>,
    /// By room: issues so far.
    counts: Vec<u16>,
    /// By room: those among them that can be asked for.
    asked: Vec<u16>,
}

impl Issues {
    /// None.
    pub fn new(plot: &Scenario) -> Self {
        Self {
            open: Vec::new(),
            counts: vec![0; plot.rooms.len()],
            asked: vec![0; plot.rooms.len()],
        }
    }

    /// A cue gives something out.
    pub fn begin(&mut self, mut issue: Issue) {
        let count = &mut self.counts[issue.room as usize];
        *count = count.saturating_add(1);
        issue.number = *count;
        if matches!(issue.by, IssuedBy::FirstCome | IssuedBy::Follow) {
            let asked = &mut self.asked[issue.room as usize];
            *asked = asked.saturating_add(1);
        }
        self.open.push(issue);
    }

    /// Takes one of what a room gives to the first who come, for an account that is no consumer's; false if there are none left.
    pub fn take_one(
        &mut self,
        plot: &Scenario,
        coupons: &mut Coupons,
        (room, coupon): (Id, Id),
    ) -> bool {
        let wanted = |issue: &&mut Issue| {
            let asked = matches!(issue.by, IssuedBy::FirstCome | IssuedBy::Follow);
            asked && issue.room == room && issue.coupon == coupon
        };
        let mut issues = self.open.iter_mut().filter(wanted);
        let found = issues.find(|issue| issue.can_give(plot, coupons) > 0);
        if let Some(issue) = found {
            issue.left -= 1;
            coupons.given[coupon as usize] += 1;
            return true;
        }
        false
    }

    /// How many issues there have been in a room that could be asked for, if one can be now; otherwise 0.
    pub fn asked_for(&self, room: Id) -> u16 {
        let asked = |issue: &&Issue| {
            issue.room == room && matches!(issue.by, IssuedBy::FirstCome | IssuedBy::Follow)
        };
        match self.open.iter().find(asked) {
            Some(_) => self.asked[room as usize],
            None => 0,
        }
    }
}

/// Somebody asks for what its room gives out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// When.
    pub time: f64,
    /// Who.
    pub consumer: ConsumerId,
    /// Its seat.
    pub slot: u32,
}

/// What giving out coupons moves.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Counter<'w, 's> {
    plot: Res<'w, Plot>,
    census: Res<'w, Census>,
    traced: Res<'w, Traced>,
    memories: ResMut<'w, Memories>,
    coupons: ResMut<'w, Coupons>,
    errands: ResMut<'w, Errands>,
    recorder: ResMut<'w, Recorder>,
    columns: Query<'w, 's, &'static mut MemoryOf>,
}

impl Counter<'_, '_> {
    /// The platform sees that an account is given a coupon.
    fn seen(&mut self, issue: &Issue, account: Token, time: f64, cause: Option<Cause>) {
        let what = What::Coupon {
            room: issue.room,
            account,
            coupon: issue.coupon,
            worth: worth_of(&self.plot, issue.coupon),
        };
        self.recorder.view.tell(time, what, cause);
    }

    /// Gives somebody one of an issue; its memory, or `None` if there are none left.
    fn give(&mut self, issue: &mut Issue, buyer: Buyer, time: f64) -> Option<u32> {
        let who = buyer.consumer;
        let plot = self.plot.clone();
        let coupon = issue.coupon as usize;
        let memory = self.memories.open(&self.census, &mut self.columns, who);
        let has = wallet::given(&self.memories, memory, issue.coupon);
        let most = plot.campaign.coupons[coupon].per_buyer;
        if issue.can_give(&plot, &self.coupons) == 0 || has >= most {
            return None;
        }
        issue.left -= 1;
        self.coupons.given[coupon] += 1;
        let given = Note::Given {
            coupon: issue.coupon,
        };
        self.memories.note(memory, given);
        self.seen(issue, self.recorder.view.tokens.account(who), time, None);
        let key = self.census.key_of(who);
        self.errands
            .plan(&plot, (issue.room, issue.coupon, time), key, buyer);
        if self.traced.is(who) {
            self.recorder.later(TraceRow {
                time,
                room: Some(issue.room),
                act: TraceAct::Given {
                    coupon: issue.coupon,
                },
            });
        }
        Some(memory)
    }
}

/// What a coupon takes off an order that just reaches its threshold, as far as the coupon alone tells.
pub fn worth_of(plot: &Scenario, coupon: Id) -> Fen {
    match plot.campaign.coupons[coupon as usize].kind {
        Kind::AmountOff { off, .. } => off,
        Kind::PercentOff {
            threshold,
            basis_points,
            cap,
        } => {
            let off = Fen::from_yuan(threshold.yuan() * f64::from(basis_points) / 10_000.0);
            cap.map_or(off, |cap| if off > Fen::ZERO { off.min(cap) } else { cap })
        }
        Kind::FixedPrice { .. } | Kind::DepositWorth { .. } => Fen::ZERO,
    }
}

/// Draws the lotteries whose cues have just fallen, and ends what is over.
pub fn draw_lotteries(
    now: Res<Now>,
    index: Res<BlockIndex>,
    mut issues: ResMut<Issues>,
    mut counter: Counter,
    mut blocks: Query<&mut SeatBlock>,
) {
    if issues.open.is_empty() {
        return;
    }
    let mut open = std::mem::take(&mut issues.open);
    for issue in &mut open {
        if issue.by != IssuedBy::Lottery {
            continue;
        }
        let mut watchers = watchers_of(&counter, &index, &blocks, issue);
        let winners =
            (issue.can_give(&counter.plot, &counter.coupons) as usize).min(watchers.len());
        if winners > 0 && winners < watchers.len() {
            watchers.select_nth_unstable(winners);
        }
        watchers.truncate(winners);
        watchers.sort_unstable_by_key(|watcher| watcher.2);
        for (_, block, _, slot) in watchers {
            let Ok(mut block) = blocks.get_mut(block) else {
                continue;
            };
            let seat = &mut block.seats[slot as usize];
            if let Some(memory) = counter.give(issue, buyer_on(seat), now.start) {
                (seat.memory, seat.own_coupons, seat.saving_for) = (memory, true, 0);
            }
        }
    }
    open.retain(|issue| issue.by != IssuedBy::Lottery && issue.until > now.start && issue.left > 0);
    issues.open = open;
}

fn buyer_on(seat: &Seat) -> Buyer {
    Buyer {
        consumer: seat.consumer,
        segment: seat.segment,
        vulnerable: seat.vulnerable,
        skill: seat.skill,
        aware: seat.aware,
    }
}

/// The draw of every watcher of a room who may still have one, with where it sits. The word of the draw is unique enough to order by; ties go by consumer.
fn watchers_of(
    counter: &Counter,
    index: &BlockIndex,
    blocks: &Query<&mut SeatBlock>,
    issue: &Issue,
) -> Vec<(u64, Entity, ConsumerId, u32)> {
    let plot = &counter.plot;
    let most = plot.campaign.coupons[issue.coupon as usize].per_buyer;
    let draws = Draws::new(plot.seed);
    let coupon = plot.coupon_ways[issue.coupon as usize].key;
    let room = plot.rooms[issue.room as usize].key;
    let drawn = |key: Identity| {
        let pair = identity_of_pair(identity_of_pair(key, coupon), room);
        let words = draws
            .at(Mechanism::Lottery, pair, u32::from(issue.number))
            .0;
        u64::from(words[0]) << 32 | u64::from(words[1])
    };
    let mut watchers = Vec::new();
    for entity in &index.0[issue.room as usize] {
        let Ok(block) = blocks.get(*entity) else {
            continue;
        };
        for (slot, (seat, due)) in (0..).zip(block.seats.iter().zip(&block.due)) {
            let has = || wallet::given(&counter.memories, seat.memory, issue.coupon);
            if due.is_finite() && has() < most {
                watchers.push((drawn(seat.key), *entity, seat.consumer, slot));
            }
        }
    }
    watchers
}

/// Hands out what was asked for in this tick, in order of time.
pub fn hand_out(
    rooms: Res<RoomIndex>,
    mut issues: ResMut<Issues>,
    mut followers: ResMut<Followers>,
    mut counter: Counter,
    mut crowds: Query<&mut Crowd>,
    mut blocks: Query<(Entity, &Busy, &mut SeatBlock)>,
) {
    if issues.open.is_empty() {
        return;
    }
    let mut claims: Vec<(Claim, Id, Entity)> = Vec::new();
    for (entity, busy, mut block) in &mut blocks {
        if busy.0 {
            let room = block.room;
            claims.extend(block.claims.drain(..).map(|claim| (claim, room, entity)));
        }
    }
    claims.sort_by(|(a, ..), (b, ..)| a.time.total_cmp(&b.time).then(a.consumer.cmp(&b.consumer)));
    let mut open = std::mem::take(&mut issues.open);
    for (claim, room, entity) in claims {
        for issue in open.iter_mut().filter(|issue| issue.room == room) {
            if !matches!(issue.by, IssuedBy::FirstCome | IssuedBy::Follow)
                || claim.time > issue.until
            {
                continue;
            }
            let Ok((_, _, mut block)) = blocks.get_mut(entity) else {
                continue;
            };
            let seat = &mut block.seats[claim.slot as usize];
            let Some(memory) = counter.give(issue, buyer_on(seat), claim.time) else {
                continue;
            };
            (seat.memory, seat.own_coupons, seat.saving_for) = (memory, true, 0);
            let anchor = counter.plot.rooms[room as usize].anchor;
            let follows = Note::Follows { anchor };
            if issue.by == IssuedBy::Follow && !counter.memories.knows(memory, follows) {
                counter.memories.note(memory, follows);
                followers.gain(anchor);
                if let Ok(mut crowd) = crowds.get_mut(rooms.0[room as usize]) {
                    crowd.real.follows += 1;
                }
                let account = counter.recorder.view.tokens.account(claim.consumer);
                let what = What::Follow { room, account };
                counter.recorder.view.tell(claim.time, what, None);
            }
        }
    }
    issues.open = open;
}

/// Gives coupons to somebody who has paid an order in a room.
pub fn reward(
    issues: &mut Issues,
    coupons: &mut Coupons,
    plot: &Scenario,
    (room, price, time): (Id, Fen, f64),
    has: impl Fn(Id) -> u32,
    mut give: impl FnMut(Id),
) {
    for issue in issues.open.iter_mut() {
        let there_are = issue.can_give(plot, coupons) > 0;
        let due = issue.by == IssuedBy::Order && issue.room == room && time <= issue.until;
        let may = has(issue.coupon) < plot.campaign.coupons[issue.coupon as usize].per_buyer;
        if there_are && due && may && price >= issue.least_order {
            issue.left -= 1;
            coupons.given[issue.coupon as usize] += 1;
            give(issue.coupon);
        }
    }
}
