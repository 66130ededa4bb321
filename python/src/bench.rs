//! The bench of detectors, with detectors in Python among the others.

use crate::detector::{Facts, InPython};
use crate::errors::{Ended, input};
use crate::results::Destination;
use crate::work::{self, Work, threads_of_runs};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use yellowcart::detect::Detector;
use yellowcart::detect::baselines::BASELINES as ALL;
use yellowcart::detect::outside::{Format, Manner};
use yellowcart::experiment::detection::{
    Entrant, Wanted, bench, entrants, keep_board, refuse_seeds,
};
use yellowcart::record::Dossier;
use yellowcart::scenario::load_suite;

/// What is told when a bench is interrupted.
const INTERRUPTED: &str = "interrupted: nothing is kept; start it anew";

/// Name, family, what it looks at and source of every baseline.
#[pyfunction]
pub fn baselines() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let all = ALL.iter();
    all.map(|one| (one.name, one.family.name(), one.looks_at, one.source))
        .collect()
}

/// Which streams of which suite.
#[derive(FromPyObject)]
pub struct Streams {
    suite: String,
    changes: Vec<String>,
    development: Option<u32>,
    test: Option<u32>,
}

/// Who is tried, and how.
#[derive(FromPyObject)]
pub struct Tried {
    /// Baselines by name; all of them where there is none of anything.
    baselines: Option<Vec<String>>,
    /// Facts of detectors in Python, and what makes a new one of each.
    yours: Vec<(Facts, Py<PyAny>)>,
    /// Commands of programs.
    external: Vec<String>,
    /// Whether programs are given Arrow.
    arrow: bool,
    enforce: bool,
    curve: bool,
}

/// Tries detectors on the streams of a suite, into a results folder.
#[pyfunction]
#[pyo3(signature = (streams, tried, to, threads=None, progress=None))]
pub fn detect_bench(
    py: Python<'_>,
    streams: Streams,
    tried: Tried,
    to: Destination,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let options = to.options(threads_of_runs(threads)?);
    refuse_seeds(&streams.changes).map_err(input)?;
    work::carry_out(py, progress.as_ref(), |work| {
        let mut suite = load_suite(&streams.suite, &streams.changes)?;
        let file = &mut suite.file;
        file.development_streams = streams.development.unwrap_or(file.development_streams);
        file.test_streams = streams.test.unwrap_or(file.test_streams);
        let yours = tried.yours.into_iter();
        let yours = yours
            .map(|(facts, make)| entrant(facts, make, work))
            .collect();
        let format = if tried.arrow {
            Format::Arrow
        } else {
            Format::JsonLines
        };
        let manner = Manner {
            format,
            ..Manner::default()
        };
        let entrants = entrants(tried.baselines.as_deref(), yours, &tried.external, &manner);
        let entrants = entrants.map_err(Ended::Input)?;
        let ended = |why| Ended::keeping_nothing(why, INTERRUPTED);
        let dossier =
            Dossier::begin(&options.out, options.force).map_err(|why| ended(why.into()))?;
        let wanted = Wanted {
            suite: &suite,
            entrants: &entrants,
            threads: options.threads,
            enforce: tried.enforce,
            curve: tried.curve,
        };
        let stage = |stage: &str, done: usize, of: usize| work.tell(stage, done as f64, of as f64);
        match bench(&wanted, &stage) {
            Ok(board) => keep_board(dossier, &board, &options).map_err(ended),
            Err(why) => {
                dossier.abandon();
                Err(ended(why))
            }
        }
    })
}

/// A detector in Python, as the bench makes new ones.
fn entrant(facts: Facts, make: Py<PyAny>, work: &Arc<Work>) -> Entrant {
    let work = Arc::clone(work);
    let name = facts.name.clone();
    Entrant::Yours {
        name,
        source: "a detector in Python".to_owned(),
        make: Arc::new(move || {
            let detector = InPython::new(facts.clone(), &make, Arc::clone(&work));
            Box::new(detector) as Box<dyn Detector>
        }),
    }
}
