//! Talking to a process with limits: how long one waits, and how much one listens to.

use super::process::{Heard, Process};
use super::trouble::{Failure, Trouble};
use crate::detect::event::Millis;
use std::time::{Duration, Instant};

/// Pieces that are written before one waits for the first to be taken.
const UNTAKEN: usize = 4;

/// How long one waits for a process to end that has closed its pipes.
const GRACE: Duration = Duration::from_millis(500);

/// What a program outside is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time to say hello.
    pub hello: Duration,
    /// Time to answer a beat, and to take events before it.
    pub beat: Duration,
    /// Time for everything from hello to end, beats and the taking of events between: only while it is waited for.
    pub stream: Duration,
    /// Time to say its last scores and to end, once its input is closed.
    pub end: Duration,
    /// Bytes that it may say from beat to beat.
    pub bytes: usize,
    /// Lines that it may say from beat to beat.
    pub lines: usize,
    /// Scores that it may say over the whole stream: they are all kept.
    pub scores: u64,
    /// Lines in all that need not be understood.
    pub nonsense: u64,
}

impl Default for Limits {
    /// 30 s to say hello and to end, 5 s a beat, 20 min a stream, 16 MiB and a million lines from beat to beat, ten million scores a stream, 1,000 lines of nonsense.
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(30),
            beat: Duration::from_secs(5),
            stream: Duration::from_secs(1_200),
            end: Duration::from_secs(30),
            bytes: 16 << 20,
            lines: 1_000_000,
            scores: 10_000_000,
            nonsense: 1_000,
        }
    }
}

/// Why a conversation is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nothing was heard for so long.
    Late(Duration),
    /// It has not ended for so long after the stream.
    NoEnd(Duration),
    /// It was waited for longer than so long, all beats together.
    Slow(Duration),
    /// It says nothing any more.
    Closed,
    /// It has said more than this.
    Flood(String),
    /// So many lines made no sense; the first of them.
    Nonsense(u64, String),
}

/// More was said than so many lines or bytes from beat to beat.
fn too_much(most: usize, what: &str) -> Stop {
    Stop::Flood(format!("{most} {what} without answering a beat"))
}

/// A conversation with a process.
pub(super) struct Conversation {
    pub(super) process: Process,
    limits: Limits,
    lines: Lines,
    untaken: usize,
    /// Lines looked at since the last beat.
    looked_at: usize,
    /// Bytes heard since the last beat.
    heard: usize,
    waits_for: Duration,
    deadline: Instant,
    /// How long it has been waited for in all, hello and end included.
    waited: Duration,
}

impl Conversation {
    pub(super) fn new(process: Process, limits: Limits) -> Self {
        let deadline = Instant::now() + limits.hello;
        Self {
            process,
            limits,
            lines: Lines::default(),
            untaken: 0,
            looked_at: 0,
            heard: 0,
            waits_for: limits.hello,
            deadline,
            waited: Duration::ZERO,
        }
    }

    /// From now on one waits for so long.
    pub(super) fn wait_for(&mut self, time: Duration) {
        self.waits_for = time;
        self.deadline = Instant::now() + time;
    }

    /// A beat has been answered: what is said from now on belongs to the next one.
    pub(super) fn turn(&mut self) {
        self.looked_at = 0;
        self.heard = 0;
        self.process.measure();
    }

    /// Writes, as soon as enough of what was written before has been taken.
    pub(super) fn write(&mut self, bytes: Vec<u8>) -> Result<(), Stop> {
        while self.untaken >= UNTAKEN {
            self.listen()?;
        }
        if !bytes.is_empty() {
            self.process.write(bytes);
            self.untaken += 1;
        }
        Ok(())
    }

    /// Waits for the next line.
    pub(super) fn line(&mut self) -> Result<Vec<u8>, Stop> {
        loop {
            if let Some(line) = self.lines.next() {
                self.looked_at += 1;
                let flood = self.looked_at > self.limits.lines;
                return if flood {
                    Err(too_much(self.limits.lines, "lines"))
                } else {
                    Ok(line)
                };
            }
            self.listen()?;
        }
    }

    /// What was said last, without an end of line.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        self.lines.rest()
    }

    fn listen(&mut self) -> Result<(), Stop> {
        let since = Instant::now();
        let heard = self.process.hear(self.deadline);
        self.waited += since.elapsed();
        if self.waited > self.limits.stream {
            return Err(Stop::Slow(self.limits.stream));
        }
        match heard {
            None => Err(Stop::Late(self.waits_for)),
            Some(Heard::Closed) => Err(Stop::Closed),
            Some(Heard::Refused) => {
                // It may still answer what it has read; otherwise it is late, or closes its output too.
                self.untaken = 0;
                Ok(())
            }
            Some(Heard::Taken) => {
                self.untaken = self.untaken.saturating_sub(1);
                Ok(())
            }
            Some(Heard::Said(bytes)) => {
                self.lines.add(&bytes);
                self.heard += bytes.len();
                let flood = self.heard > self.limits.bytes;
                if flood {
                    Err(too_much(self.limits.bytes, "bytes"))
                } else {
                    Ok(())
                }
            }
        }
    }

    /// Ends the process, and says what the trouble is.
    pub(super) fn trouble(&mut self, stop: Stop, at: Option<Millis>) -> Trouble {
        let (failure, deed) = match stop {
            Stop::Late(time) => (
                Failure::Hung,
                format!("did not answer within {} s", time.as_secs_f64()),
            ),
            Stop::NoEnd(time) => (
                Failure::Hung,
                format!(
                    "did not end within {} s after the stream had",
                    time.as_secs_f64()
                ),
            ),
            Stop::Slow(time) => (
                Failure::Hung,
                format!("took longer than {} s over the stream", time.as_secs_f64()),
            ),
            Stop::Flood(most) => (Failure::Flooded, format!("said more than {most}")),
            Stop::Nonsense(lines, first) => (
                Failure::Nonsense,
                format!("said {lines} lines that make no sense, the first of them {first}"),
            ),
            Stop::Closed => self.end(),
        };
        self.process.stop();
        Trouble::new(failure, at, &deed, &self.process.last_words())
    }

    /// How a process ended that has closed its pipes.
    fn end(&mut self) -> (Failure, String) {
        let status = self.process.wait(Instant::now() + GRACE);
        let code = status.and_then(|status| status.code());
        let deed = match (status, code) {
            (_, Some(code)) => format!("ended before the stream did, with exit code {code}"),
            (Some(status), None) => format!("was ended by something else ({status})"),
            (None, None) => "closed its pipes before the stream had ended".to_owned(),
        };
        (Failure::Crashed { code }, deed)
    }
}

/// Bytes, line by line.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    /// Where the next line begins.
    begin: usize,
    /// Up to where there is no end of line.
    searched: usize,
}

impl Lines {
    fn add(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.begin);
        self.searched -= self.begin;
        self.begin = 0;
        self.bytes.extend_from_slice(bytes);
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        let found = self
            .bytes
            .iter()
            .skip(self.searched)
            .position(|byte| *byte == b'\n');
        let Some(length) = found else {
            self.searched = self.bytes.len();
            return None;
        };
        let end = self.searched + length;
        let line = self.bytes.get(self.begin..end).unwrap_or_default().to_vec();
        self.begin = end + 1;
        self.searched = self.begin;
        Some(line)
    }

    fn rest(&mut self) -> Vec<u8> {
        let rest = self.bytes.split_off(self.begin);
        *self = Self::default();
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let text = b"one\n\ntwo three\nfour\nrest";
        for size in 1..text.len() {
            let mut lines = Lines::default();
            let mut found = Vec::new();
            for piece in text.chunks(size) {
                lines.add(piece);
                while let Some(line) = lines.next() {
                    found.push(String::from_utf8(line).unwrap());
                }
            }
            assert_eq!(found, ["one", "", "two three", "four"], "{size}");
            assert_eq!(lines.rest(), b"rest");
        }
    }
}
