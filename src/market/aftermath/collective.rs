//! Collective complaints: what buyers of one brand know of each other (MODEL section 8).
//!
//! Joining is the easier the more have joined; whoever gave up, or never began, hears of the complaint by a contact process like that of rumours. Enough
//! complainants make news; the brand then compares what compensating them costs with the sales that it expects to lose.

use super::claim::{Claim, Rung, Status, Temper};
use super::desk::Desk;
use super::diary::Diary;
use super::parcel::{Parcel, Parcels};
use crate::draws::{Draws, Mechanism};
use crate::market::ledger::Purpose;
use crate::market::summary::Collective;
use crate::market::time::Plot;
use crate::money::Fen;
use crate::scenario::{Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The complaints about one brand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Answers to claims so far, and those of them that granted.
    answered: u32,
    granted: u32,
    /// Buyers who have been refused, and those who went on, or straight, beyond seller and anchor.
    refused: u32,
    climbed: u32,
    /// Decisions of the authority, and those of them for the buyer.
    decided: u32,
    upheld: u32,
    /// Complaints at the authority.
    pub at_authority: u32,
    /// Complainants on the board by the end of each day since the first.
    pub joined: u32,
    /// Day of the first complaint on the board.
    pub first: Option<u32>,
    /// Complainants on the board at the end of each day, from `first` on.
    pub by_day: Vec<u32>,
    /// Day on which it made news.
    pub news: Option<u32>,
    /// Day on which the brand answers in public.
    answers_on: Option<u32>,
    /// Day on which an investigation was opened.
    pub investigated: Option<u32>,
    /// Integral of contacts with complainants.
    clock: f64,
    /// Those who may hear of the complaint, by the clock's time at which they do: what they would claim, and how often they have heard.
    listening: BTreeMap<(u64, u32), (Claim, u32)>,
}

/// Complaints by brand, and answers to come.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cases {
    /// By brand.
    pub by_brand: Vec<Case>,
    /// Claims by the day of their answer.
    pub answers: Diary,
}

impl Cases {
    /// No complaints yet.
    pub fn new(plot: &Scenario) -> Self {
        Self {
            by_brand: vec![Case::default(); plot.brands.len()],
            answers: Diary::default(),
        }
    }

    fn of(&mut self, brand: Id) -> &mut Case {
        &mut self.by_brand[brand as usize]
    }

    fn about(&self, brand: Id) -> &Case {
        &self.by_brand[brand as usize]
    }

    /// What buyers think a claim has for it: successes among the answers that they have heard of, on top of what they thought before.
    pub fn hope(&self, plot: &Scenario, brand: Id) -> f64 {
        let (case, table) = (self.about(brand), &plot.aftermath);
        (table.hope * table.hope_weight + f64::from(case.granted))
            / (table.hope_weight + f64::from(case.answered))
    }

    /// The same of a complaint at the authority.
    pub fn authority_hope(&self, plot: &Scenario, brand: Id) -> f64 {
        let case = self.about(brand);
        let weight = plot.aftermath.hope_weight;
        (weight * plot.aftermath.authority_hope + f64::from(case.upheld))
            / (weight + f64::from(case.decided))
    }

    /// How many times easier joining is than complaining first.
    pub fn ease(&self, plot: &Scenario, brand: Id) -> f64 {
        1.0 + f64::from(self.about(brand).joined) / plot.aftermath.join_ease
    }

    /// The share of refused buyers that a seller expects to go on: what it has seen, on top of what it expected.
    pub fn climbing(&self, plot: &Scenario, brand: Id) -> f64 {
        let (case, table) = (self.about(brand), &plot.aftermath);
        (table.expected_climbing * table.climbing_weight + f64::from(case.climbed))
            / (table.climbing_weight + f64::from(case.refused.max(case.climbed)))
    }

    /// The same of those who go as far as the authority.
    pub fn reaching_authority(&self, plot: &Scenario, brand: Id) -> f64 {
        let (case, table) = (self.about(brand), &plot.aftermath);
        let before = table.expected_at_authority * table.climbing_weight;
        (before + f64::from(case.at_authority))
            / (table.climbing_weight + f64::from(case.refused.max(case.at_authority)))
    }

    /// Whether the platform knows what is said of a brand: its case has made news, or the authority has upheld a claim.
    pub fn is_known(&self, brand: Id) -> bool {
        self.is_in_the_news(brand) || self.about(brand).upheld > 0
    }

    /// Whether a brand's case has made news.
    pub fn is_in_the_news(&self, brand: Id) -> bool {
        self.about(brand).news.is_some()
    }

    /// Whether an authority looks into a brand already.
    pub fn is_investigated(&self, brand: Id) -> bool {
        self.about(brand).investigated.is_some()
    }

    /// A claim was answered; its buyer counts as refused once, however often it is.
    pub fn answered(&mut self, brand: Id, claim: &Claim, granted: bool) {
        let case = self.of(brand);
        case.answered += 1;
        case.granted += u32::from(granted);
        case.refused += u32::from(!granted && !claim.refused);
    }

    /// The authority decided.
    pub fn authority_decided(&mut self, brand: Id, upheld: bool) {
        let case = self.of(brand);
        case.decided += 1;
        case.upheld += u32::from(upheld);
    }

    /// A claim went on from a rung to another; its buyer counts once, however far it goes.
    pub fn climbed(&mut self, brand: Id, from: Rung, rung: Rung) {
        let case = self.of(brand);
        let is_beyond = matches!(rung, Rung::Platform | Rung::Board);
        case.climbed += u32::from(is_beyond && from <= Rung::Anchor);
        case.at_authority += u32::from(rung == Rung::Authority);
    }

    /// Somebody who does not claim, or has given up, may hear of those who complain in public.
    pub fn listen(&mut self, plot: &Scenario, number: u32, parcel: &Parcel, claim: Claim) {
        self.listen_again(plot, number, parcel, claim, 0);
    }

    fn listen_again(
        &mut self,
        plot: &Scenario,
        number: u32,
        parcel: &Parcel,
        claim: Claim,
        times: u32,
    ) {
        let words = Draws::new(plot.seed).at(
            Mechanism::Grievance,
            parcel.pair(plot),
            (1 << 16) + (times << 1 | parcel.ordinal()),
        );
        let case = self.of(parcel.brand(plot));
        let at = case.clock + words.exponential(0);
        case.listening
            .insert((at.to_bits(), number), (claim, times));
    }
}

/// The collective complaints so far.
pub fn collective(world: &World) -> Vec<Collective> {
    let (plot, parcels) = (world.resource::<Plot>(), world.resource::<Parcels>());
    let cases = &world.resource::<Cases>().by_brand;
    // By brand: who has joined, and who of them got what it asked for.
    let mut joined = vec![(0_u32, 0_u32); cases.len()];
    for parcel in &parcels.list {
        if let Some(claim) = parcel.claim().filter(|claim| claim.joined) {
            let (all, handled) = &mut joined[parcel.brand(plot) as usize];
            *all += 1;
            *handled += u32::from(claim.status == Status::Granted);
        }
    }
    let cases = (0..).zip(cases).zip(joined);
    cases
        .filter_map(|((brand, case), (all, handled))| {
            // Without a complaint there is nobody to count.
            let first_day = case.first?;
            let brand: Id = brand;
            Some(Collective {
                brand: plot.brands[brand as usize].name.clone(),
                first_day,
                by_day: case.by_day.clone(),
                handled: f64::from(handled) / f64::from(all.max(1)),
                news_day: case.news,
            })
        })
        .collect()
}

/// Lets the collective complaints run for a day: people hear of them and join, they make news, and brands answer in public.
pub fn gather(mut desk: Desk) {
    let plot = desk.plot.clone();
    for brand in 0..plot.brands.len() as Id {
        if desk.cases.about(brand).first.is_none() {
            continue;
        }
        desk.hears_of_the_complaint(brand);
        let today = desk.now.day;
        let case = desk.cases.of(brand);
        case.by_day.push(case.joined);
        if case.news.is_none() && case.joined >= plot.aftermath.news_threshold {
            case.news = Some(today);
            desk.cases.of(brand).answers_on = Some(desk.day_in(plot.aftermath.response_days));
            desk.totals().news += 1;
        }
        if desk.cases.about(brand).answers_on == Some(today) {
            desk.answers_in_public(brand);
        }
    }
}

impl Desk<'_, '_> {
    /// A buyer joins the public complaint.
    pub fn joins(&mut self, number: u32, temper: &Temper) {
        let brand = self.brand_of(number);
        let today = self.now.day;
        if let Some(claim) = self.parcels.list[number as usize].claim_mut() {
            claim.joined = true;
        }
        let case = self.cases.of(brand);
        case.joined += 1;
        case.first.get_or_insert(today);
        self.totals().joined += 1;
        self.tell(number, "joined", Some(Rung::Board), Fen::ZERO, "");
        self.climbs_to(number, Rung::Board, temper);
    }

    /// Those who hear of the complaint today join it, if that is worth the trouble by now.
    fn hears_of_the_complaint(&mut self, brand: Id) {
        let plot = self.plot.clone();
        let case = self.cases.of(brand);
        let circle = f64::from(case.joined) + case.listening.len() as f64;
        case.clock += plot.aftermath.contact_rate * f64::from(case.joined) / circle.max(1.0);
        let later = case.listening.split_off(&(case.clock.to_bits(), u32::MAX));
        let hear = std::mem::replace(&mut case.listening, later);
        for ((_, number), (claim, times)) in hear {
            let today = self.now.day;
            let parcel = &mut self.parcels.list[number as usize];
            if !parcel.may_join(&claim) {
                continue;
            }
            let temper = Temper::of(&plot, parcel.buyer.segment, parcel.key);
            // One that was only thought of is made today.
            let made = parcel.claim();
            let renewed = Claim {
                filed: made.map_or(today, |own| own.filed),
                amount: parcel.left_of(&claim),
                ..made.unwrap_or(claim)
            };
            let before = parcel.claim.replace(Box::new(renewed));
            if self.is_worth_it(number, Rung::Board, &temper) {
                if before.is_none() {
                    self.counts_claim(claim.grievance);
                }
                self.joins(number, &temper);
            } else {
                let parcel = &mut self.parcels.list[number as usize];
                parcel.claim = before;
                self.cases
                    .listen_again(&plot, number, parcel, claim, times + 1);
            }
        }
    }

    /// The brand's answer to the news: it satisfies all who complained if that costs less than the sales it expects to lose. Whoever wants to give
    /// something back may; others get a share of what they ask for.
    fn answers_in_public(&mut self, brand: Id) {
        let table = &self.plot.aftermath;
        let loss = self.parcels.sales[brand as usize].yuan() * table.news_sales_loss;
        let share = table.remedy_share;
        let complaining: Vec<(u32, Claim)> = (0_u32..)
            .zip(&self.parcels.list)
            .filter(|(_, parcel)| parcel.brand(&self.plot) == brand && parcel.is_kept())
            .filter_map(|(number, parcel)| Some((number, parcel.claim()?)))
            .filter(|(_, claim)| claim.joined && claim.status != Status::Granted)
            .collect();
        let costs = |(number, claim): &(u32, Claim)| {
            let parcel = &self.parcels.list[*number as usize];
            match claim.grievance.is_return() {
                true => self.granting_costs_seller(parcel, claim),
                false => parcel.left_of(claim).share(share).yuan(),
            }
        };
        if complaining.iter().map(costs).sum::<f64>() > loss {
            return;
        }
        for (number, claim) in complaining {
            let mut amount = claim.amount;
            if claim.grievance.is_return() {
                self.gives_back(number, claim.grievance);
            } else {
                let parcel = &self.parcels.list[number as usize];
                amount = parcel.left_of(&claim).share(share);
                let from = self.seller_of(number);
                self.pays(number, from, Purpose::Compensation, amount);
                self.settles_claim(number);
            }
            self.tell(number, "compensated", None, amount, "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::claim::Grievance;
    use super::*;

    #[test]
    fn a_buyer_counts_once_however_often_it_is_refused_and_however_far_it_goes() {
        let mut cases = Cases {
            by_brand: vec![Case::default()],
            answers: Diary::default(),
        };
        let mut claim = Claim {
            grievance: Grievance::Quality,
            amount: Fen(100),
            low: None,
            rung: Rung::Seller,
            filed: 0,
            status: Status::Open,
            since: 0,
            has_record: false,
            joined: false,
            refused: false,
            at_authority: false,
            answered_on: 0,
        };
        for _ in Rung::ALL {
            cases.answered(0, &claim, false);
            claim.refused = true;
        }
        for pair in Rung::ALL.windows(2) {
            cases.climbed(0, pair[0], pair[1]);
        }
        let case = cases.about(0);
        assert_eq!((case.refused, case.climbed, case.at_authority), (1, 1, 1));
    }
}
