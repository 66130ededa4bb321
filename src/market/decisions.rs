//! Whether the authority can decide anything before a scenario ends: it needs a show to look into, and the days that a decision takes. Told before
//! or beside a run, so that nobody reads "no fines" as "fines do not deter".

use super::time::day_of;
use crate::scenario::{Clock, Scenario};

/// By how many days a scenario ends before the first decision of the authority could fall; `None` where one can, and where there is none to wait for:
/// without fines, or without inquiries.
///
/// An inquiry is opened at the end of a day on which the rules hold and a show has ended, at the earliest; it is decided at the end of the day in which
/// its days have passed (`aftermath::supervise`).
pub fn days_short_of_decisions(scenario: &Scenario) -> Option<u32> {
    let (clock, regime) = (&scenario.clock, &scenario.regime);
    let inquires = regime.q_state > 0.0 || regime.investigates_from_complaints > 0;
    if regime.fines.is_empty() || !inquires {
        return None;
    }
    let shows = scenario.rooms.iter().map(|room| room.off_air);
    let first_show = shows.fold(f64::INFINITY, f64::min);
    if !first_show.is_finite() {
        return None;
    }
    let opened = end_of_day(clock, regime.from.max(first_show));
    let decided = day_of(clock, opened + 86_400.0 * regime.enforcement_delay_days);
    decided
        .checked_sub(last_day(clock))
        .filter(|days| *days > 0)
}

/// The end of the day in which a second lies.
fn end_of_day(clock: &Clock, second: f64) -> f64 {
    let days = libm::ceil((second - clock.first_day_end) / 86_400.0).max(0.0);
    clock.first_day_end + 86_400.0 * days
}

/// The last day that is simulated.
fn last_day(clock: &Clock) -> u32 {
    let after = libm::ceil((clock.end - clock.first_day_end) / 86_400.0);
    after.max(0.0) as u32
}
