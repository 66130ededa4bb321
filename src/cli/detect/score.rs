//! `yellowcart detect score`.

use crate::cli::{Format, Outcome, bad_input, print, print_json};
use crate::detect::score_file::read_scores;
use crate::experiment::detection::{
    StreamFolder, StreamList, StreamsManifest, read_stream, score_streams, streams_in,
};
use crate::report::{board_csv, board_table};
use std::path::{Path, PathBuf};

/// Scores what a detector of yours has said of streams that `generate` has written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart detect generate static --out streams
  (your program reads streams/*/events.parquet and writes scores.jsonl beside each)
  yellowcart detect score streams
  yellowcart detect score streams --scores mine.csv

Thresholds are fixed on the development streams' scores. A file of scores cannot be checked for looking ahead, and cannot be put into the platform's
hands: `bench --external` can do both.")]
pub struct Arguments {
    /// Folder that `yellowcart detect generate` has written
    folder: PathBuf,
    /// What the file of scores in each stream's folder is called: .jsonl, .csv or .parquet
    #[arg(long, default_value = "scores.jsonl")]
    scores: String,
    /// Name of the detector
    #[arg(long, default_value = "yours")]
    name: String,
    /// How the verdicts are printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    let list = streams_in(&arguments.folder).map_err(bad_input)?;
    refuse_changed_streams(&arguments.folder)?;
    refuse_missing_scores(arguments, &list)?;
    let mut heard = Vec::new();
    for of in &list.streams {
        let stream = read_stream(&arguments.folder, of).map_err(bad_input)?;
        let path = arguments.folder.join(&of.folder).join(&arguments.scores);
        let scores = read_scores(&path).map_err(bad_input)?;
        heard.push((of.split, stream, scores));
    }
    if heard.iter().all(|(.., scores)| scores.is_empty()) {
        return Err(bad_input(format!(
            "there are no scores in any {} of the streams in {}",
            arguments.scores,
            arguments.folder.display()
        )));
    }
    let board = score_streams(&arguments.name, &list, &heard);
    match arguments.format {
        Format::Table => print(&board_table(&board)),
        Format::Json => print_json(&board)?,
        Format::Csv => print(&board_csv(&board)),
    }
    Ok(())
}

/// Every stream needs a file of its own: what a detector is silent about is scored too.
fn refuse_missing_scores(arguments: &Arguments, list: &StreamList) -> Outcome {
    let path = |of: &StreamFolder| arguments.folder.join(&of.folder).join(&arguments.scores);
    let missing: Vec<PathBuf> = list
        .streams
        .iter()
        .map(path)
        .filter(|path| !path.exists())
        .collect();
    let Some(first) = missing.first() else {
        return Ok(());
    };
    Err(bad_input(format!(
        "{} of {} streams have no {}, the first {}: each stream has a file of scores of its own, beside its events.parquet; an empty one says nothing. \
         Say what they are called with --scores",
        missing.len(),
        list.streams.len(),
        arguments.scores,
        first.display()
    )))
}

/// Scores are worth as much as the streams and the truth that they are held against: those have to be as they were written.
fn refuse_changed_streams(folder: &Path) -> Outcome {
    let manifest = StreamsManifest::find(folder).map_err(bad_input)?;
    let manifest = manifest.ok_or_else(|| {
        bad_input(format!(
            "{} has no manifest.json that says what the streams were: make them again with yellowcart detect generate",
            folder.display()
        ))
    })?;
    let differences = manifest.differences(folder);
    match differences.is_empty() {
        true => Ok(()),
        false => Err(bad_input(format!(
            "the streams are not as they were written, so nothing can be said of scores: {}",
            differences.join("; ")
        ))),
    }
}
