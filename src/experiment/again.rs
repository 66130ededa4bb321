//! A run or a study done again from its manifest, beside its folder, to see whether it comes to the same. The second folder is gone afterwards.

use super::study::{StudyHashed, StudyManifest, sweep};
use super::workers::RunsDone;
use super::{Progress, RunError, RunOptions, run_evening};
use crate::record::{FIGURES, Folder, Part, RunManifest, cannot};
use std::path::{Path, PathBuf};

/// Runs a manifest's bundle again and compares the values of every table and the states: a sentence for every difference.
///
/// # Errors
/// Why the second run did not end.
pub fn rerun_evening(
    folder: &Path,
    manifest: &RunManifest,
    threads: usize,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Vec<String>, RunError> {
    let options = beside(folder, threads)?;
    let finished = run_evening(&manifest.hashed.bundle, &options, progress);
    let place = again_in(&options, finished.map(|finished| finished.folder))?;
    let again = RunManifest::read(&place).map_err(RunError::Disk)?;
    remove(&place)?;
    let mut differences = Vec::new();
    for (name, table) in &manifest.hashed.tables {
        let other = again.hashed.tables.get(name);
        if other.is_none_or(|other| other.content_sha256 != table.content_sha256) {
            differences.push(format!("table {name}: a second run gives other values"));
        }
    }
    if manifest.hashed.state_hashes != again.hashed.state_hashes {
        differences.push("a second run ends in another state".to_owned());
    }
    Ok(differences)
}

/// Does a study again and compares its tables: a sentence for every difference.
///
/// # Errors
/// Why it did not end.
pub fn rerun_study(
    folder: &Path,
    manifest: &StudyManifest,
    threads: usize,
    progress: &(dyn Fn(&RunsDone) + Sync),
) -> Result<Vec<String>, RunError> {
    let StudyHashed { study, shard, .. } = &manifest.hashed;
    let options = beside(folder, threads)?;
    let finished = sweep(study.clone(), *shard, &options, progress);
    let place = again_in(&options, finished.map(|finished| finished.folder))?;
    let again = StudyManifest::find(&place).map_err(RunError::Disk)?;
    remove(&place)?;
    let again = again.map(|again| again.hashed.files).unwrap_or_default();
    // The report holds figures, which were not drawn again.
    let is_data = |part: &&Part| !part.path.starts_with(FIGURES) && part.path != "report.html";
    let files = manifest.hashed.files.iter().filter(is_data);
    let differs = files.filter(|part| !again.contains(part));
    Ok(differs
        .map(|part| format!("{}: a second run gives other values", part.path))
        .collect())
}

/// How a second run is made: into a folder beside the first, without figures.
fn beside(folder: &Path, threads: usize) -> Result<RunOptions, RunError> {
    let lost = |why| RunError::Input(cannot("find", folder, &why));
    let mut name = folder.canonicalize().map_err(lost)?.into_os_string();
    name.push(format!(".rerun-{}", std::process::id()));
    Ok(RunOptions {
        out: PathBuf::from(name),
        threads,
        ..RunOptions::default()
    })
}

/// The folder of a second run, or why there is none. Half of one is of no use; that its folder may stay behind does no harm.
fn again_in(
    options: &RunOptions,
    finished: Result<PathBuf, RunError>,
) -> Result<PathBuf, RunError> {
    finished.inspect_err(|_| {
        let _ = std::fs::remove_dir_all(&Folder::of(&options.out).partial);
    })
}

fn remove(folder: &Path) -> Result<(), RunError> {
    std::fs::remove_dir_all(folder).map_err(|why| RunError::Disk(cannot("remove", folder, &why)))
}
