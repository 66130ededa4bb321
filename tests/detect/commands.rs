//! The commands of `yellowcart detect`, as somebody with a detector uses them.

use std::path::{Path, PathBuf};

/// A market small enough for a test.
const SMALL: [&str; 8] = [
    "--set",
    "population.consumers=6000",
    "--set",
    "generate.rooms=30",
    "--development",
    "1",
    "--test",
    "2",
];

/// What a command prints, what it says, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let program = assert_cmd::Command::cargo_bin("yellowcart");
    let mut program = program.expect("the program is built");
    let output = program.current_dir(folder).args(arguments).output();
    let output = output.expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

fn small(first: &[&str]) -> Vec<String> {
    first
        .iter()
        .chain(&SMALL)
        .map(|word| (*word).to_owned())
        .collect()
}

fn run_small(folder: &Path, first: &[&str]) -> (String, String, Option<i32>) {
    let arguments = small(first);
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(folder, &words)
}

/// A program in the folder that sees frames only, by its lines of Python.
fn program(folder: &Path, name: &str, body: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, body).expect("a writable folder");
    format!("python3 {}", path.display())
}

const CAREFUL: &str = "import json, sys
json.loads(sys.stdin.readline())
print(json.dumps({'name': 'careful', 'ready': True, 'frames_only': True}), flush=True)
for line in sys.stdin:
    event = json.loads(line)
    if event['kind'] == 'frame':
        print(json.dumps({'room': event['room'], 'score': event['viewers']}))
    elif event['kind'] == 'beat':
        print(json.dumps({'beat': event['at']}), flush=True)
";

const CRASHING: &str = "import json, sys
json.loads(sys.stdin.readline())
print(json.dumps({'name': 'crashing', 'ready': True}), flush=True)
sys.exit(3)
";

#[test]
fn a_program_is_tried_beside_the_baselines_and_one_that_crashes_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let careful = program(folder.path(), "careful.py", CAREFUL);
    let crashing = program(folder.path(), "crashing.py", CRASHING);
    let (table, told, code) = run_small(
        folder.path(),
        &[
            "detect",
            "bench",
            "--detectors",
            "oracle,silent_crowd,random",
            "--external",
            &careful,
            "--external",
            &crashing,
            "--out",
            "bench",
        ],
    );
    assert_eq!(code, Some(0), "{told}");
    for word in [
        "oracle",
        "silent_crowd",
        "careful ",
        "(chance)",
        "harm averted",
    ] {
        assert!(table.contains(word), "{word} in\n{table}");
    }
    assert!(
        table.contains("ended with exit code 3") || table.contains("exit code 3"),
        "{table}"
    );
    let bench = folder.path().join("bench");
    for file in [
        "board.json",
        "leaderboard.csv",
        "report.html",
        "manifest.json",
        "timing.json",
    ] {
        assert!(bench.join(file).is_file(), "{file}");
    }
    let figures: Vec<PathBuf> = ["pr_curves", "delay", "harm_averted", "false_alarms"]
        .map(|name| bench.join("figures").join(format!("{name}.png")))
        .to_vec();
    assert!(figures.iter().all(|figure| figure.is_file()), "{figures:?}");
    let (verified, _, code) = run(folder.path(), &["verify", "bench"]);
    assert_eq!(code, Some(0), "{verified}");
    let (_, told, code) = run(folder.path(), &["report", "bench", "--force"]);
    assert_eq!(code, Some(0), "{told}");
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn streams_are_the_same_for_any_number_of_threads_and_scores_of_them_can_be_scored() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for threads in ["1", "2"] {
        let out = format!("streams-{threads}");
        let (_, told, code) = run_small(
            folder.path(),
            &[
                "detect",
                "generate",
                "static",
                "--jsonl",
                "--threads",
                threads,
                "--out",
                &out,
            ],
        );
        assert_eq!(code, Some(0), "{told}");
        let told_of_gate =
            " not, for want of false events or campaigns (see card.md); more streams test more";
        assert!(told.contains(told_of_gate), "{told}");
        assert!(!told.contains("take care"), "{told}");
    }
    let of = |threads: u32, name: &str| {
        std::fs::read(folder.path().join(format!("streams-{threads}/{name}"))).expect(name)
    };
    let manifest = |threads: u32| -> serde_json::Value {
        serde_json::from_slice(&of(threads, "manifest.json")).expect("JSON")
    };
    assert_eq!(manifest(1)["hashed"], manifest(2)["hashed"]);
    // Five files about all, and eight of each of three streams.
    let (verified, _, code) = run(folder.path(), &["verify", "streams-1"]);
    assert_eq!(
        (verified.as_str(), code),
        ("ok: 29 files are as written\n", Some(0))
    );
    for name in [
        "card.md",
        "development-1001/events.parquet",
        "test-2001/events.parquet",
        "test-2002/truth/actors.parquet",
        "test-2002/events.jsonl",
    ] {
        assert!(of(1, name) == of(2, name), "{name}");
    }
    let card = String::from_utf8(of(1, "card.md")).expect("UTF-8");
    assert!(card.contains("## Leak gate"), "{card}");
    for stream in ["development-1001", "test-2001", "test-2002"] {
        let lines = String::from_utf8(of(1, &format!("{stream}/events.jsonl"))).expect("UTF-8");
        let mut scores = String::new();
        for line in lines
            .lines()
            .filter(|line| line.contains("\"kind\":\"frame\""))
        {
            let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
            scores += &format!(
                "{{\"at\":{},\"room\":{},\"score\":{}}}\n",
                event["at"], event["room"], event["viewers"]
            );
        }
        let path = folder
            .path()
            .join(format!("streams-1/{stream}/scores.jsonl"));
        std::fs::write(path, scores).expect("a writable folder");
    }
    let (table, told, code) = run(
        folder.path(),
        &["detect", "score", "streams-1", "--name", "viewers"],
    );
    assert_eq!(code, Some(0), "{told}");
    assert!(
        table.contains("viewers") && table.contains("(chance)"),
        "{table}"
    );
    let (_, told, code) = run(
        folder.path(),
        &["detect", "score", "streams-1", "--scores", "mine.csv"],
    );
    assert_eq!(code, Some(2), "{told}");
    let missing = "yellowcart: 3 of 3 streams have no mine.csv, the first streams-1/development-1001/mine.csv: each stream has a file of scores of its own, beside its events.parquet; an empty one says nothing. Say what they are called with --scores";
    assert!(in_one_line(&told).contains(missing), "{told}");
    // Scores are held against the truth as it was written, or not at all.
    let truth = |stream: &str| {
        folder
            .path()
            .join(format!("streams-1/{stream}/truth/orders.parquet"))
    };
    std::fs::copy(truth("test-2001"), truth("test-2002")).expect("a file to copy");
    let (_, told, code) = run(folder.path(), &["detect", "score", "streams-1"]);
    assert_eq!(code, Some(2), "{told}");
    let refused = "the streams are not as they were written, so nothing can be said of scores: test-2002/truth/orders.parquet: has been changed";
    assert!(told.contains(refused), "{told}");
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (arguments, said) in [
        (
            vec!["detect", "bench", "--suite", "statics"],
            "there is no shipped suite `statics`",
        ),
        (
            vec!["detect", "bench", "--detectors", "silent_crwd"],
            "there is no baseline `silent_crwd`: did you mean `silent_crowd`?",
        ),
        (
            vec!["detect", "score", "nowhere"],
            "make some with: yellowcart detect generate static --out nowhere",
        ),
    ] {
        let (_, told, code) = run(folder.path(), &arguments);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(said), "{said} in\n{told}");
    }
    std::fs::create_dir(folder.path().join("mine")).expect("a writable folder");
    let (_, told, code) = run_small(
        folder.path(),
        &["detect", "generate", "static", "--out", "mine"],
    );
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("mine exists: choose another --out, or overwrite it with --force"),
        "{told}"
    );
}
