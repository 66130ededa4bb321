//! Studies on the command line: the same bytes for any number of threads, in shards or whole, interrupted or not; what is wrong is said before anything is simulated.

use std::fs;
use std::path::Path;

const STUDY: &str = r#"
title = "One room"
scenario = "one_room"
changes = ["population.consumers=2000"]
replications = 2
metrics = ["paid_sales"]

[design]
kind = "one_at_a_time"
levels = 3

[factors.price]
path = "rooms.room.cues.0.open_link.price"
range = [80, 140]

[factors.counters]
path = "behaviour.social_orders"

[factors.law]
regimes = ["none", "disclosure"]
"#;

fn yellowcart(folder: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = assert_cmd::Command::cargo_bin("yellowcart")
        .expect("the program")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it can be run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code(),
    )
}

fn folder_with(study: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("mine.toml"), study).expect("a writable folder");
    folder
}

fn same(folder: &Path, one: &str, other: &str) {
    for name in ["runs.parquet", "points.csv", "study.json", "report.html"] {
        let read = |result: &str| fs::read(folder.join(result).join(name)).expect(name);
        assert!(read(one) == read(other), "{name} of {one} and {other}");
    }
    let hashed = |result: &str| -> serde_json::Value {
        let json = fs::read(folder.join(result).join("manifest.json")).expect("a manifest");
        serde_json::from_slice::<serde_json::Value>(&json).expect("JSON")["hashed"].clone()
    };
    assert_eq!(hashed(one), hashed(other));
}

#[test]
fn a_study_has_the_same_bytes_on_any_number_of_threads_and_in_shards() {
    let folder = folder_with(STUDY);
    let run = |arguments: &[&str]| {
        let (_, told, code) = yellowcart(folder.path(), arguments);
        assert_eq!(code, Some(0), "{told}");
    };
    run(&["sweep", "mine.toml", "--out", "whole", "--threads", "2"]);
    run(&["sweep", "mine.toml", "--out", "alone", "--threads", "1"]);
    same(folder.path(), "whole", "alone");
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("shard-{number}"));
        run(&["sweep", "mine.toml", "--shard", &shard, "--out", &out]);
    }
    run(&["merge", "shard-2", "shard-3", "shard-1", "--out", "merged"]);
    same(folder.path(), "whole", "merged");
    run(&["verify", "merged"]);
    for (shards, why) in [
        (
            vec!["shard-1", "shard-3"],
            "yellowcart: missing: shard 2/3\n",
        ),
        (
            vec!["shard-1", "shard-1", "shard-3"],
            "yellowcart: shard-1 and shard-1 are both shard 1/3\n",
        ),
        (
            vec!["whole"],
            "yellowcart: whole is a whole study, no shard of one\n",
        ),
    ] {
        let mut arguments = vec!["merge", "--out", "not"];
        arguments.extend(shards);
        let (_, told, code) = yellowcart(folder.path(), &arguments);
        assert_eq!((told.as_str(), code), (why, Some(2)));
    }
}

#[test]
fn a_study_that_was_cut_off_goes_on_to_the_same_bytes() {
    let folder = folder_with(STUDY);
    let run = |arguments: &[&str]| yellowcart(folder.path(), arguments);
    assert_eq!(run(&["sweep", "mine.toml", "--out", "whole"]).2, Some(0));
    // As an interruption leaves it: some runs are kept, the last of them cut in the middle of its line.
    let begun = serde_json::json!({"study": manifest(folder.path()), "shard": {"number": 1, "of": 1}, "figures": true});
    let partial = folder.path().join("cut.partial");
    fs::create_dir(&partial).expect("a writable folder");
    fs::write(partial.join("begun.json"), begun.to_string()).expect("written");
    assert_eq!(
        run(&["sweep", "mine.toml", "--shard", "1/2", "--out", "half"]).2,
        Some(0)
    );
    let kept = fs::read_to_string(folder.path().join("half/runs.jsonl")).expect("runs");
    fs::write(partial.join("runs.log"), &kept[..kept.len() - 40]).expect("written");
    let (_, told, code) = run(&["resume", "cut"]);
    assert_eq!(code, Some(0), "{told}");
    same(folder.path(), "whole", "cut");
}

/// The plan of the result `whole`.
fn manifest(folder: &Path) -> serde_json::Value {
    let json = fs::read(folder.join("whole/manifest.json")).expect("a manifest");
    serde_json::from_slice::<serde_json::Value>(&json).expect("JSON")["hashed"]["study"].clone()
}

#[test]
fn a_stopping_rule_runs_points_until_they_are_narrow() {
    let stop = "[stop]\nmetric = \"paid_sales\"\nrelative_half_width = 0.3\nat_most = 12\n";
    let folder = folder_with(&format!("{STUDY}\n{stop}"));
    let (_, told, code) = yellowcart(
        folder.path(),
        &["sweep", "mine.toml", "--out", "whole", "--no-figures"],
    );
    assert_eq!(code, Some(0), "{told}");
    let json = fs::read(folder.path().join("whole/study.json")).expect("a study");
    let study: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    let facts = &study["metrics"][0];
    let points = study["points"].as_array().expect("points");
    for (at, point) in points.iter().enumerate() {
        let replications = point["replications"].as_u64().expect("a number");
        let number = |list: &str| facts[list][at].as_f64().expect("a number");
        let narrow = number("half_widths") <= 0.3 * number("means");
        assert!(narrow || replications == 12, "{point}");
    }
    let counts = points.iter().map(|point| point["replications"].as_u64());
    assert!(counts.clone().max() > counts.min());
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    for (from, to, said) in [
        (
            "\"paid_sales\"]",
            "\"paid_sale\"]",
            "this scenario has no metric `paid_sale`",
        ),
        (
            "[80, 140]",
            "[140, 80]",
            "the range of factor `price` does not rise",
        ),
        ("[80, 140]", "[-5, 140]", "factor `price` at -5"),
        (
            "behaviour.social_orders",
            "behaviour.social_order",
            "there is no parameter `behaviour.social_order`",
        ),
        (
            "factors.counters",
            "factors.seed",
            "a factor cannot be called `seed`",
        ),
        ("levels = 3", "levels = 1", "levels"),
        (
            "\"one_room\"",
            "\"one_rom\"",
            "there is no shipped scenario `one_rom`",
        ),
    ] {
        let folder = folder_with(&STUDY.replace(from, to));
        let (_, told, code) = yellowcart(folder.path(), &["sweep", "mine.toml"]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(said), "{said} in\n{told}");
    }
    let folder = folder_with(STUDY);
    let (_, told, code) = yellowcart(folder.path(), &["sweep", "mine.toml", "--shard", "4/3"]);
    assert_eq!(code, Some(2));
    assert!(
        told.contains("`4/3` is no shard: write 2/8 for the second of eight"),
        "{told}"
    );
}

/// What the room of [`STUDY`] came to at its own price and need is taken for an observation of which neither is known.
fn calibration_of(orders: f64, sales: f64) -> String {
    format!(
        r#"
title = "One room from its counts"
scenario = "one_room"
changes = ["population.consumers=2000"]
replications = 1

[factors.price]
path = "rooms.room.cues.0.open_link.price"
range = [60, 160]

[factors.need]
path = "categories.things.need"
range = [0.05, 0.95]

[targets.orders]
metric = "paid_orders"
value = {orders}
tolerance = {orders_tolerance}

[targets.sales]
metric = "paid_sales"
value = {sales}
tolerance = {sales_tolerance}

[calibration]
particles = 60
rounds = 10
"#,
        orders_tolerance = 0.1 * orders,
        sales_tolerance = 0.1 * sales,
    )
}

/// Mean of a metric of the scenario as it is.
fn mean_as_it_is(folder: &Path, metric: &str) -> f64 {
    let points = fs::read_to_string(folder.join("truth/points.csv")).expect("points");
    let mut rows = csv::Reader::from_reader(points.as_bytes());
    let head = rows.headers().expect("a head").clone();
    let place = |name: &str| head.iter().position(|other| other == name).expect("it");
    let (point, of, mean) = (place("point"), place("metric"), place("mean"));
    let found = rows.records().filter_map(Result::ok);
    let mut found = found.filter(|row| &row[point] == "0" && &row[of] == metric);
    let row = found.next().expect("the metric at the first point");
    row[mean].parse().expect("a number")
}

#[test]
fn a_calibration_recovers_what_it_was_not_told() {
    let study = STUDY
        .replace("replications = 2", "replications = 8")
        .replace("[\"paid_sales\"]", "[\"paid_orders\", \"paid_sales\"]");
    let folder = folder_with(&study);
    let run = |arguments: &[&str]| {
        let (_, told, code) = yellowcart(folder.path(), arguments);
        assert_eq!(code, Some(0), "{told}");
    };
    run(&["sweep", "mine.toml", "--out", "truth", "--no-figures"]);
    let [orders, sales] =
        ["paid_orders", "paid_sales"].map(|metric| mean_as_it_is(folder.path(), metric));
    fs::write(
        folder.path().join("fit.toml"),
        calibration_of(orders, sales),
    )
    .expect("written");
    run(&["calibrate", "fit.toml", "--out", "whole", "--threads", "2"]);
    let json = fs::read(folder.path().join("whole/study.json")).expect("a study");
    let study: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(study["calibration"]["ended"], "near");
    // Factors are in order of name: need, which is a half, and price, which is 100.
    for (at, truth, before) in [(0, 0.5, 0.9), (1, 100.0, 100.0)] {
        let quantiles = &study["calibration"]["posterior"][at]["numbers"]["quantiles"];
        let [low, high] = [0, 2].map(|at| quantiles[at].as_f64().expect("a number"));
        assert!(low < truth && truth < high, "{low} to {high}, not {truth}");
        assert!(high - low < 0.5 * before, "{low} to {high} is hardly less");
    }
    // The same bytes on one thread, and when it was cut off in the middle of a round.
    run(&["calibrate", "fit.toml", "--out", "alone", "--threads", "1"]);
    same(folder.path(), "whole", "alone");
    run(&["verify", "whole", "--rerun"]);
    let begun = serde_json::json!({"study": manifest(folder.path()), "shard": {"number": 1, "of": 1}, "figures": true});
    let partial = folder.path().join("cut.partial");
    fs::create_dir(&partial).expect("a writable folder");
    fs::write(partial.join("begun.json"), begun.to_string()).expect("written");
    fs::write(partial.join("runs.log"), "{\"point\": 0").expect("written");
    run(&["resume", "cut"]);
    same(folder.path(), "whole", "cut");
}

#[test]
fn a_study_is_used_for_what_it_says() {
    let without = |part: &str| {
        let (before, after) = STUDY.split_once(part).expect("the part");
        let rest = after.split_once("\n[").map_or("", |(_, rest)| rest);
        format!("{before}[{rest}")
    };
    for (study, command, said) in [
        (
            STUDY.to_owned(),
            "sensitivity",
            "the study's design does not tell what each factor accounts for",
        ),
        (STUDY.to_owned(), "calibrate", "the study has no targets"),
        (without("[design]"), "sweep", "the study has no design"),
        (
            format!(
                "{}\n[calibration]\nruns = 100\n",
                calibration_of(10.0, 1000.0)
                    .split("[calibration]")
                    .next()
                    .unwrap_or_default()
            ),
            "calibrate",
            "100 runs are too few: two rounds of 100 particles need 200",
        ),
    ] {
        let folder = folder_with(&study);
        let (_, told, code) = yellowcart(folder.path(), &[command, "mine.toml"]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(said), "{said} in\n{told}");
    }
}
