//! `--from`: every replication is simulated once, under the baseline, up to the moment from which the arms differ; every arm goes on from that
//! shared state, its regime coming into force at that moment.
//!
//! The state is taken at the last tick of which no second lies at or after the moment, so nothing that a regime does can be missed: a branch is,
//! bit for bit, the run of a market under the same regime with `from` set, where the baseline has no rules before it (tests/compare.rs). A
//! baseline that has rules keeps them in its own arm; in the others the arm's rules take their place.

use crate::experiment::workers::{Halt, Worker};
use crate::market::{Market, Nobody, Pace};
use crate::scenario::Scenario;
use std::sync::Arc;

/// The state of a market at the last tick that ends before a second; `None` where that is before the first.
pub(super) fn state_before(
    scenario: &Arc<Scenario>,
    second: f64,
    worker: &Worker,
) -> Result<Option<Vec<u8>>, Halt> {
    let mut market = Market::new(Arc::clone(scenario), Box::new(Nobody));
    let tick = scenario.clock.tick;
    let mut begun = false;
    while market.time() + tick < second {
        worker.stopped()?;
        // A regime's moment lies within the scenario, so the last tick is never reached here.
        if market.step() == Pace::Finished {
            break;
        }
        begun = true;
    }
    Ok(begun.then(|| market.snapshot()))
}
