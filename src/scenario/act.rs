//! Cues of a checked scenario: at which second what is done.

use super::file::{CalledBy, IssuedBy, Payer, PromiseScope, Remark, Service};
use super::model::Id;
use crate::money::Fen;

/// A cue: an act at a moment, from a script or of the room's own.
#[derive(Debug, Clone)]
pub struct Cue {
    /// Second at which it falls.
    pub at: f64,
    /// Script it comes from; `None` for a cue of the room's own.
    pub script: Option<String>,
    /// What is done.
    pub act: Act,
}

/// What an anchor, brand, staff or farm does. Prices in yuan (they enter utilities); the market turns what is charged into fen.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each field is documented at its namesake in scenario/file/acts.rs
pub enum Act {
    Pitch {
        product: Id,
        claimed_worth: Option<f64>,
        arousal: f64,
    },
    ClaimPrice {
        product: Id,
        price: f64,
    },
    ClaimSales {
        claimed: f64,
        goal: f64,
        arousal: f64,
    },
    /// `price` `None`: the price in force when the cue falls. `undercut_from`: from when the audit finds a way below it (only where there
    /// are coupons or prices on a shelf).
    Promise {
        product: Id,
        price: Option<f64>,
        until: f64,
        scope: PromiseScope,
        about_room: Option<Id>,
        undercut_from: Option<f64>,
    },
    OpenLink {
        product: Id,
        price: f64,
        stock: u32,
        shown_stock: Option<u32>,
        limit_per_buyer: u32,
        deposit: Option<f64>,
        balance_due: Option<f64>,
        balance_until: Option<f64>,
    },
    SetPrice {
        product: Id,
        price: f64,
    },
    AnnouncePrice {
        product: Id,
        price: f64,
    },
    StagedQuarrel {
        product: Id,
        intensity: f64,
    },
    ShoutOrders {
        product: Id,
        from: u64,
        to: u64,
        over: f64,
    },
    Excite {
        arousal: f64,
        staged: bool,
    },
    Subsidy {
        product: Id,
        amount: f64,
        payer: Payer,
        real: bool,
        arousal: f64,
    },
    Misbid {
        product: Id,
        reduction: f64,
    },
    WrongQuantity {
        product: Id,
        extra_units: u32,
        delivered_units: u32,
    },
    /// `genuine`: something scheduled makes the offer worse within one display period of its end.
    Countdown {
        product: Id,
        seconds: f64,
        genuine: bool,
    },
    Restock {
        product: Id,
        units: u32,
    },
    BrushOrders {
        product: Id,
        farm: Id,
        orders: u64,
        over: f64,
    },
    Buy {
        service: Service,
        farm: Id,
        count: u64,
        over: f64,
    },
    /// `number`: which call of its room it is, from 0; `segment` `None`: everybody.
    Call {
        segment: Option<Id>,
        reach: f64,
        over: f64,
        by: CalledBy,
        number: u32,
    },
    Giveaway {
        share: f64,
        over: f64,
        number: u32,
    },
    Remark {
        about: Remark,
        product: Option<Id>,
    },
    FarmCoupons {
        coupon: Id,
        farm: Id,
        accounts: u64,
        over: f64,
    },
    CloseLink {
        product: Id,
    },
    OwnStorePrice {
        product: Id,
        price: f64,
        from: f64,
        until: f64,
    },
    IssueCoupon {
        coupon: Id,
        by: IssuedBy,
        count: u32,
        over: f64,
        least_order: Fen,
    },
}

impl Act {
    /// The act's name as a scenario file spells it.
    pub fn name(&self) -> &'static str {
        match self {
            Act::Pitch { .. } => "pitch",
            Act::ClaimPrice { .. } => "claim_price",
            Act::ClaimSales { .. } => "claim_sales",
            Act::Promise { .. } => "promise",
            Act::OpenLink { .. } => "open_link",
            Act::SetPrice { .. } => "set_price",
            Act::AnnouncePrice { .. } => "announce_price",
            Act::StagedQuarrel { .. } => "staged_quarrel",
            Act::ShoutOrders { .. } => "shout_orders",
            Act::Excite { .. } => "excite",
            Act::Subsidy { .. } => "subsidy",
            Act::Misbid { .. } => "misbid",
            Act::WrongQuantity { .. } => "wrong_quantity",
            Act::Countdown { .. } => "countdown",
            Act::Restock { .. } => "restock",
            Act::BrushOrders { .. } => "brush_orders",
            Act::Buy { .. } => "buy",
            Act::Call { .. } => "call",
            Act::Giveaway { .. } => "giveaway",
            Act::Remark { .. } => "remark",
            Act::FarmCoupons { .. } => "farm_coupons",
            Act::CloseLink { .. } => "close_link",
            Act::OwnStorePrice { .. } => "own_store_price",
            Act::IssueCoupon { .. } => "issue_coupon",
        }
    }

    /// The product it is about, where it is about one.
    pub fn product(&self) -> Option<Id> {
        match *self {
            Act::Pitch { product, .. }
            | Act::ClaimPrice { product, .. }
            | Act::Promise { product, .. }
            | Act::OpenLink { product, .. }
            | Act::SetPrice { product, .. }
            | Act::AnnouncePrice { product, .. }
            | Act::StagedQuarrel { product, .. }
            | Act::ShoutOrders { product, .. }
            | Act::Subsidy { product, .. }
            | Act::Misbid { product, .. }
            | Act::WrongQuantity { product, .. }
            | Act::Countdown { product, .. }
            | Act::Restock { product, .. }
            | Act::BrushOrders { product, .. }
            | Act::CloseLink { product }
            | Act::OwnStorePrice { product, .. } => Some(product),
            Act::Remark { product, .. } => product,
            Act::ClaimSales { .. }
            | Act::Excite { .. }
            | Act::Buy { .. }
            | Act::Call { .. }
            | Act::Giveaway { .. }
            | Act::FarmCoupons { .. }
            | Act::IssueCoupon { .. } => None,
        }
    }
}
