//! Running worlds: one evening into a results folder; comparisons of regimes over paired replications; validation against patterns.

pub mod compare;
pub mod detection;
mod evening;
mod metrics;
mod series;
mod trace;
pub mod validate;

pub use evening::*;
pub use metrics::*;
pub use series::*;
pub use trace::*;
