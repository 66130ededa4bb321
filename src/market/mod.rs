//! stub
mod rows;
mod summary;
pub use rows::*;
pub use summary::*;
