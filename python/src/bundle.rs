//! Scenarios: loaded, looked into, checked, audited.

use crate::errors::{Ended, disk, input, refused};
use crate::work;
use pyo3::prelude::*;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use yellowcart::promotion::audit as search;
use yellowcart::report::{
    audit_json, audit_table, checked_in_words, sizes_and_notes, write_audit_figures,
};
use yellowcart::scenario::{Request, load_campaign, suggest};

/// A checked scenario with its scripts, its regime and its seed.
#[pyclass(frozen, module = "yellowcart._yellowcart")]
pub struct Bundle {
    pub inner: Arc<yellowcart::scenario::Bundle>,
    /// The same as JSON, whose tables are looked into by path.
    json: Value,
}

#[pymethods]
impl Bundle {
    /// Name of the shipped scenario, or the file's name without its ending.
    #[getter]
    fn name(&self) -> &str {
        &self.inner.name
    }

    /// Title line.
    #[getter]
    fn title(&self) -> &str {
        &self.inner.scenario.title
    }

    /// Seed of every draw.
    #[getter]
    fn seed(&self) -> u64 {
        self.inner.seed
    }

    /// Name of the regime.
    #[getter]
    fn regime(&self) -> &str {
        &self.inner.regime_name
    }

    /// All of it, as JSON.
    fn to_json(&self) -> String {
        self.json.to_string()
    }

    /// What stands at a path, as JSON: keys and positions joined by dots, rules after `regime.`.
    fn get(&self, path: &str) -> PyResult<String> {
        let (mut found, rest) = match path.strip_prefix("regime.") {
            Some(rest) => (&self.json["regime"], rest),
            None => (&self.json["scenario"], path),
        };
        for step in rest.split('.') {
            let next = match found {
                Value::Array(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
                other => other.get(step),
            };
            found = next.ok_or_else(|| nothing_at(path, step, found))?;
        }
        Ok(found.to_string())
    }

    /// What `yellowcart check` says of it, and its notes.
    fn check(&self) -> PyResult<(String, Vec<String>)> {
        sizes_and_notes(&self.inner).map_err(input)
    }
}

fn nothing_at(path: &str, step: &str, among: &Value) -> PyErr {
    let keys = among.as_object().into_iter().flatten();
    let near = suggest(step, keys.map(|(key, _)| key.as_str()));
    let near = near.map_or(String::new(), |near| format!("\n{near}"));
    input(format!("the scenario has nothing at `{path}`{near}"))
}

/// Loads a scenario by name or path, with changes, each `path=value`.
#[pyfunction]
#[pyo3(signature = (what, changes, seed=None, regime=None))]
pub fn load(
    py: Python<'_>,
    what: &str,
    changes: Vec<String>,
    seed: Option<u64>,
    regime: Option<&str>,
) -> PyResult<Bundle> {
    let request = Request {
        what,
        overrides: &changes,
        seed,
        regime,
        ..Request::default()
    };
    let loaded = py.detach(|| yellowcart::scenario::load(&request));
    let inner = Arc::new(loaded.map_err(refused)?);
    let json = serde_json::to_value(&*inner).map_err(input)?;
    Ok(Bundle { inner, json })
}

/// Checks any file: what it is and how large, and notes.
#[pyfunction]
pub fn check(py: Python<'_>, what: &str, changes: Vec<String>) -> PyResult<(String, Vec<String>)> {
    let request = Request {
        what,
        overrides: &changes,
        ..Request::default()
    };
    let checked = py.detach(|| yellowcart::scenario::check(&request));
    checked_in_words(&checked.map_err(refused)?).map_err(input)
}

/// Searches for a way below every price that was promised to be the lowest: all of the audit as JSON, and the table that the command line prints.
#[pyfunction]
#[pyo3(signature = (what, changes, out=None, force=false, progress=None))]
pub fn audit(
    py: Python<'_>,
    what: &str,
    changes: Vec<String>,
    out: Option<PathBuf>,
    force: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, String)> {
    let request = Request {
        what,
        overrides: &changes,
        ..Request::default()
    };
    let campaign = py.detach(|| load_campaign(&request)).map_err(refused)?;
    if let Some(out) = out.as_ref().filter(|out| out.exists() && !force) {
        return Err(input(format!(
            "{} is there already: choose another --out, or add --force",
            out.display()
        )));
    }
    let audited = work::carry_out(py, progress.as_ref(), |work| {
        let told =
            &mut |done: usize, steps: usize| work.tell("searching", done as f64, steps as f64);
        search(&campaign, told).map_err(|why| Ended::Input(why.to_string()))
    })?;
    let (json, table) = (
        audit_json(&campaign, &audited),
        audit_table(&campaign, &audited),
    );
    if let Some(out) = out {
        let written = std::fs::create_dir_all(&out)
            .and_then(|()| std::fs::write(out.join("audit.txt"), &table))
            .and_then(|()| std::fs::write(out.join("audit.json"), format!("{json:#}\n")))
            .and_then(|()| write_audit_figures(&out, &campaign, &audited, None).map(|_| ()));
        written.map_err(|why| disk(format!("cannot write {}: {why}", out.display())))?;
    }
    Ok((json.to_string(), table))
}
