//! Reports: one file that needs nothing beside it, holds what the result says, and lets nothing of what stands in files act.

mod common;
#[path = "html/harmless.rs"]
mod harmless;
#[path = "html/said.rs"]
mod said;

use common::made_up::{Odd, comparison};
use common::{small, written, yellowcart};
use harmless::assert_harmless;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use yellowcart::experiment::compare::{Comparison, Wanted, compare, plan};
use yellowcart::experiment::{RunOptions, run_evening};
use yellowcart::report::{comparison_table, differences_csv, html_report};
use yellowcart::scenario::{Request, load, load_regime};

const SHOUT: &str = "  { at = \"0:20:00\", shout_orders = { product = \"thing\", from = 1500, to = 3500, over_seconds = 90 } },";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A run of a small market in `out`, as a command line would have made it.
fn a_run(folder: &Path, title: &str) -> PathBuf {
    let quoted = title.replace('"', "\\\"");
    let text =
        small(2_000, 90.0, SHOUT).replace("title = \"small\"", &format!("title = \"{quoted}\""));
    let options = RunOptions {
        out: folder.join("out"),
        figures: true,
        threads: 1,
        command: [
            "/somewhere/yellowcart",
            "run",
            "my room.toml",
            "--out",
            "out",
        ]
        .map(str::to_owned)
        .to_vec(),
        ..RunOptions::default()
    };
    let finished = run_evening(&written(&text, 1), &options, &mut |_| {}).expect("it runs");
    finished.folder
}

/// A comparison of a small market in `compared`.
fn a_comparison(folder: &Path, figures: bool) -> PathBuf {
    let file = folder.join("small.toml");
    fs::write(&file, small(500, 90.0, SHOUT)).expect("written");
    let regimes = ["none", "disclosure"].map(str::to_owned);
    let wanted = Wanted {
        what: &file.display().to_string(),
        regimes: &regimes,
        replications: 3,
        ..Wanted::default()
    };
    let plan = plan(&wanted).unwrap_or_else(|faults| panic!("{faults}"));
    let options = RunOptions {
        out: folder.join("compared"),
        figures,
        threads: 1,
        command: ["yellowcart", "compare", "small.toml"]
            .map(str::to_owned)
            .to_vec(),
        ..RunOptions::default()
    };
    compare(&plan, &options, &|_| {}).expect("it runs").folder
}

/// Puts another comparison in the place of the one that was made.
fn put(folder: &Path, comparison: &Comparison) {
    let json = serde_json::to_vec_pretty(comparison).expect("JSON");
    fs::write(folder.join("comparison.json"), json).expect("written");
}

fn report(folder: &Path) -> String {
    let report = html_report(folder).unwrap_or_else(|why| panic!("{why}"));
    report.html
}

/// The body of a report as XML, which it is too: whatever is in it was closed, and no attribute broke out of its quotes.
fn body_of(html: &str) -> String {
    let (_, rest) = html.split_once("<body>").expect("a body");
    let (body, _) = rest.split_once("</body>").expect("its end");
    format!("<body>{body}</body>")
}

#[test]
fn the_report_of_a_run_holds_what_it_came_to_and_what_it_was_made_from() {
    let folder = folder();
    let out = a_run(folder.path(), "Two rooms & a <quarrel>");
    let html = report(&out);
    assert_harmless(&html);
    let figures = fs::read_dir(out.join("figures"))
        .expect("figures")
        .flatten();
    let figures = figures.filter(|file| {
        file.path()
            .extension()
            .is_some_and(|ending| ending == "svg")
    });
    assert_eq!(html.matches("<svg ").count(), figures.count());
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    for part in [
        "<h1>Two rooms &amp; a &lt;quarrel&gt;</h1>",
        "<dd>2,000</dd>",
        concat!("yellowcart ", env!("CARGO_PKG_VERSION")),
        "yellowcart run 'my room.toml' --out out",
        "Harm to consumers, yuan, over all orders placed",
        "shout_orders",
        manifest["sha256_of_hashed"].as_str().expect("a hash"),
        manifest["hashed"]["summary_sha256"]
            .as_str()
            .expect("a hash"),
        manifest["hashed"]["tables"]["orders"]["content_sha256"]
            .as_str()
            .expect("a hash"),
    ] {
        assert!(html.contains(part), "no {part}");
    }
    assert!(!html.contains("is not as its manifest says"));
}

#[test]
fn numbers_of_the_summary_are_in_the_tables_of_the_report() {
    let folder = folder();
    let out = a_run(folder.path(), "small");
    let summary = fs::read_to_string(out.join("summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let orders = summary["market"]["displayed_orders"]
        .as_u64()
        .expect("a number");
    assert!(orders > 1_000);
    let shown = format!(
        "<th scope=\"row\">orders</th><td class=\"number\">{},{:03}</td>",
        orders / 1_000,
        orders % 1_000
    );
    assert!(report(&out).contains(&shown), "no {shown}");
}

#[test]
fn the_report_of_a_comparison_holds_every_arm_metric_and_figure() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    for (arms, odd) in [
        (2, Odd::default()),
        (
            10,
            Odd {
                gaps: true,
                uncertainty: true,
                ..Odd::default()
            },
        ),
        (
            6,
            Odd {
                still: true,
                outlier: true,
                ..Odd::default()
            },
        ),
    ] {
        let made_up = comparison(arms, 12, odd);
        put(&out, &made_up);
        let html = report(&out);
        assert_harmless(&html);
        for arm in &made_up.arms {
            assert!(
                html.contains(&format!("<th scope=\"row\">{}</th>", arm.name))
                    || arm.name == "none"
            );
        }
        for of in made_up
            .metrics
            .iter()
            .filter(|of| of.means.iter().any(|mean| mean.mean != 0.0))
        {
            assert!(html.contains(&of.metric.label), "no {}", of.metric.label);
        }
        let drawn = yellowcart::report::comparison_drawings(&made_up).expect("drawn");
        assert_eq!(html.matches("<svg ").count(), drawn.len());
        for word in ["NaN", ">inf<", ">-0<"] {
            assert!(!html.contains(word), "{word}");
        }
    }
}

#[test]
fn what_cannot_be_told_and_what_changed_nothing_is_said() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    let mut made_up = comparison(4, 12, Odd::default());
    let at = made_up
        .metrics
        .iter()
        .position(|of| of.metric.key == made_up.primary)
        .expect("it is there");
    let differences = &mut made_up.metrics[at].differences;
    let ends = [([-900.0, -300.0], None), ([-900.0, 300.0], Some(17))];
    for (difference, (interval, more)) in differences.iter_mut().zip(ends) {
        (
            difference.mean,
            difference.uncorrected,
            difference.corrected,
            difference.more,
        ) = (-600.0, interval, interval, more);
    }
    put(&out, &made_up);
    let html = report(&out);
    for part in [
        "<li class=\"told\"><b>china-2020-07</b>: \u{2212}600 yuan (\u{2212}4.3 %), 95 % interval corrected for the number of regimes \u{2212}900 to \u{2212}300.</li>",
        "<li class=\"untold\"><b>china-2020-11-draft</b>: \u{2212}600 yuan (\u{2212}4.3 %): not distinguishable yet, about 17 more replications would tell it (\u{2212}900 to 300).</li>",
        "<li class=\"untold\"><b>china-2021</b>: changed nothing in any replication.</li>",
    ] {
        assert!(
            html.contains(part),
            "no {part}\n{}",
            &html[html.find("class=\"verdicts\"").unwrap_or(0)..][..900]
        );
    }
    // Nor is what few replications carry, or what happened in few.
    let [carried, rare, ..] = &mut made_up.metrics[at].differences[..] else {
        panic!("three arms beside the baseline")
    };
    (carried.p_corrected, carried.rests_on) = (0.028, Some(1));
    rare.differ = 3;
    put(&out, &made_up);
    let html = report(&out);
    for part in [
        "(\u{2212}4.3 %): p = 0.028, rests on 1 of 12 replications, without which the interval (\u{2212}900 to \u{2212}300) would span zero.</li>",
        "<li class=\"untold\"><b>china-2020-11-draft</b>: \u{2212}600 yuan (\u{2212}4.3 %): differs in 3 of 12 replications.</li>",
    ] {
        assert!(html.contains(part), "no {part}");
    }
}

/// A difference that only its uncorrected interval tells is told nowhere, and the interval that is shown is the one that decides.
#[test]
fn the_verdict_is_the_same_in_table_report_and_file() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    let mut made_up = comparison(2, 12, Odd::default());
    made_up.metrics.retain(|of| of.metric.key == "claims");
    let difference = &mut made_up.metrics[0].differences[0];
    difference.mean = 400.0;
    difference.uncorrected = [200.0, 600.0];
    difference.corrected = [-100.0, 900.0];
    (difference.p_uncorrected, difference.p_corrected) = (0.004, 0.3);
    difference.more = Some(17);
    put(&out, &made_up);
    let table = comparison_table(&made_up, true);
    let row = "-100  900  not distinguishable yet: about 17 more replications\n";
    assert!(table.contains(row), "{table}");
    let html = report(&out);
    let cells = "<td class=\"number\">\u{2212}100 to 900</td><td class=\"number\">200 to 600</td>";
    assert!(html.contains(cells) && html.contains("<tr class=\"untold\">"));
    let csv = differences_csv(&made_up);
    let (head, row) = csv.trim_end().split_once('\n').expect("a row");
    let of = |name: &str| {
        let mut cells = head.split(',').zip(row.split(','));
        cells.find(|cell| cell.0 == name).map(|cell| cell.1)
    };
    for (name, value) in [
        ("verdict", "not distinguishable"),
        ("corrected_low", "-100"),
        ("corrected_high", "900"),
        ("uncorrected_low", "200"),
        ("uncorrected_high", "600"),
        ("p_corrected", "0.3"),
        ("p_uncorrected", "0.004"),
        ("more_replications", "17"),
    ] {
        assert_eq!(of(name), Some(value), "{name}");
    }
}

/// What has to be said beside the numbers is said on a terminal and in a report.
#[test]
fn what_came_to_the_same_and_what_could_not_happen_is_said() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    let odd = Odd {
        uncertainty: true,
        ..Odd::default()
    };
    let mut made_up = comparison(4, 8, odd);
    made_up.arms[2].same_as = Some("china-2020-07".to_owned());
    made_up.inert_changes = vec!["behaviour.urgency=0.04".to_owned()];
    let gone = &mut made_up.metrics[0].differences[0];
    gone.parameter_interval = None;
    let spanless = &mut made_up.metrics[0].differences[1];
    spanless.parameter_interval = Some([1.0; 2]);
    put(&out, &made_up);
    let (table, html) = (comparison_table(&made_up, true), report(&out));
    for sentence in [
        "regime china-2020-11-draft gave the same results as china-2020-07 in every replication",
        "regime china-2020-07: no fine of the authority can fall within this scenario, which ends 20 days before its first decision could",
        "--set behaviour.urgency=0.04 changed nothing in 8 replications",
        "over assumptions: 4 draws are too few for an interval; 5 would do: --replications 10",
        "too few draws",
        "no more than seeds",
    ] {
        assert!(table.contains(sentence), "{sentence}\n{table}");
        assert!(html.contains(sentence), "{sentence}");
    }
    // How long claims wait, an arm a row.
    assert!(html.contains("Share of claims not resolved, %, by days since they were made"));
    assert!(html.contains("How long claims stay unresolved"));
}

#[test]
fn one_replication_is_reported_without_intervals() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    put(&out, &comparison(3, 1, Odd::default()));
    let html = report(&out);
    assert_harmless(&html);
    assert!(html.contains("One replication gives no interval"));
    assert!(html.contains("of which one pair tells nothing"));
}

#[test]
fn a_comparison_as_made_has_its_figures_and_is_as_its_manifest_says() {
    let folder = folder();
    let out = a_comparison(folder.path(), true);
    let html = report(&out);
    assert_harmless(&html);
    assert!(!html.contains("is not as its manifest says"));
    assert!(html.contains("yellowcart compare small.toml"));
    assert!(html.contains("The rules of disclosure"));
    // Every rule with its article and its code.
    let regime = load_regime("disclosure", None).unwrap_or_else(|faults| panic!("{faults}"));
    let provisions = regime.provisions();
    assert!(!provisions.is_empty());
    for provision in provisions {
        let cells = format!(
            "<td class=\"article\">{}</td><td>{}</td>",
            provision.article,
            provision.evidence.code()
        );
        assert!(html.contains(&cells), "no {cells}");
    }
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"path\": \"figures/differences.svg\""));
    assert!(out.join("figures/differences.png").is_file());
    put(&out, &comparison(3, 4, Odd::default()));
    let html = report(&out);
    assert!(html.contains("is not as its manifest says"));
    assert!(html.contains("comparison.json: has been changed"));
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    assert_eq!(report(&out), report(&out));
    put(
        &out,
        &comparison(
            10,
            12,
            Odd {
                uncertainty: true,
                ..Odd::default()
            },
        ),
    );
    assert_eq!(report(&out), report(&out));
}

#[test]
fn the_scenario_as_run_is_a_scenario() {
    let folder = folder();
    let out = a_run(folder.path(), "small");
    let html = report(&out);
    let body = body_of(&html);
    let document = roxmltree::Document::parse(&body).expect("well formed");
    let mut folded = document
        .descendants()
        .filter(|node| node.tag_name().name() == "details");
    let scenario = folded
        .find(|node| {
            node.descendants().any(|node| {
                node.text()
                    .is_some_and(|text| text.starts_with("The scenario test in full"))
            })
        })
        .expect("it is there");
    let code = scenario
        .descendants()
        .find(|node| node.tag_name().name() == "code")
        .expect("a text");
    let file = folder.path().join("as_run.toml");
    fs::write(&file, code.text().expect("a text")).expect("written");
    let loaded = load(&Request {
        what: &file.display().to_string(),
        ..Request::default()
    })
    .unwrap_or_else(|faults| panic!("{faults}"));
    let original = written(&small(2_000, 90.0, SHOUT), 1);
    let json = |bundle: &yellowcart::scenario::Bundle| {
        serde_json::to_value(&bundle.scenario).expect("JSON")
    };
    assert_eq!(json(&loaded), json(&original));
}

#[test]
fn the_command_says_where_the_report_is_and_replaces_nothing_unasked() {
    let folder = folder();
    a_run(folder.path(), "small");
    let at = folder.path();
    assert_eq!(
        yellowcart(at, &["report", "out"]),
        (0, "out/report.html\n".to_owned(), String::new())
    );
    let first = fs::read(at.join("out/report.html")).expect("a report");
    let refused = yellowcart(at, &["report", "out"]);
    let sentence =
        "yellowcart: out/report.html exists: choose another --out, or replace it with --force\n";
    assert_eq!(refused, (2, String::new(), sentence.to_owned()));
    assert_eq!(
        yellowcart(at, &["report", "out", "--out", "mine.html"]).0,
        0
    );
    assert_eq!(fs::read(at.join("mine.html")).expect("a report"), first);
    assert_eq!(yellowcart(at, &["report", "out/", "--force"]).0, 0);
    assert_eq!(yellowcart(at, &["verify", "out"]).0, 0);
    let (code, _, why) = yellowcart(at, &["report", "out", "--out", "nowhere/mine.html"]);
    assert_eq!(code, 3);
    assert_eq!(
        why,
        "yellowcart: cannot write nowhere/mine.html: No such file or directory (os error 2)\n"
    );
}

#[test]
fn what_cannot_be_reported_on_is_said_with_what_to_do() {
    let folder = folder();
    let at = folder.path();
    fs::create_dir_all(at.join("empty")).expect("made");
    fs::create_dir_all(at.join("cut.partial")).expect("made");
    let told = |arguments: &[&str]| {
        let (code, _, why) = yellowcart(at, arguments);
        assert_eq!(code, 2, "{why}");
        why
    };
    assert_eq!(
        told(&["report", "empty"]),
        "yellowcart: empty is not a results folder: it has no manifest.json; `yellowcart run` and `yellowcart compare` make one\n"
    );
    for name in ["cut", "cut.partial"] {
        assert_eq!(
            told(&["report", name]),
            format!("yellowcart: {name} is not whole yet: finish it with: yellowcart resume cut\n")
        );
    }
    fs::write(at.join("empty/manifest.json"), "{}").expect("written");
    assert_eq!(
        told(&["report", "empty"]),
        format!(
            "yellowcart: cannot read empty/manifest.json: missing field `hashed` at line 1 column 2\nthis is version {}: a result of another version is reported on by that version\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    let out = a_comparison(at, false);
    let mut torn = comparison(3, 4, Odd::default());
    torn.metrics[0].means.pop();
    put(&out, &torn);
    assert_eq!(
        told(&["report", "compared"]),
        "yellowcart: comparison.json: has been changed\ncomparison.json does not fit together: a metric has not as many arms or replications as the comparison; verify the folder with `yellowcart verify`\n"
    );
}
