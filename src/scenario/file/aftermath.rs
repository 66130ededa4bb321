//! After the sale: delivery, returns, claims, complaints (MODEL section 8).

use super::PositiveTrait;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// After the sale: delivery, returns, claims and complaints, and what platform and sellers do by themselves where no rule tells them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct AftermathTable {
    /// Mean time from payment to delivery (exponential, at least a day).
    #[garde(range(min = 0.0, max = 60.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption: mean time from payment to delivery in the festival weeks; 2 to 5 days", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.67]))]
    pub delivery_days: f64,
    /// How far a delivered product is from what its buyer expected of it, for better or worse (standard deviation).
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "share of the market price", "x-source" = "set with defect_share so that an ordinary shelf sees about 10 % come back (B3: 10-15 %) and rooms two to four times that (P1): a fifth either way", "x-evidence" = "A", "x-sweep-factor" = [0.8, 1.2]))]
    pub fit_spread: f64,
    /// What a defective unit lacks.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the worth", "x-source" = "assumption: a quarter to three quarters", "x-evidence" = "A", "x-sweep-odds" = [0.33, 3.0]))]
    pub defect_loss: f64,
    /// Share of defects that show in use, after delivery.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of defects", "x-source" = "assumption: about 0.12 to 0.56", "x-evidence" = "A", "x-sweep-odds" = [0.33, 3.0]))]
    pub defects_later: f64,
    /// Mean time until such a defect shows (exponential).
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days after delivery", "x-source" = "assumption: a week to a month", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub defect_days: f64,
    /// Share of buyers who can show that such a defect was there when it came.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of buyers", "x-source" = "assumption: a quarter to three quarters", "x-evidence" = "A", "x-sweep-odds" = [0.33, 3.0]))]
    pub defect_shown_share: f64,
    /// Freight of a return.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "assumption: a parcel within the country, 5 to 20 yuan by weight and distance", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub return_freight: f64,
    /// Days from asking for a return to the refund, where no rule sets a deadline that is shorter.
    #[garde(range(min = 0.0, max = 90.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption; the law asks for 7 (C1, art 25): 3 to 7 days", "x-evidence" = "A", "x-sweep-factor" = [0.6, 1.4]))]
    pub return_days_to_refund: f64,
    /// Share of those in need who look for it on the shelf once in the campaign, without any room.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of those in need", "x-source" = "assumption: 0 leaves the shelf to those with coupons; half to twice the odds", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub ordinary_shoppers: f64,
    /// Days for which the terms of the platform guarantee the price, if the buyer asks: from payment on, of a presale from when its balance falls due.
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "1 to 26 November (F46) in the festival; otherwise none; a term that the scenario states, no guess: it is not redrawn", "x-evidence" = "A"))]
    pub price_protection_days: f64,
    /// Whether those terms count a price by coupon.
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "disputed (F47, F48, F.6)", "x-evidence" = "A"))]
    pub protection_counts_coupons: bool,
    /// Days before and after a purchase within which prices are compared, where nothing guarantees them.
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "four weeks either side (P15)", "x-evidence" = "V"))]
    pub comparison_days: f64,
    /// Rate at which a buyer looks whether its product has become cheaper.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "searches per day", "x-source" = "set so that 5-15 % of those entitled claim (P14): the share goes about with it", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub own_search_per_day: f64,
    /// Rate at which somebody who knows of a lower price tells another buyer of the product.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "contacts per day", "x-source" = "set so that complaints rise over one to three weeks (P11): that time goes with its inverse", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub contact_rate: f64,
    /// What it takes to overcome oneself and make a claim, beside the time (lognormal over people).
    #[garde(dive)]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "set so that 10-40 % of those with a problem complain (B7, P12): the share falls with it", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub complaint_hassle: PositiveTrait,
    /// Share of buyers who have a recording of their own of what was said.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of buyers", "x-source" = "assumption; a buyer had the recorded show (F49), how many is not known: 0.5-8 %", "x-evidence" = "A", "x-sweep-odds" = [0.25, 4.0]))]
    pub records_share: f64,
    /// Days for which the platform keeps records of orders by itself.
    #[garde(range(min = 0.0, max = 3650.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption: three months to a year", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub record_days: f64,
    /// Days for which replays are open to buyers where no rule says more.
    #[garde(range(min = 0.0, max = 3650.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "less than 29 days in practice (F50); unspecified in law (C1: draw 0-30)", "x-evidence" = "A", "x-sweep" = [0.0, 30.0]))]
    pub replay_days: f64,
    /// Days for which the platform's archive is kept for the authority where no rule says more.
    #[garde(range(min = 0.0, max = 3650.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "archive of 60 days, reachable through the authority only (C1, CAC 2016)", "x-evidence" = "V"))]
    pub archive_days: f64,
    /// Whether the platform's archive keeps what a seller deletes.
    #[schemars(extend("x-unit" = "yes or no", "x-source" = "retention is not access (F.5)", "x-evidence" = "A"))]
    pub archive_outlasts_deletion: bool,
    /// Discretion of those who answer claims (spread of what a refund seems to cost them).
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "some got refunds and others did not, without reasons given (F45, F54); how far apart is not known", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub answer_noise: f64,
    /// Share of refused buyers whom sellers expect to go on to the platform or beyond, before they have seen any.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of those refused", "x-source" = "1-5 % escalate, 10-40 % complain (B7): 1-10 %, as sellers cannot know", "x-evidence" = "A", "x-sweep-odds" = [0.2, 2.0]))]
    pub expected_climbing: f64,
    /// Share of refused buyers whom sellers expect to go as far as the authority, before they have seen any.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of those refused", "x-source" = "1-10 official complaints per million orders (P12), and problems per order are not known: 0.04-1 %", "x-evidence" = "A", "x-sweep-odds" = [0.2, 5.0]))]
    pub expected_at_authority: f64,
    /// How many refused buyers that expectation is worth: sellers have seen many, and do not think anew for a few.
    #[garde(range(min = 0.1, max = 100000.0))]
    #[schemars(extend("x-unit" = "buyers", "x-source" = "assumption, set with join_ease so that complainants come near 162 (F32)", "x-evidence" = "A", "x-sweep-factor" = [0.33, 3.0]))]
    pub climbing_weight: f64,
    /// What a complaint beyond the seller costs the seller to handle.
    #[garde(range(min = 0.0, max = 10000.0))]
    #[schemars(extend("x-unit" = "yuan", "x-source" = "assumption: half an hour to two of an employee", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub handling_cost: f64,
    /// Complainants at which joining a collective complaint has become half as hard.
    #[garde(range(min = 0.1, max = 100000.0))]
    #[schemars(extend("x-unit" = "complainants", "x-source" = "the falling cost of joining (P11), set so that complainants come near 162 (F32)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub join_ease: f64,
    /// Complainants at which a case makes news.
    #[garde(range(min = 1, max = 10000000))]
    #[schemars(extend("x-unit" = "complainants", "x-source" = "162 complaints, and the press asked (F32): 100 to 300", "x-evidence" = "A", "x-sweep-factor" = [0.67, 2.0]))]
    pub news_threshold: u32,
    /// Share of consumers who hear of a case in the news.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of consumers", "x-source" = "assumption: an eighth to a half", "x-evidence" = "A", "x-sweep-odds" = [0.33, 3.0]))]
    pub news_reach: f64,
    /// Share of its trust in the anchor that whoever hears of a case loses.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of trust", "x-source" = "-1 to -10 % of trust per experienced deception, nothing quantitative found (B7)", "x-evidence" = "A", "x-sweep" = [0.01, 0.1]))]
    pub news_shock: f64,
    /// Share of its trust in the anchor that somebody loses who was refused what it claims, or learns that a promise was false.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of trust", "x-source" = "-1 to -10 % of trust per experienced deception, nothing quantitative found (B7)", "x-evidence" = "A", "x-sweep" = [0.01, 0.1]))]
    pub trust_lost: f64,
    /// Share of a brand's sales that it expects to lose when a case makes news.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of sales", "x-source" = "-5 to -20 % repeat purchase (B4), which is a part of sales: 1-9 %", "x-evidence" = "A", "x-sweep-odds" = [0.5, 5.0]))]
    pub news_sales_loss: f64,
    /// Days from the news to the brand's answer.
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "a feedback on the evening after the press asked (F56); up to a week", "x-evidence" = "A", "x-sweep-factor" = [0.5, 3.0]))]
    pub response_days: f64,
    /// What a brand pays of the difference when it compensates of its own accord.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "share of the difference", "x-source" = "assumption: from half the difference to half as much again", "x-evidence" = "A", "x-sweep-factor" = [0.5, 1.5]))]
    pub remedy_share: f64,
    /// What buyers think a claim has for it before they have heard of any.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability", "x-source" = "about 30 % were satisfied with how their rights were protected (B7)", "x-evidence" = "V"))]
    pub hope: f64,
    /// Answers that such an opinion is worth: how many one has to hear of before they count as much.
    #[garde(range(min = 0.1, max = 1.0e6))]
    #[schemars(extend("x-unit" = "answers", "x-source" = "assumption; successes get about (F45), refusals less: 100 to 900", "x-evidence" = "A", "x-sweep-factor" = [0.33, 3.0]))]
    pub hope_weight: f64,
    /// What buyers think a complaint at the association or the authority has for it before they have heard of any.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability", "x-source" = "79.04 % resolved in the first half of 2021 (B7)", "x-evidence" = "V"))]
    pub authority_hope: f64,
    /// Literacy from which a buyer knows that fraud brings damages.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption; 0.71 % of complaints asked for a multiple (B7), so few know: 0.67 to 0.89", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub knows_damages_from: f64,
    /// Line of harm: the distribution of harm tells how many consumers bear more, and by how much. It changes no run.
    #[garde(range(min = 0.01, max = 1.0e6))]
    #[schemars(extend("x-unit" = "yuan per consumer", "x-source" = "assumption: about the value of an order, 60-120 (B1); it defines a measure and is not redrawn", "x-evidence" = "A"))]
    pub harm_line: f64,
    /// The seller's own service.
    #[garde(dive)]
    pub seller: RungTable,
    /// The anchor's form.
    #[garde(dive)]
    pub anchor: RungTable,
    /// The platform's complaint centre.
    #[garde(dive)]
    pub platform: RungTable,
    /// A public complaint board.
    #[garde(dive)]
    pub board: RungTable,
    /// The consumers' association or the authority.
    #[garde(dive)]
    pub authority: RungTable,
}

/// A rung of the ladder of complaint.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RungTable {
    /// Days until it answers.
    #[garde(range(min = 0.0, max = 365.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "complaints 2 to 3 days after paying (F42), deferral (F44), nothing handled on the board by 23 November (F32), 7 working days of the authority (B7); otherwise assumption; half to twice as long", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub answer_days: f64,
    /// Time it takes a consumer.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "hours", "x-source" = "complex and time-consuming (B7); otherwise assumption; half to twice as long", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub hours: f64,
    /// How hard it is to overcome oneself, relative to the seller's own service.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "ratio", "x-source" = "1-5 % escalate, 1-10 official complaints per million orders (B7, P12), which rungs share in an order that is assumed", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub hardness: f64,
}

impl Default for AftermathTable {
    fn default() -> Self {
        Self {
            delivery_days: 3.0,
            fit_spread: 0.28,
            defect_loss: 0.5,
            defects_later: 0.3,
            defect_days: 15.0,
            defect_shown_share: 0.5,
            return_freight: 10.0,
            return_days_to_refund: 5.0,
            ordinary_shoppers: 0.0,
            price_protection_days: 0.0,
            protection_counts_coupons: false,
            comparison_days: 28.0,
            own_search_per_day: 0.015,
            contact_rate: 1.25,
            complaint_hassle: PositiveTrait {
                median: 280.0,
                spread: 1.3,
            },
            records_share: 0.02,
            record_days: 180.0,
            replay_days: 20.0,
            archive_days: 60.0,
            archive_outlasts_deletion: true,
            answer_noise: 0.4,
            expected_climbing: 0.05,
            expected_at_authority: 0.002,
            climbing_weight: 1000.0,
            handling_cost: 40.0,
            join_ease: 120.0,
            news_threshold: 162,
            news_reach: 0.3,
            news_shock: 0.08,
            trust_lost: 0.05,
            news_sales_loss: 0.02,
            response_days: 2.0,
            remedy_share: 1.0,
            hope: 0.3,
            hope_weight: 300.0,
            authority_hope: 0.79,
            knows_damages_from: 0.8,
            harm_line: 100.0,
            seller: RungTable {
                answer_days: 1.0,
                hours: 0.25,
                hardness: 1.0,
            },
            anchor: RungTable {
                answer_days: 1.0,
                hours: 0.2,
                hardness: 0.6,
            },
            platform: RungTable {
                answer_days: 3.0,
                hours: 0.5,
                hardness: 0.9,
            },
            board: RungTable {
                answer_days: 14.0,
                hours: 0.6,
                hardness: 1.0,
            },
            authority: RungTable {
                answer_days: 9.0,
                hours: 4.0,
                hardness: 11.0,
            },
        }
    }
}
