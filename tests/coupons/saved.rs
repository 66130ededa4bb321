//! A market that is saved amid balances, errands and shelves that sell out goes on as if nothing had been.

use super::common::{Keeper, resolved};
use super::{LOSES, second};
use std::sync::Arc;
use yellowcart::market::{Market, Pace, Skill};
use yellowcart::scenario::Scenario;

#[test]
fn a_market_saved_amid_balances_and_errands_goes_on_as_if_nothing_had_been() {
    let scenario: Arc<Scenario> = resolved("guess_coat", 7, &["population.consumers=30000"]);
    let stop = second(&scenario, "2020-11-02 10:00");
    let mut market = Market::new(Arc::clone(&scenario), Box::new(Keeper::default()));
    while market.time() < stop {
        assert_ne!(market.step(), Pace::Finished);
    }
    let saved = market.snapshot();
    let mut other = Market::new(Arc::clone(&scenario), Box::new(Keeper::default()));
    other.restore(&saved).expect("it fits");
    assert_eq!(other.snapshot(), saved);
    let finish = |mut market: Market| {
        while market.step() != Pace::Finished {}
        let summary = market.summary();
        (market.snapshot(), summary.prices, summary.earned)
    };
    let (one, two) = (finish(market), finish(other));
    assert!(one == two);
    assert!(one.1.iter().any(|price| price.skill == Skill::Pads));
}

#[test]
fn a_shelf_that_sells_out_is_the_same_in_a_market_that_was_saved() {
    let mut changes = LOSES.to_vec();
    changes.extend([
        "shelf.cable.stock=40",
        "shelf.soap.stock=20",
        "shelf.knife.stock=15",
    ]);
    let scenario: Arc<Scenario> = resolved("coupon_maze", 7, &changes);
    let mut market = Market::new(Arc::clone(&scenario), Box::new(Keeper::default()));
    let mut saved = Vec::new();
    while market.step() != Pace::Finished {
        if market.time() > 6_000.0 && saved.is_empty() {
            saved = market.snapshot();
        }
    }
    let mut other = Market::new(Arc::clone(&scenario), Box::new(Keeper::default()));
    other.restore(&saved).expect("it fits");
    while other.step() != Pace::Finished {}
    assert!(market.snapshot() == other.snapshot());
}
