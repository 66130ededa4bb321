//! A text of headings, tables and notes: printed as it is on a terminal, and set as a page in a report.

use super::summary::columns;
use std::fmt;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Lines(String),
    /// The first row is the head.
    Table(Vec<Vec<String>>),
}

/// A text that is being written: a line without indent is a heading, one with indent a note to what is above.
#[derive(Debug, Clone, Default)]
pub struct Paper(Vec<Piece>);

/// What stands under a heading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// What stands under it, in order.
    pub items: Vec<Item>,
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A table with names in the first column, mostly with its head as the first row.
    Table(Vec<Vec<String>>),
    /// Notes that follow each other.
    Notes(Vec<String>),
}

impl Section {
    fn note(&mut self, note: &str) {
        match self.items.last_mut() {
            Some(Item::Notes(notes)) => notes.push(note.to_owned()),
            _ => self.items.push(Item::Notes(vec![note.to_owned()])),
        }
    }
}

impl fmt::Write for Paper {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.0.last_mut() {
            Some(Piece::Lines(lines)) => lines.push_str(text),
            _ => self.0.push(Piece::Lines(text.to_owned())),
        }
        Ok(())
    }
}

impl Paper {
    /// An empty line.
    pub fn gap(&mut self) {
        let _ = fmt::Write::write_str(self, "\n");
    }

    /// A table with its first column to the left and the others to the right.
    pub fn table(&mut self, rows: Vec<Vec<String>>) {
        self.0.push(Piece::Table(rows));
    }

    /// As text for a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Lines(lines) => out.push_str(lines),
                Piece::Table(rows) => columns(&mut out, "  ", rows, |column| column == 0),
            }
        }
        out
    }

    /// Heading by heading.
    pub fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Table(rows) => {
                    if let Some(section) = sections.last_mut() {
                        section.items.push(Item::Table(rows.clone()));
                    }
                }
                Piece::Lines(lines) => {
                    for line in lines.lines().filter(|line| !line.is_empty()) {
                        match (line.strip_prefix("  "), sections.last_mut()) {
                            (Some(note), Some(section)) => section.note(note),
                            _ => sections.push(Section {
                                title: line.to_owned(),
                                ..Section::default()
                            }),
                        }
                    }
                }
            }
        }
        sections
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Paper};
    use std::fmt::Write as _;

    #[test]
    fn a_text_is_the_same_on_a_terminal_and_heading_by_heading() {
        let mut paper = Paper::default();
        let _ = writeln!(paper, "Heading");
        let cells = |row: [&str; 2]| row.map(str::to_owned).to_vec();
        paper.table(vec![cells(["", "orders"]), cells(["room", "1,234"])]);
        let _ = writeln!(paper, "  A note.");
        paper.gap();
        let _ = writeln!(paper, "Another");
        assert_eq!(
            paper.text(),
            "Heading\n        orders\n  room   1,234\n  A note.\n\nAnother\n"
        );
        let sections = paper.sections();
        assert_eq!(sections[0].title, "Heading");
        let [Item::Table(rows), Item::Notes(notes)] = &sections[0].items[..] else {
            panic!("{sections:?}");
        };
        assert_eq!(rows, &[["", "orders"], ["room", "1,234"]]);
        assert_eq!(notes, &["A note."]);
        assert_eq!(sections[1].title, "Another");
    }
}
