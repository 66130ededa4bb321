//! Figures as parts of the page: SVG taken over element by element and attribute by attribute, of which only those that our figures have pass. A
//! file that was tampered with can thus bring in no script and no address.

use crate::report::canvas::FONT;
use maud::{Markup, PreEscaped, html};
use std::fmt::Write as _;

/// Elements of our figures.
const ELEMENTS: [&str; 7] = [
    "svg", "rect", "circle", "line", "polyline", "polygon", "text",
];

/// Attributes of our figures; the font is that of the whole picture.
#[rustfmt::skip]
const ATTRIBUTES: [&str; 23] = [
    "cx", "cy", "dy", "fill", "font-size", "font-style", "font-weight", "height", "opacity", "points", "r", "stroke",
    "stroke-width", "text-anchor", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
];

/// An SVG with a text that says what it shows, for those who cannot see it; `None` if it is not one of our figures.
pub fn inline(svg: &str) -> Option<(String, Markup)> {
    let document = roxmltree::Document::parse(svg).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return None;
    }
    let title = root
        .descendants()
        .find(|node| node.tag_name().name() == "text")
        .and_then(|node| node.text())?
        .trim()
        .to_owned();
    let mut out = String::new();
    element(&mut out, root, Some(&title))?;
    Some((title, PreEscaped(out)))
}

fn element(out: &mut String, node: roxmltree::Node, label: Option<&str>) -> Option<()> {
    let name = node.tag_name().name();
    ELEMENTS.contains(&name).then_some(())?;
    let _ = write!(out, "<{name}");
    if let Some(label) = label {
        let _ = write!(
            out,
            " role=\"img\" aria-label=\"{}\" font-family=\"{}\"",
            escaped(label),
            escaped(FONT)
        );
    }
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        if name == "font-family" || is_default(name, value) {
            continue;
        }
        (ATTRIBUTES.contains(&name) && attribute.namespace().is_none() && is_plain(value))
            .then_some(())?;
        let _ = write!(out, " {name}=\"{value}\"");
    }
    out.push('>');
    for child in node.children() {
        if child.is_element() {
            element(out, child, None)?;
        } else if let Some(text) = child.text().filter(|_| child.is_text()) {
            out.push_str(&escaped(text.trim()));
        }
    }
    let _ = writeln!(out, "</{name}>");
    Some(())
}

/// What may be left out.
fn is_default(name: &str, value: &str) -> bool {
    matches!((name, value), ("opacity", "1") | ("stroke", "none"))
}

/// Numbers, colours and simple words: nothing that could be an address or end the attribute.
fn is_plain(value: &str) -> bool {
    value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || " #.,()-+%".contains(c))
        && !value.to_ascii_lowercase().contains("url")
}

fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}

/// A figure with its caption.
pub fn figure(number: usize, svg: &str, name: &str) -> Markup {
    let id = format!("figure-{number}");
    match inline(svg) {
        Some((title, picture)) => html! {
            figure id=(id) {
                div.picture tabindex="0" role="region" aria-label={ "Figure " (number) } { (picture) }
                figcaption { b { "Figure " (number) "." } " " (title) "." }
            }
        },
        None => html! {
            figure id=(id) {
                figcaption { b { "Figure " (number) "." } " " (name) " is not a figure as yellowcart draws them: it is left out." }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::inline;

    fn svg(inner: &str) -> String {
        format!(
            "<svg width=\"9\" height=\"9\" viewBox=\"0 0 9 9\" xmlns=\"http://www.w3.org/2000/svg\"><text x=\"1\" y=\"2\" font-family=\"Inter\">A &lt;b&gt; title</text>{inner}</svg>"
        )
    }

    #[test]
    fn our_figures_pass_and_keep_what_they_say() {
        let (title, picture) =
            inline(&svg("<rect x=\"0\" opacity=\"1\" fill=\"#FFFFFF\"/>")).expect("ours");
        assert_eq!(title, "A <b> title");
        let picture = picture.into_string();
        assert!(
            picture.contains("<text x=\"1\" y=\"2\">A &lt;b&gt; title</text>"),
            "{picture}"
        );
        assert!(
            picture.contains("<rect x=\"0\" fill=\"#FFFFFF\"></rect>"),
            "{picture}"
        );
    }

    #[test]
    fn nothing_that_acts_or_fetches_passes() {
        for evil in [
            "<script>alert(1)</script>",
            "<image href=\"https://example.org/x.png\"/>",
            "<rect onload=\"alert(1)\"/>",
            "<rect fill=\"url(https://example.org/#x)\"/>",
            "<rect style=\"background:url(x)\"/>",
            "<foreignObject><p>x</p></foreignObject>",
            "<a href=\"javascript:alert(1)\"><text x=\"1\" y=\"1\">x</text></a>",
            "<rect x=\"1&quot; onload=&quot;alert(1)\"/>",
            "<style>@import 'https://example.org'</style>",
            "<rect xmlns:x=\"urn:x\" x:x=\"1\"/>",
        ] {
            assert!(inline(&svg(evil)).is_none(), "{evil}");
        }
        assert!(inline("<html><text>x</text></html>").is_none());
        assert!(inline("not a picture").is_none());
    }
}
