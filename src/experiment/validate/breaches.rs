//! P15, P16 and P17: prices that are not the lowest, rooms that break rules, and how few are found. By construction, until strategies make them outcomes.

use super::complaints::COAT;
use super::observe::Observed;
use super::pattern::{Kind, Pattern, Rules, Standing, Statistic};
use super::sales::EVENING;
use super::sample::share;
use crate::money::Fen;
use crate::scenario::{Id, Substantiation};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// P15: a festival price is often not the lowest.
pub const FESTIVAL: Pattern = Pattern {
    key: "P15",
    title: "Festival prices are often not the lowest",
    source: "78.1 % of 539 items at or below the price of the day off it (B7, CCA 2017), V",
    kind: Kind::Soft,
    standing: Standing::ByConstruction {
        why: "prices are those that the scenario posts; daily price processes four weeks either side come later",
    },
    variants: &[COAT],
    statistics: &[Statistic {
        key: "share",
        label: "items obtainable at or below the price of 11 November in the weeks before",
        unit: "share",
        band: [0.6, 0.85],
        kind: Kind::Soft,
    }],
    measure: |sample| vec![sample.each(|runs| not_lowest(&runs[0]))],
};

/// Items on sale on 11 November, and those of them that are posted at or below their price of that day at another time.
fn not_lowest(run: &Observed) -> Option<f64> {
    let day = NaiveDate::from_ymd_opt(2020, 11, 11)?.and_hms_opt(0, 0, 0)?;
    let from = (day - run.scenario.clock.start).num_seconds();
    let until = from + 86_400;
    let posted = &run.scenario.campaign.posted;
    let products: BTreeSet<Id> = posted.iter().map(|posted| posted.product).collect();
    let lowest_then = |product: Id| -> Option<Fen> {
        let then = posted.iter().filter(|posted| {
            posted.product == product && posted.window.from < until && posted.window.until > from
        });
        then.map(|posted| posted.price).min()
    };
    let on_sale: Vec<(Id, Fen)> = products
        .into_iter()
        .filter_map(|product| Some((product, lowest_then(product)?)))
        .collect();
    let elsewhen = on_sale.iter().filter(|(product, price)| {
        posted.iter().any(|posted| {
            posted.product == *product && posted.price <= *price && posted.window.from < from
        })
    });
    share(elsewhen.count() as f64, on_sale.len() as f64)
}

/// Everything that audits of 2020 and 2021 looked for is forbidden.
const ALL_FORBIDDEN: Rules = Rules {
    name: "everything false forbidden",
    set: |regime| {
        regime.ban_fake_orders = true;
        regime.ban_fake_reviews = true;
        regime.claim_substantiation = Substantiation::OnRequest;
        regime.false_promise_is_fraud = true;
    },
};

/// Only false prices and false claims of the lowest are.
const PRICES_FORBIDDEN: Rules = Rules {
    name: "false price claims forbidden",
    set: |regime| {
        regime.claim_substantiation = Substantiation::OnRequest;
        regime.false_promise_is_fraud = true;
    },
};

/// P16: how many rooms break rules.
pub const BASE_RATE: Pattern = Pattern {
    key: "P16",
    title: "So many rooms break rules",
    source: "33 of 100 and 30 of 120 broadcasts; prices 2 to 5 % (B7), V",
    kind: Kind::Hard,
    standing: Standing::ByConstruction {
        why: "shares of scripts are put in (generate.scripts), until anchors choose them",
    },
    variants: &[
        EVENING.under(ALL_FORBIDDEN),
        EVENING.under(PRICES_FORBIDDEN),
    ],
    statistics: &[
        Statistic {
            key: "rooms",
            label: "rooms that break a rule",
            unit: "share",
            band: [0.18, 0.35],
            kind: Kind::Hard,
        },
        Statistic {
            key: "prices",
            label: "rooms with a false price or a false claim of the lowest",
            unit: "share",
            band: [0.02, 0.06],
            kind: Kind::Hard,
        },
    ],
    measure: |sample| {
        vec![
            sample.each(|runs| in_breach(&runs[0])),
            sample.each(|runs| in_breach(&runs[1])),
        ]
    },
};

fn in_breach(run: &Observed) -> Option<f64> {
    let rooms = run.summary.rooms.len() as f64;
    share(run.summary.aftermath.rooms_in_breach as f64, rooms)
}

/// A platform that looks at few rooms and seldom acts. Its shares are assumptions, put in for P17.
const LAX: Rules = Rules {
    name: "a lax platform",
    set: |regime| {
        regime.ban_fake_orders = true;
        regime.ban_fake_viewers = true;
        regime.platform_patrol_small = 0.1;
        regime.platform_patrol_key = 0.1;
        regime.q_platform = 0.3;
    },
};

/// A platform that looks at most rooms and acts. Its shares are assumptions, put in for P17.
const ACTIVE: Rules = Rules {
    name: "an active platform",
    set: |regime| {
        regime.ban_fake_orders = true;
        regime.ban_fake_viewers = true;
        regime.platform_patrol_small = 0.8;
        regime.platform_patrol_key = 0.8;
        regime.q_platform = 0.8;
    },
};

/// P17: few are found.
pub const DETECTION: Pattern = Pattern {
    key: "P17",
    title: "Few who fake are penalised",
    source: "2.2 % (2015), 25 % where the platform was active (2017): Xu et al. (B7), V",
    kind: Kind::Hard,
    standing: Standing::ByConstruction {
        why: "how many rooms a platform looks at and how often it acts is put in; that the detector misses the small ones is not",
    },
    variants: &[EVENING.under(LAX), EVENING.under(ACTIVE)],
    statistics: &[
        Statistic {
            key: "lax",
            label: "rooms sanctioned, of those that fake, lax platform",
            unit: "share",
            band: [0.005, 0.05],
            kind: Kind::Hard,
        },
        Statistic {
            key: "active",
            label: "the same, active platform",
            unit: "share",
            band: [0.15, 0.35],
            kind: Kind::Hard,
        },
    ],
    measure: |sample| {
        let sanctioned = |run: &Observed| {
            let after = &run.summary.aftermath;
            share(after.true_sanctions as f64, after.rooms_in_breach as f64)
        };
        vec![
            sample.each(|runs| sanctioned(&runs[0])),
            sample.each(|runs| sanctioned(&runs[1])),
        ]
    },
};
