//! Events as JSON lines: one object a line, with the fields of [`super::fields`]; whole numbers, words, true and false only, so nothing needs
//! escaping.

use super::event::Event;
use super::fields::{Field, FieldError, ReadFields, WriteFields, read_event, write_event};
use serde_json::{Map, Value};

/// Appends an event as a line.
#[inline]
pub fn write_line(event: &Event, to: &mut Vec<u8>) {
    write_event(event, &mut Line(to));
    to.extend_from_slice(b"}\n");
}

/// A line that is being written.
struct Line<'a>(&'a mut Vec<u8>);

impl Line<'_> {
    #[inline]
    fn begin(&mut self, field: Field) {
        // The time is the first field of every event.
        self.0.push(if field == Field::At { b'{' } else { b',' });
        self.0.extend_from_slice(field.fact().json_key.as_bytes());
    }
}

impl WriteFields for Line<'_> {
    #[inline]
    fn number(&mut self, field: Field, value: u64) {
        self.begin(field);
        self.0
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    #[inline]
    fn money(&mut self, field: Field, fen: i64) {
        self.begin(field);
        self.0
            .extend_from_slice(itoa::Buffer::new().format(fen).as_bytes());
    }

    #[inline]
    fn flag(&mut self, field: Field, value: bool) {
        self.begin(field);
        self.0
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    #[inline]
    fn word(&mut self, field: Field, word: &'static str) {
        self.begin(field);
        self.0.push(b'"');
        self.0.extend_from_slice(word.as_bytes());
        self.0.push(b'"');
    }
}

/// Why a line is no event.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is no JSON object.
    #[error("this is no JSON object: {0}")]
    Json(#[from] serde_json::Error),
    /// It has a field that there is not.
    #[error("there is no field \"{0}\"")]
    UnknownField(String),
    /// A field is missing, or does not hold what it should.
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// The fields of a line that has been read.
struct Object(Map<String, Value>);

impl Object {
    fn field<Held>(
        &self,
        field: Field,
        read: impl Fn(&Value) -> Option<Held>,
    ) -> Result<Option<Held>, FieldError> {
        let held = self.0.get(field.name());
        held.map(|value| read(value).ok_or(FieldError::unfit(field)))
            .transpose()
    }
}

impl ReadFields for Object {
    fn number(&self, field: Field) -> Result<Option<u64>, FieldError> {
        self.field(field, Value::as_u64)
    }

    fn money(&self, field: Field) -> Result<Option<i64>, FieldError> {
        self.field(field, Value::as_i64)
    }

    fn flag(&self, field: Field) -> Result<Option<bool>, FieldError> {
        self.field(field, Value::as_bool)
    }

    fn word(&self, field: Field) -> Result<Option<&str>, FieldError> {
        let held = self.0.get(field.name());
        held.map(|value| value.as_str().ok_or(FieldError::unfit(field)))
            .transpose()
    }
}

/// Reads a line that [`write_line`], or somebody else, has written.
///
/// # Errors
/// Where it is no JSON object, or not with the fields of an event.
pub fn read_line(line: &[u8]) -> Result<Event, LineError> {
    let object = Object(serde_json::from_slice(line)?);
    if let Some(name) = object.0.keys().find(|name| Field::of_name(name).is_none()) {
        return Err(LineError::UnknownField(name.clone()));
    }
    Ok(read_event(&object)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::event::{Token, What};
    use crate::detect::fields::any;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn events_come_back(event in any::event()) {
            let mut line = Vec::new();
            write_line(&event, &mut line);
            prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
            prop_assert_eq!(read_line(&line).unwrap(), event);
        }
    }

    #[test]
    fn lines_look_as_the_page_shows_them() {
        let mut lines = Vec::new();
        let account = Token::of(77);
        write_line(
            &Event {
                at: 10,
                what: What::Like { room: 3, account },
            },
            &mut lines,
        );
        write_line(
            &Event {
                at: 20,
                what: What::Air {
                    room: 3,
                    anchor: 1,
                    on: false,
                },
            },
            &mut lines,
        );
        write_line(
            &Event {
                at: 10_000,
                what: What::Beat,
            },
            &mut lines,
        );
        let expected = "{\"at\":10,\"kind\":\"like\",\"room\":3,\"account\":77}\n\
            {\"at\":20,\"kind\":\"air\",\"room\":3,\"anchor\":1,\"on\":false}\n\
            {\"at\":10000,\"kind\":\"beat\"}\n";
        assert_eq!(String::from_utf8(lines).unwrap(), expected);
    }

    #[test]
    fn what_is_no_event_is_refused_in_words() {
        let refused = |line: &str| read_line(line.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            refused(r#"{"at":1,"kind":"leave","room":3}"#),
            "the field \"account\" is missing"
        );
        assert_eq!(
            refused(r#"{"at":1,"kind":"beat","truth":3}"#),
            "there is no field \"truth\""
        );
        assert_eq!(
            refused(r#"{"at":-1,"kind":"beat"}"#),
            "the field \"at\" must hold a whole number below 2^64"
        );
        assert_eq!(
            refused(r#"{"at":1,"kind":"like","room":3,"account":9007199254740992}"#),
            "the field \"account\" must hold a whole number below 2^53"
        );
        assert!(
            refused(r#"{"at":1,"kind":"beet"}"#)
                .starts_with("the field \"kind\" cannot be \"beet\"; it is one of beat, air")
        );
        assert!(refused("[]").starts_with("this is no JSON object"));
    }

    #[test]
    #[ignore = "a measurement: run it with --release --nocapture"]
    fn speed() {
        let events = any::crowd(4_000_000);
        let mut lines = Vec::with_capacity(1 << 20);
        let start = std::time::Instant::now();
        for event in &events {
            write_line(event, &mut lines);
            if lines.len() > 1_000_000 {
                lines.clear();
            }
        }
        println!(
            "{:.1} million lines a second",
            4.0 / start.elapsed().as_secs_f64()
        );
    }
}
