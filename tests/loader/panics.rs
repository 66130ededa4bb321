//! No panic on any input: arbitrary texts, shipped scenarios spoilt at random, parameters at the ends of their ranges.

use super::common::{self, lines};
use super::generated::GENERATE;
use super::{GOOD, read};
use proptest::prelude::*;
use std::path::PathBuf;
use yellowcart::scenario::{Request, Shelf, from_source, names, shipped};

/// Everything that is shipped, and the good scenario.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = names(Shelf::Scenarios)
        .into_iter()
        .filter_map(|name| shipped(Shelf::Scenarios, name))
        .map(str::to_owned)
        .collect();
    texts.push(GOOD.to_owned());
    texts.push(format!("{GOOD}{GENERATE}"));
    texts
}

/// What loads also resolves, with a population small enough to try.
fn loads_and_resolves_or_says_why(text: &str) {
    let source = common::source("t.toml", text);
    let nowhere = PathBuf::from("nowhere");
    match from_source(&source, "t", Some(&nowhere), &Request::default()) {
        Ok(mut bundle) => {
            bundle.scenario.population.consumers = bundle.scenario.population.consumers.min(100);
            if let Some(generate) = &mut bundle.scenario.generate {
                generate.rooms = generate.rooms.min(20);
            }
            bundle.resolve().expect("what loads resolves");
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            let report = faults.render(false);
            assert!(report.contains("error"), "{report}");
        }
    }
}

/// Values that are at home in no scenario.
fn odd_values() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "nan",
        "inf",
        "-inf",
        "-1",
        "0",
        "1e308",
        "-0.0",
        "9223372036854775807",
        "0x7fffffff",
        "\"\"",
        "\"thing\"",
        "\"$price\"",
        "[]",
        "{}",
        "[[]]",
        "true",
        "2020-11-11",
        "\"9999-12-31 23:59\"",
        "\"2020-02-30 00:00\"",
        "\"999999:59:59\"",
        "{ median = 0.0 }",
        "\u{1f600}",
        "\"\u{0}\"",
        "'''x",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,400}") {
        loads_and_resolves_or_says_why(&text);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        loads_and_resolves_or_says_why(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn toml_like_text_never_panics(text in "([a-z_]{1,9}( ?= ?|\\.)|\\[\\[?[a-z.]{1,12}\\]?\\]|[\"'{},\n]|[0-9.:-]{1,6}){0,80}") {
        loads_and_resolves_or_says_why(&text);
    }

    #[test]
    fn a_scenario_with_a_value_replaced_never_panics(
        which in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        value in odd_values(),
    ) {
        let texts = texts();
        let text = which.get(&texts);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = line.index(lines.len());
        if let Some((key, _)) = lines[at].clone().split_once('=') {
            lines[at] = format!("{key}= {value}");
        }
        loads_and_resolves_or_says_why(&lines.join("\n"));
    }

    #[test]
    fn a_scenario_with_lines_cut_doubled_and_swapped_never_panics(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8), 1..6),
    ) {
        let texts = texts();
        let text = which.get(&texts);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (one, other, kind) in edits {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            match kind {
                0 => { lines.remove(one); }
                1 => { let line = lines[one].clone(); lines.insert(other, line); }
                2 => lines.swap(one, other),
                _ => { let half = lines[one].chars().count() / 2; lines[one] = lines[one].chars().take(half).collect(); }
            }
        }
        loads_and_resolves_or_says_why(&lines.join("\n"));
    }

    #[test]
    fn a_change_of_any_parameter_never_panics(path in "[a-z_.0-9]{0,40}", value in odd_values()) {
        let _ = lines(read(GOOD, &[&format!("{path}={value}")]));
    }
}

/// Each declared number at both ends of its range: it loads, resolves and runs.
#[test]
fn ends_of_ranges_run() {
    for text in [GOOD.to_owned(), format!("{GOOD}{GENERATE}")] {
        for (path, value) in ends_of_ranges(&text) {
            let change = format!("{path}={value}");
            let Ok(bundle) = read(&text, &["population.consumers=200", &change]) else {
                continue;
            };
            let mut bundle = bundle;
            bundle.scenario.population.consumers = bundle.scenario.population.consumers.min(200);
            if let Some(generate) = &mut bundle.scenario.generate {
                generate.rooms = generate.rooms.min(10);
                generate.products_per_room = generate.products_per_room.min(20.0);
            }
            common::run(&bundle);
        }
    }
}

/// Paths of the parameters outside of rooms, each with the ends of its range.
fn ends_of_ranges(text: &str) -> Vec<(String, f64)> {
    let known = [
        "behaviour",
        "ranking",
        "platform",
        "clock",
        "generate",
        "population.segments.*",
    ];
    let mut found = Vec::new();
    for parameter in yellowcart::scenario::registry::parameters() {
        let ours = known
            .iter()
            .any(|prefix| parameter.path.starts_with(prefix));
        if !ours || parameter.path.starts_with("generate") != text.contains("[generate]") {
            continue;
        }
        let path = parameter.path.replace("segments.*", "segments.all");
        // "0 to 1", "0 and more": both ends are numbers.
        let ends = parameter.range.split_whitespace();
        for end in ends.filter_map(|word| word.parse::<f64>().ok()) {
            found.push((path.clone(), end));
        }
    }
    assert!(found.len() > 10);
    found
}
