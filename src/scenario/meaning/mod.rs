//! The check of meaning: what a well-shaped scenario can still get wrong. Every fault is found, each at its place.

mod cues;
mod generate;
mod promotions;
mod regime;
mod rooms;
mod senseless;
mod sourced;
mod strategy;

pub use promotions::Promotions;
pub use regime::Rules;
pub use senseless::senseless;

use super::faults::{Fault, Faults, Place, suggest};
use super::file::ScenarioFile;
use super::node::Node;
use super::scripts::ScriptTemplate;
use std::collections::BTreeMap;

/// Checks the meaning of a scenario whose shape is right.
pub struct Meaning<'a> {
    /// The document, for places.
    pub root: &'a Node,
    /// The same, typed.
    pub file: &'a ScenarioFile,
    /// Scripts that are played.
    pub scripts: &'a BTreeMap<String, ScriptTemplate>,
    /// What is wrong with its shape: values there are stand-ins, from which nothing must be concluded.
    pub shape: &'a Faults,
}

impl Meaning<'_> {
    /// Finds everything that is wrong.
    pub fn check(&self, faults: &mut Faults) {
        self.clock(faults);
        self.tick(faults);
        self.population(faults);
        self.products(faults);
        for (name, room) in &self.file.rooms {
            self.room(name, room, faults);
        }
        self.anchors_in_two_rooms(faults);
        self.generated(faults);
        self.strategy(faults);
        Promotions::of_scenario(self).check(faults);
    }

    /// Whether every value at these paths is the author's own.
    fn own(&self, paths: &[&[&str]]) -> bool {
        paths.iter().all(|path| {
            let place = self.root.place_of(path);
            let mut places = self.shape.0.iter().filter_map(|fault| fault.place.as_ref());
            !places.any(|other| other.is(&place))
        })
    }

    fn fault(&self, path: &[&str], message: String, label: &str) -> Fault {
        Fault::at(&self.root.place_of(path), message, label)
    }

    /// A name that must be among `names`.
    fn reference<'n>(
        &self,
        place: &Place,
        kind: &str,
        name: &str,
        names: impl Iterator<Item = &'n String>,
        faults: &mut Faults,
    ) {
        let names: Vec<&str> = names.map(String::as_str).collect();
        if !names.contains(&name) {
            let mut fault = Fault::at(place, format!("there is no {kind} `{name}`"), "not found");
            fault.help =
                suggest(name, names).or(Some(format!("the scenario has no {kind} at all")));
            faults.push(fault);
        }
    }

    fn clock(&self, faults: &mut Faults) {
        let clock = &self.file.clock;
        if !self.own(&[&["clock", "start"], &["clock", "end"]]) {
            return;
        }
        let end = ["clock", "end"];
        if clock.end <= clock.start {
            let message = "the clock ends before it starts".to_owned();
            let fault = self.fault(&end, message, "not after the start");
            faults.push(fault.help(format!("it starts at {}", clock.start)));
        }
        let days = (clock.end.0 - clock.start.0).num_days();
        if days > 366 {
            let fault = self.fault(&end, format!("the clock runs for {days} days"), "too long");
            faults.push(fault.help("allowed: at most 366 days"));
        }
    }

    fn tick(&self, faults: &mut Faults) {
        let path = ["clock", "tick_seconds"];
        let (tick, period) = (
            self.file.clock.tick_seconds,
            self.file.clock.display_period_seconds,
        );
        let times = period / tick;
        if (times - times.round()).abs() > 1e-9 {
            let message =
                format!("a tick of {tick} s does not divide the display period of {period} s");
            let fault = self.fault(&path, message, "does not divide it");
            faults.push(fault.help("choose display_period_seconds as a multiple of tick_seconds"));
        }
        let hop = self.file.behaviour.hop_seconds;
        if tick > hop {
            let message = format!("a tick of {tick} s is longer than a hop of {hop} s");
            let fault = self.fault(&path, message, "too long");
            faults.push(fault.help("make the tick shorter, or raise behaviour.hop_seconds"));
        }
    }

    fn population(&self, faults: &mut Faults) {
        let segments = &self.file.population.segments;
        let sum: f64 = segments.values().map(|segment| segment.share).sum();
        if !segments.is_empty() && (sum - 1.0).abs() > 1e-6 {
            let place = self.root.key_place_of(&["population", "segments"]);
            let message = format!("the shares of the segments add up to {}", rounded(sum));
            let fault = Fault::at(&place, message, "should be 1");
            faults.push(fault.help("shares of all segments must add up to 1"));
        }
        let categories = &self.file.categories;
        if categories.len() > MOST_CATEGORIES {
            let place = self.root.key_place_of(&["categories"]);
            let message = format!("{} categories", categories.len());
            let fault = Fault::at(&place, message, "too many");
            faults.push(fault.help(format!("allowed: at most {MOST_CATEGORIES}")));
        }
        for (name, segment) in segments {
            for category in segment.needs.keys() {
                let path = ["population", "segments", name, "needs", category];
                let place = self.root.key_place_of(&path);
                self.reference(&place, "category", category, categories.keys(), faults);
            }
        }
    }

    fn products(&self, faults: &mut Faults) {
        let (brands, categories) = (&self.file.brands, &self.file.categories);
        for (name, product) in &self.file.products {
            let place = |key| self.root.place_of(&["products", name, key]);
            let brand = place("brand");
            self.reference(&brand, "brand", &product.brand, brands.keys(), faults);
            let (place, category) = (place("category"), &product.category);
            self.reference(&place, "category", category, categories.keys(), faults);
        }
    }
}

/// A consumer's needs are the bits of one word.
const MOST_CATEGORIES: usize = 64;

/// A sum of shares as a person would write it, without the noise of its last bits.
fn rounded(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}
