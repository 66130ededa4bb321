//! The ladder: who answers a claim at each rung, and how (MODEL section 8).
//!
//! No chance of success is fixed. Seller and anchor compare the refund with what a refusal is expected to cost them; the platform and the authority
//! apply their terms and the law to the evidence (`evidence`).

use super::claim::{Claim, Grievance, Rung, Status};
use super::desk::Desk;
use super::evidence::Ground;
use super::fines::{Case, amount_of};
use super::parcel::Parcel;
use crate::draws::{Draws, Mechanism};
use crate::market::ledger::Purpose;
use crate::market::rows::Account;
use crate::money::Fen;
use crate::scenario::{Breach, Id, Party};

/// Answers the claims whose day it is.
pub fn answer(mut desk: Desk) {
    let today = desk.now.day;
    for number in desk.cases.answers.take(today) {
        let parcel = &desk.parcels.list[number as usize];
        let waits = |claim: &Claim| claim.status == Status::Open && claim.answered_on == today;
        let Some(claim) = parcel.claim().filter(waits) else {
            continue;
        };
        // Goods on their way back are refunded whole.
        if !parcel.is_kept() {
            continue;
        }
        match claim.rung {
            Rung::Seller | Rung::Board => desk.seller_answers(number, &claim),
            Rung::Anchor => desk.anchor_answers(number, &claim),
            Rung::Platform => desk.platform_answers(number, &claim),
            Rung::Authority => desk.authority_answers(number, &claim),
        }
    }
}

impl Desk<'_, '_> {
    fn seller_answers(&mut self, number: u32, claim: &Claim) {
        let parcel = &self.parcels.list[number as usize];
        let cost = self.refusal_costs_seller(parcel, claim);
        let loss = self.granting_costs_seller(parcel, claim) * self.discretion(parcel, claim);
        // Fines act before any is imposed, where the seller settles for fear of them alone.
        let is_frightened = loss > cost && loss <= cost + self.threat_of_fines(parcel);
        if loss <= cost || is_frightened {
            if is_frightened {
                self.acted("fines");
                self.acted("investigates_from_complaints");
            }
            let from = self.seller_of(number);
            self.grant(number, claim, from, Fen::ZERO);
            return;
        }
        let ground = match self.platform_upholds(parcel, claim) {
            // What is complained of in public is asked of the platform too, where it owes what the seller owes.
            Ok(()) if claim.rung == Rung::Board && self.platform_pays() => {
                self.grant(number, claim, Account::Platform, Fen::ZERO);
                return;
            }
            Ok(()) => Ground::NoRight,
            Err(ground) => ground,
        };
        if claim.rung == Rung::Seller {
            self.asks_for_deletion(number);
        }
        self.refuse(number, claim, ground);
    }

    /// What granting costs the seller, yuan: of a return, what the goods are no longer worth to it.
    pub fn granting_costs_seller(&self, parcel: &Parcel, claim: &Claim) -> f64 {
        let resale = match claim.grievance {
            grievance if grievance.is_return() => {
                let cost = self.plot.products[parcel.line.product as usize].cost;
                cost.yuan() * f64::from(parcel.line.units)
            }
            _ => 0.0,
        };
        (claim.amount.yuan() - resale).max(0.0)
    }

    /// What refusing is expected to cost the seller, yuan: that the buyer goes on beyond the anchor, as often as refused buyers have done, times what
    /// it would get from the platform, what handling takes, and the news that one complaint more brings nearer; and that it goes as far as the
    /// authority, times what the law would give it. What the platform would have to pay costs the seller nothing.
    fn refusal_costs_seller(&self, parcel: &Parcel, claim: &Claim) -> f64 {
        let plot = &self.plot;
        let brand = parcel.brand(plot);
        let is_own = claim.grievance.is_return() || !self.platform_pays();
        let refund = self.granting_costs_seller(parcel, claim);
        let mut at_stake = plot.aftermath.handling_cost;
        if is_own && self.platform_upholds(parcel, claim).is_ok() {
            at_stake += refund;
        }
        let mut at_authority = 0.0;
        if is_own && self.law_upholds(parcel, claim, Rung::Authority).is_ok() {
            at_authority += refund + self.damages_for(parcel, claim).yuan();
        }
        let sales = self.parcels.sales[brand as usize];
        at_stake += self.news_cost(brand, sales);
        self.cases.climbing(plot, brand) * at_stake
            + self.cases.reaching_authority(plot, brand) * at_authority
    }

    /// What the investigation that one complaint more brings nearer is expected to cost the seller in fines, yuan.
    fn threat_of_fines(&self, parcel: &Parcel) -> f64 {
        let (plot, brand) = (&self.plot, parcel.brand(&self.plot));
        let from = plot.regime.investigates_from_complaints;
        if !self.in_force() || from == 0 || self.cases.is_investigated(brand) {
            return 0.0;
        }
        let case = Case {
            room: parcel.room,
            brand: Some(brand),
            farm: None,
        };
        let each = self.expected_fine(case).yuan() / f64::from(from);
        self.cases.reaching_authority(plot, brand) * each
    }

    /// What the news that one complaint more brings nearer costs somebody who earns so much by the brand; nothing once they are out.
    fn news_cost(&self, brand: Id, earned: Fen) -> f64 {
        let table = &self.plot.aftermath;
        match self.cases.is_in_the_news(brand) {
            true => 0.0,
            false => earned.yuan() * table.news_sales_loss / f64::from(table.news_threshold),
        }
    }

    /// The fines that an investigation of a brand would bring for promises that do not hold and redress refused.
    fn expected_fine(&self, case: Case) -> Fen {
        let regime = &self.plot.regime;
        let threatening = regime.fines.iter().filter(|fine| {
            fine.party == Party::Brand
                && matches!(fine.breach, Breach::FalsePromise | Breach::RefusedRedress)
        });
        threatening.map(|fine| amount_of(self, fine, case, 1)).sum()
    }

    /// Discretion of whoever answers: a keyed factor on what a refund seems to cost.
    fn discretion(&self, parcel: &Parcel, claim: &Claim) -> f64 {
        let ordinal = 1 + claim.rung as u32;
        let words =
            Draws::new(self.plot.seed).at(Mechanism::Grievance, parcel.pair(&self.plot), ordinal);
        libm::exp(self.plot.aftermath.answer_noise * words.normal(0))
    }

    /// The anchor takes note and defers (F44), unless what a complaint more brings nearer would cost it more than the refund.
    fn anchor_answers(&mut self, number: u32, claim: &Claim) {
        let parcel = &self.parcels.list[number as usize];
        let plot = self.plot.clone();
        let brand = parcel.brand(&plot);
        let Some(room) = plot.rooms.get(parcel.room as usize) else {
            self.refuse(number, claim, Ground::NoRight);
            return;
        };
        let anchor = room.anchor;
        let earned =
            self.parcels.sales[brand as usize].share(plot.anchors[anchor as usize].commission);
        let cost = self.cases.climbing(&plot, brand) * self.news_cost(brand, earned);
        let applies = claim.grievance == Grievance::LowerPrice;
        if applies && claim.amount.yuan() * self.discretion(parcel, claim) <= cost {
            self.grant(number, claim, Account::Anchor(anchor), Fen::ZERO);
        } else {
            self.refuse(number, claim, Ground::NoRight);
        }
    }

    fn platform_answers(&mut self, number: u32, claim: &Claim) {
        let parcel = &self.parcels.list[number as usize];
        match self.platform_upholds(parcel, claim) {
            Ok(()) => {
                let from = self.who_owes(number);
                self.grant(number, claim, from, Fen::ZERO);
            }
            Err(ground) => self.refuse(number, claim, ground),
        }
    }

    fn authority_answers(&mut self, number: u32, claim: &Claim) {
        let parcel = &self.parcels.list[number as usize];
        let brand = self.brand_of(number);
        match self.law_upholds(parcel, claim, Rung::Authority) {
            Ok(()) => {
                let damages = self.damages_for(parcel, claim);
                let from = self.who_owes(number);
                self.cases.authority_decided(brand, true);
                self.grant(number, claim, from, damages);
            }
            Err(ground) => {
                self.cases.authority_decided(brand, false);
                self.refuse(number, claim, ground);
            }
        }
    }

    /// Who owes what platform and authority uphold.
    fn who_owes(&self, number: u32) -> Account {
        match self.platform_pays() {
            true => Account::Platform,
            false => self.seller_of(number),
        }
    }

    /// A claim is granted: it is paid by whoever owes it, or the goods go back to the seller, whose sale is undone.
    pub fn grant(&mut self, number: u32, claim: &Claim, from: Account, damages: Fen) {
        let today = self.now.day;
        let brand = self.brand_of(number);
        self.settles_claim(number);
        self.cases.answered(brand, claim, true);
        self.credit_rules(number, claim);
        if from == Account::Platform && !claim.grievance.is_return() {
            self.acted("platform_liability");
        }
        let totals = self.totals();
        totals.granted[claim.rung as usize] += 1;
        totals.days_to_grant += f64::from(today - claim.filed);
        self.tell(
            number,
            "granted",
            Some(claim.rung),
            claim.amount,
            claim.grievance.name(),
        );
        match claim.grievance {
            Grievance::Return | Grievance::DefectiveReturn => {
                self.gives_back(number, claim.grievance);
            }
            Grievance::Quality | Grievance::LowerPrice => {
                self.pays(number, from, Purpose::Redress, claim.amount);
            }
        }
        if damages > Fen::ZERO {
            self.acted("false_promise_is_fraud");
            self.pays(number, from, Purpose::Damages, damages);
            self.tell(number, "damages", Some(claim.rung), damages, "");
        }
    }

    /// The goods of a claim go back, and their price is refunded.
    pub fn gives_back(&mut self, number: u32, grievance: Grievance) {
        self.bears_return(number, grievance == Grievance::DefectiveReturn);
        self.takes_back(number);
    }

    /// Notes the rules that a grant is owed to: what the law upholds, or would uphold further up.
    fn credit_rules(&mut self, number: u32, claim: &Claim) {
        let parcel = &self.parcels.list[number as usize];
        let upheld = match claim.rung {
            Rung::Platform => self
                .platform_upholds(parcel, claim)
                .map(|()| Rung::Platform),
            _ => self
                .law_upholds(parcel, claim, Rung::Authority)
                .map(|()| Rung::Authority),
        };
        let rules = upheld.map(|rung| self.rules_behind(parcel, claim, rung));
        for rule in rules.unwrap_or_default() {
            if self.plot.regime.rules().contains(&rule) {
                self.acted(rule);
            }
        }
    }

    fn refuse(&mut self, number: u32, claim: &Claim, ground: Ground) {
        let brand = self.brand_of(number);
        self.cases.answered(brand, claim, false);
        if let Some(claim) = self.parcels.list[number as usize].claim_mut() {
            claim.refused = true;
        }
        if matches!(claim.rung, Rung::Platform | Rung::Authority) && ground == Ground::NoRecord {
            self.totals().lacked_evidence += 1;
        }
        if claim.rung == Rung::Seller {
            let totals = self.totals();
            totals.coupon_grounds += u64::from(ground == Ground::Coupon);
            totals.returns_refused += u64::from(claim.grievance.is_return());
            self.loses_trust(number);
        }
        let name = match claim.rung {
            Rung::Anchor => "registered, feedback later",
            _ => ground.name(),
        };
        self.tell(number, "refused", Some(claim.rung), claim.amount, name);
        self.goes_on(number);
    }

    /// The seller, faced with a claim that the replay would prove, has it deleted if that serves it and nothing forbids it (F49).
    fn asks_for_deletion(&mut self, number: u32) {
        let plot = self.plot.clone();
        let (second, parcel) = (self.second(), &self.parcels.list[number as usize]);
        let brand = &plot.brands[parcel.brand(&plot) as usize];
        let compromising = parcel.was_misled();
        let room = parcel.room;
        if brand.deletes_replays && compromising && self.replays.complained(&plot, room, second) {
            self.totals().replays_deleted += 1;
            self.tell(number, "replay_deleted", None, Fen::ZERO, "");
        }
    }
}
