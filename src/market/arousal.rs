//! Arousal: what excites a room, on two tracks. The displayed one has everything in it; the honest one leaves out staged cues and
//! bots' comments, and is what the counterfactual of MODEL section 6 uses. Both decay with one half-life.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// Arousal of a room at a second.
#[derive(Component, Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Arousal {
    /// With everything in it.
    pub displayed: f64,
    /// Without staged cues and bots.
    pub honest: f64,
    /// The second at which these values hold.
    pub at: f64,
}

impl Arousal {
    /// Lets it decay until `second`.
    pub fn decay_to(&mut self, second: f64, half_life: f64) {
        let left = libm::exp2((self.at - second) / half_life);
        self.displayed *= left;
        self.honest *= left;
        self.at = second;
    }

    /// Adds an excitement; a staged one is missing on the honest track.
    pub fn excite(&mut self, amount: f64, staged: bool) {
        self.displayed += amount;
        if !staged {
            self.honest += amount;
        }
    }

    /// The mean of the displayed arousal over the next `seconds`, exactly, so that a finer tick changes nothing.
    pub fn mean_ahead(&self, seconds: f64, half_life: f64) -> f64 {
        if self.displayed == 0.0 {
            return 0.0;
        }
        let decays = seconds * std::f64::consts::LN_2 / half_life;
        self.displayed * (1.0 - libm::exp(-decays)) / decays
    }
}

#[cfg(test)]
mod tests {
    use super::Arousal;

    #[test]
    fn means_over_two_halves_make_the_mean_over_the_whole() {
        let start = Arousal {
            displayed: 2.0,
            honest: 1.0,
            at: 0.0,
        };
        let mut later = start;
        later.decay_to(5.0, 90.0);
        let halves = 0.5 * (start.mean_ahead(5.0, 90.0) + later.mean_ahead(5.0, 90.0));
        assert!((halves - start.mean_ahead(10.0, 90.0)).abs() < 1e-12);
        assert!((later.honest / later.displayed - 0.5).abs() < 1e-12);
    }
}
