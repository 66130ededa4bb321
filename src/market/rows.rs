//! What the market tells whoever records it: plain rows, and the trait that receives them.
//!
//! The market never writes files. It hands rows to an [`Observer`] in a deterministic order; `crate::record` has one that
//! writes Parquet, tests have one that keeps them. Rows hold indices; names are in the scenario.

use super::platform_view::Cause;
use super::trace::TraceRow;
use crate::detect::Event;
use crate::money::Fen;
use crate::scenario::Id;
use crate::welfare::CHANNELS;
use serde::{Deserialize, Serialize};

/// The room of what goes with no room.
pub const NO_ROOM: Id = Id::MAX;

/// State of one room at a moment. Counters are cumulative since the room went on air, except viewers and stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RoomFrame {
    /// Second after the scenario's start.
    pub time: f64,
    /// Which room.
    pub room: Id,
    /// Viewers on display now.
    pub displayed_viewers: u64,
    /// Real viewers now: those of the model and the background audience.
    pub real_viewers: u64,
    /// Of the real ones, those of the background audience.
    pub background_viewers: u64,
    /// Views on display: everybody who ever entered, bots included.
    pub displayed_views: u64,
    /// Real views: entries of consumers of the model (the background audience counts at its largest).
    pub real_views: u64,
    /// Orders on display.
    pub displayed_orders: u64,
    /// Orders of consumers.
    pub real_orders: u64,
    /// Likes on display.
    pub displayed_likes: u64,
    /// Likes of consumers.
    pub real_likes: u64,
    /// Comments on display.
    pub displayed_comments: u64,
    /// Comments of consumers.
    pub real_comments: u64,
    /// New follows on display.
    pub displayed_follows: u64,
    /// New follows by consumers.
    pub real_follows: u64,
    /// Clicks on the cart link on display.
    pub displayed_cart_clicks: u64,
    /// Clicks (looks and refreshes) of consumers.
    pub real_cart_clicks: u64,
    /// The product whose link opened last and is open; `None` when nothing is on sale.
    pub product: Option<Id>,
    /// Its price.
    pub price: Fen,
    /// Units of it that can be ordered now.
    pub stock: u32,
    /// Units of it on display.
    pub displayed_stock: u32,
    /// Units of it reserved and unpaid.
    pub reserved: u32,
    /// Arousal of the room.
    pub arousal: f64,
    /// Share of the platform's exposure.
    pub exposure: f64,
}

/// What made an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderOrigin {
    /// A watcher's look.
    Look,
    /// A refresh of a sold-out link.
    Refresh,
    /// A bot farm.
    Brushed,
    /// Filler that pads the basket of another order, from a shelf.
    Filler,
    /// A shelf, instead of paying the balance of a presale.
    Shelf,
    /// A shelf, because of a coupon that was given in a room, or without any room.
    Errand,
}

/// An order at the moment it was placed, with the decision behind it. Utilities in yuan. For a brushed order the decision is all zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OrderRow {
    /// Number of the order in this run, from 0.
    pub order: u64,
    /// Second at which it was placed.
    pub time: f64,
    /// Where; [`NO_ROOM`] for what an ordinary shopper buys from the shelf.
    pub room: Id,
    /// What.
    pub product: Id,
    /// Who: global index of the consumer; `None` for a bot.
    pub consumer: Option<u64>,
    /// Segment of the consumer (0 for a bot).
    pub segment: Id,
    /// Whether the consumer counts as vulnerable.
    pub vulnerable: bool,
    /// What made it.
    pub origin: OrderOrigin,
    /// Units paid for.
    pub units: u32,
    /// Price of all units.
    pub price: Fen,
    /// What is due now: the price, or the deposit of a presale.
    pub due_now: Fen,
    /// The decision: see [`Decision`].
    pub decision: Decision,
    /// Harm against honest displays, yuan, >= 0.
    pub harm: f64,
    /// Its Shapley shares; they sum to `harm`.
    pub harm_shares: [f64; CHANNELS],
    /// Harm against the unbiased benchmark, yuan, >= 0.
    pub unbiased_harm: f64,
    /// Its Shapley shares.
    pub unbiased_shares: [f64; CHANNELS],
}

/// What a consumer saw, believed and would have thought otherwise (MODEL section 6), at the moment of an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Visit of the consumer, counted from 1 over the evening.
    pub visit: u32,
    /// Look of the consumer, counted from 1 over the evening.
    pub look: u32,
    /// Decision utility D, yuan.
    pub utility: f64,
    /// The same under honest displays, D*, yuan.
    pub honest_utility: f64,
    /// The same for an unbiased person under honest displays, yuan.
    pub unbiased_utility: f64,
    /// Taste threshold s * logit(u), yuan: it orders when D exceeds it.
    pub threshold: f64,
    /// Taste scale s, yuan.
    pub taste_scale: f64,
    /// Private value v, yuan.
    pub private_value: f64,
    /// What it expects to pay, yuan.
    pub expected_price: f64,
    /// What it thought the product sells for elsewhere, yuan.
    pub market_price: f64,
    /// Its reference price, yuan.
    pub reference_price: f64,
    /// The reference price it would have had under honest displays, yuan.
    pub honest_reference_price: f64,
    /// Belief in the claimed price, 0..1.
    pub belief: f64,
    /// Staged cues of the claimed price's kind that it had seen before.
    pub times_seen: u32,
    /// Orders it saw on display.
    pub displayed_orders: u64,
    /// Viewers it saw on display.
    pub displayed_viewers: u64,
    /// Whether it had searched elsewhere.
    pub searched: bool,
    /// Whether it would have searched without a false promise.
    pub would_have_searched: bool,
    /// Whether the need was an impulse of this evening.
    pub impulse: bool,
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentEvent {
    /// The price was paid.
    Paid,
    /// The deposit of a presale was paid; the balance is open.
    DepositPaid,
    /// It was not paid in time; its units went back on sale.
    Lapsed,
    /// The balance of a presale was paid.
    BalancePaid,
    /// The balance of a presale was not paid: the deposit is lost, its units went back.
    DepositForfeited,
    /// What was bought was sent back and refunded.
    Refunded,
}

/// Something that happened to an order after it was placed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Number of the order.
    pub order: u64,
    /// Second.
    pub time: f64,
    /// What happened.
    pub event: PaymentEvent,
    /// Money that moved.
    pub amount: Fen,
}

/// Why a line was bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It was wanted, and paid at once.
    Wanted,
    /// The balance of a presale.
    Balance,
    /// It was bought from a shelf instead of paying a balance.
    Instead,
    /// It was bought from a shelf with a coupon that was given in a room.
    Errand,
    /// Filler.
    Filler,
}

/// A line that a consumer paid, where there are coupons: what it cost, with what, and who bore the discount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PurchaseRow {
    /// Number of the order.
    pub order: u64,
    /// Second at which it was paid.
    pub time: f64,
    /// Who.
    pub consumer: u64,
    /// Its segment.
    pub segment: Id,
    /// Whether it counts as vulnerable.
    pub vulnerable: bool,
    /// What it makes of coupons: none, obvious, stacks, pads.
    pub skill: &'static str,
    /// Why it was bought.
    pub role: Role,
    /// What.
    pub product: Id,
    /// Channel whose price it was, by index in the campaign.
    pub channel: Id,
    /// Units.
    pub units: u32,
    /// List price of all units.
    pub listed: Fen,
    /// Posted price of all units.
    pub posted: Fen,
    /// What was paid for them, deposit included.
    pub paid: Fen,
    /// The part of it that had been paid as a deposit.
    pub deposit: Fen,
    /// Deposit that its buyer forfeited for it, beside what was paid.
    pub forfeited: Fen,
    /// Discount that the seller bore.
    pub off_seller: Fen,
    /// Discount that the platform bore.
    pub off_platform: Fen,
    /// Discount that anchors bore.
    pub off_anchors: Fen,
    /// Coupons used on it, by index, in the order of application.
    pub coupons: Vec<Id>,
    /// Whether it will be sent back.
    pub sent_back: bool,
}

/// A cue that took effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CueRow {
    /// Second at which it took effect.
    pub time: f64,
    /// Where.
    pub room: Id,
    /// The act's name, as a scenario spells it.
    pub act: String,
    /// The script it came from; empty for a cue of the room's own.
    pub script: String,
    /// The product it is about.
    pub product: Option<Id>,
    /// What was said and done, in words and figures.
    pub detail: String,
    /// Real viewers who were there to see it.
    pub seen_by: u64,
}

/// Who holds money (contract 6): the accounts of the double-entry ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// all consumers
    Consumers,
    /// a brand, by index
    Brand(Id),
    /// an anchor, by index
    Anchor(Id),
    /// the platform's own money
    Platform,
    /// money the platform holds until a presale's balance is settled
    Escrow,
    /// a bot farm, by index
    Farm(Id),
    /// suppliers of goods
    Suppliers,
    /// carriers
    Carriers,
    /// the state
    State,
}

/// What a day's money movement between two accounts was for; amounts are summed per day, purpose and pair of accounts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Simulated day, from 0.
    pub day: u32,
    /// Who paid.
    pub from: Account,
    /// Who received.
    pub to: Account,
    /// What for: `sale`, `deposit`, `forfeit`, `coupon`, `anchor_commission`, `platform_commission`, `slot_fee`, `bots`, `brushed_sale`,
    /// `brushed_refund`, `subsidy`, `freight`, `goods`, `redress`, `price_protection`, `damages`, `compensation`, `fine`, and of what was sent back `refund`, `coupon_back`,
    /// `commission_back`, `goods_back`, and `discount_back`, what a buyer loses of the discount on what it keeps.
    pub purpose: String,
    /// How much, > 0.
    pub amount: Fen,
}

/// Something that happened to a purchase after the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AftermathRow {
    /// Simulated day, from 0; everything that happens on a day happens at its end.
    pub day: u32,
    /// Number of the order.
    pub order: u64,
    /// Who.
    pub consumer: u64,
    /// Its segment.
    pub segment: Id,
    /// What.
    pub product: Id,
    /// The room that it goes with.
    pub room: Id,
    /// What happened: `delivered`, `sent_back`, `refunded`, `defect_showed` (in use), `learned` (that others paid less), `claimed`, `granted`, `refused`,
    /// `gave_up`, `joined` (the collective complaint), `damages`, `compensated`, `protected`, `replay_deleted`.
    pub event: &'static str,
    /// Where a claim stands: seller, anchor, platform, board, authority; empty where it is none.
    pub rung: &'static str,
    /// Money asked for, or paid.
    pub amount: Fen,
    /// Why, or what about.
    pub detail: &'static str,
}

/// Something that a platform or an authority did about a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct EnforcementRow {
    /// Second.
    pub time: f64,
    /// Who did it: `platform` or `authority`.
    pub by: &'static str,
    /// The room that it is about; `None`: no single one.
    pub room: Option<Id>,
    /// Against whom.
    pub party: Account,
    /// What was done.
    pub action: String,
    /// What for.
    pub reason: String,
    /// Whether the party had broken the rule.
    pub is_true: bool,
    /// Fine.
    pub amount: Fen,
}

/// What a generated anchor did on an evening, where anchors choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConductRow {
    /// Simulated day, from 0.
    pub day: u32,
    /// Its room.
    pub room: Id,
    /// The script that it played.
    pub script: String,
    /// The farm from which it bought.
    pub farm: Option<Id>,
    /// Viewers that it bought.
    pub views_bought: u64,
    /// Orders that it had brushed.
    pub orders_bought: u64,
    /// Claimed over honest prior price.
    pub inflation: f64,
    /// Whether it promised the lowest price.
    pub promises: bool,
    /// What it earned in commissions and fees that day, less commissions given back, yuan.
    pub earned: f64,
    /// What it thinks an evening without any of it earns, yuan, once it had learnt.
    pub usual: f64,
}

/// The end of a simulated day: after it, all of the day's rows have been handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayEnd {
    /// Simulated day, from 0.
    pub day: u32,
    /// Hash of the whole state of the world (hex SHA-256).
    pub state_hash: String,
}

/// Receives rows. Methods cannot fail; an observer that can (a full disk) keeps its first error and says so in `failed`, and the run stops.
pub trait Observer: Send + 'static {
    /// A room's state; within a moment in order of room.
    fn frame(&mut self, _frame: &RoomFrame) {}
    /// An order, in order of (time, room, consumer) within a tick.
    fn order(&mut self, _order: &OrderRow) {}
    /// What became of an order.
    fn payment(&mut self, _payment: &PaymentRow) {}
    /// A line paid by a consumer, where there are coupons.
    fn purchase(&mut self, _purchase: &PurchaseRow) {}
    /// Something that happened to a purchase after the sale, in order of day.
    fn aftermath(&mut self, _row: &AftermathRow) {}
    /// Something done about a rule, in order of time.
    fn enforcement(&mut self, _row: &EnforcementRow) {}
    /// What a generated anchor did on an evening, where anchors choose; at the end of the day.
    fn conduct(&mut self, _row: &ConductRow) {}
    /// Something that the platform sees, in order of availability, and the cue that caused it ([`crate::market::Market::watched`]).
    fn event(&mut self, _event: &Event, _cause: Option<Cause>) {}
    /// A cue that took effect.
    fn cue(&mut self, _cue: &CueRow) {}
    /// An act of the traced consumer (see `Market::trace`), in order of time.
    fn trace(&mut self, _row: &TraceRow) {}
    /// A day's money movement.
    fn ledger(&mut self, _row: &LedgerRow) {}
    /// The end of a day.
    fn day_end(&mut self, _end: &DayEnd) {}
    /// Whether something went wrong and the run should stop.
    fn failed(&self) -> bool {
        false
    }
    /// The observer itself, to be taken back as what it was.
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any>;
    /// The observer itself, to be asked while the market runs.
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any;
}

/// Looks away: for those who want the summary only.
#[derive(Debug, Default)]
pub struct Nobody;

impl Observer for Nobody {
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}
