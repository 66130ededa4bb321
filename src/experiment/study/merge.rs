//! Shards put together: what machines did apart becomes the study that one would have made, byte for byte.

use super::finish::FinishedStudy;
use super::outcome::Outcome;
use super::session::{SHARD_RUNS, Session, Shard, StudyManifest};
use crate::experiment::{RunError, RunOptions};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Puts the shards in these folders together. Every shard of one study has to be there, once.
///
/// # Errors
/// Which shard is missing, there twice, of another study, or not as it was written.
pub fn merge(folders: &[PathBuf], options: &RunOptions) -> Result<FinishedStudy, RunError> {
    let out = options.out.canonicalize().ok();
    for folder in folders {
        if out.is_some() && folder.canonicalize().ok() == out {
            let place = folder.display();
            return Err(RunError::Input(format!(
                "{place} is one of the shards: choose another --out"
            )));
        }
    }
    let shards: Vec<StudyManifest> = folders
        .iter()
        .map(|folder| shard_in(folder))
        .collect::<Result<_, _>>()
        .map_err(RunError::Input)?;
    belong_together(folders, &shards).map_err(RunError::Input)?;
    let Some(first) = shards.first() else {
        return Err(RunError::Input("there is nothing to merge".to_owned()));
    };
    let plan = first.hashed.study.clone();
    let mut session = Session::begin(
        plan,
        Shard::WHOLE,
        &options.out,
        options.force,
        options.figures,
    )?;
    for folder in folders {
        let path = folder.join(SHARD_RUNS);
        keep_all(&path, &mut session)
            .map_err(|why| RunError::Input(format!("{}: {why}", path.display())))?;
    }
    session.finish(options.unhashed(), "{}\n")
}

fn shard_in(folder: &Path) -> Result<StudyManifest, String> {
    let place = folder.display();
    let manifest = StudyManifest::find(folder)?
        .ok_or_else(|| format!("{place} is no whole shard of a study"))?;
    if manifest.hashed.shard == Shard::WHOLE {
        return Err(format!("{place} is a whole study, no shard of one"));
    }
    match manifest.differences(folder).as_slice() {
        [] => Ok(manifest),
        differences => Err(format!(
            "{place} is not as it was written: {}",
            differences.join("; ")
        )),
    }
}

/// Whether all are of one study, and each of its shards is there once.
fn belong_together(folders: &[PathBuf], shards: &[StudyManifest]) -> Result<(), String> {
    let Some(first) = shards.first() else {
        return Ok(());
    };
    let plan =
        |manifest: &StudyManifest| serde_json::to_vec(&manifest.hashed.study).unwrap_or_default();
    let of = first.hashed.shard.of;
    let mut there: Vec<Option<&PathBuf>> = vec![None; of as usize];
    for (folder, manifest) in folders.iter().zip(shards) {
        let shard = manifest.hashed.shard;
        if plan(manifest) != plan(first) {
            return Err(format!(
                "{} and {} are of different studies, or versions",
                folders[0].display(),
                folder.display()
            ));
        }
        if shard.of != of {
            return Err(format!(
                "{} is shard {shard}, and {} one of {of}",
                folder.display(),
                folders[0].display()
            ));
        }
        if let Some(before) = there[shard.number as usize - 1].replace(folder) {
            return Err(format!(
                "{} and {} are both shard {shard}",
                before.display(),
                folder.display()
            ));
        }
    }
    let missing: Vec<String> = (1..=of)
        .zip(&there)
        .filter(|(_, folder)| folder.is_none())
        .map(|(number, _)| format!("{number}/{of}"))
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(format!("missing: shard {}", missing.join(", "))),
    }
}

fn keep_all(path: &Path, session: &mut Session) -> Result<(), String> {
    let file = File::open(path).map_err(|why| why.to_string())?;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|why| why.to_string())?;
        let outcome: Outcome = serde_json::from_str(&line).map_err(|why| why.to_string())?;
        session.keep(&outcome)?;
    }
    Ok(())
}
