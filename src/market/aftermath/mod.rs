//! After the sale (MODEL section 8): once a day, when the day has ended, what was paid for is delivered, judged, returned, compared, claimed, fought over.
//!
//! | moment of a day | file |
//! |---|---|
//! | parcels arrive, buyers judge them | `parcel`, `deliver`, `defect` |
//! | returns are refunded, and defects show in use | `deliver`, `defect` |
//! | buyers look for lower prices, and hear of them | `rumour` |
//! | they claim, if it is worth the trouble | `claim` |
//! | seller, anchor, platform and authority answer | `ladder`, `evidence`, `replay` |
//! | guaranteed differences are paid without asking, where a rule says so | `protection` |
//! | complaints gather, make news and are answered in public | `collective` |
//! | trust falls | `news` |
//! | the authority inspects, investigates, fines | `supervise`, `fines` |
//! | what it all comes to for consumers | `account`, `lowest`, `prices_paid`, `literacy` |
//!
//! Everything hangs on parcels and diaries: a consumer without a parcel, and a parcel to which nothing can happen on a day, cost nothing.

mod account;
mod claim;
mod collective;
mod defect;
mod deliver;
mod desk;
mod diary;
mod evidence;
mod fines;
mod ladder;
mod literacy;
mod lowest;
mod news;
mod parcel;
mod prices_paid;
mod protection;
mod replay;
mod rumour;
mod supervise;
mod totals;

pub use account::{HarmAccount, Memo, account};
pub use claim::Rung;
pub use collective::collective;
pub use desk::Movement;
pub use news::News;
pub use parcel::{Paid, Parcels, Told};
pub use rumour::Rumours;
pub use totals::AftermathTotals;

use super::time::Plot;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::SingleThreadedExecutor;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Puts the resources of the aftermath into a world.
pub fn furnish(world: &mut World) {
    let plot = world.resource::<Plot>().clone();
    world.insert_resource(Parcels::new(&plot));
    world.insert_resource(Rumours::new(&plot));
    world.insert_resource(collective::Cases::new(&plot));
    world.insert_resource(replay::Replays::new(&plot));
    world.insert_resource(News::new(&plot));
    world.init_resource::<deliver::ReturnsDue>();
    world.init_resource::<defect::DefectsToShow>();
    world.init_resource::<protection::Protections>();
    world.init_resource::<supervise::Docket>();
}

/// A day of the aftermath, in the order of the table above.
pub fn day() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    schedule.add_systems(
        (
            deliver::deliver,
            deliver::refund,
            defect::show,
            rumour::search,
            rumour::spread,
            ladder::answer,
            protection::protect,
            collective::gather,
            news::report_cases,
            supervise::supervise,
        )
            .chain(),
    );
    schedule
}

/// The state of the aftermath.
#[derive(Serialize, Deserialize)]
pub struct SavedAftermath<'a> {
    parcels: Cow<'a, Parcels>,
    rumours: Rumours,
    cases: collective::Cases,
    replays: replay::Replays,
    news: News,
    returns: deliver::ReturnsDue,
    defects: defect::DefectsToShow,
    protections: protection::Protections,
    docket: supervise::Docket,
}

impl<'a> SavedAftermath<'a> {
    /// That of a world.
    pub fn of(world: &'a World) -> Self {
        Self {
            parcels: Cow::Borrowed(world.resource::<Parcels>()),
            rumours: world.resource::<Rumours>().clone(),
            cases: world.resource::<collective::Cases>().clone(),
            replays: world.resource::<replay::Replays>().clone(),
            news: world.resource::<News>().clone(),
            returns: world.resource::<deliver::ReturnsDue>().clone(),
            defects: world.resource::<defect::DefectsToShow>().clone(),
            protections: world.resource::<protection::Protections>().clone(),
            docket: world.resource::<supervise::Docket>().clone(),
        }
    }

    /// Puts it into a world.
    pub fn take_up(self, world: &mut World) {
        world.insert_resource(self.parcels.into_owned());
        world.insert_resource(self.rumours);
        world.insert_resource(self.cases);
        world.insert_resource(self.replays);
        world.insert_resource(self.news);
        world.insert_resource(self.returns);
        world.insert_resource(self.defects);
        world.insert_resource(self.protections);
        world.insert_resource(self.docket);
    }
}
