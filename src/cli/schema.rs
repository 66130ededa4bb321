//! `yellowcart schema`.

/// Prints the JSON Schema of scenario files.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> super::Outcome {
    todo!()
}
