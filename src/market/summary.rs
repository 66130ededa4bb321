//! What an evening comes to: the totals that the summary, the figures and `summary.json` are made from.

use super::aftermath::{AftermathTotals, HarmAccount};
use super::strategy::Seasons;
use super::wallet::Skill;
use crate::money::Fen;
use crate::scenario::Id;
use crate::welfare::CHANNELS;
use serde::{Deserialize, Serialize};

/// Harm in yuan: the sum, and its shares by channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct HarmTotal {
    /// Orders that honest displays would not have brought.
    pub induced_orders: u64,
    /// Harm, yuan.
    pub total: f64,
    /// Shapley shares by [`crate::welfare::Channel`]; they sum to `total`.
    pub by_channel: [f64; CHANNELS],
}

/// Totals of one room, anchor, segment or of the whole market.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Views on display: real ones, background audience and bots.
    pub displayed_views: u64,
    /// Real views: entries of consumers (the background audience is not in it: it is not followed).
    pub real_views: u64,
    /// Largest number of viewers on display.
    pub peak_displayed_viewers: u64,
    /// Largest number of real viewers, background audience included.
    pub peak_real_viewers: u64,
    /// Looks at offers.
    pub looks: u64,
    /// Orders on display: real, brushed and shouted.
    pub displayed_orders: u64,
    /// Orders of consumers.
    pub real_orders: u64,
    /// Brushed orders.
    pub brushed_orders: u64,
    /// Those of them that were refunded by the end.
    #[serde(default)]
    pub brushed_refunded: u64,
    /// What was refunded for them.
    #[serde(default)]
    pub brushed_refunds: Fen,
    /// Consumers who paid (a price or a deposit) at least once.
    pub distinct_buyers: u64,
    /// Orders of consumers that were paid, a deposit counting.
    pub paid_orders: u64,
    /// Orders of consumers that lapsed.
    pub lapsed_orders: u64,
    /// Tries that met a sold-out link.
    pub sold_out_tries: u64,
    /// Sales on display: price times displayed orders.
    pub displayed_sales: Fen,
    /// Sales paid by consumers: prices, and deposits of presales.
    pub paid_sales: Fen,
    /// Balances that presale buyers still owe.
    pub balances_open: Fen,
    /// Presale orders whose balance was paid.
    #[serde(default)]
    pub balances_paid: u64,
    /// Presale orders whose deposit was forfeited.
    #[serde(default)]
    pub forfeited_orders: u64,
    /// Deposits forfeited.
    #[serde(default)]
    pub forfeited_deposits: Fen,
    /// What coupons took off, on filler too.
    #[serde(default)]
    pub coupon_discounts: Fen,
    /// Orders from the shelf, instead of paying a balance or with a coupon from a room; not part of `paid_orders`.
    #[serde(default)]
    pub shelf_orders: u64,
    /// Their sales; not part of `paid_sales`.
    #[serde(default)]
    pub shelf_sales: Fen,
    /// Sales of filler from the shelf; not part of `paid_sales`.
    #[serde(default)]
    pub filler_sales: Fen,
    /// What buyers got back for filler that they sent back.
    #[serde(default)]
    pub filler_refunds: Fen,
    /// Searches elsewhere, and the worth of the time they took, yuan.
    pub searches: u64,
    /// See `searches`.
    pub search_time_cost: f64,
    /// Harm of the orders placed, against honest displays.
    pub harm: HarmTotal,
    /// Harm of those that were paid.
    pub harm_paid: HarmTotal,
    /// Harm of the orders placed, against the unbiased benchmark.
    pub unbiased_harm: HarmTotal,
}

impl Totals {
    /// Conversion as displayed: displayed orders per displayed view; `None` without views.
    pub fn apparent_conversion(&self) -> Option<f64> {
        (self.displayed_views > 0)
            .then(|| self.displayed_orders as f64 / self.displayed_views as f64)
    }

    /// True conversion (F15): distinct buyers per real view; `None` without views.
    pub fn true_conversion(&self) -> Option<f64> {
        (self.real_views > 0).then(|| self.distinct_buyers as f64 / self.real_views as f64)
    }
}

/// Totals with the index they belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TotalsOf {
    /// Index of the room, anchor or segment.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its totals.
    pub totals: Totals,
}

/// Net money of one account over the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Earned {
    /// Who, in words ("anchor shouting_host").
    pub account: String,
    /// Received minus paid.
    pub net: Fen,
    /// Whether it is a seller (an anchor or brand) in none of whose rooms anything false is done.
    #[serde(default)]
    pub honest_seller: bool,
}

/// Units of a product that were paid at an effective price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricePaid {
    /// The product.
    pub product: Id,
    /// Effective price of a unit, coupons and deposits reckoned in, rounded down to the fen.
    pub unit: Fen,
    /// What its buyers make of coupons.
    pub skill: Skill,
    /// Units.
    pub units: u64,
}

/// Totals of the whole market at the end of a simulated day, since the scenario's start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DayTotals {
    /// Simulated day, from 0.
    pub day: u32,
    /// Orders paid in rooms.
    pub paid_orders: u64,
    /// Sales paid in rooms.
    pub paid_sales: Fen,
    /// Harm of paid orders, yuan.
    pub harm: f64,
    /// Orders returned.
    pub returned_orders: u64,
    /// Claims made.
    pub claims: u64,
    /// Complaints beyond the seller, and joinings of collective complaints.
    pub complaints: u64,
    /// Refunds, damages and compensation paid to consumers, returns apart.
    pub redress: Fen,
    /// What open and failed claims ask for, yuan.
    pub unresolved: f64,
}

impl DayTotals {
    /// Keys, labels and units of [`Self::values`].
    pub const COLUMNS: [(&'static str, &'static str, &'static str); 8] = [
        ("paid_orders", "orders paid in rooms", "orders"),
        ("paid_sales", "sales paid in rooms", "yuan"),
        ("harm", "harm of deception at paid orders", "yuan"),
        ("returned_orders", "orders returned", "orders"),
        ("claims", "claims made", "claims"),
        ("complaints", "complaints beyond the seller", "complaints"),
        ("redress", "refunds, damages and compensation", "yuan"),
        ("unresolved", "asked for and not granted", "yuan"),
    ];

    /// The columns of [`Self::COLUMNS`].
    pub fn values(&self) -> [f64; 8] {
        [
            self.paid_orders as f64,
            self.paid_sales.yuan(),
            self.harm,
            self.returned_orders as f64,
            self.claims as f64,
            self.complaints as f64,
            self.redress.yuan(),
            self.unresolved,
        ]
    }
}

/// A collective complaint about a brand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collective {
    /// The brand.
    pub brand: String,
    /// Day of the first complaint.
    pub first_day: u32,
    /// Complainants at the end of each day from then on.
    pub by_day: Vec<u32>,
    /// Share of them who got what they asked for, by the end.
    pub handled: f64,
    /// Day on which it made news.
    pub news_day: Option<u32>,
}

/// What an evening comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The whole market.
    pub market: Totals,
    /// Every room, in order of index.
    pub rooms: Vec<TotalsOf>,
    /// Every anchor, in order of index.
    pub anchors: Vec<TotalsOf>,
    /// Every segment, in order of index. Views are consumers' entries; counters on display are not split by segment.
    pub segments: Vec<TotalsOf>,
    /// Consumers counted as vulnerable.
    pub vulnerable: Totals,
    /// Net money by account, in order of account.
    pub earned: Vec<Earned>,
    /// Freight of returns that sellers bore; what buyers bore is among their losses.
    #[serde(default)]
    pub sellers_freight: Fen,
    /// Consumers who went online.
    pub online_consumers: u64,
    /// Ticks simulated.
    pub ticks: u64,
    /// Units by product, effective price and skill, in that order, where there are coupons; without filler.
    #[serde(default)]
    pub prices: Vec<PricePaid>,
    /// What came after the sale.
    #[serde(default)]
    pub aftermath: AftermathTotals,
    /// What it all comes to for consumers.
    #[serde(default)]
    pub harm: HarmAccount,
    /// Collective complaints, by brand.
    #[serde(default)]
    pub collective: Vec<Collective>,
    /// The market at the end of each simulated day.
    #[serde(default)]
    pub days: Vec<DayTotals>,
    /// What anchors, brands and farms chose, day by day, where they choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Seasons>,
    /// Rules of the regime with the second at which each first acted; `None`: it never acted.
    pub rules: Vec<(String, Option<f64>)>,
    /// The hash of the world's state at the end of each day.
    pub state_hashes: Vec<String>,
}

impl Summary {
    /// All totals with their scope and name: the market, the vulnerable, then rooms, anchors and segments.
    pub fn scopes(&self) -> impl Iterator<Item = (&'static str, &str, &Totals)> {
        let whole = [
            ("market", "market", &self.market),
            ("vulnerable", "vulnerable", &self.vulnerable),
        ];
        let groups = [
            ("room", &self.rooms),
            ("anchor", &self.anchors),
            ("segment", &self.segments),
        ];
        let members = groups.into_iter().flat_map(|(scope, members)| {
            members
                .iter()
                .map(move |member| (scope, member.name.as_str(), &member.totals))
        });
        whole.into_iter().chain(members)
    }
}
