//! Results folders, through the program itself: the same bytes for any number of threads, whole or clearly partial, verified, never
//! overwritten unasked; and the exit codes that say so.

#[path = "common/folders.rs"]
mod folders;

use assert_cmd::Command;
use folders::{assert_same, bytes_of};
use std::fs;
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

const DAYS: &str = include_str!("common/days.toml");

/// A folder with the scenario of three evenings.
fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("days.toml"), DAYS).expect("it can be written");
    folder
}

fn yellowcart(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("yellowcart").expect("the program is built");
    command.current_dir(folder).args(arguments);
    command
}

fn stderr(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn results_are_the_same_for_any_number_of_threads() {
    let folder = place();
    for threads in ["1", "2", "4"] {
        let out = format!("t{threads}");
        yellowcart(
            folder.path(),
            &[
                "run",
                "days.toml",
                "--csv",
                "--threads",
                threads,
                "--out",
                &out,
            ],
        )
        .assert()
        .success();
    }
    let path = |name: &str| folder.path().join(name);
    assert_same(&path("t1"), &path("t2"));
    assert_same(&path("t1"), &path("t4"));
    // Something happened that could have differed.
    let json = fs::read(path("t1").join("summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert!(summary["market"]["real_orders"].as_u64() > Some(300));
    assert_eq!(summary["state_hashes"].as_array().map(Vec::len), Some(3));
}

#[test]
fn another_seed_gives_another_evening() {
    let folder = place();
    for seed in ["1", "2"] {
        yellowcart(
            folder.path(),
            &[
                "run",
                "days.toml",
                "--no-figures",
                "--seed",
                seed,
                "--out",
                seed,
            ],
        )
        .assert()
        .success();
    }
    let orders = "tables/orders/part-0000.parquet";
    let of = |seed: &str| bytes_of(&folder.path().join(seed))[Path::new(orders)].clone();
    assert_ne!(of("1"), of("2"));
}

/// Starts a run large enough to be stopped between its first and its last evening.
fn start(folder: &Path, out: &str) -> Child {
    let program = assert_cmd::cargo::cargo_bin!("yellowcart");
    Process::new(program)
        .current_dir(folder)
        .args(["run", "days.toml", "--csv", "--out", out])
        .args(["--set", "population.consumers=300000"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// Waits until the first day's checkpoint is there.
fn wait_for_a_checkpoint(child: &mut Child, partial: &Path) {
    let begun = Instant::now();
    while !partial.join("checkpoint/checkpoint.json").is_file() {
        assert!(begun.elapsed() < Duration::from_secs(120), "no checkpoint");
        assert_eq!(child.try_wait().expect("a child"), None, "it ended early");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_run_is_clearly_partial_and_resumes_to_the_same_bytes() {
    let folder = place();
    let path = |name: &str| folder.path().join(name);
    let mut child = start(folder.path(), "killed");
    wait_for_a_checkpoint(&mut child, &path("killed.partial"));
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    assert!(!path("killed").exists(), "nothing looks whole");
    assert!(!path("killed.partial/manifest.json").exists());
    let note = fs::read_to_string(path("killed.partial/PARTIAL.txt")).expect("a note");
    assert_eq!(
        note,
        "This result is incomplete: the run has not ended, or was interrupted.\nContinue it with: yellowcart resume killed\n"
    );
    yellowcart(folder.path(), &["verify", "killed"])
        .assert()
        .code(2);
    yellowcart(folder.path(), &["resume", "killed"])
        .assert()
        .success();
    assert!(!path("killed.partial").exists());
    let status = start(folder.path(), "whole").wait().expect("it ends");
    assert!(status.success());
    assert_same(&path("killed"), &path("whole"));
    yellowcart(folder.path(), &["verify", "killed", "--rerun"])
        .assert()
        .success()
        .stdout(
            "ok: 38 table files and 10 figures are as written, and a second run gives the same values\n",
        );
}

/// What `kill` does to a process.
#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = Process::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill is there").success());
}

/// Stopped in its tracks, so that it cannot end before the others are refused.
#[cfg(unix)]
#[test]
fn what_is_still_being_run_is_not_taken_away() {
    let folder = place();
    let partial = folder.path().join("busy.partial");
    let mut child = start(folder.path(), "busy");
    wait_for_a_checkpoint(&mut child, &partial);
    signal(&child, "-STOP");
    for arguments in [
        &["resume", "busy"][..],
        &["resume", "busy.partial"],
        &["run", "days.toml", "--out", "busy"],
        &["run", "days.toml", "--out", "busy", "--force"],
    ] {
        let output = yellowcart(folder.path(), arguments).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "yellowcart: busy is still being run: wait for it, or end it first\n",
            "{arguments:?}"
        );
    }
    assert!(partial.join("checkpoint/checkpoint.json").is_file());
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    // The lock stays behind, and nobody holds it.
    assert!(partial.join("running.lock").is_file());
    yellowcart(folder.path(), &["resume", "busy"])
        .assert()
        .success();
    assert!(!folder.path().join("busy/running.lock").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_continue() {
    let folder = place();
    let partial = folder.path().join("stopped.partial");
    let mut child = start(folder.path(), "stopped");
    wait_for_a_checkpoint(&mut child, &partial);
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "yellowcart: interrupted; continue with: yellowcart resume stopped\n"
    );
    assert!(partial.join("PARTIAL.txt").is_file());
    assert!(!folder.path().join("stopped").exists());
}

/// A limit on the size of files stands in for a full disk: writing fails half-way either way.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_a_clearly_partial_result() {
    let folder = place();
    let program = assert_cmd::cargo::cargo_bin!("yellowcart");
    let script = format!(
        "trap '' XFSZ; ulimit -f 40; exec '{}' run days.toml --csv --out full",
        program.display()
    );
    let output = Process::new("bash")
        .current_dir(folder.path())
        .args(["-c", &script])
        .output()
        .expect("bash is there");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.starts_with("yellowcart: cannot write table ") && stderr.contains("File too large"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with(
            "what there is so far is in full.partial; continue with: yellowcart resume full\n"
        ),
        "{stderr}"
    );
    assert!(output.stdout.is_empty(), "no summary of a run that failed");
    assert!(!folder.path().join("full").exists());
    assert!(folder.path().join("full.partial/PARTIAL.txt").is_file());
    // With room on the disk it goes on, to what it would have been, by either of its names.
    yellowcart(folder.path(), &["resume", "full.partial"])
        .assert()
        .success();
    yellowcart(
        folder.path(),
        &["run", "days.toml", "--csv", "--out", "whole"],
    )
    .assert()
    .success();
    assert_same(&folder.path().join("full"), &folder.path().join("whole"));
}

#[test]
fn a_folder_that_cannot_be_made_ends_with_3() {
    let folder = place();
    fs::write(folder.path().join("file"), "in the way").expect("written");
    let mut command = yellowcart(folder.path(), &["run", "days.toml", "--out", "file/out"]);
    command.assert().code(3).stdout("");
    assert_eq!(
        stderr(&mut command),
        "yellowcart: cannot create file/out.partial: Not a directory (os error 20)\n"
    );
}

#[test]
fn existing_results_are_left_alone_unless_forced() {
    let folder = place();
    let run = ["run", "days.toml", "--no-figures", "--out", "out"];
    yellowcart(folder.path(), &run).assert().success();
    let before = bytes_of(&folder.path().join("out"));
    let mut again = yellowcart(folder.path(), &run);
    again.assert().code(2);
    assert_eq!(
        stderr(&mut again),
        "yellowcart: out exists: choose another --out, or overwrite it with --force\n"
    );
    assert!(bytes_of(&folder.path().join("out")) == before);
    yellowcart(
        folder.path(),
        &[&run[..], &["--force", "--seed", "9"]].concat(),
    )
    .assert()
    .success();
    assert!(bytes_of(&folder.path().join("out")) != before);
}

#[test]
fn a_separator_at_the_end_makes_no_difference() {
    let folder = place();
    let run = ["run", "days.toml", "--no-figures", "--out", "out/"];
    yellowcart(folder.path(), &run)
        .assert()
        .success()
        .stderr("tables, figures and manifest: out\n");
    yellowcart(folder.path(), &["verify", "out/"])
        .assert()
        .success();
    assert!(!folder.path().join("out/.partial").exists());
    yellowcart(folder.path(), &run).assert().code(2);
}

#[test]
fn a_folder_that_is_no_result_is_never_removed() {
    let folder = place();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).expect("made");
    fs::write(mine.join("thesis.txt"), "years of work").expect("written");
    let run = ["run", "days.toml", "--out", "mine", "--force"];
    let mut command = yellowcart(folder.path(), &run);
    command.assert().code(2);
    assert_eq!(
        stderr(&mut command),
        "yellowcart: mine exists and is not a results folder: it is left alone; choose another --out\n"
    );
    assert!(mine.join("thesis.txt").is_file());
}

#[test]
fn a_changed_file_is_found() {
    let folder = place();
    yellowcart(folder.path(), &["run", "days.toml", "--out", "out"])
        .assert()
        .success();
    let verify = || yellowcart(folder.path(), &["verify", "out"]);
    verify().assert().success();
    let changed = |name: &str, expected: &str| {
        let path = folder.path().join("out").join(name);
        let before = fs::read(&path).expect("read");
        let mut bytes = before.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).expect("written");
        verify().assert().code(1).stdout(expected.to_owned());
        fs::write(&path, before).expect("written");
    };
    changed(
        "tables/orders/part-0001.parquet",
        "tables/orders/part-0001.parquet: has been changed\n",
    );
    changed("summary.json", "summary.json: has been changed\n");
    changed(
        "figures/harm_by_channel.svg",
        "figures/harm_by_channel.svg: has been changed\n",
    );
    fs::remove_file(folder.path().join("out/tables/cues/part-0000.parquet")).expect("removed");
    verify()
        .assert()
        .code(1)
        .stdout("tables/cues/part-0000.parquet: No such file or directory (os error 2)\n");
}

#[test]
fn a_manifest_changed_by_hand_is_found_and_cannot_do_harm() {
    let folder = place();
    yellowcart(
        folder.path(),
        &["run", "days.toml", "--no-figures", "--out", "out"],
    )
    .assert()
    .success();
    let path = folder.path().join("out/manifest.json");
    let before = fs::read_to_string(&path).expect("read");
    let with = |from: &str, to: &str| {
        assert!(before.contains(from), "{from}");
        fs::write(&path, before.replacen(from, to, 1)).expect("written");
        yellowcart(folder.path(), &["verify", "out", "--rerun"])
    };
    // Another price than the run had: found by the hash and by running again.
    let mut other = with("\"price\": 90.0", "\"price\": 80.0");
    let output = other.output().expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains("manifest.json: the hashed part has been changed\n"));
    assert!(stdout.contains("table orders: a second run gives other values\n"));
    // Values that no scenario may have are refused like those of a scenario.
    let mut wild = with("\"price\": 90.0", "\"price\": -1e300");
    wild.assert().code(2);
    let said = stderr(&mut wild);
    assert!(said.contains("is out of range"), "{said}");
    // A path that leaves the folder is not followed.
    with("tables/cues/part-0000.parquet", "../days.toml")
        .assert()
        .code(1);
    let stdout = yellowcart(folder.path(), &["verify", "out"]).output();
    let stdout = String::from_utf8_lossy(&stdout.expect("it runs").stdout).into_owned();
    assert!(stdout.contains("../days.toml: is not a path inside the folder\n"));
}

#[test]
fn what_a_command_prints_can_be_parsed() {
    let folder = place();
    let run = |format: &str| {
        let arguments = [
            "run",
            "days.toml",
            "--no-figures",
            "--force",
            "--out",
            "out",
            "--format",
            format,
        ];
        let output = yellowcart(folder.path(), &arguments).output();
        String::from_utf8(output.expect("it runs").stdout).expect("UTF-8")
    };
    let json: serde_json::Value = serde_json::from_str(&run("json")).expect("JSON");
    let orders = json["market"]["real_orders"].as_u64().expect("a count");
    assert!(orders > 0);
    let csv = run("csv");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("scope,name,measure,unit,value"));
    assert!(csv.contains(&format!("market,market,real_orders,orders,{orders}\n")));
    assert!(lines.all(|line| line.split(',').count() == 5));
}
