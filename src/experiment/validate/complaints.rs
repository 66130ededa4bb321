//! P11 to P14: complaints: how they spread, who makes them, what comes of them, and who claims what it is owed.

use super::observe::Observed;
use super::pattern::{Kind, Measured, Pattern, Standing, Statistic, Variant};
use super::returns::WEEKS;
use super::sample::{Sample, share};
use crate::market::Rung;
use chrono::NaiveDate;

/// The case of the coat, from presale to the end of November.
pub const COAT: Variant = Variant::of("guess_coat");

/// The same to the end of the year, until the authority has decided by the law that was in force: a false lowest price is fraud (FACTS C1).
const COAT_DECIDED: Variant = COAT.with(&["clock.end=\"2020-12-31 06:00\""]);

/// P11: a price drop after a presale brings a burst of complaints.
pub const BURST: Pattern = Pattern {
    key: "P11",
    title: "A price drop after the presale: complaints in a burst",
    source: "162 complainants on 23 November, 171 on 28 November 2020 (F32, A4), SEED and V",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "buyers hear of the lower price and of the complaint from each other (aftermath.contact_rate), and joining becomes easier with each who joins (aftermath.join_ease)",
        without: &["aftermath.contact_rate=0", "aftermath.join_ease=100000"],
    },
    variants: &[COAT],
    statistics: &[
        Statistic {
            key: "duration",
            label: "days in which the middle 80 % of complainants join",
            unit: "days",
            band: [7.0, 21.0],
            kind: Kind::Hard,
        },
        Statistic {
            key: "start",
            label: "complainants at a third of the way to 90 %, of the last count",
            unit: "share",
            band: [0.0, 0.30],
            kind: Kind::Hard,
        },
        Statistic {
            key: "saturation",
            label: "complainants a day, 23 to 28 November, to those before",
            unit: "ratio",
            band: [0.0, 0.5],
            kind: Kind::Hard,
        },
        Statistic {
            key: "count",
            label: "complainants by 23 November",
            unit: "people",
            band: [50.0, 500.0],
            kind: Kind::Soft,
        },
    ],
    measure: burst,
};

fn november(day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2020, 11, day)
}

/// The day of the complaint, from its first, on which a share of the last count is reached; where nobody complains that takes no time.
fn reached(run: &Observed, share: f64) -> Option<f64> {
    let Some(complaint) = run.largest_complaint() else {
        return Some(0.0);
    };
    let counts = &complaint.by_day;
    let wanted = share * f64::from(*counts.last()?);
    let day = counts
        .iter()
        .position(|count| f64::from(*count) >= wanted)?;
    Some(day as f64)
}

fn slow_start(run: &Observed) -> Option<f64> {
    let counts = &run.largest_complaint()?.by_day;
    let third = (reached(run, 0.9)? / 3.0) as usize;
    share(f64::from(*counts.get(third)?), f64::from(*counts.last()?))
}

fn saturation(run: &Observed) -> Option<f64> {
    let (then, later) = (run.day_of(november(23)?), run.day_of(november(28)?));
    let first = run.largest_complaint()?.first_day;
    let before = share(
        f64::from(run.complainants(then)),
        f64::from(then) + 1.0 - f64::from(first),
    )?;
    let after =
        f64::from(run.complainants(later) - run.complainants(then)) / f64::from(later - then);
    share(after, before)
}

fn burst(sample: &Sample) -> Vec<Measured> {
    vec![
        sample.each(|runs| Some(reached(&runs[0], 0.9)? - reached(&runs[0], 0.1)?)),
        sample.each(|runs| slow_start(&runs[0])),
        sample.each(|runs| saturation(&runs[0])),
        sample.each(|runs| {
            let day = runs[0].day_of(november(23)?);
            Some(f64::from(runs[0].complainants(day)))
        }),
    ]
}

/// The same weeks, and those after them in which complaints are decided, with so many people that what is rare can be counted, and as many more
/// complaints for a case to make news.
const MANY: Variant = WEEKS.with(&[
    "clock.end=\"2020-12-31 06:00\"",
    "population.consumers=1000000",
    "aftermath.news_threshold=3750",
]);

/// P12: the funnel of complaints. Its base: people who bought in rooms over a campaign of three and a half weeks; a person counts once.
pub const FUNNEL: Pattern = Pattern {
    key: "P12",
    title: "Many have a problem, some complain, few officially",
    source: "37.3 % ever had one, 13.6 % or 36 % of these complained; about 3.5 official complaints a million orders (B7), V/D",
    kind: Kind::Hard,
    standing: Standing::Outcome {
        mechanism: "people learn at home what goods are worth to them (aftermath.fit_spread); some are defective (products.*.defect_share), which shows at once or in use, and what is in dispute they pursue where it is worth the trouble (aftermath.complaint_hassle)",
        without: &[
            "aftermath.fit_spread=0",
            "products.down_vest.defect_share=0",
            "products.jeans.defect_share=0",
            "products.boots.defect_share=0",
            "products.coat.defect_share=0",
            "products.blanket.defect_share=0",
            "products.jacket.defect_share=0",
            "aftermath.complaint_hassle.median=1000000",
        ],
    },
    variants: &[WEEKS, MANY],
    statistics: &[
        Statistic {
            key: "problem",
            label: "buyers of a campaign with a problem",
            unit: "share",
            band: [0.30, 0.45],
            kind: Kind::Hard,
        },
        Statistic {
            key: "complained",
            label: "those of them who complained, to the seller or beyond",
            unit: "share",
            band: [0.10, 0.40],
            kind: Kind::Hard,
        },
        Statistic {
            key: "official",
            label: "complaints at an authority, per million orders",
            unit: "complaints",
            band: [1.0, 10.0],
            kind: Kind::Hard,
        },
    ],
    measure: |sample| {
        vec![
            sample.each(|runs| {
                let people = &runs[0].people;
                share(people.with_problem as f64, people.buyers as f64)
            }),
            sample.each(|runs| {
                let people = &runs[0].people;
                share(people.complained as f64, people.with_problem as f64)
            }),
            sample.rare(1, |run| {
                let after = &run.summary.aftermath;
                let orders = after.room_parcels[0] + after.shelf_parcels[0];
                let official = after.reached[Rung::Authority as usize];
                (official, orders as f64 / 1.0e6)
            }),
        ]
    },
};

/// P13: resolution depends on the channel.
pub const CHANNEL: Pattern = Pattern {
    key: "P13",
    title: "Who decides matters: authority against seller",
    source: "associations resolved 79 % in 2021, 51 % in 2025 (B7); the brand 0 % by day 22 (F32), V and SEED",
    kind: Kind::Soft,
    standing: Standing::Outcome {
        mechanism: "the authority applies the law to what can be shown; the seller weighs the refund against what a refusal is expected to cost it, which is little (aftermath.handling_cost, expected_climbing), and takes its time over what is said in public (aftermath.board.answer_days)",
        without: &[
            "aftermath.handling_cost=10000",
            "aftermath.board.answer_days=1",
        ],
    },
    variants: &[COAT, COAT_DECIDED],
    statistics: &[
        Statistic {
            key: "authority",
            label: "decisions of the authority for the buyer, under the law of 2020",
            unit: "share",
            band: [0.5, 0.8],
            kind: Kind::Soft,
        },
        Statistic {
            key: "seller",
            label: "collective complainants with whom the seller had settled by 23 November",
            unit: "share",
            band: [0.0, 0.1],
            kind: Kind::Soft,
        },
    ],
    measure: channel,
};

fn channel(sample: &Sample) -> Vec<Measured> {
    vec![
        sample.each(|runs| {
            let granted = runs[1].summary.aftermath.granted[Rung::Authority as usize];
            share(granted as f64, runs[1].decided as f64)
        }),
        sample.each(|runs| {
            let day = runs[0].day_of(november(23)?) as usize;
            let (complainants, settled) = *runs[0].handled.get(day)?;
            share(f64::from(settled), f64::from(complainants))
        }),
    ]
}

/// The same case where nobody disputes that a price by coupon counts, so that whoever asks is paid.
const COAT_COUNTED: Variant = COAT.with(&["aftermath.protection_counts_coupons=true"]);

/// P14: what people are owed, few claim.
pub const UNCLAIMED: Pattern = Pattern {
    key: "P14",
    title: "Few claim what they are owed",
    source: "a basket guarantee was used by one in eight (B4), V",
    kind: Kind::Soft,
    standing: Standing::Outcome {
        mechanism: "nobody is told: buyers find out by their own search or from others (aftermath.own_search_per_day, contact_rate), and claim where it is worth the trouble",
        without: &["aftermath.own_search_per_day=0", "aftermath.contact_rate=0"],
    },
    variants: &[COAT_COUNTED],
    statistics: &[Statistic {
        key: "claimed",
        label: "claims of those whom the guarantee owes a difference",
        unit: "share",
        band: [0.05, 0.15],
        kind: Kind::Soft,
    }],
    measure: |sample| {
        vec![sample.each(|runs| {
            let memo = &runs[0].summary.harm.memo;
            share(memo.entitled_claimed as f64, memo.entitled as f64)
        })]
    },
};
