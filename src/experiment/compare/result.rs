//! What a comparison comes to: `comparison.json`, and what its table, figures and report are made from.

use crate::experiment::Metric;
use serde::{Deserialize, Serialize};

/// A comparison of regimes over paired replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name of the scenario.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Version of the program.
    pub version: String,
    /// Consumers simulated one by one, in every run.
    pub consumers: u64,
    /// Seeds of the replications, in order.
    pub seeds: Vec<u64>,
    /// The moment from which the arms differ, as it was given; `None`: from the start.
    pub from: Option<String>,
    /// Whether assumptions were redrawn in every replication.
    pub uncertainty: bool,
    /// Names of the arms; the first is the baseline.
    pub arms: Vec<Arm>,
    /// Key of the metric declared primary.
    pub primary: String,
    /// Every metric.
    pub metrics: Vec<Compared>,
    /// Daily paths.
    pub paths: Vec<Path>,
}

/// A regime in a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Name of the regime.
    pub name: String,
    /// Its title.
    pub title: String,
    /// In how many replications anything differed from the baseline's run; 0 for an inert arm.
    pub changed: u32,
    /// Its rules, each with the number of replications in which it acted.
    pub rules: Vec<(String, u32)>,
}

impl Arm {
    /// Whether it changed nothing in any replication.
    pub fn is_inert(&self) -> bool {
        self.changed == 0
    }
}

/// A metric over all arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What it is.
    pub metric: Metric,
    /// By arm, in order.
    pub means: Vec<Mean>,
    /// By arm after the baseline, in order.
    pub differences: Vec<Difference>,
}

/// A metric in one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// Mean over the replications that have a value.
    pub mean: f64,
    /// 95 % interval of the mean.
    pub interval: [f64; 2],
    /// Value of each replication, in order; `None` where it has none.
    pub values: Vec<Option<f64>>,
}

/// The paired difference of an arm from the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Mean over pairs, arm less baseline.
    pub mean: f64,
    /// 95 % interval: over seeds and, where assumptions were redrawn, over them too.
    pub interval: [f64; 2],
    /// 95 % interval corrected for the number of secondary comparisons; the same as `interval` for the primary metric.
    pub corrected: [f64; 2],
    /// Part of the variance that seeds account for, with assumptions held; `None` unless assumptions were redrawn.
    pub seed_interval: Option<[f64; 2]>,
    /// Interval over assumptions, with seeds averaged out; `None` unless they were redrawn.
    pub parameter_interval: Option<[f64; 2]>,
    /// Pairs.
    pub pairs: u32,
    /// p of the paired t-test.
    pub p: f64,
    /// The same after Holm's correction over the secondary metrics and arms; the same as `p` for the primary metric (corrected over arms).
    pub p_corrected: f64,
    /// Correlation of the arm with the baseline over pairs; `None` where one does not vary.
    pub correlation: Option<f64>,
    /// Unpaired replications that would give the same interval, per paired one; `None` where the difference does not vary.
    pub saving: Option<f64>,
    /// Where the interval spans zero: about how many more replications would tell the difference seen; `None` where it does not span zero or there is
    /// no difference to tell.
    pub more: Option<u32>,
}

/// A daily path of a quantity in one arm: mean and band over replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// What: key of a column of `Summary::days`.
    pub key: String,
    /// In words.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Index of the arm.
    pub arm: usize,
    /// By day: mean, and the 2.5th and 97.5th percentiles over replications.
    pub days: Vec<[f64; 3]>,
}
