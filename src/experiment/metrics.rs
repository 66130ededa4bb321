//! Metrics: what a run is compared by. One list, from which comparison, validation, tables and figures take key, label, unit and group.

mod conduct;
mod harm;

pub use harm::kinds;

use crate::market::{Earned, Market, Nobody, Rung, Summary};
use crate::scenario::{Fault, Faults, Scenario};
use crate::welfare::Survival;
use harm::{distribution, harm};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Days after a claim was made at which it is asked whether it is resolved.
const UNRESOLVED_AFTER: [usize; 2] = [7, 30];

/// What a metric belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Conversion.
    Conversion,
    /// Sales.
    Sales,
    /// Harm by kind.
    Harm,
    /// Harm of deception at orders that were kept, by channel.
    HarmByChannel,
    /// Harm by segment.
    HarmBySegment,
    /// How harm is distributed.
    Distribution,
    /// Claims, complaints, refunds.
    Redress,
    /// Inspections, sanctions, fines.
    Enforcement,
    /// Who earns what.
    Ledger,
    /// What anchors, brands and farms choose.
    Conduct,
}

impl Group {
    /// In words, for headings.
    pub fn title(self) -> &'static str {
        match self {
            Group::Conversion => "Conversion",
            Group::Sales => "Sales",
            Group::Harm => "Consumer harm by kind",
            Group::HarmByChannel => "Deception at kept orders by channel",
            Group::HarmBySegment => "Consumer harm by segment",
            Group::Distribution => "Distribution of harm",
            Group::Redress => "Redress",
            Group::Enforcement => "Enforcement",
            Group::Ledger => "Who earns what",
            Group::Conduct => "What sellers choose",
        }
    }
}

/// What a metric is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// Key, as in files and `--primary`: "net_detriment", "harm_channel.viewers".
    pub key: String,
    /// In words, without commas or quotes: tables quote nothing.
    pub label: String,
    /// Unit: "yuan", "share", "orders".
    pub unit: String,
    /// What it belongs to.
    pub group: Group,
}

/// A metric with its value in a run; `None` where it has none (a share of nothing).
pub type Measured = (Metric, Option<f64>);

/// Every metric of a run, in a fixed order that depends on the scenario alone.
pub fn metrics_of(summary: &Summary) -> Vec<Measured> {
    let mut list = List::default();
    conversion(summary, &mut list);
    sales(summary, &mut list);
    harm(summary, &mut list);
    distribution(summary, &mut list);
    redress(summary, &mut list);
    enforcement(summary, &mut list);
    ledger(summary, &mut list);
    conduct::conduct(summary, &mut list);
    list.0
}

/// Every metric that the scenario has, found before anything is simulated.
pub fn metrics_in(scenario: Scenario) -> Vec<Metric> {
    let market = Market::new(Arc::new(scenario), Box::new(Nobody));
    let measured = metrics_of(&market.summary());
    measured.into_iter().map(|(metric, _)| metric).collect()
}

/// Names that an error proposes, at most.
const PROPOSED: usize = 3;

/// What is wrong where a scenario has no metric of a key, with the keys that may be meant.
pub fn no_metric(key: &str, metrics: &[Metric]) -> Faults {
    let near = nearest_keys(key, metrics).join(", ");
    let fault = Fault::of(format!("this scenario has no metric `{key}`"));
    Faults(vec![fault.help(format!("nearest: {near}"))])
}

/// The keys most like a word: those in which it occurs first.
fn nearest_keys<'a>(word: &str, metrics: &'a [Metric]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = metrics.iter().map(|metric| metric.key.as_str()).collect();
    let likeness = |key: &str| {
        let contains = if key.contains(word) { 1.0 } else { 0.0 };
        contains + strsim::normalized_damerau_levenshtein(word, key)
    };
    keys.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)).then(a.cmp(b)));
    keys.truncate(PROPOSED);
    keys
}

fn conversion(summary: &Summary, list: &mut List) {
    let (market, of) = (&summary.market, Group::Conversion);
    let (truly, seemingly) = (market.true_conversion(), market.apparent_conversion());
    list.add(
        of,
        "true_conversion",
        "buyers per real view",
        "share",
        truly,
    );
    list.add(
        of,
        "apparent_conversion",
        "displayed orders per displayed view",
        "share",
        seemingly,
    );
    list.count(
        of,
        "buyers",
        "consumers who paid",
        "consumers",
        market.distinct_buyers,
    );
}

fn sales(summary: &Summary, list: &mut List) {
    let (market, after, of) = (&summary.market, &summary.aftermath, Group::Sales);
    list.some(
        of,
        "displayed_sales",
        "sales on display",
        "yuan",
        market.displayed_sales.yuan(),
    );
    list.some(
        of,
        "paid_sales",
        "sales paid in rooms",
        "yuan",
        market.paid_sales.yuan(),
    );
    list.some(
        of,
        "kept_sales",
        "sales after returns (shelf included)",
        "yuan",
        summary.harm.memo.kept_sales,
    );
    list.count(
        of,
        "paid_orders",
        "orders paid in rooms",
        "orders",
        market.paid_orders,
    );
    let rate = |from: usize, delivered: u64| ratio(after.returned[from] as f64, delivered as f64);
    let (rooms, shelf) = (after.room_parcels[1], after.shelf_parcels[1]);
    list.add(
        of,
        "return_rate",
        "returned of what rooms delivered",
        "share",
        rate(0, rooms),
    );
    list.add(
        of,
        "shelf_return_rate",
        "returned of what the shelf delivered",
        "share",
        rate(1, shelf),
    );
}

fn redress(summary: &Summary, list: &mut List) {
    let (after, memo, of) = (&summary.aftermath, &summary.harm.memo, Group::Redress);
    let all = &summary.harm.all;
    let granted: u64 = after.granted.iter().sum();
    list.count(of, "claims", "claims", "claims", after.claims);
    list.add(
        of,
        "claim_rate",
        "claims of those whom the guarantee owes",
        "share",
        ratio(memo.entitled_claimed as f64, memo.entitled as f64),
    );
    for rung in [Rung::Platform, Rung::Board, Rung::Authority] {
        let key = format!("complaints.{}", rung.name());
        let label = format!("complaints: {}", rung.name());
        list.count(of, &key, &label, "complaints", after.reached[rung as usize]);
    }
    list.add(
        of,
        "granted_share",
        "claims granted",
        "share",
        ratio(granted as f64, after.claims as f64),
    );
    list.add(
        of,
        "days_to_grant",
        "days from claim to grant",
        "days",
        ratio(after.days_to_grant, granted as f64),
    );
    list.count(
        of,
        "lacked_evidence",
        "claims lost for want of a record",
        "claims",
        after.lacked_evidence,
    );
    list.some(
        of,
        "redress_paid",
        "redress paid to consumers",
        "yuan",
        all.redress,
    );
    list.some(
        of,
        "damages",
        "of it: damages",
        "yuan",
        after.damages.yuan(),
    );
    list.some(
        of,
        "compensation",
        "of it: of the seller's own accord",
        "yuan",
        after.compensation.yuan(),
    );
    list.some(
        of,
        "overcompensated",
        "of it: beyond what was lost",
        "yuan",
        summary.harm.overcompensated,
    );
    for days in UNRESOLVED_AFTER {
        list.add(
            of,
            &format!("unresolved_{days}_days"),
            &format!("claims not resolved {days} days later"),
            "share",
            unresolved_after(summary, days),
        );
    }
    list.add(
        of,
        "redress_efficiency",
        "redress per yuan of gross detriment: can exceed 1",
        "ratio",
        ratio(all.redress, all.gross()),
    );
}

/// Share of claims that are not resolved so many days after they were made; `None` where nobody claimed, or the run is not as long.
fn unresolved_after(summary: &Summary, days: usize) -> Option<f64> {
    let told = summary.aftermath.claims > 0 && summary.days.len() > days;
    let steps = summary.harm.survival.clone();
    told.then(|| Survival { steps }.at(days as f64))
}

fn enforcement(summary: &Summary, list: &mut List) {
    let (after, of) = (&summary.aftermath, Group::Enforcement);
    list.count(
        of,
        "rooms_in_breach",
        "rooms that break a rule in force",
        "rooms",
        after.rooms_in_breach,
    );
    list.count(of, "patrolled", "rooms patrolled", "rooms", after.patrolled);
    list.count(
        of,
        "inspected",
        "inspections and investigations",
        "inquiries",
        after.inspected,
    );
    list.count(
        of,
        "true_sanctions",
        "sanctions of who broke a rule",
        "sanctions",
        after.true_sanctions,
    );
    list.count(
        of,
        "false_sanctions",
        "sanctions of who did not",
        "sanctions",
        after.false_sanctions,
    );
    list.count(
        of,
        "closed_rooms",
        "rooms closed by suspensions",
        "rooms",
        after.closed_rooms,
    );
    list.some(of, "fines", "fines", "yuan", after.fines.yuan());
}

fn ledger(summary: &Summary, list: &mut List) {
    let of = Group::Ledger;
    let sum = |wanted: &dyn Fn(&Earned) -> bool| -> f64 {
        let earned = summary.earned.iter().filter(|earned| wanted(earned));
        earned.map(|earned| earned.net.yuan()).sum()
    };
    for (key, label, account) in [
        ("earned.brands", "brands", "brand "),
        ("earned.anchors", "anchors", "anchor "),
        ("earned.platform", "the platform", "platform"),
        ("earned.farms", "bot farms", "farm "),
        ("earned.state", "the state", "state"),
        ("earned.carriers", "carriers", "carriers"),
    ] {
        list.some(
            of,
            key,
            label,
            "yuan",
            sum(&|earned| earned.account.starts_with(account)),
        );
    }
    let honest = sum(&|earned| earned.honest_seller);
    list.some(
        of,
        "earned.honest_sellers",
        "sellers who do nothing false",
        "yuan",
        honest,
    );
    list.some(
        of,
        "transfers",
        "transfers: overpaid by consumers less redress",
        "yuan",
        transfers(summary),
    );
    list.some(
        of,
        "deadweight",
        "deadweight: time and freight of returns and bots",
        "yuan",
        deadweight(summary),
    );
}

/// What consumers pay to others beyond what they should, less what they get back: it is lost to them and to nobody else.
fn transfers(summary: &Summary) -> f64 {
    let all = &summary.harm.all;
    all.overpayment + all.forfeited - all.redress
}

/// What is lost to everybody: consumers' time, freight of what goes back (whoever pays it), and what farms are paid.
fn deadweight(summary: &Summary) -> f64 {
    let all = &summary.harm.all;
    let farms = summary
        .earned
        .iter()
        .filter(|earned| earned.account.starts_with("farm "));
    let bots: f64 = farms.map(|earned| earned.net.yuan().max(0.0)).sum();
    let returning = all.returning + summary.sellers_freight.yuan();
    all.claiming + returning + summary.market.search_time_cost + bots
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[derive(Default)]
struct List(Vec<Measured>);

impl List {
    fn add(&mut self, group: Group, key: &str, label: &str, unit: &str, value: Option<f64>) {
        let metric = Metric {
            key: key.to_owned(),
            label: label.to_owned(),
            unit: unit.to_owned(),
            group,
        };
        // A sum of nothing is -0.0, which no table should show.
        self.0.push((metric, value.map(|value| value + 0.0)));
    }

    fn some(&mut self, group: Group, key: &str, label: &str, unit: &str, value: f64) {
        self.add(group, key, label, unit, Some(value));
    }

    fn count(&mut self, group: Group, key: &str, label: &str, unit: &str, value: u64) {
        self.some(group, key, label, unit, value as f64);
    }
}
