//! Nothing in a report acts or is fetched from elsewhere, whatever stands in files.

use super::common::made_up::{Odd, comparison};
use super::{a_comparison, a_run, body_of, folder, put, report};
use std::fs;

/// What people write who want to see whether it is taken as it is.
const EVIL: &str = "</title><script>alert(1)</script>\"><img src=x onerror=alert(1)> & <b>'bold'";

/// What a report may consist of.
const ELEMENTS: [&str; 41] = [
    "body",
    "header",
    "nav",
    "main",
    "footer",
    "section",
    "div",
    "p",
    "h1",
    "h2",
    "h3",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "a",
    "b",
    "i",
    "span",
    "code",
    "pre",
    "blockquote",
    "details",
    "summary",
    "figure",
    "figcaption",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "svg",
    "rect",
    "circle",
    "line",
    "polyline",
    "polygon",
    "text",
];

/// Nothing in it acts or is fetched from elsewhere, and it is well formed.
pub fn assert_harmless(html: &str) {
    let body = body_of(html);
    let document = roxmltree::Document::parse(&body).unwrap_or_else(|why| panic!("{why}"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(
                !key.starts_with("on") && key != "style" && key != "src",
                "{name} {key}"
            );
            if key == "href" {
                let inside = value.strip_prefix('#').is_some_and(|id| {
                    document
                        .descendants()
                        .any(|node| node.attribute("id") == Some(id))
                });
                assert!(
                    inside || value.starts_with("data:text/markdown"),
                    "{value:.40}"
                );
            }
        }
    }
    let (head, _) = html.split_once("<body>").expect("a head");
    assert!(head.contains("content=\"default-src 'none'; style-src 'unsafe-inline'"));
    for word in ["@import", "url(", "<script", "<link", "http://", "https://"] {
        assert!(!head.contains(word), "{word} in the head");
    }
    assert_eq!(head.matches("<title>").count(), 1);
}

#[test]
fn nothing_that_stands_in_files_acts() {
    let folder = folder();
    let run = a_run(folder.path(), EVIL);
    assert_harmless(&report(&run));
    let out = a_comparison(folder.path(), false);
    let mut evil = comparison(3, 4, Odd::default());
    (evil.title, evil.scenario, evil.version) = (EVIL.to_owned(), EVIL.to_owned(), EVIL.to_owned());
    evil.from = Some(EVIL.to_owned());
    evil.inert_changes = vec![EVIL.to_owned()];
    for (arm, number) in evil.arms.iter_mut().zip(0..) {
        (arm.name, arm.title) = (format!("{number}{EVIL}"), EVIL.to_owned());
        arm.from = Some(EVIL.to_owned());
        arm.rules.push((EVIL.to_owned(), 1));
    }
    for of in &mut evil.metrics {
        (of.metric.label, of.metric.unit) = (EVIL.to_owned(), EVIL.to_owned());
    }
    for path in &mut evil.paths {
        (path.label, path.unit) = (EVIL.to_owned(), EVIL.to_owned());
    }
    put(&out, &evil);
    let html = report(&out);
    assert_harmless(&html);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn a_figure_that_was_tampered_with_is_left_out_and_told() {
    let folder = folder();
    let out = a_run(folder.path(), "small");
    let path = out.join("figures/conversion.svg");
    let svg = fs::read_to_string(&path).expect("a figure");
    fs::write(
        &path,
        svg.replace("</svg>", "<script>alert(1)</script></svg>"),
    )
    .expect("written");
    let html = report(&out);
    assert_harmless(&html);
    assert!(html.contains(
        "figures/conversion.svg is not a figure as yellowcart draws them: it is left out."
    ));
    assert!(html.contains("figures/conversion.svg: has been changed"));
}
