//! The generated market: anchors, brands, products and rooms drawn from the distributions of `[generate]`, beside the named ones.
//!
//! Every draw is keyed by the generated thing's own name, so one room more changes no other.

use super::file::{
    BrandTable, CueTable, GenerateTable, Name, Offset, PlayTable, Value, default_defects,
};
use super::resolve::{Names, anchor_of, brand_of, id};
use super::resolve_acts::act_of;
use super::scripts::cues_of_play;
use super::season::{Cast, HONEST, SHORTEST_SLOT, Season, Told};
use super::{Act, Bundle, Cue, Id, Product, Room, Scenario};
use crate::draws::{Draws, Mechanism, Words, identity_of_name, lognormal, pareto, poisson};
use crate::money::{Fen, to_ten_fen};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Log spreads of the ratios around their medians; assumptions, named in the docs of the ratios.
const MARKET_SPREAD: f64 = 0.1;
const WORTH_SPREAD: f64 = 0.15;

/// Nobody is more skilful than this: the range of a named anchor's skill.
const MOST_SKILL: f64 = 3.0;

/// First ordinal of the draws of evenings after the first.
const EVENINGS: u32 = 16;

/// Adds the generated market.
pub(super) fn add(
    scenario: &mut Scenario,
    table: &GenerateTable,
    bundle: &Bundle,
    names: &Names,
) -> Result<(), String> {
    let mut names = names.clone();
    let generated = |name: String| Generated {
        table,
        bundle,
        draws: Draws::new(scenario.seed),
        name,
    };
    let strategy = bundle.scenario.strategy.as_ref();
    let anchors: Vec<Generated> = (1..=table.rooms)
        .map(|number| generated(format!("g{number:05}")))
        .collect();
    let brands: Vec<Generated> = (1..=strategy.map_or(0, |strategy| strategy.brands.count))
        .map(|number| generated(format!("b{number:05}")))
        .collect();
    let mut casts = Vec::new();
    for anchor in anchors {
        casts.push(anchor.add(scenario, &mut names)?);
    }
    let Some(strategy) = strategy else {
        return Ok(());
    };
    let mut hiring = Vec::new();
    for brand in brands {
        hiring.push(brand.add_brand(scenario, &mut names, strategy.brands.products)?);
    }
    let season = Season::new((table, strategy), bundle, names, (casts, hiring));
    season.rehearse(scenario)?;
    scenario.season = Some(Arc::new(season));
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
    product: Id,
    name: String,
    price: f64,
    counter_price: f64,
    stock: u32,
}

impl Generated<'_> {
    fn add(&self, scenario: &mut Scenario, names: &mut Names) -> Result<Cast, String> {
        let key = identity_of_name(&format!("generated {}", self.name));
        let first = self.draws.at(Mechanism::Generate, key, 0);
        let second = self.draws.at(Mechanism::Generate, key, 1);
        let third = self.draws.at(Mechanism::Generate, key, 2);
        let fourth = self.draws.at(Mechanism::Generate, key, 3).normals();
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
        let skill = lognormal(1.0, table.skill_spread, fourth[0]).min(MOST_SKILL);
        let interest = lognormal(1.0, table.interest_spread, fourth[1]);
        self.add_anchor(scenario, names, (followers, skill));
        let (on_air, length) = self.window(names, 0, second);
        let wanted = 1 + poisson(table.products_per_room - 1.0, second.uniform(3)) as usize;
        let fits = (length / SHORTEST_SLOT).floor().max(1.0) as usize;
        let script = self.script(third.uniform(0));
        let goods = self.add_goods(scenario, names, wanted.min(fits), followers, &script)?;
        let anchor = id(&names.anchors, &self.name, "anchor")?;
        let brand = id(&names.brands, &self.name, "brand")?;
        let mut sessions = Vec::new();
        for evening in 0..table.evenings {
            let (on_air, length) = match evening {
                0 => (on_air, length),
                _ => {
                    let words = self.draws.at(Mechanism::Generate, key, EVENINGS + evening);
                    if words.uniform(3) >= table.on_air_share {
                        continue;
                    }
                    self.window(names, evening, words)
                }
            };
            let mut cues = Vec::new();
            if self.bundle.scenario.strategy.is_none() {
                let viewers = table.expected_viewers(followers);
                cues = self.show(names, on_air, length, &goods, &script, viewers)?;
                if third.uniform(1) < table.buying_share {
                    cues.push(self.bought(names, on_air, viewers, third.normal(2))?);
                    cues.sort_by(|a, b| a.at.total_cmp(&b.at));
                }
                cues.retain(|cue| cue.at < on_air + length);
            }
            let name = match table.evenings {
                1 => self.name.clone(),
                _ => format!("{}_e{:02}", self.name, evening + 1),
            };
            sessions.push(scenario.rooms.len() as Id);
            scenario.rooms.push(Room {
                key: identity_of_name(&format!("room {name}")),
                name,
                named: false,
                anchor,
                on_air,
                off_air: on_air + length,
                promotion: 1.0,
                interest: interest.clamp(0.1, 20.0),
                preview: None,
                background: None,
                cues,
                scripts: vec![script.clone()],
            });
        }
        Ok(Cast {
            anchor: Some(anchor),
            brand,
            goods: goods
                .iter()
                .map(|item| (item.product, item.price))
                .collect(),
            sessions,
        })
    }

    /// When a show of an evening is on air, and how long.
    fn window(&self, names: &Names, evening: u32, words: Words) -> (f64, f64) {
        let table = self.table;
        let length = 60.0 * lognormal(table.show_minutes, table.show_spread, words.normal(0));
        let day = 86_400.0 * f64::from(evening);
        let from = day + names.second(table.on_air_from);
        let until = day + names.second(table.on_air_until);
        let length = length.clamp(SHORTEST_SLOT, (until - from).max(SHORTEST_SLOT));
        let on_air = from + (until - from - length).max(0.0) * words.uniform(2);
        // Rooms open on a whole tick's boundary, as a named room's moments do.
        ((on_air / 60.0).floor() * 60.0, length)
    }

    /// A brand without a room of its own.
    fn add_brand(
        &self,
        scenario: &mut Scenario,
        names: &mut Names,
        products: u32,
    ) -> Result<Cast, String> {
        names
            .brands
            .insert(self.name.clone(), scenario.brands.len() as Id);
        scenario
            .brands
            .push(brand_of(&self.name, &BrandTable::default()));
        let followers = self.table.followers_median;
        let goods = self.add_goods(scenario, names, products as usize, followers, HONEST)?;
        Ok(Cast {
            anchor: None,
            brand: id(&names.brands, &self.name, "brand")?,
            goods: goods
                .iter()
                .map(|item| (item.product, item.price))
                .collect(),
            sessions: Vec::new(),
        })
    }

    fn add_anchor(
        &self,
        scenario: &mut Scenario,
        names: &mut Names,
        (followers, skill): (f64, f64),
    ) {
        let anchor = super::file::AnchorTable {
            followers,
            skill,
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
        HONEST.to_owned()
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
            let price = to_ten_fen(price.max(1.0));
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
            let multiple = if script == HONEST {
                1.0
            } else {
                table.claimed_price_multiple
            };
            let stock = table.stock_per_thousand_followers * followers / 1_000.0;
            goods.push(Goods {
                product: scenario.products.len() as Id - 1,
                name,
                price,
                counter_price: to_ten_fen(prior * multiple),
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

    /// What the script is told about the goods.
    fn values(&self, script: &str, item: &Goods, viewers: f64) -> BTreeMap<Name, Value> {
        let told = Told {
            product: &item.name,
            price: item.price,
            counter_price: item.counter_price,
            stock: item.stock,
            viewers,
            farm: self.table.farm.as_deref(),
        };
        told.values(self.bundle.scripts.get(script))
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
