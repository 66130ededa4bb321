//! Where a validation is kept: validation.json, validation.csv, a figure of all, and a manifest with the hash of every file.

use super::Validation;
use crate::experiment::{RunError, RunOptions};
use crate::record::{FIGURES, Folder, Identity, Manifest, Part};
use crate::report::{validation_csv, write_validation_figure};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

/// The part that a validation is identified by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ValidationHashed {
    /// Version of the program.
    pub version: String,
    /// Numbers of the patterns that were measured.
    pub validated: Vec<String>,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Changes that all scenarios were given.
    pub changes: Vec<String>,
    /// Files with their hashes.
    pub files: Vec<Part>,
}

/// manifest.json of a validation.
pub type ValidationManifest = Manifest<ValidationHashed>;

impl Identity for ValidationHashed {
    const OWN_FIELD: &'static str = "validated";

    fn files(&self) -> Vec<Part> {
        self.files.clone()
    }
}

/// validation.json.
pub fn bytes_of(validation: &Validation) -> Result<Vec<u8>, String> {
    serde_json::to_vec_pretty(validation).map_err(|why| why.to_string())
}

/// The folder of a validation.
pub struct Store {
    folder: Folder,
}

impl Store {
    /// Makes room for it, before anything is simulated.
    pub fn begin(options: &RunOptions) -> Result<Self, RunError> {
        let folder = Folder::begin(&options.out, options.force)?;
        Ok(Self { folder })
    }

    /// Nothing came of it: the folder goes. That it may stay behind, empty, does no harm.
    pub fn abandon(self) {
        let _ = fs::remove_dir_all(&self.folder.partial);
    }

    /// Writes everything and gives the folder its name.
    pub fn finish(
        self,
        validation: &Validation,
        options: &RunOptions,
    ) -> Result<PathBuf, RunError> {
        let written = self.write(validation, options);
        written.map_err(|why| {
            let place = self.folder.partial.display();
            RunError::Disk(format!("{why}\nwhat there is so far is in {place}"))
        })?;
        self.folder.finish().map_err(RunError::Disk)
    }

    fn write(&self, validation: &Validation, options: &RunOptions) -> Result<(), String> {
        let json = bytes_of(validation)?;
        let csv = validation_csv(validation);
        let mut files = Vec::new();
        for (name, bytes) in [
            ("validation.json", json.as_slice()),
            ("validation.csv", csv.as_bytes()),
        ] {
            self.folder.write(name, bytes)?;
            files.push(Part::of_bytes(name, bytes));
        }
        if options.figures {
            files.extend(self.draw(validation)?);
        }
        let hashed = ValidationHashed {
            version: validation.version.clone(),
            validated: validation
                .patterns
                .iter()
                .map(|pattern| pattern.key.clone())
                .collect(),
            seeds: validation.seeds.clone(),
            changes: validation.changes.clone(),
            files,
        };
        let manifest = ValidationManifest::new(hashed, options.unhashed())?;
        let json = serde_json::to_vec_pretty(&manifest).map_err(|why| why.to_string())?;
        self.folder.write("manifest.json", &json)
    }

    fn draw(&self, validation: &Validation) -> Result<Vec<Part>, String> {
        let figures = self.folder.partial.join(FIGURES);
        let cannot = |why: std::io::Error| format!("cannot write {}: {why}", figures.display());
        fs::create_dir_all(&figures).map_err(cannot)?;
        let drawn = write_validation_figure(&figures, validation).map_err(cannot)?;
        let part = |path: &PathBuf| Part::of_figure(path).map_err(cannot);
        drawn.iter().map(part).collect()
    }
}
