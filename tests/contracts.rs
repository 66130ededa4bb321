//! The contracts of the design, each by a test that could fail: same bytes, twin worlds, conservation, honest evenings, refinement.

mod common;
#[path = "contracts/twins.rs"]
mod twins;

use common::{Ran, run, shipped, small, written};
use std::collections::BTreeMap;
use std::sync::Arc;
use yellowcart::experiment::validate::ten_of_hundred;
use yellowcart::market::{Account, Market, OrderOrigin, Pace, PaymentEvent};
use yellowcart::money::Fen;
use yellowcart::scenario::file::{Sourced, YesNo};
use yellowcart::welfare::{Channel, expected_harm_of_looks};

/// A shipped scenario at a size that a test can afford.
fn at_size(name: &str, consumers: u32) -> Ran {
    run(&shipped(
        name,
        7,
        &[&format!("population.consumers={consumers}")],
    ))
}

#[test]
fn on_an_honest_evening_deception_does_no_harm_at_all() {
    let ran = at_size("honest_evening", 40_000);
    assert!(
        ran.kept.orders.len() > 300,
        "{} orders",
        ran.kept.orders.len()
    );
    for order in &ran.kept.orders {
        assert_eq!(order.harm, 0.0);
        assert_eq!(order.harm_shares, [0.0; 8]);
        assert_eq!(
            order.decision.utility.to_bits(),
            order.decision.honest_utility.to_bits(),
            "D and D* differ on an honest evening: {order:?}"
        );
    }
    assert_eq!(ran.summary.market.harm.total, 0.0);
    assert!(ran.summary.market.unbiased_harm.total > 0.0);
}

#[test]
fn shares_of_harm_sum_to_it_and_untouched_channels_have_none() {
    let ran = at_size("diamond_necklace", 60_000);
    let mut harmed = 0;
    for order in &ran.kept.orders {
        let sum: f64 = order.harm_shares.iter().sum();
        assert_eq!(sum, order.harm, "{order:?}");
        assert!(order.harm >= 0.0);
        harmed += u32::from(order.harm > 0.0);
        for untouched in [
            Channel::Viewers,
            Channel::Windfall,
            Channel::Promise,
            Channel::Scarcity,
        ] {
            assert_eq!(order.harm_shares[untouched as usize], 0.0, "{untouched:?}");
        }
        let decision = &order.decision;
        let expected = if decision.honest_utility > decision.threshold {
            0.0
        } else {
            (decision.threshold - decision.honest_utility).max(0.0)
        };
        assert!((order.harm - expected).abs() < 1e-9);
        assert!(decision.utility > decision.threshold);
    }
    assert!(harmed > 20, "{harmed} orders harmed");
}

#[test]
fn viewers_stock_and_money_are_conserved() {
    for name in ["guess_coat", "bought_views", "diamond_necklace"] {
        let ran = at_size(name, 40_000);
        conserved(name, &ran);
    }
}

fn conserved(name: &str, ran: &Ran) {
    // Every order of a consumer is paid or lapses once, a deposit is followed by a balance or forfeited, and what was paid may come back; none
    // stays open when the evening has long ended.
    use PaymentEvent::*;
    let mut state: BTreeMap<u64, PaymentEvent> = BTreeMap::new();
    let brushed = |number: u64| ran.kept.orders[number as usize].consumer.is_none();
    let payments = ran.kept.payments.iter();
    for payment in payments.filter(|payment| !brushed(payment.order)) {
        let before = state.insert(payment.order, payment.event);
        let follows = match payment.event {
            Paid | DepositPaid | Lapsed => before.is_none(),
            BalancePaid | DepositForfeited => before == Some(DepositPaid),
            Refunded => matches!(before, Some(Paid | BalancePaid)),
        };
        assert!(follows, "{name}: {payment:?} after {before:?}");
    }
    let orders = || {
        ran.kept
            .orders
            .iter()
            .filter(|order| order.consumer.is_some())
    };
    let looked = |origin| matches!(origin, OrderOrigin::Look | OrderOrigin::Refresh);
    let real: Vec<_> = orders().filter(|order| looked(order.origin)).collect();
    assert_eq!(
        orders().count(),
        state.len(),
        "{name}: an order without an end"
    );
    let paid = real
        .iter()
        .filter(|order| state[&order.order] != Lapsed)
        .count() as u64;
    assert_eq!(ran.summary.market.paid_orders, paid);
    assert_eq!(
        ran.summary.market.paid_orders + ran.summary.market.lapsed_orders,
        real.len() as u64
    );
    // Money: what one account pays another receives.
    let mut balances: BTreeMap<Account, i64> = BTreeMap::new();
    for row in &ran.kept.ledger {
        assert!(row.amount > Fen::ZERO);
        *balances.entry(row.from).or_default() -= row.amount.0;
        *balances.entry(row.to).or_default() += row.amount.0;
    }
    assert_eq!(balances.values().sum::<i64>(), 0);
    let taken = |of_looks_only: bool| -> i64 {
        let own: std::collections::BTreeSet<u64> = real.iter().map(|order| order.order).collect();
        let payments = ran.kept.payments.iter();
        payments
            .filter(|payment| matches!(payment.event, Paid | DepositPaid | BalancePaid))
            .filter(|payment| !of_looks_only || own.contains(&payment.order))
            .map(|payment| payment.amount.0)
            .sum()
    };
    let from_pockets = ran
        .kept
        .ledger
        .iter()
        .filter(|row| row.from == Account::Consumers);
    let sold: i64 = from_pockets
        .filter(|row| row.purpose == "sale" || row.purpose == "deposit")
        .map(|row| row.amount.0)
        .sum();
    assert_eq!(taken(false), sold, "{name}");
    let market = &ran.summary.market;
    assert_eq!(market.paid_sales.0, taken(true), "{name}");
    let shelves = market.shelf_sales + market.filler_sales;
    assert_eq!(market.paid_sales.0 + shelves.0, sold, "{name}");
    // One unit per person and product.
    let mut bought: BTreeMap<(u64, u32), u32> = BTreeMap::new();
    for order in &real {
        if let Some(consumer) = order.consumer {
            *bought.entry((consumer, order.product)).or_default() += order.units;
        }
    }
    assert!(bought.values().all(|units| *units == 1), "{name}");
}

#[test]
fn units_sold_never_exceed_units_offered_and_lapsed_ones_come_back() {
    let ran = at_size("guess_coat", 300_000);
    let coat = ran
        .scenario
        .products
        .iter()
        .position(|product| product.name == "down_coat")
        .expect("the coat") as u32;
    let rooms = &ran.scenario.rooms;
    let star = rooms.iter().position(|room| room.name == "star_room");
    let star = star.expect("the star's room") as u32;
    let lapsed: Vec<u64> = ran
        .kept
        .payments
        .iter()
        .filter(|payment| payment.event == PaymentEvent::Lapsed)
        .map(|payment| payment.order)
        .collect();
    let coats: Vec<_> = ran
        .kept
        .orders
        .iter()
        .filter(|order| order.product == coat && order.room == star)
        .filter(|order| matches!(order.origin, OrderOrigin::Look | OrderOrigin::Refresh))
        .collect();
    let kept = coats
        .iter()
        .filter(|order| !lapsed.contains(&order.order))
        .count();
    let stock = 3_000;
    assert!(kept <= stock, "{kept} coats of {stock}");
    assert!(
        coats.len() > stock,
        "{} orders: the {stock} sold out and some came back",
        coats.len()
    );
    let refreshed = coats
        .iter()
        .filter(|order| order.origin == OrderOrigin::Refresh)
        .count();
    assert!(refreshed > 0, "lapsed coats go to those who refresh");
    // In every frame what can be ordered and what is reserved fit into what there was.
    for frame in ran
        .kept
        .frames
        .iter()
        .filter(|frame| frame.product == Some(coat) && frame.room == star)
    {
        let there = (frame.stock + frame.reserved) as usize;
        assert!(there <= stock, "{frame:?}");
    }
}

#[test]
fn counters_on_display_and_real_ones_agree_where_nobody_buys() {
    let ran = at_size("bought_views", 60_000);
    let peak = |name: &str| {
        let room = ran
            .summary
            .rooms
            .iter()
            .find(|room| room.name == name)
            .expect("the room");
        (
            room.totals.peak_displayed_viewers,
            room.totals.peak_real_viewers,
        )
    };
    let (shown, real) = peak("july_twin");
    assert_eq!(shown, real);
    let (shown, real) = peak("july_room");
    assert!(shown > real + 5_000, "{shown} on display, {real} real");
}

#[test]
fn ten_thousand_bots_arrive_within_seventy_seconds_and_small_orders_queue() {
    let ran = at_size("bought_views", 20_000);
    let id = |name: &str| {
        ran.scenario
            .rooms
            .iter()
            .position(|room| room.name == name)
            .expect("the room") as u32
    };
    let bots_at = |room: u32, second: f64| {
        let frame = ran
            .kept
            .frames
            .iter()
            .rfind(|frame| frame.room == room && frame.time <= second);
        frame.map_or(0, |frame| frame.displayed_viewers - frame.real_viewers)
    };
    let july = id("july_room");
    let bought = ran.scenario.rooms[july as usize].on_air + 70.0 * 60.0;
    assert_eq!(bots_at(july, bought - 10.0), 0);
    assert!(
        bots_at(july, bought + 60.0) > 6_000,
        "{}",
        bots_at(july, bought + 60.0)
    );
    assert_eq!(bots_at(july, bought + 90.0), 10_000);
    // The busy farm delivers 20 a second: the small order stands behind 10,000.
    let small = id("small_order_room");
    assert_eq!(bots_at(small, bought + 120.0), 0);
    assert_eq!(bots_at(small, bought + 1_200.0), 1_000);
}

#[test]
fn bought_views_bring_real_people() {
    let (mut buying, mut twin) = (0, 0);
    for seed in 1..=3 {
        let ran = run(&shipped(
            "bought_views",
            seed,
            &["population.consumers=100000"],
        ));
        let views = |name: &str| {
            ran.summary
                .rooms
                .iter()
                .find(|room| room.name == name)
                .map_or(0, |room| room.totals.real_views)
        };
        buying += views("july_room");
        twin += views("july_twin");
    }
    assert!(
        buying as f64 > 1.05 * twin as f64,
        "{buying} real views against {twin}"
    );
}

/// P4 and FACTS B2, on the shipped market at its full size.
#[test]
fn the_sales_of_double_11_have_the_tail_of_the_real_ones() {
    let ran = run(&shipped(
        "double11_evening",
        20_201_111,
        &["recording.orders=false"],
    ));
    assert!(ran.scenario.rooms.len() >= 2_000);
    let share = ten_of_hundred(&ran.summary).expect("something was sold");
    println!("ten best of the hundred best rooms: {share:.3}");
    assert!((0.50..=0.65).contains(&share), "{share}");
    let market = &ran.summary.market;
    let gross = market.real_orders as f64 / market.real_views as f64;
    println!("gross conversion: {gross:.4}");
    assert!((0.03..=0.10).contains(&gross), "B1: {gross}");
}

#[test]
fn real_counters_on_display_leave_no_harm_by_counters() {
    let mut ruled = shipped("diamond_necklace", 4, &["population.consumers=40000"]);
    ruled.regime.disclose_real_counters = Some(Sourced::assumed(YesNo(true), "one rule"));
    let ran = run(&ruled);
    let harm = &ran.summary.market.harm.by_channel;
    assert_eq!(harm[Channel::Orders as usize], 0.0);
    assert_eq!(harm[Channel::Viewers as usize], 0.0);
    assert!(harm[Channel::ReferencePrice as usize] > 0.0);
    for frame in &ran.kept.frames {
        assert_eq!(frame.displayed_orders, frame.real_orders);
    }
}

#[test]
fn a_rule_without_anything_to_act_on_is_reported_as_such() {
    let mut ruled = shipped("honest_evening", 4, &["population.consumers=5000"]);
    ruled.regime.disclose_real_counters = Some(Sourced::assumed(YesNo(true), "one rule"));
    let ran = run(&ruled);
    assert_eq!(
        ran.summary.rules,
        [("disclose_real_counters".to_owned(), None)]
    );
}

/// Ticks of 10, 5 and 2.5 seconds with one display period: the differences stay within their intervals or 1 % (MODEL section 2).
#[test]
fn a_finer_tick_changes_nothing_but_noise() {
    let seeds = 1..=6_u64;
    let measure = |tick: f64, seed: u64| {
        let consumers = "population.consumers=60000";
        let ran = run(&shipped(
            "diamond_necklace",
            seed,
            &[consumers, &format!("clock.tick_seconds={tick}")],
        ));
        let market = &ran.summary.market;
        [
            market.real_orders as f64,
            market.real_views as f64,
            market.looks as f64,
            market.harm.total,
        ]
    };
    let base: Vec<_> = seeds.clone().map(|seed| measure(5.0, seed)).collect();
    for tick in [10.0, 2.5] {
        let other: Vec<_> = seeds.clone().map(|seed| measure(tick, seed)).collect();
        for (index, name) in ["orders", "views", "looks", "harm"].iter().enumerate() {
            let differences: Vec<f64> = base
                .iter()
                .zip(&other)
                .map(|(a, b)| b[index] - a[index])
                .collect();
            let count = differences.len() as f64;
            let mean = differences.iter().sum::<f64>() / count;
            let variance =
                differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (count - 1.0);
            // Student's t for 5 degrees of freedom, 95 %.
            let half_width = 2.571 * (variance / count).sqrt();
            let level = base.iter().map(|row| row[index]).sum::<f64>() / count;
            assert!(
                mean.abs() <= half_width.max(0.01 * level),
                "{name} at tick {tick}: {mean:.2} beside {level:.1}, half width {half_width:.2}"
            );
        }
    }
}

/// Harm in the market against the closed form of MODEL section 6: for people who look once at a display that does not change, the mean of
/// H over all who look is s KL(P || P*); for several looks at the same display it is the same, because the running maximum is reached at once.
#[test]
fn harm_in_the_market_meets_the_closed_form() {
    let cue = r#"  { at = "0:05:00", claim_price = { product = "thing", price = 100 } },
  { at = "0:10:00", wrong_quantity = { product = "thing", extra_units = 1, delivered_units = 0 } },"#;
    let text = small(40_000, 100.0, cue)
        .replace("cues = [\n  { at = \"0:10:00\", open_link", "cues = [\n  { at = \"0:01:00\", open_link")
        .replace(
            "[categories.things]\nneed = 0.5",
            "[behaviour]\nsocial_orders = 0.0\nsocial_viewers = 0.0\nurgency = 0.0\narousal = 0.0\nworth_spread = 0.0\nmarket_price_noise = 0.0\nscepticism = 0.0\nimpulse_per_minute = 0.0\nunpaid_share = 0.0\n[categories.things]\nneed = 1.0",
        )
        .replace(
            "share = 1.0",
            "share = 1.0\ntaste_scale = { median = 0.3, spread = 0.0 }\nbargain_weight = { median = 0.0, spread = 0.0 }\ntrust = { median = 1.0, spread = 0.0 }\nsearches_per_minute = { median = 0.0, spread = 0.0 }",
        )
        .replace("{ at = \"0:05:00\", claim_price = { product = \"thing\", price = 100 } },", "");
    // The wrong quantity is said before the link is seen by anybody: it falls with the opening.
    let text = text.replace(
        "at = \"0:10:00\", wrong_quantity",
        "at = \"0:01:00\", wrong_quantity",
    );
    let (mut harm, mut square, mut people) = (0.0, 0.0, 0.0);
    let (mut d, mut d_star, mut s) = (0.0, 0.0, 0.0);
    for seed in 1..=3 {
        let ran = run(&written(&text, seed));
        for order in &ran.kept.orders {
            harm += order.harm;
            square += order.harm * order.harm;
            d = order.decision.utility;
            d_star = order.decision.honest_utility;
            s = order.decision.taste_scale;
        }
        // Everybody who ordered has D above the threshold: the number of those who looked is the orders over P.
        people += ran.kept.orders.len() as f64;
    }
    let p = 1.0 / (1.0 + (-d / s).exp());
    let looked = people / p;
    let expected = expected_harm_of_looks(&[(d / s, d_star / s)]) * s;
    let mean = harm / looked;
    let error = (square / looked - mean * mean).sqrt() / looked.sqrt();
    assert!(d > d_star && expected > 0.1, "{d} {d_star} {expected}");
    assert!(
        (mean - expected).abs() < 4.0 * error,
        "{mean:.4} instead of {expected:.4}, standard error {error:.4}"
    );
}

#[test]
fn a_market_that_is_saved_and_restored_goes_on_as_if_nothing_had_been() {
    let bundle = shipped("guess_coat", 9, &["population.consumers=30000"]);
    let scenario = Arc::new(bundle.resolve().expect("it resolves"));
    let whole = run(&bundle);
    let keeper = || Box::new(common::Keeper::default());
    let mut first = Market::new(Arc::clone(&scenario), keeper());
    for _ in 0..1_500 {
        assert_ne!(first.step(), Pace::Finished);
    }
    let state = first.snapshot();
    let mut second = Market::new(Arc::clone(&scenario), keeper());
    second.restore(&state).expect("it fits");
    assert_eq!(second.snapshot(), state);
    while second.step() != Pace::Finished {}
    assert_eq!(second.summary(), whole.summary);
    assert_eq!(second.summary().state_hashes, whole.summary.state_hashes);
    let mut wrong = Market::new(
        Arc::new(
            shipped("misbid", 9, &["population.consumers=1000"])
                .resolve()
                .expect("it resolves"),
        ),
        keeper(),
    );
    assert!(wrong.restore(&state).is_err());
    assert!(wrong.restore(&[1, 2, 3]).is_err());
}

#[test]
fn several_days_end_one_after_another() {
    let text =
        small(3_000, 95.0, "").replace("end = \"2020-11-11 23:00\"", "end = \"2020-11-14 12:00\"");
    let ran = run(&written(&text, 2));
    assert_eq!(ran.kept.days.len(), 4, "{:?}", ran.kept.days);
    assert!(
        ran.summary.ticks < 3_000,
        "{} ticks: gaps are jumped over",
        ran.summary.ticks
    );
}
