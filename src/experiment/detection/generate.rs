//! Streams as files: events and truth as Parquet, events as JSON lines too where that is asked for, with the data card; and back again.

use super::bench::{Stage, facts_of};
use super::board::StreamFacts;
use super::card::card;
use super::counts::FieldCounts;
use super::gate::{leaks, untested};
use super::jobs::side_by_side;
use super::stream::record;
use crate::detect::columns::{EventFile, read_events, read_table, write_table};
use crate::detect::json_lines::write_line;
use crate::detect::suite::{Split, seeds};
use crate::detect::truth::Truth;
use crate::detect::{Event, Labelled};
use crate::experiment::{RunError, RunOptions, VERSION};
use crate::record::{Dossier, Identity, Manifest, Part};
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

/// The part that streams are identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StreamsHashed {
    /// Version of the program.
    pub version: String,
    /// The suite.
    pub streamed: String,
    /// Changes to its market.
    pub changes: Vec<String>,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Files with their hashes.
    pub files: Vec<Part>,
}

/// manifest.json of streams.
pub type StreamsManifest = Manifest<StreamsHashed>;

impl Identity for StreamsHashed {
    const OWN_FIELD: &'static str = "streamed";

    fn files(&self) -> Vec<Part> {
        self.files.clone()
    }
}

/// What is kept of a stream once it is on the disk.
struct Written {
    seed: u64,
    split: Split,
    files: Vec<String>,
    facts: StreamFacts,
    counts: FieldCounts,
}

/// Writes all streams of a suite into a folder, one by one: none is kept in memory. Of the options `csv` and `figures` have no meaning here.
///
/// # Errors
/// Why they were not written. Nothing is left behind then, unless the disk refused.
pub fn generate(
    suite: &Suite,
    json_lines: bool,
    options: &RunOptions,
    stage: &Stage,
) -> Result<Generated, RunError> {
    let dossier = Dossier::begin(&options.out, options.force)?;
    let of = |split: Split| {
        seeds(suite, split)
            .into_iter()
            .map(move |seed| (seed, split))
    };
    let wanted: Vec<(u64, Split)> = of(Split::Development).chain(of(Split::Test)).collect();
    let tell = |done: usize, of: usize| stage("streams", done, of);
    let written = side_by_side(options.threads, wanted.len(), &tell, |number| {
        let (seed, split) = wanted[number];
        let stream = record(suite, seed, split, None)?;
        let files = write_stream(dossier.place(), &name_of(seed, split), &stream, json_lines)?;
        let (facts, counts) = (facts_of(&stream, split), FieldCounts::of(&stream));
        Ok(Written {
            seed,
            split,
            files,
            facts,
            counts,
        })
    });
    let written = match written {
        Ok(written) => written,
        Err(why) => {
            dossier.abandon();
            return Err(why);
        }
    };
    let mut gate = Gate::default();
    let kept = dossier.finish(options.unhashed(), |dossier| {
        gate = describe(dossier, suite, &written)?;
        for name in written.iter().flat_map(|stream| &stream.files) {
            dossier.add_written(name)?;
        }
        Ok(StreamsHashed {
            version: VERSION.to_owned(),
            streamed: suite.name.clone(),
            changes: suite.changes.clone(),
            seeds: written.iter().map(|stream| stream.seed).collect(),
            files: dossier.files(),
        })
    });
    let folder = kept.map_err(RunError::Disk)?;
    Ok(Generated { folder, gate })
}

/// Streams on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Their folder.
    pub folder: PathBuf,
    /// What the leak gate found.
    pub gate: Gate,
}

/// What the leak gate found, in short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gate {
    /// Fields that were tested.
    pub tested: usize,
    /// Fields for which there are too few false events or campaigns.
    pub untested: usize,
    /// Fields that tell more than the gate lets through, as kind and field.
    pub leaking: Vec<String>,
}

fn name_of(seed: u64, split: Split) -> String {
    format!("{}-{seed}", split.name())
}

/// Adds what is said of all streams together: the card, and what it is made from.
fn describe(dossier: &mut Dossier, suite: &Suite, written: &[Written]) -> Result<Gate, String> {
    let of = |split: Split| {
        let mut counts = FieldCounts::default();
        let those = written.iter().filter(|stream| stream.split == split);
        those.for_each(|stream| counts.add(&stream.counts));
        counts
    };
    let (fitted, tried) = (of(Split::Development), of(Split::Test));
    let found = leaks(&fitted, &tried);
    let untested = untested(&found, &tried);
    let facts: Vec<StreamFacts> = written.iter().map(|stream| stream.facts.clone()).collect();
    let streams = written.iter().map(|stream| StreamFolder {
        folder: name_of(stream.seed, stream.split),
        seed: stream.seed,
        split: stream.split,
    });
    let list = StreamList {
        version: VERSION.to_owned(),
        suite: suite.name.clone(),
        streams: streams.collect(),
    };
    let card = card(suite, &facts, (&found, &untested));
    dossier.add("card.md", card.as_bytes())?;
    dossier.add_json("card.json", &facts)?;
    dossier.add_json("leaks.json", &found)?;
    dossier.add_json("suite.json", &suite.file)?;
    dossier.add_json(LIST, &list)?;
    let leaking = found.iter().filter(|leak| leak.leaks());
    Ok(Gate {
        tested: found.len(),
        untested: untested.len(),
        leaking: leaking
            .map(|leak| format!("{} {}", leak.kind, leak.field))
            .collect(),
    })
}

/// Writes a stream into a folder of its own within `place`; the names of the files, from there.
fn write_stream(
    place: &Path,
    name: &str,
    stream: &Labelled,
    json_lines: bool,
) -> Result<Vec<String>, String> {
    let folder = place.join(name);
    let why = |why: &dyn std::fmt::Display| format!("cannot write {}: {why}", folder.display());
    fs::create_dir_all(folder.join("truth")).map_err(|error| why(&error))?;
    let mut events = EventFile::create(&folder.join("events.parquet")).map_err(|e| why(&e))?;
    for event in &stream.events {
        events.push(event).map_err(|error| why(&error))?;
    }
    events.finish().map_err(|error| why(&error))?;
    let mut files = vec!["events.parquet".to_owned()];
    if json_lines {
        write_lines(&folder.join("events.jsonl"), &stream.events).map_err(|e| why(&e))?;
        files.push("events.jsonl".to_owned());
    }
    let truth = &stream.truth;
    let at = |table: &str| folder.join(truth_file(table));
    write_table(&at("campaigns"), &truth.campaigns)
        .and_then(|()| write_table(&at("twins"), &truth.twins))
        .and_then(|()| write_table(&at("actors"), &truth.actors))
        .and_then(|()| write_table(&at("orders"), &truth.orders))
        .and_then(|()| write_table(&at("events"), &truth.events))
        .and_then(|()| write_table(&at("rooms"), &truth.rooms))
        .map_err(|error| why(&error))?;
    files.extend(TRUTH.iter().map(|table| truth_file(table)));
    Ok(files.iter().map(|file| format!("{name}/{file}")).collect())
}

/// The tables of the truth.
const TRUTH: [&str; 6] = ["campaigns", "twins", "actors", "orders", "events", "rooms"];

fn truth_file(table: &str) -> String {
    format!("truth/{table}.parquet")
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
    let at = |table: &str| within.join(truth_file(table));
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
