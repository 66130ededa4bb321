//! Whether a detector uses what comes: what it says up to a moment must not depend on whether the stream goes on.
//!
//! It is run on the whole stream, again on the whole stream, and on streams that end early. Scores must be the same, bit for bit, as far as each
//! goes. A detector sees no more than it is handed, so this finds those that remember earlier runs, draw at random, look at clocks, or were given the
//! stream.

use super::event::{Event, Millis};
use super::score::{Score, Scores};
use super::{Detector, hand_over};
use std::fmt;

/// A difference between two runs of a detector that should have said the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// Events that the shorter run saw. All of them: the same stream brought different scores.
    pub cut: usize,
    /// Events of the whole stream.
    pub events: usize,
    /// Number of the first score that differs, from 0.
    pub score: usize,
    /// What the run over the whole stream said there; `None`: nothing any more.
    pub whole: Option<Score>,
    /// What the other run said.
    pub other: Option<Score>,
}

fn say(score: Option<&Score>) -> String {
    score.map_or_else(
        || "nothing".to_owned(),
        |Score {
             at, about, score, ..
         }| format!("{score} of {about} at {at} ms"),
    )
}

impl fmt::Display for Leak {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, other) = (say(self.whole.as_ref()), say(self.other.as_ref()));
        let (cut, events, number) = (self.cut, self.events, self.score + 1);
        if cut == events {
            write!(
                to,
                "the detector is not deterministic: over the same {events} events its score number {number} was {whole}, and then {other}"
            )
        } else {
            write!(
                to,
                "the detector uses what comes: with {cut} of {events} events its score number {number} was {other}; with all of them it was {whole}"
            )
        }
    }
}

impl std::error::Error for Leak {}

/// A score of which two are the same if all their bits are.
fn bits(score: &Score) -> (Millis, super::Subject, u64, &'static str) {
    (score.at, score.about, score.score.to_bits(), score.reason)
}

/// The scores of a run, and how many of them there were after each event.
struct Run {
    scores: Vec<Score>,
    after: Vec<usize>,
}

fn run(mut detector: Box<dyn Detector>, events: &[Event]) -> Run {
    let mut taken = Scores::default();
    let mut run = Run {
        scores: Vec::new(),
        after: vec![0],
    };
    for event in events {
        hand_over(detector.as_mut(), event, &mut taken);
        run.scores.extend(taken.take());
        run.after.push(run.scores.len());
    }
    run
}

/// Runs fresh detectors over all events (twice) and over the first `cuts` of them, and demands the same scores, bit for bit. Cuts beyond the end are
/// the end.
///
/// # Errors
/// The first difference found.
pub fn check_causality(
    mut make: impl FnMut() -> Box<dyn Detector>,
    events: &[Event],
    cuts: &[usize],
) -> Result<(), Leak> {
    let whole = run(make(), events);
    for cut in std::iter::once(&events.len()).chain(cuts) {
        let seen = events.get(..*cut).unwrap_or(events);
        let other = run(make(), seen);
        let length = whole.after.get(seen.len()).copied().unwrap_or_default();
        let expected = whole.scores.get(..length).unwrap_or_default();
        compare(expected, &other.scores, seen.len(), events.len())?;
    }
    Ok(())
}

fn compare(expected: &[Score], found: &[Score], cut: usize, events: usize) -> Result<(), Leak> {
    let longer = expected.len().max(found.len());
    let differs = |number: &usize| expected.get(*number).map(bits) != found.get(*number).map(bits);
    match (0..longer).find(differs) {
        None => Ok(()),
        Some(score) => Err(Leak {
            cut,
            events,
            score,
            whole: expected.get(score).copied(),
            other: found.get(score).copied(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::SilentCrowd;
    use crate::detect::event::{Frame, What};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};

    fn stream() -> Vec<Event> {
        let viewers = |beat: u64| if beat < 30 { 1_000 + beat } else { 9_000 };
        let frame = |beat: u64| Frame {
            room: 1,
            viewers: viewers(beat),
            likes: 50 * beat.min(30),
            ..Frame::default()
        };
        let both = |beat: u64| {
            [What::Frame(frame(beat)), What::Beat].map(|what| Event {
                at: beat * 10_000,
                what,
            })
        };
        (0..60).flat_map(both).collect()
    }

    #[test]
    fn an_honest_detector_passes() {
        let events = stream();
        let honest = || -> Box<dyn Detector> { Box::new(SilentCrowd::default()) };
        assert!(
            run(honest(), &events)
                .scores
                .iter()
                .any(|score| score.score > 0.5)
        );
        let cuts: Vec<usize> = (0..=events.len() + 1).step_by(7).collect();
        assert_eq!(check_causality(honest, &events, &cuts), Ok(()));
        assert_eq!(check_causality(honest, &[], &[0, 5]), Ok(()));
    }

    /// Says how many viewers there were when the stream ended, the last time that it saw it.
    struct Remembers(Arc<AtomicU64>, u64);

    impl Detector for Remembers {
        fn name(&self) -> &str {
            "remembers"
        }
        fn observe(&mut self, event: &Event, scores: &mut Scores) {
            if let What::Frame(frame) = event.what {
                self.0.store(frame.viewers, Ordering::Relaxed);
                scores.room(frame.room, self.1 as f64);
            }
        }
    }

    #[test]
    fn one_that_remembers_earlier_runs_is_found_out() {
        let last = Arc::new(AtomicU64::new(0));
        let make = || -> Box<dyn Detector> {
            Box::new(Remembers(last.clone(), last.load(Ordering::Relaxed)))
        };
        let leak = check_causality(make, &stream(), &[10]).unwrap_err();
        assert_eq!(
            leak.to_string(),
            "the detector is not deterministic: over the same 120 events its score number 1 was 0 of room 1 at 0 ms, \
             and then 9000 of room 1 at 0 ms"
        );
    }

    /// Was given the stream to come, as its maker knows it.
    struct Peeks(Vec<Event>, usize);

    impl Detector for Peeks {
        fn name(&self) -> &str {
            "peeks"
        }
        fn observe(&mut self, _: &Event, scores: &mut Scores) {
            self.1 += 2;
            let comes = self.0.get(self.1).map(|event| event.what);
            scores.room(
                1,
                if let Some(What::Frame(frame)) = comes {
                    frame.viewers as f64
                } else {
                    0.0
                },
            );
        }
    }

    #[test]
    fn one_that_was_given_what_comes_is_found_out() {
        let events = stream();
        // Its first two runs are over all events, the third over ten.
        let lengths = Mutex::new(vec![10, events.len(), events.len()]);
        let make = || -> Box<dyn Detector> {
            let length = lengths.lock().unwrap().pop().unwrap();
            Box::new(Peeks(events[..length].to_vec(), 0))
        };
        let leak = check_causality(make, &events, &[10]).unwrap_err();
        assert_eq!(
            leak.to_string(),
            "the detector uses what comes: with 10 of 120 events its score number 5 was 0 of room 1 at 40000 ms; \
             with all of them it was 1005 of room 1 at 40000 ms"
        );
    }
}
