//! Detectors to compare with, one file each.

mod account_features;
mod acts;
mod always;
mod average_precision;
mod bayesian_change_point;
mod benford;
mod best_single_feature;
mod burstiness;
mod charts;
#[cfg(test)]
mod contract;
mod counters;
mod coupon_velocity;
mod cusum;
mod engagement_ratios;
mod ewma;
mod raw_features;
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
pub use best_single_feature::BestSingleFeature;
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
