//! What the page is told: every message, field by field, as the page reads it. Money in yuan, times in seconds after the scenario's start.

use super::class::ClassState;
use super::controls::Control;
use super::settings::Settings;
use crate::welfare::CHANNELS;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A whole show: what somebody is told who has just come.
#[derive(Debug, Clone, Serialize)]
pub struct Show {
    /// Grows with every restart; a tick carries it.
    pub id: u64,
    /// What it is made of.
    pub settings: Settings,
    /// The scenario.
    pub scenario: Story,
    /// Its seed.
    pub seed: u64,
    /// Market time of second 0.
    pub start: String,
    /// Last second.
    pub end: f64,
    /// Seconds of a tick.
    pub tick: f64,
    /// When anybody is on air, in order.
    pub windows: Vec<(f64, f64)>,
    /// The rooms that are shown, in order.
    pub rooms: Vec<RoomSign>,
    /// Rooms of the market.
    pub rooms_in_all: usize,
    /// Consumers of the market.
    pub consumers: u64,
    /// Goods that the rooms in sight name, by index.
    pub products: BTreeMap<u32, ProductSign>,
    /// Channels of harm, in the order of all arrays of it.
    pub channels: Vec<Sign>,
    /// Metrics of the ended evening, in the order of `finals`.
    pub metrics: Vec<MetricSign>,
    /// The panes.
    pub panes: Vec<PaneInfo>,
    /// What can be moved.
    pub controls: Vec<Control>,
    /// How it is played.
    pub status: Status,
    /// The class.
    pub class: ClassState,
    /// Samples of the first pane before something was moved.
    pub before: Option<Samples>,
}

/// What the scenario tells of itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Story {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: String,
    /// What happened.
    pub story: String,
    /// What to look for.
    pub look_for: Vec<String>,
}

/// A room.
#[derive(Debug, Clone, Serialize)]
pub struct RoomSign {
    /// Its index in the market.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Who streams.
    pub anchor: String,
    /// Second at which it goes on air.
    pub on_air: f64,
    /// Second at which it goes off air.
    pub off_air: f64,
}

/// A product.
#[derive(Debug, Clone, Serialize)]
pub struct ProductSign {
    /// Its name.
    pub name: String,
    /// What it sells for elsewhere.
    pub market_price: f64,
    /// What it was really sold at before.
    pub honest_prior_price: f64,
}

/// A key with its name in words.
#[derive(Debug, Clone, Serialize)]
pub struct Sign {
    /// The key.
    pub key: String,
    /// In words.
    pub label: String,
}

/// A metric.
#[derive(Debug, Clone, Serialize)]
pub struct MetricSign {
    /// Its key.
    pub key: String,
    /// In words.
    pub label: String,
    /// Its unit.
    pub unit: String,
    /// What it belongs to.
    pub group: String,
}

/// A pane, as far as it is.
#[derive(Debug, Clone, Serialize)]
pub struct PaneInfo {
    /// The rules.
    pub regime: RegimeSign,
    /// What is going to fall in the rooms that are shown, in order of time.
    pub cues: Vec<CueSign>,
    /// What was sampled so far.
    pub samples: Samples,
    /// What was done last.
    pub feed: Vec<FeedItem>,
    /// The rooms now.
    pub now: Vec<RoomNow>,
    /// What it has come to.
    pub totals: Totals,
    /// Metrics, once the evening has ended.
    pub finals: Option<Vec<Option<f64>>>,
}

/// A regime.
#[derive(Debug, Clone, Serialize)]
pub struct RegimeSign {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: String,
}

/// A cue that is going to fall.
#[derive(Debug, Clone, Serialize)]
pub struct CueSign {
    /// Second.
    pub at: f64,
    /// The room, by order of those shown.
    pub room: usize,
    /// The act's name.
    pub act: &'static str,
    /// The script it comes from.
    pub script: Option<String>,
    /// The product it is about.
    pub product: Option<u32>,
    /// Whether it deceives.
    #[serde(rename = "false")]
    pub deceives: bool,
    /// Its numbers.
    pub args: Json,
}

/// A cue that has fallen.
#[derive(Debug, Clone, Serialize)]
pub struct Fallen {
    /// Second.
    pub at: f64,
    /// The room, by order of those shown.
    pub room: usize,
    /// The act's name.
    pub act: String,
    /// In words and figures.
    pub detail: String,
    /// Real viewers who were there.
    pub seen_by: u64,
    /// Whether it deceives.
    #[serde(rename = "false")]
    pub deceives: bool,
}

/// A room at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[allow(missing_docs)] // as in `market::RoomFrame`
pub struct RoomNow {
    pub on_air: bool,
    pub displayed_viewers: u64,
    pub real_viewers: u64,
    pub background_viewers: u64,
    pub displayed_views: u64,
    pub real_views: u64,
    pub displayed_orders: u64,
    pub real_orders: u64,
    pub brushed_orders: u64,
    pub displayed_likes: u64,
    pub real_likes: u64,
    pub displayed_comments: u64,
    pub real_comments: u64,
    pub product: Option<u32>,
    pub price: Option<f64>,
    pub claimed_price: Option<f64>,
    pub stock: u32,
    pub displayed_stock: u32,
    pub reserved: u32,
    pub arousal: f64,
    pub exposure: f64,
}

/// What a pane has come to, cumulative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[allow(missing_docs)] // as in `market::Totals`
pub struct Totals {
    pub displayed_views: u64,
    pub real_views: u64,
    pub looks: u64,
    pub displayed_orders: u64,
    pub real_orders: u64,
    pub brushed_orders: u64,
    pub buyers: u64,
    pub paid_orders: u64,
    pub paid_sales: f64,
    pub displayed_sales: f64,
    /// Paid orders that honest displays would not have brought.
    pub induced_orders: u64,
    /// Harm of paid orders against honest displays.
    pub harm: f64,
    /// Harm of orders placed against the unbiased benchmark.
    pub unbiased_harm: f64,
    pub claims: u64,
    pub complaints: u64,
    pub redress: f64,
    pub unresolved: f64,
    pub farm_income: f64,
    pub fines: f64,
    pub harm_by_channel: [f64; CHANNELS],
}

/// Samples: columns of equal length, at moments that are the same in all panes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Samples {
    /// Seconds.
    pub time: Vec<f64>,
    /// The market.
    pub market: MarketColumns,
    /// Harm, a column for each channel.
    pub harm_by_channel: [Vec<f64>; CHANNELS],
    /// The rooms that are shown.
    pub rooms: Vec<RoomColumns>,
}

/// Columns of [`Totals`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs)] // as in `Totals`
pub struct MarketColumns {
    pub displayed_views: Vec<u64>,
    pub real_views: Vec<u64>,
    pub looks: Vec<u64>,
    pub displayed_orders: Vec<u64>,
    pub real_orders: Vec<u64>,
    pub brushed_orders: Vec<u64>,
    pub buyers: Vec<u64>,
    pub paid_orders: Vec<u64>,
    pub paid_sales: Vec<f64>,
    pub displayed_sales: Vec<f64>,
    pub induced_orders: Vec<u64>,
    pub harm: Vec<f64>,
    pub unbiased_harm: Vec<f64>,
    pub claims: Vec<u64>,
    pub complaints: Vec<u64>,
    pub redress: Vec<f64>,
    pub unresolved: Vec<f64>,
    pub farm_income: Vec<f64>,
    pub fines: Vec<f64>,
}

/// Columns of [`RoomNow`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs)] // as in `RoomNow`
pub struct RoomColumns {
    pub displayed_viewers: Vec<u64>,
    pub real_viewers: Vec<u64>,
    pub displayed_orders: Vec<u64>,
    pub real_orders: Vec<u64>,
    pub brushed_orders: Vec<u64>,
    pub price: Vec<Option<f64>>,
    pub stock: Vec<u32>,
    pub displayed_stock: Vec<u32>,
    pub reserved: Vec<u32>,
    pub exposure: Vec<f64>,
    pub arousal: Vec<f64>,
}

/// Something that bots, staff or consumers did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FeedItem {
    /// Second.
    pub time: f64,
    /// The room, by order of those shown; `None`: the whole market.
    pub room: Option<usize>,
    /// What.
    pub kind: FeedKind,
    /// How many.
    pub count: u64,
    /// Of an order: who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<u64>,
    /// Of an order: its segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Of an order: whether its buyer counts as vulnerable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vulnerable: Option<bool>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<u32>,
    /// The price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Harm against honest displays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harm: Option<f64>,
    /// Whether honest displays would not have brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub induced: Option<bool>,
    /// Of a cue: which of the pane's it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cue: Option<usize>,
    /// The engine's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Kinds of what is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// Consumers order.
    #[default]
    Order,
    /// A farm orders.
    Brushed,
    /// Staff call out orders.
    Shouted,
    /// Orders lapse unpaid.
    Lapsed,
    /// People come.
    Entered,
    /// Bots come.
    BotsEntered,
    /// People like.
    Likes,
    /// Bots like.
    BotLikes,
    /// People comment.
    Comments,
    /// Bots comment.
    BotComments,
    /// A cue falls.
    Cue,
    /// Somebody acts on a rule.
    Sanction,
    /// Buyers claim.
    Complaint,
    /// Buyers get something back.
    Redress,
}

/// What has happened since the last tick.
#[derive(Debug, Clone, Serialize)]
pub struct Tick {
    /// The show.
    pub id: u64,
    /// Second.
    pub time: f64,
    /// The panes.
    pub panes: Vec<PaneTick>,
}

/// The same of a pane.
#[derive(Debug, Clone, Serialize)]
pub struct PaneTick {
    /// The rooms now.
    pub now: Vec<RoomNow>,
    /// What it has come to.
    pub totals: Totals,
    /// What was sampled since.
    pub samples: Samples,
    /// What was done since.
    pub feed: Vec<FeedItem>,
    /// Cues that fell since.
    pub fell: Vec<Fallen>,
    /// Metrics, once the evening has ended.
    pub finals: Option<Vec<Option<f64>>>,
}

/// How a show is played.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Status {
    /// What it does.
    pub state: State,
    /// Simulated seconds per second; 0: as fast as it can.
    pub speed: f64,
    /// Second.
    pub time: f64,
    /// Who watch.
    pub watching: usize,
    /// What went wrong.
    pub error: Option<String>,
}

/// What a show does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It stands still.
    #[default]
    Paused,
    /// It goes on at its speed.
    Playing,
    /// It rushes to a moment.
    Running,
    /// The evening is over.
    Ended,
}

/// A buyer who can be followed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Buyer {
    /// Who.
    pub consumer: u64,
    /// Its segment.
    pub segment: String,
    /// Whether it counts as vulnerable.
    pub vulnerable: bool,
    /// Number of the order.
    pub order: u64,
    /// Second.
    pub time: f64,
    /// The room, by order of those shown; `None`: another, or none.
    pub room: Option<usize>,
    /// The product.
    pub product: u32,
    /// The price.
    pub price: f64,
    /// Harm against honest displays.
    pub harm: f64,
}
