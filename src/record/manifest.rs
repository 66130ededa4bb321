//! The manifest: what a result was made from and what it holds, so that it can be verified offline and made again (contract 5).

use super::table::{Part, hash_of_file, hex};
use super::tables::TablesWriter;
use crate::scenario::Bundle;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What it is called in a results folder.
const MANIFEST: &str = "manifest.json";

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Rows.
    pub rows: u64,
    /// Hash over the values.
    pub content_sha256: String,
    /// Files with their hashes.
    pub files: Vec<Part>,
}

/// The part that a run is identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunHashed {
    /// Version of the program.
    pub version: String,
    /// Scenario and regime as resolved after `--set`, scripts inlined, seed.
    pub bundle: Bundle,
    /// Tables by name.
    pub tables: BTreeMap<String, TableEntry>,
    /// Hash of the state at the end of each day.
    pub state_hashes: Vec<String>,
    /// SHA-256 of summary.json.
    pub summary_sha256: String,
    /// Figures with their hashes.
    pub figures: Vec<Part>,
}

/// manifest.json of a run.
pub type RunManifest = Manifest<RunHashed>;

/// The part that says how this copy was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unhashed {
    /// The command line.
    pub command: Vec<String>,
    /// Threads.
    pub threads: usize,
    /// The folder as it was named.
    pub folder: String,
}

/// What a kind of result is identified by: the hashed part of its manifest.
pub trait Identity: Serialize + DeserializeOwned {
    /// A field that no other kind of result has: by it a manifest is known to be one of this kind.
    const OWN_FIELD: &'static str;

    /// All files of the result with their hashes.
    fn files(&self) -> Vec<Part>;

    /// Whether what was read fits together.
    ///
    /// # Errors
    /// A sentence.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// manifest.json.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest<H> {
    /// What the result is.
    pub hashed: H,
    /// SHA-256 of `hashed` as compact JSON.
    pub sha256_of_hashed: String,
    /// How this copy was made.
    pub unhashed: Unhashed,
}

/// SHA-256 of bytes, in hex.
pub fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Table entries of a writer.
pub fn entries_of(writer: &TablesWriter) -> BTreeMap<String, TableEntry> {
    writer
        .tables()
        .map(|table| {
            let entry = TableEntry {
                rows: table.rows(),
                content_sha256: table.content_hash(),
                files: table.parts().to_vec(),
            };
            (table.name().to_owned(), entry)
        })
        .collect()
}

impl<H: Identity> Manifest<H> {
    /// A manifest with its hash.
    ///
    /// # Errors
    /// A sentence.
    pub fn new(hashed: H, unhashed: Unhashed) -> Result<Self, String> {
        let json = serde_json::to_vec(&hashed).map_err(|why| why.to_string())?;
        Ok(Self {
            sha256_of_hashed: hash_of(&json),
            hashed,
            unhashed,
        })
    }

    /// Reads the manifest of a folder; `None` if it is none of this kind of result.
    ///
    /// # Errors
    /// A sentence, if it is one of this kind and cannot be read.
    pub fn find(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join(MANIFEST);
        let json = std::fs::read(&path).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
        if value["hashed"].get(H::OWN_FIELD).is_none() {
            return Ok(None);
        }
        let read = serde_json::from_slice::<Self>(&json).map_err(|why| why.to_string());
        read.and_then(|read| read.hashed.check().map(|()| Some(read)))
            .map_err(|why| format!("cannot read {}: {why}", path.display()))
    }

    /// Compares the files of a folder with the manifest: a sentence for every difference.
    pub fn differences(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let json = serde_json::to_vec(&self.hashed).unwrap_or_default();
        if hash_of(&json) != self.sha256_of_hashed {
            found.push(format!("{MANIFEST}: the hashed part has been changed"));
        }
        found.extend(changed_files(folder, &self.hashed.files()));
        found
    }
}

impl Identity for RunHashed {
    const OWN_FIELD: &'static str = "bundle";

    fn files(&self) -> Vec<Part> {
        let tables = self.tables.values().flat_map(|table| &table.files);
        let summary = Part {
            path: "summary.json".to_owned(),
            sha256: self.summary_sha256.clone(),
        };
        let with_figures = tables.chain(&self.figures).cloned();
        with_figures.chain([summary]).collect()
    }
}

impl RunManifest {
    /// Reads the manifest of a run's folder, which is known to be one.
    ///
    /// # Errors
    /// A sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(MANIFEST);
        let json = std::fs::read(&path).map_err(|why| {
            format!(
                "{} is not a whole results folder: cannot read {MANIFEST}: {why}",
                folder.display()
            )
        })?;
        serde_json::from_slice(&json)
            .map_err(|why| format!("cannot read {}: {why}", path.display()))
    }
}

/// Compares files of a folder with their hashes: a sentence for every difference.
fn changed_files(folder: &Path, parts: &[Part]) -> Vec<String> {
    let changed = |part: &Part| {
        // A manifest that was tampered with must not make us read elsewhere.
        let inside = Path::new(&part.path)
            .components()
            .all(|step| matches!(step, std::path::Component::Normal(_)));
        if !inside {
            return Some(format!("{}: is not a path inside the folder", part.path));
        }
        match hash_of_file(&folder.join(&part.path)) {
            Err(why) => Some(format!("{}: {why}", part.path)),
            Ok(hash) => (hash != part.sha256).then(|| format!("{}: has been changed", part.path)),
        }
    };
    parts.iter().filter_map(changed).collect()
}
