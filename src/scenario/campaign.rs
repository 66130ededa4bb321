//! The campaign in a scenario or in a campaign file: coupons, posted prices and promises with names turned into indices. Rooms that a file names
//! post the prices of their cues; generated rooms do not take part.

use super::file::{
    AmountOffTable, BasketLineTable, BasketTable, CampaignFile, Counts, CouponTable, FilterTable,
    Moment, Name, OnReturnRule, PromiseScope, PromiseTable, ScenarioFile, Shared, ShelfTable,
};
use super::posted::Walk;
use super::resolve::{Names, id};
use super::{Act, Scenario};
use crate::money::Fen;
use crate::promotion::{
    Base, Campaign, Coupon, Filter, Good, Issuer, Kind, OnReturn, Posted, Promise, Sample, Sharing,
    Window, examine, order_of,
};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// The issuer that is neither a brand nor an anchor.
pub(super) const PLATFORM: &str = "platform";

/// The channel of what products sell for elsewhere, which promises about every seller reach.
const ELSEWHERE: &str = "elsewhere";

/// The campaign of a campaign file.
///
/// # Errors
/// A sentence; the check of meaning finds the same with its place.
pub fn campaign_of(file: &CampaignFile) -> Result<Campaign, String> {
    let names = names_of(file);
    let mut campaign = Campaign::empty(names.start);
    campaign.title.clone_from(&file.title);
    for product in file.products.values() {
        campaign.goods.push(Good {
            store: id(&names.brands, &product.brand, "brand")?,
            category: id(&names.categories, &product.category, "category")?,
            list_price: product.list_price.map_or(Fen::ZERO, Fen::from_yuan),
        });
    }
    let brand_of = |product: &str| file.products.get(product).map(|table| table.brand.clone());
    let part = Part {
        shelf: &file.shelf,
        coupons: &file.coupons,
        promises: &file.promises,
        baskets: &file.baskets,
        names: &names,
    };
    part.add(&mut campaign, &brand_of)?;
    list_prices(&mut campaign);
    Ok(campaign)
}

/// The names in a campaign file. Brands and categories are those that products have; whoever else issues a coupon is taken for an anchor.
fn names_of(file: &CampaignFile) -> Names {
    let set = |names: Vec<&String>| -> BTreeMap<String, u32> {
        let mut names: Vec<String> = names.into_iter().cloned().collect();
        names.sort();
        names.dedup();
        names.into_iter().zip(0..).collect()
    };
    let brands = set(file.products.values().map(|table| &table.brand).collect());
    let issuers = file.coupons.values().map(|table| &table.issuer);
    let anchors = issuers.filter(|name| *name != PLATFORM && !brands.contains_key(*name));
    let anchors = set(anchors.collect());
    Names {
        anchors,
        categories: set(file
            .products
            .values()
            .map(|table| &table.category)
            .collect()),
        products: set(file.products.keys().collect()),
        coupons: set(file.coupons.keys().collect()),
        brands,
        start: first_moment(file),
        ..Names::default()
    }
}

/// The first moment that a campaign file names; 1 January 2020 if it names none.
fn first_moment(file: &CampaignFile) -> NaiveDateTime {
    let shelf = file
        .shelf
        .values()
        .flat_map(|table| [table.from, table.until]);
    let coupons = file
        .coupons
        .values()
        .flat_map(|table| [table.from, table.until]);
    let promises = file.promises.values().map(|table| Some(table.from));
    let all = shelf.chain(coupons).chain(promises).flatten();
    all.map(|moment| moment.0).min().unwrap_or_default()
}

/// Adds a resolved scenario's campaign; its first promises are those of the cues (room, number) that are returned.
pub(super) fn add(
    scenario: &mut Scenario,
    file: &ScenarioFile,
    names: &Names,
) -> Result<Vec<(usize, usize)>, String> {
    let mut campaign = Campaign::empty(scenario.clock.start);
    campaign.title.clone_from(&scenario.title);
    let of_names = |names: Vec<&String>| names.into_iter().cloned().collect();
    campaign.names.products = of_names(scenario.products.iter().map(|p| &p.name).collect());
    campaign.names.channels = of_names(scenario.rooms.iter().map(|room| &room.name).collect());
    for product in &scenario.products {
        let listed = file.products.get(&product.name);
        let list_price = listed.and_then(|table| table.list_price);
        campaign.goods.push(Good {
            store: product.brand,
            category: product.category,
            list_price: list_price.map_or(Fen::ZERO, Fen::from_yuan),
        });
    }
    let days = scenario.platform.balance_days;
    let mut spoken = Vec::new();
    for (channel, room) in (0..).zip(&scenario.rooms).filter(|(_, room)| room.named) {
        let anchor = &scenario.anchors[room.anchor as usize].name;
        let mut walk = Walk::new(&mut campaign, room, anchor, channel, 86_400.0 * days);
        for (number, cue) in room.cues.iter().enumerate() {
            let before = walk.campaign.promises.len();
            walk.cue(cue);
            if walk.campaign.promises.len() > before {
                spoken.push((channel as usize, number));
            }
        }
        walk.close_all();
    }
    let brand_of = |product: &str| file.products.get(product).map(|table| table.brand.clone());
    let part = Part {
        shelf: &file.shelf,
        coupons: &file.coupons,
        promises: &file.promises,
        baskets: &file.baskets,
        names,
    };
    part.add(&mut campaign, &brand_of)?;
    given_out(scenario, &mut campaign);
    own_store_prices(scenario, &mut campaign);
    elsewhere(scenario, &mut campaign);
    list_prices(&mut campaign);
    scenario.campaign = campaign;
    Ok(spoken)
}

/// A coupon that rooms give out can be used from its first cue on, and there are no more of it than the cues give.
fn given_out(scenario: &Scenario, campaign: &mut Campaign) {
    let cues = || scenario.rooms.iter().flat_map(|room| &room.cues);
    for (id, coupon) in (0..).zip(&mut campaign.coupons) {
        let issues = cues().filter_map(|cue| match cue.act {
            Act::IssueCoupon { coupon, count, .. } if coupon == id => Some((cue.at, count)),
            _ => None,
        });
        let (mut first, mut given) = (f64::INFINITY, 0);
        for (at, count) in issues {
            first = first.min(at);
            given += u64::from(count);
        }
        if given > 0 {
            coupon.window.from = coupon.window.from.max(first as i64);
            coupon.quantity = Some(coupon.quantity.map_or(given, |most| most.min(given)));
        }
    }
}

fn own_store_prices(scenario: &Scenario, campaign: &mut Campaign) {
    for later in &scenario.own_store_prices {
        if !scenario.rooms[later.room as usize].named {
            continue;
        }
        let brand = scenario.products[later.product as usize].brand;
        let channel = channel_of(campaign, &scenario.brands[brand as usize].name);
        campaign.posted.push(Posted {
            product: later.product,
            channel,
            price: Fen::from_yuan(later.price),
            window: Window {
                from: later.from as i64,
                until: later.until as i64,
            },
            limit: 1,
            stock: None,
            deposit: Fen::ZERO,
            own: true,
        });
    }
}

/// Promises about every seller reach what a product sells for elsewhere.
fn elsewhere(scenario: &Scenario, campaign: &mut Campaign) {
    let mut reached: Vec<u32> = campaign
        .promises
        .iter()
        .filter(|promise| !promise.own_only)
        .map(|promise| promise.product)
        .collect();
    reached.sort_unstable();
    reached.dedup();
    for product in reached {
        let channel = channel_of(campaign, ELSEWHERE);
        campaign.posted.push(Posted {
            product,
            channel,
            price: Fen::from_yuan(scenario.products[product as usize].market_price),
            window: Window::ALWAYS,
            limit: 1,
            stock: None,
            deposit: Fen::ZERO,
            own: false,
        });
    }
}

/// Whoever says nothing lists at the highest price that is posted.
fn list_prices(campaign: &mut Campaign) {
    for (product, good) in (0..).zip(&mut campaign.goods) {
        if good.list_price == Fen::ZERO {
            let prices = campaign
                .posted
                .iter()
                .filter(|posted| posted.product == product);
            good.list_price = prices.map(|posted| posted.price).max().unwrap_or_default();
        }
    }
}

/// The index of a channel, made if it is new.
fn channel_of(campaign: &mut Campaign, name: &str) -> u32 {
    let channels = &mut campaign.names.channels;
    let index = channels.iter().position(|known| known == name);
    let index = index.unwrap_or_else(|| {
        channels.push(name.to_owned());
        channels.len() - 1
    });
    index as u32
}

/// Marks the promises of cues below which the audit finds a way: where there are coupons or a shelf, other cues alone do not tell.
pub(super) fn mark_undercut(
    scenario: &mut Scenario,
    spoken: &[(usize, usize)],
) -> Result<(), String> {
    for (promise, (room, cue)) in scenario.campaign.promises.iter().zip(spoken) {
        let finding = examine(&scenario.campaign, promise).map_err(|why| why.to_string())?;
        if let Act::Promise { undercut_from, .. } = &mut scenario.rooms[*room].cues[*cue].act {
            *undercut_from = finding.broken_from().map(|second| second as f64);
        }
    }
    Ok(())
}

/// The tables that scenarios and campaign files share.
struct Part<'a> {
    shelf: &'a BTreeMap<Name, ShelfTable>,
    coupons: &'a BTreeMap<Name, CouponTable>,
    promises: &'a BTreeMap<Name, PromiseTable>,
    baskets: &'a BTreeMap<Name, BasketTable>,
    names: &'a Names,
}

impl Part<'_> {
    fn add(
        &self,
        campaign: &mut Campaign,
        brand_of: &dyn Fn(&str) -> Option<Name>,
    ) -> Result<(), String> {
        let names = |names: &BTreeMap<String, u32>| names.keys().cloned().collect::<Vec<_>>();
        if campaign.names.products.is_empty() {
            campaign.names.products = names(&self.names.products);
        }
        campaign.names.stores = names(&self.names.brands);
        campaign.names.anchors = names(&self.names.anchors);
        let first = campaign.posted.len();
        for shelf in self.shelf.values() {
            let posted = self.posted(campaign, shelf, brand_of)?;
            campaign.posted.push(posted);
        }
        for (name, table) in self.baskets {
            let sample = self.sample(name, table, first)?;
            campaign.samples.push(sample);
        }
        for (name, table) in self.promises {
            campaign.promises.push(self.promise(name, table)?);
        }
        self.coupons(campaign)
    }

    fn posted(
        &self,
        campaign: &mut Campaign,
        table: &ShelfTable,
        brand_of: &dyn Fn(&str) -> Option<Name>,
    ) -> Result<Posted, String> {
        let product = id(&self.names.products, &table.product, "product")?;
        let channel = match &table.channel {
            Some(channel) => channel.clone(),
            None => brand_of(&table.product).unwrap_or_default(),
        };
        Ok(Posted {
            product,
            channel: channel_of(campaign, &channel),
            price: Fen::from_yuan(table.price),
            window: self.window(table.from, table.until),
            limit: table.limit_per_buyer,
            stock: table.stock,
            deposit: table.deposit.map_or(Fen::ZERO, Fen::from_yuan),
            own: !table.other_seller,
        })
    }

    /// A sample basket; the shelf's posted prices begin at `first`.
    fn sample(&self, name: &str, table: &BasketTable, first: usize) -> Result<Sample, String> {
        let shelf: Vec<&String> = self.shelf.keys().collect();
        let line = |line: &BasketLineTable| match shelf.binary_search(&&line.shelf) {
            Ok(index) => Ok((first + index, line.units)),
            Err(_) => Err(format!("there is no shelf `{}`", line.shelf)),
        };
        Ok(Sample {
            name: name.to_owned(),
            second: self.names.second(table.at) as i64,
            lines: table
                .lines
                .iter()
                .map(line)
                .collect::<Result<_, String>>()?,
        })
    }

    fn promise(&self, name: &str, table: &PromiseTable) -> Result<Promise, String> {
        Ok(Promise {
            name: name.to_owned(),
            by: table.by.clone(),
            product: id(&self.names.products, &table.product, "product")?,
            price: Fen::from_yuan(table.price),
            window: self.window(Some(table.from), Some(table.until)),
            own_only: table.scope == PromiseScope::Brand,
        })
    }

    fn window(&self, from: Option<Moment>, until: Option<Moment>) -> Window {
        let second = |moment: Moment| self.names.second(moment) as i64;
        Window {
            from: from.map_or(i64::MIN, second),
            until: until.map_or(i64::MAX, second),
        }
    }

    fn coupons(&self, campaign: &mut Campaign) -> Result<(), String> {
        let mut groups: Vec<&str> = self
            .coupons
            .values()
            .filter_map(|table| table.group.as_deref())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let mut after = Vec::new();
        for (name, table) in self.coupons {
            let mut coupon = self.coupon(campaign, name, table)?;
            let group = table.group.as_deref();
            coupon.group = group
                .and_then(|group| groups.binary_search(&group).ok())
                .map(|group| group as u32);
            campaign.coupons.push(coupon);
            let meant = self.filter(campaign, &table.meant_to_except)?;
            campaign.meant_to_except.push(meant);
            let befores = table.after.iter();
            let befores = befores.map(|name| Ok(id(&self.names.coupons, name, "coupon")? as usize));
            after.push(befores.collect::<Result<Vec<usize>, String>>()?);
        }
        let places = order_of(&campaign.coupons, &after)
            .map_err(|circle| in_words(&circle.0, &campaign.coupons))?;
        for (coupon, place) in campaign.coupons.iter_mut().zip(places) {
            coupon.place = place;
        }
        Ok(())
    }

    fn coupon(
        &self,
        campaign: &mut Campaign,
        name: &str,
        table: &CouponTable,
    ) -> Result<Coupon, String> {
        let issuer = self.issuer(&table.issuer)?;
        let mut on = self.filter(campaign, &table.on)?;
        if let Issuer::Store(store) = issuer
            && on.stores.is_empty()
        {
            on.stores.push(store);
        }
        let rivals = table.not_with.iter();
        let rivals = rivals.map(|name| id(&self.names.coupons, name, "coupon"));
        Ok(Coupon {
            name: name.to_owned(),
            issuer,
            kind: kind_of(table)?,
            on,
            except: self.filter(campaign, &table.except)?,
            window: self.window(table.from, table.until),
            quantity: table.quantity,
            per_buyer: table.per_buyer,
            group: None,
            not_with: rivals.collect::<Result<_, String>>()?,
            place: 0,
            base: match table.counts {
                Counts::Remaining => Base::Remaining,
                Counts::BeforeCoupons => Base::BeforeCoupons,
            },
            sharing: match table.shared {
                Shared::ProRata => Sharing::ProRata,
                Shared::PerUnit => Sharing::PerUnit,
            },
            on_return: match table.on_return {
                OnReturnRule::Keeps => OnReturn::Keeps,
                OnReturnRule::Loses => OnReturn::Loses,
            },
        })
    }

    fn issuer(&self, name: &str) -> Result<Issuer, String> {
        if name == PLATFORM {
            return Ok(Issuer::Platform);
        }
        match self.names.brands.get(name) {
            Some(store) => Ok(Issuer::Store(*store)),
            None => id(&self.names.anchors, name, "issuer").map(Issuer::Anchor),
        }
    }

    fn filter(&self, campaign: &mut Campaign, table: &FilterTable) -> Result<Filter, String> {
        let ids = |names: &BTreeMap<String, u32>, wanted: &[Name], kind: &str| {
            let ids = wanted.iter().map(|name| id(names, name, kind));
            ids.collect::<Result<Vec<u32>, String>>()
        };
        Ok(Filter {
            stores: ids(&self.names.brands, &table.brands, "brand")?,
            categories: ids(&self.names.categories, &table.categories, "category")?,
            products: ids(&self.names.products, &table.products, "product")?,
            channels: table
                .channels
                .iter()
                .map(|name| channel_of(campaign, name))
                .collect(),
        })
    }
}

/// A circle of coupons in words.
fn in_words(circle: &[usize], coupons: &[Coupon]) -> String {
    let names: Vec<&str> = circle
        .iter()
        .chain(circle.first())
        .map(|coupon| coupons[*coupon].name.as_str())
        .collect();
    format!("coupons wait for each other: {}", names.join(" after "))
}

/// The kind of a coupon; it has exactly one.
fn kind_of(table: &CouponTable) -> Result<Kind, String> {
    let kinds = [
        table.amount_off.as_ref().map(amount_off),
        table.percent_off.as_ref().map(|percent| Kind::PercentOff {
            threshold: Fen::from_yuan(percent.threshold),
            basis_points: (percent.percent * 100.0).round().clamp(0.0, 10_000.0) as u32,
            cap: percent.cap.map(Fen::from_yuan),
        }),
        table.fixed_price.as_ref().map(|fixed| Kind::FixedPrice {
            price: Fen::from_yuan(fixed.price),
        }),
        table
            .deposit_worth
            .as_ref()
            .map(|deposit| Kind::DepositWorth {
                worth: Fen::from_yuan(deposit.worth),
            }),
    ];
    let mut kinds = kinds.into_iter().flatten();
    match (kinds.next(), kinds.next()) {
        (Some(kind), None) => Ok(kind),
        _ => Err("a coupon has exactly one kind".to_owned()),
    }
}

fn amount_off(table: &AmountOffTable) -> Kind {
    Kind::AmountOff {
        threshold: Fen::from_yuan(table.threshold),
        off: Fen::from_yuan(table.off),
        times: table.times,
    }
}
