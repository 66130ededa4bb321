//! The report of a study.

use super::page::{Page, Section, folded};
use super::{picture, table};
use crate::experiment::study::StudyResult;
use crate::report::canvas::Drawing;
use crate::report::study::{design, differences, ended, points, tables};
use crate::report::table::Table;
use maud::{Markup, html};

/// The report of a study as one HTML file that needs nothing beside it, with the figures that [`crate::report::study_drawings`] gives. The bytes depend on
/// study and figures alone.
pub fn study_report(study: &StudyResult, figures: &[Drawing]) -> String {
    let tables = tables(study);
    let (points, differences) = (points(study), differences(study));
    let page = Page {
        title: study.title.clone(),
        kind: "A study",
        facts: facts(study),
        warning: None,
        sections: vec![
            Section {
                id: "short",
                title: "In short",
                body: in_short(study),
            },
            Section {
                id: "figures",
                title: "Figures",
                body: pictures(figures),
            },
            Section {
                id: "factors",
                title: match study.calibration {
                    Some(_) => "Factors, and what was learnt of them",
                    None => "Factors, and what they account for",
                },
                body: html! { @for table in &tables { (shown(table)) } },
            },
            Section {
                id: "points",
                title: "Points",
                body: html! {
                    @if let Some(differences) = &differences { (shown(differences)) }
                    (folded(&format!("{} points", study.points.len()), &shown(&points)))
                },
            },
            Section {
                id: "reproduce",
                title: "How to make it again",
                body: again(study),
            },
        ],
    };
    page.render()
}

fn facts(study: &StudyResult) -> Vec<(&'static str, Markup)> {
    vec![
        ("Scenario", html! { (study.scenario) }),
        ("Design", html! { (design(study)) }),
        (
            "Consumers",
            html! { (crate::money::in_thousands(&study.consumers.to_string())) },
        ),
        ("Seed", html! { (study.base_seed) }),
        ("Version", html! { "yellowcart " (study.version) }),
    ]
}

fn in_short(study: &StudyResult) -> Markup {
    html! {
        @if !study.story.is_empty() { p { (study.story) } }
        @match &study.calibration {
            Some(facts) => {
                p { (ended(facts)) "." }
                p { "By " (design(study)) ". Approximate Bayesian computation: a candidate's distance is that of its worst target, in tolerances; every candidate has luck of its own." }
            }
            None => p { "By " (design(study)) ". Replication r has the same seed at every point, so what differs between points is what the factors do." }
        }
    }
}

fn shown(of: &Table) -> Markup {
    html! {
        @if !of.is_empty() {
            (table::table(&of.title, &of.rows_with_head()))
            @if !of.notes.is_empty() {
                ul.notes { @for note in &of.notes { li { (note) } } }
            }
        }
    }
}

fn pictures(figures: &[Drawing]) -> Markup {
    html! {
        @for (at, drawing) in figures.iter().enumerate() {
            (picture::figure(at + 1, &drawing.svg, &drawing.name))
        }
        @if figures.is_empty() { p { "No figures were drawn." } }
    }
}

fn again(study: &StudyResult) -> Markup {
    html! {
        p {
            "With version " (study.version) " of yellowcart the study " code { (study.study) } " gives the same runs, on any number of threads and machines: every run's bytes depend on its "
            "point and its replication alone. manifest.json holds the whole plan: " code { "yellowcart verify FOLDER --rerun" } " makes it again from there and compares."
        }
        @if !study.changes.is_empty() { p { "Changes to the scenario that hold at every point: " code { (study.changes.join(", ")) } "." } }
    }
}
