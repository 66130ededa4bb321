//! Files to checked plain data.
mod bundle;
pub mod file;
mod model;
pub use bundle::*;
pub use model::*;
