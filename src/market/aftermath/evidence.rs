//! Evidence: whether a claim is upheld by the platform's terms or by law, given what can be shown. Pure tests, no chance: the same claim with the same
//! evidence has the same answer.

use super::claim::{Claim, Grievance, Rung};
use super::defect;
use super::desk::Desk;
use super::parcel::Parcel;
use super::prices_paid::Low;
use crate::market::time::day_of;
use crate::money::Fen;
use crate::scenario::{Burden, Liability};

/// Why a claim fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// A price by coupon is said not to be a price (F48).
    Coupon,
    /// Nothing shows what was said.
    NoRecord,
    /// No term and no rule gives it.
    NoRight,
}

impl Ground {
    /// In words, for tables.
    pub fn name(self) -> &'static str {
        match self {
            Ground::Coupon => "a coupon is not a price",
            Ground::NoRecord => "no record of what was said",
            Ground::NoRight => "no right to it",
        }
    }
}

/// Days after delivery in which goods can be sent back; 0: they cannot.
#[derive(Debug, Clone, Copy)]
pub struct DaysToReturn {
    /// By the seller's own terms.
    pub by_terms: f64,
    /// By a cooling-off period in force.
    pub by_law: f64,
}

impl Desk<'_, '_> {
    /// Whether the platform's complaint centre upholds a claim: its own terms, the right to return, and, where it answers for its sellers, the law.
    ///
    /// # Errors
    /// Why it does not.
    pub fn platform_upholds(&self, parcel: &Parcel, claim: &Claim) -> Result<(), Ground> {
        let plot = &self.plot;
        self.has_order_record(parcel)?;
        let answers = self.platform_answers_for(parcel.brand(plot));
        match claim.grievance {
            Grievance::Quality => self.shows_defect(parcel),
            Grievance::Return | Grievance::DefectiveReturn => {
                self.may_be_returned(parcel, claim.grievance)
            }
            Grievance::LowerPrice => {
                let by_terms = self.is_guaranteed(parcel, claim, false);
                match by_terms {
                    Err(ground) if answers => self
                        .law_upholds(parcel, claim, Rung::Platform)
                        .map_err(|other| match other {
                            Ground::NoRight => ground,
                            other => other,
                        }),
                    other => other,
                }
            }
        }
    }

    /// Whether the platform answers for a seller: by a rule that makes it liable whatever it knows, or for what it knows.
    pub fn platform_answers_for(&self, brand: crate::scenario::Id) -> bool {
        self.in_force()
            && match self.plot.regime.platform_liability {
                Liability::None => false,
                Liability::Knowledge => self.cases.is_known(brand),
                Liability::Joint | Liability::Strict => true,
            }
    }

    /// Whether the platform itself owes what its sellers owe, from its own rung on: under strict liability, with no recourse against the seller.
    pub fn platform_pays(&self) -> bool {
        self.in_force() && self.plot.regime.platform_liability == Liability::Strict
    }

    /// Whether the law upholds a claim before the authority (or a platform that answers for its sellers).
    ///
    /// # Errors
    /// Why it does not.
    pub fn law_upholds(&self, parcel: &Parcel, claim: &Claim, rung: Rung) -> Result<(), Ground> {
        self.has_order_record(parcel)?;
        match claim.grievance {
            // A defect that can be shown gives a claim under any law of sale.
            Grievance::Quality => self.shows_defect(parcel),
            Grievance::Return | Grievance::DefectiveReturn => {
                self.may_be_returned(parcel, claim.grievance)
            }
            Grievance::LowerPrice => {
                let guaranteed = self.is_guaranteed(parcel, claim, true);
                if guaranteed.is_ok() {
                    return guaranteed;
                }
                if self.is_fraud(parcel, claim) || self.is_enforceable_promise(parcel, claim) {
                    return self.shows_what_was_said(parcel, claim, rung);
                }
                guaranteed
            }
        }
    }

    /// Whether the law calls what was said fraud: a promise of the lowest price that does not hold.
    pub fn is_fraud(&self, parcel: &Parcel, claim: &Claim) -> bool {
        self.in_force()
            && self.plot.regime.false_promise_is_fraud
            && claim.grievance == Grievance::LowerPrice
            && parcel.was_misled()
    }

    /// Damages that the authority awards beside the refund, where what was said is fraud and can be shown (FACTS C1, art 55).
    pub fn damages_for(&self, parcel: &Parcel, claim: &Claim) -> Fen {
        let regime = &self.plot.regime;
        let shown = || {
            self.shows_what_was_said(parcel, claim, Rung::Authority)
                .is_ok()
        };
        if !self.is_fraud(parcel, claim) || regime.fraud_damages_multiple <= 0.0 || !shown() {
            return Fen::ZERO;
        }
        let price = parcel.paid().yuan();
        Fen::from_yuan(price * regime.fraud_damages_multiple).max(regime.fraud_damages_floor)
    }

    /// The rules without which a claim would have failed at a rung.
    pub fn rules_behind(&self, parcel: &Parcel, claim: &Claim, rung: Rung) -> Vec<&'static str> {
        let (plot, second) = (&self.plot, self.second());
        let regime = &plot.regime;
        if !self.in_force() {
            return Vec::new();
        }
        let brand = &plot.brands[parcel.brand(plot) as usize];
        let fraud = self.is_fraud(parcel, claim);
        let by_coupon = claim.low.is_some_and(|low| low.by_coupon);
        let coupons = plot.aftermath.protection_counts_coupons;
        let by_terms = self.is_guaranteed_where(parcel, claim, coupons).is_ok();
        let lower = claim.grievance == Grievance::LowerPrice && !by_terms;
        let said = lower && (fraud || self.is_enforceable_promise(parcel, claim));
        let replays = &self.replays;
        let seen = said && !claim.has_record;
        let kept = replays.is_kept(plot, parcel.room, second);
        let age = (second - parcel.paid_at) / 86_400.0;
        let rules = [
            (
                claim.grievance.is_return() && brand.return_days <= 0.0,
                "cooling_off_days",
            ),
            (age > plot.aftermath.record_days, "txn_record_days"),
            (
                lower && by_coupon && regime.coupon_counts_in_price_guarantee,
                "coupon_counts_in_price_guarantee",
            ),
            (said && !fraud, "price_promise_enforceable"),
            (lower && fraud, "false_promise_is_fraud"),
            (
                seen && kept && !replays.is_kept_by_itself(plot, parcel.room, second),
                "replay_authority_days",
            ),
            (seen && !kept, "burden_of_proof"),
            (lower && rung <= Rung::Platform, "platform_liability"),
        ];
        let acting = rules.into_iter().filter(|(acts, _)| *acts);
        acting.map(|(_, rule)| rule).collect()
    }

    fn is_enforceable_promise(&self, parcel: &Parcel, claim: &Claim) -> bool {
        let regime = &self.plot.regime;
        let (Some(low), Some(promise)) = (claim.low, parcel.told.promise) else {
            return false;
        };
        let counts = !low.by_coupon || regime.coupon_counts_in_price_guarantee;
        let breaks_it =
            (promise.since..=promise.until).contains(&low.at) && low.unit.yuan() < promise.price;
        self.in_force() && regime.price_promise_enforceable && counts && breaks_it
    }

    /// Whether the order page guarantees the price, and the lower one counts: by its terms, or by a rule.
    fn is_guaranteed(&self, parcel: &Parcel, claim: &Claim, by_law: bool) -> Result<(), Ground> {
        let by_rule = self.plot.regime.counts_coupons_at(self.second());
        let answers = self.platform_answers_for(parcel.brand(&self.plot));
        let by_terms = self.plot.aftermath.protection_counts_coupons;
        self.is_guaranteed_where(parcel, claim, by_terms || (by_rule && (by_law || answers)))
    }

    /// Whether the order page guarantees the price against a lower one that came after the purchase, of the brand's own, where prices by coupon count
    /// (`coupons`) or do not.
    fn is_guaranteed_where(
        &self,
        parcel: &Parcel,
        claim: &Claim,
        coupons: bool,
    ) -> Result<(), Ground> {
        let table = &self.plot.aftermath;
        let until = parcel.guaranteed_until(&self.plot);
        let in_time = claim.filed <= day_of(&self.plot.clock, until);
        let covers = |low: &Low| low.own && (parcel.guaranteed_from..=until).contains(&low.at);
        if table.price_protection_days <= 0.0 || !in_time || !parcel.line.own {
            return Err(Ground::NoRight);
        }
        match claim.low.filter(covers) {
            None => Err(Ground::NoRight),
            Some(low) if low.by_coupon && !coupons => Err(Ground::Coupon),
            Some(_) => Ok(()),
        }
    }

    /// For how long after delivery a parcel can be sent back.
    pub fn days_to_return(&self, parcel: &Parcel) -> DaysToReturn {
        let by_law = match self.in_force() {
            true => self.plot.regime.cooling_off_days,
            false => 0.0,
        };
        DaysToReturn {
            by_terms: self.plot.brands[parcel.brand(&self.plot) as usize].return_days,
            by_law,
        }
    }

    /// Whether the goods can be returned by law, as defective or by the seller's terms, for a parcel that has been asked to be taken back in time.
    fn may_be_returned(&self, parcel: &Parcel, grievance: Grievance) -> Result<(), Ground> {
        let days = self.days_to_return(parcel);
        let defective =
            grievance == Grievance::DefectiveReturn && self.shows_defect(parcel).is_ok();
        if defective || days.by_terms > 0.0 || days.by_law > 0.0 {
            Ok(())
        } else {
            Err(Ground::NoRight)
        }
    }

    fn has_order_record(&self, parcel: &Parcel) -> Result<(), Ground> {
        let mut days = self.plot.aftermath.record_days;
        if self.in_force() {
            days = days.max(self.plot.regime.txn_record_days);
        }
        let age = (self.second() - parcel.paid_at) / 86_400.0;
        if age <= days {
            Ok(())
        } else {
            Err(Ground::NoRecord)
        }
    }

    /// What shows on delivery needs no further proof; of what shows later the buyer has to show that it was there from the start.
    fn shows_defect(&self, parcel: &Parcel) -> Result<(), Ground> {
        match defect::is_seen(&self.plot, parcel) || defect::can_be_shown(&self.plot, parcel) {
            true => Ok(()),
            false => Err(Ground::NoRecord),
        }
    }

    /// Whether it can be shown what was said in the room: by the buyer's own record, by what the authority can see, or because a record that had to be
    /// kept is missing and the seller bears the burden of proof.
    fn shows_what_was_said(
        &self,
        parcel: &Parcel,
        claim: &Claim,
        rung: Rung,
    ) -> Result<(), Ground> {
        let (plot, second) = (&self.plot, self.second());
        // The archive can be reached through the authority alone (FACTS C1).
        let archive = rung == Rung::Authority && self.replays.is_kept(plot, parcel.room, second);
        let missing = self.in_force()
            && plot.regime.burden_of_proof == Burden::Seller
            && self
                .replays
                .is_unlawfully_missing(plot, parcel.room, second);
        if claim.has_record || archive || missing {
            Ok(())
        } else {
            Err(Ground::NoRecord)
        }
    }
}
