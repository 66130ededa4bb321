//! Processor time: what others compute beside does not count, so it can be compared on a machine that is shared.

#![allow(
    dead_code,
    reason = "each of the two benches that have this file needs one of the two clocks"
)]

/// Seconds that all threads of this process have computed so far.
#[cfg(unix)]
pub fn of_process() -> f64 {
    read(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID)
}

/// Seconds that this thread has computed so far.
#[cfg(unix)]
#[allow(
    dead_code,
    reason = "one of the two benches that have this file needs one of the two"
)]
pub fn of_thread() -> f64 {
    read(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID)
}

#[cfg(unix)]
fn read(clock: nix::time::ClockId) -> f64 {
    let time = nix::time::clock_gettime(clock).expect("the system has this clock");
    std::time::Duration::from(time).as_secs_f64()
}
