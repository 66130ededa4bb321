//! Running worlds: one evening into a results folder. (Replication, comparison and sweeps of evenings come to live here too.)

mod evening;
mod series;
mod trace;

pub use evening::*;
pub use series::*;
pub use trace::*;
