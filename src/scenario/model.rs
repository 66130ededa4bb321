//! A checked scenario: plain numbers and indices, nothing that can still be wrong.
//!
//! `scenario::resolve` makes it from a [`ScenarioFile`](super::file::ScenarioFile) and a seed: names become indices,
//! scripts become cues, the generated market is drawn, yuan of prices become [`Fen`]. The market reads this and nothing else.
//! Times are seconds after the scenario's start. Every thing carries a `key`, its stable identity
//! ([`crate::draws::identity_of_name`]): random draws are keyed by it, never by an index.

use super::act::{Act, Cue};
use super::file::{
    AccountsTable, AftermathTable, BehaviourTable, ObtainedBy, PlatformTable, RankingTable,
    RecordingTable,
};
use super::rules::Regime;
use super::season::Season;
use crate::money::Fen;
use crate::promotion::Campaign;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Index of a room, anchor, brand, product, farm, segment or category in its table.
pub type Id = u32;

/// A checked scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name: that of the shipped scenario or of the file without its ending.
    pub name: String,
    /// One line that says what it is.
    pub title: String,
    /// What happened.
    pub story: String,
    /// What to look for in the results.
    pub look_for: Vec<String>,
    /// Seed of every draw.
    pub seed: u64,
    /// Time.
    pub clock: Clock,
    /// Consumers.
    pub population: Population,
    /// Kinds of goods.
    pub categories: Vec<Category>,
    /// Streamers.
    pub anchors: Vec<Anchor>,
    /// Sellers.
    pub brands: Vec<Brand>,
    /// Goods.
    pub products: Vec<Product>,
    /// Live rooms; named ones first, in order of name, then generated ones.
    pub rooms: Vec<Room>,
    /// Bot farms.
    pub farms: Vec<Farm>,
    /// How people decide.
    pub behaviour: BehaviourTable,
    /// How the platform ranks.
    pub ranking: RankingTable,
    /// The platform's terms.
    pub platform: PlatformTable,
    /// Devices and addresses of accounts.
    pub accounts: AccountsTable,
    /// What happens after the sale.
    pub aftermath: AftermathTable,
    /// What is written down.
    pub recording: RecordingTable,
    /// The rules.
    pub regime: Regime,
    /// Coupons, posted prices and promises, as the audit and the till need them. Products, brands and anchors have the indices that they
    /// have here; channels are the rooms, then the channels of the shelf.
    pub campaign: Campaign,
    /// By coupon: how consumers come by it.
    pub coupon_ways: Vec<CouponWay>,
    /// Prices that are scheduled in brands' own stores.
    pub own_store_prices: Vec<OwnStorePrice>,
    /// By product: prices that cues in any room set, with their seconds; what a promise is checked against.
    pub scheduled_prices: Vec<Vec<(f64, f64)>>,
    /// What generated anchors, brands and farms choose from, where they choose. Their rooms have no cues before the evening on which they are on air.
    pub season: Option<Arc<Season>>,
}

/// Time: live ticks within [0, end].
#[derive(Debug, Clone)]
pub struct Clock {
    /// The moment that is second 0.
    pub start: NaiveDateTime,
    /// Last second.
    pub end: f64,
    /// Seconds per tick; divides `display_period`.
    pub tick: f64,
    /// Seconds between two refreshes of displayed counters and ranks.
    pub display_period: f64,
    /// First second, at or after 0, at which a simulated day ends; further ones follow every 86,400 s.
    pub first_day_end: f64,
}

/// Consumers.
#[derive(Debug, Clone)]
pub struct Population {
    /// How many, over all segments.
    pub consumers: u64,
    /// Real people for whom a consumer stands.
    pub represents: f64,
    /// The segments, in order of name.
    pub segments: Vec<Segment>,
}

/// A segment: `count` consumers whose traits are drawn from `traits`.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// Stable identity.
    pub key: u64,
    /// Consumers in it; the counts of all segments add up to the population (largest remainder).
    pub count: u64,
    /// Probability of needing each category, by category index.
    pub needs: Vec<f64>,
    /// How its traits are spread.
    pub traits: super::file::SegmentTable,
}

/// A kind of goods.
#[derive(Debug, Clone)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// Stable identity.
    pub key: u64,
}

/// A streamer.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Its name.
    pub name: String,
    /// Stable identity.
    pub key: u64,
    /// Followers in the real world.
    pub followers: f64,
    /// What arousing cues are multiplied by.
    pub skill: f64,
    /// What trust is multiplied by.
    pub reputation: f64,
    /// Commission on paid sales, share of the price.
    pub commission: f64,
    /// What a brand pays per product shown.
    pub slot_fee: Fen,
}

/// A seller.
#[derive(Debug, Clone)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// The name that is shown.
    pub shown_as: String,
    /// Stable identity.
    pub key: u64,
    /// Days after delivery within which it takes goods back by its own terms.
    pub return_days: f64,
    /// Whether it deletes replays where that serves it and nothing forbids it.
    pub deletes_replays: bool,
}

/// A stock-keeping unit. Worths and prices in yuan where they enter utilities.
#[derive(Debug, Clone)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Stable identity.
    pub key: u64,
    /// Who sells it.
    pub brand: Id,
    /// What kind it is.
    pub category: Id,
    /// Worth to the median person who needs it, yuan.
    pub worth: f64,
    /// What it sells for elsewhere, yuan.
    pub market_price: f64,
    /// What it was really sold at before, yuan.
    pub honest_prior_price: f64,
    /// Cost of a unit.
    pub cost: Fen,
    /// Freight and risk that the buyer bears, yuan.
    pub freight: f64,
    /// Share of units that are defective.
    pub defect_share: f64,
    /// Units one consumer wants.
    pub units_wanted: u32,
}

/// A live room.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its name.
    pub name: String,
    /// Stable identity.
    pub key: u64,
    /// Whether the file names it (a generated room is recorded less often).
    pub named: bool,
    /// Who streams.
    pub anchor: Id,
    /// On air from this second ...
    pub on_air: f64,
    /// ... to this.
    pub off_air: f64,
    /// Factor on exposure.
    pub promotion: f64,
    /// Factor on how long people stay.
    pub interest: f64,
    /// The catalogue shown before the evening.
    pub preview: Option<Preview>,
    /// A crowd outside the model.
    pub background: Option<Background>,
    /// What happens, in order of time; cues of the same moment keep the order of the file.
    pub cues: Vec<Cue>,
    /// Names of the scripts it plays, for tables.
    pub scripts: Vec<String>,
}

impl Room {
    /// Brands of the products that its cues are about, cue by cue.
    pub fn brands(&self, plot: &Scenario) -> impl Iterator<Item = Id> {
        let products = self.cues.iter().filter_map(|cue| cue.act.product());
        products.map(|product| plot.products[product as usize].brand)
    }
}

/// A catalogue shown before the evening.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Products in it, each with the second at which its link first opens in this room.
    pub products: Vec<(Id, f64)>,
    /// Share of consumers who see it.
    pub reach: f64,
    /// Mean lateness, seconds.
    pub lateness: f64,
}

/// A crowd outside the model.
#[derive(Debug, Clone)]
pub struct Background {
    /// Who they are.
    pub name: String,
    /// (second, viewers), in order of time; straight lines between, flat outside.
    pub points: Vec<(f64, f64)>,
}

/// A bot farm. Prices are per single account or action, in yuan.
#[derive(Debug, Clone, PartialEq)]
pub struct Farm {
    /// Its name.
    pub name: String,
    /// Stable identity.
    pub key: u64,
    /// Price of 10,000, by [`Service`](super::file::Service) in order of declaration.
    pub price_per_10_000: [Fen; 5],
    /// Price of one brushed order beside the goods.
    pub brushed_order_price: Fen,
    /// Accounts or actions delivered a second at most, over all orders.
    pub accounts_per_second: f64,
    /// Seconds that a bought viewer stays.
    pub view_seconds: f64,
    /// Accounts, and how they behave and share devices and addresses.
    pub crew: CrewTerms,
}

/// The accounts of a farm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrewTerms {
    /// Accounts.
    pub accounts: u32,
    /// Accounts on one device.
    pub per_device: u32,
    /// Accounts behind one network address.
    pub per_address: u32,
    /// Accounts that pay from one wallet.
    pub per_wallet: u32,
    /// Spread of stays, log units.
    pub view_spread: f64,
    /// Likes per viewer and second.
    pub like_rate: f64,
    /// Comments per viewer and second.
    pub comment_rate: f64,
    /// Clicks on what is on sale per account and second.
    pub click_rate: f64,
    /// Share of brushed orders with looking around before.
    pub browse_share: f64,
    /// How long that takes, seconds (mean).
    pub browse_seconds: f64,
    /// Share that comes as followers.
    pub follow_share: f64,
    /// Share that comes by a link; the rest comes by the platform's list.
    pub link_share: f64,
}

/// How consumers come by a coupon.
#[derive(Debug, Clone)]
pub struct CouponWay {
    /// Stable identity.
    pub key: u64,
    /// By knowing of it, or from a cue.
    pub obtained: ObtainedBy,
    /// Share of consumers who know of it without a room.
    pub reach: f64,
}

/// A price scheduled in a brand's own store.
#[derive(Debug, Clone)]
pub struct OwnStorePrice {
    /// The room whose cue schedules it.
    pub room: Id,
    /// The product.
    pub product: Id,
    /// The price there, yuan.
    pub price: f64,
    /// From this second ...
    pub from: f64,
    /// ... until this.
    pub until: f64,
}

/// Names of things by index, for tables and messages.
impl Scenario {
    /// Whether anybody can buy with coupons, or from a shelf.
    pub fn has_promotions(&self) -> bool {
        !self.campaign.coupons.is_empty() || self.shelf().next().is_some()
    }

    /// Whether the balance of any presale can be paid before the scenario ends.
    pub fn settles_balances(&self) -> bool {
        let cues = self.rooms.iter().flat_map(|room| &room.cues);
        let due = |cue: &Cue| match cue.act {
            Act::OpenLink { balance_due, .. } => balance_due,
            _ => None,
        };
        cues.filter_map(due).any(|due| due < self.clock.end)
    }

    /// Posted prices outside of rooms, with their indices in the campaign.
    pub fn shelf(&self) -> impl Iterator<Item = (usize, &crate::promotion::Posted)> {
        let rooms = self.rooms.len();
        let posted = self.campaign.posted.iter().enumerate();
        posted.filter(move |(_, posted)| posted.channel as usize >= rooms)
    }

    /// Consumers up to and excluding segment `segment`: the first global index of that segment.
    pub fn first_consumer(&self, segment: usize) -> u64 {
        self.population.segments[..segment]
            .iter()
            .map(|s| s.count)
            .sum()
    }

    /// The segment of a consumer, and its index within it.
    pub fn segment_of(&self, consumer: u64) -> (usize, u64) {
        let mut rest = consumer;
        for (index, segment) in self.population.segments.iter().enumerate() {
            if rest < segment.count {
                return (index, rest);
            }
            rest -= segment.count;
        }
        (self.population.segments.len().saturating_sub(1), rest)
    }

    /// Market time of a second, as text.
    pub fn market_time(&self, second: f64) -> String {
        let moment = self.clock.start + chrono::Duration::milliseconds((second * 1000.0) as i64);
        moment.format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// That the regime never holds, where it comes into force when the scenario is over: a sentence, for a regime is used with many scenarios.
    pub fn never_in_force(&self) -> Option<String> {
        let (from, end) = (self.regime.from, self.clock.end);
        (from >= end).then(|| {
            format!(
                "regime {} never holds within this scenario: it begins at {}, and the scenario ends at {}",
                self.regime.name,
                self.market_time(from),
                self.market_time(end)
            )
        })
    }

    /// Names of the rooms by index.
    pub fn room_names(&self) -> BTreeMap<Id, &str> {
        self.rooms
            .iter()
            .zip(0..)
            .map(|(room, id)| (id, room.name.as_str()))
            .collect()
    }
}
