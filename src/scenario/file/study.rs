//! Studies: a scenario, what is varied in it, at which points, how often, and what is measured; for calibration, what was observed.

use super::Name;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A study: factors of a scenario that are varied together, by a design.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct StudyFile {
    /// One line that says what the study asks.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// What it is for, and what to look for.
    #[serde(default)]
    pub story: String,
    /// The scenario: a shipped one or the path of one.
    pub scenario: String,
    /// The regime that holds at every point, by name or path; absent: that of the scenario.
    #[serde(default)]
    pub regime: Option<String>,
    /// Changes to the scenario that hold at every point, such as "population.consumers=20000".
    #[serde(default)]
    #[garde(length(max = 1000))]
    pub changes: Vec<String>,
    /// Seed from which those of runs and points come; absent: that of the scenario.
    #[serde(default)]
    #[garde(inner(range(min = 0, max = 9_007_199_254_740_991_u64)))]
    #[schemars(extend("x-unit" = "seed", "x-source" = "assumption", "x-evidence" = "A"))]
    pub seed: Option<u64>,
    /// Runs of every point: replication r has the same seed at all points. With a stopping rule, the least number. In a calibration, of every candidate, of which the mean is taken: there the seeds
    /// differ.
    #[serde(default = "default_replications")]
    #[garde(range(min = 1, max = 10_000))]
    #[schemars(extend("x-unit" = "runs", "x-source" = "assumption", "x-evidence" = "A"))]
    pub replications: u32,
    /// Metrics that figures and tables show first, by key; absent: those that the targets name, else net detriment, harm of deception and paid sales, as far as the scenario has them. Every run
    /// keeps all metrics.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub metrics: Vec<String>,
    /// At which points the factors are tried; a calibration needs none.
    #[serde(default)]
    #[garde(dive)]
    pub design: Option<DesignTable>,
    /// What is varied, by name.
    #[garde(length(min = 1, max = 100), dive)]
    pub factors: BTreeMap<Name, FactorTable>,
    /// When a point has been run often enough; absent: after `replications`.
    #[serde(default)]
    #[garde(dive)]
    pub stop: Option<StopTable>,
    /// What was observed, by name, for `yellowcart calibrate`.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    pub targets: BTreeMap<Name, TargetTable>,
    /// How `yellowcart calibrate` goes about it.
    #[serde(default)]
    #[garde(dive)]
    pub calibration: CalibrationTable,
}

fn default_replications() -> u32 {
    4
}

/// Which kind of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DesignKind {
    /// every combination of `levels` levels of each factor
    Grid,
    /// `points` points, of which each factor has one in each of as many equal parts of its range (McKay, Beckman and Conover 1979)
    LatinHypercube,
    /// `points` points of a scrambled Sobol sequence; `yellowcart sensitivity` adds the points that indices of variance need
    Sobol,
    /// `trajectories` ways through a grid of `levels` levels, a factor a step (Morris 1991)
    Morris,
    /// the scenario as it is, then each factor by itself at `levels` levels
    OneAtATime,
}

/// At which points the factors are tried.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct DesignTable {
    /// Which kind of points.
    pub kind: DesignKind,
    /// Points of `latin_hypercube` and `sobol`.
    #[serde(default = "default_points")]
    #[garde(range(min = 2, max = 32_768))]
    #[schemars(extend("x-unit" = "points", "x-source" = "assumption: the least number at which indices of variance are worth reading", "x-evidence" = "A"))]
    pub points: u32,
    /// Trajectories of `morris`.
    #[serde(default = "default_trajectories")]
    #[garde(range(min = 2, max = 10_000))]
    #[schemars(extend("x-unit" = "trajectories", "x-source" = "10 to 50 are usual (Saltelli and others 2004) [R]", "x-evidence" = "R"))]
    pub trajectories: u32,
    /// Levels of a factor in `grid`, `morris` (an even number) and `one_at_a_time`. A factor of values has as many levels as values.
    #[serde(default = "default_levels")]
    #[garde(range(min = 2, max = 1000))]
    #[schemars(extend("x-unit" = "levels", "x-source" = "4 is usual for trajectories (Saltelli and others 2004) [R]", "x-evidence" = "R"))]
    pub levels: u32,
}

fn default_points() -> u32 {
    64
}
fn default_trajectories() -> u32 {
    10
}
fn default_levels() -> u32 {
    4
}

/// How a factor's values lie between its ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleKind {
    /// evenly
    #[default]
    Linear,
    /// evenly in the logarithm
    Log,
}

/// Something that is varied. One of `range`, `values`, `normal`, `lognormal`, `triangular` and `regimes`; with `path` alone, the range in which the parameter's declaration says it is plausible.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct FactorTable {
    /// The parameter, as in `--set`: keys joined by dots, positions in arrays counted from 0. Rules of the regime begin with `regime.`.
    pub path: Option<String>,
    /// What it is called in figures; absent: its name.
    #[garde(inner(length(min = 1, max = 80)))]
    pub label: Option<String>,
    /// Lowest and highest value.
    #[schemars(extend("x-unit" = "that of the parameter", "x-source" = "assumption, of the study; absent: as the parameter is declared to be plausible", "x-evidence" = "A"))]
    pub range: Option<[f64; 2]>,
    /// How values lie within the range.
    pub scale: ScaleKind,
    /// Values, each as likely as the others: numbers, texts, or true and false.
    #[schemars(extend("x-unit" = "that of the parameter", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    #[garde(inner(length(min = 2, max = 1000)))]
    pub values: Option<Vec<LevelValue>>,
    /// Mean and standard deviation of a normal distribution, cut at 4 deviations.
    #[schemars(extend("x-unit" = "that of the parameter", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    pub normal: Option<[f64; 2]>,
    /// Median and spread (standard deviation of the logarithm) of a lognormal distribution, cut at 4 deviations.
    #[schemars(extend("x-unit" = "that of the parameter; the spread in log units", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    pub lognormal: Option<[f64; 2]>,
    /// Lowest, likeliest and highest value of a triangular distribution.
    #[schemars(extend("x-unit" = "that of the parameter", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    pub triangular: Option<[f64; 3]>,
    /// Regimes, by name or path, each as likely as the others; such a factor has no path.
    #[garde(inner(length(min = 2, max = 100)))]
    pub regimes: Option<Vec<String>>,
}

/// A value of a factor or of a control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LevelValue {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl LevelValue {
    /// As it is written; numbers that are equal are written alike.
    pub fn written(&self) -> String {
        match self {
            LevelValue::Flag(flag) => flag.to_string(),
            LevelValue::Whole(whole) => whole.to_string(),
            LevelValue::Number(number) => number.to_string(),
            LevelValue::Text(text) => text.clone(),
        }
    }
}

/// When a point has been run often enough: when the 95 % interval of a metric's mean is as narrow as asked. A calibration does not look at it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct StopTable {
    /// The metric, by key.
    pub metric: String,
    /// Half of the interval, in the metric's unit.
    #[serde(default)]
    #[garde(inner(range(min = 0.0, max = 1.0e15)))]
    #[schemars(extend("x-unit" = "that of the metric", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    pub half_width: Option<f64>,
    /// Half of the interval, relative to the mean.
    #[serde(default)]
    #[garde(inner(range(min = 0.000_001, max = 10.0)))]
    #[schemars(extend("x-unit" = "share of the mean", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    pub relative_half_width: Option<f64>,
    /// Replications of a point, at most.
    #[garde(range(min = 2, max = 10_000))]
    #[schemars(extend("x-unit" = "runs", "x-source" = "assumption", "x-evidence" = "A"))]
    pub at_most: u32,
}

/// Something observed that a calibration is to come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TargetTable {
    /// The metric, by key.
    pub metric: String,
    /// What was observed, in the metric's unit.
    #[schemars(extend("x-unit" = "that of the metric", "x-source" = "the target's own source", "x-evidence" = "A"))]
    pub value: f64,
    /// How far a run may be from it, in the metric's unit.
    #[garde(range(min = 1.0e-12, max = 1.0e15))]
    #[schemars(extend("x-unit" = "that of the metric", "x-source" = "assumption, of the study", "x-evidence" = "A"))]
    pub tolerance: f64,
    /// Where it was observed.
    #[serde(default)]
    pub source: String,
}

/// Approximate Bayesian computation by sequential Monte Carlo (Beaumont and others 2009).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct CalibrationTable {
    /// Particles: sets of values that are kept in every round.
    #[garde(range(min = 10, max = 100_000))]
    #[schemars(extend("x-unit" = "particles", "x-source" = "assumption", "x-evidence" = "A"))]
    pub particles: u32,
    /// Share of a round's particles whose distance the next round has to keep to.
    #[garde(range(min = 0.05, max = 0.95))]
    #[schemars(extend("x-unit" = "share", "x-source" = "assumption: the median, as is usual", "x-evidence" = "A"))]
    pub keep: f64,
    /// Rounds, at most.
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-unit" = "rounds", "x-source" = "assumption", "x-evidence" = "A"))]
    pub rounds: u32,
    /// Runs, at most: a calibration that needs more ends with the rounds that it has.
    #[garde(range(min = 10, max = 1_000_000))]
    #[schemars(extend("x-unit" = "runs", "x-source" = "assumption", "x-evidence" = "A"))]
    pub runs: u32,
}

impl Default for CalibrationTable {
    fn default() -> Self {
        Self {
            particles: 100,
            keep: 0.5,
            rounds: 12,
            runs: 10_000,
        }
    }
}
