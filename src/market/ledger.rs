//! The ledger: every fen that moves, as double entry between accounts (contract 6). Amounts are summed per day, pair of accounts and
//! purpose. What one account pays another receives, so the balances of all accounts always add up to nothing.

use super::observe::Recorder;
use super::platform_view::Cause;
use super::rows::{Account, LedgerRow, PaymentEvent, PaymentRow};
use super::tally::Tally;
use super::time::{Now, Plot};
use crate::money::Fen;
use crate::scenario::Id;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What money moves for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Purpose {
    /// Price of goods.
    Sale,
    /// Deposit of a presale.
    Deposit,
    /// The anchor's commission.
    AnchorCommission,
    /// The platform's commission.
    PlatformCommission,
    /// Fee for a place in the evening.
    SlotFee,
    /// Price of bots.
    Bots,
    /// Price of goods that a farm's account orders.
    BrushedSale,
    /// The same, back.
    BrushedRefund,
    /// A true subsidy.
    Subsidy,
    /// Freight.
    Freight,
    /// What goods cost the brand.
    Goods,
    /// A coupon's discount, from whoever issued it to the seller.
    Coupon,
    /// Price of goods that a consumer sent back.
    Refund,
    /// A coupon's discount on them, back.
    CouponBack,
    /// The commission on them, back.
    CommissionBack,
    /// What they cost the brand, back.
    GoodsBack,
    /// What a buyer who sends something back loses of the discount on what it keeps, to whoever had borne it.
    DiscountBack,
    /// A deposit whose balance was not paid.
    Forfeit,
    /// Refund of a difference or for a defect, after a claim.
    Redress,
    /// The same without a claim, where a rule demands it.
    PriceProtection,
    /// Damages for fraud.
    Damages,
    /// Compensation of the seller's own accord.
    Compensation,
    /// What had been paid back of a price, when the whole price is refunded.
    RedressBack,
    /// A fine.
    Fine,
    /// A course of scripts for anchors.
    Course,
}

impl Purpose {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Sale => "sale",
            Purpose::Deposit => "deposit",
            Purpose::AnchorCommission => "anchor_commission",
            Purpose::PlatformCommission => "platform_commission",
            Purpose::SlotFee => "slot_fee",
            Purpose::Bots => "bots",
            Purpose::BrushedSale => "brushed_sale",
            Purpose::BrushedRefund => "brushed_refund",
            Purpose::Subsidy => "subsidy",
            Purpose::Freight => "freight",
            Purpose::Goods => "goods",
            Purpose::Coupon => "coupon",
            Purpose::Refund => "refund",
            Purpose::CouponBack => "coupon_back",
            Purpose::CommissionBack => "commission_back",
            Purpose::GoodsBack => "goods_back",
            Purpose::DiscountBack => "discount_back",
            Purpose::Forfeit => "forfeit",
            Purpose::Redress => "redress",
            Purpose::PriceProtection => "price_protection",
            Purpose::Damages => "damages",
            Purpose::Compensation => "compensation",
            Purpose::RedressBack => "redress_back",
            Purpose::Fine => "fine",
            Purpose::Course => "course",
        }
    }
}

/// Money moved.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    today: BTreeMap<(Account, Account, Purpose), Fen>,
    balances: BTreeMap<Account, Fen>,
    /// What farms were paid for their services so far.
    farms: BTreeMap<Account, Fen>,
    /// Freight that others than consumers paid so far: that of returns, which sellers bear.
    sellers_freight: Fen,
}

impl Ledger {
    /// Moves an amount; nothing moves for nothing.
    pub fn post(&mut self, from: Account, to: Account, purpose: Purpose, amount: Fen) {
        if amount <= Fen::ZERO {
            return;
        }
        *self.today.entry((from, to, purpose)).or_default() += amount;
        *self.balances.entry(from).or_default() += -amount;
        *self.balances.entry(to).or_default() += amount;
        if purpose == Purpose::Bots {
            *self.farms.entry(to).or_default() += amount;
        }
        if purpose == Purpose::Freight && from != Account::Consumers {
            self.sellers_freight += amount;
        }
    }

    /// What a farm was paid for its services so far, whatever it has laid out for orders since.
    pub fn paid_to_farm(&self, farm: Account) -> Fen {
        self.farms.get(&farm).copied().unwrap_or(Fen::ZERO)
    }

    /// Freight of returns that sellers bore so far.
    pub fn sellers_freight(&self) -> Fen {
        self.sellers_freight
    }

    /// Net money of every account that ever moved some, in order of account.
    pub fn balances(&self) -> impl Iterator<Item = (Account, Fen)> + '_ {
        self.balances.iter().map(|(account, fen)| (*account, *fen))
    }

    /// What has moved today: from, to, what for, how much.
    pub fn today(&self) -> impl Iterator<Item = (Account, Account, Purpose, Fen)> + '_ {
        let today = self.today.iter();
        today.map(|((from, to, purpose), amount)| (*from, *to, *purpose, *amount))
    }

    /// Hands the day's rows over and begins the next day.
    pub fn close_day(&mut self, day: u32, recorder: &mut Recorder) {
        for ((from, to, purpose), amount) in std::mem::take(&mut self.today) {
            recorder.ledger(&LedgerRow {
                day,
                from,
                to,
                purpose: purpose.name().to_owned(),
                amount,
            });
        }
    }
}

/// A refund promised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Refund {
    due: f64,
    from: Account,
    to: Account,
    amount: Fen,
    /// The room in which they were brushed.
    room: Id,
    /// Order that it is for.
    order: u64,
    /// The cue that bought the order, where the platform sees the refund: others are given back past it.
    seen_of: Option<Cause>,
}

/// Refunds of brushed orders, in order of time.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Refunds(std::collections::VecDeque<Refund>);

impl Refunds {
    /// Puts a refund on the calendar.
    pub fn promise(
        &mut self,
        due: f64,
        (from, to): (Account, Account),
        amount: Fen,
        (room, order): (Id, u64),
        seen_of: Option<Cause>,
    ) {
        let refund = Refund {
            due,
            from,
            to,
            amount,
            room,
            order,
            seen_of,
        };
        let place = self.0.partition_point(|other| other.due <= due);
        self.0.insert(place, refund);
    }

    /// The second of the next refund.
    pub fn next_event(&self) -> Option<f64> {
        self.0.front().map(|refund| refund.due)
    }
}

/// Pays refunds whose time has come.
pub fn refund(
    plot: Res<Plot>,
    now: Res<Now>,
    mut refunds: ResMut<Refunds>,
    mut ledger: ResMut<Ledger>,
    mut tally: ResMut<Tally>,
    mut recorder: ResMut<Recorder>,
) {
    while let Some(refund) = refunds.0.front().copied()
        && refund.due < now.end
    {
        refunds.0.pop_front();
        ledger.post(
            refund.from,
            refund.to,
            Purpose::BrushedRefund,
            refund.amount,
        );
        tally.brushed_refunded(refund.room, 1, refund.amount);
        let row = PaymentRow {
            order: refund.order,
            time: refund.due,
            event: PaymentEvent::Refunded,
            amount: refund.amount,
        };
        // The platform sees it, like returns, when the day ends.
        recorder.brushed_refund(&row, now.day_end(&plot.clock), refund.seen_of);
    }
}
