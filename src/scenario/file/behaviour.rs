//! How people look, believe and decide (MODEL sections 4 to 6), how the platform ranks, and its terms.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How people look, believe and decide: the coefficients that everybody shares.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct BehaviourTable {
    /// b_s: weight of displayed orders, ln(1 + orders / S0), in units of private value.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of private value per log unit", "x-source" = "set for an order-counter elasticity of 0.1-0.3 (P8, Cui et al. 2019)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 1.5]))]
    pub social_orders: f64,
    /// b_d: weight of displayed viewers, ln(1 + viewers / D0), in units of private value.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of private value per log unit", "x-source" = "fake viewers attract real ones, concave (P7, Lu et al. 2021)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub social_viewers: f64,
    /// b_q: weight of urgency, in units of private value.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of private value", "x-source" = "0 to +10 %, urgency does little online (B4, Hmurovic et al. 2023; Ladeira et al. 2023)", "x-evidence" = "A", "x-sweep" = [0.0, 0.1]))]
    pub urgency: f64,
    /// b_A: weight of arousal, in units of private value.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of private value per unit of arousal", "x-source" = "set so that a standard deviation of arousal brings back 3 to 12 % more of what rooms sell (P2)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub arousal: f64,
    /// b_Q: yuan of decision utility per yuan of believed claimed quality.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "yuan per yuan", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 1.5]))]
    pub claimed_quality: f64,
    /// b_W: yuan of decision utility per yuan of believed windfall.
    #[garde(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-unit" = "yuan per yuan", "x-source" = "assumption: a bargain found by mistake pleases beyond its size (F14)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 1.5]))]
    pub windfall: f64,
    /// S0: displayed orders at which social proof begins to bite.
    #[garde(range(min = 1.0, max = 1.0e6))]
    #[schemars(extend("x-unit" = "orders", "x-source" = "assumption; it shows in small rooms only", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub orders_scale: f64,
    /// D0: displayed viewers at which social proof begins to bite.
    #[garde(range(min = 1.0, max = 1.0e7))]
    #[schemars(extend("x-unit" = "viewers", "x-source" = "assumption; it shows in small rooms only", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub viewers_scale: f64,
    /// kappa: how much of belief a fully literate person loses each time the same kind of staged cue is seen again.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "\"it's all this routine\" (F10)", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub scepticism: f64,
    /// sigma_v: spread of private value over people (log scale).
    #[garde(range(min = 0.0, max = 2.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub worth_spread: f64,
    /// Spread of what people think a product sells for elsewhere before they search (log scale).
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "log units", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub market_price_noise: f64,
    /// Claimed quality implied by a false counter price: yuan of worth per yuan above the honest prior price.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "yuan per yuan", "x-source" = "assumption: price is read as a signal of quality", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub quality_from_price: f64,
    /// How far a staged quarrel of intensity 1 closes the gap between belief in the claimed price and certainty.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "a planted opponent makes the discount look costly (F4-F7)", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub quarrel_belief: f64,
    /// Half-life of arousal.
    #[garde(range(min = 5.0, max = 3600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption, set with the weight of arousal (P2)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub arousal_half_life_seconds: f64,
    /// Arousal added per comment per viewer (comments / real viewers).
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "arousal per comment per viewer", "x-source" = "+1 % comments go with +0.289 % sales (B1, Song et al. 2021)", "x-evidence" = "A", "x-sweep-factor" = [0.7, 1.2]))]
    pub arousal_from_comments: f64,
    /// How much one unit of arousal raises the look rate.
    #[garde(range(min = 0.0, max = 5.0))]
    #[schemars(extend("x-unit" = "share per unit of arousal", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub arousal_looks: f64,
    /// Hazard at which one unit of arousal creates a need in somebody who had none.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "per minute per unit of arousal", "x-source" = "impulse share 0.3-0.5 of purchases (B3); 0.29 in live_and_ordinary, 0.39 after a staged quarrel", "x-evidence" = "A", "x-sweep-factor" = [0.75, 1.25]))]
    pub impulse_per_minute: f64,
    /// How much the hazard of leaving grows where nothing is on sale.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "decline without stimulus (B1, Feigua)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub idle_leaving: f64,
    /// Share of those who leave a room who go on to another one, while their time lasts.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub hop_share: f64,
    /// Shortest time between two rooms when hopping, at least one tick; a hop takes evenly between that and twice as long, if it is not one of those with something in between (`away_share`).
    #[garde(range(min = 10.0, max = 600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption", "x-evidence" = "A"))]
    pub hop_seconds: f64,
    /// Share of hops with something in between: a call, a meal.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of hops", "x-source" = "assumption", "x-evidence" = "A"))]
    pub away_share: f64,
    /// How much longer those take (mean of an exponential time); whoever's session is over by then goes offline.
    #[garde(range(min = 0.0, max = 1440.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption", "x-evidence" = "A"))]
    pub away_minutes: f64,
    /// Probability of joining a followed anchor's room when one is on air.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "probability", "x-source" = "recommendation 63 %, followers 21 %, short videos 16 % of one room's traffic (B1)", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub join_followed: f64,
    /// Refreshes per minute of somebody who wants a sold-out link (F35).
    #[garde(range(min = 0.1, max = 120.0))]
    #[schemars(extend("x-unit" = "refreshes per minute", "x-source" = "\"refresh the link crazily\" (F35)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub refreshes_per_minute: f64,
    /// Mean time for which somebody keeps refreshing a sold-out link.
    #[garde(range(min = 0.1, max = 240.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "about half an hour (F36)", "x-evidence" = "SEED"))]
    pub refresh_minutes: f64,
    /// Share of reservations that are never paid (F35).
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "5-30 % of reservations (B3, F35)", "x-evidence" = "A", "x-sweep" = [0.05, 0.3]))]
    pub unpaid_share: f64,
    /// Mean time to pay for those who pay.
    #[garde(range(min = 1.0, max = 1800.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub payment_seconds: f64,
    /// Time that one search elsewhere takes.
    #[garde(range(min = 1.0, max = 3600.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub search_seconds: f64,
    /// Worth of a second unit of the same product, as a share of the first.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub extra_unit_worth: f64,
    /// Displayed stock, as a share of the opening stock, below which scarcity is felt.
    #[garde(range(min = 0.001, max = 1.0))]
    #[schemars(extend("x-unit" = "share of opening stock", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub scarcity_below: f64,
    /// Literacy from which somebody uses a coupon at all: the one that takes most off.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "literacy", "x-source" = "assumption; rules that people cannot follow are the second field of complaints (F20)", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub uses_a_coupon_from: f64,
    /// Literacy from which somebody finds the best stack of coupons for what it buys.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "literacy", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub stacks_coupons_from: f64,
    /// Literacy from which somebody pads its basket to reach a threshold (F60).
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "literacy", "x-source" = "assumption; a small number did (F60)", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub pads_baskets_from: f64,
    /// What filler is worth to whoever keeps it, as a share of its price.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of the price", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.5, 2.0]))]
    pub filler_worth: f64,
    /// What sending the filler of a basket back costs in freight and trouble.
    #[garde(range(min = 0.0, max = 10_000.0))]
    #[schemars(extend("x-unit" = "yuan per basket", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub return_effort: f64,
    /// When filler that goes back has been refunded, after it was paid.
    #[garde(range(min = 0.0, max = 60.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption: delivery, and the seven days of the right of return", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub filler_return_days: f64,
    /// Mean time after which somebody who was given a coupon goes to the shelf with it; whoever has not by its end has forgotten it.
    #[garde(range(min = 0.01, max = 1_000.0))]
    #[schemars(extend("x-unit" = "hours", "x-source" = "assumption; redemption of limited coupons: nothing found, sweep so that 30-95 % are used (B4)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub errand_hours: f64,
    /// Mean time after which the balance of a presale is paid or given up, once it can be paid; whoever has not come by its end has forgotten it.
    #[garde(range(min = 0.01, max = 1_000.0))]
    #[schemars(extend("x-unit" = "hours", "x-source" = "assumption: most on the first day; a buyer paid on 1 November (F39)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub balance_hours: f64,
}

impl Default for BehaviourTable {
    fn default() -> Self {
        Self {
            social_orders: 0.08,
            social_viewers: 0.03,
            urgency: 0.04,
            arousal: 0.20,
            claimed_quality: 0.3,
            windfall: 0.5,
            orders_scale: 50.0,
            viewers_scale: 500.0,
            scepticism: 0.6,
            worth_spread: 0.35,
            market_price_noise: 0.15,
            quality_from_price: 0.1,
            quarrel_belief: 0.4,
            arousal_half_life_seconds: 120.0,
            arousal_from_comments: 0.5,
            arousal_looks: 0.8,
            impulse_per_minute: 0.10,
            idle_leaving: 0.5,
            hop_share: 0.7,
            hop_seconds: 12.0,
            away_share: 0.05,
            away_minutes: 20.0,
            join_followed: 0.25,
            refreshes_per_minute: 6.0,
            refresh_minutes: 30.0,
            unpaid_share: 0.12,
            payment_seconds: 45.0,
            search_seconds: 60.0,
            extra_unit_worth: 0.5,
            scarcity_below: 0.2,
            uses_a_coupon_from: 0.2,
            stacks_coupons_from: 0.5,
            pads_baskets_from: 0.75,
            filler_worth: 0.5,
            return_effort: 30.0,
            filler_return_days: 9.0,
            errand_hours: 24.0,
            balance_hours: 12.0,
        }
    }
}

/// How the platform ranks rooms: exposure is proportional to displayed heat to the power eta, times promotion.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct RankingTable {
    /// eta: how strongly exposure follows heat; at 0.9 and above ten rooms take everything.
    #[garde(range(min = 0.0, max = 1.5))]
    #[schemars(extend("x-unit" = "exponent", "x-source" = "assumption; below 1 so that the tail comes from followers (MODEL 4)", "x-evidence" = "A", "x-sweep-factor" = [0.85, 1.15]))]
    pub heat_exponent: f64,
    /// Heat of one displayed viewer.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "heat per viewer", "x-source" = "assumption: the unit of heat", "x-evidence" = "A"))]
    pub viewers_weight: f64,
    /// Heat of one displayed like per minute.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "heat per like per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub likes_weight: f64,
    /// Heat of one displayed comment per minute.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "heat per comment per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub comments_weight: f64,
    /// Heat of one displayed order per minute.
    #[garde(range(min = 0.0, max = 1000.0))]
    #[schemars(extend("x-unit" = "heat per order per minute", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub orders_weight: f64,
    /// Heat of one displayed click on the cart per minute.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "heat per click per minute", "x-source" = "assumption; tools sell cart views (F25)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub cart_clicks_weight: f64,
    /// Heat of one follower of the anchor, in thousands.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-unit" = "heat per thousand followers", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub followers_weight: f64,
    /// Heat that every room on air has.
    #[garde(range(min = 0.001, max = 1.0e6))]
    #[schemars(extend("x-unit" = "heat", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub base_heat: f64,
    /// Half-life of the averages that heat is made of.
    #[garde(range(min = 1.0, max = 7200.0))]
    #[schemars(extend("x-unit" = "s", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub half_life_seconds: f64,
}

impl Default for RankingTable {
    fn default() -> Self {
        Self {
            heat_exponent: 0.7,
            viewers_weight: 1.0,
            likes_weight: 0.1,
            comments_weight: 0.5,
            orders_weight: 3.0,
            cart_clicks_weight: 0.2,
            followers_weight: 0.05,
            base_heat: 5.0,
            half_life_seconds: 120.0,
        }
    }
}

/// The platform's terms.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct PlatformTable {
    /// The platform's commission on paid sales.
    #[garde(range(min = 0.0, max = 0.5))]
    #[schemars(extend("x-unit" = "share of the price", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-odds" = [0.67, 1.5]))]
    pub commission: f64,
    /// How long stock is held for an unpaid order.
    #[garde(range(min = 0.5, max = 1440.0))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "about half an hour (F36); 30 min for special-deal goods (B3)", "x-evidence" = "SEED"))]
    pub reservation_minutes: f64,
    /// How long the balance of a presale can be paid, where the link does not say.
    #[garde(range(min = 0.01, max = 60.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption", "x-evidence" = "A", "x-sweep-factor" = [0.67, 1.5]))]
    pub balance_days: f64,
    /// When a brushed order is refunded at the soonest, after it was placed.
    #[garde(range(min = 0.0, max = 60.0))]
    #[schemars(extend("x-unit" = "days", "x-source" = "assumption; 76.4 % came back (A4, P3)", "x-evidence" = "A", "x-sweep-factor" = [0.5, 2.0]))]
    pub brushed_refund_days: f64,
    /// How much longer that may take: evenly up to such a share of the days more.
    #[garde(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-unit" = "share of the days", "x-source" = "assumption: within the days that returns take", "x-evidence" = "A"))]
    pub brushed_refund_spread: f64,
    /// Share of those refunds that look like a return's to the platform; the rest is given back past it.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-unit" = "share of brushed orders", "x-source" = "assumption: brushers are also paid back by hand (A4)", "x-evidence" = "A"))]
    pub brushed_refund_seen_share: f64,
}

impl Default for PlatformTable {
    fn default() -> Self {
        Self {
            commission: 0.05,
            reservation_minutes: 30.0,
            balance_days: 3.0,
            brushed_refund_days: 7.0,
            brushed_refund_spread: 0.2,
            brushed_refund_seen_share: 0.4,
        }
    }
}
