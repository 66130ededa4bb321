//! A run done again from its manifest, to see whether it comes to the same.

use super::{Progress, RunError, RunOptions, run_evening};
use crate::record::{Folder, RunManifest};
use std::path::{Path, PathBuf};

/// Runs a manifest's bundle again beside its folder and compares the values of every table and the states: a sentence for every difference. The second
/// folder is gone afterwards.
///
/// # Errors
/// Why the second run did not end.
pub fn rerun_evening(
    folder: &Path,
    manifest: &RunManifest,
    threads: usize,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Vec<String>, RunError> {
    let cannot = |why| RunError::Input(format!("cannot find {}: {why}", folder.display()));
    let mut name = folder.canonicalize().map_err(cannot)?.into_os_string();
    name.push(format!(".rerun-{}", std::process::id()));
    let options = RunOptions {
        out: PathBuf::from(name),
        threads,
        ..RunOptions::default()
    };
    let finished = run_evening(&manifest.hashed.bundle, &options, progress);
    let finished = finished.inspect_err(|_| {
        // A second run is of no use half-way; that its folder may stay behind does no harm.
        let _ = std::fs::remove_dir_all(&Folder::of(&options.out).partial);
    })?;
    let again = RunManifest::read(&finished.folder).map_err(RunError::Disk)?;
    std::fs::remove_dir_all(&finished.folder).map_err(|why| {
        RunError::Disk(format!(
            "cannot remove {}: {why}",
            finished.folder.display()
        ))
    })?;
    Ok(differences(manifest, &again))
}

fn differences(manifest: &RunManifest, again: &RunManifest) -> Vec<String> {
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
    differences
}
