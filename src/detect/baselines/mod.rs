//! Detectors to compare with, one file each.

mod acts;
mod always;
mod bayesian_change_point;
mod benford;
mod burstiness;
mod charts;
mod counters;
mod coupon_velocity;
mod cusum;
mod engagement_ratios;
mod ewma;
mod gap_entropy;
mod gaps;
mod null;
mod page_hinkley;
mod random;
mod reference_price;
mod robust;
mod robust_z;
mod silent_crowd;
mod standard;

pub use always::Always;
pub use bayesian_change_point::BayesianChangePoint;
pub use benford::Benford;
pub use burstiness::Burstiness;
pub use coupon_velocity::CouponVelocity;
pub use cusum::Cusum;
pub use engagement_ratios::EngagementRatios;
pub use ewma::Ewma;
pub use gap_entropy::GapEntropy;
pub use null::Null;
pub use page_hinkley::PageHinkley;
pub use random::Random;
pub use reference_price::ReferencePrice;
pub use robust_z::RobustZ;
pub use silent_crowd::SilentCrowd;
