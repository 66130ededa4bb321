//! The account: what it all comes to for consumers (MODEL section 11, FACTS D), yuan. Every yuan is counted once; what is shown beside the account
//! (memo items) is named as such.

use super::claim::{Grievance, Status};
use super::literacy::ranks_by_literacy;
use super::lowest::Lowest;
use super::parcel::{Fate, Parcel, Parcels};
use crate::market::bargain::ShelfStock;
use crate::market::population::Traits;
use crate::market::time::{Now, Plot};
use crate::market::wallet::Known;
use crate::scenario::Scenario;
use crate::welfare::{CHANNELS, Distribution, Loss, Survival, above_line, concentration_of_ranked};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What it all comes to for consumers, yuan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HarmAccount {
    /// Lines kept by the end, returned, and presales forfeited.
    pub kept: u64,
    /// See `kept`.
    pub returned: u64,
    /// See `kept`.
    pub forfeited: u64,
    /// The account of all.
    pub all: Loss,
    /// Shapley shares of its deception, by channel; they sum to it.
    pub by_channel: [f64; CHANNELS],
    /// The account by segment.
    pub segments: Vec<Loss>,
    /// The account of vulnerable consumers.
    pub vulnerable: Loss,
    /// Net detriment of lines whose claim was made and has not been granted.
    pub unresolved: f64,
    /// Net detriment of those who do not know of any: it never shows in complaints.
    pub hidden: f64,
    /// Net detriment of those who know.
    pub apparent: f64,
    /// How net detriment is distributed over all consumers; over-compensated ones count as unharmed.
    pub distribution: Distribution,
    /// Harm above a line (`aftermath.harm_line`) after Foster, Greer and Thorbecke, over all consumers: their share, how far they are above it in lines,
    /// and the same squared.
    pub above_line: [f64; 3],
    /// Concentration index of detriment over all consumers in order of literacy, -1 to 1: negative where the less literate bear more than their share.
    pub by_literacy: f64,
    /// Share of net detriment that vulnerable consumers bear; `None` where there is none.
    pub vulnerable_share: Option<f64>,
    /// What consumers got beyond what they had lost: damages above detriment.
    pub overcompensated: f64,
    /// Claims that are not resolved, by days since they were made: the survival curve.
    pub survival: Vec<(f64, f64)>,
    /// Memo items.
    pub memo: Memo,
}

/// What is not part of the account: measures beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memo {
    /// Overpayment of kept lines against the lowest price at which anybody got the product within the days of comparison before and after: perfect
    /// hindsight.
    pub over_lowest_offered: f64,
    /// Overpayment against the lowest price that its buyer could have had afterwards.
    pub over_lowest_accessible: f64,
    /// Overpayment against what the order page guarantees, a price by coupon not counted.
    pub over_guaranteed: f64,
    /// The same, a price by coupon counted.
    pub over_guaranteed_with_coupons: f64,
    /// Kept lines with an overpayment against the lowest accessible price.
    pub overpaid_lines: u64,
    /// Lines to whose buyers the guarantee owes something; a price by coupon counts where the terms say so, or a rule that is in force when the guarantee
    /// ends (or when the run does, if that is earlier).
    pub entitled: u64,
    /// Those of them whose buyers claimed.
    pub entitled_claimed: u64,
    /// Claimed prices above the honest prior ones, of kept lines: saving that was none.
    pub false_saving: f64,
    /// Price less worth at home of kept lines that honest displays would not have sold, less redress.
    pub unwanted: f64,
    /// Paid for lines that were kept or on their way.
    pub kept_sales: f64,
    /// Consumers' surplus: worth at home of what was kept, less everything paid, less what quality lacks and what time, returns and lost deposits cost,
    /// plus redress.
    pub surplus: f64,
}

/// Works the account out from all parcels.
pub fn account(world: &World) -> HarmAccount {
    let plot = world.resource::<Plot>();
    let parcels = &world.resource::<Parcels>().list;
    let mut lowest = Lowest::new(
        plot,
        parcels,
        world.resource::<ShelfStock>(),
        world.resource::<Known>(),
    );
    let now = world.resource::<Now>();
    let mut book = Book::new(plot, now.end);
    for parcel in parcels {
        book.enter(plot, parcel, &mut lowest);
    }
    book.close(plot, parcels, now.day)
}

/// The account while it is being worked out.
struct Book {
    account: HarmAccount,
    /// Second up to which was simulated.
    end: f64,
    /// Net detriment by consumer, with its segment and key.
    people: BTreeMap<u32, (f64, u32, u64)>,
}

impl Book {
    fn new(plot: &Scenario, end: f64) -> Self {
        Self {
            end,
            account: HarmAccount {
                segments: vec![Loss::default(); plot.population.segments.len()],
                ..HarmAccount::default()
            },
            people: BTreeMap::new(),
        }
    }

    fn enter(&mut self, plot: &Scenario, parcel: &Parcel, lowest: &mut Lowest) {
        let account = &mut self.account;
        let over = match parcel.is_kept() {
            true => (parcel.paid().yuan() - lowest.accessible(parcel)).max(0.0),
            false => 0.0,
        };
        let loss = loss_of(parcel, over);
        account.all += loss;
        account.segments[parcel.buyer.segment as usize] += loss;
        if parcel.buyer.vulnerable {
            account.vulnerable += loss;
        }
        match parcel.fate {
            Fate::OnTheWay | Fate::Kept => account.kept += 1,
            Fate::SentBack | Fate::Returned => account.returned += 1,
            Fate::Forfeited => account.forfeited += 1,
        }
        account.memo.surplus += surplus_of(parcel);
        if parcel.is_kept() {
            for (sum, share) in account.by_channel.iter_mut().zip(parcel.told.shares) {
                *sum += share;
            }
            let coupons = coupons_count(plot, parcel, self.end);
            remember(&mut account.memo, parcel, (lowest, coupons), over);
        }
        let net = loss.net();
        if parcel.claim.is_some() && !parcel.is_settled() {
            account.unresolved += net;
        }
        match parcel.has_problem {
            true => account.apparent += net,
            false => account.hidden += net,
        }
        let who = parcel.buyer.consumer;
        let person = (0.0, parcel.buyer.segment, parcel.key);
        self.people.entry(who).or_insert(person).0 += net;
    }

    fn close(mut self, plot: &Scenario, parcels: &[Parcel], today: u32) -> HarmAccount {
        let account = &mut self.account;
        let draws = crate::draws::Draws::new(plot.seed);
        let mut harms = Vec::new();
        let mut literacies = Vec::new();
        let mut vulnerable = 0.0;
        for (net, segment, key) in self.people.values() {
            account.overcompensated += (-net).max(0.0);
            let table = &plot.population.segments[*segment as usize].traits;
            let traits = Traits::of(table, *key, draws);
            let harm = net.max(0.0);
            vulnerable += if traits.vulnerable { harm } else { 0.0 };
            if harm > 0.0 {
                harms.push(harm);
                literacies.push(traits.literacy);
            }
        }
        let total: f64 = harms.iter().sum();
        let (everybody, line) = (plot.population.consumers, plot.aftermath.harm_line);
        account.distribution = Distribution::of(&harms, everybody);
        account.above_line =
            [0.0, 1.0, 2.0].map(|theta| above_line(&harms, everybody, line, theta));
        let ranks = ranks_by_literacy(plot, &literacies);
        let ranked: Vec<(f64, f64)> = ranks.into_iter().zip(harms).collect();
        account.by_literacy = concentration_of_ranked(&ranked);
        account.vulnerable_share = (total > 0.0).then(|| vulnerable / total);
        account.survival = survival_of(parcels, today);
        self.account
    }
}

/// The loss of a line; `over`: what was paid above the lowest accessible price.
fn loss_of(parcel: &Parcel, over: f64) -> Loss {
    let redress = parcel.redress.yuan();
    // Somebody who would not have ordered under honest displays has lost its deposit to them; on a kept line it is part of what was paid.
    let induced = parcel.told.harm > 0.0;
    let deposit = if induced {
        parcel.forfeited.yuan()
    } else {
        0.0
    };
    match parcel.fate {
        Fate::OnTheWay | Fate::Kept => Loss::of_kept(
            parcel.told.harm,
            over,
            parcel.shortfall,
            parcel.time_cost,
            redress,
        ),
        Fate::SentBack | Fate::Returned => {
            let returning = parcel.freight.yuan() + parcel.time_cost;
            Loss::of_returned(returning, deposit, redress)
        }
        Fate::Forfeited => Loss::of_forfeited(deposit),
    }
}

/// What a line leaves its buyer better off by.
fn surplus_of(parcel: &Parcel) -> f64 {
    let worth = match parcel.is_kept() {
        true => f64::from(parcel.line.units) * parcel.told.surplus - parcel.shortfall,
        false => 0.0,
    };
    let paid = match parcel.fate {
        Fate::SentBack | Fate::Returned => parcel.freight,
        Fate::Forfeited => parcel.forfeited,
        Fate::OnTheWay | Fate::Kept => parcel.paid(),
    };
    worth - paid.yuan() - parcel.time_cost + parcel.redress.yuan()
}

/// Whether a lower price by coupon counts for what the guarantee owes a parcel's buyer: by the platform's terms, or by a rule that is in force on the last
/// day on which the buyer could ask, as far as the market has come (`end`, second).
fn coupons_count(plot: &Scenario, parcel: &Parcel, end: f64) -> bool {
    let asks_until = parcel.guaranteed_until(plot).min(end);
    plot.aftermath.protection_counts_coupons || plot.regime.counts_coupons_at(asks_until)
}

fn remember(memo: &mut Memo, parcel: &Parcel, (lowest, coupons): (&Lowest, bool), over: f64) {
    let units = f64::from(parcel.line.units);
    let paid = parcel.paid().yuan();
    let guaranteed = |coupons: bool| (paid - lowest.guaranteed(parcel, coupons)).max(0.0);
    let (without, with) = (guaranteed(false), guaranteed(true));
    memo.kept_sales += paid;
    memo.over_lowest_offered += (paid - lowest.offered(parcel)).max(0.0);
    memo.over_lowest_accessible += over;
    memo.over_guaranteed += without;
    memo.over_guaranteed_with_coupons += with;
    memo.overpaid_lines += u64::from(over > 0.0);
    memo.false_saving += parcel.told.false_saving;
    let owed = if coupons { with } else { without };
    if owed > 0.0 {
        memo.entitled += 1;
        let claim = parcel.claim();
        let claimed = claim.is_some_and(|claim| claim.grievance == Grievance::LowerPrice);
        memo.entitled_claimed += u64::from(claimed);
    }
    if parcel.told.harm > 0.0 {
        memo.unwanted += paid - units * parcel.told.surplus - parcel.redress.yuan();
    }
}

/// The survival curve of claims: days since the claim was made, and the share that is not resolved by then.
fn survival_of(parcels: &[Parcel], today: u32) -> Vec<(f64, f64)> {
    let claims = parcels.iter().filter_map(|parcel| parcel.claim());
    let spans: Vec<(f64, bool)> = claims
        .map(|claim| match claim.status {
            Status::Granted => (f64::from(claim.since - claim.filed), true),
            _ => (f64::from(today - claim.filed), false),
        })
        .collect();
    Survival::of(&spans).steps
}
