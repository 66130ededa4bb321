//! Defects: a unit lacks part of its worth; most show on delivery, some in use, when the days for sending back are over (MODEL section 8).
//!
//! What shows on delivery can be shown to anybody. Of what shows later, seller and authority ask whether it was there from the start, and not every buyer
//! can show that.

use super::claim::Grievance;
use super::deliver::{ReturnsDue, surplus_at_home};
use super::desk::Desk;
use super::diary::Diary;
use super::parcel::Parcel;
use crate::draws::{Draws, Mechanism, Words};
use crate::money::Fen;
use crate::scenario::Scenario;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Parcels with a defect that has not shown yet, by the day on which it will.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DefectsToShow(pub Diary);

/// A defect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Defect {
    /// It shows on delivery.
    AtOnce,
    /// It shows after days of use.
    Later(f64),
}

/// The draws about the defect of a parcel.
fn draws_of(plot: &Scenario, parcel: &Parcel) -> Words {
    let ordinal = 4 + parcel.ordinal();
    Draws::new(plot.seed).at(Mechanism::Delivery, parcel.pair(plot), ordinal)
}

/// The defect of a delivered parcel, if the draw says that it has one.
pub fn of(plot: &Scenario, parcel: &Parcel, draw: f64) -> Option<Defect> {
    if draw >= plot.products[parcel.line.product as usize].defect_share {
        return None;
    }
    match shows_at_once(plot, parcel) {
        true => Some(Defect::AtOnce),
        false => {
            let wait = draws_of(plot, parcel).exponential(1);
            Some(Defect::Later(plot.aftermath.defect_days * wait))
        }
    }
}

/// Whether a defect, if a parcel has one, shows on delivery.
pub fn shows_at_once(plot: &Scenario, parcel: &Parcel) -> bool {
    draws_of(plot, parcel).uniform(0) >= plot.aftermath.defects_later
}

/// What a defective unit lacks, yuan.
pub fn lacks(plot: &Scenario, parcel: &Parcel) -> f64 {
    plot.aftermath.defect_loss * plot.products[parcel.line.product as usize].worth
}

/// Whether a delivered parcel has a defect that shows on delivery.
pub fn is_seen(plot: &Scenario, parcel: &Parcel) -> bool {
    parcel.shortfall > 0.0 && shows_at_once(plot, parcel)
}

/// Whether a buyer can show that what became defective in use was so when it came.
pub fn can_be_shown(plot: &Scenario, parcel: &Parcel) -> bool {
    draws_of(plot, parcel).uniform(2) < plot.aftermath.defect_shown_share
}

/// Lets defects show whose day it is: their buyers send the goods back, if it is not too late for that; else they claim, if that is worth the trouble.
pub fn show(mut desk: Desk, mut due: ResMut<DefectsToShow>, mut returns: ResMut<ReturnsDue>) {
    let plot = desk.plot.clone();
    for number in due.0.take(desk.now.day) {
        let parcel = &desk.parcels.list[number as usize];
        if !parcel.is_kept() {
            continue;
        }
        let surplus = surplus_at_home(&plot, parcel, lacks(&plot, parcel));
        let (age, days) = (
            f64::from(desk.now.day - parcel.delivered),
            desk.days_to_return(parcel),
        );
        let in_time = age <= days.by_terms.max(days.by_law);
        desk.tell(number, "defect_showed", None, Fen::ZERO, "");
        desk.problem(number);
        if in_time && surplus < -plot.behaviour.return_effort {
            if age > days.by_terms {
                desk.acted("cooling_off_days");
            }
            desk.wants_to_return(&mut returns, number, true);
        } else {
            desk.claims_for_defect(number);
        }
    }
}

impl Desk<'_, '_> {
    /// The buyer of something defective that it keeps may ask for part of the price.
    pub fn claims_for_defect(&mut self, number: u32) {
        let parcel = &self.parcels.list[number as usize];
        if parcel.claim.is_none() {
            let amount = parcel.line.paid.share(self.plot.aftermath.defect_loss);
            self.may_claim(number, Grievance::Quality, amount, None);
        }
    }
}
