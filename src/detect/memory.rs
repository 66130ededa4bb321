//! A detector's memory as bytes: the two lines that most detectors need for `save` and `restore`.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a detector remembers, as bytes.
pub fn keep(memory: &impl Serialize) -> Option<Vec<u8>> {
    // Writing plain data to memory cannot fail.
    postcard::to_allocvec(memory).ok()
}

/// Takes up what [`keep`] gave.
///
/// # Errors
/// A sentence that says why the bytes do not fit.
pub fn recall<Memory: DeserializeOwned>(memory: &mut Memory, bytes: &[u8]) -> Result<(), String> {
    *memory = postcard::from_bytes(bytes)
        .map_err(|why| format!("the detector's memory cannot be read: {why}"))?;
    Ok(())
}
