//! Suites: what is put into the rooms of a market, so that its stream has deceptions whose truth is known, and honest things that look like them.
//!
//! A [`Suite`] names threats, mixtures and benign twins with the share of rooms that have each. For every seed a [`Plan`] is drawn, room by room, each by
//! its own keyed draw: so a change of one share moves few rooms. The plan becomes cues beside those of the rooms' own shows. Which event is whose doing
//! is found out by the cues: nothing in a stream tells.

mod cues;
mod plan;

pub use plan::{Part, Plan, Planned};

use crate::scenario::{Scenario, Suite};
use std::sync::Arc;

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// To learn from and to fix thresholds on.
    Development,
    /// To measure on.
    Test,
}

impl Split {
    /// The name in files and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Split::Development => "development",
            Split::Test => "test",
        }
    }
}

/// Seeds of a suite's streams.
pub fn seeds(suite: &Suite, split: Split) -> Vec<u64> {
    let (first, count) = match split {
        Split::Development => (suite.file.development_seed, suite.file.development_streams),
        Split::Test => (suite.file.test_seed, suite.file.test_streams),
    };
    (0..u64::from(count)).map(|nth| first + nth).collect()
}

/// How much of each tactic there is, where farms have chosen: factors on the shares of the suite, by name of the threat.
pub type Mix = std::collections::BTreeMap<String, f64>;

/// The market of a seed with what the suite puts into it, and the plan of that.
///
/// # Errors
/// A sentence that says why the market cannot be made.
pub fn market(
    suite: &Suite,
    seed: u64,
    split: Split,
    mix: Option<&Mix>,
) -> Result<(Arc<Scenario>, Plan), String> {
    let mut bundle = suite.market.clone();
    bundle.seed = seed;
    let mut plan = Plan::default();
    let scenario = bundle.resolve_with(|scenario| {
        plan = Plan::draw(suite, scenario, split, mix);
        cues::put(suite, &plan, scenario);
    })?;
    plan.find_cues(&scenario);
    Ok((Arc::new(scenario), plan))
}
