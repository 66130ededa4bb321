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

/// Bytes of CSV for a byte of tables, beside it: 62.1 MB for 17.8 MB.
const CSV_PER_BYTE: f64 = 3.5;

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
    /// Whether tables are written as CSV too.
    pub csv: bool,
    /// Bytes that the tables take, with the CSV where it is written.
    pub tables: f64,
    /// Bytes that the largest checkpoint takes; there may be two for a moment.
    pub checkpoint: f64,
    /// Bytes of memory.
    pub memory: f64,
    /// Seconds on two cores.
    pub seconds: f64,
}

/// Estimates a run; with `csv` it writes its tables as CSV too.
pub fn estimate(plot: &Scenario, csv: bool) -> Estimate {
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
    let parquet = BYTES_PER_ORDER * written + BYTES_PER_FRAME * frames;
    let consumers = plot.population.consumers as f64;
    Estimate {
        evenings,
        people,
        orders,
        csv,
        tables: match csv {
            true => parquet * (1.0 + CSV_PER_BYTE),
            false => parquet,
        },
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
        let without = match self.csv {
            true => "leave --csv out, ",
            false => "",
        };
        there_is(self.disk(), folder).map_err(|why| {
            format!(
                "this run needs {why}\nmake room, choose another folder with --out, {without}or record less: \
                 recording.orders=false, recording.generated_rooms_every_seconds=600"
            )
        })
    }

    /// Whether the disk can hold the rest of a run that goes on in a folder: what the folder holds already needs no room any more, so that what could begin can go on.
    ///
    /// # Errors
    /// A sentence with what is needed and what is there.
    pub fn rest_fits(&self, folder: &Path) -> Result<(), String> {
        let rest = (self.disk() - held_by(folder)).max(0.0);
        there_is(rest, folder)
            .map_err(|why| format!("the rest of this run needs {why}\nmake room, and go on"))
    }
}

/// Whether there is room for so many bytes, and some to spare, where a folder is or is to be.
fn there_is(needed: f64, folder: &Path) -> Result<(), String> {
    match free(folder) {
        Some(free) if free < SPARE * needed => Err(format!(
            "about {} of disk and {} has {} left",
            bytes(needed),
            folder.display(),
            bytes(free)
        )),
        _ => Ok(()),
    }
}

/// Bytes of all files below a folder; what cannot be looked at counts as nothing, which asks for too much room rather than too little.
fn held_by(folder: &Path) -> f64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let held = entries.map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => held_by(&entry.path()),
        Ok(about) => about.len() as f64,
        Err(_) => 0.0,
    });
    held.sum()
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
        csv: false,
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
        assert!(!why.contains("--csv"), "{why}");
        let small = Estimate {
            tables: 1.0,
            checkpoint: 1.0,
            ..HUGE
        };
        assert_eq!(small.fits(&here), Ok(()));
        let with_csv = Estimate { csv: true, ..HUGE };
        let why = with_csv.fits(&here).err().unwrap_or_default();
        assert!(
            why.contains("--out, leave --csv out, or record less"),
            "{why}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_needs_no_room_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("tables");
        std::fs::create_dir(&inner).unwrap();
        for (place, length) in [(folder.path(), 5), (inner.as_path(), 7)] {
            std::fs::write(place.join("file"), vec![0_u8; length]).unwrap();
        }
        assert_eq!(held_by(folder.path()), 12.0);
        // A sparse file: as long as the run would be, at no cost.
        let long = std::fs::File::create(inner.join("long")).unwrap();
        long.set_len(1 << 40).unwrap();
        let of = |tables: f64| Estimate { tables, ..HUGE };
        assert_eq!(of(1.0e12).rest_fits(folder.path()), Ok(()));
        let why = of(1.0e18).rest_fits(folder.path()).err();
        let why = why.unwrap_or_default();
        assert!(
            why.starts_with("the rest of this run needs about 99999890"),
            "{why}"
        );
        assert!(why.ends_with(" left\nmake room, and go on"), "{why}");
    }

    #[test]
    fn csv_takes_room_beside_the_tables() {
        let bundle = crate::scenario::load(&crate::scenario::Request {
            what: "honest_evening",
            ..crate::scenario::Request::default()
        });
        let plot = bundle.unwrap().resolve().unwrap();
        let (without, with) = (estimate(&plot, false), estimate(&plot, true));
        assert!(without.tables > 0.0);
        assert_eq!(with.tables, 4.5 * without.tables);
        let else_the_same = Estimate {
            csv: true,
            tables: with.tables,
            ..without
        };
        assert_eq!(with, else_the_same);
    }
}
