//! Loading suites: from a name or a path to a checked file, or to everything that is wrong with it.

use super::Bundle;
use super::faults::{Fault, Faults, suggest};
use super::file::SuiteFile;
use super::library::{self, Shelf};
use super::load::{Request, load, second_net, typed};
use super::node::Node;
use serde_json::Value as Json;
use std::path::Path;
use std::sync::LazyLock;

/// A suite with the market that its streams are of.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Name of the shipped suite, or the file's name without its ending.
    pub name: String,
    /// The file.
    pub file: SuiteFile,
    /// The market.
    pub market: Bundle,
    /// What was changed in it.
    pub changes: Vec<String>,
}

/// JSON Schema of suite files.
pub fn schema_of_suite() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(SuiteFile).to_value());
    &SCHEMA
}

/// Loads a suite by name or path, changes its market by `--set`, and checks both.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load_suite(what: &str, changes: &[String]) -> Result<Suite, Faults> {
    let source = library::open(Shelf::Suites, what, None)?;
    let shipped = library::shipped(Shelf::Suites, what).is_some();
    let (root, file, mut faults) =
        typed::<SuiteFile>(Node::parse(&source), schema_of_suite(), &[])?;
    if faults.is_empty() {
        second_net(&file, &root, &mut faults);
    }
    let beside = Path::new(what).parent().filter(|_| !shipped);
    let market = market_of(&file, beside, changes);
    let checker = Check {
        root: &root,
        file: &file,
    };
    match market {
        Ok(market) => {
            checker.check(&market, &mut faults);
            if faults.is_empty() {
                let name = Path::new(what).file_stem().and_then(|stem| stem.to_str());
                let name = name.unwrap_or("suite").to_owned();
                let changes = changes.to_vec();
                return Ok(Suite {
                    name,
                    file,
                    market,
                    changes,
                });
            }
        }
        Err(mut found) => faults.0.append(&mut found.0),
    }
    faults.sort();
    Err(faults)
}

fn market_of(
    file: &SuiteFile,
    beside: Option<&Path>,
    changes: &[String],
) -> Result<Bundle, Faults> {
    let path = beside.map(|folder| folder.join(&file.scenario));
    let path = path.filter(|path| path.is_file());
    let what = path.as_deref().and_then(Path::to_str);
    load(&Request {
        what: what.unwrap_or(&file.scenario),
        overrides: changes,
        ..Request::default()
    })
}

struct Check<'a> {
    root: &'a Node,
    file: &'a SuiteFile,
}

impl Check<'_> {
    fn check(&self, market: &Bundle, faults: &mut Faults) {
        self.shares(faults);
        let farms: Vec<&str> = market.scenario.farms.keys().map(String::as_str).collect();
        for (name, threat) in &self.file.threats {
            let named = threat.farms.iter().map(|farm| ("farms", farm));
            let unknown = threat.farms_unknown.iter();
            for (key, farm) in named.chain(unknown.map(|farm| ("farms_unknown", farm))) {
                self.named(&["threats", name, key], ("farm", farm), &farms, faults);
            }
            if threat.farms.is_empty() && !threat.kind.is_about_an_offer() {
                let place = self.root.place_of(&["threats", name]);
                let message = format!("threat `{name}` is delivered by a farm, and none is named");
                let fault = Fault::at(&place, message, "no farm");
                faults.push(fault.help("add farms = [\"...\"], farms of the suite's scenario"));
            }
        }
        let threats: Vec<&str> = self.file.threats.keys().map(String::as_str).collect();
        for (name, mixture) in &self.file.mixtures {
            for part in &mixture.parts {
                self.named(
                    &["mixtures", name, "parts"],
                    ("threat", part),
                    &threats,
                    faults,
                );
            }
        }
        let segments = market.scenario.population.segments.keys();
        let segments: Vec<&str> = segments.map(String::as_str).collect();
        for (name, twin) in &self.file.twins {
            if let Some(segment) = &twin.segment {
                self.named(
                    &["twins", name, "segment"],
                    ("segment", segment),
                    &segments,
                    faults,
                );
            }
        }
        if market.scenario.generate.is_none() {
            let message = format!("scenario `{}` generates no rooms", self.file.scenario);
            let fault = Fault::at(&self.root.place_of(&["scenario"]), message, "no [generate]");
            faults.push(
                fault.help("a suite needs a scenario with many rooms, such as platform_evening"),
            );
        }
    }

    /// Every room does one thing at most.
    fn shares(&self, faults: &mut Faults) {
        let threats = self.file.threats.values().map(|threat| threat.rooms);
        let mixtures = self.file.mixtures.values().map(|mixture| mixture.rooms);
        let twins = self.file.twins.values().map(|twin| twin.rooms);
        let sum: f64 = threats.chain(mixtures).chain(twins).sum();
        if sum > 1.0 + 1e-9 {
            let message =
                format!("the shares of rooms add up to {sum:.3}, and a room does one thing");
            let fault = Fault::at(&self.root.place, message, "in this file");
            faults.push(fault.help(
                "lower `rooms` of threats, mixtures and twins until they add up to 1 or less",
            ));
        }
    }

    fn named(
        &self,
        path: &[&str],
        (kind, name): (&str, &str),
        names: &[&str],
        faults: &mut Faults,
    ) {
        if names.contains(&name) {
            return;
        }
        let place = self.root.place_of(path);
        let mut fault = Fault::at(&place, format!("there is no {kind} `{name}`"), "not there");
        if let Some(help) = suggest(name, names.iter().copied()) {
            fault = fault.help(help);
        }
        faults.push(fault);
    }
}
