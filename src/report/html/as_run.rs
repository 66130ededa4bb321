//! Scenario, scripts and regimes as they were run: everything that was left to a default or changed on the command line is in them.

use super::page::folded;
use super::table::framed;
use crate::scenario::file::RegimeFile;
use crate::scenario::{Bundle, Provision};
use maud::{Markup, html};
use serde::Serialize;

/// A value as TOML, as it stands in files.
fn toml_of(value: &impl Serialize) -> String {
    toml::to_string_pretty(value)
        .unwrap_or_else(|why| format!("# cannot be written as TOML: {why}"))
}

/// The scenario and its scripts, folded.
pub fn scenario(bundle: &Bundle) -> Markup {
    let file = &bundle.scenario;
    html! {
        @if !file.story.is_empty() { p { (file.story) } }
        (folded(
            &format!("The scenario {} in full, defaults and changes included", bundle.name),
            &html! { pre { code { (toml_of(file)) } } },
        ))
        @for (name, script) in &bundle.scripts {
            (folded(&format!("Script {name}"), &html! { pre { code { (toml_of(script)) } } }))
        }
    }
}

/// A regime with what it provides.
pub fn regime(name: &str, regime: &RegimeFile) -> Markup {
    html! {
        h3 { (name) }
        p { (regime.title) }
        @if !regime.story.is_empty() { p { (regime.story) } }
        (folded(&format!("The rules of {name}"), &provisions(name, regime)))
    }
}

/// Every value that the regime sets, with the article that it stands in and how far that was checked.
fn provisions(name: &str, regime: &RegimeFile) -> Markup {
    let provisions = regime.provisions();
    if provisions.is_empty() {
        return html! { p { "It sets no rule." } };
    }
    let head = ["rule", "value", "unit", "article", "evidence", "plausible"];
    let sweep = |provision: &Provision| match provision.sweep {
        Some([low, high]) => format!("{low} to {high}"),
        None => String::new(),
    };
    let inner = html! {
        thead { tr { @for name in head { th scope="col" { (name) } } } }
        tbody {
            @for provision in &provisions {
                tr {
                    th scope="row" { (provision.key) }
                    td { (provision.value) }
                    td { (provision.unit) }
                    td.article { (provision.article) }
                    td { (provision.evidence.code()) }
                    td { (sweep(provision)) }
                }
            }
        }
    };
    framed(&format!("Rules of {name}, as run"), inner)
}

/// What the codes of evidence mean.
pub fn codes() -> Markup {
    html! {
        p.note {
            "Evidence: SEED in the article that the project starts from; V read in a page; VS read in the text of a statute; S second-hand; D derived from what was read; R recalled, not verified; A assumption."
        }
    }
}
