//! What a bench of detectors comes to, as people and programs get it: tables, CSV, figures and the report.

#[path = "common/made_up_board.rs"]
mod made_up_board;
#[path = "common/picture.rs"]
mod picture;

use made_up_board::board;
use picture::{assert_legible, words_of};
use std::collections::BTreeSet;
use yellowcart::detect::scoring::{Figure, Track};
use yellowcart::detect::truth::Twin;
use yellowcart::experiment::detection::{Board, Learnt, Tried};
use yellowcart::report::{
    Drawing, board_csv, board_drawings, board_report, board_table, write_board_figures,
};

/// What people write who want to see whether it is taken as it is.
const EVIL: &str = "</title><script>alert(1)</script>\"><img src=x onerror=alert(1)> & <b>'bold'";

/// A board of the first detectors that say something of rooms.
fn of(detectors: usize) -> Board {
    let mut board = board(false);
    board.detectors.drain(..3);
    board.detectors.truncate(detectors);
    board
}

/// A board in which nothing is defined.
fn without_values() -> Board {
    let mut board = board(true);
    let none = Figure::default;
    board.harm_unwatched = none();
    for tried in &mut board.detectors {
        for verdict in &mut tried.verdicts {
            (
                verdict.prevalence,
                verdict.average_precision,
                verdict.roc_area,
            ) = (none(), none(), none());
            verdict.points = Default::default();
            for operation in &mut verdict.operations {
                *operation = Default::default();
            }
        }
        for averted in &mut tried.averted {
            (averted.net, averted.review_cost, averted.harm_averted) = (none(), none(), none());
            (averted.share_averted, averted.honest_sales_lost) = (none(), none());
        }
        (
            tried.seconds_per_million_events,
            tried.bytes_per_million_events,
        ) = (None, None);
    }
    let Some(payoffs) = &mut board.adaptive else {
        return board;
    };
    let cells = payoffs.farm_return.iter_mut().flatten();
    cells.for_each(|cell| *cell = none());
    let of_learnt = |learnt: &mut Learnt| learnt.caught.iter_mut().for_each(|of| *of = none());
    payoffs.learnt.iter_mut().for_each(of_learnt);
    board
}

/// A board with names and a title that are too long for anything.
fn long_names() -> Board {
    let mut board = board(true);
    board.title = "\u{4f60}\u{597d}\u{ff0c}\u{76f4}\u{64ad}\u{95f4} ".repeat(40);
    let long =
        |name: &str| format!("a-detector-whose-name-<&>-\u{76f4}\u{64ad}\u{95f4}-is-long-{name}");
    for tried in &mut board.detectors {
        tried.name = long(&tried.name);
        for verdict in &mut tried.verdicts {
            verdict.detector = tried.name.clone();
        }
    }
    if let Some(payoffs) = &mut board.adaptive {
        payoffs
            .detectors
            .iter_mut()
            .for_each(|name| *name = long(name));
        payoffs
            .learnt
            .iter_mut()
            .for_each(|learnt| learnt.detector = long(&learnt.detector));
    }
    board
}

/// Boards of all sorts, each with a word for it.
fn all_sorts() -> Vec<(&'static str, Board)> {
    let mut nobody = board(false);
    nobody.detectors.clear();
    let mut no_budget = board(true);
    no_budget.main_budget = 9;
    vec![
        ("all", board(true)),
        ("farms that do not learn", board(false)),
        ("one detector", of(1)),
        ("three detectors", of(3)),
        ("no values", without_values()),
        ("no such budget", no_budget),
        ("long names", long_names()),
        ("nobody", nobody),
    ]
}

#[test]
fn the_table_of_a_bench() {
    insta::assert_snapshot!(board_table(&board(true)));
}

#[test]
fn a_bench_as_csv() {
    let mut small = of(2);
    for tried in &mut small.detectors {
        tried.verdicts.truncate(1);
        tried.averted.truncate(1);
    }
    insta::assert_snapshot!(board_csv(&small));
}

#[test]
fn every_line_fits_a_terminal_and_no_number_is_none() {
    for (sort, board) in all_sorts() {
        let table = board_table(&board);
        for line in table.lines() {
            // A Chinese letter takes two columns.
            let wide = line.chars().filter(|letter| *letter >= '\u{2e80}').count();
            assert!(line.chars().count() + wide <= 120, "{sort}: {line}");
            assert!(
                !line.contains("NaN") && !line.contains("inf "),
                "{sort}: {line}"
            );
        }
    }
}

#[test]
fn a_leaderboard_is_one_table_however_long_its_words_are() {
    for (sort, mut board) in all_sorts() {
        for tried in &mut board.detectors {
            tried.trouble = vec!["It stopped.".to_owned()];
            let operations = tried
                .verdicts
                .iter_mut()
                .flat_map(|verdict| &mut verdict.operations);
            for alarms in operations.flat_map(|operation| &mut operation.twins) {
                alarms.alarmed.mean = Some(1.0).filter(|_| alarms.twin == Twin::PaidTraffic);
            }
        }
        let table = board_table(&board);
        let boards = table
            .split("\n\n")
            .filter(|part| part.contains("average precision  "));
        let boards: Vec<&str> = boards.collect();
        assert!(boards.len() == 4 || sort != "all", "{table}");
        for leaderboard in boards {
            assert_eq!(
                leaderboard.matches("  detector ").count(),
                1,
                "{sort}: {leaderboard}"
            );
        }
    }
}

#[test]
fn whoever_ranks_best_stands_first_and_chance_stands_where_it_belongs() {
    let table = board_table(&board(false));
    let (_, rooms) = table.split_once("Rooms: ").expect("rooms");
    let (rooms, _) = rooms.split_once("\n\n").expect("an end");
    let place = |name: &str| {
        let mut lines = rooms.lines();
        let found = lines.position(|line| line.trim_start().starts_with(name));
        found.unwrap_or_else(|| panic!("no {name} in {rooms}"))
    };
    assert!(place("oracle ") < place("boosted ") && place("boosted ") < place("logistic "));
    assert!(place("benford ") < place("(chance)"));
    assert!(
        place("null ") < place("(chance)"),
        "as good as chance is not worse"
    );
    assert!(rooms.contains("my.own-detector *"), "troubles are marked");
}

#[test]
fn the_csv_has_a_row_a_figure_and_quotes_what_it_must() {
    for (sort, mut board) in all_sorts() {
        if let Some(tried) = board.detectors.first_mut() {
            tried.name = "a \"quoted\", name".to_owned();
        }
        let csv = board_csv(&board);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let mut keys = BTreeSet::new();
        for row in reader.records() {
            let row = row.unwrap_or_else(|why| panic!("{sort}: {why}"));
            assert_eq!(row.len(), 7, "{sort}: {row:?}");
            let numbers = row.iter().skip(4).filter(|cell| !cell.is_empty());
            for number in numbers {
                let number: f64 = number.parse().unwrap_or_else(|_| panic!("{sort}: {row:?}"));
                assert!(number.is_finite(), "{sort}: {row:?}");
            }
            let key: Vec<String> = row.iter().take(4).map(str::to_owned).collect();
            // Budgets that are not known are all alike.
            assert!(keys.insert(key) || sort == "no values", "{sort}: {row:?}");
        }
        assert_eq!(
            csv.contains("\"a \"\"quoted\"\", name\""),
            !board.detectors.is_empty()
        );
    }
}

#[test]
fn every_figure_is_legible_and_says_what_it_was_made_from() {
    for (sort, board) in all_sorts() {
        for Drawing { name, svg, .. } in board_drawings(&board).expect("drawn") {
            let name = format!("{sort}: {name}");
            assert_legible(&name, &svg);
            let words = words_of(&svg);
            let footer = words
                .iter()
                .find(|word| word.text.starts_with("yellowcart "));
            let footer = &footer
                .unwrap_or_else(|| panic!("{name} says no version"))
                .text;
            for part in [
                env!("CARGO_PKG_VERSION"),
                "suite static",
                "5 test streams, seeds 2001 to 2005",
                "3 development streams, seeds 1001 to 1003",
            ] {
                assert!(footer.contains(part), "{name}: {part} in {footer}");
            }
        }
    }
}

#[test]
fn there_is_a_figure_for_whatever_is_known() {
    let names = |board: &Board| -> Vec<String> {
        let drawings = board_drawings(board).expect("drawn");
        drawings.into_iter().map(|drawing| drawing.name).collect()
    };
    let all = [
        "pr_curves",
        "delay",
        "false_alarms",
        "harm_averted",
        "payoff_matrix",
        "adaptation",
    ];
    assert_eq!(names(&board(true)), all);
    assert_eq!(names(&board(false)), all[..4]);
    let mut untried = of(2);
    untried
        .detectors
        .iter_mut()
        .for_each(|tried| tried.averted.clear());
    assert_eq!(names(&untried), all[..3]);
    untried.detectors.clear();
    assert!(names(&untried).is_empty());
}

#[test]
fn every_detector_is_named_where_all_of_them_are_shown() {
    let board = board(true);
    let drawings = board_drawings(&board).expect("drawn");
    let named = |figure: &str, tried: &Tried| {
        let mut drawings = drawings.iter();
        let drawing = drawings
            .find(|drawing| drawing.name == figure)
            .expect(figure);
        words_of(&drawing.svg)
            .iter()
            .any(|word| word.text == tried.name)
    };
    for tried in &board.detectors {
        let has_twins = |track: Track| matches!(track, Track::Rooms | Track::Offers);
        let twins = tried
            .verdicts
            .iter()
            .any(|verdict| has_twins(verdict.track));
        assert_eq!(named("false_alarms", tried), twins, "{}", tried.name);
        assert_eq!(
            named("harm_averted", tried),
            !tried.averted.is_empty(),
            "{}",
            tried.name
        );
        assert_eq!(
            named("payoff_matrix", tried),
            tried.name != "null",
            "{}",
            tried.name
        );
        assert_eq!(
            named("adaptation", tried),
            tried.name != "null",
            "{}",
            tried.name
        );
    }
}

#[test]
fn titles_say_what_the_board_says() {
    let board = board(true);
    let drawings = board_drawings(&board).expect("drawn");
    let titles: Vec<&str> = drawings
        .iter()
        .map(|drawing| drawing.title.as_str())
        .collect();
    // Of rooms, boosted's median delay is that of the 21st of 40 campaigns; its net is 108,000 less 3,087 less a fifth of 29,057.
    let boosted = &board.detectors[24].verdicts[0].operations[1];
    let mut delays: Vec<f64> = boosted
        .findings
        .iter()
        .filter_map(|one| one.delay)
        .collect();
    delays.sort_by(f64::total_cmp);
    let median = format!("{:.1} min", delays[20] / 60.0);
    assert_eq!(titles[0], "boosted ranks best in every track");
    assert_eq!(
        titles[1],
        format!(
            "boosted finds half of the campaigns about rooms within {median}, soonest of 16 detectors"
        )
    );
    assert_eq!(
        titles[3],
        "boosted averts 45 % of the harm, which pays best: 99,101 yuan per stream after all costs"
    );
    assert_eq!(
        titles[4],
        "Against each of 21 detectors some tactic pays, controls apart"
    );
    assert_eq!(
        titles[5],
        "Once farms have learnt boosted catches most: 42.8 % of jobs, 81 % before"
    );
}

#[test]
fn a_title_boasts_of_nobody_who_ranks_no_better_than_chance() {
    let mut board = board(false);
    for verdict in board.detectors.iter_mut().flat_map(|it| &mut it.verdicts) {
        verdict.average_precision = verdict.prevalence.clone();
    }
    let drawings = board_drawings(&board).expect("drawn");
    assert_eq!(
        drawings[0].title,
        "Controls apart, no detector ranks better than chance"
    );
}

#[test]
fn figures_come_as_svg_and_png_and_the_same_every_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let board = of(3);
    let files = write_board_figures(folder.path(), &board).expect("written");
    let drawings = board_drawings(&board).expect("drawn");
    assert_eq!(files.len(), 2 * drawings.len());
    for (drawing, files) in drawings.iter().zip(files.chunks(2)) {
        let [svg, png] = files else {
            panic!("{files:?}")
        };
        assert_eq!(std::fs::read_to_string(svg).expect("text"), drawing.svg);
        assert!(
            std::fs::read(png)
                .expect("bytes")
                .starts_with(b"\x89PNG\r\n\x1a\n")
        );
    }
}

/// The body of a report as XML, which it is too: whatever is in it was closed, and no attribute broke out of its quotes.
fn body_of(html: &str) -> String {
    let (_, rest) = html.split_once("<body>").expect("a body");
    let (body, _) = rest.split_once("</body>").expect("its end");
    format!("<body>{body}</body>")
}

#[test]
fn the_report_holds_every_detector_figure_and_table_of_the_board() {
    for (sort, board) in all_sorts() {
        let drawings = board_drawings(&board).expect("drawn");
        let html = board_report(&board, &drawings);
        let body = body_of(&html);
        let page = roxmltree::Document::parse(&body).unwrap_or_else(|why| panic!("{sort}: {why}"));
        assert_eq!(html.matches("<svg ").count(), drawings.len(), "{sort}");
        let texts: BTreeSet<&str> = page.descendants().filter_map(|node| node.text()).collect();
        for tried in &board.detectors {
            assert!(
                texts.contains(tried.name.as_str()),
                "{sort}: {}",
                tried.name
            );
        }
        let ids: BTreeSet<&str> = page
            .descendants()
            .filter_map(|node| node.attribute("id"))
            .collect();
        for link in page.descendants().filter_map(|node| node.attribute("href")) {
            assert!(ids.contains(link.trim_start_matches('#')), "{sort}: {link}");
        }
        assert!(!html.contains("NaN"), "{sort}");
    }
}

#[test]
fn nothing_that_stands_in_a_board_acts() {
    let mut evil = board(true);
    (evil.title, evil.story, evil.suite) = (EVIL.to_owned(), EVIL.to_owned(), EVIL.to_owned());
    evil.version = EVIL.to_owned();
    for tried in &mut evil.detectors {
        tried.name = format!("{EVIL}{}", tried.name);
        (tried.family, tried.looks_at, tried.source) =
            (EVIL.to_owned(), EVIL.to_owned(), EVIL.to_owned());
        tried.trouble.push(EVIL.to_owned());
    }
    let html = board_report(&evil, &board_drawings(&evil).expect("drawn"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!html.contains("<script") && !html.contains("<img"));
    let body = body_of(&html);
    let page = roxmltree::Document::parse(&body).unwrap_or_else(|why| panic!("{why}"));
    let mut attributes = page.descendants().flat_map(|node| node.attributes());
    assert!(attributes.all(|attribute| !attribute.name().starts_with("on")));
}
