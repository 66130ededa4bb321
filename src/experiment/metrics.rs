//! Metrics: what a run is compared by. One list, from which comparison, validation, tables and figures take key, label, unit and group.

use crate::market::Summary;
use serde::{Deserialize, Serialize};

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
    /// Harm by channel.
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
}

impl Group {
    /// In words, for headings.
    pub fn title(self) -> &'static str {
        match self {
            Group::Conversion => "Conversion",
            Group::Sales => "Sales",
            Group::Harm => "Consumer harm by kind",
            Group::HarmByChannel => "Consumer harm by channel",
            Group::HarmBySegment => "Consumer harm by segment",
            Group::Distribution => "Distribution of harm",
            Group::Redress => "Redress",
            Group::Enforcement => "Enforcement",
            Group::Ledger => "Who earns what",
        }
    }
}

/// What a metric is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// Key, as in files and `--primary`: "harm", "harm_channel.bought_viewers".
    pub key: String,
    /// In words.
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
    let mut list = List(Vec::new());
    let market = &summary.market;
    list.add(
        Group::Conversion,
        "true_conversion",
        "buyers per real view",
        "share",
        market.true_conversion(),
    );
    list.add(
        Group::Conversion,
        "apparent_conversion",
        "displayed orders per displayed view",
        "share",
        market.apparent_conversion(),
    );
    list.some(
        Group::Conversion,
        "buyers",
        "consumers who paid",
        "consumers",
        market.distinct_buyers as f64,
    );
    list.some(
        Group::Sales,
        "displayed_sales",
        "sales on display",
        "yuan",
        market.displayed_sales.yuan(),
    );
    list.some(
        Group::Sales,
        "paid_sales",
        "sales paid in rooms",
        "yuan",
        market.paid_sales.yuan(),
    );
    list.some(
        Group::Sales,
        "paid_orders",
        "orders paid in rooms",
        "orders",
        market.paid_orders as f64,
    );
    list.some(
        Group::Harm,
        "deception_harm",
        "harm of deception at paid orders",
        "yuan",
        market.harm_paid.total,
    );
    list.some(
        Group::Harm,
        "unbiased_harm",
        "harm against unbiased choice",
        "yuan",
        market.unbiased_harm.total,
    );
    for (channel, yuan) in crate::welfare::Channel::ALL
        .iter()
        .zip(market.harm_paid.by_channel)
    {
        let key = format!("harm_channel.{}", channel.name());
        list.some(Group::HarmByChannel, &key, channel.name(), "yuan", yuan);
    }
    for segment in &summary.segments {
        let key = format!("harm_segment.{}", segment.name);
        list.some(
            Group::HarmBySegment,
            &key,
            &segment.name,
            "yuan",
            segment.totals.harm_paid.total,
        );
    }
    list.some(
        Group::HarmBySegment,
        "harm_vulnerable",
        "vulnerable consumers",
        "yuan",
        summary.vulnerable.harm_paid.total,
    );
    list.0
}

struct List(Vec<Measured>);

impl List {
    fn add(&mut self, group: Group, key: &str, label: &str, unit: &str, value: Option<f64>) {
        let metric = Metric {
            key: key.to_owned(),
            label: label.to_owned(),
            unit: unit.to_owned(),
            group,
        };
        self.0.push((metric, value));
    }

    fn some(&mut self, group: Group, key: &str, label: &str, unit: &str, value: f64) {
        self.add(group, key, label, unit, Some(value));
    }
}
