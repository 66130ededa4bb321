//! Running worlds: one evening into a results folder. (Replication, comparison and sweeps of evenings come to live here too.)

pub mod compare;
mod evening;
mod metrics;
mod series;
mod trace;

pub use evening::*;
pub use metrics::*;
pub use series::*;
pub use trace::*;
