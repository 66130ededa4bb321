//! Effective prices: what buyers of one and the same product paid, and how that goes with what they make of coupons. A table and two figures.

use super::Evening;
use super::canvas::{
    Area, Drawn, Heading, WIDTH, bold, centre, colour, figure, fit, left, number, right, text,
};
use super::paper::Paper;
use crate::market::{Skill, Summary};
use crate::money::Fen;
use crate::promotion::yuan;
use crate::scenario::{Id, Scenario};
use plotters::prelude::*;
use plotters::style::RGBColor;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Products that are shown, at most.
const PRODUCTS: usize = 8;

/// Prices of a product that are shown, at most: beyond, they are taken together in steps.
const PRICES: usize = 10;

const LEFT: i32 = 330;
const RIGHT: i32 = WIDTH as i32 - 220;
const TOP: i32 = 190;
const ROW: i32 = 30;

/// Colours of the skills, in their order.
const INKS: [RGBColor; 4] = [
    colour::FAINT,
    colour::REAL,
    colour::THIRD,
    colour::DISPLAYED,
];

/// Skills in words, in their order.
const WORDS: [&str; 4] = [
    "no coupon",
    "the obvious one",
    "best stack",
    "padded basket",
];

/// What was paid for a product.
struct Paid<'a> {
    name: &'a str,
    list_price: Fen,
    units: u64,
    /// Units by price, the highest first, and skill.
    prices: Vec<(String, [u64; 4])>,
    /// Mean price by skill, yuan.
    means: [Option<f64>; 4],
}

/// Products that were not all sold at one price: those with a promised price first, then by units.
fn paid<'a>(scenario: &'a Scenario, summary: &Summary) -> Vec<Paid<'a>> {
    let mut by_product: BTreeMap<Id, Vec<(Fen, Skill, u64)>> = BTreeMap::new();
    for price in &summary.prices {
        let prices = by_product.entry(price.product).or_default();
        prices.push((price.unit, price.skill, price.units));
    }
    let promised = |product: Id| {
        let mut promises = scenario.campaign.promises.iter();
        promises.any(|promise| promise.product == product)
    };
    let mut all: Vec<(Id, Paid)> = by_product
        .into_iter()
        .filter(|(_, prices)| prices.iter().any(|price| price.0 != prices[0].0))
        .map(|(product, prices)| (product, paid_for(scenario, product, &prices)))
        .collect();
    all.sort_by_key(|(product, paid)| {
        (!promised(*product), std::cmp::Reverse(paid.units), *product)
    });
    all.truncate(PRODUCTS);
    all.into_iter().map(|(_, paid)| paid).collect()
}

fn paid_for<'a>(scenario: &'a Scenario, product: Id, prices: &[(Fen, Skill, u64)]) -> Paid<'a> {
    let mut means = [None; 4];
    for skill in Skill::ALL {
        let own = prices.iter().filter(|price| price.1 == skill);
        let (sum, units) = own.fold((0.0, 0), |(sum, units), price| {
            (sum + price.0.yuan() * price.2 as f64, units + price.2)
        });
        means[skill as usize] = (units > 0).then(|| sum / units as f64);
    }
    Paid {
        name: &scenario.products[product as usize].name,
        list_price: scenario.campaign.goods[product as usize].list_price,
        units: prices.iter().map(|price| price.2).sum(),
        prices: in_steps(prices),
        means,
    }
}

/// Prices by themselves, or in the smallest round steps that leave few enough.
fn in_steps(prices: &[(Fen, Skill, u64)]) -> Vec<(String, [u64; 4])> {
    for step in [1, 100, 500, 1_000, 2_000, 5_000, 10_000, 50_000, i64::MAX] {
        let mut steps: BTreeMap<std::cmp::Reverse<i64>, [u64; 4]> = BTreeMap::new();
        for (price, skill, units) in prices {
            let begin = price.0 - price.0.rem_euclid(step);
            steps.entry(std::cmp::Reverse(begin)).or_default()[*skill as usize] += units;
        }
        if steps.len() <= PRICES {
            let label = |begin: i64| match step {
                1 => yuan(Fen(begin)),
                step => format!(
                    "{} to {}",
                    yuan(Fen(begin)),
                    yuan(Fen(begin.saturating_add(step - 1)))
                ),
            };
            return steps
                .into_iter()
                .map(|(begin, units)| (label(begin.0), units))
                .collect();
        }
    }
    Vec::new()
}

/// The table, for the summary; empty where nobody had coupons.
pub(super) fn prices_table(out: &mut Paper, scenario: &Scenario, summary: &Summary) {
    let all = paid(scenario, summary);
    if all.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "Effective prices, yuan a unit, by what buyers make of coupons (filler not counted)"
    );
    let mut rows = vec![
        ["", "units", WORDS[0], WORDS[1], WORDS[2], WORDS[3]]
            .map(str::to_owned)
            .to_vec(),
    ];
    let count = |units: u64| match units {
        0 => "-".to_owned(),
        units => number(units as f64),
    };
    for product in &all {
        let mean = |skill: usize| {
            product.means[skill].map_or("-".to_owned(), |mean| yuan(Fen::from_yuan(mean)))
        };
        let mut row = vec![
            format!("{}, mean price", product.name),
            number(product.units as f64),
        ];
        row.extend((0..4).map(mean));
        rows.push(row);
        for (price, units) in &product.prices {
            let mut row = vec![format!("  at {price}"), count(units.iter().sum())];
            row.extend(units.iter().map(|units| count(*units)));
            rows.push(row);
        }
    }
    out.table(rows);
    out.gap();
}

/// Draws both figures; none where nobody had coupons.
///
/// # Errors
/// Where a file cannot be written.
pub(super) fn draw(folder: &Path, evening: &Evening, footer: &str) -> io::Result<Vec<PathBuf>> {
    let all = paid(evening.scenario, evening.summary);
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = distribution(folder, evening, &all, footer)?;
    files.extend(by_skill(folder, evening, &all, footer)?);
    Ok(files)
}

fn legend(root: &Area) -> Drawn {
    let mut x = LEFT;
    for (word, ink) in WORDS.iter().zip(INKS) {
        root.draw(&Rectangle::new([(x, 126), (x + 16, 142)], ink.filled()))?;
        root.draw_text(word, &left(bold(17, ink)), (x + 24, 134))?;
        x += 210;
    }
    Ok(())
}

/// Units by effective price and skill.
fn distribution(
    folder: &Path,
    evening: &Evening,
    all: &[Paid],
    footer: &str,
) -> io::Result<Vec<PathBuf>> {
    let first = &all[0];
    let ends = (first.prices.last(), first.prices.first());
    let heading = Heading {
        title: match ends {
            (Some((low, _)), Some((high, _))) => {
                format!("One {}, {} prices: from {low} to {high} yuan", first.name, first.prices.len())
            }
            _ => "Effective prices".to_owned(),
        },
        subtitle: evening.scenario.title.clone(),
        note: "Units by effective price (yuan a unit; coupons, shared discounts and deposits reckoned in), coloured by what the buyer makes of coupons. Filler is not counted."
            .to_owned(),
        footer,
    };
    let rows: usize = all.iter().map(|paid| paid.prices.len() + 1).sum();
    let bottom = TOP + ROW * rows as i32;
    let most = all
        .iter()
        .flat_map(|paid| &paid.prices)
        .map(|(_, units)| units.iter().sum::<u64>());
    let most = most.max().unwrap_or(1).max(1) as f64;
    figure(
        folder,
        "effective_prices",
        (bottom + 110) as u32,
        &heading,
        |root| {
            legend(root)?;
            let mut y = TOP;
            for paid in all {
                root.draw_text(
                    &fit(paid.name, 18, LEFT - 60),
                    &left(bold(18, colour::INK)),
                    (50, y),
                )?;
                y += ROW;
                for (price, units) in &paid.prices {
                    root.draw_text(price, &right(text(17, colour::INK)), (LEFT - 16, y))?;
                    let mut before = 0;
                    let x = |units: u64| {
                        LEFT + (units as f64 / most * f64::from(RIGHT - LEFT)).round() as i32
                    };
                    for (units, ink) in units.iter().zip(INKS) {
                        let (from, until) = (x(before), x(before + units));
                        // Even a single unit is to be seen.
                        let until = if *units > 0 {
                            until.max(from + 2)
                        } else {
                            until
                        };
                        root.draw(&Rectangle::new(
                            [(from, y - 10), (until, y + 10)],
                            ink.filled(),
                        ))?;
                        before += units;
                    }
                    let label = number(before as f64);
                    root.draw_text(
                        &label,
                        &left(text(16, colour::FAINT)),
                        (x(before).max(LEFT + 4) + 10, y),
                    )?;
                    y += ROW;
                }
            }
            Ok(())
        },
    )
}

/// Mean effective price by skill, as a share of the list price.
fn by_skill(
    folder: &Path,
    evening: &Evening,
    all: &[Paid],
    footer: &str,
) -> io::Result<Vec<PathBuf>> {
    let share = |paid: &Paid, skill: usize| {
        let list = paid.list_price.yuan();
        paid.means[skill]
            .filter(|_| list > 0.0)
            .map(|mean| mean / list)
    };
    let spread = all
        .iter()
        .filter_map(|paid| Some((share(paid, 0)? - share(paid, 3)?, paid)));
    let widest = spread.max_by(|a, b| a.0.total_cmp(&b.0));
    let heading = Heading {
        title: match widest {
            Some((_, paid)) => format!(
                "Skill with coupons is worth up to {} yuan on one {}",
                number(paid.means[0].unwrap_or(0.0) - paid.means[3].unwrap_or(0.0)),
                paid.name
            ),
            None => "Mean effective prices by skill with coupons".to_owned(),
        },
        subtitle: evening.scenario.title.clone(),
        note: "Mean effective price as a share of the list price, by what buyers make of coupons. Filler is not counted."
            .to_owned(),
        footer,
    };
    let bottom = TOP + (ROW + 14) * all.len() as i32;
    let lowest = all
        .iter()
        .flat_map(|paid| (0..4).filter_map(move |skill| share(paid, skill)));
    let floor = (lowest.fold(1.0_f64, f64::min) * 10.0 - 0.5)
        .floor()
        .max(0.0)
        / 10.0;
    let x = |share: f64| {
        LEFT + ((share - floor) / (1.0 - floor).max(0.05) * f64::from(RIGHT - LEFT)).round() as i32
    };
    figure(
        folder,
        "prices_by_skill",
        (bottom + 140) as u32,
        &heading,
        |root| {
            legend(root)?;
            let mut tick = floor;
            while tick <= 1.0001 {
                let at = x(tick);
                root.draw(&PathElement::new(
                    vec![(at, TOP - 20), (at, bottom)],
                    colour::GRID,
                ))?;
                let label = format!("{} %", number(100.0 * tick));
                root.draw_text(&label, &centre(text(16, colour::FAINT)), (at, bottom + 8))?;
                tick += 0.1;
            }
            for (index, paid) in all.iter().enumerate() {
                let y = TOP + (ROW + 14) * index as i32;
                root.draw_text(
                    &fit(paid.name, 18, LEFT - 70),
                    &right(text(18, colour::INK)),
                    (LEFT - 16, y),
                )?;
                for (skill, ink) in INKS.iter().enumerate() {
                    if let Some(share) = share(paid, skill) {
                        root.draw(&Circle::new((x(share), y), 9, ink.mix(0.85).filled()))?;
                    }
                }
                let list = format!("list {}", yuan(paid.list_price));
                root.draw_text(&list, &left(text(16, colour::FAINT)), (RIGHT + 24, y))?;
            }
            Ok(())
        },
    )
}
