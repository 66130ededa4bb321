//! Programs outside that behave, and programs that do not.

use super::*;
use crate::detect::event::{Enter, Frame, Source};
use crate::detect::hand_over;
use crate::detect::score::Score;
use std::path::Path;
use std::time::Duration;

/// What every program begins with.
const HELLO: &str = r#"
import sys, json, time, os
hello = json.loads(sys.stdin.readline())
def say(**fields): print(json.dumps(fields), flush=True)
"#;

/// A program that says of a room at each beat how many frames of it there have been.
const WELL_BEHAVED: &str = r#"
say(name="counts", ready=True)
seen = {}
for line in sys.stdin:
    event = json.loads(line)
    if event["kind"] == "frame":
        seen[event["room"]] = seen.get(event["room"], 0) + 1
    if event["kind"] == "beat":
        for room, frames in sorted(seen.items()):
            say(room=room, score=frames, reason="frames seen")
        say(beat=event["at"])
say(account=5, score=0.5)
"#;

fn quick() -> Manner {
    let limits = Limits {
        hello: Duration::from_secs(20),
        beat: Duration::from_secs(20),
        stream: Duration::from_secs(100),
        end: Duration::from_secs(20),
        bytes: 100_000,
        lines: 1_000,
        nonsense: 10,
    };
    Manner {
        limits,
        ..Manner::default()
    }
}

fn start_in(folder: &Path, program: &str, manner: &Manner) -> Result<Outside, Trouble> {
    let path = folder.join("a detector.py");
    std::fs::write(&path, format!("{HELLO}{program}")).unwrap();
    Outside::start(&format!("python3 '{}'", path.display()), manner)
}

/// Frames of two rooms and beats, so many times.
fn events(beats: u64) -> Vec<Event> {
    let frame = |at, room| Event {
        at,
        what: What::Frame(Frame {
            room,
            ..Frame::default()
        }),
    };
    let interval = |at| {
        [
            frame(at, 3),
            frame(at, 4),
            Event {
                at,
                what: What::Beat,
            },
        ]
    };
    (1..=beats)
        .flat_map(|beat| interval(beat * 10_000))
        .collect()
}

fn run(detector: &mut Outside, events: &[Event]) -> Vec<Score> {
    let mut scores = Scores::default();
    events
        .iter()
        .for_each(|event| hand_over(detector, event, &mut scores));
    detector.finish(&mut scores);
    scores.take().collect()
}

/// Runs a program over three beats; its trouble, and how many scores it got through.
fn trouble_of(program: &str, manner: &Manner) -> (Trouble, usize) {
    let folder = tempfile::tempdir().unwrap();
    match start_in(folder.path(), program, manner) {
        Err(trouble) => (trouble, 0),
        Ok(mut detector) => {
            let said = run(&mut detector, &events(3));
            (detector.trouble().expect("trouble").clone(), said.len())
        }
    }
}

/// A program that answers beats, and does this at the second one.
fn at_second_beat(deed: &str) -> String {
    at_every_beat(&format!("if event[\"at\"] == 20000:\n            {deed}"))
}

/// A program that answers beats, and does this at every one.
fn at_every_beat(deed: &str) -> String {
    format!(
        r#"
say(name="odd", ready=True)
for line in sys.stdin:
    event = json.loads(line)
    if event["kind"] == "beat":
        {deed}
        say(room=3, score=1)
        say(beat=event["at"])
"#
    )
}

#[test]
fn a_program_is_a_detector() {
    let folder = tempfile::tempdir().unwrap();
    let mut detector = start_in(folder.path(), WELL_BEHAVED, &quick()).unwrap();
    assert_eq!(
        (detector.name(), detector.sees_accounts()),
        ("counts", true)
    );
    let said = run(&mut detector, &events(2));
    assert_eq!(detector.trouble(), None);
    let plain: Vec<(Millis, Subject, f64)> = said
        .iter()
        .map(|score| (score.at, score.about, score.score))
        .collect();
    let account = Subject::Account(crate::detect::Token::of(5));
    assert_eq!(
        plain,
        [
            (10_000, Subject::Room(3), 1.0),
            (10_000, Subject::Room(4), 1.0),
            (20_000, Subject::Room(3), 2.0),
            (20_000, Subject::Room(4), 2.0),
            (20_000, account, 0.5),
        ]
    );
    assert_eq!(said[0].reason, "frames seen");
    #[cfg(target_os = "linux")]
    assert!(detector.peak_memory().unwrap() > 1 << 20);
}

#[test]
fn an_empty_stream_has_an_end_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut detector = start_in(folder.path(), WELL_BEHAVED, &quick()).unwrap();
    assert_eq!(run(&mut detector, &[]).len(), 1);
    assert_eq!(detector.trouble(), None);
}

#[test]
fn one_that_wants_frames_only_gets_nothing_else() {
    let program = r#"
say(name="frames", ready=True, frames_only=True)
for line in sys.stdin:
    event = json.loads(line)
    if event["kind"] not in ("frame", "beat"): sys.exit(9)
    if event["kind"] == "beat": say(beat=event["at"])
"#;
    let folder = tempfile::tempdir().unwrap();
    let mut detector = start_in(folder.path(), program, &quick()).unwrap();
    assert!(!detector.sees_accounts());
    let mut events = events(2);
    events.insert(
        0,
        Event {
            at: 0,
            what: What::Air {
                room: 3,
                anchor: 1,
                on: true,
            },
        },
    );
    run(&mut detector, &events);
    assert_eq!(detector.trouble(), None);
}

#[test]
fn more_than_pipes_hold_goes_both_ways() {
    let program = r#"
say(name="echo", ready=True)
for line in sys.stdin:
    event = json.loads(line)
    if event["kind"] == "beat": say(beat=event["at"])
    else: print('{"room":1,"score":%d}' % event["room"])
"#;
    let mut manner = quick();
    manner.limits.lines = 200_000;
    manner.limits.bytes = 16 << 20;
    let folder = tempfile::tempdir().unwrap();
    let mut detector = start_in(folder.path(), program, &manner).unwrap();
    let mut many = vec![events(1)[0]; 50_000];
    many.push(Event {
        at: 10_000,
        what: What::Beat,
    });
    let said = run(&mut detector, &many);
    assert_eq!((detector.trouble(), said.len()), (None, 50_000));
}

#[test]
fn what_cannot_be_run_is_said() {
    let refused = |command: &str| Outside::start(command, &quick()).err().expect("trouble");
    let sentence = |command: &str| refused(command).to_string();
    assert_eq!(
        sentence(""),
        "The detector could not be started: the command is empty."
    );
    assert_eq!(
        sentence("a 'b"),
        "The detector could not be started: the command `a 'b` has an open quote."
    );
    assert!(
        sentence("/no/such/program").starts_with(
            "The detector could not be started: `/no/such/program` cannot be started: "
        )
    );
    assert_eq!(refused("echo Hello").failure, Failure::NotStarted);
    assert!(
        sentence("echo Hello")
            .starts_with("The detector said `Hello` instead of hello: expected value")
    );
    assert_eq!(refused("false").failure, Failure::Crashed { code: Some(1) });
}

#[test]
fn one_that_hangs_is_stopped_at_the_start_and_at_a_beat() {
    let mut manner = quick();
    manner.limits.hello = Duration::from_millis(200);
    let hangs = Outside::start("sleep 60", &manner).err().expect("trouble");
    assert_eq!(
        (hangs.failure, hangs.to_string().as_str()),
        (Failure::Hung, "The detector did not answer within 0.2 s.")
    );
    let mut manner = quick();
    manner.limits.beat = Duration::from_millis(1_500);
    let (trouble, said) = trouble_of(&at_second_beat("time.sleep(60)"), &manner);
    assert_eq!(
        (trouble.failure, trouble.at, said),
        (Failure::Hung, Some(20_000), 1)
    );
    assert_eq!(
        trouble.sentence,
        "At 20000 ms of the stream the detector did not answer within 1.5 s."
    );
}

#[test]
fn one_that_dawdles_at_every_beat_is_stopped_in_the_end() {
    let mut manner = quick();
    manner.limits.stream = Duration::from_millis(600);
    let dawdles = at_every_beat("time.sleep(0.25)");
    let (trouble, said) = trouble_of(&dawdles, &manner);
    assert_eq!((trouble.failure, said < 4), (Failure::Hung, true));
    let expected = "the detector took longer than 0.6 s over the stream.";
    assert!(trouble.sentence.ends_with(expected), "{trouble}");
}

#[test]
fn one_that_takes_nothing_is_stopped() {
    let mut manner = quick();
    manner.limits.beat = Duration::from_millis(500);
    let folder = tempfile::tempdir().unwrap();
    let program = "say(name='deaf', ready=True)\ntime.sleep(60)\n";
    let mut detector = start_in(folder.path(), program, &manner).unwrap();
    run(&mut detector, &vec![events(1)[0]; 50_000]);
    assert_eq!(detector.trouble().expect("trouble").failure, Failure::Hung);
}

#[test]
fn one_that_crashes_leaves_its_code_and_its_last_words() {
    let (trouble, said) = trouble_of(&at_second_beat("sys.exit('it broke')"), &quick());
    assert_eq!(
        (trouble.failure, said),
        (Failure::Crashed { code: Some(1) }, 1)
    );
    let expected = "At 20000 ms of the stream the detector ended before the stream did, with exit code 1. Its last words: it broke";
    assert_eq!(trouble.sentence, expected);
    let (trouble, _) = trouble_of(&at_second_beat("sys.exit(0)"), &quick());
    assert_eq!(trouble.failure, Failure::Crashed { code: Some(0) });
    let (trouble, _) = trouble_of(&at_second_beat("os.kill(os.getpid(), 9)"), &quick());
    assert_eq!(trouble.failure, Failure::Crashed { code: None });
    let late = WELL_BEHAVED.replace("say(account=5, score=0.5)", "sys.exit(3)");
    assert_eq!(
        trouble_of(&late, &quick()).0.failure,
        Failure::Crashed { code: Some(3) }
    );
}

#[test]
fn one_that_floods_is_stopped_by_bytes_and_by_lines() {
    let endless = at_second_beat("\n            while True: sys.stdout.write('x' * 10000)");
    let (trouble, said) = trouble_of(&endless, &quick());
    assert_eq!((trouble.failure, said), (Failure::Flooded, 1));
    assert!(
        trouble
            .sentence
            .ends_with("the detector said more than 100000 bytes without answering a beat."),
        "{trouble}"
    );
    let lines = at_second_beat("for number in range(2000): say(room=1, score=1)");
    let (trouble, said) = trouble_of(&lines, &quick());
    assert_eq!((trouble.failure, said), (Failure::Flooded, 1));
    assert!(
        trouble.sentence.contains("more than 1000 lines"),
        "{trouble}"
    );
}

#[test]
fn a_little_nonsense_is_counted_and_much_of_it_is_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let some =
        at_second_beat("say(beat=5); say(room=1, score=float('nan')); say(product=1, score=1)");
    let mut detector = start_in(folder.path(), &some, &quick()).unwrap();
    assert_eq!(run(&mut detector, &events(3)).len(), 3);
    assert_eq!(detector.trouble(), None);
    assert_eq!(
        detector.nonsense(),
        (3, Some("`{\"beat\": 5}` (the beat is 20000)"))
    );
    let (trouble, said) = trouble_of(
        &at_second_beat("for number in range(11): print('hm')"),
        &quick(),
    );
    assert_eq!((trouble.failure, said), (Failure::Nonsense, 1));
    assert!(
        trouble
            .sentence
            .contains("said 11 lines that make no sense, the first of them `hm` (expected value"),
        "{trouble}"
    );
}

#[test]
fn much_on_standard_error_blocks_nobody_and_its_end_is_kept() {
    let loud = at_second_beat("sys.stderr.write('x' * 3000000 + ' the end'); sys.exit(4)");
    let (trouble, _) = trouble_of(&loud, &quick());
    assert_eq!(trouble.failure, Failure::Crashed { code: Some(4) });
    assert!(
        trouble.sentence.ends_with("xxx the end") && trouble.sentence.len() < 2_200,
        "{}",
        trouble.sentence.len()
    );
}

/// Whether there is a process of this number that has not ended.
#[cfg(target_os = "linux")]
fn lives(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    status
        .rsplit_once(')')
        .is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_running() {
    let folder = tempfile::tempdir().unwrap();
    let noted = folder.path().join("processes");
    let program = format!(
        r#"
import subprocess
other = subprocess.Popen(["sleep", "60"])
open({noted:?}, "w").write("%d %d" % (os.getpid(), other.pid))
say(name="parent", ready=True)
time.sleep(60)
"#
    );
    let detector = start_in(folder.path(), &program, &quick()).unwrap();
    let processes = std::fs::read_to_string(&noted).unwrap();
    assert!(processes.split(' ').all(lives));
    drop(detector);
    std::thread::sleep(Duration::from_millis(100));
    assert!(!processes.split(' ').any(lives));
}

fn example(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples/detectors")
        .join(name)
}

/// A room to which a silent crowd comes on one device at the 20th refresh, among two that are lively.
fn silent_crowd() -> Vec<Event> {
    let token = crate::detect::Token::of;
    let mut events = Vec::new();
    for beat in 1..=30 {
        let at = beat * 10_000;
        for room in 1..=3 {
            let crowd = if room == 2 && beat >= 20 { 5_000 } else { 0 };
            let frame = Frame {
                room,
                viewers: 1_000 + crowd,
                likes: 20 * beat,
                cart_clicks: 5 * beat,
                ..Frame::default()
            };
            events.push(Event {
                at,
                what: What::Frame(frame),
            });
        }
        let device = token(if beat >= 20 { 99 } else { beat });
        let source = if beat >= 20 {
            Source::Link
        } else {
            Source::Feed
        };
        let room = if beat >= 20 { 2 } else { 1 };
        events.push(Event {
            at,
            what: What::Enter(Enter {
                room,
                account: token(1_000 + beat),
                device,
                address: device,
                source,
            }),
        });
        events.push(Event {
            at,
            what: What::Beat,
        });
    }
    events
}

/// Runs a command over the silent crowd: the highest score of each room, and how many accounts were suspected.
fn suspected(command: &str, manner: &Manner) -> ([f64; 3], usize) {
    let mut detector =
        Outside::start(command, manner).unwrap_or_else(|trouble| panic!("{trouble}"));
    let said = run(&mut detector, &silent_crowd());
    assert_eq!((detector.trouble(), detector.nonsense()), (None, (0, None)));
    let of_room = |room| {
        said.iter()
            .filter(move |score| score.about == Subject::Room(room))
    };
    let highest = [1, 2, 3].map(|room| of_room(room).map(|score| score.score).fold(0.0, f64::max));
    let accounts = said.iter().filter_map(|score| {
        if let Subject::Account(account) = score.about {
            Some(account)
        } else {
            None
        }
    });
    (
        highest,
        accounts.collect::<std::collections::BTreeSet<_>>().len(),
    )
}

#[test]
fn the_example_in_python_finds_the_silent_crowd() {
    let command = format!("python3 '{}'", example("silent_crowd.py").display());
    let (highest, accounts) = suspected(&command, &quick());
    assert_eq!((highest[0], highest[2], accounts), (0.0, 0.0, 11));
    assert!(highest[1] > 0.7, "{}", highest[1]);
}

#[test]
#[ignore = "needs pyarrow"]
fn the_example_with_arrow_finds_links() {
    let command = format!("python3 '{}'", example("arrow_rooms.py").display());
    let manner = Manner {
        format: Format::Arrow,
        ..quick()
    };
    assert_eq!(suspected(&command, &manner), ([0.0, 1.0, 0.0], 0));
}

#[test]
fn the_program_on_the_page_works() {
    let page = include_str!("../../../docs/detectors.md");
    let (_, after) = page.split_once("```python\n").unwrap();
    let (program, _) = after.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.py");
    std::fs::write(&path, program).unwrap();
    let (highest, _) = suspected(&format!("python3 '{}'", path.display()), &quick());
    assert!(highest[1] > 0.9 && highest[0] < 0.1, "{highest:?}");
}

#[test]
#[ignore = "a measurement: run it with --release --nocapture"]
fn speed() {
    let program = r#"
say(name="quick", ready=True)
for line in sys.stdin:
    if '"beat"' in line: say(beat=json.loads(line)["at"])
"#;
    let folder = tempfile::tempdir().unwrap();
    let events = crate::detect::fields::any::crowd(2_000_000);
    let mut detector = start_in(folder.path(), program, &Manner::default()).unwrap();
    let start = std::time::Instant::now();
    run(&mut detector, &events);
    assert_eq!(detector.trouble(), None);
    println!(
        "{:.1} million events a second to a program that only looks for beats",
        2.0 / start.elapsed().as_secs_f64()
    );
}
