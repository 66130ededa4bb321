//! Yellowcart: an agent-based simulator of live-commerce markets.

pub mod cli;
pub mod draws;
pub mod experiment;
pub mod market;
pub mod money;
pub mod record;
pub mod report;
pub mod scenario;
pub mod welfare;
