//! A season: generated anchors, brands and farms that choose, evening after evening. This file knows what can be chosen and makes the cues of an evening
//! from what was; who chooses what is the market's business.

use super::file::{
    BrushOrdersAct, BuyAct, ClaimPriceAct, CueTable, GenerateTable, Name, Offset, PlayTable,
    PromiseAct, PromiseScope, Service, StrategyTable, Value,
};
use super::resolve::Names;
use super::resolve_acts::{act_of, mark_countdowns};
use super::scripts::{ScriptTemplate, cues_of_play};
use super::{Bundle, Cue, Id, Room, Scenario};
use crate::money::to_ten_fen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The script that everybody knows, and in which nothing is false.
pub const HONEST: &str = "honest_pitch";

/// Shortest time that a show gives to one product, seconds.
pub const SHORTEST_SLOT: f64 = 300.0;

/// When viewers are bought, and when orders are, seconds after going on air and after a product's turn begins.
const VIEWS_AFTER: f64 = 120.0;
const ORDERS_AFTER: f64 = 90.0;

/// Seconds over which what was bought arrives.
const DELIVERED_WITHIN: f64 = 60.0;

/// A generated anchor with a brand of its own, or a brand alone.
#[derive(Debug, Clone)]
pub struct Cast {
    /// The anchor.
    pub anchor: Option<Id>,
    /// The brand.
    pub brand: Id,
    /// Its products, each with the price at which it is usually shown, yuan.
    pub goods: Vec<(Id, f64)>,
    /// The anchor's rooms, evening by evening.
    pub sessions: Vec<Id>,
}

/// What is chosen from.
#[derive(Debug)]
pub struct Season {
    /// What strategists choose from, and how they learn.
    pub strategy: StrategyTable,
    /// Distributions of the generated market.
    pub generate: GenerateTable,
    /// Scripts by number: `honest_pitch`, then those of the course.
    pub scripts: Vec<String>,
    /// Generated anchors, each with its brand.
    pub anchors: Vec<Cast>,
    /// Brands that hire.
    pub brands: Vec<Cast>,
    templates: BTreeMap<String, ScriptTemplate>,
    names: Names,
    /// By brand: its place among the generated ones, those of anchors first.
    places: BTreeMap<Id, usize>,
}

/// A product in an evening's show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The product.
    pub product: Id,
    /// Its price, yuan.
    pub price: f64,
    /// Units on sale.
    pub stock: u32,
}

/// What an anchor does on an evening: enough to make its cues, whatever has happened since.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Play {
    /// Number of the script.
    pub script: u8,
    /// What is shown, in order.
    pub items: Vec<Item>,
    /// Real viewers that the room hopes for.
    pub viewers: f64,
    /// Claimed over honest prior price; 1: nothing false is claimed.
    pub inflation: f64,
    /// Whether the lowest price is promised.
    pub promises: bool,
    /// From which farm, how many viewers and how many orders are bought.
    pub bought: Option<(Id, u64, u64)>,
}

/// A misbid takes 10 yuan off where 180 are meant to be paid [F14]; of other prices as large a part.
const MISBID: f64 = 10.0 / 180.0;

/// What a script is told about what it sells.
pub(super) struct Told<'a> {
    pub product: &'a str,
    pub price: f64,
    pub counter_price: f64,
    pub stock: u32,
    /// Viewers that the room hopes for.
    pub viewers: f64,
    pub farm: Option<&'a str>,
}

impl Told<'_> {
    /// Values of the parameters that a script asks for.
    pub fn values(&self, script: Option<&ScriptTemplate>) -> BTreeMap<Name, Value> {
        let asked = script.map(ScriptTemplate::parameters).unwrap_or_default();
        let farm = self.farm.map(|farm| Value::Text(farm.to_owned()));
        let viewers = self.viewers;
        let reduction = to_ten_fen(MISBID * self.price).max(0.1);
        [
            ("product", Some(Value::Text(self.product.to_owned()))),
            ("price", Some(Value::Number(self.price))),
            ("counter_price", Some(Value::Number(self.counter_price))),
            (
                "announced",
                Some(Value::Number(to_ten_fen(self.price + reduction))),
            ),
            ("reduction", Some(Value::Number(reduction))),
            ("stock", Some(Value::Whole(i64::from(self.stock)))),
            // Staff call out one to three tenths of the viewers that the room hopes for as orders: an assumption.
            ("shouted_from", Some(Value::Whole((0.1 * viewers) as i64))),
            ("shouted_to", Some(Value::Whole((0.3 * viewers) as i64 + 1))),
            ("shown", Some(Value::Whole(i64::from(self.stock.min(30))))),
            ("farm", farm),
        ]
        .into_iter()
        .filter(|(name, _)| asked.contains_key(name))
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

impl Season {
    /// A season of a generated market.
    pub(super) fn new(
        (generate, strategy): (&GenerateTable, &StrategyTable),
        bundle: &Bundle,
        names: Names,
        (anchors, brands): (Vec<Cast>, Vec<Cast>),
    ) -> Self {
        let course = strategy.anchors.scripts.iter().cloned();
        let brands_in_order = anchors.iter().chain(&brands).map(|cast| cast.brand);
        Self {
            places: brands_in_order.zip(0..).collect(),
            strategy: strategy.clone(),
            generate: generate.clone(),
            scripts: std::iter::once(HONEST.to_owned()).chain(course).collect(),
            anchors,
            brands,
            templates: bundle.scripts.clone(),
            names,
        }
    }

    /// Plays every script once with everything that can be bought, so that what cannot be played is found out before anything is simulated.
    pub(super) fn rehearse(&self, scenario: &Scenario) -> Result<(), String> {
        let Some(cast) = self.anchors.first() else {
            return Ok(());
        };
        let (Some(room), Some((product, price))) = (cast.sessions.first(), cast.goods.first())
        else {
            return Ok(());
        };
        for script in 0..self.scripts.len() {
            let play = Play {
                script: script as u8,
                items: vec![Item {
                    product: *product,
                    price: *price,
                    stock: 100,
                }],
                viewers: 10.0,
                inflation: 2.0,
                promises: true,
                bought: (!scenario.farms.is_empty()).then_some((0, 100, 10)),
            };
            self.cues(scenario, &scenario.rooms[*room as usize], &play)?;
        }
        Ok(())
    }

    /// The place of a brand among the generated ones: those of anchors, then those that hire.
    pub fn place_of(&self, brand: Id) -> Option<usize> {
        self.places.get(&brand).copied()
    }

    /// The cues of an evening, in order of time.
    ///
    /// # Errors
    /// What is wrong with a script; not after `rehearse`.
    pub fn cues(&self, scenario: &Scenario, room: &Room, play: &Play) -> Result<Vec<Cue>, String> {
        let show = Show {
            season: self,
            scenario,
            room,
            play,
        };
        show.cues()
    }
}

/// An evening's show in the making.
struct Show<'a> {
    season: &'a Season,
    scenario: &'a Scenario,
    room: &'a Room,
    play: &'a Play,
}

impl Show<'_> {
    fn cues(&self) -> Result<Vec<Cue>, String> {
        let slot = (self.room.off_air - self.room.on_air) / self.play.items.len().max(1) as f64;
        let mut cues = Vec::new();
        for (number, item) in self.play.items.iter().enumerate() {
            let from = (number as f64 * slot).floor();
            self.show(number, from, item, &mut cues)?;
        }
        if let Some((farm, views, _)) = self.play.bought.filter(|bought| bought.1 > 0) {
            let buy = BuyAct {
                service: Service::Views,
                farm: self.scenario.farms[farm as usize].name.clone(),
                count: views,
                over_seconds: DELIVERED_WITHIN,
            };
            let table = CueTable {
                buy: Some(buy),
                ..CueTable::default()
            };
            cues.push(self.cue(VIEWS_AFTER, None, &table)?);
        }
        cues.retain(|cue| cue.at < self.room.off_air);
        cues.sort_by(|a, b| a.at.total_cmp(&b.at));
        mark_countdowns(&mut cues, self.scenario.clock.display_period);
        Ok(cues)
    }

    /// The script with one product, and what is claimed and bought beside it.
    fn show(
        &self,
        number: usize,
        from: f64,
        item: &Item,
        cues: &mut Vec<Cue>,
    ) -> Result<(), String> {
        let product = &self.scenario.products[item.product as usize];
        let script = &self.season.scripts[usize::from(self.play.script)];
        let template = self.season.templates.get(script);
        let claimed = product.honest_prior_price * self.play.inflation.max(1.0);
        let told = Told {
            product: &product.name,
            price: item.price,
            counter_price: to_ten_fen(claimed),
            stock: item.stock,
            viewers: self.play.viewers,
            farm: None,
        };
        let values = told.values(template);
        let claims = values.contains_key("counter_price");
        let play = PlayTable {
            script: script.clone(),
            at: Offset(from as u32),
            with: values,
        };
        let staged = cues_of_play(&play, number, &self.season.templates)
            .map_err(|wrong| format!("script `{script}`: {}", wrong.join("; ")))?;
        for staged in staged {
            cues.push(self.cue(staged.at, staged.script, &staged.cue)?);
        }
        if self.play.inflation > 1.0 && !claims {
            let claim = ClaimPriceAct {
                product: product.name.clone(),
                price: told.counter_price,
            };
            let table = CueTable {
                claim_price: Some(claim),
                ..CueTable::default()
            };
            cues.push(self.cue(from + 30.0, None, &table)?);
        }
        if self.play.promises {
            let table = CueTable {
                promise: Some(self.promise(&product.name, item.price)),
                ..CueTable::default()
            };
            cues.push(self.cue(from + 40.0, None, &table)?);
        }
        self.brush(number, from, &product.name, cues)
    }

    fn promise(&self, product: &str, price: f64) -> PromiseAct {
        PromiseAct {
            product: product.to_owned(),
            price: Some(price),
            window_days: self.season.strategy.anchors.promise_days,
            scope: PromiseScope::Brand,
            about_room: None,
        }
    }

    /// Brushed orders of a product: its share of all of them.
    fn brush(
        &self,
        number: usize,
        from: f64,
        product: &str,
        cues: &mut Vec<Cue>,
    ) -> Result<(), String> {
        let Some((farm, _, orders)) = self.play.bought else {
            return Ok(());
        };
        let items = self.play.items.len().max(1) as u64;
        let share = orders / items + u64::from((number as u64) < orders % items);
        if share == 0 {
            return Ok(());
        }
        let brush = BrushOrdersAct {
            product: product.to_owned(),
            farm: self.scenario.farms[farm as usize].name.clone(),
            orders: share,
            over_seconds: DELIVERED_WITHIN,
        };
        let table = CueTable {
            brush_orders: Some(brush),
            ..CueTable::default()
        };
        cues.push(self.cue(from + ORDERS_AFTER, None, &table)?);
        Ok(())
    }

    fn cue(&self, after: f64, script: Option<String>, table: &CueTable) -> Result<Cue, String> {
        let at = self.room.on_air + after;
        Ok(Cue {
            at,
            script,
            act: act_of(table, at, &self.season.names)?,
        })
    }
}
