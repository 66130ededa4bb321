//! The generated market: anchors, brands, products and rooms drawn from the distributions of `[generate]`, beside the named ones.
//!
//! Every draw is keyed by the generated thing's own name, so one room more changes no other.

use super::file::{
    BrandTable, CueTable, GenerateTable, Name, Offset, PlayTable, Value, default_defects,
};
use super::resolve::{Names, anchor_of, brand_of, id};
use super::resolve_acts::act_of;
use super::scripts::{ScriptTemplate, cues_of_play};
use super::{Act, Bundle, Cue, Id, Product, Room, Scenario};
use crate::draws::{Draws, Mechanism, identity_of_name, lognormal, pareto, poisson};
use crate::money::Fen;
use std::collections::BTreeMap;

/// Log spreads of the ratios around their medians; assumptions, named in the docs of the ratios.
const MARKET_SPREAD: f64 = 0.1;
const WORTH_SPREAD: f64 = 0.15;

/// Shortest time that a show gives to one product, seconds.
const SHORTEST_SLOT: f64 = 300.0;

/// Adds the generated market.
pub(super) fn add(
    scenario: &mut Scenario,
    table: &GenerateTable,
    bundle: &Bundle,
    names: &Names,
) -> Result<(), String> {
    let mut names = Names {
        anchors: names.anchors.clone(),
        brands: names.brands.clone(),
        products: names.products.clone(),
        rooms: names.rooms.clone(),
        farms: names.farms.clone(),
        categories: names.categories.clone(),
        coupons: names.coupons.clone(),
        segments: names.segments.clone(),
        start: names.start,
    };
    for number in 1..=table.rooms {
        let generated = Generated {
            table,
            bundle,
            draws: Draws::new(scenario.seed),
            name: format!("g{number:05}"),
        };
        generated.add(scenario, &mut names)?;
    }
    Ok(())
}

struct Generated<'a> {
    table: &'a GenerateTable,
    bundle: &'a Bundle,
    draws: Draws,
    name: String,
}

/// A product of a generated room.
struct Goods {
    name: String,
    price: f64,
    counter_price: f64,
    stock: u32,
}

impl Generated<'_> {
    fn add(&self, scenario: &mut Scenario, names: &mut Names) -> Result<(), String> {
        let key = identity_of_name(&format!("generated {}", self.name));
        let first = self.draws.at(Mechanism::Generate, key, 0);
        let second = self.draws.at(Mechanism::Generate, key, 1);
        let third = self.draws.at(Mechanism::Generate, key, 2);
        let table = self.table;
        let followers = if first.uniform(0) < table.tail_share {
            // The tail begins where the body's upper twentieth does: 1.645 standard deviations above the median.
            let begin = lognormal(table.followers_median, table.followers_spread, 1.645);
            pareto(begin, table.tail_exponent, first.uniform(1))
        } else {
            lognormal(
                table.followers_median,
                table.followers_spread,
                first.normal(2),
            )
        };
        let followers = followers.min(1.0e8);
        self.add_anchor(scenario, names, followers);
        let length = 60.0 * lognormal(table.show_minutes, table.show_spread, second.normal(0));
        let from = names.second(table.on_air_from);
        let until = names.second(table.on_air_until);
        let length = length.clamp(SHORTEST_SLOT, (until - from).max(SHORTEST_SLOT));
        let on_air = from + (until - from - length).max(0.0) * second.uniform(2);
        // Rooms open on a whole tick's boundary, as a named room's moments do.
        let on_air = (on_air / 60.0).floor() * 60.0;
        let wanted = 1 + poisson(table.products_per_room - 1.0, second.uniform(3)) as usize;
        let fits = (length / SHORTEST_SLOT).floor().max(1.0) as usize;
        let script = self.script(third.uniform(0));
        let goods = self.add_goods(scenario, names, wanted.min(fits), followers, &script)?;
        let viewers = self.expected_viewers(followers);
        let mut cues = self.show(names, on_air, length, &goods, &script, viewers)?;
        if third.uniform(1) < table.buying_share {
            cues.push(self.bought(names, on_air, viewers, third.normal(2))?);
            cues.sort_by(|a, b| a.at.total_cmp(&b.at));
        }
        let anchor = id(&names.anchors, &self.name, "anchor")?;
        cues.retain(|cue| cue.at < on_air + length);
        scenario.rooms.push(Room {
            name: self.name.clone(),
            key: identity_of_name(&format!("room {}", self.name)),
            named: false,
            anchor,
            on_air,
            off_air: on_air + length,
            promotion: 1.0,
            interest: 1.0,
            preview: None,
            background: None,
            cues,
            scripts: vec![script],
        });
        Ok(())
    }

    fn add_anchor(&self, scenario: &mut Scenario, names: &mut Names, followers: f64) {
        let anchor = super::file::AnchorTable {
            followers,
            skill: 1.0,
            reputation: 1.0,
            commission: 0.2,
            slot_fee: 0.0,
        };
        names
            .anchors
            .insert(self.name.clone(), scenario.anchors.len() as Id);
        scenario.anchors.push(anchor_of(&self.name, &anchor));
        names
            .brands
            .insert(self.name.clone(), scenario.brands.len() as Id);
        scenario
            .brands
            .push(brand_of(&self.name, &BrandTable::default()));
    }

    /// The script, by the shares of the table; what is left plays `honest_pitch`.
    fn script(&self, uniform: f64) -> String {
        let mut sum = 0.0;
        for (script, share) in &self.table.scripts {
            sum += share.0;
            if uniform < sum {
                return script.clone();
            }
        }
        "honest_pitch".to_owned()
    }

    fn add_goods(
        &self,
        scenario: &mut Scenario,
        names: &mut Names,
        count: usize,
        followers: f64,
        script: &str,
    ) -> Result<Vec<Goods>, String> {
        let brand = id(&names.brands, &self.name, "brand")?;
        let mut goods = Vec::with_capacity(count);
        for number in 1..=count {
            let name = format!("{}_{number}", self.name);
            let key = identity_of_name(&format!("product {name}"));
            let first = self.draws.at(Mechanism::Generate, key, 0);
            let second = self.draws.at(Mechanism::Generate, key, 1);
            let table = self.table;
            let price = lognormal(table.price_median, table.price_spread, first.normal(0));
            let price = (price.max(1.0) * 10.0).round() / 10.0;
            let market_price =
                price * lognormal(table.market_over_price, MARKET_SPREAD, first.normal(2));
            let worth = price * lognormal(table.worth_over_price, WORTH_SPREAD, second.normal(0));
            let prior = market_price;
            names
                .products
                .insert(name.clone(), scenario.products.len() as Id);
            scenario.products.push(Product {
                name: name.clone(),
                key,
                brand,
                category: self.category(scenario, second.uniform(2)),
                worth,
                market_price,
                honest_prior_price: prior,
                cost: Fen::from_yuan(price * table.cost_over_price),
                freight: 0.0,
                defect_share: default_defects(),
                units_wanted: 1,
            });
            let multiple = if script == "honest_pitch" {
                1.0
            } else {
                table.claimed_price_multiple
            };
            let stock = table.stock_per_thousand_followers * followers / 1_000.0;
            goods.push(Goods {
                name,
                price,
                counter_price: (prior * multiple * 10.0).round() / 10.0,
                stock: stock.clamp(30.0, 1.0e7) as u32,
            });
        }
        Ok(goods)
    }

    fn category(&self, scenario: &Scenario, uniform: f64) -> Id {
        let weights: Vec<f64> = scenario
            .categories
            .iter()
            .map(|category| {
                let listed = self.table.categories.get(&category.name);
                let all = self.table.categories.is_empty();
                listed.map_or(f64::from(u8::from(all)), |weight| weight.0)
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        let mut left = uniform * sum;
        for (weight, id) in weights.iter().zip(0..) {
            left -= weight;
            if left < 0.0 {
                return id;
            }
        }
        weights.len().saturating_sub(1) as Id
    }

    /// The script, once for each of the goods, evenly over the show.
    fn show(
        &self,
        names: &Names,
        on_air: f64,
        length: f64,
        goods: &[Goods],
        script: &str,
        viewers: f64,
    ) -> Result<Vec<Cue>, String> {
        let slot = length / goods.len() as f64;
        let mut cues = Vec::new();
        for (number, item) in goods.iter().enumerate() {
            let play = PlayTable {
                script: script.to_owned(),
                at: Offset((number as f64 * slot) as u32),
                with: self.values(script, item, viewers),
            };
            for staged in cues_of_play(&play, number, &self.bundle.scripts)
                .map_err(|wrong| format!("script `{script}`: {}", wrong.join("; ")))?
            {
                let at = on_air + staged.at;
                cues.push(Cue {
                    at,
                    script: staged.script,
                    act: act_of(&staged.cue, at, names)?,
                });
            }
        }
        cues.sort_by(|a, b| a.at.total_cmp(&b.at));
        Ok(cues)
    }

    /// What the script is told about the goods: only what it asks for.
    fn values(&self, script: &str, item: &Goods, viewers: f64) -> BTreeMap<Name, Value> {
        let asked = self
            .bundle
            .scripts
            .get(script)
            .map(ScriptTemplate::parameters)
            .unwrap_or_default();
        let farm = self.table.farm.clone().map(Value::Text);
        [
            ("product", Some(Value::Text(item.name.clone()))),
            ("price", Some(Value::Number(item.price))),
            ("counter_price", Some(Value::Number(item.counter_price))),
            ("stock", Some(Value::Whole(i64::from(item.stock)))),
            // Staff call out one to three tenths of the viewers that the room hopes for as orders: an assumption.
            ("shouted_from", Some(Value::Whole((0.1 * viewers) as i64))),
            ("shouted_to", Some(Value::Whole((0.3 * viewers) as i64 + 1))),
            ("shown", Some(Value::Whole(i64::from(item.stock.min(30))))),
            ("farm", farm),
        ]
        .into_iter()
        .filter(|(name, _)| asked.contains_key(name))
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }

    /// Viewers that a room of so many followers hopes for.
    fn expected_viewers(&self, followers: f64) -> f64 {
        self.table.expected_viewers(followers)
    }

    /// Bought viewers, early in the show.
    fn bought(&self, names: &Names, on_air: f64, viewers: f64, normal: f64) -> Result<Cue, String> {
        let table = self.table;
        let multiple = lognormal(table.bought_multiple, 0.6, normal);
        let count = (viewers * multiple).clamp(100.0, 1.0e7) as u64;
        let farm = table.farm.clone().unwrap_or_default();
        let cue = CueTable {
            buy: Some(super::file::BuyAct {
                service: super::file::Service::Views,
                farm,
                count,
                over_seconds: 60.0,
            }),
            ..CueTable::default()
        };
        let at = on_air + 120.0;
        let act: Act = act_of(&cue, at, names)?;
        Ok(Cue {
            at,
            script: None,
            act,
        })
    }
}
