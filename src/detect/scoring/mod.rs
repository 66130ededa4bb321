//! Honest scoring of detectors: from events, truth and what was said, to figures. No files, no processes, no clock.
//!
//! **Tracks.** What is to be told apart ([`Universe`]), in each stream:
//!
//! * Rooms: every minute of the stream (half open, from its start) for the whole of which a room is on air. Positive if it overlaps the time from
//!   first to last evidence, both included, of a campaign of that room that is not about an offer. Not counted if it is not positive and begins
//!   within 5 minutes after such a time, or goes on then (after-effects), or if it overlaps campaigns about offers only. Its score is the largest
//!   value that the room's score takes within the minute: a step function that holds until replaced, minus infinity at first, of several values said
//!   at one moment the last.
//! * Accounts: all that ever entered a room; positive if the truth has them as actors. The last score counts.
//! * Orders: all; positive if the truth has them as false. The last score counts.
//! * Offers: every room and product with a price or a reference price; positive if a campaign about an offer is of that room and product. The last
//!   score counts.
//!
//! What never got a score has minus infinity. Scores that are not finite, or about something that the stream does not have, are counted and
//! disregarded.
//!
//! **Ranking** ([`Curve`]). Average precision next to prevalence (what chance would get), the area under the ROC curve, recall where a given share of
//! negatives is let through, precision of the k most suspicious entities. Equal scores are one group, never an order.
//!
//! **Thresholds** ([`Thresholds`]) are fixed on development streams alone, by a budget of false alarms. About a room an alarm begins when its score
//! rises to the threshold; one that begins within 5 minutes after another of the same room is the same. Of accounts, orders and offers only what
//! stands at the stream's end counts, for and against: what was raised and taken back neither finds a campaign nor is a false positive.
//!
//! **In operation** ([`Operation`]), at such a threshold on test streams: a campaign about a room is found when the room's score is at the threshold
//! or above at any moment from its first evidence to 5 minutes after its last; any other when the score of the first of its accounts, orders or
//! offers comes to stand there. Its delay counts from its first evidence. False alarms are counted in rooms without any campaign.
//!
//! **Splits** ([`Split`]) look at parts of the campaigns by themselves. **Intervals** ([`Figure`]) are over test streams, that is over seeds of the
//! market.
//!
//! A [`Verdict`] holds all that for a detector and a track:
//!
//! ```text
//! let universe = Arc::new(Universe::of(&events, &truth)); // once per stream
//! let judged = Judged::of(universe, &said);               // once per detector and stream
//! let thresholds = Thresholds::fix(&development, &[Budget::default()]);
//! let verdict = Verdict::of("name", Track::Rooms, &test, &thresholds, quantile);
//! ```

pub mod alarms;
pub mod curve;
pub mod delay;
mod false_alarms;
pub mod interval;
pub mod judged;
pub mod operation;
pub mod splits;
pub mod thresholds;
pub mod track;
pub mod universe;
pub mod verdict;

#[cfg(test)]
mod testing;

pub use curve::{Curve, Points};
pub use delay::Finding;
pub use interval::{Figure, Quantile};
pub use judged::Judged;
pub use operation::{Operation, SizeAlarms, TwinAlarms};
pub use splits::Split;
pub use thresholds::{Budget, Thresholds};
pub use track::{PerTrack, Track};
pub use universe::Universe;
pub use verdict::{PrecisionAt, RecallAt, SplitFigures, Verdict, leaderboard};
