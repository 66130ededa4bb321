//! Where a bench is kept: board.json, leaderboard.csv, figures, a manifest with the hash of every file; and beside them timing.json and report.html, which
//! hold run times and so are in no hash.

use super::board::Board;
use crate::experiment::{RunError, RunOptions};
use crate::record::{FIGURES, Folder, Identity, Manifest, Part};
use crate::report::{board_csv, board_drawings, board_report, write_board_figures};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What the board is called.
const BOARD: &str = "board.json";

/// What the run times are called.
const TIMING: &str = "timing.json";

/// The part that a bench is identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BoardHashed {
    /// Version of the program.
    pub version: String,
    /// The suite, with its changes.
    pub benched: String,
    /// Changes to its market.
    pub changes: Vec<String>,
    /// Seeds of all streams.
    pub seeds: Vec<u64>,
    /// The detectors.
    pub detectors: Vec<String>,
    /// Files with their hashes.
    pub files: Vec<Part>,
}

/// manifest.json of a bench.
pub type BoardManifest = Manifest<BoardHashed>;

impl Identity for BoardHashed {
    const OWN_FIELD: &'static str = "benched";

    fn files(&self) -> Vec<Part> {
        self.files.clone()
    }
}

/// Run time and memory of a detector.
type Cost = (Option<f64>, Option<f64>);

/// The folder of a bench.
pub struct Store {
    folder: Folder,
}

impl Store {
    /// Makes room for it, before anything is simulated.
    ///
    /// # Errors
    /// What is in the way.
    pub fn begin(options: &RunOptions) -> Result<Self, RunError> {
        let folder = Folder::begin(&options.out, options.force)?;
        Ok(Self { folder })
    }

    /// Nothing came of it: the folder goes. That it may stay behind, empty, does no harm.
    pub fn abandon(self) {
        let _ = fs::remove_dir_all(&self.folder.partial);
    }

    /// Writes everything and gives the folder its name.
    ///
    /// # Errors
    /// What the disk did not let us do.
    pub fn finish(
        self,
        board: &Board,
        changes: &[String],
        options: &RunOptions,
    ) -> Result<PathBuf, RunError> {
        self.write(board, changes, options).map_err(|why| {
            let place = self.folder.partial.display();
            RunError::Disk(format!("{why}\nwhat there is so far is in {place}"))
        })?;
        self.folder.finish().map_err(RunError::Disk)
    }

    fn write(&self, board: &Board, changes: &[String], options: &RunOptions) -> Result<(), String> {
        let timeless = without_times(board);
        let json = pretty(&timeless)?;
        let csv = board_csv(&timeless);
        let mut files = Vec::new();
        for (name, bytes) in [
            (BOARD, json.as_slice()),
            ("leaderboard.csv", csv.as_bytes()),
        ] {
            self.folder.write(name, bytes)?;
            files.push(Part::of_bytes(name, bytes));
        }
        if options.figures {
            files.extend(self.draw(&timeless)?);
        }
        let drawings = board_drawings(board).map_err(|why| why.to_string())?;
        self.folder
            .write("report.html", board_report(board, &drawings).as_bytes())?;
        self.folder.write(TIMING, &pretty(&times_of(board))?)?;
        let hashed = BoardHashed {
            version: board.version.clone(),
            benched: board.suite.clone(),
            changes: changes.to_vec(),
            seeds: board.streams.iter().map(|stream| stream.seed).collect(),
            detectors: board.detectors.iter().map(|one| one.name.clone()).collect(),
            files,
        };
        let manifest = BoardManifest::new(hashed, options.unhashed())?;
        self.folder.write("manifest.json", &pretty(&manifest)?)
    }

    fn draw(&self, board: &Board) -> Result<Vec<Part>, String> {
        let figures = self.folder.partial.join(FIGURES);
        let cannot = |why: std::io::Error| format!("cannot write {}: {why}", figures.display());
        fs::create_dir_all(&figures).map_err(cannot)?;
        let drawn = write_board_figures(&figures, board).map_err(cannot)?;
        let part = |path: &PathBuf| Part::of_figure(path).map_err(cannot);
        drawn.iter().map(part).collect()
    }
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec_pretty(value).map_err(|why| why.to_string())
}

/// The board without what differs from run to run.
fn without_times(board: &Board) -> Board {
    let mut board = board.clone();
    for tried in &mut board.detectors {
        (
            tried.seconds_per_million_events,
            tried.bytes_per_million_events,
        ) = (None, None);
    }
    board
}

fn times_of(board: &Board) -> BTreeMap<&str, Cost> {
    let cost = |tried: &super::board::Tried| {
        (
            tried.seconds_per_million_events,
            tried.bytes_per_million_events,
        )
    };
    let each = board.detectors.iter();
    each.map(|tried| (tried.name.as_str(), cost(tried)))
        .collect()
}

/// Reads the board of a folder, with its run times if they are still there.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn read_board(folder: &Path) -> Result<Board, String> {
    let cannot = |why: &dyn std::fmt::Display| {
        format!("cannot read {}: {why}", folder.join(BOARD).display())
    };
    let json = fs::read(folder.join(BOARD)).map_err(|why| cannot(&why))?;
    let mut board: Board = serde_json::from_slice(&json).map_err(|why| cannot(&why))?;
    let times = fs::read(folder.join(TIMING)).ok();
    let times: Option<BTreeMap<String, Cost>> =
        times.and_then(|json| serde_json::from_slice(&json).ok());
    for tried in &mut board.detectors {
        if let Some((seconds, bytes)) = times.as_ref().and_then(|times| times.get(&tried.name)) {
            (
                tried.seconds_per_million_events,
                tried.bytes_per_million_events,
            ) = (*seconds, *bytes);
        }
    }
    Ok(board)
}
