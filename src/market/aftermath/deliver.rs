//! Delivery: what somebody bought arrives, and it learns what it is really worth to it (MODEL section 8).
//!
//! At home there is no crowd, no countdown and no music: what a unit is worth is v - s logit u, as it was at the look, plus how well this one fits, less
//! what a defective one lacks (`defect`), if that shows. Somebody sends it back if that falls short of the price by more than a return costs; whoever sends
//! back something defective has to say so, for then the seller pays the freight.

use super::claim::Grievance;
use super::defect::{self, Defect, DefectsToShow};
use super::desk::Desk;
use super::diary::Diary;
use super::parcel::{Fate, Parcel};
use crate::draws::{Draws, Mechanism, Words};
use crate::market::ledger::Purpose;
use crate::market::rows::{Account, PaymentEvent, PaymentRow};
use crate::market::strategy::CameBack;
use crate::money::Fen;
use crate::scenario::{FreightPayer, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Returns by the day of their refund.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReturnsDue(pub Diary);

/// Delivers what is due, and lets buyers judge it.
pub fn deliver(mut desk: Desk, mut due: ResMut<ReturnsDue>, mut to_show: ResMut<DefectsToShow>) {
    let plot = desk.plot.clone();
    let today = desk.now.day;
    for number in desk.parcels.deliveries.take(today) {
        let parcel = &mut desk.parcels.list[number as usize];
        parcel.fate = Fate::Kept;
        let units = f64::from(parcel.line.units);
        let defect = defect::of(&plot, parcel, judged(&plot, parcel).uniform(2));
        let lacks = defect.map_or(0.0, |_| defect::lacks(&plot, parcel));
        parcel.shortfall = units * lacks;
        let defective = defect == Some(Defect::AtOnce);
        let shown = if defective { lacks } else { 0.0 };
        let surplus = surplus_at_home(&plot, parcel, shown);
        let on_shelf = parcel.line.room.is_none();
        desk.totals().parcels(on_shelf)[1] += 1;
        desk.tell(number, "delivered", None, Fen::ZERO, said_of(defective));
        if defective {
            desk.problem(number);
        }
        if let Some(Defect::Later(days)) = defect {
            to_show.0.enter(desk.day_in(days), number);
        }
        let freight = desk.freight_of_return(defective);
        if surplus < -(plot.behaviour.return_effort + freight.yuan()) {
            desk.problem(number);
            desk.wants_to_return(&mut due, number, defective);
        } else if defective {
            desk.claims_for_defect(number);
        }
    }
}

/// The draws by which a buyer judges what has arrived.
fn judged(plot: &Scenario, parcel: &Parcel) -> Words {
    let ordinal = 1 + 2 * parcel.ordinal();
    Draws::new(plot.seed).at(Mechanism::Delivery, parcel.pair(plot), ordinal)
}

/// What a delivered parcel is worth to its buyer at home beyond what was paid, all units, yuan; `lacks`: what is seen to be lacking of a unit.
pub fn surplus_at_home(plot: &Scenario, parcel: &Parcel, lacks: f64) -> f64 {
    let market = plot.products[parcel.line.product as usize].market_price;
    let fit = plot.aftermath.fit_spread * market * judged(plot, parcel).normal(0);
    let unit = parcel.told.surplus + fit - lacks - parcel.unit().yuan();
    f64::from(parcel.line.units) * unit
}

/// What a row says of a parcel that is defective, or is not.
fn said_of(defective: bool) -> &'static str {
    if defective { "defective" } else { "" }
}

/// Refunds the returns whose day it is.
pub fn refund(mut desk: Desk, mut due: ResMut<ReturnsDue>) {
    let today = desk.now.day;
    for number in due.0.take(today) {
        desk.takes_back(number);
    }
}

impl Desk<'_, '_> {
    /// What a buyer pays for the freight of a return: nothing where the goods are defective or a rule makes the seller pay.
    fn freight_of_return(&self, defective: bool) -> Fen {
        let seller_pays = defective
            || (self.in_force() && self.plot.regime.return_freight_payer == FreightPayer::Seller);
        match seller_pays {
            true => Fen::ZERO,
            false => Fen::from_yuan(self.plot.aftermath.return_freight),
        }
    }

    /// Somebody wants to send something back, which it says is `defective`: by the seller's own terms it just does; else it has to claim.
    pub fn wants_to_return(&mut self, due: &mut ReturnsDue, number: u32, defective: bool) {
        let plot = self.plot.clone();
        let brand = self.brand_of(number);
        let line = &self.parcels.list[number as usize].line;
        let (paid, on_shelf) = (line.paid, line.room.is_none());
        let totals = self.totals();
        totals.returns_wanted[usize::from(on_shelf)] += 1;
        totals.defects_reported += u64::from(defective);
        if plot.brands[brand as usize].return_days <= 0.0 {
            let grievance = match defective {
                true => Grievance::DefectiveReturn,
                false => Grievance::Return,
            };
            self.may_claim(number, grievance, paid, None);
            return;
        }
        self.parcels.send_back(&self.plot, number);
        self.bears_return(number, defective);
        let mut days = plot.aftermath.return_days_to_refund;
        let deadline = plot.regime.refund_deadline_days;
        if self.in_force() && deadline > 0.0 {
            if deadline < days {
                self.acted("refund_deadline_days");
            }
            days = days.min(deadline);
        }
        due.0.enter(self.day_in(days), number);
        self.tell(number, "sent_back", None, paid, said_of(defective));
    }

    /// Sending something back takes effort and freight, which the buyer bears or the seller.
    pub fn bears_return(&mut self, number: u32, defective: bool) {
        let plot = self.plot.clone();
        let freight = self.freight_of_return(defective);
        let charge = Fen::from_yuan(plot.aftermath.return_freight);
        let parcel = &mut self.parcels.list[number as usize];
        parcel.freight += freight;
        parcel.time_cost += plot.behaviour.return_effort;
        let by_rule = plot.regime.return_freight_payer == FreightPayer::Seller;
        if freight < charge && by_rule && self.in_force() {
            self.acted("return_freight_payer");
        }
        let payer = match freight > Fen::ZERO {
            true => Account::Consumers,
            false => self.seller_of(number),
        };
        self.ledger
            .post(payer, Account::Carriers, Purpose::Freight, charge);
    }

    /// Whoever gets the whole price back returns what it had been paid of it before; damages it keeps.
    fn gives_back_differences(&mut self, number: u32) {
        let parcel = &mut self.parcels.list[number as usize];
        let amount = parcel.paid_back();
        let Some(payer) = parcel.redress_from.filter(|_| amount > Fen::ZERO) else {
            return;
        };
        parcel.redress = parcel.damages;
        self.tally.movement.redress += -amount;
        self.tally.aftermath.given_back += amount;
        self.ledger
            .post(Account::Consumers, payer, Purpose::RedressBack, amount);
    }

    /// Goods are back: their price is refunded, and everything that the sale had moved moves back.
    pub fn takes_back(&mut self, number: u32) {
        let plot = self.plot.clone();
        let parcel = &mut self.parcels.list[number as usize];
        parcel.fate = Fate::Returned;
        let line = parcel.line.clone();
        line.take_back(&mut self.ledger, &plot);
        if let (Some(room), Some((anchor, commission))) = (line.room, line.commission(&plot)) {
            self.recorder.commission_back(CameBack {
                anchor,
                room,
                commission,
            });
        }
        self.gives_back_differences(number);
        self.settles_claim(number);
        self.recorder.payment(&PaymentRow {
            order: self.parcels.list[number as usize].order,
            time: self.now.end,
            event: PaymentEvent::Refunded,
            amount: line.paid,
        });
        let totals = &mut self.tally.aftermath;
        totals.returned[usize::from(line.room.is_none())] += 1;
        totals.returned_value += line.paid;
        self.tell(number, "refunded", None, line.paid, "");
    }
}
