//! The page: head, title, contents, sections. All of its style is in style.css.

use crate::experiment::VERSION;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// No script runs and nothing is fetched, whatever stands in the page.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A report.
pub struct Page {
    /// What is reported on.
    pub title: String,
    /// What kind of result it is.
    pub kind: &'static str,
    /// Scenario, seeds, version: name and value.
    pub facts: Vec<(&'static str, Markup)>,
    /// What a reader has to know first, if anything is wrong.
    pub warning: Option<Markup>,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// A section of a report.
pub struct Section {
    /// Where links to it lead.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What stands in it.
    pub body: Markup,
}

impl Page {
    /// As HTML.
    pub fn render(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content={ "yellowcart " (VERSION) };
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    title { (self.title) " \u{2013} " (self.kind) }
                    style { (PreEscaped(include_str!("style.css"))) }
                }
                body {
                    (self.head())
                    (self.contents())
                    main {
                        @for section in &self.sections {
                            section id=(section.id) {
                                h2 { (section.title) }
                                (section.body)
                            }
                        }
                    }
                    footer { p { "Made by yellowcart " (VERSION) "." } }
                }
            }
        };
        page.into_string()
    }

    fn head(&self) -> Markup {
        html! {
            header {
                p.kind { (self.kind) }
                h1 { (self.title) }
                dl.facts {
                    @for (name, value) in &self.facts {
                        div { dt { (name) } dd { (value) } }
                    }
                }
                @if let Some(warning) = &self.warning {
                    div.warning role="alert" { (warning) }
                }
            }
        }
    }

    fn contents(&self) -> Markup {
        html! {
            nav aria-label="Contents" {
                ul {
                    @for section in &self.sections {
                        li { a href={ "#" (section.id) } { (section.title) } }
                    }
                }
            }
        }
    }
}

/// What can be folded away on a screen; on paper it is open.
pub fn folded(summary: &str, body: &Markup) -> Markup {
    html! {
        details {
            summary { (summary) }
            (body)
        }
    }
}
