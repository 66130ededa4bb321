//! Figures of comparisons: what they must hold whatever the comparison was like.

mod common;

use common::made_up::{Odd, PRIMARY, comparison};
use common::picture::{assert_legible, words_of};
use yellowcart::experiment::Group;
use yellowcart::experiment::compare::{Comparison, Verdict};
use yellowcart::report::{
    Drawing, comparison_drawings, comparison_table, differences_csv, write_comparison_figures,
};

/// Comparisons of all sorts, each with a word for it.
fn all_sorts() -> Vec<(&'static str, Comparison)> {
    let odd = Odd::default();
    let mut long = comparison(10, 40, odd);
    for arm in &mut long.arms {
        arm.name = format!(
            "regime-with-a-very-long-name-<&>-\u{76f4}\u{64ad}\u{95f4}-{}",
            arm.name
        );
    }
    long.title = "\u{4f60}\u{597d}\u{ff0c}\u{76f4}\u{64ad}\u{95f4} ".repeat(40);
    let mut nothing = comparison(4, 6, odd);
    for of in &mut nothing.metrics {
        for mean in &mut of.means {
            mean.values.fill(None);
            (mean.mean, mean.interval) = (0.0, [0.0; 2]);
        }
        for difference in &mut of.differences {
            (difference.mean, difference.pairs, difference.more) = (0.0, 0, None);
            (difference.uncorrected, difference.corrected) = ([0.0; 2], [0.0; 2]);
        }
    }
    vec![
        ("two arms", comparison(2, 40, odd)),
        (
            "six arms",
            comparison(
                6,
                40,
                Odd {
                    outlier: true,
                    ..odd
                },
            ),
        ),
        (
            "ten arms",
            comparison(
                10,
                8,
                Odd {
                    gaps: true,
                    uncertainty: true,
                    ..odd
                },
            ),
        ),
        ("one replication", comparison(3, 1, odd)),
        (
            "nothing varies",
            comparison(4, 5, Odd { still: true, ..odd }),
        ),
        ("the baseline alone", comparison(1, 5, odd)),
        ("long names", long),
        ("no values", nothing),
    ]
}

fn drawn(comparison: &Comparison) -> Vec<Drawing> {
    comparison_drawings(comparison).expect("drawn")
}

fn named<'a>(drawings: &'a [Drawing], name: &str) -> &'a Drawing {
    let mut those = drawings.iter().filter(|drawing| drawing.name == name);
    those.next().unwrap_or_else(|| panic!("no figure {name}"))
}

#[test]
fn every_figure_is_legible_and_says_what_it_was_made_from() {
    for (sort, comparison) in all_sorts() {
        let drawings = drawn(&comparison);
        assert!(drawings.len() >= 2, "{sort}: {}", drawings.len());
        for Drawing { name, svg, .. } in &drawings {
            let name = format!("{sort}: {name}");
            assert_legible(&name, svg);
            let words = words_of(svg);
            let footer = &words
                .iter()
                .find(|word| word.text.starts_with("yellowcart "))
                .unwrap_or_else(|| panic!("{name} says no version"))
                .text;
            let seeds = match comparison.seeds.len() {
                1 => "1 replication from base seed 20201111".to_owned(),
                count => format!("{count} replications from base seed 20201111"),
            };
            for part in [
                env!("CARGO_PKG_VERSION"),
                "scenario guess_coat",
                &seeds,
                "300,000 consumers",
            ] {
                assert!(footer.contains(part), "{name}: {part} in {footer}");
            }
        }
    }
}

#[test]
fn every_arm_is_named_in_full_and_inert_ones_are_marked() {
    let comparison = comparison(9, 12, Odd::default());
    let drawings = drawn(&comparison);
    for name in [
        "differences",
        "distributions",
        "harm_by_channel",
        "harm_by_kind",
    ] {
        let words = words_of(&named(&drawings, name).svg);
        for arm in &comparison.arms[1..] {
            assert!(
                words.iter().any(|word| word.text == arm.name),
                "{name} does not name {}",
                arm.name
            );
        }
        assert!(
            words.iter().any(|word| word.text == "changed nothing"),
            "{name}"
        );
    }
    let paths: Vec<String> = drawings
        .iter()
        .filter(|drawing| drawing.name.starts_with("paths"))
        .flat_map(|drawing| words_of(&drawing.svg))
        .map(|word| word.text)
        .collect();
    for arm in &comparison.arms {
        assert!(paths.contains(&arm.name), "no path of {}", arm.name);
    }
}

/// Numbers, colour and arrows of a row say the same: what is beside the mark is the interval that it is judged by.
#[test]
fn the_interval_in_words_is_the_one_that_decides() {
    let mut comparison = comparison(2, 12, Odd::default());
    let of = comparison
        .metrics
        .iter_mut()
        .find(|of| of.metric.key == "claims")
        .expect("it is there");
    of.differences[0].mean = 40.0;
    of.differences[0].uncorrected = [10.0, 70.0];
    of.differences[0].corrected = [-20.0, 100.0];
    let svg = &named(&drawn(&comparison), "differences").svg.clone();
    let words = words_of(svg);
    let has = |text: &str| words.iter().any(|word| word.text == text);
    assert!(has("\u{2212}20 to 100") && !has("10 to 70") && has("corrected 95 % interval"));
}

#[test]
fn the_figure_by_channel_says_that_it_is_of_deception_at_kept_orders() {
    let drawings = drawn(&comparison(3, 12, Odd::default()));
    let by_channel = named(&drawings, "harm_by_channel");
    assert!(
        by_channel.title.starts_with("Deception at kept orders: "),
        "{}",
        by_channel.title
    );
    let note = "Orders that were returned or forfeited are not in it, nor other kinds of harm.";
    let says = |name: &str| {
        let words = words_of(&named(&drawings, name).svg);
        words.iter().any(|word| word.text.contains(note))
    };
    assert!(says("harm_by_channel") && !says("harm_by_kind"));
}

/// Every regime has its curve beside the baseline's, and where there is none that is said.
#[test]
fn how_long_claims_wait_is_drawn_regime_by_regime() {
    let drawings = drawn(&comparison(4, 12, Odd::default()));
    let survival = named(&drawings, "survival");
    assert_eq!(
        survival.title,
        "Claims not resolved 26 days later: 100 % under none, least under china-2021 (21 %)"
    );
    let words = words_of(&survival.svg);
    let has = |text: &str| words.iter().any(|word| word.text == text);
    for text in [
        "none",
        "china-2020-07",
        "nobody claimed",
        "half resolved within 18 days",
        "changed nothing",
        "50 %",
        "share of claims not resolved, by days since the claim was made",
    ] {
        assert!(has(text), "{text}");
    }
    let mut nobody = comparison(4, 12, Odd::default());
    nobody.survival.clear();
    let names: Vec<String> = drawn(&nobody).into_iter().map(|of| of.name).collect();
    assert!(!names.contains(&"survival".to_owned()));
}

#[test]
fn long_names_are_shortened_so_that_they_stay_apart() {
    let (_, comparison) = all_sorts().swap_remove(6);
    let drawings = drawn(&comparison);
    let words = words_of(&named(&drawings, "harm_by_channel").svg);
    let mut names: Vec<&str> = words
        .iter()
        .map(|word| word.text.as_str())
        .filter(|text| text.starts_with("regime-with") && text.contains('\u{2026}'))
        .collect();
    assert_eq!(names.len(), comparison.arms.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), comparison.arms.len(), "{names:?}");
}

#[test]
fn the_primary_metric_comes_first_and_is_marked() {
    let mut comparison = comparison(3, 12, Odd::default());
    for primary in [PRIMARY, "harm_channel.promise", "claims"] {
        comparison.primary = primary.to_owned();
        let metric = comparison
            .metrics
            .iter()
            .find(|of| of.metric.key == primary)
            .map(|of| &of.metric)
            .expect("it is there");
        let drawings = drawn(&comparison);
        let words = words_of(&named(&drawings, "differences").svg);
        let by_place = |text: &str| {
            let mut those = words.iter().filter(|word| word.text.starts_with(text));
            those.next().unwrap_or_else(|| panic!("no {text}")).top
        };
        let marked = by_place("primary metric; ");
        let mut label = metric.label.clone();
        label[..1].make_ascii_uppercase();
        let headings: Vec<f64> = words
            .iter()
            .filter(|word| word.text.contains(", baseline "))
            .map(|word| word.top)
            .collect();
        let first = headings.iter().copied().fold(f64::INFINITY, f64::min);
        assert!((marked - first).abs() < 1.0, "{primary} comes first");
        let beside = words
            .iter()
            .any(|word| word.text == label && (word.top - marked).abs() < 6.0);
        assert!(beside, "{label} is marked");
    }
}

/// Fill of the mark in a row of the forest plot, found by the height of the arm's name.
fn fill_of_mark(svg: &str, row: f64) -> String {
    let mut circles = svg.split("<circle").skip(1).filter(|tag| {
        let (_, y) = tag.split_once(" cy=\"").expect("a place");
        let y: f64 = y
            .split('"')
            .next()
            .expect("closed")
            .parse()
            .expect("a number");
        (y - row).abs() < 3.0
    });
    let tag = circles.next().expect("a mark");
    let (_, fill) = tag.split_once("fill=\"").expect("a fill");
    fill.split('"').next().expect("closed").to_owned()
}

#[test]
fn what_spans_zero_is_grey_and_what_does_not_is_blue() {
    let mut comparison = comparison(3, 12, Odd::default());
    let at = comparison
        .metrics
        .iter()
        .position(|of| of.metric.key == PRIMARY)
        .expect("it is there");
    comparison.arms[2].changed = 12;
    let differences = &mut comparison.metrics[at].differences;
    for (difference, low) in differences.iter_mut().zip([100.0, -100.0]) {
        (difference.mean, difference.uncorrected) = (400.0, [200.0, 600.0]);
        difference.corrected = [low, 900.0];
    }
    let drawings = drawn(&comparison);
    let svg = &named(&drawings, "differences").svg;
    let words = words_of(svg);
    let row = |arm: usize| {
        let name = &comparison.arms[arm].name;
        let word = words.iter().find(|word| word.text == *name);
        let word = word.expect("a row");
        f64::midpoint(word.top, word.bottom)
    };
    assert_eq!(fill_of_mark(svg, row(1)), "#0072B2");
    assert_eq!(fill_of_mark(svg, row(2)), "#969696");
}

#[test]
fn a_baseline_of_zero_has_no_percentage_but_its_numbers_and_a_scale_of_its_own() {
    let comparison = comparison(3, 12, Odd::default());
    let drawings = drawn(&comparison);
    let svg = &named(&drawings, "differences").svg;
    let words = words_of(svg);
    let said = "rooms, baseline 0: on a scale of its own, since no percentage of it can be taken";
    let heading = words
        .iter()
        .find(|word| word.text == said)
        .expect("it says so");
    let row: Vec<&str> = words
        .iter()
        .filter(|word| (30.0..60.0).contains(&(word.top + 7.0 - heading.top)))
        .map(|word| word.text.as_str())
        .collect();
    assert!(row.contains(&"+25.0"), "{row:?}");
    assert!(!row.iter().any(|text| text.ends_with('%')), "{row:?}");
    // There is a mark all the same.
    let arm = words.iter().find(|word| {
        word.text == comparison.arms[1].name
            && (30.0..60.0).contains(&(word.top + 7.0 - heading.top))
    });
    let arm = arm.expect("a row");
    fill_of_mark(svg, f64::midpoint(arm.top, arm.bottom));
}

#[test]
fn bars_add_up_to_the_sum_beside_them() {
    let comparison = comparison(4, 12, Odd::default());
    let drawings = drawn(&comparison);
    let words = words_of(&named(&drawings, "harm_by_channel").svg);
    for arm in 0..comparison.arms.len() {
        let sum: f64 = comparison
            .metrics
            .iter()
            .filter(|of| of.metric.group == Group::HarmByChannel)
            .map(|of| of.means[arm].mean)
            .sum();
        let digits = format!("{sum:.0}");
        let text = format!("{},{}", &digits[..2], &digits[2..]);
        assert!(words.iter().any(|word| word.text == text), "{text}");
    }
}

#[test]
fn more_parts_than_colours_are_taken_together() {
    let mut comparison = comparison(3, 12, Odd::default());
    let part = comparison
        .metrics
        .iter()
        .find(|of| of.metric.key == "harm_channel.viewers")
        .expect("it is there")
        .clone();
    for index in 0..3 {
        let mut more = part.clone();
        more.metric.key = format!("harm_channel.more_{index}");
        more.metric.label = format!("small part {index}");
        comparison.metrics.push(more);
    }
    let drawings = drawn(&comparison);
    let words = words_of(&named(&drawings, "harm_by_channel").svg);
    let has = |text: &str| words.iter().any(|word| word.text == text);
    assert!(has("4 others") && has("false reference price") && !has("small part 1"));
}

#[test]
fn a_metric_that_is_enormous_in_one_arm_does_not_press_the_others_flat() {
    let comparison = comparison(
        6,
        40,
        Odd {
            outlier: true,
            ..Odd::default()
        },
    );
    let drawings = drawn(&comparison);
    let words = words_of(&named(&drawings, "differences").svg);
    let highest = words
        .iter()
        .filter(|word| {
            word.text.starts_with('+') && word.text.ends_with(" %") && word.left < 1_000.0
        })
        .filter_map(|word| word.text[1..word.text.len() - 2].parse::<f64>().ok())
        .fold(0.0, f64::max);
    assert!((20.0..400.0).contains(&highest), "{highest}");
    assert!(
        words.iter().any(|word| word.text.starts_with("+3,9")),
        "it is told in words"
    );
}

#[test]
fn figures_are_written_as_svg_and_png_and_always_the_same() {
    let mut small = comparison(2, 3, Odd::default());
    small.metrics.truncate(7);
    small.paths.truncate(2);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = write_comparison_figures(folder.path(), &small).expect("written");
    let names: Vec<String> = files
        .iter()
        .map(|path| {
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        names,
        ["differences", "distributions", "paths", "survival"]
            .iter()
            .flat_map(|name| [format!("{name}.svg"), format!("{name}.png")])
            .collect::<Vec<_>>()
    );
    for (file, drawing) in files.chunks(2).zip(drawn(&small)) {
        assert_eq!(
            std::fs::read_to_string(&file[0]).expect("text"),
            drawing.svg
        );
        let png = std::fs::read(&file[1]).expect("a PNG");
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    }
}

/// What few replications carry is not told, and what happened in few has no p: in the figure, the table and the file alike.
#[test]
fn what_rests_on_few_replications_is_nowhere_told() {
    let mut made_up = comparison(3, 40, Odd::default());
    made_up.metrics.retain(|of| of.metric.key == PRIMARY);
    made_up.arms[2].changed = 4;
    let [carried, rare] = &mut made_up.metrics[0].differences[..] else {
        panic!("two arms beside the baseline")
    };
    for difference in [&mut *carried, &mut *rare] {
        difference.mean = -600.0;
        (difference.uncorrected, difference.corrected) = ([-900.0, -300.0], [-1_100.0, -100.0]);
        (difference.p_corrected, difference.more) = (0.028, None);
    }
    carried.rests_on = Some(4);
    rare.differ = 4;
    let table = comparison_table(&made_up, true);
    assert!(
        table.contains("-100  p = 0.028, rests on 4 of 40 replications\n"),
        "{table}"
    );
    assert!(
        table.contains("-100  differs in 4 of 40 replications\n"),
        "{table}"
    );
    let csv = differences_csv(&made_up);
    for verdict in [
        ",rests on 4 of 40 replications,",
        ",differs in 4 of 40 replications,",
    ] {
        assert!(csv.contains(verdict), "{csv}");
    }
    let drawings = comparison_drawings(&made_up).expect("figures");
    let words = words_of(&drawings[0].svg);
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let words = words.join("\n");
    for said in [
        "no regime can be told from none yet",
        "rests on 4 of 40",
        "differs in 4 of 40",
    ] {
        assert!(words.contains(said), "no {said}\n{words}");
    }
    // Five that differ are no rare event, and of nine replications none is.
    let mut often = made_up.metrics[0].differences[1].clone();
    often.differ = 5;
    assert_eq!(often.verdict(), Verdict::Differs);
    (often.differ, often.pairs) = (4, 9);
    assert_eq!(often.verdict(), Verdict::Differs);
}
