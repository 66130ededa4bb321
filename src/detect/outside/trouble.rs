//! What can go wrong with a program outside, in kinds and in words.

use crate::detect::event::Millis;

/// How a program outside has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It could not be started, or said no hello that could be understood.
    NotStarted,
    /// It did not answer in time.
    Hung,
    /// It ended, or closed its pipes, before the stream did.
    Crashed {
        /// Its exit code; `None` if a signal ended it, or it was ended here.
        code: Option<i32>,
    },
    /// It said more between two beats than is allowed.
    Flooded,
    /// Too many of its lines could not be understood.
    Nonsense,
}

/// What went wrong, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Trouble {
    /// How it failed.
    pub failure: Failure,
    /// The beat at which it failed; `None`: before the first event.
    pub at: Option<Millis>,
    /// What happened, and what it said last on its standard error, in sentences.
    pub sentence: String,
}

impl Trouble {
    /// Trouble: what the detector did, and what it said last.
    pub(super) fn new(failure: Failure, at: Option<Millis>, deed: &str, last_words: &str) -> Self {
        let begin = at.map_or_else(
            || "The detector".to_owned(),
            |at| format!("At {at} ms of the stream the detector"),
        );
        let last_words = last_words.trim();
        let said = if last_words.is_empty() {
            String::new()
        } else {
            format!(" Its last words: {last_words}")
        };
        Self {
            failure,
            at,
            sentence: format!("{begin} {deed}.{said}"),
        }
    }
}
