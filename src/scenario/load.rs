//! Loading: from a name or a path to a checked bundle, or to everything that is wrong with it.

use super::Bundle;
use super::check::Checker;
use super::faults::{Fault, Faults, Place, Source};
use super::file::{RegimeFile, ScenarioFile, ScriptFile};
use super::library::{self, Shelf};
use super::meaning::Meaning;
use super::node::{Entry, Kind, Node};
use super::scripts::ScriptTemplate;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to load.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    /// Name of a shipped scenario, or a path.
    pub what: &'a str,
    /// Changes, each `path.to.key=value`.
    pub overrides: &'a [String],
    /// Seed instead of the file's.
    pub seed: Option<u64>,
    /// Regime instead of the file's: name or path.
    pub regime: Option<&'a str>,
}

/// JSON Schema of scenario files.
pub fn schema_of_scenario() -> Json {
    schemars::schema_for!(ScenarioFile).to_value()
}

/// JSON Schema of script files.
pub fn schema_of_script() -> Json {
    schemars::schema_for!(ScriptFile).to_value()
}

/// JSON Schema of regime files.
pub fn schema_of_regime() -> Json {
    schemars::schema_for!(RegimeFile).to_value()
}

/// Loads and checks a scenario with its scripts and its regime.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load(request: &Request) -> Result<Bundle, Faults> {
    let source = library::open(Shelf::Scenarios, request.what, None)?;
    let shipped = library::shipped(Shelf::Scenarios, request.what).is_some();
    let beside = (!shipped)
        .then(|| Path::new(request.what).parent().map(Path::to_path_buf))
        .flatten();
    let name = name_of(request.what);
    from_source(&source, &name, beside.as_ref(), request)
}

fn name_of(what: &str) -> String {
    Path::new(what)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("scenario")
        .to_owned()
}

/// Loads a scenario from a text.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn from_source(
    source: &Arc<Source>,
    name: &str,
    beside: Option<&PathBuf>,
    request: &Request,
) -> Result<Bundle, Faults> {
    let mut root = Node::parse(source).map_err(|fault| Faults(vec![fault]))?;
    let mut faults = Faults::default();
    for change in request.overrides {
        if let Err(fault) = apply(&mut root, change) {
            faults.push(fault);
        }
    }
    Checker::new(&schema_of_scenario()).check(&root, &mut faults);
    check_inline_scripts(&root, &mut faults);
    if !faults.is_empty() {
        faults.sort();
        return Err(faults);
    }
    let file: ScenarioFile = serde_json::from_value(root.json()).map_err(|error| {
        Faults(vec![Fault::at(
            &root.place,
            error.to_string(),
            "somewhere here",
        )])
    })?;
    second_net(&file, &root, &mut faults);
    let scripts = scripts_of(&file, &root, beside, &mut faults);
    let regime_name = request.regime.unwrap_or(&file.regime).to_owned();
    let regime = regime_of(
        &regime_name,
        &root,
        request.regime.is_some(),
        beside,
        &mut faults,
    );
    Meaning {
        root: &root,
        file: &file,
        scripts: &scripts,
    }
    .check(&mut faults);
    match regime {
        Some(regime) if faults.is_empty() => Ok(Bundle {
            name: name.to_owned(),
            seed: request.seed.unwrap_or(file.seed),
            scenario: file,
            scripts,
            regime_name: name_of(&regime_name),
            regime,
        }),
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

/// The declared ranges once more, after serde: they must find nothing that the walk has not.
fn second_net(file: &ScenarioFile, root: &Node, faults: &mut Faults) {
    use garde::Validate;
    if let Err(report) = file.validate() {
        for (path, error) in report.iter() {
            faults.push(Fault::at(
                &root.place,
                format!("{path}: {error}"),
                "in this file",
            ));
        }
    }
}

/// Applies `path.to.key=value` to the document; errors inside it point at the change itself.
fn apply(root: &mut Node, change: &str) -> Result<(), Fault> {
    let source = Arc::new(Source {
        name: format!("--set {change}"),
        text: change.to_owned(),
    });
    let everything = Place::new(&source, 0..change.len());
    let wrong = |message: &str| Fault::at(&everything, message, "here");
    let (path, value) = change.split_once('=').ok_or_else(|| {
        wrong("a change is written path.to.key=value")
            .help("for example --set population.consumers=20000")
    })?;
    let steps: Vec<&str> = path.trim().split('.').map(str::trim).collect();
    if steps.iter().any(|step| step.is_empty()) || steps.len() > 16 {
        return Err(wrong("the path before `=` is not a path")
            .help("for example --set population.consumers=20000"));
    }
    let value = value.trim();
    let node = value_of(value, &source, &everything);
    put(root, &steps, node, &everything).ok_or_else(|| {
        wrong(&format!("the scenario has nothing at `{path}`"))
            .help("positions in arrays are counted from 0")
    })
}

/// A value as TOML; what is not TOML is taken as a text, so that quotes need not be escaped in a shell.
fn value_of(value: &str, source: &Arc<Source>, place: &Place) -> Node {
    let inner = Arc::new(Source {
        name: source.name.clone(),
        text: format!("value = {value}"),
    });
    let parsed = Node::parse(&inner)
        .ok()
        .and_then(|table| table.entry("value").map(|entry| entry.node.clone()));
    let mut node = parsed.unwrap_or_else(|| Node {
        place: place.clone(),
        kind: Kind::Text(value.to_owned()),
    });
    move_to(&mut node, place);
    node
}

fn move_to(node: &mut Node, place: &Place) {
    node.place = place.clone();
    match &mut node.kind {
        Kind::Table(entries) => {
            for entry in entries {
                entry.key_place = place.clone();
                move_to(&mut entry.node, place);
            }
        }
        Kind::Array(items) => items.iter_mut().for_each(|item| move_to(item, place)),
        _ => {}
    }
}

fn put(node: &mut Node, steps: &[&str], value: Node, place: &Place) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return Some(());
    };
    match &mut node.kind {
        Kind::Array(items) => put(
            items.get_mut(step.parse::<usize>().ok()?)?,
            rest,
            value,
            place,
        ),
        Kind::Table(entries) => {
            let index = entries.iter().position(|entry| entry.key == *step);
            let index = index.unwrap_or_else(|| {
                entries.push(Entry {
                    key: (*step).to_owned(),
                    key_place: place.clone(),
                    node: Node {
                        place: place.clone(),
                        kind: Kind::Table(Vec::new()),
                    },
                });
                entries.len() - 1
            });
            put(&mut entries[index].node, rest, value, place)
        }
        _ => None,
    }
}

/// Scripts written in the scenario are checked as templates.
fn check_inline_scripts(root: &Node, faults: &mut Faults) {
    let Some(Kind::Table(entries)) = root.at(&["scripts"]).map(|node| &node.kind) else {
        return;
    };
    // The general walk has found `"$name"` where numbers belong: those are no faults here.
    for entry in entries {
        faults.0.retain(|fault| !within(fault, &entry.node));
        check_template(&entry.node, faults);
    }
}

fn within(fault: &Fault, node: &Node) -> bool {
    let Some(place) = &fault.place else {
        return false;
    };
    let mut places = Vec::new();
    collect(node, &mut places);
    places
        .iter()
        .any(|other| place.span == other.span && Arc::ptr_eq(&place.source, &other.source))
}

fn collect(node: &Node, places: &mut Vec<Place>) {
    places.push(node.place.clone());
    match &node.kind {
        Kind::Table(entries) => {
            for entry in entries {
                places.push(entry.key_place.clone());
                collect(&entry.node, places);
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| collect(item, places)),
        _ => {}
    }
}

/// Checks a script's text with its parameters not filled in.
pub fn check_template(node: &Node, faults: &mut Faults) {
    let schema = schema_of_script();
    let names = match node.at(&["parameters"]).map(|node| &node.kind) {
        Some(Kind::Table(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
        _ => Vec::new(),
    };
    Checker::of_script(&schema, names).check(node, faults);
}

/// The scripts that rooms play: those of the scenario first, then shipped ones and files.
fn scripts_of(
    file: &ScenarioFile,
    root: &Node,
    beside: Option<&PathBuf>,
    faults: &mut Faults,
) -> BTreeMap<String, ScriptTemplate> {
    let mut wanted: BTreeMap<&str, Place> = BTreeMap::new();
    for (name, room) in &file.rooms {
        for (number, play) in room.play.iter().enumerate() {
            let path = ["rooms", name, "play", &number.to_string(), "script"];
            wanted
                .entry(&play.script)
                .or_insert_with(|| root.place_of(&path));
        }
    }
    if let Some(generate) = &file.generate {
        for script in generate.scripts.keys() {
            let place = root.key_place_of(&["generate", "scripts", script]);
            wanted.entry(script).or_insert(place);
        }
        wanted
            .entry("honest_pitch")
            .or_insert_with(|| root.key_place_of(&["generate"]));
    }
    let mut scripts = BTreeMap::new();
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    for (name, place) in wanted {
        if let Some(script) = file.scripts.get(name) {
            scripts.insert(name.to_owned(), script.clone());
            continue;
        }
        match open_script(name, &place, beside) {
            Ok(script) => {
                scripts.insert(name.to_owned(), script);
            }
            Err(found) => {
                missing.insert(name);
                faults.0.extend(found.0);
            }
        }
    }
    scripts
}

fn open_script(
    name: &str,
    place: &Place,
    beside: Option<&PathBuf>,
) -> Result<ScriptTemplate, Faults> {
    let source = library::open(Shelf::Scripts, name, beside.map(PathBuf::as_path))
        .map_err(|found| found_at(found, place))?;
    let node = Node::parse(&source).map_err(|fault| Faults(vec![fault]))?;
    let mut faults = Faults::default();
    check_template(&node, &mut faults);
    if faults.is_empty() {
        Ok(ScriptTemplate(node.json()))
    } else {
        Err(faults)
    }
}

/// Gives faults without a place the place at which the missing thing is named.
fn found_at(found: Faults, place: &Place) -> Faults {
    Faults(
        found
            .0
            .into_iter()
            .map(|fault| match (&fault.place, &fault.help) {
                (None, help) => {
                    let mut placed = Fault::at(place, fault.message.clone(), "not found");
                    placed.help.clone_from(help);
                    placed
                }
                _ => fault,
            })
            .collect(),
    )
}

fn regime_of(
    name: &str,
    root: &Node,
    asked_for: bool,
    beside: Option<&PathBuf>,
    faults: &mut Faults,
) -> Option<RegimeFile> {
    let loaded = load_regime(name, if asked_for { None } else { beside });
    match loaded {
        Ok(regime) => Some(regime),
        Err(found) => {
            let placed = match root.at(&["regime"]) {
                Some(node) if !asked_for => found_at(found, &node.place),
                _ => found,
            };
            faults.0.extend(placed.0);
            None
        }
    }
}

/// Loads a regime by name or path.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load_regime(name: &str, beside: Option<&PathBuf>) -> Result<RegimeFile, Faults> {
    let source = library::open(Shelf::Regimes, name, beside.map(PathBuf::as_path))?;
    let node = Node::parse(&source).map_err(|fault| Faults(vec![fault]))?;
    let mut faults = Faults::default();
    Checker::new(&schema_of_regime()).check(&node, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    serde_json::from_value(node.json()).map_err(|error| Faults::one(error.to_string()))
}
