//! Faults: everything that is wrong with a scenario, each with its place, an excerpt and what to do (contract 3).

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text that faults point into: a file, a shipped file, or an override.
#[derive(Debug)]
pub struct Source {
    /// Name as the user knows it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let found = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            found.data(),
            *found.span(),
            found.line(),
            found.column(),
            found.line_count(),
        )))
    }
}

/// A place in a source.
#[derive(Debug, Clone)]
pub struct Place {
    /// The source.
    pub source: Arc<Source>,
    /// Bytes of it.
    pub span: Range<usize>,
}

impl Place {
    /// A place; a span outside the text is moved inside it.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let end = source.text.len();
        let start = span.start.min(end);
        Self {
            source: Arc::clone(source),
            span: start..span.end.clamp(start, end),
        }
    }

    /// Whether both are the same place.
    pub fn is(&self, other: &Place) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && self.span == other.span
    }

    /// Whether both begin at the same place.
    pub fn begins_at(&self, other: &Place) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && self.span.start == other.span.start
    }

    /// Line and column, from 1; columns count characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = self.source.text.get(..self.span.start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// One thing that is wrong.
#[derive(Debug)]
pub struct Fault {
    /// Where; `None` for what has no place (a file that cannot be read).
    pub place: Option<Place>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// A word or two under the excerpt.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    /// A fault at a place.
    pub fn at(place: &Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            place: Some(place.clone()),
            message: message.into(),
            label: label.into(),
            help: None,
        }
    }

    /// A fault without a place.
    pub fn of(message: impl Into<String>) -> Self {
        Self {
            place: None,
            message: message.into(),
            label: String::new(),
            help: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `file:line:column`, or nothing.
    pub fn position(&self) -> String {
        self.place.as_ref().map_or(String::new(), |place| {
            let (line, column) = place.line_and_column();
            format!("{}:{line}:{column}", place.source.name)
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl Diagnostic for Fault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        let place = self.place.as_ref()?;
        Some(place.source.as_ref() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        let label = LabeledSpan::new(Some(self.label.clone()), place.span.start, place.span.len());
        Some(Box::new(std::iter::once(label)))
    }
}

/// Most faults that a report shows; more are the mark of a file that is no scenario.
const MOST_SHOWN: usize = 100;

/// Everything that is wrong, in order of place.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// One fault without a place.
    pub fn one(message: impl Into<String>) -> Self {
        Self(vec![Fault::of(message)])
    }

    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something is wrong with what begins at a place.
    pub fn is_at(&self, place: &Place) -> bool {
        let mut places = self.0.iter().filter_map(|fault| fault.place.as_ref());
        places.any(|other| other.begins_at(place))
    }

    /// Leaves out what stands at the same place as something in `others`: it follows from that.
    pub fn without_those_at(&mut self, others: &Faults) {
        self.0.retain(|fault| {
            let place = fault.place.as_ref();
            !place.is_some_and(|place| others.is_at(place))
        });
    }

    /// Puts faults in order of source and place; those without a place come first.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|fault| {
            fault
                .place
                .as_ref()
                .map(|place| (place.source.name.clone(), place.span.start))
        });
    }

    /// Good, or what is wrong in one sentence each, for what has no places.
    ///
    /// # Errors
    /// The sentences, where there is a fault.
    pub fn sentences(&self) -> Result<(), String> {
        let sentences: Vec<&str> = self.0.iter().map(|fault| fault.message.as_str()).collect();
        match sentences.is_empty() {
            true => Ok(()),
            false => Err(sentences.join("; ")),
        }
    }

    /// The whole report as text; `fancy` for a terminal.
    pub fn render(&self, fancy: bool) -> String {
        let theme = if fancy {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::none()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(100)
            .with_context_lines(1);
        let mut text = String::new();
        for fault in self.0.iter().take(MOST_SHOWN) {
            if handler.render_report(&mut text, fault).is_err() {
                text.push_str(&fault.message);
            }
            text.push('\n');
        }
        let count = self.0.len();
        let noun = if count == 1 { "error" } else { "errors" };
        let shown = match count > MOST_SHOWN {
            true => format!(", of which the first {MOST_SHOWN} are shown"),
            false => String::new(),
        };
        text.push_str(&format!("{count} {noun}{shown}\n"));
        text
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Faults {}

/// The name nearest to `word`, if one is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let likeness = strsim::normalized_damerau_levenshtein(word, name)
            .max(strsim::jaro_winkler(word, name) - 0.2);
        if likeness > 0.5 && best.is_none_or(|(other, _)| likeness > other) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

/// "did you mean ...", or the valid names if they are few.
pub fn suggest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.into_iter().collect();
    if let Some(name) = nearest(word, names.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    match names.len() {
        0 => None,
        1..=28 => Some(format!("valid here: {}", names.join(", "))),
        _ => None,
    }
}
