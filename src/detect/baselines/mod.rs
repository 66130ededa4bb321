//! Detectors to compare with, one file each.

mod charts;
mod counters;
mod cusum;
mod ewma;
mod null;
mod page_hinkley;
mod silent_crowd;
mod standard;

pub use cusum::Cusum;
pub use ewma::Ewma;
pub use null::Null;
pub use page_hinkley::PageHinkley;
pub use silent_crowd::SilentCrowd;
