//! `yellowcart check`.

/// Checks scenario files and reports every error at once.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> super::Outcome {
    todo!()
}
