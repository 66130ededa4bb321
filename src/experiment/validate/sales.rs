//! P4 and P5: how sales are spread over rooms, and what a view yields, on the last evening of the festival.

use super::pattern::{Kind, Pattern, Standing, Statistic, Variant};
use super::sample::share;
use crate::market::Summary;

/// The last evening, at a fifth of its size.
pub const EVENING: Variant =
    Variant::of("double11_evening").with(&["population.consumers=200000", "generate.rooms=480"]);

/// P4: top-heavy sales.
pub const TOP_HEAVY: Pattern = Pattern {
    key: "P4",
    title: "Few rooms make most sales",
    source: "ten best of the hundred best hosts above 50 %, Zipf 0.9 to 1.15 (B2), V/D",
    kind: Kind::Hard,
    standing: Standing::ByConstruction {
        why: "followers are drawn from their known distribution and do not yet compound over evenings; and this is a fifth of the market",
    },
    variants: &[EVENING],
    statistics: &[Statistic {
        key: "share",
        label: "sales of the ten best rooms, of the hundred best",
        unit: "share",
        band: [0.50, 0.65],
        kind: Kind::Hard,
    }],
    measure: |sample| vec![sample.each(|runs| ten_of_hundred(&runs[0].summary))],
};

/// Share of the ten rooms that sell most in the sales of the hundred that do.
pub fn ten_of_hundred(summary: &Summary) -> Option<f64> {
    let rooms = summary.rooms.iter();
    let mut sales: Vec<f64> = rooms.map(|room| room.totals.paid_sales.yuan()).collect();
    sales.sort_by(|a, b| b.total_cmp(a));
    let best = |count: usize| sales.iter().take(count).sum::<f64>();
    share(best(10), best(100))
}

/// P5: yield per view.
pub const PER_VIEW: Pattern = Pattern {
    key: "P5",
    title: "A view yields so much",
    source: "8.50 yuan on 18 June, 7.98 on 11 November 2020, gross (B1), D",
    kind: Kind::Soft,
    standing: Standing::Outcome {
        mechanism: "needs, looks and the decision make orders of views (categories.*.need, looks_per_minute)",
        without: &[
            "population.segments.bargain_hunters.looks_per_minute.median=0.1",
            "population.segments.loyal_fans.looks_per_minute.median=0.1",
            "population.segments.newcomers.looks_per_minute.median=0.1",
            "population.segments.passers_by.looks_per_minute.median=0.1",
        ],
    },
    variants: &[EVENING],
    statistics: &[Statistic {
        key: "yield",
        label: "sales on display per view on display, whole evening",
        unit: "yuan",
        band: [6.0, 11.0],
        kind: Kind::Soft,
    }],
    measure: |sample| {
        vec![sample.each(|runs| {
            let market = &runs[0].summary.market;
            share(market.displayed_sales.yuan(), market.displayed_views as f64)
        })]
    },
};
