//! The report of a bench of detectors.

use super::page::{Page, Section, folded};
use super::picture;
use super::table;
use crate::detect::scoring::Track;
use crate::experiment::detection::{Averted, Board};
use crate::report::board::standing::{by_net, is_control, standing, tracks};
use crate::report::board::{consequences, details, leaderboard, learnt, telling, words as say};
use crate::report::canvas::Drawing;
use crate::report::comparison::counted;
use crate::report::table::Table;
use maud::{Markup, html};

/// The report of a bench as one HTML file that needs nothing beside it, with the figures that [`crate::report::board_drawings`] gives. The bytes
/// depend on board and figures alone.
pub fn board_report(board: &Board, figures: &[Drawing]) -> String {
    page(board, figures).render()
}

/// The page of a bench.
pub fn page(board: &Board, figures: &[Drawing]) -> Page {
    let mut sections = vec![
        section("short", "In short", in_short(board)),
        section("leaderboard", "Leaderboard", leaderboards(board)),
        section("figures", "Figures", pictures(figures)),
        section(
            "consequences",
            "What acting on alerts comes to",
            acting(board),
        ),
    ];
    if board.adaptive.is_some() {
        sections.push(section("learning", "Farms that learn", learning(board)));
    }
    sections.extend([
        section("parts", "Which campaigns are found", parts(board)),
        section("wrong", "Who is wrongly suspected", wrongly(board)),
        section("speed", "Speed and troubles", speed(board)),
        section("detectors", "Detectors", shown(&details::detectors(board))),
        section("streams", "Streams", streams(board)),
        section("definitions", "What the figures mean", definitions(board)),
        section("reproduce", "How to make it again", again(board)),
    ]);
    Page {
        title: board.title.clone(),
        kind: "A bench of fraud detectors",
        facts: facts(board),
        warning: None,
        sections,
    }
}

fn section(id: &'static str, title: &'static str, body: Markup) -> Section {
    Section { id, title, body }
}

fn facts(board: &Board) -> Vec<(&'static str, Markup)> {
    let of_split = |split| {
        let (streams, seeds) = (say::streams(board, split), say::seeds(board, split));
        html! { (streams) ", " (seeds) }
    };
    let events: u64 = board.streams.iter().map(|facts| facts.events).sum();
    vec![
        ("Suite", html! { (board.suite) }),
        (
            "Detectors",
            html! { (counted(board.detectors.len(), "detector")) },
        ),
        ("Thresholds from", of_split("development")),
        ("Measured on", of_split("test")),
        ("Events", html! { (counted(events as usize, "event")) }),
        (
            "Harm unwatched",
            html! { (say::yuan(board.harm_unwatched.mean)) " yuan per test stream" },
        ),
        ("Version", html! { "yellowcart " (board.version) }),
    ]
}

/// A table with its notes; nothing where it is empty.
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

/// The best of each track, and what is best to act on, in sentences.
fn in_short(board: &Board) -> Markup {
    let tracks = tracks(board);
    html! {
        @if !board.story.is_empty() { p { (board.story) } }
        ul {
            @for track in tracks { @if let Some(sentence) = best_of(board, track) { li { (sentence) } } }
            @if let Some(sentence) = best_to_act_on(board) { li { (sentence) } }
            @if let Some(best) = learnt::best(board) {
                li {
                    "Once farms have learnt, " b { (best.detector) } " catches most: " (say::percent(best.adapted_caught.mean))
                    " of their jobs, after " (say::percent(best.static_caught.mean)) " before."
                }
            }
        }
    }
}

/// Whose alerts are best to act on, controls apart; where none pay, who averts most.
fn best_to_act_on(board: &Board) -> Option<Markup> {
    let net = by_net(board).into_iter();
    let detectors: Vec<_> = net.filter(|(tried, _)| !is_control(tried)).collect();
    let (tried, averted) = detectors.first()?;
    let averts = |averted: &Averted| averted.harm_averted.mean.is_some_and(|harm| harm > 0.0);
    if !detectors.iter().any(|(_, averted)| averts(averted)) {
        return Some(
            html! { "To act on alerts averts no harm here, whichever detector gives them." },
        );
    }
    if averted.net.mean.is_some_and(|net| net > 0.0) {
        return Some(html! {
            b { (tried.name) } " is best to act on: it averts " (say::percent(averted.share_averted.mean))
            " of the harm, " (details::yuan_with_interval(&averted.net)) " yuan per stream after review and what false alarms cost honest rooms."
        });
    }
    let harm = |averted: &Averted| averted.harm_averted.mean.unwrap_or(f64::NEG_INFINITY);
    let most = detectors
        .iter()
        .max_by(|a, b| harm(a.1).total_cmp(&harm(b.1)));
    most.map(|(tried, averted)| {
        html! {
            "To act on alerts costs more than the harm that it averts, whichever detector gives them. " b { (tried.name) } " averts most: "
            (say::percent(averted.share_averted.mean)) " of the harm."
        }
    })
}

/// Who ranks best in a track, controls apart.
fn best_of(board: &Board, track: Track) -> Option<Markup> {
    let standing = standing(board, track);
    let best = standing.iter().find(|placed| !is_control(placed.tried))?;
    let operation = best.operation(board);
    let verdict = best.verdict;
    let (precision, chance) = (verdict.average_precision.mean?, verdict.prevalence.mean?);
    if precision <= chance {
        return Some(
            html! { (say::title_of(track)) ": nobody ranks better than chance, which has " (say::fraction(Some(chance))) "." },
        );
    }
    Some(html! {
        (say::title_of(track)) ": " b { (best.tried.name) } " ranks best, with an average precision of "
        (say::with_interval(&verdict.average_precision)) " where chance has " (say::fraction(verdict.prevalence.mean)) "."
        @if let Some(operation) = operation {
            " At " (say::budget(board, track)) " it finds " (say::percent(operation.found.mean)) " of the campaigns."
        }
    })
}

fn leaderboards(board: &Board) -> Markup {
    html! {
        @for track in tracks(board) {
            (shown(&leaderboard::table(board, track)))
        }
        @for track in tracks(board) {
            (folded(&format!("{}: every budget of false alarms", say::title_of(track)), &shown(&details::budgets(board, track))))
        }
        ul.notes { @for note in telling::notes(board) { li { (note) } } }
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

fn acting(board: &Board) -> Markup {
    let table = consequences::table(board);
    if table.is_empty() {
        return html! { p { "No detector was tried in the platform's hands." } };
    }
    html! {
        (shown(&table))
        (folded("Alerts that were right, and wrong", &shown(&consequences::alerts(board))))
    }
}

fn learning(board: &Board) -> Markup {
    html! {
        @if let Some(payoffs) = &board.adaptive {
            (shown(&learnt::table(payoffs)))
            (shown(&learnt::precision(payoffs)))
            (shown(&learnt::returns(payoffs)))
        }
    }
}

fn parts(board: &Board) -> Markup {
    html! {
        p { "By threat; by whether development streams have the tactic, and the farm that delivers; and by whether the room is of the first or of the second half of the stream. n: campaigns in all test streams." }
        @for track in tracks(board) {
            (shown(&details::found_by_part(board, track)))
        }
        p { "Average precision depends on how many positives a part has: compare it between detectors, not between parts." }
        @for track in tracks(board) {
            (folded(&format!("{}: average precision by part", say::title_of(track)), &shown(&details::precision_by_part(board, track))))
        }
    }
}

fn wrongly(board: &Board) -> Markup {
    html! {
        p { "Benign twins are honest and look like a deception. Those in whose time the same room has a campaign are left out. n: twins, or minutes, in all test streams." }
        @for track in [Track::Rooms, Track::Offers] {
            (shown(&details::twins(board, track)))
        }
        (shown(&details::sizes(board)))
    }
}

fn speed(board: &Board) -> Markup {
    let troubles = telling::troubles(board);
    html! {
        (shown(&consequences::speed(board)))
        @if troubles.is_empty() { p { "Nothing went wrong." } }
        @for (name, sentence) in troubles { p.warning { b { (name) } ": " (sentence) } }
    }
}

fn streams(board: &Board) -> Markup {
    let tactics = details::contents(board, "Deceptions by tactic", |facts| &facts.campaigns);
    let twins = details::contents(board, "Benign twins by kind", |facts| &facts.twins);
    html! {
        p { "Each stream is the market of one seed with what the suite puts into its rooms. Accounts are those that entered any room; false are those of farms." }
        (shown(&details::streams(board)))
        (shown(&tactics))
        (shown(&twins))
    }
}

fn definitions(board: &Board) -> Markup {
    html! {
        p { b { "Average precision." } " The sum over scores, from the highest, of the gain in recall times the precision with it, equal scores as one. Chance gets the share of positives." }
        p { b { "ROC area." } " The probability that a positive has a higher score than a negative, ties as one half." }
        p { b { "Budget." } " How many false alarms are put up with: of rooms, alarms per hour of rooms without any campaign; otherwise, the share of what is honest at the threshold or above. The threshold is the smallest score in development streams at which, and above which, the budget is kept; on test streams false alarms may therefore be more, or fewer." }
        p { b { "Found." } " A campaign about a room is found when the room's score is at the threshold at any moment from its first evidence to 5 minutes after its last; any other when the score of one of its accounts, orders or offers comes to stand there." }
        p { b { "Median delay." } " From the first evidence to the first alarm, over the campaigns of all test streams; a dash where more than half are missed." }
        p { b { "Alarms an hour." } " Alarms in rooms without any campaign, by their hours on air. Alarms of a room that begin within 5 minutes are one." }
        p { b { "95 % intervals." } " By Student's t over test streams, that is over seeds of the market: chance within the model, not whether the model is right." }
        p {
            b { "Net." } " Harm averted, less the cost of reviewing alerts (in yuan: about a room " (board.costs.room) ", an account " (board.costs.account)
            ", an order " (board.costs.order) ", an offer " (board.costs.offer) "), less " (say::plain_percent(board.margin)) " of the sales that honest rooms lost to false alarms: sales of rooms that were sanctioned for nothing, to consumers who were shut out, and orders that were cancelled."
        }
    }
}

fn again(board: &Board) -> Markup {
    let names: Vec<&str> = board
        .detectors
        .iter()
        .map(|tried| tried.name.as_str())
        .collect();
    html! {
        p {
            "With version " (board.version) " of yellowcart the suite " code { (board.suite) } " gives the same streams, and the same detectors the same scores, on any number of threads. Only speed and memory depend on the machine."
        }
        @if !board.changes.is_empty() { p { "The suite's market was changed: " code { "--set " (board.changes.join(" --set ")) } "." } }
        p { "Development: " (say::seeds(board, "development")) ". Test: " (say::seeds(board, "test")) "." }
        p { "Detectors, in the order in which they were asked for: " (names.join(", ")) "." }
    }
}
