//! Scripts: rooms go on air and off, and cues whose time has come take effect (MODEL section 5).
//!
//! A cue takes effect at the first tick that starts at or after its time. What each act does is in
//! `acts`.

use super::acts::Stagehand;
use super::arousal::Arousal;
use super::bots::{Farm, FarmIndex, Job};
use super::call::Calls;
use super::crowd::Crowd;
use super::display::Display;
use super::enforce::Enforcement;
use super::exposure::class_of;
use super::hearing::Heard;
use super::issue::Issues;
use super::ledger::{Ledger, Purpose};
use super::observe::Recorder;
use super::offers::Offers;
use super::rank::Exposures;
use super::room::{Air, RoomId, Show, Window};
use super::roster::Dormant;
use super::rows::{Account, CueRow};
use super::sanction::Patrols;
use super::tally::Tally;
use super::time::{Now, Plot};
use super::trace::{TraceAct, TraceRow, Traced};
use crate::detect::What;
use crate::money::Fen;
use crate::scenario::{Cue, Id};
use bevy_ecs::prelude::*;

/// Opens and closes rooms.
pub fn open_and_close(
    plot: Res<Plot>,
    now: Res<Now>,
    patrols: Res<Patrols>,
    mut tally: ResMut<Tally>,
    mut exposures: ResMut<Exposures>,
    mut recorder: ResMut<Recorder>,
    mut rooms: Query<(&RoomId, &Window, &mut Air), Without<Dormant>>,
) {
    for (id, window, mut air) in &mut rooms {
        let next = match *air {
            Air::Before if now.start >= window.on_air => {
                let anchor = plot.rooms[id.0 as usize].anchor;
                if patrols.is_suspended(anchor, window.on_air) {
                    tally.aftermath.closed_rooms += 1;
                    *air = Air::After;
                    continue;
                }
                Air::On
            }
            Air::On if now.start >= window.off_air => Air::Closing,
            Air::Closing => Air::After,
            same => same,
        };
        if next != *air {
            *air = next;
            let anchor = plot.rooms[id.0 as usize].anchor;
            let on = next == Air::On;
            exposures.set_on_air(id.0, anchor, on);
            if next != Air::After {
                let room = id.0;
                let what = What::Air { room, anchor, on };
                recorder.view.tell(now.start, what, None);
            }
        }
    }
}

/// The parts of a room that cues act on.
type Stage = (
    &'static RoomId,
    &'static Air,
    &'static mut Show,
    &'static mut Offers,
    &'static mut Arousal,
    &'static mut Display,
    &'static Crowd,
);

/// What cues act on beside their room.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Backstage<'w, 's> {
    plot: Res<'w, Plot>,
    now: Res<'w, Now>,
    traced: Res<'w, Traced>,
    farm_index: Res<'w, FarmIndex>,
    /// Who is called from outside.
    pub calls: ResMut<'w, Calls>,
    /// When rules first acted.
    pub enforcement: ResMut<'w, Enforcement>,
    /// Coupons that are being given out.
    pub issues: ResMut<'w, Issues>,
    ledger: ResMut<'w, Ledger>,
    recorder: ResMut<'w, Recorder>,
    farms: Query<'w, 's, &'static mut Farm>,
}

/// Plays the cues whose time has come, room by room in order of index: rooms are spawned in that order and never despawned.
pub fn play(mut rooms: Query<Stage, Without<Dormant>>, mut backstage: Backstage) {
    let plot = backstage.plot.clone();
    for (id, air, mut show, mut offers, mut arousal, mut display, crowd) in &mut rooms {
        if *air != Air::On || show.next_at > backstage.now.start {
            continue;
        }
        let id = id.0;
        let room = &plot.rooms[id as usize];
        arousal.decay_to(
            backstage.now.start,
            plot.behaviour.arousal_half_life_seconds,
        );
        while let Some(cue) = room.cues.get(show.next_cue)
            && cue.at <= backstage.now.start
        {
            let next = show.next_cue + 1;
            show.turn_to(next, room);
            if let Some(class) = class_of(&cue.act) {
                show.fallen[class as usize] = show.fallen[class as usize].saturating_add(1);
            }
            let mut hand = Stagehand {
                plot: &plot,
                second: backstage.now.start,
                room: id,
                show: &mut show,
                offers: &mut offers,
                arousal: &mut arousal,
                display: &mut display,
            };
            let detail = hand.perform(cue, &mut backstage);
            backstage.report(id, cue, detail, crowd.real_viewers);
            let heard = Heard {
                plot: &plot,
                room: id,
                cue: next as u32 - 1,
                second: backstage.now.start,
            };
            heard.tell(&cue.act, &mut offers, &mut backstage.recorder.view);
        }
    }
}

impl Backstage<'_, '_> {
    fn report(&mut self, room: Id, cue: &Cue, detail: String, seen_by: u64) {
        if self.traced.in_room(room) {
            self.recorder.later(TraceRow {
                time: self.now.start,
                room: Some(room),
                act: TraceAct::Saw {
                    act: cue.act.name().to_owned(),
                    detail: detail.clone(),
                },
            });
        }
        self.recorder.cue(&CueRow {
            time: self.now.start,
            room,
            act: cue.act.name().to_owned(),
            script: cue.script.clone().unwrap_or_default(),
            product: cue.act.product(),
            detail,
            seen_by,
        });
    }

    /// Orders from a farm and pays it.
    pub fn order_from(&mut self, farm: Id, job: Job, price: Fen) {
        if let Ok(mut farm_state) = self.farms.get_mut(self.farm_index.0[farm as usize]) {
            farm_state.queue.push_back(job);
        }
        let room = &self.plot.rooms[job.room as usize];
        self.ledger.post(
            Account::Anchor(room.anchor),
            Account::Farm(farm),
            Purpose::Bots,
            price,
        );
    }
}
