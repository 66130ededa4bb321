//! `yellowcart trace`.

use super::{Format, Outcome, bad_input, print};
use crate::experiment::{most_harmed, trace_consumer};
use crate::record::RunManifest;
use std::path::PathBuf;

/// Tells one consumer's evening: what it saw, believed, paid, and would have done under honest displays.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart trace output/diamond_necklace-seed20201111 --most-harmed
  yellowcart trace output/diamond_necklace-seed20201111 --consumer 1234
The orders table names the consumers who ordered.")]
pub struct Arguments {
    /// The results folder
    folder: PathBuf,
    /// Index of the consumer
    #[arg(
        long,
        required_unless_present = "most_harmed",
        conflicts_with = "most_harmed"
    )]
    consumer: Option<u64>,
    /// The consumer with the greatest harm
    #[arg(long)]
    most_harmed: bool,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let manifest = RunManifest::read(&arguments.folder).map_err(bad_input)?;
    let consumer = match arguments.consumer {
        Some(consumer) => consumer,
        None => most_harmed(&arguments.folder)
            .map_err(bad_input)?
            .ok_or_else(|| {
                bad_input("nobody was harmed in this run; name somebody with --consumer")
            })?,
    };
    let told = trace_consumer(&manifest.hashed.bundle, consumer).map_err(bad_input)?;
    match arguments.format {
        Format::Table => print(&told.story()),
        Format::Json => super::print_json(&told.rows)?,
        Format::Csv => print(&told.csv()),
    }
    Ok(())
}
