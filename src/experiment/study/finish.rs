//! The end of a study: its tables, its figures, its manifest; or, of a shard, its runs.

use super::outcome::Log;
use super::result::{StudyResult, gather};
use super::session::{LOG, Parts, Points, SHARD_RUNS, Session, Shard, StudyHashed};
use super::table::write_runs;
use crate::experiment::RunError;
use crate::record::{Dossier, Unhashed};
use crate::report::{
    indices_csv, points_csv, posterior_csv, study_drawings, study_report, write_study_figures,
};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A study that ended.
#[derive(Debug)]
pub struct FinishedStudy {
    /// The results folder.
    pub folder: PathBuf,
    /// What it came to; `None` of a shard, which says nothing by itself.
    pub result: Option<StudyResult>,
}

impl Session {
    /// Writes the results and their manifest, and gives the folder its name. With `timing` in JSON, outside of every hash.
    ///
    /// # Errors
    /// That runs are still wanted, or what the disk did not let us do.
    pub fn finish(self, unhashed: Unhashed, timing: &str) -> Result<FinishedStudy, RunError> {
        let left = self.wanted().len();
        let Parts {
            plan,
            shard,
            figures,
            points,
            folder,
            mut log,
        } = self.into_parts();
        let whole = folder.whole.display().to_string();
        if left > 0 {
            return Err(RunError::Input(format!(
                "{left} runs of {whole} are not done: continue with: yellowcart resume {whole}"
            )));
        }
        let runs = log.len() as u64;
        let mut result = None;
        let dossier = Dossier::within(folder);
        let kept = dossier.finish(unhashed, |dossier| {
            if shard == Shard::WHOLE {
                let calibration = match &points {
                    Points::Proposed(calibration) => Some(calibration.facts(&plan.factors)),
                    Points::Designed(_) => None,
                };
                let points = points.all();
                let gathered = gather(&plan, &points, calibration, &mut log)?;
                let runs = dossier.place().join("runs.parquet");
                write_runs(&runs, &plan, &points, &mut log)?;
                dossier.add_written("runs.parquet")?;
                dossier.add("points.csv", points_csv(&gathered).as_bytes())?;
                if let Some(indices) = indices_csv(&gathered) {
                    dossier.add("indices.csv", indices.as_bytes())?;
                }
                if gathered.calibration.is_some() {
                    dossier.add("posterior.csv", posterior_csv(&gathered).as_bytes())?;
                }
                dossier.add_json("study.json", &gathered)?;
                if figures {
                    dossier.draw(|folder| write_study_figures(folder, &gathered))?;
                }
                let drawings = match figures {
                    true => study_drawings(&gathered).map_err(|why| why.to_string())?,
                    false => Vec::new(),
                };
                dossier.add("report.html", study_report(&gathered, &drawings).as_bytes())?;
                result = Some(gathered);
            } else {
                write_lines(&dossier.place().join(SHARD_RUNS), &mut log)?;
                dossier.add_written(SHARD_RUNS)?;
            }
            dossier.leave("timing.json", timing.as_bytes())?;
            drop(log);
            let log = dossier.place().join(LOG);
            fs::remove_file(&log)
                .map_err(|why| format!("cannot remove {}: {why}", log.display()))?;
            let files = dossier.files();
            Ok(StudyHashed {
                study: plan,
                shard,
                runs,
                files,
            })
        });
        let folder = kept.map_err(|why| {
            RunError::Disk(format!("{why}\ncontinue with: yellowcart resume {whole}"))
        })?;
        Ok(FinishedStudy { folder, result })
    }
}

/// Writes the runs of a shard in order.
fn write_lines(path: &Path, log: &mut Log) -> Result<(), String> {
    let cannot = |why: std::io::Error| format!("cannot write {}: {why}", path.display());
    let mut out = BufWriter::new(File::create(path).map_err(cannot)?);
    log.each(&mut |outcome| {
        let mut line = serde_json::to_vec(&outcome).map_err(|why| why.to_string())?;
        line.push(b'\n');
        out.write_all(&line).map_err(cannot)
    })?;
    out.flush().map_err(cannot)
}
