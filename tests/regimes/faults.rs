//! What is wrong with the rules of a regime, by its exact text.

use super::common::{lines, source};
use yellowcart::scenario::regime_from_source;

/// What is wrong with rules under a title.
fn wrong(rules: &str) -> Vec<String> {
    let text = format!("title = \"t\"\n{rules}");
    lines(regime_from_source(&source("r.toml", &text)))
}

#[test]
fn shape_is_checked_rule_by_rule() {
    assert_eq!(
        wrong("cooling_off_days = 7"),
        [
            "r.toml:2:20: expected a table, found a whole number | write { value = ..., article = \"Consumer Law art 25\", evidence = \"VS\" }"
        ]
    );
    assert_eq!(
        wrong("cooling_off_days = { value = 4000, article = \"\", evidence = \"W\" }\n"),
        [
            "r.toml:2:30: 4000 is out of range | allowed: 0 to 3660 (days)",
            "r.toml:2:46: a text of 0 characters | allowed: 1 to 300 characters",
            "r.toml:2:61: `W` is not valid here | valid here: SEED, V, VS, S, D, R, A",
        ]
    );
    assert_eq!(
        wrong("throtle = { value = 0.5, article = \"assumption: half\", evidence = \"A\" }"),
        ["r.toml:2:1: unknown key `throtle` | did you mean `throttle`?"]
    );
    assert_eq!(
        wrong("cooling_off_days = { value = 7 }"),
        [
            "r.toml:2:1: `article` is missing | article: The article that says it; where none does, \"assumption: \" and the reason.",
            "r.toml:2:1: `evidence` is missing | evidence: How far that was checked.",
        ]
    );
    assert_eq!(
        wrong(
            "q_platform = { value = 0.2, article = \"art 1\", evidence = \"V\" }\nplatform_patrol_small = { value = 0.5, article = \"art 1\", evidence = \"V\" }\nthrottle = { value = 1.5, article = \"art 1\", evidence = \"V\" }"
        ),
        ["r.toml:4:22: 1.5 is out of range | allowed: 0 to 1"]
    );
    assert_eq!(
        wrong("claim_substantiation = { value = \"showed\", article = \"x\", evidence = \"V\" }"),
        [
            "r.toml:2:34: `showed` is not valid here | did you mean `shown`? valid here: none, on_request, shown"
        ]
    );
}

#[test]
fn a_rule_that_does_nothing_alone_is_found() {
    let rule = |key: &str, value: &str| {
        format!("{key} = {{ value = {value}, article = \"art 1\", evidence = \"V\" }}\n")
    };
    assert_eq!(
        wrong(&rule("platform_patrol_small", "0.1")),
        [
            "r.toml:2:1: `platform_patrol_small` does nothing without `q_platform` | add `q_platform`, or leave `platform_patrol_small` out"
        ]
    );
    assert_eq!(
        wrong(&(rule("fraud_damages_multiple", "3") + &rule("fraud_damages_floor", "500"))),
        [
            "r.toml:2:1: `fraud_damages_multiple` does nothing without `false_promise_is_fraud` | add `false_promise_is_fraud`, or leave `fraud_damages_multiple` out",
            "r.toml:3:1: `fraud_damages_floor` does nothing without `false_promise_is_fraud` | add `false_promise_is_fraud`, or leave `fraud_damages_floor` out",
        ]
    );
    assert_eq!(
        wrong(&rule("throttle", "0.5")),
        [
            "r.toml:2:1: `throttle` does nothing without `platform_patrol_small` or `platform_patrol_key` | add `platform_patrol_small` or `platform_patrol_key`, or leave `throttle` out"
        ]
    );
    // A value of zero will do: it may be swept from there. And a misspelt key is one fault, not two.
    let patrol = rule("platform_patrol_small", "0.1");
    assert_eq!(wrong(&(patrol.clone() + &rule("q_platform", "0"))), [""; 0]);
    assert_eq!(
        wrong(&(patrol + &rule("q_platfrom", "0.2"))),
        ["r.toml:3:1: unknown key `q_platfrom` | did you mean `q_platform`?"]
    );
    assert_eq!(
        wrong(&(rule("replay_public_days", "60") + &rule("replay_authority_days", "30"))),
        [
            "r.toml:3:35: replays are kept 30 days for the authority and open to buyers for 60 | write 60 or more, or leave `replay_authority_days` out: what is open to buyers is open to the authority"
        ]
    );
}

#[test]
fn what_is_assumed_says_so_and_only_that() {
    let rule = |article: &str, code: &str, more: &str| {
        wrong(&format!(
            "cooling_off_days = {{ value = 7, article = \"{article}\", evidence = \"{code}\"{more} }}"
        ))
    };
    assert_eq!(rule("assumption: a week", "A", ""), [""; 0]);
    assert_eq!(
        rule("assumption: a week", "A", ", sweep = [0, 30]"),
        [""; 0]
    );
    assert_eq!(
        rule("a week", "A", ""),
        [
            "r.toml:2:43: evidence A, and the article does not say that it is an assumption | begin it with \"assumption: \" and say why, or give the evidence code of the article: SEED, V, VS, S, D, R"
        ]
    );
    assert_eq!(
        rule("assumption: a week", "VS", ""),
        [
            "r.toml:2:43: an assumption with the evidence code VS | write evidence = \"A\", or name the article that says it"
        ]
    );
    assert_eq!(
        rule("assumption: a week", "A", ", sweep = [8, 30]"),
        [
            "r.toml:2:81: 7 is not between 8 and 30 | write sweep = [LEAST, MOST] with 7 between them"
        ]
    );
    assert_eq!(
        rule("art 25", "VS", ", sweep = [0, 30]"),
        [
            "r.toml:2:70: a range of what is no assumption | leave `sweep` out: what a law says is not swept"
        ]
    );
    assert_eq!(
        wrong(
            "ban_fake_orders = { value = true, article = \"assumption: x\", evidence = \"A\", sweep = [false, true] }"
        ),
        ["r.toml:2:78: a range of what is no number | leave `sweep` out: it is for numbers"]
    );
    // From a code that is none nothing is concluded.
    assert_eq!(
        rule("assumption: a week", "W", ", sweep = [8, 30]"),
        ["r.toml:2:76: `W` is not valid here | valid here: SEED, V, VS, S, D, R, A"]
    );
    let fine = "[[fines]]\nbreach = \"false_promise\"\nparty = \"brand\"\nbase = \"gains\"\nrate = 1\narticle = \"a guess\"\nevidence = \"A\"\n";
    assert_eq!(
        wrong(fine),
        [
            "r.toml:7:11: evidence A, and the article does not say that it is an assumption | begin it with \"assumption: \" and say why, or give the evidence code of the article: SEED, V, VS, S, D, R"
        ]
    );
}

#[test]
fn senseless_fines_are_found_each_at_its_place() {
    let fine = |breach: &str, party: &str, base: &str, rest: &str| {
        format!(
            "[[fines]]\nbreach = \"{breach}\"\nparty = \"{party}\"\nbase = \"{base}\"\narticle = \"art 1\"\nevidence = \"V\"\n{rest}\n"
        )
    };
    assert_eq!(
        wrong(&fine(
            "false_promise",
            "brand",
            "fixed",
            "rate = 0\nmin = 500\nmax = 100"
        )),
        ["r.toml:9:7: a fine of at least 500 and at most 100 yuan | allowed: 0 to 100 (yuan)"]
    );
    assert_eq!(
        wrong(&fine("false_promise", "brand", "fixed", "rate = 1.5")),
        [
            "r.toml:5:8: a fixed fine without `max` | give `min` and `max`; for one amount, the same twice",
            "r.toml:8:8: 1.5 is out of range | allowed: 0 to 1 (where a fixed fine lies between its bounds)",
        ]
    );
    assert_eq!(
        wrong(&fine("false_promise", "brand", "gain", "rate = 2")),
        [
            "r.toml:5:8: `gain` is not valid here | did you mean `gains`? valid here: fixed, gains, ad_cost, turnover, per_violation"
        ]
    );
    assert_eq!(
        wrong(&fine("false_promise", "brand", "turnover", "rate = 10")),
        ["r.toml:8:8: 10 is out of range | allowed: 0 to 1 (share of the turnover)"]
    );
    assert_eq!(
        wrong(&fine("fake_orders", "farm", "gains", "rate = 1")),
        [
            "r.toml:3:10: a fine for fake_orders, which no rule forbids | add `ban_fake_orders`, or leave the fine out",
            "r.toml:4:9: a fine for the farm, which answers for nothing | add `bot_supplier_liable`, or leave the fine out",
        ]
    );
    assert_eq!(
        wrong(&fine(
            "deleted_replay",
            "platform",
            "per_violation",
            "rate = 20000"
        )),
        [
            "r.toml:3:10: a fine for deleted_replay, which no rule forbids | add `replay_public_days` or `replay_authority_days`, or leave the fine out"
        ]
    );
    let one = fine("false_promise", "brand", "gains", "rate = 1");
    assert_eq!(
        wrong(&(one.clone() + &one)),
        [
            "r.toml:10:10: a fine like fines[0]: same breach, party and base | join the two, or change one of the three"
        ]
    );
    assert_eq!(
        wrong(&fine(
            "false_promis",
            "brand",
            "gains",
            "rate = -1\nrepeat_mult = 0"
        )),
        [
            "r.toml:3:10: `false_promis` is not valid here | did you mean `false_promise`? valid here: fake_viewers, fake_orders, fake_reviews, inflated_reference, false_promise, refused_redress, deleted_replay",
            "r.toml:8:8: -1 is out of range | allowed: 0 to 1000000000 (share, multiple or yuan)",
            "r.toml:9:15: 0 is out of range | allowed: 1 to 100 (multiple)",
        ]
    );
}
