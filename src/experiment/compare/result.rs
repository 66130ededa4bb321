//! What a comparison comes to: `comparison.json`, and what its table, figures and report are made from.

use super::uncertainty::Redrawn;
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
    /// Seed from which those of the replications come.
    pub base_seed: u64,
    /// Seeds of the replications, in order; the same in all arms.
    pub seeds: Vec<u64>,
    /// The moment from which the arms differ, as it was given; `None`: from the start.
    pub from: Option<String>,
    /// Whether assumptions were redrawn in every replication.
    pub uncertainty: bool,
    /// Replications for each draw of the assumptions, which differ in their seeds; `None` unless assumptions were redrawn. The first so many
    /// replications belong to the first draw, and so on.
    pub seeds_per_draw: Option<u32>,
    /// What the assumptions were redrawn to; empty unless they were.
    pub redrawn: Vec<Redrawn>,
    /// Changes of the command line without which the baseline's first replication came to the same.
    pub inert_changes: Vec<String>,
    /// The arms; the first is the baseline.
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
    /// The moment from which its rules hold, where it is not the start.
    pub from: Option<String>,
    /// In how many replications anything that is counted (the whole summary but for the rules themselves) differed from the baseline's run; 0 for
    /// an inert arm, and for the baseline.
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
    /// Mean over the replications that have a value; 0 where none has.
    pub mean: f64,
    /// 95 % interval of the mean, by Student's t. Both ends are the mean where fewer than two replications have a value or all have the same.
    pub interval: [f64; 2],
    /// Value of each replication, in order; `None` where it has none.
    pub values: Vec<Option<f64>>,
}

/// The paired difference of an arm from the baseline. A pair is a replication in which both have a value. Where assumptions were redrawn what
/// is averaged, and what degrees of freedom are counted from, is the mean of each draw: replications of one draw are not independent.
///
/// Families of the corrections for multiplicity: the primary metric over the arms; all other metrics and arms together. A comparison in which
/// nothing differed in any pair is no test, since it cannot come out significant, and does not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Mean over pairs, arm less baseline; 0 without pairs.
    pub mean: f64,
    /// 95 % interval by Student's t: over seeds and, where assumptions were redrawn, over them too. Both ends are the mean where there are fewer
    /// than two pairs (see `pairs`) or the difference does not vary.
    pub interval: [f64; 2],
    /// The same interval at the level 5 % over the size of the family (Bonferroni); the same as `interval` for the primary metric with one arm.
    pub corrected: [f64; 2],
    /// 95 % interval of the mean over seeds, with the assumptions held at those that were drawn: more replications narrow it. `None` unless
    /// assumptions were redrawn, in two draws or more with two seeds or more.
    pub seed_interval: Option<[f64; 2]>,
    /// Where 95 of 100 draws of the assumptions put the difference, with seeds averaged out: only better evidence narrows it. Both ends are
    /// the mean where seeds account for all that is seen. `None` where `seed_interval` is.
    pub parameter_interval: Option<[f64; 2]>,
    /// Pairs.
    pub pairs: u32,
    /// p of the paired t-test; 1 with fewer than two pairs.
    pub p: f64,
    /// The same after Holm's correction over its family; the same as `p` for the primary metric with one arm.
    pub p_corrected: f64,
    /// Correlation of the arm with the baseline over pairs; `None` where one does not vary or there are fewer than three pairs.
    pub correlation: Option<f64>,
    /// Unpaired replications that would give the same interval, per paired one: (var a + var b) / var (a - b). `None` where the difference does
    /// not vary.
    pub saving: Option<f64>,
    /// Where `interval` spans zero: about how many more replications would tell the difference seen, if mean and spread stay what they are; `None`
    /// where it does not span zero or there is no difference to tell.
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
