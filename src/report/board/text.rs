//! A board as text for a terminal.

use super::standing::tracks;
use super::{consequences, leaderboard, learnt, telling};
use crate::experiment::detection::Board;
use crate::report::comparison::counted;
use crate::report::table::wrapped;

/// The board as text, in lines of 120 letters at most: a leaderboard for each track, what acting on alerts comes to, what farms that learn make of
/// it, speed, troubles, and notes on how to read it.
pub fn board_table(board: &Board) -> String {
    let mut out = wrapped(&board.title, "");
    let about = format!(
        "suite {}; {}; yellowcart {}",
        board.suite,
        counted(board.detectors.len(), "detector"),
        board.version
    );
    out.push_str(&wrapped(&about, ""));
    out.push('\n');
    for track in tracks(board) {
        leaderboard::table(board, track).write(&mut out);
    }
    consequences::table(board).write(&mut out);
    if let Some(payoffs) = &board.adaptive {
        learnt::returns(payoffs).write(&mut out);
        learnt::table(payoffs).write(&mut out);
        learnt::precision(payoffs).write(&mut out);
    }
    consequences::speed(board).write(&mut out);
    let troubles = telling::troubles(board);
    if !troubles.is_empty() {
        out.push_str("Troubles (marked * above)\n");
        for (name, sentence) in troubles {
            out.push_str(&wrapped(&format!("{name}: {sentence}"), "  "));
        }
        out.push('\n');
    }
    out.push_str("How to read this\n");
    for note in telling::notes(board) {
        out.push_str(&wrapped(&note, "  "));
    }
    out
}
