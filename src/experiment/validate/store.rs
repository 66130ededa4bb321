//! Where a validation is kept: validation.json, validation.csv, a figure of all, and a manifest with the hash of every file.

use super::Validation;
use crate::experiment::{RunError, RunOptions};
use crate::record::{Folder, Part, Unhashed, changed_files, hash_of, hash_of_file};
use crate::report::{validation_csv, write_validation_figure};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

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
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ValidationManifest {
    /// What the result is.
    pub hashed: ValidationHashed,
    /// SHA-256 of `hashed` as compact JSON.
    pub sha256_of_hashed: String,
    /// How this copy was made.
    pub unhashed: Unhashed,
}

impl ValidationManifest {
    /// Reads the manifest of a folder; `None` if it is none of a validation.
    ///
    /// # Errors
    /// A sentence, if it is one of a validation and cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join("manifest.json");
        let json = fs::read(&path).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
        if value["hashed"].get("validated").is_none() {
            return Ok(None);
        }
        let read = serde_json::from_slice(&json).map(Some);
        read.map_err(|why| format!("cannot read {}: {why}", path.display()))
    }

    /// Compares the files of a folder with the manifest: a sentence for every difference.
    pub fn differences(&self, folder: &Path) -> Vec<String> {
        let json = serde_json::to_vec(&self.hashed).unwrap_or_default();
        let mut found = Vec::new();
        if hash_of(&json) != self.sha256_of_hashed {
            found.push("manifest.json: the hashed part has been changed".to_owned());
        }
        found.extend(changed_files(folder, &self.hashed.files));
        found
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
        let begun = Folder::begin(&options.out, options.force);
        let folder = begun.map_err(|(sentence, input)| match input {
            true => RunError::Input(sentence),
            false => RunError::Disk(sentence),
        })?;
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
            files.push(Part {
                path: name.to_owned(),
                sha256: hash_of(bytes),
            });
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
        let compact = serde_json::to_vec(&hashed).map_err(|why| why.to_string())?;
        let manifest = ValidationManifest {
            sha256_of_hashed: hash_of(&compact),
            hashed,
            unhashed: Unhashed {
                command: options.command.clone(),
                threads: options.threads,
                folder: options.out.display().to_string(),
            },
        };
        let json = serde_json::to_vec_pretty(&manifest).map_err(|why| why.to_string())?;
        self.folder.write("manifest.json", &json)
    }

    fn draw(&self, validation: &Validation) -> Result<Vec<Part>, String> {
        let figures = self.folder.partial.join("figures");
        let cannot = |why: std::io::Error| format!("cannot write {}: {why}", figures.display());
        fs::create_dir_all(&figures).map_err(cannot)?;
        let drawn = write_validation_figure(&figures, validation).map_err(cannot)?;
        let part = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let path_inside = format!("figures/{name}");
            hash_of_file(path).map_err(cannot).map(|sha256| Part {
                path: path_inside,
                sha256,
            })
        };
        drawn.iter().map(part).collect()
    }
}
