//! Files to checked plain data.
pub mod file;
mod model;
pub use model::*;
