//! The list of baselines: by which name each is called, what it looks at, and where it comes from.

use super::*;
use crate::detect::{Detector, Truth};

/// What kind of detector it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Tells what the figures of the others are worth.
    Control,
    /// Looks at one series, rate or price at a time.
    Statistic,
    /// Looks at how things cluster.
    Structure,
    /// Has learnt from labelled streams.
    Supervised,
}

impl Family {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Control => "control",
            Family::Statistic => "statistic",
            Family::Structure => "structure",
            Family::Supervised => "supervised",
        }
    }
}

/// How a detector is made that is told the truth of a stream.
pub type Told = fn(&Truth) -> Box<dyn Detector>;

/// A baseline.
pub struct Baseline {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub family: Family,
    /// What it looks at.
    pub looks_at: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// A new one, as its source has it.
    pub make: fn() -> Box<dyn Detector>,
    /// One that is told the truth of a stream: a control.
    pub told: Option<Told>,
}

fn new<D: Detector + Default>() -> Box<dyn Detector> {
    Box::new(D::default())
}

macro_rules! baselines {
    (@told) => { None };
    (@told $told:expr) => { Some($told) };
    ($($make:expr, $name:literal, $family:ident, $looks:literal, $source:literal $(, $told:expr)?;)*) => {
        &[$(Baseline {
            name: $name,
            family: Family::$family,
            looks_at: $looks,
            source: $source,
            make: $make,
            told: baselines!(@told $($told)?),
        }),*]
    };
}

/// All baselines, controls first.
pub static BASELINES: &[Baseline] = baselines![
    new::<Null>, "null", Control, "nothing, and says nothing", "control";
    new::<Random>, "random", Control, "nothing; says anything", "control";
    new::<Always>, "always", Control, "nothing; says it of everything", "control";
    new::<Oracle>, "oracle", Control, "the truth", "control", |truth| Box::new(Oracle::of(truth));
    new::<BestSingleFeature>, "best_single_feature", Control, "the one raw feature that did best on development streams", "control";
    new::<SilentCrowd>, "silent_crowd", Statistic, "crowds that come at once and do nothing", "rule of this project";
    new::<RobustZ>, "robust_z", Statistic, "jumps of a room's counters", "Iglewicz and Hoaglin 1993";
    new::<Ewma>, "ewma", Statistic, "jumps of a room's counters", "Roberts 1959; Lucas and Saccucci 1990";
    new::<Cusum>, "cusum", Statistic, "shifts of a room's counters", "Page 1954";
    new::<PageHinkley>, "page_hinkley", Statistic, "shifts of a room's counters", "Page 1954; Hinkley 1971";
    new::<BayesianChangePoint>, "bayesian_change_point", Statistic, "changes of a room's counters", "Adams and MacKay 2007";
    new::<EngagementRatios>, "engagement_ratios", Statistic, "likes, comments, clicks and orders a viewer", "rule of thumb of auditors";
    new::<Burstiness>, "burstiness", Statistic, "rhythm of entries and of acts", "Goh and Barabasi 2008; Kim and Jo 2016";
    new::<GapEntropy>, "gap_entropy", Statistic, "rhythm of entries and of acts", "Shannon 1948; Miller 1955";
    new::<Benford>, "benford", Statistic, "first digits (a weak control)", "Nigrini 2012";
    || Box::new(ReferencePrice::days_7()), "reference_7_days", Statistic, "claimed prices against what was charged in 7 days", "price fraud rules of 2022, art. 16-20";
    || Box::new(ReferencePrice::days_30()), "reference_30_days", Statistic, "claimed prices against what was charged in 30 days", "EU directive 98/6, art. 6a";
    new::<CouponVelocity>, "coupon_velocity", Statistic, "coupons taken from one device, address or home", "velocity rules of shops";
    new::<HalfSpaceTrees>, "half_space_trees", Structure, "rare combinations of features", "Tan, Ting and Liu 2011";
    new::<IsolationForest>, "isolation_forest", Structure, "rare combinations of features", "Liu, Ting and Zhou 2008";
    new::<Flock>, "flock", Structure, "when visits begin and how long they last", "Shah 2017";
    new::<CatchSync>, "catch_sync", Structure, "accounts that go to the same places", "Jiang et al. 2014";
    new::<Fraudar>, "fraudar", Structure, "accounts and rooms that are densely tied", "Hooi et al. 2016";
    new::<Logistic>, "logistic", Supervised, "all features, weighted", "logistic regression";
    new::<Boosted>, "boosted", Supervised, "all features, by trees", "gradient boosting, Friedman 2001";
];

/// The baseline of a name.
pub fn baseline(name: &str) -> Option<&'static Baseline> {
    BASELINES.iter().find(|baseline| baseline.name == name)
}

#[cfg(test)]
mod tests {
    use super::BASELINES;

    #[test]
    fn every_baseline_is_called_what_the_list_says() {
        for baseline in BASELINES {
            assert_eq!((baseline.make)().name(), baseline.name);
        }
    }
}
