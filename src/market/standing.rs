//! Where the market stands, at a glance: what `summary` takes together only when an evening is over, for whoever looks while it goes on.
//! Reads the world, changes nothing, and leaves out the account of harm after the sale, which is reckoned parcel by parcel.

use super::aftermath::{AftermathTotals, Parcels};
use super::ledger::Ledger;
use super::offers::Offers;
use super::room::RoomIndex;
use super::rows::Account;
use super::summary::Totals;
use super::tally::{Tally, market_of};
use super::time::Plot;
use crate::money::Fen;
use crate::scenario::Id;
use bevy_ecs::prelude::World;

/// What the market has come to so far.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Totals of the market.
    pub market: Totals,
    /// What came after the sale.
    pub aftermath: AftermathTotals,
    /// Complaints beyond the seller, and joinings of collective complaints.
    pub complaints: u64,
    /// Refunds, damages and compensation paid to consumers, returns apart.
    pub redress: Fen,
    /// What open and failed claims ask for, yuan.
    pub unresolved: f64,
    /// What farms were paid for views, likes and the like.
    pub paid_to_farms: Fen,
}

/// Takes it from a world.
pub(super) fn standing(world: &World) -> Standing {
    let tally = world.resource::<Tally>();
    let (ledger, plot) = (world.resource::<Ledger>(), world.resource::<Plot>());
    let farms = 0..plot.farms.len() as u32;
    Standing {
        market: market_of(world),
        aftermath: tally.aftermath.clone(),
        complaints: tally.movement.complaints,
        redress: tally.movement.redress,
        unresolved: world.resource::<Parcels>().unresolved(),
        paid_to_farms: farms
            .map(|farm| ledger.paid_to_farm(Account::Farm(farm)))
            .sum(),
    }
}

/// The price that is said to be usual of what is on sale in a room, yuan: the claimed one, else the one announced before; `None` where nothing is
/// claimed, or on sale.
pub(super) fn claimed_price(world: &World, room: Id) -> Option<f64> {
    let entity = world.resource::<RoomIndex>().0.get(room as usize)?;
    let offer = world.get::<Offers>(*entity)?.on_sale()?;
    let said = offer.claim().filter(|_| !offer.struck_out)?;
    (said.value > offer.price).then_some(said.value)
}

/// Orders that farms have placed in a room.
pub(super) fn brushed_orders(world: &World, room: Id) -> u64 {
    let rooms = &world.resource::<Tally>().rooms;
    rooms
        .get(room as usize)
        .map_or(0, |totals| totals.brushed_orders)
}
