//! stub
mod channels;
pub use channels::*;
