//! Harm, its attribution, and the identities they must meet: pure functions, no world.
mod attribution;
mod channels;
pub use attribution::*;
pub use channels::*;
