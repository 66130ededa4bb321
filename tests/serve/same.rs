//! What the page runs is what the command line runs: same text, same seed, same numbers.

use crate::common;
use std::collections::{BTreeMap, BTreeSet};
use yellowcart::market::Summary;
use yellowcart::scenario::file::Without;
use yellowcart::scenario::{Request, load};
use yellowcart::serve::message::FeedKind;
use yellowcart::serve::pane::Pane;
use yellowcart::serve::settings::{Offered, PaneSettings, Setting, Settings};

pub fn offered() -> Offered {
    Offered {
        files: Vec::new(),
        largest_population: 1_000_000,
    }
}

pub fn settings(scenario: &str, consumers: u64) -> Settings {
    Settings {
        scenario: scenario.to_owned(),
        changes: vec![format!("population.consumers={consumers}")],
        ..Settings::default()
    }
}

/// What the page's pane comes to.
pub fn on_the_page(settings: &Settings, pane: &PaneSettings) -> Summary {
    let bundle = offered().bundle(settings, pane);
    let bundle = bundle.unwrap_or_else(|why| panic!("{}: {why:?}", settings.scenario));
    let mut pane = Pane::new(bundle).expect("it resolves");
    while !pane.ended() {
        pane.step();
    }
    pane.summary.expect("it has ended")
}

fn moved(controls: &[(&str, f64)]) -> BTreeMap<String, Setting> {
    let moved = controls.iter();
    moved
        .map(|(key, value)| ((*key).to_owned(), Setting::Number(*value)))
        .collect()
}

#[test]
fn the_page_and_the_command_line_come_to_the_same_numbers() {
    for scenario in ["diamond_necklace", "bought_views", "replay_deleted"] {
        let settings = settings(scenario, 4_000);
        let page = on_the_page(&settings, &PaneSettings::default());
        let bundle = common::shipped(scenario, 20_201_111, &["population.consumers=4000"]);
        assert_eq!(page, common::run(&bundle).summary, "{scenario}");
    }
}

#[test]
fn the_saved_scenario_file_comes_to_the_numbers_of_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let without = |what| PaneSettings {
        without: vec![what],
        ..PaneSettings::default()
    };
    let panes = [
        ("diamond_necklace", without(Without::Script)),
        ("bought_views", without(Without::Bots)),
        (
            "diamond_necklace",
            PaneSettings {
                regime: Some("substantiation".to_owned()),
                controls: moved(&[
                    ("bot_budget", 60.0),
                    ("sceptics", 0.4),
                    ("script.counter_price", 900.0),
                ]),
                ..PaneSettings::default()
            },
        ),
        (
            "replay_deleted",
            PaneSettings {
                controls: moved(&[("sceptics", 0.3), ("aftermath.records_share", 0.5)]),
                ..PaneSettings::default()
            },
        ),
    ];
    for (number, (scenario, pane)) in panes.into_iter().enumerate() {
        let settings = Settings {
            seed: Some(7),
            ..settings(scenario, 4_000)
        };
        let text = offered().scenario_file(&settings, &pane).expect("a file");
        assert!(text.contains('#'), "comments stay");
        let path = folder.path().join(format!("{number}.toml"));
        std::fs::write(&path, text).expect("it is written");
        let request = Request {
            what: path.to_str().expect("a path"),
            ..Request::default()
        };
        let bundle = load(&request).unwrap_or_else(|faults| panic!("{}", faults.render(false)));
        assert_eq!(bundle.seed, 7);
        let summary = common::run(&bundle).summary;
        assert_eq!(
            on_the_page(&settings, &pane),
            summary,
            "{scenario} {pane:?}"
        );
    }
}

#[test]
fn without_bots_and_without_the_script_nothing_is_bought_and_nothing_is_false() {
    let settings = settings("bought_views", 4_000);
    let honest = on_the_page(
        &settings,
        &PaneSettings {
            without: vec![Without::Bots, Without::Script],
            ..PaneSettings::default()
        },
    );
    assert_eq!(
        honest.market.displayed_views,
        honest.market.real_views + background(&honest)
    );
    assert_eq!(honest.market.displayed_orders, honest.market.real_orders);
    assert_eq!(honest.market.harm.total, 0.0);
    let bought = on_the_page(&settings, &PaneSettings::default());
    assert!(bought.market.displayed_orders > bought.market.real_orders);
}

/// Views of the background audience: it is on display, and not among those who are followed.
fn background(summary: &Summary) -> u64 {
    summary.market.displayed_views - summary.market.real_views
}

#[test]
fn samples_of_two_panes_stand_at_the_same_moments() {
    let settings = settings("guess_coat", 3_000);
    let mut panes: Vec<Pane> = ["none", "china-2026"]
        .into_iter()
        .map(|regime| {
            let pane = PaneSettings {
                regime: Some(regime.to_owned()),
                ..PaneSettings::default()
            };
            Pane::new(offered().bundle(&settings, &pane).expect("a bundle")).expect("a pane")
        })
        .collect();
    for pane in &mut panes {
        while !pane.ended() {
            pane.step();
        }
    }
    let (a, b) = (&panes[0].samples, &panes[1].samples);
    assert_eq!(a.time, b.time);
    assert!(a.time.len() > 300, "{}", a.time.len());
    assert_eq!(a.time.last().copied(), Some(panes[0].scenario.clock.end));
    assert!(a.time.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(a.market.harm.len(), a.time.len());
    assert!(
        a.market
            .paid_orders
            .windows(2)
            .all(|pair| pair[0] <= pair[1])
    );
    let summary = panes[0].summary.as_ref().expect("it has ended");
    assert_eq!(
        a.market.paid_orders.last(),
        Some(&summary.market.paid_orders)
    );
    assert_eq!(
        a.market.paid_sales.last(),
        Some(&summary.market.paid_sales.yuan())
    );
}

#[test]
fn the_feed_adds_up_however_often_it_is_asked() {
    let settings = settings("bought_views", 6_000);
    let bundle = offered().bundle(&settings, &PaneSettings::default());
    let bundle = bundle.expect("a bundle");
    let told = |every_step: bool| {
        let mut pane = Pane::new(bundle.clone()).expect("a pane");
        while !pane.ended() {
            pane.step();
            if every_step {
                pane.tick();
            }
        }
        pane.info(true)
    };
    let (often, once) = (told(true), told(false));
    assert_eq!(often.feed, once.feed);
    let count = |kind: FeedKind| {
        let items = often.feed.iter().filter(|item| item.kind == kind);
        items.map(|item| item.count).sum::<u64>()
    };
    let summary = on_the_page(&settings, &PaneSettings::default());
    assert_eq!(count(FeedKind::Order), summary.market.real_orders);
    assert_eq!(count(FeedKind::Brushed), summary.market.brushed_orders);
    assert_eq!(count(FeedKind::Lapsed), summary.market.lapsed_orders);
    let rooms = often
        .feed
        .iter()
        .filter(|item| item.kind == FeedKind::Brushed);
    let brushing = rooms.map(|item| item.room).collect::<BTreeSet<_>>();
    assert_eq!(brushing.len(), 1, "one room brushes: {brushing:?}");
}
