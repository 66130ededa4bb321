//! Tables, made once: lined up for a terminal, and as rows for a page.

use crate::report::digits::NONE;
use crate::report::summary::columns;
use textwrap::core::display_width;

/// Width of a line on a terminal, in letters, at most.
pub const LINE: usize = 120;

/// Width of a name on a terminal, in letters, at most.
const NAME: usize = 22;

/// A column: its head in two lines, and whether it is flush left.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    upper: String,
    lower: String,
    left: bool,
}

/// A table with its head, and what has to be known to read it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What it holds.
    pub title: String,
    /// Its columns, that of names first.
    pub head: Vec<Column>,
    /// Its rows, as long as the head.
    pub rows: Vec<Vec<String>>,
    /// Notes, as sentences.
    pub notes: Vec<String>,
}

/// A column of numbers.
pub fn numbers(upper: &str, lower: &str) -> Column {
    Column {
        upper: upper.to_owned(),
        lower: lower.to_owned(),
        left: false,
    }
}

/// A column of words.
pub fn words(upper: &str, lower: &str) -> Column {
    Column {
        left: true,
        ..numbers(upper, lower)
    }
}

/// A name no wider than a terminal has room for, shortened in its middle.
fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let with = |kept: usize| {
        let head = letters.iter().take(kept.div_ceil(2));
        let tail = letters.iter().skip(letters.len() - kept / 2);
        format!(
            "{}\u{2026}{}",
            head.collect::<String>(),
            tail.collect::<String>()
        )
    };
    let mut shortened = name.to_owned();
    let mut kept = letters.len();
    while display_width(&shortened) > NAME && kept > 0 {
        kept -= 1;
        shortened = with(kept);
    }
    shortened
}

impl Table {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its head in one line and its rows, for a page.
    pub fn rows_with_head(&self) -> Vec<Vec<String>> {
        let heading = |column: &Column| format!("{} {}", column.upper, column.lower);
        let head: Vec<String> = self.head.iter().map(heading).collect();
        let head = head.iter().map(|name| name.trim().to_owned()).collect();
        let mut rows = vec![head];
        rows.extend(self.rows.iter().cloned());
        rows
    }

    /// Writes it for a terminal, in several parts where it is too wide for one.
    pub fn write(&self, out: &mut String) {
        if self.is_empty() {
            return;
        }
        out.push_str(&wrapped(&self.title, ""));
        let lines = self.lines();
        for part in self.parts(&lines) {
            let pick = |line: &Vec<String>| {
                let cells = part.iter().filter_map(|column| line.get(*column));
                cells.cloned().collect::<Vec<String>>()
            };
            let rows: Vec<Vec<String>> = lines.iter().map(pick).collect();
            let is_left = |at: usize| {
                let column = part.get(at).and_then(|column| self.head.get(*column));
                column.is_some_and(|column| column.left)
            };
            columns(out, "  ", &rows, is_left);
        }
        for note in &self.notes {
            out.push_str(&wrapped(note, "  "));
        }
        out.push('\n');
    }

    /// Both lines of the head, and the rows with short names.
    fn lines(&self) -> Vec<Vec<String>> {
        let line = |of: fn(&Column) -> &String| self.head.iter().map(|c| of(c).clone()).collect();
        let mut lines: Vec<Vec<String>> = Vec::new();
        if self.head.iter().any(|column| !column.upper.is_empty()) {
            lines.push(line(|column| &column.upper));
        }
        lines.push(line(|column| &column.lower));
        for row in &self.rows {
            let mut row = row.clone();
            if let Some(name) = row.first_mut() {
                *name = shortened(name);
            }
            lines.push(row);
        }
        lines
    }

    /// Columns that go side by side, names first in each part.
    fn parts(&self, lines: &[Vec<String>]) -> Vec<Vec<usize>> {
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            let widths = cells.map(|cell| display_width(cell));
            widths.max().unwrap_or(0) + 2
        };
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut room = 0;
        for column in 1..self.head.len() {
            match parts.last_mut().filter(|_| width(column) <= room) {
                Some(part) => part.push(column),
                None => {
                    parts.push(vec![0, column]);
                    room = LINE.saturating_sub(width(0));
                }
            }
            room = room.saturating_sub(width(column));
        }
        parts
    }
}

/// A text in lines of a terminal, each behind an indent.
pub fn wrapped(text: &str, indent: &str) -> String {
    let options = textwrap::Options::new(LINE)
        .initial_indent(indent)
        .subsequent_indent(indent);
    let mut lines = textwrap::fill(text, options);
    lines.push('\n');
    lines
}

/// What stands where there is nothing to say.
pub fn none() -> String {
    NONE.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_for_a_terminal_goes_below() {
        let column = |at: usize| numbers("", &format!("a_long_column_{at}"));
        let mut head = vec![words("", "detector")];
        head.extend((0..12).map(column));
        let row = |name: &str| {
            let cells = (0..12).map(|at| at.to_string());
            std::iter::once(name.to_owned()).chain(cells).collect()
        };
        let table = Table {
            title: "Title".to_owned(),
            head,
            rows: vec![row("short"), row("a_name_that_is_too_long_by_far")],
            notes: vec!["A note.".to_owned()],
        };
        let mut text = String::new();
        table.write(&mut text);
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest.unwrap_or(0) <= LINE, "{text}");
        assert_eq!(text.matches("short").count(), 3, "{text}");
        assert_eq!(text.matches("a_name_that\u{2026}ong_by_far").count(), 3);
        for at in 0..12 {
            assert_eq!(
                text.matches(&format!("a_long_column_{at}\n")).count()
                    + text.matches(&format!("a_long_column_{at} ")).count(),
                1
            );
        }
        assert_eq!(table.rows_with_head()[0][0], "detector");
    }
}
