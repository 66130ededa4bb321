//! Long work: on a thread of its own and without the interpreter lock, while the thread that called looks after Ctrl-C and progress.
//!
//! The library stops where one flag of the process says so (`experiment::INTERRUPTED`), and a market uses all cores. So one work goes on at a time; another
//! that is begun meanwhile, from another Python thread, waits for its turn, and can be interrupted while it waits.

use crate::errors::{self, Ended};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError, TryLockResult};
use std::thread;
use std::time::Duration;
use yellowcart::experiment::INTERRUPTED;

/// How often signals and progress are looked after.
const EVERY: Duration = Duration::from_millis(100);

/// Stack of the thread that works: that of a program's first thread, on which the command line does the same.
const STACK: usize = 8 << 20;

/// Threads, at most.
const MOST_THREADS: usize = 256;

/// Held by the work that goes on; tasks share it.
static TURN: RwLock<()> = RwLock::new(());

/// Tasks that go on beside each other.
static TASKS: Mutex<u32> = Mutex::new(0);

/// The process in which markets have a pool of several threads; zero: in none.
static POOLED_IN: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Whether this thread is at work, or looks after one.
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// How far work is: what is being done, how much of it is done, and of how much.
#[derive(Clone, PartialEq)]
struct Step {
    stage: String,
    done: f64,
    total: f64,
}

/// A work that goes on, as it is seen from within.
#[derive(Default)]
pub struct Work {
    step: Mutex<Option<Step>>,
    failure: Mutex<Option<PyErr>>,
}

impl Work {
    /// Tells how far it is.
    pub fn tell(&self, stage: &str, done: f64, total: f64) {
        let stage = stage.to_owned();
        *lock(&self.step) = Some(Step { stage, done, total });
    }

    /// Something of Python's own failed within: all of the work is to stop, and that is what is raised.
    pub fn fail(&self, why: PyErr) {
        lock(&self.failure).get_or_insert(why);
        INTERRUPTED.store(true, Ordering::Relaxed);
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers that this thread is within work, for as long as it lives.
struct Within(bool);

impl Within {
    fn enter() -> Self {
        Self(WITHIN.replace(true))
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        WITHIN.set(self.0);
    }
}

/// Calls Python from within work, so that it cannot begin another.
pub fn within<T>(call: impl FnOnce(Python<'_>) -> T) -> T {
    let _within = Within::enter();
    Python::attach(call)
}

/// Does work. `progress` is called with stage, amount done and amount in all; what it raises stops the work.
pub fn carry_out<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    job: impl FnOnce(&Arc<Work>) -> Result<T, Ended> + Send,
) -> PyResult<T> {
    if WITHIN.get() {
        return Err(errors::input(
            "nothing can be run from within a detector or a call of progress: run it before or afterwards",
        ));
    }
    in_one_process()?;
    let _within = Within::enter();
    let _turn = wait_for(py, || TURN.try_write())?;
    INTERRUPTED.store(false, Ordering::Relaxed);
    let work = Arc::new(Work::default());
    let (ended, stopped) = py.detach(|| on_a_thread(&work, progress, job));
    INTERRUPTED.store(false, Ordering::Relaxed);
    if let Some(failure) = lock(&work.failure).take() {
        return Err(failure);
    }
    let Some(stopped) = stopped else {
        return ended.map_err(Ended::exception);
    };
    Err(match ended {
        // What was kept can be continued: how, is told with what stopped it.
        Err(Ended::Interrupted(told)) if stopped.is_instance_of::<PyKeyboardInterrupt>(py) => {
            PyKeyboardInterrupt::new_err(told)
        }
        Err(Ended::Interrupted(told)) => {
            stopped.add_note(py, &told)?;
            stopped
        }
        _ => stopped,
    })
}

/// Does a task beside others, each on the thread that calls: no other work goes on meanwhile.
pub fn carry_out_beside<T: Send>(
    py: Python<'_>,
    task: impl FnOnce() -> Result<T, Ended> + Send,
) -> PyResult<T> {
    in_one_process()?;
    let _turn = wait_for(py, || TURN.try_read())?;
    {
        let mut tasks = lock(&TASKS);
        if *tasks == 0 {
            INTERRUPTED.store(false, Ordering::Relaxed);
        }
        *tasks += 1;
    }
    let work = Arc::new(Work::default());
    let (ended, stopped) = py.detach(|| on_a_thread(&work, None, |_| task()));
    *lock(&TASKS) -= 1;
    match stopped {
        Some(stopped) => Err(stopped),
        None => ended.map_err(Ended::exception),
    }
}

/// A number of threads, if it can be one.
fn possible(threads: usize) -> PyResult<usize> {
    match (1..=MOST_THREADS).contains(&threads) {
        true => Ok(threads),
        false => Err(errors::input(format!(
            "threads = {threads} cannot be: it is between 1 and {MOST_THREADS}"
        ))),
    }
}

/// The threads of one market: one unless more are asked for. A process has one pool for all markets, whose size its first market settles for good, and
/// markets side by side are slowed down by a pool of several threads; a second thread makes one market faster by a tenth to a third (benches/README.md).
pub fn threads_of_a_market(asked: Option<usize>) -> PyResult<usize> {
    let threads = possible(asked.unwrap_or(1))?;
    if threads > 1 {
        let here = std::process::id();
        let _ = POOLED_IN.compare_exchange(0, here, Ordering::Relaxed, Ordering::Relaxed);
    }
    yellowcart::market::use_threads(threads);
    Ok(threads)
}

/// So many markets run side by side, each on one thread: all cores by default.
pub fn threads_of_runs(asked: Option<usize>) -> PyResult<usize> {
    let all = || thread::available_parallelism().map_or(1, usize::from);
    let threads = possible(asked.unwrap_or_else(all))?;
    yellowcart::market::use_threads(1);
    Ok(threads)
}

/// Threads of a pool do not live on in a forked process, where a market would wait for them for ever.
fn in_one_process() -> PyResult<()> {
    match POOLED_IN.load(Ordering::Relaxed) {
        0 => Ok(()),
        here if here == std::process::id() => Ok(()),
        _ => Err(errors::input(
            "this process was forked from one whose markets have several threads, which are not here: start it with multiprocessing.get_context(\"spawn\"), or leave out threads there",
        )),
    }
}

/// Waits until what is tried succeeds; Ctrl-C ends the wait.
fn wait_for<T>(py: Python<'_>, try_it: impl Fn() -> TryLockResult<T>) -> PyResult<T> {
    loop {
        match try_it() {
            Ok(turn) => return Ok(turn),
            Err(TryLockError::Poisoned(turn)) => return Ok(turn.into_inner()),
            Err(TryLockError::WouldBlock) => {}
        }
        py.detach(|| thread::sleep(EVERY));
        py.check_signals()?;
    }
}

/// Does the job on a thread; meanwhile signals and progress are looked after. What stopped it, if anything did, comes beside what it came to.
fn on_a_thread<T: Send>(
    work: &Arc<Work>,
    progress: Option<&Py<PyAny>>,
    job: impl FnOnce(&Arc<Work>) -> Result<T, Ended> + Send,
) -> (Result<T, Ended>, Option<PyErr>) {
    thread::scope(|scope| {
        let (tell, heard) = channel::<()>();
        let worker = thread::Builder::new()
            .name("yellowcart".to_owned())
            .stack_size(STACK);
        let worker = worker.spawn_scoped(scope, move || {
            // Dropped at the end, whatever the end is: that is how it is heard.
            let _tell = tell;
            job(work)
        });
        let worker = match worker {
            Ok(worker) => worker,
            Err(why) => {
                return (
                    Err(Ended::Disk(format!("cannot start a thread: {why}"))),
                    None,
                );
            }
        };
        let mut stopped = None;
        let mut shown = None;
        loop {
            let ended = heard.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout);
            if stopped.is_none() {
                stopped = Python::attach(|py| look_after(py, work, progress, &mut shown)).err();
            }
            if stopped.is_some() {
                INTERRUPTED.store(true, Ordering::Relaxed);
            }
            if ended {
                break;
            }
        }
        match worker.join() {
            Ok(ended) => (ended, stopped),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn look_after(
    py: Python<'_>,
    work: &Work,
    progress: Option<&Py<PyAny>>,
    shown: &mut Option<Step>,
) -> PyResult<()> {
    py.check_signals()?;
    let step = lock(&work.step).clone();
    if let (Some(progress), Some(step)) = (progress, &step)
        && shown.as_ref() != Some(step)
    {
        progress.call1(py, (&step.stage, step.done, step.total))?;
    }
    *shown = step;
    Ok(())
}
