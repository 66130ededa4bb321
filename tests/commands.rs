//! What commands say where something is not as the user thought, by its exact text: hints, notes on what never holds, results that are not whole, a
//! reader who has had enough.

mod common;

use common::{small, yellowcart};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command as Process, Stdio};

/// A rule that is written as it must be.
const RULE: &str = "disclose_real_counters = { value = true, article = \"assumption: a test\", evidence = \"A\" }\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scenario = small(300, 90.0, "");
    fs::write(folder.path().join("small.toml"), scenario).expect("written");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("written");
}

/// What is told on stderr, and with which exit code.
fn told(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let (code, _, stderr) = yellowcart(folder, arguments);
    (code, stderr)
}

/// What was asked for on stdout and cannot be kept there is missed, and the code says so.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_told() {
    let folder = folder();
    for arguments in [&["list"][..], &["check", "small.toml"]] {
        let full = fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("Linux has it");
        let output = Process::new(assert_cmd::cargo::cargo_bin!("yellowcart"))
            .current_dir(folder.path())
            .args(arguments)
            .stdout(full)
            .output()
            .expect("it starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        let expected = "yellowcart: what was to be printed could not be written: is the disk full?";
        assert_eq!(
            (output.status.code(), stderr.trim_end()),
            (Some(3), expected),
            "{arguments:?}"
        );
    }
}

/// Whoever reads takes what it wants and closes the pipe, as `head` does.
#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let folder = folder();
    let program = assert_cmd::cargo::cargo_bin!("yellowcart");
    for arguments in [
        &["explain", "--all"][..],
        &["explain", "--all", "--format", "csv"],
        &["explain", "--all", "--format", "markdown"],
        &["explain", "china-2021"],
        &["list"],
        &["schema"],
        &[
            "check",
            "guess_coat",
            "diamond_necklace",
            "china-2021",
            "eu",
        ],
    ] {
        let mut child = Process::new(program)
            .current_dir(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // Closed before anything can be written, so that every write fails.
        drop(child.stdout.take());
        let mut stderr = String::new();
        let mut pipe = child.stderr.take().expect("a pipe");
        pipe.read_to_string(&mut stderr).expect("text");
        let status = child.wait().expect("it ends");
        assert_eq!(
            (status.code(), stderr.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_regime_that_begins_too_late_is_noted_by_every_command_that_uses_it() {
    let folder = folder();
    let path = folder.path();
    write(
        path,
        "late.toml",
        &format!("title = \"late\"\nfrom_date = \"2020-11-12\"\n{RULE}"),
    );
    let note = "yellowcart: note: regime late never holds within this scenario: it begins at 2020-11-12 00:00:00, and the scenario ends at 2020-11-11 23:00:00\n";
    let (code, stderr) = told(path, &["run", "small.toml", "--regime", "./late.toml"]);
    assert_eq!(code, 0);
    assert!(stderr.starts_with(note), "{stderr}");
    let regimes = "none,./late.toml";
    let compare = [
        "compare",
        "small.toml",
        "--regimes",
        regimes,
        "--replications",
        "2",
        "--no-figures",
    ];
    let (code, stdout, stderr) = yellowcart(path, &compare);
    assert_eq!(code, 0);
    assert!(stderr.starts_with(note), "{stderr}");
    assert!(
        stdout.contains(&note["yellowcart: note: ".len()..]),
        "{stdout}"
    );
    let scenario = fs::read_to_string(path.join("small.toml")).expect("text");
    write(
        path,
        "own.toml",
        &format!("regime = \"./late.toml\"\n{scenario}"),
    );
    assert_eq!(told(path, &["check", "own.toml"]), (0, note.to_owned()));
    // One that begins before the scenario holds all the time.
    write(
        path,
        "early.toml",
        &format!("title = \"early\"\nfrom = \"1994-01-01\"\n{RULE}"),
    );
    let run = [
        "run",
        "small.toml",
        "--regime",
        "./early.toml",
        "--out",
        "early",
    ];
    assert!(!told(path, &run).1.contains("never"));
}

#[test]
fn a_day_stands_for_its_midnight_and_both_names_of_the_moment_are_read() {
    let folder = folder();
    let path = folder.path();
    for (name, line) in [
        ("a", "from = \"2020-11-11\""),
        ("b", "from_date = \"2020-11-11\""),
        ("c", "from_date = \"2020-11-11 00:00\""),
    ] {
        write(
            path,
            &format!("{name}.toml"),
            &format!("title = \"t\"\n{line}\n{RULE}"),
        );
        let loaded = yellowcart::scenario::load_regime(
            &path.join(format!("{name}.toml")).display().to_string(),
            None,
        );
        let from = loaded.unwrap_or_else(|faults| panic!("{faults}")).from;
        let from = from.expect("it has one").to_string();
        assert_eq!(from, "2020-11-11 00:00:00", "{line}");
    }
    write(
        path,
        "both.toml",
        &format!("title = \"t\"\nfrom = \"2020-11-11\"\nfrom_date = \"2020-11-12\"\n{RULE}"),
    );
    let (code, stderr) = told(path, &["check", "both.toml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("unknown key `from_date`"), "{stderr}");
}

/// A file that is a regime is told what is wrong with a regime, not that it lacks a clock.
#[test]
fn a_regime_with_nothing_but_a_misspelt_rule_is_one() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("regimes")).expect("made");
    for (name, line, said) in [
        (
            "a.toml",
            "cooling_of_days = 7",
            "did you mean `cooling_off_days`?",
        ),
        (
            "b.toml",
            "disclose_counters = true",
            "did you mean `disclose_real_counters`?",
        ),
        ("regimes/c.toml", "zzzz = true", "unknown key `zzzz`"),
    ] {
        write(path, name, &format!("title = \"t\"\n{line}\n"));
        let (code, stderr) = told(path, &["check", name]);
        assert_eq!(code, 2, "{name}");
        assert!(stderr.contains(said), "{stderr}");
        assert!(!stderr.contains("is missing"), "{stderr}");
    }
    // A misspelt key of a scenario does not make a regime of it.
    write(path, "s.toml", "title = \"t\"\npopulaton = 7\n");
    let (_, stderr) = told(path, &["check", "s.toml"]);
    assert!(stderr.contains("`clock` is missing"), "{stderr}");
}

#[test]
fn hints_lead_to_what_is_there() {
    let folder = folder();
    let path = folder.path();
    for (asked, said) in [
        (
            "regime.nonsense",
            "`yellowcart explain regime` explains all that begins with `regime.`",
        ),
        (
            "regime.cooling_of_days",
            "did you mean `regime.cooling_off_days`?",
        ),
        (
            "behaviour.sceptisism",
            "did you mean `behaviour.scepticism`?",
        ),
        (
            "behavior.scepticism",
            "did you mean `behaviour.scepticism`?",
        ),
        (
            "foo.bar",
            "`yellowcart explain --all` explains every parameter",
        ),
        ("sceptisism", "did you mean `scepticism`?"),
        ("china-2022", "did you mean `china-2021`?"),
        ("retention-61", "did you mean `retention-60`?"),
    ] {
        let expected = format!("yellowcart: there is no parameter `{asked}`\n{said}\n");
        assert_eq!(told(path, &["explain", asked]), (2, expected));
    }
    assert_eq!(yellowcart(path, &["explain", "regime"]).0, 0);
}

#[test]
fn a_rule_cannot_be_set_and_what_can_be_done_is_said() {
    let folder = folder();
    // Lines are broken where the terminal ends: all white space is left aside.
    let dense = |text: &str| text.split_whitespace().collect::<String>();
    let set = |change: &str| {
        let (code, stderr) = told(folder.path(), &["check", "small.toml", "--set", change]);
        assert_eq!(code, 2);
        dense(&stderr)
    };
    let how = "write a regime of your own, as in scenarios/regimes/blank.toml, and name it: --regime ./my_regime.toml (or --regimes, to compare)";
    for (change, hint) in [
        (
            "regime.cooling_of_days=7",
            format!("did you mean `cooling_off_days`? {how}"),
        ),
        (
            "regime.cooling_off_days.value=7",
            format!("{how}; `yellowcart explain regime.cooling_off_days` says what is known of it"),
        ),
        (
            "regime.zzzz=7",
            format!("there is no such rule: `yellowcart explain regime` explains all; {how}"),
        ),
    ] {
        let said = set(change);
        assert!(said.contains(&dense(&format!("help: {hint}"))), "{said}");
    }
    let refused = "--set cannot change `zzzz`: it is a matter of the regime's file";
    assert!(set("regime.zzzz=7").contains(&dense(refused)));
}

#[test]
fn what_a_rule_is_in_regimes_of_retention_is_explained_too() {
    let folder = folder();
    let (code, stdout, _) = yellowcart(folder.path(), &["explain", "regime.replay_public_days"]);
    assert_eq!(code, 0);
    let told = |name: &str| {
        stdout
            .lines()
            .any(|line| line.trim_start().starts_with(&format!("{name} ")))
    };
    assert!(
        told("retention-60-open") && told("retention-1095-open"),
        "{stdout}"
    );
}

#[test]
fn a_result_that_is_not_whole_is_not_verified_but_told_how_to_finish() {
    let folder = folder();
    let path = folder.path();
    let run = ["run", "small.toml", "--out", "run", "--no-figures"];
    let compare = [
        "compare",
        "small.toml",
        "--regimes",
        "none,disclosure",
        "--replications",
        "2",
        "--out",
        "compared",
        "--no-figures",
    ];
    assert_eq!(
        (yellowcart(path, &run).0, yellowcart(path, &compare).0),
        (0, 0)
    );
    for name in ["run", "compared"] {
        let partial = format!("{name}.partial");
        fs::rename(path.join(name), path.join(&partial)).expect("renamed");
        for named in [name, &partial] {
            let expected = format!(
                "yellowcart: {named} is not whole yet: finish it with: yellowcart resume {name}\n"
            );
            assert_eq!(told(path, &["verify", named]), (2, expected));
        }
        assert_eq!(yellowcart(path, &["resume", name]).0, 0);
        assert_eq!(yellowcart(path, &["verify", name]).0, 0);
    }
}
