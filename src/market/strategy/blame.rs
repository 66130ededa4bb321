//! Blame: what somebody takes a punishment to be for. Reads the words in which it was given.

use super::menu::Kind;
use super::takings::PAID_FOR_PROMISE;
use crate::detect::{SILENT, UNCLICKED};
use crate::scenario::Breach;

/// The breach that a reason names; `None`: it is what a platform's detector says, in its own words.
fn breach_of(reason: &str) -> Option<Breach> {
    if reason == PAID_FOR_PROMISE {
        return Some(Breach::FalsePromise);
    }
    let all = [
        Breach::FakeViewers,
        Breach::FakeOrders,
        Breach::FakeReviews,
        Breach::InflatedReference,
        Breach::FalsePromise,
        Breach::RefusedRedress,
        Breach::DeletedReplay,
    ];
    all.into_iter()
        .find(|breach| crate::scenario::word(breach) == reason)
}

/// For which kinds of part an anchor is punished for a reason; the first of them that was there.
pub fn kinds_of(reason: &str) -> &'static [Kind] {
    match breach_of(reason) {
        Some(Breach::FakeViewers | Breach::FakeReviews) => &[Kind::Views],
        Some(Breach::FakeOrders) => &[Kind::Orders, Kind::Script],
        Some(Breach::InflatedReference) => &[Kind::Inflation, Kind::Script],
        Some(Breach::FalsePromise) => &[Kind::Promise],
        Some(Breach::RefusedRedress | Breach::DeletedReplay) => &[],
        None if reason == SILENT => &[Kind::Views],
        None if reason == UNCLICKED => &[Kind::Orders, Kind::Script],
        None => &[Kind::Views, Kind::Orders, Kind::Script],
    }
}

/// Whether what a brand is fined for is something that the anchor does who shows its goods: every breach that is no deed of the brand's.
pub fn is_anchors_deed(reason: &str) -> bool {
    breach_of(reason).is_some() && deed_of(reason).is_none()
}

/// Which of a brand's deeds it is punished for by a reason.
pub fn deed_of(reason: &str) -> Option<Deed> {
    match breach_of(reason) {
        Some(Breach::FalsePromise) => Some(Deed::Breaks),
        Some(Breach::RefusedRedress) => Some(Deed::Refuses),
        Some(Breach::DeletedReplay) => Some(Deed::Deletes),
        _ => None,
    }
}

/// What a brand can be punished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A cut that breaks a promise.
    Breaks = 0,
    /// To give nothing to those who complain.
    Refuses = 1,
    /// To delete replays where that serves it.
    Deletes = 2,
}

/// How many there are.
pub const DEEDS: usize = 3;
