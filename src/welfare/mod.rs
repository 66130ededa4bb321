//! Harm, its attribution, and the identities they must meet: pure functions, no world.
mod attribution;
mod channels;
mod oracle;
pub use attribution::*;
pub use channels::*;
pub use oracle::*;
