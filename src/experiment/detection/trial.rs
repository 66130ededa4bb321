//! A trial: one detector on one stream, event by event, with what it says, how long it takes and what it remembers.

use crate::detect::baselines::{Baseline, Null, Told};
use crate::detect::causality::check_causality;
use crate::detect::outside::{Manner, Outside};
use crate::detect::{Detector, Event, Labelled, Millis, Score, Scores, What, hand_over};
use crate::experiment::INTERRUPTED;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Events of a stream on which it is checked that a detector does not look ahead.
const CHECKED: usize = 150_000;

/// How a detector of one's own is made.
pub type Make = Arc<dyn Fn() -> Box<dyn Detector> + Send + Sync>;

/// Who is tried.
#[derive(Clone)]
pub enum Entrant {
    /// A baseline.
    Baseline(&'static Baseline),
    /// A program of its own.
    Outside(Program),
    /// A detector of one's own.
    Yours {
        /// Its name.
        name: String,
        /// What it is, as boards say it: "a detector in Rust".
        source: String,
        /// How it is made.
        make: Make,
    },
}

/// A program of its own.
#[derive(Debug, Clone)]
pub struct Program {
    /// What it says it is called; its command where it says nothing.
    pub name: String,
    /// Its command.
    pub command: String,
    /// How to talk to it.
    manner: Manner,
    /// Why it cannot be put to work: one that does not say hello is not asked again on every stream.
    broken: Option<String>,
}

impl Program {
    /// Starts a program once, to hear what it is called and whether it can be put to work at all.
    pub fn greet(command: &str, manner: Manner) -> Self {
        let (name, broken) = match Outside::start(command, &manner) {
            Ok(outside) => (outside.name().to_owned(), None),
            Err(trouble) => (command.to_owned(), Some(trouble.sentence)),
        };
        Self {
            name,
            command: command.to_owned(),
            manner,
            broken,
        }
    }

    fn start(&self) -> Result<Outside, String> {
        if let Some(why) = &self.broken {
            return Err(why.clone());
        }
        let outside = Outside::start(&self.command, &self.manner);
        outside.map_err(|trouble| trouble.sentence)
    }
}

/// What came of a trial.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// What was said, in order.
    pub scores: Vec<Score>,
    /// How long it computed, seconds; of a program outside how long it took by the clock.
    pub seconds: f64,
    /// What it remembers at the end, or the most memory that its process used, bytes.
    pub memory: Option<u64>,
    /// What went wrong.
    pub trouble: Option<String>,
}

/// What an entrant has learnt, ready to be put to work on any stream; nothing of programs outside.
#[derive(Debug, Clone, Default)]
pub struct Lesson {
    memory: Option<Vec<u8>>,
}

impl Entrant {
    /// Its name.
    pub fn name(&self) -> String {
        match self {
            Entrant::Baseline(baseline) => baseline.name.to_owned(),
            Entrant::Outside(program) => program.name.clone(),
            Entrant::Yours { name, .. } => name.clone(),
        }
    }

    /// Lets it learn from streams; `None`: it learns nothing, so one lesson is as good as another.
    pub fn learn(&self, streams: &[&Labelled]) -> Option<Lesson> {
        let mut detector = self.plain()?;
        let before = detector.save();
        detector.learn(streams);
        let after = detector.save()?;
        (before.as_ref() != Some(&after)).then_some(Lesson {
            memory: Some(after),
        })
    }

    /// How it is made if it is told the truth of the stream that it is put to work on.
    pub fn told(&self) -> Option<Told> {
        match self {
            Entrant::Baseline(baseline) => baseline.told,
            Entrant::Outside(_) | Entrant::Yours { .. } => None,
        }
    }

    /// A new one, as its author made it; `None`: it is a program outside.
    fn plain(&self) -> Option<Box<dyn Detector>> {
        match self {
            Entrant::Baseline(baseline) => Some((baseline.make)()),
            Entrant::Yours { make, .. } => Some(make()),
            Entrant::Outside(_) => None,
        }
    }

    /// One that has learnt its lesson, for a stream.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn ready(&self, lesson: &Lesson, stream: &Labelled) -> Result<Box<dyn Detector>, String> {
        if let Entrant::Outside(program) = self {
            return Ok(Box::new(program.start()?));
        }
        if let Some(told) = self.told() {
            return Ok(told(&stream.truth));
        }
        let mut detector = self.plain().ok_or("there is no such detector")?;
        if let Some(memory) = &lesson.memory {
            detector.restore(memory)?;
        }
        Ok(detector)
    }

    /// Whether it says the same of a stream that ends early as of a longer one, and the same when it is asked again.
    ///
    /// # Errors
    /// A sentence that says where it does not.
    pub fn check(&self, lesson: &Lesson, stream: &Labelled) -> Result<(), String> {
        let events = &stream.events[..stream.events.len().min(CHECKED)];
        let cuts = [events.len() / 3, 2 * events.len() / 3];
        // One that cannot be started says so in its trials.
        let make = || {
            let ready = self.ready(lesson, stream);
            let ready = ready.unwrap_or_else(|_| Box::new(Null));
            Box::new(Interruptible(ready)) as Box<dyn Detector>
        };
        check_causality(make, events, &cuts).map_err(|leak| leak.to_string())
    }

    /// Tries it on a stream.
    pub fn hear(&self, lesson: &Lesson, stream: &Labelled) -> Heard {
        let heard = match self {
            Entrant::Outside(program) => hear_outside(program, stream),
            Entrant::Baseline(_) | Entrant::Yours { .. } => self.hear_inside(lesson, stream),
        };
        heard.unwrap_or_else(|why| Heard {
            trouble: Some(why),
            ..Heard::default()
        })
    }

    fn hear_inside(&self, lesson: &Lesson, stream: &Labelled) -> Result<Heard, String> {
        let mut detector = self.ready(lesson, stream)?;
        let mut heard = Heard::default();
        let started = Stopwatch::start();
        listen(detector.as_mut(), stream, &mut heard.scores);
        heard.seconds = started.seconds();
        heard.memory = detector.save().map(|memory| memory.len() as u64);
        Ok(heard)
    }
}

/// A detector that is handed nothing more once the user interrupts.
struct Interruptible(Box<dyn Detector>);

impl Detector for Interruptible {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        if !INTERRUPTED.load(Ordering::Relaxed) {
            self.0.observe(event, scores);
        }
    }

    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        if !INTERRUPTED.load(Ordering::Relaxed) {
            self.0.beat(at, scores);
        }
    }
}

/// How long this thread has computed, whatever else the machine does; by the clock where the system does not say.
struct Stopwatch {
    computed: Option<f64>,
    clock: Instant,
}

impl Stopwatch {
    fn start() -> Self {
        Self {
            computed: computed(),
            clock: Instant::now(),
        }
    }

    fn seconds(&self) -> f64 {
        let since = self.computed.zip(computed());
        since.map_or_else(
            || self.clock.elapsed().as_secs_f64(),
            |(before, now)| now - before,
        )
    }
}

/// Seconds that this thread has computed so far.
#[cfg(unix)]
fn computed() -> Option<f64> {
    let clock = nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID;
    let time = nix::time::clock_gettime(clock).ok()?;
    Some(std::time::Duration::from(time).as_secs_f64())
}

#[cfg(not(unix))]
fn computed() -> Option<f64> {
    None
}

/// Hands a stream over and keeps what is said, unless the user interrupts.
fn listen(detector: &mut dyn Detector, stream: &Labelled, said: &mut Vec<Score>) {
    let everything = detector.sees_accounts();
    let mut scores = Scores::default();
    for event in &stream.events {
        if matches!(event.what, What::Beat) && INTERRUPTED.load(Ordering::Relaxed) {
            return;
        }
        if everything || matches!(event.what, What::Frame(_) | What::Beat) {
            hand_over(detector, event, &mut scores);
            said.extend(scores.take());
        }
    }
}

fn hear_outside(program: &Program, stream: &Labelled) -> Result<Heard, String> {
    let started = Instant::now();
    let mut heard = Heard::default();
    let mut outside = program.start()?;
    listen(&mut outside, stream, &mut heard.scores);
    let mut last = Scores::default();
    last.set_time(stream.events.last().map_or(0, |event| event.at));
    outside.finish(&mut last);
    heard.scores.extend(last.take());
    heard.seconds = started.elapsed().as_secs_f64();
    heard.memory = outside.peak_memory();
    heard.trouble = outside.trouble().map(|trouble| trouble.sentence.clone());
    let (nonsense, first) = outside.nonsense();
    if let (None, Some(first)) = (&heard.trouble, first) {
        heard.trouble = Some(format!(
            "{nonsense} lines made no sense, the first: {first}"
        ));
    }
    Ok(heard)
}
