//! The report of a comparison.

use super::page::{Page, Section, folded};
use super::table::{framed, table};
use super::{as_run, differences, picture, provenance, read_json};
use crate::experiment::compare::{Arm, Compared, Comparison, ComparisonManifest};
use crate::money::in_thousands;
use crate::record::Part;
use crate::report::canvas::Drawing;
use crate::report::comparison::{
    baseline_name, comparison_drawings, counted, mean_of, primary_metric, says_something, telling,
    told_by_group,
};
use crate::report::digits::Scale;
use maud::{Markup, html};
use std::path::Path;

/// The page of a comparison; `changed`: what in the folder is not as its manifest says.
///
/// # Errors
/// What cannot be read.
pub fn page(
    folder: &Path,
    manifest: &ComparisonManifest,
    changed: &[String],
) -> Result<Page, String> {
    let comparison: Comparison = read_json(folder, "comparison.json")?;
    consistent(&comparison)?;
    let drawings = comparison_drawings(&comparison).map_err(|why| why.to_string())?;
    let mut sections = vec![
        section("short", "In short", differences::in_short(&comparison)),
        section("figures", "Figures", figures(&drawings)),
        section(
            "differences",
            "Differences from the baseline",
            differences::tables(&comparison),
        ),
        section("means", "Means", means(&comparison)),
        section(
            "survival",
            "How long claims stay unresolved",
            survival(&comparison),
        ),
        section(
            "intervals",
            "What the intervals mean",
            intervals(&comparison),
        ),
        section("rules", "Which rules acted", rules(&comparison)),
        section("as-run", "Scenario and regimes as run", whole(manifest)),
    ];
    sections.extend(provenance(&comparison, manifest));
    Ok(Page {
        title: comparison.title.clone(),
        kind: "A comparison of regimes",
        facts: facts(&comparison),
        warning: provenance::checked(changed),
        sections,
    })
}

fn section(id: &'static str, title: &'static str, body: Markup) -> Section {
    Section { id, title, body }
}

/// A file that was changed may have lost an arm: nothing is reported on that does not fit together.
fn consistent(comparison: &Comparison) -> Result<(), String> {
    let arms = comparison.arms.len();
    let fits = |of: &Compared| {
        let values = of
            .means
            .iter()
            .all(|mean| mean.values.len() == comparison.seeds.len());
        of.means.len() == arms && of.differences.len() + 1 == arms && values
    };
    match arms > 0 && comparison.metrics.iter().all(fits) {
        true => Ok(()),
        false => Err("comparison.json does not fit together: a metric has not as many arms or replications as the comparison; verify the folder with `yellowcart verify`".to_owned()),
    }
}

fn facts(comparison: &Comparison) -> Vec<(&'static str, Markup)> {
    let others: Vec<&str> = comparison
        .arms
        .iter()
        .skip(1)
        .map(|arm| arm.name.as_str())
        .collect();
    let primary = primary_metric(comparison).map_or(&*comparison.primary, |of| &of.metric.label);
    let mut facts = vec![
        ("Scenario", html! { (comparison.scenario) }),
        ("Baseline", html! { (baseline_name(comparison)) }),
        ("Compared with it", html! { (others.join(", ")) }),
        ("Primary metric", html! { (primary) }),
        (
            "Replications",
            html! { (counted(comparison.seeds.len(), "seed")) ", the same in every regime" },
        ),
        ("Base seed", html! { (comparison.base_seed) }),
        (
            "Consumers",
            html! { (in_thousands(&comparison.consumers.to_string())) " in every run" },
        ),
    ];
    if let Some(from) = &comparison.from {
        facts.push(("One shared past until", html! { (from) }));
    }
    if let Some(seeds) = comparison.seeds_per_draw {
        let redrawn = counted(comparison.redrawn.len(), "assumption");
        facts.push((
            "Uncertainty",
            html! { (redrawn) " redrawn, " (counted(seeds as usize, "seed")) " for each draw" },
        ));
    }
    facts.push(("Version", html! { "yellowcart " (comparison.version) }));
    facts
}

/// Figures of single groups stand with their tables, further down; here are the others.
fn figures(drawings: &[Drawing]) -> Markup {
    let of_group = |drawing: &&Drawing| drawing.name.starts_with("differences_");
    let main: Vec<&Drawing> = drawings
        .iter()
        .filter(|drawing| !of_group(drawing))
        .collect();
    let more: Vec<&Drawing> = drawings.iter().filter(of_group).collect();
    let all = |from: usize, those: &[&Drawing]| {
        html! {
            @for (index, drawing) in those.iter().enumerate() {
                (picture::figure(from + index + 1, &drawing.svg, &drawing.name))
            }
        }
    };
    html! {
        (all(0, &main))
        @if !more.is_empty() {
            (folded("Differences of every metric, group by group", &all(main.len(), &more)))
        }
    }
}

/// Metric by metric, an arm a column.
fn means(comparison: &Comparison) -> Markup {
    let silent = comparison
        .metrics
        .iter()
        .filter(|of| !says_something(of))
        .count();
    html! {
        p { "Means over replications, with the 95 % interval of the mean below. Because replications are paired, two regimes may differ although these intervals overlap: differences have intervals of their own." }
        @for (group, metrics) in told_by_group(comparison) {
            (framed(group.title(), html! {
                thead { tr {
                    th scope="col" { "metric" }
                    @for arm in &comparison.arms { th.number scope="col" { (arm.name) } }
                } }
                tbody { @for of in metrics { (means_of(of)) } }
            }))
        }
        @if silent > 0 { p.note { (counted(silent, "metric")) " that came to 0 in every replication of every regime, or to nothing, are left out." } }
    }
}

fn means_of(of: &Compared) -> Markup {
    let scale = Scale::of(&of.metric.unit);
    html! {
        tr {
            th scope="row" { (of.metric.label) " " span.unit { (scale.unit()) } }
            @for mean in &of.means {
                @let has = mean.values.iter().flatten().count();
                @let [low, high] = mean.interval;
                @let written = scale.alike(&[mean_of(mean).unwrap_or(f64::NAN), low, high]);
                td.number {
                    (written[0])
                    @if has > 1 { span.interval { (written[1]) " to " (written[2]) } }
                    @if has < mean.values.len() && has > 0 { span.interval { "n = " (has) } }
                }
            }
        }
    }
}

/// Days since a claim was made at which the table of survival is read off.
const READ_AT: [usize; 8] = [0, 1, 3, 7, 14, 21, 30, 60];

/// The survival curves of claims at some days, an arm a row.
fn survival(comparison: &Comparison) -> Markup {
    if comparison.survival.is_empty() {
        return html! { p { "Nobody claimed in any replication." } };
    }
    let scale = Scale::of("share");
    let curves = comparison.survival.iter();
    let last = curves.map(|waiting| waiting.days.len()).max().unwrap_or(0);
    let days: Vec<usize> = READ_AT.into_iter().filter(|day| *day < last).collect();
    let caption = "Share of claims not resolved, %, by days since they were made";
    let inner = html! {
        thead { tr {
            th scope="col" { "regime" }
            @for day in &days { th.number scope="col" { (counted(*day, "day")) } }
        } }
        tbody { @for waiting in &comparison.survival {
            tr {
                th scope="row" { (comparison.arms.get(waiting.arm).map_or("", |arm| &arm.name)) }
                @for day in &days {
                    @let [mean, low, high] = waiting.days.get(*day).copied().unwrap_or([f64::NAN; 3]);
                    @let written = scale.alike(&[mean, low, high]);
                    td.number { (written[0]) span.interval { (written[1]) " to " (written[2]) } }
                }
            }
        } }
    };
    html! {
        p { "Mean over the replications in which somebody claimed, with the 2.5th and 97.5th percentiles over them below. Claims that are open when the run ends count for as long as they were followed (product-limit estimate)." }
        (framed(caption, inner))
    }
}

fn rules(comparison: &Comparison) -> Markup {
    let replications = comparison.seeds.len();
    let changed = |arm: usize, of: &Arm| match (arm, of.changed) {
        (0, _) => "is the baseline".to_owned(),
        (_, 0) => format!(
            "changed nothing in {}",
            counted(replications, "replication")
        ),
        (_, changed) => format!("changed something in {changed} of {replications}"),
    };
    let from = |of: &Arm| match &of.from {
        Some(from) => format!("from {from}"),
        None => "from the start".to_owned(),
    };
    let mut rows = vec![["regime", "rule", "acted in"].map(str::to_owned).to_vec()];
    for (at, arm) in comparison.arms.iter().enumerate() {
        for (rule, acted) in arm.rules.iter().filter(|(_, acted)| *acted > 0) {
            let how = match telling::only_feared(comparison, at, rule) {
                true => ", only through what sellers expect of it",
                false => "",
            };
            let acted = format!("{acted} of {replications}{how}");
            rows.push(vec![arm.name.clone(), rule.clone(), acted]);
        }
    }
    html! {
        ul {
            @for (index, arm) in comparison.arms.iter().enumerate() {
                li {
                    b { (arm.name) } " (" (from(arm)) ") " (changed(index, arm)) ". " (arm.title)
                    (never_acted(arm))
                }
            }
        }
        @if rows.len() > 1 { (table("Rules, and in how many replications each acted", &rows)) }
        @for sentence in telling::sentences(comparison) { p.warning { (sentence) "." } }
    }
}

/// The rules of a regime that had nothing to act on.
fn never_acted(arm: &Arm) -> Markup {
    let never = arm.rules.iter().filter(|(_, acted)| *acted == 0);
    let never: Vec<&str> = never.map(|(rule, _)| rule.as_str()).collect();
    html! {
        @if !never.is_empty() { span.unit { " Never acted: " (never.join(", ")) "." } }
    }
}

fn whole(manifest: &ComparisonManifest) -> Markup {
    let plan = &manifest.hashed.plan;
    html! {
        (as_run::scenario(&plan.bundle))
        (as_run::codes())
        @for arm in &plan.arms { (as_run::regime(&arm.name, &arm.regime)) }
    }
}

/// What a reader has to know of the numbers.
fn intervals(comparison: &Comparison) -> Markup {
    html! {
        p { b { "Paired." } " Replication r has the same seed under every regime: the same people, the same luck. Differences are taken replication by replication, so what all regimes share cancels. The correlation says how much they share; the saving how many unpaired replications would tell as much as a paired one." }
        p { b { "95 % interval." } " By Student's t over the differences, corrected. It says where the mean difference would lie if the simulation were repeated with many other seeds: chance within the model, not whether the model is right." }
        p { b { "Corrected." } " One metric was declared primary beforehand; it is corrected for the number of regimes. All other metrics and regimes together are one family: intervals at the level 5 % over the size of the family, p times that size (Bonferroni), so that p is below 5 % where the interval leaves zero out. Of many metrics some would otherwise seem to differ by chance; the intervals that are not corrected say so." }
        @for note in telling::about_intervals(comparison) { p { (note) "." } }
        p { b { "Not distinguishable yet." } " The corrected interval spans zero. The number of further replications is what would tell the difference seen if mean and spread stay what they are; if the true difference is none, none will." }
        p { b { "Differs in few of the replications." } " Fewer than five pairs of ten or more differ at all: a rare event, such as one fine, of which Student's t says little. Count it, and look at those replications." }
        p { b { "Rests on few of the replications." } " The corrected interval leaves zero out, but would span it without these few, at most a tenth. It is not counted as told; the median difference (differences.csv) says what happens in an ordinary replication." }
        @if comparison.uncertainty {
            p { b { "Assumptions." } " Parameters without evidence were redrawn within what is plausible, identically in all regimes. The interval over seeds narrows with more replications; the one over assumptions only with better evidence. The 95 % interval, corrected or not, holds both." }
        } @else {
            p { b { "Assumptions" } " were held at their values: the intervals say nothing of them. " code { "--uncertainty" } " redraws them." }
        }
        @if comparison.seeds.len() < 2 {
            p.warning { "One replication gives no interval: nothing can be told from these differences." }
        }
    }
}

fn provenance(comparison: &Comparison, manifest: &ComparisonManifest) -> Vec<Section> {
    let arms: Vec<&str> = comparison
        .arms
        .iter()
        .map(|arm| arm.name.as_str())
        .collect();
    let result = format!(
        "Comparison of {} in scenario {}, {} from base seed {}",
        arms.join(", "),
        comparison.scenario,
        counted(comparison.seeds.len(), "replication"),
        comparison.base_seed
    );
    let hash = &manifest.sha256_of_hashed;
    let again = provenance::again(
        &manifest.unhashed,
        &comparison.version,
        "a second comparison",
    );
    let seeds = html! {
        p.seeds { @for seed in &comparison.seeds { code { (seed) } " " } }
    };
    let runs = manifest
        .hashed
        .runs
        .iter()
        .enumerate()
        .map(|(at, hash)| Part {
            path: format!("run {}", at + 1),
            sha256: hash.clone(),
        });
    let parts: Vec<Part> = manifest.hashed.files.iter().cloned().chain(runs).collect();
    let again = html! {
        (again)
        (folded("The seed of each replication, in order", &seeds))
    };
    vec![
        section("reproduce", "How to make it again", again),
        section(
            "cite",
            "How to cite it, and the model",
            provenance::cite(&comparison.version, &result, hash),
        ),
        section(
            "hashes",
            "Files and hashes",
            folded("All hashes", &provenance::hashes(hash, &parts)),
        ),
    ]
}
