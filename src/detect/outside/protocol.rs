//! What is said between the harness and a program outside: a hello each way, events one way, lines of scores and beats the other.

use crate::detect::columns::EventColumns;
use crate::detect::event::{Event, Millis};
use crate::detect::fields::SubjectFields;
use crate::detect::json_lines;
use crate::detect::score::Subject;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use serde::Deserialize;

/// Version of the protocol, in the hello.
pub const VERSION: u32 = 1;

/// Most bytes in the name of a detector.
const LONGEST_NAME: usize = 64;

/// How events are written to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON object a line ([`crate::detect::json_lines`]).
    #[default]
    JsonLines,
    /// One Arrow IPC stream with a record batch a beat, the beat being its last row ([`crate::detect::columns`]). Answers are JSON lines all the
    /// same.
    Arrow,
}

impl Format {
    /// The word for it in the hello.
    pub const fn word(self) -> &'static str {
        match self {
            Format::JsonLines => "json",
            Format::Arrow => "arrow",
        }
    }
}

/// The line with which the harness begins.
pub(super) fn hello(format: Format, tasks: &[String]) -> Vec<u8> {
    let hello = serde_json::json!({"yellowcart": VERSION, "format": format.word(), "tasks": tasks});
    format!("{hello}\n").into_bytes()
}

/// The line with which a program answers.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with name and ready")]
pub(super) struct Ready {
    /// What it wants to be called.
    pub(super) name: String,
    /// That it is ready: it must be true.
    ready: bool,
    /// Whether it needs nothing but frames and beats.
    #[serde(default)]
    pub(super) frames_only: bool,
}

impl Ready {
    /// Reads the answer, or says what is wrong with it.
    pub(super) fn read(line: &[u8]) -> Result<Self, String> {
        let answer: Self = serde_json::from_slice(line).map_err(wrong)?;
        let may_stand = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
        if answer.name.is_empty()
            || answer.name.len() > LONGEST_NAME
            || !answer.name.chars().all(may_stand)
        {
            return Err(format!(
                "a name has 1 to {LONGEST_NAME} letters, digits, `_`, `-` and `.`"
            ));
        }
        answer
            .ready
            .then_some(answer)
            .ok_or_else(|| "it is not ready".to_owned())
    }
}

/// Why a line cannot be read. Of JSON that lacks something it is said what, without the place in so short a line.
fn wrong(why: serde_json::Error) -> String {
    let sentence = why.to_string();
    if !why.is_data() && !sentence.starts_with("number out of range") {
        return "it is no line of JSON".to_owned();
    }
    let place = sentence.rfind(" at line ");
    sentence[..place.unwrap_or(sentence.len())].to_owned()
}

/// A line that a program says after its hello.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// It has said everything about the events up to this beat.
    Beat(Millis),
    /// A score, and the reason for it.
    Score(Subject, f64, Option<String>),
}

/// All fields that an answer can have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    beat: Option<Millis>,
    room: Option<u64>,
    account: Option<u64>,
    order: Option<u64>,
    product: Option<u64>,
    score: Option<f64>,
    reason: Option<String>,
}

impl Answer {
    /// Reads a line, or says what is wrong with it.
    pub(super) fn read(line: &[u8]) -> Result<Self, String> {
        let fields: Fields = serde_json::from_slice(line).map_err(wrong)?;
        let Fields {
            beat,
            room,
            account,
            order,
            product,
            score,
            reason,
        } = fields;
        let subject = SubjectFields {
            room,
            account,
            order,
            product,
        };
        match (beat, score) {
            (Some(at), None) if subject == SubjectFields::default() => Ok(Answer::Beat(at)),
            (Some(_), _) => Err("a beat stands on a line of its own".to_owned()),
            (None, None) => Err("it has neither a score nor a beat".to_owned()),
            (None, Some(score)) if score.is_finite() => {
                Ok(Answer::Score(subject.subject()?, score, reason))
            }
            (None, Some(_)) => Err("a score is a finite number".to_owned()),
        }
    }
}

/// Makes bytes of events.
pub(super) enum Encoder {
    Json(Vec<u8>),
    Arrow(Box<(EventColumns, StreamWriter<Vec<u8>>)>),
}

impl Encoder {
    pub(super) fn new(format: Format) -> Result<Self, ArrowError> {
        Ok(match format {
            Format::JsonLines => Encoder::Json(Vec::new()),
            Format::Arrow => {
                let columns = EventColumns::default();
                let writer = StreamWriter::try_new(Vec::new(), columns.schema())?;
                Encoder::Arrow(Box::new((columns, writer)))
            }
        })
    }

    /// Adds an event.
    #[inline]
    pub(super) fn push(&mut self, event: &Event) {
        match self {
            Encoder::Json(bytes) => json_lines::write_line(event, bytes),
            Encoder::Arrow(arrow) => arrow.0.push(event),
        }
    }

    /// Bytes that could be sent before the next beat.
    #[inline]
    pub(super) fn ready(&self) -> usize {
        match self {
            Encoder::Json(bytes) => bytes.len(),
            Encoder::Arrow(_) => 0,
        }
    }

    /// The bytes since the last time: with a batch of all events, if batches are made.
    pub(super) fn take(&mut self) -> Result<Vec<u8>, ArrowError> {
        match self {
            Encoder::Json(bytes) => Ok(std::mem::take(bytes)),
            Encoder::Arrow(arrow) => {
                let (columns, writer) = arrow.as_mut();
                if columns.rows() > 0 {
                    writer.write(&columns.take()?)?;
                }
                Ok(std::mem::take(writer.get_mut()))
            }
        }
    }

    /// The last bytes of the stream.
    pub(super) fn finish(&mut self) -> Result<Vec<u8>, ArrowError> {
        let mut bytes = self.take()?;
        if let Encoder::Arrow(arrow) = self {
            arrow.1.finish()?;
            bytes.append(arrow.1.get_mut());
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::columns::events_of;
    use crate::detect::event::Token;
    use crate::detect::fields::any;
    use arrow_ipc::reader::StreamReader;

    #[test]
    fn the_hello_is_one_line() {
        let tasks = ["rooms".to_owned(), "orders".to_owned()];
        let line = String::from_utf8(hello(Format::Arrow, &tasks)).unwrap();
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            read,
            serde_json::json!({"yellowcart": 1, "format": "arrow", "tasks": ["rooms", "orders"]})
        );
        assert_eq!(line.matches('\n').count(), 1);
    }

    #[test]
    fn answers_are_read() {
        let read = |line: &str| Answer::read(line.as_bytes());
        assert_eq!(read(r#"{"beat":20000}"#), Ok(Answer::Beat(20_000)));
        assert_eq!(
            read(r#"{"room":3,"score":-1}"#),
            Ok(Answer::Score(Subject::Room(3), -1.0, None))
        );
        assert_eq!(
            read(r#"{"account":5,"score":1e-3,"reason":"why"}"#),
            Ok(Answer::Score(
                Subject::Account(Token::of(5)),
                0.001,
                Some("why".to_owned())
            ))
        );
    }

    #[test]
    fn nonsense_is_named() {
        let refused = |line: &str| Answer::read(line.as_bytes()).unwrap_err();
        assert_eq!(
            refused(r#"{"beat":1,"room":3}"#),
            "a beat stands on a line of its own"
        );
        assert_eq!(
            refused(r#"{"beat":1,"score":3}"#),
            "a beat stands on a line of its own"
        );
        assert_eq!(
            refused(r#"{"room":1}"#),
            "it has neither a score nor a beat"
        );
        assert!(refused(r#"{"score":1}"#).starts_with("it is about nothing"));
        assert_eq!(
            refused(r#"{"room":1,"score":NaN}"#),
            "it is no line of JSON"
        );
        assert!(refused(r#"{"room":1,"score":1e999}"#).starts_with("number out of range"));
        assert!(refused(r#"{"rom":1,"score":1}"#).starts_with("unknown field `rom`"));
    }

    #[test]
    fn a_program_says_its_name_and_that_it_is_ready() {
        let read = |line: &str| Ready::read(line.as_bytes());
        assert!(
            read(r#"{"name":"mine-1.0","ready":true,"frames_only":true}"#)
                .unwrap()
                .frames_only
        );
        assert!(!read(r#"{"name":"mine","ready":true}"#).unwrap().frames_only);
        assert_eq!(
            read(r#"{"name":"mine","ready":false}"#).unwrap_err(),
            "it is not ready"
        );
        assert!(
            read(r#"{"name":"../mine","ready":true}"#)
                .unwrap_err()
                .starts_with("a name has 1 to 64")
        );
    }

    #[test]
    fn an_arrow_stream_has_a_batch_a_beat() {
        let events = any::crowd(2_500);
        let mut encoder = Encoder::new(Format::Arrow).unwrap();
        let mut bytes = Vec::new();
        for part in events.chunks(1_000) {
            part.iter().for_each(|event| encoder.push(event));
            bytes.extend(encoder.take().unwrap());
        }
        bytes.extend(encoder.finish().unwrap());
        let reader = StreamReader::try_new(bytes.as_slice(), None).unwrap();
        let batches: Vec<Vec<Event>> = reader
            .map(|batch| events_of(&batch.unwrap()).unwrap())
            .collect();
        assert_eq!(
            batches.iter().map(Vec::len).collect::<Vec<_>>(),
            [1_000, 1_000, 500]
        );
        assert_eq!(batches.concat(), events);
    }
}
