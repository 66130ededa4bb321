//! The audit of price promises: is anything cheaper to be had than what was promised to be the lowest price, when, how, and by how many?
//!
//! For each promise every moment at which a price or a coupon begins or ends within its window is searched (`cheapest`); between two of them
//! nothing changes. A promise is broken if a way is found below the promised price, kept if it is proven that none is (`bound`), and otherwise
//! not broken as far as was searched. Beside the promises, stacks are listed that take more off a product than any single issuer granted.

use super::campaign::{Campaign, Promise};
use super::cheapest::{Effort, Way, cheapest_ways};
use super::coupon::{CouponId, Issuer, Window};
use super::quote::PromotionError;
use super::refund::{Refund, refund};
use super::sample::{Sampled, sampled};
use crate::money::Fen;
use std::collections::BTreeMap;

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something is cheaper.
    Broken,
    /// Nothing is, and that is proven.
    Kept,
    /// Nothing cheaper was found; it is not proven that there is nothing.
    NotBroken,
    /// Nobody sells the product while the promise holds.
    NothingSold,
}

impl Verdict {
    /// In a word or two.
    pub fn in_words(self) -> &'static str {
        match self {
            Verdict::Broken => "broken",
            Verdict::Kept => "kept",
            Verdict::NotBroken => "not broken as far as searched",
            Verdict::NothingSold => "nothing sold",
        }
    }
}

/// Prices from a moment to the next at which something changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// First second.
    pub from: i64,
    /// First second after it.
    pub until: i64,
    /// Lowest posted price; `None`: nobody sells it.
    pub posted: Option<Fen>,
    /// Lowest effective price found.
    pub effective: Option<Fen>,
}

/// What a witness brings when the filler goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillerReturned {
    /// The refund.
    pub refund: Refund,
    /// What a unit of the product then comes to, rounded down to the fen.
    pub effective: Fen,
}

/// A promise with what the audit found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The promise.
    pub promise: Promise,
    /// What became of it, coupons counted.
    pub verdict: Verdict,
    /// The same if coupons are no prices.
    pub by_posted_prices: Verdict,
    /// The cheapest way found.
    pub witness: Option<Way>,
    /// How many buyers can go it; `None`: no end of them.
    pub buyers: Option<u64>,
    /// What returning its filler brings; `None`: it has none.
    pub returned: Option<FillerReturned>,
    /// No way costs less a unit.
    pub at_least: Fen,
    /// Prices over time.
    pub moments: Vec<Moment>,
    /// The verdict and the cheapest price if every exclusion were as its issuer meant it; `None` where none was meant otherwise.
    pub as_meant: Option<(Verdict, Option<Fen>)>,
}

impl Finding {
    /// From when the promise is broken, second; `None` where it is not.
    pub fn broken_from(&self) -> Option<i64> {
        if self.verdict != Verdict::Broken {
            return None;
        }
        let below = |price: Option<Fen>| price.is_some_and(|price| price < self.promise.price);
        let moments = self.moments.iter();
        let first = moments
            .filter(|moment| below(moment.posted) || below(moment.effective))
            .map(|moment| moment.from)
            .min();
        first.or(self.witness.as_ref().map(|way| way.second))
    }
}

/// A stack that takes more off a product than any single issuer granted.
#[derive(Debug, Clone)]
pub struct Stacked {
    /// How it is done.
    pub way: Way,
    /// What each granted on a unit, the largest first: the channel's price cut, and the coupons of each issuer.
    pub grants: Vec<(Granter, Fen)>,
    /// Everything off the list price of a unit.
    pub off: Fen,
}

impl Stacked {
    /// What goes beyond the largest grant.
    pub fn beyond(&self) -> Fen {
        self.off - self.grants.first().map_or(Fen::ZERO, |(_, grant)| *grant)
    }
}

/// Who grants something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Granter {
    /// A channel, whose price is below the list price.
    Channel(u32),
    /// The issuer of coupons.
    Issuer(Issuer),
}

/// Everything an audit found.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// The promises, in the campaign's order.
    pub findings: Vec<Finding>,
    /// Stacks beyond what anybody granted, the farthest first.
    pub stacked: Vec<Stacked>,
    /// What the sample baskets cost.
    pub sampled: Vec<Sampled>,
}

impl Audit {
    /// Whether no promise was found broken.
    pub fn none_broken(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.all(|finding| finding.verdict != Verdict::Broken)
    }

    /// Whether every promise is proven to be kept.
    pub fn all_proven(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.all(|finding| finding.verdict == Verdict::Kept)
    }
}

/// Audits a campaign. `told` is called after each of so many steps.
///
/// # Errors
/// Amounts that do not fit: see [`PromotionError`].
pub fn audit(
    campaign: &Campaign,
    told: &mut dyn FnMut(usize, usize),
) -> Result<Audit, PromotionError> {
    let audited = audit_while(campaign, &mut |done, steps| {
        told(done, steps);
        true
    })?;
    // Nobody has stopped it.
    Ok(audited.unwrap_or_default())
}

/// The same as long as `going` says so after each step; `None`: it was stopped.
///
/// # Errors
/// Amounts that do not fit: see [`PromotionError`].
pub fn audit_while(
    campaign: &Campaign,
    going: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Option<Audit>, PromotionError> {
    let steps = campaign.promises.len() + campaign.goods.len();
    let mut findings = Vec::new();
    let meant = campaign.as_meant();
    for promise in &campaign.promises {
        let mut finding = examine(campaign, promise)?;
        if let Some(meant) = &meant {
            let then = examine(meant, promise)?;
            finding.as_meant = Some((then.verdict, then.witness.map(|way| way.effective)));
        }
        findings.push(finding);
        if !going(findings.len(), steps) {
            return Ok(None);
        }
    }
    let mut stacked = Vec::new();
    for product in 0..campaign.goods.len() {
        stacked.extend(stacks_of(campaign, product as u32)?);
        if !going(findings.len() + product + 1, steps) {
            return Ok(None);
        }
    }
    stacked.sort_by_key(|stack| (-stack.beyond().0, stack.way.posted, stack.way.second));
    Ok(Some(Audit {
        findings,
        stacked,
        sampled: sampled(campaign)?,
    }))
}

/// Examines one promise, with exclusions as they are written.
///
/// # Errors
/// Amounts that do not fit: see [`PromotionError`].
pub fn examine(campaign: &Campaign, promise: &Promise) -> Result<Finding, PromotionError> {
    let turns = campaign.turns(promise.window);
    let ends = turns.iter().skip(1).copied().chain([promise.window.until]);
    let mut moments = Vec::new();
    let mut witness: Option<Way> = None;
    let mut at_least = Fen(i64::MAX);
    let mut posted = None;
    for (from, until) in turns.iter().copied().zip(ends) {
        let ways = cheapest_ways(
            campaign,
            promise.product,
            from,
            promise.own_only,
            Effort::default(),
        )?;
        at_least = at_least.min(ways.at_least);
        posted = lower(posted, ways.posted);
        moments.push(Moment {
            from,
            until,
            posted: ways.posted,
            effective: ways.cheapest.as_ref().map(|way| way.effective),
        });
        if let Some(way) = ways.cheapest {
            let cheaper = witness
                .as_ref()
                .is_none_or(|best| way.effective < best.effective);
            if cheaper {
                witness = Some(way);
            }
        }
    }
    let verdict = match &witness {
        None => Verdict::NothingSold,
        Some(way) if way.is_below(promise.price) => Verdict::Broken,
        Some(_) if at_least >= promise.price => Verdict::Kept,
        Some(_) => Verdict::NotBroken,
    };
    let by_posted_prices = match posted {
        None => Verdict::NothingSold,
        Some(price) if price < promise.price => Verdict::Broken,
        Some(_) => Verdict::Kept,
    };
    Ok(Finding {
        promise: promise.clone(),
        verdict,
        by_posted_prices,
        buyers: witness.as_ref().and_then(|way| way.buyers(campaign)),
        returned: match &witness {
            Some(way) => filler_returned(campaign, way)?,
            None => None,
        },
        witness,
        at_least,
        moments,
        as_meant: None,
    })
}

fn lower(a: Option<Fen>, b: Option<Fen>) -> Option<Fen> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// What returning everything but the product brings.
fn filler_returned(
    campaign: &Campaign,
    way: &Way,
) -> Result<Option<FillerReturned>, PromotionError> {
    if way.basket.0.len() < 2 {
        return Ok(None);
    }
    let lines = way.basket.0.iter().enumerate();
    let back: Vec<u32> = lines
        .map(|(index, line)| if index == 0 { 0 } else { line.units })
        .collect();
    let refund = refund(&way.basket, &campaign.coupons, &way.quote, &back)?;
    let units = i64::from(way.basket.0[0].units);
    Ok(Some(FillerReturned {
        effective: Fen(refund.kept.0 / units),
        refund,
    }))
}

/// The stacks on a product in which no single issuer grants everything: of each set of coupons in each channel the cheapest way.
fn stacks_of(campaign: &Campaign, product: u32) -> Result<Vec<Stacked>, PromotionError> {
    let mut found: BTreeMap<(u32, Vec<CouponId>), Stacked> = BTreeMap::new();
    for second in campaign.turns(Window::ALWAYS) {
        for way in cheapest_ways(campaign, product, second, false, Effort::default())?.by_stack {
            let grants = grants_on(campaign, &way);
            if grants.len() < 2 {
                continue;
            }
            let steps = way.quote.steps.iter();
            let on_it = steps.filter(|step| step.shares.first() > Some(&Fen::ZERO));
            let coupons = on_it.map(|step| step.coupon).collect();
            let key = (campaign.posted[way.posted].channel, coupons);
            let off = grants.iter().map(|(_, grant)| *grant).sum();
            let stack = Stacked { way, grants, off };
            match found.get(&key) {
                Some(known) if known.off >= stack.off => {}
                _ => {
                    found.insert(key, stack);
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

/// What each grants on a unit of a way's product, the largest first.
fn grants_on(campaign: &Campaign, way: &Way) -> Vec<(Granter, Fen)> {
    let posted = &campaign.posted[way.posted];
    let units = i64::from(way.basket.0[0].units);
    let mut grants: BTreeMap<Granter, Fen> = BTreeMap::new();
    let cut = campaign.goods[posted.product as usize].list_price - posted.price;
    grants.insert(Granter::Channel(posted.channel), cut);
    for step in &way.quote.steps {
        let issuer = campaign.coupons[step.coupon as usize].issuer;
        let share = step.shares.first().copied().unwrap_or_default();
        *grants.entry(Granter::Issuer(issuer)).or_default() += Fen(share.0 / units);
    }
    let mut grants: Vec<(Granter, Fen)> = grants
        .into_iter()
        .filter(|(_, grant)| *grant > Fen::ZERO)
        .collect();
    grants.sort_by_key(|(granter, grant)| (-grant.0, *granter));
    grants
}
