//! Claims: what a buyer asks for, when it is worth the trouble to it, and how it goes on when it is refused (MODEL section 8).
//!
//! No probability decides: a buyer claims where what is at stake, times its hope, is worth more than its time and what it takes to overcome itself.
//! Hope is what has been heard of earlier claims; what it takes is a trait of the person, drawn once.

use super::desk::Desk;
use super::prices_paid::Low;
use super::rumour::saw_the_coupon;
use crate::draws::{Draws, Identity, Mechanism, lognormal};
use crate::market::population::Traits;
use crate::money::Fen;
use crate::scenario::Scenario;
use crate::scenario::file::RungTable;
use serde::{Deserialize, Serialize};

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grievance {
    /// It does not suit, and the seller does not take it back.
    Return,
    /// It is defective, and the seller does not take it back.
    DefectiveReturn,
    /// It is defective.
    Quality,
    /// Others paid less.
    LowerPrice,
}

impl Grievance {
    /// In words, for tables.
    pub fn name(self) -> &'static str {
        match self {
            Grievance::Return | Grievance::DefectiveReturn => "return",
            Grievance::Quality => "quality",
            Grievance::LowerPrice => "lower_price",
        }
    }

    /// Whether the buyer wants to give the goods back.
    pub fn is_return(self) -> bool {
        matches!(self, Grievance::Return | Grievance::DefectiveReturn)
    }
}

/// Rungs of the ladder of complaint, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The seller's own service.
    Seller = 0,
    /// The anchor's form.
    Anchor = 1,
    /// The platform's complaint centre.
    Platform = 2,
    /// A public complaint board: the collective complaint.
    Board = 3,
    /// The consumers' association or the authority.
    Authority = 4,
}

impl Rung {
    /// All, in order.
    pub const ALL: [Rung; 5] = [
        Rung::Seller,
        Rung::Anchor,
        Rung::Platform,
        Rung::Board,
        Rung::Authority,
    ];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        ["seller", "anchor", "platform", "board", "authority"][self as usize]
    }

    /// What a scenario says of it.
    pub fn terms(self, plot: &Scenario) -> RungTable {
        let table = &plot.aftermath;
        match self {
            Rung::Seller => table.seller,
            Rung::Anchor => table.anchor,
            Rung::Platform => table.platform,
            Rung::Board => table.board,
            Rung::Authority => table.authority,
        }
    }

    /// Days until it answers at a second: the platform and the authority within what a rule sets.
    pub fn answer_days(self, plot: &Scenario, second: f64) -> f64 {
        let days = self.terms(plot).answer_days;
        let limit = plot.regime.complaint_sla_days;
        let bound = matches!(self, Rung::Platform | Rung::Authority)
            && limit > 0.0
            && plot.regime.holds_at(second);
        if bound { days.min(limit) } else { days }
    }
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Waiting for an answer.
    Open,
    /// Got what it asked for.
    Granted,
    /// Given up.
    Abandoned,
}

/// A claim.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// What about.
    pub grievance: Grievance,
    /// What is asked for.
    pub amount: Fen,
    /// The price that others paid, for a claim about it.
    pub low: Option<Low>,
    /// Where it is.
    pub rung: Rung,
    /// Day of the claim.
    pub filed: u32,
    /// Where it stands.
    pub status: Status,
    /// Day on which that came about.
    pub since: u32,
    /// Whether the buyer holds a record of what was said.
    pub has_record: bool,
    /// Whether it has joined the collective complaint.
    pub joined: bool,
    /// Whether it has been refused at any rung.
    pub refused: bool,
    /// Whether it has been before the authority.
    pub at_authority: bool,
    /// Day on which it is answered.
    pub answered_on: u32,
}

/// A buyer's mind about complaining: traits, recomputed from keys.
pub struct Temper {
    /// Yuan an hour.
    pub value_of_time: f64,
    /// What it takes to claim with a seller, yuan.
    pub hassle: f64,
    /// Literacy.
    pub literacy: f64,
    /// Whether it made a recording of what was said.
    pub records: bool,
}

impl Temper {
    /// That of somebody.
    pub fn of(plot: &Scenario, segment: u32, key: Identity) -> Self {
        let draws = Draws::new(plot.seed);
        let traits = Traits::of(
            &plot.population.segments[segment as usize].traits,
            key,
            draws,
        );
        let words = draws.at(Mechanism::Grievance, key, 0);
        let hassle = plot.aftermath.complaint_hassle;
        Self {
            value_of_time: traits.value_of_time,
            hassle: lognormal(hassle.median, hassle.spread, words.normal(0)),
            literacy: traits.literacy,
            records: words.uniform(2) < plot.aftermath.records_share,
        }
    }

    /// What a rung costs it in all, yuan; `ease` divides what it takes.
    pub fn cost_of(&self, terms: RungTable, ease: f64) -> f64 {
        terms.hours * self.value_of_time + self.hassle * terms.hardness / ease
    }
}

impl Desk<'_, '_> {
    /// A buyer learns that others paid less. To whoever saw the coupons being given out that is no news, and no grievance; and nobody can complain of what
    /// others had paid before, or pay elsewhere: such a buyer goes on listening.
    pub fn learns(&mut self, number: u32, low: Low) {
        let parcel = &mut self.parcels.list[number as usize];
        let is_first = !std::mem::replace(&mut parcel.aware, true);
        if low.by_coupon && saw_the_coupon(&self.plot, parcel) {
            return;
        }
        parcel.has_ground = low.own && low.at >= parcel.complains_of_lows_since();
        let (has_ground, forsaken) = (parcel.has_ground, parcel.was_misled());
        let difference = parcel.above(low.unit);
        if is_first || has_ground {
            self.tell(number, "learned", None, difference, "");
        }
        if is_first {
            self.totals().aware += 1;
            self.problem(number);
        }
        if is_first && forsaken {
            self.loses_trust(number);
        }
        let parcel = &self.parcels.list[number as usize];
        let owed = parcel.still_above(low.unit);
        let may_ask = has_ground && parcel.is_kept() && parcel.claim.is_none();
        if may_ask && owed > Fen::ZERO {
            self.may_claim(number, Grievance::LowerPrice, owed, Some(low));
        }
    }

    /// A buyer claims, if it thinks it worth the trouble; otherwise it may still hear of others who do.
    pub fn may_claim(&mut self, number: u32, grievance: Grievance, amount: Fen, low: Option<Low>) {
        let plot = self.plot.clone();
        let parcel = &self.parcels.list[number as usize];
        let temper = Temper::of(&plot, parcel.buyer.segment, parcel.key);
        let hope = self.cases.hope(&plot, parcel.brand(&plot));
        let terms = Rung::Seller.terms(&plot);
        let today = self.now.day;
        // What its buyer has been through with an earlier claim about the same goods stays true.
        let before = parcel.claim();
        let claim = Claim {
            grievance,
            amount,
            low,
            rung: Rung::Seller,
            filed: today,
            status: Status::Abandoned,
            since: today,
            has_record: before.is_some_and(|claim| claim.has_record),
            joined: before.is_some_and(|claim| claim.joined),
            refused: before.is_some_and(|claim| claim.refused),
            at_authority: before.is_some_and(|claim| claim.at_authority),
            answered_on: today,
        };
        // Whoever has decided to send something back asks for it in any case: that is part of the effort of returning.
        let asks_anyway = grievance.is_return();
        if !asks_anyway && amount.yuan() * hope <= temper.cost_of(terms, 1.0) {
            self.cases.listen(&plot, number, parcel, claim);
            return;
        }
        self.parcels.list[number as usize].claim = Some(Box::new(claim));
        self.counts_claim(grievance);
        self.tell(
            number,
            "claimed",
            Some(Rung::Seller),
            amount,
            grievance.name(),
        );
        self.climbs_to(number, Rung::Seller, &temper);
    }

    /// Counts a claim that is made for the first time.
    pub fn counts_claim(&mut self, grievance: Grievance) {
        self.totals().claims += 1;
        self.totals().price_claims += u64::from(grievance == Grievance::LowerPrice);
    }

    /// A claim is made at a rung: it takes time, the replay is saved if it is open, and the answer is put on the diary.
    pub fn climbs_to(&mut self, number: u32, rung: Rung, temper: &Temper) {
        let plot = self.plot.clone();
        let (second, today) = (self.second(), self.now.day);
        let parcel = &mut self.parcels.list[number as usize];
        parcel.time_cost += rung.terms(&plot).hours * temper.value_of_time;
        let open = self.replays.is_open(&plot, parcel.room, second);
        let by_rule = open && !self.replays.is_open_by_itself(&plot, parcel.room, second);
        let hurried = rung.answer_days(&plot, second) < rung.terms(&plot).answer_days;
        let Some(claim) = parcel.claim_mut() else {
            return;
        };
        let before = claim.rung;
        claim.rung = rung;
        claim.status = Status::Open;
        claim.since = today;
        claim.has_record |= temper.records || open;
        claim.at_authority |= rung == Rung::Authority;
        let day = self.day_in(rung.answer_days(&plot, second));
        if let Some(claim) = self.parcels.list[number as usize].claim_mut() {
            claim.answered_on = day;
        }
        self.cases.answers.enter(day, number);
        self.totals().reached[rung as usize] += 1;
        for (acts, rule) in [
            (by_rule, "replay_public_days"),
            (hurried, "complaint_sla_days"),
        ] {
            if acts {
                self.acted(rule);
            }
        }
        if rung > Rung::Seller {
            let brand = self.parcels.list[number as usize].brand(&plot);
            self.cases.climbed(brand, before, rung);
            self.totals_day().complaints += 1;
        }
    }

    /// What a refused buyer does: it goes on to the first rung above that is worth the trouble; else it gives up, and may join others later.
    pub fn goes_on(&mut self, number: u32) {
        let plot = self.plot.clone();
        let parcel = &self.parcels.list[number as usize];
        let Some(claim) = parcel.claim() else {
            return;
        };
        let temper = Temper::of(&plot, parcel.buyer.segment, parcel.key);
        let above = Rung::ALL.into_iter().filter(|rung| *rung > claim.rung);
        let mut open = above.filter(|rung| match rung {
            Rung::Board => !claim.joined,
            Rung::Authority => !claim.at_authority,
            _ => true,
        });
        match open.find(|rung| self.is_worth_it(number, *rung, &temper)) {
            Some(Rung::Board) => return self.joins(number, &temper),
            Some(rung) => return self.climbs_to(number, rung, &temper),
            None => {}
        }
        let today = self.now.day;
        if let Some(claim) = self.parcels.list[number as usize].claim_mut() {
            claim.status = Status::Abandoned;
            claim.since = today;
        }
        self.totals().abandoned += 1;
        self.tell(number, "gave_up", Some(claim.rung), claim.amount, "");
        if !claim.joined {
            let parcel = &self.parcels.list[number as usize];
            self.cases.listen(&plot, number, parcel, claim);
        }
    }

    /// Whether a rung is worth the trouble to a buyer.
    pub fn is_worth_it(&self, number: u32, rung: Rung, temper: &Temper) -> bool {
        let plot = &self.plot;
        let parcel = &self.parcels.list[number as usize];
        let Some(claim) = parcel.claim() else {
            return false;
        };
        if !parcel.is_kept() {
            return false;
        }
        let brand = parcel.brand(plot);
        let hope = match rung {
            Rung::Authority => self.cases.authority_hope(plot, brand),
            _ => self.cases.hope(plot, brand),
        };
        let mut stake = claim.amount;
        if rung == Rung::Authority && temper.literacy >= plot.aftermath.knows_damages_from {
            stake += self.damages_for(parcel, &claim);
        }
        let ease = match rung {
            Rung::Board => self.cases.ease(plot, brand),
            _ => 1.0,
        };
        stake.yuan() * hope > temper.cost_of(rung.terms(plot), ease)
    }
}
