//! Validation: verdicts and their table; and that each pattern goes when the mechanism that is said to bring it about is switched off.
//!
//! Patterns are measured here in smaller markets and at fewer seeds than `yellowcart validate` does, so means are looked at, not verdicts.

use assert_cmd::Command;
use std::fs;
use yellowcart::experiment::validate::{
    HELD_BACK, JudgedPattern, JudgedStatistic, Kind, Pattern, Standing, Validation, Verdict,
    chosen, examine, patterns,
};
use yellowcart::report::{validation_csv, validation_table, write_validation_figure};

fn pattern(key: &str) -> &'static Pattern {
    let found = patterns().into_iter().find(|pattern| pattern.key == key);
    found.expect("the pattern is known")
}

/// A pattern with its mechanism, and with the mechanism switched off.
struct Both {
    with: JudgedPattern,
    without: JudgedPattern,
}

impl Both {
    /// Measured at so many seeds, every scenario changed.
    fn of(key: &str, seeds: u64, changes: &[&str]) -> Self {
        let pattern = pattern(key);
        let Standing::Outcome { without, .. } = pattern.standing else {
            panic!("{key} is by construction");
        };
        let seeds: Vec<u64> = (1..=seeds).collect();
        let measured = |more: &[&str]| {
            let changes = changes.iter().chain(more);
            let changes: Vec<String> = changes.map(|change| (*change).to_owned()).collect();
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let examined = examine(&[pattern], &seeds, &changes, threads, &|_| {});
            let validation = examined.unwrap_or_else(|why| panic!("{key}: {why}"));
            validation.patterns.into_iter().next().expect("one pattern")
        };
        Self {
            with: measured(&[]),
            without: measured(without),
        }
    }

    /// The mean of a statistic with the mechanism and without.
    fn means(&self, key: &str) -> [Option<f64>; 2] {
        let mean = |pattern: &JudgedPattern| {
            let mut statistics = pattern.statistics.iter();
            let found = statistics.find(|statistic| statistic.key == key);
            found.expect("the statistic is known").mean
        };
        let means = [mean(&self.with), mean(&self.without)];
        println!("{} {key}: {means:?} with and without", self.with.key);
        means
    }

    /// The same, where both could be measured.
    fn known_means(&self, key: &str) -> [f64; 2] {
        self.means(key).map(|mean| mean.expect("it was measured"))
    }

    /// The statistic is in its band with the mechanism, and outside of it without.
    fn goes(&self, key: &str) {
        let [with, without] = self.known_means(key);
        let mut statistics = self.with.statistics.iter();
        let band = statistics
            .find(|statistic| statistic.key == key)
            .map(|statistic| statistic.band);
        let [low, high] = band.expect("the statistic is known");
        let in_band = |value: f64| {
            // An end of a band that has no other is not in it.
            let one_sided = low.is_none() || high.is_none();
            let above = low.is_none_or(|low| value > low || (!one_sided && value == low));
            above && high.is_none_or(|high| value < high || (!one_sided && value == high))
        };
        assert!(in_band(with), "{key} is {with} with its mechanism");
        assert!(
            !in_band(without),
            "{key} is {without} without its mechanism"
        );
    }
}

#[test]
fn without_what_rooms_do_to_people_rooms_see_as_little_back_as_the_shelf() {
    let both = Both::of("P1", 2, &["population.consumers=15000"]);
    both.goes("ratio");
}

#[test]
fn without_arousal_interaction_brings_nothing_back() {
    let both = Both::of("P2", 3, &["population.consumers=30000"]);
    both.goes("effect");
}

#[test]
fn without_looks_views_yield_nothing() {
    let both = Both::of(
        "P5",
        2,
        &["population.consumers=100000", "generate.rooms=240"],
    );
    both.goes("yield");
}

#[test]
fn without_viewers_in_heat_and_decision_bought_ones_bring_nobody() {
    let both = Both::of("P7", 2, &["population.consumers=40000"]);
    // What is left: comments per viewer on display rouse a room, and bots do not comment.
    let [with, without] = both.known_means("arrivals");
    assert!(
        with > 0.1 && without.abs() < 0.005 * with,
        "{with} {without}"
    );
    let [with, without] = both.known_means("revenue");
    assert!(
        with > 10.0 && without.abs() < 0.05 * with,
        "{with} {without}"
    );
    let concavity = pattern("P7").statistics[1].key;
    assert!(both.means(concavity)[0].is_some_and(|ratio| ratio < 1.0));
}

#[test]
fn without_social_proof_counters_bring_no_orders() {
    let both = Both::of("P8", 3, &["population.consumers=25000"]);
    both.goes("elasticity");
    assert!(both.means("falling")[0].is_some_and(|ratio| ratio < 1.0));
    assert!(both.means("discount")[0].is_some_and(|ratio| (0.0..1.0).contains(&ratio)));
}

#[test]
fn without_counters_weight_makes_nothing_unequal() {
    let both = Both::of("P9", 2, &["population.consumers=40000"]);
    for statistic in ["gini_first", "gini_then", "spread_first", "spread_then"] {
        let [with, without] = both.known_means(statistic);
        assert!(with > 0.0, "{statistic}: {with}");
        // A counter that nobody can read leaves less than a tenth.
        assert!(without < 0.1 * with, "{statistic}: {without}");
    }
}

#[test]
fn without_word_of_mouth_nobody_joins_a_complaint() {
    let both = Both::of("P11", 1, &["population.consumers=150000"]);
    let [with, without] = both.known_means("count");
    assert!(with > 5.0 && without < 0.2 * with, "{with} {without}");
}

#[test]
fn without_surprises_at_home_few_have_a_problem_and_nobody_complains() {
    let both = Both::of("P12", 2, &["population.consumers=15000"]);
    both.goes("problem");
    assert_eq!(both.known_means("complained")[1], 0.0);
}

#[test]
fn where_refusing_is_dear_the_seller_settles() {
    let both = Both::of("P13", 1, &["population.consumers=150000"]);
    let [with, without] = both.means("seller");
    assert!(with.is_some_and(|with| with < 0.1), "{with:?}");
    // Where refusing is dear those who complain in public, if anybody has to, are settled with within days; many have only just joined.
    assert!(without.is_none_or(|without| without > 0.3), "{without:?}");
}

#[test]
fn whoever_does_not_know_claims_nothing() {
    let both = Both::of("P14", 1, &["population.consumers=150000"]);
    let [with, without] = both.known_means("claimed");
    assert!(with > 0.05 && without < 0.05, "{with} {without}");
}

#[test]
fn without_weight_of_the_price_demand_does_not_answer_to_it() {
    let both = Both::of("P19", 3, &["population.consumers=25000"]);
    both.goes("elasticity");
}

#[test]
fn every_pattern_is_measured_or_kept_back() {
    let known: Vec<&str> = patterns().iter().map(|pattern| pattern.key).collect();
    let all: Vec<String> = (1..=20).map(|number| format!("P{number}")).collect();
    for key in &all {
        let measured = known.contains(&key.as_str());
        assert_ne!(measured, HELD_BACK.contains(&key.as_str()), "{key}");
    }
    let constructed = patterns()
        .into_iter()
        .filter(|pattern| matches!(pattern.standing, Standing::ByConstruction { .. }));
    let constructed: Vec<&str> = constructed.map(|pattern| pattern.key).collect();
    assert_eq!(constructed, ["P3", "P4", "P6", "P15", "P16", "P17"]);
}

#[test]
fn a_pattern_that_is_none_or_kept_back_is_told_from_one() {
    let refused = |key: &str| {
        let faults = chosen(&[key.to_owned()]).expect_err("it is refused");
        let fault = faults.0.into_iter().next().expect("one fault");
        format!("{} | {}", fault.message, fault.help.unwrap_or_default())
    };
    assert_eq!(
        refused("P10"),
        "pattern P10 is not measured | it is kept back for checks out of sample, so that no calibration can have looked at it"
    );
    let none = refused("P21");
    assert!(none.starts_with("there is no pattern `P21` | "), "{none}");
    assert!(none.contains("patterns: P1, P2, P3, P4,"), "{none}");
}

#[test]
fn results_do_not_depend_on_threads() {
    let few = ["population.consumers=3000".to_owned()];
    let on = |threads| examine(&[pattern("P19")], &[1, 2], &few, threads, &|_| {});
    assert_eq!(on(1).expect("it ends"), on(3).expect("it ends"));
}

fn statistic(
    key: &str,
    values: &[f64],
    band: [Option<f64>; 2],
    verdict: Verdict,
) -> JudgedStatistic {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let half = (values.last().unwrap_or(&0.0) - values.first().unwrap_or(&0.0)).abs();
    JudgedStatistic {
        key: key.to_owned(),
        label: format!("what {key} is"),
        unit: "ratio".to_owned(),
        kind: Kind::Hard,
        band,
        values: values.iter().copied().map(Some).collect(),
        mean: Some(mean),
        interval: Some([mean - half, mean + half]),
        events: None,
        verdict,
    }
}

fn judged(
    key: &str,
    kind: Kind,
    verdict: Verdict,
    statistics: Vec<JudgedStatistic>,
) -> JudgedPattern {
    JudgedPattern {
        key: key.to_owned(),
        title: format!("What {key} says, \"so\""),
        source: "somebody, 2020 (B1), V".to_owned(),
        kind,
        verdict,
        mechanism: "what brings it about".to_owned(),
        without: vec!["a.b=0".to_owned(), "c=1".to_owned()],
        runs: vec!["one_room".to_owned()],
        statistics,
    }
}

/// A made-up result: one of each verdict.
fn made_up() -> Validation {
    let nothing = JudgedStatistic {
        values: vec![None, None],
        mean: None,
        interval: None,
        kind: Kind::Soft,
        ..statistic(
            "nothing",
            &[0.0],
            [Some(0.5), Some(0.8)],
            Verdict::Inconclusive,
        )
    };
    let rare = JudgedStatistic {
        events: Some(3),
        unit: "complaints".to_owned(),
        ..statistic(
            "rare",
            &[4_000.0, 6_000.0],
            [Some(1.0), Some(10.0)],
            Verdict::NotReproduced,
        )
    };
    Validation {
        version: "0.0.0".to_owned(),
        seeds: vec![7, 8],
        changes: vec!["behaviour.arousal=0".to_owned()],
        patterns: vec![
            judged(
                "P1",
                Kind::Hard,
                Verdict::Reproduced,
                vec![
                    statistic(
                        "ratio",
                        &[2.5, 2.75],
                        [Some(2.0), Some(4.0)],
                        Verdict::Reproduced,
                    ),
                    nothing,
                ],
            ),
            judged("P9", Kind::Hard, Verdict::NotReproduced, vec![rare]),
            judged(
                "P14",
                Kind::Soft,
                Verdict::Inconclusive,
                vec![statistic(
                    "rise",
                    &[-0.01, 0.05],
                    [Some(0.0), None],
                    Verdict::Inconclusive,
                )],
            ),
            judged(
                "P17",
                Kind::Hard,
                Verdict::ByConstruction,
                vec![statistic(
                    "share",
                    &[0.3, 0.31],
                    [Some(0.5), Some(0.6)],
                    Verdict::NotReproduced,
                )],
            ),
        ],
        held_back: HELD_BACK.map(str::to_owned).to_vec(),
    }
}

#[test]
fn the_table_of_a_validation() {
    insta::assert_snapshot!(validation_table(&made_up()));
}

#[test]
fn a_validation_as_csv() {
    insta::assert_snapshot!(validation_csv(&made_up()));
}

#[test]
fn the_figure_of_a_validation_names_pattern_band_and_numbers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = write_validation_figure(folder.path(), &made_up()).expect("it is written");
    assert_eq!(files.len(), 2);
    let svg = fs::read_to_string(&files[0]).expect("the SVG");
    for wanted in [
        "1 of 3 patterns that could fail are reproduced",
        "what ratio is",
        "2.62 (2.38 to 2.88)",
        "2 to 4",
        "above 0",
        "nothing to measure",
        "outside its band",
        "2 seeds from 7",
        "changed: behaviour.arousal=0",
    ] {
        assert!(svg.contains(wanted), "{wanted}");
    }
}

#[test]
fn the_command_keeps_its_result_and_says_no_where_a_hard_pattern_fails() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("yellowcart").expect("the program is built");
        let output = command.current_dir(folder.path()).args(arguments).output();
        output.expect("it runs")
    };
    let validate = [
        "validate",
        "--pattern",
        "P19",
        "--seeds",
        "2",
        "--set",
        "population.consumers=6000",
        "--set",
        "population.segments.all.taste_scale.median=2",
        "--out",
        "result",
        "--format",
        "json",
    ];
    let ran = run(&validate);
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    let printed: Validation = serde_json::from_slice(&ran.stdout).expect("JSON on stdout");
    let kept = fs::read(folder.path().join("result/validation.json")).expect("the file");
    assert_eq!(printed, serde_json::from_slice(&kept).expect("JSON"));
    for file in [
        "validation.csv",
        "figures/validation.svg",
        "figures/validation.png",
    ] {
        assert!(folder.path().join("result").join(file).is_file(), "{file}");
    }
    let again = run(&validate);
    assert_eq!(again.status.code(), Some(2));
    let why = String::from_utf8_lossy(&again.stderr).into_owned();
    assert_eq!(
        why.trim(),
        "yellowcart: result exists: choose another --out, or overwrite it with --force"
    );
    let verified = run(&["verify", "result", "--rerun"]);
    assert_eq!(
        String::from_utf8_lossy(&verified.stdout),
        "ok: 4 files are as written, and a second run gives the same values\n"
    );
    fs::write(folder.path().join("result/validation.csv"), "changed").expect("written");
    let verified = run(&["verify", "result"]);
    assert_eq!(verified.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&verified.stdout),
        "validation.csv: has been changed\n"
    );
    let unknown = run(&[
        "validate",
        "--pattern",
        "P19",
        "--set",
        "nothing.here=1",
        "--out",
        "other",
    ]);
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    assert!(!folder.path().join("other.partial").exists());
}
