//! Who stands where: detectors of a track from the best to the worst, and which of them have a colour in figures.

use crate::detect::scoring::{Operation, Track, Verdict, leaderboard};
use crate::experiment::detection::{Averted, Board, NOBODY, Tried};
use crate::report::canvas::colour;
use crate::report::plot::Style;
use plotters::style::RGBColor;

/// Detectors that have a colour of their own in a panel, beside the controls.
pub const COLOURED: usize = 6;

/// The family of detectors that tell what the figures of the others are worth.
const CONTROL: &str = "control";

/// Controls that are drawn as landmarks.
const LANDMARKS: [(&str, bool); 2] = [("oracle", false), ("best_single_feature", true)];

/// Grey of what has no colour of its own.
pub const PALE: RGBColor = RGBColor(196, 196, 196);

/// A detector with its verdict in a track.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// The detector.
    pub tried: &'a Tried,
    /// Its verdict.
    pub verdict: &'a Verdict,
}

impl<'a> Placed<'a> {
    /// Its operation at the main budget.
    pub fn operation(&self, board: &Board) -> Option<&'a Operation> {
        self.verdict.operations.get(board.main_budget)
    }
}

/// How the many are drawn that are only there to be seen together.
pub const PLAIN: Style = Style {
    ink: PALE,
    width: 1,
    dashed: false,
    named: false,
};

/// Whether a detector only tells what the figures of the others are worth.
pub fn is_control(tried: &Tried) -> bool {
    tried.family == CONTROL
}

/// Tracks of which any detector says anything, and in which there is anything to find; where there is nothing to find in any, all of which anything is said.
pub fn tracks(board: &Board) -> Vec<Track> {
    let said = |least: u64| -> Vec<Track> {
        let those = Track::ALL.into_iter().filter(|track| {
            let mut verdicts = board.detectors.iter().flat_map(|tried| &tried.verdicts);
            verdicts.any(|verdict| verdict.track == *track && verdict.positives >= least)
        });
        those.collect()
    };
    let with_something = said(1);
    match with_something.is_empty() {
        true => said(0),
        false => with_something,
    }
}

/// The detectors of a track, best first.
pub fn standing(board: &Board, track: Track) -> Vec<Placed<'_>> {
    let of_track = |tried| place(tried, track);
    let all: Vec<Placed> = board.detectors.iter().filter_map(of_track).collect();
    let best_first = leaderboard(all.iter().map(|one| one.verdict), track);
    let with_verdict = |best: &Verdict| {
        let mut all = all.iter();
        all.find(|one| std::ptr::eq(one.verdict, best)).copied()
    };
    best_first.into_iter().filter_map(with_verdict).collect()
}

fn place(tried: &Tried, track: Track) -> Option<Placed<'_>> {
    let mut verdicts = tried.verdicts.iter();
    let verdict = verdicts.find(|verdict| verdict.track == track)?;
    Some(Placed { tried, verdict })
}

/// All detectors once: best first in the first track, then those that stand in later tracks only, then the rest.
pub fn in_order(board: &Board) -> Vec<&Tried> {
    let mut order: Vec<&Tried> = Vec::new();
    let standing = Track::ALL
        .into_iter()
        .flat_map(|track| standing(board, track));
    let placed = standing.map(|placed| placed.tried);
    for tried in placed.chain(&board.detectors) {
        if !order.iter().any(|before| before.name == tried.name) {
            order.push(tried);
        }
    }
    order
}

/// What a detector comes to in the platform's hands at the main budget.
pub fn averted<'a>(board: &Board, tried: &'a Tried) -> Option<&'a Averted> {
    tried.averted.get(board.main_budget)
}

/// Detectors tried in the platform's hands, the largest net at the main budget first, then by name.
pub fn by_net(board: &Board) -> Vec<(&Tried, &Averted)> {
    let tried = board.detectors.iter();
    let mut all: Vec<(&Tried, &Averted)> = tried
        .filter_map(|tried| Some((tried, averted(board, tried)?)))
        .collect();
    let net = |averted: &Averted| averted.net.mean.unwrap_or(f64::NEG_INFINITY);
    all.sort_by(|(one, of_one), (other, of_other)| {
        let by_net = net(of_other).total_cmp(&net(of_one));
        by_net.then_with(|| one.name.cmp(&other.name))
    });
    all
}

/// How each of some detectors is drawn, the best first: landmarks in ink, the first few others in colours, the rest pale.
pub fn styles<'a>(board: &Board, best_first: impl IntoIterator<Item = &'a str>) -> Vec<Style> {
    let mut colours = colour::SERIES.into_iter().take(COLOURED);
    let style = |name: &str| {
        let landmark = LANDMARKS.iter().find(|(landmark, _)| *landmark == name);
        match landmark {
            Some((_, dashed)) => Style {
                ink: colour::INK,
                width: 2,
                dashed: *dashed,
                named: true,
            },
            None if controls(board, name) => PLAIN,
            None => colours.next().map_or(PLAIN, |ink| Style {
                ink,
                width: 3,
                dashed: false,
                named: true,
            }),
        }
    };
    best_first.into_iter().map(style).collect()
}

/// Whether the detector of a name is a control; that nobody watches is one.
pub fn controls(board: &Board, name: &str) -> bool {
    let mut tried = board.detectors.iter();
    name == NOBODY || tried.any(|tried| tried.name == name && is_control(tried))
}
