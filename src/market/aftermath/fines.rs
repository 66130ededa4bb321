//! Fines: which a violation brings, and what they are reckoned on (MODEL section 9, FACTS C6).

use super::desk::Desk;
use crate::market::breach::Violation;
use crate::market::rows::Account;
use crate::money::Fen;
use crate::scenario::{Fine, FineBase, Id, Party};

/// What a fine falls on.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The room; `NO_ROOM` where it is none.
    pub room: Id,
    /// The brand.
    pub brand: Option<Id>,
    /// The farm that delivered.
    pub farm: Option<Id>,
}

/// The fines for a violation, with their numbers in the regime: farms pay where they are liable, the platform where it answers for the sellers of the
/// room.
pub fn fines_for(desk: &Desk, room: Id, violation: &Violation) -> Vec<(usize, Fine)> {
    let plot = &desk.plot;
    let answers = || {
        let mut brands = plot.rooms[room as usize].brands(plot);
        brands.any(|brand| desk.platform_answers_for(brand))
    };
    let due = |fine: &Fine| match fine.party {
        Party::Farm => plot.regime.bot_supplier_liable,
        Party::Platform => answers(),
        Party::Anchor | Party::Brand => true,
    };
    let fines = plot.regime.fines.iter().copied().enumerate();
    fines
        .filter(|(_, fine)| fine.breach == violation.breach && due(fine))
        .collect()
}

/// What a fine comes to in a case, for the n-th breach (from 1) of a party: the statutory amount, as far as fines are realised.
pub fn amount_of(desk: &Desk, fine: &Fine, case: Case, nth: u32) -> Fen {
    let amount = fine.on(base_of(desk, fine, case), nth);
    amount.share(desk.plot.regime.realised_share)
}

/// What a fine is reckoned on. Gains of a brand are its own sales in the room that were not returned, less commission; those of a farm what it has
/// earned in all.
fn base_of(desk: &Desk, fine: &Fine, case: Case) -> Fen {
    let plot = &desk.plot;
    let anchor = plot
        .rooms
        .get(case.room as usize)
        .map(|room| &plot.anchors[room.anchor as usize]);
    let commission = || {
        anchor.map_or(Fen::ZERO, |anchor| {
            desk.parcels.held(case.room, None).share(anchor.commission)
        })
    };
    let fee = || anchor.map_or(Fen::ZERO, |anchor| anchor.slot_fee);
    match (fine.base, fine.party) {
        (FineBase::Fixed, _) => Fen::ZERO,
        // The rate is the amount for one.
        (FineBase::PerViolation, _) => Fen::from_yuan(1.0),
        (FineBase::Gains | FineBase::Turnover, Party::Farm) => {
            let account = case.farm.map(Account::Farm);
            account.map_or(Fen::ZERO, |farm| desk.ledger.paid_to_farm(farm))
        }
        (FineBase::AdCost, _) | (FineBase::Turnover, Party::Anchor) => commission() + fee(),
        (FineBase::Gains, Party::Anchor) => commission(),
        (FineBase::Gains, Party::Platform) => desk
            .parcels
            .held(case.room, None)
            .share(plot.platform.commission),
        (FineBase::Gains, Party::Brand) => {
            let own = desk.parcels.held(case.room, case.brand);
            own - anchor.map_or(Fen::ZERO, |anchor| own.share(anchor.commission))
        }
        (FineBase::Turnover, Party::Brand) => case
            .brand
            .map_or(Fen::ZERO, |brand| desk.parcels.sales[brand as usize]),
        (FineBase::Turnover, Party::Platform) => {
            let all: Fen = desk.parcels.sales.iter().copied().sum();
            all.share(plot.platform.commission)
        }
    }
}
