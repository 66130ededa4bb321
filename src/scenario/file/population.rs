//! Who the consumers are: segments with shares, and how their traits are spread.

use super::{Moment, Name, Probability};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The consumers of the market.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PopulationTable {
    /// Consumers simulated one by one.
    #[garde(range(min = 1, max = 200_000_000))]
    #[schemars(extend("x-unit" = "consumers", "x-source" = "assumption: the size of the market studied", "x-evidence" = "A"))]
    pub consumers: u64,
    /// Real people for whom a consumer stands, where the market is a sample of a larger one: anchors gain so many followers with each, and
    /// sales of the market are told beside those of the real one.
    #[serde(default = "one_person", skip_serializing_if = "is_one_person")]
    #[garde(range(min = 1.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "people per consumer", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub represents: f64,
    /// The groups they fall into, by name.
    #[garde(dive, length(min = 1, max = 64))]
    pub segments: BTreeMap<Name, SegmentTable>,
}

fn one_person() -> f64 {
    1.0
}
fn is_one_person(people: &f64) -> bool {
    *people == 1.0
}

/// A trait that is a share between 0 and 1: `median`, and `spread` on the logit scale.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ShareTrait {
    /// Median over the segment.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share"))]
    pub median: f64,
    /// Standard deviation on the logit scale; 0 makes everybody alike.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "logits"))]
    pub spread: f64,
}

/// A positive trait, lognormal: `median`, and `spread` on the log scale.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PositiveTrait {
    /// Median over the segment.
    #[garde(range(min = 0.0, max = 1.0e9))]
    pub median: f64,
    /// Standard deviation on the log scale; 0 makes everybody alike.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "log units"))]
    pub spread: f64,
}

/// A rate of doing something, lognormal over people: `median`, and `spread` on the log scale. Nobody does it more than 60 times in
/// its unit of time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RateTrait {
    /// Median over the segment.
    #[garde(range(min = 0.0, max = RateTrait::MOST))]
    pub median: f64,
    /// Standard deviation on the log scale; 0 makes everybody alike.
    #[serde(default)]
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "log units"))]
    pub spread: f64,
}

impl RateTrait {
    /// Most that anybody does in the unit of time.
    pub const MOST: f64 = 60.0;
}

const fn rate(median: f64, spread: f64) -> RateTrait {
    RateTrait { median, spread }
}

const fn share(median: f64, spread: f64) -> ShareTrait {
    ShareTrait { median, spread }
}

const fn positive(median: f64, spread: f64) -> PositiveTrait {
    PositiveTrait { median, spread }
}

/// A group of consumers who are alike in distribution.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct SegmentTable {
    /// Share of all consumers; the shares of the segments must add up to 1.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A"))]
    pub share: f64,
    /// Probability of needing each category in this campaign, by category name; missing ones take the category's own.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "probability", "x-source" = "assumption, so that 3-10 % of views order, gross (B1)", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub needs: BTreeMap<Name, Probability>,
    /// What one spends in an evening at most (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "order value 70-120 yuan on the large platforms, many orders of 200-1,000 (B1)", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub budget: PositiveTrait,
    /// Taste scale s, as a share of the product's market price; a smaller one makes demand more price-elastic (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share of the market price", "x-source" = "set so that the own-price elasticity lies in -1.5 to -4 (B4, P19)", "x-evidence" = "A", "x-sweep-factor" = [0.65, 1.75]))]
    pub taste_scale: PositiveTrait,
    /// Anchoring index alpha: the weight of the price that the anchor names in one's own reference price.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share", "x-source" = "weight of a host-stated anchor 0.1-0.35 (B4, Li, Maniadis, Sedikides)", "x-evidence" = "A", "x-sweep-odds" = [0.33, 1.6]))]
    pub anchoring: ShareTrait,
    /// Loss aversion lambda: how much a price above the reference hurts, relative to the pleasure of one below (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "brand choice 1.2-1.7; all domains 1.955 (B4, Brown et al. 2024)", "x-evidence" = "A", "x-sweep-factor" = [0.8, 1.3]))]
    pub loss_aversion: PositiveTrait,
    /// Weight theta of a bargain as such: yuan of decision utility per yuan below the reference price.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "yuan per yuan", "x-source" = "0.2-0.8 yuan per yuan of list price, wide (B4, Ngwe 2018)", "x-evidence" = "A", "x-sweep-odds" = [0.75, 3.0]))]
    pub bargain_weight: ShareTrait,
    /// Spread of the susceptibility psi to social proof and urgency, whose mean is 1 (lognormal).
    #[garde(range(min = 0.0, max = 1.5))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption; the mean is 1 so that the b's are identified", "x-evidence" = "A", "x-sweep-factor" = [0.5, 1.5]))]
    pub susceptibility_spread: f64,
    /// Literacy: skill with coupons and scepticism of scripts.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub literacy: ShareTrait,
    /// Trust in anchors before the first evening.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub trust: ShareTrait,
    /// How long one stays in a room, at rest (mean of an exponential given the trait; lognormal over people).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "median dwell 0.5-1.5 min, mean about 2 min (B1, D on V-weak)", "x-evidence" = "D"))]
    pub dwell_minutes: PositiveTrait,
    /// Looks at a live offer per minute, at rest (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "looks per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub looks_per_minute: RateTrait,
    /// Searches elsewhere per minute of facing an offer, without any promise (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "searches per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub searches_per_minute: RateTrait,
    /// Likes per minute (lognormal over people).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "likes per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub likes_per_minute: RateTrait,
    /// Comments per minute (lognormal over people).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "comments per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub comments_per_minute: RateTrait,
    /// New follows per hour of watching (lognormal over people).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "follows per hour", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub follows_per_hour: RateTrait,
    /// Anchors followed before the first evening, per consumer (Poisson mean).
    #[garde(range(min = 0.0, max = 8.0))]
    #[schemars(extend("x-unit" = "anchors", "x-source" = "assumption; followers bring 20 % of views (B1)", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub anchors_followed: f64,
    /// Probability of going online on a given evening.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability per evening", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub online_probability: f64,
    /// When one goes online: the peak of the evening, hour of the day.
    #[garde(range(min = 0.0, max = 24.0))]
    #[schemars(extend("x-unit" = "hour of the day", "x-source" = "assumption: evening peak", "x-evidence" = "A"))]
    pub online_peak_hour: f64,
    /// Spread of the going-online time around the peak (standard deviation).
    #[garde(range(min = 1.0, max = 720.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub online_spread_minutes: f64,
    /// How long one stays online in an evening (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub session_minutes: PositiveTrait,
    /// Value of one's time, for search and (later) redress (lognormal).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "yuan per hour", "x-source" = "assumption: near an hourly wage", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub value_of_time: PositiveTrait,
    /// Propensity to complain after a bad surprise; used by the aftermath.
    #[garde(dive)]
    #[schemars(extend("x-unit" = "share", "x-source" = "13.6 % complained after a problem (B7, CCA 2020; base ambiguous)", "x-evidence" = "V"))]
    pub complaint_propensity: ShareTrait,
    /// Share of the segment that counts as vulnerable in the distributional results.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub vulnerable_share: f64,
    /// Consumers of the segment behind one fixed network address: a home, or a dormitory. It changes no decision; detectors see it.
    #[garde(range(min = 1.0, max = 100000.0))]
    #[schemars(extend("x-unit" = "consumers per address", "x-source" = "assumption: the size of a home", "x-evidence" = "A"))]
    pub consumers_per_address: f64,
}

impl Default for SegmentTable {
    fn default() -> Self {
        Self {
            share: 1.0,
            needs: BTreeMap::new(),
            budget: positive(400.0, 0.8),
            taste_scale: positive(0.18, 0.25),
            anchoring: share(0.25, 0.6),
            loss_aversion: positive(1.5, 0.3),
            bargain_weight: share(0.25, 0.5),
            susceptibility_spread: 0.4,
            literacy: share(0.5, 0.8),
            trust: share(0.6, 0.6),
            dwell_minutes: positive(1.6, 0.7),
            looks_per_minute: rate(2.0, 0.4),
            searches_per_minute: rate(0.05, 0.6),
            likes_per_minute: rate(0.5, 1.0),
            comments_per_minute: rate(0.06, 1.0),
            follows_per_hour: rate(0.4, 0.8),
            anchors_followed: 1.5,
            online_probability: 0.5,
            online_peak_hour: 20.5,
            online_spread_minutes: 75.0,
            session_minutes: positive(25.0, 0.7),
            value_of_time: positive(25.0, 0.5),
            complaint_propensity: share(0.136, 0.8),
            vulnerable_share: 0.15,
            consumers_per_address: 2.6,
        }
    }
}

/// A crowd that the scenario supplies but does not follow: viewers outside the model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BackgroundTable {
    /// Who they are; the name appears in the results.
    pub name: String,
    /// Points of the curve of viewers over time; straight lines between, flat outside.
    #[garde(dive, length(min = 1, max = 200))]
    pub viewers: Vec<BackgroundPoint>,
}

/// One point of a background audience's curve.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BackgroundPoint {
    /// Market time.
    pub at: Moment,
    /// Real viewers then.
    #[garde(range(min = 0.0, max = 1.0e9))]
    #[schemars(extend("x-unit" = "viewers", "x-source" = "per scenario", "x-evidence" = "A"))]
    pub viewers: f64,
}
