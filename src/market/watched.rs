//! A market that is watched: by an observer that wants everything that the platform sees, and by a detector that the platform acts on.

use super::patrol::{self, Detection};
use super::sanction::{Caught, Patrols, Sanctions, Wronged};
use super::{Market, Observer, Thresholds, add_patrols, hearing, observe::Recorder};
use crate::detect::Detector;
use crate::scenario::Scenario;
use std::sync::Arc;

impl Market {
    /// A market that is watched: the observer is handed everything that the platform sees, if it wants it, and `detector`, if there is one, sees it on its
    /// rounds and is acted on from the `thresholds` on. A market with a detector that cannot be saved has no snapshot, nor has one in which accounts or
    /// orders are acted on.
    pub fn watched(
        scenario: Arc<Scenario>,
        (observer, wants_events): (Box<dyn Observer>, bool),
        detector: Option<(Box<dyn Detector>, Thresholds)>,
    ) -> Self {
        let plot = Arc::clone(&scenario);
        let sees = |(detector, _): &(Box<dyn Detector>, _)| detector.sees_accounts();
        let events = wants_events || detector.as_ref().is_some_and(sees);
        let mut market = Self::extended(scenario, observer, |world, evening| {
            if !patrol::patrols(&plot.regime) {
                add_patrols(evening);
            }
            if events {
                let mut recorder = world.resource_mut::<Recorder>();
                recorder.view.want();
            }
        });
        if let Some((detector, thresholds)) = detector {
            let mut recorder = market.world.resource_mut::<Recorder>();
            recorder.view.remember();
            let detection = Detection::by(detector, thresholds);
            market.world.insert_resource(detection);
        }
        hearing::look_back(&mut market.world);
        market
    }

    /// What the detector has led to.
    pub fn sanctions(&self) -> Sanctions {
        self.world.resource::<Patrols>().sanctions
    }

    /// Whom sanctions have hit wrongly.
    pub fn wronged(&self) -> Wronged<'_> {
        self.world.resource::<Patrols>().wronged()
    }

    /// What was found of what farms had delivered.
    pub fn caught(&self) -> &Caught {
        &self.world.resource::<Patrols>().caught
    }
}
