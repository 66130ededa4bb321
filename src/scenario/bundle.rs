//! A checked scenario with everything it refers to: what a manifest stores and `resume` and `verify --rerun` start from.

use super::file::{RegimeFile, ScenarioFile};
use super::scripts::ScriptTemplate;
use super::{Scenario, load, load_regime, resolve};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A scenario file after `--set`, with its scripts and its regime inlined, and the seed of the run.
///
/// One that is read back is checked like the files that it was made from, since anybody may have changed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Bundle {
    /// Name of the shipped scenario, or the file's name without its ending.
    pub name: String,
    /// Seed of every draw: `--seed`, else the file's.
    pub seed: u64,
    /// The scenario.
    pub scenario: ScenarioFile,
    /// Every script that a room plays, by the name it is played under.
    pub scripts: BTreeMap<String, ScriptTemplate>,
    /// Name of the regime.
    pub regime_name: String,
    /// The regime.
    pub regime: RegimeFile,
}

/// A bundle as read.
#[derive(Deserialize)]
struct Unchecked {
    name: String,
    seed: u64,
    scenario: ScenarioFile,
    scripts: BTreeMap<String, ScriptTemplate>,
    regime_name: String,
    regime: RegimeFile,
}

impl TryFrom<Unchecked> for Bundle {
    type Error = String;

    fn try_from(read: Unchecked) -> Result<Self, String> {
        load::check_again(&read.scenario, &read.scripts)?;
        load_regime::check_again(&read.regime).map_err(|why| format!("regime: {why}"))?;
        Ok(Self {
            name: read.name,
            seed: read.seed,
            scenario: read.scenario,
            scripts: read.scripts,
            regime_name: read.regime_name,
            regime: read.regime,
        })
    }
}

impl Bundle {
    /// Plain numbers and indices. A bundle that came from `load` resolves; one whose text was changed by hand may not.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn resolve(&self) -> Result<Scenario, String> {
        resolve::resolve(self, true, |_| {})
    }

    /// The same, with something done to the rooms before what depends on all their cues at once is worked out.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn resolve_with(&self, change: impl FnOnce(&mut Scenario)) -> Result<Scenario, String> {
        resolve::resolve(self, true, change)
    }
}
