//! What a pattern is: statistics with bands, the runs that they are measured in, and the mechanism that must bring it about.

use super::sample::Sample;
use crate::scenario::Regime;
use serde::{Deserialize, Serialize};

/// Whether a pattern should hold in any accepted parameter set, or guides (FACTS E).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It should hold in any accepted parameter set.
    Hard,
    /// A guide.
    Soft,
}

impl Kind {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Hard => "hard",
            Kind::Soft => "soft",
        }
    }
}

/// Rules set on top of a scenario's own.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// What they are called in the report.
    pub name: &'static str,
    /// Sets them.
    pub set: fn(&mut Regime),
}

/// A run that statistics are measured in: a named scenario with changes and rules.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// Name of the scenario.
    pub scenario: &'static str,
    /// Changes, each as `--set` takes them.
    pub changes: &'static [&'static str],
    /// Rules, where the scenario's own are not meant.
    pub rules: Option<Rules>,
}

impl Variant {
    /// A scenario as it is.
    pub const fn of(scenario: &'static str) -> Self {
        Self {
            scenario,
            changes: &[],
            rules: None,
        }
    }

    /// The same with changes.
    pub const fn with(self, changes: &'static [&'static str]) -> Self {
        Self { changes, ..self }
    }

    /// The same under rules.
    pub const fn under(self, rules: Rules) -> Self {
        Self {
            rules: Some(rules),
            ..self
        }
    }

    /// Whether both are the same run.
    pub fn is(&self, other: &Variant) -> bool {
        let rules = |variant: &Variant| variant.rules.map(|rules| rules.name);
        self.scenario == other.scenario
            && self.changes == other.changes
            && rules(self) == rules(other)
    }
}

/// A number that a pattern is told by.
#[derive(Debug, Clone, Copy)]
pub struct Statistic {
    /// Key, as in files: "ratio".
    pub key: &'static str,
    /// In words.
    pub label: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// The band that it should lie in; an end may be infinite.
    pub band: [f64; 2],
    /// Whether the band is a guide only, even where the pattern is hard.
    pub kind: Kind,
}

/// How a pattern comes about in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// By mechanisms: it could fail.
    Outcome {
        /// The mechanism.
        mechanism: &'static str,
        /// Changes that switch it off.
        without: &'static [&'static str],
    },
    /// What is measured was put in, so that agreement tests consistency only.
    ByConstruction {
        /// Why.
        why: &'static str,
    },
}

/// A pattern of FACTS E.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// Its number: "P8".
    pub key: &'static str,
    /// What it says.
    pub title: &'static str,
    /// Where it is known from, with evidence code.
    pub source: &'static str,
    /// Hard or soft.
    pub kind: Kind,
    /// How it comes about.
    pub standing: Standing,
    /// The runs.
    pub variants: &'static [Variant],
    /// What is measured in them.
    pub statistics: &'static [Statistic],
    /// Measures it: for each statistic its value at every seed.
    pub measure: fn(&Sample) -> Vec<Measured>,
}

/// What a statistic came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// A value at each seed; `None` where there is nothing to measure.
    BySeed(Vec<Option<f64>>),
    /// Rare events: how many at each seed, and the exposure, in units of the statistic's denominator.
    Rare {
        /// Events at each seed.
        events: Vec<u64>,
        /// Exposure at each seed.
        exposure: Vec<f64>,
    },
}
