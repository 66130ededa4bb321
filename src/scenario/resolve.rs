//! From a checked bundle to the plain [`Scenario`]: names become indices, scripts become cues, yuan of prices become fen, and the generated
//! market is drawn. Nothing here is a check for users (that is `meaning`); what a hand-edited bundle gets wrong comes back as a sentence.

use super::file::{
    AnchorTable, BrandTable, CategoryTable, CouponTable, FarmTable, Moment, ProductTable,
    RoomTable, SegmentTable,
};
use super::resolve_acts::{act_of, first_openings, mark_countdowns, number_invitations};
use super::resolve_regime::regime_of;
use super::scripts::{Staged, cues_of_room};
use super::{
    Act, Anchor, Background, Brand, Bundle, Category, Clock, CouponWay, CrewTerms, Cue, Farm, Id,
    OwnStorePrice, Population, Preview, Product, Room, Scenario, Segment, campaign, generate,
};
use crate::draws::identity_of_name;
use crate::money::Fen;
use crate::promotion::Campaign;
use chrono::{NaiveDateTime, Timelike};
use std::collections::BTreeMap;

/// Names to indices, by kind of thing.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Anchors.
    pub anchors: BTreeMap<String, Id>,
    /// Brands.
    pub brands: BTreeMap<String, Id>,
    /// Products.
    pub products: BTreeMap<String, Id>,
    /// Rooms.
    pub rooms: BTreeMap<String, Id>,
    /// Farms.
    pub farms: BTreeMap<String, Id>,
    /// Categories.
    pub categories: BTreeMap<String, Id>,
    /// Coupons.
    pub coupons: BTreeMap<String, Id>,
    /// Segments of the population.
    pub segments: BTreeMap<String, Id>,
    /// Second 0.
    pub start: NaiveDateTime,
}

impl Names {
    /// Seconds after the start.
    pub fn second(&self, moment: Moment) -> f64 {
        seconds_between(self.start, moment.0)
    }
}

fn seconds_between(from: NaiveDateTime, to: NaiveDateTime) -> f64 {
    (to - from).num_milliseconds() as f64 / 1_000.0
}

fn ids<T>(table: &BTreeMap<String, T>) -> BTreeMap<String, Id> {
    table.keys().cloned().zip(0..).collect()
}

/// The index of a name.
pub(super) fn id(names: &BTreeMap<String, Id>, name: &str, kind: &str) -> Result<Id, String> {
    names
        .get(name)
        .copied()
        .ok_or_else(|| format!("there is no {kind} `{name}`"))
}

/// Resolves a bundle; `change` is let at the rooms before what depends on all of their cues is worked out; whether promises are undercut is found out where it is asked for, since that takes an audit.
pub(super) fn resolve(
    bundle: &Bundle,
    find_undercut: bool,
    change: impl FnOnce(&mut Scenario),
) -> Result<Scenario, String> {
    let file = &bundle.scenario;
    let clock = clock_of(bundle);
    let names = Names {
        anchors: ids(&file.anchors),
        brands: ids(&file.brands),
        products: ids(&file.products),
        rooms: ids(&file.rooms),
        farms: ids(&file.farms),
        categories: ids(&file.categories),
        coupons: ids(&file.coupons),
        segments: ids(&file.population.segments),
        start: clock.start,
    };
    let mut scenario = Scenario {
        name: bundle.name.clone(),
        title: file.title.clone(),
        story: file.story.clone(),
        look_for: file.look_for.clone(),
        seed: bundle.seed,
        population: population_of(bundle),
        categories: named(&file.categories, category_of),
        anchors: named(&file.anchors, anchor_of),
        brands: file
            .brands
            .iter()
            .map(|(name, brand)| brand_of(name, brand))
            .collect(),
        products: Vec::new(),
        rooms: Vec::new(),
        farms: named(&file.farms, farm_of),
        behaviour: file.behaviour.clone(),
        ranking: file.ranking.clone(),
        platform: file.platform.clone(),
        accounts: file.accounts.clone(),
        aftermath: file.aftermath.clone(),
        recording: file.recording.clone(),
        regime: regime_of(bundle, &names),
        campaign: Campaign::empty(clock.start),
        coupon_ways: file.coupons.iter().map(way_of).collect(),
        own_store_prices: Vec::new(),
        scheduled_prices: Vec::new(),
        season: None,
        clock,
    };
    for (name, product) in &file.products {
        scenario.products.push(product_of(name, product, &names)?);
    }
    for (name, room) in &file.rooms {
        let (staged, wrong) = cues_of_room(room, &bundle.scripts);
        if !wrong.is_empty() {
            return Err(format!("room `{name}`: {}", wrong.join("; ")));
        }
        scenario.rooms.push(room_of(name, room, &staged, &names)?);
    }
    if let Some(table) = &file.generate {
        generate::add(&mut scenario, table, bundle, &names)?;
    }
    change(&mut scenario);
    finish(&mut scenario);
    let spoken = campaign::add(&mut scenario, file, &names)?;
    if find_undercut && !(file.coupons.is_empty() && file.shelf.is_empty()) {
        campaign::mark_undercut(&mut scenario, &spoken)?;
    }
    Ok(scenario)
}

fn way_of((name, table): (&String, &CouponTable)) -> CouponWay {
    CouponWay {
        key: identity_of_name(&format!("coupon {name}")),
        obtained: table.obtained,
        reach: table.reach,
    }
}

/// What depends on all cues of a room at once.
fn finish(scenario: &mut Scenario) {
    let period = scenario.clock.display_period;
    let mut own_store_prices = Vec::new();
    for (room, id) in scenario.rooms.iter_mut().zip(0..) {
        mark_countdowns(&mut room.cues, period);
        number_invitations(&mut room.cues);
        for cue in &room.cues {
            if let Act::OwnStorePrice {
                product,
                price,
                from,
                until,
            } = cue.act
            {
                own_store_prices.push(OwnStorePrice {
                    room: id,
                    product,
                    price,
                    from,
                    until,
                });
            }
        }
        let opening = first_openings(room);
        if let Some(preview) = &mut room.preview {
            for (product, opens) in &mut preview.products {
                *opens = opening.get(product).copied().unwrap_or(room.on_air);
            }
        }
    }
    scenario.own_store_prices = own_store_prices;
    scenario.scheduled_prices = scheduled_prices(scenario);
}

fn scheduled_prices(scenario: &Scenario) -> Vec<Vec<(f64, f64)>> {
    let mut prices = vec![Vec::new(); scenario.products.len()];
    for cue in scenario.rooms.iter().flat_map(|room| &room.cues) {
        if let Act::OpenLink { product, price, .. } | Act::SetPrice { product, price } = cue.act {
            prices[product as usize].push((cue.at, price));
        }
    }
    prices
}

fn clock_of(bundle: &Bundle) -> Clock {
    let table = &bundle.scenario.clock;
    let start = table.start.0;
    let hour = 3_600.0 * table.day_starts_hour;
    let since_midnight = f64::from(start.time().num_seconds_from_midnight());
    let mut first_day_end = hour - since_midnight;
    if first_day_end <= 0.0 {
        first_day_end += 86_400.0;
    }
    Clock {
        start,
        end: seconds_between(start, table.end.0).max(0.0),
        tick: table.tick_seconds,
        display_period: table.display_period_seconds,
        first_day_end,
    }
}

/// Segments with whole numbers of consumers: largest remainder.
fn population_of(bundle: &Bundle) -> Population {
    let table = &bundle.scenario.population;
    let sum: f64 = table.segments.values().map(|segment| segment.share).sum();
    let wanted: Vec<f64> = table
        .segments
        .values()
        .map(|segment| table.consumers as f64 * segment.share / sum.max(f64::MIN_POSITIVE))
        .collect();
    let mut counts: Vec<u64> = wanted.iter().map(|count| count.floor() as u64).collect();
    let mut by_remainder: Vec<usize> = (0..wanted.len()).collect();
    by_remainder.sort_by(|a, b| {
        let rest = |index: usize| wanted[index] - wanted[index].floor();
        rest(*b).total_cmp(&rest(*a)).then(a.cmp(b))
    });
    let missing = table.consumers.saturating_sub(counts.iter().sum());
    for index in by_remainder.into_iter().cycle().take(missing as usize) {
        counts[index] += 1;
    }
    let segments = table
        .segments
        .iter()
        .zip(counts)
        .map(|((name, traits), count)| segment_of(bundle, name, traits, count))
        .collect();
    Population {
        consumers: table.consumers,
        represents: table.represents,
        segments,
    }
}

fn segment_of(bundle: &Bundle, name: &str, traits: &SegmentTable, count: u64) -> Segment {
    let categories = &bundle.scenario.categories;
    Segment {
        name: name.to_owned(),
        key: identity_of_name(&format!("segment {name}")),
        count,
        needs: categories
            .iter()
            .map(|(category, table)| traits.needs.get(category).map_or(table.need, |need| need.0))
            .collect(),
        traits: traits.clone(),
    }
}

fn named<T, U>(table: &BTreeMap<String, T>, of: impl Fn(&str, &T) -> U) -> Vec<U> {
    table.iter().map(|(name, entry)| of(name, entry)).collect()
}

fn category_of(name: &str, _: &CategoryTable) -> Category {
    Category {
        name: name.to_owned(),
        key: identity_of_name(&format!("category {name}")),
    }
}

/// An anchor from its table.
pub(super) fn anchor_of(name: &str, table: &AnchorTable) -> Anchor {
    Anchor {
        name: name.to_owned(),
        key: identity_of_name(&format!("anchor {name}")),
        followers: table.followers,
        skill: table.skill,
        reputation: table.reputation,
        commission: table.commission,
        slot_fee: Fen::from_yuan(table.slot_fee),
    }
}

/// A brand from its table.
pub(super) fn brand_of(name: &str, table: &BrandTable) -> Brand {
    let shown_as = if table.shown_as.is_empty() {
        name
    } else {
        &table.shown_as
    };
    Brand {
        name: name.to_owned(),
        shown_as: shown_as.to_owned(),
        key: identity_of_name(&format!("brand {name}")),
        return_days: table.return_days,
        deletes_replays: table.deletes_replays,
    }
}

fn product_of(name: &str, table: &ProductTable, names: &Names) -> Result<Product, String> {
    Ok(Product {
        name: name.to_owned(),
        key: identity_of_name(&format!("product {name}")),
        brand: id(&names.brands, &table.brand, "brand")?,
        category: id(&names.categories, &table.category, "category")?,
        worth: table.worth,
        market_price: table.market_price,
        honest_prior_price: table.honest_prior_price,
        cost: Fen::from_yuan(table.cost),
        freight: table.freight,
        defect_share: table.defect_share,
        units_wanted: table.units_wanted,
    })
}

fn farm_of(name: &str, table: &FarmTable) -> Farm {
    Farm {
        name: name.to_owned(),
        key: identity_of_name(&format!("farm {name}")),
        price_per_10_000: [
            table.views_price,
            table.likes_price,
            table.comments_price,
            table.follows_price,
            table.cart_clicks_price,
        ]
        .map(Fen::from_yuan),
        brushed_order_price: Fen::from_yuan(table.brushed_order_price),
        accounts_per_second: table.accounts_per_second,
        view_seconds: 60.0 * table.view_minutes,
        crew: CrewTerms {
            accounts: table.accounts,
            per_device: table.accounts_per_device,
            per_address: table.accounts_per_address,
            per_wallet: table.accounts_per_wallet,
            view_spread: table.view_spread,
            like_rate: table.likes_per_minute / 60.0,
            comment_rate: table.comments_per_minute / 60.0,
            click_rate: table.clicks_per_minute / 60.0,
            browse_share: table.browse_share,
            browse_seconds: 60.0 * table.browse_minutes,
            follow_share: table.follow_share,
            link_share: table.link_share,
        },
    }
}

fn room_of(
    name: &str,
    table: &RoomTable,
    staged: &[Staged],
    names: &Names,
) -> Result<Room, String> {
    let on_air = names.second(table.on_air);
    let mut cues = Vec::with_capacity(staged.len());
    for cue in staged {
        cues.push(Cue {
            at: on_air + cue.at,
            script: cue.script.clone(),
            act: act_of(&cue.cue, on_air + cue.at, names)?,
        });
    }
    let mut scripts: Vec<String> = table.play.iter().map(|play| play.script.clone()).collect();
    scripts.sort();
    scripts.dedup();
    let preview = table.preview.as_ref().map(|preview| {
        let products = preview
            .products
            .iter()
            .map(|product| Ok((id(&names.products, product, "product")?, on_air)))
            .collect::<Result<_, String>>()?;
        Ok::<_, String>(Preview {
            products,
            reach: preview.reach,
            lateness: 60.0 * preview.lateness_minutes,
        })
    });
    Ok(Room {
        name: name.to_owned(),
        key: identity_of_name(&format!("room {name}")),
        named: true,
        anchor: id(&names.anchors, &table.anchor, "anchor")?,
        on_air,
        off_air: names.second(table.off_air),
        promotion: table.promotion,
        interest: table.interest,
        preview: preview.transpose()?,
        background: table.background.as_ref().map(|background| Background {
            name: background.name.clone(),
            points: background
                .viewers
                .iter()
                .map(|point| (names.second(point.at), point.viewers))
                .collect(),
        }),
        cues,
        scripts,
    })
}
