//! The library's errors as Python exceptions, with the text that the command line prints.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use yellowcart::experiment::RunError;
use yellowcart::scenario::Faults;

/// Why something did not end.
#[derive(Debug)]
pub enum Ended {
    /// The user has to change something.
    Input(String),
    /// The disk does not let us.
    Disk(String),
    /// Interrupted: what is told.
    Interrupted(String),
}

impl Ended {
    /// Of work that keeps nothing when it is interrupted, which is told in words of its own.
    pub fn keeping_nothing(why: RunError, told: &str) -> Self {
        match why {
            RunError::Interrupted(_) => Ended::Interrupted(told.to_owned()),
            other => other.into(),
        }
    }

    /// As an exception.
    pub fn exception(self) -> PyErr {
        match self {
            Ended::Input(why) => input(why),
            Ended::Disk(why) => disk(why),
            Ended::Interrupted(why) => PyKeyboardInterrupt::new_err(why),
        }
    }
}

impl From<RunError> for Ended {
    fn from(why: RunError) -> Self {
        let told = why.to_string();
        match why {
            RunError::Input(_) => Ended::Input(told),
            RunError::Disk(_) => Ended::Disk(told),
            RunError::Interrupted(_) => Ended::Interrupted(told),
        }
    }
}

impl From<Faults> for Ended {
    fn from(faults: Faults) -> Self {
        Ended::Input(faults.render(false).trim_end().to_owned())
    }
}

/// The user has to change something.
pub fn input(why: impl std::fmt::Display) -> PyErr {
    static INPUT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raised(&INPUT, "InputError", &why)
}

/// The disk does not let us.
pub fn disk(why: impl std::fmt::Display) -> PyErr {
    static DISK: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raised(&DISK, "DiskError", &why)
}

/// Everything that is wrong with what was written.
pub fn refused(faults: Faults) -> PyErr {
    Ended::from(faults).exception()
}

/// An exception of the package: the classes are written in Python, since they have two bases each.
fn raised(class: &PyOnceLock<Py<PyType>>, name: &str, why: &dyn std::fmt::Display) -> PyErr {
    Python::attach(|py| match class.import(py, "yellowcart.errors", name) {
        Ok(class) => PyErr::from_type(class.clone(), (why.to_string(),)),
        Err(missing) => missing,
    })
}
