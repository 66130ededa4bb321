//! After the sale: what must hold of returns, claims, complaints, redress and their account, by identities and by worlds that differ in one thing.

mod common;
#[path = "aftermath/freight.rs"]
mod freight;
#[path = "aftermath/guaranteed.rs"]
mod guaranteed;
#[path = "aftermath/owed.rs"]
mod owed;

use common::{Ran, run, run_scenario, shipped};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use yellowcart::market::{Account, Market, Nobody, Pace, Rung};
use yellowcart::money::Fen;
use yellowcart::scenario::{Burden, FreightPayer, Liability, Regime, Request, Scenario, load};

/// A shipped scenario, smaller, without any rules but those that `rules` sets.
fn under(name: &str, changes: &[&str], rules: impl FnOnce(&mut Regime)) -> Ran {
    let mut scenario = plain(name, changes);
    scenario.regime = Regime::default();
    rules(&mut scenario.regime);
    run_scenario(Arc::new(scenario))
}

fn plain(name: &str, changes: &[&str]) -> Scenario {
    shipped(name, 11, changes)
        .resolve()
        .expect("a loaded bundle resolves")
}

const COAT: &[&str] = &["population.consumers=60000"];
/// Everybody who is wronged says so.
const TALKATIVE: &[&str] = &[
    "population.consumers=60000",
    "aftermath.complaint_hassle={median=5.0,spread=0.0}",
];

#[test]
fn every_line_is_delivered_once_and_kept_or_returned() {
    let ran = under("no_exchange", &["population.consumers=30000"], |_| ());
    let mut events: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for row in &ran.kept.aftermath {
        events.entry(row.order).or_default().push(row.event);
    }
    let after = &ran.summary.aftermath;
    let with = |event| events.values().filter(|told| told.contains(&event)).count() as u64;
    assert_eq!(
        with("delivered"),
        after.room_parcels[1] + after.shelf_parcels[1]
    );
    assert_eq!(with("refunded"), after.returned.iter().sum::<u64>());
    assert!(after.returned[0] > 30, "{after:?}");
    for told in events.values() {
        let count = |event| told.iter().filter(|other| **other == event).count();
        assert_eq!(count("delivered"), 1, "{told:?}");
        assert!(
            count("sent_back") <= 1 && count("refunded") <= 1,
            "{told:?}"
        );
        // Nothing comes before it is delivered but what is learned of prices.
        assert!(
            !told.contains(&"refunded") || told.contains(&"sent_back") || told.contains(&"granted")
        );
    }
}

#[test]
fn ledgers_balance_to_the_fen_on_every_day_and_refunds_are_what_was_paid() {
    for name in [
        "guess_coat",
        "no_exchange",
        "replay_deleted",
        "refund_scandal",
    ] {
        let ran = under(name, TALKATIVE, |regime| {
            regime.false_promise_is_fraud = true;
            regime.fraud_damages_multiple = 3.0;
            regime.fraud_damages_floor = Fen::from_yuan(500.0);
        });
        let mut days: BTreeMap<u32, i64> = BTreeMap::new();
        let mut by_purpose: BTreeMap<&str, i64> = BTreeMap::new();
        let mut balance: BTreeMap<Account, i64> = BTreeMap::new();
        for row in &ran.kept.ledger {
            *balance.entry(row.from).or_default() -= row.amount.0;
            *balance.entry(row.to).or_default() += row.amount.0;
            *days.entry(row.day).or_default() = balance.values().sum();
            *by_purpose.entry(row.purpose.as_str()).or_default() += row.amount.0;
        }
        assert!(days.values().all(|sum| *sum == 0), "{name}");
        let after = &ran.summary.aftermath;
        let paid = |purpose| by_purpose.get(purpose).copied().unwrap_or(0);
        let filler = ran.summary.market.filler_refunds;
        assert_eq!(paid("damages"), after.damages.0, "{name}");
        assert_eq!(paid("compensation"), after.compensation.0, "{name}");
        assert_eq!(paid("redress"), after.refunds.0, "{name}");
        assert!(paid("refund") >= after.returned_value.0, "{name}");
        assert!(
            paid("refund") - after.returned_value.0 <= filler.0 * 2,
            "{name}"
        );
        let paid_out = after.damages + after.compensation + after.refunds + after.protected;
        let redress = paid_out - after.given_back;
        let account = &ran.summary.harm.all;
        assert!((account.redress - redress.yuan()).abs() < 1e-6, "{name}");
    }
}

#[test]
fn anchors_give_back_their_commission_on_what_comes_back() {
    let ran = under("no_exchange", &["population.consumers=30000"], |_| ());
    let mut owed: BTreeMap<Account, Fen> = BTreeMap::new();
    let refunded = |row: &&yellowcart::market::AftermathRow| {
        row.event == "refunded" && row.room != yellowcart::market::NO_ROOM
    };
    for row in ran.kept.aftermath.iter().filter(refunded) {
        let anchor = ran.scenario.rooms[row.room as usize].anchor;
        let share = ran.scenario.anchors[anchor as usize].commission;
        *owed.entry(Account::Anchor(anchor)).or_default() += row.amount.share(share);
    }
    let mut back: BTreeMap<Account, Fen> = BTreeMap::new();
    for row in &ran.kept.ledger {
        if row.purpose == "commission_back" && matches!(row.from, Account::Anchor(_)) {
            *back.entry(row.from).or_default() += row.amount;
        }
    }
    assert!(owed.values().any(|amount| *amount > Fen::ZERO), "{owed:?}");
    assert_eq!(back, owed);
}

#[test]
fn the_account_adds_up_and_no_yuan_is_counted_twice() {
    let ran = under("guess_coat", TALKATIVE, |_| ());
    let account = &ran.summary.harm;
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6 * (1.0 + a.abs()), "{a} and {b}");
    let segments = account.segments.iter();
    close(segments.map(|loss| loss.net()).sum(), account.all.net());
    close(account.by_channel.iter().sum(), account.all.deception);
    close(account.hidden + account.apparent, account.all.net());
    let spread = &account.distribution;
    close(
        spread.mean * spread.affected as f64 - account.overcompensated,
        account.all.net(),
    );
    assert!(account.vulnerable.net() < account.all.net());
    let after = &ran.summary.aftermath;
    let lines = account.kept + account.returned + account.forfeited;
    let sold = after.room_parcels[0] + after.shelf_parcels[0];
    assert_eq!(lines, sold + ran.summary.market.forfeited_orders);
    // (a) + (b) is max(H, O) of every kept line: at least either sum.
    let max = account.all.deception + account.all.overpayment;
    assert!(max + 1e-6 >= account.all.deception);
    assert!(account.all.overpayment <= account.memo.over_lowest_accessible + 1e-6);
    assert!(account.memo.over_guaranteed <= account.memo.over_guaranteed_with_coupons);
    assert!(account.memo.over_lowest_accessible <= account.memo.over_lowest_offered + 1e-6);
}

#[test]
fn word_of_mouth_alone_tells_buyers_and_without_it_hardly_anybody_learns() {
    let silent = [COAT, &["aftermath.contact_rate=0.0"]].concat();
    let alone = [&silent[..], &["aftermath.own_search_per_day=0.0"]].concat();
    let told = under("guess_coat", COAT, |_| ()).summary.aftermath;
    let silent = under("guess_coat", &silent, |_| ()).summary.aftermath;
    let alone = under("guess_coat", &alone, |_| ()).summary.aftermath;
    assert!(
        told.aware > 2 * silent.aware,
        "{} and {}",
        told.aware,
        silent.aware
    );
    assert_eq!(alone.aware, 0);
    assert_eq!(alone.price_claims, 0);
}

#[test]
fn a_higher_price_of_complaining_brings_fewer_claims() {
    let mut last = u64::MAX;
    for hassle in ["20.0", "200.0", "2000.0"] {
        let change = format!("aftermath.complaint_hassle={{median={hassle}, spread=1.0}}");
        let changes = ["population.consumers=60000", change.as_str()];
        let claims = under("guess_coat", &changes, |_| ())
            .summary
            .aftermath
            .price_claims;
        assert!(claims < last, "{claims} at {hassle}, {last} before");
        last = claims;
    }
}

#[test]
fn a_right_to_return_helps_those_who_insist_and_only_them() {
    let small = &[
        "population.consumers=60000",
        "aftermath.complaint_hassle={median=60.0, spread=1.0}",
    ];
    let none = under("no_exchange", small, |_| ());
    let right = under("no_exchange", small, |regime| regime.cooling_off_days = 7.0);
    // Defects are made good under any law of sale; of other returns that the house refuses none is granted.
    let rows = || none.kept.aftermath.iter();
    let of = |event, detail| {
        let those = rows().filter(move |row| (row.event, row.detail) == (event, detail));
        those
            .map(|row| (row.order, row.product))
            .collect::<BTreeSet<_>>()
    };
    assert!(of("granted", "return").is_subset(&of("delivered", "defective")));
    let (none, right) = (&none.summary.aftermath, &right.summary.aftermath);
    assert_eq!(none.room_parcels, right.room_parcels);
    // With a right to return, a defect that shows in time goes back too.
    assert!(none.returns_wanted[0] <= right.returns_wanted[0]);
    assert!(right.granted[Rung::Platform as usize] > 10, "{right:?}");
    assert!(right.returned[0] > none.returned[0]);
    // Most give up all the same.
    assert!(right.abandoned > 0 && right.returned[0] < right.returns_wanted[0]);
}

#[test]
fn who_pays_the_freight_of_a_return_decides_how_much_comes_back() {
    let small = &["population.consumers=60000"];
    let buyer = under("no_exchange", small, |_| ()).summary;
    let seller = under("no_exchange", small, |regime| {
        regime.return_freight_payer = FreightPayer::Seller;
    })
    .summary;
    assert!(seller.aftermath.returns_wanted[0] > buyer.aftermath.returns_wanted[0]);
}

#[test]
fn a_coupon_that_counts_makes_the_platform_grant_what_it_refused() {
    let refused = under("guess_coat", TALKATIVE, |_| ()).summary.aftermath;
    let counts = under("guess_coat", TALKATIVE, |regime| {
        regime.coupon_counts_in_price_guarantee = true;
        regime.platform_liability = Liability::Joint;
    })
    .summary
    .aftermath;
    assert!(refused.coupon_grounds > 50, "{refused:?}");
    assert_eq!(counts.coupon_grounds, 0, "{counts:?}");
    let granted = |totals: &yellowcart::market::AftermathTotals| totals.granted.iter().sum::<u64>();
    assert!(granted(&counts) > 2 * granted(&refused));
}

#[test]
fn automatic_protection_pays_without_anybody_asking() {
    let paid = under("guess_coat", COAT, |regime| {
        regime.auto_price_protection = true;
        regime.coupon_counts_in_price_guarantee = true;
    });
    let asked = under("guess_coat", COAT, |regime| {
        regime.coupon_counts_in_price_guarantee = true;
    });
    let protected = paid.summary.aftermath.protected;
    assert!(protected > asked.summary.aftermath.refunds, "{protected:?}");
    let (paid, asked) = (&paid.summary.harm.all, &asked.summary.harm.all);
    assert!(paid.net() < asked.net());
}

/// Fraud brings damages; replays of the room decide who can prove it.
fn with_fraud(regime: &mut Regime) {
    regime.false_promise_is_fraud = true;
    regime.fraud_damages_multiple = 3.0;
    regime.fraud_damages_floor = Fen::from_yuan(500.0);
}

#[test]
fn kept_is_not_accessible_and_a_missing_record_speaks_for_the_buyer_where_the_seller_bears_the_burden()
 {
    let changes = &[
        "population.consumers=60000",
        "aftermath.complaint_hassle={median=5.0,spread=0.0}",
        "aftermath.knows_damages_from=0.0",
        // No archive but what a rule demands, and nobody records.
        "aftermath.archive_days=0.0",
        "aftermath.replay_days=0.0",
        "aftermath.records_share=0.0",
        // Nor is anything in dispute but what was said.
        "products.coat.defect_share=0.0",
    ];
    let lost = under("replay_deleted", changes, with_fraud)
        .summary
        .aftermath;
    let kept = under("replay_deleted", changes, |regime| {
        with_fraud(regime);
        regime.replay_authority_days = 1_095.0;
    })
    .summary
    .aftermath;
    let open = under("replay_deleted", changes, |regime| {
        with_fraud(regime);
        regime.replay_public_days = 60.0;
    })
    .summary
    .aftermath;
    let burden = under(
        "replay_deleted",
        &[changes, &["aftermath.archive_outlasts_deletion=false"][..]].concat(),
        |regime| {
            with_fraud(regime);
            regime.burden_of_proof = Burden::Seller;
            regime.replay_authority_days = 1_095.0;
        },
    )
    .summary
    .aftermath;
    let authority = Rung::Authority as usize;
    assert_eq!(lost.damages, Fen::ZERO, "{lost:?}");
    assert!(lost.lacked_evidence > 20, "{lost:?}");
    assert_eq!(kept.lacked_evidence, 0, "{kept:?}");
    assert!(kept.granted[authority] > 20, "{kept:?}");
    // Damages are three times the price: 3 * 1,599 each.
    assert_eq!(
        kept.damages,
        Fen::from_yuan(3.0 * 1_599.0 * kept.granted[authority] as f64)
    );
    assert_eq!(open.lacked_evidence, 0, "{open:?}");
    assert_eq!(burden.lacked_evidence, 0, "{burden:?}");
}

#[test]
fn a_merchant_deletes_the_replay_a_day_after_a_complaint_unless_it_must_be_open() {
    let changes = &[
        "population.consumers=60000",
        "aftermath.complaint_hassle={median=5.0,spread=0.0}",
    ];
    let free = under("replay_deleted", changes, |_| ());
    assert_eq!(free.summary.aftermath.replays_deleted, 1);
    let first = |ran: &Ran, event| {
        let mut rows = ran.kept.aftermath.iter();
        rows.find(|row| row.event == event).map(|row| row.day)
    };
    assert!(first(&free, "replay_deleted") >= first(&free, "claimed"));
    let bound = under("replay_deleted", changes, |regime| {
        regime.replay_public_days = 60.0;
    });
    assert_eq!(bound.summary.aftermath.replays_deleted, 0);
    let honest = under(
        "replay_deleted",
        &[changes, &["brands.coat_house.deletes_replays=false"][..]].concat(),
        |_| (),
    );
    assert_eq!(honest.summary.aftermath.replays_deleted, 0);
}

#[test]
fn complaints_gather_along_an_s_and_make_news_that_costs_trust() {
    let changes = [TALKATIVE, &["aftermath.news_threshold=50"]].concat();
    let ran = under("guess_coat", &changes, |_| ());
    let case = &ran.summary.collective[0];
    assert_eq!(case.brand, "guess");
    assert!(case.by_day.windows(2).all(|days| days[0] <= days[1]));
    assert!(case.news_day.is_some_and(|day| day > case.first_day));
    let last = |case: &yellowcart::market::Collective| u64::from(*case.by_day.last().unwrap());
    let joined: u64 = ran.summary.collective.iter().map(last).sum();
    assert_eq!(joined, ran.summary.aftermath.joined);
    assert_eq!(ran.summary.aftermath.news, 1);
}

#[test]
fn saved_amid_the_aftermath_a_market_goes_on_as_if_nothing_had_been() {
    let mut scenario = plain("guess_coat", TALKATIVE);
    with_fraud(&mut scenario.regime);
    scenario.regime.q_state = 0.9;
    scenario.regime.investigates_from_complaints = 2;
    scenario.regime.enforcement_delay_days = 3.0;
    scenario.regime.platform_patrol_small = 1.0;
    scenario.regime.platform_patrol_key = 1.0;
    scenario.regime.q_platform = 1.0;
    let scenario = Arc::new(scenario);
    let mut whole = Market::new(Arc::clone(&scenario), Box::new(Nobody));
    let mut day = 0;
    let mut taken = None;
    loop {
        match whole.step() {
            Pace::Finished => break,
            Pace::DayEnded => {
                day += 1;
                if day == 20 {
                    taken = Some(whole.snapshot());
                }
            }
            Pace::Running => {}
        }
    }
    let mut second = Market::new(Arc::clone(&scenario), Box::new(Nobody));
    second.restore(&taken.unwrap()).expect("it fits");
    while second.step() != Pace::Finished {}
    assert_eq!(second.summary(), whole.summary());
}

#[test]
fn news_that_never_come_reach_nobody() {
    let one = run(&shipped(
        "replay_deleted",
        11,
        &[
            "population.consumers=40000",
            "aftermath.news_threshold=100000",
        ],
    ));
    let other = run(&shipped(
        "replay_deleted",
        11,
        &[
            "population.consumers=40000",
            "aftermath.news_threshold=100000",
            "aftermath.news_reach=0.9",
        ],
    ));
    assert_eq!(one.summary.aftermath.news, 0);
    assert_eq!(one.summary, other.summary);
}
