//! Conduct: what anchors did on an evening and what it came to, told to whoever observes, and the season's totals day by day.

use super::anchors::AnchorMind;
use super::brands::BrandMind;
use super::farms::FarmMind;
use super::menu::Kind;
use super::season_of;
use super::stage::Staged;
use crate::market::bots::Farm;
use crate::market::breach::Violations;
use crate::market::observe::Recorder;
use crate::market::rows::ConductRow;
use crate::market::time::{Now, Plot};
use crate::scenario::Scenario;
use crate::scenario::file::RedressPolicy;
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};

/// What a day's conduct came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConductOfDay {
    /// Simulated day, from 0.
    pub day: u32,
    /// Generated anchors who were on air.
    pub on_air: u32,
    /// Those of them who deceived: by a script, bought viewers or orders, or an inflated reference.
    pub deceiving: u32,
    /// Those of them whose followers at the start are below the median.
    pub on_air_small: u32,
    /// Those of these who deceived.
    pub deceiving_small: u32,
    /// Those who played each script, by its number in [`Seasons::scripts`].
    pub by_script: Vec<u32>,
    /// Those who bought viewers.
    pub buying_views: u32,
    /// Those who had orders brushed.
    pub brushing: u32,
    /// Those who claimed an inflated price.
    pub inflating: u32,
    /// Those who promised the lowest price.
    pub promising: u32,
    /// Anchors who know each script, by number; those who have left are not among them.
    pub know: Vec<u32>,
    /// Anchors who have left by now.
    pub left: u32,
    /// Those of them who deceived in none of their evenings.
    pub left_honest: u32,
    /// Anchors who deceived in none of their first three evenings, before which nobody leaves.
    pub began_honest: u32,
    /// Those of these who have left.
    pub left_began_honest: u32,
    /// Promises (a room's, of a product) that have been broken so far.
    pub promises_broken: u64,
    /// Promises given so far.
    pub promises: u64,
    /// Brands that refuse, keep to the terms, give more.
    pub redress: [u32; 3],
    /// Brands that cut prices.
    pub cutting: u32,
    /// Brands that have hired an anchor tonight.
    pub hired: u32,
    /// Mean price of 10,000 viewers over farms, yuan.
    pub view_price: f64,
    /// Mean realism of farms, levels.
    pub realism: f64,
    /// Mean capacity of farms, accounts a second.
    pub capacity: f64,
    /// What anchors who deceived earned on average, in usual evenings; `None`: nobody did.
    pub rounds_deceiving: Option<f64>,
    /// The same of those who did not.
    pub rounds_honest: Option<f64>,
}

/// A season so far.
#[derive(Resource, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Seasons {
    /// Scripts by number.
    pub scripts: Vec<String>,
    /// Day by day.
    pub days: Vec<ConductOfDay>,
    /// Anchors who have deceived on any evening, by number in their cast.
    deceived: Vec<bool>,
    /// Promises given so far, and how many of the staged plays they were counted in.
    given: (u64, usize),
}

impl Seasons {
    /// Share of generated anchors who have deceived on any evening so far.
    pub fn ever_deceived(&self) -> Option<f64> {
        let deceived = self.deceived.iter().filter(|deceived| **deceived).count();
        (!self.deceived.is_empty()).then(|| deceived as f64 / self.deceived.len() as f64)
    }
}

/// What is asked about the day.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Asked<'w, 's> {
    plot: Res<'w, Plot>,
    now: Res<'w, Now>,
    staged: Res<'w, Staged>,
    violations: Res<'w, Violations>,
    minds: Query<'w, 's, &'static AnchorMind>,
    brands: Query<'w, 's, &'static BrandMind>,
    farms: Query<'w, 's, (&'static Farm, &'static FarmMind)>,
}

/// Tells the day's conduct, and adds it up.
pub fn tell(asked: Asked, mut recorder: ResMut<Recorder>, mut seasons: ResMut<Seasons>) {
    let season = season_of(&asked.plot);
    seasons.scripts.clone_from(&season.scripts);
    seasons.deceived.resize(season.anchors.len(), false);
    for (_, play) in &asked.staged.0[seasons.given.1..] {
        seasons.given.0 += u64::from(play.promises) * play.items.len() as u64;
    }
    seasons.given.1 = asked.staged.0.len();
    let mut day = ConductOfDay {
        day: asked.now.day,
        by_script: vec![0; season.scripts.len()],
        know: vec![0; season.scripts.len()],
        promises: seasons.given.0,
        promises_broken: asked.violations.promises_broken(),
        ..ConductOfDay::default()
    };
    asked.count_anchors(&mut day, &mut seasons, &mut recorder);
    asked.count_brands(&mut day);
    asked.count_farms(&mut day);
    seasons.days.push(day);
}

impl Asked<'_, '_> {
    fn count_anchors(
        &self,
        day: &mut ConductOfDay,
        seasons: &mut Seasons,
        recorder: &mut Recorder,
    ) {
        let median = self.median_followers();
        let mut rounds = [(0.0, 0_u32); 2];
        for (mind, number) in self.minds.iter().zip(0..) {
            let number: usize = number;
            if let Some(evening) = &mind.evening {
                let bundle = evening.bundle;
                let bought = |kind| u32::from(bundle.option(kind) > 0);
                day.on_air += 1;
                day.deceiving += u32::from(bundle.deceives());
                let is_small = self.plot.anchors[mind.anchor as usize].followers < median;
                day.on_air_small += u32::from(is_small);
                day.deceiving_small += u32::from(is_small && bundle.deceives());
                day.by_script[usize::from(bundle.option(Kind::Script))] += 1;
                day.buying_views += bought(Kind::Views);
                day.brushing += bought(Kind::Orders);
                day.inflating += bought(Kind::Inflation);
                day.promising += bought(Kind::Promise);
                seasons.deceived[number] |= bundle.deceives();
                let of = &mut rounds[usize::from(bundle.deceives())];
                *of = (of.0 + evening.rounds, of.1 + 1);
                recorder.conduct(&row(self.now.day, mind, &self.plot));
            }
            let began_honest = u32::from(mind.began_honest() == Some(true));
            day.began_honest += began_honest;
            match mind.left {
                Some(_) => {
                    day.left_began_honest += began_honest;
                    day.left += 1;
                    day.left_honest += u32::from(!seasons.deceived[number]);
                }
                None => {
                    for (knows, count) in mind.scripts.iter().zip(&mut day.know) {
                        *count += u32::from(*knows);
                    }
                }
            }
        }
        let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
        (day.rounds_honest, day.rounds_deceiving) = (mean(rounds[0]), mean(rounds[1]));
    }

    fn median_followers(&self) -> f64 {
        let of = |mind: &AnchorMind| self.plot.anchors[mind.anchor as usize].followers;
        let mut followers: Vec<f64> = self.minds.iter().map(of).collect();
        followers.sort_by(f64::total_cmp);
        followers.get(followers.len() / 2).copied().unwrap_or(0.0)
    }

    fn count_brands(&self, day: &mut ConductOfDay) {
        for mind in &self.brands {
            let policy = match mind.redress {
                RedressPolicy::Refuse => 0,
                RedressPolicy::Terms => 1,
                RedressPolicy::Generous => 2,
            };
            day.redress[policy] += 1;
            day.cutting += u32::from(mind.cuts);
            day.hired += u32::from(mind.hires_tonight);
        }
    }

    fn count_farms(&self, day: &mut ConductOfDay) {
        let count = self.farms.iter().count().max(1) as f64;
        for (farm, mind) in &self.farms {
            let terms = &self.plot.farms[farm.id as usize];
            day.view_price += terms.price_per_10_000[0].yuan() / count;
            day.realism += f64::from(mind.realism) / count;
            day.capacity += mind.capacity / count;
        }
    }
}

fn row(day: u32, mind: &AnchorMind, plot: &Scenario) -> ConductRow {
    let (tonight, evening) = (mind.tonight.as_ref(), mind.evening.as_ref());
    let bundle = mind.last();
    let season = plot.season.as_ref();
    let table = season.map(|season| &season.strategy.anchors);
    let of = |values: Option<&Vec<f64>>, kind, none: f64| match bundle.option(kind) {
        0 => none,
        option => values.map_or(none, |values| values[usize::from(option) - 1]),
    };
    let script = usize::from(bundle.option(Kind::Script));
    let bought = tonight.and_then(|tonight| tonight.bought);
    ConductRow {
        day,
        room: tonight.map_or(crate::market::rows::NO_ROOM, |tonight| tonight.room),
        script: season.map_or_else(String::new, |season| season.scripts[script].clone()),
        farm: bought.map(|(farm, ..)| farm),
        views_bought: bought.map_or(0, |(_, views, _)| views),
        orders_bought: bought.map_or(0, |(.., orders)| orders),
        inflation: of(table.map(|table| &table.inflation), Kind::Inflation, 1.0),
        promises: bundle.option(Kind::Promise) > 0,
        earned: evening.map_or(0.0, |evening| evening.earned),
        usual: mind.learner.usual().unwrap_or_default(),
    }
}
