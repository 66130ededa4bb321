//! Jobs side by side: each on one thread of its own, taken in order; what they come to stands in their order, whoever did them.

use crate::experiment::{INTERRUPTED, RunError};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How far the jobs are: how many are done, and of how many.
pub type JobsDone<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// Does `count` jobs on so many threads.
///
/// # Errors
/// The first error of any job, in their order; or that the user interrupted.
pub fn side_by_side<T: Send>(
    threads: usize,
    count: usize,
    done: &JobsDone,
    job: impl Fn(usize) -> Result<T, String> + Sync,
) -> Result<Vec<T>, RunError> {
    let next = AtomicUsize::new(0);
    let finished = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Result<T, String>>>> =
        Mutex::new((0..count).map(|_| None).collect());
    done(0, count);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count || INTERRUPTED.load(Ordering::Relaxed) {
                        break;
                    }
                    let result = job(number);
                    results.lock().unwrap_or_else(PoisonError::into_inner)[number] = Some(result);
                    done(finished.fetch_add(1, Ordering::Relaxed) + 1, count);
                }
            });
        }
    });
    if INTERRUPTED.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted(String::new()));
    }
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results
        .into_iter()
        .map(|result| match result {
            Some(Ok(value)) => Ok(value),
            Some(Err(why)) => Err(RunError::Disk(why)),
            None => Err(RunError::Interrupted(String::new())),
        })
        .collect()
}
