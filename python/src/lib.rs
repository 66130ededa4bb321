//! The Python package's half in Rust: what `yellowcart` (the pure-Python half, beside this) calls.
//!
//! Nothing is decided here that the library does not decide: a function is a door, as a command of the program is. Values cross as they are cheapest to
//! take: tables as Arrow, whose buffers are handed over as they lie in memory; everything else as JSON texts, which Python reads faster than objects
//! can be built one by one.
//!
//! | file | is for |
//! |---|---|
//! | errors | the library's errors as Python exceptions, with the text that the command line prints |
//! | work | long work without the interpreter lock: Ctrl-C, progress, one at a time |
//! | bundle, regime, shelves | scenarios, regimes, what is shipped and what parameters mean |
//! | results, verify | runs, comparisons and validations; folders opened, resumed, reported on, verified |
//! | session | studies, and what is going on: what is wanted, what was kept, and the runs wherever they are done |
//! | table | tables of results as Arrow |
//! | detector, bench | detectors in Python, and the bench that tries them |

mod bench;
mod bundle;
mod detector;
mod errors;
mod regime;
mod results;
mod session;
mod shelves;
mod table;
mod verify;
mod work;

use pyo3::prelude::*;

/// The part of the package that is written in Rust. Use `yellowcart` instead: names and arguments here may change from version to version.
#[pymodule]
mod _yellowcart {
    #[pymodule_export]
    use super::bench::{baselines, detect_bench};
    #[pymodule_export]
    use super::bundle::{Bundle, audit, check, load};
    #[pymodule_export]
    use super::detector::{Sink, Stream};
    #[pymodule_export]
    use super::main;
    #[pymodule_export]
    use super::regime::{change_regime, read_regime};
    #[pymodule_export]
    use super::results::{compare, in_words, kind, metrics, report, resume, run, validate};
    #[pymodule_export]
    use super::session::{Session, do_tasks, merge, read_study, study_in_toml, sweep};
    #[pymodule_export]
    use super::shelves::{explain, shelf};
    #[pymodule_export]
    use super::table::{Table, read_table, table_names};
    #[pymodule_export]
    use super::verify::verify;

    /// The version, as results name it.
    #[pymodule_export]
    const VERSION: &str = yellowcart::experiment::VERSION;
}

/// Runs the command-line program with these arguments, the program's name first, and returns its exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> u8 {
    py.detach(|| yellowcart::cli::main_with(arguments))
}
