//! `yellowcart compare`, through the program itself: the same bytes whatever the threads and however often it was killed, tables, files that can be
//! verified and done again, and every error by its exact text.

#[path = "common/folders.rs"]
mod folders;

use assert_cmd::Command;
use folders::{assert_same, bytes_of};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

const DAYS: &str = include_str!("common/days.toml");

/// A folder with the scenario of three evenings, made small.
fn place(consumers: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let days = DAYS.replace("consumers = 20000", &format!("consumers = {consumers}"));
    fs::write(folder.path().join("days.toml"), days).expect("it can be written");
    folder
}

fn yellowcart(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("yellowcart").expect("the program is built");
    command.current_dir(folder).args(arguments);
    command
}

/// Runs the program: exit code, stdout, stderr.
fn ran(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = yellowcart(folder, arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    (code, text(&output.stdout), text(&output.stderr))
}

/// Figures have tests of their own (tests/comparison.rs, tests/html.rs).
const COMPARE: [&str; 5] = [
    "compare",
    "days.toml",
    "--no-figures",
    "--regimes",
    "none,disclosure,blank",
];

fn compare(folder: &Path, more: &[&str]) -> (i32, String, String) {
    ran(folder, &[&COMPARE[..], more].concat())
}

#[test]
fn comparisons_are_the_same_for_any_number_of_threads() {
    let folder = place(1_500);
    for threads in ["1", "2", "5"] {
        let more = [
            "--replications",
            "4",
            "--uncertainty",
            "--threads",
            threads,
            "--out",
            threads,
        ];
        let (code, _, stderr) = compare(folder.path(), &more);
        assert_eq!(
            (code, stderr),
            (0, format!("tables and manifest: {threads}\n"))
        );
    }
    let path = |name: &str| folder.path().join(name);
    assert_same(&path("1"), &path("2"));
    assert_same(&path("1"), &path("5"));
    let names: Vec<PathBuf> = bytes_of(&path("1")).into_keys().collect();
    let expected = [
        "arms/blank.json",
        "arms/disclosure.json",
        "arms/none.json",
        "comparison.json",
        "days.csv",
        "differences.csv",
        "manifest.json",
        "metrics.csv",
        "parameters.csv",
        "survival.csv",
    ];
    assert_eq!(names, expected.map(PathBuf::from));
}

/// Numbers for delays: what they are does not matter, that they spread does.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64
    }
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let program = assert_cmd::cargo::cargo_bin!("yellowcart");
    Process::new(program)
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// Killed fifty times at random moments, from before the first file is written until after the last, and continued each time: the bytes are those of
/// a comparison that nothing disturbed.
#[test]
fn a_comparison_killed_at_random_moments_fifty_times_comes_to_the_same_bytes() {
    let folder = place(1_000);
    let path = |name: &str| folder.path().join(name);
    let of = |out: &'static str| [&COMPARE[..], &["--replications", "12", "--out", out]].concat();
    let begun = Instant::now();
    assert!(
        start(folder.path(), &of("whole"))
            .wait()
            .expect("it ends")
            .success()
    );
    let unbroken = begun.elapsed();
    let (mut chance, mut kills, mut resumed, mut ended) = (Chance(5), 0, 0, 0);
    while kills < 50 || path("killed.partial").exists() {
        let begin = !path("killed.partial/begun.json").exists()
            && !path("killed.partial/manifest.json").exists();
        let mut child = match begin {
            true => start(folder.path(), &of("killed")),
            false => start(folder.path(), &["resume", "killed"]),
        };
        resumed += u32::from(!begin);
        // Often soon, now and then late: the beginning and the end are where files come and go.
        let patience = if kills < 50 {
            unbroken.mul_f64(1.2 * chance.next().powi(2))
        } else {
            Duration::MAX
        };
        let started = Instant::now();
        let mut status = None;
        while status.is_none() && started.elapsed() < patience {
            std::thread::sleep(Duration::from_micros(500));
            status = child.try_wait().expect("a child");
        }
        if status.is_none() {
            // Kill -9: nothing can be tidied up.
            child.kill().expect("it is killed");
            status = Some(child.wait().expect("it ends"));
            kills += 1;
        }
        assert!(
            status.is_some_and(|status| status.success() || status.code().is_none()),
            "{status:?}"
        );
        if path("killed").exists() {
            assert!(!path("killed.partial").exists());
            assert_same(&path("killed"), &path("whole"));
            fs::remove_dir_all(path("killed")).expect("removed");
            ended += 1;
        }
    }
    println!("{kills} kills, {resumed} continued, {ended} comparisons, unbroken {unbroken:?}");
    assert!(resumed >= 20 && ended >= 2);
}

/// Ended after everything was written and before it got its name.
#[test]
fn what_is_written_whole_needs_only_its_name() {
    let folder = place(500);
    let path = |name: &str| folder.path().join(name);
    let (code, table, _) = compare(folder.path(), &["--replications", "2", "--out", "out"]);
    assert_eq!(code, 0);
    let before = bytes_of(&path("out"));
    fs::rename(path("out"), path("out.partial")).expect("renamed");
    let (code, again, _) = ran(folder.path(), &["resume", "out"]);
    assert_eq!((code, again), (0, table));
    assert!(before == bytes_of(&path("out")));
    // The same of a run.
    let run = ["run", "days.toml", "--no-figures", "--out", "run"];
    let (_, table, _) = ran(folder.path(), &run);
    fs::rename(path("run"), path("run.partial")).expect("renamed");
    let (code, again, _) = ran(folder.path(), &["resume", "run"]);
    assert_eq!((code, again), (0, table));
}

#[cfg(unix)]
#[test]
fn an_interrupted_comparison_says_how_to_continue() {
    let folder = place(20_000);
    let program = assert_cmd::cargo::cargo_bin!("yellowcart");
    let child = Process::new(program)
        .current_dir(folder.path())
        .args([&COMPARE[..], &["--replications", "40", "--out", "stopped"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let partial = folder.path().join("stopped.partial");
    let first = partial.join("runs/replication-00000-arm-00.json");
    let begun = Instant::now();
    while !first.is_file() {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "no run was kept"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let interrupt = Process::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.expect("kill is there").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "yellowcart: interrupted; continue with: yellowcart resume stopped\n"
    );
    assert!(partial.join("PARTIAL.txt").is_file());
    assert!(!folder.path().join("stopped").exists());
    yellowcart(folder.path(), &["verify", "stopped"])
        .assert()
        .code(2);
}

#[test]
fn the_table_of_a_comparison() {
    let folder = place(2_000);
    let (code, table, _) = compare(folder.path(), &["--replications", "6", "--out", "out"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(table);
}

#[test]
fn the_table_with_everything() {
    let folder = place(2_000);
    let more = [
        "--replications",
        "6",
        "--uncertainty",
        "--seeds-per-draw",
        "2",
        "--all",
        "--from",
        "2020-11-11",
        "--baseline",
        "disclosure",
        "--primary",
        "paid_sales",
        "--set",
        "behaviour.errand_hours=3",
        "--seed",
        "7",
        "--out",
        "out",
    ];
    let (code, table, stderr) = compare(folder.path(), &more);
    assert_eq!(code, 0, "{stderr}");
    insta::assert_snapshot!(table);
}

#[test]
fn one_replication_is_told_as_what_it_is() {
    let folder = place(500);
    let (_, table, _) = compare(folder.path(), &["--replications", "1", "--out", "out"]);
    assert!(
        table.contains("\none replication gives no intervals: raise --replications\n"),
        "{table}"
    );
    assert!(
        !table.contains("NaN") && !table.contains("distinguishable"),
        "{table}"
    );
}

#[test]
fn what_is_printed_and_written_can_be_parsed() {
    let folder = place(1_000);
    let printed = |format: &str| {
        let more = [
            "--replications",
            "3",
            "--force",
            "--out",
            "out",
            "--format",
            format,
        ];
        compare(folder.path(), &more).1
    };
    let json: serde_json::Value = serde_json::from_str(&printed("json")).expect("JSON");
    assert_eq!(json["arms"].as_array().map(Vec::len), Some(3));
    assert_eq!(json["primary"], "net_detriment");
    let csv = printed("csv");
    let read =
        |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect("a file");
    assert_eq!(csv, read("differences.csv"));
    let metrics = json["metrics"].as_array().expect("a list").len();
    assert_eq!(csv.lines().count(), 1 + 2 * metrics);
    assert_eq!(read("metrics.csv").lines().count(), 1 + metrics * 3 * 3);
    assert_eq!(read("days.csv").lines().count(), 1 + 3 * 3 * 3);
    for name in ["differences.csv", "metrics.csv", "days.csv"] {
        let text = read(name);
        // Commas between quotes belong to a cell.
        let cells = |line: &str| {
            let outside = line.split('"').step_by(2);
            outside.map(|text| text.matches(',').count()).sum::<usize>()
        };
        let first = text.lines().next().map(cells);
        assert!(
            text.lines().all(|line| Some(cells(line)) == first),
            "{name}"
        );
    }
    // A value in the file is the one that the comparison was made from.
    let value = json["metrics"][0]["means"][1]["values"][2].to_string();
    let (key, seed) = (&json["metrics"][0]["metric"]["key"], &json["seeds"][2]);
    let row = format!(
        "{},disclosure,2,,{seed},{value}",
        key.as_str().expect("a key")
    );
    assert!(read("metrics.csv").lines().any(|line| line == row), "{row}");
}

#[test]
fn a_comparison_is_verified_and_done_again() {
    let folder = place(1_000);
    let (code, ..) = compare(folder.path(), &["--replications", "3", "--out", "out"]);
    assert_eq!(code, 0);
    let verify = |more: &[&str]| ran(folder.path(), &[&["verify", "out"], more].concat());
    assert_eq!(verify(&[]).1, "ok: 8 files are as written\n");
    assert_eq!(
        verify(&["--rerun"]).1,
        "ok: 8 files are as written, and a second run of 3 replications gives the same values\n"
    );
    assert_eq!(
        verify(&["--rerun", "--replications", "1"]).1,
        "ok: 8 files are as written, and a second run of 1 replication gives the same values\n"
    );
    let path = folder.path().join("out/metrics.csv");
    let before = fs::read_to_string(&path).expect("read");
    fs::write(&path, before.replacen(",disclosure,", ",none,", 1)).expect("written");
    assert_eq!(verify(&[]).0, 1);
    assert_eq!(verify(&[]).1, "metrics.csv: has been changed\n");
    fs::write(&path, before).expect("written");
    // Another price than the runs had: found by the hash, and by running again.
    let path = folder.path().join("out/manifest.json");
    let before = fs::read_to_string(&path).expect("read");
    assert!(before.contains("\"price\": 90.0"));
    fs::write(
        &path,
        before.replacen("\"price\": 90.0", "\"price\": 80.0", 1),
    )
    .expect("written");
    let (code, stdout, _) = verify(&["--rerun", "--replications", "1"]);
    assert_eq!(code, 1);
    let mut lines = stdout.lines();
    assert_eq!(
        lines.next(),
        Some("manifest.json: the hashed part has been changed")
    );
    let line = lines.next().unwrap_or_default();
    assert!(
        line.starts_with("regime none, replication 0 (seed ")
            && line.ends_with("): a second run gives other values"),
        "{line}"
    );
    // What no comparison can have is refused.
    fs::write(
        &path,
        before.replacen("\"replications\": 3", "\"replications\": 0", 1),
    )
    .expect("written");
    let (code, _, stderr) = verify(&["--rerun"]);
    assert_eq!(
        (code, stderr.as_str()),
        (
            2,
            "yellowcart: cannot read out/manifest.json: it holds no plan of a comparison\n"
        )
    );
}

#[test]
fn existing_results_are_left_alone_unless_forced() {
    let folder = place(500);
    let more = ["--replications", "1", "--out", "out"];
    assert_eq!(compare(folder.path(), &more).0, 0);
    let (code, _, stderr) = compare(folder.path(), &more);
    assert_eq!(code, 2);
    assert_eq!(
        stderr,
        "yellowcart: out exists: choose another --out, or overwrite it with --force\n"
    );
    assert_eq!(
        compare(folder.path(), &[&more[..], &["--force"]].concat()).0,
        0
    );
    let (code, _, stderr) = ran(folder.path(), &["resume", "out"]);
    assert_eq!(
        (code, stderr.as_str()),
        (
            2,
            "yellowcart: out is whole: there is nothing to continue\n"
        )
    );
}

/// Ended before anything was begun: there is nothing to continue and nothing to lose.
#[test]
fn a_folder_in_which_nothing_was_begun_is_taken_over() {
    let folder = place(500);
    let partial = folder.path().join("out.partial");
    fs::create_dir_all(partial.join("checkpoint")).expect("made");
    fs::write(partial.join("begun.json.tmp"), "{").expect("written");
    let more = ["--replications", "1", "--out", "out"];
    assert_eq!(compare(folder.path(), &more).0, 0);
    assert!(!partial.exists());
    fs::remove_dir_all(folder.path().join("out")).expect("removed");
    fs::create_dir_all(&partial).expect("made");
    fs::write(partial.join("thesis.txt"), "years of work").expect("written");
    let (code, _, stderr) = compare(folder.path(), &[&more[..], &["--force"]].concat());
    let expected = "yellowcart: out.partial exists and is not a results folder: it is left alone; choose another --out\n";
    assert_eq!((code, stderr.as_str()), (2, expected));
    assert!(partial.join("thesis.txt").is_file());
}

/// What is wrong, by its exact text.
#[test]
fn what_is_wrong_is_said_before_anything_is_simulated() {
    let folder = place(500);
    fs::create_dir(folder.path().join("mine")).expect("made");
    fs::write(folder.path().join("mine/none.toml"), "title = \"mine\"\n").expect("written");
    let mut said = String::new();
    for arguments in [
        "compare days.toml",
        "compare days.toml --regimes none",
        "compare days.toml --regimes none,disclosur,substantation",
        "compare days.toml --regimes none,disclosure,none",
        "compare days.toml --regimes none,mine/none.toml",
        "compare days.toml --regimes none,disclosure --baseline blank",
        "compare days.toml --regimes none,disclosure --replications 0",
        "compare days.toml --regimes none,disclosure --primary harm",
        "compare days.toml --regimes none,disclosure --from 2021-01-01",
        "compare days.toml --regimes none,disclosure --from 2020-11-10T20:00",
        "compare days.toml --regimes none,disclosure --replications 5 --uncertainty",
        "compare days.toml --regimes none,disclosure --replications 2 --uncertainty --seeds-per-draw 4",
        "compare days.toml --regimes none,disclosure --seeds-per-draw 4",
        "compare days.toml --regimes none,disclosure --set behaviour.urgensy=1",
        "compare nowhere.toml --regimes none,disclosur",
        "resume nowhere",
    ] {
        let list: Vec<&str> = arguments.split(' ').collect();
        let (code, stdout, stderr) = ran(folder.path(), &list);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments}: {stderr}");
        let _ = writeln!(said, "$ yellowcart {arguments}\n{stderr}");
    }
    insta::assert_snapshot!(said);
    let left: Vec<_> = fs::read_dir(folder.path())
        .expect("it is there")
        .flatten()
        .collect();
    assert_eq!(left.len(), 2, "nothing was begun");
}
