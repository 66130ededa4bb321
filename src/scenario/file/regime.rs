//! A regime file: the rules in force, as data (MODEL section 9; the keys are those of FACTS C6).
//!
//! Every rule may be left out: then there is none. One that is there says its value, the article that it stands in and how far that was checked
//! ([`Sourced`]), so that nothing assumed can be taken for law.

use super::{
    AlertScore, Complaints, Days, Evidence, Followers, Moment, Multiple, Probability, Sourced,
    YesNo, Yuan,
};
use crate::scenario::{
    Breach, Burden, FineBase, FreightPayer, Liability, Party, PatrolDetector, Substantiation,
};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A regime: the rules in force.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RegimeFile {
    /// One line that says what the regime is.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// Where it comes from, what is assumed and what is left out.
    #[serde(default)]
    pub story: String,
    /// Where it holds or held.
    #[serde(default)]
    #[garde(length(max = 200))]
    pub jurisdiction: String,
    /// The moment from which it holds, or the day, from its midnight on; absent: always. `from_date` means the same. One after the scenario's end is allowed: the run then says that nothing changed.
    #[serde(default)]
    pub from: Option<Moment>,

    // Displays and claims.
    /// Displayed viewer and order counters must be the real ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "MODEL 9, disclosure of real counters; a counterfactual", "x-evidence" = "A"))]
    pub disclose_real_counters: Option<Sourced<YesNo>>,
    /// What a claimed price must be backed by: nothing, a proof on request, or a basis that is shown with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "basis shown with the claim in China from 2026 and in the EU (C4, C5)", "x-evidence" = "VS"))]
    pub claim_substantiation: Option<Sourced<Substantiation>>,
    /// Days before a claim whose lowest price is the most that may be claimed, beside the honest prior price; 0: that price alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days before the claim", "x-source" = "7 days in China, 30 in the EU (C3, C5)", "x-evidence" = "VS"))]
    pub ref_price_window_days: Option<Sourced<Days>>,

    // What is forbidden.
    /// Bought viewers, follows and cart clicks are forbidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "draft of 13 Nov 2020 (F30), 2021 Measures (C3)", "x-evidence" = "V"))]
    pub ban_fake_viewers: Option<Sourced<YesNo>>,
    /// Brushed orders and shouted order counts are forbidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "E-commerce Law art 17 (C1)", "x-evidence" = "VS"))]
    pub ban_fake_orders: Option<Sourced<YesNo>>,
    /// Bought comments and likes are forbidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "E-commerce Law art 17 (C1)", "x-evidence" = "VS"))]
    pub ban_fake_reviews: Option<Sourced<YesNo>>,
    /// Farms answer for what they sell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "Anti-Unfair Competition Law 2019 arts 8, 20: the helper (C1)", "x-evidence" = "VS"))]
    pub bot_supplier_liable: Option<Sourced<YesNo>>,

    // Records.
    /// Days for which a room's replay must be open to its buyers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days after the show", "x-source" = "60 days of replay and review in the draft of 13 Nov 2020 (F53)", "x-evidence" = "SEED"))]
    pub replay_public_days: Option<Sourced<Days>>,
    /// Days for which a replay must be kept for the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days after the show", "x-source" = "60 days from 2016 (C1), 3 years from 2021 (C3)", "x-evidence" = "V"))]
    pub replay_authority_days: Option<Sourced<Days>>,
    /// Followers from which a room is a key room; absent: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "many followers or large sales, without a number (C3)", "x-evidence" = "A"))]
    pub key_room_followers: Option<Sourced<Followers>>,
    /// Days more for which replays of key rooms are kept for the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "longer storage for key rooms, without a number (C3)", "x-evidence" = "A"))]
    pub key_room_extra_days: Option<Sourced<Days>>,
    /// Days for which records of orders and payments are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days after completion", "x-source" = "3 years, E-commerce Law art 31 (C1)", "x-evidence" = "VS"))]
    pub txn_record_days: Option<Sourced<Days>>,

    // Promises of a price, and fraud.
    /// A lower price by coupon counts where a price is guaranteed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "no text read says so (F48, FACTS F4)", "x-evidence" = "A"))]
    pub coupon_counts_in_price_guarantee: Option<Sourced<YesNo>>,
    /// A promised price can be claimed at the platform and the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "SAMR order 56 art 19(5), from 1 Jul 2022 (C3)", "x-evidence" = "VS"))]
    pub price_promise_enforceable: Option<Sourced<YesNo>>,
    /// The platform pays the guaranteed difference without being asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "a counterfactual: 5-15 % claim by hand, 60-95 % automatically (B4)", "x-evidence" = "A"))]
    pub auto_price_protection: Option<Sourced<YesNo>>,
    /// A false claim of the lowest price is fraud.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "Penalties for Infringing Consumer Rights 2015 arts 6, 16(2) (C1)", "x-evidence" = "VS"))]
    pub false_promise_is_fraud: Option<Sourced<YesNo>>,
    /// Damages for fraud, beside the refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "multiple of the price", "x-source" = "3, Consumer Law art 55(1) (C1)", "x-evidence" = "VS"))]
    pub fraud_damages_multiple: Option<Sourced<Multiple>>,
    /// Least damages for fraud.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "500 yuan, Consumer Law art 55(1) (C1)", "x-evidence" = "VS"))]
    pub fraud_damages_floor: Option<Sourced<Yuan>>,

    // Returns, complaints and redress.
    /// Days after delivery within which anything may be returned without a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days after delivery", "x-source" = "7, Consumer Law art 25 (C1)", "x-evidence" = "VS"))]
    pub cooling_off_days: Option<Sourced<Days>>,
    /// Who pays the freight of such a return; absent: the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "the buyer, Consumer Law art 25 (C1)", "x-evidence" = "VS"))]
    pub return_freight_payer: Option<Sourced<FreightPayer>>,
    /// Days within which a return must be refunded; absent or 0: none set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days after the return", "x-source" = "7, Consumer Law art 25 (C1)", "x-evidence" = "VS"))]
    pub refund_deadline_days: Option<Sourced<Days>>,
    /// Days within which the platform and the authority must answer a complaint; absent or 0: none set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "days after the complaint", "x-source" = "7 working days, Consumer Law art 46 (B7)", "x-evidence" = "VS"))]
    pub complaint_sla_days: Option<Sourced<Days>>,
    /// Who has to prove what was said where a record is missing; absent: the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "the operator, E-commerce Law art 62 (C1)", "x-evidence" = "VS"))]
    pub burden_of_proof: Option<Sourced<Burden>>,
    /// The authority can order that everybody concerned is compensated, whether they complained or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "UK DMCC Act 2024 (C5)", "x-evidence" = "V"))]
    pub redress_order: Option<Sourced<YesNo>>,

    // The platform.
    /// What the platform answers for; absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "for what it knew, E-commerce Law art 38(1) (C1)", "x-evidence" = "VS"))]
    pub platform_liability: Option<Sourced<Liability>>,
    /// Share of an evening's rooms that are no key rooms which the platform patrols.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "no figure found", "x-evidence" = "A"))]
    pub platform_patrol_small: Option<Sourced<Probability>>,
    /// Share of an evening's key rooms which the platform patrols.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of rooms", "x-source" = "real-time patrol of large rooms, Measures 2026 art 11 (C4)", "x-evidence" = "VS"))]
    pub platform_patrol_key: Option<Sourced<Probability>>,
    /// Probability that a patrolling platform acts on an alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "probability", "x-source" = "2-25 % of those who cheat are found or punished (B7)", "x-evidence" = "A"))]
    pub q_platform: Option<Sourced<Probability>>,
    /// The detector that the platform patrols with, a baseline of `yellowcart detect list` that looks at counters; absent: silent_crowd.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "assumption: platforms do not say what they use", "x-evidence" = "A"))]
    pub detector: Option<Sourced<PatrolDetector>>,
    /// Score from which that detector gives an alert; absent: 0.5. From 1 on others than silent_crowd hold something for an outlier, as their sources do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "score", "x-source" = "assumption: even odds", "x-evidence" = "A"))]
    pub detector_threshold: Option<Sourced<AlertScore>>,
    /// Where the platform acts, the room's counters are corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "assumption", "x-evidence" = "A"))]
    pub correct_counters: Option<Sourced<YesNo>>,
    /// Where the platform acts, what the room's exposure is multiplied by for the rest of the evening; absent: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "factor", "x-source" = "traffic limits without a number (C2, C4)", "x-evidence" = "A"))]
    pub throttle: Option<Sourced<Probability>>,
    /// Days for which the anchor's rooms stay closed after a second sanction; absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "60 days in the bird's nest case (A4)", "x-evidence" = "V"))]
    pub suspension_days: Option<Sourced<Days>>,

    // The authority.
    /// Probability that the authority inspects a host in a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "probability per year", "x-source" = "0.1-0.3 % per host and year (B7)", "x-evidence" = "A"))]
    pub q_state: Option<Sourced<Probability>>,
    /// Probability that an inspector finds a breach where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "probability", "x-source" = "no figure found", "x-evidence" = "A"))]
    pub false_positive_rate: Option<Sourced<Probability>>,
    /// Complaints at the authority about one seller that open an investigation; absent or 0: none do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "162 complaints had opened none by 23 Nov 2020 (F32)", "x-evidence" = "A"))]
    pub investigates_from_complaints: Option<Sourced<Complaints>>,
    /// Days from an inspection or the opening of an investigation to its decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-source" = "about two months in the bird's nest case (A4)", "x-evidence" = "A"))]
    pub enforcement_delay_days: Option<Sourced<Days>>,
    /// Share of a statutory fine that is really imposed; absent: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of the fine", "x-source" = "mean fine of 63,200-65,900 yuan against a floor of 200,000 (B7)", "x-evidence" = "A"))]
    pub realised_share: Option<Sourced<Probability>>,
    /// What whoever hears of a sanction loses of their trust in the sanctioned anchor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of trust", "x-source" = "nothing quantitative found (B7)", "x-evidence" = "A"))]
    pub publicity_shock: Option<Sourced<Probability>>,
    /// Fines, each for one breach by one party.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 100), dive)]
    pub fines: Vec<FineTable>,
}

/// A fine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct FineTable {
    /// What it is for.
    pub breach: Breach,
    /// Who pays it.
    pub party: Party,
    /// What it is reckoned on.
    pub base: FineBase,
    /// Share or multiple of the base. For `fixed` where it lies between the bounds, from 0 to 1; for `per_violation` yuan for each violation.
    #[garde(range(min = 0.0, max = 1.0e9))]
    #[schemars(extend("x-unit" = "share, multiple or yuan", "x-source" = "3-5 times the advertising cost, Advertising Law art 55 (C1)", "x-evidence" = "VS"))]
    pub rate: f64,
    /// Least.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 1.0e12))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "200,000, Anti-Unfair Competition Law 2019 art 20 (C1)", "x-evidence" = "VS"))]
    pub min: f64,
    /// Most; absent: no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 0.01, max = 1.0e12))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "1,000,000, Anti-Unfair Competition Law 2019 art 20 (C1)", "x-evidence" = "VS"))]
    pub max: Option<f64>,
    /// What it is multiplied by from the second breach of the same party on, within the bounds.
    #[serde(default = "once")]
    #[garde(range(min = 1.0, max = 100.0))]
    #[schemars(extend("x-unit" = "multiple", "x-source" = "5-10 for 3-5 times the advertising cost, Advertising Law art 55 (C1)", "x-evidence" = "VS"))]
    pub repeat_mult: f64,
    /// The article that sets it; where none does, "assumption: " and the reason.
    #[garde(length(chars, min = 1, max = 300))]
    pub article: String,
    /// How far that was checked.
    pub evidence: Evidence,
}

fn once() -> f64 {
    1.0
}
