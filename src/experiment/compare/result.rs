//! What a comparison comes to: `comparison.json`, and what its table, figures and report are made from.

use super::statistics::LEAST_DRAWS;
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
    /// Regimes that never hold within the scenario, a sentence each.
    pub never_in_force: Vec<String>,
    /// Changes of the command line without which the baseline came to the same in every replication.
    pub inert_changes: Vec<String>,
    /// The arms; the first is the baseline.
    pub arms: Vec<Arm>,
    /// Key of the metric declared primary.
    pub primary: String,
    /// Every metric.
    pub metrics: Vec<Compared>,
    /// Daily paths.
    pub paths: Vec<Path>,
    /// How long claims stay unresolved, by arm; arms without a claim in any replication are left out.
    pub survival: Vec<Waiting>,
}

impl Comparison {
    /// How many comparisons an interval and its p are corrected for: those of the primary metric over the arms, or those of all other metrics and
    /// arms together. One in which nothing differed in any pair is no test, since it cannot come out significant, and does not count.
    pub fn family(&self, primary: bool) -> usize {
        let metrics = self.metrics.iter();
        metrics
            .filter(|of| (of.metric.key == self.primary) == primary)
            .flat_map(|of| &of.differences)
            .filter(|difference| difference.is_test())
            .count()
    }

    /// Replications that would give draws of the assumptions enough for an interval over them; `None` where there are enough, or none are redrawn.
    pub fn replications_for_draws(&self) -> Option<usize> {
        let seeds = self.seeds_per_draw?.max(1) as usize;
        (self.draws() < LEAST_DRAWS).then_some(LEAST_DRAWS * seeds)
    }

    /// Draws of the assumptions; 0 where they are not redrawn.
    pub fn draws(&self) -> usize {
        let seeds = self.seeds_per_draw.unwrap_or(0) as usize;
        self.seeds.len().checked_div(seeds).unwrap_or(0)
    }
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
    /// The first arm before it, the baseline left aside, that came to the very same in every replication.
    pub same_as: Option<String>,
    /// By how many days the scenario ends before the authority could decide anything under it, where it has fines and never can.
    pub days_short: Option<u32>,
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
/// Families of the corrections for multiplicity: see [`Comparison::family`]. What is concluded rests on `corrected` alone ([`Difference::verdict`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Mean over pairs, arm less baseline; 0 without pairs.
    pub mean: f64,
    /// Median over pairs; 0 without pairs. Far from the mean where few pairs make it.
    pub median: f64,
    /// 95 % interval by Student's t: over seeds and, where assumptions were redrawn, over them too. Both ends are the mean where there are fewer
    /// than two pairs (see `pairs`) or the difference does not vary. Not corrected for the number of comparisons.
    pub uncorrected: [f64; 2],
    /// The same interval at the level 5 % over the size of the family (Bonferroni); the same as `uncorrected` for a family of one.
    pub corrected: [f64; 2],
    /// 95 % interval of the mean over seeds, with the assumptions held at those that were drawn: more replications narrow it. `None` unless
    /// assumptions were redrawn, in two draws or more with two seeds or more.
    pub seed_interval: Option<[f64; 2]>,
    /// Where 95 of 100 draws of the assumptions put the difference, with seeds averaged out: only better evidence narrows it. Both ends are
    /// the mean where seeds account for all that is seen. `None` where `seed_interval` is, and with fewer than five draws.
    pub parameter_interval: Option<[f64; 2]>,
    /// Pairs.
    pub pairs: u32,
    /// Pairs that differ at all.
    pub differ: u32,
    /// Where `corrected` leaves zero out only thanks to few pairs: the least number of them, at most a tenth, without which it spans zero
    /// (`statistics::rests_on`).
    pub rests_on: Option<u32>,
    /// p of the paired t-test; 1 with fewer than two pairs. Not corrected for the number of comparisons.
    pub p_uncorrected: f64,
    /// The same times the size of the family (Bonferroni), at most 1: below 5 % where `corrected` leaves zero out.
    pub p_corrected: f64,
    /// Correlation of the arm with the baseline over pairs; `None` where one does not vary or there are fewer than three pairs.
    pub correlation: Option<f64>,
    /// Unpaired replications that would give the same interval, per paired one: (var a + var b) / var (a - b). `None` where the difference does
    /// not vary.
    pub saving: Option<f64>,
    /// Where `corrected` spans zero: about how many more replications would tell the difference seen, if mean and spread stay what they are; `None`
    /// where it does not span zero, there is no difference to tell, or it is rare.
    pub more: Option<u32>,
}

/// What to make of a difference: the same in every table, figure and report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Fewer than two pairs: nothing can be told.
    Untold,
    /// There is no difference in any pair.
    Same,
    /// So few pairs differ at all that Student's t means little: an event that was seen in some replications and not in the others.
    Rare {
        /// Pairs that differ.
        differ: u32,
        /// Of so many.
        pairs: u32,
    },
    /// The corrected interval leaves zero out.
    Differs,
    /// It does, but would not without few of the pairs: not told.
    RestsOn {
        /// Those few.
        few: u32,
        /// Of so many.
        pairs: u32,
    },
    /// It does not.
    Indistinct,
}

impl Verdict {
    /// In a few words, for files.
    pub fn words(self) -> String {
        match self {
            Verdict::Untold => "too few pairs".to_owned(),
            Verdict::Same => "no difference".to_owned(),
            Verdict::Rare { differ, pairs } => {
                format!("differs in {differ} of {pairs} replications")
            }
            Verdict::Differs => "differs".to_owned(),
            Verdict::RestsOn { few, pairs } => format!("rests on {few} of {pairs} replications"),
            Verdict::Indistinct => "not distinguishable".to_owned(),
        }
    }
}

/// Pairs that have to differ before their mean is judged by its interval.
const LEAST_DIFFERING: u32 = 5;

/// Pairs from which on it is known that fewer are a rare event; of less, no number of pairs is few.
const ENOUGH_PAIRS: u32 = 10;

impl Difference {
    /// What to make of it.
    pub fn verdict(&self) -> Verdict {
        let [low, high] = self.corrected;
        match self.pairs {
            0 | 1 => Verdict::Untold,
            _ if self.uncorrected == [0.0; 2] => Verdict::Same,
            _ if self.is_of_one_draw() => Verdict::Untold,
            pairs if self.is_rare() => Verdict::Rare {
                differ: self.differ,
                pairs,
            },
            pairs if low > 0.0 || high < 0.0 => match self.rests_on {
                Some(few) => Verdict::RestsOn { few, pairs },
                None => Verdict::Differs,
            },
            _ => Verdict::Indistinct,
        }
    }

    /// Whether the corrections count it.
    fn is_test(&self) -> bool {
        !matches!(self.verdict(), Verdict::Untold | Verdict::Same)
    }

    /// Whether so few pairs differ that it is a rare event.
    pub fn is_rare(&self) -> bool {
        self.pairs >= ENOUGH_PAIRS && self.differ < LEAST_DIFFERING
    }

    /// Whether all pairs belong to one draw of the assumptions: however many, they are one observation, whose interval has no width and whose p is 1.
    fn is_of_one_draw(&self) -> bool {
        let [low, high] = self.uncorrected;
        low == high && self.p_uncorrected == 1.0
    }
}

/// How long claims stay unresolved in one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Index of the arm.
    pub arm: usize,
    /// Replications in which somebody claimed: the others have no such share.
    pub replications: u32,
    /// By days since a claim was made, from 0: the share not resolved by then (product-limit estimate), mean and the 2.5th and 97.5th percentiles
    /// over those replications.
    pub days: Vec<[f64; 3]>,
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
