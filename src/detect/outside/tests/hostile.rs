//! Programs outside that hang, crash, flood or talk nonsense.

use super::*;

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

/// The usual manner, but for one limit.
fn limited(change: impl Fn(&mut Limits)) -> Manner {
    let mut manner = quick();
    change(&mut manner.limits);
    manner
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
            .starts_with(r#"The detector said `Hello` instead of a line like `{"name": "my_detector", "ready": true}`: it is no line of JSON"#)
    );
    assert_eq!(refused("false").failure, Failure::Crashed { code: Some(1) });
}

#[test]
fn one_that_hangs_is_stopped_at_the_start_and_at_a_beat() {
    let manner = limited(|limits| limits.hello = Duration::from_millis(200));
    let hangs = Outside::start("sleep 60", &manner).err().expect("trouble");
    assert_eq!(
        (hangs.failure, hangs.to_string().as_str()),
        (Failure::Hung, "The detector did not answer within 0.2 s.")
    );
    let manner = limited(|limits| limits.beat = Duration::from_millis(1_500));
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
    let manner = limited(|limits| limits.stream = Duration::from_millis(600));
    let dawdles = at_every_beat("time.sleep(0.25)");
    let (trouble, said) = trouble_of(&dawdles, &manner);
    assert_eq!((trouble.failure, said < 4), (Failure::Hung, true));
    let expected = "the detector took longer than 0.6 s over the stream.";
    assert!(trouble.sentence.ends_with(expected), "{trouble}");
}

#[test]
fn one_that_takes_nothing_is_stopped() {
    let manner = limited(|limits| limits.beat = Duration::from_millis(500));
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
    let few_bytes = limited(|limits| limits.bytes = 10_000);
    let read_at_once = at_second_beat("for number in range(500): say(room=1, score=1)");
    let (trouble, _) = trouble_of(&read_at_once, &few_bytes);
    assert!(
        trouble.sentence.contains("more than 10000 bytes"),
        "{trouble}"
    );
    let few_scores = limited(|limits| limits.scores = 3);
    let (trouble, said) = trouble_of(&at_every_beat("say(room=1, score=1)"), &few_scores);
    assert_eq!((trouble.failure, said), (Failure::Flooded, 2));
    assert!(
        trouble
            .sentence
            .ends_with("said more than 3 scores over the stream: say only what has changed."),
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
        trouble.sentence.contains(
            "said 11 lines that make no sense, the first of them `hm` (it is no line of JSON)"
        ),
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
