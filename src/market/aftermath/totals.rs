//! Totals of the aftermath: counted as it happens, handed out with the summary.

use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// Rungs of the ladder of complaint.
pub const RUNGS: usize = 5;

impl AftermathTotals {
    /// Lines paid for, and those delivered: from the shelf, or from rooms.
    pub fn parcels(&mut self, on_shelf: bool) -> &mut [u64; 2] {
        match on_shelf {
            true => &mut self.shelf_parcels,
            false => &mut self.room_parcels,
        }
    }
}

/// What the aftermath has come to so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AftermathTotals {
    /// Lines paid for their own sake (filler apart), and those delivered: from rooms.
    pub room_parcels: [u64; 2],
    /// The same from the shelf.
    pub shelf_parcels: [u64; 2],
    /// Delivered lines whose buyers wanted to send them back: from rooms, from the shelf.
    pub returns_wanted: [u64; 2],
    /// Those of them that were defective: their buyers told the seller so.
    pub defects_reported: u64,
    /// Lines returned and refunded: from rooms, from the shelf.
    pub returned: [u64; 2],
    /// Price refunded for returns.
    pub returned_value: Fen,
    /// Returns that the seller refused at first.
    pub returns_refused: u64,
    /// Lines with a problem: wanted to be sent back, defective, or known to have been cheaper for others.
    pub problems: u64,
    /// Buyers who learned that others paid less.
    pub aware: u64,
    /// Claims made: with sellers, or by joining those who complain in public.
    pub claims: u64,
    /// Claims about lower prices.
    pub price_claims: u64,
    /// Claims that reached each rung: seller, anchor, platform, board, authority.
    pub reached: [u64; RUNGS],
    /// Claims granted at each rung.
    pub granted: [u64; RUNGS],
    /// Claims given up.
    pub abandoned: u64,
    /// Claims that failed at the platform or the authority because nothing showed what had been said.
    pub lacked_evidence: u64,
    /// Claims refused because a coupon is said not to be a price.
    pub coupon_grounds: u64,
    /// Days from claim to grant, summed.
    pub days_to_grant: f64,
    /// Consumers in collective complaints.
    pub joined: u64,
    /// Cases that made news.
    pub news: u64,
    /// Refunds of differences and defects.
    pub refunds: Fen,
    /// Differences paid without being asked for.
    pub protected: Fen,
    /// Damages.
    pub damages: Fen,
    /// Compensation of the seller's own accord.
    pub compensation: Fen,
    /// What buyers gave back of refunds, protection and compensation when they got the whole price back.
    pub given_back: Fen,
    /// Replays deleted before their time.
    pub replays_deleted: u64,
    /// Rooms patrolled by the platform, and inspections and investigations by the authority.
    pub patrolled: u64,
    /// See `patrolled`.
    pub inspected: u64,
    /// Alerts of the detector in patrolled rooms.
    pub alerts: u64,
    /// Sanctions of the platform and decisions of the authority against whoever had broken a rule.
    pub true_sanctions: u64,
    /// Those against whoever had not.
    pub false_sanctions: u64,
    /// Rooms that broke a rule in force.
    pub rooms_in_breach: u64,
    /// Fines.
    pub fines: Fen,
    /// Rooms that stayed closed because their anchor was suspended.
    pub closed_rooms: u64,
}
