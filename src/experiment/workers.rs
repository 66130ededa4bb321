//! Workers: several runs at once, each on one thread of its own, taken in order.
//!
//! A run's market looks for help in a pool of one thread (`market::use_threads(1)`), which means: it helps itself. So runs do not disturb each
//! other, and as many go on as there are threads. What belongs together (runs that branch from one state) is a task, and is done by one worker.

use super::INTERRUPTED;
use crate::market::{Market, Nobody, Pace, Summary};
use crate::scenario::Scenario;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Ticks between two looks at how far a run is.
const LOOK_EVERY: u64 = 256;

/// A run's share of the progress, in thousandths.
const WHOLE: u32 = 1_000;

/// How far runs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunsDone {
    /// Runs that are done.
    pub done: u32,
    /// Of how many.
    pub total: u32,
    /// The same with the parts of those that go on, in thousandths of a run.
    pub thousandths: u64,
}

/// Why runs halted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// The user interrupted.
    Interrupted,
    /// Something is wrong; a sentence.
    Failed(String),
    /// What was asked for cannot be run, and never will be; a sentence.
    Refused(String),
    /// Another worker halted, and has said why.
    Another,
}

/// Workers on so many threads.
pub struct Workers<'a> {
    progress: &'a (dyn Fn(&RunsDone) + Sync),
    halted: AtomicBool,
    done: AtomicU32,
    total: u32,
    parts: Vec<AtomicU32>,
}

/// One of them.
pub struct Worker<'a> {
    all: &'a Workers<'a>,
    number: usize,
}

impl<'a> Workers<'a> {
    /// Workers on so many threads, one run on each. `market::use_threads(1)` comes before the first market of the process, else markets share
    /// the threads of a common pool, which makes them slower and changes nothing else.
    pub fn new(threads: usize, progress: &'a (dyn Fn(&RunsDone) + Sync)) -> Self {
        Self {
            progress,
            halted: AtomicBool::new(false),
            done: AtomicU32::new(0),
            total: 0,
            parts: (0..threads.max(1)).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// Does these tasks; of `total` runs in all so many have been done `before`.
    ///
    /// # Errors
    /// Why they halted.
    pub fn work<T: Sync>(
        mut self,
        tasks: &[T],
        (before, total): (usize, usize),
        task: &(dyn Fn(&T, &Worker) -> Result<(), Halt> + Sync),
    ) -> Result<(), Halt> {
        self.total = u32::try_from(total).unwrap_or(u32::MAX);
        self.done = AtomicU32::new(u32::try_from(before).unwrap_or(u32::MAX));
        let next = AtomicUsize::new(0);
        let why: Mutex<Option<Halt>> = Mutex::new(None);
        self.tell();
        std::thread::scope(|scope| {
            for number in 0..self.parts.len().min(tasks.len()) {
                let (all, next, why) = (&self, &next, &why);
                scope.spawn(move || {
                    let worker = Worker { all, number };
                    while let Some(one) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let Err(halt) = task(one, &worker) else {
                            continue;
                        };
                        all.halted.store(true, Ordering::Relaxed);
                        let mut why = why.lock().unwrap_or_else(PoisonError::into_inner);
                        if halt != Halt::Another {
                            why.get_or_insert(halt);
                        }
                        break;
                    }
                });
            }
        });
        let why = why.into_inner().unwrap_or_else(PoisonError::into_inner);
        why.map_or(Ok(()), Err)
    }

    fn tell(&self) {
        let done = self.done.load(Ordering::Relaxed);
        let parts = self.parts.iter();
        let parts: u32 = parts.map(|part| part.load(Ordering::Relaxed)).sum();
        (self.progress)(&RunsDone {
            done,
            total: self.total,
            thousandths: u64::from(done) * u64::from(WHOLE) + u64::from(parts),
        });
    }
}

impl Worker<'_> {
    /// Whether to stop now.
    ///
    /// # Errors
    /// Why to stop.
    pub fn stopped(&self) -> Result<(), Halt> {
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Err(Halt::Interrupted);
        }
        match self.all.halted.load(Ordering::Relaxed) {
            true => Err(Halt::Another),
            false => Ok(()),
        }
    }

    /// One more run is done, and kept.
    pub fn done(&self) {
        self.all.parts[self.number].store(0, Ordering::Relaxed);
        self.all.done.fetch_add(1, Ordering::Relaxed);
        self.all.tell();
    }

    /// Plays a scenario to its end, from a state where one is given, and tells how far it is.
    ///
    /// # Errors
    /// Why it halted.
    pub fn simulate(&self, scenario: Arc<Scenario>, state: Option<&[u8]>) -> Result<Summary, Halt> {
        let end = scenario.clock.end;
        let mut market = Market::new(scenario, Box::new(Nobody));
        if let Some(state) = state {
            market.restore(state).map_err(Halt::Failed)?;
        }
        let mut ticks = 0_u64;
        while market.step() != Pace::Finished {
            self.stopped()?;
            ticks += 1;
            if ticks.is_multiple_of(LOOK_EVERY) {
                let part = f64::from(WHOLE) * market.time() / end;
                self.all.parts[self.number].store(part as u32, Ordering::Relaxed);
                self.all.tell();
            }
        }
        Ok(market.summary())
    }
}
