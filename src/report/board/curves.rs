//! Figure: precision against recall, a panel for each track, with chance and the landmarks among the best detectors.

use super::panels::{Panel, height, panels};
use super::standing::{Placed, is_control};
use super::words as say;
use crate::experiment::detection::Board;
use crate::report::canvas::{Area, Drawing, Drawn, Heading, drawing};
use crate::report::plot::{Axis, Plot};
use std::io;

/// Average precision over that of chance from which the best detector is worth a headline.
const BETTER_THAN_CHANCE: f64 = 1.1;

/// Draws the figure; none where nothing was scored.
pub fn draw(board: &Board, footer: &str) -> io::Result<Option<Drawing>> {
    let panels = panels(board);
    if panels.is_empty() {
        return Ok(None);
    }
    let heading = Heading {
        title: title(&panels),
        subtitle: format!("Precision against recall, all test streams together  \u{b7}  {}", board.title),
        note: "Steps: precision at each recall; the area below is about the average precision beside the name (mean over streams). Colours are those of the key beside each panel. Oracle knows the truth.".to_owned(),
        footer,
    };
    let drawn = drawing("pr_curves", height(panels.len()), &heading, |root| {
        panels.iter().try_for_each(|panel| draw_panel(root, panel))
    })?;
    Ok(Some(drawn))
}

/// Who ranks best in each track, controls apart.
fn title(panels: &[Panel]) -> String {
    let best = |panel: &Panel| {
        let mut standing = panel.standing.iter();
        let best = standing.find(|placed| !is_control(placed.tried))?;
        let chance = best.verdict.prevalence.mean.unwrap_or_default();
        let precision = best.verdict.average_precision.mean.unwrap_or_default();
        if precision < BETTER_THAN_CHANCE * chance {
            return None;
        }
        Some((best.tried.name.clone(), panel.track.name()))
    };
    let best: Vec<(String, &str)> = panels.iter().filter_map(best).collect();
    let Some((first, _)) = best.first() else {
        return "Controls apart, no detector ranks better than chance".to_owned();
    };
    if best.len() == panels.len() && best.len() > 1 && best.iter().all(|(name, _)| name == first) {
        return format!("{first} ranks best in every track");
    }
    let each = best.iter().map(|(name, track)| format!("{name} ({track})"));
    format!("Ranking best: {}", each.collect::<Vec<_>>().join(", "))
}

fn draw_panel(root: &Area, panel: &Panel) -> Drawn {
    let plot = panel.plot(Axis::of_shares());
    panel.head(root)?;
    plot.grid(root, "recall", "precision")?;
    let first = panel.standing.first();
    let chance = first.and_then(|placed| placed.verdict.prevalence.mean);
    panel.lines(root, &plot, |placed| steps(&plot, placed))?;
    if let Some(chance) = chance {
        panel.chance(root, &plot, chance)?;
    }
    let precision = |placed: &Placed| say::fraction(placed.verdict.average_precision.mean);
    let chance = chance.map(|chance| say::fraction(Some(chance)));
    panel.key(root, "average precision", precision, chance)
}

/// A curve as steps: up to a recall the precision is that reached with it.
fn steps(plot: &Plot, placed: &Placed) -> Vec<(i32, i32)> {
    let mut places = Vec::new();
    let mut before = 0.0;
    for [recall, precision] in &placed.verdict.points.precision_recall {
        places.push(plot.at((before, *precision)));
        places.push(plot.at((*recall, *precision)));
        before = *recall;
    }
    places.dedup();
    places
}
