//! Detectors in Python.
//!
//! They are handed events as programs outside are: what lies between two beats at once, at the beat, and what they say counts from then on. So the
//! interpreter lock is taken once a beat, and nothing that comes later has been seen by what is said.

use crate::table::Table;
use crate::work::{Work, within};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyInt, PyString};
use std::sync::{Arc, Mutex, PoisonError};
use yellowcart::detect::columns::EventColumns;
use yellowcart::detect::fields::{Field, SubjectFields, WriteFields, write_event};
use yellowcart::detect::outside::Reasons;
use yellowcart::detect::{Detector, Event, Labelled, Millis, Scores, Subject};

/// A score, and the reason for it.
type Said = (Subject, f64, Option<String>);

/// Takes what a detector says. The higher a score, the more suspicious; any finite number will do.
#[pyclass(frozen, name = "Scores", module = "yellowcart._yellowcart")]
#[derive(Default)]
pub struct Sink(Mutex<Vec<Said>>);

impl Sink {
    fn say(&self, about: SubjectFields, score: f64, reason: Option<String>) -> PyResult<()> {
        if !score.is_finite() {
            return Err(PyValueError::new_err(format!(
                "a score is a finite number, and this is {score}"
            )));
        }
        let about = about.subject().map_err(PyValueError::new_err)?;
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.push((about, score, reason));
        Ok(())
    }

    fn take(&self) -> Vec<Said> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[pymethods]
impl Sink {
    /// Of a room: that its crowd, its likes or its orders are bought, now. It holds until another one is given.
    #[pyo3(signature = (room, score, reason=None))]
    fn room(&self, room: u64, score: f64, reason: Option<String>) -> PyResult<()> {
        let about = SubjectFields {
            room: Some(room),
            ..SubjectFields::default()
        };
        self.say(about, score, reason)
    }

    /// Of an account: that it belongs to a farm. The last score counts.
    #[pyo3(signature = (account, score, reason=None))]
    fn account(&self, account: u64, score: f64, reason: Option<String>) -> PyResult<()> {
        let about = SubjectFields {
            account: Some(account),
            ..SubjectFields::default()
        };
        self.say(about, score, reason)
    }

    /// Of an order: that it is brushed, or placed for a farm. The last score counts.
    #[pyo3(signature = (order, score, reason=None))]
    fn order(&self, order: u64, score: f64, reason: Option<String>) -> PyResult<()> {
        let about = SubjectFields {
            order: Some(order),
            ..SubjectFields::default()
        };
        self.say(about, score, reason)
    }

    /// Of what a room says of a product and its price: that it is staged or inflated. The last score counts.
    #[pyo3(signature = (room, product, score, reason=None))]
    fn offer(&self, room: u64, product: u64, score: f64, reason: Option<String>) -> PyResult<()> {
        let about = SubjectFields {
            room: Some(room),
            product: Some(product),
            ..SubjectFields::default()
        };
        self.say(about, score, reason)
    }
}

/// A stream with its truth, from which a detector may learn.
#[pyclass(frozen, get_all, module = "yellowcart._yellowcart")]
pub struct Stream {
    /// Seed of its market.
    seed: u64,
    /// What the platform saw, in order.
    events: Py<Table>,
    /// What was true, as JSON.
    truth: String,
}

impl Stream {
    fn of(py: Python<'_>, stream: &Labelled) -> PyResult<Self> {
        Ok(Self {
            seed: stream.seed,
            events: Py::new(py, table_of(&stream.events)?)?,
            truth: serde_json::to_string(&stream.truth).map_err(crate::errors::input)?,
        })
    }
}

fn table_of(events: &[Event]) -> PyResult<Table> {
    let mut columns = EventColumns::default();
    events.iter().for_each(|event| columns.push(event));
    let batch = columns.take().map_err(crate::errors::input)?;
    Ok(Table::of(batch))
}

/// What of a detector in Python is known before it is put to work.
#[derive(Clone, FromPyObject)]
pub struct Facts {
    /// Its name.
    pub name: String,
    /// Whether counters of rooms are all that it sees.
    frames_only: bool,
    /// Whether it takes all events since the last beat as one table.
    in_tables: bool,
}

/// A detector in Python at work.
pub struct InPython {
    facts: Facts,
    object: Option<Py<PyAny>>,
    waiting: Vec<Event>,
    reasons: Reasons,
    work: Arc<Work>,
}

impl InPython {
    /// A new one, of those that `make` makes. Where that fails, the work fails, and it says nothing.
    pub fn new(facts: Facts, make: &Py<PyAny>, work: Arc<Work>) -> Self {
        let mut detector = Self {
            facts,
            object: None,
            waiting: Vec::new(),
            reasons: Reasons::default(),
            work,
        };
        detector.object = detector.or_fail(|py| make.call0(py));
        detector
    }

    /// Calls Python; what it raises ends the work, and the detector is silent from then on.
    fn or_fail<T>(&mut self, call: impl FnOnce(Python<'_>) -> PyResult<T>) -> Option<T> {
        match within(call) {
            Ok(value) => Some(value),
            Err(why) => {
                self.object = None;
                self.work.fail(why);
                None
            }
        }
    }

    /// The same with the detector itself, if it is not silent.
    fn ask<T>(
        &mut self,
        call: impl for<'py> FnOnce(&Bound<'py, PyAny>) -> PyResult<T>,
    ) -> Option<T> {
        let object = self.object.take()?;
        let answer = self.or_fail(|py| call(object.bind(py)));
        if answer.is_some() {
            self.object = Some(object);
        }
        answer
    }
}

/// Hands over what has been waiting, and the beat.
fn hand_over(
    detector: &Bound<'_, PyAny>,
    in_tables: bool,
    events: &[Event],
    at: Millis,
) -> PyResult<Vec<Said>> {
    let py = detector.py();
    let sink = Bound::new(py, Sink::default())?;
    if in_tables {
        detector.call_method1("see", (Bound::new(py, table_of(events)?)?, &sink))?;
    } else {
        let observe = detector.getattr("observe")?;
        for event in events {
            observe.call1((dict_of(py, event), &sink))?;
        }
    }
    detector.call_method1("beat", (at, &sink))?;
    Ok(sink.get().take())
}

impl Detector for InPython {
    fn name(&self) -> &str {
        &self.facts.name
    }

    fn observe(&mut self, event: &Event, _: &mut Scores) {
        if self.object.is_some() {
            self.waiting.push(*event);
        }
    }

    fn beat(&mut self, at: Millis, scores: &mut Scores) {
        let waiting = std::mem::take(&mut self.waiting);
        let in_tables = self.facts.in_tables;
        let said = self.ask(|object| hand_over(object, in_tables, &waiting, at));
        for (about, score, reason) in said.unwrap_or_default() {
            scores.say(about, score, self.reasons.keep(reason));
        }
        self.waiting = waiting;
        self.waiting.clear();
    }

    fn sees_accounts(&self) -> bool {
        !self.facts.frames_only
    }

    fn learn(&mut self, streams: &[&Labelled]) {
        self.ask(|object| {
            let of_python = streams.iter().map(|stream| Stream::of(object.py(), stream));
            let all = of_python.collect::<PyResult<Vec<_>>>()?;
            object.call_method1("learn", (all,)).map(|_| ())
        });
    }

    fn save(&self) -> Option<Vec<u8>> {
        let object = self.object.as_ref()?;
        let saved = within(|py| {
            let saved = object.call_method0(py, "save")?;
            saved.extract::<Option<Vec<u8>>>(py)
        });
        saved.unwrap_or_else(|why| {
            self.work.fail(why);
            None
        })
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        let restored = self.ask(|object| {
            let memory = PyBytes::new(object.py(), memory);
            object.call_method1("restore", (memory,)).map(|_| ())
        });
        restored.ok_or_else(|| format!("{} cannot take up what it had seen", self.facts.name))
    }
}

/// An event as a dictionary, with the fields of docs/detectors.md.
fn dict_of<'py>(py: Python<'py>, event: &Event) -> Bound<'py, PyDict> {
    let dict = PyDict::new(py);
    write_event(event, &mut Entries(&dict));
    dict
}

/// Fields that become entries of a dictionary.
struct Entries<'a, 'py>(&'a Bound<'py, PyDict>);

impl<'py> Entries<'_, 'py> {
    fn set(&mut self, field: Field, value: Bound<'py, PyAny>) {
        // Nothing but a lack of memory keeps a text and a plain value out of a dictionary.
        let _ = self
            .0
            .set_item(PyString::intern(self.0.py(), field.name()), value);
    }
}

impl WriteFields for Entries<'_, '_> {
    fn number(&mut self, field: Field, value: u64) {
        self.set(field, PyInt::new(self.0.py(), value).into_any());
    }

    fn money(&mut self, field: Field, fen: i64) {
        self.set(field, PyInt::new(self.0.py(), fen).into_any());
    }

    fn flag(&mut self, field: Field, value: bool) {
        let flag = PyBool::new(self.0.py(), value).to_owned();
        self.set(field, flag.into_any());
    }

    fn word(&mut self, field: Field, word: &'static str) {
        self.set(field, PyString::intern(self.0.py(), word).into_any());
    }
}
