//! A value of a regime with where it comes from, and the units that such values are in.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value with the article that it stands in and how far that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
#[schemars(extend("x-sourced" = true))]
pub struct Sourced<T: Validate<Context = ()>> {
    /// What the rule says.
    #[garde(dive)]
    pub value: T,
    /// The article that says it; where none does, "assumption: " and the reason.
    #[garde(length(chars, min = 1, max = 300))]
    pub article: String,
    /// How far that was checked.
    pub evidence: Evidence,
    /// For a number that is an assumption: the least and the most that it may reasonably be, for sweeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub sweep: Option<[T; 2]>,
}

impl<T: Validate<Context = ()>> Sourced<T> {
    /// A value that no law fixes, and why it is taken.
    pub fn assumed(value: T, why: &str) -> Self {
        Self {
            value,
            article: format!("{ASSUMPTION}: {why}"),
            evidence: Evidence::A,
            sweep: None,
        }
    }
}

/// The word that an article begins with where there is none.
pub const ASSUMPTION: &str = "assumption";

/// How far a value was checked: the codes of FACTS.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Evidence {
    /// in the article that the project starts from
    Seed,
    /// read in a page
    V,
    /// read in the text of a statute
    Vs,
    /// second-hand
    S,
    /// derived from what was read
    D,
    /// recalled, not verified
    R,
    /// assumption
    A,
}

impl Evidence {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Evidence::Seed => "SEED",
            Evidence::V => "V",
            Evidence::Vs => "VS",
            Evidence::S => "S",
            Evidence::D => "D",
            Evidence::R => "R",
            Evidence::A => "A",
        }
    }
}

/// true or false
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(allow_unvalidated)]
#[schemars(extend("x-unit" = "yes or no"))]
pub struct YesNo(pub bool);

/// Days, up to ten years.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
#[schemars(extend("x-unit" = "days"))]
pub struct Days(#[garde(range(min = 0.0, max = 3_660.0))] pub f64);

/// Followers of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
#[schemars(extend("x-unit" = "followers"))]
pub struct Followers(#[garde(range(min = 0.0, max = 1.0e9))] pub f64);

/// A multiple of something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
#[schemars(extend("x-unit" = "multiple"))]
pub struct Multiple(#[garde(range(min = 0.0, max = 100.0))] pub f64);

/// A detector's score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
#[schemars(extend("x-unit" = "score"))]
pub struct AlertScore(#[garde(range(min = 0.0, max = 100.0))] pub f64);

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
#[schemars(extend("x-unit" = "yuan"))]
pub struct Yuan(#[garde(range(min = 0.0, max = 1.0e7))] pub f64);

/// A number of complaints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
#[schemars(extend("x-unit" = "complaints"))]
pub struct Complaints(#[garde(range(min = 0, max = 1_000_000))] pub u32);
