//! P6 and P7: bought viewers, on display and as a magnet for real ones.

use super::observe::Observed;
use super::pattern::{Kind, Measured, Pattern, Standing, Statistic, Variant};
use super::sales::EVENING;
use super::sample::{Sample, share};
use crate::market::Totals;

const VIEWS: Variant = Variant::of("bought_views");

/// Bots bought in the second and third run.
const SOME: f64 = 10_000.0;
const MANY: f64 = 100_000.0;

/// P7: bought viewers bring real ones.
pub const BOUGHT: Pattern = Pattern {
    key: "P7",
    title: "Bought viewers attract real ones",
    source: "Lu, Yao, Chen, Grewal 2021 (B5), V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "displayed viewers raise a room's heat, heat its exposure (ranking.viewers_weight, heat_exponent), and enter the decision (behaviour.social_viewers)",
        without: &["ranking.viewers_weight=0", "behaviour.social_viewers=0"],
    },
    variants: &[
        VIEWS.with(&[
            "population.consumers=100000",
            "rooms.july_room.cues.0.buy.count=1",
        ]),
        VIEWS.with(&[
            "population.consumers=100000",
            "rooms.july_room.cues.0.buy.count=10000",
        ]),
        VIEWS.with(&[
            "population.consumers=100000",
            "rooms.july_room.cues.0.buy.count=100000",
        ]),
    ],
    statistics: &[
        Statistic {
            key: "arrivals",
            label: "real views more per bot, first 10,000 bots",
            unit: "views",
            band: [0.0, f64::INFINITY],
            kind: Kind::Hard,
        },
        Statistic {
            key: "concavity",
            label: "the same over the next 90,000, relative to it",
            unit: "ratio",
            band: [f64::NEG_INFINITY, 1.0],
            kind: Kind::Hard,
        },
        Statistic {
            key: "revenue",
            label: "orders per real view, change by 10,000 bots",
            unit: "%",
            band: [0.0, f64::INFINITY],
            kind: Kind::Hard,
        },
    ],
    measure: bought,
};

fn july(run: &Observed) -> Option<&Totals> {
    let mut rooms = run.summary.rooms.iter();
    rooms
        .find(|room| room.name == "july_room")
        .map(|room| &room.totals)
}

fn views(run: &Observed) -> f64 {
    july(run).map_or(0.0, |totals| totals.real_views as f64)
}

fn bought(sample: &Sample) -> Vec<Measured> {
    let first = |none: &Observed, some: &Observed| (views(some) - views(none)) / SOME;
    let next = |some: &Observed, many: &Observed| (views(many) - views(some)) / (MANY - SOME);
    let orders_per_view = |run: &Observed| {
        let totals = july(run)?;
        share(totals.real_orders as f64, totals.real_views as f64)
    };
    vec![
        sample.each(|runs| Some(first(&runs[0], &runs[1]))),
        sample.each(|runs| Some(next(&runs[1], &runs[2]) / first(&runs[0], &runs[1]))),
        sample.each(|runs| {
            let (none, some) = (orders_per_view(&runs[0])?, orders_per_view(&runs[1])?);
            Some(100.0 * (some / none - 1.0))
        }),
    ]
}

/// P6: displayed far above real.
pub const DISPLAYED: Pattern = Pattern {
    key: "P6",
    title: "Fake rooms display far more than there are",
    source: "3.11 M displayed for fewer than 110,000 (A4); practice 10 to 50 times (B1), V/D",
    kind: Kind::Soft,
    standing: Standing::ByConstruction {
        why: "how many viewers a room buys is put in (generate.bought_multiple), until anchors choose it",
    },
    variants: &[EVENING],
    statistics: &[Statistic {
        key: "ratio",
        label: "displayed to real peak viewers, median over rooms that bought",
        unit: "ratio",
        band: [10.0, 50.0],
        kind: Kind::Soft,
    }],
    measure: |sample| vec![sample.each(|runs| displayed_to_real(&runs[0]))],
};

fn displayed_to_real(run: &Observed) -> Option<f64> {
    let rooms = run.summary.rooms.iter().map(|room| &room.totals);
    let mut ratios: Vec<f64> = rooms
        .filter(|totals| totals.displayed_views > totals.real_views && totals.peak_real_viewers > 0)
        .map(|totals| totals.peak_displayed_viewers as f64 / totals.peak_real_viewers as f64)
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}
