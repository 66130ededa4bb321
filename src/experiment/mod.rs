//! Running worlds: one evening into a results folder; comparisons of regimes over paired replications; studies of many points; answers to lessons; validation against patterns.

mod again;
pub mod compare;
pub mod detection;
mod estimate;
mod evening;
mod lesson;
mod metrics;
mod series;
pub mod study;
mod trace;
pub mod validate;
pub mod workers;

pub use again::*;
pub use estimate::*;
pub use evening::*;
pub use lesson::*;
pub use metrics::*;
pub use series::*;
pub use trace::*;
