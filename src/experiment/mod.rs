//! Running worlds: one evening into a results folder. Comparisons of regimes over paired replications of it.

pub mod compare;
mod evening;
mod metrics;
mod series;
mod trace;

pub use evening::*;
pub use metrics::*;
pub use series::*;
pub use trace::*;
