//! Regimes: rules with their articles, what is wrong with them by its exact text, and the shipped ones against what the laws say.

mod common;
#[path = "regimes/faults.rs"]
mod faults;

use common::{lines, source};
use std::collections::BTreeSet;
use yellowcart::money::Fen;
use yellowcart::scenario::file::{Evidence, RegimeFile};
use yellowcart::scenario::{
    Breach, Bundle, Burden, Checked, Party, Provision, Regime, Request, Shelf, Substantiation,
    check, load, load_regime, names, regime_from_source, registry, shipped,
};

fn under(regime: &str) -> Bundle {
    load(&Request {
        what: "honest_evening",
        regime: Some(regime),
        ..Request::default()
    })
    .unwrap_or_else(|faults| panic!("{faults}"))
}

fn plain(regime: &str) -> Regime {
    under(regime).resolve().expect("it resolves").regime
}

/// The rules alone.
fn nameless(regime: Regime) -> Regime {
    Regime {
        name: String::new(),
        title: String::new(),
        jurisdiction: String::new(),
        ..regime
    }
}

/// The blank regime with every rule switched on.
fn everything() -> RegimeFile {
    let text = shipped(Shelf::Regimes, "blank").expect("it is shipped");
    let is_rule = |line: &str| {
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        line == "[[fines]]" || !key.is_empty() && key.bytes().all(letter)
    };
    let on: Vec<&str> = text
        .lines()
        .filter_map(|line| match line.strip_prefix("# ") {
            Some(rule) => is_rule(rule).then_some(rule),
            None => Some(line),
        })
        .collect();
    regime_from_source(&source("all.toml", &on.join("\n")))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// Rules that the registry knows, fines left aside.
fn known_rules() -> BTreeSet<String> {
    let keys = registry::parameters().into_iter().filter_map(|parameter| {
        let key = parameter.path.strip_prefix("regime.")?.to_owned();
        (!key.starts_with("fines") && !parameter.source.is_empty()).then_some(key)
    });
    keys.collect()
}

#[test]
fn the_blank_regime_shows_every_rule_and_sets_none() {
    assert!(
        load_regime("blank", None)
            .expect("it is good")
            .provisions()
            .is_empty()
    );
    let provisions = everything().provisions();
    let shown: BTreeSet<String> = provisions
        .iter()
        .map(|provision| provision.key.clone())
        .filter(|key| !key.starts_with("fines"))
        .collect();
    assert_eq!(shown, known_rules());
    assert_eq!(shown.len(), 39);
    // A rule is one parameter, without its parts.
    let found = registry::find("cooling_off_days");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "regime.cooling_off_days");
    assert_eq!(found[0].unit, "days after delivery");
    assert_eq!(
        (found[0].range.as_str(), found[0].evidence.as_str()),
        ("0 to 3660", "VS")
    );
}

/// A rule that the plain regime does not take over, or takes from another, would go unseen.
#[test]
fn every_rule_of_a_file_reaches_the_market() {
    let mut bundle = under("none");
    let mut all = everything();
    // The two whose example says what holds anyway.
    all.return_freight_payer
        .as_mut()
        .expect("it is there")
        .value = yellowcart::scenario::FreightPayer::Seller;
    all.detector_threshold.as_mut().expect("it is there").value =
        yellowcart::scenario::file::AlertScore(0.7);
    let mut resolved = |regime: RegimeFile| {
        bundle.regime = regime;
        bundle.resolve().expect("it resolves").regime
    };
    let with_all = resolved(all.clone());
    let json = serde_json::to_value(&all).expect("JSON");
    let mut seen = Vec::new();
    for key in known_rules() {
        let mut less = json.clone();
        less.as_object_mut().expect("a table").remove(&key);
        let without = resolved(serde_json::from_value(less).expect("a regime"));
        assert_ne!(without, with_all, "{key} does nothing");
        assert!(!seen.contains(&without), "{key} does what another does");
        seen.push(without);
    }
    assert_eq!(with_all.fines.len(), 1);
}

#[test]
fn every_shipped_regime_but_none_and_blank_has_rules() {
    let none = nameless(plain("none"));
    assert_eq!(none, nameless(Regime::default()));
    for name in names(Shelf::Regimes) {
        let regime = nameless(plain(name));
        assert_eq!(
            regime == none,
            ["none", "blank"].contains(&name),
            "{name}: {regime:?}"
        );
    }
    let all: Vec<Regime> = names(Shelf::Regimes)
        .into_iter()
        .filter(|name| *name != "blank")
        .map(|name| nameless(plain(name)))
        .collect();
    for (index, regime) in all.iter().enumerate() {
        assert!(!all[..index].contains(regime), "two regimes alike");
    }
}

#[test]
fn the_law_of_the_seed_is_in_china_2020_07() {
    let law = plain("china-2020-07");
    assert_eq!(law.cooling_off_days, 7.0);
    assert_eq!(law.fraud_damages_multiple, 3.0);
    assert_eq!(law.fraud_damages_floor, Fen::from_yuan(500.0));
    assert!(law.false_promise_is_fraud && law.ban_fake_orders && law.bot_supplier_liable);
    assert!(!law.ban_fake_viewers, "no law named viewers then");
    assert_eq!(
        (law.replay_authority_days, law.replay_public_days),
        (60.0, 0.0),
        "kept is not accessible"
    );
    assert_eq!(law.burden_of_proof, Burden::Seller);
    assert_eq!(law.claim_substantiation, Substantiation::OnRequest);
    let brushing = law
        .fines
        .iter()
        .find(|fine| fine.breach == Breach::FakeOrders && fine.party == Party::Anchor)
        .expect("a fine for brushing");
    assert_eq!(brushing.on(Fen::ZERO, 1), Fen::from_yuan(200_000.0));
    // The draft names viewers and opens replays; else it is the same law.
    let draft = plain("china-2020-11-draft");
    assert_eq!(
        nameless(Regime {
            ban_fake_viewers: false,
            replay_public_days: 0.0,
            ..draft.clone()
        }),
        nameless(law)
    );
    assert!(draft.ban_fake_viewers && draft.replay_public_days == 60.0);
}

#[test]
fn later_and_foreign_laws_differ_where_they_should() {
    let (c2021, c2026) = (plain("china-2021"), plain("china-2026"));
    for law in [&c2021, &c2026] {
        assert_eq!(law.replay_authority_days, 1095.0);
        assert_eq!(law.replay_public_days, 0.0);
        assert_eq!(law.ref_price_window_days, 7.0);
    }
    assert!(!c2021.price_promise_enforceable && c2026.price_promise_enforceable);
    assert_eq!(c2026.claim_substantiation, Substantiation::Shown);
    assert_eq!(c2026.platform_patrol_key, 1.0);
    assert_eq!(plain("eu").ref_price_window_days, 30.0);
    assert_eq!(plain("us").cooling_off_days, 0.0);
    let views = plain("us").fines[0];
    // 51,744 dollars at 6.7 yuan, for each of two shows.
    assert_eq!(
        views.on(Fen::from_yuan(2.0), 1),
        Fen::from_yuan(2.0 * 346_685.0)
    );
    let uk = plain("uk");
    assert!(uk.redress_order);
    // 300,000 pounds at 8.8 yuan, or a tenth of the turnover.
    let of = |turnover: f64| uk.fines[0].on(Fen::from_yuan(turnover), 1).yuan();
    assert_eq!((of(1.0e6), of(1.0e9)), (2_640_000.0, 1.0e8));
}

#[test]
fn provisions_tell_value_unit_article_and_evidence() {
    let provisions = load_regime("china-2020-07", None)
        .expect("it is good")
        .provisions();
    let of = |key: &str| {
        let found = provisions.iter().find(|provision| provision.key == key);
        found.cloned().expect("it is there")
    };
    assert_eq!(
        of("cooling_off_days"),
        Provision {
            key: "cooling_off_days".to_owned(),
            value: "7".to_owned(),
            unit: "days after delivery".to_owned(),
            article: "Consumer Law art 25: 7 days after receipt, with exceptions".to_owned(),
            evidence: Evidence::Vs,
            sweep: None,
        }
    );
    assert_eq!(
        (
            of("ban_fake_orders").value.as_str(),
            of("ban_fake_orders").unit.as_str()
        ),
        ("yes", "")
    );
    assert_eq!(of("q_state").sweep, Some([0.001, 0.003]));
    assert_eq!(
        of("fines[0]").value,
        "fake_orders, anchor: 200,000.00 to 1,000,000.00, at 0 between them"
    );
    // Rules come in the order of their declaration, fines last.
    assert_eq!(provisions[0].key, "claim_substantiation");
    assert!(provisions.last().expect("some").key.starts_with("fines"));
    let uk = load_regime("uk", None).expect("it is good").provisions();
    let turnover = uk.iter().find(|provision| provision.key == "fines[0]");
    assert_eq!(
        turnover.expect("a fine").value,
        "fake_reviews, anchor: 0.1 times the turnover, at least 2,640,000.00"
    );
}

/// The regimes of retention are the law of 2020 but for the two rules that they are about.
#[test]
fn the_regimes_of_retention_differ_in_nothing_else() {
    let own = [
        "replay_authority_days",
        "replay_public_days",
        "title",
        "story",
    ];
    let table = |shelf, name: &str| -> toml::Table {
        let text = shipped(shelf, name).expect("it is shipped");
        let mut table: toml::Table = text.parse().expect("TOML");
        table.retain(|key, _| !own.contains(&key));
        table
    };
    let law = table(Shelf::Regimes, "china-2020-07");
    let mut days = BTreeSet::new();
    for name in names(Shelf::Retention) {
        assert_eq!(table(Shelf::Retention, name), law, "{name}");
        let regime = plain(name);
        let [kept, open] = [regime.replay_authority_days, regime.replay_public_days];
        assert!([0.0, kept].contains(&open), "{name}");
        days.insert((kept as u32, open as u32));
    }
    let expected = [(0, 0), (60, 0), (60, 60), (1_095, 0), (1_095, 1_095)];
    assert_eq!(days, BTreeSet::from(expected));
}

#[test]
fn a_bundle_is_read_back_with_its_regime_and_checked_again() {
    for name in names(Shelf::Regimes) {
        let json = serde_json::to_value(under(name)).expect("JSON");
        let back: Bundle = serde_json::from_value(json.clone()).expect("what was good is good");
        assert_eq!(serde_json::to_value(back).expect("JSON"), json);
    }
    let json = serde_json::to_value(under("china-2020-07")).expect("JSON");
    let after = |pointer: &str, value: serde_json::Value| {
        let mut changed = json.clone();
        *changed.pointer_mut(pointer).expect("it is there") = value;
        let read: Result<Bundle, _> = serde_json::from_value(changed);
        read.expect_err("it is wrong").to_string()
    };
    assert_eq!(
        after("/regime/q_state/value", 2.into()),
        "regime: 2 is out of range"
    );
    assert_eq!(
        after("/regime/fines/0/min", 2_000_000.into()),
        "regime: a fine of at least 2000000 and at most 1000000 yuan"
    );
    assert_eq!(
        after("/regime/cooling_off_days/evidence", "A".into()),
        "regime: evidence A, and the article does not say that it is an assumption"
    );
    assert_eq!(
        after("/regime/q_platform", serde_json::Value::Null),
        "regime: `platform_patrol_small` does nothing without `q_platform`; `platform_patrol_key` does nothing without `q_platform`"
    );
}

#[test]
fn a_regime_begins_when_it_says_even_after_the_end() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("late.toml").display().to_string();
    let start = under("none").scenario.clock.start;
    let text = "title = \"late\"\nfrom = \"2031-01-01 00:00\"\ndisclose_real_counters = { value = true, article = \"art 1\", evidence = \"V\" }\n";
    std::fs::write(&path, text).expect("written");
    let from = plain(&path).from;
    let late = yellowcart::scenario::file::Moment::parse("2031-01-01 00:00").expect("a moment");
    assert_eq!(from, (late.0 - start.0).num_seconds() as f64);
    assert_eq!(plain("eu").from, 0.0);
}

/// A slip of the pen in its only rule does not make a regime a scenario.
#[test]
fn a_regime_is_known_by_its_rules() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let checked = |text: &str| {
        let path = folder.path().join("r.toml").display().to_string();
        std::fs::write(&path, text).expect("written");
        check(&Request {
            what: &path,
            ..Request::default()
        })
        .map_err(|faults| {
            let mut found = lines::<()>(Err(faults));
            found
                .iter_mut()
                .for_each(|line| *line = line.replace(&path, "r.toml"));
            found
        })
    };
    assert_eq!(
        checked(
            "title = \"t\"\ncoling_off_days = { value = 7, article = \"art 25\", evidence = \"VS\" }"
        )
        .expect_err("misspelt"),
        ["r.toml:2:1: unknown key `coling_off_days` | did you mean `cooling_off_days`?"]
    );
    assert_eq!(
        checked("title = \"t\"\nquick = 1\nq_state = 0.1").expect_err("wrong"),
        [
            "r.toml:2:1: unknown key `quick`",
            "r.toml:3:11: expected a table, found a number | write { value = ..., article = \"Consumer Law art 25\", evidence = \"VS\" }",
        ]
    );
    let good = checked("title = \"t\"\nstory = \"nothing\"").expect("it is good");
    assert!(matches!(good, Checked::Regime(regime) if regime.provisions().is_empty()));
}

fn explained(what: &[&str]) -> (Option<i32>, String, String) {
    let output = assert_cmd::Command::cargo_bin("yellowcart")
        .expect("the program is built")
        .arg("explain")
        .args(what)
        .output()
        .expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn explain_tells_what_each_shipped_regime_says_and_all_that_one_says() {
    let (code, text, _) = explained(&["complaint_sla_days"]);
    assert_eq!(code, Some(0));
    let line = |name: &str| {
        let found = text
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        found.unwrap_or_default().to_owned()
    };
    assert_eq!(
        line("china-2021"),
        "    china-2021           9  [D] Consumer Law art 46: 7 working days (B7), which are 9 days of the calendar where no holiday falls in"
    );
    assert_eq!(line("eu"), "", "it says nothing of it");
    let (code, text, _) = explained(&["disclosure", "--format", "csv"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        text,
        "rule,value,unit,evidence,article,sweep\n\"disclose_real_counters\",\"yes\",\"\",\"A\",\"assumption: a counterfactual that no law read asks for; the platform shows true counters at every refresh (MODEL 9)\",\"\"\n"
    );
    let (code, _, told) = explained(&["chian-2021"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        told,
        "yellowcart: there is no parameter `chian-2021`\ndid you mean `china-2021`?\n"
    );
}
