//! What a bench of detectors comes to, for people and for programs: tables on a terminal, CSV, and figures. It is made from a [`Board`] alone.

mod adaptation;
mod averted;
pub mod consequences;
mod csv;
mod curves;
mod delay;
pub mod details;
mod labels;
pub mod leaderboard;
pub mod learnt;
mod panels;
mod payoffs;
pub mod standing;
pub mod telling;
mod text;
mod twins;
pub mod words;

pub use csv::board_csv;
pub use text::board_table;

use super::canvas::Drawing;
use crate::experiment::detection::Board;
use std::io;
use std::path::{Path, PathBuf};

/// Draws every figure of a board as SVG and PNG and returns the files. The bytes depend on the board alone.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_board_figures(folder: &Path, board: &Board) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for drawing in board_drawings(board)? {
        files.extend(drawing.write(folder)?);
    }
    Ok(files)
}

/// Draws every figure of a board, in the order in which they are read: `pr_curves`, `delay`, `false_alarms`, `harm_averted`, and of farms that learn
/// `payoff_matrix` and `adaptation`. What nothing is known of is left out.
///
/// # Errors
/// What plotters says when it cannot draw.
pub fn board_drawings(board: &Board) -> io::Result<Vec<Drawing>> {
    let footer = footer(board);
    let drawings = [
        curves::draw(board, &footer)?,
        delay::draw(board, &footer)?,
        twins::draw(board, &footer)?,
        averted::draw(board, &footer)?,
        payoffs::draw(board, &footer)?,
        adaptation::draw(board, &footer)?,
    ];
    Ok(drawings.into_iter().flatten().collect())
}

/// Version, suite and seeds, as they stand on every figure.
fn footer(board: &Board) -> String {
    let parts = [
        format!("yellowcart {}", board.version),
        format!("suite {}", board.suite),
        format!(
            "{}, {}",
            words::streams(board, "test"),
            words::seeds(board, "test")
        ),
        format!(
            "thresholds from {}, {}",
            words::streams(board, "development"),
            words::seeds(board, "development")
        ),
    ];
    parts.join("  \u{b7}  ")
}
