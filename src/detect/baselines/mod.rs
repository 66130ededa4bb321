//! Detectors to compare with, one file each.

mod bayesian_change_point;
mod charts;
mod counters;
mod cusum;
mod ewma;
mod null;
mod page_hinkley;
mod robust;
mod robust_z;
mod silent_crowd;
mod standard;

pub use bayesian_change_point::BayesianChangePoint;
pub use cusum::Cusum;
pub use ewma::Ewma;
pub use null::Null;
pub use page_hinkley::PageHinkley;
pub use robust_z::RobustZ;
pub use silent_crowd::SilentCrowd;
