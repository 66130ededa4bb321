//! Streams as files: events and truth as Parquet, events as JSON lines too where that is asked for, with the data card; and back again.

use super::bench::{Stage, facts_of};
use super::card::card;
use super::gate::leaks;
use super::jobs::side_by_side;
use super::stream::record;
use crate::detect::columns::{EventFile, read_events, read_table, write_table};
use crate::detect::json_lines::write_line;
use crate::detect::suite::{Split, seeds};
use crate::detect::truth::Truth;
use crate::detect::{Event, Labelled};
use crate::experiment::RunError;
use crate::scenario::Suite;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// What the list of streams is called.
const LIST: &str = "streams.json";

/// A stream in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamFolder {
    /// Folder, within that of all.
    pub folder: String,
    /// Seed.
    pub seed: u64,
    /// What it is for.
    pub split: Split,
}

/// The streams of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamList {
    /// Version of the program.
    pub version: String,
    /// The suite.
    pub suite: String,
    /// The streams.
    pub streams: Vec<StreamFolder>,
}

/// Writes all streams of a suite into a folder that is not there yet.
///
/// # Errors
/// Why they were not written.
pub fn generate(
    suite: &Suite,
    out: &Path,
    (json_lines, force): (bool, bool),
    threads: usize,
    stage: &Stage,
) -> Result<PathBuf, RunError> {
    let partial = begin(out, force)?;
    let wanted: Vec<(u64, Split)> = [Split::Development, Split::Test]
        .into_iter()
        .flat_map(|split| {
            seeds(suite, split)
                .into_iter()
                .map(move |seed| (seed, split))
        })
        .collect();
    let tell = |done: usize, of: usize| stage("streams", done, of);
    let streams = side_by_side(threads, wanted.len(), &tell, |number| {
        let (seed, split) = wanted[number];
        let stream = record(suite, seed, split, None)?;
        write_stream(&partial.join(name_of(seed, split)), &stream, json_lines)?;
        Ok(stream)
    });
    let streams = streams.inspect_err(|_| {
        let _ = fs::remove_dir_all(&partial);
    })?;
    let disk =
        |why: std::io::Error| RunError::Disk(format!("cannot write {}: {why}", out.display()));
    write_card(suite, &partial, &wanted, &streams).map_err(disk)?;
    fs::rename(&partial, out).map_err(disk)?;
    Ok(out.to_owned())
}

fn name_of(seed: u64, split: Split) -> String {
    format!("{}-{seed}", split.name())
}

/// The folder under the name that says that it is not whole yet.
fn begin(out: &Path, force: bool) -> Result<PathBuf, RunError> {
    let mut name = out.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let disk =
        |why: std::io::Error| RunError::Disk(format!("cannot write {}: {why}", out.display()));
    if out.exists() {
        let ours = out.join(LIST).is_file();
        if !(force && ours) {
            let help = if ours {
                "add --force to replace it"
            } else {
                "it is not one of ours"
            };
            let why = format!(
                "{} is there already: {help}, or name another folder with --out",
                out.display()
            );
            return Err(RunError::Input(why));
        }
        fs::remove_dir_all(out).map_err(disk)?;
    }
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(disk)?;
    }
    fs::create_dir_all(&partial).map_err(disk)?;
    Ok(partial)
}

fn write_card(
    suite: &Suite,
    folder: &Path,
    wanted: &[(u64, Split)],
    streams: &[Labelled],
) -> std::io::Result<()> {
    let each = || wanted.iter().zip(streams);
    let of = |split: Split| -> Vec<&Labelled> {
        each()
            .filter(|((_, its), _)| *its == split)
            .map(|(_, stream)| stream)
            .collect()
    };
    let found = leaks(&of(Split::Development), &of(Split::Test));
    let facts: Vec<_> = each()
        .map(|((_, split), stream)| facts_of(stream, *split))
        .collect();
    fs::write(folder.join("card.md"), card(suite, &facts, &found))?;
    let list = StreamList {
        version: crate::experiment::VERSION.to_owned(),
        suite: suite.name.clone(),
        streams: wanted
            .iter()
            .map(|(seed, split)| StreamFolder {
                folder: name_of(*seed, *split),
                seed: *seed,
                split: *split,
            })
            .collect(),
    };
    let facts = serde_json::to_string_pretty(&facts)?;
    fs::write(folder.join("card.json"), facts)?;
    fs::write(
        folder.join("leaks.json"),
        serde_json::to_string_pretty(&found)?,
    )?;
    fs::write(
        folder.join("suite.json"),
        serde_json::to_string_pretty(&suite.file)?,
    )?;
    fs::write(folder.join(LIST), serde_json::to_string_pretty(&list)?)
}

fn write_stream(folder: &Path, stream: &Labelled, json_lines: bool) -> Result<(), String> {
    let why = |why: &dyn std::fmt::Display| format!("cannot write {}: {why}", folder.display());
    fs::create_dir_all(folder.join("truth")).map_err(|error| why(&error))?;
    let mut events = EventFile::create(&folder.join("events.parquet")).map_err(|e| why(&e))?;
    for event in &stream.events {
        events.push(event).map_err(|error| why(&error))?;
    }
    events.finish().map_err(|error| why(&error))?;
    if json_lines {
        write_lines(&folder.join("events.jsonl"), &stream.events).map_err(|e| why(&e))?;
    }
    let truth = &stream.truth;
    let at = |name: &str| folder.join("truth").join(format!("{name}.parquet"));
    write_table(&at("campaigns"), &truth.campaigns)
        .and_then(|()| write_table(&at("twins"), &truth.twins))
        .and_then(|()| write_table(&at("actors"), &truth.actors))
        .and_then(|()| write_table(&at("orders"), &truth.orders))
        .and_then(|()| write_table(&at("events"), &truth.events))
        .and_then(|()| write_table(&at("rooms"), &truth.rooms))
        .map_err(|error| why(&error))
}

fn write_lines(path: &Path, events: &[Event]) -> std::io::Result<()> {
    let mut out = BufWriter::new(fs::File::create(path)?);
    let mut line = Vec::new();
    for event in events {
        line.clear();
        write_line(event, &mut line);
        out.write_all(&line)?;
    }
    out.flush()
}

/// The list of the streams in a folder.
///
/// # Errors
/// A sentence that says what is wrong with the folder.
pub fn streams_in(folder: &Path) -> Result<StreamList, String> {
    let path = folder.join(LIST);
    let text = fs::read_to_string(&path).map_err(|why| {
        format!(
            "{} holds no streams ({why}); make some with: yellowcart detect generate static --out {}",
            folder.display(),
            folder.display()
        )
    })?;
    serde_json::from_str(&text).map_err(|why| format!("cannot read {}: {why}", path.display()))
}

/// Reads a stream that [`generate`] wrote.
///
/// # Errors
/// A sentence that says what is wrong with the files.
pub fn read_stream(folder: &Path, of: &StreamFolder) -> Result<Labelled, String> {
    let within = folder.join(&of.folder);
    let at = |name: &str| within.join("truth").join(format!("{name}.parquet"));
    let why = |why: crate::detect::columns::FileError| why.to_string();
    Ok(Labelled {
        seed: of.seed,
        events: read_events(&within.join("events.parquet")).map_err(why)?,
        truth: Truth {
            campaigns: read_table(&at("campaigns")).map_err(why)?,
            twins: read_table(&at("twins")).map_err(why)?,
            actors: read_table(&at("actors")).map_err(why)?,
            orders: read_table(&at("orders")).map_err(why)?,
            events: read_table(&at("events")).map_err(why)?,
            rooms: read_table(&at("rooms")).map_err(why)?,
        },
    })
}
