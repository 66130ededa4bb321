//! Programs outside that behave, and what all tests of programs need.

mod hostile;

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
        scores: 100_000,
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
