//! Metrics of what sellers choose, where they choose (MODEL section 10): means over the last week, so that what was learnt shows.

use super::{Group, List};
use crate::market::{ConductOfDay, Summary};

/// A metric's key and label, and what it counts on a day.
type Counted = (&'static str, &'static str, fn(&ConductOfDay) -> u32);

/// Days over which conduct is averaged: the last ones.
const LAST_DAYS: usize = 7;

pub(super) fn conduct(summary: &Summary, list: &mut List) {
    let Some(season) = &summary.season else {
        return;
    };
    let of = Group::Conduct;
    let on_air: Vec<&ConductOfDay> = season.days.iter().filter(|day| day.on_air > 0).collect();
    let last = &on_air[on_air.len().saturating_sub(LAST_DAYS)..];
    let share = |count: fn(&ConductOfDay) -> u32| {
        let all: u32 = last.iter().map(|day| day.on_air).sum();
        let some: u32 = last.iter().map(|day| count(day)).sum();
        part_of(some, all)
    };
    let shares: [Counted; 5] = [
        ("deceiving", "rooms that deceive in the last week", |day| {
            day.deceiving
        }),
        ("buying_views", "rooms that buy viewers", |day| {
            day.buying_views
        }),
        ("brushing", "rooms that have orders brushed", |day| {
            day.brushing
        }),
        ("inflating", "rooms that claim an inflated price", |day| {
            day.inflating
        }),
        ("promising", "rooms that promise the lowest price", |day| {
            day.promising
        }),
    ];
    for (key, label, count) in shares {
        let key = format!("conduct.{key}");
        list.add(of, &key, label, "share", share(count));
    }
    let small = |count: fn(&ConductOfDay) -> u32| last.iter().map(|day| count(day)).sum::<u32>();
    let (all, some) = (
        small(|day| day.on_air_small),
        small(|day| day.deceiving_small),
    );
    list.add(
        of,
        "conduct.deceiving_small",
        "rooms of smaller anchors that deceive",
        "share",
        part_of(some, all),
    );
    let scripted = |day: &ConductOfDay| day.by_script.iter().skip(1).sum::<u32>();
    let all: u32 = last.iter().map(|day| day.on_air).sum();
    let some: u32 = last.iter().map(|day| scripted(day)).sum();
    let scripted = part_of(some, all);
    list.add(
        of,
        "conduct.scripted",
        "rooms that play a script of the course",
        "share",
        scripted,
    );
    let end = season.days.last();
    let broken = end.filter(|end| end.promises > 0);
    list.add(
        of,
        "conduct.promises_broken",
        "promises of the lowest price that were broken",
        "share",
        broken.map(|end| end.promises_broken as f64 / end.promises as f64),
    );
    list.add(
        of,
        "conduct.ever_deceived",
        "anchors who have deceived on any evening",
        "share",
        season.ever_deceived(),
    );
    let counts: [Counted; 2] = [
        ("left", "anchors who have left", |day| day.left),
        (
            "left_honest",
            "anchors who have left without ever having deceived",
            |day| day.left_honest,
        ),
    ];
    for (key, label, count) in counts {
        let key = format!("conduct.{key}");
        let value = end.map(|end| f64::from(count(end)));
        list.add(of, &key, label, "anchors", value);
    }
    list.add(
        of,
        "conduct.honest_starters_left",
        "anchors honest on their first three evenings who have left",
        "share",
        end.and_then(|end| part_of(end.left_began_honest, end.began_honest)),
    );
    list.add(
        of,
        "conduct.refusing",
        "brands that refuse redress",
        "share",
        end.and_then(|end| part_of(end.redress[0], end.redress.iter().sum())),
    );
    let price = end.map(|end| end.view_price);
    list.add(
        of,
        "conduct.view_price",
        "price of 10000 viewers",
        "yuan",
        price,
    );
    let realism = end.map(|end| end.realism);
    list.add(
        of,
        "conduct.realism",
        "pains that farms take",
        "levels",
        realism,
    );
    list.some(
        of,
        "consumer_surplus",
        "consumers' surplus of what they bought",
        "yuan",
        summary.harm.memo.surplus,
    );
}

/// Which part of all some are; none where there are none.
fn part_of(some: u32, all: u32) -> Option<f64> {
    (all > 0).then(|| f64::from(some) / f64::from(all))
}
