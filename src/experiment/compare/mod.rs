//! Comparison of regimes over paired replications.

mod result;

pub use result::*;
