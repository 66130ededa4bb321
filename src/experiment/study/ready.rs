//! A plan made ready: from a point to the scenario that is run there. Touches plain data only.

use super::design::Point;
use super::factor::{Spread, bundle_with, json_of};
use super::outcome::Task;
use super::plan::Plan;
use crate::scenario::{Bundle, Scenario, check_again};
use serde_json::Value as Json;
use std::sync::Arc;

/// A plan with what every run needs of it, made once.
pub struct Ready<'a> {
    plan: &'a Plan,
    scenario: Json,
    regime: Json,
}

impl<'a> Ready<'a> {
    /// Of a plan.
    ///
    /// # Errors
    /// A sentence, if its scenario cannot be written as JSON.
    pub fn of(plan: &'a Plan) -> Result<Self, String> {
        let (scenario, regime) = json_of(&plan.bundle)?;
        Ok(Self {
            plan,
            scenario,
            regime,
        })
    }

    /// The bundle at a point, with the base seed.
    ///
    /// # Errors
    /// A sentence that says at which values what is not allowed.
    pub fn bundle_of(&self, point: &Point) -> Result<Bundle, String> {
        let at = || {
            let values = self.plan.values_of(point);
            let factors = self.plan.factors.iter().zip(values);
            let known = factors.filter_map(|(factor, value)| {
                value.map(|value| format!("{} {value}", factor.name))
            });
            known.collect::<Vec<_>>().join(", ")
        };
        self.put_together(point)
            .map_err(|why| format!("at {}: {why}", at()))
    }

    pub(super) fn put_together(&self, point: &Point) -> Result<Bundle, String> {
        let values = self.plan.values_of(point);
        let factors = || self.plan.factors.iter().zip(&values);
        let mut scenario = self.scenario.clone();
        let (mut regime, mut named) = (self.regime.clone(), None);
        // A regime first: rules that are varied are varied in it.
        for (factor, value) in factors() {
            if let (Spread::Regimes(_), Some(value)) = (&factor.spread, value) {
                let name = value.to_string();
                let file = self
                    .plan
                    .regimes
                    .get(&name)
                    .ok_or_else(|| format!("there is no regime `{name}`"))?;
                regime = serde_json::to_value(file).map_err(|why| why.to_string())?;
                named = Some(name);
            }
        }
        for (factor, value) in factors() {
            if let (false, Some(value)) = (factor.path.is_empty(), value) {
                factor.put(value, &mut scenario, &mut regime)?;
            }
        }
        let mut bundle = bundle_with(&self.plan.bundle, scenario, regime)?;
        check_again(&bundle.scenario, &bundle.scripts)?;
        bundle.regime_name = named.unwrap_or(bundle.regime_name);
        Ok(bundle)
    }

    /// The scenario of a run, ready to be simulated.
    ///
    /// # Errors
    /// A sentence.
    pub fn scenario_of(&self, task: &Task) -> Result<Arc<Scenario>, String> {
        let mut bundle = self.bundle_of(&task.point)?;
        bundle.seed = self.plan.seed_of(task.job);
        let mut scenario = bundle.resolve()?;
        // Nobody reads them here.
        scenario.recording.orders = false;
        Ok(Arc::new(scenario))
    }
}
