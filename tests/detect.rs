//! Labelled streams: what the platform sees agrees with what is on display, whoever watches changes nothing, the truth is complete, and nothing in a stream
//! gives the truth away.

#[path = "detect/commands.rs"]
mod commands;
mod common;
#[path = "detect/platform.rs"]
mod platform;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use yellowcart::detect::suite::{Split, market};
use yellowcart::detect::truth::Threat;
use yellowcart::detect::{Labelled, Token, What};
use yellowcart::experiment::detection::{FieldCounts, leaks, record};
use yellowcart::market::{Market, Nobody, Pace, Summary};
use yellowcart::scenario::{Scenario, Shelf, Suite, load_suite, names};

fn small(suite: &str) -> Suite {
    let changes = ["population.consumers=20000", "generate.rooms=60"].map(str::to_owned);
    load_suite(suite, &changes).unwrap_or_else(|faults| panic!("{}", faults.render(false)))
}

fn recorded(suite: &str, seed: u64, split: Split) -> Labelled {
    record(&small(suite), seed, split, None).expect("shipped suites can be run")
}

/// A test stream of the suite `static`.
fn stream() -> &'static Labelled {
    static STREAM: OnceLock<Labelled> = OnceLock::new();
    STREAM.get_or_init(|| recorded("static", 2_001, Split::Test))
}

#[test]
fn counters_of_rooms_are_the_events_counted() {
    let stream = stream();
    let mut count = vec![[0_u64; 6]; stream.truth.rooms.len()];
    let (mut frames, mut last) = (0, 0);
    for event in &stream.events {
        assert!(event.at >= last, "events come in order of time");
        last = event.at;
        let (room, place) = match event.what {
            What::Enter(enter) => {
                count[enter.room as usize][0] += 1;
                (enter.room, 1)
            }
            What::Leave { room, .. } => {
                count[room as usize][0] -= 1;
                continue;
            }
            What::Like { room, .. } => (room, 2),
            What::Comment { room, .. } => (room, 3),
            What::Follow { room, .. } => (room, 4),
            What::CartClick { room, .. } => (room, 5),
            What::Frame(frame) => {
                frames += 1;
                let seen = [
                    frame.viewers,
                    frame.views,
                    frame.likes,
                    frame.comments,
                    frame.follows,
                    frame.cart_clicks,
                ];
                assert_eq!(
                    seen, count[frame.room as usize],
                    "{frame:?} at {}",
                    event.at
                );
                continue;
            }
            _ => continue,
        };
        count[room as usize][place] += 1;
    }
    assert!(frames > 10_000, "{frames}");
    assert!(
        count.iter().all(|room| room[0] == 0),
        "everybody has left in the end"
    );
}

fn played(mut market: Market) -> Summary {
    while market.step() != Pace::Finished {}
    Summary {
        state_hashes: Vec::new(),
        ..market.summary()
    }
}

#[test]
fn whoever_watches_changes_nothing() {
    let suite = small("static");
    let scenario = || -> Arc<Scenario> {
        let (scenario, _) = market(&suite, 2_001, Split::Test, None).expect("it can be made");
        scenario
    };
    let alone = played(Market::new(scenario(), Box::new(Nobody)));
    let watched = played(Market::watched(scenario(), (Box::new(Nobody), true), None));
    assert_eq!(alone, watched);
    assert!(alone.market.brushed_orders > 50);
}

#[test]
fn every_account_of_a_farm_is_told_and_no_consumer_is() {
    let stream = stream();
    let truth = &stream.truth;
    let actors: BTreeSet<Token> = truth.actors.iter().map(|actor| actor.account).collect();
    let falses: BTreeSet<u64> = truth.events.iter().map(|event| event.event).collect();
    let mut entered = BTreeSet::new();
    for (event, number) in stream.events.iter().zip(0_u64..) {
        let account = match event.what {
            What::Enter(enter) => enter.account,
            What::Like { account, .. } | What::Leave { account, .. } => account,
            What::Order(order) => order.account,
            _ => continue,
        };
        if let What::Enter(enter) = event.what {
            entered.insert(enter.account);
        }
        assert_eq!(
            actors.contains(&account),
            falses.contains(&number),
            "event {number}: {event:?}"
        );
    }
    assert!(actors.is_subset(&entered));
    assert!(
        actors.len() > 1_000 && entered.len() > 5 * 1_000,
        "{} of {}",
        actors.len(),
        entered.len()
    );
}

#[test]
fn the_suite_has_every_threat_and_every_twin_and_development_streams_lack_what_is_held_out() {
    let suite = load_suite("static", &[]).expect("shipped");
    let count = |split: Split, seed: u64| -> BTreeMap<String, u32> {
        let (_, plan) = market(&suite, seed, split, None).expect("it can be made");
        let mut counts = BTreeMap::new();
        for planned in &plan.all {
            *counts.entry(planned.name.clone()).or_insert(0) += 1;
        }
        counts
    };
    let test = count(Split::Test, 2_001);
    for name in suite.file.threats.keys().chain(suite.file.twins.keys()) {
        assert!(test.contains_key(name), "{name} in {test:?}");
    }
    let development = count(Split::Development, 2_001);
    assert!(test.contains_key("slow_ramp") && !development.contains_key("slow_ramp"));
    // The same seed: what is not held out stays where it is.
    assert_eq!(test["star_guest"], development["star_guest"]);
    let kinds: BTreeSet<Threat> = stream()
        .truth
        .campaigns
        .iter()
        .map(|campaign| campaign.threat)
        .collect();
    assert!(kinds.len() >= 7, "{kinds:?}");
}

#[test]
fn evidence_lies_within_the_show_and_begins_with_the_first_false_event() {
    let truth = &stream().truth;
    for campaign in &truth.campaigns {
        let show = &truth.rooms[campaign.room as usize];
        assert!(
            campaign.first_evidence >= show.from && campaign.last_evidence <= show.until,
            "{campaign:?} in {show:?}"
        );
        let mut its = truth
            .events
            .iter()
            .filter(|event| event.campaign == campaign.campaign);
        let first = its.next().expect("a campaign that can be seen");
        assert_eq!(
            stream().events[first.event as usize].at,
            campaign.first_evidence
        );
    }
}

/// The gate: no single field, identifier, row or way of writing tells false events from real ones beyond what is stated.
#[test]
fn no_single_field_gives_the_truth_away() {
    for suite in names(Shelf::Suites) {
        let of = |seeds: std::ops::Range<u64>, split| {
            let mut counts = FieldCounts::default();
            seeds.for_each(|seed| counts.add(&FieldCounts::of(&recorded(suite, seed, split))));
            counts
        };
        let (fitted, tried) = (
            of(1_001..1_003, Split::Development),
            of(2_001..2_003, Split::Test),
        );
        let found = leaks(&fitted, &tried);
        let least = if suite == "static" { 40 } else { 5 };
        assert!(found.len() >= least, "{suite}: {} fields", found.len());
        let leaking: Vec<String> = found
            .iter()
            .filter(|leak| leak.leaks())
            .map(|leak| {
                format!(
                    "{} {}: {:.3} of {}",
                    leak.kind,
                    leak.field,
                    leak.area,
                    leak.most()
                )
            })
            .collect();
        assert!(leaking.is_empty(), "{suite}:\n{}", leaking.join("\n"));
    }
}
