//! Furnishing: everything that a scenario names is put into a new world, once.

use super::rows::Account;
use super::*;
use bevy_ecs::prelude::{Bundle, Entity};

/// Puts everything into the world that the scenario names.
pub(super) fn furnish(world: &mut World, scenario: &Arc<Scenario>) {
    let now = time::Now::first(&scenario.clock);
    world.insert_resource(time::Plot(Arc::clone(scenario)));
    world.insert_resource(time::Windows::new(scenario));
    world.insert_resource(now);
    let census = population::Census::take(world, scenario);
    world.insert_resource(census);
    let rooms: Vec<Entity> = (0..scenario.rooms.len() as u32)
        .map(|id| world.spawn(room_parts(scenario, id)).id())
        .collect();
    world.insert_resource(seats::BlockIndex(vec![Vec::new(); rooms.len()]));
    world.insert_resource(seats::Vacancies(vec![0; rooms.len()]));
    world.insert_resource(room::RoomIndex(rooms));
    let farms: Vec<Entity> = (0..scenario.farms.len() as u32)
        .map(|id| world.spawn(bots::Farm::of(id)).id())
        .collect();
    world.insert_resource(bots::FarmIndex(farms));
    world.insert_resource(rank::Exposures::new(scenario));
    world.insert_resource(rank::Followers::new(scenario));
    world.insert_resource(tally::Tally::new(scenario));
    world.init_resource::<memory::Memories>();
    world.init_resource::<wander::Wanderers>();
    world.init_resource::<arrive::Arrivals>();
    world.init_resource::<depart::Leaving>();
    world.init_resource::<checkout::Reservations>();
    world.init_resource::<checkout::Queue>();
    world.init_resource::<ledger::Ledger>();
    world.init_resource::<ledger::Refunds>();
    world.init_resource::<enforce::Enforcement>();
    world.init_resource::<trace::Traced>();
    world.init_resource::<balance::Balances>();
    world.init_resource::<balance::Returns>();
    world.insert_resource(issue::Issues::new(scenario));
    world.insert_resource(wallet::Coupons::new(scenario));
    world.insert_resource(wallet::Known::of(scenario));
    world.insert_resource(bargain::ShelfStock::new(scenario));
    world.insert_resource(promoted::Turns::of(scenario));
    let mut errands = errand::Errands::default();
    let known = world.resource::<wallet::Known>();
    errands.plan_ordinary(scenario, world.resource::<population::Census>(), known);
    world.insert_resource(errands);
    aftermath::furnish(world);
    world.insert_resource(breach::Violations::of(scenario));
    world.init_resource::<call::Calls>();
    world.insert_resource(sanction::Patrols::new(scenario));
    world.insert_resource(patrol::Rounds::of(scenario));
    world.insert_resource(patrol::Detection::of(&scenario.regime));
    charge_slot_fees(world, scenario);
}

fn room_parts(scenario: &Scenario, id: u32) -> impl Bundle + use<> {
    let room = &scenario.rooms[id as usize];
    (
        room::RoomId(id),
        room::Window {
            on_air: room.on_air,
            off_air: room.off_air,
        },
        room::Air::default(),
        room::Show::of(room),
        room::RoomClock::default(),
        room::RoomView::default(),
        offers::Offers::default(),
        arousal::Arousal::default(),
        crowd::Crowd::default(),
        crew::Crew::default(),
        display::Display::default(),
        rank::Heat::default(),
        promoted::Promoted::default(),
    )
}

/// Brands pay for their places before the evening: per room, once for every product that is shown there.
fn charge_slot_fees(world: &mut World, scenario: &Scenario) {
    let mut ledger = world.resource_mut::<ledger::Ledger>();
    for room in &scenario.rooms {
        let fee = scenario.anchors[room.anchor as usize].slot_fee;
        let mut shown: Vec<u32> = room
            .cues
            .iter()
            .filter_map(|cue| match cue.act {
                crate::scenario::Act::OpenLink { product, .. } => Some(product),
                _ => None,
            })
            .collect();
        shown.sort_unstable();
        shown.dedup();
        for product in shown {
            let brand = Account::Brand(scenario.products[product as usize].brand);
            ledger.post(
                brand,
                Account::Anchor(room.anchor),
                ledger::Purpose::SlotFee,
                fee,
            );
        }
    }
}
