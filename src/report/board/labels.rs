//! Names at the right end of lines, spread so that none lies over another, each led to from its line.

use super::standing::PALE;
use crate::report::canvas::{Area, Drawn, bold, colour, fit_middle, left, text};
use crate::report::comparison::rule;
use crate::report::plot::Plot;
use crate::report::plot::Style;

/// Height of a name in pixels.
pub const HEIGHT: i32 = 21;

/// From the plot's edge to the names.
const BESIDE: i32 = 46;

/// A name, and where its line ends.
pub struct Label {
    /// The name.
    pub name: String,
    /// Where its line ends.
    pub end: (i32, i32),
    /// How its line is drawn.
    pub style: Style,
}

/// Places of names that want these: at least [`HEIGHT`] apart, in the same order, within `top` to `bottom` if there is room, and otherwise as near as
/// can be to where they want to be (by least squares: isotonic regression, Barlow et al. 1972, by pooling adjacent violators).
fn spread(wanted: &[i32], top: i32, bottom: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| (wanted[*at], *at));
    // Without the least distances between them, places have only to rise.
    let room = |place: usize| HEIGHT * place as i32;
    let mut pools: Vec<Pool> = Vec::new();
    for (place, at) in order.iter().enumerate() {
        let mut pool = Pool {
            sum: f64::from(wanted[*at] - room(place)),
            count: 1,
        };
        while let Some(before) = pools.pop_if(|before| before.mean() > pool.mean()) {
            pool.sum += before.sum;
            pool.count += before.count;
        }
        pools.push(pool);
    }
    let lowest = (bottom - room(wanted.len().saturating_sub(1))).max(top);
    let pooled = pools
        .iter()
        .flat_map(|pool| std::iter::repeat_n(pool.mean(), pool.count));
    let mut places = vec![0; wanted.len()];
    for ((place, at), mean) in order.into_iter().enumerate().zip(pooled) {
        places[at] = (mean.round() as i32).clamp(top, lowest) + room(place);
    }
    places
}

/// Neighbours that have to move together.
struct Pool {
    sum: f64,
    count: usize,
}

impl Pool {
    fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// Writes names beside a plot, no wider than `width` pixels.
pub fn draw(root: &Area, plot: &Plot, labels: &[Label], width: i32) -> Drawn {
    let wanted: Vec<i32> = labels.iter().map(|label| label.end.1).collect();
    let places = spread(&wanted, plot.top, plot.bottom);
    let x = plot.right + BESIDE;
    for (label, y) in labels.iter().zip(places) {
        // Paler than any data, so that nobody takes the way to a name for a part of its line.
        let edge = (plot.right + 8, label.end.1);
        rule(root, label.end, edge, colour::GRID, 1)?;
        rule(root, edge, (x - 6, y), PALE, 1)?;
        let style = match label.style.named {
            true => bold(16, label.style.ink),
            false => text(16, colour::FAINT),
        };
        let name = fit_middle(&label.name, 16, width - BESIDE);
        root.draw_text(&name, &left(style), (x, y))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, spread};

    #[test]
    fn names_keep_their_order_and_their_distance() {
        let wanted = [100, 101, 99, 300, 400, 399];
        let places = spread(&wanted, 50, 500);
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        order.sort_by_key(|at| places[*at]);
        assert_eq!(order, [2, 0, 1, 3, 5, 4]);
        // Three around 100 and two around 399.5, each a group about its own middle.
        assert_eq!(places, [100, 100 + HEIGHT, 100 - HEIGHT, 300, 410, 389]);
        assert!(spread(&[], 0, 10).is_empty());
    }

    #[test]
    fn names_stay_within_the_plot_where_there_is_room() {
        assert_eq!(spread(&[5, 6, 7], 0, 100), [0, HEIGHT, 2 * HEIGHT]);
        assert_eq!(spread(&[99, 98], 0, 100), [100, 100 - HEIGHT]);
        // Where there is none they go on below.
        assert_eq!(spread(&[0, 0, 0], 0, 10), [0, HEIGHT, 2 * HEIGHT]);
    }
}
