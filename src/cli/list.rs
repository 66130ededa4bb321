//! `yellowcart list`.

/// Lists the shipped scenarios, scripts and regimes.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> super::Outcome {
    todo!()
}
