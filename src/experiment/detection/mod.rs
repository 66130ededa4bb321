//! Detection as an experiment: labelled streams of suites, detectors tried on them, and what their alerts come to when a platform acts on them.

mod board;
mod stream;

pub use board::*;
pub use stream::record;
