//! `yellowcart new`.

/// Writes a commented starting scenario.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> super::Outcome {
    todo!()
}
