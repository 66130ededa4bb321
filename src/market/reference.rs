//! Reference prices: the most that may be claimed as a price before the reduction (MODEL section 9; FACTS C3, C5).

use crate::scenario::{Id, Scenario};

/// The most that may be claimed for a product at a second, yuan: the honest prior price and, where a rule sets a window, the lowest price at which it
/// was offered in a room or on the shelf within that many days before.
pub fn allowed_claim(plot: &Scenario, product: Id, second: f64) -> f64 {
    let prior = plot.products[product as usize].honest_prior_price;
    let window = plot.regime.ref_price_window_days * 86_400.0;
    if window <= 0.0 || !plot.regime.holds_at(second) {
        return prior;
    }
    let from = second - window;
    let in_rooms = plot.scheduled_prices[product as usize]
        .iter()
        .filter(|(at, _)| (from..second).contains(at))
        .map(|(_, price)| *price);
    let on_shelf = plot
        .shelf()
        .filter(|(_, posted)| posted.product == product)
        .filter(|(_, posted)| {
            (posted.window.from as f64) < second && posted.window.until as f64 > from
        })
        .map(|(_, posted)| posted.price.yuan());
    in_rooms.chain(on_shelf).fold(prior, f64::min)
}
