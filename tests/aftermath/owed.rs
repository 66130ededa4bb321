//! Who is owed what, and once: claims, guarantees, liability, records; and the shipped cases that turn on them.

use super::common::{Ran, run, shipped};
use super::*;
use yellowcart::scenario::{Breach, Fine, FineBase, Party};

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
            "granted" | "compensated" | "protected" | "refunded" => asked.insert(key, 0),
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
    // What was paid for a unit, by order; the lowest by product is what any redress can come down to.
    let mut units: BTreeMap<u64, (u32, u32, Fen)> = BTreeMap::new();
    for row in &ran.kept.orders {
        units.insert(row.order, (row.product, row.units, row.price));
    }
    for row in &ran.kept.purchases {
        let unit = Fen((row.paid + row.forfeited).0 / i64::from(row.units));
        units.insert(row.order, (row.product, row.units, unit));
    }
    let lowest = |product: u32| {
        let prices = units.values().filter(|(of, ..)| *of == product);
        prices.map(|(.., unit)| *unit).min().expect("it was bought")
    };
    let lowest: BTreeMap<u32, Fen> = (0..ran.scenario.products.len() as u32)
        .filter(|product| units.values().any(|(of, ..)| of == product))
        .map(|product| (product, lowest(product)))
        .collect();
    let mut redress: BTreeMap<(u64, u32), i64> = BTreeMap::new();
    for row in &ran.kept.aftermath {
        match (row.event, row.detail) {
            ("granted", "return" | "quality") => {}
            ("granted" | "protected" | "compensated", _) => {
                *redress.entry((row.order, row.product)).or_default() += row.amount.0;
            }
            _ => {}
        }
    }
    assert!(redress.len() > 100);
    for ((order, product), paid) in redress {
        let (_, bought, unit) = units[&order];
        let most = (unit - lowest[&product]).0 * i64::from(bought);
        assert!(paid <= most, "{order}: {paid} of {most}");
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
                ..Request::default()
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
    for (less, more) in [
        (nothing, closed[0]),
        (closed[0], open[0]),
        (closed[1], open[1]),
    ] {
        assert!(more.1 >= less.1, "{less:?}, {more:?}");
    }
    assert!(closed[0].0 < nothing.0 && open[1].1 > closed[1].1);
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

/// A fine for one breach of a room, on a base.
fn fine(breach: Breach, party: Party, base: FineBase, rate: f64, min: f64) -> Fine {
    Fine {
        breach,
        party,
        base,
        rate,
        min: Fen::from_yuan(min),
        max: Fen::ZERO,
        repeat_mult: 3.0,
    }
}

/// Where nothing shows what was said there are no damages for it, though the guarantee is owed.
#[test]
fn damages_need_a_record_of_what_was_said() {
    let dark = [
        TALKATIVE,
        &[
            "aftermath.archive_days=0.0",
            "aftermath.replay_days=0.0",
            "aftermath.records_share=0.0",
            "clock.end=\"2020-12-31 06:00\"",
        ],
    ]
    .concat();
    let rules = |regime: &mut Regime| {
        with_fraud(regime);
        regime.replay_public_days = 0.0;
        regime.replay_authority_days = 0.0;
        regime.coupon_counts_in_price_guarantee = true;
    };
    let after = under("guess_coat", &dark, rules).summary.aftermath;
    assert!(after.granted.iter().sum::<u64>() > 100, "{after:?}");
    assert_eq!(after.damages, Fen::ZERO, "{after:?}");
}

/// Sellers reckon with what would be imposed: 30,000 for each violation is 30,000.
#[test]
fn a_fine_for_each_violation_frightens_like_the_same_amount_fixed() {
    let with = |base, rate, min| {
        let ran = under("guess_coat", TALKATIVE, |regime| {
            regime.investigates_from_complaints = 200;
            regime.fines = vec![fine(Breach::FalsePromise, Party::Brand, base, rate, min)];
        });
        ran.summary.aftermath
    };
    let each = with(FineBase::PerViolation, 30_000.0, 0.0);
    assert_eq!(each, with(FineBase::Fixed, 0.0, 30_000.0));
}

/// However often a host is inspected, a show is fined once; and a farm pays of what it has earned.
#[test]
fn a_show_is_fined_once_and_a_farm_on_what_it_earned() {
    let fined = |party, base, rate, min| {
        let ran = under("refund_scandal", &[], |regime| {
            regime.ban_fake_orders = true;
            regime.bot_supplier_liable = true;
            regime.q_state = 1.0;
            regime.enforcement_delay_days = 0.0;
            regime.realised_share = 1.0;
            regime.fines = vec![fine(Breach::FakeOrders, party, base, rate, min)];
        });
        assert!(ran.summary.aftermath.inspected > 5);
        assert_eq!(ran.summary.aftermath.true_sanctions, 1);
        ran.summary
    };
    let anchor = fined(Party::Anchor, FineBase::Fixed, 0.0, 1_000.0);
    assert_eq!(anchor.aftermath.fines, Fen::from_yuan(1_000.0));
    let farm = fined(Party::Farm, FineBase::Gains, 1.0, 0.0);
    let mut earned = farm.earned.iter();
    let left = earned.find(|earned| earned.account.starts_with("farm "));
    assert!(farm.aftermath.fines > Fen::ZERO);
    assert!(left.expect("a farm").net >= Fen::ZERO, "{:?}", farm.earned);
}

/// What the law names twice is paid twice, in either order.
#[test]
fn every_fine_for_a_breach_is_imposed() {
    let fined = |amounts: [f64; 2]| {
        let ran = under("refund_scandal", &[], |regime| {
            regime.ban_fake_orders = true;
            regime.q_state = 1.0;
            regime.enforcement_delay_days = 0.0;
            regime.realised_share = 1.0;
            regime.fines = amounts
                .map(|min| fine(Breach::FakeOrders, Party::Anchor, FineBase::Fixed, 0.0, min))
                .to_vec();
        });
        ran.summary.aftermath.fines
    };
    assert_eq!(fined([1_000.0, 2_000.0]), Fen::from_yuan(3_000.0));
    assert_eq!(fined([2_000.0, 1_000.0]), Fen::from_yuan(3_000.0));
}

/// A promise is fined from when it is broken: on 1 November, with the first coupon that undercuts it.
#[test]
fn a_promise_is_not_false_before_it_is_broken() {
    let ran = under("guess_coat", COAT, |regime| {
        regime.false_promise_is_fraud = true;
        regime.q_state = 1.0;
        regime.enforcement_delay_days = 0.0;
        regime.replay_authority_days = 60.0;
        regime.fines = vec![fine(
            Breach::FalsePromise,
            Party::Brand,
            FineBase::Fixed,
            0.0,
            1_000.0,
        )];
    });
    let fines = ran.kept.enforcement.iter();
    let days: Vec<f64> = fines
        .filter(|row| row.amount > Fen::ZERO)
        .map(|row| row.time / 86_400.0)
        .collect();
    // The scenario begins on 20 October.
    assert!(
        !days.is_empty() && days.iter().all(|day| *day >= 11.0),
        "{days:?}"
    );
}

/// By order everybody to whom the promise was false gets the difference to the lowest price while it held, once, whether it complained or not.
#[test]
fn redress_by_order_goes_to_all_who_were_misled() {
    let of = |order: bool| {
        under("guess_coat", COAT, |regime| {
            regime.false_promise_is_fraud = true;
            regime.redress_order = order;
            regime.investigates_from_complaints = 1;
            regime.enforcement_delay_days = 0.0;
            regime.replay_authority_days = 60.0;
        })
    };
    let (without, with) = (of(false), of(true));
    let ordered = |ran: &Ran| {
        let rows = ran.kept.aftermath.iter();
        let ordered = rows.filter(|row| row.detail == "by order");
        ordered.map(|row| row.order).collect::<Vec<u64>>()
    };
    assert!(ordered(&without).is_empty());
    let paid = ordered(&with);
    let once: BTreeSet<u64> = paid.iter().copied().collect();
    assert_eq!(once.len(), paid.len());
    assert!(paid.len() > 100, "{}", paid.len());
    assert!(with.summary.harm.all.redress > without.summary.harm.all.redress);
}

/// Whoever wins a return by claim sends it back like anybody else.
#[test]
fn every_return_pays_the_carrier() {
    let ran = under("no_exchange", TALKATIVE, |regime| {
        regime.cooling_off_days = 7.0;
    });
    let after = &ran.summary.aftermath;
    assert!(after.granted[Rung::Platform as usize] > 10, "{after:?}");
    let mut earned = ran.summary.earned.iter();
    let carriers = earned.find(|earned| earned.account == "carriers");
    let returned: u64 = after.returned.iter().sum();
    let each = Fen::from_yuan(ran.scenario.aftermath.return_freight);
    let sent: i64 = carriers.expect("there are returns").net.0 / each.0;
    assert!(
        sent >= returned as i64,
        "{sent} paid for, {returned} came back"
    );
}
