//! Yellowcart: an agent-based simulator of live-commerce markets.

pub mod draws;
pub mod market;
pub mod money;
pub mod scenario;
pub mod welfare;
