//! One evening, from a bundle to a whole results folder; interrupted and continued if need be (contracts 1, 4, 5).

use super::estimate::estimate;
use super::series::series_of;
use crate::market::{Market, Pace, Summary};
use crate::record::{
    BEGUN, CannotBegin, Checkpoint, FIGURES, Folder, Part, RunHashed, RunManifest, TablesWriter,
    Unhashed, cannot, entries_of, hash_of, hash_of_file,
};
use crate::report::{Evening, write_figures};
use crate::scenario::{Bundle, Id, Scenario};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Version of the program, as in manifests.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Rooms whose evening is drawn, at most.
const MAIN_ROOMS: usize = 6;

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Where the result goes.
    pub out: PathBuf,
    /// Whether an existing result is replaced.
    pub force: bool,
    /// Whether tables are written as CSV too.
    pub csv: bool,
    /// Whether figures are drawn.
    pub figures: bool,
    /// Threads, for the record.
    pub threads: usize,
    /// The command line, for the record.
    pub command: Vec<String>,
}

impl RunOptions {
    /// How a result was made, for its manifest.
    pub fn unhashed(&self) -> Unhashed {
        Unhashed {
            command: self.command.clone(),
            threads: self.threads,
            folder: self.out.display().to_string(),
        }
    }
}

/// What was begun: written first, so that an interrupted run can be continued as it was meant.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    bundle: Bundle,
    csv: bool,
    figures: bool,
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Second simulated.
    pub time: f64,
    /// Last second.
    pub end: f64,
    /// Real viewers now.
    pub viewers: u64,
    /// Orders so far.
    pub orders: u64,
}

/// A run that ended.
#[derive(Debug)]
pub struct Finished {
    /// The results folder.
    pub folder: PathBuf,
    /// The resolved scenario.
    pub scenario: Arc<Scenario>,
    /// What it came to.
    pub summary: Summary,
}

/// Why a run did not end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The user has to change something.
    #[error("{0}")]
    Input(String),
    /// The disk does not let us.
    #[error("{0}")]
    Disk(String),
    /// Interrupted; the result can be continued.
    #[error("interrupted; continue with: yellowcart resume {0}")]
    Interrupted(String),
}

impl From<CannotBegin> for RunError {
    fn from(why: CannotBegin) -> Self {
        match why {
            CannotBegin::InTheWay(sentence) => RunError::Input(sentence),
            CannotBegin::Disk(sentence) => RunError::Disk(sentence),
        }
    }
}

/// Whether the user wants to stop; checked every tick.
pub static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Runs a bundle into a results folder.
///
/// # Errors
/// Why it did not end. Whatever was written is then in a folder that says it is incomplete.
pub fn run_evening(
    bundle: &Bundle,
    options: &RunOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Finished, RunError> {
    let scenario = Arc::new(bundle.resolve().map_err(RunError::Input)?);
    estimate(&scenario, options.csv)
        .fits(&options.out)
        .map_err(RunError::Disk)?;
    let folder = Folder::begin(&options.out, options.force)?;
    let begun = Begun {
        bundle: bundle.clone(),
        csv: options.csv,
        figures: options.figures,
    };
    let json = serde_json::to_vec_pretty(&begun).map_err(|why| RunError::Disk(why.to_string()))?;
    folder.write(BEGUN, &json).map_err(RunError::Disk)?;
    folder.mark_partial().map_err(RunError::Disk)?;
    let writer = TablesWriter::new(&scenario, &folder.partial, options.csv);
    let market = Market::new(Arc::clone(&scenario), Box::new(writer));
    let run = Run {
        bundle: bundle.clone(),
        scenario,
        folder,
        options: options.clone(),
        begun: Instant::now(),
    };
    run.go(market, 0, progress)
}

/// Continues an interrupted run from the end of the last simulated day.
///
/// # Errors
/// Why it did not end.
pub fn resume_evening(
    whole: &Path,
    mut options: RunOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Finished, RunError> {
    if whole.join("manifest.json").is_file() {
        return Err(RunError::Input(format!(
            "{} is whole: there is nothing to continue",
            whole.display()
        )));
    }
    let folder = Folder::go_on(whole)?;
    if folder.is_written() {
        return finish_written(folder);
    }
    let path = folder.partial.join(BEGUN);
    let json = std::fs::read(&path).map_err(|why| {
        RunError::Input(format!(
            "there is no interrupted run at {}: {why}",
            folder.partial.display()
        ))
    })?;
    let Begun {
        bundle,
        csv,
        figures,
    } = serde_json::from_slice(&json)
        .map_err(|why| RunError::Input(cannot("read", &path, &why.into())))?;
    (options.csv, options.figures) = (csv, figures);
    let scenario = Arc::new(bundle.resolve().map_err(RunError::Input)?);
    let checkpoint = folder.last_checkpoint().map_err(RunError::Disk)?;
    let mut day = 0;
    let mut state = None;
    let mut parts = BTreeMap::new();
    let mut hashes = Vec::new();
    if let Some((checkpoint, path)) = checkpoint {
        if checkpoint.version != VERSION {
            return Err(RunError::Input(format!(
                "{} was begun by version {}; this is {VERSION}",
                whole.display(),
                checkpoint.version
            )));
        }
        let hash = hash_of_file(&path).map_err(|why| cannot_read(&path, &why))?;
        if checkpoint.state_sha256 != hash {
            return Err(RunError::Input(format!(
                "the checkpoint of {} is damaged",
                whole.display()
            )));
        }
        day = checkpoint.next_day;
        parts = checkpoint.parts;
        hashes = checkpoint.state_hashes;
        state = Some(path);
    }
    folder.discard_unfinished(&parts).map_err(RunError::Disk)?;
    estimate(&scenario, options.csv)
        .rest_fits(&folder.partial)
        .map_err(RunError::Disk)?;
    let mut writer = TablesWriter::new(&scenario, &folder.partial, options.csv);
    writer.resume(parts, day, hashes).map_err(RunError::Disk)?;
    let mut market = Market::new(Arc::clone(&scenario), Box::new(writer));
    if let Some(path) = state {
        let file = File::open(&path).map_err(|why| cannot_read(&path, &why))?;
        market.restore_from(file).map_err(RunError::Input)?;
    }
    let run = Run {
        bundle,
        scenario,
        folder,
        options,
        begun: Instant::now(),
    };
    run.go(market, day, progress)
}

/// Everything was written before the program was ended: only the name is missing.
fn finish_written(folder: Folder) -> Result<Finished, RunError> {
    let manifest = RunManifest::read(&folder.partial).map_err(RunError::Disk)?;
    let path = folder.partial.join("summary.json");
    let json = std::fs::read(&path).map_err(|why| cannot_read(&path, &why))?;
    let summary = serde_json::from_slice(&json).map_err(|why| cannot_read(&path, &why.into()))?;
    let scenario = manifest.hashed.bundle.resolve().map_err(RunError::Input)?;
    Ok(Finished {
        folder: folder.finish().map_err(RunError::Disk)?,
        scenario: Arc::new(scenario),
        summary,
    })
}

fn cannot_read(path: &Path, why: &std::io::Error) -> RunError {
    RunError::Disk(cannot("read", path, why))
}

struct Run {
    bundle: Bundle,
    scenario: Arc<Scenario>,
    folder: Folder,
    options: RunOptions,
    begun: Instant,
}

fn writer_of(market: &mut Market) -> Option<&mut TablesWriter> {
    market
        .observer_mut()
        .as_any_mut()
        .downcast_mut::<TablesWriter>()
}

impl Run {
    fn go(
        self,
        mut market: Market,
        mut day: u32,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Finished, RunError> {
        loop {
            let pace = market.step();
            progress(&Progress {
                time: market.time(),
                end: self.scenario.clock.end,
                viewers: market.viewers(),
                orders: market.orders(),
            });
            if market.observer_mut().failed() {
                let why =
                    writer_of(&mut market).and_then(|writer| writer.error().map(str::to_owned));
                return Err(self.disk(why.unwrap_or_default()));
            }
            match pace {
                Pace::Running => {}
                Pace::DayEnded => {
                    day += 1;
                    self.checkpoint(&mut market, day)?;
                }
                Pace::Finished => break,
            }
            if INTERRUPTED.load(Ordering::Relaxed) {
                return Err(RunError::Interrupted(
                    self.folder.whole.display().to_string(),
                ));
            }
        }
        self.finish(market)
    }

    fn disk(&self, why: String) -> RunError {
        RunError::Disk(format!(
            "{why}\nwhat there is so far is in {}; continue with: yellowcart resume {}",
            self.folder.partial.display(),
            self.folder.whole.display()
        ))
    }

    fn checkpoint(&self, market: &mut Market, next_day: u32) -> Result<(), RunError> {
        let Some(writer) = writer_of(market) else {
            return Ok(());
        };
        writer.close_day(false).map_err(|why| self.disk(why))?;
        let (parts, state_hashes) = (writer.parts(), writer.state_hashes.clone());
        let kept = self
            .folder
            .keep_state(next_day, |to| market.write_snapshot(to));
        let checkpoint = Checkpoint {
            version: VERSION.to_owned(),
            next_day,
            parts,
            state_hashes,
            state_sha256: kept.map_err(|why| self.disk(why))?,
        };
        self.folder.keep(&checkpoint).map_err(|why| self.disk(why))
    }

    fn finish(self, market: Market) -> Result<Finished, RunError> {
        let summary = market.summary();
        let simulated = self.begun.elapsed();
        let writer = market
            .into_observer()
            .and_then(|observer| observer.into_any().downcast::<TablesWriter>().ok());
        let Some(mut writer) = writer else {
            return Err(self.disk("the tables are lost".to_owned()));
        };
        let closed = writer
            .write_totals(&summary)
            .and_then(|()| writer.close_day(true));
        closed.map_err(|why| self.disk(why))?;
        let json = serde_json::to_vec_pretty(&summary).map_err(|why| self.disk(why.to_string()))?;
        self.folder
            .write("summary.json", &json)
            .map_err(|why| self.disk(why))?;
        let figures = self.draw(&summary)?;
        let drawn = self.begun.elapsed();
        let manifest = RunManifest::new(
            RunHashed {
                version: VERSION.to_owned(),
                bundle: self.bundle.clone(),
                tables: entries_of(&writer),
                state_hashes: summary.state_hashes.clone(),
                summary_sha256: hash_of(&json),
                figures,
            },
            self.options.unhashed(),
        )
        .map_err(|why| self.disk(why))?;
        let timing = timing(&summary, simulated.as_secs_f64(), drawn.as_secs_f64());
        self.folder
            .write("timing.json", timing.as_bytes())
            .map_err(|why| self.disk(why))?;
        let json =
            serde_json::to_vec_pretty(&manifest).map_err(|why| self.disk(why.to_string()))?;
        self.folder
            .write("manifest.json", &json)
            .map_err(|why| self.disk(why))?;
        let folder = self.folder.finish().map_err(RunError::Disk)?;
        Ok(Finished {
            folder,
            scenario: self.scenario,
            summary,
        })
    }

    /// Draws the figures from the tables just written.
    fn draw(&self, summary: &Summary) -> Result<Vec<Part>, RunError> {
        if !self.options.figures {
            return Ok(Vec::new());
        }
        let rooms = main_rooms(&self.scenario, summary);
        let series = series_of(&self.folder.partial, &self.scenario, &rooms)
            .map_err(|why| self.disk(why))?;
        let evening = Evening {
            scenario: &self.scenario,
            summary,
            version: VERSION,
            rooms: &series,
        };
        let folder = self.folder.partial.join(FIGURES);
        let drawn = std::fs::create_dir_all(&folder)
            .and_then(|()| write_figures(&folder, &evening))
            .map_err(|why| self.disk(cannot("write", &folder, &why)))?;
        let part = |path: &PathBuf| Part::of_figure(path);
        let parts: std::io::Result<Vec<Part>> = drawn.iter().map(part).collect();
        parts.map_err(|why| self.disk(why.to_string()))
    }
}

/// The rooms whose evening is drawn: the named ones, or those that sold most.
fn main_rooms(scenario: &Scenario, summary: &Summary) -> Vec<Id> {
    let mut rooms: Vec<&crate::market::TotalsOf> = summary.rooms.iter().collect();
    rooms.sort_by_key(|room| {
        let named = scenario.rooms[room.id as usize].named;
        (!named, -room.totals.paid_sales.0, room.id)
    });
    rooms.iter().take(MAIN_ROOMS).map(|room| room.id).collect()
}

/// Wall time and memory: outside of every hash.
fn timing(summary: &Summary, simulated: f64, total: f64) -> String {
    let looks = summary.market.looks as f64;
    let json = serde_json::json!({
        "simulation_seconds": simulated,
        "seconds_with_tables_and_figures": total,
        "ticks": summary.ticks,
        "ticks_per_second": summary.ticks as f64 / simulated.max(1e-9),
        "looks": summary.market.looks,
        "looks_per_second": looks / simulated.max(1e-9),
        "orders": summary.market.real_orders,
        "peak_memory_kib": peak_memory(),
    });
    format!("{json:#}\n")
}

/// Peak resident memory of this process in KiB, where the system tells.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
