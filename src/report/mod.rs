//! Figures and tables of an evening, of an audit, of a comparison, of a validation, of a study and of a bench of detectors. It reads a summary and a few rooms' frames; it never reaches into the
//! market.

mod aftermath;
mod audit;
mod bars;
mod board;
pub mod canvas;
mod checked;
mod compared;
mod compared_csv;
mod comparison;
mod digits;
mod evening;
mod html;
mod obtainable;
mod panel;
mod paper;
mod plot;
mod prices;
mod season;
mod study;
mod summary;
mod table;
mod validation;

pub use audit::{audit_json, audit_table};
pub use board::{board_csv, board_drawings, board_table, write_board_figures};
pub use canvas::Drawing;
pub use checked::{checked_in_words, sizes_and_notes};
pub use compared::comparison_table;
pub use compared_csv::{days_csv, differences_csv, metrics_csv, parameters_csv, survival_csv};
pub use comparison::{comparison_drawings, write_comparison_figures};
pub use html::{Report, board_report, html_report, study_report};
pub use obtainable::write_audit_figures;
pub use season::great_rooms;
pub use study::{
    indices_csv, points_csv, posterior_csv, study_drawings, study_table, write_study_figures,
};
pub use summary::{summary_csv, summary_table};
pub use validation::{validation_csv, validation_table, write_validation_figure};

use crate::market::{CueRow, RoomFrame, Summary};
use crate::scenario::{Id, Scenario};
use std::io;
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

/// Draws every figure as SVG and PNG and returns the files. The bytes depend on the evening alone.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_figures(folder: &Path, evening: &Evening) -> io::Result<Vec<PathBuf>> {
    let footer = format!(
        "yellowcart {}  \u{b7}  scenario {}  \u{b7}  {}  \u{b7}  seed {}  \u{b7}  regime {}",
        evening.version,
        evening.scenario.name,
        summary::size(evening.scenario),
        evening.scenario.seed,
        evening.scenario.regime.name
    );
    let mut files = Vec::new();
    for series in evening.rooms {
        files.extend(evening::draw(folder, evening, series, &footer)?);
    }
    files.extend(bars::conversion(folder, evening, &footer)?);
    files.extend(bars::harm(folder, evening, &footer)?);
    files.extend(bars::tail(folder, evening, &footer)?);
    files.extend(prices::draw(folder, evening, &footer)?);
    files.extend(season::draw(folder, evening, &footer)?);
    Ok(files)
}
