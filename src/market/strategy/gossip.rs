//! Gossip: an anchor hears of the evenings of a few others, learns from what they earned and what was done to them, takes up a script that earned more than
//! its own, and comes across the course, which it buys if what it expects of it is worth more than its price. Touches minds and the ledger.

use super::anchors::{AnchorMind, GOSSIP, prior};
use super::lessons::{Evening, Penalties};
use super::menu::{Kind, Luck, Menu};
use super::season_of;
use crate::draws::Draws;
use crate::market::ledger::{Ledger, Purpose};
use crate::market::rows::Account;
use crate::market::time::{Now, Plot};
use crate::money::Fen;
use crate::scenario::Season;
use crate::scenario::file::AnchorStrategyTable;
use bevy_ecs::prelude::*;

/// How much what is heard of another counts beside what is one's own, where punishments are reckoned.
const HEARSAY: f64 = 0.5;

/// An evening is told of as no more than this many of the average.
const MOST_TOLD: f64 = 3.0;

/// Options of the choices that gossip makes, by what they are for.
const WHOM: usize = 0;
const TAKES_UP: usize = 1;
/// The course's own choice, after those of everybody who can be heard of.
const COURSE: u32 = GOSSIP + 32;

/// What is told of somebody.
struct News {
    /// Whose, by number in the cast.
    of: usize,
    /// Its evening, if it was on air, and how many average ones that came to.
    evening: Option<(Evening, f64)>,
    /// What it was punished with today.
    punished: Penalties,
}

/// Everybody who was on air tonight hears of others: of their evenings, and of what was done today to those who were not on air, too.
pub fn hear(
    plot: Res<Plot>,
    now: Res<Now>,
    mut ledger: ResMut<Ledger>,
    mut minds: Query<&mut AnchorMind>,
) {
    let season = season_of(&plot);
    let table = &season.strategy.anchors;
    let menu = Menu::of(&season.strategy, plot.farms.len());
    let news = news_of(minds.iter());
    for (number, mut mind) in minds.iter_mut().enumerate() {
        let Some(own) = mind.evening.as_ref().map(|evening| evening.yield_of_size) else {
            continue;
        };
        let luck = Luck {
            draws: Draws::new(plot.seed),
            who: plot.anchors[mind.anchor as usize].key,
            day: now.day,
        };
        let usual = mind.usual(&season);
        for (other, place) in heard_by(number, &news, table.hears_of, &luck) {
            let heard = &news[place];
            mind.saw_punished(&heard.punished, HEARSAY, usual);
            let Some((evening, told)) = &heard.evening else {
                continue;
            };
            mind.hear(evening, *told, table);
            let script = usize::from(evening.bundle.option(Kind::Script));
            let is_new = !mind.scripts[script];
            if is_new
                && evening.yield_of_size > own
                && luck.uniform(GOSSIP + other, TAKES_UP) < table.imitation
            {
                mind.scripts[script] = true;
            }
        }
        if luck.uniform(COURSE, 0) < table.course_reach && mind.wants_course(&season, menu) {
            mind.scripts.fill(true);
            ledger.post(
                Account::Anchor(mind.anchor),
                Account::Suppliers,
                Purpose::Course,
                Fen::from_yuan(table.course_price),
            );
        }
    }
}

/// What is told tonight, in the order of the cast: of those who were on air, and of those to whom something was done.
fn news_of<'a>(minds: impl Iterator<Item = &'a AnchorMind> + Clone) -> Vec<News> {
    let evenings = minds.clone().filter_map(|mind| mind.evening.as_ref());
    let yields = evenings.map(|evening| evening.yield_of_size);
    let mut told = told_of(yields.collect()).into_iter();
    let news = minds.enumerate().map(|(of, mind)| News {
        of,
        evening: mind
            .evening
            .as_ref()
            .and_then(|evening| Some((evening.clone(), told.next()?))),
        punished: mind.punished,
    });
    news.filter(|news| news.evening.is_some() || news.punished.iter().any(Option::is_some))
        .collect()
}

/// Of whom somebody hears: others, none of them twice, each as likely as the next; with the number of the choice.
fn heard_by(
    number: usize,
    news: &[News],
    hears_of: u32,
    luck: &Luck,
) -> impl Iterator<Item = (u32, usize)> {
    // Places that are no longer to be drawn, in order.
    let mut taken: Vec<usize> = Vec::with_capacity(hears_of as usize + 1);
    taken.extend(news.binary_search_by_key(&number, |news| news.of));
    (0..hears_of).map_while(move |other| {
        let left = news.len() - taken.len();
        if left == 0 {
            return None;
        }
        let mut place = (luck.uniform(GOSSIP + other, WHOM) * left as f64) as usize;
        place = place.min(left - 1);
        for before in &taken {
            place += usize::from(place >= *before);
        }
        let at = taken.partition_point(|before| *before < place);
        taken.insert(at, place);
        Some((other, place))
    })
}

/// What each evening came to beside the average one, each brought to its size. Their mean is 1: were it not, hearing of others would by itself speak for
/// or against whatever is done most.
fn told_of(yields: Vec<f64>) -> Vec<f64> {
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
    let most = MOST_TOLD * mean(&yields);
    if most <= 0.0 {
        return vec![1.0; yields.len()];
    }
    let yields: Vec<f64> = yields.into_iter().map(|of| of.clamp(0.0, most)).collect();
    let average = mean(&yields);
    yields.into_iter().map(|of| of / average).collect()
}

impl AnchorMind {
    /// Hears of an evening that came to so many average ones.
    fn hear(&mut self, of: &Evening, rounds: f64, table: &AnchorStrategyTable) {
        self.learner.hear(&of.parts, rounds, table.others_step);
        self.learner
            .hear_after(&of.before, &of.parts, of.rounds, table.others_step);
        self.saw_done(of.bundle, HEARSAY);
    }

    /// Whether the scripts that it does not know are worth the course's price over the evenings that it looks ahead.
    fn wants_course(&self, season: &Season, menu: Menu) -> bool {
        let table = &season.strategy.anchors;
        let unknown = (1..self.scripts.len()).filter(|script| !self.scripts[*script]);
        let best = unknown
            .map(|script| {
                let honest = menu.part(Kind::Script, 0);
                self.learner
                    .gain(menu.part(Kind::Script, script as u8), honest)
            })
            .fold(f64::NEG_INFINITY, f64::max);
        let punished = self.outlook.expected(Kind::Script as usize, &prior(table));
        let evening = self.usual(season) * (best - self.scruples()) - punished;
        evening * table.horizon > table.course_price
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(count: usize) -> Vec<News> {
        let of = |number| News {
            of: 2 * number,
            evening: None,
            punished: Penalties::default(),
        };
        (0..count).map(of).collect()
    }

    fn heard(number: usize, news: &[News], day: u32) -> Vec<usize> {
        let luck = Luck {
            draws: Draws::new(3),
            who: 7,
            day,
        };
        heard_by(number, news, 4, &luck)
            .map(|(_, place)| place)
            .collect()
    }

    #[test]
    fn others_are_heard_of_once_each_as_likely_as_the_next() {
        let news = news(6);
        let mut times = [0_u32; 6];
        for day in 0..6_000 {
            let mut places = heard(4, &news, day);
            for place in &places {
                times[*place] += 1;
            }
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), 4, "none twice");
        }
        assert_eq!(times[2], 0, "it is its own");
        // Of five others four are heard of: 4,800 times each, give or take five standard deviations.
        let others = times.iter().filter(|times| **times > 0);
        assert!(
            others.clone().all(|times| times.abs_diff(4_800) < 155),
            "{times:?}"
        );
        assert_eq!(others.count(), 5);
    }

    #[test]
    fn where_there_are_few_all_are_heard_of_and_alone_nobody() {
        let mut places = heard(5, &news(3), 0);
        places.sort_unstable();
        assert_eq!(places, [0, 1, 2]);
        assert_eq!(heard(0, &news(1), 0), [0; 0]);
        assert_eq!(heard(0, &[], 0), [0; 0]);
    }
}
