//! Checkpoints: where a run stood at the end of a simulated day (contract 4). The state goes from the market to the disk without being held as a whole
//! in between: that of a large market would not fit in memory twice.

use super::folder::{Folder, cannot};
use super::table::{Part, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

/// The file that names the last state.
const CHECKPOINT: &str = "checkpoint/checkpoint.json";

/// Where a run stood at the end of a simulated day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Version of the program that wrote it.
    pub version: String,
    /// The day that begins.
    pub next_day: u32,
    /// Closed parts by table.
    pub parts: BTreeMap<String, Vec<Part>>,
    /// Hash of the state at the end of each day.
    pub state_hashes: Vec<String>,
    /// SHA-256 of the state file.
    pub state_sha256: String,
}

/// Bytes on their way to a file, hashed as they pass.
struct Passing {
    file: File,
    hash: Sha256,
}

impl Passing {
    fn to(file: File) -> Self {
        Self {
            file,
            hash: Sha256::new(),
        }
    }
}

impl Write for Passing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn name_of_state(next_day: u32) -> String {
    format!("checkpoint/state-{next_day:04}.bin")
}

impl Folder {
    /// Keeps the state in which a day begins; its SHA-256. No checkpoint names it before [`Self::keep`].
    ///
    /// # Errors
    /// A sentence.
    pub fn keep_state(
        &self,
        next_day: u32,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<String, String> {
        let path = self.partial.join(name_of_state(next_day));
        let written = File::create(&path).and_then(|file| {
            let mut passing = Passing::to(file);
            write(&mut passing)?;
            passing.file.sync_all()?;
            Ok(hex(&passing.hash.finalize()))
        });
        written.map_err(|why| cannot("write", &path, &why))
    }

    /// Names the state from which a run can go on: it has been kept before, so a checkpoint never names a state that is not there.
    ///
    /// # Errors
    /// A sentence.
    pub fn keep(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        let json = serde_json::to_vec_pretty(checkpoint).map_err(|why| why.to_string())?;
        self.write(CHECKPOINT, &json)?;
        if let Some(before) = checkpoint.next_day.checked_sub(1) {
            // The state of the day before is not needed any more; that it may stay behind does no harm.
            let _ = fs::remove_file(self.partial.join(name_of_state(before)));
        }
        Ok(())
    }

    /// The last checkpoint with the file of its state; `None` if there is none yet.
    ///
    /// # Errors
    /// A sentence.
    pub fn last_checkpoint(&self) -> Result<Option<(Checkpoint, PathBuf)>, String> {
        let path = self.partial.join(CHECKPOINT);
        if !path.is_file() {
            return Ok(None);
        }
        let json = fs::read(&path).map_err(|why| cannot("read", &path, &why))?;
        let checkpoint: Checkpoint = serde_json::from_slice(&json)
            .map_err(|why| format!("cannot read {}: {why}", path.display()))?;
        let state = self.partial.join(name_of_state(checkpoint.next_day));
        Ok(Some((checkpoint, state)))
    }
}
