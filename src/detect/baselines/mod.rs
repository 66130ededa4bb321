//! Detectors to compare with, one file each.

mod boosted;
mod boosting;
mod catch_sync;
mod examples;
mod features;
mod flock;
mod fraudar;
mod graph;
mod half_space_trees;
mod isolation_forest;
mod logistic;
mod silent_crowd;
#[cfg(test)]
mod staged;
mod supervised;

pub use boosted::Boosted;
pub use boosting::BoostedTrees;
pub use catch_sync::{CatchSync, Synchronicity};
pub use features::{Features, Kind};
pub use flock::Flock;
pub use fraudar::{DensestBlock, Fraudar};
pub use graph::{Graph, GraphMethod, Periodic};
pub use half_space_trees::HalfSpaceTrees;
pub use isolation_forest::IsolationForest;
pub use logistic::{Logistic, LogisticRegression};
pub use silent_crowd::SilentCrowd;
pub use supervised::{Learner, Supervised};
