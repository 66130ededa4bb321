//! The account of a loss (MODEL section 11): what an order cost its buyer beyond what it should have, each yuan once.
//!
//! Identities, for every order and for every sum of orders (tests/account.rs):
//!
//! - of an order that is kept, (a) + (b) = H + max(O - H, 0) = max(H, O): deception and overpayment never count the same yuan;
//! - gross detriment G = (a) + (b) + (c) + (d) + returning + forfeited, and nothing else;
//! - net detriment = G - redress: what was refunded is subtracted once, from the total;
//! - an order that was sent back carries freight and time alone.

use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// Losses by kind, yuan; none is negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// (a) H: what deception made the buyer lose at the choice.
    pub deception: f64,
    /// (b) max(O - H, 0): overpayment beyond that, against the lowest price accessible to the buyer.
    pub overpayment: f64,
    /// (c) Worth of the time that claims took.
    pub claiming: f64,
    /// (d) What delivered quality lacks of the worth that D* reckons with.
    pub shortfall: f64,
    /// Freight and time of returns.
    pub returning: f64,
    /// Deposits lost on presales that honest displays would not have sold.
    pub forfeited: f64,
    /// What was refunded, awarded or paid in compensation; to be subtracted once.
    pub redress: f64,
}

impl Loss {
    /// That of an order that is kept: max(H, O) = (a) + (b), and (c), (d).
    pub fn of_kept(harm: f64, over: f64, shortfall: f64, claiming: f64, redress: f64) -> Self {
        Self {
            deception: harm,
            overpayment: (over - harm).max(0.0),
            claiming,
            shortfall,
            redress,
            ..Self::default()
        }
    }

    /// That of an order that was sent back: freight and time, and a deposit that was lost on the way to it.
    pub fn of_returned(returning: f64, deposit: f64, redress: f64) -> Self {
        Self {
            returning,
            forfeited: deposit,
            redress,
            ..Self::default()
        }
    }

    /// That of a presale whose balance was not paid.
    pub fn of_forfeited(deposit: f64) -> Self {
        Self {
            forfeited: deposit,
            ..Self::default()
        }
    }

    /// Gross detriment G.
    pub fn gross(&self) -> f64 {
        self.deception
            + self.overpayment
            + self.claiming
            + self.shortfall
            + self.returning
            + self.forfeited
    }

    /// Net detriment: G less redress; negative where damages exceed the loss.
    pub fn net(&self) -> f64 {
        self.gross() - self.redress
    }
}

impl AddAssign for Loss {
    fn add_assign(&mut self, other: Self) {
        self.deception += other.deception;
        self.overpayment += other.overpayment;
        self.claiming += other.claiming;
        self.shortfall += other.shortfall;
        self.returning += other.returning;
        self.forfeited += other.forfeited;
        self.redress += other.redress;
    }
}
