//! The rules in force, as plain numbers (MODEL section 9). `file/regime.rs` declares them for files; each mechanism reads the rules that it obeys.
//! What no rule says is what the market does by itself: platforms and sellers have terms of their own (`platform`, `brands`).

use crate::money::Fen;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rules in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Regime {
    /// Its name.
    pub name: String,
    /// One line that says what it is.
    pub title: String,
    /// Where it holds or held.
    pub jurisdiction: String,
    /// Second from which it holds; 0 where it always holds.
    pub from: f64,

    /// Displayed counters must be the real ones.
    pub disclose_real_counters: bool,
    /// What a claimed price must be backed by.
    pub claim_substantiation: Substantiation,
    /// Days before a claim whose lowest price is the most that may be claimed, beside the honest prior price; 0: that price alone.
    pub ref_price_window_days: f64,

    /// Bought viewers, follows and cart clicks are forbidden.
    pub ban_fake_viewers: bool,
    /// Brushed orders and shouted order counts are forbidden.
    pub ban_fake_orders: bool,
    /// Bought comments and likes are forbidden.
    pub ban_fake_reviews: bool,
    /// Farms answer for what they sell.
    pub bot_supplier_liable: bool,

    /// Days for which a room's replay must be open to its buyers.
    pub replay_public_days: f64,
    /// Days for which it must be kept for the authority.
    pub replay_authority_days: f64,
    /// Followers from which a room is a key room.
    pub key_room_followers: f64,
    /// Days more for which replays of key rooms are kept for the authority.
    pub key_room_extra_days: f64,
    /// Days for which records of orders and payments are kept.
    pub txn_record_days: f64,

    /// A lower price by coupon counts where a price is guaranteed.
    pub coupon_counts_in_price_guarantee: bool,
    /// A promised price can be claimed at the platform and the authority.
    pub price_promise_enforceable: bool,
    /// The platform pays the guaranteed difference without being asked.
    pub auto_price_protection: bool,
    /// A false claim of the lowest price is fraud.
    pub false_promise_is_fraud: bool,
    /// Damages for fraud, multiple of the price, beside the refund.
    pub fraud_damages_multiple: f64,
    /// Least damages for fraud.
    pub fraud_damages_floor: Fen,

    /// Days after delivery within which anything may be returned without a reason.
    pub cooling_off_days: f64,
    /// Who pays the freight of such a return.
    pub return_freight_payer: FreightPayer,
    /// Days within which a return must be refunded; 0: none set.
    pub refund_deadline_days: f64,
    /// Days within which the platform and the authority must answer a complaint; 0: none set.
    pub complaint_sla_days: f64,
    /// Who has to prove what was said where a record is missing.
    pub burden_of_proof: Burden,
    /// The authority can order that everybody concerned is compensated, whether they complained or not.
    pub redress_order: bool,
    /// What the platform answers for.
    pub platform_liability: Liability,

    /// Share of an evening's rooms with few followers that the platform patrols.
    pub platform_patrol_small: f64,
    /// The same of key rooms.
    pub platform_patrol_key: f64,
    /// Probability that a patrolling platform acts on an alert.
    pub q_platform: f64,
    /// The detector that it patrols with.
    pub detector: PatrolDetector,
    /// Score from which the detector gives an alert.
    pub detector_threshold: f64,
    /// What the platform does where it acts: counters corrected.
    pub correct_counters: bool,
    /// Factor on the room's exposure for the rest of the evening; 1: none.
    pub throttle: f64,
    /// Days for which the anchor's rooms stay closed after a second sanction; 0: none.
    pub suspension_days: f64,

    /// Probability that the authority inspects a host in a year.
    pub q_state: f64,
    /// Probability that an inspector finds a breach where there is none.
    pub false_positive_rate: f64,
    /// Complaints at the authority about one seller that open an investigation; 0: none do.
    pub investigates_from_complaints: u32,
    /// Days from an inspection or investigation to its decision.
    pub enforcement_delay_days: f64,
    /// Share of a statutory fine that is really imposed.
    pub realised_share: f64,
    /// Fines.
    pub fines: Vec<Fine>,
    /// Share of its trust in the sanctioned anchor that whoever hears of a sanction loses.
    pub publicity_shock: f64,
}

impl Default for Regime {
    /// No rules.
    fn default() -> Self {
        Self {
            name: "none".to_owned(),
            title: String::new(),
            jurisdiction: String::new(),
            from: 0.0,
            disclose_real_counters: false,
            claim_substantiation: Substantiation::None,
            ref_price_window_days: 0.0,
            ban_fake_viewers: false,
            ban_fake_orders: false,
            ban_fake_reviews: false,
            bot_supplier_liable: false,
            replay_public_days: 0.0,
            replay_authority_days: 0.0,
            key_room_followers: f64::INFINITY,
            key_room_extra_days: 0.0,
            txn_record_days: 0.0,
            coupon_counts_in_price_guarantee: false,
            price_promise_enforceable: false,
            auto_price_protection: false,
            false_promise_is_fraud: false,
            fraud_damages_multiple: 0.0,
            fraud_damages_floor: Fen::ZERO,
            cooling_off_days: 0.0,
            return_freight_payer: FreightPayer::Buyer,
            refund_deadline_days: 0.0,
            complaint_sla_days: 0.0,
            burden_of_proof: Burden::Buyer,
            redress_order: false,
            platform_liability: Liability::None,
            platform_patrol_small: 0.0,
            platform_patrol_key: 0.0,
            q_platform: 0.0,
            detector: PatrolDetector::SilentCrowd,
            detector_threshold: 0.5,
            correct_counters: false,
            throttle: 1.0,
            suspension_days: 0.0,
            q_state: 0.0,
            false_positive_rate: 0.0,
            investigates_from_complaints: 0,
            enforcement_delay_days: 0.0,
            realised_share: 1.0,
            fines: Vec::new(),
            publicity_shock: 0.0,
        }
    }
}

impl Regime {
    /// Whether it is in force at a second.
    pub fn holds_at(&self, second: f64) -> bool {
        second >= self.from
    }

    /// Whether displayed counters must be the real ones at a second.
    pub fn discloses_at(&self, second: f64) -> bool {
        self.disclose_real_counters && self.holds_at(second)
    }

    /// Whether a lower price by coupon counts where a price is guaranteed, at a second.
    pub fn counts_coupons_at(&self, second: f64) -> bool {
        self.coupon_counts_in_price_guarantee && self.holds_at(second)
    }
}

impl Regime {
    /// Names of the rules that it sets and that can be seen to act, in the order of a regime file. What only says how strongly, how long or how likely
    /// (bounds, shares, delays) is not among them.
    pub fn rules(&self) -> Vec<&'static str> {
        let rules = [
            (self.disclose_real_counters, "disclose_real_counters"),
            (
                self.claim_substantiation != Substantiation::None,
                "claim_substantiation",
            ),
            (self.ban_fake_viewers, "ban_fake_viewers"),
            (self.ban_fake_orders, "ban_fake_orders"),
            (self.ban_fake_reviews, "ban_fake_reviews"),
            (self.bot_supplier_liable, "bot_supplier_liable"),
            (self.replay_public_days > 0.0, "replay_public_days"),
            (self.replay_authority_days > 0.0, "replay_authority_days"),
            (self.txn_record_days > 0.0, "txn_record_days"),
            (
                self.coupon_counts_in_price_guarantee,
                "coupon_counts_in_price_guarantee",
            ),
            (self.price_promise_enforceable, "price_promise_enforceable"),
            (self.auto_price_protection, "auto_price_protection"),
            (self.false_promise_is_fraud, "false_promise_is_fraud"),
            (self.cooling_off_days > 0.0, "cooling_off_days"),
            (
                self.return_freight_payer == FreightPayer::Seller,
                "return_freight_payer",
            ),
            (self.refund_deadline_days > 0.0, "refund_deadline_days"),
            (self.complaint_sla_days > 0.0, "complaint_sla_days"),
            (self.burden_of_proof == Burden::Seller, "burden_of_proof"),
            (self.redress_order, "redress_order"),
            (
                self.platform_liability != Liability::None,
                "platform_liability",
            ),
            (
                self.platform_patrol_small > 0.0 || self.platform_patrol_key > 0.0,
                "platform_patrol",
            ),
            (self.q_state > 0.0, "q_state"),
            (
                self.investigates_from_complaints > 0,
                "investigates_from_complaints",
            ),
            (!self.fines.is_empty(), "fines"),
        ];
        let set = rules.into_iter().filter(|(set, _)| *set);
        set.map(|(_, name)| name).collect()
    }
}

/// What a claimed price must be backed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
#[garde(allow_unvalidated)]
pub enum Substantiation {
    /// Nothing.
    None,
    /// A proof on request: an inspection finds what has none, the claim is shown all the same.
    OnRequest,
    /// The basis is shown with the claim: one above it cannot be shown.
    Shown,
}

/// What a platform's patrol looks at rooms with: detectors that need to see no more than a room's counters, and to have learnt nothing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Validate,
)]
#[serde(rename_all = "snake_case")]
#[garde(allow_unvalidated)]
pub enum PatrolDetector {
    /// Crowds that come at once and do nothing; scores from 0 to 1.
    #[default]
    SilentCrowd,
    /// Jumps of a counter, by median and median absolute deviation.
    RobustZ,
    /// Jumps of a counter, by a moving average.
    Ewma,
    /// Shifts of a counter, by cumulative sums.
    Cusum,
    /// Shifts of a counter, by the test of Page and Hinkley.
    PageHinkley,
    /// Changes of a counter, by Bayesian change points.
    BayesianChangePoint,
    /// Likes, comments, clicks and orders a viewer.
    EngagementRatios,
}

impl PatrolDetector {
    /// The name of the baseline.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SilentCrowd => "silent_crowd",
            Self::RobustZ => "robust_z",
            Self::Ewma => "ewma",
            Self::Cusum => "cusum",
            Self::PageHinkley => "page_hinkley",
            Self::BayesianChangePoint => "bayesian_change_point",
            Self::EngagementRatios => "engagement_ratios",
        }
    }
}

/// Who pays the freight of a return without a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
#[garde(allow_unvalidated)]
pub enum FreightPayer {
    /// The buyer.
    Buyer,
    /// The seller.
    Seller,
}

/// Who has to prove what was said where a record is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
#[garde(allow_unvalidated)]
pub enum Burden {
    /// The buyer: without a record the claim fails.
    Buyer,
    /// The seller: a record that should be there and is not speaks for the buyer.
    Seller,
}

/// What the platform answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
#[garde(allow_unvalidated)]
pub enum Liability {
    /// Nothing.
    None,
    /// For what it knew of and let happen.
    Knowledge,
    /// Together with the seller.
    Joint,
    /// Whatever it knew: it pays itself what the seller owes.
    Strict,
}

/// What a fine is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// Bought viewers, follows, cart clicks.
    FakeViewers,
    /// Brushed or shouted orders.
    FakeOrders,
    /// Bought comments or likes.
    FakeReviews,
    /// A claimed price above what is allowed.
    InflatedReference,
    /// A promise of the lowest price that does not hold.
    FalsePromise,
    /// A return or a claim that was due and was refused.
    RefusedRedress,
    /// A record that had to be kept and was not.
    DeletedReplay,
}

/// Who pays a fine.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The anchor.
    Anchor,
    /// The brand.
    Brand,
    /// The platform.
    Platform,
    /// The farm that delivered.
    Farm,
}

/// What a fine is reckoned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FineBase {
    /// An amount within the bounds.
    Fixed,
    /// What the party earned by it.
    Gains,
    /// What was paid for the advertisement: slot fee and commission.
    AdCost,
    /// The party's turnover.
    Turnover,
    /// Each violation.
    PerViolation,
}

/// A fine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fine {
    /// What for.
    pub breach: Breach,
    /// Who pays.
    pub party: Party,
    /// What it is reckoned on.
    pub base: FineBase,
    /// Share or multiple of the base; for a fixed one, where it lies between the bounds (0 to 1).
    pub rate: f64,
    /// Least.
    pub min: Fen,
    /// Most; zero: no bound.
    pub max: Fen,
    /// What a repeated breach multiplies it by.
    pub repeat_mult: f64,
}

impl Fine {
    /// The statutory amount on a base, for the n-th breach (from 1) of a party.
    pub fn on(&self, base: Fen, nth: u32) -> Fen {
        let amount = match self.base {
            FineBase::Fixed => self.min.yuan() + self.rate * (self.max.yuan() - self.min.yuan()),
            _ => self.rate * base.yuan(),
        };
        let repeat = if nth > 1 {
            self.repeat_mult.max(1.0)
        } else {
            1.0
        };
        let most = if self.max > Fen::ZERO {
            self.max.yuan()
        } else {
            f64::INFINITY
        };
        let least = self.min.yuan().min(most);
        Fen::from_yuan((amount * repeat).clamp(least, most.max(least)))
    }
}
