//! P8 and P19: how orders answer to a counter and to a price, by paired runs of one room that differ in nothing else.

use super::observe::Observed;
use super::pattern::{Kind, Measured, Pattern, Standing, Statistic, Variant};
use super::sample::Sample;

const ROOM: Variant = Variant::of("one_room");

/// Seconds after the start until which orders count as those of the next minutes: the counter jumps at 900 s.
const SOON: f64 = 2_100.0;

/// P8: the effect of the order counter.
pub const COUNTER: Pattern = Pattern {
    key: "P8",
    title: "Orders on display bring orders",
    source: "Cui, Zhang, Bassamboo 2019 (B5), V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "displayed orders enter the decision as social proof, b_s ln(1 + orders / S0) (behaviour.social_orders)",
        without: &["behaviour.social_orders=0"],
    },
    variants: &[
        ROOM.with(&["rooms.room.cues.0.open_link.price=140", CALLED_OUT_5]),
        ROOM.with(&["rooms.room.cues.0.open_link.price=140", CALLED_OUT_10]),
        ROOM.with(&["rooms.room.cues.0.open_link.price=80", CALLED_OUT_5]),
        ROOM.with(&["rooms.room.cues.0.open_link.price=80", CALLED_OUT_10]),
        ROOM.with(&["rooms.room.cues.0.open_link.price=140", CALLED_OUT_20]),
    ],
    statistics: &[
        Statistic {
            key: "elasticity",
            label: "elasticity of the next minutes' orders to displayed orders",
            unit: "ratio",
            band: [0.1, 0.3],
            kind: Kind::Hard,
        },
        Statistic {
            key: "discount",
            label: "the same under a deep discount, relative to it",
            unit: "ratio",
            band: [0.0, 1.0],
            kind: Kind::Hard,
        },
        Statistic {
            key: "falling",
            label: "orders more by each of the next 10,000 displayed, to those by each of 5,000",
            unit: "ratio",
            band: [f64::NEG_INFINITY, 1.0],
            kind: Kind::Hard,
        },
    ],
    measure: counter,
};

/// Staff call out 5,000 orders as the link opens, or twice or four times as many. This takes the place of the cue that closes the link: it stays open.
const CALLED_OUT_5: &str = "rooms.room.cues.1={ at = \"0:10:00\", shout_orders = { product = \"thing\", from = 5000, to = 5000, over_seconds = 1 } }";
const CALLED_OUT_10: &str = "rooms.room.cues.1={ at = \"0:10:00\", shout_orders = { product = \"thing\", from = 10000, to = 10000, over_seconds = 1 } }";
const CALLED_OUT_20: &str = "rooms.room.cues.1={ at = \"0:10:00\", shout_orders = { product = \"thing\", from = 20000, to = 20000, over_seconds = 1 } }";

fn soon(run: &Observed) -> f64 {
    let placed = run.orders.iter();
    placed.filter(|order| order.time < SOON).count() as f64
}

fn counter(sample: &Sample) -> Vec<Measured> {
    let elasticity =
        |few: &Observed, many: &Observed| libm::log(soon(many) / soon(few)) / libm::log(2.0);
    vec![
        sample.each(|runs| Some(elasticity(&runs[0], &runs[1]))),
        sample.each(|runs| Some(elasticity(&runs[2], &runs[3]) / elasticity(&runs[0], &runs[1]))),
        sample.each(|runs| {
            let by_each =
                |few: &Observed, many: &Observed, more: f64| (soon(many) - soon(few)) / more;
            Some(by_each(&runs[1], &runs[4], 10_000.0) / by_each(&runs[0], &runs[1], 5_000.0))
        }),
    ]
}

/// P19: the effect of the price.
pub const PRICE: Pattern = Pattern {
    key: "P19",
    title: "Demand answers to the price",
    source: "Bijmolt, van Heerde, Pieters 2005: mean -2.62 (B4), V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "the price is weighed against private value on a taste scale (population.segments.*.taste_scale)",
        without: &["population.segments.all.taste_scale.median=2"],
    },
    variants: &[
        ROOM.with(&["rooms.room.cues.0.open_link.price=98"]),
        ROOM.with(&["rooms.room.cues.0.open_link.price=102"]),
    ],
    statistics: &[Statistic {
        key: "elasticity",
        label: "own-price elasticity of a room's orders, prices 2 % either side",
        unit: "ratio",
        band: [-4.0, -1.5],
        kind: Kind::Hard,
    }],
    measure: |sample| {
        let orders = |run: &Observed| run.summary.market.real_orders as f64;
        vec![sample.each(|runs| {
            Some(libm::log(orders(&runs[1]) / orders(&runs[0])) / libm::log(102.0 / 98.0))
        })]
    },
};
