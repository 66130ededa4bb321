//! The audit page: a campaign's text in, the cheapest obtainable price of every promise out, with the arithmetic that shows it, and every number in the
//! text with its place, so that it can be moved.

use super::settings::{Refusal, Text};
use crate::promotion::{Audit, Campaign, Finding, audit_while, explain};
use crate::report::audit_table;
use crate::scenario::{Request, Shelf, Source, campaign_from_source, names, shipped, title_of};
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use toml_edit::{Document, Item, TableLike, Value};

/// Largest campaign that is audited, bytes.
const LARGEST: usize = 64 * 1024;

/// Longest that an audit may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Numbers that are listed, at most.
const NUMBERS: usize = 300;

/// What an audit comes to.
#[derive(Debug, Serialize)]
pub struct Audited {
    /// The campaign's title.
    pub title: String,
    /// The table that the command line prints.
    pub table: String,
    /// The promises.
    pub promises: Vec<PromiseTold>,
    /// Numbers in the text.
    pub numbers: Vec<NumberIn>,
}

/// A promise.
#[derive(Debug, Serialize)]
pub struct PromiseTold {
    /// Who gave it.
    pub by: String,
    /// What about.
    pub product: String,
    /// What became of it.
    pub verdict: &'static str,
    /// The price that was promised.
    pub promised: f64,
    /// The cheapest one that is to be had.
    pub cheapest: Option<f64>,
    /// How many can have it; `None`: no end of them, or nobody.
    pub buyers: Option<u64>,
    /// The arithmetic.
    pub witness: String,
    /// Prices over time.
    pub moments: Vec<MomentTold>,
}

/// Prices from a moment on.
#[derive(Debug, Serialize)]
pub struct MomentTold {
    /// Market time.
    pub from: String,
    /// Lowest posted price.
    pub posted: Option<f64>,
    /// Lowest effective price.
    pub effective: Option<f64>,
}

/// A number in a text.
#[derive(Debug, PartialEq, Serialize)]
pub struct NumberIn {
    /// Where it stands, as keys.
    pub path: String,
    /// Its value.
    pub value: f64,
    /// Its line, from 1.
    pub line: usize,
    /// Where it begins, in units of UTF-16, as browsers count.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// In words.
    pub label: String,
}

/// A campaign to begin with.
#[derive(Debug, Serialize)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: Text,
    /// Its text.
    pub text: String,
}

/// Campaigns to begin with: one that is small enough to read, and the shipped scenarios in which something is promised or stacked.
pub fn examples() -> Vec<Example> {
    let small = Example {
        name: "small".to_owned(),
        title: Text::new("A small campaign to begin with", "一份小小的促销方案"),
        text: include_str!("../cli/new_campaign.toml").to_owned(),
    };
    let of_scenario = |name: &&str| {
        let text = shipped(Shelf::Scenarios, name)?;
        let promises = text.contains("promise = {") || text.contains("[coupons.");
        promises.then(|| Example {
            name: (*name).to_owned(),
            title: Text::new(title_of(Shelf::Scenarios, name), ""),
            text: text.to_owned(),
        })
    };
    let shelf = names(Shelf::Scenarios);
    std::iter::once(small)
        .chain(shelf.iter().filter_map(of_scenario))
        .collect()
}

/// Audits a text.
///
/// # Errors
/// Everything that is wrong with it, as the command line prints it; or that it takes too long.
pub fn audited(text: &str) -> Result<Audited, Refusal> {
    if text.len() > LARGEST {
        return Err(Refusal::of("the text is longer than 64 KiB"));
    }
    let source = Arc::new(Source {
        name: "pasted.toml".to_owned(),
        text: text.to_owned(),
    });
    let request = Request {
        what: "pasted",
        shipped_only: true,
        ..Request::default()
    };
    let campaign = campaign_from_source(&source, &request).map_err(|faults| {
        Refusal::faults(
            "this is no campaign yet: everything that is wrong is below",
            &faults,
        )
    })?;
    let begun = Instant::now();
    let audit = audit_while(&campaign, &mut |_, _| begun.elapsed() < PATIENCE);
    let audit = audit
        .map_err(|why| Refusal::of(why.to_string()))?
        .ok_or_else(|| Refusal::of("this takes too long for a page; use: yellowcart audit"))?;
    Ok(told(&campaign, &audit, text))
}

fn told(campaign: &Campaign, audit: &Audit, text: &str) -> Audited {
    let promise = |finding: &Finding| {
        let witness = finding.witness.as_ref();
        PromiseTold {
            by: finding.promise.by.clone(),
            product: campaign.names.product(finding.promise.product).to_owned(),
            verdict: finding.verdict.in_words(),
            promised: finding.promise.price.yuan(),
            cheapest: witness.map(|way| way.effective.yuan()),
            buyers: finding.buyers.filter(|_| witness.is_some()),
            witness: witness.map_or_else(String::new, |way| {
                explain(&way.basket, &campaign.coupons, &way.quote, &campaign.names)
            }),
            moments: finding
                .moments
                .iter()
                .map(|moment| MomentTold {
                    from: campaign.moment(moment.from),
                    posted: moment.posted.map(|price| price.yuan()),
                    effective: moment.effective.map(|price| price.yuan()),
                })
                .collect(),
        }
    };
    Audited {
        title: campaign.title.clone(),
        table: audit_table(campaign, audit),
        promises: audit.findings.iter().map(promise).collect(),
        numbers: numbers_in(text),
    }
}

/// Every number in a text, in order.
pub fn numbers_in(text: &str) -> Vec<NumberIn> {
    let Ok(document) = Document::parse(text) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    in_table(document.as_table(), "", &mut |path, value, span| {
        found.push((path.to_owned(), value, span));
    });
    found.sort_by_key(|(_, _, span)| span.start);
    found.truncate(NUMBERS);
    found
        .into_iter()
        .map(|(path, value, span)| NumberIn {
            value,
            line: text[..span.start].matches('\n').count() + 1,
            start: units(&text[..span.start]),
            end: units(&text[..span.end]),
            label: path.replace(['.', '_'], " "),
            path,
        })
        .collect()
}

/// Length in units of UTF-16.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

type Tell<'a> = dyn FnMut(&str, f64, std::ops::Range<usize>) + 'a;

fn join(path: &str, step: impl std::fmt::Display) -> String {
    match path {
        "" => step.to_string(),
        _ => format!("{path}.{step}"),
    }
}

fn in_table(table: &dyn TableLike, path: &str, tell: &mut Tell<'_>) {
    for (key, item) in table.iter() {
        let path = join(path, key);
        match item {
            Item::ArrayOfTables(tables) => {
                for (number, table) in tables.iter().enumerate() {
                    in_table(table, &join(&path, number), tell);
                }
            }
            Item::Table(table) => in_table(table, &path, tell),
            Item::Value(value) => in_value(value, &path, tell),
            Item::None => {}
        }
    }
}

fn in_value(value: &Value, path: &str, tell: &mut Tell<'_>) {
    let number = value.as_integer().map(|whole| whole as f64);
    match (value, number.or_else(|| value.as_float())) {
        (_, Some(number)) => {
            if let Some(span) = value.span() {
                tell(path, number, span);
            }
        }
        (Value::Array(values), _) => {
            for (number, value) in values.iter().enumerate() {
                in_value(value, &join(path, number), tell);
            }
        }
        (Value::InlineTable(table), _) => in_table(table, path, tell),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_where_they_stand() {
        let text = "# 大衣\n[products.coat]\nlist_price = 899.5\n[[x]]\na = [{ b = 3 }]\n";
        let found = numbers_in(text);
        let told: Vec<(&str, f64, usize)> = found
            .iter()
            .map(|number| (number.path.as_str(), number.value, number.line))
            .collect();
        assert_eq!(
            told,
            [
                ("products.coat.list_price", 899.5, 3),
                ("x.0.a.0.b", 3.0, 5)
            ]
        );
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let (start, end) = (found[0].start, found[0].end);
        assert_eq!(String::from_utf16_lossy(&utf16[start..end]), "899.5");
    }

    #[test]
    fn every_example_can_be_audited() {
        let examples = examples();
        assert!(examples.len() >= 4, "{}", examples.len());
        for example in examples {
            let audited = audited(&example.text);
            let audited = audited.unwrap_or_else(|why| panic!("{}: {why:?}", example.name));
            assert!(!audited.numbers.is_empty(), "{}", example.name);
        }
    }

    #[test]
    fn a_text_that_is_no_campaign_is_told_as_on_the_command_line() {
        let refusal = audited("[products.coat]\nlist_prise = 1\n").expect_err("it is wrong");
        let diagnostics = refusal.diagnostics.expect("there are diagnostics");
        assert!(
            diagnostics.contains("did you mean `list_price`?"),
            "{diagnostics}"
        );
        let long = "#".repeat(LARGEST + 1);
        let refusal = audited(&long).expect_err("it is long");
        assert_eq!(refusal.why, "the text is longer than 64 KiB");
    }
}
