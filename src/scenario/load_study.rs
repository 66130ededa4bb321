//! Loading studies: from a name or a path to a checked file with the scenario and the regimes that it names, or to everything that is wrong with it.

use super::Bundle;
use super::faults::{Fault, Faults};
use super::file::{DesignKind, FactorTable, LevelValue, RegimeFile, StudyFile};
use super::library::{self, Shelf};
use super::load::{Request, load, second_net, typed};
use super::load_regime::load_regime;
use super::node::Node;
use super::registry::{Parameter, parameter_at};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// A study with what it names.
#[derive(Debug, Clone)]
pub struct Study {
    /// Name of the shipped study, or the file's name without its ending.
    pub name: String,
    /// The file.
    pub file: StudyFile,
    /// The scenario, under the regime that holds where no factor is one.
    pub bundle: Bundle,
    /// The regimes that factors name, by the name that they are given there.
    pub regimes: BTreeMap<String, RegimeFile>,
    /// The declaration of each factor's parameter, by the factor's name; none for regimes.
    pub parameters: BTreeMap<String, Parameter>,
}

/// JSON Schema of study files.
pub fn schema_of_study() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(StudyFile).to_value());
    &SCHEMA
}

/// Loads a study by name or path and checks it, with `changes` to its scenario beside its own.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load_study(what: &str, changes: &[String]) -> Result<Study, Faults> {
    let source = library::open(Shelf::Studies, what, None)?;
    let shipped = library::shipped(Shelf::Studies, what).is_some();
    let (root, mut file, mut faults) =
        typed::<StudyFile>(Node::parse(&source), schema_of_study(), &[])?;
    if faults.is_empty() {
        second_net(&file, &root, &mut faults);
    }
    file.changes.extend_from_slice(changes);
    let beside = Path::new(what).parent().filter(|_| !shipped);
    let mut check = Check {
        root: &root,
        file: &file,
        beside,
        faults,
    };
    let bundle = check.scenario();
    let regimes = check.regimes();
    let parameters = check.factors();
    check.rest();
    let mut faults = check.faults;
    match bundle {
        Some(bundle) if faults.is_empty() => {
            let name = Path::new(what).file_stem().and_then(|stem| stem.to_str());
            Ok(Study {
                name: name.unwrap_or("study").to_owned(),
                file,
                bundle,
                regimes,
                parameters,
            })
        }
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

/// What to do instead of varying what no run depends on; `None` of everything else.
fn inert(path: &str) -> Option<&'static str> {
    match path.split('.').next().unwrap_or_default() {
        "regime" if path == "regime" => {
            Some("write regimes = [\"none\", \"disclosure\"] without a path")
        }
        "seed" => Some("replications have seeds of their own: raise replications"),
        "title" | "story" | "look_for" | "recording" => Some("leave it out"),
        _ => None,
    }
}

/// What is checked of a study beyond its shape.
struct Check<'a> {
    root: &'a Node,
    file: &'a StudyFile,
    beside: Option<&'a Path>,
    faults: Faults,
}

impl Check<'_> {
    /// The path of something that lies beside the study, if it does; else what it was called.
    fn found(&self, named: &str) -> String {
        let path = self.beside.map(|folder| folder.join(named));
        let path = path.filter(|path| path.is_file());
        path.and_then(|path| path.to_str().map(str::to_owned))
            .unwrap_or_else(|| named.to_owned())
    }

    fn scenario(&mut self) -> Option<Bundle> {
        let regime = self.file.regime.as_ref().map(|regime| self.found(regime));
        let loaded = load(&Request {
            what: &self.found(&self.file.scenario),
            overrides: &self.file.changes,
            seed: self.file.seed,
            regime: regime.as_deref(),
            ..Request::default()
        });
        match loaded {
            Ok(bundle) => Some(bundle),
            Err(mut found) => {
                self.faults.0.append(&mut found.0);
                None
            }
        }
    }

    fn regimes(&mut self) -> BTreeMap<String, RegimeFile> {
        let mut regimes = BTreeMap::new();
        let tables = self.file.factors.values();
        let named: Vec<&String> = tables
            .filter_map(|table| table.regimes.as_ref())
            .flatten()
            .collect();
        for name in named {
            match load_regime(&self.found(name), None) {
                Ok(regime) => {
                    regimes.insert(name.clone(), regime);
                }
                Err(mut found) => self.faults.0.append(&mut found.0),
            }
        }
        regimes
    }

    fn wrong(&mut self, path: &[&str], message: String, help: &str) {
        let fault = Fault::at(&self.root.place_of(path), message, "here");
        self.faults.push(if help.is_empty() {
            fault
        } else {
            fault.help(help)
        });
    }

    /// Every factor, and the declarations of their parameters.
    fn factors(&mut self) -> BTreeMap<String, Parameter> {
        let mut parameters = BTreeMap::new();
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        let mut regimes: Option<&str> = None;
        for (name, table) in &self.file.factors {
            let place = ["factors", name.as_str()];
            self.spread(&place, name, table);
            if table.regimes.is_some()
                && let Some(before) = regimes.replace(name)
            {
                let message = format!("factors `{before}` and `{name}` are both regimes");
                self.wrong(
                    &place,
                    message,
                    "a run has one regime: leave one of them out",
                );
            }
            let Some(path) = &table.path else { continue };
            if let Some(help) = inert(path) {
                let message = format!("`{path}` changes nothing in a run");
                self.wrong(&["factors", name, "path"], message, help);
                continue;
            }
            if let Some(before) = seen.insert(path, name) {
                let message = format!("factors `{before}` and `{name}` are both `{path}`");
                self.wrong(&["factors", name, "path"], message, "leave one of them out");
            }
            match parameter_at(path) {
                Some(parameter) => {
                    parameters.insert(name.to_string(), parameter);
                }
                None => {
                    let message = format!("there is no parameter `{path}`");
                    let help = "see `yellowcart explain`; positions in arrays are counted from 0";
                    self.wrong(&["factors", name, "path"], message, help);
                }
            }
        }
        parameters
    }

    /// A factor says how it is spread in one way.
    fn spread(&mut self, place: &[&str], name: &str, table: &FactorTable) {
        let ways = [
            ("range", table.range.is_some()),
            ("values", table.values.is_some()),
            ("normal", table.normal.is_some()),
            ("lognormal", table.lognormal.is_some()),
            ("triangular", table.triangular.is_some()),
            ("regimes", table.regimes.is_some()),
        ];
        let said: Vec<&str> = ways
            .iter()
            .filter(|(_, said)| *said)
            .map(|(way, _)| *way)
            .collect();
        let has_path = table.path.is_some();
        match (said.as_slice(), has_path) {
            ([], false) => self.wrong(
                place,
                format!("factor `{name}` says neither what is varied nor between what"),
                "give path and range, or regimes",
            ),
            (["regimes"], true) => self.wrong(
                place,
                format!("factor `{name}` has regimes and a path"),
                "leave out one of them",
            ),
            (["regimes"], false) => {}
            ([way], false) => self.wrong(
                place,
                format!("factor `{name}` has {way} and no path"),
                "add path = \"behaviour.scepticism\", say",
            ),
            ([], true) => {
                let declared = table.path.as_deref().and_then(parameter_at);
                if declared.is_some_and(|parameter| parameter.sweep.is_none()) {
                    self.wrong(
                        place,
                        format!(
                            "factor `{name}` has no range, and none is declared for its parameter"
                        ),
                        "add range = [low, high]",
                    );
                }
            }
            ([_], true) => {}
            (many, _) => self.wrong(
                place,
                format!(
                    "factor `{name}` is spread in several ways: {}",
                    many.join(", ")
                ),
                "keep one of them",
            ),
        }
        self.distribution(place, name, table);
        let backwards =
            |ends: [f64; 2]| !(ends[0] < ends[1] && ends[0].is_finite() && ends[1].is_finite());
        if table.range.is_some_and(backwards) {
            self.wrong(
                place,
                format!("the range of factor `{name}` does not rise"),
                "write range = [low, high]",
            );
        }
    }

    /// A distribution has a width, and each value is there once.
    fn distribution(&mut self, place: &[&str], name: &str, table: &FactorTable) {
        let narrow = |spread: Option<[f64; 2]>| spread.is_some_and(|[_, width]| width <= 0.0);
        if narrow(table.normal) || narrow(table.lognormal) {
            let message = format!("the distribution of factor `{name}` has no width");
            self.wrong(place, message, "the second number is above 0");
        }
        if let Some([low, mode, high]) = table.triangular
            && !(low <= mode && mode <= high && low < high)
        {
            let message = format!("the triangle of factor `{name}` does not rise and fall");
            self.wrong(
                place,
                message,
                "write triangular = [lowest, likeliest, highest]",
            );
        }
        let values = table.values.iter().flatten().map(LevelValue::written);
        let regimes = table.regimes.iter().flatten().cloned();
        let mut seen = std::collections::BTreeSet::new();
        let doubled = values
            .chain(regimes)
            .find(|value| !seen.insert(value.clone()));
        if let Some(value) = doubled {
            let message = format!("factor `{name}` has {value} twice");
            self.wrong(
                place,
                message,
                "each value is as likely as the others: name it once",
            );
        }
    }

    fn rest(&mut self) {
        let file = self.file;
        if let Some(design) = &file.design
            && design.kind == DesignKind::Morris
            && design.levels % 2 == 1
        {
            let message = format!(
                "{} levels are odd: a trajectory goes half way up or down",
                design.levels
            );
            self.wrong(&["design", "levels"], message, "4 is usual");
        }
        if let Some(stop) = &file.stop {
            match (stop.half_width, stop.relative_half_width) {
                (None, None) => self.wrong(
                    &["stop"],
                    "the stopping rule has no width".to_owned(),
                    "give half_width or relative_half_width",
                ),
                (Some(_), Some(_)) => self.wrong(
                    &["stop"],
                    "the stopping rule has two widths".to_owned(),
                    "give half_width or relative_half_width",
                ),
                _ => {}
            }
            if stop.at_most < file.replications {
                let message = format!(
                    "at_most is {}, and every point has {} replications",
                    stop.at_most, file.replications
                );
                self.wrong(
                    &["stop", "at_most"],
                    message,
                    "raise at_most, or lower replications",
                );
            }
        }
    }
}
