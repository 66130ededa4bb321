//! What a study comes to, for people and for programs: tables on a terminal, CSV, figures. It is made from a [`StudyResult`] alone.

mod axes;
mod crossed;
mod fit;
mod importance;
mod posterior;
mod responses;
mod text;
mod words;

pub use text::{differences, points, study_table, tables};
pub use words::{design, ended, indices_csv, points_csv, posterior_csv};

use super::canvas::Drawing;
use crate::experiment::study::StudyResult;
use std::io;
use std::path::{Path, PathBuf};

/// Draws every figure of a study as SVG and PNG and returns the files. The bytes depend on the study alone.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_study_figures(folder: &Path, study: &StudyResult) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for drawing in study_drawings(study)? {
        files.extend(drawing.write(folder)?);
    }
    Ok(files)
}

/// Draws every figure of a study, metric by metric: `importance_<metric>` where the design tells what each factor accounts for, and `responses_<metric>`; of a calibration `posterior` and
/// `fit`.
///
/// # Errors
/// What plotters says when it cannot draw.
pub fn study_drawings(study: &StudyResult) -> io::Result<Vec<Drawing>> {
    let footer = words::footer(study);
    let mut drawings = Vec::new();
    if study.calibration.is_some() {
        drawings.extend(posterior::draw(study, &footer)?);
        drawings.extend(fit::draw(study, &footer)?);
        return Ok(drawings);
    }
    for facts in &study.metrics {
        drawings.extend(importance::draw(study, facts, &footer)?);
        match crossed::draw(study, facts, &footer)? {
            Some(crossed) => drawings.push(crossed),
            None => drawings.extend(responses::draw(study, facts, &footer)?),
        }
    }
    Ok(drawings)
}
