//! Tables: a caption, names to the left, numbers lined up to the right.

use maud::{Markup, html};

/// A table with its head as the first row and names in the first column.
pub fn table(caption: &str, rows: &[Vec<String>]) -> Markup {
    let (head, rows) = match rows.split_first() {
        Some((head, rows)) => (head.as_slice(), rows),
        None => (&[][..], rows),
    };
    let numbers: Vec<bool> = (0..head.len()).map(|at| is_numeric(rows, at)).collect();
    let class = |at: usize| match numbers.get(at) {
        Some(true) => "number",
        _ => "",
    };
    framed(
        caption,
        html! {
            thead { tr {
                @for (at, cell) in head.iter().enumerate() {
                    th scope="col" class=[filled(class(at))] { (cell) }
                }
            } }
            tbody {
                @for row in rows {
                    tr {
                        @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 {
                                th scope="row" class=[filled(indent(cell))] { (cell.trim()) }
                            } @else {
                                td class=[filled(class(at))] { (cell) }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn filled(class: &str) -> Option<&str> {
    (!class.is_empty()).then_some(class)
}

/// Rows that belong to the one above begin with blanks.
fn indent(name: &str) -> &'static str {
    if name.starts_with(' ') { "of" } else { "" }
}

/// Whether a column holds numbers, as far as anything.
fn is_numeric(rows: &[Vec<String>], at: usize) -> bool {
    let cells = rows.iter().filter_map(|row| row.get(at));
    let mut filled = cells.filter(|cell| !cell.is_empty()).peekable();
    at > 0
        && filled.peek().is_some()
        && filled.all(|cell| {
            let first = |c: char| c.is_ascii_digit() || "-+\u{2212}\u{2013}<.".contains(c);
            cell.starts_with(first)
        })
}

/// Anything tabular under a caption; what is too wide for the screen scrolls by itself, by keyboard too.
pub fn framed(caption: &str, inner: Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                (inner)
            }
        }
    }
}
