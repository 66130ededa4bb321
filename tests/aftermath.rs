//! After the sale: what must hold of returns, claims, complaints, redress and their account, by identities and by worlds that differ in one thing.

mod common;

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
        let redress = after.damages + after.compensation + after.refunds + after.protected;
        let account = &ran.summary.harm.all;
        assert!((account.redress - redress.yuan()).abs() < 1e-6, "{name}");
    }
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
    assert_eq!(none.returns_wanted, right.returns_wanted);
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
fn a_consumer_more_who_buys_nothing_changes_no_claim() {
    let one = run(&shipped(
        "replay_deleted",
        11,
        &["population.consumers=40000"],
    ));
    let other = run(&shipped(
        "replay_deleted",
        11,
        &["population.consumers=40000", "aftermath.news_reach=0.9"],
    ));
    // News that never came reaches nobody, however far it would have reached.
    assert_eq!(one.summary.aftermath.news, 0);
    assert_eq!(one.summary, other.summary);
}

/// Orders and products of rows with an event, with the first day of each.
fn first_days(ran: &Ran, events: &[&str]) -> BTreeMap<(u64, u32), u32> {
    let mut days = BTreeMap::new();
    let rows = ran.kept.aftermath.iter();
    for row in rows.filter(|row| events.contains(&row.event)) {
        days.entry((row.order, row.product)).or_insert(row.day);
    }
    days
}

/// Hearing of a complaint makes no claim of what is only thought of.
#[test]
fn claims_are_those_that_were_made() {
    // Hardly anybody overcomes itself, and everybody hears of the few who do.
    let changes = &[
        "population.consumers=60000",
        "aftermath.complaint_hassle={median=600.0, spread=1.5}",
        "aftermath.contact_rate=5.0",
    ];
    let ran = under("guess_coat", changes, |regime| {
        regime.coupon_counts_in_price_guarantee = true;
    });
    let made = first_days(&ran, &["claimed", "joined"]);
    let (after, memo) = (&ran.summary.aftermath, &ran.summary.harm.memo);
    assert!(
        after.joined > 0 && after.aware > 2 * after.claims,
        "{after:?}"
    );
    assert_eq!(made.len() as u64, after.claims);
    assert!(memo.entitled_claimed > 0 && memo.entitled_claimed <= after.price_claims);
    assert!(memo.entitled > memo.entitled_claimed);
    // What is asked for and has not been granted, by the books of the days and by plain counting.
    let mut asked: BTreeMap<(u64, u32), i64> = BTreeMap::new();
    for row in &ran.kept.aftermath {
        let key = (row.order, row.product);
        match row.event {
            "claimed" | "refused" => asked.insert(key, row.amount.0),
            "granted" | "compensated" | "protected" => asked.insert(key, 0),
            _ => None,
        };
    }
    // Of those who joined and have no answer yet the amount is in no row.
    let answered = asked.values().sum::<i64>() as f64 / 100.0;
    let booked = ran.summary.days.last().expect("a day").unresolved;
    let silent = made.keys().filter(|key| !asked.contains_key(key)).count() as f64;
    assert!(
        answered - 1e-6 <= booked && booked <= answered + 5_000.0 * silent + 1e-6,
        "{answered}, {booked}, {silent}"
    );
}

/// Whoever thought of a claim and joins others when the guarantee is over has not asked in time.
#[test]
fn a_claim_is_made_on_the_day_on_which_it_is_made() {
    let days = 8.0;
    let change = format!("aftermath.price_protection_days={days}");
    let changes = [
        "population.consumers=60000",
        "aftermath.complaint_hassle={median=100.0, spread=1.0}",
        &change,
    ];
    let ran = under("guess_coat", &changes, |regime| {
        regime.coupon_counts_in_price_guarantee = true;
        regime.platform_liability = Liability::Joint;
    });
    let made = first_days(&ran, &["claimed", "joined"]);
    let delivered = first_days(&ran, &["delivered"]);
    let granted = |row: &&yellowcart::market::AftermathRow| {
        row.event == "granted" && matches!(row.rung, "platform" | "authority")
    };
    let late = |key: &(u64, u32)| f64::from(made[key]) > f64::from(delivered[key]) + days + 1.0;
    assert!(made.keys().filter(|key| late(key)).count() > 10);
    for row in ran.kept.aftermath.iter().filter(granted) {
        let key = (row.order, row.product);
        assert!(row.detail != "lower_price" || !late(&key), "{row:?}");
    }
}

/// Protection, grants and compensation never add up to more than what was ever at stake.
#[test]
fn nobody_gets_a_difference_twice() {
    let changes = [TALKATIVE, &["aftermath.price_protection_days=12.0"]].concat();
    let ran = under("guess_coat", &changes, |regime| {
        regime.auto_price_protection = true;
        regime.coupon_counts_in_price_guarantee = true;
        regime.platform_liability = Liability::Joint;
        regime.false_promise_is_fraud = true;
    });
    let mut stake: BTreeMap<(u64, u32), (i64, i64)> = BTreeMap::new();
    for row in &ran.kept.aftermath {
        let (most, paid) = stake.entry((row.order, row.product)).or_default();
        match (row.event, row.detail) {
            ("granted", "return" | "quality") => {}
            ("granted" | "protected" | "compensated", _) => *paid += row.amount.0,
            _ => {}
        }
        *most = row.amount.0.max(*most);
    }
    assert!(stake.values().filter(|(_, paid)| *paid > 0).count() > 100);
    for (key, (most, paid)) in stake {
        let rows = || ran.kept.aftermath.iter();
        let its: Vec<_> = rows().filter(|row| row.order == key.0).collect();
        assert!(paid <= most, "{key:?}: {paid} of {most}: {its:#?}");
    }
}

/// A rule that never came into force owes nobody anything; the same rule in force does.
#[test]
fn a_coupon_rule_counts_from_the_day_on_which_it_is_in_force() {
    let of = |from: Option<f64>| {
        under("guess_coat", COAT, |regime| {
            regime.coupon_counts_in_price_guarantee = from.is_some();
            regime.from = from.unwrap_or_default();
        })
        .summary
        .harm
    };
    let (none, never, always) = (of(None), of(Some(1e12)), of(Some(0.0)));
    assert_eq!(none, never);
    assert!(
        always.memo.entitled > none.memo.entitled,
        "{:?}",
        always.memo
    );
    assert_eq!(
        always.memo.over_guaranteed_with_coupons,
        none.memo.over_guaranteed_with_coupons
    );
}

/// Where all buyers are of the less literate part p of all consumers, and alike, the index is p - 1: everybody counts, not buyers alone.
#[test]
fn concentration_by_literacy_is_over_all_consumers() {
    let changes = &[
        "population.consumers=60000",
        "behaviour.impulse_per_minute=0.0",
        "population.segments.newcomers.literacy={median=0.2, spread=0.0}",
        "population.segments.regulars.literacy={median=0.6, spread=0.0}",
        "population.segments.regulars.needs={winter_coats=0.0}",
    ];
    let harm = under("replay_deleted", changes, |_| ()).summary.harm;
    assert!(harm.distribution.affected > 50);
    assert!(
        (harm.by_literacy - (0.3 - 1.0)).abs() < 1e-9,
        "{}",
        harm.by_literacy
    );
}

#[test]
fn a_strictly_liable_platform_pays_what_the_seller_owes_from_its_own_rung_on() {
    let under_liability = |liability, from| {
        under("guess_coat", TALKATIVE, |regime| {
            regime.coupon_counts_in_price_guarantee = true;
            regime.platform_liability = liability;
            regime.from = from;
        })
    };
    let paid_by_platform = |ran: &Ran| {
        let rows = ran.kept.ledger.iter();
        let redress = rows.filter(|row| row.purpose.as_str() == "redress");
        let platform = redress.filter(|row| row.from == Account::Platform);
        platform.map(|row| row.amount).sum::<Fen>()
    };
    let granted = |ran: &Ran, rungs: &[&str]| {
        let rows = ran.kept.aftermath.iter();
        let granted = rows.filter(|row| row.event == "granted" && row.detail != "return");
        let here = granted.filter(|row| rungs.contains(&row.rung));
        here.map(|row| row.amount).sum::<Fen>()
    };
    let strict = under_liability(Liability::Strict, 0.0);
    let above = granted(&strict, &["platform", "authority"]);
    let board = granted(&strict, &["board"]);
    let paid = paid_by_platform(&strict);
    assert!(granted(&strict, &["platform"]) > Fen::ZERO);
    assert!(
        paid >= above && paid <= above + board,
        "{paid:?}, {above:?}, {board:?}"
    );
    let joint = under_liability(Liability::Joint, 0.0);
    assert_eq!(paid_by_platform(&joint), Fen::ZERO);
    // What the platform pays costs the seller nothing: it grants less by itself.
    assert!(granted(&strict, &["seller"]) < granted(&joint, &["seller"]));
    let never = under_liability(Liability::Strict, 1e12);
    assert_eq!(paid_by_platform(&never), Fen::ZERO);
}

/// More days, and then access, leave more to be shown; more that can be shown, more redress.
#[test]
fn retention_and_access_leave_evidence_and_evidence_brings_redress() {
    let seeds = [1, 2, 3];
    let measured = |regime: &str| {
        let mut sum = (0, 0.0);
        for seed in seeds {
            let request = Request {
                what: "replay_deleted",
                // Nothing is in dispute but what was said.
                overrides: &[
                    "population.consumers=60000".to_owned(),
                    "aftermath.defects_later=0.0".to_owned(),
                ],
                seed: Some(seed),
                regime: Some(regime),
            };
            let bundle = load(&request).unwrap_or_else(|faults| panic!("{faults}"));
            let summary = run(&bundle).summary;
            sum.0 += summary.aftermath.lacked_evidence;
            sum.1 += summary.harm.all.redress;
        }
        sum
    };
    let nothing = measured("retention-0");
    let [closed, open] = [["60", "1095"], ["60-open", "1095-open"]]
        .map(|days| days.map(|days| measured(&format!("retention-{days}"))));
    assert!(nothing.0 > 5, "{nothing:?}");
    for (less, more) in [
        (nothing, closed[0]),
        (closed[0], closed[1]),
        (open[0], open[1]),
        (closed[0], open[0]),
        (closed[1], open[1]),
    ] {
        assert!(more.0 <= less.0, "{less:?}, {more:?}");
    }
    // With access three years and 60 days are not told apart: hardly anybody is late.
    for (less, more) in [
        (nothing, closed[0]),
        (closed[0], open[0]),
        (closed[1], open[1]),
    ] {
        assert!(more.1 >= less.1, "{less:?}, {more:?}");
    }
    assert!(closed[0].0 < nothing.0 && open[0].1 > 1.1 * closed[0].1);
}

/// The case as reported: 1,323 sold, 1,012 of them back, 76.4 % (FACTS A4).
#[test]
fn the_refund_scandal_comes_out_as_reported() {
    for seed in 1..=3 {
        let ran = run(&shipped("refund_scandal", seed, &[]));
        let tonic = ran.scenario.products.iter().position(|p| p.name == "tonic");
        let tonic = tonic.expect("it is sold") as u32;
        let with = |event| {
            let rows = ran.kept.aftermath.iter();
            let those = rows.filter(|row| row.event == event && row.product == tonic);
            those.count() as f64
        };
        let brushed = ran.summary.market.brushed_orders as f64;
        let (sold, back) = (brushed + with("delivered"), brushed + with("refunded"));
        assert!((sold / 1_323.0 - 1.0).abs() < 0.05, "seed {seed}: {sold}");
        assert!(
            (back / sold - 0.764).abs() < 0.03,
            "seed {seed}: {back} of {sold}"
        );
    }
}
