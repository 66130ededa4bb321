//! What is wrong with a lesson, by its exact text and place.

use super::common::{lines, source};
use yellowcart::experiment::check_lesson;
use yellowcart::scenario::{Lesson, Shelf, lesson_from_source, load_lesson, names};

/// A lesson with nothing wrong: line numbers in the tests are lines of it.
const GOOD: &str = r#"title = "t"
title_zh = "题"
story = "s"
story_zh = "事"
question = "q"
question_zh = "问"
minutes = 20
scenario = "misbid"
changes = ["population.consumers=20000"]
controls = ["script", "script.reduction"]
try = [{ en = "e", zh = "中" }]
look_for = [{ en = "e", zh = "中" }]

[a]
label = "with"
label_zh = "有"
controls = { "script.reduction" = 20, sceptics = 0.3 }

[b]
without = ["script"]
regime = "disclosure"

[predict]
question = "q"
question_zh = "问"
measure = { of = "change", room = "misbid_room", total = "paid_orders", words = "{} x", words_zh = "{}", written = "percent" }
options = [
  { text = "less", text_zh = "少", until = 0 },
  { text = "more", text_zh = "多", from = 0.5 },
  { text = "between", text_zh = "中", from = 0, until = 0.5 },
]

[check]
question = "q"
question_zh = "问"
measure = { of = "a", metric = "deception_harm", words = "{} x", words_zh = "{}" }
options = [
  { text = "less", text_zh = "少", until = 100 },
  { text = "more", text_zh = "多", from = 100 },
]
"#;

fn read(text: &str) -> Result<Lesson, yellowcart::scenario::Faults> {
    lesson_from_source(&source("l.toml", text), "l", None, &[])
}

fn after(from: &str, to: &str) -> Vec<String> {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` stands there once");
    lines(read(&GOOD.replace(from, to)))
}

#[test]
fn a_good_lesson_is_read() {
    let lesson = read(GOOD).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(lesson.name, "l");
    assert_eq!(lesson.bundle.scenario.population.consumers, 20_000);
    assert_eq!(
        lesson.bundle.regime_name, "none",
        "the second pane's regime is not the first's"
    );
    assert_eq!(lesson.file.a.controls.len(), 2);
    check_lesson(&lesson).unwrap_or_else(|faults| panic!("{faults}"));
}

#[test]
fn shipped_lessons_are_good() {
    let shipped = names(Shelf::Lessons);
    assert_eq!(shipped.len(), 6);
    for name in shipped {
        let lesson = load_lesson(name, &[]).unwrap_or_else(|faults| panic!("{name}: {faults}"));
        check_lesson(&lesson).unwrap_or_else(|faults| panic!("{name}: {faults}"));
    }
}

#[test]
fn what_a_lesson_names_must_be_there() {
    assert_eq!(
        after("\"misbid\"", "\"misbidd\""),
        [
            "l.toml:8:12: there is no shipped scenario `misbidd` | did you mean `misbid`?\nfor a file of yours, give its path, such as ./misbidd.toml"
        ]
    );
    assert_eq!(
        after("regime = \"disclosure\"", "regime = \"disclosur\""),
        [
            "l.toml:21:10: there is no shipped regime `disclosur` | did you mean `disclosure`?\nfor a file of yours, give its path, such as ./disclosur.toml"
        ]
    );
    assert_eq!(
        after("room = \"misbid_room\"", "room = \"misbid_rom\""),
        ["l.toml:26:35: the scenario has no room `misbid_rom` | did you mean `misbid_room`?"]
    );
    assert_eq!(
        after("consumers=20000", "consumer=20000"),
        ["--set population.consumer=20000:1:1: unknown key `consumer` | did you mean `consumers`?"]
    );
    let metric = read(&GOOD.replace("deception_harm", "deceptive_harm"));
    assert_eq!(
        lines(check_lesson(&metric.expect("the loader knows no metrics"))),
        [
            "this scenario has no metric `deceptive_harm` | nearest: deception_harm, above_line_share, vulnerable_share"
        ]
    );
}

#[test]
fn a_measure_is_of_one_thing() {
    assert_eq!(
        after("metric = \"deception_harm\", ", ""),
        [
            "l.toml:36:1: it does not say what is measured | add metric = \"deception_harm\", say, or total = \"paid_orders\" with the room whose it is"
        ]
    );
    assert_eq!(
        after(
            "metric = \"deception_harm\"",
            "metric = \"deception_harm\", total = \"looks\""
        ),
        ["l.toml:36:58: both a metric and a count are measured | leave out metric or total"]
    );
    assert_eq!(
        after(
            "metric = \"deception_harm\"",
            "metric = \"deception_harm\", room = \"misbid_room\""
        ),
        [
            "l.toml:36:57: a metric is of the whole run, not of a room | leave the room out, or put total = \"paid_orders\", say, in the place of the metric"
        ]
    );
    assert_eq!(
        after(
            "metric = \"deception_harm\"",
            "total = \"looks\", against_room = \"misbid_room\""
        ),
        ["l.toml:36:55: against_room without a room | add the room that is compared with it"]
    );
    assert_eq!(
        after(
            "room = \"misbid_room\"",
            "room = \"misbid_room\", against_room = \"misbid_room\""
        ),
        ["l.toml:26:65: a room is compared with itself | name another room"]
    );
    assert_eq!(
        after(
            "words = \"{} x\", words_zh = \"{}\" }",
            "words = \"x\", words_zh = \"{}{}\" }"
        ),
        [
            "l.toml:36:58: the sentence has no one place for the value | write {} where the value goes, once",
            "l.toml:36:74: the sentence has no one place for the value | write {} where the value goes, once",
        ]
    );
    assert_eq!(
        after("[b]\nwithout = [\"script\"]\nregime = \"disclosure\"\n", ""),
        ["l.toml:23:18: the lesson has one pane | add [b], or write of = \"a\""]
    );
}

#[test]
fn options_hold_every_value_once() {
    assert_eq!(
        after("from = 0, until = 0.5", "from = 0, until = 0.4"),
        ["l.toml:29:42: no option holds what is from 0.4 on and below 0.5 | write from = 0.4"]
    );
    assert_eq!(
        after("from = 0, until = 0.5", "from = 0, until = 0.6"),
        [
            "l.toml:29:42: two options hold the same values: from 0.5 on and below 0.6 | each option begins where the one below it ends"
        ]
    );
    assert_eq!(
        after(
            "text_zh = \"少\", until = 0 }",
            "text_zh = \"少\", from = -1, until = 0 }"
        ),
        ["l.toml:28:42: no option holds what is below -1 | leave `from` out of the lowest option"]
    );
    assert_eq!(
        after("from = 100 }", "from = 100, until = 200 }"),
        [
            "l.toml:39:55: no option holds what is from 200 on | leave `until` out of the highest option"
        ]
    );
    assert_eq!(
        after("from = 0, until = 0.5", "from = 0.5, until = 0"),
        ["l.toml:30:58: no value is from 0.5 on and below 0 | until is above from"]
    );
    assert_eq!(
        after("until = 100 }", "from = 100 }"),
        [
            "l.toml:38:42: no option holds what is below 100 | leave `from` out of the lowest option",
            "l.toml:39:42: two options hold the same values: from 100 on | each option begins where the one below it ends",
        ]
    );
}

#[test]
fn panes_are_checked() {
    assert_eq!(
        after("[\"script\"]", "[\"script\", \"script\"]"),
        ["l.toml:20:22: the same is left out twice | name it once"]
    );
    assert_eq!(
        after("[\"script\"]", "[\"scripts\"]"),
        [
            "l.toml:20:12: `scripts` is not valid here | did you mean `script`? valid here: bots, script"
        ]
    );
    assert_eq!(
        after("sceptics = 0.3", "sceptics = true"),
        [
            "l.toml:17:50: control `sceptics` is neither true nor false | write a number, or the name of a choice"
        ]
    );
    assert_eq!(
        after("sceptics = 0.3", "\"script..price\" = 1"),
        [
            "l.toml:17:39: `script..price` is not the key of a control | keys are names joined by dots, such as `archive_days` or \"script.price\""
        ]
    );
    assert_eq!(
        after("\nlabel_zh = \"有\"", ""),
        ["l.toml:15:9: the pane's label is not there in Chinese | add label_zh"]
    );
    assert_eq!(
        after("\"script\", \"script.reduction\"", "\"script\", \"script\""),
        ["l.toml:10:23: control `script` stands out twice | name it once"]
    );
}

#[test]
fn everything_is_found_at_once() {
    let text = GOOD
        .replace("\nstory_zh = \"事\"", "")
        .replace("minutes = 20", "minutes = 0")
        .replace("\"misbid\"", "\"misbidd\"")
        .replace("until = 100 }", "until = 90 }");
    assert_eq!(
        lines(read(&text)),
        [
            "l.toml:1:1: `story_zh` is missing | story_zh: The same in Chinese.",
            "l.toml:6:11: 0 is out of range | allowed: 1 to 240 (minutes)",
            "l.toml:7:12: there is no shipped scenario `misbidd` | did you mean `misbid`?\nfor a file of yours, give its path, such as ./misbidd.toml",
            "l.toml:38:42: no option holds what is from 90 on and below 100 | write from = 90",
        ]
    );
}
