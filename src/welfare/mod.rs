//! Harm, its attribution, and the identities they must meet: pure functions, no world.
mod account;
mod attribution;
mod channels;
mod distribution;
mod oracle;
mod survival;
pub use account::*;
pub use attribution::*;
pub use channels::*;
pub use distribution::*;
pub use oracle::*;
pub use survival::*;
