//! x
pub mod controls;
pub mod edit;
pub mod settings;
