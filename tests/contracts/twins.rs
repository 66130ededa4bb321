//! Twin worlds: what differs in one thing is the same until that thing acts.

use super::common::{Ran, run, run_scenario, shipped, small, written};
use std::collections::BTreeMap;
use std::sync::Arc;
use yellowcart::market::OrderRow;
use yellowcart::scenario::file::Sourced;
use yellowcart::scenario::{Act, Cue, Substantiation};
use yellowcart::welfare::Channel;

/// Orders placed before a second.
fn orders_before(ran: &Ran, second: f64) -> Vec<OrderRow> {
    let orders = ran.kept.orders.iter();
    orders
        .filter(|order| order.time < second)
        .copied()
        .collect()
}

#[test]
fn a_cue_more_changes_nothing_before_it_falls() {
    let bundle = shipped("honest_evening", 3, &["population.consumers=20000"]);
    let scenario = bundle.resolve().expect("it resolves");
    let mut other = scenario.clone();
    let room = other
        .rooms
        .iter_mut()
        .find(|room| room.name == "pan_room")
        .expect("the room");
    let second = room.on_air + 5_000.0;
    room.cues.push(Cue {
        at: second,
        script: None,
        act: Act::Excite {
            arousal: 2.0,
            staged: true,
        },
    });
    room.cues.sort_by(|a, b| a.at.total_cmp(&b.at));
    let (one, two) = (
        run_scenario(Arc::new(scenario)),
        run_scenario(Arc::new(other)),
    );
    let before = |ran: &Ran| {
        let orders = orders_before(ran, second);
        let frames: Vec<_> = ran
            .kept
            .frames
            .iter()
            .filter(|frame| frame.time < second)
            .copied()
            .collect();
        (orders, frames)
    };
    assert!(before(&one).0.len() > 50);
    assert_eq!(before(&one), before(&two));
    assert_ne!(
        one.kept.orders, two.kept.orders,
        "the cue did nothing at all"
    );
}

/// One consumer more changes nothing before it acts; all others have the same traits, plans and draws.
#[test]
fn a_consumer_more_changes_nobody_else_before_it_comes() {
    let text = small(6_000, 95.0, "");
    let more = small(6_001, 95.0, "");
    let (one, two) = (run(&written(&text, 5)), run(&written(&more, 5)));
    // The first difference between the two worlds is the newcomer's first act or its consequence: before it, all is identical.
    let newcomer = two
        .kept
        .frames
        .iter()
        .zip(&one.kept.frames)
        .find(|(a, b)| a != b)
        .map(|(frame, _)| frame.time);
    let until = newcomer.unwrap_or(f64::INFINITY);
    let before = |ran: &Ran| -> Vec<_> {
        ran.kept
            .orders
            .iter()
            .filter(|order| order.time < until - 10.0)
            .copied()
            .collect()
    };
    assert_eq!(before(&one), before(&two));
    // And whoever orders in both worlds has the same taste in both.
    let taste: BTreeMap<_, _> = one
        .kept
        .orders
        .iter()
        .map(|order| (order.consumer, order.decision))
        .collect();
    let mut both = 0;
    for order in &two.kept.orders {
        if let Some(decision) = taste.get(&order.consumer) {
            both += 1;
            assert_eq!(
                decision.private_value.to_bits(),
                order.decision.private_value.to_bits()
            );
            assert_eq!(
                decision.threshold.to_bits(),
                order.decision.threshold.to_bits()
            );
        }
    }
    assert!(both > 100, "{both}");
}

#[test]
fn a_rule_changes_nothing_before_it_first_acts_and_says_when_it_did() {
    // A quarrel makes even an honest claim more believed, which is another mechanism.
    let changes = ["population.consumers=40000", "behaviour.quarrel_belief=0"];
    let none = shipped("diamond_necklace", 4, &changes);
    let mut ruled = none.clone();
    ruled.regime_name = "substantiation".to_owned();
    let shown = Sourced::assumed(Substantiation::Shown, "one rule");
    ruled.regime.claim_substantiation = Some(shown);
    let (one, two) = (run(&none), run(&ruled));
    assert!(one.summary.rules.is_empty());
    let first = two.summary.rules[0].1.expect("the rule acted");
    let before = |ran: &Ran| orders_before(ran, first);
    assert!(before(&one).len() > 10);
    assert_eq!(before(&one), before(&two));
    assert_ne!(one.kept.orders, two.kept.orders);
    let reference =
        |ran: &Ran| ran.summary.market.harm.by_channel[Channel::ReferencePrice as usize];
    assert!(reference(&one) > 0.0);
    assert_eq!(
        reference(&two),
        0.0,
        "no claim above the honest prior price is left"
    );
}
