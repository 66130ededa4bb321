//! The judgement of the instruction-count gate; the counting itself needs valgrind and is not a test (benches/README.md).

#[path = "../benches/instructions/baseline.rs"]
mod baseline;

use baseline::{Baseline, Counts, Verdict, check_reason, table};

const KNOWN: &str = r#"
[a]
instructions = 1_000_000
reason = "as first counted"

[b]
instructions = 2_000
reason = "a \"quoted\" reason"
"#;

fn known() -> Baseline {
    Baseline::parse(KNOWN).expect("a baseline")
}

fn counts<const N: usize>(counts: [(&str, u64); N]) -> Counts {
    counts.map(|(case, count)| (case.to_owned(), count)).into()
}

#[test]
fn a_rise_by_a_tenth_fails_and_noise_does_not() {
    assert_eq!(Verdict::of(1_000_000, 1_100_000), Verdict::Slower);
    assert_eq!(Verdict::of(1_000_000, 1_051_000), Verdict::Slower);
    assert_eq!(Verdict::of(1_000_000, 1_010_000), Verdict::Ok);
    assert_eq!(Verdict::of(1_000_000, 990_000), Verdict::Ok);
    assert_eq!(Verdict::of(1_000_000, 890_000), Verdict::Lower);
    assert!(Verdict::Slower.fails());
    assert!(!Verdict::Lower.fails() && !Verdict::Ok.fails());
}

#[test]
fn a_case_that_only_one_side_knows_fails() {
    let rows = known().compare(&counts([("a", 1_000_000), ("c", 5)]));
    let verdicts: Vec<Verdict> = rows.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ok, Verdict::Gone, Verdict::New]);
    assert!(Verdict::Gone.fails() && Verdict::New.fails());
}

#[test]
fn the_table_says_what_changed_by_how_much() {
    let rows = known().compare(&counts([("a", 1_100_000), ("b", 1_500)]));
    assert_eq!(
        table(&rows),
        "\
case                                    baseline             now    change  verdict
a                                      1,000,000       1,100,000  +10.00 %  SLOWER
b                                          2,000           1,500  -25.00 %  faster: lower the baseline
"
    );
}

#[test]
fn an_update_gives_its_reason_to_what_moved_and_leaves_the_rest() {
    let after = known().updated(
        &counts([("a", 1_000_100), ("b", 3_000), ("c", 7)]),
        " two\n",
    );
    let expected = r#"
[a]
instructions = 1_000_000
reason = "as first counted"

[b]
instructions = 3_000
reason = "two"

[c]
instructions = 7
reason = "two"
"#;
    assert_eq!(after, Baseline::parse(expected).expect("a baseline"));
    assert!(after.text().ends_with(expected), "{}", after.text());
}

#[test]
fn a_baseline_is_read_as_it_was_written() {
    assert_eq!(Baseline::parse(&known().text()), Ok(known()));
}

#[test]
fn no_count_goes_without_a_reason() {
    let fault = "A baseline changes for a reason; say it: --update \"reason\"";
    assert_eq!(check_reason(" "), Err(fault.to_owned()));
    let silent = Baseline::parse("[a]\ninstructions = 1\nreason = \"\"");
    assert_eq!(silent, Err(format!("baseline.toml, a: {fault}")));
}

#[test]
fn the_baseline_of_the_project_is_one() {
    let text = include_str!("../benches/instructions/baseline.toml");
    assert_ne!(Baseline::parse(text), Ok(Baseline::default()));
}
