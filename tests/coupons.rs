//! Coupons, presales and padded baskets in the market: money to the fen, quotas, twin worlds, skill, and a market saved in the middle of it.

mod common;
#[path = "coupons/saved.rs"]
mod saved;

use common::{Ran, run, shipped};
use std::collections::{BTreeMap, BTreeSet};
use yellowcart::market::{Account, OrderOrigin, PaymentEvent, PurchaseRow, Role};
use yellowcart::money::Fen;
use yellowcart::scenario::Scenario;

/// The case of the coat with fewer people.
fn coat(changes: &[&str]) -> Ran {
    let mut all = vec!["population.consumers=60000"];
    all.extend(changes);
    run(&shipped("guess_coat", 7, &all))
}

fn maze() -> Ran {
    run(&shipped("coupon_maze", 7, &["population.consumers=40000"]))
}

fn coupon(scenario: &Scenario, name: &str) -> u32 {
    let mut coupons = scenario.campaign.coupons.iter();
    coupons
        .position(|coupon| coupon.name == name)
        .expect("a coupon") as u32
}

fn second(scenario: &Scenario, moment: &str) -> f64 {
    let moment = chrono::NaiveDateTime::parse_from_str(moment, "%Y-%m-%d %H:%M").expect("a moment");
    (moment - scenario.clock.start).num_seconds() as f64
}

/// What moved for a purpose, over all accounts and days.
fn moved(ran: &Ran, purpose: &str) -> Fen {
    let rows = ran.kept.ledger.iter();
    rows.filter(|row| row.purpose == purpose)
        .map(|row| row.amount)
        .sum()
}

fn sum(rows: &[PurchaseRow], of: impl Fn(&PurchaseRow) -> Fen) -> Fen {
    rows.iter().map(of).sum()
}

#[test]
fn every_fen_of_coupons_subsidies_deposits_and_commissions_is_somewhere() {
    for ran in [coat(&[]), maze()] {
        let rows = &ran.kept.purchases;
        assert!(rows.len() > 300, "{}", rows.len());
        for row in rows {
            let off = row.off_seller + row.off_platform + row.off_anchors;
            assert_eq!(row.posted - off, row.paid, "{row:?}");
            assert!(row.paid >= row.deposit && row.paid > Fen::ZERO, "{row:?}");
            assert_eq!(row.coupons.is_empty(), off == Fen::ZERO, "{row:?}");
        }
        // What buyers paid is what sellers were paid, from pockets and from escrow.
        assert_eq!(sum(rows, |row| row.paid), moved(&ran, "sale"));
        assert_eq!(
            sum(rows, |row| row.off_platform + row.off_anchors),
            moved(&ran, "coupon")
        );
        // Nothing but the balances still owed is in escrow.
        let deposits: Fen = payments(&ran, PaymentEvent::DepositPaid);
        let settled = sum(rows, |row| row.deposit) + moved(&ran, "forfeit");
        let escrow = ran
            .summary
            .earned
            .iter()
            .find(|earned| earned.account == "escrow");
        assert_eq!(
            deposits - settled,
            escrow.map_or(Fen::ZERO, |escrow| escrow.net)
        );
        assert_eq!(
            payments(&ran, PaymentEvent::DepositForfeited),
            moved(&ran, "forfeit")
        );
        let back = moved(&ran, "refund") - moved(&ran, "discount_back");
        assert_eq!(payments(&ran, PaymentEvent::Refunded), back);
        // The accounts add up to nothing, day by day.
        let nothing: Fen = ran.summary.earned.iter().map(|earned| earned.net).sum();
        assert_eq!(nothing, Fen::ZERO);
        // Commissions are shares of what sellers received.
        let received = moved(&ran, "sale") + moved(&ran, "coupon");
        let share = received.share(ran.scenario.platform.commission);
        let off = (moved(&ran, "platform_commission") - share).0.abs();
        assert!(off <= rows.len() as i64, "{off}");
        let market = &ran.summary.market;
        assert_eq!(
            market.coupon_discounts,
            sum(rows, |row| row.posted - row.paid)
        );
        let filler = rows
            .iter()
            .filter(|row| row.role == Role::Filler)
            .map(|row| row.paid)
            .sum();
        assert_eq!(market.filler_sales, filler);
    }
}

fn payments(ran: &Ran, event: PaymentEvent) -> Fen {
    let rows = ran.kept.payments.iter();
    rows.filter(|row| row.event == event)
        .map(|row| row.amount)
        .sum()
}

#[test]
fn coupons_are_used_in_their_windows_within_their_quotas_and_by_who_has_them() {
    for ran in [coat(&[]), maze()] {
        let campaign = &ran.scenario.campaign;
        let mut orders: BTreeMap<(u32, u64), BTreeSet<u64>> = BTreeMap::new();
        for row in &ran.kept.purchases {
            let line = yellowcart::promotion::Line {
                channel: row.channel,
                store: ran.scenario.products[row.product as usize].brand,
                category: ran.scenario.products[row.product as usize].category,
                ..yellowcart::promotion::Line::of(row.product, row.units, row.posted)
            };
            for id in &row.coupons {
                let coupon = &campaign.coupons[*id as usize];
                assert!(coupon.covers(&line), "{} on {row:?}", coupon.name);
                if matches!(row.role, Role::Balance | Role::Errand) {
                    assert!(
                        coupon.window.holds(row.time as i64),
                        "{} in {row:?}",
                        coupon.name
                    );
                }
                orders
                    .entry((*id, row.consumer))
                    .or_default()
                    .insert(row.time.to_bits());
            }
        }
        assert!(!orders.is_empty());
        let mut used: BTreeMap<u32, u64> = BTreeMap::new();
        for ((id, consumer), times) in &orders {
            let coupon = &campaign.coupons[*id as usize];
            let times = times.len() as u64;
            assert!(
                times <= u64::from(coupon.per_buyer),
                "{} by {consumer}",
                coupon.name
            );
            *used.entry(*id).or_default() += times;
        }
        for (id, used) in used {
            let coupon = &campaign.coupons[id as usize];
            assert!(
                coupon.quantity.is_none_or(|quantity| used <= quantity),
                "{} {used}",
                coupon.name
            );
        }
    }
}

#[test]
fn the_coat_is_bought_at_899_at_700_odd_and_at_500_odd() {
    let ran = run(&shipped("guess_coat", 20_201_111, &[]));
    let coat = ran
        .scenario
        .products
        .iter()
        .position(|product| product.name == "down_coat");
    let coat = coat.expect("the coat") as u32;
    let units = |from: i64, until: i64| -> u64 {
        let prices = ran.summary.prices.iter();
        let here =
            prices.filter(|price| price.product == coat && (from..until).contains(&price.unit.0));
        here.map(|price| price.units).sum()
    };
    assert!(units(89_900, 89_901) > 500);
    assert!(units(70_000, 80_000) > 5);
    assert!(units(50_000, 60_000) > 0);
    assert_eq!(units(0, 50_000), 0, "below what the audit says is possible");
    let president = coupon(&ran.scenario, "president");
    let used: BTreeSet<u64> = ran
        .kept
        .purchases
        .iter()
        .filter(|row| row.coupons.contains(&president))
        .map(|row| row.consumer)
        .collect();
    assert!(used.len() > 20 && used.len() <= 1_000, "{}", used.len());
    // Every presale of the case is settled: paid, forfeited, and nothing else.
    let market = &ran.summary.market;
    let count = |event| {
        ran.kept
            .payments
            .iter()
            .filter(|row| row.event == event)
            .count() as u64
    };
    assert_eq!(count(PaymentEvent::BalancePaid), market.balances_paid);
    assert_eq!(
        count(PaymentEvent::DepositForfeited),
        market.forfeited_orders
    );
    assert_eq!(
        count(PaymentEvent::DepositPaid),
        market.balances_paid + market.forfeited_orders
    );
    assert_eq!(market.balances_open, Fen::ZERO);
    let forfeits = market.forfeited_orders as f64 / count(PaymentEvent::DepositPaid) as f64;
    assert!((0.02..0.3).contains(&forfeits), "{forfeits}");
}

#[test]
fn worlds_that_differ_in_a_coupon_are_the_same_until_it_is_given_out() {
    let one = coat(&[]);
    let other = coat(&["coupons.president.amount_off.off=700"]);
    let given = second(&one.scenario, "2020-11-01 20:25");
    let before = |ran: &Ran| {
        let orders = ran.kept.orders.iter().filter(|order| order.time < given);
        orders
            .map(|order| (order.order, order.time.to_bits(), order.price))
            .collect::<Vec<_>>()
    };
    assert!(before(&one).len() > 100);
    assert_eq!(before(&one), before(&other));
    let president = coupon(&one.scenario, "president");
    let uses = |ran: &Ran| {
        let rows = ran.kept.purchases.iter();
        rows.filter(|row| row.coupons.contains(&president))
            .map(|row| (row.consumer, row.paid))
            .collect::<Vec<_>>()
    };
    assert!(!uses(&one).is_empty());
    assert_ne!(uses(&one), uses(&other));
}

#[test]
fn whoever_makes_more_of_coupons_pays_less_for_the_same_line() {
    // The same consumers, all of one skill after another.
    let of_skill = |from: [f64; 3]| {
        let [use_one, stack, pad] = from;
        let changes = [
            format!("behaviour.uses_a_coupon_from={use_one:?}"),
            format!("behaviour.stacks_coupons_from={stack:?}"),
            format!("behaviour.pads_baskets_from={pad:?}"),
            "population.consumers=20000".to_owned(),
        ];
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        run(&shipped("coupon_maze", 7, &changes))
    };
    let share = |ran: &Ran| {
        let wanted = || {
            ran.kept
                .purchases
                .iter()
                .filter(|row| row.role != Role::Filler)
        };
        let paid: Fen = wanted().map(|row| row.paid).sum();
        let posted: Fen = wanted().map(|row| row.posted).sum();
        paid.yuan() / posted.yuan()
    };
    let none = of_skill([1.0, 1.0, 1.0]);
    assert!((share(&none) - 1.0).abs() < 1e-12, "{}", share(&none));
    let shares = [
        share(&none),
        share(&of_skill([0.0, 1.0, 1.0])),
        share(&of_skill([0.0, 0.0, 1.0])),
        share(&of_skill([0.0, 0.0, 0.0])),
    ];
    println!("paid of the posted price, by skill: {shares:?}");
    assert!(
        shares.windows(2).all(|pair| pair[1] < pair[0]),
        "{shares:?}"
    );
}

#[test]
fn orders_that_lapse_give_coupons_and_filler_back() {
    let ran = run(&shipped(
        "coupon_maze",
        7,
        &["population.consumers=20000", "behaviour.unpaid_share=1.0"],
    ));
    assert!(ran.kept.orders.len() > 100);
    // What is bought on an errand is paid at once; everything else was given up.
    let mut roles = ran.kept.purchases.iter().map(|row| row.role);
    assert!(roles.all(|role| matches!(role, Role::Errand | Role::Filler)));
    let market = &ran.summary.market;
    assert_eq!(market.paid_orders, 0);
    assert_eq!(market.paid_sales, Fen::ZERO);
    let filler = ran
        .kept
        .orders
        .iter()
        .filter(|order| order.origin == OrderOrigin::Filler);
    let paid = |order: u64| ran.kept.purchases.iter().any(|row| row.order == order);
    let filler: BTreeSet<u64> = filler
        .map(|order| order.order)
        .filter(|order| !paid(*order))
        .collect();
    assert!(!filler.is_empty());
    let lapsed = ran
        .kept
        .payments
        .iter()
        .filter(|row| row.event == PaymentEvent::Lapsed);
    let lapsed: BTreeSet<u64> = lapsed.map(|row| row.order).collect();
    // Those of the last minutes of the night may still be held.
    let held = filler.difference(&lapsed).count();
    assert!(held * 20 < filler.len(), "{held} of {}", filler.len());
}

#[test]
fn a_lottery_gives_out_what_it_says_and_each_watcher_at_most_one() {
    let ran = run(&shipped("guess_coat", 20_201_111, &[]));
    let cues = ran.kept.cues.iter().filter(|cue| cue.act == "issue_coupon");
    let drawn = cues.filter(|cue| cue.detail.contains("president"));
    assert!(drawn.clone().count() == 4 && drawn.clone().all(|cue| cue.seen_by > 250));
    // Every coupon is used at most as often as it was given, and by each at most once.
    let president = coupon(&ran.scenario, "president");
    let uses = ran
        .kept
        .purchases
        .iter()
        .filter(|row| row.coupons.contains(&president));
    let uses: BTreeSet<(u64, u64)> = uses.map(|row| (row.consumer, row.time.to_bits())).collect();
    let users: BTreeSet<u64> = uses.iter().map(|(consumer, _)| *consumer).collect();
    assert!(uses.len() == users.len() && users.len() <= 1_000);
}

/// A platform's coupon that is lost when the filler goes back, on goods of two sellers, and filler that sells out.
const LOSES: [&str; 6] = [
    "population.consumers=30000",
    "coupons.across_stores.on_return=\"loses\"",
    "behaviour.filler_worth=0.05",
    "behaviour.return_effort=1.0",
    "behaviour.filler_return_days=0.05",
    "behaviour.pads_baskets_from=0.3",
];

#[test]
fn whoever_sold_what_came_back_is_left_with_nothing_of_it() {
    let ran = run(&shipped("coupon_maze", 7, &LOSES));
    let returned = || {
        ran.kept
            .payments
            .iter()
            .filter(|row| row.event == PaymentEvent::Refunded)
    };
    assert!(returned().count() > 20, "{}", returned().count());
    let orders: BTreeSet<u64> = returned().map(|row| row.order).collect();
    let rows = || {
        ran.kept
            .purchases
            .iter()
            .filter(|row| orders.contains(&row.order))
    };
    // Sellers give back every fen of the price, of coupons that others bore, of commissions and goods.
    let paid: Fen = rows().map(|row| row.paid).sum();
    assert_eq!(moved(&ran, "refund"), paid);
    let borne: Fen = rows().map(|row| row.off_platform + row.off_anchors).sum();
    assert_eq!(moved(&ran, "coupon_back"), borne);
    let goods: i64 = rows()
        .map(|row| ran.scenario.products[row.product as usize].cost.0 * i64::from(row.units))
        .sum();
    assert_eq!(moved(&ran, "goods_back"), Fen(goods));
    // Buyers get less where they lose a discount on what they keep, and that goes to whoever had borne it.
    let lost = moved(&ran, "discount_back");
    assert!(lost > Fen::ZERO);
    assert_eq!(payments(&ran, PaymentEvent::Refunded), paid - lost);
    assert_eq!(ran.summary.market.filler_refunds, paid - lost);
}

#[test]
fn nobody_is_given_or_buys_more_than_one_buyer_may_have() {
    for ran in [coat(&[]), run(&shipped("coupon_maze", 7, &LOSES))] {
        let mut units: BTreeMap<(u64, u32, u32, u64), u32> = BTreeMap::new();
        for row in &ran.kept.purchases {
            let basket = (row.consumer, row.product, row.channel, row.time.to_bits());
            *units.entry(basket).or_default() += row.units;
        }
        for ((_, product, channel, _), units) in units {
            let mut posted = ran.scenario.campaign.posted.iter();
            let posted =
                posted.find(|posted| posted.product == product && posted.channel == channel);
            let posted = posted.expect("it was posted");
            assert!(units <= posted.limit, "{units} of {product} in {channel}");
        }
    }
}

#[test]
fn who_bears_a_discount_pays_it() {
    let ran = maze();
    let from = |account: Account| -> Fen {
        let rows = ran.kept.ledger.iter();
        let coupons = rows.filter(|row| row.purpose == "coupon" && row.from == account);
        coupons.map(|row| row.amount).sum()
    };
    let rows = &ran.kept.purchases;
    assert_eq!(from(Account::Platform), sum(rows, |row| row.off_platform));
    let anchors = (0..ran.scenario.anchors.len() as u32).map(|id| from(Account::Anchor(id)));
    assert_eq!(anchors.sum::<Fen>(), sum(rows, |row| row.off_anchors));
    assert!(sum(rows, |row| row.off_seller) > Fen::ZERO);
    assert!(sum(rows, |row| row.off_anchors) > Fen::ZERO);
}

/// MODEL section 7: the deposit is sunk, and 150 + 550 = 700 is less than 899.
#[test]
fn a_deposit_is_forfeited_where_the_same_thing_is_cheaper_elsewhere() {
    let text = common::small(4_000, 899.0, "")
        .replace("end = \"2020-11-11 23:00\"", "end = \"2020-11-14 00:00\"")
        .replace("worth = 85.0", "worth = 1200.0")
        .replace("market_price = 100.0", "market_price = 1000.0")
        .replace(
            "stock = 1000000",
            "stock = 1000000, deposit = 150.0, balance_due = \"2020-11-12 10:00\"",
        );
    let shelf = |price: f64| {
        format!(
            "\n[shelf.store]\nproduct = \"thing\"\nprice = {price:?}\nfrom = \"2020-11-12 00:00\"\n"
        )
    };
    // At 550 everybody who comes in time leaves the deposit and pays 550 more.
    let cheap = run(&common::written(&format!("{text}{}", shelf(550.0)), 7));
    let rows = &cheap.kept.purchases;
    assert!(rows.len() > 50, "{}", rows.len());
    for row in rows {
        assert_eq!(
            (row.role, row.paid, row.forfeited),
            (Role::Instead, Fen(55_000), Fen(15_000))
        );
    }
    assert!(
        cheap
            .summary
            .prices
            .iter()
            .all(|price| price.unit == Fen(70_000))
    );
    assert_eq!(cheap.summary.market.balances_paid, 0);
    assert_eq!(cheap.summary.market.shelf_orders, rows.len() as u64);
    // At 750 one yuan is too much: 749 are due.
    let dear = run(&common::written(&format!("{text}{}", shelf(750.0)), 7));
    let rows = &dear.kept.purchases;
    assert!(rows.len() > 50, "{}", rows.len());
    assert!(
        rows.iter()
            .all(|row| row.role == Role::Balance && row.paid == Fen(89_900))
    );
    assert_eq!(dear.summary.market.shelf_orders, 0);
    // Whoever quits forfeits, and whoever orders for the first time on that day does not exist: the orders are the same.
    assert_eq!(
        dear.summary.market.paid_orders,
        cheap.summary.market.paid_orders
    );
}
