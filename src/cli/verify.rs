//! `yellowcart verify`.

/// Verifies a results folder.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> super::Outcome {
    todo!()
}
