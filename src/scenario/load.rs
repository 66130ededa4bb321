//! Loading: from a name or a path to a checked bundle, or to everything that is wrong with it.

use super::campaign::campaign_of;
use super::check::Checker;
use super::faults::{Fault, Faults, Place, Source};
use super::file::{CampaignFile, RegimeFile, ScenarioFile, ScriptFile};
use super::found::{Found, found_in};
use super::library::{self, Reach, Shelf};
use super::load_lesson::{Lesson, load_lesson};
use super::load_regime::{load_regime, regime_of};
use super::load_study::{Study, load_study};
use super::load_suite::{Suite, load_suite};
use super::meaning::{Meaning, Promotions, senseless};
use super::node::Node;
use super::overrides;
use super::resolve;
use super::scripts::ScriptTemplate;
use super::{Act, Bundle};
use crate::promotion::Campaign;
use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

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
    /// Whether scripts and regimes must be shipped ones or stand in the text itself: no file is opened, whatever the text names.
    pub shipped_only: bool,
}

/// JSON Schema of scenario files.
pub fn schema_of_scenario() -> &'static Json {
    static SCHEMA: LazyLock<Json> =
        LazyLock::new(|| schemars::schema_for!(ScenarioFile).to_value());
    &SCHEMA
}

/// JSON Schema of campaign files.
pub fn schema_of_campaign() -> &'static Json {
    static SCHEMA: LazyLock<Json> =
        LazyLock::new(|| schemars::schema_for!(CampaignFile).to_value());
    &SCHEMA
}

/// JSON Schema of script files.
pub fn schema_of_script() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(ScriptFile).to_value());
    &SCHEMA
}

/// JSON Schema of regime files.
pub fn schema_of_regime() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(RegimeFile).to_value());
    &SCHEMA
}

/// Loads and checks a scenario with its scripts and its regime.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load(request: &Request) -> Result<Bundle, Faults> {
    let source = library::open(Shelf::Scenarios, request.what, None)?;
    let document = Node::parse(&source);
    if found_in(&document.0) == Found::Campaign {
        let message = format!("{} is a campaign without consumers", source.name);
        let help =
            "it can be audited: yellowcart audit; to run it, add a clock, a population and rooms";
        return Err(Faults(vec![Fault::of(message).help(help)]));
    }
    scenario_of(document, request)
}

/// A document as it was read, and its syntax errors.
type Document = (Node, Vec<Fault>);

/// The scenario in a document that was opened as the request asks.
fn scenario_of(document: Document, request: &Request) -> Result<Bundle, Faults> {
    let shipped = library::shipped(Shelf::Scenarios, request.what).is_some();
    let beside = (!shipped)
        .then(|| Path::new(request.what).parent().map(Path::to_path_buf))
        .flatten();
    let name = name_of(request.what);
    from_document(document, &name, beside.as_ref(), request)
}

/// What has been checked and found good.
#[derive(Debug)]
pub enum Checked {
    /// A scenario.
    Scenario(Box<Bundle>),
    /// A campaign.
    Campaign(Box<Campaign>),
    /// A script.
    Script,
    /// A regime.
    Regime(Box<RegimeFile>),
    /// A suite.
    Suite(Box<Suite>),
    /// A study.
    Study(Box<Study>),
    /// A lesson.
    Lesson(Box<Lesson>),
}

/// Checks a scenario, a campaign, a script, a regime, a suite, a study or a lesson: whichever the file's keys show it to be.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn check(request: &Request) -> Result<Checked, Faults> {
    let shipped = |shelf| library::shipped(shelf, request.what).is_some();
    let found = if shipped(Shelf::Scripts) {
        Found::Script
    } else if shipped(Shelf::Regimes) {
        Found::Regime
    } else if shipped(Shelf::Suites) {
        Found::Suite
    } else if shipped(Shelf::Studies) {
        Found::Study
    } else if shipped(Shelf::Lessons) {
        Found::Lesson
    } else {
        let source = library::open(Shelf::Scenarios, request.what, None)?;
        found_in(&Node::parse(&source).0)
    };
    match found {
        Found::Scenario => load(request).map(|bundle| Checked::Scenario(Box::new(bundle))),
        Found::Campaign => {
            load_campaign(request).map(|campaign| Checked::Campaign(Box::new(campaign)))
        }
        Found::Suite => {
            load_suite(request.what, request.overrides).map(|suite| Checked::Suite(Box::new(suite)))
        }
        Found::Study => {
            load_study(request.what, request.overrides).map(|study| Checked::Study(Box::new(study)))
        }
        Found::Lesson => load_lesson(request.what, request.overrides)
            .map(|lesson| Checked::Lesson(Box::new(lesson))),
        Found::Script => load_script(request.what).map(|_| Checked::Script),
        Found::Regime => {
            load_regime(request.what, None).map(|regime| Checked::Regime(Box::new(regime)))
        }
    }
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
    from_document(Node::parse(source), name, beside, request)
}

/// Changes a document as asked, checks its shape along a schema, mends it, and reads it as what the schema is of; with it, what is wrong so far.
pub(super) fn typed<T: DeserializeOwned>(
    (mut root, syntax): Document,
    schema: &Json,
    changes: &[String],
) -> Result<(Node, T, Faults), Faults> {
    let mut faults = Faults(syntax);
    if root.is_empty() && !faults.is_empty() {
        return Err(faults);
    }
    let partial = !faults.is_empty();
    for change in changes {
        if let Err(fault) = overrides::apply(&mut root, change) {
            faults.push(*fault);
        }
    }
    let mut shape = Faults::default();
    Checker::new(schema)
        .partial(partial)
        .check(&mut root, &mut shape);
    shape.without_those_at(&faults);
    faults.0.append(&mut shape.0);
    match serde_json::from_value(root.json()) {
        Ok(file) => Ok((root, file, faults)),
        Err(error) => {
            if faults.is_empty() {
                faults.push(Fault::at(&root.place, error.to_string(), "in this file"));
            }
            faults.sort();
            Err(faults)
        }
    }
}

fn from_document(
    document: Document,
    name: &str,
    beside: Option<&PathBuf>,
    request: &Request,
) -> Result<Bundle, Faults> {
    let (root, file, mut faults) =
        typed::<ScenarioFile>(document, schema_of_scenario(), request.overrides)?;
    if faults.is_empty() {
        second_net(&file, &root, &mut faults);
    }
    let mut deeper = Faults::default();
    let reach = match request.shipped_only {
        true => Reach::Shipped,
        false => Reach::Files(beside.map(PathBuf::as_path)),
    };
    let scripts = scripts_of(&file, &root, reach, &mut deeper);
    let regime_name = request.regime.unwrap_or(&file.regime).to_owned();
    let asked_for = request.regime.is_some();
    let regime = regime_of(&regime_name, &root, asked_for, reach, &mut deeper);
    Meaning {
        root: &root,
        file: &file,
        scripts: &scripts,
        shape: &faults,
    }
    .check(&mut deeper);
    deeper.without_those_at(&faults);
    faults.0.append(&mut deeper.0);
    let bundle = match regime {
        Some(regime) if faults.is_empty() => Bundle {
            name: name.to_owned(),
            seed: request.seed.unwrap_or(file.seed),
            scenario: file,
            scripts,
            regime_name: name_of(&regime_name),
            regime,
        },
        _ => {
            faults.sort();
            return Err(faults);
        }
    };
    promotions_make_sense(&bundle, &root)?;
    Ok(bundle)
}

/// What only the resolved campaign shows, where there is one.
fn promotions_make_sense(bundle: &Bundle, root: &Node) -> Result<(), Faults> {
    if bundle.scenario.coupons.is_empty() && bundle.scenario.baskets.is_empty() {
        return Ok(());
    }
    let scenario = resolve::resolve(bundle, false, |_| {}).map_err(Faults::one)?;
    let coupons = &bundle.scenario.coupons;
    let names: Vec<&String> = coupons.keys().collect();
    let cues = scenario.rooms.iter().flat_map(|room| &room.cues);
    let mut issued: BTreeMap<String, u64> = BTreeMap::new();
    for cue in cues {
        if let Act::IssueCoupon { coupon, count, .. } = cue.act
            && let Some(name) = names.get(coupon as usize)
        {
            *issued.entry((*name).clone()).or_default() += u64::from(count);
        }
    }
    let mut faults = Faults::default();
    senseless(
        root,
        &scenario.campaign,
        coupons,
        Some(&issued),
        &mut faults,
    );
    match faults.is_empty() {
        true => Ok(()),
        false => {
            faults.sort();
            Err(faults)
        }
    }
}

/// Loads and checks a campaign: a campaign file, or the campaign of a scenario.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load_campaign(request: &Request) -> Result<Campaign, Faults> {
    campaign_from_source(
        &library::open(Shelf::Scenarios, request.what, None)?,
        request,
    )
}

/// The same from a text.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn campaign_from_source(source: &Arc<Source>, request: &Request) -> Result<Campaign, Faults> {
    let document = Node::parse(source);
    if found_in(&document.0) != Found::Campaign {
        let bundle = scenario_of(document, request)?;
        return bundle
            .resolve()
            .map(|scenario| scenario.campaign)
            .map_err(Faults::one);
    }
    let (root, file, mut faults) =
        typed::<CampaignFile>(document, schema_of_campaign(), request.overrides)?;
    let mut deeper = Faults::default();
    Promotions::of_campaign(&root, &file, &faults).check(&mut deeper);
    deeper.without_those_at(&faults);
    faults.0.append(&mut deeper.0);
    if faults.is_empty() {
        let campaign = campaign_of(&file).map_err(Faults::one)?;
        senseless(&root, &campaign, &file.coupons, None, &mut faults);
        if faults.is_empty() {
            return Ok(campaign);
        }
    }
    faults.sort();
    Err(faults)
}

/// Checks what was loaded once, written as JSON and read back.
///
/// # Errors
/// Everything that is wrong, in one sentence each.
pub fn check_again(
    file: &ScenarioFile,
    scripts: &BTreeMap<String, ScriptTemplate>,
) -> Result<(), String> {
    let nowhere = nowhere();
    let mut faults = Faults::default();
    let json = serde_json::to_value(file).map_err(|why| why.to_string())?;
    let mut root = Node::of_json(&json, &nowhere);
    Checker::new(schema_of_scenario()).check(&mut root, &mut faults);
    for script in scripts.values() {
        let mut node = Node::of_json(&script.0, &nowhere);
        Checker::of_template(schema_of_script(), &node).check(&mut node, &mut faults);
    }
    if faults.is_empty() {
        let mut deeper = Faults::default();
        Meaning {
            root: &root,
            file,
            scripts,
            shape: &faults,
        }
        .check(&mut deeper);
        faults = deeper;
    }
    faults.sentences()
}

/// The place of what is read back from JSON.
pub(super) fn nowhere() -> Place {
    let bundle = Arc::new(Source {
        name: "bundle".to_owned(),
        text: String::new(),
    });
    Place::new(&bundle, 0..0)
}

/// The declared ranges once more, after serde: they must find nothing that the walk has not.
pub(super) fn second_net(file: &impl Validate<Context = ()>, root: &Node, faults: &mut Faults) {
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

/// The scripts that rooms play: those of the scenario first, then shipped ones and files.
fn scripts_of(
    file: &ScenarioFile,
    root: &Node,
    reach: Reach<'_>,
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
    let learnt = file
        .strategy
        .iter()
        .flat_map(|table| &table.anchors.scripts);
    for (number, script) in learnt.enumerate() {
        let path = ["strategy", "anchors", "scripts", &number.to_string()];
        wanted.entry(script).or_insert_with(|| root.place_of(&path));
    }
    let mut scripts = BTreeMap::new();
    for (name, place) in wanted {
        if let Some(script) = file.scripts.get(name) {
            scripts.insert(name.to_owned(), script.clone());
            continue;
        }
        match library::open_within(Shelf::Scripts, name, reach) {
            Ok(source) => {
                let script = script_of(&source, faults);
                scripts.insert(name.to_owned(), script);
            }
            Err(found) => faults.0.extend(found_at(found, &place).0),
        }
    }
    scripts
}

/// Reads and checks a script whose parameters are not filled in; what is wrong is mended with stand-ins.
fn script_of(source: &Arc<Source>, faults: &mut Faults) -> ScriptTemplate {
    let (mut node, syntax) = Node::parse(source);
    let partial = !syntax.is_empty();
    faults.0.extend(syntax);
    Checker::of_template(schema_of_script(), &node)
        .partial(partial)
        .check(&mut node, faults);
    ScriptTemplate(node.json())
}

/// Loads a script by name or path.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load_script(name: &str) -> Result<ScriptTemplate, Faults> {
    let source = library::open(Shelf::Scripts, name, None)?;
    let mut faults = Faults::default();
    let script = script_of(&source, &mut faults);
    match faults.is_empty() {
        true => Ok(script),
        false => Err(faults),
    }
}

/// Gives faults without a place the place at which the missing thing is named.
pub(super) fn found_at(found: Faults, place: &Place) -> Faults {
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
