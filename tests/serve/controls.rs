//! Every control does something, says what it is, and keeps to its range.

use crate::same::{offered, on_the_page, settings};
use std::collections::BTreeMap;
use yellowcart::experiment::metrics_of;
use yellowcart::market::Summary;
use yellowcart::scenario::Shelf;
use yellowcart::scenario::file::Service;
use yellowcart::serve::controls::{Control, Kind};
use yellowcart::serve::settings::{Offered, PaneSettings, Setting, Settings};

/// Scenarios in which all controls are found, and consumers enough for each to show.
const TRIED: [(&str, u64); 5] = [
    ("diamond_necklace", 8_000),
    ("bought_views", 8_000),
    ("misbid", 8_000),
    ("replay_deleted", 50_000),
    ("double11_evening", 20_000),
];

fn with(key: &str, setting: Setting) -> PaneSettings {
    PaneSettings {
        controls: BTreeMap::from([(key.to_owned(), setting)]),
        ..PaneSettings::default()
    }
}

/// Shipped scenarios that a class can watch: all but the one at full size.
fn for_a_class() -> impl Iterator<Item = &'static str> {
    let all = yellowcart::scenario::names(Shelf::Scenarios).into_iter();
    all.filter(|name| *name != "double11_full")
}

/// A scenario with so many consumers, and few enough rooms to be run often.
fn tried(scenario: &str, consumers: u64) -> Settings {
    let mut settings = settings(scenario, consumers);
    match scenario {
        "double11_evening" => settings.changes.push("generate.rooms=100".to_owned()),
        "festival_weeks" => {
            let small = ["generate.rooms=20", "generate.evenings=3"];
            settings.changes.extend(small.map(str::to_owned));
        }
        _ => {}
    }
    settings
}

/// Everything that is measured of a run.
fn measured(summary: &Summary) -> Vec<Option<u64>> {
    let measured = metrics_of(summary).into_iter();
    measured.map(|(_, value)| value.map(f64::to_bits)).collect()
}

/// Where a control is moved to: the ends of its range, the far one first.
fn elsewhere(control: &Control) -> Vec<Setting> {
    match &control.value {
        Setting::Number(number) => {
            let up = control.high - number > number - control.low;
            let ends = if up {
                [control.high, control.low]
            } else {
                [control.low, control.high]
            };
            ends.map(Setting::Number).to_vec()
        }
        Setting::Choice(choice) => {
            let mut others = control
                .choices
                .iter()
                .filter(|other| other.value != *choice);
            vec![Setting::Choice(
                others.next().expect("there is another").value.clone(),
            )]
        }
    }
}

#[test]
fn every_control_of_every_scenario_moves_what_is_measured() {
    let mut keys: Vec<String> = Vec::new();
    for (scenario, consumers) in TRIED {
        let settings = tried(scenario, consumers);
        let controls = offered().controls(&settings).expect("controls");
        let plain = measured(&on_the_page(&settings, &PaneSettings::default()));
        for control in controls {
            let moves = |to: &Setting| {
                let moved = on_the_page(&settings, &with(&control.key, to.clone()));
                plain != measured(&moved)
            };
            let ends = elsewhere(&control);
            assert!(
                ends.iter().any(moves),
                "{scenario}: {} to {ends:?} changes nothing",
                control.key
            );
            keys.push(control.key);
        }
    }
    keys.sort();
    keys.dedup();
    for key in [
        "script",
        "bot_budget",
        "bot_price",
        "sceptics",
        "retention",
        "script.counter_price",
    ] {
        assert!(
            keys.iter().any(|found| found == key),
            "{key} is tried: {keys:?}"
        );
    }
    assert!(keys.len() >= 26, "{keys:?}");
}

#[test]
fn every_value_of_every_script_moves_what_is_measured() {
    let settings = settings("diamond_necklace", 40_000);
    let controls = offered().controls(&settings).expect("controls");
    let script = controls.iter().find(|control| control.key == "script");
    for choice in &script.expect("there are scripts").choices {
        let playing = with("script", Setting::Choice(choice.value.clone()));
        let of_script = offered().controls(&Settings {
            a: playing.clone(),
            ..settings.clone()
        });
        let plain = measured(&on_the_page(&settings, &playing));
        let of_script = of_script.expect("controls").into_iter();
        for control in of_script.filter(|control| control.key.starts_with("script.")) {
            let moves = |to: &Setting| {
                let mut moved = playing.clone();
                moved.controls.insert(control.key.clone(), to.clone());
                plain != measured(&on_the_page(&settings, &moved))
            };
            let ends = elsewhere(&control);
            assert!(
                ends.iter().any(moves),
                "{}: {} to {ends:?} changes nothing",
                choice.value,
                control.key
            );
        }
    }
}

#[test]
fn every_control_says_what_it_is() {
    for (scenario, consumers) in TRIED {
        let controls = offered()
            .controls(&settings(scenario, consumers))
            .expect("controls");
        for control in controls {
            let key = &control.key;
            for text in [&control.label, &control.meaning] {
                assert!(
                    !text.en.is_empty() && !text.zh.is_empty(),
                    "{scenario}: {key}"
                );
            }
            assert!(
                !control.source.is_empty() && !control.evidence.is_empty(),
                "{scenario}: {key}"
            );
            assert!(
                !control.range.is_empty() && !control.path.is_empty(),
                "{scenario}: {key}"
            );
            if let (Kind::Number, Setting::Number(value)) = (control.kind, &control.value) {
                assert!(
                    !control.unit.en.is_empty() && !control.unit.zh.is_empty(),
                    "{scenario}: {key}"
                );
                assert!(
                    control.low <= *value && *value <= control.high,
                    "{scenario}: {key}"
                );
                assert!(
                    control.step > 0.0 && control.low < control.high,
                    "{scenario}: {key}"
                );
            }
        }
    }
}

#[test]
fn both_ends_of_every_slider_are_allowed() {
    for scenario in for_a_class() {
        let settings = tried(scenario, 3_000);
        for control in offered().controls(&settings).expect("controls") {
            let ends = match control.kind {
                Kind::Number => vec![Setting::Number(control.low), Setting::Number(control.high)],
                Kind::Choice => control
                    .choices
                    .iter()
                    .map(|it| Setting::Choice(it.value.clone()))
                    .collect(),
            };
            for end in ends {
                let bundle = offered().bundle(&settings, &with(&control.key, end.clone()));
                let resolved = bundle.map(|bundle| bundle.resolve().map(drop));
                assert!(
                    matches!(resolved, Ok(Ok(()))),
                    "{scenario}: {} at {end:?}: {resolved:?}",
                    control.key
                );
            }
        }
    }
}

#[test]
fn more_money_and_a_lower_price_buy_more_viewers() {
    let settings = settings("bought_views", 3_000);
    // Viewers that rooms order from farms.
    let shown = |controls: &[(&str, f64)]| {
        let controls = controls.iter();
        let pane = PaneSettings {
            controls: controls
                .map(|(key, value)| ((*key).to_owned(), Setting::Number(*value)))
                .collect(),
            ..PaneSettings::default()
        };
        let bundle = offered().bundle(&settings, &pane).expect("a bundle");
        let rooms = bundle.scenario.rooms.values();
        let bought = rooms.flat_map(|room| room.cues.iter().filter_map(|cue| cue.buy.as_ref()));
        let viewers = bought.filter(|buy| buy.service == Service::Views);
        viewers.map(|buy| buy.count).sum::<u64>()
    };
    let (none, little, much) = (
        shown(&[("bot_budget", 0.0)]),
        shown(&[("bot_budget", 60.0)]),
        shown(&[("bot_budget", 120.0)]),
    );
    assert_eq!(none, 0);
    assert!(little > 5_000, "{little}");
    let about = |a: u64, b: u64| a.abs_diff(b) <= 3;
    assert!(
        about(2 * little, much),
        "twice the money buys twice as many: {little}, {much}"
    );
    let dear = shown(&[("bot_budget", 120.0), ("bot_price", 60.0)]);
    let cheap = shown(&[("bot_budget", 120.0), ("bot_price", 30.0)]);
    assert!(
        about(2 * dear, cheap),
        "half the price buys twice as many: {dear}, {cheap}"
    );
    assert!(about(cheap, 120 * 10_000 / 30), "{cheap}");
}

#[test]
fn what_is_not_there_or_out_of_range_is_told() {
    let refused = |key: &str, setting: Setting| {
        let settings = settings("misbid", 3_000);
        let bundle = offered().bundle(&settings, &with(key, setting));
        bundle.expect_err("it is refused").why
    };
    assert_eq!(
        refused("sceptics", Setting::Number(2.0)),
        "`sceptics` is a number from 0 to 0.95"
    );
    assert_eq!(
        refused("sceptics", Setting::Choice("many".to_owned())),
        "`sceptics` is a number from 0 to 0.95"
    );
    assert!(
        refused("sceptic", Setting::Number(0.1))
            .starts_with("this scenario has no control `sceptic`; it has: script, ")
    );
    assert!(
        refused("script", Setting::Choice("robbery".to_owned()))
            .starts_with("`script` is one of: flash_restock, honest_pitch")
    );
    let nan = refused("sceptics", Setting::Number(f64::NAN));
    assert_eq!(nan, "`sceptics` is a number from 0 to 0.95");
}

#[test]
fn a_pasted_scenario_opens_no_file_and_is_checked_like_any() {
    let told = |text: &str| {
        let pasted = Settings {
            scenario: "pasted".to_owned(),
            text: Some(text.to_owned()),
            ..Settings::default()
        };
        let refusal = offered()
            .bundle(&pasted, &PaneSettings::default())
            .expect_err("it is refused");
        refusal.diagnostics.unwrap_or(refusal.why)
    };
    let necklace =
        yellowcart::scenario::shipped(Shelf::Scenarios, "diamond_necklace").expect("it is shipped");
    let stolen = told(&necklace.replacen("honest_pitch", "/etc/passwd", 1));
    assert!(
        stolen.contains("there is no shipped script `/etc/passwd`"),
        "{stolen}"
    );
    assert!(
        stolen.contains("what is pasted can name what is shipped, and no file"),
        "{stolen}"
    );
    let regime = told(&format!("regime = \"../regimes/none.toml\"\n{necklace}"));
    assert!(regime.contains("there is no shipped regime"), "{regime}");
    let misspelt = told(&necklace.replacen("consumers =", "consumer =", 1));
    assert!(misspelt.contains("did you mean `consumers`?"), "{misspelt}");
    assert!(misspelt.contains("[pasted.toml:"), "{misspelt}");
    let many = told(&necklace.replacen("consumers = 300_000", "consumers = 150_000_000", 1));
    assert!(
        many.starts_with("150000000 consumers are more than this page may simulate"),
        "{many}"
    );
    assert_eq!(
        told(&"#".repeat(300_000)),
        "the text is longer than 256 KiB"
    );
}

#[test]
fn a_file_of_ones_own_is_changed_in_numbers_and_opens_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let necklace = yellowcart::scenario::shipped(Shelf::Scenarios, "diamond_necklace");
    std::fs::write(&path, necklace.expect("it is shipped")).expect("it is written");
    let own = Offered {
        files: vec![path],
        largest_population: 1_000_000,
    };
    let with_change = |change: &str| {
        let settings = Settings {
            scenario: "mine.toml".to_owned(),
            changes: vec![change.to_owned()],
            ..Settings::default()
        };
        let bundle = own.bundle(&settings, &PaneSettings::default());
        bundle
            .map(|bundle| bundle.scenario.population.consumers)
            .map_err(|why| why.why)
    };
    assert_eq!(with_change("population.consumers=3000"), Ok(3_000));
    for change in [
        "regime=/etc/passwd",
        "rooms.quiet_room.play=[{ script = \"/etc/passwd\" }]",
    ] {
        assert_eq!(
            with_change(change),
            Err(format!(
                "`{change}`: in a file of one's own the page changes numbers and true or false only"
            ))
        );
    }
}

#[test]
fn what_is_too_large_is_refused_before_anything_is_made_of_it() {
    let why = |settings: &Settings| {
        let begun = std::time::Instant::now();
        let refused = offered().bundle(settings, &PaneSettings::default());
        assert!(begun.elapsed() < std::time::Duration::from_secs(2));
        refused.expect_err("it is refused").why
    };
    let rooms = Settings {
        changes: vec!["generate.rooms=1000000".to_owned()],
        ..settings("platform_evening", 3_000)
    };
    assert_eq!(
        why(&rooms),
        "1000000 generated rooms are more than this page may simulate (10000)"
    );
    let seed = Settings {
        seed: Some(1 << 53),
        ..settings("misbid", 3_000)
    };
    assert_eq!(
        why(&seed),
        "a seed on this page is at most 9007199254740991"
    );
}

#[test]
fn regimes_chosen_on_the_page_move_what_is_measured() {
    for (scenario, consumers, regimes) in [
        (
            "diamond_necklace",
            8_000,
            vec![
                "disclosure",
                "substantiation",
                "disclosure_and_substantiation",
            ],
        ),
        ("bought_views", 20_000, vec!["patrolled", "disclosure"]),
        (
            "replay_deleted",
            40_000,
            vec!["retention-0", "retention-60-open", "none"],
        ),
    ] {
        let settings = settings(scenario, consumers);
        let plain = measured(&on_the_page(&settings, &PaneSettings::default()));
        for regime in regimes {
            let pane = PaneSettings {
                regime: Some(regime.to_owned()),
                ..PaneSettings::default()
            };
            let under = measured(&on_the_page(&settings, &pane));
            assert_ne!(plain, under, "{scenario} under {regime}");
        }
    }
}
