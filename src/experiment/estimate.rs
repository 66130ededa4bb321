//! What a run is going to take: time, disk, memory, estimated from the scenario alone before anything is simulated. A run that the disk cannot hold is refused.
//!
//! The figures were measured on two cores of a shared virtual machine, with `double11_evening` and with eleven evenings of `double11_full`; they say hours or
//! minutes, not more, and rather too much than too little.

use crate::scenario::Scenario;
use std::path::Path;

/// Orders that somebody who is online for an evening places: 0.14 in `double11_evening`, 0.35 in `double11_full`.
const ORDERS_PER_PERSON: f64 = 0.35;

/// Bytes of tables for an order with its payment and purchase, and for a frame of a room: slope and intercept of the output of `double11_evening` from 10^6
/// to 10^7 consumers.
const BYTES_PER_ORDER: f64 = 130.0;
const BYTES_PER_FRAME: f64 = 60.0;

/// Bytes that a checkpoint takes for a consumer and for everything that was bought.
const SAVED_PER_CONSUMER: f64 = 10.0;
const SAVED_PER_ORDER: f64 = 260.0;

/// Bytes of memory for a consumer, for a room and for everything that was bought.
const HELD_PER_CONSUMER: f64 = 50.0;
const HELD_PER_ROOM: f64 = 40_000.0;
const HELD_PER_ORDER: f64 = 480.0;

/// Seconds for a person who is online for an evening, for everything that was bought on each evening after (what becomes of it, and the checkpoint), and
/// for a room and a tick.
const SECONDS_PER_PERSON: f64 = 1.5e-5;
const SECONDS_PER_ORDER_KEPT: f64 = 5.5e-6;
const SECONDS_PER_ROOM_TICK: f64 = 2.5e-7;

/// Room that is left on the disk, as a share of what is needed.
const SPARE: f64 = 1.1;

/// What a run is going to take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Evenings on which anybody is on air.
    pub evenings: u32,
    /// Evenings of people who are online.
    pub people: f64,
    /// Orders.
    pub orders: f64,
    /// Bytes that the tables take.
    pub tables: f64,
    /// Bytes that the largest checkpoint takes; there may be two for a moment.
    pub checkpoint: f64,
    /// Bytes of memory.
    pub memory: f64,
    /// Seconds on two cores.
    pub seconds: f64,
}

/// Estimates a run.
pub fn estimate(plot: &Scenario) -> Estimate {
    let day = |second: f64| crate::market::day_of(&plot.clock, second);
    let mut days: Vec<u32> = plot.rooms.iter().map(|room| day(room.on_air)).collect();
    days.sort_unstable();
    days.dedup();
    let evenings = days.len() as u32;
    let segments = plot.population.segments.iter();
    let online = segments.map(|of| of.count as f64 * of.traits.online_probability);
    let people = f64::from(evenings) * online.sum::<f64>();
    let orders = ORDERS_PER_PERSON * people;
    let (mut frames, mut ticks) = (0.0, 0.0);
    for room in &plot.rooms {
        let seconds = room.off_air - room.on_air;
        let every = match room.named {
            true => plot.recording.named_rooms_every_seconds,
            false => plot.recording.generated_rooms_every_seconds,
        };
        frames += seconds / every;
        ticks += seconds / plot.clock.tick;
    }
    let written = f64::from(u8::from(plot.recording.orders)) * orders;
    let consumers = plot.population.consumers as f64;
    Estimate {
        evenings,
        people,
        orders,
        tables: BYTES_PER_ORDER * written + BYTES_PER_FRAME * frames,
        checkpoint: SAVED_PER_CONSUMER * consumers + SAVED_PER_ORDER * orders,
        memory: HELD_PER_CONSUMER * consumers
            + HELD_PER_ROOM * plot.rooms.len() as f64
            + HELD_PER_ORDER * orders,
        seconds: SECONDS_PER_PERSON * people
            + SECONDS_PER_ORDER_KEPT * orders * f64::from(evenings.saturating_sub(1)) / 2.0
            + SECONDS_PER_ROOM_TICK * ticks,
    }
}

impl Estimate {
    /// Bytes that must be free.
    pub fn disk(&self) -> f64 {
        let checkpoints = match self.evenings {
            0 | 1 => self.checkpoint,
            _ => 2.0 * self.checkpoint,
        };
        self.tables + checkpoints
    }

    /// In a sentence.
    pub fn sentence(&self) -> String {
        let evenings = match self.evenings {
            1 => "1 evening".to_owned(),
            count => format!("{count} evenings"),
        };
        format!(
            "{evenings}, about {} of disk ({} of tables, the rest for checkpoints), {} of memory and {} on two cores",
            bytes(self.disk()),
            bytes(self.tables),
            bytes(self.memory),
            time(self.seconds)
        )
    }

    /// Whether a folder's disk can hold it.
    ///
    /// # Errors
    /// A sentence with what is needed and what is there.
    pub fn fits(&self, folder: &Path) -> Result<(), String> {
        match free(folder) {
            Some(free) if free < SPARE * self.disk() => Err(format!(
                "this run needs about {} of disk and {} has {} left\nmake room, choose another folder with --out, or record less: \
                 recording.orders=false, recording.generated_rooms_every_seconds=600",
                bytes(self.disk()),
                folder.display(),
                bytes(free)
            )),
            _ => Ok(()),
        }
    }
}

/// Bytes that are free where a folder is, or its nearest parent that exists; `None` where the system does not tell.
fn free(folder: &Path) -> Option<f64> {
    let absolute = std::path::absolute(folder).ok()?;
    let there = absolute.ancestors().find(|parent| parent.exists())?;
    free_at(there)
}

#[cfg(unix)]
fn free_at(folder: &Path) -> Option<f64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail as f64 * disk.f_frsize as f64)
}

#[cfg(not(unix))]
fn free_at(_: &Path) -> Option<f64> {
    None
}

/// Bytes as people say them.
fn bytes(count: f64) -> String {
    match count {
        count if count >= 1.0e9 => format!("{:.1} GB", count / 1.0e9),
        count => format!("{:.0} MB", (count / 1.0e6).max(1.0)),
    }
}

/// A time as people say it.
fn time(seconds: f64) -> String {
    match seconds {
        seconds if seconds >= 5_400.0 => format!("{:.1} hours", seconds / 3_600.0),
        seconds if seconds >= 90.0 => format!("{:.0} minutes", seconds / 60.0),
        seconds => format!("{:.0} seconds", seconds.max(1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUGE: Estimate = Estimate {
        evenings: 2,
        people: 1.0,
        orders: 1.0,
        tables: 1.0e18,
        checkpoint: 1.0e9,
        memory: 2.5e9,
        seconds: 7_200.0,
    };

    #[test]
    fn it_is_said_in_a_sentence() {
        let small = Estimate {
            tables: 3.4e9,
            ..HUGE
        };
        assert_eq!(
            small.sentence(),
            "2 evenings, about 5.4 GB of disk (3.4 GB of tables, the rest for checkpoints), 2.5 GB of memory and 2.0 hours on two cores"
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_the_disk_cannot_hold_is_refused() {
        let here = std::env::temp_dir();
        let why = HUGE.fits(&here.join("not").join("there")).err();
        let why = why.unwrap_or_default();
        assert!(
            why.starts_with("this run needs about 1000000002.0 GB of disk"),
            "{why}"
        );
        let small = Estimate {
            tables: 1.0,
            checkpoint: 1.0,
            ..HUGE
        };
        assert_eq!(small.fits(&here), Ok(()));
    }
}
