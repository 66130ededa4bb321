//! The report of a single run.

use super::page::{Page, Section, folded};
use super::table::table;
use super::{as_run, picture, provenance, read_json};
use crate::experiment::{Measured, metrics_of};
use crate::market::Summary;
use crate::money::in_thousands;
use crate::record::{Part, RunManifest};
use crate::report::digits::{NONE, Scale};
use crate::report::paper::Item;
use crate::report::summary::summary_paper;
use crate::scenario::{Bundle, Scenario};
use maud::{Markup, html};
use std::path::{Component, Path};

/// The page of a run.
///
/// # Errors
/// What cannot be read.
pub fn page(folder: &Path, manifest: &RunManifest, changed: &[String]) -> Result<Page, String> {
    let hashed = &manifest.hashed;
    let bundle = &hashed.bundle;
    let scenario = bundle.resolve().map_err(super::of_another_version)?;
    let summary: Summary = read_json(folder, "summary.json")?;
    let seed = bundle.seed;
    let result = format!(
        "Scenario {}, seed {seed}, regime {}",
        bundle.name, bundle.regime_name
    );
    let mut sections = vec![
        section("results", "What it came to", results(&scenario, &summary)),
        section("figures", "Figures", figures(folder, &hashed.figures)),
        section("metrics", "Every metric", metrics(&summary)),
        section("as-run", "Scenario and rules as run", whole(bundle)),
    ];
    let again = provenance::again(&manifest.unhashed, &hashed.version, "a second run");
    let cite = provenance::cite(&hashed.version, &result, &manifest.sha256_of_hashed);
    let hashes = provenance::hashes(&manifest.sha256_of_hashed, &parts_of(manifest));
    sections.extend([
        section("reproduce", "How to make it again", again),
        section("cite", "How to cite it, and the model", cite),
        section("hashes", "Files and hashes", folded("All hashes", &hashes)),
    ]);
    Ok(Page {
        title: bundle.scenario.title.clone(),
        kind: "One run",
        facts: facts(manifest),
        warning: provenance::checked(changed),
        sections,
    })
}

fn section(id: &'static str, title: &'static str, body: Markup) -> Section {
    Section { id, title, body }
}

fn facts(manifest: &RunManifest) -> Vec<(&'static str, Markup)> {
    let bundle = &manifest.hashed.bundle;
    let consumers = in_thousands(&bundle.scenario.population.consumers.to_string());
    let clock = &bundle.scenario.clock;
    let moment = |moment: &crate::scenario::file::Moment| {
        let json = serde_json::to_value(moment).unwrap_or_default();
        json.as_str().unwrap_or_default().to_owned()
    };
    vec![
        ("Scenario", html! { (bundle.name) }),
        ("Regime", html! { (bundle.regime_name) }),
        ("Seed", html! { (bundle.seed) }),
        ("Consumers", html! { (consumers) }),
        (
            "Market time",
            html! { span.moment { (moment(&clock.start)) } " to " span.moment { (moment(&clock.end)) } },
        ),
        ("Version", html! { "yellowcart " (manifest.hashed.version) }),
    ]
}

/// The summary, heading by heading.
fn results(scenario: &Scenario, summary: &Summary) -> Markup {
    let paper = summary_paper(scenario, summary);
    html! {
        p { "One seed, one world: what differs from run to run by chance is not in these numbers. " code { "yellowcart compare" } " gives intervals." }
        @for section in paper.sections() {
            @if !matches!(section.items.first(), Some(Item::Table(_))) { h3 { (section.title) } }
            @for (at, item) in section.items.iter().enumerate() {
                @match item {
                    Item::Table(rows) => (table(&caption(&section.title, at, rows), &headed(rows))),
                    Item::Notes(notes) => ul.notes { @for note in notes { li { (note) } } },
                }
            }
        }
    }
}

/// The first table under a heading has its words; a later one says what it is in its head.
fn caption(title: &str, at: usize, rows: &[Vec<String>]) -> String {
    let first = rows.first().and_then(|row| row.first());
    match first.filter(|first| at > 0 && !first.is_empty()) {
        Some(first) => format!("{title}: {first}"),
        None => title.to_owned(),
    }
}

/// Rows with a head: lists of amounts have none of their own.
fn headed(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut rows = rows.to_vec();
    let is_number = |cell: &String| cell.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let first = rows.first().map(|row| row.iter().skip(1).any(is_number));
    if first == Some(true) {
        rows.insert(0, vec![String::new(), "yuan".to_owned()]);
    }
    rows
}

/// Every metric in its group.
fn metrics(summary: &Summary) -> Markup {
    let all = metrics_of(summary);
    let mut groups: Vec<_> = all.iter().map(|(metric, _)| metric.group).collect();
    groups.dedup();
    let row = |(metric, value): &Measured| {
        let scale = Scale::of(&metric.unit);
        let value = value.map_or(NONE.to_owned(), |value| scale.value(value));
        vec![
            metric.label.clone(),
            value,
            scale.unit().to_owned(),
            metric.key.clone(),
        ]
    };
    let head = ["metric", "value", "unit", "key"]
        .map(str::to_owned)
        .to_vec();
    html! {
        p { "The metrics by which " code { "yellowcart compare" } " compares regimes, under the keys that they have in files." }
        @for group in groups {
            @let of_group = all.iter().filter(|(metric, _)| metric.group == group);
            @let rows: Vec<Vec<String>> = std::iter::once(head.clone()).chain(of_group.map(row)).collect();
            (table(group.title(), &rows))
        }
    }
}

/// The figures of the folder, in the order in which they were drawn.
fn figures(folder: &Path, parts: &[Part]) -> Markup {
    let svgs = parts.iter().filter(|part| part.path.ends_with(".svg"));
    let inside = svgs.filter(|part| {
        let mut steps = Path::new(&part.path).components();
        steps.all(|step| matches!(step, Component::Normal(_)))
    });
    let drawn: Vec<(&str, String)> = inside
        .map(|part| {
            let svg = std::fs::read_to_string(folder.join(&part.path)).unwrap_or_default();
            (part.path.as_str(), svg)
        })
        .collect();
    html! {
        @if drawn.is_empty() { p { "This run drew no figures." } }
        @for (index, (name, svg)) in drawn.iter().enumerate() {
            (picture::figure(index + 1, svg, name))
        }
    }
}

fn whole(bundle: &Bundle) -> Markup {
    html! {
        (as_run::scenario(bundle))
        (as_run::codes())
        (as_run::regime(&bundle.regime_name, &bundle.regime))
    }
}

/// Everything that the manifest has a hash of.
fn parts_of(manifest: &RunManifest) -> Vec<Part> {
    let hashed = &manifest.hashed;
    let part = |path: String, sha256: &str| Part {
        path,
        sha256: sha256.to_owned(),
    };
    let mut parts = vec![part("summary.json".to_owned(), &hashed.summary_sha256)];
    for (name, entry) in &hashed.tables {
        let rows = in_thousands(&entry.rows.to_string());
        let content = format!("values of table {name} ({rows} rows)");
        parts.push(part(content, &entry.content_sha256));
        parts.extend(entry.files.iter().cloned());
    }
    for (day, hash) in hashed.state_hashes.iter().enumerate() {
        parts.push(part(format!("state at the end of day {}", day + 1), hash));
    }
    parts.extend(hashed.figures.iter().cloned());
    parts
}
