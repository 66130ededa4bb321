//! What is spent on bought viewers, and what they cost: together they say how many there are. Changes the counts of the cues that buy viewers, and the
//! farms' price.

use super::super::edit::{Draft, number_in};
use super::super::settings::Setting;
use super::{number, script};
use crate::scenario::Bundle;
use crate::scenario::file::Service;
use std::collections::BTreeMap;
use toml_edit::{InlineTable, Item, TableLike, Value, value};

/// How many viewers a farm's price is for.
const PRICED: f64 = 10_000.0;

/// Where no farm is in the scenario: the price of November 2020 [F26] SEED.
const NOVEMBER: f64 = 30.0;

/// The farm that is then added.
const ADDED: &str = "added_farm";

/// How long before the script the viewers come where a scenario has none, seconds: assumption.
const BEFORE: f64 = 300.0;

/// Within what time they come, seconds: under a minute [F24] SEED.
const OVER: f64 = 60.0;

/// What rooms spend on viewers, yuan.
pub fn budget(bundle: &Bundle) -> f64 {
    let bought = bought(bundle);
    let spent = bought.iter().map(|(count, price)| count * price / PRICED);
    // A sum of nothing would be -0.
    spent.fold(0.0, |sum, spent| sum + spent)
}

/// What 10,000 viewers cost where most is spent; `None` where none are bought.
pub fn price(bundle: &Bundle) -> Option<f64> {
    let mut bought = bought(bundle);
    bought.sort_by(|a, b| (b.0 * b.1).total_cmp(&(a.0 * a.1)));
    bought.first().map(|(_, price)| *price)
}

/// Purchases of viewers: count, and price of 10,000.
fn bought(bundle: &Bundle) -> Vec<(f64, f64)> {
    let rooms = bundle.scenario.rooms.values();
    let acts = rooms.flat_map(|room| room.cues.iter().filter_map(|cue| cue.buy.as_ref()));
    acts.filter(|buy| buy.service == Service::Views)
        .map(|buy| (buy.count as f64, price_of(bundle, &buy.farm)))
        .collect()
}

fn price_of(bundle: &Bundle, farm: &str) -> f64 {
    let farm = bundle.scenario.farms.get(farm);
    farm.map_or(NOVEMBER, |farm| farm.views_price)
}

/// Spends a budget at a price.
pub fn apply(draft: &mut Draft, bundle: &Bundle, controls: &BTreeMap<String, Setting>) {
    let (new_budget, new_price) = (
        number(controls, "bot_budget"),
        number(controls, "bot_price"),
    );
    if new_budget.is_none() && new_price.is_none() {
        return;
    }
    let before = budget(bundle);
    if let Some(price) = new_price {
        for farm in draft.names("farms") {
            draft.set(&format!("farms.{farm}.views_price"), Value::from(price));
        }
    }
    if new_budget == Some(0.0) {
        draft.keep_cues(|cue| !buys_viewers(cue));
    } else if before > 0.0 {
        let times = new_budget.map_or(1.0, |budget| budget / before);
        draft.each_cue(|_, cue| scale(cue, bundle, times, new_price));
    } else if let Some(budget) = new_budget {
        begin(draft, bundle, budget, new_price);
    }
}

fn buys_viewers(cue: &dyn TableLike) -> bool {
    let buy = cue.get("buy").and_then(Item::as_table_like);
    buy.and_then(|buy| buy.get("service")?.as_str()) == Some("views")
}

/// As many viewers as the budget buys at the new price.
fn scale(cue: &mut dyn TableLike, bundle: &Bundle, times: f64, new_price: Option<f64>) {
    if !buys_viewers(cue) {
        return;
    }
    let Some(buy) = cue.get_mut("buy").and_then(Item::as_table_like_mut) else {
        return;
    };
    let farm = buy.get("farm").and_then(Item::as_str).unwrap_or_default();
    let cheaper = new_price.map_or(1.0, |price| price_of(bundle, farm) / price);
    let count = buy.get("count").and_then(number_in).unwrap_or(0.0);
    buy.insert("count", value(whole(count * times * cheaper)));
}

/// A whole number of viewers, and at least one.
fn whole(count: f64) -> i64 {
    count.round().max(1.0) as i64
}

/// Where nobody buys viewers: the leading room begins, some minutes before its script, or else the first that sells.
fn begin(draft: &mut Draft, bundle: &Bundle, budget: f64, new_price: Option<f64>) {
    let lead = script::lead(bundle).map(|lead| (lead.room, lead.at));
    let rooms = bundle.scenario.rooms.iter();
    let mut openings = rooms.filter_map(|(room, table)| {
        let opens = table.cues.iter().find(|cue| cue.open_link.is_some())?;
        Some((room.clone(), opens.at.seconds()))
    });
    let Some((room, opens)) = lead.or_else(|| openings.next()) else {
        return;
    };
    let farms = &bundle.scenario.farms;
    let farm = match farms.keys().next() {
        Some(farm) => farm.clone(),
        None => {
            draft.set(&format!("farms.{ADDED}.views_price"), Value::from(NOVEMBER));
            ADDED.to_owned()
        }
    };
    let price = new_price.unwrap_or_else(|| price_of(bundle, &farm));
    let at = (opens - BEFORE).max(0.0) as u32;
    let mut buy = InlineTable::new();
    buy.insert("service", Value::from("views"));
    buy.insert("farm", Value::from(farm));
    buy.insert("count", Value::from(whole(budget / price * PRICED)));
    buy.insert("over_seconds", Value::from(OVER));
    let at = crate::scenario::file::Offset(at).to_string();
    draft.add_cue(&room, &at, "buy", buy);
}
