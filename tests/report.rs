//! What people look at: the summary as a golden file, and figures that keep their words inside the frame whatever the evening was like.

mod common;

use common::{Ran, run, shipped, small, written};
use std::fs;
use std::path::Path;
use yellowcart::experiment::{RunOptions, metrics_of, run_evening};
use yellowcart::market::PaymentEvent;
use yellowcart::report::{summary_csv, summary_table};
use yellowcart::scenario::Bundle;

#[test]
fn the_summary_of_three_evenings() {
    let Ran {
        scenario, summary, ..
    } = run(&written(include_str!("common/days.toml"), 1));
    insta::assert_snapshot!(summary_table(&scenario, &summary));
}

#[test]
fn the_summary_as_csv() {
    let Ran {
        scenario, summary, ..
    } = run(&written(&small(500, 90.0, ""), 1));
    insta::assert_snapshot!(summary_csv(&scenario, &summary));
}

/// Where nobody is harmed and nobody earns, zeros are zeros.
#[test]
fn nothing_is_written_as_minus_zero() {
    let summary = run(&written(&small(20, 90_000.0, ""), 1)).summary;
    let json = serde_json::to_string(&summary).expect("JSON");
    assert!(!json.contains("-0.0"), "{json}");
    for (metric, value) in metrics_of(&summary) {
        let positive = value.is_none_or(|value| value != 0.0 || value.is_sign_positive());
        assert!(positive, "{}", metric.key);
    }
}

/// What counts whom is said, what is brushed comes back with its amount, and no word stands for two kinds of harm.
#[test]
fn the_summary_tells_what_its_counts_and_harms_are_of() {
    let bundle = shipped("refund_scandal", 11, &["population.consumers=2000"]);
    let Ran {
        scenario,
        summary,
        kept,
    } = run(&bundle);
    let table = summary_table(&scenario, &summary);
    let market = &summary.market;
    let refunded = kept.payments.iter();
    let brushed = |order: u64| {
        let mut orders = kept.orders.iter();
        orders.any(|row| row.order == order && row.consumer.is_none())
    };
    let refunded = refunded.filter(|row| row.event == PaymentEvent::Refunded && brushed(row.order));
    let amounts: Vec<i64> = refunded.map(|row| row.amount.0).collect();
    assert!(market.brushed_refunded > 0);
    assert_eq!(market.brushed_refunded, amounts.len() as u64);
    assert_eq!(market.brushed_refunds.0, amounts.iter().sum::<i64>());
    for line in [
        "  Real views are those of consumers; among peak viewers is the background audience too, which watches and is not followed.",
        "Who bears the harm of deception (against honest displays, over all orders placed)",
        " of them were refunded by the end (",
        " consumers bear net detriment, median ",
    ] {
        assert!(table.contains(line), "{line}\n{table}");
    }
    // Without a background audience or brushing there is nothing to say of them.
    let Ran {
        scenario, summary, ..
    } = run(&written(&small(500, 90.0, ""), 1));
    let table = summary_table(&scenario, &summary);
    assert!(!table.contains("background audience") && !table.contains("brushed"));
}

#[test]
fn columns_line_up() {
    let Ran {
        scenario, summary, ..
    } = run(&written(include_str!("common/days.toml"), 1));
    let table = summary_table(&scenario, &summary);
    let (_, harm) = table.split_once("Harm to consumers").expect("a section");
    let lengths: Vec<usize> = harm
        .lines()
        .skip(1)
        .take(10)
        .map(|line| line.chars().count())
        .collect();
    assert!(
        lengths.windows(2).all(|pair| pair[0] == pair[1]),
        "{lengths:?}"
    );
}

/// Draws the figures of a bundle and returns each SVG with its name.
fn figures_of(bundle: &Bundle) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = RunOptions {
        out: folder.path().join("out"),
        figures: true,
        threads: 1,
        ..RunOptions::default()
    };
    let finished = run_evening(bundle, &options, &mut |_| {}).expect("it runs");
    read_figures(&finished.folder.join("figures"))
}

fn read_figures(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("figures").flatten() {
        let path = entry.path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".svg") {
            let png = fs::read(path.with_extension("png")).expect("a PNG beside it");
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
            found.push((name, fs::read_to_string(&path).expect("text")));
        }
    }
    found.sort();
    assert!(found.len() >= 3);
    found
}

/// A number in an attribute.
fn attribute(tag: &str, name: &str) -> f64 {
    let (_, rest) = tag
        .split_once(&format!(" {name}=\""))
        .unwrap_or_else(|| panic!("{name} in {tag}"));
    rest.split('"')
        .next()
        .unwrap_or("")
        .trim_end_matches("px")
        .parse()
        .unwrap_or_else(|_| panic!("{name} in {tag}"))
}

/// Every word has its place inside the picture, every number is one, and the picture says what it was made from.
fn assert_sound(name: &str, svg: &str, seed: u64) {
    let head = svg.split('>').next().expect("a tag");
    let (width, height) = (attribute(head, "width"), attribute(head, "height"));
    assert!(svg.contains(&format!("seed {seed}")), "{name} says no seed");
    assert!(
        svg.contains(env!("CARGO_PKG_VERSION")),
        "{name} says no version"
    );
    for word in ["NaN", "inf", "-0<"] {
        assert!(
            !svg.contains(&format!(">{word}")) && !svg.contains(&format!("\"{word}")),
            "{name}: {word}"
        );
    }
    let mut words = 0;
    for tag in svg.split("<text").skip(1) {
        words += 1;
        let (head, rest) = tag.split_once('>').expect("closed");
        let (x, y) = (attribute(head, "x"), attribute(head, "y"));
        let label = rest.split("</text>").next().unwrap_or("").trim();
        let length = 0.42 * attribute(head, "font-size") * label.chars().count() as f64;
        let (left, right) = match head {
            head if head.contains("text-anchor=\"end\"") => (x - length, x),
            head if head.contains("text-anchor=\"middle\"") => (x - length / 2.0, x + length / 2.0),
            _ => (x, x + length),
        };
        assert!((0.0..=height).contains(&y), "{name}: `{label}` at y {y}");
        let turned = head.contains("rotate");
        assert!(
            turned || (left >= 0.0 && right <= width),
            "{name}: `{label}` from {left} to {right} of {width}"
        );
    }
    assert!(words > 5, "{name} has {words} words");
}

#[test]
fn figures_are_sound_on_ordinary_and_on_odd_evenings() {
    let shout = "  { at = \"0:20:00\", shout_orders = { product = \"thing\", from = 1500, to = 3500, over_seconds = 90 } },";
    let farm = "  { at = \"0:20:00\", buy = { farm = \"farm\", service = \"views\", count = 10000, over_seconds = 60 } },";
    let far = "title = \"\u{4f60}\u{597d}\u{ff0c}\u{76f4}\u{64ad}\u{95f4} <&> \\\"x\\\" and a title that is much longer than any figure is wide, so that something has to give way to something else\"";
    for (text, seed) in [
        (small(3_000, 90.0, shout), 1),
        (small(2_000, 90.0, farm), 2),
        // Nobody buys, and hardly anybody comes.
        (small(1, 9_000_000.0, ""), 3),
        (small(2_000, 0.01, ""), 4),
        (
            small(2_000, 90.0, shout).replace("title = \"small\"", far),
            5,
        ),
        // Off air after a minute.
        (
            small(500, 90.0, "")
                .replace("\"0:10:00\"", "\"0:00:10\"")
                .replace("\"1:50:00\"", "\"0:00:50\"")
                .replace("22:00\"", "20:01\""),
            6,
        ),
    ] {
        for (name, svg) in figures_of(&written(&text, seed)) {
            assert_sound(&name, &svg, seed);
        }
    }
}

#[test]
fn an_honest_evening_says_that_there_is_no_harm() {
    let figures = figures_of(&written(&small(2_000, 90.0, ""), 1));
    let (_, harm) = figures
        .iter()
        .find(|(name, _)| name == "harm_by_channel.svg")
        .expect("a figure");
    assert!(harm.contains("No deception-induced harm"), "{harm}");
}
