//! A report: one HTML file that says what a result came to, what it was made from and how to make it again. It needs nothing beside it: no
//! script, no font, no picture, no network.
//!
//! Whatever comes from a file is escaped (`maud` does it by default), and figures are taken over element by element (`picture.rs`). The bytes
//! depend on the results folder alone.

mod as_run;
mod board;
mod comparison;
mod differences;
mod page;
mod picture;
mod provenance;
mod run;
mod study;
mod table;

pub use board::board_report;
pub use study::study_report;

use crate::experiment::VERSION;
use crate::experiment::compare::ComparisonManifest;
use crate::experiment::detection::{BoardManifest, StreamsManifest, read_board};
use crate::experiment::study::{Shard, StudyManifest, StudyResult};
use crate::record::{FIGURES, Folder, RunManifest};
use crate::report::{board_drawings, study_drawings};
use serde::de::DeserializeOwned;
use std::path::Path;

/// A report, and what has to be said where it is made.
#[derive(Debug, Clone)]
pub struct Report {
    /// The file.
    pub html: String,
    /// What in the folder is not as its manifest says, as the report itself does.
    pub changed: Vec<String>,
}

/// The report of a results folder: that of a run, of a comparison, of a study or of a bench of detectors.
///
/// # Errors
/// Why there is none, and what to do about it.
pub fn html_report(folder: &Path) -> Result<Report, String> {
    if !folder.join("manifest.json").is_file() {
        return Err(no_results(folder));
    }
    // Hashes come first: whatever is wrong with a file that was changed, that it was is what has to be known.
    if let Ok(Some(_)) = StreamsManifest::find(folder) {
        let card = folder.join("card.md");
        return Err(format!(
            "{} holds streams, of which there is no report: read {}",
            folder.display(),
            card.display()
        ));
    }
    if let Some(manifest) = BoardManifest::find(folder).map_err(of_another_version)? {
        return of_bench(folder, &manifest);
    }
    if let Some(manifest) = StudyManifest::find(folder).map_err(of_another_version)? {
        return of_study(folder, &manifest);
    }
    let (changed, page) = match ComparisonManifest::find(folder).map_err(of_another_version)? {
        Some(manifest) => {
            let changed = manifest.differences(folder);
            let page = comparison::page(folder, &manifest, &changed);
            (changed, page)
        }
        None => {
            let manifest = RunManifest::read(folder).map_err(of_another_version)?;
            let changed = manifest.differences(folder);
            let page = run::page(folder, &manifest, &changed);
            (changed, page)
        }
    };
    let html = page.map_err(|why| with_changes(why, &changed))?.render();
    Ok(Report { html, changed })
}

/// The report of a bench of detectors.
fn of_bench(folder: &Path, manifest: &BoardManifest) -> Result<Report, String> {
    let changed = manifest.differences(folder);
    let html = read_board(folder).and_then(|board| {
        let drawings = board_drawings(&board).map_err(|why| why.to_string())?;
        Ok(board_report(&board, &drawings))
    });
    let html = html.map_err(|why| with_changes(why, &changed))?;
    Ok(Report { html, changed })
}

/// The report of a study.
fn of_study(folder: &Path, manifest: &StudyManifest) -> Result<Report, String> {
    let changed = manifest.differences(folder);
    if manifest.hashed.shard != Shard::WHOLE {
        let (place, shard) = (folder.display(), manifest.hashed.shard);
        return Err(format!(
            "{place} is shard {shard} of a study: put all together with yellowcart merge, and report on that"
        ));
    }
    // The report is one of the study's files: made again it has the same bytes, with figures or without.
    let mut files = manifest.hashed.files.iter();
    let has_figures = files.any(|part| part.path.starts_with(FIGURES));
    let html = read_json::<StudyResult>(folder, "study.json").and_then(|study| {
        let drawings = match has_figures {
            true => study_drawings(&study).map_err(|why| why.to_string())?,
            false => Vec::new(),
        };
        Ok(study_report(&study, &drawings))
    });
    let html = html.map_err(|why| with_changes(why, &changed))?;
    Ok(Report { html, changed })
}

/// Why there is no report, after what was changed since the folder was written.
fn with_changes(why: String, changed: &[String]) -> String {
    let mut lines = changed.to_vec();
    lines.push(why);
    lines.join("\n")
}

/// What to do where there is no manifest.
fn no_results(folder: &Path) -> String {
    let shown = folder.display();
    if let Some(unfinished) = Folder::unfinished(folder) {
        return unfinished;
    }
    format!(
        "{shown} is not a results folder: it has no manifest.json; `yellowcart run` and `yellowcart compare` make one"
    )
}

fn of_another_version(why: String) -> String {
    format!(
        "{why}\nthis is version {VERSION}: a result of another version is reported on by that version"
    )
}

/// Reads a file of the folder.
fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, String> {
    let path = folder.join(name);
    let json = std::fs::read(&path).map_err(|why| why.to_string());
    json.and_then(|json| serde_json::from_slice(&json).map_err(|why| why.to_string()))
        .map_err(|why| {
            let why = format!("cannot read {}: {why}", path.display());
            of_another_version(why)
        })
}
