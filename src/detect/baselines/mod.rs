//! Detectors to compare with, one file each.

mod silent_crowd;

pub use silent_crowd::SilentCrowd;
