//! Where a bench is kept: board.json, leaderboard.csv, figures, a manifest with the hash of every file; and beside them timing.json and report.html, which
//! hold run times and so are in no hash.

use super::board::Board;
use crate::experiment::{RunError, RunOptions};
use crate::record::{Dossier, Identity, Manifest, Part};
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

/// Writes everything into the folder that was begun for it and gives that its name.
///
/// # Errors
/// What the disk did not let us do.
pub fn keep_board(
    dossier: Dossier,
    board: &Board,
    options: &RunOptions,
) -> Result<PathBuf, RunError> {
    let kept = dossier.finish(options.unhashed(), |dossier| {
        let timeless = without_times(board);
        dossier.add_json(BOARD, &timeless)?;
        dossier.add("leaderboard.csv", board_csv(&timeless).as_bytes())?;
        if options.figures {
            dossier.draw(|figures| write_board_figures(figures, &timeless))?;
        }
        let drawings = board_drawings(board).map_err(|why| why.to_string())?;
        dossier.leave("report.html", board_report(board, &drawings).as_bytes())?;
        dossier.leave_json(TIMING, &times_of(board))?;
        Ok(BoardHashed {
            version: board.version.clone(),
            benched: board.suite.clone(),
            changes: board.changes.clone(),
            seeds: board.streams.iter().map(|stream| stream.seed).collect(),
            detectors: board.detectors.iter().map(|one| one.name.clone()).collect(),
            files: dossier.files(),
        })
    });
    kept.map_err(RunError::Disk)
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
