//! Sales: what every paid line moves between accounts, with who bears which discount (MODEL section 7, contract 6).
//!
//! The seller receives what the buyer pays and, from whoever else issued a coupon, that coupon's share in the line; a discount of its own is simply
//! not received. Commissions are shares of what the seller receives. Lines of a room earn its anchor a commission; lines of a shelf do not.

use super::bargain::Purchase;
use super::ledger::{Ledger, Purpose};
use super::rows::Account;
use crate::money::Fen;
use crate::promotion::{Issuer, Line, OnReturn, Posted, Quote, split};
use crate::scenario::{Id, Scenario};
use serde::{Deserialize, Serialize};

/// Who issued coupons, as an account.
fn account_of(issuer: Issuer) -> Account {
    match issuer {
        Issuer::Platform => Account::Platform,
        Issuer::Store(brand) => Account::Brand(brand),
        Issuer::Anchor(anchor) => Account::Anchor(anchor),
    }
}

/// A paid line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidLine {
    /// The product.
    pub product: Id,
    /// The room whose price it was; `None`: a shelf.
    pub room: Option<Id>,
    /// Whether it was bought in the brand's own shops or rooms, and not of another seller.
    pub own: bool,
    /// Units.
    pub units: u32,
    /// What the buyer pays, deposit included.
    pub paid: Fen,
    /// The part of it that is in escrow.
    pub deposit: Fen,
    /// Discounts that others than the seller bear.
    pub borne: Vec<(Account, Fen)>,
}

impl PaidLine {
    /// A line without coupons.
    pub fn plain(product: Id, room: Id, units: u32, paid: Fen) -> Self {
        Self {
            product,
            room: Some(room),
            own: true,
            units,
            paid,
            deposit: Fen::ZERO,
            borne: Vec::new(),
        }
    }

    /// A line of a quoted basket.
    pub fn of(plot: &Scenario, line: &Line, quote: &Quote, index: usize) -> Self {
        let seller = plot.products[line.product as usize].brand;
        let mut borne: Vec<(Account, Fen)> = Vec::new();
        for step in &quote.steps {
            let account = account_of(plot.campaign.coupons[step.coupon as usize].issuer);
            let share = step.shares[index];
            if account != Account::Brand(seller) && share > Fen::ZERO {
                borne.push((account, share));
            }
        }
        let room = ((line.channel as usize) < plot.rooms.len()).then_some(line.channel);
        let of_another = |posted: &Posted| {
            (posted.product, posted.channel) == (line.product, line.channel) && !posted.own
        };
        let on_shelf = || plot.shelf().any(|(_, posted)| of_another(posted));
        Self {
            product: line.product,
            room,
            own: room.is_some() || !on_shelf(),
            units: line.units,
            paid: quote.lines[index].paid,
            deposit: quote.lines[index].deposit,
            borne,
        }
    }

    /// What the seller receives.
    fn received(&self) -> Fen {
        self.paid + self.borne.iter().map(|(_, share)| *share).sum()
    }

    fn seller(&self, plot: &Scenario) -> Account {
        Account::Brand(plot.products[self.product as usize].brand)
    }

    fn goods(&self, plot: &Scenario) -> Fen {
        let cost = plot.products[self.product as usize].cost;
        cost.checked_mul(i64::from(self.units)).unwrap_or(Fen::ZERO)
    }

    /// The anchor in whose room it was sold, and its share of what the seller received.
    pub fn commission(&self, plot: &Scenario) -> Option<(Id, Fen)> {
        let anchor = plot.rooms[self.room? as usize].anchor;
        let share = plot.anchors[anchor as usize].commission;
        Some((anchor, self.received().share(share)))
    }

    /// Moves its money.
    pub fn sell(&self, ledger: &mut Ledger, plot: &Scenario) {
        let seller = self.seller(plot);
        let now = self.paid - self.deposit;
        ledger.post(Account::Consumers, seller, Purpose::Sale, now);
        ledger.post(Account::Escrow, seller, Purpose::Sale, self.deposit);
        for (account, share) in &self.borne {
            ledger.post(*account, seller, Purpose::Coupon, *share);
        }
        let received = self.received();
        if let Some((anchor, share)) = self.commission(plot) {
            let anchor = Account::Anchor(anchor);
            ledger.post(seller, anchor, Purpose::AnchorCommission, share);
        }
        let share = received.share(plot.platform.commission);
        ledger.post(
            seller,
            Account::Platform,
            Purpose::PlatformCommission,
            share,
        );
        ledger.post(seller, Account::Suppliers, Purpose::Goods, self.goods(plot));
        let product = &plot.products[self.product as usize];
        let freight = Fen::from_yuan(product.freight * f64::from(self.units));
        ledger.post(
            Account::Consumers,
            Account::Carriers,
            Purpose::Freight,
            freight,
        );
    }

    /// Moves back everything that a returned line moved, but for freight: its seller is left with nothing of it.
    pub fn take_back(&self, ledger: &mut Ledger, plot: &Scenario) {
        let seller = self.seller(plot);
        ledger.post(seller, Account::Consumers, Purpose::Refund, self.paid);
        for (account, share) in &self.borne {
            ledger.post(seller, *account, Purpose::CouponBack, *share);
        }
        if let Some((anchor, share)) = self.commission(plot) {
            let anchor = Account::Anchor(anchor);
            ledger.post(anchor, seller, Purpose::CommissionBack, share);
        }
        let share = self.received().share(plot.platform.commission);
        ledger.post(Account::Platform, seller, Purpose::CommissionBack, share);
        ledger.post(
            Account::Suppliers,
            seller,
            Purpose::GoodsBack,
            self.goods(plot),
        );
    }
}

/// Who gets what a buyer loses of the discount on what it keeps when the filler goes back: whoever bore that discount, in proportion.
pub fn lost_shares(plot: &Scenario, purchase: &Purchase) -> Vec<(Account, Fen)> {
    let quote = &purchase.quote;
    let paid_for_filler: Fen = quote.lines[1..].iter().map(|line| line.paid).sum();
    let lost = paid_for_filler - purchase.refund;
    let losing = quote.steps.iter().filter(|step| {
        let coupon = &plot.campaign.coupons[step.coupon as usize];
        coupon.on_return == OnReturn::Loses
    });
    let bearers: Vec<(Account, i64)> = losing
        .map(|step| {
            let coupon = &plot.campaign.coupons[step.coupon as usize];
            (account_of(coupon.issuer), step.shares[0].0)
        })
        .collect();
    let weights: Vec<i64> = bearers.iter().map(|(_, share)| *share).collect();
    let caps = vec![lost.0; weights.len()];
    let mut shares = vec![0; weights.len()];
    split(lost.0, &weights, &caps, &mut shares);
    let accounts = bearers.into_iter().map(|(account, _)| account);
    accounts.zip(shares.into_iter().map(Fen)).collect()
}

/// What each of some lines gets of a refund: in proportion to what was paid for it.
pub fn refunds_of(lines: &[PaidLine], refund: Fen) -> Vec<Fen> {
    let paid: Vec<i64> = lines.iter().map(|line| line.paid.0).collect();
    let mut shares = vec![0; lines.len()];
    split(refund.0, &paid, &paid, &mut shares);
    shares.into_iter().map(Fen).collect()
}
