//! The manifest: what a result was made from and what it holds, so that it can be verified offline and made again (contract 5).

use super::table::{Part, hash_of_file, hex};
use super::tables::TablesWriter;
use crate::scenario::Bundle;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

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

/// The part that a result is identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hashed {
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

/// manifest.json.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// What the result is.
    pub hashed: Hashed,
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

impl Manifest {
    /// A manifest with its hash.
    ///
    /// # Errors
    /// A sentence.
    pub fn new(hashed: Hashed, unhashed: Unhashed) -> Result<Self, String> {
        let json = serde_json::to_vec(&hashed).map_err(|why| why.to_string())?;
        Ok(Self {
            sha256_of_hashed: hash_of(&json),
            hashed,
            unhashed,
        })
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// A sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("manifest.json");
        let json = std::fs::read(&path).map_err(|why| {
            format!(
                "{} is not a whole results folder: cannot read manifest.json: {why}",
                folder.display()
            )
        })?;
        serde_json::from_slice(&json)
            .map_err(|why| format!("cannot read {}: {why}", path.display()))
    }

    /// Compares the files of a folder with the manifest: a sentence for every difference.
    pub fn differences(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let json = serde_json::to_vec(&self.hashed).unwrap_or_default();
        if hash_of(&json) != self.sha256_of_hashed {
            found.push("manifest.json: the hashed part has been changed".to_owned());
        }
        let summary = Part {
            path: "summary.json".to_owned(),
            sha256: self.hashed.summary_sha256.clone(),
        };
        let files = self.hashed.tables.values().flat_map(|table| &table.files);
        found.extend(changed_files(
            folder,
            files.chain(&self.hashed.figures).chain([&summary]),
        ));
        found
    }
}

/// Compares files of a folder with their hashes: a sentence for every difference.
pub fn changed_files<'a>(folder: &Path, parts: impl IntoIterator<Item = &'a Part>) -> Vec<String> {
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
    parts.into_iter().filter_map(changed).collect()
}
