//! Lessons: a story, a question and an evening (or two, side by side) in which a class finds the answer. What is asked is answered by the model.

use super::{LevelValue, Name};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A lesson: a story with a question, a scenario with preset controls, what to try, what to look for, and what is asked before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct LessonFile {
    /// One line that says what the lesson is about, in English.
    #[garde(length(min = 1, max = 200))]
    pub title: String,
    /// The same in Chinese.
    #[garde(length(min = 1, max = 200))]
    pub title_zh: String,
    /// What happened, in plain words, in English.
    #[garde(length(min = 1, max = 4000))]
    pub story: String,
    /// The same in Chinese.
    #[garde(length(min = 1, max = 4000))]
    pub story_zh: String,
    /// The question that is worth arguing about, in English.
    #[garde(length(min = 1, max = 500))]
    pub question: String,
    /// The same in Chinese.
    #[garde(length(min = 1, max = 500))]
    pub question_zh: String,
    /// How long it takes in class.
    #[garde(range(min = 1, max = 240))]
    #[schemars(extend("x-unit" = "minutes", "x-source" = "assumption, of the lesson", "x-evidence" = "A"))]
    pub minutes: u32,
    /// The scenario: a shipped one or the path of one.
    pub scenario: String,
    /// Changes to the scenario in both panes, such as "population.consumers=20000".
    #[serde(default)]
    #[garde(length(max = 100))]
    pub changes: Vec<String>,
    /// Seed of both panes; absent: that of the scenario.
    #[serde(default)]
    #[garde(inner(range(min = 0, max = 9_007_199_254_740_991_u64)))]
    #[schemars(extend("x-unit" = "seed", "x-source" = "assumption", "x-evidence" = "A"))]
    pub seed: Option<u64>,
    /// How fast the evening plays; 0: as fast as it can.
    #[serde(default = "default_speed")]
    #[garde(range(min = 0.0, max = 100_000.0))]
    #[schemars(extend("x-unit" = "simulated seconds a second", "x-source" = "assumption: an evening of five hours in five minutes", "x-evidence" = "A"))]
    pub speed: f64,
    /// The first pane: absent, the scenario as it is.
    #[serde(default)]
    #[garde(dive)]
    pub a: PaneTable,
    /// The second pane, of the same people with the same luck; absent: one pane.
    #[serde(default)]
    #[garde(dive)]
    pub b: Option<PaneTable>,
    /// Keys of the controls that stand out.
    #[serde(default)]
    #[garde(length(max = 20))]
    pub controls: Vec<String>,
    /// What to try, in order.
    #[serde(default, rename = "try")]
    #[garde(length(max = 20), dive)]
    pub tries: Vec<BothTable>,
    /// What to look for.
    #[serde(default)]
    #[garde(length(max = 20), dive)]
    pub look_for: Vec<BothTable>,
    /// What the class votes on before anything runs.
    #[garde(dive)]
    pub predict: QuestionTable,
    /// What it votes on once it has seen the evening.
    #[garde(dive)]
    pub check: QuestionTable,
}

fn default_speed() -> f64 {
    60.0
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct BothTable {
    /// In English.
    #[garde(length(min = 1, max = 500))]
    pub en: String,
    /// In Chinese.
    #[garde(length(min = 1, max = 500))]
    pub zh: String,
}

/// What a pane leaves out of the scenario.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Without {
    /// nothing is bought from farms
    Bots,
    /// every script that deceives is replaced by an honest pitch of the same goods at the same price
    Script,
}

/// A pane: the scenario with a few things changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct PaneTable {
    /// What the pane is called, in English; absent: by its letter.
    #[garde(length(max = 60))]
    pub label: String,
    /// The same in Chinese.
    #[garde(length(max = 60))]
    pub label_zh: String,
    /// The rules in force, by name or path; absent: those of the scenario.
    pub regime: Option<String>,
    /// What is left out.
    #[garde(length(max = 2))]
    pub without: Vec<Without>,
    /// Where controls stand that do not stand where the scenario has them, by key: a number, or the name of a choice.
    #[schemars(extend("x-dotted" = true, "x-unit" = "that of the control", "x-source" = "assumption, of the lesson", "x-evidence" = "A"))]
    #[garde(length(max = 50))]
    pub controls: BTreeMap<String, LevelValue>,
}

/// A question with options, of which the model says which is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct QuestionTable {
    /// The question, in English.
    #[garde(length(min = 1, max = 500))]
    pub question: String,
    /// The same in Chinese.
    #[garde(length(min = 1, max = 500))]
    pub question_zh: String,
    /// What the model measures to answer it.
    #[garde(dive)]
    pub measure: MeasureTable,
    /// The options: together they hold every value, each of them once.
    #[garde(length(min = 2, max = 6), dive)]
    pub options: Vec<OptionTable>,
}

/// Of which pane something is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeasuredOf {
    /// of the first pane
    A,
    /// of the second pane
    B,
    /// what the second pane has more than the first
    Difference,
    /// the same, as a share of what the first pane has
    Change,
}

/// A count of a room or of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TotalKind {
    /// views on display
    DisplayedViews,
    /// views of people
    RealViews,
    /// largest number of viewers on display
    PeakDisplayedViewers,
    /// largest number of real viewers, a crowd that only looks in among them
    PeakRealViewers,
    /// looks at offers
    Looks,
    /// orders on display
    DisplayedOrders,
    /// orders of people
    RealOrders,
    /// brushed orders
    BrushedOrders,
    /// people who paid at least once
    DistinctBuyers,
    /// orders that were paid
    PaidOrders,
    /// sales paid, yuan
    PaidSales,
    /// people who paid per view of people
    TrueConversion,
    /// orders on display per view on display
    ApparentConversion,
    /// harm of deception at orders that were paid, yuan
    HarmPaid,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenAs {
    /// as it is
    #[default]
    Number,
    /// a hundred times as much, with a percent sign
    Percent,
}

/// What the model measures: a metric of the whole run, or a count of a room or of the market.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct MeasureTable {
    /// Of which pane.
    pub of: MeasuredOf,
    /// A metric of the whole run, by key, as in `yellowcart compare --primary`.
    #[serde(default)]
    pub metric: Option<String>,
    /// The room whose `total` it is; absent: that of the whole market.
    #[serde(default)]
    pub room: Option<Name>,
    /// A count, instead of a metric.
    #[serde(default)]
    pub total: Option<TotalKind>,
    /// Another room of the same pane: what `room` has more than this one, as a share of what this one has.
    #[serde(default)]
    pub against_room: Option<Name>,
    /// A sentence in English with `{}` where the value goes.
    #[garde(length(min = 1, max = 500))]
    pub words: String,
    /// The same in Chinese.
    #[garde(length(min = 1, max = 500))]
    pub words_zh: String,
    /// How the value is written.
    #[serde(default)]
    pub written: WrittenAs,
    /// Digits after the point.
    #[serde(default)]
    #[garde(range(min = 0, max = 6))]
    #[schemars(extend("x-unit" = "digits", "x-source" = "assumption", "x-evidence" = "A"))]
    pub digits: u32,
}

/// An option, and the values for which it is right: from `from` on, to below `until`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct OptionTable {
    /// The option, in English.
    #[garde(length(min = 1, max = 200))]
    pub text: String,
    /// The same in Chinese.
    #[garde(length(min = 1, max = 200))]
    pub text_zh: String,
    /// The lowest value for which it is right; absent: there is none.
    #[serde(default)]
    #[schemars(extend("x-unit" = "that of the measure; shares of 1 where it is a change", "x-source" = "assumption, of the lesson", "x-evidence" = "A"))]
    pub from: Option<f64>,
    /// The value from which on it is no longer right; absent: there is none.
    #[serde(default)]
    #[schemars(extend("x-unit" = "that of the measure; shares of 1 where it is a change", "x-source" = "assumption, of the lesson", "x-evidence" = "A"))]
    pub until: Option<f64>,
}
