//! Scenario, scripts and regimes as they were run: everything that was left to a default or changed on the command line is in them.

use super::page::folded;
use super::table::framed;
use crate::scenario::Bundle;
use crate::scenario::file::RegimeFile;
use maud::{Markup, html};
use serde::Serialize;
use serde_json::Value as Json;

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

/// Rule by rule, with what the file says of it.
fn provisions(name: &str, regime: &RegimeFile) -> Markup {
    let json = serde_json::to_value(regime).unwrap_or_default();
    let rules: Vec<(String, String)> = json
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| !matches!(key.as_str(), "title" | "story") && !value.is_null())
        .map(|(key, value)| (key.clone(), in_words(value)))
        .collect();
    let inner = html! {
        thead { tr { th scope="col" { "rule" } th scope="col" { "value" } } }
        tbody {
            @for (rule, value) in &rules {
                tr { th scope="row" { (rule) } td { (value) } }
            }
        }
    };
    framed(&format!("Rules of {name}, as run"), inner)
}

fn in_words(value: &Json) -> String {
    match value {
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
