//! Detectors outside: programs in any language that read events from their standard input and write scores to their standard output.
//!
//! The conversation is synchronous. The harness says hello and waits for the answer; it writes events; after a beat it waits until the program has
//! said its scores and the beat. So nothing later than the beat has been seen by what is said of it. docs/detectors.md is the page for those who
//! write such programs.
//!
//! A program that hangs, crashes, floods or talks nonsense is stopped and is silent from then on: [`Outside::trouble`] says what went wrong, and what
//! it had said at earlier beats stands. It is stopped too when the detector is dropped.

mod conversation;
mod process;
mod protocol;
mod reasons;
#[cfg(all(test, unix))]
mod tests;
mod trouble;

pub use conversation::Limits;
pub use protocol::{Format, VERSION};
pub use reasons::Reasons;
pub use trouble::{Failure, Trouble};

use super::Detector;
use super::event::{Event, Millis, What};
use super::score::{Scores, Subject};
use conversation::{Conversation, Stop};
use process::Process;
use protocol::{Answer, Encoder, Ready};
use std::time::Instant;

/// Bytes after which events are sent before the beat, so that the program can read them meanwhile.
const PIECE: usize = 256 << 10;

/// Letters of a line that are shown.
const SHOWN: usize = 120;

/// How to talk to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// In which form events are written.
    pub format: Format,
    /// What is to be judged, as the hello says it.
    pub tasks: Vec<String>,
    /// What the program is allowed.
    pub limits: Limits,
}

impl Default for Manner {
    /// JSON lines; rooms, accounts, orders and offers; the usual limits.
    fn default() -> Self {
        Self {
            format: Format::default(),
            tasks: ["rooms", "accounts", "orders", "offers"]
                .map(str::to_owned)
                .to_vec(),
            limits: Limits::default(),
        }
    }
}

/// A detector that is a program of its own.
pub struct Outside {
    name: String,
    frames_only: bool,
    limits: Limits,
    conversation: Conversation,
    encoder: Encoder,
    said: Vec<(Subject, f64, &'static str)>,
    reasons: Reasons,
    /// Scores said so far.
    scores: u64,
    nonsense: u64,
    first_nonsense: Option<String>,
    trouble: Option<Trouble>,
    ended: bool,
}

impl Outside {
    /// Runs a command and waits for its hello. The command is a program with its arguments, parted as a shell would; no shell is run.
    ///
    /// # Errors
    /// [`Failure::NotStarted`] where it cannot be run or does not say hello; [`Failure::Hung`] or [`Failure::Crashed`] where it does not or dies.
    pub fn start(command: &str, manner: &Manner) -> Result<Self, Trouble> {
        let not_started = |why: String| {
            Trouble::new(
                Failure::NotStarted,
                None,
                &format!("could not be started: {why}"),
                "",
            )
        };
        let encoder = Encoder::new(manner.format).map_err(|why| not_started(why.to_string()))?;
        let process = Process::start(command).map_err(not_started)?;
        let mut conversation = Conversation::new(process, manner.limits);
        let hello = protocol::hello(manner.format, &manner.tasks);
        let line = conversation.write(hello).and_then(|()| conversation.line());
        let line = line.map_err(|stop| conversation.trouble(stop, None))?;
        let ready = Ready::read(&line).map_err(|why| {
            conversation.process.stop();
            let expected = r#"{"name": "my_detector", "ready": true}"#;
            let deed = format!(
                "said {} instead of a line like `{expected}`: {why}",
                shown(&line)
            );
            Trouble::new(
                Failure::NotStarted,
                None,
                &deed,
                &conversation.process.last_words(),
            )
        })?;
        conversation.turn();
        Ok(Self {
            name: ready.name,
            frames_only: ready.frames_only,
            limits: manner.limits,
            conversation,
            encoder,
            said: Vec::new(),
            reasons: Reasons::default(),
            scores: 0,
            nonsense: 0,
            first_nonsense: None,
            trouble: None,
            ended: false,
        })
    }

    /// What went wrong; `None`: nothing so far.
    pub const fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// How many lines made no sense, and the first of them with what is wrong with it.
    pub fn nonsense(&self) -> (u64, Option<&str>) {
        (self.nonsense, self.first_nonsense.as_deref())
    }

    /// The most memory that the program was seen to use at any beat, in bytes; not that of programs which it has started. `None` where the system
    /// does not say: anywhere but on Linux.
    pub const fn peak_memory(&self) -> Option<u64> {
        self.conversation.process.peak_memory()
    }

    /// The stream has ended: takes the program's last scores and waits until it ends.
    pub fn finish(&mut self, scores: &mut Scores) {
        if self.is_silent() {
            return;
        }
        self.conversation.wait_for(self.limits.end);
        if let Err(stop) = self.hear_the_end() {
            self.fail(stop, None);
        }
        self.say(scores);
        self.ended = true;
    }

    fn is_silent(&self) -> bool {
        self.ended || self.trouble.is_some()
    }

    fn hear_the_end(&mut self) -> Result<(), Stop> {
        let bytes = self.encoder.finish().unwrap_or_default();
        let mut line = self.conversation.write(bytes);
        self.conversation.process.close_input();
        loop {
            let heard = line.and_then(|()| self.conversation.line());
            line = match heard {
                Ok(line) => self.understand(&line).map(|_| ()),
                Err(Stop::Closed) => break,
                // It may have ended well, and something that it has started hold its output open.
                Err(Stop::Late(_)) if self.has_ended_well() => break,
                Err(Stop::Late(time)) => return Err(Stop::NoEnd(time)),
                Err(stop) => return Err(stop),
            };
        }
        let rest = self.conversation.rest();
        if !rest.is_empty() {
            self.understand(&rest)?;
        }
        let status = self
            .conversation
            .process
            .wait(Instant::now() + self.limits.end);
        match status {
            Some(status) if status.success() => Ok(()),
            Some(_) => Err(Stop::Closed),
            None => Err(Stop::NoEnd(self.limits.end)),
        }
    }

    fn has_ended_well(&mut self) -> bool {
        let status = self.conversation.process.wait(Instant::now());
        status.is_some_and(|status| status.success())
    }

    fn answer_beat(&mut self, at: Millis) -> Result<(), Stop> {
        self.conversation.wait_for(self.limits.beat);
        let bytes = self.encoder.take().unwrap_or_default();
        self.conversation.write(bytes)?;
        loop {
            let line = self.conversation.line()?;
            match self.understand(&line)? {
                Some(answered) if answered == at => break,
                Some(_) => self.count_nonsense(&line, &format!("the beat is {at}"))?,
                None => {}
            }
        }
        self.conversation.turn();
        Ok(())
    }

    /// Keeps a score, or gives the beat that a line answers.
    fn understand(&mut self, line: &[u8]) -> Result<Option<Millis>, Stop> {
        match Answer::read(line) {
            Ok(Answer::Beat(at)) => return Ok(Some(at)),
            Ok(Answer::Score(about, score, reason)) => {
                self.scores += 1;
                if self.scores > self.limits.scores {
                    let most = self.limits.scores;
                    return Err(Stop::Flood(format!(
                        "{most} scores over the stream: say only what has changed"
                    )));
                }
                self.said.push((about, score, self.reasons.keep(reason)));
            }
            Err(why) => self.count_nonsense(line, &why)?,
        }
        Ok(None)
    }

    fn count_nonsense(&mut self, line: &[u8], why: &str) -> Result<(), Stop> {
        self.nonsense += 1;
        let first = self
            .first_nonsense
            .get_or_insert_with(|| format!("{} ({why})", shown(line)));
        let too_much = self.nonsense > self.limits.nonsense;
        if too_much {
            Err(Stop::Nonsense(self.nonsense, first.clone()))
        } else {
            Ok(())
        }
    }

    /// Says what the program has said up to the beat that it answered.
    fn say(&mut self, scores: &mut Scores) {
        for (about, score, reason) in self.said.drain(..) {
            scores.say(about, score, reason);
        }
    }

    /// Stops the program. What it said since the last beat is dropped: how much of it had arrived is a matter of chance.
    fn fail(&mut self, stop: Stop, at: Option<Millis>) {
        self.said.clear();
        let mut trouble = self.conversation.trouble(stop, at);
        // Lines that made no sense, such as the answer to another beat, may be why it was late.
        if let (Failure::Hung, Some(first)) = (trouble.failure, &self.first_nonsense) {
            trouble.sentence += &format!(
                " Before, it had said {} that made no sense, the first of them {first}.",
                counted_lines(self.nonsense)
            );
        }
        self.trouble = Some(trouble);
    }
}

/// Whether there is a program that a command names, without running it.
///
/// # Errors
/// A sentence that says what is wrong with the command.
pub fn find(command: &str) -> Result<(), String> {
    let words = process::words_of(command)?;
    let program = std::path::Path::new(&words[0]);
    let beside = program.components().count() > 1;
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let there = match beside {
        true => program.is_file(),
        false => std::env::split_paths(&paths).any(|folder| folder.join(program).is_file()),
    };
    // Where names have endings that need not be written, only starting it tells.
    if there || cfg!(windows) {
        return Ok(());
    }
    Err(format!(
        "there is no program `{}`: name one as you would in a shell, such as --external 'python3 my.py'",
        words[0]
    ))
}

fn counted_lines(lines: u64) -> String {
    match lines {
        1 => "a line".to_owned(),
        _ => format!("{lines} lines"),
    }
}

/// A line as it can be shown to a person.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let start: String = text.chars().take(SHOWN).collect();
    let more = if text.chars().nth(SHOWN).is_some() {
        "…"
    } else {
        ""
    };
    format!("`{start}{more}`")
}

impl Detector for Outside {
    fn name(&self) -> &str {
        &self.name
    }

    fn sees_accounts(&self) -> bool {
        !self.frames_only
    }

    fn observe(&mut self, event: &Event, _: &mut Scores) {
        let wanted = !self.frames_only || matches!(event.what, What::Frame(_));
        if self.is_silent() || !wanted {
            return;
        }
        self.encoder.push(event);
        if self.encoder.ready() < PIECE {
            return;
        }
        self.conversation.wait_for(self.limits.beat);
        let bytes = self.encoder.take().unwrap_or_default();
        if let Err(stop) = self.conversation.write(bytes) {
            self.fail(stop, Some(event.at));
        }
    }

    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        if self.is_silent() {
            return;
        }
        self.encoder.push(&Event {
            at,
            what: What::Beat,
        });
        match self.answer_beat(at) {
            Ok(()) => self.say(scores),
            Err(stop) => self.fail(stop, Some(at)),
        }
    }
}
