//! Loading lessons: from a name, a path or a text to a checked file with the scenario that it names, or to everything that is wrong with it.
//!
//! Which metrics and which controls there are is not known here: `experiment::check_lesson` asks for the metrics, whoever serves lessons for the controls.

use super::Bundle;
use super::faults::{Fault, Faults, Source, suggest};
use super::file::{LessonFile, LevelValue, MeasureTable, MeasuredOf, OptionTable, PaneTable};
use super::library::{self, Shelf};
use super::load::{Request, found_at, load, second_net, typed};
use super::load_regime::load_regime;
use super::node::Node;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// A lesson with what it names.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Name of the shipped lesson, or the file's name without its ending.
    pub name: String,
    /// The file.
    pub file: LessonFile,
    /// The scenario of the first pane, changed as the lesson says and under that pane's regime; what panes leave out and where their controls stand is up to whoever shows them.
    pub bundle: Bundle,
}

/// JSON Schema of lesson files.
pub fn schema_of_lesson() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(LessonFile).to_value());
    &SCHEMA
}

/// Loads a lesson by name or path and checks it, with `changes` to its scenario beside its own.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load_lesson(what: &str, changes: &[String]) -> Result<Lesson, Faults> {
    let source = library::open(Shelf::Lessons, what, None)?;
    let shipped = library::shipped(Shelf::Lessons, what).is_some();
    let beside = Path::new(what).parent().filter(|_| !shipped);
    let name = Path::new(what).file_stem().and_then(|stem| stem.to_str());
    lesson_from_source(&source, name.unwrap_or("lesson"), beside, changes)
}

/// Loads a lesson from a text; scenario and regimes are looked for in `beside` first.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn lesson_from_source(
    source: &Arc<Source>,
    name: &str,
    beside: Option<&Path>,
    changes: &[String],
) -> Result<Lesson, Faults> {
    let (root, mut file, mut faults) =
        typed::<LessonFile>(Node::parse(source), schema_of_lesson(), &[])?;
    if faults.is_empty() {
        second_net(&file, &root, &mut faults);
    }
    file.changes.extend_from_slice(changes);
    let mut check = Check {
        root: &root,
        file: &file,
        beside,
        shape: &faults,
        faults: Faults::default(),
    };
    let bundle = check.scenario();
    check.panes();
    check.questions(bundle.as_ref());
    let mut deeper = check.faults;
    deeper.without_those_at(&faults);
    faults.0.append(&mut deeper.0);
    match bundle {
        Some(bundle) if faults.is_empty() => Ok(Lesson {
            name: name.to_owned(),
            file,
            bundle,
        }),
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

/// What is checked of a lesson beyond its shape.
struct Check<'a> {
    root: &'a Node,
    file: &'a LessonFile,
    beside: Option<&'a Path>,
    /// What is wrong with the shape: stand-ins are not held against anybody.
    shape: &'a Faults,
    faults: Faults,
}

impl Check<'_> {
    /// The path of something that lies beside the lesson, if it does; else what it was called.
    fn found(&self, named: &str) -> String {
        let path = self.beside.map(|folder| folder.join(named));
        let path = path.filter(|path| path.is_file());
        path.and_then(|path| path.to_str().map(str::to_owned))
            .unwrap_or_else(|| named.to_owned())
    }

    fn wrong(&mut self, path: &[&str], message: String, help: impl Into<String>) {
        let fault = Fault::at(&self.root.place_of(path), message, "here");
        self.faults.push(fault.help(help));
    }

    /// Takes over what is wrong with a file that is named at a path.
    fn take(&mut self, found: Faults, path: &[&str]) {
        let mut placed = found_at(found, &self.root.place_of(path));
        self.faults.0.append(&mut placed.0);
    }

    /// The scenario under the first pane's regime, as far as both are there.
    fn scenario(&mut self) -> Option<Bundle> {
        if self.shape.is_at(&self.root.place_of(&["scenario"])) {
            return None;
        }
        let mut regime = None;
        for (pane, table) in [("a", Some(&self.file.a)), ("b", self.file.b.as_ref())] {
            let Some(named) = table.and_then(|table| table.regime.as_ref()) else {
                continue;
            };
            let named = self.found(named);
            match load_regime(&named, None) {
                Ok(_) if pane == "a" => regime = Some(named),
                Ok(_) => {}
                Err(found) => self.take(found, &[pane, "regime"]),
            }
        }
        let loaded = load(&Request {
            what: &self.found(&self.file.scenario),
            overrides: &self.file.changes,
            seed: self.file.seed,
            regime: regime.as_deref(),
            ..Request::default()
        });
        match loaded {
            Ok(bundle) => Some(bundle),
            Err(found) => {
                self.take(found, &["scenario"]);
                None
            }
        }
    }

    fn panes(&mut self) {
        self.pane("a", &self.file.a);
        if let Some(pane) = &self.file.b {
            self.pane("b", pane);
        }
        let mut seen = BTreeSet::new();
        for (at, key) in self.file.controls.iter().enumerate() {
            if !seen.insert(key) {
                let place = ["controls", &at.to_string()];
                let message = format!("control `{key}` stands out twice");
                self.wrong(&place, message, "name it once");
            }
        }
    }

    fn pane(&mut self, pane: &str, table: &PaneTable) {
        if let [first, second] = table.without[..]
            && first == second
        {
            let message = "the same is left out twice".to_owned();
            self.wrong(&[pane, "without", "1"], message, "name it once");
        }
        for (key, value) in &table.controls {
            if matches!(value, LevelValue::Flag(_)) {
                let message = format!("control `{key}` is neither true nor false");
                let help = "write a number, or the name of a choice";
                self.wrong(&[pane, "controls", key], message, help);
            }
        }
        if !table.label.is_empty() && table.label_zh.is_empty() {
            let message = "the pane's label is not there in Chinese".to_owned();
            self.wrong(&[pane, "label"], message, "add label_zh");
        }
    }

    fn questions(&mut self, bundle: Option<&Bundle>) {
        let rooms = bundle.map(rooms_of);
        for (name, question) in [("predict", &self.file.predict), ("check", &self.file.check)] {
            if self.shape.is_at(&self.root.place_of(&[name])) {
                continue;
            }
            self.measure(name, &question.measure, rooms.as_deref());
            self.options(name, &question.options);
        }
    }

    fn measure(&mut self, name: &str, measure: &MeasureTable, rooms: Option<&[String]>) {
        let place = [name, "measure"];
        if self.shape.is_at(&self.root.place_of(&place)) {
            return;
        }
        let at = |key| [name, "measure", key];
        match (&measure.metric, measure.total) {
            (None, None) => self.wrong(
                &place,
                "it does not say what is measured".to_owned(),
                "add metric = \"deception_harm\", say, or total = \"paid_orders\" with the room whose it is",
            ),
            (Some(_), Some(_)) => self.wrong(
                &at("total"),
                "both a metric and a count are measured".to_owned(),
                "leave out metric or total",
            ),
            (Some(_), None) if measure.room.is_some() || measure.against_room.is_some() => {
                let key = if measure.room.is_some() { "room" } else { "against_room" };
                self.wrong(
                    &at(key),
                    "a metric is of the whole run, not of a room".to_owned(),
                    "leave the room out, or put total = \"paid_orders\", say, in the place of the metric",
                );
            }
            _ => {}
        }
        if measure.total.is_some() && measure.room.is_none() && measure.against_room.is_some() {
            self.wrong(
                &at("against_room"),
                "against_room without a room".to_owned(),
                "add the room that is compared with it",
            );
        }
        if measure.room.is_some() && measure.room == measure.against_room {
            let message = "a room is compared with itself".to_owned();
            self.wrong(&at("against_room"), message, "name another room");
        }
        let named = [
            ("room", &measure.room),
            ("against_room", &measure.against_room),
        ];
        for (key, room) in named {
            if let (Some(room), Some(rooms)) = (room, rooms)
                && !rooms.contains(room)
            {
                let known = rooms.iter().map(String::as_str);
                let near = suggest(room, known.clone());
                let all = || format!("rooms: {}", known.take(12).collect::<Vec<_>>().join(", "));
                let message = format!("the scenario has no room `{room}`");
                self.wrong(&at(key), message, near.unwrap_or_else(all));
            }
        }
        if self.file.b.is_none() && measure.of != MeasuredOf::A {
            self.wrong(
                &at("of"),
                "the lesson has one pane".to_owned(),
                "add [b], or write of = \"a\"",
            );
        }
        for (key, words) in [("words", &measure.words), ("words_zh", &measure.words_zh)] {
            if words.matches("{}").count() != 1 {
                self.wrong(
                    &at(key),
                    "the sentence has no one place for the value".to_owned(),
                    "write {} where the value goes, once",
                );
            }
        }
    }

    /// The options hold every number, each of them once.
    fn options(&mut self, name: &str, options: &[OptionTable]) {
        let place_of = |at: usize, key: &'static str| {
            [
                name.to_owned(),
                "options".to_owned(),
                at.to_string(),
                key.to_owned(),
            ]
        };
        let mut bad = Vec::new();
        for (at, option) in options.iter().enumerate() {
            if let (Some(from), Some(until)) = (option.from, option.until)
                && from >= until
            {
                let message = format!("no value is from {from} on and below {until}");
                bad.push((
                    place_of(at, "until"),
                    message,
                    "until is above from".to_owned(),
                ));
            }
        }
        let mut order: Vec<usize> = (0..options.len()).collect();
        let from = |at: usize| options[at].from.unwrap_or(f64::NEG_INFINITY);
        let until = |at: usize| options[at].until.unwrap_or(f64::INFINITY);
        order.sort_by(|a, b| {
            from(*a)
                .total_cmp(&from(*b))
                .then(until(*a).total_cmp(&until(*b)))
        });
        if bad.is_empty() {
            if let Some(low) = order.first().and_then(|at| options[*at].from) {
                let message = format!("no option holds what is below {low}");
                let help = "leave `from` out of the lowest option".to_owned();
                bad.push((place_of(order[0], "from"), message, help));
            }
            for pair in order.windows(2) {
                let (below, above) = (pair[0], pair[1]);
                let (ends, begins) = (until(below), from(above));
                if ends < begins {
                    let message =
                        format!("no option holds what is from {ends} on and below {begins}");
                    bad.push((
                        place_of(above, "from"),
                        message,
                        format!("write from = {ends}"),
                    ));
                } else if ends > begins {
                    let shared = match (begins.is_finite(), ends.min(until(above))) {
                        (true, end) if end.is_finite() => {
                            format!("from {begins} on and below {end}")
                        }
                        (true, _) => format!("from {begins} on"),
                        (false, end) if end.is_finite() => format!("below {end}"),
                        (false, _) => "every value".to_owned(),
                    };
                    let message = format!("two options hold the same values: {shared}");
                    let help = "each option begins where the one below it ends".to_owned();
                    bad.push((place_of(above, "from"), message, help));
                }
            }
            let last = order
                .iter()
                .copied()
                .max_by(|a, b| until(*a).total_cmp(&until(*b)));
            if let Some((at, high)) = last.and_then(|at| Some((at, options[at].until?))) {
                let message = format!("no option holds what is from {high} on");
                let help = "leave `until` out of the highest option".to_owned();
                bad.push((place_of(at, "until"), message, help));
            }
        }
        for (path, message, help) in bad {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            self.wrong(&path, message, help);
        }
    }
}

/// Every room of a scenario, generated ones among them.
fn rooms_of(bundle: &Bundle) -> Vec<String> {
    let named = bundle.scenario.rooms.keys().cloned();
    match bundle.scenario.generate {
        None => named.collect(),
        Some(_) => match bundle.resolve() {
            Ok(scenario) => scenario
                .rooms
                .iter()
                .map(|room| room.name.clone())
                .collect(),
            Err(_) => named.collect(),
        },
    }
}
