//! Where a validation is kept: validation.json, validation.csv, a figure of all, and a manifest with the hash of every file.

use super::Validation;
use crate::experiment::{RunError, RunOptions};
use crate::record::{Dossier, Identity, Manifest, Part};
use crate::report::{validation_csv, write_validation_figure};
use serde::{Deserialize, Serialize};
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

/// Writes everything into the folder that was begun for it and gives that its name.
///
/// # Errors
/// What the disk did not let us do.
pub fn keep(
    dossier: Dossier,
    validation: &Validation,
    options: &RunOptions,
) -> Result<PathBuf, RunError> {
    let kept = dossier.finish(options.unhashed(), |dossier| {
        dossier.add("validation.json", &bytes_of(validation)?)?;
        dossier.add("validation.csv", validation_csv(validation).as_bytes())?;
        if options.figures {
            dossier.draw(|figures| write_validation_figure(figures, validation))?;
        }
        let patterns = validation.patterns.iter();
        Ok(ValidationHashed {
            version: validation.version.clone(),
            validated: patterns.map(|pattern| pattern.key.clone()).collect(),
            seeds: validation.seeds.clone(),
            changes: validation.changes.clone(),
            files: dossier.files(),
        })
    });
    kept.map_err(RunError::Disk)
}
