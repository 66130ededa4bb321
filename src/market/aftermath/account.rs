//! placeholder
use serde::{Deserialize, Serialize};
/// What it all comes to for consumers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HarmAccount {}
