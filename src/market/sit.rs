//! Sitting down: what somebody who comes into a room takes along to its seat, so that its looks touch nothing else.

use super::aftermath::News;
use super::exposure::Exposure;
use super::memory::Memories;
use super::platform_view::{Deed, Logged};
use super::population::{Census, Traits};
use super::room::RoomView;
use super::seats::{Entry, NOTHING, Seat, SeatBlock};
use super::time::Now;
use super::trace::{TraceAct, TraceRow};
use super::wallet::{self, Known, Skill};
use super::watch::Audience;
use crate::detect::event::Source;
use crate::draws::{Draws, Mechanism, identity_of_pair};
use crate::scenario::Scenario;
/// Seats everybody who has come into a block.
pub fn sit(audience: &Audience, view: &RoomView, block: &mut SeatBlock) {
    let mut incoming = std::mem::take(&mut block.incoming);
    for entry in incoming.drain(..) {
        let newcomer = Newcomer {
            plot: &audience.plot,
            draws: audience.draws(),
            now: &audience.now,
            census: &audience.census,
            memories: &audience.memories,
            memory: audience.memory_of(entry.consumer),
            known: &audience.promotions.known,
            news: &audience.news,
        };
        let (seat, due) = newcomer.takes_seat(&entry, view);
        block.seat(seat, due);
        block.deeds.entries += 1;
        if audience.is_watched() {
            block.log.push(Logged {
                time: entry.time,
                consumer: entry.consumer,
                deed: Deed::Entered(entry.source),
            });
        }
        if audience.traced.is(entry.consumer) {
            block.trace.push(TraceRow {
                time: entry.time,
                room: Some(entry.room),
                act: TraceAct::Entered {
                    chosen: entry.source != Source::Feed,
                    displayed_viewers: view.displayed_viewers,
                    real_viewers: view.real_viewers,
                },
            });
        }
    }
    block.incoming = incoming;
}

struct Newcomer<'a> {
    plot: &'a Scenario,
    draws: Draws,
    now: &'a Now,
    census: &'a Census,
    memories: &'a Memories,
    memory: u32,
    known: &'a Known,
    news: &'a News,
}

impl Newcomer<'_> {
    /// The seat, and the hazard clock at its first act.
    fn takes_seat(&self, entry: &Entry, view: &RoomView) -> (Seat, f64) {
        let (segment, _) = self.census.segment_of(entry.consumer);
        let key = self.census.key_of(entry.consumer);
        let table = &self.plot.population.segments[segment as usize].traits;
        let traits = Traits::of(table, key, self.draws);
        let visit_key = identity_of_pair(
            identity_of_pair(key, u64::from(self.now.day)),
            u64::from(entry.visit),
        );
        let leave = 1.0 / (traits.dwell_seconds.max(1.0) * view.interest);
        let look = traits.look_rate;
        let like = traits.like_rate;
        let comment = traits.comment_rate;
        let rate = look + leave + like + comment + traits.follow_rate;
        let share = (entry.time - self.now.start) / self.now.length();
        let clock = view.clock_from + share * (view.clock_to - view.clock_from);
        let recalled = (self.memories, self.memory);
        let left = self.news.trust_left(self.plot, view.anchor, key, recalled);
        let trust = traits.trust * left;
        let wait = self.draws.at(Mechanism::Waiting, visit_key, 0);
        let seat = Seat {
            consumer: entry.consumer,
            segment,
            key,
            visit_key,
            visit: entry.visit,
            acts: 0,
            looks: entry.looks,
            looks_at_entry: entry.looks,
            entered: entry.time,
            impulse_at_entry: view.impulse_from + share * (view.impulse_to - view.impulse_from),
            session_end: entry
                .session_end
                .unwrap_or(entry.time + traits.session_seconds),
            rate,
            marks: [
                look as f32,
                (look + leave) as f32,
                (look + leave + like) as f32,
                (look + leave + like + comment) as f32,
                rate as f32,
            ],
            refreshing: NOTHING,
            refresh_until: 0.0,
            susceptibility: traits.susceptibility as f32,
            bargain_weight: traits.bargain_weight as f32,
            loss_aversion: traits.loss_aversion as f32,
            anchoring: traits.anchoring as f32,
            keep: (1.0 - self.plot.behaviour.scepticism * traits.literacy) as f32,
            belief: (trust * view.reputation).min(1.0) as f32,
            taste_scale: traits.taste_scale as f32,
            search_rate: traits.search_rate as f32,
            value_of_time: traits.value_of_time as f32,
            budget_left: (traits.budget - self.memories.spent(self.memory).yuan()) as f32,
            vulnerable: traits.vulnerable,
            exposure: Exposure {
                before: self.memories.exposure(self.memory),
                at_entry: view.fallen,
            },
            memory: self.memory,
            ordered: self.memories.ordered_bits(self.memory),
            impulses: self.memories.impulses(self.memory),
            asks: false,
            skill: Skill::of(traits.literacy, &self.plot.behaviour),
            aware: self.known.count(self.plot, self.draws, key) as u8,
            own_coupons: wallet::is_its_own(self.memories, self.memory),
            asked_for: 0,
            met_giveaway: 0,
            saving: 0.0,
            saving_for: 0,
            taste: Default::default(),
        };
        (seat, clock + wait.exponential(0) / rate)
    }
}
